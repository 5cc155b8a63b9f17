//! What the optional helper suggested, as text and for JSON: always labelled, never part of the score.

use serde::Serialize;

use super::text::{QUIET, item, paragraph};
use crate::advisor::Suggestions;
use crate::layout::heading;
use crate::transcribe::Transcript;

/// Suggestions whose quotes were cut from the transcript.
#[derive(Serialize)]
pub struct Suggested {
    /// The model that suggested them.
    pub model: String,
    pub quotes: Vec<SuggestedQuote>,
    /// The criterion's id, and what to try.
    pub advice: Vec<(String, String)>,
    /// What it said that stands nowhere or was not asked for, and was thrown away.
    pub dropped: usize,
}

#[derive(Serialize)]
pub struct SuggestedQuote {
    /// The criterion's id.
    pub point: String,
    pub quote: String,
}

impl Suggested {
    /// `transcript` is the one that was shown to the helper.
    #[must_use]
    pub fn of(found: &Suggestions, transcript: &Transcript) -> Self {
        let quote = |q: &crate::advisor::Suggested| SuggestedQuote { point: q.point.clone(), quote: transcript.quote(q.words.clone()) };
        Self { model: found.model.clone(), quotes: found.quotes.iter().map(quote).collect(), advice: found.advice.clone(), dropped: found.dropped }
    }
}

/// As a section of its own.
#[must_use]
pub fn suggested(found: &Suggested) -> String {
    let mut out = String::new();
    heading(&mut out, "Suggestions of the helper");
    paragraph(&mut out, "  ", &format!("{QUIET}{} suggests; it is not part of the score, and may be wrong.{QUIET:#}", found.model));
    for quote in &found.quotes {
        item(&mut out, "  ", &format!("? {}: \"{}\" may make this point", quote.point, quote.quote));
    }
    for (point, text) in &found.advice {
        item(&mut out, "  ", &format!("? {point}: {text}"));
    }
    if found.quotes.is_empty() && found.advice.is_empty() {
        paragraph(&mut out, "  ", "It had nothing that could be used.");
    }
    if found.dropped > 0 {
        paragraph(&mut out, "  ", &format!("{QUIET}{} left out: not in the transcript, or not asked for.{QUIET:#}", found.dropped));
    }
    out
}
