//! Pet phrases: two to four words that come again and again, in this answer or more often than this speaker usually says them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Ends, Quote, Words};
use crate::measure::tenth;
use crate::transcribe::Transcript;
use crate::words;

/// How often the user usually says a phrase (in plain letters), in a thousand words.
pub type Usual = BTreeMap<String, f64>;

/// A phrase that comes often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pet {
    /// In plain letters.
    pub phrase: String,
    /// In order.
    pub places: Vec<Quote>,
    /// To one decimal.
    pub per_1000_words: f64,
    /// In earlier sessions; None where it did not come up or there are none.
    pub usual: Option<f64>,
}

/// Often enough by itself.
const OFTEN: usize = 3;
/// Said twice, it counts where that is this many times as often as usual.
const TIMES_USUAL: f64 = 3.0;
/// Words of fillers, hedges and habits, which are told elsewhere, and verbs and negations that say little.
const EMPTY: &[&str] = &[
    "know",
    "mean",
    "kind",
    "sort",
    "think",
    "guess",
    "like",
    "basically",
    "actually",
    "just",
    "okay",
    "maybe",
    "probably",
    "suppose",
    "go",
    "going",
    "went",
    "want",
    "wanted",
    "not",
    "don't",
    "didn't",
    "can't",
    "one",
    "that's",
    "there's",
    "he's",
    "she's",
    "let's",
];
/// A phrase does not end with one of these, nor begin with one of [`NO_BEGINNING`].
const NO_END: &[&str] = &[
    "a", "an", "the", "and", "but", "or", "so", "i", "we", "he", "she", "they", "you", "it", "my", "our", "their", "his", "her", "your", "was", "is",
    "are", "were", "that", "which", "who", "because", "when", "if", "had", "have", "has", "as", "then", "i'm", "there",
];
/// Nor do two words end with one of these: "look at", but "in terms of".
const NO_SHORT_END: &[&str] = &["to", "of", "in", "at", "on", "for", "with", "by", "from", "about"];
const NO_BEGINNING: &[&str] = &["a", "an", "the", "and", "but", "or", "so", "of", "to", "that", "because", "then", "it", "which", "who"];

pub(super) fn find(words: &Words, question: Option<&str>, usual: &Usual) -> Vec<Pet> {
    let topic: Vec<String> = question.map(words::stems).unwrap_or_default();
    let total = words.said.iter().filter(|w| !w.hesitation).count();
    let phrases = phrases(words);
    let mut pets: Vec<Pet> = Vec::new();
    for (phrase, places) in &phrases {
        let (per_1000_words, usual) = (per_1000(places.len(), total), usual.get(phrase).copied());
        let unusual = places.len() >= 2 && usual.is_some_and(|u| per_1000_words >= TIMES_USUAL * u);
        // the question's own words are the topic
        let asked = words::stems(phrase).iter().all(|s| topic.contains(s));
        if asked || !(places.len() >= OFTEN || unusual) {
            continue;
        }
        let places = places.iter().map(|(at, length)| words.quote(*at..at + length)).collect();
        pets.push(Pet { phrase: phrase.clone(), places, per_1000_words: tenth(per_1000_words), usual });
    }
    // of a phrase and one within it, the longer, unless the shorter also comes by itself
    let within = |short: &Pet, long: &Pet| {
        long.phrase.len() > short.phrase.len()
            && format!(" {} ", long.phrase).contains(&format!(" {} ", short.phrase))
            && short.places.len() < long.places.len() + 2
    };
    let covered: BTreeSet<String> = pets.iter().filter(|p| pets.iter().any(|other| within(p, other))).map(|p| p.phrase.clone()).collect();
    pets.retain(|p| !covered.contains(&p.phrase));
    pets.sort_by_key(|p| Reverse((p.places.len(), p.phrase.split(' ').count())));
    pets
}

/// How often each phrase comes in a thousand words of these transcripts, for [`Usual`]. Phrases that came once only are left out.
#[must_use]
pub fn usual<'t>(transcripts: impl IntoIterator<Item = &'t Transcript>) -> Usual {
    let (mut counts, mut total) = (BTreeMap::<String, usize>::new(), 0);
    for transcript in transcripts {
        let words = Words::new(transcript);
        total += words.said.iter().filter(|w| !w.hesitation).count();
        for (phrase, places) in phrases(&words) {
            *counts.entry(phrase).or_default() += places.len();
        }
    }
    counts.into_iter().filter(|(_, n)| *n > 1).map(|(phrase, n)| (phrase, per_1000(n, total))).collect()
}

#[allow(clippy::cast_precision_loss)]
fn per_1000(count: usize, total: usize) -> f64 {
    count as f64 * 1000.0 / total.max(1) as f64
}

/// All phrases of two to four words that carry meaning, each with where it starts and how many words (hesitations included) it takes. Places of
/// one phrase do not overlap.
fn phrases(words: &Words) -> BTreeMap<String, Vec<(usize, usize)>> {
    let said: Vec<usize> = (0..words.said.len()).filter(|i| !words.said[*i].hesitation).collect();
    let plain = |i: usize| words.said[said[i]].plain.as_str();
    let telling: Vec<bool> = (0..said.len()).map(|i| !EMPTY.contains(&plain(i)) && !words::stems(plain(i)).is_empty()).collect();
    let mut found = BTreeMap::<String, Vec<(usize, usize)>>::new();
    for start in 0..said.len() {
        for length in 2..=4 {
            let end = start + length;
            if end > said.len() || words.said[said[end - 2]..said[end - 1]].iter().any(|w| w.ends == Ends::Sentence) {
                break;
            }
            let short = length == 2 && NO_SHORT_END.contains(&plain(end - 1));
            if short || NO_BEGINNING.contains(&plain(start)) || NO_END.contains(&plain(end - 1)) || !telling[start..end].contains(&true) {
                continue;
            }
            let phrase = (start..end).map(plain).collect::<Vec<_>>().join(" ");
            let places = found.entry(phrase).or_default();
            if places.last().is_none_or(|(at, taken)| at + taken <= said[start]) {
                places.push((said[start], said[end - 1] + 1 - said[start]));
            }
        }
    }
    found
}
