//! Removing a session: what its folder holds, whether it is one at all, and the way of every file of it. No link out of it is followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::StoreError;
use super::about::About;
use super::lock::Lock;
use super::session::{Answer, Session};
use crate::sound::Millis;

/// What goes with a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    pub takes: usize,
    /// All takes together.
    pub recorded: Millis,
    pub notes: usize,
    pub files: usize,
    pub bytes: u64,
    /// Recordings elsewhere that takes were made from, as they were called: these stay.
    pub origins: Vec<String>,
}

/// What the folder of a session holds.
///
/// # Errors
/// It is a link, holds what is no part of a session, or cannot be read: then nothing of it may be removed.
pub fn holding(session: &Session) -> Result<Holding, RemovalError> {
    let folder = &session.folder;
    let mut holding = files(folder)?;
    let (answers, _) = session.answers();
    holding.takes = answers.len();
    holding.recorded = answers.iter().filter_map(Answer::length).fold(Millis(0), |sum, length| sum + length);
    holding.notes = About::read(folder).map_or(0, |a| a.notes.len());
    let origin = |a: &Answer| a.capture.as_ref()?.microphone.strip_prefix("the recording ").map(str::to_owned);
    holding.origins = answers.iter().filter_map(origin).collect();
    holding.origins.sort();
    holding.origins.dedup();
    Ok(holding)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Session,
    /// A folder of a session: of a question, or of coaches' notes.
    Part,
}

/// Counts the files and refuses what no session has: somebody may have put `session.json` among their own papers.
fn count(folder: &Path, within: Within, holding: &mut Holding) -> Result<(), RemovalError> {
    for entry in fs::read_dir(folder).map_err(|e| kept(folder, e))? {
        let entry = entry.map_err(|e| kept(folder, e))?;
        let (path, about) = (entry.path(), entry.metadata().map_err(|e| kept(&entry.path(), e))?);
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_part = within == Within::Session && (name == "notes" || name.chars().all(|c| c.is_ascii_digit()));
        // files that begin with a dot are left by a write that was cut off, or by the system
        let of_a_session =
            name.starts_with('.') || ["json", "wav", "html", "txt", "srt", "vtt"].iter().any(|ending| name.ends_with(&format!(".{ending}")));
        match () {
            // of a link only the link itself is removed
            () if about.is_symlink() => holding.files += 1,
            () if about.is_dir() && is_part => count(&path, Within::Part, holding)?,
            () if name == ".lock" && about.is_file() => {}
            () if about.is_file() && of_a_session => {
                holding.files += 1;
                holding.bytes += about.len();
            }
            () => return Err(RemovalError::Foreign { session: folder.to_owned(), path }),
        }
    }
    Ok(())
}

/// What goes last, in this order, so that what was cut short can be done again, and whoever waits for the lock finds no session.
const LAST: [&str; 3] = ["exports.json", "session.json", ".lock"];

/// Removes the folder of a session and all that [`holding`] counted.
///
/// # Errors
/// As [`holding`]; or a file could not be removed: then it and its session are still there.
pub fn remove(folder: &Path, lock: Lock) -> Result<(), RemovalError> {
    files(folder)?;
    let last = LAST.map(|name| folder.join(name));
    for entry in fs::read_dir(folder).map_err(|e| kept(folder, e))? {
        let path = entry.map_err(|e| kept(folder, e))?.path();
        let about = fs::symlink_metadata(&path).map_err(|e| kept(&path, e))?;
        if !last.contains(&path) {
            let removed = if about.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|e| kept(&path, e))?;
        }
    }
    for path in last {
        match fs::remove_file(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            removed => removed.map_err(|e| kept(&path, e))?,
        }
    }
    // some systems remove no folder in which a file is open
    drop(lock);
    fs::remove_dir(folder).map_err(|e| kept(folder, e))
}

/// The same, with the lock, which is taken only once it is known that the folder is a session's.
///
/// # Errors
/// As [`remove`]; or another program is at work in it.
pub fn clear(folder: &Path) -> Result<(), RemovalError> {
    files(folder)?;
    remove(folder, Lock::at_once(folder)?)
}

/// The files of a session's folder, whether its record can be read or not.
///
/// # Errors
/// As [`holding`].
pub fn files(folder: &Path) -> Result<Holding, RemovalError> {
    let mut holding = Holding::default();
    not_a_link(folder)?;
    count(folder, Within::Session, &mut holding)?;
    Ok(holding)
}

fn not_a_link(folder: &Path) -> Result<(), RemovalError> {
    let is_link = fs::symlink_metadata(folder).map_err(|e| kept(folder, e))?.is_symlink();
    if is_link { Err(RemovalError::Link(folder.to_owned())) } else { Ok(()) }
}

fn kept(path: &Path, source: io::Error) -> RemovalError {
    RemovalError::Kept { path: path.to_owned(), source }
}

#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    #[error("{path} is a link to a session, not the session; delete it where it lies", path = .0.display())]
    Link(PathBuf),
    #[error("{path} is no part of a session, so nothing in {session} was deleted; move it elsewhere first", path = path.display(), session = session.display())]
    Foreign { session: PathBuf, path: PathBuf },
    #[error(transparent)]
    Lock(#[from] StoreError),
    #[error("{path} could not be deleted ({source}); close other programs that use it, and try again", path = path.display())]
    Kept { path: PathBuf, source: io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Clip, wav};
    use crate::store::session::tests::record;

    fn session(folder: &Path) -> Session {
        let session = Session::create(folder, record()).unwrap();
        let question = crate::question::bank::Bank::built_in().unwrap().question("psc-extra-step").unwrap().clone();
        let files = session.next_take(1, &question).unwrap();
        wav::write(&files.sound(), &Clip::new(vec![0.1; 16_000], 16_000)).unwrap();
        session
    }

    #[test]
    fn everything_of_a_session_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (session(folder.path()), session(folder.path()));
        let found = holding(&one).unwrap();
        assert_eq!((found.takes, found.recorded, found.files), (1, Millis(1_000), 3));
        remove(&one.folder, Lock::of(&one.folder).unwrap()).unwrap();
        assert!(!one.folder.exists() && other.folder.join("01/take-1.wav").exists());
    }

    #[test]
    fn what_is_no_part_of_a_session_saves_the_whole_folder() {
        let folder = tempfile::tempdir().unwrap();
        let session = session(folder.path());
        for stranger in ["thesis.odt", "01/letters/mum.txt"] {
            let path = session.folder.join(stranger);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "dear").unwrap();
            assert!(matches!(remove(&session.folder, Lock::of(&session.folder).unwrap()), Err(RemovalError::Foreign { .. })), "{stranger}");
            assert!(path.exists() && session.folder.join("01/take-1.wav").exists());
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    #[cfg(unix)]
    fn no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (sessions, outside) = (folder.path().join("sessions"), folder.path().join("outside"));
        let session = session(&sessions);
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("diary.txt"), "dear").unwrap();
        std::os::unix::fs::symlink(&outside, session.folder.join("02")).unwrap();
        std::os::unix::fs::symlink(outside.join("diary.txt"), session.folder.join("01/take-2.wav")).unwrap();
        let link = sessions.join("link");
        std::os::unix::fs::symlink(&session.folder, &link).unwrap();
        let linked = Session { folder: link, ..session.clone() };
        assert!(matches!(remove(&linked.folder, Lock::of(&linked.folder).unwrap()), Err(RemovalError::Link(_))));
        remove(&session.folder, Lock::of(&session.folder).unwrap()).unwrap();
        assert!(!session.folder.exists() && outside.join("diary.txt").exists());
    }
}
