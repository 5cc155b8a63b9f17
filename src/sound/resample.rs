//! Any sample rate to another, with a proper low-pass (rubato): naive decimation would fold an 11 kHz tone into the speech band.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::Clip;

/// The rate that whisper wants.
pub const WHISPER_RATE: u32 = 16_000;

/// The clip at another rate. The same clip comes back where the rate is right already.
///
/// # Errors
/// A rate of zero, or a pair of rates that the resampler refuses.
pub fn resample(clip: &Clip, rate: u32) -> Result<Clip, ResampleError> {
    if clip.rate == rate || clip.samples.is_empty() {
        return Ok(Clip::new(clip.samples.clone(), rate));
    }
    let refused = |reason: String| ResampleError { from: clip.rate, to: rate, reason };
    let frames = clip.samples.len();
    let mut resampler = Fft::<f32>::new(clip.rate as usize, rate as usize, 1024, 1, FixedSync::Both).map_err(|e| refused(e.to_string()))?;
    let input = SequentialSlice::new(&clip.samples, 1, frames).map_err(|e| refused(e.to_string()))?;
    let output = resampler.process_all(&input, frames, None).map_err(|e| refused(e.to_string()))?;
    Ok(Clip::new(output.take_data(), rate))
}

#[derive(Debug, thiserror::Error)]
#[error("sound at {from} Hz could not be brought to {to} Hz ({reason}); convert the file to a common rate such as 44100 Hz first")]
pub struct ResampleError {
    from: u32,
    to: u32,
    reason: String,
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: u32) -> Clip {
        let step = std::f32::consts::TAU * hertz / rate as f32;
        Clip::new((0..rate).map(|i| (i as f32 * step).sin() * 0.5).collect(), rate)
    }

    fn loudness(clip: &Clip) -> f32 {
        (clip.samples.iter().map(|s| s * s).sum::<f32>() / clip.samples.len() as f32).sqrt()
    }

    #[test]
    fn a_second_stays_a_second() {
        for rate in [8_000, 22_050, 44_100, 48_000, 96_000] {
            let out = resample(&tone(440.0, rate), WHISPER_RATE).unwrap();
            assert_eq!(out.rate, WHISPER_RATE);
            assert!(out.samples.len().abs_diff(16_000) <= 1, "{rate}: {}", out.samples.len());
            assert!((loudness(&out) - 0.3535).abs() < 0.01, "{rate}: {}", loudness(&out));
        }
    }

    #[test]
    fn what_16_khz_cannot_hold_is_removed_not_folded_back() {
        let out = resample(&tone(11_000.0, 44_100), WHISPER_RATE).unwrap();
        assert!(loudness(&out) < 0.002, "{}", loudness(&out));
    }
}
