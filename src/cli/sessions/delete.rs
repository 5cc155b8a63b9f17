//! `viva sessions delete`: sessions with all their recordings, after saying what goes.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::bail;

use super::super::{NOT_DONE, noted, talk};
use crate::settings::Settings;
use crate::store::Lock;
use crate::store::exports::{self, Export};
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
    let mut found: Vec<(Session, Holding, Lock)> = Vec::new();
    for wanted in &arguments.sessions {
        let session = session::find(&settings.folders.sessions, wanted)?;
        if found.iter().all(|(s, ..)| s.id() != session.id()) {
            let lock = Lock::of(&session.folder)?;
            let holding = removal::holding(&session)?;
            found.push((session, holding, lock));
        }
    }
    if !arguments.yes && !std::io::stdin().is_terminal() {
        let all: Vec<String> = found.iter().map(|(session, holding, _)| format!("{} ({})", session.id(), what(holding))).collect();
        bail!("this deletes {} for good, and there is no terminal to ask on; say --yes if that is meant", all.join(" and "));
    }
    for (session, holding, _) in &found {
        talk(&format!("{}: {}", session.id(), what(holding)));
    }
    let these = if found.len() == 1 { "this session".to_owned() } else { format!("these {} sessions", found.len()) };
    if !arguments.yes && !confirmed(&these)? {
        talk("nothing was deleted");
        return Ok(ExitCode::from(NOT_DONE));
    }
    let mut left = Vec::new();
    for (session, holding, lock) in found {
        left.extend(noted(exports::left(&session.folder)));
        removal::remove(&session, lock)?;
        talk(&format!("{} is deleted", session.id()));
        if !holding.origins.is_empty() {
            talk(&format!("note: it was made from {}, which stays where you keep it", holding.origins.join(", ")));
        }
    }
    still_there(&left);
    talk("note: what you copied or sent elsewhere stays, and so do backups of this machine");
    Ok(ExitCode::SUCCESS)
}

/// Names what was made of sessions that are gone, and is still where it was written.
pub fn still_there(exports: &[Export]) {
    if exports.is_empty() {
        return;
    }
    let mut paths: Vec<String> = exports.iter().map(|e| format!("  {}", e.path.display())).collect();
    paths.sort();
    paths.dedup();
    talk(&format!("Made from what was deleted, and still there; delete it yourself if it is to go too:\n{}", paths.join("\n")));
}

fn what(holding: &Holding) -> String {
    let count = |number: usize, one: &str| if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") };
    #[allow(clippy::cast_precision_loss)] // to a tenth of a megabyte
    let megabytes = holding.bytes as f64 / 1e6;
    let (takes, notes) = (count(holding.takes, "take"), count(holding.notes, "note"));
    format!("{takes}, {} of sound, {notes}, {} ({megabytes:.1} MB)", holding.recorded, count(holding.files, "file"))
}

/// Asks on the terminal whether this is to go.
pub fn confirmed(what: &str) -> anyhow::Result<bool> {
    // a question that cannot be shown is answered with no
    write!(anstream::stderr(), "Delete {what} for good? Type yes: ")?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
