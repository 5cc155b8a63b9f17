//! Speech models: which there are, where they lie, whether a file is whole.
//!
//! [`manifest`] is the list that comes with the program, [`file`] looks into a model file, [`stamp`] remembers its hash, [`pull`] brings one (into a
//! [`part`]). Nothing is loaded here.

pub mod file;
pub mod manifest;
pub mod part;
pub mod pull;
pub mod stamp;

use std::fs::File;
use std::path::{Path, PathBuf};

use manifest::{Entry, Manifest};
use stamp::{Stamp, sha256_remembered};

use crate::transcribe::Engine;

/// A model file on this machine that looks whole.
#[derive(Clone, Debug)]
pub struct Installed {
    pub path: PathBuf,
    pub engine: Engine,
    /// As it was when its content was verified.
    pub stamp: Stamp,
}

/// Finds the model that was asked for: a name of the manifest, or a path to a file.
///
/// # Errors
/// It is not there, not whole, or not a model.
pub fn find(wanted: &str, folder: &Path, cache: &Path) -> Result<Installed, ModelError> {
    let manifest = Manifest::built_in();
    if let Some(entry) = manifest.get(wanted).filter(|e| e.hears()) {
        let path = folder.join(&entry.file);
        check_present(entry, &path)?;
        return inspect(&path, Some(entry), cache);
    }
    let path = PathBuf::from(wanted);
    if !path.exists() {
        return Err(ModelError::Unknown { wanted: wanted.to_owned(), names: manifest.names() });
    }
    inspect(&path, None, cache)
}

fn inspect(path: &Path, entry: Option<&Entry>, cache: &Path) -> Result<Installed, ModelError> {
    let header = file::check(path).map_err(|reason| ModelError::Broken { path: path.to_owned(), reason, cure: cure(entry) })?;
    let expected = entry.map(|e| e.sha256.as_str());
    let (sha256, stamp) = sha256_remembered(path, cache, expected).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    if let Some(entry) = entry
        && entry.sha256 != sha256
    {
        return Err(tampered(entry, path));
    }
    let by_hash = Manifest::built_in().by_sha256(&sha256).cloned();
    let known = entry.or(by_hash.as_ref());
    let model = known.map_or_else(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned(), |e| e.name.clone());
    // no published whisper is this narrow: a demo model under any other name is still a demo model
    let demo = known.is_some_and(|e| e.demo) || header.audio_width < file::NARROWEST_PUBLISHED;
    Ok(Installed { path: path.to_owned(), engine: Engine { model, sha256: Some(sha256), demo, prompt: None }, stamp })
}

/// Compares the file with what the manifest says of it, bytes and hash.
///
/// # Errors
/// It is missing, of another size, or of other content.
pub fn verify(entry: &Entry, path: &Path) -> Result<(), ModelError> {
    check_present(entry, path)?;
    let io = |source| ModelError::Io { path: path.to_owned(), source };
    verify_open(entry, path, &mut File::open(path).map_err(io)?)
}

/// The same of a file that is open and read from its start; `path` names it in errors.
fn verify_open(entry: &Entry, path: &Path, file: &mut File) -> Result<(), ModelError> {
    let io = |source| ModelError::Io { path: path.to_owned(), source };
    check_size(entry, path, file.metadata().map_err(io)?.len())?;
    if file::sha256_of(file).map_err(io)? == entry.sha256 { Ok(()) } else { Err(tampered(entry, path)) }
}

/// The same for every start: the hash is remembered as long as the file is not changed. Returns the file's stamp: what is loaded from it was verified
/// if it has the same one afterwards.
///
/// # Errors
/// As [`verify`].
pub fn verify_remembered(entry: &Entry, path: &Path, cache: &Path) -> Result<Stamp, ModelError> {
    check_present(entry, path)?;
    let expected = Some(entry.sha256.as_str());
    let (sha256, stamp) = sha256_remembered(path, cache, expected).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    if sha256 == entry.sha256 { Ok(stamp) } else { Err(tampered(entry, path)) }
}

fn tampered(entry: &Entry, path: &Path) -> ModelError {
    let reason = "its content is not what was published".to_owned();
    ModelError::Broken { path: path.to_owned(), reason, cure: cure(Some(entry)) }
}

/// Whether the file is there, of the right size.
fn check_present(entry: &Entry, path: &Path) -> Result<(), ModelError> {
    if !path.exists() {
        return Err(ModelError::Missing { name: entry.name.clone(), size: entry.size() });
    }
    let meta = std::fs::metadata(path).map_err(|source| ModelError::Io { path: path.to_owned(), source })?;
    if meta.is_dir() {
        return Err(ModelError::Folder { path: path.to_owned() });
    }
    check_size(entry, path, meta.len())
}

fn check_size(entry: &Entry, path: &Path, size: u64) -> Result<(), ModelError> {
    if size == entry.bytes {
        return Ok(());
    }
    // one that is a byte too long reads as of the same size
    let more = if size > entry.bytes { "more than " } else { "" };
    let reason = format!("the file has {more}{}, expected {}", manifest::size(size.min(entry.bytes)), entry.size());
    Err(ModelError::Broken { path: path.to_owned(), reason, cure: cure(Some(entry)) })
}

fn cure(entry: Option<&Entry>) -> String {
    entry.map_or_else(|| "copy it again, or choose a model of `viva models list`".to_owned(), |e| format!("run `viva models pull {}`", e.name))
}

#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the model {name} is not on this machine; run `viva models pull {name}` ({size})")]
    Missing { name: String, size: String },
    #[error("there is no model \"{wanted}\"; choose one of {} or give the path of a model file", .names.join(", "))]
    Unknown { wanted: String, names: Vec<String> },
    #[error("the model file {path} cannot be used ({reason}); {cure}", path = path.display())]
    Broken { path: PathBuf, reason: String, cure: String },
    #[error("{path} is a folder, where a model's file should lie; move it away, then run the same command again", path = path.display())]
    Folder { path: PathBuf },
    #[error("{path} is no file; name the model's file, or the folder that it lies in", path = path.display())]
    NoFile { path: PathBuf },
    #[error("{path} is a link to another folder, and nothing is written through it; remove it, then run the same command again", path = path.display())]
    Link { path: PathBuf },
    #[error("another viva is fetching {name} at this moment; wait until it is done")]
    Busy { name: String },
    #[error("{path} could not be read or written ({source}); check that the disk has room and that the folder is yours", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error(
        "{url} could not be fetched ({reason}); check the network and run the same command again, it goes on where it stopped; or bring the file and use --from FOLDER"
    )]
    Network { url: String, reason: String },
}
