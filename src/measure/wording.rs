//! The wording of one answer: hedges, weak and absolute words, repeats, I and we, sentences, the way to the point, pet phrases. Pure.
//!
//! Every finding stands in the transcript and carries its own words and times, so that it can be shown and played. Nothing here is a fault by
//! itself, and nothing is scored. What cannot be told is absent, not zero.

mod direct;
mod lists;
mod pet;
mod repeats;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::sound::{Millis, Span};
use crate::transcribe::Transcript;

pub use direct::{Direct, Sign};
pub use pet::{Pet, Usual, usual};

/// An answer of more than this is long: listeners of interviews want one to two minutes.
pub const LONG: Millis = Millis(120_000);
/// So many words without the end of a sentence were written without punctuation, and tell nothing of sentences.
const UNPUNCTUATED: usize = 60;

/// Words of the transcript, as they stand there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub text: String,
    pub span: Span,
}

/// One finding of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The entry of the list, in small letters: what to count by.
    pub entry: String,
    #[serde(flatten)]
    pub quote: Quote,
}

/// How often the speaker speaks of themselves alone, and as one of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Persons {
    /// I, me, my, mine, myself, and I'm and its kind.
    pub singular: usize,
    /// We, us, our, ours, ourselves, and we're and its kind.
    pub plural: usize,
    /// The singular's share of both, 0.0..=1.0, in hundredths; None where there is neither.
    pub share: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentences {
    pub count: usize,
    /// In words, to one decimal.
    pub mean: f64,
    /// Words of the longest.
    pub most: usize,
    /// The first of the longest.
    pub longest: Quote,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wording {
    /// "Maybe", "I think", "sort of".
    pub hedges: Vec<Finding>,
    /// "Try to", "hopefully", "stuff".
    pub weak: Vec<Finding>,
    /// "Always", "never", "everyone".
    pub absolute: Vec<Finding>,
    /// "The the": the whole run.
    pub repeated: Vec<Quote>,
    /// "I was, I was going to", "we can, we could", "wor- working": what was begun twice.
    pub restarts: Vec<Quote>,
    pub persons: Persons,
    /// None without words or without punctuation.
    pub sentences: Option<Sentences>,
    /// From the first word to the last.
    pub length: Millis,
    /// Over [`LONG`].
    pub long: bool,
    /// Where the answer comes to the point; None where that is not sure.
    pub direct: Option<Direct>,
    /// The most frequent first.
    pub pet_phrases: Vec<Pet>,
}

/// The wording of one answer. `question` is the text of the question, for the way to the point.
#[must_use]
pub fn of(transcript: &Transcript, question: Option<&str>) -> Wording {
    let words = Words::new(transcript);
    let (repeated, restarts) = repeats::find(&words);
    let length = words.said.first().zip(words.said.last()).map_or(Millis(0), |(a, b)| b.span.end - a.span.start);
    Wording {
        hedges: lists::find(&words, lists::HEDGES),
        weak: lists::find(&words, lists::WEAK),
        absolute: lists::find(&words, lists::ABSOLUTE),
        repeated,
        restarts,
        persons: persons(&words),
        sentences: sentences(&words),
        length,
        long: length > LONG,
        direct: direct::find(&words, question),
        pet_phrases: pet::find(&words, question, &Usual::new()),
    }
}

/// The pet phrases of an answer beside how often the user says what usually: also those that are said but twice, and far more often than usual.
#[must_use]
pub fn pet_phrases(transcript: &Transcript, question: Option<&str>, usual: &Usual) -> Vec<Pet> {
    pet::find(&Words::new(transcript), question, usual)
}

/// The words that have letters, and where each stands in the transcript.
struct Words<'t> {
    transcript: &'t Transcript,
    said: Vec<Said>,
}

struct Said {
    plain: String,
    span: Span,
    /// Among the words of the transcript.
    index: usize,
    ends: Ends,
    hesitation: bool,
}

/// What is written after a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    Nothing,
    /// A comma, a dash or dots.
    Clause,
    /// A hyphen at the word itself: it was broken off.
    Word,
    Sentence,
}

impl<'t> Words<'t> {
    fn new(transcript: &'t Transcript) -> Self {
        let mut said: Vec<Said> = Vec::new();
        for (index, word) in transcript.words.iter().enumerate() {
            let (plain, text) = (word.plain(), word.text.trim_end_matches(['"', '\'', ')', '”', '’']));
            let ends = match text.chars().last() {
                Some('-') if !plain.is_empty() && !text.ends_with("--") => Ends::Word,
                Some('-' | '–' | '—' | '…' | ',' | ';' | ':') => Ends::Clause,
                _ if text.ends_with("..") => Ends::Clause,
                _ if word.ends_sentence() && !lists::ABBREVIATIONS.contains(&plain.as_str()) => Ends::Sentence,
                _ => Ends::Nothing,
            };
            match said.last_mut() {
                Some(last) if plain.is_empty() => last.ends = last.ends.max(ends),
                _ if plain.is_empty() => {}
                _ => said.push(Said { hesitation: super::filler::is_hesitation(&plain), plain, span: word.span(), index, ends }),
            }
        }
        Self { transcript, said }
    }

    /// These words as they were written; the range must not be empty.
    fn quote(&self, range: Range<usize>) -> Quote {
        let (first, last) = (&self.said[range.start], &self.said[range.end - 1]);
        Quote { text: self.transcript.quote(first.index..last.index + 1), span: Span::new(first.span.start.0, last.span.end.0) }
    }

    /// Whether these plain words stand at `at`, in one sentence.
    fn begins(&self, at: usize, phrase: &[&str]) -> bool {
        let Some(here) = self.said.get(at..at + phrase.len()) else { return false };
        here.iter().zip(phrase).all(|(w, p)| w.plain == *p) && here.iter().rev().skip(1).all(|w| w.ends != Ends::Sentence)
    }

    fn is_unpunctuated(&self) -> bool {
        self.said.len() >= UNPUNCTUATED && !self.said[..self.said.len() - 1].iter().any(|w| w.ends == Ends::Sentence)
    }

    fn sentences(&self) -> Vec<Range<usize>> {
        let mut start = 0;
        let mut found = Vec::new();
        for at in 0..self.said.len() {
            if self.said[at].ends == Ends::Sentence || at + 1 == self.said.len() {
                found.push(start..at + 1);
                start = at + 1;
            }
        }
        found
    }
}

#[allow(clippy::cast_precision_loss)]
fn persons(words: &Words) -> Persons {
    let count = |list: &[&str]| {
        // "I'm", "we've"
        words.said.iter().filter(|w| list.contains(&w.plain.split('\'').next().unwrap_or_default())).count()
    };
    let (singular, plural) = (count(lists::SINGULAR), count(lists::PLURAL));
    let share = (singular + plural > 0).then(|| (singular as f64 / (singular + plural) as f64 * 100.0).round() / 100.0);
    Persons { singular, plural, share }
}

#[allow(clippy::cast_precision_loss)]
fn sentences(words: &Words) -> Option<Sentences> {
    if words.is_unpunctuated() {
        return None;
    }
    let length = |s: &Range<usize>| words.said[s.clone()].iter().filter(|w| !w.hesitation).count();
    let all: Vec<Range<usize>> = words.sentences().into_iter().filter(|s| length(s) > 0).collect();
    // the first of equals
    let longest = all.iter().rev().max_by_key(|s| length(s))?;
    let total: usize = all.iter().map(length).sum();
    let mean = super::tenth(total as f64 / all.len() as f64);
    Some(Sentences { count: all.len(), mean, most: length(longest), longest: words.quote(longest.clone()) })
}

#[cfg(test)]
mod tests;
