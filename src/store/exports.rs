//! What was written of a session to other places, so that whoever deletes it is told what is left. `exports.json` lies in the session's folder.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::lock::Lock;
use super::{StoreError, read_json, write_json};

/// One file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    pub written: Timestamp,
    /// In full.
    pub path: PathBuf,
    /// What could say who a patient is was masked in it.
    pub redacted: bool,
}

fn file(folder: &Path) -> PathBuf {
    folder.join("exports.json")
}

/// All that were made of the session in this folder, the oldest first, each place once.
///
/// # Errors
/// The list is damaged.
pub fn of(folder: &Path) -> Result<Vec<Export>, StoreError> {
    Ok(read_json(&file(folder))?.unwrap_or_default())
}

/// Those whose files are still there.
///
/// # Errors
/// As [`of`].
pub fn left(folder: &Path) -> Result<Vec<Export>, StoreError> {
    let mut all = of(folder)?;
    all.retain(|e| e.path.symlink_metadata().is_ok());
    Ok(all)
}

/// Adds what was written just now; the lock is that of the session.
///
/// # Errors
/// The session's folder cannot be written: the files stand all the same.
pub fn add(folder: &Path, _lock: &Lock, paths: &[PathBuf], redacted: bool) -> Result<(), StoreError> {
    let mut all = of(folder)?;
    for path in paths {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        all.retain(|e| e.path != path);
        all.push(Export { written: Timestamp::now(), path, redacted });
    }
    write_json(&file(folder), &all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_listed_once_and_what_is_gone_is_not_left() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one.html"), folder.path().join("two.csv"));
        std::fs::write(&one, "").unwrap();
        let lock = Lock::of(folder.path()).unwrap();
        add(folder.path(), &lock, std::slice::from_ref(&one), false).unwrap();
        add(folder.path(), &lock, &[two.clone(), one.clone()], true).unwrap();
        let places = |all: Vec<Export>| all.into_iter().map(|e| (e.path, e.redacted)).collect::<Vec<_>>();
        assert_eq!(places(of(folder.path()).unwrap()), [(two, true), (one.clone(), true)]);
        assert_eq!(places(left(folder.path()).unwrap()), [(one, true)]);
    }
}
