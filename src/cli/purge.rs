//! `viva purge --all`: everything that viva keeps on this machine, and a look afterwards whether anything is left of it.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

use super::sessions::{confirmed, still_there};
use super::{NOT_DONE, talk};
use crate::models::manifest::Manifest;
use crate::settings::Settings;
use crate::store::exports;
use crate::store::removal;
use crate::store::{Lock, StoreError, session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Sessions with all recordings, caches, models, settings, and question files of your own
    #[arg(long, required = true)]
    all: bool,
    /// Leave question files of your own where they are
    #[arg(long)]
    keep_questions: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// What is to go.
struct Everything {
    /// Folders of sessions.
    sessions: Vec<PathBuf>,
    /// Files of which it is known that viva brought or made them.
    files: Vec<PathBuf>,
    /// Folders that go when nothing is left in them, those within others first.
    folders: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let everything = Everything::found(settings, arguments.keep_questions)?;
    let Everything { sessions, files, .. } = &everything;
    let what = format!(
        "{} and {} of models, caches, settings and questions",
        if sessions.len() == 1 { "1 session".to_owned() } else { format!("{} sessions", sessions.len()) },
        if files.len() == 1 { "1 file".to_owned() } else { format!("{} files", files.len()) },
    );
    if sessions.is_empty() && files.is_empty() {
        talk("viva keeps nothing on this machine");
        return Ok(ExitCode::SUCCESS);
    }
    // all or nothing: an interview that is going on needs its model to the end
    for folder in sessions.iter().filter(|folder| !folder.is_symlink()) {
        if let Err(e @ StoreError::InUse { .. }) = Lock::at_once(folder) {
            bail!("nothing was deleted: {e}");
        }
    }
    if !arguments.yes {
        if !std::io::stdin().is_terminal() {
            bail!("this deletes {what} for good, and there is no terminal to ask on; say --yes if that is meant");
        }
        if !confirmed(&what)? {
            talk("nothing was deleted");
            return Ok(ExitCode::from(NOT_DONE));
        }
    }
    let exports: Vec<_> = sessions.iter().flat_map(|s| exports::left(s).unwrap_or_default()).collect();
    let problems = everything.remove();
    still_there(&exports);
    for problem in &problems {
        talk(&format!("error: {problem}"));
    }
    // seen with fresh eyes: not what was removed counts, but what is there
    let left = Everything::left(settings, arguments.keep_questions);
    if left.is_empty() && problems.is_empty() {
        talk(&format!("Deleted: {what}. Looked again: nothing that viva keeps is left on this machine. What you copied or sent elsewhere stays."));
        return Ok(ExitCode::SUCCESS);
    }
    let left: Vec<String> = left.iter().map(|p| format!("  {}", p.display())).collect();
    talk(&format!("Still there, because it is not viva's or could not be deleted; look at it and delete it yourself:\n{}", left.join("\n")));
    Ok(ExitCode::from(NOT_DONE))
}

impl Everything {
    fn found(settings: &Settings, keep_questions: bool) -> anyhow::Result<Self> {
        let folders = &settings.folders;
        let (voices, hashes) = (folders.cache.join("voices"), folders.cache.join("hashes"));
        let made = |name: &str, endings: &[&str]| {
            let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
            (!stem.is_empty() && stem.bytes().all(|b| b.is_ascii_hexdigit()) && endings.contains(&ending)) || name.starts_with(".tmp")
        };
        let mut files = of_folder(&voices, |name| made(name, &["wav"]));
        files.extend(of_folder(&hashes, |name| made(name, &[""])));
        for entry in &Manifest::built_in().models {
            let path = folders.models.join(&entry.file);
            files.extend([path.clone(), folders.models.join(format!("{}.part", entry.file))]);
        }
        files.push(folders.settings.clone());
        let of_models = Manifest::built_in().models.iter().filter_map(|m| folders.models.join(&m.file).parent().map(Path::to_owned));
        let mut all: Vec<PathBuf> = of_models.filter(|f| *f != folders.models).collect();
        all.dedup();
        all.extend([voices, hashes, folders.cache.clone(), folders.models.clone(), folders.sessions.clone()]);
        if !keep_questions {
            // those that are read as questions, and no others
            files.extend(of_folder(&folders.questions, |name| name.to_ascii_lowercase().ends_with(".toml")));
            all.push(folders.questions.clone());
        }
        for last in [folders.sessions.parent(), folders.settings.parent()].into_iter().flatten() {
            if !all.iter().any(|f| f == last) {
                all.push(last.to_owned());
            }
        }
        files.retain(|f| f.symlink_metadata().is_ok());
        let mut sessions = session::folders(&folders.sessions)?;
        sessions.retain(|folder| session::is_one(folder));
        Ok(Self { sessions, files, folders: all })
    }

    /// What could not go, in a sentence each.
    fn remove(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for folder in &self.sessions {
            problems.extend(removal::clear(folder).err().map(|e| e.to_string()));
        }
        for file in &self.files {
            problems.extend(fs::remove_file(file).err().map(|e| format!("{} could not be deleted ({e})", file.display())));
        }
        for folder in &self.folders {
            // one that holds something is named when it is looked again
            let _ = fs::remove_dir(folder);
        }
        problems
    }

    /// All that is in the folders of this program, whoever put it there.
    fn left(settings: &Settings, keep_questions: bool) -> Vec<PathBuf> {
        let folders = &settings.folders;
        // these may lie on another disk, where a link leads to
        let kept = [&folders.sessions, &folders.models, &folders.cache].into_iter().map(|f| f.canonicalize().unwrap_or_else(|_| f.clone()));
        let mut left: Vec<PathBuf> = kept.flat_map(|f| below(&f)).collect();
        left.extend(Some(folders.settings.clone()).filter(|f| f.symlink_metadata().is_ok()));
        if !keep_questions {
            left.extend(below(&folders.questions));
        }
        left
    }
}

/// The files in a folder whose names are like this; none of a folder that a link leads to, where somebody else's may lie.
fn of_folder(folder: &Path, is_ours: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    if folder.is_symlink() {
        return Vec::new();
    }
    let files = fs::read_dir(folder).into_iter().flatten().flatten().filter(|f| f.file_type().is_ok_and(|t| !t.is_dir()));
    files.filter(|f| f.file_name().to_str().is_some_and(&is_ours)).map(|f| f.path()).collect()
}

/// All files below a folder, links, which are not followed, and folders that cannot be looked into.
fn below(folder: &Path) -> Vec<PathBuf> {
    if folder.is_symlink() {
        return vec![folder.to_owned()];
    }
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return found,
        Err(_) => return vec![folder.to_owned()],
        Ok(entries) => entries,
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            found.extend(below(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
