//! How loud a take is for a listener: momentary loudness after ITU-R BS.1770 and EBU R 128, measured while the sound comes.
//!
//! Mono sound at 16 kHz goes in block by block; out comes one value for each 100 ms, from which the loudness of any stretch can be told.

use ebur128::{EbuR128, Mode};

use super::resample::WHISPER_RATE;
use super::{Millis, Span};

/// Momentary loudness is told this often, over the 400 ms before (EBU Tech 3341).
pub const EVERY: Millis = Millis(100);
const WINDOW: Millis = Millis(400);
/// Below this a block is silence and counts for nothing (BS.1770-4, absolute gate, LUFS).
const ABSOLUTE_GATE: f64 = -70.0;
/// Nor does a block so far below the others (relative gate, LU).
const RELATIVE_GATE: f64 = -10.0;

/// Measures a take while it goes on.
pub struct Meter {
    /// None where the library refuses the rate, which it does not.
    filter: Option<EbuR128>,
    waiting: Vec<f32>,
    momentary: Vec<f32>,
}

impl Default for Meter {
    fn default() -> Self {
        Self { filter: EbuR128::new(1, WHISPER_RATE, Mode::M).ok(), waiting: Vec::new(), momentary: Vec::new() }
    }
}

impl Meter {
    /// Takes mono samples at 16 kHz.
    pub fn push(&mut self, samples: &[f32]) {
        let Some(filter) = &mut self.filter else { return };
        self.waiting.extend_from_slice(samples);
        let block = EVERY.frames(WHISPER_RATE);
        let whole = self.waiting.len() / block * block;
        for block in self.waiting[..whole].chunks_exact(block) {
            let told = filter.add_frames_f32(block).and_then(|()| filter.loudness_momentary());
            // digital silence is minus infinity, which JSON does not know
            #[allow(clippy::cast_possible_truncation)]
            self.momentary.push(told.map_or(-120.0, |l| l.max(-120.0) as f32));
        }
        self.waiting.drain(..whole);
    }

    #[must_use]
    pub fn finish(self) -> Loudness {
        Loudness { momentary: self.momentary }
    }
}

/// Momentary loudness of a take, LUFS, one value for each 100 ms, over the 400 ms that end there; a voice counts as one channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loudness {
    momentary: Vec<f32>,
}

impl Loudness {
    /// Integrated loudness of all windows that lie in these stretches, gated twice, LUFS; None where nothing is loud enough.
    #[must_use]
    pub fn integrated(&self, stretches: &[Span]) -> Option<f64> {
        let loud: Vec<f64> = self.within(stretches).filter(|l| *l > ABSOLUTE_GATE).collect();
        let gate = mean_of(&loud)? + RELATIVE_GATE;
        mean_of(&loud.into_iter().filter(|l| *l > gate).collect::<Vec<_>>())
    }

    /// The windows that lie in these stretches from beginning to end.
    pub fn within(&self, stretches: &[Span]) -> impl Iterator<Item = f64> {
        let whole = |s: &Span| Self::index(s.start + WINDOW)..=s.end.0.checked_div(EVERY.0).and_then(|i| usize::try_from(i).ok()).unwrap_or(0);
        stretches.iter().flat_map(whole).filter_map(|i| self.momentary.get(i.checked_sub(1)?).copied()).map(f64::from)
    }

    /// The number of the first window that ends at this time or later, from 1.
    fn index(time: Millis) -> usize {
        usize::try_from(time.0.div_ceil(EVERY.0)).unwrap_or(usize::MAX)
    }

    /// Of a stretch of the take, its times from the start of the stretch.
    #[must_use]
    pub fn stretch(&self, span: Span) -> Self {
        let at = |t: Millis| usize::try_from(t.0 / EVERY.0).unwrap_or(usize::MAX).min(self.momentary.len());
        Self { momentary: self.momentary[at(span.start)..at(span.end)].to_vec() }
    }
}

/// The mean of loudnesses as powers; None of none.
#[allow(clippy::cast_precision_loss)]
fn mean_of(loudness: &[f64]) -> Option<f64> {
    let power: f64 = loudness.iter().map(|l| 10f64.powf(l / 10.0)).sum();
    (!loudness.is_empty()).then(|| 10.0 * (power / loudness.len() as f64).log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::cast_precision_loss)]
    fn tone(hertz: f32, decibels: f32, seconds: usize) -> Vec<f32> {
        let size = 10f32.powf(decibels / 20.0);
        (0..seconds * 16_000).map(|i| size * (std::f32::consts::TAU * hertz * i as f32 / 16_000.0).sin()).collect()
    }

    fn of(samples: &[f32], block: usize) -> Loudness {
        let mut meter = Meter::default();
        samples.chunks(block).for_each(|b| meter.push(b));
        meter.finish()
    }

    #[test]
    fn the_reference_tone_has_the_loudness_that_the_standard_says() {
        // BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS
        let loudness = of(&tone(997.0, -20.0, 5), 1_000).integrated(&[Span::new(0, 5_000)]).unwrap();
        assert!((loudness - -23.01).abs() < 0.1, "{loudness}");
    }

    #[test]
    fn silence_has_none_and_beside_a_voice_it_does_not_count() {
        assert_eq!(of(&vec![0.0; 32_000], 160).integrated(&[Span::new(0, 2_000)]), None);
        assert_eq!(Loudness::default().integrated(&[]), None);
        let mixed: Vec<f32> = tone(997.0, -20.0, 5).into_iter().chain(vec![0.0; 80_000]).collect();
        let loudness = of(&mixed, 777).integrated(&[Span::new(0, 10_000)]).unwrap();
        assert!((loudness - -23.01).abs() < 0.3, "{loudness}");
    }

    #[test]
    fn blocks_of_any_size_give_the_same() {
        let sound = tone(300.0, -30.0, 2);
        assert_eq!(of(&sound, 1), of(&sound, 32_000));
    }
}
