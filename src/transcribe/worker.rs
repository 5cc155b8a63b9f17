//! The thread that owns the engine for a session: loads it once, then transcribes one clip after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use super::{TranscribeError, Transcriber, Transcript};
use crate::sound::source;
use crate::stop::Stop;

/// What the worker tells.
#[derive(Debug)]
pub enum WorkerEvent {
    /// The model is loaded and warm.
    Ready,
    /// The words of a recording, or why there are none.
    Transcribed(Result<Transcript, TranscribeError>),
    /// The model could not be loaded; nothing follows.
    Unusable(TranscribeError),
}

/// Dropping it stops the engine in the middle of what it does, and gives its memory back.
pub struct Worker {
    jobs: Option<Sender<PathBuf>>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Loads an engine on a thread of its own. `tell` is called there.
    pub fn start<L>(load: L, mut tell: impl FnMut(WorkerEvent) + Send + 'static) -> Self
    where
        L: FnOnce() -> Result<Box<dyn Transcriber>, TranscribeError> + Send + 'static,
    {
        let (jobs, received) = mpsc::channel::<PathBuf>();
        let stop = Stop::default();
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            let mut transcriber = match load() {
                Ok(transcriber) => transcriber,
                Err(e) => return tell(WorkerEvent::Unusable(e)),
            };
            tell(WorkerEvent::Ready);
            for path in received {
                if stopped.is_raised() {
                    break;
                }
                // from the file on disk, not from memory: what is transcribed is what is kept
                let clip = source::read_take(&path).map_err(|e| TranscribeError::Engine(e.to_string()));
                let words = clip.and_then(|c| {
                    // the candidate waits for an answer, whatever happens here
                    let caught = catch_unwind(AssertUnwindSafe(|| transcriber.transcribe(&c, &stopped)));
                    caught.unwrap_or_else(|_| Err(TranscribeError::Engine("the engine broke down".to_owned())))
                });
                tell(WorkerEvent::Transcribed(words));
            }
        });
        Self { jobs: Some(jobs), stop, thread: Some(thread) }
    }

    /// Transcribes this recording when those before it are done.
    pub fn transcribe(&self, recording: PathBuf) {
        if let Some(jobs) = &self.jobs {
            // a worker that could not load its model has said so
            let _ = jobs.send(recording);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.raise();
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // a panic there has been printed
            let _ = thread.join();
        }
    }
}
