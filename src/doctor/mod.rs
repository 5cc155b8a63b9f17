//! What a session needs, looked at before one is begun: the microphone ([`listening`], [`hearing`], [`mixer`]) and the machine ([`machine`]).
//!
//! Each look gives [`Finding`]s: what is so, whether it lets a session work, and what to do. Nothing is repaired here, nothing is kept, and what
//! was not looked at is never said to work.

pub mod advice;
pub mod echo;
pub mod hearing;
pub mod hum;
pub mod listening;
pub mod machine;
pub mod mixer;

use serde::Serialize;

use crate::sound::device::Listed;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Processor,
    Disk,
    Sessions,
    Model,
    Meaning,
    Engine,
    Voice,
    Loudspeaker,
    Microphone,
}

/// Whether a session would work with what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Works,
    /// A session works, less well than it could.
    Warning,
    /// Nobody looked, because nobody was to look or there was nothing to look with.
    NotTested,
    /// It was tried, and it did not show.
    NotShown,
    /// No session would work.
    Prevents,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub part: Part,
    pub state: State,
    /// For programs: what is so, in one word that stays the same; such as `muted`, `missing`, `ok`.
    pub cause: &'static str,
    /// A sentence for the person, without a full stop.
    pub says: String,
    /// What to do; None where nothing is to be done.
    pub cure: Option<String>,
}

impl Finding {
    #[must_use]
    pub fn works(part: Part, says: impl Into<String>) -> Self {
        Self { part, state: State::Works, cause: "ok", says: says.into(), cure: None }
    }

    #[must_use]
    pub fn new(part: Part, state: State, cause: &'static str, says: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { part, state, cause, says: says.into(), cure: Some(cure.into()) }
    }

    /// From an error of this program, whose sentences are all of the form "what happened; what to do".
    #[must_use]
    pub fn of_error(part: Part, state: State, cause: &'static str, error: &impl ToString) -> Self {
        let sentence = error.to_string();
        match sentence.split_once("; ") {
            Some((says, cure)) => Self::new(part, state, cause, says, cure),
            None => Self { part, state, cause, says: sentence, cure: None },
        }
    }
}

/// All that was found.
#[derive(Debug, Serialize)]
pub struct Checkup {
    pub program: &'static str,
    /// Whether a session would work. What was left out on purpose does not count.
    pub ready: bool,
    pub microphones: Vec<Listed>,
    pub loudspeakers: Vec<Listed>,
    pub findings: Vec<Finding>,
    /// Seconds of speech that the engine writes down in a second; None where that was not measured.
    pub speed: Option<f64>,
    /// What was measured of the microphone; None where it was not tested.
    pub hearing: Option<hearing::Hearing>,
}

/// Whether a session would work with all of this.
#[must_use]
pub fn ready(findings: &[Finding]) -> bool {
    !findings.iter().any(|f| matches!(f.state, State::NotShown | State::Prevents))
}
