//! How the delivery is to be measured: the settings' table, and what was typed before it.

use crate::measure::delivery::{Delivery, Measure, Preset};
use crate::settings::Settings;

#[derive(clap::Args)]
pub struct DeliveryArguments {
    /// How pace, pauses, fillers and the like are judged
    #[arg(long, value_name = "PRESET")]
    delivery: Option<Preset>,
    /// Leave out these measures of the delivery
    #[arg(long, value_name = "MEASURE", value_delimiter = ',')]
    without: Vec<Measure>,
}

impl DeliveryArguments {
    pub fn settled(&self, settings: &Settings) -> Delivery {
        let mut delivery = settings.preferences.delivery.clone();
        if let Some(preset) = self.delivery {
            delivery.preset = preset;
        }
        delivery.without.extend(&self.without);
        delivery
    }
}
