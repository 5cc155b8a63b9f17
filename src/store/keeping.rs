//! How long things are kept, as the settings have it: sessions as a whole, and their sound. What is older goes; what is in use by another program goes
//! the next time.

use std::fs;
use std::path::Path;

use jiff::{Timestamp, civil};

use super::StoreError;
use super::exports::{self, Export};
use super::lock::Lock;
use super::removal;
use super::session::{Session, folders};

/// The limits, in days of 24 hours since a session began; None keeps for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Sessions with all that belongs to them.
    pub days: Option<u32>,
    /// Recordings; words and reports stay.
    pub audio_days: Option<u32>,
}

/// What went.
#[derive(Debug, Default)]
pub struct Gone {
    /// Names of whole sessions.
    pub sessions: Vec<String>,
    /// Sessions of which only the sound went.
    pub silenced: Vec<String>,
    /// Files of sound that went from them.
    pub recordings: usize,
    /// What was made of the sessions that went, and lies elsewhere.
    pub exports: Vec<Export>,
    /// Why something is still there, in a sentence each.
    pub problems: Vec<String>,
}

impl Keeping {
    /// Removes what is older than these limits.
    ///
    /// # Errors
    /// The sessions folder cannot be read.
    pub fn apply(self, sessions: &Path, now: Timestamp) -> Result<Gone, StoreError> {
        let mut gone = Gone::default();
        let Some(shortest) = self.days.into_iter().chain(self.audio_days).min() else { return Ok(gone) };
        for folder in folders(sessions)? {
            // most are young, and their names say so
            if begun(&folder).is_some_and(|begun| !is_older(begun, shortest, now)) {
                continue;
            }
            // what is no session, or is damaged, is named where sessions are listed
            let Ok(session) = Session::open(&folder) else { continue };
            let older = |days: Option<u32>| days.is_some_and(|days| is_older(session.record.started, days, now));
            let done = if older(self.days) {
                remove(&session, &mut gone)
            } else if older(self.audio_days) {
                silence(&session, &mut gone)
            } else {
                Ok(())
            };
            gone.problems.extend(done.err());
        }
        Ok(gone)
    }
}

/// When a session began, as the name of its folder says.
fn begun(folder: &Path) -> Option<Timestamp> {
    let name = folder.file_name()?.to_str()?;
    let begun = civil::DateTime::strptime("%Y-%m-%dT%H-%M-%SZ", name.get(..20)?).ok()?;
    begun.in_tz("UTC").ok().map(|z| z.timestamp())
}

fn is_older(begun: Timestamp, days: u32, now: Timestamp) -> bool {
    now.duration_since(begun).as_secs() > i64::from(days) * 86_400
}

fn remove(session: &Session, gone: &mut Gone) -> Result<(), String> {
    let lock = Lock::at_once(&session.folder).map_err(|e| e.to_string())?;
    let exports = exports::left(&session.folder).unwrap_or_default();
    removal::remove(session, lock).map_err(|e| e.to_string())?;
    gone.exports.extend(exports);
    gone.sessions.push(session.id());
    Ok(())
}

/// Removes the sound of all takes. A link goes, and what it leads to stays.
fn silence(session: &Session, gone: &mut Gone) -> Result<(), String> {
    let recordings = session.recordings();
    if recordings.is_empty() {
        return Ok(());
    }
    let _lock = Lock::at_once(&session.folder).map_err(|e| e.to_string())?;
    gone.silenced.push(session.id());
    for path in recordings {
        fs::remove_file(&path).map_err(|e| format!("{} could not be deleted ({e})", path.display()))?;
        gone.recordings += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Clip, wav};
    use crate::store::session::tests::record;

    /// A session that began so many days before the 22nd of November 2026, with one take.
    fn session(sessions: &Path, days: i64) -> Session {
        let started = now() - jiff::SignedDuration::from_hours(24 * days);
        let session = Session::create(sessions, crate::store::SessionRecord { started, ..record() }).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        let files = session.next_take(1, &question).unwrap();
        for sound in [files.sound(), files.follow_up().sound()] {
            wav::write(&sound, &Clip::new(vec![0.1; 16_000], 16_000)).unwrap();
        }
        fs::write(files.report(), "{}\n").unwrap();
        session
    }

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_is_older_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let [old, middle, young] = [100, 40, 2].map(|days| session(folder.path(), days));
        let keeping = Keeping { days: Some(90), audio_days: Some(30) };
        let gone = keeping.apply(folder.path(), now()).unwrap();
        assert_eq!((gone.sessions, gone.silenced, gone.recordings), (vec![old.id()], vec![middle.id()], 2));
        assert!(!old.folder.exists() && young.folder.join("01/take-1.wav").exists());
        assert!(!middle.folder.join("01/take-1.wav").exists() && middle.folder.join("01/take-1.report.json").exists());
        let again = keeping.apply(folder.path(), now()).unwrap();
        assert!(again.sessions.is_empty() && again.silenced.is_empty());
        // without a setting everything stays
        assert!(Keeping::default().apply(folder.path(), now()).unwrap().sessions.is_empty());
    }

    #[test]
    fn a_renamed_folder_is_as_old_as_its_record_says_and_one_in_use_stays() {
        let folder = tempfile::tempdir().unwrap();
        let [old, used] = [100, 99].map(|days| session(folder.path(), days));
        fs::rename(&old.folder, folder.path().join("my first one")).unwrap();
        let lock = Lock::of(&used.folder).unwrap();
        let keeping = Keeping { days: Some(90), audio_days: None };
        let gone = keeping.apply(folder.path(), now()).unwrap();
        assert_eq!(gone.sessions, ["my first one"]);
        assert!(gone.problems.len() == 1 && gone.problems[0].contains("is being worked on"), "{:?}", gone.problems);
        drop(lock);
        assert_eq!(keeping.apply(folder.path(), now()).unwrap().sessions, [used.id()]);
    }

    #[test]
    #[cfg(unix)]
    fn what_a_link_in_a_session_leads_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, music) = (folder.path().join("sessions"), folder.path().join("music"));
        let old = session(&sessions, 100);
        fs::create_dir(&music).unwrap();
        for name in ["take-1.wav", "song.wav"] {
            fs::write(music.join(name), "la").unwrap();
        }
        std::os::unix::fs::symlink(music.join("song.wav"), old.folder.join("01/take-2.wav")).unwrap();
        fs::write(old.folder.join("01/song.wav"), "la").unwrap();
        let linked = Session::create(&sessions, crate::store::SessionRecord { started: old.record.started, ..record() }).unwrap();
        std::os::unix::fs::symlink(&music, linked.folder.join("01")).unwrap();
        let gone = Keeping { days: None, audio_days: Some(30) }.apply(&sessions, now()).unwrap();
        assert_eq!((gone.recordings, gone.silenced), (3, vec![old.id()]));
        assert!(music.join("take-1.wav").exists() && music.join("song.wav").exists() && old.folder.join("01/song.wav").exists());
    }

    #[test]
    fn a_clock_that_was_set_back_removes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        session(folder.path(), -400);
        assert!(Keeping { days: Some(1), audio_days: Some(1) }.apply(folder.path(), now()).unwrap().sessions.is_empty());
    }
}
