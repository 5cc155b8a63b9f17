//! How long it takes until an answer comes to the point.
//!
//! The point is reached with the first sentence that shares a word of meaning with the question (compared by stem), or that begins with a claim
//! of the speaker's own: "I ...", "my ...", "we ...", with a verb, perhaps after "well" and its kind. Playing for time ("that is a good
//! question", "let me think") does not count: of such a sentence only what follows after the next comma does. The time runs from the first word,
//! since thinking before is no fault. Without punctuation there is no telling.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Ends, Quote, Words};
use crate::sound::Millis;
use crate::words;

/// By what the point was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// A word of the question.
    Question,
    /// A claim in the first person.
    Claim,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direct {
    /// From the first word of the answer.
    pub after: Millis,
    pub sign: Sign,
    /// The rest of the sentence from there.
    #[serde(flatten)]
    pub quote: Quote,
}

/// Phrases by which a speaker plays for time.
const STALLING: &[&[&str]] = &[
    &["good", "question"],
    &["great", "question"],
    &["interesting", "question"],
    &["difficult", "question"],
    &["tough", "question"],
    &["hard", "question"],
    &["tricky", "one"],
    &["hard", "one"],
    &["good", "one"],
    &["let", "me", "think"],
    &["let", "me", "see"],
    &["let's", "see"],
    &["have", "to", "think"],
    &["need", "to", "think"],
    &["need", "a", "moment"],
    &["think", "about", "that"],
    &["thank", "you", "for"],
    &["thanks", "for"],
    &["where", "do", "i", "start"],
    &["where", "to", "start"],
    &["i", "don't", "know"],
    &["i'm", "not", "sure"],
    &["i", "am", "not", "sure"],
    &["repeat", "the", "question"],
    &["say", "that", "again"],
    &["off", "the", "top", "of", "my", "head"],
    &["how", "do", "i", "put"],
];
/// Words before the subject that change nothing.
const OPENERS: &[&str] = &[
    "so",
    "well",
    "yes",
    "yeah",
    "no",
    "and",
    "but",
    "okay",
    "ok",
    "right",
    "um",
    "uh",
    "er",
    "erm",
    "now",
    "then",
    "actually",
    "basically",
    "honestly",
    "first",
    "firstly",
    "oh",
    "absolutely",
    "definitely",
    "sure",
    "certainly",
    "personally",
];
/// Beginnings that claim nothing yet.
const NO_CLAIM: &[&[&str]] =
    &[&["i", "mean"], &["i", "guess"], &["i", "suppose"], &["i", "think"], &["i", "would", "say"], &["i'd", "say"], &["you", "know"]];
const CLAIMING: &[&str] = &["i", "my", "we", "our"];
/// Words in nearly every question; sharing one says nothing.
const ASKING: &str = "tell describe explain talk walk give example question answer think know make thing want ever way please say feel happen time \
                      situation handle deal important good best new day really something anything need use one first";
/// A claim has more words than this.
const LEAST: usize = 3;

pub(super) fn find(words: &Words, question: Option<&str>) -> Option<Direct> {
    let first = words.said.first()?;
    if words.is_unpunctuated() {
        return None;
    }
    let asking = words::stems(ASKING);
    let wanted: Vec<String> = question.map(words::stems).unwrap_or_default().into_iter().filter(|s| !asking.contains(s)).collect();
    words.sentences().into_iter().filter_map(|s| without_stalling(words, s)).find_map(|range| {
        let text: Vec<&str> = words.said[range.clone()].iter().map(|w| w.plain.as_str()).collect();
        let sign = if words::stems(&text.join(" ")).iter().any(|s| wanted.contains(s)) {
            Sign::Question
        } else if is_claim(words, range.clone()) {
            Sign::Claim
        } else {
            return None;
        };
        Some(Direct { after: words.said[range.start].span.start - first.span.start, sign, quote: words.quote(range) })
    })
}

/// What of a sentence comes after the last clause that plays for time; all of it where none does.
fn without_stalling(words: &Words, sentence: Range<usize>) -> Option<Range<usize>> {
    let stalls = |at: &usize| STALLING.iter().any(|phrase| words.begins(*at, phrase) && at + phrase.len() <= sentence.end);
    let Some(last) = sentence.clone().rev().find(stalls) else { return Some(sentence) };
    let comma = (last..sentence.end - 1).find(|at| words.said[*at].ends == Ends::Clause)?;
    Some(comma + 1..sentence.end)
}

fn is_claim(words: &Words, sentence: Range<usize>) -> bool {
    let is_opener = |at: &usize| OPENERS.contains(&words.said[*at].plain.as_str()) || words.said[*at].hesitation;
    let mut start = sentence.clone().find(|at| !is_opener(at)).unwrap_or(sentence.end);
    while let Some(empty) = NO_CLAIM.iter().find(|phrase| words.begins(start, phrase)) {
        start += empty.len();
        start = (start..sentence.end).find(|at| !is_opener(at) && words.said[*at].plain != "that").unwrap_or(sentence.end);
    }
    let subject = words.said.get(start).filter(|_| start < sentence.end).and_then(|w| w.plain.split('\'').next());
    subject.is_some_and(|s| CLAIMING.contains(&s)) && sentence.end - start >= LEAST
}
