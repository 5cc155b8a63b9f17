//! Fillers that stand in the transcript, and words of habit. Pure.
//!
//! Certain: sounds of hesitation ("um"); an engine drops many, so the report says "at least". Probable: "like", "you know", "right?" and their kin,
//! where the words and the punctuation around them say that they carry no meaning. Words of habit ("so", "actually") are only counted: each may
//! well be meant, and none is ever called a filler. What the user meant ([`Meant`]) is in none of the three.

mod clue;
mod habit;
mod weights;

use serde::{Deserialize, Serialize};

use self::clue::Mark;
use super::hesitation::Hesitation;
use super::pace;
use crate::sound::{Millis, Span};
use crate::transcribe::Transcript;

pub use habit::Habit;

/// Sounds of hesitation, as engines write them; letters drawn out ("ummm") count as one.
const HESITATIONS: &[&str] = &["um", "uh", "uhm", "er", "erm", "ehm", "ah", "hm", "m", "mhm"];
/// Phrases of discourse. Which of them are filler is decided by what stands around ([`is_meant`]). "You know what I mean" and "or whatever" are not
/// among them: editors leave them in nearly always.
const PHRASES: &[&[&str]] = &[&["you", "know"], &["like"], &["right"], &["okay"], &["ok"], &["yeah"], &["innit"]];
/// Close after "right", these give it a meaning: "right away", "right at the desk".
const AFTER_RIGHT: &[&str] = &[
    "now",
    "away",
    "here",
    "there",
    "then",
    "after",
    "before",
    "at",
    "up",
    "down",
    "back",
    "across",
    "through",
    "from",
    "next",
    "behind",
    "beside",
    "where",
    "when",
    "into",
    "out",
    "off",
    "over",
    "around",
    "hand",
    "side",
    "thing",
    "way",
    "person",
    "place",
    "time",
    "word",
    "words",
    "answer",
    "decision",
    "direction",
    "to",
];
/// A listener of a long answer notices more than so many a minute, and is put off by more than twelve.
pub const NOTICEABLE_PER_MINUTE: f64 = 5.0;
pub const HEAVY_PER_MINUTE: f64 = 12.0;
/// A text of this many words with less than one comma in so many more was written without commas: there they are no clue.
const BARE_FROM: usize = 30;
const BARE_WORDS_A_COMMA: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// A sound of hesitation.
    Certain,
    /// A phrase that carries no meaning, as far as the words around it tell.
    #[serde(alias = "possible")]
    Probable,
}

/// One filler.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filler {
    /// In plain letters.
    pub text: String,
    pub tier: Tier,
    pub span: Span,
    /// Its first word's place among the words of the transcript, from 0.
    #[serde(default)]
    pub at: usize,
    /// How surely it was heard, 0.0..=1.0, where the engine wrote nothing; None for what was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

/// How a rate of fillers strikes a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    Fine,
    Noticeable,
    Heavy,
}

impl Band {
    /// Of a rate a minute, with the rates above which it is noticeable, and heavy.
    #[must_use]
    pub fn of(per_minute: f64, [noticeable, heavy]: [f64; 2]) -> Self {
        match per_minute {
            rate if rate > heavy => Self::Heavy,
            rate if rate > noticeable => Self::Noticeable,
            _ => Self::Fine,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fillers {
    /// Certain and probable ones, in order.
    pub found: Vec<Filler>,
    /// To one decimal; None where too little was said.
    pub per_minute: Option<f64>,
    /// For a hundred words that are no hesitations, to one decimal; None where too little was said.
    #[serde(default)]
    pub per_100_words: Option<f64>,
    /// Of the rate per minute; None where no bands are wanted.
    #[serde(default)]
    pub band: Option<Band>,
    /// Words of habit, the most frequent first.
    #[serde(default)]
    pub habits: Vec<Habit>,
}

/// What the user declared to be no filler.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meant {
    /// Words and phrases that are always meant; case and punctuation do not matter.
    pub phrases: Vec<String>,
    /// Single places of this take. A filler that lies in one by half its length or more is meant.
    pub places: Vec<Span>,
}

impl Meant {
    /// Whether a stretch lies within one of the places.
    fn has_place(&self, span: Span) -> bool {
        let lies_in = |place: &Span| {
            let shared = span.overlap(*place).length();
            place.start <= span.end && span.start <= place.end && shared.0 * 2 >= span.length().0 && (shared.0 > 0 || span.length().0 == 0)
        };
        self.places.iter().any(lies_in)
    }

    /// Whether the words `at..end` are within a declared phrase or place.
    fn covers(&self, words: &[Said], at: usize, end: usize) -> bool {
        self.has_place(span_of(&words[at..end])) || self.phrases.iter().any(|phrase| stands_around(&plain_words(phrase), words, at, end))
    }
}

fn plain_words(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(crate::words::plain).filter(|w| !w.is_empty()).collect()
}

/// Whether the phrase stands among the words so that `at..end` are part of it.
fn stands_around(phrase: &[String], words: &[Said], at: usize, end: usize) -> bool {
    let first = (end).saturating_sub(phrase.len());
    let whole = |start: usize| words.get(start..start + phrase.len()).is_some_and(|w| w.iter().zip(phrase).all(|(w, p)| w.plain == *p));
    end - at <= phrase.len() && (first..=at).any(whole)
}

/// Whether a plain word is a sound of hesitation.
#[must_use]
pub fn is_hesitation(plain: &str) -> bool {
    let mut short: Vec<char> = plain.chars().collect();
    short.dedup();
    HESITATIONS.contains(&String::from_iter(short).as_str()) && plain != "m"
}

/// Of the lists and weights, for the hash of the thresholds.
#[must_use]
pub fn sha256() -> String {
    crate::hash::sha256_of(&(HESITATIONS, PHRASES, weights::OF))
}

/// All fillers of a transcript but those that were meant, with the hesitations that were heard where the engine wrote nothing; rates count over `time`, from first to last sound of speech.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn find(transcript: &Transcript, heard: &[Hesitation], time: Option<Millis>, meant: &Meant) -> Fillers {
    // a hesitation more or less must not change what else is found: phrases are looked for among the other words
    let (words, hesitations) = parted(lettered(transcript));
    let commas = words.iter().filter(|w| w.mark == Mark::Comma).count();
    let bare = words.len() >= BARE_FROM && commas * BARE_WORDS_A_COMMA < words.len();
    let filler = |words: &[Said], tier: Tier| Filler {
        text: text_of(words),
        tier,
        span: span_of(words),
        at: words.first().map_or(0, |w| w.index),
        confidence: None,
    };
    let single = hesitations.chunks(1).filter(|h| !meant.covers(h, 0, 1));
    let mut found: Vec<Filler> = single.map(|h| filler(h, Tier::Certain)).collect();
    let mut at = 0;
    while at < words.len() {
        let length = phrase_at(&words, at, bare);
        if length > 0 && !meant.covers(&words, at, at + length) {
            found.push(filler(&words[at..at + length], Tier::Probable));
        }
        at += length.max(1);
    }
    found.extend(heard.iter().filter(|h| !meant.has_place(h.span)).map(|h| Filler {
        text: "um".to_owned(),
        tier: Tier::Certain,
        span: h.span,
        at: transcript.words.partition_point(|w| w.start < h.span.start),
        confidence: Some(h.confidence),
    }));
    found.sort_by_key(|f| (f.span.start, f.at));
    let minutes = time.map(|t| t.seconds() / 60.0).filter(|m| *m > 0.0 && words.len() + hesitations.len() >= pace::LEAST_WORDS);
    let per_minute = minutes.map(|m| super::tenth(found.len() as f64 / m));
    let per_100_words = (words.len() >= pace::LEAST_WORDS).then(|| super::tenth(found.len() as f64 * 100.0 / words.len() as f64));
    Fillers { per_minute, per_100_words, band: None, habits: habit::count(&words, bare, meant), found }
}

#[derive(Clone, Debug)]
struct Said {
    plain: String,
    span: Span,
    mark: Mark,
    /// Among the words of the transcript.
    index: usize,
}

/// The words that have letters; a dash is between the words, not among them.
fn lettered(transcript: &Transcript) -> Vec<Said> {
    let mut words: Vec<Said> = Vec::new();
    for (index, word) in transcript.words.iter().enumerate() {
        let (mut plain, mark) = (word.plain(), Mark::after(&word.text));
        // "I hardly know 'er" has no hesitation
        if plain == "er" && word.text.starts_with(['\'', '’']) {
            plain.insert(0, '\'');
        }
        match words.last_mut() {
            Some(last) if plain.is_empty() => last.mark = if mark == Mark::Nothing { last.mark } else { mark },
            _ if plain.is_empty() => {}
            _ => words.push(Said { plain, span: word.span(), mark, index }),
        }
    }
    words
}

/// The words that are no hesitations, and those that are. A sentence that ends with a hesitation ends with the word before it.
fn parted(all: Vec<Said>) -> (Vec<Said>, Vec<Said>) {
    let (mut words, mut hesitations) = (Vec::<Said>::new(), Vec::new());
    for said in all {
        match words.last_mut() {
            _ if !is_hesitation(&said.plain) => words.push(said),
            Some(last) if said.mark.ends_sentence() && !last.mark.ends_sentence() => {
                last.mark = said.mark;
                hesitations.push(said);
            }
            _ => hesitations.push(said),
        }
    }
    (words, hesitations)
}

fn text_of(words: &[Said]) -> String {
    words.iter().map(|w| w.plain.as_str()).collect::<Vec<_>>().join(" ")
}

fn span_of(words: &[Said]) -> Span {
    words.first().zip(words.last()).map(|(a, b)| Span::new(a.span.start.0, b.span.end.0)).unwrap_or_default()
}

/// Whether the words from `at` begin with the phrase, in one sentence.
fn begins(words: &[Said], at: usize, phrase: &[&str]) -> bool {
    let Some(here) = words.get(at..at + phrase.len()) else { return false };
    phrase.iter().zip(here).all(|(p, w)| *p == w.plain) && !here[..here.len() - 1].iter().any(|w| w.mark.ends_sentence())
}

/// How many words from `at` make a filler phrase; 0 for none.
fn phrase_at(words: &[Said], at: usize, bare: bool) -> usize {
    let standing = PHRASES.iter().filter(|phrase| begins(words, at, phrase));
    standing.map(|phrase| phrase.len()).find(|length| !is_meant(words, at, at + length, bare)).unwrap_or(0)
}

/// Whether the phrase at these words carries meaning there.
fn is_meant(words: &[Said], at: usize, end: usize, bare: bool) -> bool {
    let after = words.get(end).filter(|_| words[end - 1].mark == Mark::Nothing);
    if words[at].plain == "right" && after.is_some_and(|w| AFTER_RIGHT.contains(&w.plain.as_str())) {
        return true;
    }
    if let Some(filler) = clue::is_filler(words, at, end, bare) {
        return !filler;
    }
    // "it went well, okay?" and "yeah?", not the "yeah" that answers or asks alone
    let before = at.checked_sub(1).map_or(Mark::Stop, |i| words[i].mark);
    let tag = words[end - 1].mark == Mark::Question && before != Mark::Nothing && !before.ends_sentence();
    words[at].plain != "innit" && !tag
}

/// What the weights are fitted on: the place, the phrase and its clues, for every phrase that has weights.
#[doc(hidden)]
#[must_use]
pub fn candidates(transcript: &Transcript, bare: bool) -> Vec<(usize, String, Vec<String>)> {
    let words = parted(lettered(transcript)).0;
    let phrases = || weights::OF.iter().map(|(text, ..)| text.split(' ').collect::<Vec<_>>());
    let places = (0..words.len()).flat_map(|at| phrases().filter(|p| begins(&words, at, p)).map(|p| (at, at + p.len())).collect::<Vec<_>>());
    places.map(|(at, end)| (words[at].index, text_of(&words[at..end]), clue::clues(&words, at, end, bare))).collect()
}

#[cfg(test)]
#[path = "filler/tests.rs"]
pub(crate) mod tests;
