//! Sound as data: clips, recordings of any kind, sample rates, times, and where in a clip somebody speaks.
//!
//! Everything here is plain values and files, but for [`device`], the table of loudspeakers and microphones, and `closing`, which lets one of them go.

pub mod clip;
pub(crate) mod closing;
pub mod device;
pub mod flac;
pub mod formant;
#[cfg(feature = "import")]
mod import;
pub mod loudness;
pub mod mix;
pub mod outline;
pub mod pieces;
pub mod pitch;
pub mod resample;
pub mod riff;
pub mod source;
pub mod speech;
pub mod time;
pub mod wav;

use std::path::{Path, PathBuf};

pub use clip::{Clip, Decibels};
pub use pieces::Piece;
pub use source::Source;
pub use speech::Profile;
pub use time::{Millis, Span};

/// Why a recording could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    #[error("there is no file {0}; check the name and the folder")]
    Missing(PathBuf),
    #[error("{}", no_recording(.0))]
    NoRecording(PathBuf),
    #[error("{path} cannot be read as a recording ({reason}); convert it, for example with `ffmpeg -i \"{path}\" answer.wav`")]
    Unreadable { path: PathBuf, reason: String },
    #[error("{0} is empty: there is not one sample of sound in it; record the answer again")]
    Empty(PathBuf),
    #[error("{path} could not be read or written ({source}); check that the disk has room and that the folder is yours")]
    Io { path: PathBuf, source: std::io::Error },
}

impl SoundError {
    fn unread(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    fn unreadable(path: &Path, reason: impl ToString) -> Self {
        Self::Unreadable { path: path.to_owned(), reason: reason.to_string() }
    }
}

/// What to do about a file that nothing here can read.
fn no_recording(path: &Path) -> String {
    let path = path.display();
    if cfg!(feature = "import") {
        format!(
            "{path} is no recording that viva knows (WAV, FLAC, MP3, M4A, OGG Vorbis, AIFF and CAF); choose another file, or convert it, for example \
             with `ffmpeg -i \"{path}\" answer.wav`"
        )
    } else {
        format!(
            "{path} is no WAV file with plain samples, and this viva was built without the feature `import` that reads others; convert it, for \
             example with `sox \"{path}\" -b 16 answer.wav`, or build viva with that feature"
        )
    }
}

#[cfg(test)]
pub(crate) mod tests {
    /// A name for a recording in a folder of its own.
    pub(crate) fn in_folder(test: impl FnOnce(&std::path::Path)) {
        let folder = tempfile::tempdir().unwrap();
        test(&folder.path().join("answer.wav"));
    }
}
