//! WAV files: any width, rate and channel count in, 16-bit mono out, and the file that is valid while it grows (hound).

use std::fs::File;
use std::io::{BufWriter, Cursor, ErrorKind};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::{Clip, Millis, riff};

/// Rates at which speech can be recorded, from below the telephone's to beyond any converter's; a header with another one is damaged.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Louder than any converter delivers, also with room for floats that are meant to be turned down: a damaged sample.
const LOUDEST: f32 = 16.0;

/// A WAV file as read.
#[derive(Debug)]
pub struct Recording {
    pub clip: Clip,
    /// The file ends before its header says it does; what is there was read.
    pub cut_short: bool,
    /// Samples that were no numbers or absurdly loud, and were made silent.
    pub damaged: usize,
}

/// Reads a WAV file and mixes its live channels to mono.
///
/// # Errors
/// No such file, not a WAV file, a coding that is not plain PCM or float, or no sound in it.
pub fn read(path: &Path) -> Result<Recording, WavError> {
    let bad = |reason: &str| WavError::Unreadable { path: path.to_owned(), reason: reason.to_owned() };
    let bytes = std::fs::read(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => WavError::Missing(path.to_owned()),
        _ => WavError::Io { path: path.to_owned(), source: e },
    })?;
    if bytes.is_empty() {
        return Err(WavError::Empty(path.to_owned()));
    }
    let riff::PutRight { bytes, cut_short } = riff::put_right(bytes);
    let reader = WavReader::new(Cursor::new(bytes)).map_err(|e| match e {
        hound::Error::IoError(_) => bad("it ends before its header does"),
        hound::Error::Unsupported => bad("its sound is in a coding other than PCM"),
        other => bad(&other.to_string()),
    })?;
    let spec = reader.spec();
    if !RATES.contains(&spec.sample_rate) || spec.channels == 0 {
        return Err(bad(&format!("{} samples a second on {} channels cannot be speech", spec.sample_rate, spec.channels)));
    }
    let (mut interleaved, ended_early) = match spec.sample_format {
        SampleFormat::Float => samples(reader.into_samples::<f32>(), |s| s),
        SampleFormat::Int => {
            let full_scale = full_scale(spec.bits_per_sample);
            samples(reader.into_samples::<i32>(), move |s| whole_to_float(s) / full_scale)
        }
    }
    .map_err(|e| bad(&e.to_string()))?;
    if interleaved.is_empty() {
        return Err(WavError::Empty(path.to_owned()));
    }
    let damaged = silence_damaged(&mut interleaved);
    if damaged == interleaved.len() {
        return Err(bad("not one of its samples is a usable number"));
    }
    let mut mix = LiveChannels::new(spec.channels);
    let mut mono = Vec::with_capacity(interleaved.len() / usize::from(spec.channels));
    mix.to_mono(&interleaved, &mut mono);
    Ok(Recording { clip: Clip::new(mono, spec.sample_rate), cut_short: cut_short || ended_early, damaged })
}

/// How long the sound of a file is, from its header alone; None where that cannot be told.
#[must_use]
pub fn duration(path: &Path) -> Option<Millis> {
    let reader = WavReader::open(path).ok()?;
    Some(Millis::of_frames(reader.duration() as usize, reader.spec().sample_rate))
}

/// Makes samples silent that are no sound, and counts them.
fn silence_damaged(samples: &mut [f32]) -> usize {
    let mut damaged = 0;
    for sample in samples {
        if !sample.is_finite() || sample.abs() > LOUDEST {
            *sample = 0.0;
            damaged += 1;
        }
    }
    damaged
}

/// Reads a take of our own. One without a single sample is a clip of no length, not an error.
///
/// # Errors
/// As [`read`], but for [`WavError::Empty`].
pub fn read_take(path: &Path) -> Result<Clip, WavError> {
    match read(path) {
        Err(WavError::Empty(_)) => Ok(Clip::new(Vec::new(), super::resample::WHISPER_RATE)),
        recording => Ok(recording?.clip),
    }
}

#[allow(clippy::cast_precision_loss)] // whisper hears 16 bits; 24 fit exactly
fn whole_to_float(sample: i32) -> f32 {
    sample as f32
}

fn full_scale(bits: u16) -> f32 {
    2f32.powi(i32::from(bits) - 1)
}

/// All samples up to the end of the file, and whether it came too early: inside a sample.
fn samples<T: hound::Sample>(all: impl Iterator<Item = hound::Result<T>>, to_float: impl Fn(T) -> f32) -> hound::Result<(Vec<f32>, bool)> {
    let mut out = Vec::new();
    for sample in all {
        match sample {
            Ok(s) => out.push(to_float(s)),
            Err(hound::Error::FormatError(_) | hound::Error::IoError(_)) => return Ok((out, true)),
            Err(e) => return Err(e),
        }
    }
    Ok((out, false))
}

/// Mixes interleaved frames to mono: the mean of the channels that have ever carried anything but zeros, so that a
/// headset's dead second channel does not halve the level. Realtime-safe but for the growth of `mono`.
#[derive(Debug)]
pub struct LiveChannels {
    live: Vec<bool>,
}

impl LiveChannels {
    #[must_use]
    pub fn new(channels: u16) -> Self {
        Self { live: vec![false; usize::from(channels.max(1))] }
    }

    /// Appends one sample a frame to `mono`; an incomplete last frame is left out.
    #[allow(clippy::cast_precision_loss)]
    pub fn to_mono(&mut self, interleaved: &[f32], mono: &mut Vec<f32>) {
        for frame in interleaved.chunks_exact(self.live.len()) {
            for (live, sample) in self.live.iter_mut().zip(frame) {
                *live |= *sample != 0.0;
            }
            let count = self.live.iter().filter(|l| **l).count();
            mono.push(if count == 0 { 0.0 } else { frame.iter().sum::<f32>() / count as f32 });
        }
    }
}

/// Writes a clip as 16-bit mono.
///
/// # Errors
/// The file could not be written.
pub fn write(path: &Path, clip: &Clip) -> Result<(), WavError> {
    let mut file = GrowingWav::create(path, clip.rate)?;
    file.append(&clip.samples)?;
    file.finish()
}

/// A 16-bit mono WAV file that grows, with a header that is right after every [`flush`](Self::flush).
pub struct GrowingWav {
    writer: WavWriter<BufWriter<File>>,
    path: PathBuf,
}

impl GrowingWav {
    /// Makes the file, readable and writable by the user alone. An older file of that name is replaced.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(path: &Path, rate: u32) -> Result<Self, WavError> {
        let spec = WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| WavError::Io { path: path.to_owned(), source })?;
        let writer = WavWriter::new(BufWriter::new(file), spec).map_err(|e| unwritten(path, e))?;
        let mut wav = Self { writer, path: path.to_owned() };
        wav.flush()?; // a header at once: even an answer that is lost in its first second leaves a file that opens
        Ok(wav)
    }

    /// # Errors
    /// The disk is full or gone. What was flushed before stays.
    pub fn append(&mut self, samples: &[f32]) -> Result<(), WavError> {
        for sample in samples {
            self.writer.write_sample(whole(*sample)).map_err(|e| unwritten(&self.path, e))?;
        }
        Ok(())
    }

    /// Brings header and samples to the operating system: from now on a kill of this process loses nothing before this point.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn flush(&mut self) -> Result<(), WavError> {
        self.writer.flush().map_err(|e| unwritten(&self.path, e))
    }

    /// # Errors
    /// As [`append`](Self::append). (`Drop` would finish the file too, but swallow the error.)
    pub fn finish(self) -> Result<(), WavError> {
        self.writer.finalize().map_err(|e| unwritten(&self.path, e))
    }
}

/// The 16-bit value that is written for a sample.
#[allow(clippy::cast_possible_truncation)] // clamped
fn whole(sample: f32) -> i16 {
    (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}

/// A sample as it will be read again from a 16-bit file.
#[must_use]
pub fn as_written(sample: f32) -> f32 {
    f32::from(whole(sample)) / 32_768.0
}

fn unwritten(path: &Path, error: hound::Error) -> WavError {
    let source = match error {
        hound::Error::IoError(e) => e,
        other => std::io::Error::other(other.to_string()),
    };
    WavError::Io { path: path.to_owned(), source }
}

#[derive(Debug, thiserror::Error)]
pub enum WavError {
    #[error("there is no file {0}; check the name and the folder")]
    Missing(PathBuf),
    #[error("{path} cannot be read as a WAV file ({reason}); convert it, for example with `sox {path} -b 16 answer.wav`")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{0} is empty: there is not one sample of sound in it; record the answer again")]
    Empty(PathBuf),
    #[error("{path} could not be read or written ({source}); check that the disk has room and that the folder is yours")]
    Io { path: PathBuf, source: std::io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_folder(test: impl FnOnce(&Path)) {
        let folder = tempfile::tempdir().unwrap();
        test(&folder.path().join("answer.wav"));
    }

    #[test]
    fn sixteen_bits_come_back_as_they_went() {
        in_folder(|path| {
            let clip = Clip::new((-32_768..32_767).step_by(97).map(|s| whole_to_float(s) / 32_768.0).collect(), 44_100);
            write(path, &clip).unwrap();
            assert_eq!(read(path).unwrap().clip, clip);
        });
    }

    #[test]
    fn the_file_is_whole_after_each_flush_while_it_still_grows() {
        in_folder(|path| {
            let mut wav = GrowingWav::create(path, 16_000).unwrap();
            assert!(matches!(read(path), Err(WavError::Empty(_))));
            wav.append(&vec![0.25; 16_000]).unwrap();
            wav.flush().unwrap();
            assert_eq!(read(path).unwrap().clip.samples.len(), 16_000);
            wav.append(&[0.25; 100]).unwrap();
            wav.finish().unwrap();
            assert_eq!(read(path).unwrap().clip.samples.len(), 16_100);
        });
    }

    #[test]
    fn a_dead_channel_does_not_halve_the_level() {
        let (mut mix, mut mono) = (LiveChannels::new(2), Vec::new());
        mix.to_mono(&[0.5, 0.0, -0.5, 0.0], &mut mono);
        assert_eq!(mono, [0.5, -0.5]);
        let (mut both, mut mean) = (LiveChannels::new(2), Vec::new());
        both.to_mono(&[0.5, 0.1], &mut mean);
        assert_eq!(mean, [0.3]);
    }

    #[test]
    fn every_width_reads_the_same_sound() {
        in_folder(|path| {
            for (bits, format) in
                [(8, SampleFormat::Int), (16, SampleFormat::Int), (24, SampleFormat::Int), (32, SampleFormat::Int), (32, SampleFormat::Float)]
            {
                let spec = WavSpec { channels: 3, sample_rate: 8_000, bits_per_sample: bits, sample_format: format };
                let mut writer = WavWriter::create(path, spec).unwrap();
                for _ in 0..300 {
                    match format {
                        SampleFormat::Float => writer.write_sample(0.5f32).unwrap(),
                        SampleFormat::Int => writer.write_sample(1i32 << (bits - 2)).unwrap(),
                    }
                }
                writer.finalize().unwrap();
                let clip = read(path).unwrap().clip;
                assert_eq!((clip.samples.len(), clip.rate, clip.samples[7]), (100, 8_000, 0.5), "{bits} bits {format:?}");
            }
        });
    }

    #[test]
    fn a_sample_that_is_no_number_is_silence_and_is_counted() {
        in_folder(|path| {
            let spec = WavSpec { channels: 1, sample_rate: 16_000, bits_per_sample: 32, sample_format: SampleFormat::Float };
            let mut writer = WavWriter::create(path, spec).unwrap();
            for sample in [0.5, f32::NAN, 1e38, f32::NEG_INFINITY, -0.5] {
                writer.write_sample(sample).unwrap();
            }
            writer.finalize().unwrap();
            let recording = read(path).unwrap();
            assert_eq!((recording.clip.samples, recording.damaged), (vec![0.5, 0.0, 0.0, 0.0, -0.5], 3));
        });
    }

    #[test]
    fn no_wav_an_empty_one_and_a_missing_one_are_told_apart() {
        in_folder(|path| {
            assert!(matches!(read(path), Err(WavError::Missing(_))));
            std::fs::write(path, "I am a text file with a wrong name").unwrap();
            let sentence = read(path).unwrap_err().to_string();
            assert!(sentence.contains("cannot be read as a WAV file") && sentence.contains("sox"), "{sentence}");
            write(path, &Clip::new(vec![], 16_000)).unwrap();
            assert!(matches!(read(path), Err(WavError::Empty(_))));
        });
    }

    #[test]
    fn a_file_that_was_cut_gives_what_is_left_and_says_so() {
        in_folder(|path| {
            write(path, &Clip::new(vec![0.1; 1000], 16_000)).unwrap();
            for bytes in [801, 800] {
                File::options().write(true).open(path).unwrap().set_len(44 + bytes).unwrap();
                let recording = read(path).unwrap();
                assert!(recording.cut_short);
                assert_eq!(recording.clip.samples.len(), 400, "{bytes} bytes");
            }
        });
    }
}
