//! Many recordings at once: one JSON line each, in the order of their names; one that fails stops no other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::bail;
use indicatif::ProgressBar;
use serde::Serialize;

use super::super::{NOT_DONE, engine, print, talk};
use super::{Analysis, Task, tell_damage};
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::stop::Stop;
use crate::transcribe::Recogniser;
use crate::transcribe::process::Process;

/// Endings of files that may hold sound, also in codings that cannot be read: such a file is named, not passed over.
const SOUND: [&str; 20] =
    ["opus", "webm", "wma", "amr", "3gp", "mkv", "mov", "wav", "wave", "flac", "mp3", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "aif", "aiff", "caf"];

/// The outcome of one recording, in the order of the list.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Done(Box<Analysis<'a>>),
    Failed {
        #[serde(serialize_with = "super::super::as_text")]
        file: &'a Path,
        error: String,
    },
}

/// Analyzes all recordings that were named, and those in the folders that were named.
pub(super) fn analyze(task: &Task, settings: &Settings) -> anyhow::Result<ExitCode> {
    if task.arguments.words.is_some() || task.arguments.timings {
        bail!("--words and --timings are for one recording; leave them out, or name a single file");
    }
    let mut files = Vec::new();
    for path in &task.arguments.files {
        if path.is_dir() { recordings_in(path, &mut files)? } else { files.push(path.clone()) }
    }
    if files.is_empty() {
        bail!("there is no recording in {}; name the files, or another folder", task.arguments.files[0].display());
    }
    let model = engine::choose(task.arguments.model.as_deref(), settings)?;
    // one before the others: what is wrong with the model is said once
    let first = engine::load(model.clone(), &Stop::default())?;
    let jobs = usize::from(task.arguments.jobs).min(files.len());
    let bar = ProgressBar::new(files.len() as u64);
    if let Ok(style) = indicatif::ProgressStyle::with_template("{bar:30} {pos} of {len} recordings, {eta} left") {
        bar.set_style(style);
    }
    let (next, lines) = (AtomicUsize::new(0), Mutex::new(Lines::default()));
    let work = |mut engine: Process| {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(place) else { break };
            let line = match one(task, file, &mut engine, &bar) {
                Ok(analysis) => Line::Done(Box::new(analysis)),
                Err(e) => Line::Failed { file, error: e.to_string() },
            };
            bar.inc(1);
            bar.suspend(|| lines.lock().unwrap_or_else(PoisonError::into_inner).put(place, &line));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs {
            let (model, work) = (model.clone(), &work);
            scope.spawn(move || match engine::load(model, &Stop::default()) {
                Ok(engine) => work(engine),
                Err(e) => talk(&format!("note: one engine less than asked for: {e}")),
            });
        }
        work(first);
    });
    bar.finish_and_clear();
    let failed = lines.into_inner().unwrap_or_else(PoisonError::into_inner).failed;
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    talk(&format!("{} of {} recordings could not be analyzed:", failed.len(), files.len()));
    for (_, sentence) in failed {
        talk(&format!("  {sentence}"));
    }
    Ok(ExitCode::from(NOT_DONE))
}

fn one<'f>(task: &Task<'f>, file: &'f Path, engine: &mut dyn Recogniser, bar: &ProgressBar) -> anyhow::Result<Analysis<'f>> {
    let mut source = Source::open(file)?;
    let analysis = task.analyze(file, &mut source, Some(engine), &|_| ())?;
    bar.suspend(|| tell_damage(file, &source));
    Ok(analysis)
}

/// Lines wait for those before them, so that the same folder gives the same output.
#[derive(Default)]
struct Lines {
    waiting: BTreeMap<usize, String>,
    printed: usize,
    failed: BTreeMap<usize, String>,
}

impl Lines {
    fn put(&mut self, place: usize, line: &Line) {
        if let Line::Failed { error, .. } = line {
            self.failed.insert(place, error.clone());
        }
        // plain data with text keys always becomes JSON
        self.waiting.insert(place, serde_json::to_string(line).unwrap_or_default());
        while let Some(line) = self.waiting.remove(&self.printed) {
            print(&format!("{line}\n"));
            self.printed += 1;
        }
    }
}

/// The recordings in a folder and those below it, by name; hidden ones are left out.
fn recordings_in(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let unread = |e: std::io::Error| anyhow::anyhow!("the folder {} cannot be read ({e}); check that it is yours to read", folder.display());
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).map_err(unread)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>().map_err(unread)?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        if hidden {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            recordings_in(&path, found)?;
        } else if SOUND.contains(&ending.as_str()) {
            found.push(path);
        }
    }
    Ok(())
}
