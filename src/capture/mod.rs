//! Listening: from a microphone to a take on disk.
//!
//! A [`Microphone`] delivers interleaved frames into a ring; the [recorder] thread drains it, mixes to mono and writes a WAV file that is
//! valid at every moment. Nothing here knows of whisper, questions or scores.

pub mod microphone;
pub mod recorder;
pub mod replay;
mod standstill;
mod take;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use serde::{Deserialize, Serialize};

use crate::sound::{Decibels, Millis};

/// Something that hears: a device, or a recording that plays the part of one.
pub trait Microphone: Send {
    /// As shown to the user.
    fn name(&self) -> String;

    /// Starts to deliver frames. They stop when the [`Feed`] is dropped.
    ///
    /// # Errors
    /// The device could not be opened; the caller may try again, or another one.
    fn open(&mut self) -> Result<Feed, CaptureError>;
    /// Opens it once more, where its connection was cut off; None where it is not there any more, or knows no second time.
    fn again(&mut self) -> Option<Feed> {
        None
    }

    /// Whether sound is lost while nobody reads. A recording waits; a device does not.
    fn is_live(&self) -> bool;
}

/// The receiving end of an open microphone.
pub struct Feed {
    /// Interleaved samples, -1.0..=1.0.
    pub ring: rtrb::Consumer<f32>,
    pub rate: u32,
    pub channels: u16,
    pub counters: Arc<Counters>,
    /// Stops the microphone on drop.
    pub guard: Box<dyn Send>,
}

/// What the delivering side counts while it may neither wait nor complain.
#[derive(Debug, Default)]
pub struct Counters {
    /// Frames that found no room in the ring.
    pub frames_lost: AtomicU64,
    /// Interruptions that the sound system reported, of unknown length.
    pub interruptions: AtomicU64,
    /// The source has come to its end.
    pub ended: AtomicBool,
    /// The device is gone.
    pub failed: AtomicBool,
}

/// How an answer came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The candidate said so.
    Candidate,
    /// The time limit.
    Limit,
    /// Ctrl-C.
    Interrupted,
    /// The microphone stopped delivering.
    DeviceLost,
    /// The end of a recording that was replayed.
    EndOfRecording,
    /// The disk could not take more.
    DiskFailed,
}

/// Sound that was not captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    /// Where in the take.
    pub at: Millis,
    pub frames: u64,
}

/// What is known of a take besides its sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    pub schema: u32,
    pub microphone: String,
    /// Frames a second.
    pub rate: u32,
    /// Channels of the device, before the mix to mono.
    pub channels: u16,
    pub duration: Millis,
    pub end: EndReason,
    pub frames_lost: u64,
    pub losses: Vec<Loss>,
    /// Interruptions reported by the sound system, of unknown length.
    pub interruptions: u64,
    /// Samples at full scale.
    pub clipped: u64,
    /// None for digital silence.
    pub peak: Option<Decibels>,
}

#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    #[error(
        "the microphone {name} could not be opened ({reason}); close other programs that use it, allow access in the system's privacy settings, or choose another with --input"
    )]
    Unopened { name: String, reason: String },
    #[error(transparent)]
    Device(#[from] crate::sound::device::DeviceError),
    #[error(transparent)]
    Recording(#[from] crate::sound::SoundError),
    #[error(transparent)]
    Rate(#[from] crate::sound::resample::ResampleError),
    #[error("the microphone {name} delivers no sound any more; check its plug, then try again")]
    Lost { name: String },
    #[error("the recorder broke down; what it had heard is on disk, and `viva sessions recover` finishes it")]
    BrokeDown,
    #[error("the recording {path} could not be started ({source}); check that the disk has room", path = path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
}
