//! A transcript that was written before, taken for what a recording says: for `--words FILE`, tests and bug reports.

use std::path::Path;

use super::{TranscribeError, Transcript};
use crate::sound::Millis;

/// Words may end this much after the sound: engines are not exact.
const TOLERANCE: Millis = Millis(1_000);

/// Reads a transcript as viva writes it (`take-1.transcript.json`) for a recording of this length.
///
/// # Errors
/// No such file, not a transcript, or one of a longer recording.
pub fn read(path: &Path, duration: Millis) -> Result<Transcript, TranscribeError> {
    let refused = |reason: String| TranscribeError::Written { path: path.to_owned(), reason };
    let text = std::fs::read_to_string(path).map_err(|e| refused(e.to_string()))?;
    let transcript: Transcript = serde_json::from_str(&text).map_err(|e| refused(e.to_string()))?;
    if transcript.words.windows(2).any(|w| w[1].start < w[0].start) || transcript.words.iter().any(|w| w.end < w.start) {
        return Err(refused("its words are not in the order of their times".to_owned()));
    }
    let end = transcript.words.last().map_or(Millis(0), |w| w.end);
    if end > duration + TOLERANCE {
        return Err(refused(format!("its words end at {end}, the recording at {duration}: they belong to another one")));
    }
    Ok(Transcript { duration, ..transcript })
}
