//! Telephone and record numbers, and e-mail addresses, in figures or spoken. Pure.

use std::ops::Range;

use super::number::{digits, is_number, run};
use super::said::{Said, is_before, phrase_at};
use super::{Found, Kind};

/// What a number belongs to, as people name it.
const RECORDS: &[&[&str]] = &[
    &["record", "number"],
    &["records", "number"],
    &["chart", "number"],
    &["file", "number"],
    &["account", "number"],
    &["member", "id"],
    &["member", "number"],
    &["subscriber", "id"],
    &["policy", "number"],
    &["insurance", "id"],
    &["insurance", "number"],
    &["nhs", "number"],
    &["hospital", "number"],
    &["social", "security"],
    &["case", "number"],
    &["claim", "number"],
    &["reference", "number"],
    &["patient", "id"],
    &["patient", "number"],
    &["group", "number"],
    &["medicare", "number"],
    &["medicaid", "number"],
    &["passport", "number"],
    &["license", "number"],
    &["licence", "number"],
    &["id", "number"],
    &["id"],
    &["mrn"],
    &["m", "r", "n"],
    &["ssn"],
];
/// What may stand between a number and what it belongs to.
const BETWEEN: &[&str] = &[
    "number", "id", "is", "was", "it", "it's", "of", "the", "to", "for", "her", "his", "their", "a", "which", "she", "he", "gave", "me", "being",
    "as", "said", "read", "that", "card", "starting", "with", "from", "like",
];
/// The most of these.
const GAP: usize = 5;
const PHONES: &[&str] = &[
    "number",
    "phone",
    "call",
    "called",
    "calling",
    "dial",
    "dialed",
    "dialled",
    "mobile",
    "cell",
    "landline",
    "text",
    "reach",
    "ring",
    "rang",
    "fax",
    "telephone",
    "extension",
    "back",
    "contact",
];
/// How many words before a number these still reach.
const REACH: usize = 8;
const DOMAINS: &[&str] = &["com", "org", "net", "edu", "gov", "co", "uk", "us", "ca", "au", "ie", "info", "example", "nhs", "health", "mail"];

pub fn records(said: &[Said]) -> Vec<Found> {
    let record = |words| Found { kind: Kind::Record, words, safer: "the record number".to_owned() };
    let mut found = Vec::new();
    for i in 0..said.len() {
        let Some(clue) = RECORDS.iter().find(|clue| phrase_at(said, i, clue)) else {
            found.extend(is_code(&said[i].core).then(|| record(i..i + 1)));
            continue;
        };
        let mut at = i + clue.len();
        let reach = at + GAP;
        // "W K nine two" begins with letters that are words too
        while at < reach.min(said.len()) && said[at].is_any(BETWEEN) && !(said[at].plain == "a" && is_part(said, at + 1)) {
            at += 1;
        }
        let mut end = at;
        while end < said.len() && is_part(said, end) {
            end += 1;
            if said[end - 1].ends_sentence {
                break;
            }
        }
        if digits(&said[at..end]) + mixed_digits(&said[at..end]) >= 3 {
            let start = if at == i + clue.len() && ["mrn", "ssn"].contains(&clue[0]) { i } else { at };
            found.push(record(start..end));
        }
    }
    found
}

/// A number, a letter on its own, or figures and letters in one.
fn is_part(said: &[Said], i: usize) -> bool {
    said.get(i).is_some_and(|s| is_number(&s.plain) || (s.plain.chars().count() == 1 && s.plain != "i") || is_mixed(&s.core))
}

fn is_mixed(core: &str) -> bool {
    core.chars().any(|c| c.is_ascii_digit()) && core.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn mixed_digits(said: &[Said]) -> usize {
    said.iter().filter(|s| !is_number(&s.plain)).flat_map(|s| s.core.chars()).filter(char::is_ascii_digit).count()
}

/// Written like the number of a person: 078-05-1120, XQH4471820.
fn is_code(core: &str) -> bool {
    let parts: Vec<&str> = core.split('-').collect();
    let figures = |part: &&str| part.chars().all(|c| c.is_ascii_digit());
    let social = parts.len() == 3 && parts.iter().all(figures) && parts.iter().map(|p| p.len()).eq([3, 2, 4]);
    let letters = core.chars().filter(char::is_ascii_alphabetic).count();
    let numbers = core.chars().filter(char::is_ascii_digit).count();
    social || (is_mixed(core) && letters > 0 && numbers >= 4 && letters + numbers >= 6 && !core.to_lowercase().contains("year"))
}

pub fn phones(said: &[Said]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < said.len() {
        let numbers = run(said, i);
        if is_phone(said, &numbers) {
            found.push(Found { kind: Kind::Phone, words: numbers.clone(), safer: "a phone number".to_owned() });
        }
        i = numbers.end.max(i + 1);
    }
    found
}

fn is_phone(said: &[Said], numbers: &Range<usize>) -> bool {
    let words = &said[numbers.clone()];
    let count = digits(words);
    if !(7..=15).contains(&count) || words.iter().all(|s| s.core.len() == 4 && (s.core.starts_with("19") || s.core.starts_with("20"))) {
        return false;
    }
    let large = words.iter().any(|s| s.is_any(&["thousand"]) || s.core.contains('%') || s.core.contains('.'));
    let figures = words.iter().all(|s| s.plain.starts_with(|c: char| c.is_ascii_digit()));
    let shaped = figures && (count >= 10 || words.iter().any(|s| s.core.contains('-')) || words.len() > 1);
    let singly = words.len() >= 7 && words.iter().filter(|s| digits(std::slice::from_ref(s)) == 1).count() * 3 >= words.len() * 2;
    !large && (shaped || singly || is_before(said, numbers.start, REACH, PHONES))
}

pub fn emails(said: &[Said]) -> Vec<Found> {
    let mut found = Vec::new();
    for i in 0..said.len() {
        let words = if said[i].core.contains('@') && said[i].core.contains('.') { Some(i..i + 1) } else { spoken(said, i) };
        found.extend(words.map(|words| Found { kind: Kind::Email, words, safer: "their e-mail address".to_owned() }));
    }
    found
}

/// Around "at" in position `i`: "b dot turner at example dot org", "turner at example.org".
fn spoken(said: &[Said], i: usize) -> Option<Range<usize>> {
    if said[i].plain != "at" || i == 0 || said[i - 1].closed {
        return None;
    }
    let word = |at: usize| said.get(at).map_or("", |s| s.plain.as_str());
    let written = word(i + 1).rsplit_once('.').is_some_and(|(name, domain)| !name.is_empty() && DOMAINS.contains(&domain));
    let mut end = i + 2;
    while word(end) == "dot" && !word(end + 1).is_empty() {
        end += 2;
    }
    if !(written || (end > i + 2 && DOMAINS.contains(&word(end - 1)))) {
        return None;
    }
    let joins = ["dot", "underscore", "dash", "hyphen", "period", "point"];
    let mut start = i - 1;
    while start > 0 {
        let before = &said[start - 1];
        let spelled = before.plain.chars().count() == 1 || is_number(&before.plain);
        match () {
            () if joins.contains(&before.plain.as_str()) && start > 1 => start -= 2,
            () if spelled && !before.closed => start -= 1,
            () => break,
        }
    }
    Some(start..end)
}
