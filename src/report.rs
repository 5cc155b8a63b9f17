//! The report on one take: its measures and its scorecard, with what they were made from. Pure.
//!
//! The same sound, words, rubric and program give the same report, byte for byte: no clock, no machine, no order of chance in it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::measure::{self, Measures, filler, pace, pause};
use crate::question::Question;
use crate::score::{self, Band, Scorecard};
use crate::sound::{Clip, speech};
use crate::transcribe::{Engine, Transcript};

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
    /// A synthetic voice answered.
    pub demonstration: bool,
    pub measures: Measures,
    /// None where no question was named.
    pub scorecard: Option<Scorecard>,
}

impl Report {
    /// Whether the words are a demo model's guesses at a person, not to be trusted.
    #[must_use]
    pub fn is_untrusted(&self) -> bool {
        self.engine.demo && !self.demonstration
    }
}

/// Measures and scores one take.
#[must_use]
pub fn make(clip: &Clip, transcript: &Transcript, question: Option<&Question>, demonstration: bool) -> Report {
    let trusted = demonstration || !transcript.engine.demo;
    let measures = measure::measure(clip, transcript, trusted);
    let scorecard = question.map(|q| score::score(q, transcript, &measures, demonstration));
    Report {
        schema: 1,
        program: crate::PROGRAM.to_owned(),
        question: question.map(|q| q.id.clone()),
        rubric_sha256: question.map(rubric_sha256),
        thresholds_sha256: thresholds_sha256(),
        engine: transcript.engine.clone(),
        demonstration,
        measures,
        scorecard,
    }
}

/// SHA-256 of a question with its rubric.
#[must_use]
pub fn rubric_sha256(question: &Question) -> String {
    sha256_of(question)
}

fn thresholds_sha256() -> String {
    sha256_of(&(
        (pace::COMFORTABLE.start(), pace::COMFORTABLE.end()),
        pause::SHORTEST,
        (filler::NOTICEABLE_PER_MINUTE, filler::HEAVY_PER_MINUTE),
        score::LEAST_WORDS,
        (Band::FAIR_FROM, Band::STRONG_FROM),
        speech::THRESHOLDS,
    ))
}

fn sha256_of(value: &impl Serialize) -> String {
    // plain data with text keys always becomes JSON
    let json = serde_json::to_vec(value).unwrap_or_default();
    crate::store::hex(&Sha256::digest(json))
}
