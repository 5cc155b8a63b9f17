//! Where things lie and what the user prefers: the settings file, the environment, the platform's folders.
//!
//! `VIVA_HOME` moves every folder at once, so that tests and trials never touch a person's own sessions.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::measure::delivery::Delivery;

/// All folders, whether they exist yet or not.
#[derive(Clone, Debug)]
pub struct Folders {
    pub settings: PathBuf,
    pub sessions: PathBuf,
    pub models: PathBuf,
    /// Question files of the user's own.
    pub questions: PathBuf,
    /// May be deleted at any time.
    pub cache: PathBuf,
}

/// `settings.toml`. What is not there is left to the program; a flag on the command line goes before it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Preferences {
    pub model: Option<String>,
    pub voice: Option<String>,
    pub input: Option<String>,
    pub output: Option<String>,
    pub role: Option<String>,
    /// What the speech model is shown before each piece, such as "Um, uh, hmm, er, ah.": try it with `viva models bench --prompt`.
    pub prompt: Option<String>,
    /// A list of the user's own words.
    pub vocabulary: Option<PathBuf>,
    /// An address or a folder to pull models from.
    pub mirror: Option<String>,
    /// Whether the candidate rates each answer before its report is shown.
    pub rate: bool,
    /// Sessions older than so many days are deleted at the next start, with all that belongs to them.
    pub keep_days: Option<u32>,
    /// Recordings older than so many days are deleted at the next start; words and reports stay.
    pub keep_audio_days: Option<u32>,
    /// What of the delivery is measured, and its bands.
    pub delivery: Delivery,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub folders: Folders,
    pub preferences: Preferences,
}

impl Settings {
    /// Reads the settings file, if there is one.
    ///
    /// # Errors
    /// The file is not understood, or the system does not say where a user's files belong.
    pub fn load() -> Result<Self, SettingsError> {
        let folders = Folders::of_this_user()?;
        let preferences = match std::fs::read_to_string(&folders.settings) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Preferences::default(),
            Err(source) => return Err(SettingsError::Unread { path: folders.settings, source }),
            Ok(text) => parse(&folders.settings, &text)?,
        };
        Ok(Self { folders, preferences })
    }
}

fn parse(path: &Path, text: &str) -> Result<Preferences, SettingsError> {
    let wrong = |line, what: String| SettingsError::Wrong { path: path.to_owned(), line, what };
    let preferences: Preferences = toml::from_str(text).map_err(|e| {
        let line = e.span().map_or(1, |s| crate::question::load::line_of(text, s.start));
        wrong(line, e.message().lines().next().unwrap_or_default().to_owned())
    })?;
    for (key, days) in [("keep_days", preferences.keep_days), ("keep_audio_days", preferences.keep_audio_days)] {
        if days == Some(0) {
            let what = format!("`{key}` must be 1 or more; leave it out to keep for ever, or delete all at once with `viva purge --all`");
            return Err(wrong(text.lines().position(|l| l.trim_start().starts_with(key)).map_or(1, |i| i + 1), what));
        }
    }
    match preferences.delivery.problem() {
        Some(what) => Err(wrong(text.lines().position(|l| l.trim() == "[delivery]").map_or(1, |i| i + 1), what)),
        None => Ok(preferences),
    }
}

impl Folders {
    fn of_this_user() -> Result<Self, SettingsError> {
        if let Some(home) = std::env::var_os("VIVA_HOME").filter(|h| !h.is_empty()) {
            // absolute, so that a change of folder during the session changes nothing
            let home = std::path::absolute(home).map_err(|_| SettingsError::NoHome)?;
            return Ok(Self::below(&home, &home, &home.join("cache")));
        }
        let base = etcetera::choose_base_strategy().map_err(|_| SettingsError::NoHome)?;
        let own = |folder: PathBuf| folder.join("viva-voce");
        Ok(Self::below(&own(base.config_dir()), &own(base.data_dir()), &own(base.cache_dir())))
    }

    fn below(config: &Path, data: &Path, cache: &Path) -> Self {
        Self {
            settings: config.join("settings.toml"),
            questions: config.join("questions"),
            sessions: data.join("sessions"),
            models: data.join("models"),
            cache: cache.to_owned(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("{path}, line {line}: {what}; correct the line or remove it", path = path.display())]
    Wrong { path: PathBuf, line: usize, what: String },
    #[error("{path} cannot be read ({source}); check that it is yours to read", path = path.display())]
    Unread { path: PathBuf, source: std::io::Error },
    #[error("the system does not say where your files belong; set VIVA_HOME to a folder of your own")]
    NoHome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = parse(Path::new("settings.toml"), "model = \"base.en\"\nmodell = 1\n").unwrap_err().to_string();
        assert!(error.starts_with("settings.toml, line 2: unknown field `modell`"), "{error}");
        assert!(parse(Path::new("settings.toml"), "voice = \"flite\"").unwrap().voice.is_some());
    }

    #[test]
    fn nothing_is_kept_for_no_days() {
        let error = parse(Path::new("settings.toml"), "voice = \"flite\"\nkeep_audio_days = 0\n").unwrap_err().to_string();
        assert!(error.starts_with("settings.toml, line 2: `keep_audio_days` must be 1 or more"), "{error}");
    }

    #[test]
    fn a_band_the_wrong_way_round_is_named_with_its_table() {
        let error = parse(Path::new("settings.toml"), "voice = \"flite\"\n[delivery]\npace = [165, 110]\n").unwrap_err().to_string();
        assert!(error.starts_with("settings.toml, line 2: `pace` must be two numbers, the smaller first"), "{error}");
    }
}
