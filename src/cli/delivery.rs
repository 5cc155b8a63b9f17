//! How the delivery is to be measured: the settings' table, and what was typed before it.

use crate::measure::delivery::{Delivery, Measure, Preset};
use crate::settings::Settings;
use crate::store::session::Session;

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
    /// What was typed goes before what the session began with, and that before the settings.
    pub fn settled(&self, settings: &Settings, session: Option<&Session>) -> Delivery {
        let remembered = session.and_then(|s| s.record.delivery.as_ref());
        let mut delivery = remembered.unwrap_or(&settings.preferences.delivery).clone();
        if let Some(preset) = self.delivery {
            delivery.preset = preset;
        }
        delivery.without.extend(&self.without);
        delivery
    }
}
