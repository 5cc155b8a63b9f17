//! Pace: words a minute from the first word to the last (speech rate, pauses included).

use serde::{Deserialize, Serialize};

use super::filler;
use crate::sound::Millis;
use crate::transcribe::Transcript;

/// Published bands differ (100-165, 140-160, 130-160 words a minute); this is the widest that most of them share.
pub const COMFORTABLE: std::ops::RangeInclusive<f64> = 110.0..=165.0;
/// Below this a rate says more about chance than about the speaker.
pub(super) const LEAST_WORDS: usize = 8;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Words that were counted: all but hesitations such as "um".
    pub words: usize,
    /// To one decimal.
    pub words_per_minute: f64,
}

/// The pace over the time from first to last sound; None under eight words or for no time.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn of(transcript: &Transcript, time: Millis) -> Option<Pace> {
    let words = transcript.words.iter().map(crate::transcribe::Word::plain).filter(|w| !w.is_empty() && !filler::is_hesitation(w)).count();
    let minutes = time.seconds() / 60.0;
    (words >= LEAST_WORDS && minutes > 0.0).then(|| Pace { words, words_per_minute: super::tenth(words as f64 / minutes) })
}

#[cfg(test)]
mod tests {
    use super::super::filler::tests::said;
    use super::*;

    #[test]
    fn words_over_time() {
        let transcript = said("I let her finish and then I said how sorry I was");
        assert_eq!(of(&transcript, Millis(5_000)), Some(Pace { words: 12, words_per_minute: 144.0 }));
    }

    #[test]
    fn an_um_more_changes_nothing() {
        let time = Millis(5_000);
        let plain = of(&said("I let her finish and then I said sorry"), time);
        assert_eq!(of(&said("I let, um, her finish and then I, uh, said sorry"), time), plain);
    }

    #[test]
    fn too_few_words_have_no_pace() {
        assert_eq!(of(&said("Yes I would"), Millis(900)), None);
        assert_eq!(of(&said("I let her finish and then I said how sorry"), Millis(0)), None);
    }
}
