//! How an answer was said: pace, pauses and fillers, from the samples and the words. Pure: no files, no clock.
//!
//! Silence is measured on the audio, never from word times. Thinking before the first word is no fault and is not counted anywhere.
//! What cannot be measured is absent, not zero.

pub mod filler;
pub mod pace;
pub mod pause;

use serde::{Deserialize, Serialize};

use crate::sound::{Decibels, Millis, Profile, Span, speech};
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
    /// Level of the speech; None where there is none.
    #[serde(default)]
    pub level: Option<Decibels>,
    /// Mean of the engine's probabilities of the words that are believed, in hundredths; None without words.
    #[serde(default)]
    pub mean_probability: Option<f64>,
    /// Words that are not believed, and so stand in no measure.
    #[serde(default)]
    pub doubted_words: usize,
}

/// Measures a take by its sound and the words that are believed. Where none are to be trusted, only the sound is measured: a pace of words that
/// nobody said would be invented.
#[must_use]
pub fn measure(profile: &Profile, transcript: &Transcript, trusted: bool) -> Measures {
    let believed = &transcript.believed();
    let stretches = profile.speech(pause::SHORTEST);
    let span = stretches.first().zip(stretches.last()).map(|(a, b)| Span { start: a.start, end: b.end });
    let heard = Heard {
        duration: profile.duration,
        digital_silence: profile.digital_silence,
        peak: profile.peak,
        span,
        speech: speech::total(&stretches),
        level: profile.level_of(&stretches),
        mean_probability: mean_probability(believed),
        doubted_words: transcript.words.len() - believed.words.len(),
    };
    // the time of words that are not counted does not count either
    let doubted = transcript.words.iter().filter(|w| w.doubt.is_some()).fold(Millis(0), |sum, w| sum + w.span().length());
    let time = span.map(|s| s.length() - doubted);
    let pace = time.filter(|_| trusted).and_then(|t| pace::of(believed, t));
    let fillers = trusted.then(|| filler::find(believed, time));
    Measures { pace, pauses: span.map(|s| pause::between(&stretches, s)), fillers, heard }
}

#[allow(clippy::cast_precision_loss)]
fn mean_probability(transcript: &Transcript) -> Option<f64> {
    let sum: f64 = transcript.words.iter().map(|w| f64::from(w.probability)).sum();
    (!transcript.words.is_empty()).then(|| (sum / transcript.words.len() as f64 * 100.0).round() / 100.0)
}

/// A ratio to one decimal: finer figures would claim more than was measured.
#[must_use]
pub(crate) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
