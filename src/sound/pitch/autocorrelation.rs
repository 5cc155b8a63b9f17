//! The autocorrelation of a window of sound, freed from that of the window (Boersma 1993), and its strongest peaks.
//!
//! 640 samples go in, candidates come out; nothing is allocated but once.

use std::ops::Range;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use super::{CEILING, Candidate, FULL, Frame, KEPT, LOWEST, OCTAVE_COST, VOICING_THRESHOLD, WHISPER_RATE, WINDOW, height};

/// Lags of the autocorrelation that can be a period, in samples: from that of 600 Hz to that of 60 Hz.
const LAGS: Range<usize> = 26..268;
/// Values on each side from which the autocorrelation between two lags is told.
const TAPS: usize = 12;
/// Lags that are worked out.
const KNOWN: usize = LAGS.end + TAPS + 2;
/// Length of the transforms. The autocorrelation wraps around at its end, but where it does, the window has gone down to nothing.
const TRANSFORM: usize = 864;
/// Positions between two lags at which the autocorrelation can be told.
const PHASES: usize = 32;

/// What stays below this is no sound (-120 dBFS): the noise of the arithmetic has a pitch now and then.
const SILENT: f32 = 1e-6;

/// For the hash of the thresholds.
pub(super) type Settings = ([usize; 5], f32);
pub(super) const SETTINGS: Settings = ([LAGS.start, LAGS.end, TAPS, TRANSFORM, PHASES], SILENT);

/// What turns the samples of a window into candidates, and the room that it takes.
pub(super) struct Autocorrelation {
    forward: Arc<dyn RealToComplex<f32>>,
    back: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
    /// One over the autocorrelation of the window, at each lag.
    correction: Vec<f32>,
    /// What a candidate at each lag gains by being high.
    favour: Vec<f32>,
    /// Weights of the lags around a position, for each phase.
    weights: Vec<[f32; 2 * TAPS]>,
    sound: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
}

impl Default for Autocorrelation {
    #[allow(clippy::cast_precision_loss)] // all far below 2^24
    fn default() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, back) = (planner.plan_fft_forward(TRANSFORM), planner.plan_fft_inverse(TRANSFORM));
        let window = (0..WINDOW).map(|i| 0.5 - 0.5 * (std::f32::consts::TAU * (i as f32 + 0.5) / WINDOW as f32).cos()).collect();
        let correction = (0..KNOWN).map(|lag| 1.0 / autocorrelation_of_window(lag as f32 / WINDOW as f32)).collect();
        let favour = (0..KNOWN).map(|lag| -OCTAVE_COST * (lag.max(1) as f32).log2()).collect();
        let weights =
            (0..PHASES).map(|phase| std::array::from_fn(|tap| weight((tap + 1) as f32 - TAPS as f32 - phase as f32 / PHASES as f32))).collect();
        let (sound, spectrum) = (forward.make_input_vec(), forward.make_output_vec());
        let scratch = vec![Complex::default(); forward.get_scratch_len().max(back.get_scratch_len())];
        Self { forward, back, window, correction, favour, weights, sound, spectrum, scratch }
    }
}

/// The normalised autocorrelation of a Hanning window, at a lag in lengths of the window (Boersma 1993).
fn autocorrelation_of_window(lag: f32) -> f32 {
    let turn = std::f32::consts::TAU * lag;
    (1.0 - lag) * (2.0 / 3.0 + turn.cos() / 3.0) + turn.sin() / std::f32::consts::TAU
}

/// What a value this many samples away weighs: sin(x)/x under a raised cosine (Boersma 1993).
#[allow(clippy::cast_precision_loss)] // 12
fn weight(distance: f32) -> f32 {
    let x = std::f32::consts::PI * distance;
    let sinc = if x.abs() < 1e-6 { 1.0 } else { x.sin() / x };
    sinc * (0.5 + 0.5 * (x / TAPS as f32).cos())
}

impl Autocorrelation {
    /// The candidates of a window, and the largest sample around its centre.
    pub(super) fn frame(&mut self, window: &[f32]) -> Frame {
        #[allow(clippy::cast_precision_loss)] // 640
        let mean = sum(window) / WINDOW as f32;
        let period = LAGS.end / 2;
        let peak = largest(&window[WINDOW / 2 - period..WINDOW / 2 + period], mean);
        let mut frame = Frame { peak, ..Frame::default() };
        if peak < SILENT {
            return frame;
        }
        for ((sound, sample), weight) in self.sound.iter_mut().zip(window).zip(&self.window) {
            *sound = (sample - mean) * weight;
        }
        self.sound[WINDOW..].fill(0.0);
        if self.autocorrelate().is_some() {
            frame.candidates = self.candidates();
        }
        frame
    }

    /// Turns the sound into its autocorrelation, normalised and freed from that of the window; None for silence.
    fn autocorrelate(&mut self) -> Option<()> {
        // the lengths are those that the transforms were made for
        self.forward.process_with_scratch(&mut self.sound, &mut self.spectrum, &mut self.scratch).ok()?;
        for bin in &mut self.spectrum {
            *bin = Complex::new(bin.norm_sqr(), 0.0);
        }
        self.back.process_with_scratch(&mut self.spectrum, &mut self.sound, &mut self.scratch).ok()?;
        let scale = 1.0 / self.sound[0];
        if !scale.is_normal() {
            return None;
        }
        for (value, correction) in self.sound.iter_mut().zip(&self.correction) {
            *value *= correction * scale;
        }
        Some(())
    }

    /// The strongest peaks of the autocorrelation.
    fn candidates(&self) -> [Candidate; KEPT] {
        let r = &self.sound[..KNOWN];
        // strengths with favour, and lags
        let mut best = [(f32::MIN, 0.0_f32); KEPT];
        for lag in LAGS {
            let (before, here, after) = (r[lag - 1], r[lag], r[lag + 1]);
            if here <= 0.5 * VOICING_THRESHOLD || here <= before || here < after {
                continue;
            }
            let (offset, height) = vertex(before, here, after);
            let value = height + self.favour[lag];
            if value > best[KEPT - 1].0 {
                let place = best.iter().position(|b| value > b.0).unwrap_or(KEPT - 1);
                best[place..].rotate_right(1);
                #[allow(clippy::cast_precision_loss)] // below 268
                let at = lag as f32 + offset;
                best[place] = (value, at);
            }
        }
        best.map(|(value, lag)| if value > f32::MIN { self.refined(lag) } else { Candidate::default() })
    }

    /// The candidate of the peak near this lag, told from more than the three values at its top.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // small and positive
    fn refined(&self, lag: f32) -> Candidate {
        const QUARTER: usize = PHASES / 4;
        let middle = (lag * PHASES as f32).round() as usize;
        let (offset, top) = vertex(self.between(middle - QUARTER), self.between(middle), self.between(middle + QUARTER));
        let frequency = (WHISPER_RATE * PHASES as u32) as f32 / (middle as f32 + offset * QUARTER as f32);
        // above one it is an error of the interpolation, as large as it would be below (Boersma 1993)
        let strength = if top > 1.0 { 1.0 / top } else { top };
        if !(LOWEST..=CEILING).contains(&frequency) {
            return Candidate::default();
        }
        Candidate { height: height(frequency), strength: (strength.max(0.0) * FULL).round() as u16 }
    }

    /// The autocorrelation at a lag given in phases.
    fn between(&self, phases: usize) -> f32 {
        let (lag, phase) = (phases / PHASES, phases % PHASES);
        let around = &self.sound[lag + 1 - TAPS..=lag + TAPS];
        let mut sums = [0.0; 8];
        for (values, weights) in around.chunks_exact(8).zip(self.weights[phase].chunks_exact(8)) {
            for i in 0..8 {
                sums[i] += values[i] * weights[i];
            }
        }
        sums.iter().sum()
    }
}

/// Where the parabola through three values, one apart, is highest, counted from the middle one, and how high it is there.
fn vertex(before: f32, here: f32, after: f32) -> (f32, f32) {
    let (slope, bend) = (0.5 * (after - before), 2.0 * here - before - after);
    if bend <= 0.0 {
        return (0.0, here);
    }
    let offset = (slope / bend).clamp(-1.0, 1.0);
    (offset, here + 0.5 * slope * offset)
}

/// Eight sums side by side, which the processor adds at once.
fn sum(samples: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    for eight in samples.chunks_exact(8) {
        for i in 0..8 {
            sums[i] += eight[i];
        }
    }
    sums.iter().sum()
}

/// The largest distance from the mean.
fn largest(samples: &[f32], mean: f32) -> f32 {
    let mut most = [0.0_f32; 8];
    for eight in samples.chunks(8) {
        for (most, sample) in most.iter_mut().zip(eight) {
            let distance = (sample - mean).abs();
            *most = if distance > *most { distance } else { *most };
        }
    }
    most.into_iter().fold(0.0, f32::max)
}
