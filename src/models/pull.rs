//! Brings a model: from its address, a mirror or a folder, into the models folder; verified before it gets its name.
//!
//! A download grows as `NAME.part` and goes on where it stopped. A part that turns out wrong is deleted, so that it never stands in the way.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::manifest::Entry;
use super::part::Part;
use super::{ModelError, verify, verify_open};

/// Without a byte for this long the connection counts as dead.
const STALL: Duration = Duration::from_secs(30);

/// Where a model comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The address in the manifest.
    Published,
    /// The same file name below another address.
    Mirror(String),
    /// The same file name in a folder, or the file itself.
    Local(PathBuf),
}

impl Source {
    /// An address or a folder, as typed.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        if text.starts_with("http://") || text.starts_with("https://") { Self::Mirror(text.to_owned()) } else { Self::Local(PathBuf::from(text)) }
    }
}

/// Brings the model into `folder` and returns where it lies. A whole model that is there already is left alone. `progress` is called with
/// bytes done so far.
///
/// # Errors
/// The network, the disk, content that is not what was published, something that stands in the way, or another process that does the same.
pub fn pull(entry: &Entry, source: &Source, folder: &Path, mut progress: impl FnMut(u64)) -> Result<PathBuf, ModelError> {
    let path = folder.join(&entry.file);
    match verify(entry, &path) {
        Ok(()) => return Ok(path),
        Err(e @ ModelError::Folder { .. }) => return Err(e),
        // it is to be brought
        Err(_) => {}
    }
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ModelError::Io { path, source }
    };
    // some lie in a folder of their own below it
    let within = path.parent().unwrap_or(folder);
    if within != folder && within.is_symlink() {
        return Err(ModelError::Link { path: within.to_owned() });
    }
    crate::store::private_folder(within).map_err(io(within))?;
    let name = folder.join(format!("{}.part", entry.file));
    let mut part = Part::open(&name, entry)?;
    loop {
        let resumed = bring(entry, source, &mut part, &mut progress)?;
        part.file().rewind().map_err(io(&name))?;
        let Err(e) = verify_open(entry, &name, part.file()) else { break };
        if !resumed {
            part.remove().map_err(io(&name))?;
            return Err(e);
        }
        // what was there before was something else, and this source not to blame
        part.go_on_at(0).map_err(io(&name))?;
    }
    part.finish(&path).map_err(io(&path))?;
    Ok(path)
}

/// Fills the part to its end. Whether a beginning was there that came from elsewhere.
fn bring(entry: &Entry, source: &Source, part: &mut Part, progress: &mut dyn FnMut(u64)) -> Result<bool, ModelError> {
    match source {
        Source::Local(from) => {
            let from = if from.is_dir() { from.join(&entry.file) } else { from.clone() };
            let io = |source| ModelError::Io { path: from.clone(), source };
            // a pipe would be waited for
            if !std::fs::metadata(&from).map_err(io)?.is_file() {
                return Err(ModelError::NoFile { path: from });
            }
            let mut reader = File::open(&from).map_err(io)?.take(entry.bytes + 1);
            part.go_on_at(0).map_err(|source| ModelError::Io { path: part.path().to_owned(), source })?;
            copy(&mut reader, part.file(), 0, progress).map_err(|e| e.into_error(part.path(), &from.display().to_string()))?;
            Ok(false)
        }
        Source::Mirror(base) => download(&format!("{}/{}", base.trim_end_matches('/'), entry.file), entry, part, progress),
        Source::Published => {
            let Some(url) = &entry.url else {
                let reason = "it comes with the program and has no address of its own".to_owned();
                return Err(ModelError::Network { url: entry.name.clone(), reason });
            };
            download(url, entry, part, progress)
        }
    }
}

fn download(url: &str, entry: &Entry, part: &mut Part, progress: &mut dyn FnMut(u64)) -> Result<bool, ModelError> {
    let network = |reason: String| ModelError::Network { url: url.to_owned(), reason };
    let path = part.path().to_owned();
    let io = |source| ModelError::Io { path: path.clone(), source };
    let mut have = part.length().map_err(io)?;
    if have >= entry.bytes {
        // whole, which is verified by the caller, or too long, and begun again
        if have == entry.bytes {
            return Ok(true);
        }
        have = 0;
    }
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_connect(Some(STALL))
        .timeout_recv_response(Some(STALL))
        .timeout_per_read(Some(STALL))
        .user_agent(concat!("viva/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut request = agent.get(url);
    if have > 0 {
        request = request.header("Range", format!("bytes={have}-"));
    }
    let mut response = request.call().map_err(|e| network(e.to_string()))?;
    // a server that ignores the range sends everything; one that answers with another range would spoil the file
    let resumed = have > 0
        && response.status() == 206
        && response.headers().get("content-range").and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with(&format!("bytes {have}-")));
    let start = if resumed { have } else { 0 };
    part.go_on_at(start).map_err(io)?;
    let most = entry.bytes - start;
    let mut reader = response.body_mut().with_config().limit(most + 1).reader();
    let done = copy(&mut reader, part.file(), start, progress).map_err(|e| e.into_error(&path, url))?;
    if done < entry.bytes {
        return Err(network(format!("the connection ended after {} of {}", super::manifest::size(done), entry.size())));
    }
    Ok(resumed)
}

enum CopyError {
    Reading(std::io::Error),
    Writing(std::io::Error),
}

impl CopyError {
    fn into_error(self, part: &Path, from: &str) -> ModelError {
        match self {
            Self::Reading(e) => ModelError::Network { url: from.to_owned(), reason: e.to_string() },
            Self::Writing(source) => ModelError::Io { path: part.to_owned(), source },
        }
    }
}

fn copy(from: &mut dyn Read, to: &mut File, start: u64, progress: &mut dyn FnMut(u64)) -> Result<u64, CopyError> {
    let mut block = vec![0; 1 << 16];
    let mut done = start;
    loop {
        let count = match from.read(&mut block) {
            Ok(0) => break,
            Ok(count) => count,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(CopyError::Reading(e)),
        };
        to.write_all(&block[..count]).map_err(CopyError::Writing)?;
        done += count as u64;
        progress(done);
    }
    to.sync_all().map_err(CopyError::Writing)?;
    Ok(done)
}
