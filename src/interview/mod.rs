//! The conductor: asks, listens, drives the stations, keeps everything. One `select!`, no work while a take is recorded.
//!
//! Threads do the work (the voice, the recorder, the engine, the keyboard) and put what happens into one inbox. The conductor takes it out,
//! decides what comes next, writes files in the order in which a crash loses least, and tells the audience.

mod inbox;

use std::sync::mpsc as thread_channel;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use inbox::{Key, Line, Signal};

use crate::capture::recorder::{PRE_ROLL, Recorder, RecorderEvent};
use crate::capture::{Capture, CaptureError, EndReason, Microphone};
use crate::event::{Audience, Event, Reported};
use crate::question::Question;
use crate::report::{self, Report};
use crate::sound::wav::{self, WavError};
use crate::speak::{Speaker, Voice};
use crate::stop::Stop;
use crate::store::{AnswerFiles, Session, StoreError, write_json};
use crate::transcribe::worker::{Worker, WorkerEvent};
use crate::transcribe::{TranscribeError, Transcriber, Transcript};

/// How the interview is to go.
pub struct Plan {
    pub questions: Vec<Question>,
    /// Before each answer; zero for none.
    pub think: Duration,
    /// Longest answer.
    pub limit: Duration,
    /// No new question after this.
    pub minutes: Option<u64>,
    /// Whether somebody is at the keyboard to say what comes next. Recorded answers go on by themselves.
    pub attended: bool,
    pub demonstration: bool,
}

/// Gives the microphone for question `number` (from 1).
pub type MicrophoneFor<'a> = Box<dyn FnMut(usize) -> Result<Box<dyn Microphone>, CaptureError> + 'a>;

/// Who and what takes part.
pub struct Cast<'a> {
    /// None: the question is shown and a chime sounds.
    pub voice: Option<Box<dyn Voice>>,
    pub speaker: Box<dyn Speaker>,
    pub microphone: MicrophoneFor<'a>,
    pub load_engine: Box<dyn FnOnce() -> Result<Box<dyn Transcriber>, TranscribeError> + Send>,
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
    #[error(transparent)]
    Recording(#[from] WavError),
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

/// How long a voice may go on after it was told to stop.
const STOPPING: Duration = Duration::from_secs(3);

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
        'questions: for (i, question) in questions.iter().enumerate() {
            loop {
                if self.leaving {
                    break 'questions;
                }
                self.take(i + 1, questions.len(), question).await?;
                let next = questions.get(i + 1);
                let fits = next.is_none_or(|q| self.fits(q, begun));
                match self.choice(next.is_none() || !fits).await {
                    Next::Again => {}
                    Next::Question if fits => break,
                    Next::Question => {
                        self.tell(&Event::OutOfTime { minutes: self.plan.minutes.unwrap_or_default() });
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

    /// Whether an answer of a good length still fits into the session's time. The first question is always asked.
    fn fits(&self, question: &Question, begun: Instant) -> bool {
        let needed = Duration::from_secs(question.seconds.into()).min(self.plan.limit) + self.plan.think;
        self.plan.minutes.is_none_or(|minutes| begun.elapsed() + needed <= Duration::from_secs(minutes * 60))
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

    /// One take of one question, from reading it to its report.
    async fn take(&mut self, number: usize, of: usize, question: &Question) -> Result<(), InterviewError> {
        let files = self.session.next_take(number, question)?;
        self.tell(&Event::Asking { number, of, take: files.take, question });
        // opened while the question is read: a microphone that needs to wake is awake when the answer begins
        let microphone = match (self.microphone)(number) {
            Ok(microphone) => microphone,
            Err(e) => return self.not_recorded(e),
        };
        let to_inbox = self.sender.clone();
        let recorder = Recorder::open(microphone, move |e| {
            // an interview that is over hears nothing more
            let _ = to_inbox.send(Signal::Recorder(e));
        });
        if let Some(failed) = self.read_aloud(question).await {
            return self.not_recorded(failed);
        }
        if let Some(failed) = self.think().await {
            return self.not_recorded(failed);
        }
        if self.leaving {
            return Ok(());
        }
        match self.record(&recorder, &files).await {
            Ok(capture) => {
                drop(recorder);
                self.keep(number, question, &files, capture).await;
                Ok(())
            }
            Err(e) => self.not_recorded(e),
        }
    }

    /// Before the first answer a microphone that cannot be used is a set-up error; later the candidate may try again.
    fn not_recorded(&mut self, error: CaptureError) -> Result<(), InterviewError> {
        if self.outcome.answers == 0 || !self.plan.attended {
            return Err(error.into());
        }
        self.outcome.unfinished = true;
        self.tell(&Event::NotRecorded { reason: error.to_string() });
        Ok(())
    }

    /// Reads the question. Enter or Ctrl-C skips to its end. Returns why the microphone failed meanwhile, if it did.
    async fn read_aloud(&mut self, question: &Question) -> Option<CaptureError> {
        let stop = Stop::default();
        self.line_number += 1;
        let number = self.line_number;
        let line = Line { number, text: self.has_voice.then(|| question.text.clone()), stop: stop.clone() };
        if self.lines.send(line).is_err() {
            // the voice's thread has broken down, which has been printed; the question is on the screen
            return None;
        }
        let mut failed = None;
        // once it is told to stop, it has a moment; a loudspeaker that hangs must not hold up the interview
        let mut patience = None;
        loop {
            if stop.is_raised() && patience.is_none() {
                patience = Some(Instant::now() + STOPPING);
            }
            match self.next(patience).await {
                Signal::Deadline => return failed,
                Signal::Spoken(of, result) if of == number => {
                    if let Err(e) = result {
                        self.tell(&Event::VoiceFailed { reason: e.to_string() });
                    }
                    return failed;
                }
                Signal::Key(Key::Enter) => stop.raise(),
                Signal::Interrupt | Signal::Leave => {
                    stop.raise();
                    if !self.leaving {
                        self.tell(&Event::InterruptedOnce);
                    }
                }
                Signal::Recorder(RecorderEvent::Failed(e)) => {
                    stop.raise();
                    failed = Some(e);
                }
                _ => {}
            }
        }
    }

    /// Time to think, which Enter ends early; then the room goes quiet, so that the sound from before the start that belongs to the answer
    /// does not hold the end of the question.
    async fn think(&mut self) -> Option<CaptureError> {
        if !self.plan.think.is_zero() {
            self.tell(&Event::Thinking { seconds: self.plan.think.as_secs() });
            if let Some(failed) = self.wait(self.plan.think, true).await {
                return Some(failed);
            }
        }
        let quiet = if self.plan.attended { PRE_ROLL.0 } else { 0 };
        self.wait(Duration::from_millis(quiet), false).await
    }

    /// Lets this time pass, or until Enter where that may end it. Returns why the microphone failed meanwhile, if it did.
    async fn wait(&mut self, time: Duration, until_enter: bool) -> Option<CaptureError> {
        let deadline = Instant::now() + time;
        loop {
            match self.next(Some(deadline)).await {
                Signal::Deadline => return None,
                Signal::Key(Key::Enter) if until_enter => return None,
                Signal::Recorder(RecorderEvent::Failed(e)) => return Some(e),
                _ if self.leaving => return None,
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
    }

    /// Records until the candidate ends the answer, the limit comes, or the microphone is lost. The take is whole on return.
    async fn record(&mut self, recorder: &Recorder, files: &AnswerFiles) -> Result<Capture, CaptureError> {
        recorder.begin(&files.sound());
        let (mut limit, mut rate, mut listening) = (None, 0, false);
        loop {
            match self.next(limit).await {
                Signal::Recorder(RecorderEvent::Listening { rate: of_device }) => {
                    (rate, listening) = (of_device, true);
                    limit = Some(Instant::now() + self.plan.limit);
                    let limit = self.plan.limit.into();
                    self.tell(&Event::Listening { limit });
                }
                Signal::Recorder(RecorderEvent::Level { peak, elapsed }) => self.tell(&Event::Level { peak, elapsed }),
                Signal::Recorder(RecorderEvent::OnlyZeros) => self.tell(&Event::OnlyZeros),
                Signal::Recorder(RecorderEvent::Lost(loss)) => self.tell(&Event::Lost { loss, rate }),
                Signal::Recorder(RecorderEvent::Finished(capture)) => return Ok(capture),
                Signal::Recorder(RecorderEvent::Failed(e)) => return Err(e),
                // an Enter from before "your turn" was meant for the question
                Signal::Key(Key::Enter | Key::Again | Key::Quit | Key::Other) if listening => recorder.end(EndReason::Candidate),
                Signal::Interrupt | Signal::Leave => recorder.end(EndReason::Interrupted),
                Signal::Deadline => {
                    limit = None;
                    recorder.end(EndReason::Limit);
                }
                _ => {}
            }
        }
    }

    /// What comes after the recording: its facts, its words, its report, each on disk before the next.
    async fn keep(&mut self, number: usize, question: &Question, files: &AnswerFiles, capture: Capture) {
        self.outcome.answers += 1;
        self.tell(&Event::Ended { end: capture.end, duration: capture.duration, sound: files.sound() });
        if let Err(e) = write_json(&files.capture(), &capture) {
            self.not_finished(e.to_string());
            return;
        }
        if self.leaving {
            self.outcome.unfinished = true;
            return;
        }
        self.tell(&Event::Transcribing);
        self.worker.transcribe(files.sound());
        let words = loop {
            match self.next(None).await {
                Signal::Worker(WorkerEvent::Transcribed(words)) => break words,
                _ if self.leaving => break Err(TranscribeError::Stopped),
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        };
        match words.map_err(InterviewError::from).and_then(|t| Ok((finish(files, question, &t, self.plan.demonstration)?, t))) {
            Ok((report, transcript)) => {
                self.tell(&Event::Reported(Reported { number, question, capture: &capture, transcript: &transcript, report: &report }));
            }
            Err(e) => self.not_finished(e.to_string()),
        }
    }

    /// The recording is safe; what comes after it can be made up for later.
    fn not_finished(&mut self, reason: String) {
        self.outcome.unfinished = true;
        self.tell(&Event::NotFinished { reason });
    }

    /// Asks what comes next. With nobody to ask, the next question comes.
    async fn choice(&mut self, last: bool) -> Next {
        if self.leaving {
            return Next::End;
        }
        if !self.plan.attended || self.keyboard_closed {
            return Next::Question;
        }
        self.tell(&Event::Choice { last });
        loop {
            match self.next(None).await {
                Signal::Key(Key::Enter | Key::Closed) => return Next::Question,
                Signal::Key(Key::Again) => return Next::Again,
                // a slip must not end the interview: ask once more
                Signal::Key(Key::Other) => self.tell(&Event::Choice { last }),
                Signal::Key(Key::Quit) => return Next::End,
                _ if self.leaving => return Next::End,
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
    }
}

/// Keeps a transcript and makes the report of its take.
///
/// # Errors
/// The sound cannot be read, or a file not written.
pub fn finish(files: &AnswerFiles, question: &Question, transcript: &Transcript, demonstration: bool) -> Result<Report, InterviewError> {
    write_json(&files.transcript(), transcript)?;
    let clip = wav::read_take(&files.sound())?;
    let report = report::make(&clip, transcript, Some(question), demonstration);
    write_json(&files.report(), &report)?;
    Ok(report)
}
