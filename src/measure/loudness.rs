//! How loud an answer was, and how clearly it stood out from the room.

use serde::{Deserialize, Serialize};

use super::tenth;
use crate::sound::{Decibels, Millis, Profile, Span};
use crate::transcribe::Word;

/// The room is listened to this far from any speech: a voice takes so long to die away.
const AWAY: Millis = Millis(200);
/// The end of a sentence is its last so much.
const ENDING: Millis = Millis(500);
/// Shorter sentences have no end that could be told from the rest.
const SHORTEST_SENTENCE: Millis = Millis(1_500);
/// An end so far below its sentence is lost in a room (dB). Voices sink by 5 to 8 dB over a sentence in any case.
pub const FADING: f64 = 12.0;

/// For the hash of the thresholds.
pub const THRESHOLDS: ([Millis; 3], f64) = ([AWAY, ENDING, SHORTEST_SENTENCE], FADING);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Loudness {
    /// Active speech level: root mean square of where somebody speaks, dBFS.
    pub level: Option<Decibels>,
    /// Integrated loudness of the speech after EBU R 128, LUFS, one channel. To one decimal.
    pub lufs: Option<f64>,
    /// Standard deviation of the momentary loudness (400 ms) while somebody speaks, dB. To one decimal.
    pub variation: Option<f64>,
    /// Ends of sentences that are lost.
    pub fading: Vec<Fading>,
    /// Sentences that were long enough to be looked at.
    pub sentences: usize,
    /// Samples at full scale; None where it is not known.
    pub clipped: Option<u64>,
    /// Of the room, where nobody speaks, dBFS; None where the take has no quiet place.
    pub noise_floor: Option<Decibels>,
    /// Signal-to-noise ratio: how far the speech stands above the room, dB. To one decimal.
    pub signal_to_noise: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fading {
    /// The end of the sentence.
    pub span: Span,
    /// How far it lies below its sentence, dB. To one decimal.
    pub below: f64,
}

/// The loudness of the speech in these stretches; the words tell where sentences end.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn of(profile: &Profile, stretches: &[Span], words: &[Word]) -> Option<Loudness> {
    let level = profile.level_of(stretches)?;
    let momentary: Vec<f64> = profile.loudness.within(stretches).collect();
    let mean = momentary.iter().sum::<f64>() / momentary.len().max(1) as f64;
    let spread = (momentary.iter().map(|l| (l - mean).powi(2)).sum::<f64>() / momentary.len().max(1) as f64).sqrt();
    let noise_floor = profile.noise_floor(stretches, AWAY);
    let sentences: Vec<Span> = sentences(words).filter(|s| s.length() >= SHORTEST_SENTENCE).collect();
    let fading = sentences.iter().filter_map(|s| fading(profile, stretches, *s)).collect();
    Some(Loudness {
        level: Some(level),
        lufs: profile.loudness.integrated(stretches).map(tenth),
        variation: (momentary.len() >= 2).then(|| tenth(spread)),
        fading,
        sentences: sentences.len(),
        clipped: profile.clipped,
        noise_floor,
        signal_to_noise: noise_floor.map(|floor| tenth(f64::from(level.0 - floor.0))),
    })
}

/// From the first word of each sentence to its last. Words after the last mark are none that is over.
fn sentences(words: &[Word]) -> impl Iterator<Item = Span> {
    let ended = words.split_inclusive(Word::ends_sentence).filter(|s| s.last().is_some_and(Word::ends_sentence));
    ended.filter_map(|s| Some(Span { start: s.first()?.start, end: s.last()?.end }))
}

fn fading(profile: &Profile, stretches: &[Span], sentence: Span) -> Option<Fading> {
    let within = |part: Span| -> Vec<Span> { stretches.iter().map(|s| s.overlap(part)).filter(|s| s.length() > Millis(0)).collect() };
    let end = Span { start: sentence.end - ENDING, end: sentence.end };
    let below = f64::from(profile.level_of(&within(sentence))?.0 - profile.level_of(&within(end))?.0);
    (below >= FADING).then(|| Fading { span: end, below: tenth(below) })
}
