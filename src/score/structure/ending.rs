//! How an answer ends. Pure.

use serde::{Deserialize, Serialize};

use super::said::{Ends, Said};
use super::{Stretch, cues, parts::PartKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Close {
    /// With what came of it.
    Result,
    /// With what the speaker took from it.
    Lesson,
    /// With a whole sentence.
    Sentence,
    /// In the middle of one.
    BrokenOff,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    pub close: Close,
    /// The words by which it is known: a lesson's cue, or the last clause.
    pub by: Stretch,
}

const LESSONS: &[&str] = &[
    "i|i've learned|learnt that|to|from|a|how|not|was|wasn't",
    "what i learned|learnt",
    "what i took|take from",
    "lesson",
    "* taught me",
    "since then i|i've|we",
    "ever since i|i've|we",
    "today i'd|i",
    "next time i|i'd",
    "now i|i'd * always|ask|check|never|make|start",
    "i realised|realized that|how",
];
/// No sentence ends with these, not even one with a full stop.
const OPEN: &[&str] = &[
    "and", "but", "or", "because", "the", "a", "an", "my", "our", "your", "their", "if", "i", "we", "i'm", "i'd", "we'd", "i've", "we've", "than",
    "very",
];
/// Without a mark these are taken as broken off, too; "that", "in" and "is" do end clauses.
const HALF_OPEN: &[&str] = &[
    "to", "of", "with", "his", "when", "which", "who", "was", "were", "from", "for", "as", "into", "she", "he", "they", "while", "would", "could",
    "so", "had", "have", "has", "about", "not", "it's", "i'll", "he's", "she's", "they're",
];
/// A lesson stands in so many of the last sentences.
const LAST: usize = 2;

pub(super) fn find(said: &Said, marks: &[Option<PartKind>]) -> Option<Closing> {
    let last = said.clauses.last()?;
    let by = |close, tokens: &std::ops::Range<usize>| Some(Closing { close, by: said.stretch(tokens) });
    let token = &said.tokens[last.tokens.end - 1];
    let written = matches!(token.ends, Ends::Sentence { .. });
    // where other sentences have a mark at their end, a last one without is broken off
    let marked = !said.bare && said.tokens[..last.tokens.end - 1].iter().any(|t| matches!(t.ends, Ends::Sentence { .. }));
    let lacks = !written && marked;
    let is_open = OPEN.contains(&token.plain.as_str()) || (!written && HALF_OPEN.contains(&token.plain.as_str()));
    if said.broken || (is_open && !token.quoted) || lacks {
        return by(Close::BrokenOff, &last.tokens);
    }
    let sentences: Vec<usize> = (0..said.clauses.len()).filter(|c| said.clauses[*c].opens).collect();
    // where sentences are not marked, a clause is about half of one
    let last_of = |sentences_back: usize| {
        let back = if said.bare { 2 * sentences_back } else { sentences_back };
        sentences.iter().rev().nth(back - 1).copied().unwrap_or(0)
    };
    let begin = said.clauses[last_of(LAST)].tokens.start;
    if let Some(lesson) = LESSONS.iter().find_map(|pattern| cues::place(said, &(begin..said.tokens.len()), pattern)) {
        return by(Close::Lesson, &lesson);
    }
    match marks.get(last_of(1)..) {
        Some(last_marks) if last_marks.contains(&Some(PartKind::Result)) => by(Close::Result, &last.tokens),
        _ => by(Close::Sentence, &last.tokens),
    }
}
