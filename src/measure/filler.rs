//! Fillers that stand in the transcript, of one word and of several.
//!
//! Hesitations ("um") are certain; an engine drops many, so the report says "at least". The other phrases are only possible fillers: they are
//! left out where the words around them show that they are meant ("what kind of", "do you know", "like" without a comma), and shown apart.

use serde::{Deserialize, Serialize};

use super::pace;
use crate::sound::{Millis, Span};
use crate::transcribe::Transcript;

/// Sounds of hesitation, as engines write them.
const HESITATIONS: &[&str] = &["um", "umm", "uh", "uhh", "uhm", "er", "erm", "ah", "hm", "hmm", "mm", "mhm"];
/// Phrases that listeners take for filler, longest first, so that the longest wins.
const PHRASES: &[&[&str]] =
    &[&["do", "you", "know", "what", "i", "mean"], &["you", "know"], &["i", "mean"], &["sort", "of"], &["kind", "of"], &["like"], &["basically"]];
/// Words before "kind of" and "sort of" that make them mean something.
const BEFORE_A_KIND: &[&str] =
    &["a", "an", "the", "this", "that", "these", "those", "what", "which", "some", "any", "every", "each", "same", "one", "other"];
/// Words before "you know" that make it a question or a clause.
const BEFORE_KNOWING: &[&str] = &["do", "did", "if", "how", "as", "when", "what", "that", "because"];
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
    /// To one decimal; None where too little was said.
    pub per_minute: Option<f64>,
}

/// Whether a plain word is a sound of hesitation.
#[must_use]
pub fn is_hesitation(plain: &str) -> bool {
    HESITATIONS.contains(&plain)
}

/// All fillers of a transcript; rates count over `time`, from first to last sound of speech.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn find(transcript: &Transcript, time: Option<Millis>) -> Fillers {
    let words = lettered(transcript);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let hesitation = is_hesitation(&words[at].plain);
        let length = if hesitation { 1 } else { phrase_at(&words, at) };
        if length > 0 {
            let tier = if hesitation { Tier::Certain } else { Tier::Possible };
            let text: Vec<&str> = words[at..at + length].iter().map(|w| w.plain.as_str()).collect();
            let span = Span { start: words[at].span.start, end: words[at + length - 1].span.end };
            found.push(Filler { text: text.join(" "), tier, span });
        }
        at += length.max(1);
    }
    let minutes = time.map(|t| t.seconds() / 60.0).filter(|m| *m > 0.0 && words.len() >= pace::LEAST_WORDS);
    let per_minute = minutes.map(|m| super::tenth(found.len() as f64 / m));
    Fillers { found, per_minute }
}

struct Said {
    plain: String,
    span: Span,
    /// A comma or the end of a sentence follows.
    set_off: bool,
}

/// The words that have letters; a dash is between the words, not among them.
fn lettered(transcript: &Transcript) -> Vec<Said> {
    let mut words: Vec<Said> = Vec::new();
    for word in &transcript.words {
        let (plain, set_off) = (word.plain(), word.text.ends_with([',', '.', '?', '!', ';', ':', '-', '–', '—', '…']));
        match words.last_mut() {
            Some(last) if plain.is_empty() => last.set_off |= set_off,
            _ if plain.is_empty() => {}
            _ => words.push(Said { plain, span: word.span(), set_off }),
        }
    }
    words
}

/// How many words from `at` make a filler phrase; 0 for none.
fn phrase_at(words: &[Said], at: usize) -> usize {
    let rest = &words[at..];
    let starts = |phrase: &&&[&str]| phrase.len() <= rest.len() && phrase.iter().zip(rest).all(|(p, w)| *p == w.plain);
    let Some(phrase) = PHRASES.iter().find(starts) else { return 0 };
    let before = at.checked_sub(1).map(|i| &words[i]);
    let follows = |list: &[&str]| before.is_some_and(|b| !b.set_off && list.contains(&b.plain.as_str()));
    let meant = match *phrase {
        ["kind" | "sort", "of"] => follows(BEFORE_A_KIND),
        ["you", "know"] => follows(BEFORE_KNOWING),
        // an engine writes commas around a "like" that is only a sound
        ["like"] => !rest[0].set_off && !before.is_some_and(|b| b.set_off),
        _ => false,
    };
    if meant { 0 } else { phrase.len() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::transcribe::{Engine, Word};

    /// A transcript of these words, 400 ms each, one after the other.
    pub(crate) fn said(text: &str) -> Transcript {
        let word = |(i, text): (u64, &str)| Word::new(text, Span::new(i * 400, i * 400 + 400), 1.0);
        let words: Vec<Word> = (0..).zip(text.split_whitespace()).map(word).collect();
        let duration = words.last().map_or(Millis(0), |w| w.end);
        Transcript::new(Engine { model: "none".into(), sha256: None, demo: false, prompt: None }, duration, words)
    }

    fn counted(text: &str) -> Vec<String> {
        find(&said(text), None).found.into_iter().map(|f| f.text).collect()
    }

    #[test]
    fn fillers_of_one_word_and_of_several() {
        assert_eq!(counted("Um, I was, you know, kind of busy. I mean, uh — really."), ["um", "you know", "kind of", "i mean", "uh"]);
        assert_eq!(counted("You, know what I mean?"), ["you know", "i mean"]);
        assert_eq!(counted("Do you know what I mean?"), ["do you know what i mean"]);
        assert!(counted("I would like to know what kind of help they want, and do you know a nurse like her?").is_empty());
        assert_eq!(counted("And she, like, explained it. Like, twice."), ["like", "like"]);
        assert!(counted("The umbrella and the error were known.").is_empty());
    }

    #[test]
    fn one_more_um_adds_exactly_one() {
        let base = counted("I, like, you know, kind of the work").len();
        assert_eq!(counted("I, like, um, you know, kind of the work").len(), base + 1);
    }

    #[test]
    fn the_span_and_the_rate() {
        let fillers = find(&said("So you know it was hard for all of us"), Some(Millis(30_000)));
        assert_eq!(fillers.found[0].span, Span::new(400, 1_200));
        assert_eq!(fillers.per_minute, Some(2.0));
        assert_eq!(find(&said("So you know"), Some(Millis(1_000))).per_minute, None);
    }
}
