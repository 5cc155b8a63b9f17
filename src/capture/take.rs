//! A take as it grows: into its file, into pieces for the engine, and into what is told of it meanwhile.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::recorder::RecorderEvent;
use super::{Capture, CaptureError, EndReason, Loss};
use crate::sound::pieces::{FULL_SCALE, Segmenter};
use crate::sound::wav::{self, GrowingWav};
use crate::sound::{Decibels, Millis, SoundError};

/// How often the header of the growing file is brought up to date: what a kill of the process can cost at most.
const FLUSH_EVERY: Duration = Duration::from_millis(500);
const LEVEL_EVERY: Duration = Duration::from_millis(100);
/// This long without one sample other than zero is worth a warning while the candidate can still do something about it.
const ZEROS_WARN: Millis = Millis(2_000);

/// A take while it is recorded.
pub(super) struct Take {
    path: PathBuf,
    wav: GrowingWav,
    segmenter: Segmenter,
    rate: u32,
    /// Of the device.
    channels: u16,
    frames: usize,
    flushed: Instant,
    told: Instant,
    /// Since the last level that was told.
    recent_peak: f32,
    peak: f32,
    clipped: u64,
    pub losses: Vec<Loss>,
    warned_of_zeros: bool,
}

impl Take {
    /// Opens its file. The rate in frames a second, and the channels of the device.
    pub fn begin(path: &Path, (rate, channels): (u32, u16), segmenter: Segmenter) -> Result<Self, SoundError> {
        Ok(Self {
            path: path.to_owned(),
            wav: GrowingWav::create(path, rate)?,
            segmenter,
            rate,
            channels,
            frames: 0,
            flushed: Instant::now(),
            told: Instant::now(),
            recent_peak: 0.0,
            peak: 0.0,
            clipped: 0,
            losses: Vec::new(),
            warned_of_zeros: false,
        })
    }

    pub fn elapsed(&self) -> Millis {
        Millis::of_frames(self.frames, self.rate)
    }

    /// Frames that came, those among them that found no room.
    pub fn came(&self) -> u64 {
        self.frames as u64 + self.losses.iter().map(|l| l.frames).sum::<u64>()
    }

    pub fn lose(&mut self, gap: Loss, tell: &mut dyn FnMut(RecorderEvent)) {
        self.losses.push(gap);
        tell(RecorderEvent::Lost(gap));
    }

    pub fn write(&mut self, mono: &[f32], tell: &mut dyn FnMut(RecorderEvent)) -> Result<(), SoundError> {
        self.wav.append(mono)?;
        // as they will be read again from the file: what is transcribed is what is kept
        let written: Vec<f32> = mono.iter().map(|s| wav::as_written(*s)).collect();
        // the filter never refuses its own chunks
        for piece in self.segmenter.push(&written).unwrap_or_default() {
            tell(RecorderEvent::Piece(piece));
        }
        if let Some(piece) = self.segmenter.at_rest() {
            tell(RecorderEvent::AtRest(piece));
        }
        self.frames += mono.len();
        for sample in mono {
            let size = sample.abs();
            self.recent_peak = self.recent_peak.max(size);
            self.clipped += u64::from(size >= FULL_SCALE);
        }
        self.peak = self.peak.max(self.recent_peak);
        if self.flushed.elapsed() >= FLUSH_EVERY {
            self.wav.flush()?;
            self.flushed = Instant::now();
        }
        Ok(())
    }

    pub fn tell_level(&mut self, tell: &mut dyn FnMut(RecorderEvent)) {
        if self.told.elapsed() < LEVEL_EVERY {
            return;
        }
        self.told = Instant::now();
        tell(RecorderEvent::Level { peak: Decibels::of_amplitude(self.recent_peak), elapsed: self.elapsed() });
        self.recent_peak = 0.0;
        if self.peak == 0.0 && self.elapsed() >= ZEROS_WARN && !self.warned_of_zeros {
            self.warned_of_zeros = true;
            tell(RecorderEvent::OnlyZeros);
        }
    }

    /// Closes the file and tells the last pieces. Returns the last event.
    pub fn close(mut self, end: EndReason, microphone: String, interruptions: u64, tell: &mut dyn FnMut(RecorderEvent)) -> RecorderEvent {
        let mut duration = self.elapsed();
        // the pieces before the file is closed: an engine can begin meanwhile
        let profile = match self.segmenter.finish() {
            Ok((pieces, profile)) => {
                for piece in pieces {
                    tell(RecorderEvent::Piece(piece));
                }
                profile
            }
            Err(e) => return RecorderEvent::Failed(e.into()),
        };
        // where the disk failed, what was flushed before is still a valid file
        let end = match self.wav.finish() {
            Err(SoundError::Io { path, source }) if duration == Millis(0) => {
                return RecorderEvent::Failed(CaptureError::Unwritable { path, source });
            }
            Err(_) => EndReason::DiskFailed,
            Ok(()) => end,
        };
        if end == EndReason::DiskFailed {
            // what did not reach the disk is lost, and not to be called kept
            let kept = wav::duration(&self.path).unwrap_or_default().min(duration);
            let frames = self.frames.saturating_sub(kept.frames(self.rate)) as u64;
            self.losses.push(Loss { at: kept, frames });
            duration = kept;
        }
        let capture = Capture {
            schema: 1,
            microphone,
            rate: self.rate,
            channels: self.channels,
            duration,
            end,
            frames_lost: self.losses.iter().map(|l| l.frames).sum(),
            losses: self.losses,
            interruptions,
            clipped: self.clipped,
            peak: Decibels::of_amplitude(self.peak),
        };
        RecorderEvent::Finished(capture, Box::new(profile))
    }
}
