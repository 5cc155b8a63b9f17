//! Brings a model: from its address, a mirror or a folder, into the models folder; verified before it gets its name.
//!
//! A download grows as `NAME.part` and goes on where it stopped. A part that turns out wrong is deleted, so that it never stands in the way.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::manifest::Entry;
use super::{ModelError, verify};

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
/// The network, the disk, or content that is not what was published.
pub fn pull(entry: &Entry, source: &Source, folder: &Path, mut progress: impl FnMut(u64)) -> Result<PathBuf, ModelError> {
    let path = folder.join(&entry.file);
    if verify(entry, &path).is_ok() {
        return Ok(path);
    }
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| ModelError::Io { path, source }
    };
    // some lie in a folder of their own below it
    let within = path.parent().unwrap_or(folder);
    crate::store::private_folder(within).map_err(io(within))?;
    let part = folder.join(format!("{}.part", entry.file));
    match source {
        Source::Local(from) => {
            let from = if from.is_dir() { from.join(&entry.file) } else { from.clone() };
            let mut reader = File::open(&from).map_err(io(&from))?;
            let mut writer = File::create(&part).map_err(io(&part))?;
            copy(&mut reader, &mut writer, 0, &mut progress).map_err(|e| e.into_error(&part, &from.display().to_string()))?;
        }
        Source::Mirror(base) => download(&format!("{}/{}", base.trim_end_matches('/'), entry.file), entry, &part, &mut progress)?,
        Source::Published => {
            let Some(url) = &entry.url else {
                let reason = "it comes with the program and has no address of its own".to_owned();
                return Err(ModelError::Network { url: entry.name.clone(), reason });
            };
            download(url, entry, &part, &mut progress)?;
        }
    }
    if let Err(e) = verify(entry, &part) {
        // never left to spoil the next try
        std::fs::remove_file(&part).map_err(io(&part))?;
        return Err(e);
    }
    std::fs::rename(&part, &path).map_err(io(&path))?;
    Ok(path)
}

fn download(url: &str, entry: &Entry, part: &Path, progress: &mut dyn FnMut(u64)) -> Result<(), ModelError> {
    let network = |reason: String| ModelError::Network { url: url.to_owned(), reason };
    let io = |source| ModelError::Io { path: part.to_owned(), source };
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(part).map_err(io)?;
    let mut have = file.metadata().map_err(io)?.len();
    if have >= entry.bytes {
        // whole or too long: verified by the caller, or begun again
        if have == entry.bytes {
            return Ok(());
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
    let resumed = response.status() == 206
        && response.headers().get("content-range").and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with(&format!("bytes {have}-")));
    let start = if resumed { have } else { 0 };
    file.set_len(start).map_err(io)?;
    file.seek(SeekFrom::Start(start)).map_err(io)?;
    let most = entry.bytes - start;
    let mut reader = response.body_mut().with_config().limit(most + 1).reader();
    let done = copy(&mut reader, &mut file, start, progress).map_err(|e| e.into_error(part, url))?;
    if done < entry.bytes {
        return Err(network(format!("the connection ended after {} of {}", super::manifest::size(done), entry.size())));
    }
    Ok(())
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
