//! The conductor: asks, listens, drives the stations, keeps everything. One `select!`, no work while a take is recorded.
//!
//! Threads do the work (the voice, the recorder, the engine, the keyboard) and put what happens into one inbox. The conductor takes it out,
//! decides what comes next, writes files in the order in which a crash loses least, and tells the audience.

mod inbox;
mod rate;
mod take;

use std::sync::{Arc, mpsc as thread_channel};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use inbox::{Key, Line, Signal};
use rate::Rating;

use crate::capture::{CaptureError, Microphone};
use crate::event::{Audience, Event};
use crate::measure::Delivery;
use crate::question::Question;
use crate::question::style::{self, After};
use crate::score::Scorer;
use crate::speak::{Speaker, Voice};
use crate::stop::Stop;
use crate::store::{Session, StoreError};
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::worker::{Worker, WorkerEvent};
use crate::transcribe::{Recogniser, TranscribeError};

pub use take::finish;

/// How the interview is to go.
#[allow(clippy::struct_excessive_bools)] // each a wish of its own
pub struct Plan {
    pub questions: Vec<Planned>,
    /// Before each answer; zero for none.
    pub think: Duration,
    /// The whole session: no question is begun that could end later.
    pub whole: Option<Duration>,
    /// No new question of which an answer of a good length would end later than this.
    pub minutes: Option<u64>,
    /// Whether an important point that was not heard is asked for, once a question.
    pub follow_ups: bool,
    pub after: After,
    /// Whether the candidate rates each answer before its report is shown.
    pub rate: bool,
    /// The candidate's own words, and those of the question and role.
    pub vocabulary: Vocabulary,
    pub delivery: Delivery,
    /// What answers are judged with.
    pub scorer: Arc<Scorer>,
    /// Whether somebody is at the keyboard to say what comes next. Recorded answers go on by themselves.
    pub attended: bool,
    pub demonstration: bool,
}

/// A question and the longest answer to it.
pub struct Planned {
    pub question: Question,
    pub limit: Duration,
}

/// Gives the microphone for question `number` (from 1).
pub type MicrophoneFor<'a> = Box<dyn FnMut(usize) -> Result<Box<dyn Microphone>, CaptureError> + 'a>;

/// Loads the engine, on a thread of its own, until it is stopped.
pub type LoadEngine = Box<dyn FnOnce(&Stop) -> Result<Box<dyn Recogniser>, TranscribeError> + Send>;

/// Who and what takes part.
pub struct Cast<'a> {
    /// None: the question is shown and a chime sounds.
    pub voice: Option<Box<dyn Voice>>,
    pub speaker: Box<dyn Speaker>,
    pub microphone: MicrophoneFor<'a>,
    pub load_engine: LoadEngine,
    pub audience: Vec<Box<dyn Audience + 'a>>,
}

/// How the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Takes on disk.
    pub answers: usize,
    /// Something was recorded that has no report.
    pub unfinished: bool,
    /// The candidate left with Ctrl-C.
    pub interrupted: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum InterviewError {
    #[error(transparent)]
    Engine(#[from] TranscribeError),
    #[error(transparent)]
    Capture(#[from] CaptureError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the program could not start its event loop ({0})")]
    Runtime(#[from] std::io::Error),
}

/// Runs the interview to its end. Blocks.
///
/// # Errors
/// What makes going on impossible: no model, no microphone before the first answer, a disk that cannot be written. What was recorded
/// before stays.
pub fn conduct(plan: Plan, cast: Cast<'_>, session: &Session) -> Result<Outcome, InterviewError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let (sender, inbox) = unbounded_channel();
        inbox::watch_signals(&sender)?;
        inbox::read_keys(sender.clone());
        let mut conductor = Conductor::new(plan, cast, session, sender, inbox);
        conductor.interview().await
    });
    // the thread that reads the keyboard may wait for ever in a read
    runtime.shutdown_background();
    outcome
}

/// Where a take goes from here.
enum Next {
    Question,
    Again,
    End,
}

struct Conductor<'a> {
    plan: Plan,
    session: &'a Session,
    audience: Vec<Box<dyn Audience + 'a>>,
    microphone: MicrophoneFor<'a>,
    has_voice: bool,
    lines: thread_channel::Sender<Line>,
    /// Of the line that was said last.
    line_number: u64,
    worker: Worker,
    sender: UnboundedSender<Signal>,
    inbox: UnboundedReceiver<Signal>,
    /// Ctrl-C since the last key.
    interrupts: u32,
    leaving: bool,
    keyboard_closed: bool,
    /// The candidate's rating of the take at hand.
    rating: Rating,
    outcome: Outcome,
}

impl<'a> Conductor<'a> {
    fn new(plan: Plan, cast: Cast<'a>, session: &'a Session, sender: UnboundedSender<Signal>, inbox: UnboundedReceiver<Signal>) -> Self {
        let to_inbox = sender.clone();
        let worker = Worker::start(cast.load_engine, move |e| {
            // an interview that is over needs no more words
            let _ = to_inbox.send(Signal::Worker(e));
        });
        Self {
            plan,
            session,
            audience: cast.audience,
            microphone: cast.microphone,
            has_voice: cast.voice.is_some(),
            lines: inbox::start_speaking(cast.voice, cast.speaker, sender.clone()),
            line_number: 0,
            worker,
            sender,
            inbox,
            interrupts: 0,
            leaving: false,
            keyboard_closed: false,
            rating: Rating::NotAsked,
            outcome: Outcome { answers: 0, unfinished: false, interrupted: false },
        }
    }

    fn tell(&mut self, event: &Event) {
        for listener in &mut self.audience {
            listener.hear(event);
        }
    }

    /// The next thing that happens; [`Signal::Deadline`] once the given time has come. Counts interrupts on the way.
    async fn next(&mut self, deadline: Option<Instant>) -> Signal {
        let until = deadline.unwrap_or_else(|| Instant::now() + Duration::from_secs(86_400));
        let signal = tokio::select! {
            biased;
            Some(signal) = self.inbox.recv() => signal,
            () = tokio::time::sleep_until(until) => Signal::Deadline,
        };
        match signal {
            Signal::Key(Key::Closed) => self.keyboard_closed = true,
            Signal::Key(_) => self.interrupts = 0,
            Signal::Interrupt => {
                self.interrupts += 1;
                self.leaving |= self.interrupts >= 2;
            }
            Signal::Leave => self.leaving = true,
            _ => {}
        }
        signal
    }

    async fn interview(&mut self) -> Result<Outcome, InterviewError> {
        let session = self.session;
        self.tell(&Event::Started { folder: &session.folder, model: &session.record.engine.model });
        self.wait_for_engine().await?;
        let begun = Instant::now();
        let questions = std::mem::take(&mut self.plan.questions);
        'questions: for (i, planned) in questions.iter().enumerate() {
            loop {
                if self.leaving {
                    break 'questions;
                }
                let taken = self.take(i + 1, questions.len(), planned, begun).await?;
                let next = questions.get(i + 1);
                let last = next.is_none_or(|next| !self.fits(next, begun));
                match self.choice(last, taken).await {
                    Next::Again => {}
                    // asked once more: the candidate may have pondered for a while
                    Next::Question if next.is_none_or(|next| self.fits(next, begun)) => break,
                    Next::Question => {
                        self.tell(&Event::OutOfTime { minutes: self.minutes() });
                        break 'questions;
                    }
                    Next::End => break 'questions,
                }
            }
        }
        self.outcome.interrupted = self.leaving;
        let answers = self.outcome.answers;
        self.tell(&Event::Finished { folder: &session.folder, answers });
        Ok(self.outcome)
    }

    /// Whether a further question still fits into the session's time. The first is always asked.
    fn fits(&self, next: &Planned, begun: Instant) -> bool {
        let good = Duration::from_secs(next.question.seconds.into()).min(next.limit) + self.plan.think;
        let longest = Duration::from_secs(style::longest(next.limit.as_secs(), self.plan.think.as_secs(), self.plan.follow_ups));
        self.plan.minutes.is_none_or(|minutes| begun.elapsed() + good <= Duration::from_secs(minutes * 60))
            && self.plan.whole.is_none_or(|whole| begun.elapsed() + longest <= whole)
    }

    /// The time that the session may take, in minutes.
    fn minutes(&self) -> u64 {
        let whole = self.plan.whole.map(|w| w.as_secs() / 60);
        whole.into_iter().chain(self.plan.minutes).min().unwrap_or_default()
    }

    async fn wait_for_engine(&mut self) -> Result<(), InterviewError> {
        loop {
            match self.next(None).await {
                Signal::Worker(WorkerEvent::Ready) => break,
                Signal::Worker(WorkerEvent::Unusable(e)) => return Err(e.into()),
                _ if self.leaving => return Ok(()),
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
        self.tell(&Event::Ready);
        Ok(())
    }

    /// Asks what comes next. With nobody to ask, the next question comes. Where nothing was `taken`, the candidate may try again whatever the style.
    async fn choice(&mut self, last: bool, taken: bool) -> Next {
        if self.leaving {
            return Next::End;
        }
        let after = if taken { self.plan.after } else { After::Offer };
        if !self.plan.attended || self.keyboard_closed || after == After::GoOn {
            return Next::Question;
        }
        self.tell(&Event::Choice { last, after });
        loop {
            match self.next(None).await {
                Signal::Key(Key::Enter) if after == After::Repeat => return Next::Again,
                Signal::Key(Key::Enter | Key::Closed) => return Next::Question,
                Signal::Key(Key::Again) if after != After::Wait => return Next::Again,
                // a slip must not end the interview: ask once more
                Signal::Key(Key::Other | Key::Band(_) | Key::Again) => self.tell(&Event::Choice { last, after }),
                Signal::Key(Key::Quit) => return Next::End,
                _ if self.leaving => return Next::End,
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
    }
}
