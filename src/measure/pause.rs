//! Silent pauses on the audio: silences of 250 ms and more between the first and the last word, with what they stand after.
//!
//! 250 ms parts pauses of speech from the closures of consonants (Goldman-Eisler 1968, and most work since).

use serde::{Deserialize, Serialize};

use crate::sound::{Millis, Span};
use crate::transcribe::Word;

/// The shortest silence that counts.
pub const SHORTEST: Millis = Millis(250);
/// A pause up to this is a breath, up to [`LONG`] one to think in.
pub const THINKING: Millis = Millis(1_000);
pub const LONG: Millis = Millis(2_000);
/// From here on a listener wonders wherever it stands; a long one within a clause is enough.
pub const REMARKED: Millis = Millis(3_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    SentenceEnd,
    Comma,
    MidClause,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    #[default]
    Normal,
    Thinking,
    Long,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    #[serde(flatten)]
    pub span: Span,
    /// What it stands after; None where the words bear no marks, or there are none.
    #[serde(default)]
    pub place: Option<Place>,
    #[serde(default)]
    pub length: Length,
    /// Long enough, at its place, to be remarked on.
    #[serde(default)]
    pub remarked: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pauses {
    /// In order.
    pub silent: Vec<Pause>,
    /// All of them together.
    pub total: Millis,
    /// Their share of the time from first to last word, 0.0..=1.0, in hundredths.
    pub share: f64,
    /// None without a pause.
    #[serde(default)]
    pub median: Option<Millis>,
}

impl Pauses {
    #[must_use]
    pub fn longest(&self) -> Option<Span> {
        // the first of equals
        self.silent.iter().map(|p| p.span).rev().max_by_key(|s| s.length())
    }
}

/// The silences between stretches of speech, which lie in order within `span` and at least [`SHORTEST`] apart.
#[must_use]
pub fn between(stretches: &[Span], span: Span, words: &[Word]) -> Pauses {
    // words without one mark among them come from somebody who sets none
    let marked = words.iter().any(|w| mark_after(w) != Place::MidClause);
    let place_of = |gap: Span| {
        // word times are exact to a tenth of a second or so: the word that is over by the middle of the silence
        let middle = Millis(gap.start.0.midpoint(gap.end.0));
        let before = words[..words.partition_point(|w| w.start < middle)].last()?;
        marked.then(|| mark_after(before))
    };
    let gaps = stretches.windows(2).map(|w| Span { start: w[0].end, end: w[1].start }).filter(|s| s.length() >= SHORTEST);
    let silent: Vec<Pause> = gaps.map(|gap| pause(gap, place_of(gap))).collect();
    let total = silent.iter().fold(Millis(0), |sum, p| sum + p.span.length());
    let share = if span.length() == Millis(0) { 0.0 } else { (total.seconds() / span.length().seconds() * 100.0).round() / 100.0 };
    let mut lengths: Vec<Millis> = silent.iter().map(|p| p.span.length()).collect();
    lengths.sort_unstable();
    let (low, high) = (lengths.get(lengths.len().saturating_sub(1) / 2), lengths.get(lengths.len() / 2));
    let median = low.zip(high).map(|(a, b)| Millis(a.0.midpoint(b.0)));
    Pauses { silent, total, share, median }
}

fn pause(span: Span, place: Option<Place>) -> Pause {
    let length = match span.length() {
        l if l > LONG => Length::Long,
        l if l > THINKING => Length::Thinking,
        _ => Length::Normal,
    };
    let remarked = span.length() > REMARKED || (length == Length::Long && place == Some(Place::MidClause));
    Pause { span, place, length, remarked }
}

fn mark_after(word: &Word) -> Place {
    if word.ends_sentence() {
        Place::SentenceEnd
    } else if word.text.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with([',', ';', ':', '–', '—', '…']) || word.text.ends_with("--")
    {
        Place::Comma
    } else {
        Place::MidClause
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn gaps_count_from_250_ms() {
        let stretches = [Span::new(500, 1_000), Span::new(1_200, 2_000), Span::new(2_250, 3_000), Span::new(4_500, 5_500)];
        let pauses = between(&stretches, Span::new(500, 5_500), &[]);
        assert_eq!(pauses.silent.iter().map(|p| p.span).collect::<Vec<_>>(), [Span::new(2_000, 2_250), Span::new(3_000, 4_500)]);
        assert_eq!((pauses.total, pauses.share, pauses.longest()), (Millis(1_750), 0.35, Some(Span::new(3_000, 4_500))));
        assert_eq!(pauses.median, Some(Millis(875)));
    }

    #[test]
    fn one_breath_has_no_pause() {
        let pauses = between(&[Span::new(100, 900)], Span::new(100, 900), &[]);
        assert_eq!((pauses.silent.len(), pauses.share, pauses.longest(), pauses.median), (0, 0.0, None, None));
    }

    #[test]
    fn a_pause_is_told_by_what_it_stands_after_and_how_long_it_is() {
        let mut words = said("Well, I said. Then I went home").words;
        let starts = [0, 3_000, 3_400, 8_000, 10_200, 13_500, 13_900];
        for (word, start) in words.iter_mut().zip(starts) {
            (word.start, word.end) = (Millis(start), Millis(start + 400));
        }
        let stretches = [Span::new(0, 400), Span::new(3_000, 3_800), Span::new(8_000, 8_400), Span::new(10_200, 10_600), Span::new(13_500, 14_300)];
        let silent = between(&stretches, Span::new(0, 14_300), &words).silent;
        let told: Vec<_> = silent.iter().map(|p| (p.place.unwrap(), p.length, p.remarked)).collect();
        assert_eq!(
            told,
            [
                (Place::Comma, Length::Long, false),
                (Place::SentenceEnd, Length::Long, true),
                (Place::MidClause, Length::Thinking, false),
                (Place::MidClause, Length::Long, true)
            ]
        );
    }

    #[test]
    fn words_without_marks_do_not_make_every_pause_one_within_a_clause() {
        let words = said(&"word ".repeat(30)).words;
        let pauses = between(&[Span::new(0, 4_000), Span::new(6_500, 12_000)], Span::new(0, 12_000), &words);
        assert_eq!((pauses.silent[0].place, pauses.silent[0].remarked), (None, false));
    }
}
