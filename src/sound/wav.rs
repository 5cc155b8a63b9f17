//! WAV files: any plain samples of any rate and channel count in, block by block; 16-bit mono out, and the file that is valid while it grows (hound).

use std::fs::File;
use std::io::{BufWriter, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::riff::{self, FLOAT, Format, Layout, PCM};
use super::source::Decoder;
use super::{Clip, Millis, SoundError};

/// Most of a file that is in memory at a time, in bytes.
const BLOCK: u64 = 256 * 1024;

/// The sound of a WAV file with [plain](Format::is_plain) samples. Each block is read as a small WAV file of its own, so that neither wrong nor
/// 64-bit sizes reach the reader.
pub struct WavDecoder {
    path: PathBuf,
    file: File,
    /// As in the file; the samples that the reader gets differ where they are 64-bit floats.
    format: Format,
    /// Bytes of sound that have not been read.
    left: u64,
    cut_short: bool,
    length: u64,
}

impl WavDecoder {
    /// # Errors
    /// The format contradicts itself, or is one that no samples can have.
    pub fn open(path: &Path, mut file: File, layout: &Layout) -> Result<Self, SoundError> {
        file.seek(SeekFrom::Start(layout.start)).map_err(|e| SoundError::unread(path, e))?;
        let (format, length) = (layout.format, layout.length);
        let mut decoder = Self { path: path.to_owned(), file, format, left: length, cut_short: layout.cut_short, length };
        decoder.decode(&[], &mut Vec::new())?;
        decoder.left = length;
        Ok(decoder)
    }

    fn is_double(&self) -> bool {
        self.format.tag == FLOAT && self.format.bits == 64
    }

    /// Appends the samples of these whole frames.
    fn decode(&self, frames: &[u8], interleaved: &mut Vec<f32>) -> Result<(), SoundError> {
        // what nearly every recording is; sample by sample through hound it took a tenth of the time of all measures together
        if (self.format.tag, self.format.bits) == (PCM, 16) {
            interleaved.extend(frames.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0));
            return Ok(());
        }
        let unreadable = |e: hound::Error| SoundError::unreadable(&self.path, e);
        let reader = if self.is_double() {
            let format = Format { bits: 32, frame: self.format.frame / 2, ..self.format };
            WavReader::new(whole_file(format, &narrowed(frames)))
        } else {
            WavReader::new(whole_file(self.format, frames))
        }
        .map_err(unreadable)?;
        let WavSpec { sample_format, bits_per_sample, .. } = reader.spec();
        match sample_format {
            SampleFormat::Float => {
                for sample in reader.into_samples::<f32>() {
                    interleaved.push(sample.map_err(unreadable)?);
                }
            }
            SampleFormat::Int => {
                let full_scale = full_scale(bits_per_sample);
                for sample in reader.into_samples::<i32>() {
                    interleaved.push(whole_to_float(sample.map_err(unreadable)?) / full_scale);
                }
            }
        }
        Ok(())
    }
}

impl Decoder for WavDecoder {
    fn rate(&self) -> u32 {
        self.format.rate
    }

    fn channels(&self) -> u16 {
        self.format.channels
    }

    fn frames(&self) -> Option<u64> {
        Some(self.length / u64::from(self.format.frame.max(1)))
    }

    fn read(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, SoundError> {
        if self.left == 0 {
            return Ok(false);
        }
        let frame = u64::from(self.format.frame.max(1));
        // at least one frame, and no more than a second
        let wanted = (frame * u64::from(self.format.rate)).min(BLOCK / frame * frame).max(frame).min(self.left);
        let mut bytes = Vec::new();
        (&mut self.file).take(wanted).read_to_end(&mut bytes).map_err(|e| SoundError::unread(&self.path, e))?;
        if (bytes.len() as u64) < wanted {
            // it became shorter while it was read
            (self.left, self.cut_short) = (0, true);
            bytes.truncate(bytes.len() - bytes.len() % usize::from(self.format.frame.max(1)));
        } else {
            self.left -= wanted;
        }
        self.decode(&bytes, interleaved)?;
        Ok(true)
    }

    fn cut_short(&self) -> bool {
        self.cut_short
    }

    fn lost(&self) -> usize {
        0
    }
}

fn whole_file(format: Format, frames: &[u8]) -> Cursor<Vec<u8>> {
    let mut bytes = format.header(frames.len() as u64);
    bytes.extend(frames);
    Cursor::new(bytes)
}

/// 64-bit floats as 32-bit ones.
fn narrowed(doubles: &[u8]) -> Vec<u8> {
    let narrow = |eight: &[u8]| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(eight);
        #[allow(clippy::cast_possible_truncation)] // that is the purpose
        (f64::from_le_bytes(bytes) as f32).to_le_bytes()
    };
    doubles.chunks_exact(8).flat_map(narrow).collect()
}

/// How long the sound of a WAV file is, without reading it; None where that cannot be told.
#[must_use]
pub fn duration(path: &Path) -> Option<Millis> {
    let Layout { format, length, .. } = riff::find(&mut File::open(path).ok()?).ok()??;
    let frames = length.checked_div(u64::from(format.frame))?;
    (format.rate > 0).then(|| Millis::of_frames(usize::try_from(frames).unwrap_or(usize::MAX), format.rate))
}

#[allow(clippy::cast_precision_loss)] // whisper hears 16 bits; 24 fit exactly
fn whole_to_float(sample: i32) -> f32 {
    sample as f32
}

fn full_scale(bits: u16) -> f32 {
    2f32.powi(i32::from(bits) - 1)
}

/// Writes a clip as 16-bit mono.
///
/// # Errors
/// The file could not be written.
pub fn write(path: &Path, clip: &Clip) -> Result<(), SoundError> {
    let mut file = GrowingWav::create(path, clip.rate)?;
    file.append(&clip.samples)?;
    file.finish()
}

/// A 16-bit mono WAV file that grows, with a header that is right after every [`flush`](Self::flush).
pub struct GrowingWav {
    writer: WavWriter<BufWriter<File>>,
    /// The same file, for bringing it to the disk at the end.
    file: File,
    path: PathBuf,
}

impl GrowingWav {
    /// Makes the file, readable and writable by the user alone. An older file of that name is replaced.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(path: &Path, rate: u32) -> Result<Self, SoundError> {
        let spec = WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| SoundError::Io { path: path.to_owned(), source })?;
        let same = file.try_clone().map_err(|source| SoundError::Io { path: path.to_owned(), source })?;
        let writer = WavWriter::new(BufWriter::new(file), spec).map_err(|e| unwritten(path, e))?;
        let mut wav = Self { writer, file: same, path: path.to_owned() };
        wav.flush()?; // a header at once: even an answer that is lost in its first second leaves a file that opens
        Ok(wav)
    }

    /// # Errors
    /// The disk is full or gone. What was flushed before stays.
    pub fn append(&mut self, samples: &[f32]) -> Result<(), SoundError> {
        for sample in samples {
            self.writer.write_sample(whole(*sample)).map_err(|e| unwritten(&self.path, e))?;
        }
        Ok(())
    }

    /// Brings header and samples to the operating system: from now on a kill of this process loses nothing before this point.
    ///
    /// # Errors
    /// As [`append`](Self::append).
    pub fn flush(&mut self) -> Result<(), SoundError> {
        self.writer.flush().map_err(|e| unwritten(&self.path, e))
    }

    /// Closes the file and brings it to the disk: from now on not even a power cut loses it.
    ///
    /// # Errors
    /// As [`append`](Self::append). (`Drop` would finish the file too, but swallow the error.)
    pub fn finish(self) -> Result<(), SoundError> {
        self.writer.finalize().map_err(|e| unwritten(&self.path, e))?;
        self.file.sync_all().map_err(|source| SoundError::Io { path: self.path, source })
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

fn unwritten(path: &Path, error: hound::Error) -> SoundError {
    let source = match error {
        hound::Error::IoError(e) => e,
        other => std::io::Error::other(other.to_string()),
    };
    SoundError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::source::read;
    use crate::sound::tests::in_folder;

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
            assert!(matches!(read(path), Err(SoundError::Empty(_))));
            wav.append(&vec![0.25; 16_000]).unwrap();
            wav.flush().unwrap();
            assert_eq!(read(path).unwrap().clip.samples.len(), 16_000);
            wav.append(&[0.25; 100]).unwrap();
            wav.finish().unwrap();
            assert_eq!(read(path).unwrap().clip.samples.len(), 16_100);
        });
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
}
