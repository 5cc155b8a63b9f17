//! What a candidate does before the day: a [`plan`] day by day, and a printable [`guide`]. Pure: the date of today is given, files are written
//! by the command line.

pub mod guide;
pub mod plan;
mod text;

pub use text::plan as as_text;
