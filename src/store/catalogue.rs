//! The list of sessions, a line each, read without their words and without their reports: thousands of them are listed at once.
//!
//! Of a session are read its record, its title and tags, the names of its files, and how long each take is. A report counts as whole where it ends as
//! one does, as nothing here writes a part of a file; only one that does not is read, and named if it is damaged.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};

use super::about::About;
use super::files::take_of;
use super::session::{folders, intact, is_begun};
use super::{StoreError, plain, read_json};
use crate::report::Report;
use crate::sound::{Millis, wav};

/// What the list shows of one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The name of its folder.
    pub id: String,
    pub started: Timestamp,
    /// Short name of the role.
    pub role_id: String,
    /// As people say it.
    pub role: String,
    /// The ids of the questions, in the order in which they were to be asked.
    pub questions: Vec<String>,
    /// A synthetic voice answered.
    pub demonstration: bool,
    pub title: Option<String>,
    pub tags: Vec<String>,
    /// How many notes the user has written.
    pub notes: usize,
    /// Takes of which there is sound or a report.
    pub answers: usize,
    /// Those of which everything recorded stands in a report.
    pub reported: usize,
    /// All takes together.
    pub recorded: Millis,
}

/// All sessions, the newest first, and what of them could not be read.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub lines: Vec<Line>,
    pub problems: Vec<StoreError>,
}

/// Reads the list, on as many threads as the machine has cores: most of the time goes into opening small files.
///
/// # Errors
/// The sessions folder itself cannot be read. That there is none yet is no error.
pub fn read(sessions: &Path) -> Result<Catalogue, StoreError> {
    let folders = folders(sessions)?;
    let mut all = Catalogue::default();
    for (line, problems) in folders.par_iter().map(|folder| line(folder)).collect::<Vec<_>>() {
        all.lines.extend(line);
        all.problems.extend(problems);
    }
    all.lines.sort_unstable_by(|a, b| (b.started, &b.id).cmp(&(a.started, &a.id)));
    Ok(all)
}

/// Of `session.json` what a line needs.
#[derive(Deserialize)]
struct Record {
    started: Timestamp,
    role: String,
    role_name: String,
    demonstration: bool,
    questions: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    id: String,
}

/// Of a capture.
#[derive(Deserialize)]
struct Length {
    duration: Millis,
}

/// Of a report.
#[derive(Deserialize)]
struct Added {
    #[serde(default)]
    follow_up: Option<IgnoredAny>,
    measures: Measured,
}

#[derive(Deserialize)]
struct Measured {
    heard: Length,
}

/// The line of a session, if its record can be read, and what else of it could not be.
fn line(folder: &Path) -> (Option<Line>, Vec<StoreError>) {
    let mut problems = Vec::new();
    let path = folder.join("session.json");
    let record = read_small::<Record>(&path).and_then(|r| r.ok_or_else(|| StoreError::Unread { path, reason: "it is not there".to_owned() }));
    let Some(record) = intact(record.map(Some), &mut problems) else {
        if !is_begun(folder) {
            problems.clear();
        }
        return (None, problems);
    };
    let about = intact(About::read(folder).map(Some), &mut problems).unwrap_or_default();
    let mut line = Line {
        id: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        started: record.started,
        role_id: record.role,
        role: record.role_name,
        questions: record.questions.into_iter().map(|q| q.id).collect(),
        demonstration: record.demonstration,
        title: about.title,
        tags: about.tags,
        notes: about.notes.len(),
        answers: 0,
        reported: 0,
        recorded: Millis(0),
    };
    for number in 1..=line.questions.len() {
        takes(&folder.join(format!("{number:02}")), &mut line, &mut problems);
    }
    (Some(line), problems)
}

/// Counts the takes of one question. They are those that [`Session::answers`](super::Session::answers) finds.
fn takes(folder: &Path, line: &mut Line, problems: &mut Vec<StoreError>) {
    // a question that was not reached has no folder
    let Ok(entries) = fs::read_dir(folder) else { return };
    let names: Vec<String> = entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    for take in names.iter().filter_map(|name| take_of(name)).collect::<BTreeSet<usize>>() {
        let name = |ending: &str| format!("take-{take}{ending}");
        let (sound, report) = (name(".wav"), name(".report.json"));
        if !has("question.json") {
            problems.push(StoreError::Unread { path: folder.join("question.json"), reason: "it is not there".to_owned() });
            break;
        }
        line.answers += 1;
        let added = has(&name("-follow-up.question.json")) && (has(&name("-follow-up.wav")) || has(&name("-follow-up.transcript.json")));
        let report = folder.join(report);
        let holds_all =
            |problems: &mut Vec<StoreError>| !added || intact(read_small::<Added>(&report), problems).is_some_and(|r| r.follow_up.is_some());
        let is_written_down = has(&name(".transcript.json")) || !has(&sound);
        let finished = is_whole(&report, problems) && holds_all(problems) && is_written_down;
        line.reported += usize::from(finished);
        let captured = |ending: &str, problems: &mut Vec<StoreError>| {
            let file = name(ending);
            has(&file).then(|| intact(read_small::<Length>(&folder.join(file)), problems)).flatten().map(|c| c.duration)
        };
        let reported = || read_json::<Added>(&report).ok().flatten().map(|r| r.measures.heard.duration);
        let answer = captured(".capture.json", problems).or_else(reported).or_else(|| wav::duration(&folder.join(&sound)));
        let follow_up =
            if added { captured("-follow-up.capture.json", problems).or_else(|| wav::duration(&folder.join(name("-follow-up.wav")))) } else { None };
        line.recorded = answer.into_iter().chain(follow_up).fold(line.recorded, |sum, length| sum + length);
    }
}

/// Whether a report is there and can be used. Its end is looked at; only what does not end as it should is read.
fn is_whole(path: &Path, problems: &mut Vec<StoreError>) -> bool {
    let ends_well = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::End(-2))?;
        let mut end = [0; 2];
        file.read_exact(&mut end)?;
        std::io::Result::Ok(end == *b"}\n")
    };
    match ends_well() {
        Ok(true) => true,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => false,
        _ => intact(read_small::<Report>(path), problems).is_some(),
    }
}

/// As [`read_json`], for files that are read by the thousand: one look is enough for those that fit, and what the look cannot make sense of is read whole.
fn read_small<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let mut start = [0; 4_096];
    let looked = File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or_default();
    match plain::parse(&start[..looked]) {
        Ok(value) => Ok(Some(value)),
        Err(_) => read_json(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::session::tests::record;
    use crate::store::{Session, write_json};

    #[test]
    fn a_line_says_what_is_there_and_a_damaged_folder_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap().lines.is_empty());
        assert!(read(&folder.path().join("nowhere")).unwrap().lines.is_empty());
        let session = Session::create(folder.path(), record()).unwrap();
        let path = session.folder.join("session.json");
        let hostile = fs::read_to_string(&path).unwrap().replace("Ward Clerk", r"Ward\u001b[31m Clerk");
        fs::write(path, hostile).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        let files = session.next_take(1, &question).unwrap();
        wav::write(&files.sound(), &crate::sound::Clip::new(vec![0.1; 32_000], 16_000)).unwrap();
        About { title: Some("First".to_owned()), tags: vec!["draft".to_owned()], ..About::default() }.write(&session.folder).unwrap();
        fs::create_dir_all(folder.path().join("no-session/01")).unwrap();
        // as a program leaves it that was killed at its very start
        fs::create_dir(folder.path().join("2026-11-23T09-30-05Z-ward-clerk")).unwrap();
        let Catalogue { lines, problems } = read(folder.path()).unwrap();
        assert_eq!(problems.len(), 1);
        let line = &lines[0];
        assert_eq!(line.role, "Ward[31m Clerk");
        assert_eq!((line.id.as_str(), line.answers, line.reported, line.recorded), (session.id().as_str(), 1, 0, Millis(2_000)));
        assert_eq!(
            (line.title.as_deref(), &line.tags[..], &line.questions[..]),
            (Some("First"), &["draft".to_owned()][..], &["lost-file".to_owned()][..])
        );
        // what was cut off is named, and counts as not done
        fs::write(files.report(), "{\"schema\": 3").unwrap();
        let Catalogue { lines, problems } = read(folder.path()).unwrap();
        assert!(lines[0].reported == 0 && problems.iter().any(|p| p.to_string().contains("take-1.report.json")), "{problems:?}");
        // a follow-up that is not in the report is not done either
        write_json(&files.report(), &serde_json::json!({ "measures": { "heard": { "duration": 2_000 } } })).unwrap();
        assert_eq!(read(folder.path()).unwrap().lines[0].reported, 0);
        fs::write(files.transcript(), "{}\n").unwrap();
        assert_eq!(read(folder.path()).unwrap().lines[0].reported, 1);
        write_json(&files.asked_back(), &crate::store::session::AskedBack { criterion: "x".into(), text: "And then?".into() }).unwrap();
        wav::write(&files.follow_up().sound(), &crate::sound::Clip::new(vec![0.1; 16_000], 16_000)).unwrap();
        let lines = read(folder.path()).unwrap().lines;
        assert_eq!((lines[0].reported, lines[0].recorded), (0, Millis(3_000)));
    }
}
