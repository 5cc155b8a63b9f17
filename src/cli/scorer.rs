//! What answers are judged with, as typed: for every command that scores.

use anyhow::bail;

use crate::models::manifest::{MEANING, Manifest};
use crate::models::stamp::Stamp;
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
    let mut verified = Vec::new();
    for file in Manifest::built_in().files(entry) {
        let path = folder.join(&file.file);
        verified.push((verify_remembered(file, &path, &settings.folders.cache)?, path));
    }
    let meaning = Meaning::load(path.parent().unwrap_or(folder))?;
    if let Some((_, path)) = verified.iter().find(|(stamp, path)| Stamp::of(path).ok().as_ref() != Some(stamp)) {
        bail!("{} was changed while it was read; try again", path.display());
    }
    Ok(Scorer::new(Some((meaning, entry.sha256.clone())), questions))
}
