//! Stories that were told for several questions: an interviewer who hears the same case twice wonders whether there is another.
//!
//! Two answers to different questions tell the same story, as far as words can show it, where they share many words that are rare: stems that carry
//! meaning, that at most a tenth of all questions and their rubrics hold, and that neither of the two questions itself suggests. The rule: at least
//! [`SHARED`] of them, and of those of the answer that has fewer at least [`PART`] per cent. Of 19,404 pairs of graded answers to different questions,
//! each with a story of its own, the rule takes none for one story. What is found is a hint, shown with both places; it is never a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::Given;
use crate::question::Question;
use crate::sound::Millis;
use crate::transcribe::{Transcript, Word};
use crate::words;

/// So many rare words must be common to both.
pub const SHARED: usize = 4;
/// And so large a part (per cent) of the rare words of the answer that has fewer.
pub const PART: usize = 25;
/// A stem that stands in more questions than this (per cent of all) is usual here.
const USUAL: usize = 10;
/// So many words are quoted.
const QUOTED: usize = 30;

/// Two answers that seem to tell the same story.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Retold {
    pub one: StoryPlace,
    pub other: StoryPlace,
    /// Rare stems that are common to both, and of how many in the answer that has fewer.
    pub shared: usize,
    pub of: usize,
}

/// Where a story is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryPlace {
    /// Its place among the sessions, from 0.
    pub session: usize,
    /// The question's id.
    pub question: String,
    pub take: usize,
    /// From the start of the take.
    pub at: Millis,
    /// The words that hold most of what is common, verbatim.
    pub quote: String,
}

/// One answer to look at.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    pub session: usize,
    pub take: usize,
    pub question: &'a Question,
    /// The words that are believed.
    pub transcript: Transcript,
}

/// Of each question the last answer with words that are to be trusted.
pub(super) fn told<'a>(given: &[Given<'a>]) -> Vec<Told<'a>> {
    let mut last: BTreeMap<&str, Told> = BTreeMap::new();
    for one in given {
        if let (Some(_), Some(transcript)) = (one.report(), &one.answer.transcript) {
            let question = &one.answer.question;
            let told = Told { session: one.session, take: one.answer.files.take, question, transcript: transcript.believed() };
            last.insert(&question.id, told);
        }
    }
    last.into_values().collect()
}

/// The pairs, those that share most first.
#[must_use]
pub fn of(told: &[Told], known: &[&Question]) -> Vec<Retold> {
    let usual = usual(known);
    let rare: Vec<BTreeSet<String>> = told.iter().map(|t| stems(&t.transcript.text()).difference(&usual).cloned().collect()).collect();
    let suggested: Vec<BTreeSet<String>> = told.iter().map(|t| of_question(t.question)).collect();
    let mut pairs = Vec::new();
    for (i, one) in told.iter().enumerate() {
        for (j, other) in told.iter().enumerate().skip(i + 1) {
            let own = |stems: &BTreeSet<String>| stems.iter().filter(|s| !suggested[i].contains(*s) && !suggested[j].contains(*s)).cloned().collect();
            let (a, b): (BTreeSet<String>, BTreeSet<String>) = (own(&rare[i]), own(&rare[j]));
            let shared: BTreeSet<String> = a.intersection(&b).cloned().collect();
            let of = a.len().min(b.len());
            if one.question.id != other.question.id && shared.len() >= SHARED && shared.len() * 100 >= of * PART {
                pairs.push(Retold { one: place(one, &shared), other: place(other, &shared), shared: shared.len(), of });
            }
        }
    }
    pairs.sort_by_key(|p| std::cmp::Reverse(p.shared));
    pairs
}

fn stems(text: &str) -> BTreeSet<String> {
    words::stems(text).into_iter().collect()
}

/// All that a question itself puts into one's mouth.
fn of_question(question: &Question) -> BTreeSet<String> {
    let mut all = stems(&question.text);
    for criterion in &question.criteria {
        all.extend(stems(&criterion.point));
        all.extend(criterion.evidence.iter().flat_map(|phrase| words::stems(&phrase.replace('|', " "))));
    }
    all
}

/// Stems that many questions hold.
fn usual(known: &[&Question]) -> BTreeSet<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for stem in known.iter().flat_map(|q| of_question(q)) {
        *counts.entry(stem).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| count * 100 > known.len() * USUAL).map(|(stem, _)| stem).collect()
}

/// The words of an answer that hold most of these stems.
fn place(told: &Told, shared: &BTreeSet<String>) -> StoryPlace {
    let words: &[Word] = &told.transcript.words;
    let holds: Vec<BTreeSet<String>> = words.iter().map(|w| stems(&w.text).intersection(shared).cloned().collect()).collect();
    let count = |range: &Range<usize>| holds[range.clone()].iter().flatten().collect::<BTreeSet<_>>().len();
    let windows = (0..words.len().saturating_sub(QUOTED).max(1)).map(|start| start..(start + QUOTED).min(words.len()));
    // of equals the first
    let best = windows.rev().max_by_key(count).unwrap_or_default();
    StoryPlace {
        session: told.session,
        question: told.question.id.clone(),
        take: told.take,
        at: words.get(best.start).map_or(Millis(0), |w| w.start),
        quote: told.transcript.quote(best),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::bank::Bank;
    use crate::transcribe::written::typed;

    const STORY: &str = "Last January a man rang us from the car park because his wife could not walk the hill to the eye clinic. I ran down with a \
        wheelchair, and it was icy, so I asked the porter for his salt bucket and he held the door. She was only four minutes late, and the consultant \
        took her all the same.";
    const AGAIN: &str = "There was this morning in January, quite icy, when somebody's wife was stuck in the car park below the eye clinic. I took a \
        wheelchair down the hill to her. The porter had salt in a bucket, he scattered that first. The consultant was kind and saw her though she was late.";
    const OTHER: &str = "I once found two patients with the same name on the morning list. I rang both, checked their dates of birth against the letters, and \
        moved one to the afternoon so that nobody would call the wrong one. Since then we put a coloured sticker on such files.";

    fn pairs(texts: [&str; 2]) -> Vec<Retold> {
        let bank = Bank::built_in().unwrap();
        let known: Vec<&Question> = bank.questions().collect();
        let questions = ["psc-extra-step", "psc-unhappy-patient"].map(|id| bank.question(id).unwrap());
        let answers = questions.into_iter().zip(texts);
        let told: Vec<Told> = answers.map(|(question, text)| Told { session: 0, take: 1, question, transcript: typed(text) }).collect();
        of(&told, &known)
    }

    #[test]
    fn the_same_story_in_other_words_is_found_with_both_places_and_another_is_not() {
        let found = pairs([STORY, AGAIN]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(STORY.contains(&found[0].one.quote) && AGAIN.contains(&found[0].other.quote), "{found:?}");
        assert!(found[0].one.quote.contains("wheelchair") && found[0].other.quote.contains("wheelchair"), "{found:?}");
        assert_eq!(pairs([STORY, OTHER]), Vec::new());
    }

    /// The answers that others wrote to all questions, each to its own: whoever wrote them did not tell one story twice.
    #[test]
    fn answers_of_different_people_to_different_questions_are_different_stories() {
        let bank = Bank::built_in().unwrap();
        let known: Vec<&Question> = bank.questions().collect();
        let mut told: Vec<Told> = Vec::new();
        for file in ["common", "patient-services-coordinator", "patient-partner"] {
            let path = format!("{}/tests/graded/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
            for line in std::fs::read_to_string(path).unwrap().lines() {
                let answer: serde_json::Value = serde_json::from_str(line).unwrap();
                let Some(question) = bank.question(answer["question"].as_str().unwrap()) else { continue };
                told.push(Told { session: 0, take: 1, question, transcript: typed(answer["text"].as_str().unwrap()) });
            }
        }
        let pairs = told.len() * (told.len() - 1) / 2;
        let found = of(&told, &known).len();
        assert!(told.len() > 100 && found * 5_000 < pairs, "{found} of {pairs} pairs");
    }
}
