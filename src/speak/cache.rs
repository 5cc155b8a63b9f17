//! Rendered speech kept on disk by voice and text, so that a question is rendered once.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{SpeakError, Voice};
use crate::sound::{Clip, source, wav};

/// A voice that remembers what it said.
pub struct Cached {
    voice: Box<dyn Voice>,
    folder: PathBuf,
}

impl Cached {
    /// Keeps what `voice` renders in `folder`, which is made when it is first needed.
    #[must_use]
    pub fn new(voice: Box<dyn Voice>, folder: &Path) -> Self {
        Self { voice, folder: folder.to_owned() }
    }

    fn path(&self, text: &str) -> PathBuf {
        let key = Sha256::digest(format!("{}\n{text}", self.voice.name()));
        self.folder.join(format!("{}.wav", crate::hash::hex(&key[..16])))
    }
}

impl Voice for Cached {
    fn name(&self) -> String {
        self.voice.name()
    }

    fn render(&self, text: &str) -> Result<Clip, SpeakError> {
        let path = self.path(text);
        // a cached file that cannot be read is rendered again, whatever the reason
        if let Ok(recording) = source::read(&path)
            && !recording.cut_short
        {
            return Ok(recording.clip);
        }
        let clip = self.voice.render(text)?;
        // a question that cannot be kept is still spoken, and rendered again the next time
        let _ = keep(&path, &clip);
        Ok(clip)
    }
}

fn keep(path: &Path, clip: &Clip) -> std::io::Result<()> {
    crate::store::private_folder(path.parent().unwrap_or(path))?;
    // under another name first: a reader never meets half a file
    let part = path.with_extension(format!("{}.part", std::process::id()));
    wav::write(&part, clip).map_err(std::io::Error::other)?;
    std::fs::rename(&part, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Counting(Arc<AtomicUsize>);

    impl Voice for Counting {
        fn name(&self) -> String {
            "counting".into()
        }
        fn render(&self, text: &str) -> Result<Clip, SpeakError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Clip::new(vec![0.5; text.len()], 8_000))
        }
    }

    #[test]
    fn each_text_is_rendered_once_and_a_broken_file_again() {
        let folder = tempfile::tempdir().unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        let voice = Cached::new(Box::new(Counting(count.clone())), folder.path());
        let first = voice.render("Hello").unwrap();
        assert_eq!(voice.render("Hello").unwrap(), first);
        assert_eq!(count.load(Ordering::Relaxed), 1);
        voice.render("Goodbye").unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 2);
        std::fs::write(voice.path("Hello"), "half a fi").unwrap();
        assert_eq!(voice.render("Hello").unwrap(), first);
        assert_eq!(count.load(Ordering::Relaxed), 3);
    }
}
