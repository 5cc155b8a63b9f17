//! The interviewer's voice: text to sound ([`Voice`]) and sound to air ([`Speaker`]).
//!
//! Voices are programs that are installed on the machine, in a [table](voices), never code linked in: most are under licences that this
//! program does not share. What they render is kept in a cache by voice and text.

pub mod cache;
pub mod chime;
pub mod loudspeaker;
pub mod voices;

use crate::sound::Clip;
use crate::stop::Stop;

/// Text to sound.
pub trait Voice: Send {
    /// Back end and voice, such as `espeak-ng:en-gb`.
    fn name(&self) -> String;

    /// Speaks the text into a clip. Takes as long as the back end needs; makes no sound.
    ///
    /// # Errors
    /// The back end failed; the question can still be shown.
    fn render(&self, text: &str) -> Result<Clip, SpeakError>;
}

/// Sound to air.
pub trait Speaker: Send {
    /// Plays the clip to its end, or until `stop` is raised. Blocks.
    ///
    /// # Errors
    /// The loudspeaker could not be opened, or went away.
    fn play(&mut self, clip: &Clip, stop: &Stop) -> Result<(), SpeakError>;
}

#[derive(Debug, thiserror::Error)]
pub enum SpeakError {
    #[error("there is no voice \"{wanted}\"; {cure}")]
    Unknown { wanted: String, cure: String },
    #[error("the voice {voice} failed ({reason}); choose another with --voice, or --voice none to read the questions yourself")]
    Failed { voice: String, reason: String },
    #[error("the loudspeaker {name} could not be used ({reason}); choose another with --output (see `viva devices`)")]
    Loudspeaker { name: String, reason: String },
}
