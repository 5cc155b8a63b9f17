//! A clip: mono samples and their rate. What a voice renders, what a recording becomes.

use serde::{Deserialize, Serialize};

use super::{Millis, Span};

/// Mono sound. Samples are in -1.0..=1.0 (a louder file is kept as it is, not clipped); `rate` is in frames a second, above 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clip {
    pub samples: Vec<f32>,
    pub rate: u32,
}

/// A level in decibels relative to full scale, rounded to a tenth. Digital silence has no level, so it is an `Option` wherever it occurs.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decibels(pub f32);

impl Decibels {
    /// The level of an amplitude, where 1.0 is full scale: 20 log10(amplitude). None for zero.
    #[must_use]
    pub fn of_amplitude(amplitude: f32) -> Option<Self> {
        (amplitude > 0.0).then(|| Self((200.0 * amplitude.log10()).round() / 10.0))
    }
}

impl Clip {
    #[must_use]
    pub fn new(samples: Vec<f32>, rate: u32) -> Self {
        Self { samples, rate }
    }

    #[must_use]
    pub fn duration(&self) -> Millis {
        Millis::of_frames(self.samples.len(), self.rate)
    }

    /// The largest absolute sample; None for digital silence.
    #[must_use]
    pub fn peak(&self) -> Option<Decibels> {
        Decibels::of_amplitude(self.samples.iter().fold(0.0, |peak, s| s.abs().max(peak)))
    }

    /// Whether every single sample is zero: a microphone that is muted, forbidden, or none at all. Real rooms are never this quiet.
    #[must_use]
    pub fn is_digital_silence(&self) -> bool {
        self.samples.iter().all(|s| *s == 0.0)
    }

    /// A copy of the given stretch, cut to what there is.
    #[must_use]
    pub fn stretch(&self, span: Span) -> Self {
        let end = span.end.frames(self.rate).min(self.samples.len());
        let start = span.start.frames(self.rate).min(end);
        Self::new(self.samples[start..end].to_vec(), self.rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_has_no_level_and_full_scale_is_zero() {
        assert_eq!(Clip::new(vec![0.0; 10], 16_000).peak(), None);
        assert_eq!(Clip::new(vec![0.0, -1.0], 16_000).peak(), Some(Decibels(0.0)));
        assert!(Clip::new(vec![], 16_000).is_digital_silence());
    }

    #[test]
    fn a_stretch_past_the_end_is_cut() {
        let clip = Clip::new(vec![0.5; 16_000], 16_000);
        assert_eq!(clip.stretch(Span::new(900, 2000)).samples.len(), 1600);
        assert_eq!(clip.stretch(Span::new(3000, 4000)).samples.len(), 0);
    }
}
