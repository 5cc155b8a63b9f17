//! Any sample rate to another, with a proper low-pass (rubato): naive decimation would fold an 11 kHz tone into the speech band.
//!
//! Sound may come in blocks of any size: the result is the same, sample for sample, as for the whole at once.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use super::Clip;

/// The rate that whisper and the detector of speech want.
pub const WHISPER_RATE: u32 = 16_000;
/// Frames that the filter takes at a time, about.
const CHUNK: usize = 1024;

/// Brings a stream of mono samples to another rate.
pub struct Resampler {
    from: u32,
    to: u32,
    /// None where the rate is right already.
    filter: Option<Fft<f32>>,
    /// Samples that do not fill a chunk yet.
    waiting: Vec<f32>,
    taken: u64,
    given: u64,
    /// Output that only comes from the filter's delay and is left out.
    to_trim: usize,
}

impl Resampler {
    /// # Errors
    /// A rate of zero, or a pair of rates that the filter refuses.
    pub fn new(from: u32, to: u32) -> Result<Self, ResampleError> {
        let refused = |e: rubato::ResamplerConstructionError| ResampleError { from, to, reason: e.to_string() };
        let filter = if from == to { None } else { Some(Fft::<f32>::new(from as usize, to as usize, CHUNK, 1, FixedSync::Both).map_err(refused)?) };
        let to_trim = filter.as_ref().map_or(0, Fft::output_delay);
        Ok(Self { from, to, filter, waiting: Vec::new(), taken: 0, given: 0, to_trim })
    }

    /// Appends to `out` what the samples so far have become.
    ///
    /// # Errors
    /// The filter refuses its own chunk, which it never does.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), ResampleError> {
        self.taken += samples.len() as u64;
        let Some(filter) = &mut self.filter else {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return Ok(());
        };
        self.waiting.extend_from_slice(samples);
        let chunk = filter.input_frames_next();
        let mut at = 0;
        while self.waiting.len() - at >= chunk {
            let sound = filtered(filter, &self.waiting[at..at + chunk]).map_err(|reason| ResampleError { from: self.from, to: self.to, reason })?;
            let kept = &sound[self.to_trim.min(sound.len())..];
            self.to_trim -= sound.len() - kept.len();
            self.given += kept.len() as u64;
            out.extend_from_slice(kept);
            at += chunk;
        }
        self.waiting.drain(..at);
        Ok(())
    }

    /// Appends the rest. The whole is then as long as what was put in, to the next sample above.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish(mut self, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let Some(chunk) = self.filter.as_ref().map(Fft::input_frames_next) else { return Ok(()) };
        let whole = (self.taken * u64::from(self.to)).div_ceil(u64::from(self.from.max(1)));
        while self.given < whole {
            let (before, taken) = (out.len(), self.taken);
            self.push(&vec![0.0; chunk - self.waiting.len()], out)?;
            self.taken = taken;
            if self.given > whole {
                let over = usize::try_from(self.given - whole).unwrap_or(usize::MAX);
                out.truncate(out.len().saturating_sub(over).max(before));
            }
        }
        Ok(())
    }
}

fn filtered(filter: &mut Fft<f32>, chunk: &[f32]) -> Result<Vec<f32>, String> {
    let input = SequentialSlice::new(chunk, 1, chunk.len()).map_err(|e| e.to_string())?;
    Ok(filter.process(&input, None).map_err(|e| e.to_string())?.take_data())
}

/// The clip at another rate. The same clip comes back where the rate is right already.
///
/// # Errors
/// A rate of zero, or a pair of rates that the resampler refuses.
pub fn resample(clip: &Clip, rate: u32) -> Result<Clip, ResampleError> {
    if clip.rate == rate || clip.samples.is_empty() {
        return Ok(Clip::new(clip.samples.clone(), rate));
    }
    let mut resampler = Resampler::new(clip.rate, rate)?;
    let mut samples = Vec::with_capacity(clip.samples.len() * rate as usize / clip.rate as usize + CHUNK);
    resampler.push(&clip.samples, &mut samples)?;
    resampler.finish(&mut samples)?;
    Ok(Clip::new(samples, rate))
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
            assert_eq!(out.samples.len(), 16_000, "{rate}");
            assert!((loudness(&out) - 0.3535).abs() < 0.01, "{rate}: {}", loudness(&out));
        }
    }

    #[test]
    fn blocks_of_any_size_give_the_same_samples() {
        let clip = tone(440.0, 22_050);
        let whole = resample(&clip, WHISPER_RATE).unwrap();
        for size in [1, 480, 1_023, 5_000] {
            let (mut resampler, mut out) = (Resampler::new(22_050, WHISPER_RATE).unwrap(), Vec::new());
            for block in clip.samples.chunks(size) {
                resampler.push(block, &mut out).unwrap();
            }
            resampler.finish(&mut out).unwrap();
            assert_eq!(out, whole.samples, "blocks of {size}");
        }
    }

    #[test]
    fn what_16_khz_cannot_hold_is_removed_not_folded_back() {
        let out = resample(&tone(11_000.0, 44_100), WHISPER_RATE).unwrap();
        assert!(loudness(&out) < 0.002, "{}", loudness(&out));
    }
}
