//! Fillers that stand in the transcript, of one word and of several.
//!
//! Hesitations ("um") are certain. The others are counted where they are written, whatever they mean there: the report calls them
//! filler phrases and shows each, so that a person can judge. An engine drops hesitations, so the report says "at least".

use serde::{Deserialize, Serialize};

use crate::sound::Span;
use crate::transcribe::Transcript;

/// Sounds of hesitation, as engines write them.
const HESITATIONS: &[&str] = &["um", "umm", "uh", "uhh", "uhm", "er", "erm", "ah", "hm", "hmm", "mm", "mhm"];
/// Phrases that listeners take for filler, longest first, so that the longest wins.
const PHRASES: &[&[&str]] =
    &[&["do", "you", "know", "what", "i", "mean"], &["you", "know"], &["i", "mean"], &["sort", "of"], &["kind", "of"], &["like"], &["basically"]];
/// A listener of a long answer notices from about here on (5 to 12 a minute).
pub const NOTICEABLE_PER_MINUTE: f64 = 5.0;
pub const HEAVY_PER_MINUTE: f64 = 12.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// A sound of hesitation.
    Certain,
    /// A phrase that may be meant.
    Possible,
}

/// One filler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filler {
    /// In plain letters.
    pub text: String,
    pub tier: Tier,
    pub span: Span,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fillers {
    /// In order.
    pub found: Vec<Filler>,
    /// To one decimal; None where nothing was said.
    pub per_minute: Option<f64>,
}

/// Whether a plain word is a sound of hesitation.
#[must_use]
pub fn is_hesitation(plain: &str) -> bool {
    HESITATIONS.contains(&plain)
}

/// All fillers of a transcript; rates count over `span`, first to last sound of speech.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn find(transcript: &Transcript, span: Option<Span>) -> Fillers {
    // words without letters (a dash) are between the words, not among them
    let words: Vec<(String, Span)> = transcript.words.iter().map(|w| (w.plain(), w.span())).filter(|(w, _)| !w.is_empty()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let length = if is_hesitation(&words[at].0) { 1 } else { phrase_at(&words[at..]) };
        if length > 0 {
            let tier = if is_hesitation(&words[at].0) { Tier::Certain } else { Tier::Possible };
            let text: Vec<&str> = words[at..at + length].iter().map(|(w, _)| w.as_str()).collect();
            let span = Span { start: words[at].1.start, end: words[at + length - 1].1.end };
            found.push(Filler { text: text.join(" "), tier, span });
        }
        at += length.max(1);
    }
    let minutes = span.map(|s| s.length().seconds() / 60.0).filter(|m| *m > 0.0);
    let per_minute = minutes.map(|m| super::tenth(found.len() as f64 / m));
    Fillers { found, per_minute }
}

/// How many words of the start make a filler phrase; 0 for none.
fn phrase_at(words: &[(String, Span)]) -> usize {
    let starts = |phrase: &&&[&str]| phrase.len() <= words.len() && phrase.iter().zip(words).all(|(p, (w, _))| p == w);
    PHRASES.iter().find(starts).map_or(0, |p| p.len())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sound::Millis;
    use crate::transcribe::{Engine, Word};

    /// A transcript of these words, 400 ms each, one after the other.
    pub(crate) fn said(text: &str) -> Transcript {
        let word = |(i, text): (u64, &str)| Word { text: text.to_owned(), start: Millis(i * 400), end: Millis(i * 400 + 400), probability: 1.0 };
        let words: Vec<Word> = (0..).zip(text.split_whitespace()).map(word).collect();
        let duration = words.last().map_or(Millis(0), |w| w.end);
        Transcript::new(Engine { model: "none".into(), sha256: None, demo: false }, duration, words)
    }

    fn counted(text: &str) -> Vec<String> {
        find(&said(text), None).found.into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn fillers_of_one_word_and_of_several() {
        assert_eq!(counted("Um, I was, you know, kind of busy. I mean, uh — really."), ["um", "you know", "kind of", "i mean", "uh"]);
        assert_eq!(counted("You, know what I mean?"), ["you know", "i mean"]);
        assert_eq!(counted("Do you know what I mean?"), ["do you know what i mean"]);
        assert!(counted("The umbrella and the error were known.").is_empty());
    }

    #[test]
    fn one_more_um_adds_exactly_one() {
        let base = counted("I like, you know, kind of the work").len();
        assert_eq!(counted("I like, um, you know, kind of the work").len(), base + 1);
    }

    #[test]
    fn the_span_and_the_rate() {
        let fillers = find(&said("So you know it was hard"), Some(Span::new(0, 30_000)));
        assert_eq!(fillers.found[0].span, Span::new(400, 1_200));
        assert_eq!(fillers.per_minute, Some(2.0));
    }
}
