//! Positions and durations: whole milliseconds from the start of a take.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A position in a take, or a length of time, in whole milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u64", try_from = "u64")]
pub struct Millis(pub u64);

/// A time that a file holds and no recording has.
#[derive(Debug, thiserror::Error)]
#[error("a time of {0} ms, which no recording has")]
pub struct BeyondAnyRecording(u64);

impl Millis {
    /// The latest that is taken from a file, seven weeks: sums and products of what was read stay far from where numbers end, and what is made from it,
    /// such as the marks on an axis, of a size to look at.
    const LATEST: u64 = 1 << 32;

    /// The time that `frames` sample frames take at `rate` frames a second, rounded down.
    #[must_use]
    pub fn of_frames(frames: usize, rate: u32) -> Self {
        Self(frames as u64 * 1000 / u64::from(rate.max(1)))
    }

    /// How many sample frames fit into this time at `rate` frames a second.
    #[must_use]
    pub fn frames(self, rate: u32) -> usize {
        usize::try_from(self.0 * u64::from(rate) / 1000).unwrap_or(usize::MAX)
    }

    /// The same time in seconds.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // exact below 285,000 years
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// Minutes, seconds and tenths, rounded down: `1:07.3`.
    #[must_use]
    pub fn precise(self) -> String {
        format!("{self}.{}", self.0 % 1000 / 100)
    }

    /// The difference, or zero where `other` is the later one.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl From<Millis> for u64 {
    fn from(millis: Millis) -> Self {
        millis.0
    }
}

impl TryFrom<u64> for Millis {
    type Error = BeyondAnyRecording;

    fn try_from(millis: u64) -> Result<Self, BeyondAnyRecording> {
        if millis <= Self::LATEST { Ok(Self(millis)) } else { Err(BeyondAnyRecording(millis)) }
    }
}

impl From<Duration> for Millis {
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

/// Minutes and seconds as a person reads them on a clock: `1:07`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0 / 1000;
        write!(f, "{}:{:02}", seconds / 60, seconds % 60)
    }
}

/// A stretch of a take; `end` is not before `start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: Millis,
    pub end: Millis,
}

impl Span {
    /// The stretch from `start` to `end` milliseconds; an end before the start is moved to the start.
    #[must_use]
    pub fn new(start: u64, end: u64) -> Self {
        Self { start: Millis(start), end: Millis(end.max(start)) }
    }

    #[must_use]
    pub fn length(self) -> Millis {
        self.end - self.start
    }

    /// What of this stretch lies in another; of no length where they do not meet.
    #[must_use]
    pub fn overlap(self, other: Self) -> Self {
        let start = self.start.max(other.start);
        Self { start, end: self.end.min(other.end).max(start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_like_a_clock() {
        assert_eq!(Millis(0).to_string(), "0:00");
        assert_eq!(Millis(67_900).to_string(), "1:07");
        assert_eq!(Millis(67_999).precise(), "1:07.9");
    }

    #[test]
    fn a_time_that_no_recording_has_is_not_read() {
        assert_eq!(serde_json::from_str::<Millis>("4294967296").unwrap(), Millis(1 << 32));
        let said = serde_json::from_str::<Span>(r#"{"start": 0, "end": 18446744073709551615}"#).unwrap_err().to_string();
        assert!(said.contains("a time of 18446744073709551615 ms, which no recording has"), "{said}");
        assert_eq!(serde_json::to_string(&Millis(7)).unwrap(), "7");
    }

    #[test]
    fn frames_and_milliseconds_agree() {
        assert_eq!(Millis::of_frames(44_100, 44_100), Millis(1000));
        assert_eq!(Millis(250).frames(16_000), 4000);
    }
}
