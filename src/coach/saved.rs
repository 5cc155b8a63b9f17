//! The file that a coach's review page saves: read, told apart from what else may be given, cleaned and checked.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::notes::{LONGEST_NAME, Notes, SCHEMA};
use super::plain::{cleaned, quoted};
use super::reference;

/// Bytes of a file.
pub const LARGEST: u64 = 1_000_000;

/// What is wrong with a file; follows its name in a sentence.
#[derive(Debug, thiserror::Error)]
pub enum NotesProblem {
    #[error("cannot be read ({0}); check its name, and that it is yours to read")]
    Unread(String),
    #[error("is no file; name the one that the review page saved")]
    NoFile,
    #[error("is empty; save the notes again in the review page")]
    Empty,
    #[error("is larger than 1 MB, which no notes are; name the file that the review page saved")]
    TooLarge,
    #[error(
        "is a web page, not the notes that were written in it; open it in a browser, choose \"Save notes\", and import the file that is saved then"
    )]
    Page,
    #[error("is damaged or was not saved by the review page ({0}); save the notes again in the review page")]
    Damaged(String),
    #[error("holds no notes of a coach; name the file that the review page saved, which begins with viva-notes")]
    Other,
    #[error("is of a newer version (schema {0}); bring viva up to date, then import it again")]
    Newer(u64),
    #[error("cannot be used: {0}; save the notes again in the review page")]
    Wrong(String),
    #[error(transparent)]
    Reference(#[from] reference::ReferenceProblem),
}

/// The two fields by which files are told apart, so that notes of a newer version are named as such.
#[derive(Deserialize)]
struct Head {
    kind: Option<serde_json::Value>,
    schema: Option<u64>,
}

/// Notes as they were read.
#[derive(Clone, Debug)]
pub struct Cleaned {
    pub notes: Notes,
    /// Characters that were left out of the texts: invisible ones that could turn a line around or command a terminal.
    pub left_out: usize,
}

impl Notes {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// It is not what a review page saves, or beyond the bounds of one.
    pub fn read(path: &Path) -> Result<Cleaned, NotesProblem> {
        let unread = |e: std::io::Error| NotesProblem::Unread(e.to_string());
        // looked at first: opening a pipe would wait for ever
        if !std::fs::metadata(path).map_err(unread)?.is_file() {
            return Err(NotesProblem::NoFile);
        }
        let mut bytes = Vec::new();
        File::open(path).and_then(|f| f.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(unread)?;
        Self::parse(&bytes)
    }

    /// The same from the bytes of a file.
    ///
    /// # Errors
    /// As [`Notes::read`].
    pub fn parse(bytes: &[u8]) -> Result<Cleaned, NotesProblem> {
        if bytes.len() as u64 > LARGEST {
            return Err(NotesProblem::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        match bytes.first() {
            None => return Err(NotesProblem::Empty),
            Some(b'<') => return Err(NotesProblem::Page),
            _ => {}
        }
        let damaged = |e: serde_json::Error| NotesProblem::Damaged(quoted(&e.to_string()));
        match serde_json::from_slice::<Head>(bytes) {
            Ok(Head { kind: Some(kind), .. }) if kind != "viva-notes" => return Err(NotesProblem::Other),
            Ok(Head { kind: None, .. }) => return Err(NotesProblem::Other),
            Ok(Head { schema: Some(schema), .. }) if schema > u64::from(SCHEMA) => return Err(NotesProblem::Newer(schema)),
            Err(e) if e.is_data() => return Err(NotesProblem::Other),
            Err(e) => return Err(damaged(e)),
            Ok(_) => {}
        }
        let mut notes: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        let left_out = notes.clean();
        notes.check().map_err(NotesProblem::Wrong)?;
        Ok(Cleaned { notes, left_out })
    }

    /// Leaves out what no text may hold. How many characters that were.
    fn clean(&mut self) -> usize {
        let mut left_out = 0;
        let names = [&mut self.session, &mut self.coach].into_iter().chain(self.fillers.iter_mut().map(|f| &mut f.text));
        let texts = names.map(|t| (t, false)).chain(self.notes.iter_mut().map(|n| (&mut n.text, true)));
        for (text, lines) in texts {
            let (clean, less) = cleaned(text, lines);
            *text = clean;
            left_out += less;
        }
        left_out
    }
}

/// A coach's name as it was typed.
///
/// # Errors
/// It is too long.
pub fn name(typed: &str) -> Result<String, NotesProblem> {
    let (name, _) = cleaned(typed, false);
    if name.chars().count() > LONGEST_NAME {
        return Err(NotesProblem::Wrong(format!("the coach's name has more than {LONGEST_NAME} characters")));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coach::notes::When;
    use crate::score::Part;
    use serde_json::{Value, json};

    fn file() -> Value {
        json!({
            "schema": 1, "kind": "viva-notes", "session": "2026-11-26T07-18-19Z-ward-clerk", "page_sha256": "0".repeat(64), "coach": "Ada Byron",
            "saved_at": "2026-11-27T10:00:00.000Z", "revealed_at": null,
            "notes": [{ "question": 1, "take": 2, "part": "follow_up", "at_ms": 23_100, "text": "Say what you did." }],
            "ratings": [{ "question": 1, "take": 2, "when": "before", "band": null, "points": { "listens": 2 } }],
            "fillers": [{ "question": 1, "take": 2, "part": "answer", "at_ms": 18_700, "to_ms": 19_100, "text": "Um,", "verdict": "none" }]
        })
    }

    fn problem(file: &Value) -> String {
        Notes::parse(file.to_string().as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_a_page_saves_is_read_whole() {
        let read = Notes::parse(format!("\u{feff}{}\n", file()).as_bytes()).unwrap();
        assert_eq!((read.notes.name(), read.left_out), ("Ada Byron", 0));
        assert_eq!(read.notes.notes[0].part, Part::FollowUp);
        assert_eq!(read.notes.rating(1, 2, When::Before).unwrap().points["listens"], 2);
        assert!(read.notes.rating(1, 2, When::After).is_none());
    }

    #[test]
    fn every_bound_has_its_sentence() {
        let with = |path: &str, value: Value| {
            let mut file = file();
            *file.pointer_mut(path).unwrap() = value;
            problem(&file)
        };
        assert!(with("/notes/0/text", json!("x".repeat(2_001))).contains("more than 2000 characters"));
        assert!(with("/notes/0/text", json!("\u{202e}")).contains("is empty"));
        assert!(with("/coach", json!("x".repeat(81))).contains("more than 80 characters"));
        assert!(with("/notes", Value::Array(vec![file()["notes"][0].clone(); 501])).contains("more than 500 notes"));
        assert!(with("/ratings/0/band", json!(6)).contains("out of range"));
        assert!(with("/ratings/0/points/listens", json!(4)).contains("out of range"));
        assert!(with("/ratings/0/when", json!("after")).contains("never were"));
        assert!(with("/fillers/0/to_ms", json!(1)).contains("ends before it begins"));
        assert!(with("/notes/0/at_ms", json!(-1)).contains("is damaged"));
        assert!(with("/notes/0/part", json!("question")).contains("is damaged"));
        assert!(with("/page_sha256", json!("../..")).contains("page_sha256"));
        assert!(with("/kind", json!("other")).contains("holds no notes"));
        assert!(with("/schema", json!(2)).contains("newer version (schema 2)"));
        let mut more = file();
        more["\u{1b}[2J"] = json!(1);
        let said = problem(&more);
        assert!(said.contains("unknown field") && !said.contains('\u{1b}'), "{said}");
    }

    #[test]
    fn other_files_are_told_apart() {
        let said = |bytes: &[u8]| Notes::parse(bytes).unwrap_err().to_string();
        assert!(said(b" \n").contains("is empty"));
        assert!(said(b"<!doctype html><html>").contains("is a web page"));
        assert!(said(b"{\"schema\": 1, \"kind\": \"viva-notes\"").contains("is damaged"));
        assert!(said(b"[1, 2]").contains("holds no notes") && said(b"{}").contains("holds no notes"));
        assert!(said(&vec![b'x'; 1_000_001]).contains("larger than 1 MB"));
        assert!(said("[".repeat(100_000).as_bytes()).starts_with("is damaged") || said("[".repeat(100_000).as_bytes()).starts_with("holds no notes"));
    }
}
