//! Words that were written before, taken for what a recording says: for `--words FILE`, tests and bug reports.

use std::path::Path;

use super::{Engine, TranscribeError, Transcript, Word, textgrid};
use crate::sound::{Millis, Span};

/// Words may end this much after the sound: engines are not exact.
const TOLERANCE: Millis = Millis(1_000);
const LARGEST_FILE: u64 = 64_000_000;

/// Reads a transcript as viva writes it (`take-1.transcript.json`), or the words of a Praat TextGrid, for a recording of this length.
///
/// # Errors
/// No such file, neither of the two, or one of a longer recording.
pub fn read(path: &Path, duration: Millis) -> Result<Transcript, TranscribeError> {
    let refused = |reason: String| TranscribeError::Written { path: path.to_owned(), reason };
    let size = std::fs::metadata(path).map_err(|e| refused(e.to_string()))?.len();
    if size > LARGEST_FILE {
        return Err(refused("it is larger than 64 MB".to_owned()));
    }
    let text = decoded(&std::fs::read(path).map_err(|e| refused(e.to_string()))?)
        .ok_or_else(|| refused("it is not text in UTF-8 or UTF-16; in Praat choose UTF-8 in the preferences for writing text".to_owned()))?;
    let transcript: Transcript = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|e| refused(e.to_string()))?
    } else {
        let words = textgrid::words(&text).map_err(refused)?.into_iter().map(|(text, span)| Word::new(&text, span, 1.0)).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Transcript::new(Engine { model: name, sha256: None, demo: false, prompt: None }, duration, words)
    };
    if transcript.schema > Transcript::SCHEMA {
        return Err(refused("a newer viva wrote it".to_owned()));
    }
    if transcript.words.iter().any(|w| !(0.0..=1.0).contains(&w.probability)) {
        return Err(refused("a probability in it is not between 0 and 1".to_owned()));
    }
    if transcript.words.windows(2).any(|w| w[1].start < w[0].start) || transcript.words.iter().any(|w| w.end < w.start) {
        return Err(refused("its words are not in the order of their times".to_owned()));
    }
    let end = transcript.words.iter().map(|w| w.end).max().unwrap_or_default();
    if end > duration + TOLERANCE {
        return Err(refused(format!("its words end at {end}, the recording at {duration}: they belong to another one")));
    }
    Ok(Transcript { duration, ..transcript })
}

/// Stands for the engine of what was typed.
pub const TYPED: &str = "typed";

/// A text that was typed: its words without times, each sure.
#[must_use]
pub fn typed(text: &str) -> Transcript {
    let words = text.split_whitespace().map(|word| Word::new(word, Span::default(), 1.0)).collect();
    Transcript::new(Engine { model: TYPED.to_owned(), sha256: None, demo: false, prompt: None }, Millis(0), words)
}

/// UTF-8, or UTF-16 as Praat writes what is not plain English.
fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |pair: fn([u8; 2]) -> u16| String::from_utf16(&bytes[2..].chunks_exact(2).map(|b| pair([b[0], b[1]])).collect::<Vec<_>>()).ok();
    match bytes {
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    }
}
