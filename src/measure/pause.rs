//! Silent pauses on the audio: gaps of 250 ms and more between the first and the last sound of speech.
//!
//! 250 ms parts pauses of speech from the closures of consonants (Goldman-Eisler 1968, and most work since).

use serde::{Deserialize, Serialize};

use crate::sound::{Millis, Span};

/// The shortest silence that counts.
pub const SHORTEST: Millis = Millis(250);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pauses {
    /// In order.
    pub silent: Vec<Span>,
    /// All of them together.
    pub total: Millis,
    /// Their share of the time from first to last sound, 0.0..=1.0, in hundredths.
    pub share: f64,
}

impl Pauses {
    #[must_use]
    pub fn longest(&self) -> Option<Span> {
        // the first of equals
        self.silent.iter().copied().rev().max_by_key(|s| s.length())
    }
}

/// The gaps between stretches of speech, which lie in order within `span` and at least [`SHORTEST`] apart.
#[must_use]
pub fn between(stretches: &[Span], span: Span) -> Pauses {
    let silent: Vec<Span> = stretches.windows(2).map(|w| Span { start: w[0].end, end: w[1].start }).filter(|s| s.length() >= SHORTEST).collect();
    let total = silent.iter().fold(Millis(0), |sum, s| sum + s.length());
    let share = if span.length() == Millis(0) { 0.0 } else { (total.seconds() / span.length().seconds() * 100.0).round() / 100.0 };
    Pauses { silent, total, share }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_count_from_250_ms() {
        let stretches = [Span::new(500, 1_000), Span::new(1_200, 2_000), Span::new(2_250, 3_000), Span::new(4_500, 5_500)];
        let pauses = between(&stretches, Span::new(500, 5_500));
        assert_eq!(pauses.silent, [Span::new(2_000, 2_250), Span::new(3_000, 4_500)]);
        assert_eq!((pauses.total, pauses.share, pauses.longest()), (Millis(1_750), 0.35, Some(Span::new(3_000, 4_500))));
    }

    #[test]
    fn one_breath_has_no_pause() {
        let pauses = between(&[Span::new(100, 900)], Span::new(100, 900));
        assert_eq!((pauses.silent.len(), pauses.share, pauses.longest()), (0, 0.0, None));
    }
}
