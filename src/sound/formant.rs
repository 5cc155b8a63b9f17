//! What the mouth does: level, first two resonances (formants) and how clear they are, every 10 ms.
//!
//! Sound at 16 kHz goes in block by block; one [`Frame`] for each whole 10 ms comes out (6 MB an hour). Beside the frames it remembers only the
//! last 32 ms. The resonances are the first two peaks of the spectrum that a linear prediction of order 10 at 8 kHz draws (the prediction: Burg
//! 1975; peaks as formants: Markel & Gray 1976, chapter 7). It never says whether anything is speech.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Milliseconds of one frame.
pub const STEP: u64 = 10;
/// Samples of one frame at 16 kHz, and at the 8 kHz at which formants are looked for: the first two lie below 3 kHz.
const HOP: usize = 160;
const LOW_HOP: usize = HOP / 2;
/// Samples of the window at 8 kHz: 32 ms, three periods of a low voice.
const WINDOW: usize = 256;
/// A pair of poles for each of four formants below 4 kHz, and one for the slope of the spectrum (Markel & Gray 1976: one pole a kilohertz and two).
const ORDER: usize = 10;
/// Points of the spectrum from 0 to 8 kHz: 31 Hz each, interpolated between them.
const POINTS: usize = 256;
#[allow(clippy::cast_precision_loss)] // 256
const HERTZ_A_POINT: f32 = 8_000.0 / POINTS as f32;
/// No first formant lies below this point (219 Hz): a peak there is hum or the voice's own pitch.
const LOWEST: usize = 7;
/// Peaks with a valley of less than 1 dB between them are one.
const RIPPLE: f32 = 1.26;
/// Half-band low-pass, a windowed sinc (Hamming): so many taps on each side, at odd distances from the middle; the even ones are zero.
const TAPS: usize = 8;
/// Samples before and after the middle of that filter.
const REACH: usize = 2 * TAPS - 1;
/// The level of digital silence (decibels).
const SILENCE: f32 = -120.0;
/// No sample is larger; it keeps the squares finite.
const LARGEST: f32 = 1e6;

/// What 10 ms sound like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Frame {
    /// Level between 180 Hz and 4 kHz, dBFS over 32 ms; -120 for silence.
    pub level: f32,
    /// First and second resonance in hertz; 0 where there is none.
    pub first: u16,
    pub second: u16,
    /// How far those two stand out from the valley between them and the one behind (decibels).
    pub depth: f32,
    /// What lies above 4 kHz against what lies below (decibels).
    pub hiss: f32,
}

/// Listens to a take, block by block.
pub struct Analyzer {
    /// Samples at 16 kHz that the low-pass still needs.
    waiting: Vec<f32>,
    taps: [f32; TAPS],
    high_pass: [HighPass; 2],
    /// Samples at 8 kHz that no frame has had in its middle yet, with half a window before them.
    low: Vec<f32>,
    /// Sum of squares above 4 kHz, of the samples of `low` that no frame has had.
    high: Vec<f32>,
    burg: Burg,
    frames: Vec<Frame>,
    /// Samples pushed.
    pushed: usize,
}

impl Default for Analyzer {
    #[allow(clippy::cast_precision_loss)] // 15
    fn default() -> Self {
        let tap = |i: usize| {
            let at = (2 * i + 1) as f32;
            let window = 0.54 + 0.46 * (std::f32::consts::PI * at / (REACH + 1) as f32).cos();
            (std::f32::consts::FRAC_PI_2 * at).sin() / (std::f32::consts::PI * at) * window
        };
        Self {
            waiting: vec![0.0; REACH],
            taps: std::array::from_fn(tap),
            high_pass: [HighPass::default(), HighPass::default()],
            low: vec![0.0; (WINDOW - LOW_HOP) / 2],
            high: Vec::new(),
            burg: Burg::default(),
            frames: Vec::new(),
            pushed: 0,
        }
    }
}

impl Analyzer {
    /// Takes mono samples at 16 kHz; blocks of any size.
    pub fn push(&mut self, samples: &[f32]) {
        self.pushed += samples.len();
        for block in samples.chunks(16 * HOP) {
            self.take(block);
        }
    }

    fn take(&mut self, block: &[f32]) {
        self.waiting.extend(block.iter().map(|s| if s.is_finite() { s.clamp(-LARGEST, LARGEST) } else { 0.0 }));
        let mut at = 0;
        // of two samples one is kept, so only that one is computed
        while at + 2 * REACH < self.waiting.len() {
            let around = &self.waiting[at..=at + 2 * REACH];
            let sides: f32 = self.taps.iter().enumerate().map(|(i, t)| t * (around[REACH - 2 * i - 1] + around[REACH + 2 * i + 1])).sum();
            let low = 0.5 * around[REACH] + sides;
            self.high.push((around[REACH] - low).powi(2));
            let [first, second] = &mut self.high_pass;
            self.low.push(second.run(first.run(low)));
            at += 2;
        }
        self.waiting.drain(..at);
        let mut hops = 0;
        while self.low.len() >= hops * LOW_HOP + WINDOW && self.high.len() >= (hops + 1) * LOW_HOP {
            let frame = self.hear(hops * LOW_HOP);
            self.frames.push(frame);
            hops += 1;
        }
        self.low.drain(..hops * LOW_HOP);
        self.high.drain(..hops * LOW_HOP);
    }

    /// The frame whose window starts here.
    #[allow(clippy::cast_precision_loss)] // 80
    fn hear(&mut self, at: usize) -> Frame {
        let high: f32 = self.high[at..at + LOW_HOP].iter().sum();
        let (power, shape) = self.burg.predict(&self.low[at..at + WINDOW]);
        let level = decibels(power);
        let (first, second, depth) = self.burg.formants(&shape);
        Frame { level, first, second, depth, hiss: decibels(high / LOW_HOP as f32) - level }
    }

    /// The end of the take.
    #[must_use]
    pub fn finish(mut self) -> Vec<Frame> {
        let wanted = self.pushed / HOP;
        while self.frames.len() < wanted {
            self.take(&[0.0; HOP]);
        }
        self.frames.truncate(wanted);
        self.frames
    }
}

fn decibels(power: f32) -> f32 {
    if power > 1e-12 { 10.0 * power.log10() } else { SILENCE }
}

/// Butterworth high-pass at 180 Hz for 8 kHz (bilinear transform), direct form 2 transposed: hum and rumble must not pass for a formant.
#[derive(Default)]
struct HighPass(f32, f32);

impl HighPass {
    /// tan(pi * 180 / 8000), and the coefficients that follow from it.
    const K: f32 = 0.070_803;
    const NORM: f32 = 1.0 / (1.0 + std::f32::consts::SQRT_2 * Self::K + Self::K * Self::K);
    const A1: f32 = 2.0 * (Self::K * Self::K - 1.0) * Self::NORM;
    const A2: f32 = (1.0 - std::f32::consts::SQRT_2 * Self::K + Self::K * Self::K) * Self::NORM;

    fn run(&mut self, sample: f32) -> f32 {
        let out = Self::NORM * sample + self.0;
        self.0 = -2.0 * Self::NORM * sample - Self::A1 * out + self.1;
        self.1 = Self::NORM * sample - Self::A2 * out;
        out
    }
}

/// Coefficients of a prediction, the first is 1.
type Shape = [f32; ORDER + 1];

struct Burg {
    window: Vec<f32>,
    forward: Vec<f32>,
    backward: Vec<f32>,
    transform: Arc<dyn RealToComplex<f32>>,
    padded: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl Default for Burg {
    #[allow(clippy::cast_precision_loss)] // 256
    fn default() -> Self {
        let hann = |i: usize| 0.5 - 0.5 * (std::f32::consts::TAU * (i as f32 + 0.5) / WINDOW as f32).cos();
        let transform = RealFftPlanner::new().plan_fft_forward(POINTS);
        Self {
            window: (0..WINDOW).map(hann).collect(),
            forward: vec![0.0; WINDOW],
            backward: vec![0.0; WINDOW],
            padded: vec![0.0; POINTS],
            spectrum: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
        }
    }
}

impl Burg {
    /// Mean square of the sound under the window, and the prediction of the sound with its high parts raised by 6 dB an octave.
    #[allow(clippy::cast_precision_loss)] // 256
    fn predict(&mut self, sound: &[f32]) -> (f32, Shape) {
        let mut shape = [0.0; ORDER + 1];
        shape[0] = 1.0;
        let power = sound.iter().zip(&self.window).map(|(s, w)| (s * w).powi(2)).sum::<f32>() / (0.375 * WINDOW as f32);
        // a voice falls by 6 dB an octave from the larynx to the lips; against that, as every formant tracker does
        self.forward[0] = 0.0;
        for i in 1..WINDOW {
            self.forward[i] = (sound[i] - 0.97 * sound[i - 1]) * self.window[i];
        }
        // the loudness must not matter, nor must numbers become too small
        let largest = self.forward.iter().fold(0.0f32, |l, s| l.max(s.abs()));
        if largest < 1e-9 {
            return (power, shape);
        }
        self.forward.iter_mut().for_each(|s| *s /= largest);
        self.backward.copy_from_slice(&self.forward);
        // both ends of the window are zero, so leaving one sample out at each is no matter here
        let mut energy = 2.0 * product(&self.forward, &self.forward);
        for order in 1..=ORDER {
            let (forward, backward) = (&mut self.forward[order..], &mut self.backward[..WINDOW - order]);
            if energy <= f32::EPSILON {
                break;
            }
            let reflection = -2.0 * product(forward, backward) / energy;
            for (f, b) in forward.iter_mut().zip(backward.iter_mut()) {
                let before = *f;
                *f += reflection * *b;
                *b += reflection * before;
            }
            // Andersen 1978: the energy of the next order follows from this one's
            energy = (1.0 - reflection * reflection) * energy - forward[0].powi(2) - backward[WINDOW - order - 1].powi(2);
            let before = shape;
            for i in 1..=order {
                shape[i] = before[i] + reflection * before[order - i];
            }
        }
        (power, shape)
    }

    /// First and second peak of the spectrum in hertz, and the smaller of how far each stands out.
    fn formants(&mut self, shape: &Shape) -> (u16, u16, f32) {
        self.padded.fill(0.0);
        self.padded[..=ORDER].copy_from_slice(shape);
        // the lengths are those that the transform was made for
        if self.transform.process_with_scratch(&mut self.padded, &mut self.spectrum, &mut self.scratch).is_err() {
            return (0, 0, 0.0);
        }
        // a peak is where the inverse is least, its valley where it is largest before the next peak
        let inverse = |i: usize| self.spectrum[i].norm_sqr();
        let (mut peaks, mut found) = ([Peak::default(); ORDER / 2 + 1], 0);
        let (mut left, mut here) = (inverse(LOWEST - 1), inverse(LOWEST));
        for i in LOWEST..POINTS / 2 {
            let right = inverse(i + 1);
            if here < left && here <= right && found < peaks.len() {
                let bend = left - 2.0 * here + right;
                let aside = if bend > 0.0 { 0.5 * (left - right) / bend } else { 0.0 };
                peaks[found] = Peak { hertz: (index(i) + aside) * HERTZ_A_POINT, least: here, valley: here };
                found += 1;
            } else if let Some(last) = found.checked_sub(1) {
                peaks[last].valley = peaks[last].valley.max(here);
            }
            (left, here) = (here, right);
        }
        // the voice's own harmonics make ripples on a formant
        let mut i = 0;
        while i + 1 < found {
            let (one, next) = (peaks[i], peaks[i + 1]);
            if one.valley < RIPPLE * one.least.max(next.least) {
                let taller = if one.least <= next.least { one } else { next };
                peaks[i] = Peak { valley: next.valley, ..taller };
                peaks.copy_within(i + 2..found, i + 1);
                found -= 1;
                i = i.saturating_sub(1);
            } else {
                i += 1;
            }
        }
        match peaks[..found] {
            [] => (0, 0, 0.0),
            [first] => (hertz(first.hertz), 0, 0.0),
            [first, second, ..] => {
                let least = (first.valley / first.least.max(second.least).max(1e-12)).min(second.valley / second.least.max(1e-12));
                (hertz(first.hertz), hertz(second.hertz), decibels(least.max(1.0)))
            }
        }
    }
}

/// A peak of the spectrum: where, and the inverse of the spectrum there and in the valley behind.
#[derive(Clone, Copy, Default)]
struct Peak {
    hertz: f32,
    least: f32,
    valley: f32,
}

/// The sum of the products, in eight lanes, so that the compiler can do eight at a time.
fn product(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (ones, others) = (one.chunks_exact(8), other.chunks_exact(8));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 4,000
fn hertz(value: f32) -> u16 {
    value.clamp(0.0, 4_000.0).round() as u16
}

#[allow(clippy::cast_precision_loss)] // 128
fn index(point: usize) -> f32 {
    point as f32
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)] // small numbers
pub(crate) mod tests {
    use super::*;

    /// A voice of 120 Hz through resonators at these frequencies (Klatt 1980), 80 Hz wide.
    pub(crate) fn vowel(ms: usize, formants: &[f32]) -> Vec<f32> {
        let mut sound: Vec<f32> = (0..ms * 16).map(|i| if i % 133 == 0 { 1.0 } else { 0.0 }).collect();
        for hertz in formants {
            let radius = (-std::f32::consts::PI * 80.0 / 16_000.0).exp();
            let (b, c) = (2.0 * radius * (std::f32::consts::TAU * hertz / 16_000.0).cos(), -radius * radius);
            let (mut one, mut two) = (0.0, 0.0);
            for s in &mut sound {
                *s = (1.0 - b - c) * *s + b * one + c * two;
                (two, one) = (one, *s);
            }
        }
        let power = sound.iter().map(|s| s * s).sum::<f32>() / (ms * 16).max(1) as f32;
        sound.into_iter().map(|s| s * 0.1 / power.sqrt().max(1e-9)).collect()
    }

    /// Noise of this size, the same on every machine.
    pub(crate) fn noise(ms: usize, size: f32) -> Vec<f32> {
        let mut state = 12_345u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 8) as f32 / 8_388_608.0 - 1.0) * size
        };
        (0..ms * 16).map(next).collect()
    }

    pub(crate) fn frames(sound: &[f32]) -> Vec<Frame> {
        let mut analyzer = Analyzer::default();
        analyzer.push(sound);
        analyzer.finish()
    }

    #[test]
    fn the_resonances_of_a_vowel_are_found() {
        for (first, second) in [(500.0, 1400.0), (300.0, 2300.0), (700.0, 1100.0), (650.0, 1250.0)] {
            for frame in &frames(&vowel(500, &[first, second, 2900.0]))[5..45] {
                // a low one is drawn to the nearest harmonic of the voice
                assert!((f32::from(frame.first) - first).abs() < 90.0, "{first} {frame:?}");
                assert!((f32::from(frame.second) - second).abs() < 60.0, "{second} {frame:?}");
                assert!((frame.level + 20.0).abs() < 2.0 && frame.depth > 4.0 && frame.hiss < -15.0, "{frame:?}");
            }
        }
    }

    #[test]
    fn a_sound_stands_where_it_is() {
        let sound = [vec![0.0; 16 * 300], vowel(200, &[500.0, 1400.0]), vec![0.0; 16 * 300]].concat();
        let frames = frames(&sound);
        let loud: Vec<usize> = (0..frames.len()).filter(|i| frames[*i].level > -26.0).collect();
        assert!(loud[0].abs_diff(30) <= 1 && loud.last().unwrap().abs_diff(49) <= 1, "{loud:?}");
    }

    #[test]
    fn noise_hisses_and_has_no_clear_resonance() {
        let frames = frames(&noise(2000, 0.1));
        let mean = |value: fn(&Frame) -> f32| frames.iter().map(value).sum::<f32>() / frames.len() as f32;
        assert!(mean(|f| f.depth) < 5.0, "{}", mean(|f| f.depth));
        assert!(mean(|f| f.hiss) > -5.0, "{}", mean(|f| f.hiss));
    }

    #[test]
    fn the_size_of_the_blocks_changes_nothing() {
        let sound = [noise(100, 0.01), vowel(300, &[500.0, 1400.0, 2500.0]), noise(101, 0.01)].concat();
        let whole = frames(&sound);
        assert_eq!(whole.len(), 50);
        for size in [1, 7, 160, 333, 5000] {
            let mut analyzer = Analyzer::default();
            sound.chunks(size).for_each(|block| analyzer.push(block));
            assert_eq!(analyzer.finish(), whole, "blocks of {size}");
        }
    }

    #[test]
    fn nothing_silence_and_numbers_that_are_none() {
        assert!(frames(&[]).is_empty() && frames(&[0.1; 159]).is_empty());
        assert!(frames(&[0.0; 1600]).iter().all(|f| *f == Frame { level: SILENCE, hiss: 0.0, ..Frame::default() }));
        for sample in [f32::NAN, f32::INFINITY, f32::MAX, f32::MIN_POSITIVE, 1.0] {
            assert!(frames(&vec![sample; 3200]).iter().all(|f| f.level.is_finite() && f.depth.is_finite() && f.hiss.is_finite()));
        }
    }

    #[test]
    fn an_hour_of_frames_is_small() {
        assert!(size_of::<Frame>() * 360_000 < 6_000_000);
    }
}
