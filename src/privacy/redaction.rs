//! What is masked, in words, in any text and in the sound. Pure.
//!
//! Words are compared by their letters and digits alone, so that "555-0142" is also "555 0142", and "O'Neill" also "oneill"; possessives and
//! other cases too. Every part of a name is masked wherever it stands. A part that is a small word of the language ("Will", "May") is masked
//! only where it has a capital: without "will" no sentence would be left.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::lists::Lists;
use super::{Finding, Kind};
use crate::sound::{Millis, Span};
use crate::transcribe::vocabulary::letters;
use crate::transcribe::{Transcript, Word};

/// How far beyond a word its sound is silenced at least: word times are not exact.
const MARGIN: Millis = Millis(80);
/// Parts of a name that alone say nothing.
const NO_NAME: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "mister",
    "missus",
    "missis",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "nurse",
    "sister",
    "brother",
    "father",
    "uncle",
    "aunt",
    "auntie",
    "sir",
    "matron",
    "reverend",
    "pastor",
    "and",
    "van",
    "von",
    "der",
    "den",
    "de",
    "di",
    "da",
    "dos",
    "del",
    "della",
    "la",
    "le",
    "bin",
    "ibn",
    "al",
    "el",
    "st",
    "ter",
    "ten",
];
/// Masked only with a capital.
const SMALL: &[&str] =
    &["will", "may", "an", "so", "do", "in", "my", "see", "long", "man", "art", "mark", "bill", "so", "ha", "or", "on", "no", "you", "young"];
/// Figures with fewer digits are too common to be masked on their own.
const FEWEST_DIGITS: usize = 3;

/// What is to be masked.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kind: Kind,
    /// As found, for the person.
    text: String,
    /// The letters of its parts, in their order.
    parts: Vec<String>,
    /// All of them joined.
    key: String,
    capital_only: bool,
}

/// A part of a text: letters and digits between other signs.
struct Part {
    letters: String,
    /// Without "'s", or with it where there is none.
    bare: String,
    capital: bool,
    /// Which of the words it belongs to.
    word: usize,
}

/// Words that are masked together.
struct Masked {
    words: Range<usize>,
    entry: usize,
}

impl Redaction {
    /// From the findings that are to be masked, of one answer or of a whole session.
    #[must_use]
    pub fn new<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> Self {
        let mut redaction = Self::default();
        for finding in findings {
            redaction.add(finding.kind, &finding.text);
        }
        // the longest first: a whole name before its parts
        redaction.entries.sort_by(|a, b| b.key.len().cmp(&a.key.len()).then_with(|| a.key.cmp(&b.key)));
        redaction.entries.dedup_by(|a, b| a.key == b.key && a.capital_only == b.capital_only);
        redaction
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn add(&mut self, kind: Kind, text: &str) {
        let parts = parts(text.split_whitespace());
        let entry = |parts: &[Part], capital_only| Entry {
            kind,
            text: text.to_owned(),
            parts: parts.iter().map(|p| p.bare.clone()).collect(),
            key: parts.iter().map(|p| p.bare.as_str()).collect(),
            capital_only,
        };
        let small = |p: &Part| kind == Kind::Name && SMALL.contains(&p.bare.as_str()) && p.capital;
        let alone_small = parts.len() == 1 && small(&parts[0]);
        if !parts.is_empty() && !alone_small {
            self.entries.push(entry(&parts, false));
        }
        for part in &parts {
            let alone = match kind {
                Kind::Name => part.bare.chars().count() > 1 && !NO_NAME.contains(&part.bare.as_str()),
                Kind::Phone | Kind::Record | Kind::Room | Kind::Address => {
                    part.bare.len() >= FEWEST_DIGITS && part.bare.chars().any(|c| c.is_ascii_digit())
                }
                _ => false,
            };
            if alone {
                self.entries.push(entry(std::slice::from_ref(part), small(part)));
            }
        }
    }

    /// The words with what is masked replaced by one word each, which spans its whole time; what was heard in its place is gone too.
    #[must_use]
    pub fn transcript(&self, transcript: &Transcript) -> Transcript {
        let masked = self.masked(transcript.words.iter().map(|w| w.text.as_str()));
        let mut words: Vec<Word> = Vec::new();
        let mut next = 0;
        for place in &masked {
            words.extend(transcript.words[next..place.words.start].iter().cloned());
            let group = &transcript.words[place.words.clone()];
            let texts: Vec<&str> = group.iter().map(|w| w.text.as_str()).collect();
            let (first, last) = (&group[0], &group[group.len() - 1]);
            let end = group.iter().map(|w| w.end).max().unwrap_or(last.end);
            let probability = group.iter().map(|w| w.probability).fold(1.0, f32::min);
            words.push(Word { doubt: first.doubt, ..Word::new(&self.mask(place, &texts), Span { start: first.start, end }, probability) });
            next = place.words.end;
        }
        words.extend(transcript.words[next..].iter().cloned());
        for word in &mut words {
            // what a name was misheard as says it too
            let told = word.heard.as_deref().is_some_and(|heard| !self.masked(heard.split_whitespace()).is_empty());
            word.heard = word.heard.take().filter(|_| !told);
        }
        Transcript { words, ..transcript.clone() }
    }

    /// The same masking in any text; its spaces and lines stay.
    ///
    /// A quote may begin or end within what is masked: two parts of it or more at its edge are masked too.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut masked = self.masked(words.iter().copied());
        self.mask_edges(&words, &mut masked);
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let (mut out, mut next) = (String::with_capacity(text.len()), 0);
        for m in &masked {
            let group = &words[m.words.clone()];
            let (start, last) = (place(group[0]), group[group.len() - 1]);
            out.push_str(&text[next..start]);
            out.push_str(&self.mask(m, group));
            next = place(last) + last.len();
        }
        out.push_str(&text[next..]);
        out
    }

    /// `text` on every string in a JSON tree, but for the names of its fields. A tree that holds a transcript word for word needs
    /// [`Redaction::transcript`]: here each word is a string of its own.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(values) => values.iter_mut().for_each(|v| self.value(v)),
            Value::Object(fields) => fields.values_mut().for_each(|v| self.value(v)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What of the sound to silence: from the end of the word before to the start of the word after, and at least 80 ms beyond the words on
    /// both sides. In order, apart from one another, within the sound.
    #[must_use]
    pub fn silences(&self, transcript: &Transcript) -> Vec<Span> {
        let words = &transcript.words;
        let mut spans: Vec<Span> = Vec::new();
        for Masked { words: place, .. } in self.masked(words.iter().map(|w| w.text.as_str())) {
            let last = words[place.clone()].iter().map(|w| w.end).max().unwrap_or_default();
            let before = place.start.checked_sub(1).map_or(Millis(0), |i| words[i].end);
            let after = words.get(place.end).map_or(transcript.duration, |w| w.start);
            let start = before.min(words[place.start].start - MARGIN);
            let end = after.max(last + MARGIN).min(transcript.duration);
            match spans.last_mut() {
                Some(span) if start <= span.end => span.end = span.end.max(end),
                _ if start < end => spans.push(Span { start, end }),
                _ => {}
            }
        }
        spans
    }

    /// What is masked and still stands in a finished text, also within JSON or HTML; each once, as it was found.
    #[must_use]
    pub fn leaks(&self, whole: &str) -> Vec<String> {
        let escapes = [("\\n", " "), ("\\t", " "), ("\\r", " "), ("\\\"", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&apos;", "'"), ("\\u0027", "'")];
        let readable = escapes.iter().fold(whole.to_owned(), |text, (from, to)| text.replace(from, to));
        // between the strings of JSON and the tags of HTML too
        let words = readable.split(|c: char| c.is_whitespace() || "<>\"".contains(c)).filter(|w| !w.is_empty());
        let found: BTreeSet<String> = self.masked(words).into_iter().map(|m| self.entries[m.entry].text.clone()).collect();
        found.into_iter().collect()
    }

    /// The word in place of others, with the marks before and behind them.
    fn mask(&self, masked: &Masked, words: &[&str]) -> String {
        let (first, last) = (words[0], words[words.len() - 1]);
        let before = &first[..first.find(char::is_alphanumeric).unwrap_or(0)];
        let end = last.char_indices().rev().find(|(_, c)| c.is_alphanumeric()).map_or(last.len(), |(at, c)| at + c.len_utf8());
        let lower = last[..end].to_lowercase().replace('’', "'");
        let possessive = if lower.ends_with("'s") { "'s" } else { "" };
        format!("{before}{}{possessive}{}", self.entries[masked.entry].kind.mask(), &last[end..])
    }

    /// Places to mask, in order, apart from one another.
    fn masked<'w>(&self, words: impl Iterator<Item = &'w str>) -> Vec<Masked> {
        let words: Vec<&str> = words.collect();
        let parts = parts(words.iter().copied());
        let mut found: Vec<Masked> = Vec::new();
        let mut at = 0;
        while at < parts.len() {
            let Some((entry, length)) = (0..self.entries.len()).find_map(|e| self.entries[e].length_at(&parts[at..]).map(|length| (e, length)))
            else {
                at += 1;
                continue;
            };
            let place = parts[at].word..parts[at + length - 1].word + 1;
            let marked = |i: usize| words[i].ends_with([',', '.', ';', ':', '?', '!']);
            match found.last_mut() {
                // two names in one word, or a name in two parts
                Some(last) if place.start < last.words.end => last.words.end = last.words.end.max(place.end),
                Some(last)
                    if place.start == last.words.end && !marked(place.start - 1) && self.entries[last.entry].kind == self.entries[entry].kind =>
                {
                    last.words.end = place.end;
                }
                _ => found.push(Masked { words: place, entry }),
            }
            at += length;
        }
        found
    }

    fn mask_edges(&self, words: &[&str], masked: &mut Vec<Masked>) {
        let all = parts(words.iter().copied());
        let free = |range: &Range<usize>, masked: &[Masked]| masked.iter().all(|m| m.words.end <= range.start || m.words.start >= range.end);
        for (e, entry) in self.entries.iter().enumerate() {
            let count = entry.parts.len();
            for length in (2..count.min(all.len() + 1)).rev() {
                let same = |parts: &[Part], wanted: &[String]| parts.iter().zip(wanted).all(|(p, w)| p.bare == *w);
                let head = same(&all[..length], &entry.parts[count - length..]).then(|| 0..all[length - 1].word + 1);
                let tail = same(&all[all.len() - length..], &entry.parts[..length]).then(|| all[all.len() - length].word..words.len());
                for range in [head, tail].into_iter().flatten() {
                    if free(&range, masked) {
                        masked.push(Masked { words: range, entry: e });
                    }
                }
            }
        }
        masked.sort_by_key(|m| m.words.start);
    }
}

impl Entry {
    /// How many parts it takes at the beginning of these; None where it does not stand there.
    fn length_at(&self, parts: &[Part]) -> Option<usize> {
        if self.capital_only && !parts[0].capital {
            return None;
        }
        let mut rest = self.key.as_str();
        for (i, part) in parts.iter().enumerate() {
            if rest == part.bare || rest == part.letters || self.is_plural(rest, &part.letters) {
                return Some(i + 1);
            }
            rest = rest.strip_prefix(part.letters.as_str()).or_else(|| rest.strip_prefix(part.bare.as_str()))?;
        }
        None
    }

    /// Engines write "Marias" for "Maria's".
    fn is_plural(&self, name: &str, part: &str) -> bool {
        self.kind == Kind::Name && name.chars().count() > 2 && part.strip_suffix('s') == Some(name) && !Lists::get().is_ordinary(part)
    }
}

/// The parts of words: "Alvarez-Lopez," has two.
fn parts<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (word, text) in words.enumerate() {
        let text = text.replace('’', "'");
        for part in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
            let part = part.trim_matches('\'');
            let all = letters(part);
            if all.is_empty() {
                continue;
            }
            let bare = part.strip_suffix("'s").or_else(|| part.strip_suffix("'S")).map(letters).filter(|b| !b.is_empty());
            parts.push(Part { bare: bare.unwrap_or_else(|| all.clone()), letters: all, capital: part.starts_with(char::is_uppercase), word });
        }
    }
    parts
}

/// Makes silence of stretches of mono sound at `rate` samples a second.
pub fn silence(samples: &mut [f32], rate: u32, spans: &[Span]) {
    for span in spans {
        let start = span.start.frames(rate).min(samples.len());
        // the frame that a millisecond ends in goes too
        let end = Millis(span.end.0 + 1).frames(rate).clamp(start, samples.len());
        samples[start..end].fill(0.0);
    }
}
