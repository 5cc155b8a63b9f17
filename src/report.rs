//! The report on one take: its measures and its scorecard, with what they were made from. Pure.
//!
//! The same sound, words, rubric and program give the same report, byte for byte: no clock, no machine, no order of chance in it.

use serde::{Deserialize, Serialize};

use crate::hash::sha256_of;
use crate::measure::{self, Delivery, Marks, Measures, Terms, filler, hesitation, loudness, pace, pause};
use crate::question::Question;
use crate::score::{self, Heard, Scorecard, Scored, Scorer};
use crate::sound::{Profile, pitch, speech};
use crate::transcribe::{Engine, Transcript, doubt};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub schema: u32,
    /// Name and version.
    pub program: String,
    /// The question's id; None where none was named.
    pub question: Option<String>,
    pub rubric_sha256: Option<String>,
    /// Of the limits and bands by which speech, pauses, pace, fillers and points were told.
    pub thresholds_sha256: String,
    pub engine: Engine,
    /// Of the list of words that the transcript was corrected by; None for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary_sha256: Option<String>,
    /// Of the model of meanings that points were found with; None where they were found by their words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning_sha256: Option<String>,
    /// A synthetic voice answered.
    pub demonstration: bool,
    /// Of the answer itself.
    pub measures: Measures,
    /// What was added when the interviewer asked back. Its points are in the scorecard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUpReport>,
    /// None where no question was named, or one without points to look for.
    #[serde(deserialize_with = "score::read_scorecard")]
    pub scorecard: Option<Scorecard>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FollowUpReport {
    /// The criterion that was asked back for.
    pub criterion: String,
    pub measures: Measures,
}

/// One recording and its words.
#[derive(Clone, Copy)]
pub struct Recorded<'a> {
    pub profile: &'a Profile,
    pub transcript: &'a Transcript,
    /// None where the user has said nothing of it.
    pub marks: Option<&'a Marks>,
}

/// What it is held against.
#[derive(Clone, Copy)]
pub struct Against<'a> {
    /// None where none was named.
    pub question: Option<&'a Question>,
    pub delivery: &'a Delivery,
    pub scorer: &'a Scorer,
    /// A synthetic voice answered.
    pub demonstration: bool,
}

/// The recording of what was said to a follow-up question.
#[derive(Clone, Copy)]
pub struct FollowUp<'a> {
    /// The criterion that was asked back for.
    pub criterion: &'a str,
    pub recorded: Recorded<'a>,
}

impl Report {
    /// 2: delivery in full. 3: points with levels, structure.
    pub const SCHEMA: u32 = 3;

    /// The same take with another scorecard: by a question's rubric as it is today.
    #[must_use]
    pub fn rescored(self, question: &Question, scorecard: Option<Scorecard>, scorer: &Scorer) -> Self {
        let meaning_sha256 = scorecard.as_ref().and_then(|_| scorer.meaning_sha256().map(str::to_owned));
        let (schema, program, rubric_sha256) = (Self::SCHEMA, crate::PROGRAM.to_owned(), Some(rubric_sha256(question)));
        Self { schema, program, rubric_sha256, meaning_sha256, scorecard, ..self }
    }

    /// The scorecard; None where there is no score.
    #[must_use]
    pub fn scored(&self) -> Option<&Scored> {
        match self.scorecard.as_ref()? {
            Scorecard::Scored(scored) => Some(scored),
            Scorecard::Refused { .. } => None,
        }
    }

    /// Whether the words are a demo model's guesses at a person, not to be trusted.
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.engine.demo && !self.demonstration
    }
}

/// Measures and scores one take.
#[must_use]
pub fn make(answer: Recorded, follow_up: Option<FollowUp>, against: Against) -> Report {
    let Against { question, delivery, scorer, demonstration } = against;
    let measure = |r: Recorded, question: Option<&str>| {
        let trusted = demonstration || !r.transcript.engine.demo;
        measure::measure(r.profile, r.transcript, Terms { delivery, marks: r.marks, question, trusted })
    };
    let measures = measure(answer, question.map(|q| q.text.as_str()));
    let follow_up = follow_up.map(|f| (f, measure(f.recorded, None)));
    let scorecard = question.filter(|q| !q.criteria.is_empty()).map(|q| {
        let heard = Heard { transcript: answer.transcript, measures: &measures };
        let asked_back = follow_up.as_ref().map(|(f, measures)| Heard { transcript: f.recorded.transcript, measures });
        scorer.score(q, heard, asked_back, demonstration)
    });
    Report {
        schema: Report::SCHEMA,
        program: crate::PROGRAM.to_owned(),
        question: question.map(|q| q.id.clone()),
        rubric_sha256: question.map(rubric_sha256),
        thresholds_sha256: thresholds_sha256(delivery),
        engine: answer.transcript.engine.clone(),
        vocabulary_sha256: answer.transcript.vocabulary_sha256.clone(),
        demonstration,
        measures,
        follow_up: follow_up.map(|(f, measures)| FollowUpReport { criterion: f.criterion.to_owned(), measures }),
        meaning_sha256: scorecard.as_ref().and_then(|_| scorer.meaning_sha256().map(str::to_owned)),
        scorecard,
    }
}

/// SHA-256 of a question with its rubric.
#[must_use]
pub fn rubric_sha256(question: &Question) -> String {
    sha256_of(question)
}

fn thresholds_sha256(delivery: &Delivery) -> String {
    sha256_of(&(
        delivery,
        (pause::SHORTEST, pause::THINKING, pause::LONG, pause::REMARKED),
        (loudness::THRESHOLDS, pitch::THRESHOLDS, measure::pitch::HEARD, hesitation::RANGES, hesitation::THRESHOLDS, filler::sha256()),
        (pace::WINDOW, pace::LEAST_WORDS),
        (score::sha256(), doubt::THRESHOLDS),
        speech::THRESHOLDS,
    ))
}
