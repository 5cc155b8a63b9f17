//! Questions and their rubrics: what is asked, and which points a good answer makes.
//!
//! Question files go in ([`load`]), a checked [`QuestionSet`] comes out; the sets together are the [`bank`], and [`choose`] picks from it in
//! the [`style`] of the interview, by what a [`job`] description asks for. [`check`] looks at a file with a critic's eyes, [`import`] makes one
//! out of a plain list. Nothing here knows of answers.

pub mod bank;
pub mod check;
pub mod choose;
pub mod history;
pub mod import;
pub mod job;
pub mod load;
pub mod search;
pub mod style;

use std::fmt;

use serde::{Deserialize, Serialize};

/// All that is known of one role: the role's page and its questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionSet {
    /// Short name: small letters, digits, hyphens.
    pub id: String,
    /// The role as people say it.
    pub role: String,
    #[serde(flatten)]
    pub page: RolePage,
    pub questions: Vec<Question>,
}

/// What a role is about, for candidates and interviewers. All but the purpose may be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RolePage {
    /// Other names under which the job is offered.
    pub titles: Vec<String>,
    pub purpose: String,
    pub duties: Vec<String>,
    pub skills: Vec<String>,
    /// What worries interviewers in any answer.
    pub red_flags: Vec<String>,
    /// What a candidate should have ready: years, places, figures.
    pub facts: Vec<String>,
    /// Questions for the candidate to ask.
    pub ask_them: Vec<String>,
    /// How to build an answer.
    pub advice: Vec<String>,
    pub levels: Vec<LevelPage>,
    pub research: Vec<Research>,
    pub glossary: Vec<Term>,
    /// Those that this set adds to the ones that all share.
    pub competencies: Vec<Competency>,
}

/// What is expected at one level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelPage {
    pub level: Level,
    /// Of experience, in words.
    pub years: String,
    /// By what somebody of this level is known.
    pub signs: Vec<String>,
}

/// One place to learn about an employer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Research {
    pub place: String,
    pub look_for: Vec<String>,
    /// What to do with it.
    #[serde(rename = "use")]
    pub purpose: String,
    pub tip: String,
}

/// A term of the field, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub term: String,
    pub meaning: String,
}

/// An ability that criteria of several questions look for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Competency {
    /// Short name: small letters, digits, hyphens.
    pub id: String,
    pub name: String,
    pub meaning: String,
    /// Phrases by which a job description asks for it.
    pub asked_as: Vec<String>,
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
    /// Where in an interview it belongs, if not in its middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The ground that it stands on: two questions of one topic are not asked in one session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Read aloud.
    pub text: String,
    /// What the interviewer is after.
    pub intent: String,
    /// How a good answer is built.
    pub framework: String,
    /// A good length for the answer, in seconds.
    pub seconds: u32,
    pub outline: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Anchors>,
    /// None where the question has only been imported: then no points are looked for.
    pub criteria: Vec<Criterion>,
    pub red_flags: Vec<RedFlag>,
    /// Rows of a coverage list that this question answers for.
    pub covers: Vec<String>,
}

/// Behaviour anchors: what a weak, a fair and a strong answer to this question look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchors {
    pub weak: String,
    pub fair: String,
    pub strong: String,
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
    /// The id of the ability that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<String>,
    /// Phrases that people say when they make the point.
    pub evidence: Vec<String>,
    /// Phrases that people say when they do the opposite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opposite: Vec<String>,
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

/// Questions that belong to the beginning or the end of an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    Opener,
    Closer,
}

/// A weight in words.
#[must_use]
pub fn importance(weight: u32) -> &'static str {
    match weight {
        3.. => "essential",
        2 => "important",
        _ => "useful",
    }
}

impl Question {
    /// The ids of the abilities that its criteria look for, each once, in their order.
    #[must_use]
    pub fn competencies(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for competency in self.criteria.iter().filter_map(|c| c.competency.as_deref()) {
            if !found.contains(&competency) {
                found.push(competency);
            }
        }
        found
    }
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
