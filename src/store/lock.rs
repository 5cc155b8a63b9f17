//! Who may write in a session: one program at a time. Readers need no lock, as every file is whole at every moment.
//!
//! The lock is the system's own, on the file `.lock` in the session's folder: it is given back when its program ends, however that ends. A file that
//! was left behind locks nobody out.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{StoreError, is_still, private_file};

/// How long to wait for another program: what writes a note is done by then, an interview is not.
const PATIENCE: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(20);
/// So often the file may be another one than was opened: more often, and it is the drive that gives its files new numbers.
const REPLACED: usize = 5;
/// More than any line that says who holds the lock.
const LONGEST: u64 = 200;

/// Held as long as it lives. None where the place knows no locks, as some network drives: then there is nothing to hold.
#[derive(Debug)]
#[must_use]
pub struct Lock(#[allow(dead_code)] Option<File>);

impl Lock {
    /// Takes the lock of a session's folder, waiting a moment where another program has it.
    ///
    /// # Errors
    /// Another program is still at work in it, it was deleted, or its folder cannot be written.
    pub fn of(folder: &Path) -> Result<Self, StoreError> {
        Self::within(folder, PATIENCE)
    }

    /// The same without waiting.
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn at_once(folder: &Path) -> Result<Self, StoreError> {
        Self::within(folder, Duration::ZERO)
    }

    fn within(folder: &Path, patience: Duration) -> Result<Self, StoreError> {
        let path = folder.join(".lock");
        let unwritten = |source| StoreError::Unwritten { path: path.clone(), source };
        let session = || folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let begun = Instant::now();
        let mut replaced = 0;
        loop {
            // what is no plain file is nobody's lock, and what a link leads to is not this program's to write
            match fs::symlink_metadata(&path) {
                Ok(there) if !there.is_file() && !there.is_dir() => fs::remove_file(&path).map_err(unwritten)?,
                _ if !folder.exists() => return Err(StoreError::Deleted { session: session() }),
                _ => {}
            }
            let mut file = private_file().read(true).write(true).create(true).truncate(false).open(&path).map_err(unwritten)?;
            match file.try_lock() {
                Ok(()) if is_still(&file, &path).map_err(unwritten)? => {
                    // only for the sentence that another program says; on a full disk the lock is held all the same
                    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "process {}", std::process::id()));
                    return Ok(Self(Some(file)));
                }
                Ok(()) if replaced == REPLACED => return Ok(Self(Some(file))),
                // who had it has removed it
                Ok(()) => replaced += 1,
                // the place knows no locks
                Err(TryLockError::Error(_)) => return Ok(Self(None)),
                Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => {
                    return Err(StoreError::InUse { session: session(), by: holder(&mut file) });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(POLL),
            }
        }
    }
}

/// Who says to hold it.
fn holder(file: &mut File) -> String {
    let mut line = String::new();
    let read = file.rewind().and_then(|()| file.take(LONGEST).read_to_string(&mut line));
    match line.lines().next() {
        Some(who) if read.is_ok() && !who.is_empty() && !who.chars().any(char::is_control) => who.to_owned(),
        _ => "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_and_the_other_is_told_who() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::of(folder.path()).unwrap();
        let refused = Lock::at_once(folder.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        drop(Lock::at_once(folder.path()).unwrap());
    }

    #[test]
    fn a_file_that_was_left_behind_locks_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".lock"), "process 1, who is long gone and wrote more than anybody now does").unwrap();
        drop(Lock::at_once(folder.path()).unwrap());
        assert_eq!(std::fs::read_to_string(folder.path().join(".lock")).unwrap(), format!("process {}\n", std::process::id()));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_in_its_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (session, diary) = (folder.path().join("session"), folder.path().join("diary.txt"));
        fs::create_dir(&session).unwrap();
        fs::write(&diary, "dear").unwrap();
        std::os::unix::fs::symlink(&diary, session.join(".lock")).unwrap();
        drop(Lock::at_once(&session).unwrap());
        assert_eq!(fs::read_to_string(&diary).unwrap(), "dear");
    }

    #[test]
    fn who_waits_for_a_session_that_is_deleted_meanwhile_does_not_bring_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let session = folder.path().join("session");
        fs::create_dir(&session).unwrap();
        let held = Lock::of(&session).unwrap();
        let waiting = std::thread::spawn({
            let session = session.clone();
            move || Lock::of(&session).map(drop)
        });
        std::thread::sleep(POLL * 5);
        fs::remove_dir_all(&session).unwrap();
        drop(held);
        assert!(matches!(waiting.join().unwrap(), Err(StoreError::Deleted { .. })));
        assert!(!session.exists());
    }
}
