//! What the user says of a session: its title, tags and notes. They lie in `about.json` beside what was recorded, never in it: a session can be named
//! anew at any time, and its folder keeps its name.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plain::steers;
use super::{StoreError, read_json, write_json};
use crate::sound::Millis;

/// `about.json`. An absent file means that nothing was said of the session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    pub schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// In the order in which they were put on, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// In the order in which they were written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub written: Timestamp,
    pub text: String,
    /// What it is about; None for the whole session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<NotePlace>,
}

/// An answer of a session, and perhaps a moment in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePlace {
    /// 1 for the first question.
    pub question: usize,
    /// 1 for the first take.
    pub take: usize,
    /// From the start of the take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Millis>,
}

/// What may be written, and how much of it (in characters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Title,
    Tag,
    Note,
}

impl Written {
    fn most(self) -> usize {
        match self {
            Self::Title => 120,
            Self::Tag => 40,
            Self::Note => 4_000,
        }
    }
}

impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Title => "title",
            Self::Tag => "tag",
            Self::Note => "note",
        })
    }
}

impl About {
    pub const SCHEMA: u32 = 1;

    fn path(folder: &Path) -> PathBuf {
        folder.join("about.json")
    }

    /// What stands in a session's folder. The file may have come from anywhere: what would move the cursor of a terminal is taken out.
    ///
    /// # Errors
    /// The file is damaged. It is the user's own writing, so that it is never written over then.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let Some(mut about) = read_json::<Self>(&Self::path(folder)).map_err(unreadable)? else { return Ok(Self::default()) };
        for text in about.title.iter_mut().chain(&mut about.tags).chain(about.notes.iter_mut().map(|n| &mut n.text)) {
            text.retain(|sign| !breaks(sign));
        }
        Ok(about)
    }

    /// # Errors
    /// The place cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), StoreError> {
        write_json(&Self::path(folder), &Self { schema: Self::SCHEMA, ..self.clone() })
    }

    /// Puts a tag on; one that is there stays as it is. Tags are one whatever their case.
    pub fn add_tag(&mut self, tag: &str) {
        if !self.has_tag(tag) {
            self.tags.push(tag.to_owned());
        }
    }

    /// Takes a tag off; false where there was none.
    pub fn remove_tag(&mut self, tag: &str) -> bool {
        let before = self.tags.len();
        self.tags.retain(|t| !same(t, tag));
        self.tags.len() < before
    }

    #[must_use]
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| same(t, tag))
    }
}

/// Whether two tags are one.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Whether this has no place in a text of one line.
fn breaks(sign: char) -> bool {
    steers(sign) || matches!(sign, '\u{2028}' | '\u{2029}')
}

/// A text as it may be kept: without blanks around it, not empty, of one line, not too long. Everything else is text, also `<script>`.
///
/// # Errors
/// One sentence that says what is wrong with it.
pub fn checked(what: Written, text: &str) -> Result<String, AboutError> {
    let text = text.trim();
    let length = text.chars().count();
    match what {
        _ if text.is_empty() => Err(AboutError::Empty { what }),
        _ if text.chars().any(breaks) => Err(AboutError::Steers { what }),
        _ if length > what.most() => Err(AboutError::TooLong { what, length, most: what.most() }),
        Written::Tag if text.contains(|c: char| c.is_whitespace() || c == ',') => Err(AboutError::Words { tag: text.to_owned() }),
        _ => Ok(text.to_owned()),
    }
}

fn unreadable(error: StoreError) -> StoreError {
    match error {
        StoreError::Unread { path, reason } => StoreError::Said { path, reason },
        other => other,
    }
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AboutError {
    #[error("the {what} is empty; write something between the quotation marks")]
    Empty { what: Written },
    #[error("the {what} holds a line break or another control character; write it in one line of plain text")]
    Steers { what: Written },
    #[error("the {what} has {length} characters, and {most} is the most; make it shorter")]
    TooLong { what: Written, length: usize, most: usize },
    #[error("\"{tag}\" is more than one word, and a tag is one; join its words with hyphens, as in first-try")]
    Words { tag: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_without_what_steers_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(About::read(folder.path()).unwrap(), About::default());
        let about = About { title: Some("<script>alert(1)</script>".to_owned()), ..About::default() };
        about.write(folder.path()).unwrap();
        assert_eq!(About::read(folder.path()).unwrap(), About { schema: 1, ..about });
        std::fs::write(folder.path().join("about.json"), r#"{"schema": 9, "title": "a\u001b[2Jb\u202ec", "colour": "red"}"#).unwrap();
        assert_eq!(About::read(folder.path()).unwrap().title.unwrap(), "a[2Jbc");
        std::fs::write(folder.path().join("about.json"), "{").unwrap();
        assert!(About::read(folder.path()).unwrap_err().to_string().contains("about.json"));
    }

    #[test]
    fn tags_are_one_whatever_their_case() {
        let mut about = About::default();
        for tag in ["Draft", "draft", "first-try"] {
            about.add_tag(tag);
        }
        assert_eq!(about.tags, ["Draft", "first-try"]);
        assert!(about.remove_tag("DRAFT") && !about.remove_tag("draft"));
    }

    #[test]
    fn what_may_be_written() {
        assert_eq!(checked(Written::Title, "  Before the <b>day</b> "), Ok("Before the <b>day</b>".to_owned()));
        assert_eq!(checked(Written::Note, " \n "), Err(AboutError::Empty { what: Written::Note }));
        assert_eq!(checked(Written::Title, "a\u{1b}[31mb"), Err(AboutError::Steers { what: Written::Title }));
        assert!(matches!(checked(Written::Tag, "two words"), Err(AboutError::Words { .. })));
        assert!(matches!(checked(Written::Tag, &"x".repeat(41)), Err(AboutError::TooLong { length: 41, most: 40, .. })));
    }
}
