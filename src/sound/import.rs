//! Recordings other than plain WAV (symphonia): FLAC, MP3, M4A, OGG Vorbis, AIFF, CAF, and WAV in the telephone's codings.
//!
//! A part that cannot be decoded becomes silence of its length, so that what follows keeps its time. A stream that changes its rate or its
//! channels ends there.

use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::{Hint, Probe, ProbeOptions};
use symphonia::core::formats::well_known::{FORMAT_ID_ADTS, FORMAT_ID_FLAC, FORMAT_ID_MP3};
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, ReadOnlySource};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::TimeBase;

use super::SoundError;
use super::riff::Layout;
use super::source::Decoder;

/// How far into a file its beginning is looked for, in bytes. MP3 has next to no mark of its own, and in a file that is no recording
/// something like one is found sooner or later.
const PROBED: u32 = 64 * 1024;
/// Most samples, of all channels, that are handed out at a time.
const BLOCK: usize = 128 * 1024;
/// Headers may count a part of a packet more or less than there is; a file that lacks less than this part of a second is whole.
const MISSING: u64 = 10;
/// Lost frames are made up for with silence as long as they fill no more than this, in seconds: beyond it, a time is damaged rather than the sound.
const LONGEST_GAP: u64 = 60;

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
    /// Where the next packet begins, for formats that count on through what is damaged.
    expected: Option<i64>,
    /// Frames so far, and those of them that were lost.
    read: u64,
    lost: u64,
    cut_short: bool,
    ended: bool,
}

impl Import {
    /// Finds out what the file is and decodes its first packet. A WAV file comes with its layout, and is read as that has it.
    ///
    /// # Errors
    /// Not a recording, a coding that is not known, no sound, or the disk failed.
    pub(super) fn open(path: &Path, mut file: File, layout: Option<&Layout>) -> Result<Self, SoundError> {
        file.seek(SeekFrom::Start(layout.map_or(0, |l| l.start))).map_err(|e| SoundError::unread(path, e))?;
        let source: Box<dyn MediaSource> = match layout {
            Some(layout) => Box::new(ReadOnlySource::new(Cursor::new(layout.header()).chain(file.take(layout.length)))),
            None => Box::new(file),
        };
        let stream = MediaSourceStream::new(source, symphonia::core::io::MediaSourceStreamOptions::default());
        let mut probe = Probe::new_with_options(&ProbeOptions { max_probe_depth: PROBED, ..ProbeOptions::default() });
        symphonia::default::register_enabled_formats(&mut probe);
        // pictures are not looked at
        let metadata = MetadataOptions::default().limit_visual_bytes(Limit::Maximum(0));
        let format = probe.probe(&Hint::new(), stream, symphonia::core::formats::FormatOptions::default(), metadata).map_err(|e| match e {
            Error::Unsupported(reason) if reason.contains("no suitable format") => SoundError::NoRecording(path.to_owned()),
            e => refused(path, e),
        })?;
        let no_track = || SoundError::unreadable(path, "there is no sound in it that is known here");
        let track = format.first_track_known_codec(TrackType::Audio).ok_or_else(no_track)?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return Err(no_track()) };
        // a recorder that was killed leaves a length of nothing; the sound must not be trimmed to that
        let gapless = track.duration.is_none_or(|d| !d.is_zero());
        let options = AudioDecoderOptions::default().gapless(gapless);
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(parameters, &options)
            .map_err(|_| SoundError::unreadable(path, "its sound is in a coding that is not known here"))?;
        let (track, cut_short) = (track.clone(), layout.is_some_and(|l| l.cut_short));
        let mut import = Self {
            path: path.to_owned(),
            decoder,
            track: track.id,
            rate: 0,
            channels: 0,
            base: track.time_base,
            frames: None,
            packet: Vec::new(),
            expected: None,
            read: 0,
            lost: 0,
            cut_short,
            ended: false,
            format,
        };
        if !import.next()? {
            return Err(SoundError::Empty(path.to_owned()));
        }
        import.frames = frames(import.format.as_ref(), &track, import.rate);
        Ok(import)
    }

    /// Decodes the next packet with something in it; false at the end.
    fn next(&mut self) -> Result<bool, SoundError> {
        self.packet.clear();
        while self.packet.is_empty() && !self.ended {
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => {
                    self.ended = true;
                    break;
                }
                Err(Error::IoError(e)) if e.kind() != ErrorKind::UnexpectedEof => return Err(SoundError::unread(&self.path, e)),
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

    /// Fills `packet`, with silence where it must.
    fn decode(&mut self, packet: &Packet) {
        let (begun, start) = (self.rate > 0, packet.pts.get());
        if let Some(expected) = self.expected.replace(start.saturating_add_unsigned(packet.dur.get()))
            && self.format.format_info().format == FORMAT_ID_FLAC
        {
            self.lose(u64::try_from(start.saturating_sub(expected)).unwrap_or(0));
        }
        match self.decoder.decode(packet) {
            Ok(decoded) => {
                let spec = (decoded.spec().rate(), u16::try_from(decoded.spec().channels().count()).unwrap_or(u16::MAX));
                if !begun {
                    (self.rate, self.channels) = spec;
                }
                if spec != (self.rate, self.channels) {
                    (self.ended, self.cut_short) = (true, true);
                    return;
                }
                self.read += decoded.frames() as u64;
                let mut samples = Vec::new();
                decoded.copy_to_vec_interleaved(&mut samples);
                self.packet.append(&mut samples);
            }
            // before the first sound there is nothing whose time it could keep
            Err(Error::DecodeError(_) | Error::IoError(_)) if !begun => {}
            Err(Error::DecodeError(_) | Error::IoError(_)) => self.lose(self.base.map_or(0, |base| in_frames(packet.dur.get(), base, self.rate))),
            Err(_) => (self.ended, self.cut_short) = (true, true),
        }
    }

    /// Appends as many silent frames.
    fn lose(&mut self, frames: u64) {
        if frames > u64::from(self.rate) * LONGEST_GAP {
            return;
        }
        self.read += frames;
        self.lost += frames;
        let samples = usize::try_from(frames).unwrap_or(0) * usize::from(self.channels);
        self.packet.resize(self.packet.len() + samples, 0.0);
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
        let enough = (self.rate as usize * usize::from(self.channels)).min(BLOCK);
        // the first packet was decoded when the file was opened
        while interleaved.len() - before < enough && (!self.packet.is_empty() || self.next()?) {
            interleaved.append(&mut self.packet);
        }
        if self.ended && self.frames.is_some_and(|all| self.read + u64::from(self.rate) / MISSING < all) {
            self.cut_short = true;
        }
        Ok(interleaved.len() > before)
    }

    fn cut_short(&self) -> bool {
        self.cut_short
    }

    fn lost(&self) -> usize {
        usize::try_from(self.lost).unwrap_or(usize::MAX).saturating_mul(usize::from(self.channels))
    }
}

/// How many frames the header says there are; None where it does not say, or the number is only guessed from the size of the file.
fn frames(format: &dyn FormatReader, track: &Track, rate: u32) -> Option<u64> {
    let guessed = match format.format_info().format {
        FORMAT_ID_ADTS => true,
        // with the encoder's delay comes the number of frames
        FORMAT_ID_MP3 => track.delay.is_none(),
        _ => false,
    };
    let duration = track.duration.filter(|d| !guessed && !d.is_zero())?;
    Some(in_frames(duration.get(), track.time_base?, rate))
}

fn in_frames(duration: u64, base: TimeBase, rate: u32) -> u64 {
    let frames = u128::from(duration) * u128::from(base.numer.get()) * u128::from(rate) / u128::from(base.denom.get());
    u64::try_from(frames).unwrap_or(u64::MAX)
}

fn refused(path: &Path, error: Error) -> SoundError {
    match error {
        Error::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => SoundError::unreadable(path, "it ends before its header does"),
        Error::IoError(e) => SoundError::unread(path, e),
        Error::DecodeError(reason) | Error::Unsupported(reason) | Error::LimitError(reason) => SoundError::unreadable(path, reason),
        e => SoundError::unreadable(path, e),
    }
}
