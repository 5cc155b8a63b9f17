//! Numbers as engines write them: in figures or in words. Pure.

use std::ops::Range;

use super::said::Said;

const UNITS: &[&str] = &["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS: &[&str] = &["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

fn place(list: &[&str], word: &str) -> Option<u32> {
    list.iter().position(|w| *w == word).and_then(|at| u32::try_from(at).ok())
}

fn figures(word: &str) -> Option<u32> {
    (!word.is_empty() && word.len() <= 6 && word.chars().all(|c| c.is_ascii_digit())).then(|| word.parse().ok())?
}

/// The number that one word stands for, below a hundred where it is no figure: "7", "seven", "forty", "forty-one".
pub fn of_word(plain: &str) -> Option<u32> {
    let (tens, unit) = plain.split_once('-').unwrap_or((plain, ""));
    if let (Some(tens), Some(unit @ 1..)) = (place(TENS, tens), place(UNITS, unit)) {
        return Some(20 + 10 * tens + unit);
    }
    let spoken = place(UNITS, plain).or_else(|| place(TEENS, plain).map(|n| n + 10)).or_else(|| place(TENS, plain).map(|n| 20 + 10 * n));
    spoken.or_else(|| figures(plain))
}

fn at(said: &[Said], i: usize) -> Option<&str> {
    said.get(i).map(|s| s.plain.as_str())
}

/// A number below a hundred from `i`, in one word or two, and how many words it takes.
fn below_hundred(said: &[Said], i: usize) -> Option<(u32, usize)> {
    let first = of_word(at(said, i)?)?;
    let tens = place(TENS, at(said, i)?).is_some();
    let unit = || at(said, i + 1).and_then(|w| place(UNITS, w)).filter(|n| *n > 0 && tens && !said[i].closed);
    Some(unit().map_or((first, 1), |unit| (first + unit, 2)))
}

/// A cardinal number below a thousand from `i`, and how many words it takes: "94", "ninety four", "a hundred and two".
pub fn value(said: &[Said], i: usize) -> Option<(u32, usize)> {
    let hundreds = match at(said, i)? {
        "a" => Some(1),
        word => place(UNITS, word),
    };
    if let Some(hundreds) = hundreds.filter(|_| at(said, i + 1) == Some("hundred")) {
        let and = usize::from(at(said, i + 2) == Some("and"));
        return Some(match below_hundred(said, i + 2 + and).filter(|(rest, _)| *rest < 100) {
            Some((rest, length)) => (100 * hundreds + rest, 2 + and + length),
            None => (100 * hundreds, 2),
        });
    }
    below_hundred(said, i)
}

/// A year from 1880 to 2099 from `i`, and how many words it takes: "1952", "nineteen fifty two", "two thousand and nineteen".
pub fn year(said: &[Said], i: usize) -> Option<(u32, usize)> {
    let first = at(said, i)?;
    if first.len() == 4 {
        return figures(first).filter(|y| (1880..2100).contains(y)).map(|y| (y, 1));
    }
    if first == "two" && at(said, i + 1) == Some("thousand") {
        let and = usize::from(at(said, i + 2) == Some("and"));
        let rest = below_hundred(said, i + 2 + and).filter(|(rest, _)| *rest < 100);
        return Some(rest.map_or((2000, 2), |(rest, length)| (2000 + rest, 2 + and + length)));
    }
    let century = match first {
        "eighteen" => 1800,
        "nineteen" => 1900,
        "twenty" => 2000,
        _ => return None,
    };
    if at(said, i + 1).is_some_and(|w| w == "oh" || w == "o") {
        return at(said, i + 2).and_then(|w| place(UNITS, w)).map(|unit| (century + unit, 3));
    }
    let (rest, length) = below_hundred(said, i + 1)?;
    // "nineteen five" is no year
    ((10..100).contains(&rest) && century + rest >= 1880).then_some((century + rest, 1 + length))
}

/// A day of the month from `i`, and how many words it takes: "3", "3rd", "third", "twenty first", "the third".
pub fn day(said: &[Said], i: usize) -> Option<(u32, usize)> {
    if at(said, i) == Some("the") {
        return day(said, i + 1).map(|(day, length)| (day, length + 1));
    }
    let first = at(said, i)?;
    let suffixed = ["st", "nd", "rd", "th"].iter().find_map(|s| figures(first.strip_suffix(s)?));
    let ordinal = |w: &str| place(ORDINALS, w).map(|n| n + 1);
    let tens = |w: &str| match w {
        "twenty" => Some(20),
        "thirty" => Some(30),
        _ => None,
    };
    let joined = first.split_once('-').and_then(|(t, o)| Some(tens(t)? + ordinal(o).filter(|n| *n < 10)?));
    let parted = || Some((tens(first)? + ordinal(at(said, i + 1)?).filter(|n| *n < 10)?, 2));
    let whole = suffixed.or_else(|| ordinal(first)).or(joined).or((first == "thirtieth").then_some(30)).map(|day| (day, 1));
    whole.or_else(parted).or_else(|| below_hundred(said, i)).filter(|(day, _)| (1..=31).contains(day))
}

/// Whether a word is a number, or a part of a long one.
pub fn is_number(plain: &str) -> bool {
    let figures = plain.chars().any(|c| c.is_ascii_digit()) && plain.chars().all(|c| c.is_ascii_digit() || "-./() ".contains(c));
    figures || of_word(plain).is_some() || ["oh", "o", "double", "triple", "hundred", "thousand"].contains(&plain)
}

/// The numbers that follow one another from `i`; "oh" is none at the beginning.
pub fn run(said: &[Said], i: usize) -> Range<usize> {
    let begins = said.get(i).is_some_and(|s| is_number(&s.plain));
    let zero = at(said, i).is_some_and(|w| ["oh", "o"].contains(&w)) && !at(said, i + 1).is_some_and(is_number);
    let mut end = i;
    while begins && !zero && end < said.len() && is_number(&said[end].plain) {
        end += 1;
        if said[end - 1].ends_sentence {
            break;
        }
    }
    i..end
}

/// How many digits somebody would write for these words.
pub fn digits(said: &[Said]) -> usize {
    let one = |i: usize| {
        let word = said[i].plain.as_str();
        let after_tens = i > 0 && place(TENS, &said[i - 1].plain).is_some();
        match word {
            "oh" | "o" | "double" => 1,
            "triple" | "hundred" => 2,
            "thousand" => 3,
            _ if place(UNITS, word).is_some() => usize::from(!after_tens),
            _ if of_word(word).is_some() && !word.starts_with(|c: char| c.is_ascii_digit()) => 2,
            _ => word.chars().filter(char::is_ascii_digit).count(),
        }
    };
    (0..said.len()).map(one).sum()
}
