//! The conductor: asks, listens, drives the stations, keeps everything. One loop, one `select!`, no work of its own.
//!
//! Threads do the work (the voice, the recorder, the engine, the keyboard) and put what happens into one inbox. The conductor takes it out,
//! decides what comes next, writes files in the order in which a crash loses least, and tells the audience.

use std::io::BufRead;
use std::sync::mpsc as thread_channel;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use crate::capture::recorder::{Recorder, RecorderEvent};
use crate::capture::{Capture, CaptureError, EndReason, Microphone};
use crate::event::{Audience, Event, Reported};
use crate::question::Question;
use crate::report::{self, Report};
use crate::sound::Clip;
use crate::sound::wav::{self, WavError};
use crate::speak::{SpeakError, Speaker, Voice, chime};
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

/// What arrives in the inbox.
enum Signal {
    Key(Key),
    /// Ctrl-C.
    Interrupt,
    /// The terminal was closed, or the system asks the program to end.
    Leave,
    Recorder(RecorderEvent),
    Worker(WorkerEvent),
    Spoken(Result<(), SpeakError>),
    /// The time that was waited for has come.
    Deadline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Enter,
    Again,
    Quit,
    /// Nobody is at the keyboard any more.
    Closed,
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
        watch_signals(&sender)?;
        read_keys(sender.clone());
        let mut conductor = Conductor::new(plan, cast, session, sender, inbox);
        conductor.interview().await
    });
    // the thread that reads the keyboard may wait for ever in a read
    runtime.shutdown_background();
    outcome
}

fn watch_signals(inbox: &UnboundedSender<Signal>) -> std::io::Result<()> {
    let sender = inbox.clone();
    tokio::spawn(async move { while tokio::signal::ctrl_c().await.is_ok() && sender.send(Signal::Interrupt).is_ok() {} });
    #[cfg(unix)]
    for kind in [tokio::signal::unix::SignalKind::hangup(), tokio::signal::unix::SignalKind::terminate()] {
        let (sender, mut stream) = (inbox.clone(), tokio::signal::unix::signal(kind)?);
        tokio::spawn(async move { while stream.recv().await.is_some() && sender.send(Signal::Leave).is_ok() {} });
    }
    Ok(())
}

/// Keys come as lines, so that the terminal needs no special mode and a pipe works as well.
fn read_keys(inbox: UnboundedSender<Signal>) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let key = match line.as_deref().map(str::trim) {
                Ok("a" | "A" | "again") => Key::Again,
                Ok("q" | "Q" | "quit") => Key::Quit,
                Ok(_) => Key::Enter,
                Err(_) => break,
            };
            if inbox.send(Signal::Key(key)).is_err() {
                return;
            }
        }
        // nobody listens any more when the interview is over
        let _ = inbox.send(Signal::Key(Key::Closed));
    });
}

/// What to say next: a text for the voice, or the chime.
type Line = Option<String>;

/// The thread that renders and plays. Returns where to put lines; each is answered by a [`Signal::Spoken`].
fn start_speaking(
    voice: Option<Box<dyn Voice>>,
    mut speaker: Box<dyn Speaker>,
    inbox: UnboundedSender<Signal>,
) -> thread_channel::Sender<(Line, Stop)> {
    let (sender, lines) = thread_channel::channel::<(Line, Stop)>();
    std::thread::spawn(move || {
        for (line, stop) in lines {
            let clip: Result<Clip, SpeakError> = match (&voice, line) {
                (Some(voice), Some(text)) => voice.render(&text),
                _ => Ok(chime::chime()),
            };
            if inbox.send(Signal::Spoken(clip.and_then(|c| speaker.play(&c, &stop)))).is_err() {
                return;
            }
        }
    });
    sender
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
    lines: thread_channel::Sender<(Line, Stop)>,
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
            lines: start_speaking(cast.voice, cast.speaker, sender.clone()),
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
            if let Some(minutes) = self.plan.minutes {
                // a question is only begun where an answer of a good length still fits
                let needed = Duration::from_secs(u64::from(question.seconds));
                if i > 0 && begun.elapsed() + needed > Duration::from_secs(minutes * 60) {
                    self.tell(&Event::OutOfTime { minutes });
                    break;
                }
            }
            loop {
                if self.leaving {
                    break 'questions;
                }
                self.take(i + 1, questions.len(), question).await?;
                match self.choice(i + 1 == questions.len()).await {
                    Next::Question => break,
                    Next::Again => {}
                    Next::End => break 'questions,
                }
            }
        }
        self.outcome.interrupted = self.leaving;
        let answers = self.outcome.answers;
        self.tell(&Event::Finished { folder: &session.folder, answers });
        Ok(self.outcome)
    }

    async fn wait_for_engine(&mut self) -> Result<(), InterviewError> {
        loop {
            match self.next(None).await {
                Signal::Worker(WorkerEvent::Ready) => break,
                Signal::Worker(WorkerEvent::Unusable(e)) => return Err(e.into()),
                _ if self.leaving => return Ok(()),
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
        let microphone = (self.microphone)(number)?;
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
                self.keep(number, question, &files, capture).await
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
        // a loudspeaker thread that has ended can only have ended with the interview
        let _ = self.lines.send((self.has_voice.then(|| question.text.clone()), stop.clone()));
        let mut failed = None;
        loop {
            match self.next(None).await {
                Signal::Spoken(result) => {
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

    /// Time to think; Enter ends it early.
    async fn think(&mut self) -> Option<CaptureError> {
        if self.plan.think.is_zero() || self.leaving {
            return None;
        }
        self.tell(&Event::Thinking { seconds: self.plan.think.as_secs() });
        let deadline = Instant::now() + self.plan.think;
        loop {
            match self.next(Some(deadline)).await {
                Signal::Deadline | Signal::Key(Key::Enter) => return None,
                Signal::Recorder(RecorderEvent::Failed(e)) => return Some(e),
                _ if self.leaving => return None,
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
    }

    /// Records until the candidate ends the answer, the limit comes, or the microphone is lost. The take is whole on return.
    async fn record(&mut self, recorder: &Recorder, files: &AnswerFiles) -> Result<Capture, CaptureError> {
        self.interrupts = 0;
        recorder.begin(&files.sound());
        let (mut limit, mut rate) = (None, 0);
        loop {
            match self.next(limit).await {
                Signal::Recorder(RecorderEvent::Listening { rate: of_device }) => {
                    rate = of_device;
                    limit = Some(Instant::now() + self.plan.limit);
                    let limit = self.plan.limit.into();
                    self.tell(&Event::Listening { limit });
                }
                Signal::Recorder(RecorderEvent::Level { peak, elapsed }) => self.tell(&Event::Level { peak, elapsed }),
                Signal::Recorder(RecorderEvent::OnlyZeros) => self.tell(&Event::OnlyZeros),
                Signal::Recorder(RecorderEvent::Lost(loss)) => self.tell(&Event::Lost { loss, rate }),
                Signal::Recorder(RecorderEvent::Finished(capture)) => return Ok(capture),
                Signal::Recorder(RecorderEvent::Failed(e)) => return Err(e),
                Signal::Key(Key::Enter | Key::Quit) => recorder.end(EndReason::Candidate),
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
    async fn keep(&mut self, number: usize, question: &Question, files: &AnswerFiles, capture: Capture) -> Result<(), InterviewError> {
        write_json(&files.capture(), &capture)?;
        self.outcome.answers += 1;
        self.tell(&Event::Ended { end: capture.end, duration: capture.duration, sound: files.sound() });
        if self.leaving {
            self.outcome.unfinished = true;
            return Ok(());
        }
        self.tell(&Event::Transcribing);
        self.worker.transcribe(files.sound());
        let words = loop {
            match self.next(None).await {
                Signal::Worker(WorkerEvent::Transcribed(words)) => break words,
                _ if self.leaving => break Err(TranscribeError::Stopped),
                _ => {}
            }
        };
        match words.map_err(InterviewError::from).and_then(|t| Ok((finish(files, question, &t, self.plan.demonstration)?, t))) {
            Ok((report, transcript)) => {
                self.tell(&Event::Reported(Reported { number, question, capture: &capture, transcript: &transcript, report: &report }));
            }
            Err(e) => {
                self.outcome.unfinished = true;
                self.tell(&Event::NotTranscribed { reason: e.to_string() });
            }
        }
        Ok(())
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
