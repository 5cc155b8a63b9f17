//! A coach's notes in the session's folder, one file a coach. A further file adds to it; nothing that was rated before the program's scores were
//! shown is ever changed by a later one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Judgement;
use super::notes::{FillerVerdict, MOST_NOTES, Note, Notes, Rated, When};
use super::saved::NotesProblem;
use crate::hash::hex;
use crate::score::Part;
use crate::store::session::Session;
use crate::store::{StoreError, write_json};

/// Below the session's folder.
pub const FOLDER: &str = "notes";
/// Names that Windows gives to devices, whatever their ending.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A take: question and number, from 1.
pub type Take = (usize, usize);

/// What became of a file.
#[derive(Debug)]
pub struct Merged {
    pub notes: Notes,
    /// Notes that were not there before.
    pub added: usize,
    /// Takes that were rated otherwise before the scores were shown; the first rating stays.
    pub kept: Vec<Take>,
    /// Takes that were rated for the first time when an earlier file had the scores shown already: kept as ratings after.
    pub late: Vec<Take>,
}

/// Merged notes, where they lie, and whether anything was written.
#[derive(Debug)]
pub struct Stored {
    pub merged: Merged,
    pub path: PathBuf,
    pub changed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Notes(#[from] NotesProblem),
}

/// Adds notes to what is kept of the same coach, and writes it where that changes anything.
///
/// # Errors
/// What is kept cannot be read, or the session's folder cannot be written.
pub fn store(session: &Session, new: Notes) -> Result<Stored, MergeError> {
    let path = session.folder.join(FOLDER).join(file_name(&new.coach));
    let old = kept(&path)?;
    let merged = merge(old.as_ref(), new)?;
    let changed = old.as_ref() != Some(&merged.notes);
    if changed {
        write_json(&path, &merged.notes)?;
    }
    Ok(Stored { merged, path, changed })
}

/// What is kept in a file; None where there is none.
///
/// # Errors
/// It cannot be read, or is not what it should be.
pub fn kept(path: &Path) -> Result<Option<Notes>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let cure = "move it away, then import the coach's file again";
    let unusable = |e: NotesProblem| StoreError::Unusable { path: path.to_owned(), reason: e.to_string(), cure };
    Notes::read(path).map(|read| Some(read.notes)).map_err(unusable)
}

/// A file's name for a coach: letters, digits and hyphens; where that loses something of the name, with a part of its fingerprint, so that two
/// coaches never share one.
#[must_use]
pub fn file_name(coach: &str) -> String {
    let name = identity(coach);
    let slug: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let reserved = DEVICES.contains(&slug.as_str()) || (slug.len() == 4 && (slug.starts_with("com") || slug.starts_with("lpt")));
    let own = !slug.is_empty() && slug.replace('-', " ") == name && !reserved;
    if own { format!("{slug}.json") } else { format!("coach-{slug}-{}.json", &hex(&Sha256::digest(&name))[..8]) }
}

/// A name however it is written.
#[must_use]
pub fn identity(coach: &str) -> String {
    coach.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Both together, in a fixed order. Pure; the same file again changes nothing.
///
/// # Errors
/// There would be more notes than a file may hold.
pub fn merge(old: Option<&Notes>, new: Notes) -> Result<Merged, NotesProblem> {
    let is_newer = old.is_none_or(|o| new.saved_at >= o.saved_at);
    let shown_before = old.and_then(|o| o.revealed_at).is_some_and(|shown| new.saved_at > shown);
    let (mut kept, mut late) = (Vec::new(), Vec::new());
    let mut before = ratings(old, When::Before);
    let mut after = ratings(old, When::After);
    let mut since = ratings(Some(&new), When::After);
    for (take, given) in ratings(Some(&new), When::Before) {
        let first = before.entry(take).or_default();
        let (same, missing) = compared(first, &given);
        if !same {
            kept.push(take);
        }
        if missing.is_empty() {
            continue;
        }
        if shown_before {
            late.push(take);
            since.entry(take).or_default().fill(missing);
        } else {
            first.fill(missing);
        }
    }
    for (take, given) in since {
        let there = after.entry(take).or_default();
        if is_newer { there.replace(given) } else { there.fill(given) }
    }

    let stored = old.map_or(0, |o| o.notes.len());
    let notes: BTreeMap<_, Note> = old.into_iter().flat_map(|o| o.notes.clone()).chain(new.notes).map(|n| (place_of_note(&n), n)).collect();
    if notes.len() > MOST_NOTES {
        return Err(NotesProblem::Wrong(format!("with the notes that are kept of this coach there would be more than {MOST_NOTES}")));
    }
    let mut fillers: BTreeMap<_, FillerVerdict> = BTreeMap::new();
    let (first, second) = (old.map(|o| o.fillers.clone()).unwrap_or_default(), new.fillers);
    let in_time = if is_newer { [first, second] } else { [second, first] };
    fillers.extend(in_time.into_iter().flatten().map(|f| ((f.question, f.take, f.part == Part::FollowUp, f.at_ms), f)));

    let newest = if is_newer { None } else { old };
    let notes = Notes {
        schema: new.schema,
        kind: new.kind,
        session: newest.map_or(new.session, |o| o.session.clone()),
        page_sha256: newest.map_or(new.page_sha256, |o| o.page_sha256.clone()),
        coach: old.map_or(new.coach, |o| o.coach.clone()),
        saved_at: old.map_or(new.saved_at, |o| o.saved_at.max(new.saved_at)),
        revealed_at: old.and_then(|o| o.revealed_at).into_iter().chain(new.revealed_at).min(),
        notes: notes.into_values().collect(),
        ratings: listed(before, When::Before).chain(listed(after, When::After)).collect(),
        fillers: fillers.into_values().collect(),
    };
    Ok(Merged { added: notes.notes.len() - stored.min(notes.notes.len()), notes, kept, late })
}

fn place_of_note(note: &Note) -> (usize, usize, bool, u64, String) {
    (note.question, note.take, note.part == Part::FollowUp, note.at_ms.0, note.text.clone())
}

fn ratings(notes: Option<&Notes>, when: When) -> BTreeMap<Take, Judgement> {
    let of_then = notes.into_iter().flat_map(|n| &n.ratings).filter(|r| r.when == when);
    of_then.map(|r| ((r.question, r.take), r.judgement())).collect()
}

fn listed(ratings: BTreeMap<Take, Judgement>, when: When) -> impl Iterator<Item = Rated> {
    let given = ratings.into_iter().filter(|(_, judgement)| !judgement.is_empty());
    given.map(move |((question, take), Judgement { band, points })| Rated { question, take, when, band, points })
}

/// Whether nothing that both hold differs, and what only the second holds.
fn compared(first: &Judgement, second: &Judgement) -> (bool, Judgement) {
    let same_band = first.band.is_none() || second.band.is_none() || first.band == second.band;
    let same_points = second.points.iter().all(|(id, level)| first.points.get(id).is_none_or(|l| l == level));
    let missing = second.points.iter().filter(|(id, _)| !first.points.contains_key(*id));
    let missing = Judgement { band: second.band.filter(|_| first.band.is_none()), points: missing.map(|(id, l)| (id.clone(), *l)).collect() };
    (same_band && same_points, missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coach::notes::Kind;
    use crate::sound::Millis;

    fn notes(saved_at: &str, revealed_at: Option<&str>) -> Notes {
        Notes {
            schema: 1,
            kind: Kind::Notes,
            session: "a".into(),
            page_sha256: "0".repeat(64),
            coach: "Ada Byron".into(),
            saved_at: saved_at.parse().unwrap(),
            revealed_at: revealed_at.map(|r| r.parse().unwrap()),
            notes: Vec::new(),
            ratings: Vec::new(),
            fillers: Vec::new(),
        }
    }

    fn rated(question: usize, when: When, band: u8) -> Rated {
        Rated { question, take: 1, when, band: Some(band), points: BTreeMap::new() }
    }

    fn note(text: &str) -> Note {
        Note { question: 1, take: 1, part: Part::Answer, at_ms: Millis(500), text: text.into() }
    }

    #[test]
    fn the_same_again_changes_nothing_whatever_came_between() {
        let mut one = notes("2026-11-27T10:00:00Z", Some("2026-11-27T09:30:00Z"));
        one.notes = vec![note("b"), note("a"), note("b")];
        one.ratings = vec![rated(2, When::After, 3), rated(1, When::Before, 4)];
        let mut two = notes("2026-11-27T11:00:00Z", None);
        two.notes = vec![note("c")];
        two.ratings = vec![rated(1, When::Before, 2), rated(3, When::Before, 5)];
        let first = merge(None, one.clone()).unwrap();
        assert_eq!(first.added, 2);
        assert_eq!(merge(Some(&first.notes), one.clone()).unwrap().notes, first.notes);
        let both = merge(Some(&first.notes), two.clone()).unwrap();
        for again in [one, two] {
            assert_eq!(merge(Some(&both.notes), again).unwrap().notes, both.notes);
        }
    }

    #[test]
    fn a_rating_from_before_stays_and_one_that_comes_too_late_is_no_such() {
        let mut one = notes("2026-11-27T10:00:00Z", Some("2026-11-27T09:30:00Z"));
        one.ratings = vec![rated(1, When::Before, 4)];
        let mut two = notes("2026-11-27T11:00:00Z", None);
        two.ratings = vec![rated(1, When::Before, 2), rated(3, When::Before, 5)];
        let merged = merge(Some(&one), two).unwrap();
        assert_eq!((merged.kept, merged.late), (vec![(1, 1)], vec![(3, 1)]));
        let band = |question, when| merged.notes.rating(question, 1, when).and_then(|j| j.band);
        assert_eq!((band(1, When::Before), band(3, When::Before), band(3, When::After)), (Some(4), None, Some(5)));
        // a file that was saved before the scores were shown is believed, whenever it arrives
        let mut early = notes("2026-11-27T09:00:00Z", None);
        early.ratings = vec![rated(2, When::Before, 1)];
        let merged = merge(Some(&one), early).unwrap();
        assert!(merged.late.is_empty() && merged.notes.rating(2, 1, When::Before).is_some());
        assert_eq!(merged.notes.saved_at, one.saved_at);
    }

    #[test]
    fn names_become_files_that_no_two_coaches_share() {
        assert_eq!(file_name("  Ada   BYRON "), "ada-byron.json");
        let others = ["ada-byron", "Åda Byron", "", "-", "../../etc/passwd", "con", "com1", "李", "王"].map(file_name);
        for (i, name) in others.iter().enumerate() {
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') && name.matches('.').count() == 1, "{name}");
            assert!(name != "ada-byron.json" && !others[..i].contains(name), "{name}");
        }
    }

    #[test]
    fn there_is_an_end_to_the_notes_of_a_coach() {
        let of = |range: std::ops::Range<usize>| {
            let mut notes = notes("2026-11-27T10:00:00Z", None);
            notes.notes = range.map(|i| note(&i.to_string())).collect();
            notes
        };
        let full = merge(None, of(0..500)).unwrap().notes;
        assert!(merge(Some(&full), of(0..500)).is_ok());
        assert!(merge(Some(&full), of(499..501)).unwrap_err().to_string().contains("more than 500"));
    }
}
