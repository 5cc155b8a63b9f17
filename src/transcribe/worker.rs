//! The thread that owns the engine for a session: loads it once, then transcribes piece after piece while the candidate still speaks, and in a
//! pause what the next piece will be if nothing more is said.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use super::vocabulary::Vocabulary;
use super::{Draft, Recogniser, Segment, TranscribeError, Transcript};
use crate::sound::{Piece, Profile, Span};
use crate::stop::Stop;

/// Only an engine whose look takes less than this transcribes ahead: what turns out to be for nothing must not be waited for when the answer ends.
const AHEAD: Duration = Duration::from_secs(1);

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
    /// Raised when the piece has become another one.
    Perhaps(Piece, Stop),
    Finish(Profile),
}

/// Dropping it stops the engine in the middle of what it does, and gives its memory back.
pub struct Worker {
    jobs: Option<Sender<Job>>,
    stop: Stop,
    /// What was last handed over to be transcribed ahead, until the next piece tells whether it was for nothing.
    ahead: Option<(Span, Stop)>,
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
            let engine = recogniser.engine().clone();
            let looks_ahead = recogniser.glance() < AHEAD;
            // the candidate waits for an answer, whatever happens in there
            let mut recognise =
                |piece: &Piece, stop: &Stop| catch_unwind(AssertUnwindSafe(|| recogniser.recognise(piece, stop))).unwrap_or_else(|_| Err(broken()));
            let mut ahead: Option<(Span, Result<Vec<Segment>, TranscribeError>)> = None;
            for job in received {
                if stopped.is_raised() {
                    break;
                }
                match job {
                    Job::Begin(words) => (draft, vocabulary, ahead) = (Ok(Draft::default()), words, None),
                    Job::Piece(piece) => {
                        let done = ahead.take().filter(|(span, _)| *span == piece.span);
                        draft = draft.and_then(|mut draft| {
                            draft.add(done.map_or_else(|| recognise(&piece, &stopped), |(_, words)| words)?);
                            Ok(draft)
                        });
                    }
                    Job::Perhaps(piece, superseded) => {
                        // of a take that has failed nothing more is wanted
                        if looks_ahead && draft.is_ok() && !superseded.is_raised() {
                            ahead = Some((piece.span, recognise(&piece, &superseded)));
                        }
                    }
                    Job::Finish(profile) => {
                        let whole = std::mem::replace(&mut draft, Ok(Draft::default()));
                        let made = catch_unwind(AssertUnwindSafe(|| whole.map(|d| d.finish(&engine, &profile, &vocabulary))));
                        tell(WorkerEvent::Transcribed(made.unwrap_or_else(|_| Err(broken()))));
                    }
                }
            }
        });
        Self { jobs: Some(jobs), stop, ahead: None, thread: Some(thread) }
    }

    /// A take begins; what was left of another one is forgotten. Its words are corrected by this vocabulary.
    pub fn begin(&mut self, vocabulary: Vocabulary) {
        self.supersede(None);
        self.send(Job::Begin(vocabulary));
    }

    /// Transcribes the next piece of the take when those before it are done.
    pub fn piece(&mut self, piece: Piece) {
        self.supersede(Some(piece.span));
        self.send(Job::Piece(piece));
    }

    /// Transcribes what may become the next piece, so that its words are there when it does; a piece of another span ends that at once.
    pub fn perhaps(&mut self, piece: Piece) {
        self.supersede(Some(piece.span));
        let stop = self.stop.part();
        self.ahead = Some((piece.span, stop.clone()));
        self.send(Job::Perhaps(piece, stop));
    }

    /// The take is over; [`WorkerEvent::Transcribed`] follows.
    pub fn finish(&self, profile: Profile) {
        self.send(Job::Finish(profile));
    }

    /// Ends what is done ahead unless it is this.
    fn supersede(&mut self, by: Option<Span>) {
        if let Some((_, stop)) = self.ahead.take().filter(|(span, _)| by != Some(*span)) {
            stop.raise();
        }
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::{Engine, Word};
    use super::*;
    use crate::sound::Millis;

    /// Writes one word a piece, the time of its end; works at a piece that ends at 999 until it is told to stop.
    struct Clockwork(Engine, Arc<Mutex<Vec<Span>>>);

    impl Recogniser for Clockwork {
        fn engine(&self) -> &Engine {
            &self.0
        }
        fn recognise(&mut self, piece: &Piece, stop: &Stop) -> Result<Vec<Segment>, TranscribeError> {
            self.1.lock().unwrap().push(piece.span);
            while piece.span.end == Millis(999) && !stop.is_raised() {
                std::thread::sleep(Duration::from_millis(1));
            }
            if stop.is_raised() {
                return Err(TranscribeError::Stopped);
            }
            let words = vec![Word::new(&piece.span.end.0.to_string(), piece.span, 1.0)];
            Ok(vec![Segment { words, mean_log_probability: 0.0 }])
        }
        fn engine_time(&self) -> Duration {
            Duration::ZERO
        }
        fn glance(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn piece(start: u64, end: u64) -> Piece {
        Piece { span: Span::new(start, end), samples: Vec::new() }
    }

    fn clockwork() -> (Clockwork, Arc<Mutex<Vec<Span>>>) {
        let engine = Engine { model: "clockwork".into(), sha256: None, demo: false, prompt: None };
        let asked = Arc::new(Mutex::new(Vec::new()));
        (Clockwork(engine, Arc::clone(&asked)), asked)
    }

    #[test]
    fn whoever_leaves_waits_for_nothing_that_is_done_ahead() {
        let (recogniser, asked) = clockwork();
        let mut worker = Worker::start(|_| Ok(Box::new(recogniser)), |_| ());
        worker.begin(Vocabulary::default());
        worker.perhaps(piece(0, 999));
        // it has become the piece, and would never be done
        worker.piece(piece(0, 999));
        while asked.lock().unwrap().is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(worker);
        assert_eq!(asked.lock().unwrap().len(), 1);
    }

    #[test]
    fn what_was_transcribed_ahead_is_not_done_again_and_what_became_another_piece_is_dropped() {
        let ((recogniser, asked), (told, events)) = (clockwork(), mpsc::channel());
        let mut worker = Worker::start(|_| Ok(Box::new(recogniser)), move |event| told.send(event).unwrap());
        worker.begin(Vocabulary::default());
        // speech goes on after a pause: its piece would never be done
        worker.perhaps(piece(0, 999));
        worker.perhaps(piece(0, 1_500));
        worker.piece(piece(0, 1_500));
        worker.perhaps(piece(2_000, 2_500));
        worker.piece(piece(2_000, 3_000));
        worker.finish(Profile { duration: Millis(3_000), ..Profile::default() });
        let words = loop {
            match events.recv().unwrap() {
                WorkerEvent::Transcribed(transcript) => break transcript.unwrap().words,
                WorkerEvent::Ready => {}
                WorkerEvent::Unusable(e) => panic!("{e}"),
            }
        };
        assert_eq!(words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["1500", "3000"]);
        let asked = asked.lock().unwrap();
        assert_eq!(asked.iter().filter(|s| **s == Span::new(0, 1_500)).count(), 1, "{asked:?}");
        assert_eq!(asked.last(), Some(&Span::new(2_000, 3_000)));
    }
}
