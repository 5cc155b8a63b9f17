//! A transcript that was written before, taken for what the clip says: for `--words FILE`, tests and bug reports.

use std::path::Path;
use std::time::Duration;

use super::{Engine, TranscribeError, Transcriber, Transcript};
use crate::sound::Clip;
use crate::stop::Stop;

/// Gives the same transcript for every clip.
pub struct Written {
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
        Ok(Self { transcript })
    }
}

impl Transcriber for Written {
    fn engine(&self) -> &Engine {
        &self.transcript.engine
    }

    fn transcribe(&mut self, clip: &Clip, _: &Stop) -> Result<Transcript, TranscribeError> {
        Ok(Transcript { duration: clip.duration(), ..self.transcript.clone() })
    }

    fn engine_time(&self) -> Duration {
        Duration::ZERO
    }
}
