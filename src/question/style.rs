//! The ways to hold an interview: how many questions, how long to think and answer, whether somebody asks back.

use serde::{Deserialize, Serialize};

use super::Question;

/// Longest time that reading a question aloud should take, in seconds (what `viva questions check` asks for).
pub const READING: u64 = 15;
/// What comes between the end of an answer and the next question, in seconds: writing it down, a breath.
pub const BETWEEN: u64 = 15;
/// Longest answer to a follow-up question, in seconds.
pub const FOLLOW_UP: u64 = 45;
/// Longest answer where no style sets another limit, in seconds.
const LONGEST: u64 = 180;
/// A quick interview is over in less than this, in seconds.
const QUICK: u64 = 600;

/// How the interview is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Under ten minutes without a stop, strengths and weaknesses at the end
    Quick,
    /// As recorded interviews are: 30 s to think, 2 or 3 min to answer, one take, nobody asks back
    OneWay,
    /// As a hiring manager would: an opening, eight questions in all, follow-ups, your questions at the end
    Full,
    /// One question, again and again, until you have had enough
    Drill,
}

/// What comes after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// Its report, and the choice of the next question or another take.
    Offer,
    /// Its report; then a key brings the next question.
    Wait,
    /// The next question at once; what there is to say comes at the end.
    GoOn,
    /// Its report; then a key brings the same question again.
    Repeat,
}

/// What a style means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Questions, where nothing else was asked for.
    pub questions: usize,
    /// Before each answer, in seconds.
    pub think: u64,
    /// Whether the first question is an opener and the last a closer.
    pub framed: bool,
    /// Whether the interviewer asks back for an important point that was not heard.
    pub follow_ups: bool,
    pub after: After,
    /// The whole session, in seconds. No question is begun that could end later.
    pub whole: Option<u64>,
}

impl Style {
    #[must_use]
    pub fn manner(self) -> Manner {
        let full = Manner { questions: 8, think: 0, framed: true, follow_ups: true, after: After::Offer, whole: None };
        match self {
            Self::Full => full,
            Self::Quick => Manner { questions: 5, framed: false, after: After::GoOn, whole: Some(QUICK), ..full },
            Self::OneWay => Manner { questions: 5, think: 30, framed: false, follow_ups: false, after: After::Wait, ..full },
            Self::Drill => Manner { questions: 1, framed: false, after: After::Repeat, ..full },
        }
    }

    /// The longest answer to this question, in seconds.
    #[must_use]
    pub fn limit(self, question: &Question) -> u64 {
        match self {
            Self::Quick => 75,
            Self::OneWay if question.seconds <= 90 => 120,
            Self::OneWay => 180,
            Self::Full | Self::Drill => LONGEST.max(question.seconds.into()),
        }
    }
}

/// The longest that a question can take with everything that belongs to it, in seconds, where its answer may take `limit`.
#[must_use]
pub fn longest(limit: u64, think: u64, follow_ups: bool) -> u64 {
    let follow_up = if follow_ups { READING + FOLLOW_UP.min(limit) + BETWEEN } else { 0 };
    READING + think + limit + BETWEEN + follow_up
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_interview_has_room_for_three_of_the_longest_answers() {
        let manner = Style::Quick.manner();
        let longest = longest(75, manner.think, manner.follow_ups);
        assert!(manner.whole.is_some_and(|whole| whole >= 3 * longest), "{longest}");
    }
}
