//! The file that a coach's review page saves: read, bounded, cleaned. Whatever stands in it, texts are plain text and never markup.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Judgement, reference};
use crate::score::Part;
use crate::sound::{Millis, Span};

/// The schema that is read and written here.
pub const SCHEMA: u32 = 1;
/// Bytes of a file.
pub const LARGEST: u64 = 1_000_000;
/// Characters of a note, of a coach's name, of the words of a filler.
pub const LONGEST_NOTE: usize = 2_000;
pub const LONGEST_NAME: usize = 80;
const LONGEST_FILLER: usize = 200;
/// Entries of a coach on one session.
pub const MOST_NOTES: usize = 500;
const MOST_FILLERS: usize = 5_000;
/// Characters of a foreign text within a message.
const LONGEST_QUOTED: usize = 80;

/// What one coach wrote about one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    pub schema: u32,
    pub kind: Kind,
    /// Name of the session's folder when the page was made.
    pub session: String,
    /// [`super::page_sha256`] when the page was made.
    pub page_sha256: String,
    /// May be empty.
    pub coach: String,
    pub saved_at: Timestamp,
    /// When the coach asked for the program's scores; None: never.
    pub revealed_at: Option<Timestamp>,
    pub notes: Vec<Note>,
    pub ratings: Vec<Rated>,
    pub fillers: Vec<FillerVerdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "viva-notes")]
    Notes,
}

/// A remark on one moment of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// From 1, as the take is.
    pub question: usize,
    pub take: usize,
    pub part: Part,
    /// From the start of that recording.
    pub at_ms: Millis,
    /// Plain text, which may hold line ends.
    pub text: String,
}

/// A take's band and levels by the coach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rated {
    pub question: usize,
    pub take: usize,
    pub when: When,
    /// 1 to 5; None where it was left out.
    pub band: Option<u8>,
    /// Criterion id to 0..=3; those that were rated only.
    pub points: BTreeMap<String, u8>,
}

/// Whether the program's scores had been shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Before,
    After,
}

/// A word that the coach hears otherwise than the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillerVerdict {
    pub question: usize,
    pub take: usize,
    pub part: Part,
    pub at_ms: Millis,
    pub to_ms: Millis,
    pub text: String,
    pub verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The program called it a filler, the coach does not.
    None,
    /// The coach calls it one, the program did not.
    Added,
}

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

    /// What is beyond the bounds, in words.
    fn check(&self) -> Result<(), String> {
        let wrong = |what: String| Err(what);
        let of = |question: usize, take: usize| format!("question {question}, take {take}");
        if self.schema != SCHEMA {
            return wrong(format!("there is no schema {}", self.schema));
        }
        if self.page_sha256.len() != 64 || !self.page_sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return wrong("page_sha256 is not 64 hexadecimal digits".to_owned());
        }
        if self.coach.chars().count() > LONGEST_NAME {
            return wrong(format!("the coach's name has more than {LONGEST_NAME} characters"));
        }
        if self.notes.len() > MOST_NOTES || self.fillers.len() > MOST_FILLERS {
            return wrong(format!("there are more than {MOST_NOTES} notes, or more than {MOST_FILLERS} marked fillers"));
        }
        for note in &self.notes {
            let at = format!("the note at {} of {}", note.at_ms, of(note.question, note.take));
            match note.text.chars().count() {
                0 => return wrong(format!("{at} is empty")),
                LONGEST_NOTE.. if note.text.chars().count() > LONGEST_NOTE => {
                    return wrong(format!("{at} has more than {LONGEST_NOTE} characters"));
                }
                _ => {}
            }
        }
        let mut seen = BTreeSet::new();
        for rated in &self.ratings {
            let of = of(rated.question, rated.take);
            if !rated.judgement().is_in_range() {
                return wrong(format!("a rating of {of} is out of range: bands are 1 to 5, points 0 to 3"));
            }
            if !seen.insert((rated.question, rated.take, rated.when)) {
                return wrong(format!("{of} is rated twice"));
            }
            if rated.when == When::After && self.revealed_at.is_none() {
                return wrong(format!("{of} is rated after the scores were shown, which they never were"));
            }
        }
        for filler in &self.fillers {
            if filler.to_ms < filler.at_ms || filler.text.chars().count() > LONGEST_FILLER {
                return wrong(format!("a marked filler of {} is too long, or ends before it begins", of(filler.question, filler.take)));
            }
        }
        Ok(())
    }

    /// The name for a person.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.coach.is_empty() { "a coach without a name" } else { &self.coach }
    }

    /// What was given to a take at that time.
    #[must_use]
    pub fn rating(&self, question: usize, take: usize, when: When) -> Option<Judgement> {
        let found = self.ratings.iter().find(|r| (r.question, r.take, r.when) == (question, take, when));
        found.map(Rated::judgement).filter(|j| !j.is_empty())
    }
}

impl Rated {
    #[must_use]
    pub fn judgement(&self) -> Judgement {
        Judgement { band: self.band, points: self.points.clone() }
    }
}

impl FillerVerdict {
    #[must_use]
    pub fn span(&self) -> Span {
        Span { start: self.at_ms, end: self.to_ms }
    }
}

/// A text without control characters and without those that turn the direction of writing, trimmed; line ends stay only where `lines` says so,
/// and are spaces elsewhere. With the number of characters that were left out.
#[must_use]
pub fn cleaned(text: &str, lines: bool) -> (String, usize) {
    let mut left_out = 0;
    let mut clean = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => clean.push(if lines { '\n' } else { ' ' }),
            '\t' => clean.push(' '),
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') => left_out += 1,
            c => clean.push(c),
        }
    }
    (clean.trim().to_owned(), left_out)
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

/// A foreign text as it may stand in a message: one short line.
#[must_use]
pub fn quoted(text: &str) -> String {
    let (clean, _) = cleaned(text, false);
    let short: String = clean.chars().take(LONGEST_QUOTED).collect();
    if short.len() < clean.len() { format!("{short}...") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn markup_is_text_and_what_cannot_be_seen_is_left_out() {
        let mut file = file();
        file["notes"][0]["text"] = json!("<script>alert(1)</script> ]]> \u{1b}[31mred\u{202e}\u{7}\r\nsecond line");
        file["coach"] = json!(" Ada\nByron\u{200e} ");
        let read = Notes::parse(file.to_string().as_bytes()).unwrap();
        assert_eq!(read.notes.notes[0].text, "<script>alert(1)</script> ]]> [31mred\nsecond line");
        assert_eq!((read.notes.coach.as_str(), read.left_out), ("Ada Byron\u{200e}", 3));
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
