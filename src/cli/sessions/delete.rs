//! `viva sessions delete`: sessions with all their recordings, after saying what goes.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::bail;

use super::super::{NOT_DONE, talk};
use crate::settings::Settings;
use crate::store::removal::{self, Holding};
use crate::store::session::{self, Session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Their names, the beginnings of them, or "last"
    #[arg(required = true, value_name = "SESSION")]
    sessions: Vec<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    // all of them are looked at before the first is touched
    let mut found: Vec<(Session, Holding)> = Vec::new();
    for wanted in &arguments.sessions {
        let session = session::find(&settings.folders.sessions, wanted)?;
        let holding = removal::holding(&session)?;
        if found.iter().all(|(s, _)| s.id() != session.id()) {
            found.push((session, holding));
        }
    }
    if !arguments.yes && !std::io::stdin().is_terminal() {
        let all: Vec<String> = found.iter().map(|(session, holding)| format!("{} ({})", session.id(), what(holding))).collect();
        bail!("this deletes {} for good, and there is no terminal to ask on; say --yes if that is meant", all.join(" and "));
    }
    for (session, holding) in &found {
        talk(&format!("{}: {}", session.id(), what(holding)));
    }
    if !arguments.yes && !confirmed(found.len())? {
        talk("nothing was deleted");
        return Ok(ExitCode::from(NOT_DONE));
    }
    for (session, holding) in &found {
        removal::remove(session)?;
        talk(&format!("{} is deleted", session.id()));
        if !holding.origins.is_empty() {
            talk(&format!("note: it was made from {}, which stays where you keep it", holding.origins.join(", ")));
        }
    }
    talk("note: pages, captions and copies that you saved elsewhere stay, and so do backups of this machine");
    Ok(ExitCode::SUCCESS)
}

fn what(holding: &Holding) -> String {
    let count = |number: usize, one: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") };
    #[allow(clippy::cast_precision_loss)] // to a tenth of a megabyte
    let megabytes = holding.bytes as f64 / 1e6;
    let (takes, notes) = (count(holding.takes, "take"), count(holding.notes, "note"));
    format!("{takes}, {} of sound, {notes}, {} ({megabytes:.1} MB)", holding.recorded, count(holding.files, "file"))
}

/// Asks on the terminal.
fn confirmed(count: usize) -> anyhow::Result<bool> {
    let what = if count == 1 { "this session".to_owned() } else { format!("these {count} sessions") };
    // a question that cannot be shown is answered with no
    write!(anstream::stderr(), "Delete {what} for good? Type yes: ")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
