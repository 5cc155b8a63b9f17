//! Days as a person types them, in the time zone of this machine.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A day: `2026-11-22`.
pub fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no day; write year, month and day, as in 2026-11-22"))
}

/// The moment at which a day begins here.
pub fn begin(day: Date) -> anyhow::Result<Timestamp> {
    let zoned = day.to_zoned(TimeZone::system()).map_err(|_| anyhow::anyhow!("{day} is too far away; choose a day of this century"))?;
    Ok(zoned.timestamp())
}

/// The moment at which it ends.
pub fn end(day: Date) -> anyhow::Result<Timestamp> {
    begin(day.tomorrow().map_err(|_| anyhow::anyhow!("{day} is too far away; choose a day of this century"))?)
}
