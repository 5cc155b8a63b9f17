//! The thread that owns the engine for a session: loads it once, then transcribes piece after piece while the candidate still speaks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use super::vocabulary::Vocabulary;
use super::{Draft, Recogniser, TranscribeError, Transcript};
use crate::sound::{Piece, Profile};
use crate::stop::Stop;

/// What the worker tells.
#[derive(Debug)]
pub enum WorkerEvent {
    /// The model is loaded and warm.
    Ready,
    /// The words of a take, or why there are none. Comes once after each [`Worker::finish`].
    Transcribed(Result<Transcript, TranscribeError>),
    /// The model could not be loaded; nothing follows.
    Unusable(TranscribeError),
}

enum Job {
    Begin(Vocabulary),
    Piece(Piece),
    Finish(Profile),
}

/// Dropping it stops the engine in the middle of what it does, and gives its memory back.
pub struct Worker {
    jobs: Option<Sender<Job>>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Loads an engine on a thread of its own, until it is stopped. `tell` is called there.
    pub fn start<L>(load: L, mut tell: impl FnMut(WorkerEvent) + Send + 'static) -> Self
    where
        L: FnOnce(&Stop) -> Result<Box<dyn Recogniser>, TranscribeError> + Send + 'static,
    {
        let (jobs, received) = mpsc::channel::<Job>();
        let stop = Stop::default();
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            let mut recogniser = match load(&stopped) {
                Ok(recogniser) => recogniser,
                Err(e) => return tell(WorkerEvent::Unusable(e)),
            };
            tell(WorkerEvent::Ready);
            let (mut draft, mut vocabulary) = (Ok(Draft::default()), Vocabulary::default());
            for job in received {
                if stopped.is_raised() {
                    break;
                }
                match job {
                    Job::Begin(words) => (draft, vocabulary) = (Ok(Draft::default()), words),
                    Job::Piece(piece) => {
                        // the candidate waits for an answer, whatever happens here
                        draft = draft.and_then(|mut draft| {
                            let caught = catch_unwind(AssertUnwindSafe(|| recogniser.recognise(&piece, &stopped)));
                            draft.add(caught.unwrap_or_else(|_| Err(broken()))?);
                            Ok(draft)
                        });
                    }
                    Job::Finish(profile) => {
                        let whole = std::mem::replace(&mut draft, Ok(Draft::default()));
                        let made = catch_unwind(AssertUnwindSafe(|| whole.map(|d| d.finish(recogniser.engine(), &profile, &vocabulary))));
                        tell(WorkerEvent::Transcribed(made.unwrap_or_else(|_| Err(broken()))));
                    }
                }
            }
        });
        Self { jobs: Some(jobs), stop, thread: Some(thread) }
    }

    /// A take begins; what was left of another one is forgotten. Its words are corrected by this vocabulary.
    pub fn begin(&self, vocabulary: Vocabulary) {
        self.send(Job::Begin(vocabulary));
    }

    /// Transcribes the next piece of the take when those before it are done.
    pub fn piece(&self, piece: Piece) {
        self.send(Job::Piece(piece));
    }

    /// The take is over; [`WorkerEvent::Transcribed`] follows.
    pub fn finish(&self, profile: Profile) {
        self.send(Job::Finish(profile));
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // a worker that could not load its model has said so
            let _ = jobs.send(job);
        }
    }
}

fn broken() -> TranscribeError {
    TranscribeError::Engine("the program broke down over them".to_owned())
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
