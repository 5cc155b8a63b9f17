//! `viva analyze`: the stations after the microphone, on a recording or on what a session has left undone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde::Serialize;

use super::{NOT_DONE, answers, engine, print, print_json, questions, talk};
use crate::interview;
use crate::models::{Installed, ModelError};
use crate::question::Question;
use crate::report::{self, Recorded, Report};
use crate::review::{self, Shown};
use crate::settings::Settings;
use crate::sound::{Clip, Millis, source};
use crate::stop::Stop;
use crate::store::session::{self, Answer, Session};
use crate::store::{AnswerFiles, write_json};
use crate::transcribe::{Transcriber, Transcript, written::Written};

#[derive(clap::Args)]
pub struct Arguments {
    /// A recorded answer (WAV, FLAC, MP3, M4A, OGG Vorbis, AIFF or CAF)
    #[arg(required_unless_present = "session")]
    file: Option<PathBuf>,
    /// The question it answers; without one there are measures and no points
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// Finish what this session has left undone ("last" for the newest)
    #[arg(long, value_name = "SESSION", conflicts_with_all = ["file", "question", "words", "demonstration", "json"])]
    session: Option<String>,
    /// The speech model, by its name or as a file [default: base.en]
    #[arg(long)]
    model: Option<String>,
    /// Take the words from this transcript (JSON as viva writes it) instead of a model
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    words: Option<PathBuf>,
    /// A computer's voice answers: lets the demo model's words be scored
    #[arg(long)]
    demonstration: bool,
    /// Report and transcript as JSON
    #[arg(long)]
    json: bool,
    /// Say on stderr, as one JSON line, where the time went
    #[arg(long)]
    timings: bool,
}

#[derive(Serialize)]
struct Analysis<'a> {
    file: &'a Path,
    report: &'a Report,
    transcript: &'a Transcript,
}

/// Milliseconds of wall time.
#[derive(Serialize)]
struct Timings {
    audio: Millis,
    /// From nothing to a loaded, warm model.
    load: f64,
    /// From the opened file to the finished report, without loading.
    analyze: f64,
    /// Inside the engine's own call.
    engine: f64,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    if let Some(session) = &arguments.session {
        return finish_session(session, arguments, settings);
    }
    let bank = questions::load(settings)?;
    let question = arguments.question.as_deref().map(|id| questions::find(&bank, id)).transpose()?;
    let Some(file) = arguments.file.as_deref() else { anyhow::bail!("name a recording to analyze") };
    // before the model is loaded: a wrong file is told at once
    let recording = source::read(file)?;
    if recording.cut_short {
        talk(&format!("note: {} ends before its header says it does; what is there is analyzed", file.display()));
    }
    if recording.damaged > 0 {
        talk(&format!("note: {} damaged samples in {} were made silent", recording.damaged, file.display()));
    }
    let begun = Instant::now();
    let mut transcriber = transcriber(arguments, settings)?;
    let loaded = Instant::now();
    let (transcript, report) = analyze(&recording.clip, question, transcriber.as_mut(), arguments.demonstration)?;
    if arguments.timings {
        let ms = |d: std::time::Duration| (d.as_secs_f64() * 1e4).round() / 10.0;
        let timings = Timings {
            audio: recording.clip.duration(),
            load: ms(loaded - begun),
            analyze: ms(loaded.elapsed()),
            engine: ms(transcriber.engine_time()),
        };
        talk(&serde_json::to_string(&timings)?);
    }
    if arguments.json {
        print_json(&Analysis { file, report: &report, transcript: &transcript })?;
    } else {
        print(&review::report(Shown { report: &report, transcript: &transcript, question, capture: None, follow_up: None }));
    }
    Ok(ExitCode::SUCCESS)
}

fn transcriber(arguments: &Arguments, settings: &Settings) -> anyhow::Result<Box<dyn Transcriber>> {
    match &arguments.words {
        Some(path) => Ok(Box::new(Written::read(path)?)),
        None => Ok(engine::load(engine::choose(arguments.model.as_deref(), settings)?)?),
    }
}

fn analyze(clip: &Clip, question: Option<&Question>, transcriber: &mut dyn Transcriber, demonstration: bool) -> anyhow::Result<(Transcript, Report)> {
    let transcript = transcriber.transcribe(clip, &Stop::default())?;
    let report = report::make(Recorded { clip, transcript: &transcript }, None, question, demonstration);
    Ok((transcript, report))
}

/// Transcribes and reports every take of a session that has sound and no report.
fn finish_session(wanted: &str, arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let session = session::find(&settings.folders.sessions, wanted)?;
    let unfinished: Vec<Answer> = answers(&session).into_iter().filter(Answer::is_unfinished).collect();
    if unfinished.is_empty() {
        talk(&format!("nothing is left to do in {}", session.id()));
        return Ok(ExitCode::SUCCESS);
    }
    let mut transcriber = None;
    let mut failed = 0;
    for answer in &unfinished {
        match finish(answer, &session, &mut transcriber, arguments, settings) {
            Ok(()) => talk(&format!("finished: question {}, take {}", answer.number, answer.files.take)),
            Err(e) => {
                failed += 1;
                talk(&format!("error: question {}, take {}: {e}", answer.number, answer.files.take));
            }
        }
    }
    print(&review::summary(&session.id(), &answers(&session)));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// Does what is missing of one take; the engine is only loaded where words are missing.
fn finish(
    answer: &Answer,
    session: &Session,
    transcriber: &mut Option<Box<dyn Transcriber>>,
    arguments: &Arguments,
    settings: &Settings,
) -> anyhow::Result<()> {
    let mut words = |files: &AnswerFiles, written: &Option<Transcript>| -> anyhow::Result<Transcript> {
        if let Some(done) = written {
            return Ok(done.clone());
        }
        let engine = match &mut *transcriber {
            Some(loaded) => loaded,
            empty => empty.insert(engine::load(engine_of(session, arguments, settings)?)?),
        };
        let transcript = engine.transcribe(&source::read_take(&files.sound())?, &Stop::default())?;
        write_json(&files.transcript(), &transcript)?;
        Ok(transcript)
    };
    let transcript = words(&answer.files, &answer.transcript)?;
    let added = match &answer.follow_up {
        Some(added) => Some((&added.asked, words(&added.files, &added.transcript)?)),
        None => None,
    };
    let follow_up = added.as_ref().map(|(asked, transcript)| (*asked, transcript));
    interview::finish(&answer.files, &answer.question, &transcript, follow_up, session.record.demonstration)?;
    Ok(())
}

/// The model that was named, or the one that the session was made with: by its name, or else the file itself.
fn engine_of(session: &Session, arguments: &Arguments, settings: &Settings) -> anyhow::Result<Installed> {
    if let Some(named) = &arguments.model {
        return Ok(engine::choose(Some(named), settings)?);
    }
    let record = &session.record;
    match engine::choose(Some(&record.engine.model), settings) {
        Err(ModelError::Unknown { .. }) => Ok(engine::choose(record.model_file.to_str(), settings)?),
        found => Ok(found?),
    }
}
