//! Is what the loudspeaker played heard in the microphone? Two sounds at 16 kHz come in; how late the one is in the other comes out.
//!
//! The generalised cross-correlation with phase transform (Knapp and Carter, 1976), second by second: each frequency counts alike, so that neither a
//! loud room nor somebody who speaks meanwhile looks like an echo, and a faint one is still found. An echo is what comes back equally late in every
//! second; a little earlier or later, as two clocks differ and sound servers stretch what they pass on. Nothing is said of how loud it is.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use crate::sound::Millis;
use crate::sound::resample::WHISPER_RATE;

/// Where speech is strong and small loudspeakers play (hertz).
const BAND: (f32, f32) = (200.0, 2_500.0);
/// Frequencies at which what was played is this much weaker than on average (in power) tell of rounding only.
const TOO_WEAK: f32 = 1e-3;
/// How much later than it was played a sound may come back: what sound servers and wireless loudspeakers hold.
const LATEST: Millis = Millis(2_000);
/// So much of what was played is looked for at once: longer, and clocks apart blur it; shorter, and it is found by chance.
const PIECE: Millis = Millis(1_000);
/// Lags that lie in the same or the next cell of this length are the same: the clocks may differ by 2 thousandths over five seconds.
const CELL: Millis = Millis(10);
/// How far above the root mean square of all lags an echo stands, on average over the pieces. Measured: 10 and more, also where it lies 10 dB below the
/// room's noise and the clocks are 7 ten-thousandths apart at once, 57 in a quiet room; noise and hum 4 to 5, other sentences of the same computer's
/// voice 5, the same words in other company 5.
const STANDS_OUT: f32 = 7.0;

/// How much later the microphone heard what was played; None where it did not. `heard` begins when playing began.
#[must_use]
pub fn delay(played: &[f32], heard: &[f32]) -> Option<Millis> {
    let (piece, latest, cell) = (PIECE.frames(WHISPER_RATE), LATEST.frames(WHISPER_RATE), CELL.frames(WHISPER_RATE));
    let reach = |from: usize| &heard[from.min(heard.len())..(from + piece + latest).min(heard.len())];
    // a rest too short to tell anything is left out, unless it is all there is; what was played and not heard at all counts against an echo
    let pieces: Vec<Vec<f32>> = (played.chunks(piece).enumerate())
        .filter(|(i, part)| (*i == 0 || part.len() >= piece / 2) && part.iter().any(|s| *s != 0.0))
        .map(|(i, part)| alike(part, reach(i * piece), latest).unwrap_or_else(|| vec![0.0; latest]))
        .collect();
    let height = |lags: &[f32], at: usize| lags[at * cell..((at + 2) * cell).min(lags.len())].iter().fold(0.0f32, |top, v| top.max(*v));
    #[allow(clippy::cast_precision_loss)] // some seconds
    let mean = |at: usize| pieces.iter().map(|lags| height(lags, at)).sum::<f32>() / pieces.len() as f32;
    let (at, _) = (0..latest / cell).map(|at| (at, mean(at))).filter(|(_, mean)| *mean >= STANDS_OUT).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let clearest = pieces.iter().max_by(|a, b| height(a, at).total_cmp(&height(b, at)))?;
    let lag = (at * cell..((at + 2) * cell).min(clearest.len())).max_by(|a, b| clearest[*a].total_cmp(&clearest[*b]))?;
    Some(Millis::of_frames(lag, WHISPER_RATE))
}

/// For each lag in samples below `latest` how alike both are, in root mean squares of all lags; None where either is silent.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)] // of some ten thousand samples
fn alike(played: &[f32], heard: &[f32], latest: usize) -> Option<Vec<f32>> {
    let length = (played.len() + latest + PIECE.frames(WHISPER_RATE)).next_power_of_two();
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
    let mut lags = backward.make_output_vec();
    backward.process(&mut cross, &mut lags).ok()?;
    lags.truncate(latest);
    let size = (lags.iter().map(|v| v * v).sum::<f32>() / lags.len() as f32).sqrt();
    (size > 0.0).then(|| lags.into_iter().map(|v| v.abs() / size).collect())
}
