//! What answers are judged with, as typed: for every command that scores.

use crate::models::manifest::{MEANING, Manifest};
use crate::models::verify_remembered;
use crate::question::bank::Bank;
use crate::score::Scorer;
use crate::score::meaning::Meaning;
use crate::settings::Settings;

#[derive(clap::Args, Clone, Debug, Default)]
pub struct ScoringArguments {
    /// Find points by their words alone, without the model of meanings
    #[arg(long)]
    words_only: bool,
}

/// Loads what is needed. A model of meanings that is not here is no error: points are then found by their words, and the report says so.
pub fn load(arguments: &ScoringArguments, bank: &Bank, settings: &Settings) -> anyhow::Result<Scorer> {
    let questions = bank.questions().cloned().collect();
    if arguments.words_only {
        return Ok(Scorer::new(None, questions));
    }
    let Some(entry) = Manifest::built_in().get(MEANING) else { return Ok(Scorer::new(None, questions)) };
    let folder = &settings.folders.models;
    let path = folder.join(&entry.file);
    if !path.exists() {
        return Ok(Scorer::new(None, questions));
    }
    for file in Manifest::built_in().files(entry) {
        verify_remembered(file, &folder.join(&file.file), &settings.folders.cache)?;
    }
    let meaning = Meaning::load(path.parent().unwrap_or(folder))?;
    Ok(Scorer::new(Some((meaning, entry.sha256.clone())), questions))
}
