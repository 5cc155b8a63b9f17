//! Hearing the words: the pieces of a take become a [`Transcript`], words with times, probabilities and doubts.
//!
//! A [`Recogniser`] turns one piece into words ([`whisper`], in a [`process`] of its own); [`worker`] keeps one on a thread for a session;
//! [`draft`] gathers the words of a take and, at its end, sets their times right ([`times`]), marks what is not to be believed ([`doubt`]) and
//! corrects the user's own words ([`vocabulary`]). [`written`] reads a transcript that was written before. Nothing here judges what was said.

pub mod doubt;
pub mod draft;
pub mod process;
pub mod processor;
pub mod protocol;
pub mod recording;
pub mod textgrid;
pub mod times;
pub mod vocabulary;
#[cfg(feature = "whisper")]
pub mod whisper;
pub mod worker;
pub mod written;

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::sound::{Millis, Piece, Span};
use crate::stop::Stop;
use crate::words;

pub use doubt::Doubt;
pub use draft::Draft;

/// Sound to words, a piece at a time.
pub trait Recogniser: Send {
    /// What will stand in the transcript as its origin.
    fn engine(&self) -> &Engine;

    /// The words of a piece, their times from the start of the take. The same piece gives the same words.
    ///
    /// # Errors
    /// The engine failed, or was stopped. The piece may be tried again.
    fn recognise(&mut self, piece: &Piece, stop: &Stop) -> Result<Vec<Segment>, TranscribeError>;

    /// Time spent inside the engine itself so far.
    fn engine_time(&self) -> Duration;

    /// How long one look at 30 s of sound takes, about. While it looks it gives no sign of life and cannot be stopped.
    fn glance(&self) -> Duration;
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
    /// What the model was shown before each piece, to steer how it writes; None for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// What the engine wrote in one breath.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub words: Vec<Word>,
    /// Mean of the natural logarithms of its tokens' probabilities, 0.0 or less.
    pub mean_log_probability: f32,
}

/// What was said, word for word as the engine wrote it, with what is doubted and what was corrected marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub schema: u32,
    pub engine: Engine,
    /// Of the sound.
    pub duration: Millis,
    /// In the order spoken.
    pub words: Vec<Word>,
    /// Where somebody speaks, as far as the sound tells: what the words are held against. Gaps under 100 ms are not told.
    #[serde(default)]
    pub speech: Vec<Span>,
    /// Of the list of words that they were corrected by; None for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary_sha256: Option<String>,
}

/// One word with its punctuation, as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    pub start: Millis,
    pub end: Millis,
    /// The engine's own, 0.0..=1.0, the least of the word's parts, in thousandths.
    pub probability: f32,
    /// What the engine wrote, where the text was corrected by a word of the vocabulary; several words may have become one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<String>,
    /// Why it is not to be believed: shown, but neither counted nor scored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

impl Word {
    #[must_use]
    pub fn new(text: &str, span: Span, probability: f32) -> Self {
        Self { text: text.to_owned(), start: span.start, end: span.end, probability, heard: None, doubt: None }
    }

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
    pub const SCHEMA: u32 = 2;

    #[must_use]
    pub fn new(engine: Engine, duration: Millis, words: Vec<Word>) -> Self {
        Self { schema: Self::SCHEMA, engine, duration, words, speech: Vec::new(), vocabulary_sha256: None }
    }

    /// The words of a range, verbatim, with single spaces. Ranges past the end are cut.
    #[must_use]
    pub fn quote(&self, range: std::ops::Range<usize>) -> String {
        let end = range.end.min(self.words.len());
        let words: Vec<&str> = self.words[range.start.min(end)..end].iter().map(|w| w.text.as_str()).collect();
        words.join(" ")
    }

    /// The same with so many words more on each side, and dots where there are others.
    #[must_use]
    pub fn excerpt(&self, range: std::ops::Range<usize>, around: usize) -> String {
        let (start, end) = (range.start.saturating_sub(around), (range.end + around).min(self.words.len()));
        let before = if start > 0 { "... " } else { "" };
        let after = if end < self.words.len() { " ..." } else { "" };
        format!("{before}{}{after}", self.quote(start..end))
    }

    #[must_use]
    pub fn text(&self) -> String {
        self.quote(0..self.words.len())
    }

    /// The same with the words of the vocabulary set right.
    #[must_use]
    pub fn corrected(self, vocabulary: &vocabulary::Vocabulary) -> Self {
        Self { words: vocabulary.correct(self.words), vocabulary_sha256: vocabulary.sha256(), ..self }
    }

    /// The same as it was heard: without any correction.
    #[must_use]
    pub fn as_heard(self) -> Self {
        Self { words: vocabulary::as_heard(self.words), vocabulary_sha256: None, ..self }
    }

    /// The same without the words that are not to be believed: what may be counted and scored.
    #[must_use]
    pub fn believed(&self) -> Self {
        let words = self.words.iter().filter(|w| w.doubt.is_none()).cloned().collect();
        Self { words, ..self.clone() }
    }

    /// The words within a stretch, their times from its start.
    #[must_use]
    pub fn stretch(&self, span: Span) -> Self {
        let inside = self.words.iter().filter(|w| w.start >= span.start && w.start < span.end);
        let moved = |w: &Word| Word { start: w.start - span.start, end: w.end.min(span.end) - span.start, ..w.clone() };
        let within = self.speech.iter().filter(|s| s.start < span.end && s.end > span.start);
        let cut = |s: &Span| Span { start: s.start.max(span.start) - span.start, end: s.end.min(span.end) - span.start };
        Self { words: inside.map(moved).collect(), speech: within.map(cut).collect(), duration: span.length(), ..self.clone() }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    #[error("the model {path} could not be loaded ({reason}); fetch it again with `viva models pull`", path = path.display())]
    Model { path: PathBuf, reason: String },
    #[error("the words could not be written down ({0}); the recording is safe, and `viva analyze` can try again")]
    Engine(String),
    #[error("the transcript {path} cannot be used ({reason}); it must be a JSON file as viva writes it, or a Praat TextGrid with a tier \"words\"", path = path.display())]
    Written { path: PathBuf, reason: String },
    #[error("the list of words {path} cannot be used ({reason}); write one word a line, as in: SystmOne = system one", path = path.display())]
    Vocabulary { path: PathBuf, reason: String },
    #[error("stopped before the words were written down; the recording is safe")]
    Stopped,
    #[error(
        "this computer's processor lacks {0}, which the speech engine of this viva needs; use a newer computer, or have viva built on this one with `GGML_NATIVE=ON cargo build --release`"
    )]
    Processor(String),
}
