//! Holds suggestions against the transcript. Nothing a model writes gets through because it sounds right.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::ops::Range;

use serde_json::Value;

use super::answer::id;
use super::{Missing, Suggested, Suggestions};
use crate::words::plain;

/// Fewer words stand somewhere in every transcript.
pub(super) const FEWEST_WORDS: usize = 3;
/// Who quotes the whole answer has found nothing in it.
pub(super) const MOST_WORDS: usize = 40;
/// The longest advice.
pub(super) const ADVICE_CHARS: usize = 240;
/// What stands in advice beside letters, digits and blanks. A list of what may, since what may not has no end: marks of HTML and Markdown, controls,
/// invisible characters, those that turn the direction of writing.
const MARKS: &str = ".,;:!?'\"()-–—…‘’“”%&/+£$€°";

/// Keeps what can be proved; counts the rest. The first good one counts for each point and kind.
pub(super) fn sift(model: String, found: &[Value], points: &[Missing], words: &[&str]) -> Suggestions {
    let spoken = Spoken::new(words);
    let mut dropped = 0;
    let mut quotes = HashMap::new();
    let mut advice = HashMap::new();
    for suggestion in found {
        let Some(at) = id(suggestion).and_then(|id| points.iter().position(|p| p.id == id)) else {
            dropped += 1;
            continue;
        };
        dropped += keep(&mut quotes, at, suggestion.get("quote"), |quote| spoken.find(quote));
        dropped += keep(&mut advice, at, suggestion.get("advice"), one_line);
    }
    // the order of the points, so that the report does not depend on the order the model chose
    let ids = || points.iter().map(|p| p.id.to_owned()).enumerate();
    Suggestions {
        model,
        quotes: ids().filter_map(|(at, point)| quotes.remove(&at).map(|words| Suggested { point, words })).collect(),
        advice: ids().filter_map(|(at, point)| advice.remove(&at).map(|line| (point, line))).collect(),
        dropped,
    }
}

/// Keeps what passes the check, if the point has none yet; gives how many were dropped, 0 or 1. Nothing said is nothing dropped.
fn keep<T>(kept: &mut HashMap<usize, T>, at: usize, said: Option<&Value>, check: impl Fn(&str) -> Option<T>) -> usize {
    let Some(said) = said.filter(|s| !s.is_null() && s.as_str().is_none_or(|text| !text.trim().is_empty())) else { return 0 };
    let passed = said.as_str().and_then(check).filter(|_| !kept.contains_key(&at));
    passed.map(|good| kept.insert(at, good)).map_or(1, |_| 0)
}

/// A transcript to look quotes up in.
struct Spoken {
    /// Plain words, and which word of the transcript each belongs to, from 0.
    plain: Vec<(String, usize)>,
}

impl Spoken {
    fn new(words: &[&str]) -> Self {
        Self { plain: words.iter().enumerate().flat_map(|(i, word)| pieces(word).map(move |piece| (piece, i))).collect() }
    }

    /// The first place where these words stand in a row. The words found may hold more marks than the quote, never more or fewer words.
    fn find(&self, quote: &str) -> Option<Range<usize>> {
        let wanted: Vec<String> = pieces(quote).take(MOST_WORDS + 1).collect();
        if !(FEWEST_WORDS..=MOST_WORDS).contains(&wanted.len()) {
            return None;
        }
        let place = self.plain.windows(wanted.len()).find(|w| w.iter().map(|(piece, _)| piece).eq(&wanted))?;
        Some(place.first()?.1..place.last()?.1 + 1)
    }
}

/// A dash joins two words for the eye only; a hyphen makes one word of them.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '…')).map(plain).filter(|w| !w.is_empty())
}

/// Advice fit to show: a line of plain words, without addresses to follow.
fn one_line(advice: &str) -> Option<String> {
    let line = advice.trim();
    let fits = line.chars().count() <= ADVICE_CHARS
        && line.chars().all(|c| c.is_alphanumeric() || c == ' ' || MARKS.contains(c))
        // a line that begins otherwise is the mark of a list, or a formula in a spreadsheet
        && line.starts_with(|c: char| c.is_alphanumeric() || "\"'(“‘".contains(c))
        // "none" and "N/A" are no advice
        && pieces(line).count() >= FEWEST_WORDS
        && !line.split(' ').any(is_address);
    fits.then(|| line.to_owned())
}

/// Whether a word may be an address: `https://x`, `www.x`, `evil.example`, `10.0.0.1`. So is "done.Then", which is a small loss.
fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    let scheme = ["http:", "https:", "ftp:", "file:", "mailto:", "tel:", "javascript:", "data:", "www."].iter().any(|s| word.contains(s));
    let part = |c: char| !c.is_alphanumeric() && c != '-' && c != '.';
    let host = word.split(part).any(|host| {
        // "e.g", "i.e" and "u.k" end with a single letter, and numbers have none
        let host = host.trim_matches('.');
        host.parse::<Ipv4Addr>().is_ok() || host.rsplit_once('.').is_some_and(|(_, end)| end.chars().filter(|c| c.is_alphabetic()).count() >= 2)
    });
    scheme || word.contains("//") || host
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const WORDS: &[&str] = &["So", "I", "“told”", "the", "nurse", "—", "and", "didn’t", "go", "on.", "I", "told", "the", "nurse", "twice—really."];

    #[test]
    fn a_quote_is_a_place_in_the_transcript() {
        let spoken = Spoken::new(WORDS);
        for (quote, place) in [
            ("I told the nurse", Some(1..5)),
            ("“i TOLD ‘the’ nurse, and", Some(1..7)),
            ("the nurse -- and didn't go on", Some(3..10)),
            ("nurse twice really", Some(13..15)),
            ("the nurse twice", Some(12..15)),
            ("told the", None),
            ("told — the", None),
            ("I told a nurse", None),
            ("I told … nurse", None),
            ("the nurse twic", None),
            ("So I told the nurse and didn't go on. I told the nurse twice, really, yes", None),
            ("", None),
        ] {
            assert_eq!(spoken.find(quote), place, "{quote}");
        }
        let long = vec!["so"; 100];
        let spoken = Spoken::new(&long);
        assert_eq!((spoken.find(&"so ".repeat(40)), spoken.find(&"so ".repeat(41))), (Some(0..40), None));
        assert_eq!(Spoken::new(&["10 000", "people", "came"]).find("000 people came"), Some(0..3));
    }

    #[test]
    fn advice_is_one_plain_line() {
        for good in [
            "Say what you learned from it, e.g. in 3.5 weeks (and/or later).",
            "  Name the “outcome”: 95% came back.\n",
            "Résumé: say why £5 mattered.",
        ] {
            assert_eq!(one_line(good).as_deref(), Some(good.trim()), "{good}");
        }
        for bad in [
            "See https://evil.example now",
            "See evil.example for more",
            "Look at www.evil now",
            "Write to me@evil now",
            "Ask 10.0.0.1 for more",
            "Go to evil.example/path now",
            "(evil.example) knows it well",
            "Read javascript:x for more",
            "Say this\nthen that",
            "Say \u{1b}[31mthis in red",
            "Say <b>this</b> in bold",
            "Say [this](x) to them",
            "Say `this` to them",
            "- Say this to them",
            "=SUM of all this",
            "# Say this to them",
            "Say \u{202e}this to them",
            "Say this\u{200b} to them",
            "Say this\u{2028}to them",
            "Say this\tto them",
            "Say this 😀 to them",
            "none",
            "N/A",
            "...",
            "Visit evil．example for more",
        ] {
            assert_eq!(one_line(bad), None, "{bad}");
        }
        let line = |count| format!("Say {}", "ab ".repeat(count));
        assert!(one_line(&line(78)).is_some_and(|l| l.chars().count() == 237));
        assert_eq!(one_line(&line(80)), None);
    }

    #[test]
    fn what_is_kept_and_what_is_counted() {
        let points = [Missing { id: "first", point: "" }, Missing { id: "2", point: "" }];
        let found = [
            json!({ "id": 2, "quote": "nurse twice really", "advice": null }),
            json!({ "id": "first", "quote": "I told the doctor", "advice": "Say what came of it." }),
            json!({ "id": "first", "quote": "i told the nurse", "advice": "" }),
            json!({ "id": "first", "quote": "the nurse twice", "advice": ["Say", "more", "here"] }),
            json!({ "id": "third", "quote": "I told the nurse" }),
            json!({ "quote": "I told the nurse" }),
            json!("I told the nurse"),
        ];
        let kept = sift("m".to_owned(), &found, &points, WORDS);
        let quotes = [("first", 1..5), ("2", 13..15)].map(|(point, words)| Suggested { point: point.to_owned(), words });
        assert_eq!((kept.quotes.as_slice(), kept.dropped), (quotes.as_slice(), 6));
        assert_eq!(kept.advice, [("first".to_owned(), "Say what came of it.".to_owned())]);
    }
}
