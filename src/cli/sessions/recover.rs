//! `viva sessions recover`: what was interrupted is found, its recordings are put right, and their words and reports finished.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::super::analyze::session::{Done, Wish, finish_all};
use super::super::delivery::DeliveryArguments;
use super::super::scorer::ScoringArguments;
use super::super::{NOT_DONE, answers, note, print, questions, talk};
use crate::capture::Capture;
use crate::question::bank::Bank;
use crate::review;
use crate::settings::Settings;
use crate::sound::{Millis, wav};
use crate::store::session::{self, Answer, Session};
use crate::store::{Lock, StoreError, read_json, recovery};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only these sessions, by their names, the beginnings of them, or "last" [default: all]
    #[arg(value_name = "SESSION")]
    sessions: Vec<String>,
    /// The speech model, by its name or as a file [default: the one of the session]
    #[arg(long)]
    model: Option<String>,
    /// Your own words and names, one a line [default: the list of the session]
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    #[command(flatten)]
    delivery: DeliveryArguments,
    #[command(flatten)]
    scoring: ScoringArguments,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let sessions = &settings.folders.sessions;
    let (mut all, mut of, mut in_use) = (Done::default(), 0, 0);
    let found = if arguments.sessions.is_empty() {
        let (found, broken) = interrupted(settings)?;
        note(&broken);
        all.failed += broken.len();
        found
    } else {
        arguments.sessions.iter().map(|wanted| session::find(sessions, wanted)).collect::<Result<_, _>>()?
    };
    let bank = questions::load(settings)?;
    for session in &found {
        let done = match recover(session, arguments, &bank, settings) {
            Ok(done) => done,
            // what is being recorded is not interrupted
            Err(e) if arguments.sessions.is_empty() && matches!(e.downcast_ref(), Some(StoreError::InUse { .. })) => {
                talk(&format!("note: {e}"));
                in_use += 1;
                continue;
            }
            Err(e) => {
                talk(&format!("error: {}: {e}", session.id()));
                Done { finished: 0, failed: 1 }
            }
        };
        if done.finished > 0 {
            print(&review::summary(&session.id(), &answers(session)));
        }
        (all.finished, all.failed, of) = (all.finished + done.finished, all.failed + done.failed, of + usize::from(done.finished > 0));
    }
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    talk(&match all {
        Done { finished: 0, failed: 0 } if in_use > 0 => "nothing else was interrupted".to_owned(),
        Done { finished: 0, failed: 0 } => "nothing was interrupted: every answer that was recorded has its report".to_owned(),
        Done { finished, failed: 0 } => format!("recovered {} of {}", count(finished, "answer"), count(of, "session")),
        Done { finished, failed } => format!(
            "recovered {}; {} could not be put right, for the reasons above; the recordings are kept, so that it can be tried again",
            count(finished, "answer"),
            count(failed, "thing")
        ),
    });
    Ok(if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// The sessions in which something recorded has no report yet, the oldest first, and why others cannot be read.
fn interrupted(settings: &Settings) -> Result<(Vec<Session>, Vec<StoreError>), StoreError> {
    let sessions = &settings.folders.sessions;
    let (mut found, broken) = session::list(sessions)?;
    // each file is read, as what only looks whole is found in no other way
    found.retain(|s| s.answers().0.iter().any(Answer::is_unfinished) || !recovery::without_question(s).is_empty());
    found.reverse();
    Ok((found, broken))
}

fn recover(session: &Session, arguments: &Arguments, bank: &Bank, settings: &Settings) -> anyhow::Result<Done> {
    let _lock = Lock::at_once(&session.folder)?;
    let (name, mut lacking) = (session.id(), 0);
    recovery::tidy(session)?;
    for number in recovery::without_question(session) {
        let id = session.record.questions.get(number - 1).map_or("", |q| q.id.as_str());
        if recovery::put_back(session, number, bank.question(id))? {
            talk(&format!("{name}: the question of answer {number} was missing or damaged and is put back"));
        } else {
            lacking += 1;
            talk(&format!(
                "{name}: the question of answer {number} ({id}) is missing or damaged, and today's is another; its recordings play in any player"
            ));
        }
    }
    for answer in answers(session).iter().filter(|a| a.is_unfinished()) {
        repair(&name, answer)?;
    }
    let Arguments { delivery, scoring, .. } = arguments;
    let (model, vocabulary) = (arguments.model.as_deref(), arguments.vocabulary.as_deref());
    let done = finish_all(session, &Wish { again: false, as_heard: false, model, vocabulary, delivery, scoring }, settings)?;
    Ok(Done { failed: done.failed + lacking, ..done })
}

/// By so much a recording may be shorter than was written down of it.
const JITTER: Millis = Millis(100);

/// Puts the recordings of an answer right, and says what of them is lost.
fn repair(name: &str, answer: &Answer) -> anyhow::Result<()> {
    for files in [answer.files.clone(), answer.files.follow_up()] {
        if !files.sound().exists() {
            continue;
        }
        let file = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // a damaged one has been named
        let capture: Option<Capture> = read_json(&files.capture()).unwrap_or_default();
        if let Some(repaired) = recovery::repair(&files.sound(), capture.as_ref().map(|c| c.rate))? {
            talk(&format!(
                "{name}: the file {} was not closed properly; it is put right, and the file as it was found is kept beside it as {}",
                file(&repaired.sound),
                file(&repaired.as_found)
            ));
        }
        let left = wav::duration(&files.sound()).unwrap_or_default();
        if let Some(was) = capture.filter(|c| c.duration > left + JITTER) {
            talk(&format!("{name}: of the {} of {} only {left} are left", was.duration, file(&files.sound())));
            recovery::shorten(&files, was, left)?;
        }
    }
    Ok(())
}
