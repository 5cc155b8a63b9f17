//! Words that point to a part of an answer, and how they are found. Pure.

mod table;

use std::ops::Range;

use super::has;
use super::parts::PartKind;
use super::said::{Clause, Said};
use super::verb::{Subject, Tense};
use table::{CLASSES, CUES, NUMBERS};

/// From so many points on a cue says its part by itself.
pub(super) const SURE: i32 = 4;

/// What a cue asks of its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// A verb in the past, or none: "in the end everything works out" tells no result.
    Past,
    /// The same, and not something done by the speaker: "after four weeks I counted again" is one more action.
    Happening,
}

#[derive(Clone, Debug)]
pub(super) struct Cue {
    /// None: it belongs to no part.
    pub part: Option<PartKind>,
    pub points: i32,
    /// Tokens.
    pub at: Range<usize>,
}

/// What may stand before the beginning of a clause.
const OPENERS: &[&str] = &["and", "so", "but", "well", "yes", "yeah", "ok", "okay", "now", "then", "right", "also", "actually", "with", "because"];
/// Beginnings that claim nothing yet; see `wording::direct` for more.
const STALLS: &[&str] =
    &["let me think|see", "good|great|interesting|tough|hard|difficult question", "i'll give you", "i don't know", "i'm not sure", "i mean"];

/// A number in figures or words, but not "one".
pub(super) fn is_number(plain: &str) -> bool {
    plain.starts_with(|c: char| c.is_ascii_digit()) || plain.split('-').any(|part| has(NUMBERS, part))
}

/// All cues in this clause, what is quoted left out.
pub(super) fn found<'s>(said: &'s Said, clause: &'s Clause) -> impl Iterator<Item = Cue> + Clone + use<'s> {
    // what would come of it has not come
    let would = |part: Option<PartKind>| part == Some(PartKind::Result) && clause.verb.tense == Tense::Would;
    let rows = CUES.iter().filter(move |(part, _, needs, _)| meets(clause, *needs) && !would(*part));
    rows.flat_map(|(part, points, _, patterns)| patterns.split(", ").map(move |p| (*part, *points, p))).filter_map(move |(part, points, pattern)| {
        let at = place(said, &clause.tokens, pattern)?;
        Some(Cue { part, points, at })
    })
}

fn meets(clause: &Clause, needs: Needs) -> bool {
    let verb = &clause.verb;
    let past = matches!(verb.tense, Tense::Past | Tense::PastContinuous | Tense::PastPerfect | Tense::Perfect | Tense::None);
    let acts = matches!(verb.subject, Subject::I | Subject::We) && verb.doing;
    match needs {
        Needs::Nothing => true,
        Needs::Past => past,
        Needs::Happening => past && !acts,
    }
}

/// Whether the speaker plays for time here.
pub(super) fn stalls(said: &Said, tokens: &Range<usize>) -> bool {
    STALLS.iter().any(|pattern| place(said, tokens, pattern).is_some())
}

/// Where a pattern stands first in these tokens.
pub(super) fn place(said: &Said, tokens: &Range<usize>, pattern: &str) -> Option<Range<usize>> {
    let slots: Vec<&str> = pattern.split_whitespace().collect();
    let text: Vec<&str> = said.tokens[tokens.clone()].iter().map(|t| if t.quoted { "" } else { t.plain.as_str() }).collect();
    let start = match slots.split_first() {
        Some((&"^", slots)) => {
            let opening = text.iter().position(|p| !OPENERS.contains(p)).unwrap_or(0);
            // the opener may be the cue itself: "then"
            (0..=opening).find_map(|at| Some((at, length(&text[at..], slots)?)))
        }
        _ => (0..text.len()).find_map(|at| Some((at, length(&text[at..], &slots)?))),
    };
    start.map(|(at, length)| tokens.start + at..tokens.start + at + length)
}

fn length(text: &[&str], slots: &[&str]) -> Option<usize> {
    let Some((slot, others)) = slots.split_first() else { return Some(0) };
    if *slot == "*" {
        let with = |skip: usize| Some(skip + length(text.get(skip..)?, others)?);
        return with(0).or_else(|| with(1));
    }
    let (first, rest) = text.split_first()?;
    if !slot.split('|').any(|alternative| is(first, alternative)) {
        return None;
    }
    Some(1 + length(rest, others)?)
}

fn is(word: &str, alternative: &str) -> bool {
    match alternative {
        "#" => is_number(word),
        _ if alternative.starts_with(|c: char| c.is_ascii_uppercase()) => {
            CLASSES.iter().find(|(name, _)| *name == alternative).is_some_and(|(_, words)| has(words, word))
        }
        _ => word == alternative || alternative.strip_suffix('-').is_some_and(|begin| word.starts_with(begin)),
    }
}

#[cfg(test)]
mod tests {
    use super::PartKind::{Result, Situation, Task};
    use super::*;
    use crate::score::structure::tests::said;

    fn parts(text: &str) -> Vec<PartKind> {
        let said = said(text);
        let mut parts: Vec<PartKind> = said.clauses.iter().flat_map(|c| found(&said, c)).filter_map(|cue| cue.part).collect();
        parts.dedup();
        parts
    }

    #[test]
    fn words_that_set_a_case() {
        for text in [
            "Last winter the boiler broke",
            "Two years ago on our unit",
            "So one morning it rained",
            "There was a young man",
            "On our ward a man fell",
        ] {
            assert_eq!(parts(text), [Situation], "{text}");
        }
    }

    #[test]
    fn words_that_say_what_was_to_be_done() {
        for text in ["My own job was the till", "I had to find out why", "They asked me to help", "We needed to hurry"] {
            assert_eq!(parts(text), [Task], "{text}");
        }
    }

    #[test]
    fn words_that_say_what_came_of_it() {
        for text in ["In the end it rained", "They went from fifteen a week to four", "She thanked us", "It taught me patience", "It fell by a tenth"]
        {
            assert_eq!(parts(text), [Result], "{text}");
        }
    }

    #[test]
    fn what_others_are_quoted_with_is_no_cue() {
        assert!(parts("I said, \"In the end, who cares?\"").is_empty());
    }

    #[test]
    fn numbers() {
        assert!(is_number("30%") && is_number("seventy-eight") && is_number("half"));
        assert!(!is_number("one") && !is_number("someone"));
    }
}
