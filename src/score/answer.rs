//! An answer, prepared once for many criteria: its words as they are compared, which of them are denied, and the stretches in which a point may be made. Pure.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::meaning::{Meaning, Vector};
use super::terms;
use crate::words::{self, Ends, Term, Text};

/// A sentence of more words than this is cut, at a clause where there is one: speech is often written without full stops.
const LONGEST: usize = 28;
/// Two sentences that follow one another are looked at together up to so many words.
const LONGEST_PAIR: usize = 42;
/// A clause of fewer words is not looked at by itself.
const LEAST_CLAUSE: usize = 4;
/// Words before which a clause may begin.
const JOINTS: [&str; 6] = ["and", "but", "because", "so", "then", "if"];
/// How many telling words after a negation are denied, within its clause.
const REACH: usize = 4;
/// More telling words than this (about two minutes) say no more about whether an answer says enough.
const ENOUGH: usize = 100;
/// The share of small words above which words are sentences: heaps of key words stay below, speech has about half.
const SPEECH: f32 = 0.4;

/// Pairs of letters of a stem, by which misheard words are found.
pub(super) type Pairs = BTreeSet<(char, char)>;

/// One word as it is compared.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Number of its stem in the answer's vocabulary.
    pub stem: usize,
    pub telling: bool,
    /// Stands after a negation, in its reach.
    pub denied: bool,
    /// The probability that the word was said, 0 to 1.
    pub weight: f32,
    /// In nats.
    pub information: f32,
    origin: usize,
    ends: Ends,
}

/// A stretch of the answer in which a point may be made: a sentence, one of its clauses, or two sentences.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// As written.
    pub words: Range<usize>,
    pub said: Range<usize>,
}

/// An answer, prepared.
#[derive(Clone)]
pub struct Answer {
    words: Vec<String>,
    pub(super) text: Text,
    pub(super) said: Vec<Said>,
    pub(super) vocabulary: Vec<(String, Pairs)>,
    pub(super) known: HashMap<String, usize>,
    /// The sentences first.
    pub(super) windows: Vec<Window>,
    sentences: usize,
    /// One per window.
    pub(super) vectors: Option<Vec<Vector>>,
}

impl Answer {
    /// From its words as written, with their punctuation, and the probability (0 to 1) of each; all count as certain without.
    #[must_use]
    pub fn new(words: &[&str], probabilities: Option<&[f32]>) -> Self {
        let text = Text::new(words.iter().copied());
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut vocabulary: Vec<(String, Pairs)> = Vec::new();
        let mut said = Vec::new();
        for (term, denied) in text.terms().iter().zip(denials(text.terms())) {
            let stem = *known.entry(term.stem.clone()).or_insert_with(|| {
                vocabulary.push((term.stem.clone(), terms::pairs(&term.stem)));
                vocabulary.len() - 1
            });
            let weight = probabilities.and_then(|p| p.get(term.origin)).map_or(1.0, |p| p.clamp(0.0, 1.0));
            let telling = !term.small && !term.negation;
            said.push(Said { stem, telling, denied, weight, information: terms::information(&term.stem), origin: term.origin, ends: term.ends });
        }
        let sentences = sentences(&said);
        let pairs = sentences.windows(2).map(|two| two[0].start..two[1].end).filter(|pair| pair.len() <= LONGEST_PAIR);
        let clauses = sentences.iter().flat_map(|sentence| clauses(sentence, &said, words));
        let windows = sentences.iter().cloned().chain(clauses).chain(pairs);
        let windows = windows.map(|r| Window { words: said[r.start].origin..said[r.end - 1].origin + 1, said: r }).collect();
        let words = words.iter().map(|w| (*w).to_owned()).collect();
        Self { words, sentences: sentences.len(), text, said, vocabulary, known, windows, vectors: None }
    }

    /// The same with the meaning of its windows.
    #[must_use]
    pub fn with_meaning(self, meaning: &Meaning) -> Self {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let parts: Vec<Range<usize>> = self.windows.iter().map(|w| w.words.clone()).collect();
        let vectors = meaning.embed_parts(&words, &parts[..self.sentences], &parts);
        self.with_vectors(vectors)
    }

    /// The same with vectors that were computed before, by [`Self::with_meaning`] on the same words.
    #[must_use]
    pub fn with_vectors(mut self, vectors: Vec<Vector>) -> Self {
        self.vectors = (vectors.len() == self.windows.len()).then_some(vectors);
        self
    }

    /// One vector per window, where the meaning is known.
    #[must_use]
    pub fn vectors(&self) -> Option<&[Vector]> {
        self.vectors.as_deref()
    }

    /// The words of a range, as written.
    #[must_use]
    pub fn quote(&self, words: Range<usize>) -> String {
        self.words[words].join(" ")
    }

    pub(super) fn plain(&self, words: Range<usize>) -> impl Iterator<Item = String> {
        self.words[words].iter().map(|w| words::plain(w))
    }

    /// The logarithm of one more than its telling words, up to [`ENOUGH`]: a long answer has had the time to make a point, a very long one not more.
    pub(super) fn length(&self) -> f32 {
        log_of(self.said.iter().filter(|s| s.telling).count().min(ENOUGH))
    }

    /// Whether a telling word of this range is denied.
    pub(super) fn is_denied(&self, words: &Range<usize>) -> bool {
        self.said.iter().any(|s| s.telling && s.denied && words.contains(&s.origin))
    }

    /// The share of small words, 0 to [`SPEECH`]: in a heap of key words there are few.
    pub(super) fn speech(&self) -> f32 {
        let small = self.said.iter().filter(|s| !s.telling).count();
        share(small, self.said.len()).min(SPEECH)
    }
}

#[allow(clippy::cast_precision_loss)] // words of an answer
fn share(some: usize, all: usize) -> f32 {
    some as f32 / all.max(1) as f32
}

/// The logarithm of one more, so that the first counts most.
#[allow(clippy::cast_precision_loss)] // words of an answer, phrases of a rubric
pub(super) fn log_of(count: usize) -> f32 {
    (count as f32).ln_1p()
}

/// Stems of words that open a clause before the main one: "if I can't, I ask".
const OPENERS: [&str; 8] = ["if", "when", "becaus", "sinc", "while", "unless", "instead", "rather"];
/// Two words that deny what follows.
const DENYING: [[&str; 2]; 2] = [["instead", "of"], ["rather", "than"]];

/// Which of the terms are denied: they follow a negation in its clause, up to [`REACH`] telling words; a second negation lifts the first. Speech has few commas:
/// after "if", "when" and the like a clause is also over where the speaker begins another.
pub(super) fn denials(terms: &[Term]) -> Vec<bool> {
    let (mut left, mut opened) = (0, false);
    let mut denied = Vec::with_capacity(terms.len());
    for (at, term) in terms.iter().enumerate() {
        opened |= OPENERS.contains(&term.stem.as_str());
        if opened && term.speaker && left > 0 && left < REACH {
            (left, opened) = (0, false);
        }
        let two = terms.get(at + 1).is_some_and(|next| DENYING.contains(&[term.stem.as_str(), next.stem.as_str()]));
        let denying = term.negation || two;
        denied.push(left > 0 && !denying);
        if denying {
            left = if left > 0 { 0 } else { REACH };
        } else if !term.small {
            left = left.saturating_sub(1);
        }
        if term.ends != Ends::Nothing {
            (left, opened) = (0, false);
        }
    }
    denied
}

/// Ranges of words that are compared: sentences, the long ones cut.
fn sentences(said: &[Said]) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, word) in said.iter().enumerate() {
        let length = at + 1 - start;
        let clause = word.ends == Ends::Clause && length >= LONGEST * 2 / 3;
        if word.ends == Ends::Sentence || clause || length >= LONGEST || at + 1 == said.len() {
            sentences.push(start..at + 1);
            start = at + 1;
        }
    }
    sentences
}

/// The clauses of a sentence; none where it is but one.
fn clauses(sentence: &Range<usize>, said: &[Said], words: &[&str]) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut start = sentence.start;
    for at in sentence.start + 1..sentence.end {
        let joint = said[at - 1].ends == Ends::Clause || JOINTS.contains(&words::plain(words[said[at].origin]).as_str());
        if joint && at - start > LEAST_CLAUSE && sentence.end - at >= LEAST_CLAUSE {
            clauses.push(start..at);
            start = at;
        }
    }
    if !clauses.is_empty() {
        clauses.push(start..sentence.end);
    }
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        Answer::new(&text.split_whitespace().collect::<Vec<_>>(), None)
    }

    #[test]
    fn windows_are_sentences_clauses_and_pairs() {
        let answer = answer("I sat down with her, and then I rang the nurse at once. She was glad.");
        let windows: Vec<String> = answer.windows.iter().map(|w| answer.quote(w.words.clone())).collect();
        assert_eq!(
            windows,
            [
                "I sat down with her, and then I rang the nurse at once.",
                "She was glad.",
                "I sat down with her,",
                "and then I rang the nurse at once.",
                "I sat down with her, and then I rang the nurse at once. She was glad."
            ]
        );
    }

    #[test]
    fn speech_without_full_stops_is_cut() {
        let answer = answer(&"so I went there and I spoke with them ".repeat(20));
        assert!(answer.windows.iter().all(|w| w.words.len() <= LONGEST_PAIR));
        assert_eq!(answer.windows[..answer.sentences].iter().map(|w| w.words.len()).sum::<usize>(), 180);
    }

    #[test]
    fn a_negation_denies_what_follows_in_its_clause() {
        let denied = |text: &str| {
            let answer = answer(text);
            answer.said.iter().filter(|s| s.denied && s.telling).map(|s| answer.vocabulary[s.stem].0.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(denied("I would not let the patient finish, I would leave."), "let patient finish");
        assert_eq!(denied("I listen. I never argue."), "argu");
        assert_eq!(denied("It is not that I never listen."), "");
    }

    #[test]
    fn heaps_have_no_small_words_and_nothing_is_in_nothing() {
        assert!(answer("I would sit with the patient and listen to her.").speech() > 0.39);
        assert!(answer("patient listen calm feeling finish").speech() < 0.01);
        let nothing = answer("");
        assert!(nothing.windows.is_empty() && nothing.length() < f32::EPSILON && nothing.vectors().is_none());
    }
}
