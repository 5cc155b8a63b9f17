//! One session: its folder, what stands in it, and which sessions there are.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};

use super::files::{self, AnswerFiles};
use super::lock::Lock;
use super::{StoreError, private_folder, read_json, write_json};
use crate::capture::Capture;
use crate::measure::Delivery;
use crate::question::style::Style;
use crate::question::{Criterion, Question};
use crate::report::Report;
use crate::score::Scored;
use crate::sound::{Millis, wav};
use crate::transcribe::{Engine, Transcript};

/// `session.json`, written before the first question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRecord {
    pub schema: u32,
    /// Name and version.
    pub program: String,
    pub started: Timestamp,
    /// Short name of the role.
    pub role: String,
    /// As people say it.
    pub role_name: String,
    /// Chose the questions, together with what had been practised until then.
    pub seed: u64,
    pub engine: Engine,
    /// Where the model lay: a hint for finishing the session with the same one. Empty in sessions of the first version.
    #[serde(default)]
    pub model_file: PathBuf,
    /// The list of the user's own words, if there was one: a hint for writing down the words again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vocabulary: Option<PathBuf>,
    /// None where the questions were only shown.
    pub voice: Option<String>,
    /// Seconds.
    pub think: u64,
    /// Seconds, of the longest answer.
    pub limit: u64,
    #[serde(default)]
    pub style: Option<Style>,
    /// How the delivery was to be measured; None in sessions of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// A synthetic voice answers.
    pub demonstration: bool,
    /// In the order in which they are asked.
    pub questions: Vec<PlannedQuestion>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedQuestion {
    pub id: String,
    pub rubric_sha256: String,
}

/// A session's folder and its record.
#[derive(Clone, Debug)]
pub struct Session {
    pub folder: PathBuf,
    pub record: SessionRecord,
}

/// What is there of one take. The sound is on disk; the rest may not be done yet.
#[derive(Clone, Debug)]
pub struct Answer {
    /// 1 for the first question.
    pub number: usize,
    pub files: AnswerFiles,
    pub question: Question,
    pub capture: Option<Capture>,
    pub transcript: Option<Transcript>,
    /// What was said when the interviewer asked back.
    pub follow_up: Option<FollowUpAnswer>,
    pub report: Option<Report>,
}

/// The recording of what was said to a follow-up question.
#[derive(Clone, Debug)]
pub struct FollowUpAnswer {
    pub files: AnswerFiles,
    pub asked: AskedBack,
    pub capture: Option<Capture>,
    pub transcript: Option<Transcript>,
}

/// A follow-up question as it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedBack {
    /// Id of the criterion that had not been heard.
    pub criterion: String,
    pub text: String,
}

impl From<&Criterion> for AskedBack {
    fn from(criterion: &Criterion) -> Self {
        Self { criterion: criterion.id.clone(), text: criterion.follow_up.clone() }
    }
}

impl Session {
    /// Makes the folder of a new session and writes its record.
    ///
    /// # Errors
    /// The sessions folder cannot be written.
    pub fn create(sessions: &Path, record: SessionRecord) -> Result<Self, StoreError> {
        let unwritten = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Unwritten { path, source }
        };
        private_folder(sessions).map_err(unwritten(sessions))?;
        let name = format!("{}-{}", record.started.strftime("%Y-%m-%dT%H-%M-%SZ"), record.role);
        // two sessions begun in the same second get folders of their own
        let mut folder = sessions.join(&name);
        for copy in 2.. {
            match fs::create_dir(&folder) {
                Ok(()) => break,
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => folder = sessions.join(format!("{name}-{copy}")),
                Err(e) => return Err(unwritten(&folder)(e)),
            }
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(unwritten(&folder))?;
        }
        write_json(&folder.join("session.json"), &record)?;
        Ok(Self { folder, record })
    }

    /// Opens a session folder.
    ///
    /// # Errors
    /// It has no record, or one that cannot be read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("session.json");
        let record = read_json(&path)?.ok_or_else(|| StoreError::Unread { path, reason: "it is not there".to_owned() })?;
        Ok(Self { folder: folder.to_owned(), record })
    }

    /// Its name: that of its folder.
    #[must_use]
    pub fn id(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Takes the lock: no other program writes in it meanwhile.
    ///
    /// # Errors
    /// As [`Lock::of`].
    pub fn lock(&self) -> Result<Lock, StoreError> {
        let lock = Lock::of(&self.folder)?;
        // who deletes a session removes its record before they give the lock back
        if self.folder.join("session.json").exists() { Ok(lock) } else { Err(StoreError::Deleted { session: self.id() }) }
    }

    /// The files for the next take of question `number` (from 1): a take that is there is never written over.
    ///
    /// # Errors
    /// The session's folder cannot be written.
    pub fn next_take(&self, number: usize, question: &Question) -> Result<AnswerFiles, StoreError> {
        let folder = self.take_folder(number);
        private_folder(&folder).map_err(|source| StoreError::Unwritten { path: folder.clone(), source })?;
        let last = files::takes(&folder).last().copied().unwrap_or(0);
        let files = AnswerFiles::of(folder, last + 1);
        if !files.question().exists() {
            write_json(&files.question(), question)?;
        }
        Ok(files)
    }

    /// Removes the session's folder, unless there is a take in it, readable or not.
    pub fn discard_if_empty(&self) {
        let numbers = 1..=self.record.questions.len();
        let is_empty = |number: usize| match fs::read_dir(self.take_folder(number)) {
            Ok(mut files) => files.all(|f| f.is_ok_and(|f| !is_take(&f))),
            // what cannot be looked into may hold anything
            Err(e) => e.kind() == std::io::ErrorKind::NotFound,
        };
        if numbers.into_iter().all(is_empty) {
            // what cannot be removed is an empty session in the list, no more
            let _ = fs::remove_dir_all(&self.folder);
        }
    }

    /// The files of sound of all takes, also of what was found when they were repaired.
    #[must_use]
    pub fn recordings(&self) -> Vec<PathBuf> {
        let files = self.own_folders().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
        let mut found: Vec<PathBuf> = files.filter(|f| is_take(f) && f.path().extension().is_some_and(|e| e == "wav")).map(|f| f.path()).collect();
        found.sort();
        found
    }

    /// The folders of the takes that lie in the session: none that a link leads to, where other people's files may be.
    pub(super) fn own_folders(&self) -> impl Iterator<Item = PathBuf> {
        let numbers = 1..=self.record.questions.len();
        numbers.map(|n| self.take_folder(n)).filter(|folder| folder.symlink_metadata().is_ok_and(|about| about.is_dir()))
    }

    /// The folder of a question's takes, from 1.
    pub(super) fn take_folder(&self, number: usize) -> PathBuf {
        self.folder.join(format!("{number:02}"))
    }

    /// All takes of which there is sound or a report, in the order of the questions and takes, and what could not be read: a damaged file
    /// counts as not done yet, and hides nothing else.
    #[must_use]
    pub fn answers(&self) -> (Vec<Answer>, Vec<StoreError>) {
        let (mut answers, mut problems) = (Vec::new(), Vec::new());
        for number in 1..=self.record.questions.len() {
            let folder = self.take_folder(number);
            for take in files::takes(&folder) {
                let files = AnswerFiles::of(folder.clone(), take);
                let Some(question) = intact(read_json(&files.question()), &mut problems) else {
                    if !files.question().exists() {
                        problems.push(StoreError::Unread { path: files.question(), reason: "it is not there".to_owned() });
                    }
                    break;
                };
                answers.push(Answer {
                    number,
                    question,
                    capture: intact(read_json(&files.capture()), &mut problems),
                    transcript: intact(read_json(&files.transcript()), &mut problems),
                    follow_up: follow_up(&files.follow_up(), &mut problems),
                    report: intact(read_json(&files.report()), &mut problems),
                    files,
                });
            }
        }
        (answers, problems)
    }
}

/// What there is of a follow-up: where only its question was asked, and nothing recorded, there is none.
fn follow_up(files: &AnswerFiles, problems: &mut Vec<StoreError>) -> Option<FollowUpAnswer> {
    let transcript = intact(read_json(&files.transcript()), problems);
    if transcript.is_none() && !files.sound().exists() {
        return None;
    }
    let asked = intact(read_json(&files.asked_back()), problems)?;
    Some(FollowUpAnswer { asked, capture: intact(read_json(&files.capture()), problems), transcript, files: files.clone() })
}

fn is_take(file: &fs::DirEntry) -> bool {
    file.file_name().to_string_lossy().starts_with("take-")
}

/// What was read; a problem is put aside.
pub(super) fn intact<T>(read: Result<Option<T>, StoreError>, problems: &mut Vec<StoreError>) -> Option<T> {
    read.unwrap_or_else(|e| {
        problems.push(e);
        None
    })
}

impl Answer {
    /// Whether something recorded has not found its way into a report yet.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        // a report that holds more than can be found any more is not made anew: it would lose that
        let is_reported = self.report.as_ref().is_some_and(|r| r.follow_up.is_some() || self.follow_up.is_none());
        !is_reported || (!self.is_written_down() && self.files.sound().exists())
    }

    /// Whether the words of all that was recorded are there.
    #[must_use]
    pub fn is_written_down(&self) -> bool {
        self.transcript.is_some() && self.follow_up.as_ref().is_none_or(|f| f.transcript.is_some())
    }

    /// Its scorecard; None where there is no score.
    #[must_use]
    pub fn scored(&self) -> Option<&Scored> {
        self.report.as_ref()?.scored()
    }

    /// How long it is: as recorded, as reported, or as its file says where neither was written. None where nothing of these is left.
    #[must_use]
    pub fn length(&self) -> Option<Millis> {
        let captured = self.capture.as_ref().map(|c| c.duration);
        let answer = captured.or(self.report.as_ref().map(|r| r.measures.heard.duration)).or_else(|| wav::duration(&self.files.sound()));
        let added = self.follow_up.as_ref().and_then(|f| f.capture.as_ref().map(|c| c.duration).or_else(|| wav::duration(&f.files.sound())));
        answer.map(|a| Millis(a.0 + added.map_or(0, |more| more.0)))
    }
}

/// All sessions, the newest first, and the folders that could not be read.
///
/// # Errors
/// The sessions folder itself cannot be read. That there is none yet is no error.
pub fn list(sessions: &Path) -> Result<(Vec<Session>, Vec<StoreError>), StoreError> {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    for folder in folders(sessions)? {
        match Session::open(&folder) {
            Ok(session) => found.push(session),
            Err(_) if !is_begun(&folder) => {}
            Err(e) => broken.push(e),
        }
    }
    found.sort_by_key(|s: &Session| std::cmp::Reverse((s.record.started, s.id())));
    Ok((found, broken))
}

/// The folders of the sessions, in no order; none where nothing was recorded yet.
///
/// # Errors
/// The sessions folder itself cannot be read.
pub fn folders(sessions: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let unread = |e: std::io::Error| StoreError::Unread { path: sessions.to_owned(), reason: e.to_string() };
    let entries = match fs::read_dir(sessions) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unread)?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unread)?;
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() || (kind.is_symlink() && entry.path().is_dir()) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The folder of a session of this whole name, whether it can be read or not.
#[must_use]
pub fn folder_of(sessions: &Path, name: &str) -> Option<PathBuf> {
    folders(sessions).ok()?.into_iter().find(|folder| folder.file_name().is_some_and(|n| n == name) && is_one(folder))
}

/// Whether a folder is, or was, a session: it has the record of one, or its name.
#[must_use]
pub fn is_one(folder: &Path) -> bool {
    folder.join("session.json").exists() || begun(folder).is_some()
}

/// When a session began, as the name of its folder says.
pub(super) fn begun(folder: &Path) -> Option<Timestamp> {
    let name = folder.file_name()?.to_str()?;
    let begun = civil::DateTime::strptime("%Y-%m-%dT%H-%M-%SZ", name.get(..20)?).ok()?;
    begun.in_tz("UTC").ok().map(|z| z.timestamp())
}

/// Whether a folder holds anything: a program that was killed before it could write the record of its session leaves it empty.
pub(super) fn is_begun(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut all| all.any(|f| f.is_ok_and(|f| !f.file_name().to_string_lossy().starts_with('.'))))
}

/// The same as [`find`], for writing in it: no other program does so meanwhile.
///
/// # Errors
/// As [`find`], or another program is at work in it.
pub fn find_to_write(sessions: &Path, wanted: &str) -> Result<(Session, Lock), StoreError> {
    let session = find(sessions, wanted)?;
    let lock = session.lock()?;
    Ok((session, lock))
}

/// The session of this name, or whose name begins so, or the newest for `last`; also a path to a session's folder.
///
/// # Errors
/// There is none, or several begin so.
pub fn find(sessions: &Path, wanted: &str) -> Result<Session, StoreError> {
    if !wanted.is_empty() && Path::new(wanted).join("session.json").exists() {
        return Session::open(Path::new(wanted));
    }
    // a whole name needs no look at the others
    let named = sessions.join(wanted);
    if named.parent() == Some(sessions) && named.is_dir() && is_one(&named) {
        return Session::open(&named);
    }
    let (mut all, broken) = list(sessions)?;
    let newest = all.first().map(Session::id).unwrap_or_default();
    if wanted == "last" {
        // one that cannot be read may be the one that is meant
        let known = all.first().map(|s| s.record.started);
        let is_newer = |e: &StoreError| matches!(e, StoreError::Unread { path, .. } if path.parent().and_then(begun) > known);
        if let Some(newer) = broken.into_iter().find(|e| known.is_none() || is_newer(e)) {
            return Err(newer);
        }
        if !all.is_empty() {
            return Ok(all.remove(0));
        }
    }
    // every name begins with nothing
    let mut matching: Vec<Session> = all.into_iter().filter(|s| !wanted.is_empty() && s.id().starts_with(wanted)).collect();
    match matching.iter().position(|s| s.id() == wanted) {
        Some(exact) => Ok(matching.swap_remove(exact)),
        None if matching.len() == 1 => Ok(matching.remove(0)),
        None if matching.len() > 1 => {
            Err(StoreError::Ambiguous { wanted: wanted.to_owned(), count: matching.len(), example: matching.remove(0).id() })
        }
        None => Err(StoreError::Unknown { wanted: wanted.to_owned(), known: newest }),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn record() -> SessionRecord {
        SessionRecord {
            schema: 1,
            program: "viva 0.1.0".into(),
            started: "2026-11-22T09:30:05Z".parse().unwrap(),
            role: "ward-clerk".into(),
            role_name: "Ward Clerk".into(),
            seed: 7,
            engine: Engine { model: "none".into(), sha256: None, demo: false, prompt: None },
            model_file: PathBuf::new(),
            vocabulary: None,
            voice: None,
            think: 0,
            limit: 180,
            style: None,
            delivery: None,
            demonstration: false,
            questions: vec![PlannedQuestion { id: "lost-file".into(), rubric_sha256: String::new() }],
        }
    }

    #[test]
    fn two_sessions_of_one_second_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (Session::create(folder.path(), record()).unwrap(), Session::create(folder.path(), record()).unwrap());
        assert_eq!(one.id(), "2026-11-22T09-30-05Z-ward-clerk");
        assert_eq!(two.id(), "2026-11-22T09-30-05Z-ward-clerk-2");
        assert_eq!(list(folder.path()).unwrap().0.len(), 2);
        assert_eq!(find(folder.path(), &one.id()).unwrap().id(), one.id());
        assert!(find(folder.path(), "2026").is_err() && find(folder.path(), "").is_err());
        assert!(find(folder.path(), "last").is_ok());
        // a damaged one that is newer is not passed over
        std::fs::create_dir(folder.path().join("2026-11-23T09-30-05Z-ward-clerk")).unwrap();
        std::fs::write(folder.path().join("2026-11-23T09-30-05Z-ward-clerk/session.json"), "{").unwrap();
        assert!(find(folder.path(), "last").unwrap_err().to_string().contains("2026-11-23T09-30-05Z"));
        let named = find(folder.path(), &two.folder.display().to_string()).unwrap();
        assert_eq!(named.record, two.record);
    }

    #[test]
    fn a_session_without_a_take_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::create(folder.path(), record()).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        session.next_take(1, &question).unwrap();
        session.discard_if_empty();
        assert!(!session.folder.exists());
    }

    #[test]
    fn a_take_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::create(folder.path(), record()).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        let first = session.next_take(1, &question).unwrap();
        assert!(session.answers().0.is_empty());
        crate::sound::wav::write(&first.sound(), &crate::sound::Clip::new(vec![0.0; 100], 16_000)).unwrap();
        assert_eq!(session.next_take(1, &question).unwrap().take, 2);
        let (answers, _) = session.answers();
        assert!(answers.len() == 1 && answers[0].transcript.is_none() && answers[0].question == question);
        // a take that is missing hides none after it, and its number is not used again
        let third = AnswerFiles::of(first.question().parent().unwrap().to_owned(), 3);
        std::fs::copy(first.sound(), third.sound()).unwrap();
        assert_eq!(session.answers().0.iter().map(|a| a.files.take).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(session.next_take(1, &question).unwrap().take, 4);
        std::fs::remove_file(third.sound()).unwrap();
        // with a take in it, also one whose question is gone, nothing is thrown away
        let kept = std::fs::read(first.question()).unwrap();
        std::fs::remove_file(first.question()).unwrap();
        session.discard_if_empty();
        assert!(first.sound().exists());
        std::fs::write(first.question(), kept).unwrap();
        // a damaged file is named and hides nothing
        std::fs::write(first.report(), "{\"schema\": 1").unwrap();
        let (answers, problems) = session.answers();
        assert!(answers.len() == 1 && answers[0].report.is_none() && problems.len() == 1);
    }
}
