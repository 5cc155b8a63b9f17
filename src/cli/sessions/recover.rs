//! `viva sessions recover`: what was interrupted is found, its recordings are put right, and their words and reports finished.

use std::path::PathBuf;
use std::process::ExitCode;

use super::super::analyze::session::{Done, Wish, finish_all};
use super::super::delivery::DeliveryArguments;
use super::super::scorer::ScoringArguments;
use super::super::{NOT_DONE, answers, note, print, questions, talk};
use crate::question::bank::Bank;
use crate::review;
use crate::settings::Settings;
use crate::store::session::{self, Answer, Session};
use crate::store::{Lock, StoreError, catalogue, recovery};

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
    let found = if arguments.sessions.is_empty() {
        interrupted(settings)?
    } else {
        arguments.sessions.iter().map(|wanted| session::find(sessions, wanted)).collect::<Result<_, _>>()?
    };
    let bank = questions::load(settings)?;
    let (mut all, mut of) = (Done::default(), 0);
    for session in &found {
        let done = match recover(session, arguments, &bank, settings) {
            Ok(done) => done,
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
        Done { finished: 0, failed: 0 } => "nothing was interrupted: every answer that was recorded has its report".to_owned(),
        Done { finished, failed: 0 } => format!("recovered {} of {}", count(finished, "answer"), count(of, "session")),
        Done { finished, failed } => format!(
            "recovered {}; {failed} could not be finished, for the reasons above; the recordings are kept, so that it can be tried again",
            count(finished, "answer")
        ),
    });
    Ok(if all.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// The sessions in which something recorded has no report yet.
fn interrupted(settings: &Settings) -> Result<Vec<Session>, StoreError> {
    let sessions = &settings.folders.sessions;
    let lines = catalogue::read(sessions)?.lines;
    let (mut found, broken) = session::list(sessions)?;
    note(&broken);
    found.retain(|s| lines.iter().any(|l| l.id == s.id() && l.reported < l.answers) || !recovery::without_question(s).is_empty());
    // the oldest first, as they were recorded
    found.reverse();
    Ok(found)
}

fn recover(session: &Session, arguments: &Arguments, bank: &Bank, settings: &Settings) -> anyhow::Result<Done> {
    let _lock = match Lock::at_once(&session.folder) {
        // what is being recorded is not interrupted
        Err(e @ StoreError::InUse { .. }) if arguments.sessions.is_empty() => {
            note([&e]);
            return Ok(Done::default());
        }
        lock => lock?,
    };
    let name = session.id();
    recovery::tidy(session)?;
    for number in recovery::without_question(session) {
        let id = session.record.questions.get(number - 1).map_or("", |q| q.id.as_str());
        if recovery::put_back(session, number, bank.question(id))? {
            talk(&format!("{name}: the question of answer {number} was missing and is put back"));
        } else {
            talk(&format!(
                "{name}: the question of answer {number} ({id}) is missing, and today's is another; its recordings are whole and play in any player"
            ));
        }
    }
    for answer in answers(session).iter().filter(|a| a.is_unfinished()) {
        repair(&name, answer)?;
    }
    let Arguments { delivery, scoring, .. } = arguments;
    let (model, vocabulary) = (arguments.model.as_deref(), arguments.vocabulary.as_deref());
    finish_all(session, &Wish { again: false, as_heard: false, model, vocabulary, delivery, scoring }, settings)
}

fn repair(name: &str, answer: &Answer) -> anyhow::Result<()> {
    for files in [answer.files.clone(), answer.files.follow_up()] {
        if files.sound().exists()
            && let Some(repaired) = recovery::repair(&files.sound())?
        {
            let file = |path: &std::path::Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            talk(&format!(
                "{name}: the end of {} was not closed properly; it is put right, and the file as it was found is kept beside it as {}",
                file(&repaired.sound),
                file(&repaired.as_found)
            ));
        }
    }
    Ok(())
}
