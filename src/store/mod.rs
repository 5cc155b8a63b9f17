//! Sessions on disk: a folder of small JSON files and WAVs, private to the user, each file written whole or not at all.
//!
//! A missing file means "not done yet". Paths inside a session are relative, so that its folder can be moved.

pub mod about;
pub mod catalogue;
pub mod exports;
pub mod files;
pub mod history;
pub mod keeping;
pub mod lock;
pub mod plain;
pub mod recovery;
pub mod removal;
pub mod session;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use files::AnswerFiles;
pub use lock::Lock;
pub use session::{Session, SessionRecord};

/// Makes the folder and those above it, readable by the user alone where they are new.
///
/// # Errors
/// The place cannot be written, or a file of that name is there.
pub fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// How a file is opened that others may not read: where it is new, it is for the user alone.
#[must_use]
pub fn private_file() -> OpenOptions {
    #[allow(unused_mut)] // elsewhere the folders it lies in are the user's own
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file, readable by the user alone, so that a reader sees the old content or the new, never a part.
///
/// # Errors
/// The disk is full or the place cannot be written; what was there before stays.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    private_folder(folder)?;
    // without the name of the passing file, which would only puzzle
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| io::Error::from(e.kind()))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Whether an open file still has this name: another process may have removed it meanwhile, or put a link there.
///
/// # Errors
/// The disk failed.
pub fn is_still(file: &File, path: &Path) -> io::Result<bool> {
    let open = file.metadata()?;
    let Ok(named) = fs::symlink_metadata(path) else { return Ok(false) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok(named.is_file() && (open.dev(), open.ino()) == (named.dev(), named.ino()))
    }
    #[cfg(not(unix))]
    Ok(named.is_file() && open.len() == named.len())
}

/// Writes a value as indented JSON with a line end.
///
/// # Errors
/// As [`write_atomically`].
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let failed = |source| StoreError::Unwritten { path: path.to_owned(), source };
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|e| failed(io::Error::other(e)))?;
    bytes.push(b'\n');
    write_atomically(path, &bytes).map_err(failed)
}

/// Reads a value from JSON; None where the file is not there.
///
/// # Errors
/// The file cannot be read or is not what it should be.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let failed = |reason: String| StoreError::Unread { path: path.to_owned(), reason };
    match fs::read(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failed(e.to_string())),
        Ok(bytes) => plain::parse(&bytes).map(Some).map_err(|e| failed(e.to_string())),
    }
}

/// What to do about a file that cannot be used.
fn cure(path: &Path) -> &'static str {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match () {
        () if name.ends_with(".transcript.json") => "`viva analyze --again --session` with the name of the session makes it anew from the recording",
        () if name.ends_with(".report.json") => "`viva sessions recover` makes it anew from the recording",
        () if name == "question.json" => "`viva sessions recover` puts it back where the question is still the same; else bring it back from a copy",
        () if name == "session.json" => "the recordings beside it are whole and play in any player; bring the file back from a copy",
        () => "bring it back from a copy, or move it away",
    }
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{path} could not be written ({source}); check that the disk has room and that the folder is yours", path = path.display())]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("{path} cannot be used ({reason}); {cure}", path = path.display(), cure = cure(.path))]
    Unread { path: PathBuf, reason: String },
    #[error("{path} cannot be used: it {reason}; {cure}", path = path.display())]
    Unusable { path: PathBuf, reason: String, cure: &'static str },
    #[error("{path} cannot be used ({reason}); it holds the title, tags and notes of the session: put it right, or move it away", path = path.display())]
    Said { path: PathBuf, reason: String },
    #[error("{session} is being worked on by another viva ({by}); wait until that has ended, then try again")]
    InUse { session: String, by: String },
    #[error("{session} was deleted by another viva meanwhile, so nothing was written; `viva sessions list` shows what is there")]
    Deleted { session: String },
    #[error("{count} sessions begin with \"{wanted}\"; name more of it, such as {example}")]
    Ambiguous { wanted: String, count: usize, example: String },
    #[error("there is no session \"{wanted}\"; {}", if .known.is_empty() { "none has been recorded yet, `viva practice` starts one".to_owned() } else { format!("the newest is {}, and `viva sessions list` shows all", .known) })]
    Unknown { wanted: String, known: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/notes.json");
        write_json(&path, &vec![1, 2, 3]).unwrap();
        write_json(&path, &vec![4]).unwrap();
        assert_eq!(read_json::<Vec<u32>>(&path).unwrap(), Some(vec![4]));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn missing_is_not_broken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take-1.report.json");
        assert!(read_json::<Vec<u32>>(&path).unwrap().is_none());
        fs::write(&path, "{").unwrap();
        assert!(read_json::<Vec<u32>>(&path).unwrap_err().to_string().contains("cannot be used"));
    }
}
