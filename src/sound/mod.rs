//! Sound as data: clips, WAV files, sample rates, times, and where in a clip somebody speaks.
//!
//! Everything here is plain values and files, but for [`device`], the table of loudspeakers and microphones.

pub mod clip;
pub mod device;
pub mod pieces;
pub mod resample;
pub mod riff;
pub mod source;
pub mod speech;
pub mod time;
pub mod wav;

pub use clip::{Clip, Decibels};
pub use pieces::Piece;
pub use speech::Profile;
pub use time::{Millis, Span};
