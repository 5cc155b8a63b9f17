//! Recordings other than plain WAV (symphonia): FLAC, MP3, M4A, OGG Vorbis, AIFF, CAF, and WAV in the telephone's codings.
//!
//! A part that cannot be decoded becomes silence of its length, so that what follows keeps its time. A stream that changes its rate or its
//! channels ends there.

use std::cell::Cell;
use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::{Hint, Probe, ProbeOptions};
use symphonia::core::formats::well_known::{FORMAT_ID_ADTS, FORMAT_ID_FLAC, FORMAT_ID_MP3, FORMAT_ID_OGG};
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, ReadOnlySource};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use super::SoundError;
use super::riff::Layout;
use super::source::Decoder;
use super::time::Millis;

/// How far into a file its beginning is looked for, in bytes. MP3 has next to no mark of its own, and in a file that is no recording
/// something like one is found sooner or later.
const PROBED: u32 = 64 * 1024;
/// Most samples, of all channels, that are handed out at a time.
const BLOCK: usize = 128 * 1024;
/// Headers may count a part of a packet more or less than there is; a file that lacks less than this part of a second is whole.
const MISSING: u64 = 10;
/// Gaps in the count of frames from this part of a second to so many seconds are lost sound; shorter ones are rounded, and longer ones
/// damaged numbers.
const SMALLEST_GAP: u64 = 50;
const LONGEST_GAP: u64 = 60;
/// After this many places without a packet nothing more is looked for.
const STUMBLES: usize = 1000;

/// The first track of sound in a file.
pub(super) struct Import {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    rate: u32,
    channels: u16,
    /// What the durations of packets are counted in.
    base: Option<TimeBase>,
    /// As the header says.
    frames: Option<u64>,
    /// The last packet, until it is handed out.
    packet: Vec<f32>,
    /// Frames of silence before it, in the place of what was lost: a minute of many channels is not made at once.
    silence: u64,
    /// Whether packets say where in the whole they begin, also after damaged ones.
    counts: bool,
    /// Where the next packet begins if nothing is lost.
    expected: Option<i64>,
    /// Frames so far, and those of them that were lost.
    read: u64,
    lost: u64,
    /// Frames that are lost if anything follows them; else the sound ends before them.
    missed: u64,
    /// Places where no packet was found.
    stumbles: usize,
    cut_short: bool,
    ended: bool,
}

impl Import {
    /// Finds out what the file is and decodes its first packet. A WAV file comes with its layout, and is read as that has it.
    ///
    /// # Errors
    /// Not a recording, a coding that is not known, no sound, or the disk failed.
    pub(super) fn open(path: &Path, mut file: File, layout: Option<&Layout>) -> Result<Self, SoundError> {
        let unread = |e| SoundError::unread(path, e);
        if let Some(layout) = layout {
            file.seek(SeekFrom::Start(layout.start)).map_err(unread)?;
            let put_right = ReadOnlySource::new(Cursor::new(layout.header()).chain(file.take(layout.length)));
            return Self::begin(path, Box::new(put_right), layout.cut_short);
        }
        file.rewind().map_err(unread)?;
        let mut again = file.try_clone().map_err(unread)?;
        match Self::begin(path, Box::new(file), false) {
            // where the end is missing, some formats cannot be read but from the start to as far as they go
            Err(SoundError::Unreadable { path: _, reason }) => {
                again.rewind().map_err(unread)?;
                Self::begin(path, Box::new(ReadOnlySource::new(again)), true).map_err(|_| SoundError::unreadable(path, reason))
            }
            done => done,
        }
    }

    fn begin(path: &Path, source: Box<dyn MediaSource>, cut_short: bool) -> Result<Self, SoundError> {
        let stream = MediaSourceStream::new(source, symphonia::core::io::MediaSourceStreamOptions::default());
        let mut probe = Probe::new_with_options(&ProbeOptions { max_probe_depth: PROBED, ..ProbeOptions::default() });
        symphonia::default::register_enabled_formats(&mut probe);
        // pictures are not looked at
        let metadata = MetadataOptions::default().limit_visual_bytes(Limit::Maximum(0));
        let options = symphonia::core::formats::FormatOptions::default();
        let format = guarded(|| probe.probe(&Hint::new(), stream, options, metadata)).map_err(|e| match e {
            Error::Unsupported(reason) if reason.contains("no suitable format") => SoundError::NoRecording(path.to_owned()),
            e => refused(path, e),
        })?;
        let no_track = || SoundError::unreadable(path, "there is no sound in it that is known here");
        let track = format.first_track_known_codec(TrackType::Audio).ok_or_else(no_track)?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return Err(no_track()) };
        let length = length(format.as_ref(), track);
        // what is beyond the length would be trimmed as the encoder's padding: not where that is only a guess, or nothing because the recorder
        // was killed
        let is_mpeg = matches!(format.format_info().format, FORMAT_ID_ADTS | FORMAT_ID_MP3);
        let options = AudioDecoderOptions::default().gapless(!is_mpeg || length.is_some());
        let decoder = guarded(|| symphonia::default::get_codecs().make_audio_decoder(parameters, &options))
            .map_err(|_| SoundError::unreadable(path, "its sound is in a coding that is not known here"))?;
        let track = track.clone();
        let mut import = Self {
            path: path.to_owned(),
            decoder,
            track: track.id,
            rate: 0,
            channels: 0,
            base: track.time_base,
            counts: matches!(format.format_info().format, FORMAT_ID_FLAC | FORMAT_ID_OGG),
            frames: None,
            packet: Vec::new(),
            silence: 0,
            expected: None,
            read: 0,
            lost: 0,
            missed: 0,
            stumbles: 0,
            cut_short,
            ended: false,
            format,
        };
        if !import.next()? {
            return Err(match track.duration {
                Some(duration) if duration.is_zero() => SoundError::Empty(path.to_owned()),
                _ => SoundError::unreadable(path, "nothing in it could be decoded"),
            });
        }
        let frames = length.zip(import.base).map(|(length, base)| in_frames(length, base, import.rate));
        // a length that no recording has is a damaged number
        let seconds = |frames: u64| frames / u64::from(import.rate.max(1));
        import.frames = frames.filter(|frames| Millis::try_from(seconds(*frames).saturating_mul(1000)).is_ok());
        Ok(import)
    }

    /// Decodes the next packet with something in it; false at the end.
    fn next(&mut self) -> Result<bool, SoundError> {
        self.packet.clear();
        while self.packet.is_empty() && !self.ended {
            let packet = match guarded(|| self.format.next_packet()) {
                Ok(Some(packet)) => packet,
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(Error::IoError(e)) if e.kind() != ErrorKind::UnexpectedEof => return Err(SoundError::unread(&self.path, e)),
                // at least one frame, so that it is told
                Err(Error::DecodeError(_)) if self.stumbles < STUMBLES => {
                    (self.stumbles, self.missed) = (self.stumbles + 1, self.missed + 1);
                    continue;
                }
                // the end is missing, what follows is damaged beyond use, or another stream begins
                Err(_) => {
                    (self.ended, self.cut_short) = (true, true);
                    break;
                }
            };
            if packet.track_id == self.track {
                self.decode(&packet);
            }
        }
        Ok(!self.packet.is_empty())
    }

    /// Fills `packet`, and `silence` for what is missing before it.
    fn decode(&mut self, packet: &Packet) {
        let start = packet.pts.get();
        let expected = self.expected.replace(start.saturating_add_unsigned(packet.dur.get()));
        let gap = expected.filter(|_| self.counts).map_or(0, |e| u64::try_from(start.saturating_sub(e)).unwrap_or(0));
        if gap > u64::from(self.rate) / SMALLEST_GAP {
            self.missed = gap;
        }
        match guarded(|| self.decoder.decode(packet)) {
            Ok(decoded) => {
                let spec = (decoded.spec().rate(), u16::try_from(decoded.spec().channels().count()).unwrap_or(u16::MAX));
                if self.rate == 0 {
                    (self.rate, self.channels) = spec;
                }
                if spec != (self.rate, self.channels) {
                    (self.ended, self.cut_short) = (true, true);
                    return;
                }
                let (frames, mut samples) = (decoded.frames() as u64, Vec::new());
                decoded.copy_to_vec_interleaved(&mut samples);
                if frames > 0 {
                    self.lose();
                }
                self.read += frames;
                self.packet.append(&mut samples);
            }
            Err(Error::ResetRequired) => (self.ended, self.cut_short) = (true, true),
            Err(_) => self.missed += self.base.map_or(1, |base| in_frames(packet.dur.get(), base, self.rate).max(1)),
        }
    }

    /// Puts silence in the place of what was missed. Before the first sound there is nothing whose time it could keep, and a gap longer than
    /// the rest of the sound is a damaged time.
    fn lose(&mut self) {
        let missed = std::mem::take(&mut self.missed);
        let room = self.frames.map_or(u64::MAX, |all| all.saturating_sub(self.read)).min(u64::from(self.rate) * LONGEST_GAP);
        if self.read == 0 || missed > room {
            return;
        }
        self.read += missed;
        self.lost += missed;
        self.silence += missed;
    }
}

impl Decoder for Import {
    fn rate(&self) -> u32 {
        self.rate
    }

    fn channels(&self) -> u16 {
        self.channels
    }

    fn frames(&self) -> Option<u64> {
        self.frames
    }

    fn read(&mut self, interleaved: &mut Vec<f32>) -> Result<bool, SoundError> {
        let before = interleaved.len();
        let channels = usize::from(self.channels);
        let enough = (self.rate as usize * channels).min(BLOCK);
        // the first packet was decoded when the file was opened
        while interleaved.len() - before < enough && (!self.packet.is_empty() || self.next()?) {
            let room = (enough - (interleaved.len() - before)).div_ceil(channels.max(1));
            let silent = usize::try_from(self.silence).unwrap_or(usize::MAX).min(room);
            self.silence -= silent as u64;
            interleaved.resize(interleaved.len() + silent * channels, 0.0);
            if self.silence == 0 {
                interleaved.append(&mut self.packet);
            }
        }
        let fewer = self.frames.is_some_and(|all| self.read + u64::from(self.rate) / MISSING < all);
        self.cut_short |= self.ended && (fewer || self.missed > 0);
        Ok(interleaved.len() > before)
    }

    fn cut_short(&self) -> bool {
        self.cut_short
    }

    fn lost(&self) -> usize {
        usize::try_from(self.lost).unwrap_or(usize::MAX).saturating_mul(usize::from(self.channels))
    }
}

thread_local! {
    /// Whether a panic on this thread is caught, and not to be printed.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a part of symphonia (0.6.1), which checks some numbers of a file only by panicking: a damaged file ends the file, not the program.
fn guarded<T>(part: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !GUARDED.get() {
                usual(what);
            }
        }));
    });
    GUARDED.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(part));
    GUARDED.set(false);
    done.unwrap_or(Err(Error::Unsupported("it is damaged")))
}

/// How long the track is, in its own units; None where the header does not say, or the number is only guessed from the size of the file.
fn length(format: &dyn FormatReader, track: &Track) -> Option<u64> {
    let guessed = match format.format_info().format {
        FORMAT_ID_ADTS => true,
        // with the encoder's delay comes the number of frames
        FORMAT_ID_MP3 => track.delay.is_none(),
        _ => false,
    };
    Some(track.duration.filter(|d| !guessed && !d.is_zero())?.get())
}

fn in_frames(duration: u64, base: TimeBase, rate: u32) -> u64 {
    let frames = u128::from(duration) * u128::from(base.numer.get()) * u128::from(rate) / u128::from(base.denom.get());
    u64::try_from(frames).unwrap_or(u64::MAX)
}

fn refused(path: &Path, error: Error) -> SoundError {
    match error {
        Error::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => SoundError::unreadable(path, "it ends before its sound begins"),
        Error::IoError(e) => SoundError::unread(path, e),
        Error::DecodeError(reason) | Error::Unsupported(reason) | Error::LimitError(reason) => SoundError::unreadable(path, reason),
        e => SoundError::unreadable(path, e),
    }
}

#[cfg(test)]
mod tests {
    use crate::sound::source::read;

    /// A mu-law file at 8 kHz whose header claims `said` bytes of sound, with `there` loud ones.
    fn mu_law(said: u32, there: usize) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x12\0\0\0\x07\0\x01\0".to_vec();
        bytes.extend(8_000u32.to_le_bytes().repeat(2));
        bytes.extend([1, 0, 8, 0, 0, 0]);
        bytes.extend(b"data");
        bytes.extend(said.to_le_bytes());
        bytes.extend(vec![0x80; there]);
        bytes
    }

    #[test]
    fn wrong_sizes_are_put_right_for_every_coding() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("call.wav");
        for (said, there, cut_short) in [(20_000, 20_000, false), (0, 20_000, false), (u32::MAX, 20_000, false), (20_000, 12_000, true)] {
            std::fs::write(&path, mu_law(said, there)).unwrap();
            let recording = read(&path).unwrap();
            assert_eq!((recording.clip.samples.len(), recording.clip.rate), (there, 8_000), "{said}");
            assert_eq!((recording.cut_short, recording.damaged), (cut_short, 0), "{said}");
            assert!((recording.clip.samples[there - 1] - 0.98).abs() < 0.01);
        }
    }
}
