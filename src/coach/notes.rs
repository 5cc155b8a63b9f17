//! What one coach wrote about one session, as a review page saves it, and its bounds. Texts are plain text and never markup.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Judgement;
use crate::score::Part;
use crate::sound::{Millis, Span};

/// The schema that is read and written here.
pub const SCHEMA: u32 = 1;
/// Characters of a note, of a coach's name, of the words of a filler.
pub const LONGEST_NOTE: usize = 2_000;
pub const LONGEST_NAME: usize = 80;
const LONGEST_FILLER: usize = 200;
/// Entries of a coach on one session.
pub const MOST_NOTES: usize = 500;
const MOST_FILLERS: usize = 5_000;

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

impl Notes {
    /// What is beyond the bounds, in words.
    pub(super) fn check(&self) -> Result<(), String> {
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
