//! Dates that say when somebody was born, or on which day something happened, and ages over 89. Pure.

use std::ops::Range;

use super::number::{day, digits, of_word, run, value, year};
use super::said::{Said, is_before};
use super::{Found, Kind};

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];
const BIRTH: &[&str] = &["born", "birth", "birthday", "birthdate", "dob", "birthdays"];
/// How many words before a date "born" still reaches.
const REACH: usize = 8;
/// Ages up to this say little.
const OLD: u32 = 89;
const OLDEST: u32 = 125;
/// Whose age it may be.
const WHO: &[&str] = &[
    "he",
    "she",
    "who",
    "patient",
    "lady",
    "woman",
    "man",
    "gentleman",
    "mother",
    "father",
    "mom",
    "mum",
    "dad",
    "grandmother",
    "grandfather",
    "gran",
    "husband",
    "wife",
    "resident",
    "caller",
    "he's",
    "she's",
];
/// What may follow an age that stands without "years old".
const FOLLOWS: &[&str] = &["and", "but", "so", "when", "with", "who", "at", "or", "then", "now", "already", "by", "that", "living", "on", "in"];

pub fn dates(said: &[Said]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < said.len() {
        let born = is_before(said, i, REACH, BIRTH) && !is_own_birth(said, i);
        let end = full(said, i).or_else(|| born.then(|| part(said, i)).flatten());
        if let Some(end) = end {
            let safer = if born { "their date of birth" } else { "that day" };
            found.push(Found { kind: Kind::Date, words: i..end, safer: safer.to_owned() });
        }
        i = end.unwrap_or(i + 1);
    }
    found
}

fn is_month(said: &[Said], i: usize) -> bool {
    said.get(i).is_some_and(|s| s.is_any(MONTHS))
}

fn skip(said: &[Said], i: usize, words: &[&str]) -> usize {
    i + usize::from(said.get(i).is_some_and(|s| s.is_any(words)))
}

/// The end of a date with its year that begins here.
fn full(said: &[Said], i: usize) -> Option<usize> {
    if is_written(&said[i].plain) {
        return Some(i + 1);
    }
    let after = if is_month(said, i) {
        let (_, length) = day(said, i + 1)?;
        i + 1 + length
    } else {
        let (_, length) = day(said, i)?;
        let month = skip(said, i + length, &["of"]);
        is_month(said, month).then_some(month + 1)?
    };
    let at = skip(said, after, &["of", "in"]);
    year(said, at).map(|(_, length)| at + length)
}

/// The end of what is left of a date where somebody speaks of a birth.
fn part(said: &[Said], i: usize) -> Option<usize> {
    if is_month(said, i) {
        let at = skip(said, i + 1, &["of", "in"]);
        return year(said, at).map(|(_, length)| at + length).or_else(|| day(said, i + 1).map(|(_, length)| i + 1 + length));
    }
    if let Some((_, length)) = day(said, i) {
        let month = skip(said, i + length, &["of"]);
        if is_month(said, month) {
            return Some(month + 1);
        }
    }
    let numbers = run(said, i);
    if (6..=8).contains(&digits(&said[numbers.clone()])) {
        return Some(numbers.end);
    }
    year(said, i).map(|(_, length)| i + length)
}

/// The candidate's own.
fn is_own_birth(said: &[Said], i: usize) -> bool {
    let before = &said[i.saturating_sub(REACH)..i];
    before.windows(2).any(|w| w[0].plain == "i" && w[1].plain == "was") || before.iter().any(|s| s.plain == "my")
}

/// 12/05/1947, 12-5-47, 1947-05-12.
fn is_written(plain: &str) -> bool {
    let separator = ['/', '-', '.'].into_iter().find(|c| plain.matches(*c).count() == 2);
    let Some(separator) = separator else { return false };
    let parts: Vec<&str> = plain.split(separator).collect();
    let number = |at: usize| parts[at].parse::<u32>().ok().filter(|_| parts[at].chars().all(|c| c.is_ascii_digit()));
    let (Some(a), Some(b), Some(c)) = (number(0), number(1), number(2)) else { return false };
    let small = |n: u32, text: &str| (1..=31).contains(&n) && text.len() <= 2;
    let (a_small, b_small, c_small) = (small(a, parts[0]), small(b, parts[1]), small(c, parts[2]));
    let year_last = parts[2].len() == 4 || (parts[2].len() == 2 && separator != '.');
    (a_small && b_small && year_last && (parts[2].len() == 2 || (1880..2100).contains(&c)))
        || (parts[0].len() == 4 && (1880..2100).contains(&a) && b_small && c_small)
}

pub fn ages(said: &[Said]) -> Vec<Found> {
    let mut found = Vec::new();
    for i in 0..said.len() {
        if let Some(words) = age(said, i) {
            found.push(Found { kind: Kind::Age, words, safer: "ninety or older".to_owned() });
        }
    }
    found
}

fn is_old(age: u32) -> bool {
    (OLD + 1..=OLDEST).contains(&age)
}

fn age(said: &[Said], i: usize) -> Option<Range<usize>> {
    if let Some(number) = ["-year-old", "-years-old"].iter().find_map(|s| said[i].plain.strip_suffix(s)) {
        return of_word(number).filter(|n| is_old(*n)).map(|_| i..i + 1);
    }
    // the inside of a longer number is none
    if i > 0 && (said[i - 1].plain == "hundred" || (said[i - 1].plain == "and" && i > 1 && said[i - 2].plain == "hundred")) {
        return None;
    }
    let (number, length) = value(said, i)?;
    let end = i + length;
    if !is_old(number) {
        return None;
    }
    let word = |at: usize| said.get(at).map_or("", |s| s.plain.as_str());
    match (word(end), word(end + 1), word(end + 2)) {
        ("years" | "year", "old" | "young", _) => return Some(i..end + 2),
        ("years", "of", "age") => return Some(i..end + 3),
        ("year-old" | "years-old", _, _) => return Some(i..end + 1),
        _ => {}
    }
    let before = |back: usize| i.checked_sub(back).map_or("", |at| word(at));
    let named = ["aged", "age", "turned", "turning"].contains(&before(1));
    let is = ["was", "is", "turned"].contains(&before(1)) && WHO.contains(&before(2)) || ["he's", "she's"].contains(&before(1));
    let alone = said[end - 1].closed || end == said.len() || FOLLOWS.contains(&word(end));
    // "Mr Delgado was ninety one"
    let of_name = ["was", "is"].contains(&before(1)) && i > 1 && is_before(said, i, 4, &["mr", "mrs", "ms", "mister", "miss"]);
    ((named || is || of_name) && alone).then_some(i..end)
}
