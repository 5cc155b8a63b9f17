//! A point of a rubric, prepared once for many answers: the point, what people say who make it, and what people say who do the contrary. Pure.

use std::collections::BTreeSet;

use super::answer::{Pairs, denials};
use super::meaning::{Meaning, Vector};
use super::terms;
use crate::words::{self, Ends, Phrase, Term};

/// Which of a criterion's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Point,
    /// By its place in the criterion's list, from 0.
    Evidence(usize),
    Opposite(usize),
}

/// How a criterion is written, by which it is weighed: what near means differs between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its evidence is patterns: `let|allow finish`.
    Patterns,
    /// Its evidence is what people said, and its opposites. Judged by words alone: meaning added nothing on the training part of what the weights were
    /// fitted on.
    Sentences,
    /// The same without opposites, and hardly more than a model answer alone.
    Alone,
}

/// One telling word of a text, or its alternatives.
#[derive(Clone)]
pub(super) struct Slot {
    /// Each one or more stems.
    pub alternatives: Vec<Vec<(String, Pairs)>>,
    /// In nats; the more alternatives, the less it tells.
    pub information: f32,
    /// Stands in the question already.
    pub asked: bool,
    /// Follows a negation.
    pub denied: bool,
}

/// One of the texts that an answer is held against.
#[derive(Clone)]
pub(super) struct Target {
    pub which: Which,
    pub phrase: Phrase,
    pub slots: Vec<Slot>,
    /// As it may be said: of alternatives the first.
    text: String,
}

/// A criterion, prepared.
#[derive(Clone)]
pub struct Criterion {
    question: String,
    pub(super) targets: Vec<Target>,
    /// Of the question, then of each target.
    pub(super) vectors: Option<Vec<Vector>>,
    pub(super) kind: Kind,
}

impl Criterion {
    /// From the question as it is asked, the point, phrases or sentences of those who make it, and of those who do the contrary.
    #[must_use]
    pub fn new(question: &str, point: &str, evidence: &[&str], opposite: &[&str]) -> Self {
        let asked: BTreeSet<String> = words::stems(question).into_iter().collect();
        // the point itself among them would count twice
        let others = evidence.iter().enumerate().filter(|(_, text)| **text != point);
        let evidence_targets = others.map(|(at, text)| (Which::Evidence(at), *text));
        let opposite_targets = opposite.iter().enumerate().map(|(at, text)| (Which::Opposite(at), *text));
        let all = std::iter::once((Which::Point, point)).chain(evidence_targets).chain(opposite_targets);
        let targets = all.map(|(which, written)| Target::new(which, written, &asked)).collect();
        let kind = if evidence.iter().any(|text| text.contains('|')) {
            Kind::Patterns
        } else if opposite.is_empty() && evidence.len() < MANY {
            Kind::Alone
        } else {
            Kind::Sentences
        };
        Self { question: question.to_owned(), targets, vectors: None, kind }
    }

    /// What [`Meaning::embed`] has to be asked for.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        std::iter::once(self.question.as_str()).chain(self.targets.iter().map(|t| t.text.as_str())).collect()
    }

    /// The same with the meaning of its texts.
    #[must_use]
    pub fn with_meaning(self, meaning: &Meaning) -> Self {
        if self.kind == Kind::Sentences {
            return self;
        }
        let vectors = meaning.embed(&self.texts());
        self.with_vectors(vectors)
    }

    /// The same with vectors that were kept from [`Self::with_meaning`], one per text of [`Self::texts`].
    #[must_use]
    pub fn with_vectors(mut self, vectors: Vec<Vector>) -> Self {
        self.vectors = (vectors.len() == self.targets.len() + 1).then_some(vectors);
        self
    }

    /// The same without one of its texts; the others keep their places. For fitting: an answer is never its own evidence.
    #[must_use]
    pub fn without(&self, which: Which) -> Self {
        let mut left = self.clone();
        if let Some(at) = left.targets.iter().position(|t| t.which == which) {
            left.targets.remove(at);
            if let Some(vectors) = left.vectors.as_mut() {
                vectors.remove(at + 1);
            }
        }
        left
    }
}

impl Target {
    fn new(which: Which, written: &str, asked: &BTreeSet<String>) -> Self {
        let phrase = Phrase::new(written);
        let places: Vec<&[Vec<Term>]> = phrase.places().collect();
        // a place denies, or is denied, as its first alternative
        let firsts: Vec<Term> = places.iter().filter_map(|place| place.first()?.first().cloned()).collect();
        let mut slots = Vec::new();
        for (place, denied) in places.iter().zip(denials(&with_ends(firsts, written))) {
            let telling = |alternative: &Vec<Term>| -> Vec<(String, Pairs)> {
                alternative.iter().filter(|t| !t.small && !t.negation).map(|t| (t.stem.clone(), terms::pairs(&t.stem))).collect()
            };
            let alternatives: Vec<Vec<(String, Pairs)>> = place.iter().map(telling).filter(|a| !a.is_empty()).collect();
            if alternatives.is_empty() {
                continue;
            }
            // the chance that any of them stands somewhere
            let chance: f32 = alternatives.iter().map(|a| (-a.iter().map(|(stem, _)| terms::information(stem)).sum::<f32>()).exp()).sum();
            let asked = alternatives.iter().any(|a| a.iter().all(|(stem, _)| asked.contains(stem)));
            slots.push(Slot { alternatives, information: (-chance.ln()).max(LEAST_INFORMATION), asked, denied });
        }
        Self { which, text: sayable(written), phrase, slots }
    }
}

/// A place of very many alternatives still tells something.
const LEAST_INFORMATION: f32 = 0.3;
/// From so many sentences of evidence on they are judged as such, also where no opposite stands beside them: at fewer the weights for a model answer
/// alone were right more often, on the training part of what both were fitted on.
const MANY: usize = 6;

/// Phrases know no clauses; a sentence does, and a negation ends with them.
fn with_ends(mut firsts: Vec<Term>, written: &str) -> Vec<Term> {
    let written: Vec<&str> = written.split_whitespace().collect();
    if firsts.len() == written.len() {
        for (term, word) in firsts.iter_mut().zip(written) {
            if word.ends_with([',', ';', ':', '.', '?', '!']) {
                term.ends = Ends::Clause;
            }
        }
    }
    firsts
}

/// A pattern as it may be said: `let|allow sit-down` is "let sit down".
fn sayable(written: &str) -> String {
    let first = |word: &str| match word.split('|').find(|alternative| !alternative.is_empty()) {
        Some(alternative) if word.contains('|') => alternative.replace('-', " "),
        _ => word.to_owned(),
    };
    written.split_whitespace().map(first).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_known_and_said_in_its_first_words() {
        let criterion =
            Criterion::new("A patient is angry. What do you do?", "Lets them finish", &["let|allow patient have-their-say|talk"], &["interrupt"]);
        assert_eq!(criterion.kind, Kind::Patterns);
        assert_eq!(criterion.texts(), ["A patient is angry. What do you do?", "Lets them finish", "let patient have their say", "interrupt"]);
        assert_eq!(Criterion::new("Why?", "It is.", &["Because it is."], &["It is not."]).kind, Kind::Sentences);
        assert_eq!(Criterion::new("Why?", "It is.", &["Because it is."], &[]).kind, Kind::Alone);
    }

    #[test]
    fn what_was_asked_and_what_is_denied_are_marked() {
        let criterion = Criterion::new("The patient waits.", "Does not leave the patient", &[], &[]);
        let slots = &criterion.targets[0].slots;
        assert_eq!(slots.iter().map(|s| (s.asked, s.denied)).collect::<Vec<_>>(), [(false, true), (true, true)]);
    }

    #[test]
    fn one_text_can_be_left_out() {
        let criterion = Criterion::new("Why?", "It is.", &["one", "two", "three"], &["none"]).without(Which::Evidence(1));
        assert_eq!(criterion.texts(), ["Why?", "It is.", "one", "three", "none"]);
        assert_eq!(criterion.targets[2].which, Which::Evidence(2));
    }
}
