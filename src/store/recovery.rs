//! Putting right what a program that was killed left behind: recordings whose header says less than there is, a question that is missing beside its
//! takes, files that were half written. What was recorded is never written over.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::files::{AnswerFiles, takes};
use super::session::Session;
use super::{StoreError, read_json, write_json};
use crate::capture::{Capture, Loss};
use crate::question::Question;
use crate::report::rubric_sha256;
use crate::sound::riff::{self, Layout, PCM};
use crate::sound::wav::GrowingWav;
use crate::sound::{Clip, Millis, SoundError, Source};

/// A recording while it is put right.
const REPAIRING: &str = ".repairing.wav";

/// Bytes before the first sample in the recordings of this program.
const HEADER: usize = 44;

/// A recording that was put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub sound: PathBuf,
    /// The file as it was, beside it.
    pub as_found: PathBuf,
}

/// Writes a recording anew where its header does not say what there is, and keeps the file as it was found beside it. Where the header is gone, the
/// `rate` at which it was recorded, in frames a second, tells as much. None where its header is right, or nothing is known of it, or a link leads to it.
///
/// # Errors
/// The file cannot be read, or the disk has no room for another one: then all is as before.
pub fn repair(sound: &Path, rate: Option<u32>) -> Result<Option<Repaired>, SoundError> {
    let failed = |source| SoundError::Io { path: sound.to_owned(), source };
    if sound.is_symlink() || sound.parent().is_some_and(Path::is_symlink) {
        return Ok(None);
    }
    let found = File::open(sound).and_then(|mut file| riff::find(&mut file)).map_err(failed)?;
    let is_ours = |layout: &Layout| (layout.format.tag, layout.format.bits, layout.format.channels) == (PCM, 16, 1);
    let mut source = match (found, rate) {
        (Some(layout), _) if layout.format.rate > 0 => {
            if layout.is_exact || !is_ours(&layout) || layout.length == 0 {
                return Ok(None);
            }
            Source::open(sound)?
        }
        (_, Some(rate)) => match without_header(sound).map_err(failed)? {
            samples if samples.is_empty() => return Ok(None),
            samples => Source::of(Clip::new(samples, rate)),
        },
        (_, None) => return Ok(None),
    };
    // hidden until it is whole; what was left by an earlier try goes, a link as such
    let passing = sound.with_file_name(REPAIRING);
    match fs::remove_file(&passing) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let mut anew = GrowingWav::create(&passing, source.rate())?;
    let mut block = Vec::new();
    while source.read(&mut block)? {
        anew.append(&block)?;
        block.clear();
    }
    anew.finish()?;
    let as_found = free_name(sound, "wav");
    // a second name costs no room; a drive that knows none gets a copy
    fs::hard_link(sound, &as_found).or_else(|_| fs::copy(sound, &as_found).map(|_| ())).map_err(failed)?;
    fs::rename(&passing, sound).map_err(failed)?;
    Ok(Some(Repaired { sound: sound.to_owned(), as_found }))
}

/// The samples of a recording of this program's whose header is gone.
fn without_header(sound: &Path) -> io::Result<Vec<f32>> {
    let bytes = fs::read(sound)?;
    let samples = bytes.get(HEADER..).unwrap_or_default().chunks_exact(2);
    Ok(samples.map(|s| f32::from(i16::from_le_bytes([s[0], s[1]])) / 32_768.0).collect())
}

/// `take-1.as-found.wav`, or the next number that is free.
fn free_name(file: &Path, ending: &str) -> PathBuf {
    let names = std::iter::once(format!("as-found.{ending}")).chain((2..).map(|n| format!("as-found-{n}.{ending}")));
    names.map(|ending| file.with_extension(ending)).find(|path| path.symlink_metadata().is_err()).unwrap_or_else(|| file.to_owned())
}

/// The questions of a session, by number, that are missing or damaged beside takes of them.
#[must_use]
pub fn without_question(session: &Session) -> Vec<usize> {
    let is_missing = |number: &usize| {
        let folder = session.take_folder(*number);
        let has_take = !folder.is_symlink() && !takes(&folder).is_empty();
        has_take && !matches!(read_json::<Question>(&folder.join("question.json")), Ok(Some(_)))
    };
    (1..=session.record.questions.len()).filter(is_missing).collect()
}

/// Puts a question back beside its takes, if it is the one that was asked: the record of the session knows its fingerprint. A damaged one is kept as
/// `question.as-found.json`.
///
/// # Errors
/// The session's folder cannot be written.
pub fn put_back(session: &Session, number: usize, question: Option<&Question>) -> Result<bool, StoreError> {
    let planned = number.checked_sub(1).and_then(|i| session.record.questions.get(i));
    let Some(question) = question.filter(|q| planned.is_some_and(|p| p.id == q.id && p.rubric_sha256 == rubric_sha256(q))) else { return Ok(false) };
    let path = session.take_folder(number).join("question.json");
    match fs::rename(&path, free_name(&path, "json")) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(StoreError::Unwritten { path, source: e }),
        _ => write_json(&path, question)?,
    }
    Ok(true)
}

/// Writes down that a recording is only so long any more: what is missing counts as lost. The capture as it was found is kept beside it.
///
/// # Errors
/// The session's folder cannot be written.
pub fn shorten(files: &AnswerFiles, was: Capture, left: Millis) -> Result<(), StoreError> {
    let path = files.capture();
    let as_found = free_name(&files.sound(), "capture.json");
    fs::copy(&path, &as_found).map_err(|source| StoreError::Unwritten { path: as_found, source })?;
    let frames = (was.duration - left).0 * u64::from(was.rate) / 1_000;
    let mut losses = was.losses;
    losses.push(Loss { at: left, frames });
    write_json(&path, &Capture { duration: left, frames_lost: was.frames_lost + frames, losses, ..was })
}

/// Removes what a write that was cut off left in a session: hidden files that never got their name.
///
/// # Errors
/// One of them cannot be removed.
pub fn tidy(session: &Session) -> io::Result<()> {
    let notes = Some(session.folder.join("notes")).filter(|folder| !folder.is_symlink());
    for folder in session.own_folders().chain([session.folder.clone()]).chain(notes) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if (name.starts_with(".tmp") || name == REPAIRING) && entry.file_type().is_ok_and(|t| t.is_file()) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{source, wav};
    use crate::store::session::tests::record;

    /// As a program leaves it that was killed between two flushes: the header speaks of half a second, of three there is sound.
    fn killed(path: &Path) -> Vec<f32> {
        let clip = Clip::new((0..48_000u16).map(|i| f32::from(i % 100) / 128.0).collect(), 16_000);
        wav::write(path, &clip).unwrap();
        let mut bytes = fs::read(path).unwrap();
        bytes[4..8].copy_from_slice(&(36 + 16_000u32).to_le_bytes());
        bytes[40..44].copy_from_slice(&16_000u32.to_le_bytes());
        bytes.push(7);
        fs::write(path, bytes).unwrap();
        clip.samples
    }

    #[test]
    fn a_header_is_put_right_and_the_file_as_found_stays() {
        let folder = tempfile::tempdir().unwrap();
        let sound = folder.path().join("take-1.wav");
        let samples = killed(&sound);
        let before = fs::read(&sound).unwrap();
        let repaired = repair(&sound, None).unwrap().unwrap();
        assert_eq!(fs::read(&repaired.as_found).unwrap(), before);
        assert_eq!(source::read(&sound).unwrap().clip.samples, samples);
        // any other program reads it whole now, and there is nothing more to do
        assert_eq!(hound::WavReader::open(&sound).unwrap().len(), 48_000);
        assert_eq!(repair(&sound, None).unwrap(), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        killed(&sound);
        assert!(repair(&sound, None).unwrap().unwrap().as_found.ends_with("take-1.as-found-2.wav"));
        // a machine that lost its power can leave zeros where the header was
        let mut bytes = fs::read(&sound).unwrap();
        bytes[..HEADER].fill(0);
        fs::write(&sound, bytes).unwrap();
        assert_eq!(repair(&sound, None).unwrap(), None);
        repair(&sound, Some(16_000)).unwrap().unwrap();
        assert_eq!(source::read(&sound).unwrap().clip.samples, samples);
    }

    #[test]
    #[cfg(unix)]
    fn what_links_lead_to_is_not_written() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let (sound, diary) = (folder.path().join("take-1.wav"), folder.path().join("diary.txt"));
        killed(&sound);
        fs::write(&diary, "dear").unwrap();
        symlink(&diary, folder.path().join(REPAIRING)).unwrap();
        repair(&sound, None).unwrap().unwrap();
        assert!(fs::read_to_string(&diary).unwrap() == "dear" && !sound.is_symlink());
        let (elsewhere, link) = (folder.path().join("elsewhere.wav"), folder.path().join("take-2.wav"));
        killed(&elsewhere);
        symlink(&elsewhere, &link).unwrap();
        assert_eq!(repair(&link, None).unwrap(), None);
    }

    #[test]
    fn a_question_comes_back_only_if_it_is_the_one_that_was_asked() {
        let folder = tempfile::tempdir().unwrap();
        let bank = crate::question::bank::Bank::built_in().unwrap();
        let (asked, other) = (bank.question("psc-extra-step").unwrap(), bank.question("psc-unhappy-patient").unwrap());
        let planned = crate::store::session::PlannedQuestion { id: asked.id.clone(), rubric_sha256: rubric_sha256(asked) };
        let session = Session::create(folder.path(), crate::store::SessionRecord { questions: vec![planned], ..record() }).unwrap();
        let files = session.next_take(1, asked).unwrap();
        wav::write(&files.sound(), &Clip::new(vec![0.1; 100], 16_000)).unwrap();
        assert!(without_question(&session).is_empty());
        fs::remove_file(files.question()).unwrap();
        assert_eq!(without_question(&session), [1]);
        assert!(!put_back(&session, 1, Some(other)).unwrap() && !put_back(&session, 1, None).unwrap());
        let mut edited = asked.clone();
        edited.text.push('!');
        edited.criteria.pop();
        assert!(!put_back(&session, 1, Some(&edited)).unwrap());
        assert!(put_back(&session, 1, Some(asked)).unwrap());
        assert_eq!(session.answers().0[0].question, *asked);
        // a damaged one is as good as missing, and kept
        fs::write(files.question(), "{\"id\": ").unwrap();
        assert_eq!(without_question(&session), [1]);
        assert!(put_back(&session, 1, Some(asked)).unwrap() && without_question(&session).is_empty());
        assert_eq!(fs::read_to_string(files.question().with_extension("as-found.json")).unwrap(), "{\"id\": ");
    }

    #[test]
    fn only_what_never_got_its_name_is_tidied_away() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::create(folder.path(), record()).unwrap();
        for name in [".tmpAbC123", ".lock", "about.json"] {
            fs::write(session.folder.join(name), "{}").unwrap();
        }
        tidy(&session).unwrap();
        let mut names: Vec<String> = fs::read_dir(&session.folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, [".lock", "about.json", "session.json"]);
    }
}
