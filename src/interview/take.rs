//! One take: the question read, time to think, the answer recorded, written down and reported; where an important point is missing, asked back
//! for once.

use std::time::Duration;

use tokio::time::Instant;

use super::inbox::{Key, Line, Signal};
use super::rate::{Rating, ToRate};
use super::{Conductor, InterviewError, Planned};
use crate::capture::recorder::{PRE_ROLL, Recorder, RecorderEvent};
use crate::capture::{Capture, CaptureError, EndReason};
use crate::event::{AddedTo, Event, Reported};
use crate::question::style;
use crate::report::{self, Against, FollowUp, Recorded, Report};
use crate::sound::Profile;
use crate::stop::Stop;
use crate::store::session::AskedBack;
use crate::store::{AnswerFiles, write_json};
use crate::transcribe::worker::WorkerEvent;
use crate::transcribe::{TranscribeError, Transcript};

/// How long a voice may go on after it was told to stop.
const STOPPING: Duration = Duration::from_secs(3);

/// What was recorded, and what it sounds like.
struct Taken {
    capture: Capture,
    profile: Profile,
}

/// What was said when the interviewer asked back.
struct Added {
    asked: AskedBack,
    profile: Profile,
    transcript: Transcript,
}

impl Conductor<'_> {
    /// One take of one question, from reading it to its report. Whether there is a take in the end.
    pub(super) async fn take(&mut self, number: usize, of: usize, planned: &Planned, begun: Instant) -> Result<bool, InterviewError> {
        let question = &planned.question;
        let files = self.session.next_take(number, question)?;
        self.tell(&Event::Asking { number, of, take: files.take, question });
        // while the question is read: the report is not to wait for it
        let (scorer, rubric) = (std::sync::Arc::clone(&self.plan.scorer), question.clone());
        std::thread::spawn(move || scorer.prepare(&rubric));
        match self.ask(number, &question.text, self.plan.think, planned.limit, &files).await {
            Ok(Some(taken)) => {
                self.keep(number, planned, &files, taken, begun).await;
                Ok(true)
            }
            Ok(None) => Ok(false),
            Err(e) => self.not_recorded(e).map(|()| false),
        }
    }

    /// Reads a text and records what is said to it. None where the candidate leaves before that.
    async fn ask(&mut self, number: usize, text: &str, think: Duration, limit: Duration, files: &AnswerFiles) -> Result<Option<Taken>, CaptureError> {
        // opened while the question is read: a microphone that needs to wake is awake when the answer begins
        let microphone = (self.microphone)(number)?;
        let to_inbox = self.sender.clone();
        let recorder = Recorder::open(microphone, move |e| {
            // an interview that is over hears nothing more
            let _ = to_inbox.send(Signal::Recorder(e));
        });
        if let Some(failed) = self.read_aloud(text).await {
            return Err(failed);
        }
        if let Some(failed) = self.think(think).await {
            return Err(failed);
        }
        if self.leaving {
            return Ok(None);
        }
        self.record(&recorder, files, limit).await.map(Some)
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

    /// Reads a text. Enter or Ctrl-C skips to its end. Returns why the microphone failed meanwhile, if it did.
    async fn read_aloud(&mut self, text: &str) -> Option<CaptureError> {
        let stop = Stop::default();
        self.line_number += 1;
        let number = self.line_number;
        let line = Line { number, text: self.has_voice.then(|| text.to_owned()), stop: stop.clone() };
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
    async fn think(&mut self, time: Duration) -> Option<CaptureError> {
        if !time.is_zero() {
            self.tell(&Event::Thinking { seconds: time.as_secs() });
            if let Some(failed) = self.wait(time, true).await {
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
    async fn record(&mut self, recorder: &Recorder, files: &AnswerFiles, limit: Duration) -> Result<Taken, CaptureError> {
        self.worker.begin(self.plan.vocabulary.clone());
        recorder.begin(&files.sound());
        let (mut deadline, mut rate, mut listening) = (None, 0, false);
        loop {
            match self.next(deadline).await {
                Signal::Recorder(RecorderEvent::Listening { rate: of_device }) => {
                    (rate, listening) = (of_device, true);
                    deadline = Some(Instant::now() + limit);
                    self.tell(&Event::Listening { limit: limit.into() });
                }
                Signal::Recorder(RecorderEvent::Level { peak, elapsed }) => self.tell(&Event::Level { peak, elapsed }),
                Signal::Recorder(RecorderEvent::OnlyZeros) => self.tell(&Event::OnlyZeros),
                Signal::Recorder(RecorderEvent::Lost(loss)) => self.tell(&Event::Lost { loss, rate }),
                // transcribed while the candidate goes on speaking
                Signal::Recorder(RecorderEvent::Piece(piece)) => self.worker.piece(piece),
                Signal::Recorder(RecorderEvent::AtRest(piece)) => self.worker.perhaps(piece),
                Signal::Recorder(RecorderEvent::Finished(capture, profile)) => return Ok(Taken { capture, profile: *profile }),
                Signal::Recorder(RecorderEvent::Failed(e)) => return Err(e),
                // an Enter from before "your turn" was meant for the question
                Signal::Key(Key::Enter | Key::Again | Key::Quit | Key::Band(_) | Key::Other) if listening => recorder.end(EndReason::Candidate),
                Signal::Interrupt | Signal::Leave => recorder.end(EndReason::Interrupted),
                Signal::Deadline => {
                    deadline = None;
                    recorder.end(EndReason::Limit);
                }
                _ => {}
            }
        }
    }

    /// What comes after the recording: its facts, its words, its report, each on disk before the next; and asking back.
    async fn keep(&mut self, number: usize, planned: &Planned, files: &AnswerFiles, taken: Taken, begun: Instant) {
        self.outcome.answers += 1;
        self.rating = Rating::NotAsked;
        let question = &planned.question;
        let Taken { capture, profile } = taken;
        // an answer that broke off is not the moment to ask for more
        let ended_well = matches!(capture.end, EndReason::Candidate | EndReason::Limit);
        let asks_back = ended_well && self.plan.follow_ups && self.plan.attended;
        let to_rate = (number, files, question);
        let Some(transcript) = self.written_down(files, &capture, &profile, Some(to_rate).filter(|_| !asks_back)).await else { return };
        let (delivery, scorer) = (self.plan.delivery.clone(), std::sync::Arc::clone(&self.plan.scorer));
        let against = Against { question: Some(question), delivery: &delivery, scorer: &scorer, demonstration: self.plan.demonstration };
        let answer = Recorded { profile: &profile, transcript: &transcript, marks: None };
        let report = match finish(files, answer, None, against) {
            Ok(report) => report,
            Err(e) => return self.not_finished(e.to_string()),
        };
        let added = if asks_back { self.ask_back(number, planned, files, &report, begun).await } else { None };
        let report = match &added {
            None => report,
            Some(Added { asked, profile, transcript }) => {
                let follow_up = FollowUp { criterion: &asked.criterion, recorded: Recorded { profile, transcript, marks: None } };
                match finish(files, answer, Some(follow_up), against) {
                    Ok(report) => report,
                    Err(e) => return self.not_finished(e.to_string()),
                }
            }
        };
        self.rated(to_rate).await;
        let follow_up = added.as_ref().map(|Added { asked, transcript, .. }| AddedTo { asked, transcript });
        let (capture, transcript, report) = (&capture, &transcript, &report);
        self.tell(&Event::Reported(Reported { number, take: files.take, question, capture, transcript, follow_up, report }));
    }

    /// Where an important point was not heard, asks its follow-up question and writes down what is said to it.
    async fn ask_back(&mut self, number: usize, planned: &Planned, files: &AnswerFiles, report: &Report, begun: Instant) -> Option<Added> {
        let limit = planned.limit.min(Duration::from_secs(style::FOLLOW_UP));
        let longest = limit + Duration::from_secs(style::READING + style::BETWEEN);
        let fits = self.plan.whole.is_none_or(|whole| begun.elapsed() + longest <= whole);
        if self.leaving || !fits {
            return None;
        }
        let missing = &report.scored()?.to_ask_back()?.id;
        let asked = AskedBack::from(planned.question.criteria.iter().find(|c| c.id == *missing)?);
        if let Err(e) = write_json(&files.asked_back(), &asked) {
            self.tell(&Event::NotRecorded { reason: e.to_string() });
            return None;
        }
        self.tell(&Event::AskingBack { number, criterion: &asked.criterion, text: &asked.text });
        let (answered, files) = (files.clone(), files.follow_up());
        match self.ask(number, &asked.text, Duration::ZERO, limit, &files).await {
            Ok(Some(Taken { capture, profile })) => {
                let to_rate = Some((number, &answered, &planned.question));
                self.written_down(&files, &capture, &profile, to_rate).await.map(|transcript| Added { asked, profile, transcript })
            }
            Ok(None) => None,
            // the answer itself stands; only what could have been added to it is missing
            Err(e) => {
                self.tell(&Event::NotRecorded { reason: e.to_string() });
                None
            }
        }
    }

    /// The words of a recording, with its facts on disk before them. None where it has to be made up for later. Where nothing more is to be said to
    /// the question, the candidate is asked to rate it meanwhile.
    async fn written_down(&mut self, files: &AnswerFiles, capture: &Capture, profile: &Profile, last: Option<ToRate<'_>>) -> Option<Transcript> {
        self.tell(&Event::Ended { end: capture.end, duration: capture.duration, sound: files.sound() });
        if let Err(e) = write_json(&files.capture(), capture) {
            self.not_finished(e.to_string());
            return None;
        }
        if self.leaving {
            self.outcome.unfinished = true;
            return None;
        }
        self.tell(&Event::Transcribing);
        if let Some(to_rate) = last {
            self.ask_to_rate(to_rate);
        }
        match self.words(profile).await.map_err(InterviewError::from).and_then(|t| Ok(write_json(&files.transcript(), &t).map(|()| t)?)) {
            Ok(transcript) => Some(transcript),
            Err(e) => {
                self.not_finished(e.to_string());
                None
            }
        }
    }

    async fn words(&mut self, profile: &Profile) -> Result<Transcript, TranscribeError> {
        self.worker.finish(profile.clone());
        loop {
            match self.next(None).await {
                Signal::Worker(WorkerEvent::Transcribed(words)) => return words,
                Signal::Key(key) => self.take_rating(key),
                _ if self.leaving => return Err(TranscribeError::Stopped),
                Signal::Interrupt => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
    }

    /// The recording is safe; what comes after it can be made up for later.
    pub(super) fn not_finished(&mut self, reason: String) {
        self.outcome.unfinished = true;
        self.tell(&Event::NotFinished { reason });
    }
}

/// Makes the report of a take whose words are written down, also of what was said when the interviewer asked back, and writes it.
///
/// # Errors
/// The report cannot be written.
pub fn finish(files: &AnswerFiles, answer: Recorded, follow_up: Option<FollowUp>, against: Against) -> Result<Report, InterviewError> {
    let report = report::make(answer, follow_up, against);
    write_json(&files.report(), &report)?;
    Ok(report)
}
