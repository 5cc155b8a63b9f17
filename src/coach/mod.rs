//! What people say of an answer, beside the program: a coach's notes and ratings, the candidate's own rating, and how well all of them agree.
//!
//! [`saved`] reads the [`notes`] that a review page saves, [`reference`] holds them against its session, [`merge`] keeps them there; [`rating`] is the
//! candidate's own. [`gathered`] puts them side by side for one session, [`calibrate`] over all of them, with the arithmetic of [`agreement`].
//! Nothing here changes a score.

pub mod agreement;
pub mod calibrate;
pub mod gathered;
pub mod merge;
pub mod notes;
pub mod plain;
pub mod rating;
pub mod reference;
pub mod saved;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::report::Report;
use crate::score::State;
use crate::score::band::CONCRETE;
use crate::store::StoreError;
use crate::store::session::{Answer, Session};
pub use notes::Notes;

/// Bands that can be given to an answer.
pub const BANDS: RangeInclusive<u8> = 1..=5;
/// Levels that can be given to a point.
pub const LEVELS: RangeInclusive<u8> = 0..=CONCRETE;

/// How somebody judged one answer, by the question's anchors and points.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// 1 to 5; None where it was left out.
    pub band: Option<u8>,
    /// Criterion id to 0 (not found) to 3 (made with a concrete instance); those that were judged only.
    pub points: BTreeMap<String, u8>,
}

impl Judgement {
    /// The program's; None where it gave no score. A point that was contradicted is at level 0.
    #[must_use]
    pub fn of(report: &Report) -> Option<Self> {
        let scored = report.scored()?;
        let level = |state: State, level: u8| if state == State::Contradicted { 0 } else { level.min(CONCRETE) };
        let points = scored.points.iter().map(|p| (p.id.clone(), level(p.state, p.level))).collect();
        Some(Self { band: Some(scored.band.number()), points })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.band.is_none() && self.points.is_empty()
    }

    /// Whether band and levels are such as can be given.
    #[must_use]
    pub fn is_in_range(&self) -> bool {
        self.band.is_none_or(|b| BANDS.contains(&b)) && self.points.values().all(|l| LEVELS.contains(l))
    }

    /// What is given in `other` takes the place of what is here; the rest stays.
    pub fn replace(&mut self, other: Self) {
        self.band = other.band.or(self.band);
        self.points.extend(other.points);
    }

    /// What is given in `other` is added where nothing is here.
    pub fn fill(&mut self, other: Self) {
        let own = std::mem::replace(self, other);
        self.replace(own);
    }
}

/// The notes of all coaches of a session, in the order of their files, and what could not be read.
#[must_use]
pub fn of(session: &Session) -> (Vec<Notes>, Vec<StoreError>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let Ok(entries) = fs::read_dir(session.folder.join(merge::FOLDER)) else { return (found, problems) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    for path in paths {
        match merge::kept(&path) {
            Ok(Some(notes)) => found.push(notes),
            Ok(None) => {}
            Err(e) => problems.push(e),
        }
    }
    (found, problems)
}

/// What a review page was made from, as one fingerprint: SHA-256 over the bytes of `session.json`, then of all transcripts and reports in the order
/// of their paths, in small hexadecimal letters.
///
/// # Errors
/// The session's folder or one of these files cannot be read.
pub fn page_sha256(session_folder: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(session_folder)? {
        let folder = entry?.path();
        if folder.is_dir() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                if name.ends_with(".transcript.json") || name.ends_with(".report.json") {
                    files.push(path);
                }
            }
        }
    }
    files.sort();
    let mut digest = Sha256::new();
    for path in std::iter::once(session_folder.join("session.json")).chain(files) {
        digest.update(fs::read(path)?);
    }
    Ok(hex(&digest.finalize()))
}

/// Whether this take is the one of `files`.
fn is_of(answer: &Answer, question: usize, take: usize) -> bool {
    answer.number == question && answer.files.take == take
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(band: Option<u8>, points: &[(&str, u8)]) -> Judgement {
        Judgement { band, points: points.iter().map(|(id, level)| ((*id).to_owned(), *level)).collect() }
    }

    #[test]
    fn what_is_left_out_replaces_nothing() {
        let (old, new) = (judged(Some(4), &[("calm", 2), ("clear", 1)]), judged(None, &[("calm", 3), ("next", 0)]));
        let (mut replaced, mut filled) = (old.clone(), old);
        replaced.replace(new.clone());
        filled.fill(new);
        assert_eq!(replaced, judged(Some(4), &[("calm", 3), ("clear", 1), ("next", 0)]));
        assert_eq!(filled, judged(Some(4), &[("calm", 2), ("clear", 1), ("next", 0)]));
    }

    #[test]
    fn the_fingerprint_covers_words_and_reports_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for (name, text) in [("session.json", "a"), ("02/take-1.report.json", "e"), ("01/take-1.report.json", "c")] {
            write(name, text);
        }
        write("01/take-1.transcript.json", "d");
        write("01/take-1-follow-up.transcript.json", "b");
        let whole = page_sha256(folder.path()).unwrap();
        assert_eq!(whole, hex(&Sha256::digest("abcde")));
        write("notes/ada.json", "x");
        write("01/take-1.marks.json", "x");
        assert_eq!(page_sha256(folder.path()).unwrap(), whole);
        write("01/take-1.report.json", "changed");
        assert_ne!(page_sha256(folder.path()).unwrap(), whole);
    }
}
