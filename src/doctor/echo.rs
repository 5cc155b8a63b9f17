//! Is what the loudspeaker played heard in the microphone? Two sounds at 16 kHz come in; how late the one is in the other comes out.
//!
//! The generalised cross-correlation with phase transform (Knapp and Carter, 1976): each frequency counts alike, so that neither a loud room nor
//! somebody who speaks meanwhile looks like an echo, and a faint one is still found. Nothing is said of how loud it is.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use crate::sound::Millis;
use crate::sound::resample::WHISPER_RATE;

/// Where speech is strong and small loudspeakers play (hertz). Higher up, clocks that differ by a ten-thousandth would blur five seconds.
const BAND: (f32, f32) = (200.0, 2_500.0);
/// Frequencies at which what was played is this much weaker than on average (in power) tell of rounding only.
const TOO_WEAK: f32 = 1e-3;
/// How much later than it was played a sound may come back: what sound servers and wireless loudspeakers hold.
const LATEST: Millis = Millis(2_000);
/// How far above the root mean square of all lags an echo stands. Measured: 33 and more, also where it lies 10 dB below the room's noise or the clocks are
/// 200 millionths apart; noise 5, a hum 6, other sentences of the same computer's voice 10, the same words in other company 13.
const STANDS_OUT: f32 = 20.0;

/// How much later the microphone heard what was played; None where it did not. `heard` begins when playing began.
#[must_use]
pub fn delay(played: &[f32], heard: &[f32]) -> Option<Millis> {
    let (lag, height) = highest(played, heard)?;
    (height >= STANDS_OUT).then(|| Millis::of_frames(lag, WHISPER_RATE))
}

/// The lag in samples at which both are most alike, and how far that stands out, in root mean squares of all lags.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)] // of at most a few million samples
fn highest(played: &[f32], heard: &[f32]) -> Option<(usize, f32)> {
    if played.is_empty() || heard.is_empty() {
        return None;
    }
    let length = (played.len() + heard.len()).next_power_of_two();
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, backward) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
    let spectrum = |samples: &[f32]| {
        let mut padded = samples.to_vec();
        padded.resize(length, 0.0);
        let mut out = forward.make_output_vec();
        // the lengths are those that the transform was made for
        forward.process(&mut padded, &mut out).ok().map(|()| out)
    };
    let (p, h) = (spectrum(played)?, spectrum(heard)?);
    let bin = |hertz: f32| (hertz * length as f32 / WHISPER_RATE as f32) as usize;
    let band = bin(BAND.0)..bin(BAND.1).min(p.len());
    let mean = p[band.clone()].iter().map(Complex::norm_sqr).sum::<f32>() / band.len().max(1) as f32;
    let mut cross = vec![Complex::new(0.0, 0.0); p.len()];
    for i in band {
        let product = h[i] * p[i].conj();
        if p[i].norm_sqr() > mean * TOO_WEAK && product.norm() > 0.0 {
            cross[i] = product / product.norm();
        }
    }
    let mut alike = backward.make_output_vec();
    backward.process(&mut cross, &mut alike).ok()?;
    let lags = &alike[..LATEST.frames(WHISPER_RATE).min(heard.len())];
    let size = (lags.iter().map(|v| v * v).sum::<f32>() / lags.len() as f32).sqrt();
    let (lag, top) = lags.iter().enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
    (size > 0.0).then(|| (lag, top.abs() / size))
}
