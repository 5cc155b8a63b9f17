//! Words of habit: how often they come, no more. Each may well be meant.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{Mark, Meant, Said, begins, span_of};
use crate::measure::{pace, tenth};
use crate::sound::Span;

/// One habit a line, its spellings and forms after it. Longer phrases stand before their beginnings.
const HABITS: &[(&str, &[&[&str]])] = &[
    ("at the end of the day", &[&["at", "the", "end", "of", "the", "day"]]),
    (
        "you know what I mean",
        &[
            &["do", "you", "know", "what", "i", "mean"],
            &["you", "know", "what", "i", "mean"],
            &["know", "what", "i", "mean"],
            &["you", "know", "what", "i'm", "saying"],
            &["know", "what", "i'm", "saying"],
        ],
    ),
    ("you see", &[&["you", "see"]]),
    ("to be honest", &[&["to", "be", "honest"], &["to", "be", "fair"], &["to", "be", "frank"]]),
    ("kind of", &[&["kind", "of"], &["kinda"]]),
    ("sort of", &[&["sort", "of"], &["sorta"]]),
    ("I mean", &[&["i", "mean"]]),
    ("actually", &[&["actually"]]),
    ("basically", &[&["basically"]]),
    ("definitely", &[&["definitely"]]),
    ("honestly", &[&["honestly"]]),
    ("just", &[&["just"]]),
    ("literally", &[&["literally"]]),
    ("obviously", &[&["obviously"]]),
    ("okay", &[&["okay"], &["ok"]]),
    ("really", &[&["really"]]),
    ("anyway", &[&["anyway"], &["anyways"]]),
    ("so", &[&["so"]]),
    ("well", &[&["well"]]),
];
/// Words before "kind of" and "sort of" that make them a noun.
const BEFORE_A_KIND: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "those",
    "what",
    "which",
    "some",
    "any",
    "every",
    "each",
    "same",
    "one",
    "other",
    "another",
    "no",
    "different",
    "right",
    "certain",
];
/// Words before "I mean" that make it a clause.
const BEFORE_MEANING: &[&str] = &["what", "which", "that", "know", "how", "when", "if", "than"];
/// Words that may open a clause together with "so", "well" and "okay".
const OPENERS: &[&str] = &["and", "but", "oh", "okay", "ok", "yeah", "yes", "no"];
/// Words beside "so" and "well" that give them a meaning, where no punctuation tells.
const BESIDE_MEANT: &[&str] =
    &["as", "very", "really", "went", "go", "goes", "do", "did", "work", "works", "worked", "much", "many", "that", "far", "long"];

/// One word of habit and all its places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Habit {
    pub text: String,
    /// In order.
    pub spans: Vec<Span>,
    /// To one decimal; None where too little was said.
    pub per_100_words: Option<f64>,
}

/// Counts them among words without hesitations.
#[allow(clippy::cast_precision_loss)]
pub(super) fn count(words: &[Said], bare: bool, meant: &Meant) -> Vec<Habit> {
    let mut habits: Vec<Habit> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let standing = HABITS.iter().find_map(|(text, forms)| forms.iter().find(|form| begins(words, at, form)).map(|form| (*text, form.len())));
        let Some((text, length)) = standing else {
            at += 1;
            continue;
        };
        if is_habit(text, words, at, length, bare) && !meant.covers(words, at, at + length) {
            let span = span_of(&words[at..at + length]);
            match habits.iter_mut().find(|h| h.text == text) {
                Some(habit) => habit.spans.push(span),
                None => habits.push(Habit { text: text.to_owned(), spans: vec![span], per_100_words: None }),
            }
        }
        at += length;
    }
    for habit in &mut habits {
        habit.per_100_words = (words.len() >= pace::LEAST_WORDS).then(|| tenth(habit.spans.len() as f64 * 100.0 / words.len() as f64));
    }
    habits.sort_by_key(|h| Reverse(h.spans.len()));
    habits
}

fn is_habit(text: &str, words: &[Said], at: usize, length: usize, bare: bool) -> bool {
    let before = at.checked_sub(1).map(|i| &words[i]);
    let touches = |list: &[&str]| before.is_some_and(|b| b.mark == Mark::Nothing && list.contains(&b.plain.as_str()));
    let meant_beside = touches(BESIDE_MEANT) || words.get(at + length).is_some_and(|w| BESIDE_MEANT.contains(&w.plain.as_str()));
    match text {
        "kind of" | "sort of" => !touches(BEFORE_A_KIND),
        // "you see, it was late", not "do you see it"
        "you see" => before.is_none_or(|b| b.mark != Mark::Nothing) && words[at + length - 1].mark != Mark::Nothing,
        "I mean" => !touches(BEFORE_MEANING),
        // "so tired" and "it went well" are meant: only those that open a clause count
        "so" | "well" | "okay" if bare => !meant_beside,
        "so" | "well" | "okay" => before.is_none_or(|b| b.mark != Mark::Nothing || OPENERS.contains(&b.plain.as_str())),
        _ => true,
    }
}
