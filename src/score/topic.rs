//! Whether an answer speaks of what was asked: how many telling words it shares with the question, its points and its outline. Pure.
//!
//! One phrase of evidence can stand by chance in a story about something quite else. The limits were set on 100 spoken texts about other work and
//! hobbies, and on strong and vague answers, none of them among those by which the questions are tried (see `tests/answers`): of the texts
//! about something else that hold such a phrase, about four in five are told; of the answers to the question, hardly any.

use std::collections::BTreeSet;

use crate::question::Question;
use crate::words::stems;

/// So many points are no chance any more.
const ENOUGH_POINTS: usize = 2;
/// So many words in common, or one of so many of the question's own, are enough in an answer of any length.
const ENOUGH_WORDS: usize = 6;
const ONE_OF: usize = 10;
/// The share of a short answer's telling words, in per cent, that is enough.
const ENOUGH_PER_CENT: usize = 15;

/// With fewer telling words than this nobody can say what an answer speaks of.
const TELLING_FROM: usize = 8;

/// The limits, for the hash of all thresholds.
pub const THRESHOLDS: [usize; 5] = [ENOUGH_POINTS, ENOUGH_WORDS, ONE_OF, ENOUGH_PER_CENT, TELLING_FROM];

/// How many telling words an answer has in common with its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    pub shared: usize,
    /// Telling words of the answer, each counted once.
    pub of: usize,
    /// Telling words of the question, its points and its outline.
    asked: usize,
}

/// Counts the words in common.
#[must_use]
pub fn in_common(question: &Question, answer: &str) -> Common {
    let written = [question.text.as_str(), &question.intent, &question.framework];
    let points = question.criteria.iter().map(|c| c.point.as_str());
    let asked: Vec<&str> = written.into_iter().chain(points).chain(question.outline.iter().map(String::as_str)).collect();
    let (asked, said): (BTreeSet<String>, BTreeSet<String>) = (stems(&asked.join(" ")).into_iter().collect(), stems(answer).into_iter().collect());
    Common { shared: said.intersection(&asked).count(), of: said.len(), asked: asked.len() }
}

impl Common {
    /// Whether an answer with so many points made, of all, speaks of something else.
    #[must_use]
    pub fn is_elsewhere(self, made: usize, all: usize) -> bool {
        let few_points = made < ENOUGH_POINTS.min(all);
        let few_words = self.shared < ENOUGH_WORDS.min(self.asked / ONE_OF);
        self.of >= TELLING_FROM && few_points && few_words && self.shared * 100 < ENOUGH_PER_CENT * self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::bank::Bank;

    #[test]
    fn a_story_about_something_else_is_told_from_a_poor_answer() {
        let bank = Bank::built_in().unwrap();
        let question = bank.question("psc-unhappy-patient").unwrap();
        let elsewhere = |answer: &str| in_common(question, answer).is_elsewhere(1, question.criteria.len());
        assert!(elsewhere(
            "On Saturdays I bake bread with my neighbour. We let the dough rest overnight, listen to the radio, and fold it twice in the morning. \
             The oven has to be very hot, and the first loaf is always burnt on one side."
        ));
        assert!(!elsewhere("I would be nice to the patient and try to help."));
        // short, and in words of its own, but two points are no chance
        let story = "Last year I had a patient who was very worried about a consent form. I listened to her and I called a nurse.";
        assert!(!in_common(bank.question("psc-extra-step").unwrap(), story).is_elsewhere(2, 6));
        assert!(!elsewhere("I'd listen to what they're unhappy with, say sorry, and then find a solution for the patient."));
    }
}
