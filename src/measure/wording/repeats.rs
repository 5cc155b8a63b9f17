//! Words said twice in a row, and beginnings that were begun again.

use super::{Ends, Quote, Words};

/// Twice in a row these are meant, or are grammar.
const MEANT_TWICE: &[&str] = &[
    "very", "really", "so", "much", "many", "far", "long", "never", "no", "yes", "yeah", "well", "now", "there", "ha", "blah", "oh", "okay", "had",
    "that", "bye", "more", "too", "always", "again", "big", "quite", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero",
];
/// "More and more and more": no restart.
const LINKS: &[&str] = &["and", "by", "or", "to", "after"];
/// Words that begin a clause.
const SUBJECTS: &[&str] = &["i", "you", "he", "she", "it", "we", "they", "there", "that", "this", "who", "what"];
/// Words after a subject that need more to follow: broken off there, the clause was begun again.
const HELPING: &[&str] = &[
    "am", "is", "are", "was", "were", "be", "can", "could", "will", "would", "shall", "should", "may", "might", "must", "have", "has", "had", "do",
    "does", "did", "don't", "didn't", "can't", "couldn't", "wouldn't", "wasn't", "weren't", "just", "also", "really", "always", "then", "want",
    "wanted", "need", "needed", "used", "tried", "went", "think", "thought", "said", "had",
];
/// The longest beginning that is looked for.
const LONGEST: usize = 4;

/// Repeated words and restarts, each in order. Hesitations between do not matter.
pub(super) fn find(words: &Words) -> (Vec<Quote>, Vec<Quote>) {
    // places in `words` of all but hesitations
    let said: Vec<usize> = (0..words.said.len()).filter(|i| !words.said[*i].hesitation).collect();
    let (mut repeated, mut restarts) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < said.len() {
        if doubled(words, said[at]) {
            repeated.push(words.quote(said[at]..said[at] + 1));
            at += 1;
        } else if let Some(length) = again(words, &said[at..]) {
            restarts.push(words.quote(said[at]..said[at + length - 1] + 1));
            // what was begun again may be begun a third time
            at += length / 2;
        } else {
            let run = said[at..].iter().take_while(|i| words.said[**i].plain == words.said[said[at]].plain).count();
            let run = (1..run).find(|n| parted(words, said[at + n - 1], said[at + n])).unwrap_or(run);
            let plain = words.said[said[at]].plain.as_str();
            if run > 1 && !MEANT_TWICE.contains(&plain) && !plain.starts_with(|c: char| c.is_ascii_digit()) {
                repeated.push(words.quote(said[at]..said[at + run - 1] + 1));
            } else if let Some(length) = broken_off(words, &said[at..]) {
                restarts.push(words.quote(said[at]..said[at + length - 1] + 1));
            }
            at += run;
        }
    }
    (repeated, restarts)
}

/// Whether the end of a sentence is between two places.
fn parted(words: &Words, from: usize, to: usize) -> bool {
    words.said[from..to].iter().any(|w| w.ends == Ends::Sentence)
}

/// "I-I", as an engine writes it.
fn doubled(words: &Words, at: usize) -> bool {
    let parts: Vec<&str> = words.said[at].plain.split('-').collect();
    parts.len() > 1 && parts[1..].iter().all(|p| *p == parts[0]) && !MEANT_TWICE.contains(&parts[0])
}

/// The same two to four words twice: the length of both.
fn again(words: &Words, said: &[usize]) -> Option<usize> {
    let plain = |i: usize| words.said[said[i]].plain.as_str();
    (2..=LONGEST).rev().find_map(|n| {
        let whole = said.len() >= 2 * n && !parted(words, said[0], said[2 * n - 1]);
        let same = whole && (0..n).all(|i| plain(i) == plain(n + i));
        // "the the the the" is a word repeated, and of two words neither is a link
        let linked = same && (usize::from(n > 2)..n).any(|i| LINKS.contains(&plain(i)));
        (same && (1..n).any(|i| plain(i) != plain(0)) && !linked).then_some(2 * n)
    })
}

/// "We can, we could": a clause that was broken off after a helping word, and the beginning of the next, by the same subject. "Wor- working": a
/// word broken off, and the next. The length of both.
fn broken_off(words: &Words, said: &[usize]) -> Option<usize> {
    let word = |i: usize| said.get(i).map(|at| &words.said[*at]);
    let first = word(0)?;
    let subject = |plain: &str| SUBJECTS.contains(&plain.split('\'').next().unwrap_or_default());
    if first.ends == Ends::Word && word(1).is_some() {
        return Some(2);
    }
    if !subject(&first.plain) {
        return None;
    }
    let short = first.plain.contains('\'');
    (1..=3).find_map(|n| {
        let (last, next) = (word(n - 1)?, word(n)?);
        // a hesitation between says as much as a comma
        let broken = matches!(last.ends, Ends::Clause | Ends::Word) || said[n] > said[n - 1] + 1 && last.ends == Ends::Nothing;
        let open = if n == 1 { short } else { HELPING.contains(&last.plain.as_str()) };
        let same = next.plain.split('\'').next() == first.plain.split('\'').next();
        (broken && open && same && !parted(words, said[0], said[n])).then(|| (n + 2).min(said.len()))
    })
}
