//! Showing what is known: a report and a session as text for the terminal. Reads values, prints nothing itself.

pub mod captions;
pub mod delivery;
mod plot;
pub mod summary;
pub mod text;

pub use delivery::Beside;
pub use summary::summary;
pub use text::{Shown, compared, report};
