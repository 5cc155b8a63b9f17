//! Which engine writes the words down: the model that was asked for, in a process of its own, and the words it is to know.

use std::ffi::OsString;
use std::io::{stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::talk;
use crate::models::stamp::Stamp;
use crate::models::{self, Installed, ModelError, manifest};
use crate::question::QuestionSet;
use crate::question::bank::Bank;
use crate::settings::Settings;
use crate::stop::Stop;
use crate::transcribe::process::{self, Process, Start};
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::{Engine, TranscribeError, processor};

/// The model that was typed, or set, or the default for people.
pub fn choose(typed: Option<&str>, settings: &Settings) -> Result<Installed, ModelError> {
    let wanted = typed.or(settings.preferences.model.as_deref()).unwrap_or(manifest::DEFAULT);
    let mut found = models::find(wanted, &settings.folders.models, &settings.folders.cache)?;
    found.engine.prompt.clone_from(&settings.preferences.prompt);
    Ok(found)
}

/// Starts an engine with this model. Takes a second or so, and the model's size in memory, until it is dropped.
pub fn load(model: Installed, stop: &Stop) -> Result<Process, TranscribeError> {
    processor::check()?;
    let program = std::env::current_exe().map_err(|e| TranscribeError::Engine(format!("this program cannot find itself: {e}")))?;
    let mut arguments: Vec<OsString> =
        vec!["engine".into(), "--model".into(), model.path.clone().into(), "--name".into(), model.engine.model.clone().into()];
    arguments.extend(["--stamp".into(), model.stamp.to_string().into()]);
    if model.engine.demo {
        arguments.push("--demo".into());
    }
    if let Some(prompt) = &model.engine.prompt {
        arguments.extend(["--prompt".into(), prompt.into()]);
    }
    Process::start(Start { program, arguments, model: model.path }, model.engine, stop)
}

/// The user's own words, and those of the role.
pub fn vocabulary(typed: Option<&Path>, bank: &Bank, role: Option<&QuestionSet>, settings: &Settings) -> Result<Vocabulary, TranscribeError> {
    let file = typed.or(settings.preferences.vocabulary.as_deref());
    // the first that knows a word is right: the user's own before all others
    let mut vocabulary = file.map_or_else(|| Ok(Vocabulary::default()), Vocabulary::read)?;
    vocabulary.add(&Vocabulary::built_in());
    for set in bank.common().into_iter().chain(role) {
        vocabulary.add_terms(set.page.glossary.iter().map(|t| t.term.as_str()));
    }
    Ok(vocabulary)
}

/// What viva starts as its engine; not for people.
#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long)]
    model: PathBuf,
    #[arg(long)]
    name: String,
    /// As the model was when its content was verified
    #[arg(long)]
    stamp: Option<String>,
    #[arg(long)]
    demo: bool,
    #[arg(long)]
    prompt: Option<String>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let engine = Engine { model: arguments.name.clone(), sha256: None, demo: arguments.demo, prompt: arguments.prompt.clone() };
    // a pipe that broke: viva is gone, and nobody waits for words any more
    if let Err(e) = process::serve(|| verified(arguments, engine), stdin(), stdout()) {
        talk(&format!("note: {e}"));
    }
    ExitCode::SUCCESS
}

/// Loads the model, if it is still the one that was verified, before and after.
fn verified(arguments: &Arguments, engine: Engine) -> Result<process::Served, TranscribeError> {
    let path = &arguments.model;
    let unchanged = || match &arguments.stamp {
        Some(verified) if Stamp::of(path).ok() != Some(Stamp::from(verified.clone())) => {
            Err(TranscribeError::Model { path: path.clone(), reason: "it was changed after it had been verified".to_owned() })
        }
        _ => Ok(()),
    };
    unchanged()?;
    let served = served(path, engine)?;
    unchanged()?;
    Ok(served)
}

#[cfg(feature = "whisper")]
fn served(path: &Path, engine: Engine) -> Result<process::Served, TranscribeError> {
    let whisper = crate::transcribe::whisper::Whisper::load(path, engine)?;
    let pulse = whisper.pulse();
    Ok(process::Served { recogniser: Box::new(whisper), pulse })
}

#[cfg(not(feature = "whisper"))]
fn served(_: &Path, _: Engine) -> Result<process::Served, TranscribeError> {
    Err(TranscribeError::Engine("this viva was built without whisper; build it with `--features whisper`".to_owned()))
}
