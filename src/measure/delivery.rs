//! What of the delivery is measured, and against which bands it is held. Plain data, from the settings and the command line.

use serde::{Deserialize, Serialize};

use super::{filler, pace};
use crate::sound::Span;

/// How delivery is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Against the bands, and against your own earlier sessions
    #[default]
    Default,
    /// Against your own earlier sessions only, without any band: for people who stammer, or speak English as a further language
    Gentle,
    /// Not at all
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    Pace,
    Pauses,
    Fillers,
    Pitch,
    Loudness,
    Wording,
}

impl Measure {
    pub const ALL: [Self; 6] = [Self::Pace, Self::Pauses, Self::Fillers, Self::Pitch, Self::Loudness, Self::Wording];
}

/// The settings' table `[delivery]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Delivery {
    pub preset: Preset,
    /// Measures that are switched off.
    pub without: Vec<Measure>,
    /// The comfortable band of the speech rate, words a minute.
    pub pace: [f64; 2],
    /// Fillers a minute above which they are noticeable, and heavy.
    pub fillers: [f64; 2],
    /// Words and phrases that are said on purpose and are no fillers.
    pub on_purpose: Vec<String>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            preset: Preset::Default,
            without: Vec::new(),
            pace: pace::COMFORTABLE,
            fillers: [filler::NOTICEABLE_PER_MINUTE, filler::HEAVY_PER_MINUTE],
            on_purpose: Vec::new(),
        }
    }
}

/// What the user said of single places of a take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Where something sounded like a filler and was none.
    pub not_fillers: Vec<Span>,
}

impl Delivery {
    /// What is switched off.
    #[must_use]
    pub fn off(&self) -> Vec<Measure> {
        Measure::ALL.into_iter().filter(|m| !self.measures(*m)).collect()
    }

    /// Whether this is to be measured.
    #[must_use]
    pub fn measures(&self, measure: Measure) -> bool {
        self.preset != Preset::Off && !self.without.contains(&measure)
    }

    /// Whether figures are held against bands.
    #[must_use]
    pub fn has_bands(&self) -> bool {
        self.preset == Preset::Default
    }

    /// What is wrong with it, in words for its writer; None where nothing is.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let band = |name: &str, [low, high]: [f64; 2], example: &str| {
            let sound = low.is_finite() && high.is_finite() && low >= 0.0 && high > low;
            (!sound).then(|| format!("`{name}` must be two numbers, the smaller first, as in {name} = {example}"))
        };
        band("pace", self.pace, "[110, 165]").or_else(|| band("fillers", self.fillers, "[5, 12]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_can_be_switched_off_and_all_of_them() {
        let read = |text: &str| toml::from_str::<Delivery>(text).unwrap();
        let some = read("without = [\"pitch\", \"fillers\"]");
        assert!(some.measures(Measure::Pace) && !some.measures(Measure::Pitch) && !some.measures(Measure::Fillers) && some.has_bands());
        assert!(!read("preset = \"off\"").measures(Measure::Pace));
        let gentle = read("preset = \"gentle\"");
        assert!(gentle.measures(Measure::Pace) && !gentle.has_bands());
        assert!(toml::from_str::<Delivery>("presett = 1").is_err());
    }

    #[test]
    fn a_band_that_is_none_is_told() {
        let problem = |text: &str| toml::from_str::<Delivery>(text).unwrap().problem();
        assert_eq!(problem("pace = [100, 170]"), None);
        assert!(problem("pace = [170, 100]").unwrap().contains("the smaller first"));
        assert!(problem("fillers = [nan, 3]").unwrap().contains("`fillers`"));
    }
}
