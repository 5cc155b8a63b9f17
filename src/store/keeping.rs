//! How long things are kept, as the settings have it: sessions as a whole, and their sound. What is older goes; what is in use by another program goes
//! the next time.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::StoreError;
use super::exports::{self, Export};
use super::lock::Lock;
use super::session::{Answer, Session, begun, folders};
use super::{recovery, removal};

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
            if folder.is_symlink() {
                // where it lies it may be kept for other reasons
                continue;
            }
            // a session whose record is damaged is as old as its name says; what is no session stays
            let session = Session::open(&folder).ok();
            let Some(started) = session.as_ref().map(|s| s.record.started).or_else(|| begun(&folder)) else { continue };
            let older = |days: Option<u32>| days.is_some_and(|days| is_older(started, days, now));
            let done = match session {
                _ if older(self.days) => remove(&folder, &mut gone),
                Some(session) if older(self.audio_days) => silence(&session, &mut gone),
                _ => Ok(()),
            };
            gone.problems.extend(done.err());
        }
        Ok(gone)
    }
}

fn is_older(begun: Timestamp, days: u32, now: Timestamp) -> bool {
    now.duration_since(begun).as_secs() > i64::from(days) * 86_400
}

fn remove(folder: &Path, gone: &mut Gone) -> Result<(), String> {
    let lock = Lock::at_once(folder).map_err(|e| e.to_string())?;
    let exports = exports::left(folder).unwrap_or_default();
    removal::remove(folder, lock).map_err(|e| e.to_string())?;
    gone.exports.extend(exports);
    gone.sessions.push(folder.file_name().unwrap_or_default().to_string_lossy().into_owned());
    Ok(())
}

/// Removes the sound of the takes whose words and report are there: of what is not finished the sound is all there is. A link goes, and what it leads
/// to stays.
fn silence(session: &Session, gone: &mut Gone) -> Result<(), String> {
    if session.recordings().is_empty() {
        return Ok(());
    }
    let _lock = Lock::at_once(&session.folder).map_err(|e| e.to_string())?;
    recovery::tidy(session).map_err(|e| format!("{} could not be tidied ({e})", session.folder.display()))?;
    let (answers, _) = session.answers();
    let stands_in_a_report = |a: &Answer, path: &Path| {
        let report = a.report.as_ref().filter(|_| a.is_written_down() && !a.is_unfinished());
        report.is_some_and(|r| r.follow_up.is_some() || !a.files.follow_up().owns(path))
    };
    let finished = |path: &PathBuf| answers.iter().any(|a| a.files.owns(path) && stands_in_a_report(a, path));
    let (finished, unfinished): (Vec<PathBuf>, Vec<PathBuf>) = session.recordings().into_iter().partition(finished);
    for path in &finished {
        fs::remove_file(path).map_err(|e| format!("{} could not be deleted ({e})", path.display()))?;
        gone.recordings += 1;
    }
    if !finished.is_empty() {
        gone.silenced.push(session.id());
    }
    if unfinished.is_empty() {
        return Ok(());
    }
    let files = if unfinished.len() == 1 { "1 recording".to_owned() } else { format!("{} recordings", unfinished.len()) };
    Err(format!("{files} of {} without a report; `viva sessions recover` finishes what was interrupted", session.id()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Delivery, Marks};
    use crate::report;
    use crate::score::Scorer;
    use crate::sound::pieces::Segmenter;
    use crate::sound::{Clip, Millis, wav};
    use crate::store::session::tests::record;
    use crate::store::{AnswerFiles, write_json};
    use crate::transcribe::Transcript;

    /// A session that began so many days before the 22nd of November 2026, with one take.
    fn session(sessions: &Path, days: i64) -> Session {
        let started = now() - jiff::SignedDuration::from_hours(24 * days);
        let session = Session::create(sessions, crate::store::SessionRecord { started, ..record() }).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        let files = session.next_take(1, &question).unwrap();
        for sound in [files.sound(), files.sound().with_extension("as-found.wav")] {
            wav::write(&sound, &Clip::new(vec![0.1; 16_000], 16_000)).unwrap();
        }
        finish(&files);
        session
    }

    /// Words and a report, as of somebody who said nothing.
    fn finish(files: &AnswerFiles) {
        let (_, profile) = Segmenter::new(16_000).unwrap().finish().unwrap();
        let (engine, marks, delivery, scorer) = (record().engine, Marks::default(), Delivery::default(), Scorer::new(None, Vec::new()));
        let transcript = Transcript { schema: 1, engine, duration: Millis(1_000), words: vec![], speech: vec![], vocabulary_sha256: None };
        let against = report::Against { question: None, delivery: &delivery, scorer: &scorer, demonstration: true };
        let report = report::make(report::Recorded { profile: &profile, transcript: &transcript, marks: Some(&marks) }, None, against);
        write_json(&files.transcript(), &transcript).unwrap();
        write_json(&files.report(), &report).unwrap();
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
        // one that cannot be read any more is as old as its name says
        let damaged = session(folder.path(), 100);
        fs::write(damaged.folder.join("session.json"), "{").unwrap();
        assert_eq!(keeping.apply(folder.path(), now()).unwrap().sessions, [damaged.id()]);
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
    fn what_is_not_finished_keeps_its_sound() {
        let folder = tempfile::tempdir().unwrap();
        let old = session(folder.path(), 100);
        let question = old.answers().0[0].question.clone();
        let clip = Clip::new(vec![0.1; 16_000], 16_000);
        let [second, third] = [2, 3].map(|_| {
            let files = old.next_take(1, &question).unwrap();
            wav::write(&files.sound(), &clip).unwrap();
            files
        });
        finish(&third);
        // what was said when asked back, and of which no report knows
        wav::write(&third.follow_up().sound(), &clip).unwrap();
        let keeping = Keeping { days: None, audio_days: Some(30) };
        let gone = keeping.apply(folder.path(), now()).unwrap();
        assert_eq!((gone.recordings, gone.silenced), (3, vec![old.id()]));
        assert!(gone.problems.len() == 1 && gone.problems[0].contains("2 recordings"), "{:?}", gone.problems);
        assert!(second.sound().exists() && third.follow_up().sound().exists() && !third.sound().exists());
        assert_eq!(old.answers().0.iter().map(|a| a.files.take).collect::<Vec<_>>(), [1, 2, 3]);
        finish(&second);
        assert_eq!(keeping.apply(folder.path(), now()).unwrap().recordings, 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_session_that_a_link_leads_to_is_kept_where_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, archive) = (folder.path().join("sessions"), folder.path().join("archive"));
        let old = session(&archive, 100);
        fs::create_dir(&sessions).unwrap();
        std::os::unix::fs::symlink(&old.folder, sessions.join(old.id())).unwrap();
        for keeping in [Keeping { days: None, audio_days: Some(30) }, Keeping { days: Some(30), audio_days: None }] {
            let gone = keeping.apply(&sessions, now()).unwrap();
            assert!(gone.sessions.is_empty() && gone.recordings == 0 && gone.problems.is_empty());
        }
        assert!(old.folder.join("01/take-1.wav").exists() && !old.folder.join(".lock").exists());
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
        assert_eq!((gone.recordings, gone.silenced), (2, vec![old.id()]));
        assert!(music.join("take-1.wav").exists() && music.join("song.wav").exists() && old.folder.join("01/song.wav").exists());
    }

    #[test]
    fn a_clock_that_was_set_back_removes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        session(folder.path(), -400);
        assert!(Keeping { days: Some(1), audio_days: Some(1) }.apply(folder.path(), now()).unwrap().sessions.is_empty());
    }
}
