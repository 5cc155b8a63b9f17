//! Sound as data: clips, WAV files, sample rates, times, and where in a clip somebody speaks.
//!
//! Everything here is plain values and files, but for [`device`], the table of loudspeakers and microphones.

pub mod clip;
pub mod device;
pub mod resample;
pub mod riff;
pub mod speech;
pub mod time;
pub mod wav;

pub use clip::{Clip, Decibels};
pub use time::{Millis, Span};
