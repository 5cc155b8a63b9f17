//! Pace: how fast somebody speaks, with and without the pauses, and how that changes.
//!
//! Speech rate counts words a minute from the first word to the last; articulation rate leaves the silent pauses out; the phonation ratio is the
//! share of the time that is not silent pause (Goldman-Eisler 1968; de Jong & Wempe 2009). Hesitations that were written down are words here: they
//! take their time, and the figures that listeners are asked about count them.

use serde::{Deserialize, Serialize};

use super::{syllable, tenth};
use crate::sound::{Millis, Span};
use crate::transcribe::Word;

/// Published bands differ (100-165, 140-160, 130-160 words a minute); this is the widest that most of them share.
pub const COMFORTABLE: [f64; 2] = [110.0, 165.0];
/// Below this a rate says more about chance than about the speaker.
pub const LEAST_WORDS: usize = 8;
/// Nobody says eight words in less.
const LEAST_VOICE: Millis = Millis(1_000);
/// The pace over time is told over so much, so often.
pub const WINDOW: Millis = Millis(15_000);
pub const STEP: Millis = Millis(1_000);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Words that were counted.
    pub words: usize,
    /// Speech rate: words a minute from the first to the last, pauses included. To one decimal.
    pub words_per_minute: f64,
    /// Words a minute without the silent pauses. To one decimal.
    pub articulation_rate: f64,
    /// Share of the time from first to last word that is no silent pause, 0.0..=1.0, in hundredths.
    pub phonation_ratio: f64,
    /// Syllables of the words, counted from how they are written.
    pub syllables: usize,
    /// Syllables a second without the silent pauses. To one decimal.
    pub syllables_per_second: f64,
    /// The pace in windows of 15 s, one a second. None of them has fewer than eight words.
    pub over_time: Vec<PaceAt>,
    /// How much faster the last third was than the first, in per cent of the first; None where one of them has too few words.
    pub drift: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaceAt {
    /// The middle of the window.
    pub at: Millis,
    pub words_per_minute: f64,
}

/// The pace of the words that lie in `span`, of which `time` counts, and of that `silent` is pause. None under eight words or a second of voice.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn of(words: &[Word], span: Span, time: Millis, silent: Millis) -> Option<Pace> {
    let said: Vec<(Span, &str)> = words.iter().filter(|w| !w.plain().is_empty()).map(|w| (w.span(), w.text.as_str())).collect();
    let voiced = time - silent;
    if said.len() < LEAST_WORDS || voiced < LEAST_VOICE {
        return None;
    }
    let spans: Vec<Span> = said.iter().map(|(span, _)| *span).collect();
    // where all is written in capitals, none of it is spelled
    let shouted = !said.iter().any(|(_, text)| text.chars().any(char::is_lowercase));
    let syllables_of = |text: &str| if shouted { syllable::count(&text.to_lowercase()) } else { syllable::count(text) };
    let syllables = said.iter().map(|(_, text)| syllables_of(text)).sum();
    let third = span.length().0 / 3;
    let ends = [Span::new(span.start.0, span.start.0 + third), Span::new(span.end.0 - third, span.end.0)];
    let [first, last] = ends.map(|third| rate(&spans, third));
    Some(Pace {
        words: said.len(),
        words_per_minute: tenth(said.len() as f64 / minutes(time)),
        articulation_rate: tenth(said.len() as f64 / minutes(voiced)),
        phonation_ratio: (voiced.seconds() / time.seconds() * 100.0).round() / 100.0,
        syllables,
        syllables_per_second: tenth(syllables as f64 / voiced.seconds()),
        over_time: over_time(&spans, span),
        drift: first.zip(last).map(|(first, last)| tenth((last / first - 1.0) * 100.0)),
    })
}

fn minutes(time: Millis) -> f64 {
    time.seconds() / 60.0
}

/// Words a minute in a stretch, each word by the share of it that lies inside; None under eight words.
#[allow(clippy::cast_precision_loss)]
fn rate(words: &[Span], within: Span) -> Option<f64> {
    let inside = words.iter().filter(|w| w.start < within.end && w.end.max(Millis(w.start.0 + 1)) > within.start);
    let share = |w: &Span| {
        let overlap = w.end.min(within.end) - w.start.max(within.start);
        if w.length() == Millis(0) { 1.0 } else { overlap.seconds() / w.length().seconds() }
    };
    let count: f64 = inside.map(share).sum();
    (count >= LEAST_WORDS as f64 && within.length() > Millis(0)).then(|| count / minutes(within.length()))
}

fn over_time(words: &[Span], span: Span) -> Vec<PaceAt> {
    let windows = (span.start.0..).step_by(usize::try_from(STEP.0).unwrap_or(1)).take_while(|start| start + WINDOW.0 <= span.end.0);
    let told = |start: u64| {
        let rate = rate(words, Span::new(start, start + WINDOW.0))?;
        Some(PaceAt { at: Millis(start + WINDOW.0 / 2), words_per_minute: tenth(rate) })
    };
    windows.filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    fn pace(text: &str, silent: u64) -> Option<Pace> {
        let words = said(text).words;
        let span = Span { start: Millis(0), end: words.last().map_or(Millis(0), |w| w.end) };
        of(&words, span, span.length(), Millis(silent))
    }

    #[test]
    fn words_over_time_with_and_without_the_pauses() {
        // 12 words of 400 ms
        let told = pace("I let her finish and then I said how sorry I was", 1_200).unwrap();
        assert_eq!((told.words, told.words_per_minute, told.articulation_rate, told.phonation_ratio), (12, 150.0, 200.0, 0.75));
        assert_eq!((told.syllables, told.syllables_per_second), (14, 3.9));
        let syllables = |text: &str| pace(&format!("{text} {}", "so ".repeat(9)), 0).unwrap().syllables - 9;
        assert_eq!((syllables("The IT team had 30% less."), pace(&"WAS IT ".repeat(6), 0).unwrap().syllables), (10, 12));
    }

    #[test]
    fn too_few_words_have_no_pace() {
        assert_eq!(pace("Yes I would", 0), None);
        assert_eq!(of(&said("I let her finish and then I said how sorry").words, Span::default(), Millis(0), Millis(0)), None);
    }

    #[test]
    fn who_speeds_up_is_seen_to() {
        let mut words = said(&"word ".repeat(100)).words;
        for (i, word) in (0u64..).zip(&mut words) {
            // the last 50 take 300 ms each, the first 50 600 ms
            let start = if i < 50 { i * 600 } else { 30_000 + (i - 50) * 300 };
            (word.start, word.end) = (Millis(start), Millis(start + if i < 50 { 600 } else { 300 }));
        }
        let pace = of(&words, Span::new(0, 45_000), Millis(45_000), Millis(0)).unwrap();
        assert_eq!(pace.drift, Some(100.0));
        assert_eq!(pace.over_time.len(), 31);
        assert_eq!(pace.over_time[0], PaceAt { at: Millis(7_500), words_per_minute: 100.0 });
        assert_eq!(pace.over_time[30], PaceAt { at: Millis(37_500), words_per_minute: 200.0 });
    }

    #[test]
    fn a_window_with_few_words_tells_nothing() {
        let mut words = said("I let her finish and then I said how sorry").words;
        for word in &mut words {
            (word.start, word.end) = (Millis(word.start.0 * 10), Millis(word.end.0 * 10));
        }
        let pace = of(&words, Span::new(0, 40_000), Millis(40_000), Millis(0)).unwrap();
        assert!(pace.over_time.is_empty() && pace.drift.is_none());
    }
}
