//! How high a voice is, every 10 ms: the autocorrelation method of Boersma (1993), which Praat made the standard of phonetics.
//!
//! Sound at 16 kHz goes in block by block; [`Candidates`] come out: for each frame the few pitches that it may have, each with its strength.
//! [`Candidates::track`] then finds the best path through them, on which a leap of pitch and a change between voiced and unvoiced cost
//! something. It goes twice: the first path tells the range of the speaker, the second stays within it. Only levels against the loudest sound
//! count, so that gain changes nothing.
//!
//! P. Boersma, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled sound", Proceedings of the
//! Institute of Phonetic Sciences, University of Amsterdam, 17 (1993), 97-110. Measured against Praat: see `scripts/bench delivery`.

mod autocorrelation;
mod path;

use std::ops::Range;

use super::Span;
use super::resample::WHISPER_RATE;
use autocorrelation::Autocorrelation;

/// Milliseconds from one frame to the next; frame k is centred at k times this.
pub const STEP: u64 = 10;
const STEP_SAMPLES: usize = 160;
/// Samples of the window, 40 ms: three periods of [`FLOOR`], as the method asks for.
const WINDOW: usize = 640;
/// What is looked at when nothing is known of the speaker: Praat's standard (hertz).
const FLOOR: f32 = 75.0;
const CEILING: f32 = 600.0;
/// The lowest pitch that is looked for where the speaker's own range reaches below [`FLOOR`] (hertz).
const LOWEST: f32 = 60.0;
/// A candidate weaker than half of this is none; a frame without one stronger than this has no pitch (Boersma 1993, as all costs and thresholds;
/// the values are standard in Praat).
const VOICING_THRESHOLD: f32 = 0.45;
/// How much a pitch is favoured over the one an octave below.
const OCTAVE_COST: f32 = 0.01;

/// Candidates that are kept of each frame.
const KEPT: usize = 7;
/// Steps of a pitch as it is kept, for an octave: a sixteenth of a cent, and 60 to 600 Hz fit.
const PER_OCTAVE: f32 = 18_724.0;
/// The largest strength and height as they are kept.
const FULL: f32 = 65_535.0;

/// What a track depends on, for the hash of the thresholds.
pub const THRESHOLDS: ([usize; 3], [f32; 5], autocorrelation::Settings, path::Costs) =
    ([STEP_SAMPLES, WINDOW, KEPT], [FLOOR, CEILING, LOWEST, VOICING_THRESHOLD, OCTAVE_COST], autocorrelation::SETTINGS, path::COSTS);

/// A pitch that a frame may have.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Candidate {
    /// Octaves above [`LOWEST`], in units of [`PER_OCTAVE`].
    height: u16,
    /// Normalised autocorrelation, 65,535 for 1; zero where there is no candidate.
    strength: u16,
}

/// One frame, 32 bytes: 12 megabytes for an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Frame {
    /// The largest sample around its centre.
    peak: f32,
    /// In no order.
    candidates: [Candidate; KEPT],
}

/// Listens to a take, block by block, and remembers which pitches each frame may have.
pub struct Tracker {
    autocorrelation: Autocorrelation,
    /// Samples from the start of the window of the next frame on.
    waiting: Vec<f32>,
    /// Samples that came in.
    heard: usize,
    frames: Vec<Frame>,
}

impl Default for Tracker {
    fn default() -> Self {
        // before the first sample there was silence
        Self { autocorrelation: Autocorrelation::default(), waiting: vec![0.0; WINDOW / 2], heard: 0, frames: Vec::new() }
    }
}

impl Tracker {
    /// Takes mono samples at 16 kHz.
    pub fn push(&mut self, samples: &[f32]) {
        self.heard += samples.len();
        // a second at a time, so that a long block takes no more memory than short ones
        for block in samples.chunks(WHISPER_RATE as usize) {
            self.waiting.extend(block.iter().map(|s| if s.is_finite() { s.clamp(-1e6, 1e6) } else { 0.0 }));
            self.hear();
        }
    }

    fn hear(&mut self) {
        let mut start = 0;
        while let Some(window) = self.waiting.get(start..start + WINDOW) {
            self.frames.push(self.autocorrelation.frame(window));
            start += STEP_SAMPLES;
        }
        self.waiting.drain(..start);
    }

    /// The end of the take.
    #[must_use]
    pub fn finish(mut self) -> Candidates {
        // as many frames as begun steps
        self.waiting.resize(self.waiting.len() + WINDOW, 0.0);
        self.hear();
        self.frames.truncate(self.heard.div_ceil(STEP_SAMPLES));
        Candidates { frames: self.frames }
    }
}

/// The pitches that each frame of a take may have.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidates {
    frames: Vec<Frame>,
}

/// The frames whose centres lie in this span.
#[must_use]
pub fn frames_of(span: Span) -> Range<usize> {
    let first_from = |t: u64| usize::try_from(t.div_ceil(STEP)).unwrap_or(usize::MAX);
    first_from(span.start.0)..first_from(span.end.0)
}

impl Candidates {
    /// How many frames there are: as many as begun steps of sound.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// The candidates of these frames alone, of as many of them as there are; the first of them becomes frame 0.
    #[must_use]
    pub fn stretch(&self, frames: Range<usize>) -> Self {
        let end = frames.end.min(self.frames.len());
        Self { frames: self.frames[frames.start.min(end)..end].to_vec() }
    }
}

fn hertz(height: u16) -> f32 {
    LOWEST * (f32::from(height) / PER_OCTAVE).exp2()
}

/// The height of a frequency, as near as it can be kept.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
fn height(hertz: f32) -> u16 {
    ((hertz / LOWEST).log2() * PER_OCTAVE).round().clamp(0.0, FULL) as u16
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A buzz like that of the vocal folds, whose pitch at each part of it (0.0 to 1.0) is told by a function, in hertz.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn voice(ms: usize, pitch: impl Fn(f32) -> f32) -> Vec<f32> {
        let (length, mut phase) = (ms * 16, 0.0_f32);
        let sample = |i: usize| {
            let hertz = pitch(i as f32 / length as f32);
            phase = (phase + hertz / 16_000.0).fract();
            (1..=30_u8).map(f32::from).take_while(|k| k * hertz < 7_000.0).map(|k| (std::f32::consts::TAU * k * phase).sin() / k).sum::<f32>() * 0.1
        };
        (0..length).map(sample).collect()
    }

    pub(crate) fn silence(ms: usize) -> Vec<f32> {
        vec![0.0; ms * 16]
    }

    /// The same on every machine.
    fn noise(ms: usize, size: f32) -> Vec<f32> {
        let mut state = 12_345u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            #[allow(clippy::cast_precision_loss)]
            let unit = (state >> 8) as f32 / 8_388_608.0 - 1.0;
            unit * size
        };
        (0..ms * 16).map(next).collect()
    }

    fn candidates(samples: &[f32]) -> Candidates {
        let mut tracker = Tracker::default();
        tracker.push(samples);
        tracker.finish()
    }

    pub(crate) fn track(samples: &[f32]) -> Vec<Option<f32>> {
        candidates(samples).track()
    }

    #[test]
    fn a_tone_has_its_pitch_from_end_to_end() {
        for hertz in [80.0_f32, 123.4, 200.0, 287.0, 440.0] {
            let track = track(&voice(1_000, |_| hertz));
            assert_eq!(track.len(), 100);
            let off = |f: &Option<f32>| f.is_none_or(|f| (f / hertz - 1.0).abs() > 0.005);
            assert_eq!(track[2..98].iter().filter(|f| off(f)).count(), 0, "{hertz}: {track:?}");
        }
    }

    #[test]
    fn a_glide_is_followed_and_the_silence_around_it_has_no_pitch() {
        let glide = |part: f32| 110.0 * 2.0_f32.powf(part);
        let track = track(&[silence(500), voice(1_000, glide), silence(500)].concat());
        assert!(track[..48].iter().chain(&track[153..]).all(Option::is_none));
        for (k, found) in track.iter().enumerate().take(148).skip(52) {
            #[allow(clippy::cast_precision_loss)]
            let truth = glide((k - 50) as f32 / 100.0);
            assert!(found.is_some_and(|f| (f / truth - 1.0).abs() < 0.01), "{k}: {found:?} {truth}");
        }
    }

    #[test]
    fn silence_noise_and_nothing_have_no_pitch() {
        for samples in
            [vec![], vec![0.5], vec![0.1; 80], silence(2_000), vec![0.3; 32_000], noise(3_000, 0.003), noise(3_000, 0.5), vec![f32::NAN; 32_000]]
        {
            let track = track(&samples);
            assert_eq!(track.len(), samples.len().div_ceil(160));
            assert!(track.iter().all(Option::is_none));
        }
    }

    #[test]
    fn blocks_of_any_size_make_the_same_candidates() {
        let take = [noise(333, 0.01), voice(777, |p| 200.0 - 80.0 * p), noise(121, 0.01)].concat();
        let whole = candidates(&take);
        assert_eq!(size_of_val(&whole.frames[0]), 32, "more than 12 megabytes an hour");
        for size in [1, 7, 160, 1_000, 16_384] {
            let mut tracker = Tracker::default();
            take.chunks(size).for_each(|block| tracker.push(block));
            assert!(tracker.finish() == whole, "blocks of {size}");
        }
    }

    #[test]
    fn gain_changes_nothing() {
        let take = [noise(300, 0.002), voice(900, |p| 150.0 + 60.0 * p), noise(300, 0.002)].concat();
        let plain = track(&take);
        assert!(plain.iter().flatten().count() > 80);
        for gain in [0.001, 0.5, 4.0] {
            let louder: Vec<f32> = take.iter().map(|s| s * gain).collect();
            let same =
                |(a, b): (&Option<f32>, &Option<f32>)| a.is_some() == b.is_some() && a.zip(*b).is_none_or(|(a, b)| (a / b - 1.0).abs() < 0.001);
            assert!(plain.iter().zip(&track(&louder)).all(same), "{gain}");
        }
    }

    #[test]
    fn a_knock_on_the_table_does_not_silence_a_quiet_voice() {
        let quiet: Vec<f32> = voice(2_000, |_| 120.0).iter().map(|s| s * 0.1).collect();
        let track = track(&[noise(30, 1.0), silence(500), quiet].concat());
        assert!(track[60..250].iter().all(Option::is_some));
    }

    #[test]
    fn a_stretch_is_tracked_as_if_it_were_alone() {
        let (low, high) = (voice(1_000, |_| 100.0), voice(1_000, |_| 320.0));
        let both = candidates(&[low, silence(500), high.iter().map(|s| s * 0.01).collect()].concat());
        let alone = both.stretch(frames_of(Span::new(1_500, 9_000)));
        assert_eq!(alone.len(), 100);
        assert!(alone.track()[2..98].iter().all(|f| f.is_some_and(|f| (f - 320.0).abs() < 2.0)));
        assert!(both.stretch(90..90).is_empty() && both.stretch(900..1_000).is_empty());
    }
}
