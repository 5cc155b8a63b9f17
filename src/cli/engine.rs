//! Which engine writes the words down: the model that was asked for, ready to be loaded.

use crate::models::{self, Installed, ModelError, manifest};
use crate::settings::Settings;
use crate::transcribe::{TranscribeError, Transcriber};

/// The model that was typed, or set, or the default for people.
pub fn choose(typed: Option<&str>, settings: &Settings) -> Result<Installed, ModelError> {
    let wanted = typed.or(settings.preferences.model.as_deref()).unwrap_or(manifest::DEFAULT);
    models::find(wanted, &settings.folders.models, &settings.folders.cache)
}

/// Loads the model. Takes a second or so, and the model's size in memory.
#[cfg(feature = "whisper")]
pub fn load(model: Installed) -> Result<Box<dyn Transcriber>, TranscribeError> {
    Ok(Box::new(crate::transcribe::whisper::Whisper::load(&model.path, model.engine)?))
}

#[cfg(not(feature = "whisper"))]
pub fn load(_: Installed) -> Result<Box<dyn Transcriber>, TranscribeError> {
    Err(TranscribeError::Engine("this viva was built without whisper; build it with `--features whisper`".to_owned()))
}
