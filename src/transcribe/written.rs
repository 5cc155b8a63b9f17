//! A transcript that was written before, taken for what the clip says: for `--words FILE`, tests and bug reports.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Engine, TranscribeError, Transcriber, Transcript};
use crate::sound::{Clip, Millis};
use crate::stop::Stop;

/// Words may end this much after the sound: engines are not exact.
const TOLERANCE: Millis = Millis(1_000);

/// Gives the same transcript for every clip.
pub struct Written {
    path: PathBuf,
    transcript: Transcript,
}

impl Written {
    /// Reads a transcript as viva writes it (`take-1.transcript.json`).
    ///
    /// # Errors
    /// No such file, or not a transcript.
    pub fn read(path: &Path) -> Result<Self, TranscribeError> {
        let refused = |reason: String| TranscribeError::Written { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|e| refused(e.to_string()))?;
        let transcript: Transcript = serde_json::from_str(&text).map_err(|e| refused(e.to_string()))?;
        if transcript.words.windows(2).any(|w| w[1].start < w[0].start) || transcript.words.iter().any(|w| w.end < w.start) {
            return Err(refused("its words are not in the order of their times".to_owned()));
        }
        Ok(Self { path: path.to_owned(), transcript })
    }
}

impl Transcriber for Written {
    fn engine(&self) -> &Engine {
        &self.transcript.engine
    }

    fn transcribe(&mut self, clip: &Clip, _: &Stop) -> Result<Transcript, TranscribeError> {
        let duration = clip.duration();
        let end = self.transcript.words.last().map_or(Millis(0), |w| w.end);
        if end > duration + TOLERANCE {
            let reason = format!("its words end at {end}, the recording at {duration}: they belong to another one");
            return Err(TranscribeError::Written { path: self.path.clone(), reason });
        }
        Ok(Transcript { duration, ..self.transcript.clone() })
    }

    fn engine_time(&self) -> Duration {
        Duration::ZERO
    }
}
