//! A recording of any kind, read block by block and mixed to mono: an hour of it needs no more memory than a minute.
//!
//! What it is, is told by its content, never by its name: WAV with plain samples goes to [`wav`](super::wav), all else to the feature `import`.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::mix::LiveChannels;
use super::wav::WavDecoder;
use super::{Clip, Millis, SoundError, resample, riff};

/// Rates at which speech can be recorded, from below the telephone's to beyond any converter's; a header with another one is damaged.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Louder than any converter delivers, also with room for floats that are meant to be turned down: a damaged sample.
const LOUDEST: f32 = 16.0;

/// What turns a file's bytes into samples.
pub(super) trait Decoder: Send {
    /// Frames a second.
    fn rate(&self) -> u32;
    fn channels(&self) -> u16;
    /// Frames in the whole file; None where its header does not say.
    fn frames(&self) -> Option<u64>;
    /// Appends the next samples, a second or less of them; false at the end.
    fn read(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, SoundError>;
    /// The file ends before its header says it does, as far as was read.
    fn cut_short(&self) -> bool;
    /// Samples that could not be decoded, and were made silent.
    fn lost(&self) -> usize;
}

/// What was found wrong with a recording that could be read all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// The file ends before its header says it does; what is there was read.
    pub cut_short: bool,
    /// Samples of all channels that were no numbers, absurdly loud or could not be decoded, and were made silent.
    pub damaged: usize,
}

/// A whole recording as read.
#[derive(Debug)]
pub struct Recording {
    pub clip: Clip,
    /// As in [`Damage`].
    pub cut_short: bool,
    /// As in [`Damage`].
    pub damaged: usize,
}

/// A recording that is read block by block, mixed to mono, in constant memory.
pub struct Source {
    path: PathBuf,
    decoder: Box<dyn Decoder>,
    mix: LiveChannels,
    /// The first block, read when the file was opened.
    ahead: Vec<f32>,
    interleaved: Vec<f32>,
    /// Samples of all channels so far, and how many of them were made silent here.
    samples: usize,
    silenced: usize,
}

impl Source {
    /// Opens a file and reads its first block, so that a wrong one is told at once.
    ///
    /// # Errors
    /// No such file, no recording, one in a coding that is not known here, or no sound in it.
    pub fn open(path: &Path) -> Result<Self, SoundError> {
        let decoder = decoder(path)?;
        let (mix, ahead, interleaved) = (LiveChannels::new(decoder.channels()), Vec::new(), Vec::new());
        let mut source = Self { path: path.to_owned(), decoder, mix, ahead, interleaved, samples: 0, silenced: 0 };
        let mut first = Vec::new();
        if !source.read(&mut first)? {
            return Err(SoundError::Empty(path.to_owned()));
        }
        source.ahead = first;
        Ok(source)
    }

    /// A sound that is in memory already.
    #[must_use]
    pub fn of(clip: Clip) -> Self {
        let decoder = Box::new(InMemory { clip, at: 0 });
        Self { path: PathBuf::new(), decoder, mix: LiveChannels::new(1), ahead: Vec::new(), interleaved: Vec::new(), samples: 0, silenced: 0 }
    }

    /// Frames a second.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.decoder.rate()
    }

    /// As the header says; None where it does not.
    #[must_use]
    pub fn length(&self) -> Option<Millis> {
        let frames = usize::try_from(self.decoder.frames()?).ok()?;
        Some(Millis::of_frames(frames, self.rate()))
    }

    /// Appends the next block, a second or less, of mono samples; false at the end.
    ///
    /// # Errors
    /// The disk failed, or at the end: not one sample of the file was usable.
    pub fn read(&mut self, mono: &mut Vec<f32>) -> Result<bool, SoundError> {
        if !self.ahead.is_empty() {
            mono.append(&mut self.ahead);
            return Ok(true);
        }
        let before = mono.len();
        while mono.len() == before {
            self.interleaved.clear();
            if !self.decoder.read(&mut self.interleaved)? {
                if self.samples > 0 && self.damage().damaged >= self.samples {
                    return Err(SoundError::unreadable(&self.path, "not one of its samples is a usable number"));
                }
                return Ok(false);
            }
            self.samples += self.interleaved.len();
            self.silenced += silence_damaged(&mut self.interleaved);
            self.mix.to_mono(&self.interleaved, mono);
        }
        Ok(true)
    }

    /// What was found wrong so far.
    #[must_use]
    pub fn damage(&self) -> Damage {
        Damage { cut_short: self.decoder.cut_short(), damaged: self.silenced + self.decoder.lost() }
    }
}

/// A clip that is given out second by second.
struct InMemory {
    clip: Clip,
    at: usize,
}

impl Decoder for InMemory {
    fn rate(&self) -> u32 {
        self.clip.rate
    }

    fn channels(&self) -> u16 {
        1
    }

    fn frames(&self) -> Option<u64> {
        u64::try_from(self.clip.samples.len()).ok()
    }

    fn read(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, SoundError> {
        let end = (self.at + self.clip.rate as usize).min(self.clip.samples.len());
        interleaved.extend(&self.clip.samples[self.at..end]);
        let any = end > self.at;
        self.at = end;
        Ok(any)
    }

    fn cut_short(&self) -> bool {
        false
    }

    fn lost(&self) -> usize {
        0
    }
}

/// What reads this file, whatever it is.
fn decoder(path: &Path) -> Result<Box<dyn Decoder>, SoundError> {
    let unread = |e| SoundError::unread(path, e);
    let mut file = seekable(File::open(path).map_err(unread)?).map_err(unread)?;
    if file.seek(SeekFrom::End(0)).map_err(unread)? == 0 {
        return Err(SoundError::Empty(path.to_owned()));
    }
    let decoder: Box<dyn Decoder> = match riff::find(&mut file).map_err(unread)? {
        Some(layout) if layout.format.is_plain() => Box::new(WavDecoder::open(path, file, &layout)?),
        layout => other(path, file, layout.as_ref())?,
    };
    let (rate, channels) = (decoder.rate(), decoder.channels());
    if !RATES.contains(&rate) || channels == 0 {
        return Err(SoundError::unreadable(path, format!("{rate} samples a second on {channels} channels cannot be speech")));
    }
    Ok(decoder)
}

/// The beginning of a recording with its channels apart.
#[derive(Debug)]
pub struct Channels {
    /// -1.0..=1.0.
    pub interleaved: Vec<f32>,
    pub channels: u16,
    /// Frames a second.
    pub rate: u32,
}

/// Reads as much of a recording as `longest`, and at most a second more, its channels apart.
///
/// # Errors
/// As [`Source::open`] and [`Source::read`].
pub fn read_channels(path: &Path, longest: Millis) -> Result<Channels, SoundError> {
    let mut decoder = decoder(path)?;
    let (channels, rate) = (decoder.channels(), decoder.rate());
    let enough = longest.frames(rate) * usize::from(channels);
    let mut interleaved = Vec::new();
    while interleaved.len() < enough && decoder.read(&mut interleaved)? {}
    if interleaved.is_empty() {
        return Err(SoundError::Empty(path.to_owned()));
    }
    silence_damaged(&mut interleaved);
    Ok(Channels { interleaved, channels, rate })
}

/// Reads a whole recording and mixes its live channels to mono.
///
/// # Errors
/// As [`Source::open`] and [`Source::read`].
pub fn read(path: &Path) -> Result<Recording, SoundError> {
    let mut source = Source::open(path)?;
    let mut samples = Vec::new();
    while source.read(&mut samples)? {}
    let Damage { cut_short, damaged } = source.damage();
    Ok(Recording { clip: Clip::new(samples, source.rate()), cut_short, damaged })
}

/// Reads a take of our own. One without a single sample is a clip of no length, not an error.
///
/// # Errors
/// As [`read`], but for [`SoundError::Empty`].
pub fn read_take(path: &Path) -> Result<Clip, SoundError> {
    match read(path) {
        Err(SoundError::Empty(_)) => Ok(Clip::new(Vec::new(), resample::WHISPER_RATE)),
        recording => Ok(recording?.clip),
    }
}

/// Reads a recording to its end and keeps nothing of it: whether it can be used, and what is wrong with it.
///
/// # Errors
/// As [`read`].
pub fn check(path: &Path) -> Result<Damage, SoundError> {
    let mut source = Source::open(path)?;
    let mut block = Vec::new();
    while source.read(&mut block)? {
        block.clear();
    }
    Ok(source.damage())
}

/// The file, or a copy of what comes out of a pipe, which nobody can seek in.
fn seekable(mut file: File) -> std::io::Result<File> {
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    let mut copy = tempfile::tempfile()?;
    std::io::copy(&mut file, &mut copy)?;
    Ok(copy)
}

#[cfg(feature = "import")]
fn other(path: &Path, file: File, layout: Option<&riff::Layout>) -> Result<Box<dyn Decoder>, SoundError> {
    Ok(Box::new(super::import::Import::open(path, file, layout)?))
}

#[cfg(not(feature = "import"))]
fn other(path: &Path, _: File, _: Option<&riff::Layout>) -> Result<Box<dyn Decoder>, SoundError> {
    Err(SoundError::NoRecording(path.to_owned()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::tests::in_folder;
    use crate::sound::wav::write;

    #[test]
    fn no_wav_an_empty_one_and_a_missing_one_are_told_apart() {
        in_folder(|path| {
            assert!(matches!(read(path), Err(SoundError::Missing(_))));
            std::fs::write(path, "I am a text file with a wrong name").unwrap();
            let sentence = read(path).unwrap_err().to_string();
            assert!(sentence.contains("is no ") && sentence.contains("convert it"), "{sentence}");
            write(path, &Clip::new(vec![], 16_000)).unwrap();
            assert!(matches!(read(path), Err(SoundError::Empty(_))));
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

    #[test]
    fn blocks_are_the_whole_and_none_is_longer_than_a_second() {
        in_folder(|path| {
            let clip = Clip::new((0..40_000u16).map(|i| f32::from(i % 128) / 128.0).collect(), 16_000);
            write(path, &clip).unwrap();
            let mut source = Source::open(path).unwrap();
            assert_eq!((source.rate(), source.length()), (16_000, Some(Millis(2_500))));
            let (mut all, mut block) = (Vec::new(), Vec::new());
            while source.read(&mut block).unwrap() {
                assert!(!block.is_empty() && block.len() <= 16_000, "{}", block.len());
                all.append(&mut block);
            }
            assert_eq!(all, clip.samples);
            assert_eq!(source.damage(), Damage::default());
            assert!(!source.read(&mut block).unwrap(), "the end stays the end");
        });
    }

    #[test]
    fn hours_with_a_wrong_size_are_read_in_constant_memory() {
        in_folder(|path| {
            write(path, &Clip::new(vec![0.5; 8_000], 8_000)).unwrap();
            // 5 GiB of a header's own making: more than its sizes can say, and a hole on the disk
            File::options().write(true).open(path).unwrap().set_len(5 << 30).unwrap();
            let mut source = Source::open(path).unwrap();
            let hours = source.length().unwrap().0 / 3_600_000;
            assert_eq!(hours, (5 << 30) / 16_000 / 3_600);
            let mut block = Vec::new();
            for _ in 0..100 {
                block.clear();
                assert!(source.read(&mut block).unwrap());
                assert!(block.capacity() <= 1 << 20 && source.interleaved.capacity() <= 1 << 20);
            }
        });
    }
}
