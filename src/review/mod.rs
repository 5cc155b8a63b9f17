//! Showing what is known: a report and a session as text for the terminal. Reads values, prints nothing itself.

mod calibration;
pub mod captions;
mod coached;
pub mod compare;
mod compared;
pub mod delivery;
pub mod markdown;
pub mod place;
mod plot;
pub(crate) mod points;
mod progress;
mod suggested;
pub mod summary;
pub mod table;
pub mod text;

pub use calibration::calibration;
pub use coached::{coached, side_by_side};
pub use compared::{comparison, name as name_of, value_of};
pub use delivery::Beside;
pub use points::{compared, rescored, scorecard};
pub use progress::progress;
pub use suggested::{Suggested, suggested};
pub use summary::summary;
pub use text::{Shown, report};
