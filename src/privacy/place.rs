//! Where a patient lives or lies, and the places that tell who has a rare condition. Pure.

use std::ops::Range;

use super::lists::Lists;
use super::number::{day, digits, of_word, run};
use super::said::{Said, is_before};
use super::{Found, Kind, Known};

/// Kinds of streets; what the second list holds is also something else.
const STREETS: &[&str] =
    &["street", "st", "road", "rd", "avenue", "ave", "lane", "boulevard", "blvd", "terrace", "crescent", "highway", "parkway", "mews", "grove"];
const OTHER_STREETS: &[&str] = &["drive", "court", "way", "place", "close", "square", "circle", "row", "walk", "hill", "gardens", "trail"];
/// How many words a street's name may have.
const STREET_NAME: usize = 3;
const LIVES: &[&str] = &["lives", "lived", "live", "living", "address", "moved", "at", "to"];
/// No part of a street's name.
const NEVER: &[&str] = &[
    "the", "a", "an", "in", "of", "on", "to", "at", "for", "and", "or", "but", "from", "that", "this", "minute", "minutes", "hour", "hours", "mile",
    "miles", "block", "blocks", "step", "steps", "day", "days", "week", "weeks", "month", "months", "year", "years", "percent", "people", "patients",
    "times", "other", "more", "was", "is", "were", "i", "we", "she", "he", "they", "it", "you",
];
const HOMES: &[&str] = &["apartment", "apt", "flat"];
const ROOMS: &[&str] = &["room", "bed", "ward", "bay", "cubicle"];
/// After "room one" these say that it is no number of a room.
const COUNTED: &[&str] = &[
    "of", "day", "days", "by", "time", "times", "person", "people", "morning", "more", "else", "minute", "minutes", "hour", "hours", "patients",
    "weeks", "months", "years", "beds", "feet", "at", "in",
];
/// What stands before the name of a place.
const TOWARDS: &[&str] = &["from", "in", "near", "outside", "at", "to", "of", "around", "over"];
const HOUSES: &[&str] = &["hospital", "clinic", "infirmary", "county", "medical", "surgery", "practice", "village", "valley"];

pub fn addresses(said: &[Said]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < said.len() {
        let end = [street(said, i), named_street(said, i), numbered(said, i, HOMES), post_code(said, i)].into_iter().flatten().next();
        if let Some(words) = end.clone() {
            found.push(Found { kind: Kind::Address, words, safer: "their address".to_owned() });
        }
        i = end.map_or(i + 1, |words| words.end);
    }
    found
}

/// From its number to the kind of street, with the flat behind it.
fn street(said: &[Said], i: usize) -> Option<Range<usize>> {
    let numbers = run(said, i);
    if numbers.is_empty() || !(1..=5).contains(&digits(&said[numbers.clone()])) || said[numbers.end - 1].ends_sentence {
        return None;
    }
    // "221 B Baker Street"
    let after = numbers.end + usize::from(said.get(numbers.end).is_some_and(|s| s.plain.len() == 1 && s.plain != "a" && s.plain != "i"));
    let end = kind_of_street(said, after)?;
    let name = &said[after..end];
    let capital = name.iter().any(Said::is_capital);
    let clue = is_before(said, i, 4, LIVES);
    let certain = STREETS.contains(&said[end - 1].plain.as_str());
    let written = said[i].plain.starts_with(|c: char| c.is_ascii_digit());
    if !(capital || clue || (certain && written)) || !(certain || capital || is_before(said, i, 4, &["lives", "lived", "address", "moved"])) {
        return None;
    }
    Some(i..numbered(said, end, HOMES).map_or(end, |home| home.end))
}

/// The end of a street's name that begins here.
fn kind_of_street(said: &[Said], start: usize) -> Option<usize> {
    for (at, part) in said.iter().enumerate().skip(start).take(STREET_NAME + 1) {
        let word = part.plain.as_str();
        if at > start && (STREETS.contains(&word) || OTHER_STREETS.contains(&word)) {
            return Some(at + 1);
        }
        if NEVER.contains(&word) || part.closed {
            return None;
        }
    }
    None
}

/// "She lives on Maple Street", without a number.
fn named_street(said: &[Said], i: usize) -> Option<Range<usize>> {
    let before = |back: usize| i.checked_sub(back).map_or("", |at| said[at].plain.as_str());
    let lives = ["lives", "lived", "living"].contains(&before(2)) && ["on", "in", "at"].contains(&before(1)) && before(3) != "i";
    if !lives || !said[i].is_capital() {
        return None;
    }
    kind_of_street(said, i).map(|end| i..end)
}

fn post_code(said: &[Said], i: usize) -> Option<Range<usize>> {
    let clue = said[i].is_any(&["zip", "postcode"]) || (i > 0 && said[i].plain == "code" && said[i - 1].is_any(&["zip", "postal", "post"]));
    if clue {
        let at = (i + 1..said.len().min(i + 4)).find(|at| !said[*at].is_any(&["code", "is", "was"]))?;
        let numbers = run(said, at);
        return (digits(&said[numbers.clone()]) >= 5).then_some(numbers);
    }
    // SW1A 2AA
    let (one, two) = (said[i].core.as_bytes(), said.get(i + 1)?.core.as_bytes());
    let letters = one.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let outward = (1..=2).contains(&letters) && (letters + 1..=letters + 2).contains(&one.len()) && one[letters].is_ascii_digit();
    let inward = two.len() == 3 && two[0].is_ascii_digit() && two[1..].iter().all(u8::is_ascii_uppercase);
    (outward && inward).then_some(i..i + 2)
}

pub fn rooms(said: &[Said]) -> Vec<Found> {
    let room = |words: Range<usize>| {
        let safer = if said[words.start].plain == "room" { "their room" } else { "their bed" };
        Found { kind: Kind::Room, words, safer: safer.to_owned() }
    };
    (0..said.len()).filter_map(|i| numbered(said, i, ROOMS)).map(room).collect()
}

/// "Room 214", "bed twelve", "ward six b", "flat number two".
fn numbered(said: &[Said], i: usize, what: &[&str]) -> Option<Range<usize>> {
    if !said.get(i)?.is_any(what) || said[i].ends_sentence {
        return None;
    }
    let at = i + 1 + usize::from(said.get(i + 1).is_some_and(|s| s.plain == "number"));
    let first = said.get(at)?;
    let is_mixed =
        first.core.len() <= 5 && first.core.starts_with(|c: char| c.is_ascii_digit()) && first.core.chars().all(|c| c.is_ascii_alphanumeric());
    let mut end = if is_mixed { at + 1 } else { run(said, at).end };
    if end == at || !(1..=4).contains(&digits(&said[at..end]).max(usize::from(is_mixed))) {
        return None;
    }
    // a bed or room that is counted: "in the room one day", "in bed three weeks"
    if !said[end - 1].closed && said.get(end).is_some_and(|s| s.is_any(COUNTED)) {
        let counts = said[end].is_any(&["at", "in"]) && of_word(&said[end - 1].plain) != Some(1) || said[end].plain == "by" && end - at > 1;
        if !counts {
            return None;
        }
    }
    let letter = |s: &Said| s.plain.len() == 1 && !["a", "i", "o"].contains(&s.plain.as_str());
    if !said[end - 1].closed && said.get(end).is_some_and(letter) {
        end += 1;
    }
    Some(i..end)
}

/// The rare conditions that are named.
pub fn conditions(said: &[Said], lists: &Lists) -> Vec<Range<usize>> {
    let split = |word: &str| word.split(['-', '–']).map(|w| w.trim_end_matches("'s").to_owned()).filter(|w| !w.is_empty()).collect::<Vec<_>>();
    let parts: Vec<(usize, String)> = (0..).zip(said).flat_map(|(i, s)| split(&s.plain).into_iter().map(move |w| (i, w))).collect();
    let stands = |at: usize, condition: &[String]| {
        condition.len() <= parts.len() - at
            && condition.iter().zip(&parts[at..]).all(|(wanted, (_, word))| wanted == word || format!("{wanted}s") == *word)
    };
    let longest = |at: usize| lists.conditions.iter().filter(|c| stands(at, c)).map(Vec::len).max();
    (0..parts.len()).filter_map(|at| longest(at).map(|length| parts[at].0..parts[at + length - 1].0 + 1)).collect()
}

/// The places in an answer that speaks of a rare condition.
pub fn rare(said: &[Said], lists: &Lists, known: &Known) -> Vec<Found> {
    let conditions = conditions(said, lists);
    if conditions.is_empty() {
        return Vec::new();
    }
    let taken = |i: usize| conditions.iter().any(|c| c.contains(&i));
    let mut found = Vec::new();
    for i in 0..said.len() {
        if taken(i) || !begins_place(said, i, lists, known) {
            continue;
        }
        let goes_on = |at: usize| !taken(at) && (said[at].is_capital() || said[at].is_any(HOUSES)) && !lists.is_person_free(&said[at].bare);
        let mut end = i + 1;
        while end < said.len() && end < i + 4 && !said[end - 1].closed && goes_on(end) {
            end += 1;
        }
        found.push(Found { kind: Kind::Place, words: i..end, safer: "the town".to_owned() });
    }
    found
}

fn begins_place(said: &[Said], i: usize, lists: &Lists, known: &Known) -> bool {
    let word = &said[i];
    let Some(before) = i.checked_sub(1).map(|b| &said[b]) else { return false };
    if word.plain.len() < 3 || before.closed || known.knows(&word.plain) || lists.is_wide(&word.bare) || lists.is_person_free(&word.bare) {
        return false;
    }
    if !before.is_any(TOWARDS) || word.is_any(NEVER) || day(said, i).is_some() {
        return false;
    }
    let capital = word.is_capital();
    let town = lists.is_town(&word.plain);
    // "to" and "of" lead to much else
    let near = before.is_any(&["from", "in", "near", "outside", "around"])
        || i > 1 && said[i - 2].is_any(&["town", "village", "clinic", "hospital", "city"]);
    capital && (near || town || said.get(i + 1).is_some_and(|s| s.is_any(HOUSES)))
        || town && near
        || near && !lists.is_ordinary(&word.bare) && !lists.is_given(&word.bare)
}
