//! Questions and their rubrics: what is asked, and which points a good answer makes.
//!
//! Question files go in ([`load`]), a checked [`QuestionSet`] comes out, and [`choose`] picks from it. Nothing here knows of answers.

pub mod choose;
pub mod load;

use std::fmt;

use serde::{Deserialize, Serialize};

/// All questions of one role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionSet {
    /// Short name: small letters, digits, hyphens.
    pub id: String,
    /// The role as people say it.
    pub role: String,
    pub purpose: String,
    pub questions: Vec<Question>,
}

/// One question and its rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Unique among all sets that are loaded together.
    pub id: String,
    /// Short name of the role (the id of its set).
    pub role: String,
    pub kind: Kind,
    pub level: Level,
    /// Read aloud.
    pub text: String,
    /// What the interviewer is after.
    pub intent: String,
    /// How a good answer is built.
    pub framework: String,
    /// A good length for the answer, in seconds.
    pub seconds: u32,
    pub outline: Vec<String>,
    pub criteria: Vec<Criterion>,
    pub red_flags: Vec<RedFlag>,
    /// Rows of a coverage list that this question answers for.
    pub covers: Vec<String>,
}

/// One point that a good answer makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Unique within the question.
    pub id: String,
    pub point: String,
    /// 1 useful, 2 important, 3 essential.
    pub weight: u32,
    /// Phrases that people say when they make the point.
    pub evidence: Vec<String>,
    /// What the interviewer asks when the point is missing.
    pub follow_up: String,
}

/// Something that would worry the interviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedFlag {
    pub flag: String,
    pub evidence: Vec<String>,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A given case, and what one does in it.
    Situational,
    /// A story from the past.
    Behavioural,
    /// What one knows and uses.
    Technical,
    /// Why this job, this employer, this career.
    Motivation,
    /// Background, working habits, pay.
    General,
}

/// For whom a question is meant. A question of any level suits everyone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Any,
    Junior,
    Mid,
    Senior,
}

impl Level {
    /// Whether a question of this level suits a candidate of that level.
    #[must_use]
    pub fn suits(self, candidate: Self) -> bool {
        self == Self::Any || candidate == Self::Any || self == candidate
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Situational => "situational",
            Self::Behavioural => "behavioural",
            Self::Technical => "technical",
            Self::Motivation => "motivation",
            Self::General => "general",
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "any",
            Self::Junior => "junior",
            Self::Mid => "mid",
            Self::Senior => "senior",
        })
    }
}
