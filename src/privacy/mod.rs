//! What in a spoken story could say who a patient is, with a wording that keeps the story, and how it is masked. Pure.
//!
//! A [`Transcript`] goes in, [`Finding`]s come out; from those that the user keeps a [`Redaction`] is made, which masks words and says what of the
//! sound to silence. Rules and lists, no model: it can miss some, and whoever shows its findings must say so.

mod contact;
mod date;
mod lists;
mod name;
mod number;
mod place;
mod redaction;
mod said;

use std::collections::HashSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::question::Question;
use crate::sound::Span;
use crate::transcribe::Transcript;
use crate::words::plain;
use lists::Lists;

pub use redaction::{Redaction, silence};

/// What whoever shows findings has to say.
pub const CAVEAT: &str = "It can miss some: read the result before you pass it on.";

/// A stretch of an answer that could say who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub kind: Kind,
    /// Positions in [`Transcript::words`].
    pub words: Range<usize>,
    pub span: Span,
    /// Verbatim.
    pub text: String,
    /// What might be said instead.
    pub safer: String,
}

/// What a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Name,
    /// With its year, or somebody's birthday.
    Date,
    /// Over 89.
    Age,
    Phone,
    /// Of a record, an insurance or a person.
    Record,
    Address,
    Room,
    Email,
    /// In an answer that names a rare condition.
    Place,
    /// Whatever the user wants masked.
    Other,
}

impl Kind {
    /// For a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Date => "date",
            Self::Age => "age over 89",
            Self::Phone => "phone number",
            Self::Record => "record number",
            Self::Address => "address",
            Self::Room => "room or bed",
            Self::Email => "e-mail address",
            Self::Place => "place, with a rare condition",
            Self::Other => "your own words",
        }
    }

    /// The one word that stands in place of what is masked.
    #[must_use]
    pub fn mask(self) -> &'static str {
        match self {
            Self::Name => "[name]",
            Self::Date => "[date]",
            Self::Age => "[age]",
            Self::Phone => "[phone]",
            Self::Record => "[number]",
            Self::Address => "[address]",
            Self::Room => "[room]",
            Self::Email => "[e-mail]",
            Self::Place => "[place]",
            Self::Other => "[masked]",
        }
    }
}

/// Words that are never taken for a name or a place.
#[derive(Clone, Debug, Default)]
pub struct Known {
    words: HashSet<String>,
}

impl Known {
    /// Adds terms of the field: a vocabulary, a glossary. All words of a term with a capital are known; in "Duty of candour" the ordinary ones
    /// are no loss.
    pub fn add_terms<'t>(&mut self, terms: impl IntoIterator<Item = &'t str>) {
        self.words.extend(terms.into_iter().flat_map(str::split_whitespace).map(plain));
    }

    /// Adds the names in a question, which the candidate says again: its words with a capital that do not begin a sentence.
    pub fn add_question(&mut self, question: &Question) {
        let words: Vec<&str> = question.text.split_whitespace().collect();
        let inner = words.windows(2).filter(|w| !crate::words::ends_sentence(w[0]) && w[1].starts_with(char::is_uppercase));
        self.words.extend(inner.map(|w| plain(w[1]).trim_end_matches("'s").to_owned()));
    }

    fn knows(&self, plain: &str) -> bool {
        self.words.contains(plain) || self.words.contains(plain.trim_end_matches("'s"))
    }
}

/// What a detector found.
#[derive(Clone, Debug)]
struct Found {
    kind: Kind,
    words: Range<usize>,
    safer: String,
}

/// Everything in the words of an answer, doubted ones too, that could say who a patient is, in the order spoken. No two findings share a word.
#[must_use]
pub fn findings(transcript: &Transcript, known: &Known) -> Vec<Finding> {
    let lists = Lists::get();
    let said = said::said(transcript);
    // what is told by its form goes before what is told by lists
    let kinds = [
        contact::emails(&said),
        contact::records(&said),
        date::dates(&said),
        contact::phones(&said),
        place::addresses(&said),
        place::rooms(&said),
        date::ages(&said),
        name::titled(&said, lists, known),
        place::rare(&said, lists, known),
        name::names(&said, lists, known),
    ];
    let mut taken = vec![false; said.len()];
    let mut kept: Vec<Found> = Vec::new();
    for found in kinds.into_iter().flatten() {
        if !found.words.is_empty() && !taken[found.words.clone()].contains(&true) {
            taken[found.words.clone()].fill(true);
            kept.push(found);
        }
    }
    kept.sort_by_key(|f| f.words.start);
    let finding = |f: Found| {
        let words = &transcript.words[f.words.clone()];
        let span = Span { start: words[0].start, end: words[words.len() - 1].end };
        Finding { kind: f.kind, span, text: transcript.quote(f.words.clone()), words: f.words, safer: f.safer }
    };
    kept.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests;
