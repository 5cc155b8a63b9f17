//! Hearing the words: a clip becomes a [`Transcript`], words with times and probabilities.
//!
//! [`whisper`] writes it from sound, [`written`] reads one that was written before, [`worker`] keeps either on a thread of its own for a
//! session. Nothing here judges what was said.

pub mod pieces;
#[cfg(feature = "whisper")]
pub mod whisper;
pub mod worker;
pub mod written;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::sound::{Clip, Millis, Span};
use crate::stop::Stop;
use crate::words;

/// Sound to words.
pub trait Transcriber: Send {
    /// What will stand in the transcript as its origin.
    fn engine(&self) -> &Engine;

    /// Transcribes a clip of any rate and length; the times count from its start. The same clip gives the same transcript.
    ///
    /// # Errors
    /// The engine failed, or was stopped. The sound is as it was, and may be tried again.
    fn transcribe(&mut self, clip: &Clip, stop: &Stop) -> Result<Transcript, TranscribeError>;

    /// Time spent inside the engine itself so far.
    fn engine_time(&self) -> Duration;
}

/// Where a transcript comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Name of the model, or of the file that was read.
    pub model: String,
    /// Of the model file, in small hexadecimal letters.
    pub sha256: Option<String>,
    /// The model understands synthetic voices only: on a person its words are not to be trusted.
    pub demo: bool,
}

/// What was said, word for word as the engine wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub schema: u32,
    pub engine: Engine,
    /// Of the sound.
    pub duration: Millis,
    /// In the order spoken.
    pub words: Vec<Word>,
}

/// One word with its punctuation, as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    pub start: Millis,
    pub end: Millis,
    /// The engine's own, 0.0..=1.0, the least of the word's parts, in thousandths.
    pub probability: f32,
}

impl Word {
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }

    /// The word for comparing: small letters, no punctuation but apostrophes and hyphens inside. Empty for a dash alone.
    #[must_use]
    pub fn plain(&self) -> String {
        words::plain(&self.text)
    }

    /// Whether a sentence ends with this word.
    #[must_use]
    pub fn ends_sentence(&self) -> bool {
        words::ends_sentence(&self.text)
    }
}

impl Transcript {
    #[must_use]
    pub fn new(engine: Engine, duration: Millis, words: Vec<Word>) -> Self {
        Self { schema: 1, engine, duration, words }
    }

    /// The words of a range, verbatim, with single spaces. Ranges past the end are cut.
    #[must_use]
    pub fn quote(&self, range: std::ops::Range<usize>) -> String {
        let end = range.end.min(self.words.len());
        let words: Vec<&str> = self.words[range.start.min(end)..end].iter().map(|w| w.text.as_str()).collect();
        words.join(" ")
    }

    #[must_use]
    pub fn text(&self) -> String {
        self.quote(0..self.words.len())
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    #[error("the model {path} could not be loaded ({reason}); fetch it again with `viva models pull`", path = path.display())]
    Model { path: PathBuf, reason: String },
    #[error("the words could not be written down ({0}); the recording is safe, and `viva analyze` can try again")]
    Engine(String),
    #[error("the transcript {path} cannot be used ({reason}); it must be a JSON file as viva writes it", path = path.display())]
    Written { path: PathBuf, reason: String },
    #[error("stopped before the words were written down; the recording is safe")]
    Stopped,
}
