//! What happens in an interview, as it happens: for the [screen](crate::screen), and as JSON lines for programs that drive one.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use crate::capture::{Capture, EndReason, Loss};
use crate::question::style::After;
use crate::question::{Anchors, Question};
use crate::report::Report;
use crate::sound::{Decibels, Millis};
use crate::store::session::AskedBack;
use crate::store::{StoreError, private_file};
use crate::transcribe::Transcript;

/// One step of the interview.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// The session's folder exists; the model is being loaded.
    Started {
        folder: &'a Path,
        model: &'a str,
    },
    /// The model is ready.
    Ready,
    /// A question is shown and about to be read.
    Asking {
        number: usize,
        of: usize,
        take: usize,
        question: &'a Question,
    },
    /// An important point was not heard: its follow-up question is shown and about to be read.
    AskingBack {
        number: usize,
        criterion: &'a str,
        text: &'a str,
    },
    /// The question could not be read aloud; the session goes on.
    VoiceFailed {
        reason: String,
    },
    /// Time to think before the answer.
    Thinking {
        seconds: u64,
    },
    /// Samples arrive and are being kept: the candidate may speak.
    Listening {
        limit: Millis,
    },
    Level {
        peak: Option<Decibels>,
        elapsed: Millis,
    },
    /// The microphone delivers nothing but zeros.
    OnlyZeros,
    Lost {
        loss: Loss,
        rate: u32,
    },
    /// The answer is on disk.
    Ended {
        end: EndReason,
        duration: Millis,
        sound: PathBuf,
    },
    /// The recording could not be made.
    NotRecorded {
        reason: String,
    },
    /// The words are being written down.
    Transcribing,
    /// The words or the report could not be written down; the recording is kept.
    NotFinished {
        reason: String,
    },
    /// The candidate is asked for a band of their own, before the report is shown.
    AskingToRate {
        number: usize,
        take: usize,
        anchors: Option<&'a Anchors>,
    },
    /// What was given; None where it was left out.
    Rated {
        number: usize,
        take: usize,
        band: Option<u8>,
    },
    Reported(Reported<'a>),
    /// The candidate is asked what comes next; `last` after the last question.
    Choice {
        last: bool,
        #[serde(skip)]
        after: After,
    },
    /// One Ctrl-C where there is no answer to end: another one leaves.
    InterruptedOnce,
    /// No more questions fit into the time.
    OutOfTime {
        minutes: u64,
    },
    /// The end of the session.
    Finished {
        folder: &'a Path,
        answers: usize,
    },
}

/// A finished take with its report.
#[derive(Debug, Serialize)]
pub struct Reported<'a> {
    pub number: usize,
    pub take: usize,
    pub question: &'a Question,
    pub capture: &'a Capture,
    pub transcript: &'a Transcript,
    pub follow_up: Option<AddedTo<'a>>,
    pub report: &'a Report,
}

/// What was added to an answer when the interviewer asked back.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AddedTo<'a> {
    pub asked: &'a AskedBack,
    pub transcript: &'a Transcript,
}

/// Somebody who follows the interview. Called on the conductor's thread: must not block.
pub trait Audience {
    fn hear(&mut self, event: &Event);
}

/// Writes each event as one JSON line, with the milliseconds since the start as `ms`.
pub struct EventLog {
    file: File,
    begun: Instant,
}

#[derive(Serialize)]
struct Line<'a> {
    ms: Millis,
    #[serde(flatten)]
    event: &'a Event<'a>,
}

impl EventLog {
    /// Opens the file or pipe; a new file is for the user alone, an older one is continued.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        // the transcripts stand in it
        let file = private_file().create(true).append(true).open(path);
        let file = file.map_err(|source| StoreError::Unwritten { path: path.to_owned(), source })?;
        Ok(Self { file, begun: Instant::now() })
    }
}

impl Audience for EventLog {
    fn hear(&mut self, event: &Event) {
        let line = Line { ms: self.begun.elapsed().into(), event };
        if let Ok(mut json) = serde_json::to_vec(&line) {
            json.push(b'\n');
            // whoever reads the events may leave; the interview goes on
            let _ = self.file.write_all(&json);
        }
    }
}
