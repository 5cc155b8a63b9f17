//! How an answer was said: pace, pauses and fillers, from the samples and the words. Pure: no files, no clock.
//!
//! Silence is measured on the audio, never from word times. Thinking before the first word is no fault and is not counted anywhere.
//! What cannot be measured is absent, not zero.

pub mod filler;
pub mod pace;
pub mod pause;

use serde::{Deserialize, Serialize};

use crate::sound::{Clip, Decibels, Millis, Span, speech};
use crate::transcribe::Transcript;

pub use filler::Fillers;
pub use pace::Pace;
pub use pause::Pauses;

/// All measures of one take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    pub heard: Heard,
    /// None where too little was said, or the words are not to be trusted.
    pub pace: Option<Pace>,
    /// None where nothing was said.
    pub pauses: Option<Pauses>,
    /// None where the words are not to be trusted.
    pub fillers: Option<Fillers>,
}

/// What the audio alone says of a take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Of the whole recording.
    pub duration: Millis,
    /// Every sample is zero: no microphone was heard at all.
    pub digital_silence: bool,
    /// None for digital silence.
    pub peak: Option<Decibels>,
    /// First to last sound of speech; None where there is none.
    pub span: Option<Span>,
    /// Time in which somebody speaks.
    pub speech: Millis,
}

/// Measures a take. Where the words are not to be trusted, only the sound is measured: a pace of words that nobody said would be invented.
#[must_use]
pub fn measure(clip: &Clip, transcript: &Transcript, trusted: bool) -> Measures {
    let stretches = speech::stretches(clip, pause::SHORTEST);
    let span = stretches.first().zip(stretches.last()).map(|(a, b)| Span { start: a.start, end: b.end });
    let heard =
        Heard { duration: clip.duration(), digital_silence: clip.is_digital_silence(), peak: clip.peak(), span, speech: speech::total(&stretches) };
    let pace = span.filter(|_| trusted).and_then(|s| pace::of(transcript, s));
    let fillers = trusted.then(|| filler::find(transcript, span));
    Measures { pace, pauses: span.map(|s| pause::between(&stretches, s)), fillers, heard }
}

/// A ratio to one decimal: finer figures would claim more than was measured.
#[must_use]
pub(crate) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
