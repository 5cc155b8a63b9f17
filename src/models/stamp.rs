//! What a file looks like from outside: its place, size and times. As long as that stays, its content counts as what it was when it was hashed, which for
//! a large model takes seconds. Against somebody who may write this user's files it is no proof: they could change the program too.

use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::file::sha256;

/// Changes with every change of the file, also where its size and its time of change are kept: the system's own time of change cannot be set back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(String);

impl Stamp {
    /// # Errors
    /// The file is not there.
    pub fn of(path: &Path) -> io::Result<Self> {
        let meta = std::fs::metadata(path)?;
        let changed = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut stamp = format!("{}.{}", meta.len(), changed.as_nanos());
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            // writing to a string does not fail
            let _ = write!(stamp, ".{}.{}.{}.{}", meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec());
        }
        Ok(Self(stamp))
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Stamp {
    fn from(written: String) -> Self {
        Self(written)
    }
}

/// The SHA-256 of a file, remembered as long as its [`Stamp`] stays, with that stamp. Where another hash is `expected` than is remembered, the file is
/// hashed again: what is remembered may be damaged, and must not make a good model unusable.
///
/// # Errors
/// The file cannot be read, or is changed while it is. A memory that cannot be written is no error.
pub fn sha256_remembered(path: &Path, cache: &Path, expected: Option<&str>) -> io::Result<(String, Stamp)> {
    let stamp = Stamp::of(path)?;
    let key = Sha256::digest(format!("{}\n{stamp}", std::fs::canonicalize(path)?.display()));
    let remembered = cache.join("hashes").join(crate::hash::hex(&key[..16]));
    if let Ok(hash) = std::fs::read_to_string(&remembered)
        && hash.len() == 64
        && hash.bytes().all(|b| b.is_ascii_hexdigit())
        && expected.is_none_or(|e| e == hash)
    {
        return Ok((hash, stamp));
    }
    let hash = sha256(path)?;
    if Stamp::of(path)? != stamp {
        return Err(io::Error::other("it was changed while it was read"));
    }
    // only a saving of time: without it the next start hashes again
    let _ = crate::store::write_atomically(&remembered, hash.as_bytes());
    Ok((hash, stamp))
}
