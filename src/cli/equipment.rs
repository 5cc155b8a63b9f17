//! What an interview is held with: microphone, loudspeaker, voice and model, as typed, or else as set.

use crate::settings::Settings;

#[derive(clap::Args)]
pub struct EquipmentArguments {
    /// The microphone, by its name or a part of it (see `viva devices`)
    #[arg(long, value_name = "DEVICE", conflicts_with = "from")]
    input: Option<String>,
    /// The loudspeaker, by its name or a part of it
    #[arg(long, value_name = "DEVICE")]
    pub output: Option<String>,
    /// Who asks: espeak-ng, piper, flite, pico2wave, say or windows, with a voice after a colon (espeak-ng:en-us), or none
    #[arg(long)]
    pub voice: Option<String>,
    /// The speech model, by its name (see `viva models list`) or as a file [default: base.en]
    #[arg(long)]
    pub model: Option<String>,
}

impl EquipmentArguments {
    pub fn input<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        self.input.as_deref().or(settings.preferences.input.as_deref())
    }

    pub fn output<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        self.output.as_deref().or(settings.preferences.output.as_deref())
    }

    pub fn voice<'a>(&'a self, settings: &'a Settings) -> Option<&'a str> {
        self.voice.as_deref().or(settings.preferences.voice.as_deref())
    }
}
