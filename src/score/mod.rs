//! Which points of the rubric an answer makes, each with the words that prove it. Pure.
//!
//! A point counts only with a verbatim quote of the transcript. Where the answer could not be heard there is no score and no number, only
//! the reason. Delivery (pace, pauses, fillers) plays no part here.

pub mod advice;
pub mod answer;
pub mod asked;
pub mod band;
pub mod change;
pub mod concrete;
pub mod criterion;
mod earlier;
pub mod evidence;
pub mod interval;
mod layers;
pub mod matcher;
pub mod meaning;
mod overlap;
pub mod refusal;
mod scorer;
pub mod structure;
mod tensors;
mod terms;
pub mod topic;
mod weights;
mod wordpiece;

use serde::{Deserialize, Serialize};

use crate::measure::Measures;
use crate::sound::Span;
use crate::transcribe::Transcript;
pub use band::{Band, State};
pub(crate) use earlier::read as read_scorecard;
pub use refusal::Refusal;
pub use scorer::Scorer;
pub use structure::Structure;

/// The weight from which the interviewer asks back for a missing point.
pub const IMPORTANT: u32 = 2;

/// The outcome for one answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Scorecard {
    Scored(Box<Scored>),
    /// No score, and why.
    Refused {
        reason: Refusal,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    pub band: Band,
    /// Of each point its weight times its worth, added up; never less than 0.
    pub credit: u32,
    /// The same with every point made with a concrete instance.
    pub most: u32,
    /// In the order of the rubric.
    pub points: Vec<Point>,
    /// Only those that were heard.
    pub red_flags: Vec<RaisedFlag>,
    /// Points were looked for by meaning, too, not by their words alone.
    pub by_meaning: bool,
    /// How the answer is built; what was added when the interviewer asked back is not in it.
    pub structure: Structure,
}

/// One point of the rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The criterion's id.
    pub id: String,
    pub point: String,
    pub weight: u32,
    /// The competency that it shows, if the rubric names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<String>,
    pub state: State,
    /// 0 not found, 1 touched, 2 made, 3 made with a concrete instance.
    pub level: u8,
    /// The words that make or touch it; where it was not found, those that come nearest, if any do.
    pub proof: Option<Proof>,
    /// The question asks for a story, and the words are what one would do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supposed: bool,
    /// Where the contrary was said, of a point that is contradicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opposite: Option<Proof>,
    /// What the interviewer would ask.
    pub follow_up: String,
}

impl Point {
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.state == State::Made
    }

    /// What it adds to the credit of its answer; below 0 where the contrary was said.
    #[must_use]
    pub fn credit(&self) -> i64 {
        i64::from(self.weight) * i64::from(self.state.worth(self.level))
    }

    /// The same if it were made with a concrete instance.
    #[must_use]
    pub fn most(&self) -> i64 {
        i64::from(self.weight) * i64::from(band::MOST_WORTH)
    }

    /// Why it came out so, in one sentence.
    #[must_use]
    pub fn reason(&self) -> String {
        let supposed = if self.supposed { ", told as what you would do, where a story was asked for" } else { "" };
        let matches = |proof: &Proof| format!("\"{}\" matches \"{}\"{supposed}", proof.quote, proof.phrase);
        match (self.state, &self.proof, &self.opposite) {
            (State::Made, Some(proof), _) if self.level == band::CONCRETE => format!("{}, with a concrete instance", matches(proof)),
            (State::Made, Some(proof), _) => matches(proof),
            (State::Partly, Some(proof), _) => format!("touched: {}, but not surely", matches(proof)),
            (State::Contradicted, _, Some(opposite)) => format!("the contrary was said: {}", matches(opposite)),
            (_, Some(nearest), _) => format!("not found in the transcript; the nearest is \"{}\"", nearest.quote),
            _ => "not found in the transcript".to_owned(),
        }
    }
}

/// Which of the two recordings of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    #[default]
    Answer,
    /// What was said when the interviewer asked back.
    FollowUp,
}

/// Why a point counts as made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// In which recording.
    #[serde(default)]
    pub part: Part,
    /// Verbatim from the transcript.
    pub quote: String,
    pub span: Span,
    /// The phrase of the rubric that it matches.
    pub phrase: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaisedFlag {
    pub flag: String,
    pub proof: Proof,
}

/// What was heard of one recording.
#[derive(Clone, Copy)]
pub struct Heard<'a> {
    pub transcript: &'a Transcript,
    pub measures: &'a Measures,
}

/// SHA-256 of what decides a score besides the questions and the models: thresholds and weights, and the version of the program for its lists of words.
#[must_use]
pub fn sha256() -> String {
    crate::hash::sha256_of(&(
        env!("CARGO_PKG_VERSION"),
        (refusal::HEARD_WELL, refusal::THRESHOLDS),
        (Band::FROM, band::WORTH, band::CONTRADICTED),
        topic::THRESHOLDS,
        scorer::THRESHOLDS,
        matcher::sha256(),
    ))
}

/// The credit of all points, never less than 0, and the most that it could be.
fn sums(points: &[Point]) -> (u32, u32) {
    let sum = |of: fn(&Point) -> i64| u32::try_from(points.iter().map(of).sum::<i64>().max(0)).unwrap_or(u32::MAX);
    (sum(Point::credit), sum(Point::most))
}

impl Scored {
    /// Adds up the points.
    #[must_use]
    pub fn of(points: Vec<Point>, red_flags: Vec<RaisedFlag>, by_meaning: bool, structure: Structure) -> Self {
        let (credit, most) = sums(&points);
        Self { band: Band::of(credit, most), credit, most, points, red_flags, by_meaning, structure }
    }

    /// Whether the band rests on the sums of today; not where an earlier version added up.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        sums(&self.points) == (self.credit, self.most)
    }

    /// How many points were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.points.iter().filter(|p| p.is_made()).count()
    }

    /// The points that were not made: the heaviest first, and of equals what was contradicted, then what was touched.
    #[must_use]
    pub fn open(&self) -> Vec<&Point> {
        let mut open: Vec<&Point> = self.points.iter().filter(|p| !p.is_made()).collect();
        open.sort_by_key(|p| (std::cmp::Reverse(p.weight), p.state != State::Contradicted, p.state != State::Partly));
        open
    }

    /// The point to ask back for: the heaviest that is missing, the first of equals. None where only useful ones are missing.
    #[must_use]
    pub fn to_ask_back(&self) -> Option<&Point> {
        let missing = self.points.iter().rev().filter(|p| !p.is_made() && p.weight >= IMPORTANT && !p.follow_up.trim().is_empty());
        missing.max_by_key(|p| p.weight)
    }
}
