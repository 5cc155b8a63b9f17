//! How an answer was said: pace, pauses, fillers, pitch, loudness and wording, from the sound and the words. Pure: no files, no clock.
//!
//! Silence is measured on the audio; word times only keep it from being found inside a word. Thinking before the first word is no fault and is
//! counted nowhere. What cannot be measured is absent, not zero.

pub mod baseline;
pub mod delivery;
pub mod filler;
pub mod hesitation;
pub mod loudness;
pub mod pace;
pub mod pause;
pub mod pitch;
pub mod remark;
pub mod syllable;
pub mod wording;

use serde::{Deserialize, Serialize};

use crate::sound::{Decibels, Millis, Profile, Span, speech};
use crate::transcribe::{Transcript, Word};

pub use delivery::{Delivery, Marks, Measure};
pub use filler::Fillers;
pub use loudness::Loudness;
pub use pace::Pace;
pub use pause::Pauses;
pub use pitch::Pitch;
pub use wording::Wording;

/// All measures of one take. Each is None where it was switched off, too little was said, or, for those of words, the words are not to be trusted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    pub heard: Heard,
    #[serde(deserialize_with = "if_whole")]
    pub pace: Option<Pace>,
    pub pauses: Option<Pauses>,
    pub fillers: Option<Fillers>,
    #[serde(default)]
    pub pitch: Option<Pitch>,
    #[serde(default)]
    pub loudness: Option<Loudness>,
    #[serde(default)]
    pub wording: Option<Wording>,
    /// What was switched off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Measure>,
}

/// None for what an earlier version measured in less detail: figures that it did not know must not read as zeros.
fn if_whole<'de, D: serde::Deserializer<'de>, T: serde::de::DeserializeOwned>(from: D) -> Result<Option<T>, D::Error> {
    let value: serde_json::Value = Deserialize::deserialize(from)?;
    Ok(serde_json::from_value(value).ok())
}

/// What the audio alone says of a take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Of the whole recording.
    pub duration: Millis,
    /// Every sample is zero: no microphone was heard at all.
    pub digital_silence: bool,
    /// None for digital silence.
    pub peak: Option<Decibels>,
    /// From the first word to the last, or where there are none to be trusted, from first to last sound of speech; None where there is none. What
    /// lies before it is time to think.
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

/// How a take is to be measured.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub delivery: &'a Delivery,
    pub marks: Option<&'a Marks>,
    /// The question's text, where it is known.
    pub question: Option<&'a str>,
    /// Whether the words are to be trusted: a pace of words that nobody said would be invented.
    pub trusted: bool,
}

impl Measures {
    /// Nothing but the facts of the sound.
    #[must_use]
    pub fn of_sound(heard: Heard) -> Self {
        Self { heard, pace: None, pauses: None, fillers: None, pitch: None, loudness: None, wording: None, without: Vec::new() }
    }
}

/// Measures a take by its sound and the words that are believed.
#[must_use]
pub fn measure(profile: &Profile, transcript: &Transcript, terms: Terms) -> Measures {
    let believed = &transcript.believed();
    let words: &[Word] = if terms.trusted { &believed.words } else { &[] };
    let stretches = profile.speech(pause::SHORTEST);
    let of_words = words.first().zip(words.iter().map(|w| w.end).max()).map(|(first, end)| Span { start: first.start, end });
    let span = of_words.or_else(|| stretches.first().zip(stretches.last()).map(|(a, b)| Span { start: a.start, end: b.end }));
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
    let mut measures = Measures { without: terms.delivery.off(), ..Measures::of_sound(heard) };
    let wanted = |measure| terms.delivery.measures(measure);
    if wanted(Measure::Pitch) {
        let last_words: Vec<Span> = words.iter().filter(|w| w.ends_sentence()).map(Word::span).collect();
        measures.pitch = pitch::of(&profile.pitch.track(), &stretches, &last_words);
    }
    if wanted(Measure::Loudness) {
        measures.loudness = loudness::of(profile, &stretches, words);
    }
    let Some(span) = span else { return measures };
    let voiced = voiced(&profile.speech(Millis(0)), words, span);
    let pauses = pause::between(&voiced, span, words);
    // the time of words that are not counted does not count either, be it sound or silence
    let doubted: Vec<Span> = transcript.words.iter().filter(|w| w.doubt.is_some()).map(|w| w.span().overlap(span)).collect();
    let silent = pauses.silent.iter().map(|p| p.span.length() - doubted.iter().fold(Millis(0), |sum, d| sum + d.overlap(p.span).length()));
    let silent = silent.fold(Millis(0), |sum, s| sum + s);
    let time = span.length() - speech::total(&doubted);
    if wanted(Measure::Pace) && terms.trusted {
        measures.pace = pace::of(words, span, time, silent);
    }
    if wanted(Measure::Fillers) && !words.is_empty() {
        let meant =
            filler::Meant { phrases: terms.delivery.on_purpose.clone(), places: terms.marks.map_or_else(Vec::new, |m| m.not_fillers.clone()) };
        let spans: Vec<Span> = words.iter().map(Word::span).collect();
        let heard = hesitation::find(&profile.formants, &spans);
        let mut fillers = filler::find(believed, &heard, Some(time), &meant);
        fillers.band = fillers.per_minute.filter(|_| terms.delivery.has_bands()).map(|rate| filler::Band::of(rate, terms.delivery.fillers));
        measures.fillers = Some(fillers);
    }
    if wanted(Measure::Wording) && !words.is_empty() {
        measures.wording = Some(wording::of(believed, terms.question));
    }
    measures.pauses = Some(pauses).filter(|_| wanted(Measure::Pauses));
    measures
}

/// A shorter sound that is part of no word is a breath or a click: no filled pause is so short either.
const NO_SPEECH: Millis = Millis(160);

/// Where a voice is heard or a word stands, within `span`, in order and at least [`pause::SHORTEST`] apart. `sounds` are those of speech, however near
/// to each other.
fn voiced(sounds: &[Span], words: &[Word], span: Span) -> Vec<Span> {
    let ends_in_order = words.iter().scan(Millis(0), |latest, w| {
        *latest = w.end.max(*latest);
        Some(*latest)
    });
    let ends: Vec<Millis> = ends_in_order.collect();
    let in_a_word = |s: &Span| words.get(ends.partition_point(|end| *end <= s.start)).is_some_and(|w| w.start < s.end);
    let stretches: Vec<Span> = sounds.iter().copied().filter(|s| words.is_empty() || s.length() >= NO_SPEECH || in_a_word(s)).collect();
    let mut all: Vec<Span> =
        stretches.iter().copied().chain(words.iter().map(Word::span)).map(|s| s.overlap(span)).filter(|s| s.start < s.end).collect();
    all.sort_unstable_by_key(|s| s.start);
    let mut joined: Vec<Span> = Vec::new();
    for next in all {
        match joined.last_mut() {
            Some(last) if next.start - last.end < pause::SHORTEST => last.end = last.end.max(next.end),
            _ => joined.push(next),
        }
    }
    joined
}

#[allow(clippy::cast_precision_loss)]
fn mean_probability(transcript: &Transcript) -> Option<f64> {
    let sum: f64 = transcript.words.iter().map(|w| f64::from(w.probability)).sum();
    (!transcript.words.is_empty()).then(|| (sum / transcript.words.len() as f64 * 100.0).round() / 100.0)
}

/// A figure to one decimal: finer ones would claim more than was measured.
#[must_use]
pub(crate) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
pub(crate) mod tests {
    pub(crate) use super::filler::tests::said;
}
