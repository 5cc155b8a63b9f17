//! The file that a download grows in, `NAME.part`: one process writes it at a time, and never through a link to somewhere else.

use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::ModelError;
use super::manifest::Entry;
use crate::store::is_still;

/// How often a part is looked for that another process takes away at the same moment.
const TRIES: usize = 5;

/// A part that belongs to this process until it is dropped.
pub struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    /// Opens the part, with what is in it, or makes it. A link or a pipe of that name is removed, not followed.
    ///
    /// # Errors
    /// Another process writes it, a folder stands in its place, or the disk failed.
    pub fn open(path: &Path, entry: &Entry) -> Result<Self, ModelError> {
        let io = |source| ModelError::Io { path: path.to_owned(), source };
        for _ in 0..TRIES {
            match fs::symlink_metadata(path) {
                Ok(there) if there.is_dir() => return Err(ModelError::Folder { path: path.to_owned() }),
                Ok(there) if !there.is_file() => fs::remove_file(path).map_err(io)?,
                _ => {}
            }
            let file = File::options().create(true).truncate(false).read(true).write(true).open(path).map_err(io)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(ModelError::Busy { name: entry.name.clone() }),
                // a disk without locks is no reason to have no model
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            let part = Self { path: path.to_owned(), file };
            // who had it before may have finished it in the meantime
            if is_still(&part.file, path).map_err(io)? {
                return Ok(part);
            }
        }
        Err(io(io::Error::other("it changes while it is opened")))
    }

    /// Cuts the part to so many bytes, and goes to its end.
    ///
    /// # Errors
    /// The disk failed.
    pub fn go_on_at(&mut self, bytes: u64) -> io::Result<()> {
        self.file.set_len(bytes)?;
        self.file.seek(SeekFrom::Start(bytes)).map(drop)
    }

    /// Bytes in it.
    ///
    /// # Errors
    /// The disk failed.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the finished part its name. What had that name before is replaced, a link as such.
    ///
    /// # Errors
    /// The disk failed, or another process has put something else where the part was.
    pub fn finish(self, name: &Path) -> io::Result<()> {
        if !is_still(&self.file, &self.path)? {
            return Err(io::Error::other("another program has replaced it"));
        }
        fs::rename(&self.path, name)
    }

    /// Removes it: what is wrong is never left to spoil the next try.
    ///
    /// # Errors
    /// The disk failed.
    pub fn remove(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}
