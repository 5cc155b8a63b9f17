//! `viva sessions delete`: sessions with all their recordings, after saying what goes.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
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
    let mut found: Vec<(PathBuf, Holding, Lock)> = Vec::new();
    for wanted in &arguments.sessions {
        let chosen = chosen(&settings.folders.sessions, wanted)?;
        let place = chosen.folder().canonicalize().ok();
        if found.iter().all(|(folder, ..)| folder.canonicalize().ok() != place) {
            found.push(chosen.held()?);
        }
    }
    let name = |folder: &Path| folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !arguments.yes && !std::io::stdin().is_terminal() {
        let all: Vec<String> = found.iter().map(|(folder, holding, _)| format!("{} ({})", name(folder), what(holding))).collect();
        bail!("this deletes {} for good, and there is no terminal to ask on; say --yes if that is meant", all.join(" and "));
    }
    for (folder, holding, _) in &found {
        talk(&format!("{}: {}", name(folder), what(holding)));
    }
    let these = if found.len() == 1 { "this session".to_owned() } else { format!("these {} sessions", found.len()) };
    if !arguments.yes && !confirmed(&these)? {
        talk("nothing was deleted");
        return Ok(ExitCode::from(NOT_DONE));
    }
    let (mut left, mut all_gone) = (Vec::new(), true);
    for (folder, holding, lock) in found {
        let exports = noted(exports::left(&folder));
        if let Err(e) = removal::remove(&folder, lock) {
            talk(&format!("error: {e}"));
            all_gone = false;
            continue;
        }
        left.extend(exports);
        talk(&format!("{} is deleted", name(&folder)));
        if !holding.origins.is_empty() {
            talk(&format!("note: it was made from recordings that stay where you keep them: {}", holding.origins.join(", ")));
        }
    }
    still_there(&left);
    talk("note: what you copied or sent elsewhere stays, and so do backups of this machine");
    Ok(if all_gone { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// A session that is to go.
enum Chosen {
    Whole(Box<Session>),
    /// One whose record cannot be read, so that only its files are known.
    Damaged(PathBuf),
}

fn chosen(sessions: &Path, wanted: &str) -> anyhow::Result<Chosen> {
    match session::find(sessions, wanted) {
        Ok(session) => Ok(Chosen::Whole(Box::new(session))),
        Err(e) => Ok(Chosen::Damaged(session::folder_of(sessions, wanted).ok_or(e)?)),
    }
}

impl Chosen {
    fn folder(&self) -> &Path {
        match self {
            Self::Whole(session) => &session.folder,
            Self::Damaged(folder) => folder,
        }
    }

    /// Its folder, what it holds, and its lock.
    fn held(self) -> anyhow::Result<(PathBuf, Holding, Lock)> {
        Ok(match self {
            Self::Whole(session) => (session.folder.clone(), removal::holding(&session)?, session.lock()?),
            Self::Damaged(folder) => {
                let (holding, lock) = (removal::files(&folder)?, Lock::of(&folder)?);
                (folder, holding, lock)
            }
        })
    }
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
