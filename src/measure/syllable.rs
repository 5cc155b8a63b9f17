//! Syllables of English words, counted from their spelling: rules for groups of vowels, then a list of exceptions. Pure.
//!
//! The rules were written for this file and checked against the CMU Pronouncing Dictionary (BSD licence; a syllable is a phone with a stress
//! digit) on the commonest English words; the exceptions are the most frequent of the words that the rules get wrong (`benchmark.py`).
//! Where the dictionary gives several pronunciations, each of them is right.

use std::ops::Range;

mod exceptions;

/// Nobody says a longer word; what is one all the same is counted so far (characters).
const LONGEST: usize = 100;

/// The syllables of one word as written. Figures are read as a number, "GP" letter by letter, hyphenated words in parts. 0 for no letter or digit.
#[must_use]
pub fn count(word: &str) -> usize {
    let word: String = word.chars().take(LONGEST).map(|c| if c == '’' { '\'' } else { c }).collect();
    let parts = word.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '.' | ',' | '%' | '£' | '$' | '€' | '&' | '+'));
    parts.map(part).sum()
}

/// What is said for a sign.
const SIGNS: &[(char, usize)] = &[('%', 2), ('£', 1), ('$', 2), ('€', 2), ('&', 1), ('+', 1)];

fn part(part: &str) -> usize {
    let signs: usize = part.chars().filter_map(|c| SIGNS.iter().find(|(sign, _)| *sign == c)).map(|(_, n)| n).sum();
    let core = part.trim_matches(|c: char| !c.is_alphanumeric());
    let Some(digits) = core.find(|c: char| c.is_ascii_digit()) else { return signs + letters(core) };
    // "3rd", "90s", "B12", "2.5"
    let end = core.rfind(|c: char| c.is_ascii_digit()).map_or(core.len(), |i| i + 1);
    let after = match &core[end..] {
        "th" => usize::from(core[..end].ends_with('0') && end - digits == 2 && !core[..end].ends_with("10")),
        "st" | "nd" | "rd" | "s" => 0,
        rest => letters(rest),
    };
    signs + letters(&core[..digits]) + figures(&core[digits..end]) + after
}

/// A number in figures as it is read; whatever else stands among them parts them.
fn figures(text: &str) -> usize {
    let text = text.replace(',', "");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let point = if fraction.is_empty() { 0 } else { 1 + fraction.chars().map(digit).sum::<usize>() };
    let whole = match whole.parse::<u64>() {
        // years are read in pairs
        Ok(year) if whole.len() == 4 && (1100..2000).contains(&year) && year % 100 >= 10 => number(year / 100) + number(year % 100),
        Ok(year) if whole.len() == 4 && (2010..2100).contains(&year) => number(20) + number(year % 100),
        Ok(value) if !whole.starts_with('0') || whole.len() == 1 => number(value),
        _ => whole.chars().map(digit).sum(),
    };
    whole + point
}

fn digit(figure: char) -> usize {
    match figure {
        '0' | '7' => 2,
        c if c.is_ascii_digit() => 1,
        _ => 0,
    }
}

fn number(value: u64) -> usize {
    const SMALL: [usize; 20] = [2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2];
    let rest = |by: u64| if value.is_multiple_of(by) { 0 } else { number(value % by) };
    match value {
        0..20 => SMALL[usize::try_from(value).unwrap_or(0)],
        20..100 => (if value / 10 == 7 { 3 } else { 2 }) + rest(10),
        // "and" is British; it is counted
        100..1_000 => number(value / 100) + 2 + usize::from(!value.is_multiple_of(100)) + rest(100),
        1_000..1_000_000 => number(value / 1_000) + 2 + rest(1_000),
        1_000_000..1_000_000_000 => number(value / 1_000_000) + 2 + rest(1_000_000),
        _ => number(value / 1_000_000_000) + 2 + rest(1_000_000_000),
    }
}

/// A word without figures: spelled where it is written as an abbreviation or cannot be spoken, else by the rules.
fn letters(word: &str) -> usize {
    let bare: String = word.chars().filter(|c| c.is_alphabetic() || *c == '\'').collect();
    let small = bare.to_lowercase();
    let stem = small.strip_suffix("'s").unwrap_or(&small);
    let upper = bare.strip_suffix("'s").or(bare.strip_suffix('s')).unwrap_or(&bare);
    let capitals = upper.chars().count() > 1 && upper.chars().all(char::is_uppercase);
    if stem.is_empty() {
        return 0;
    }
    if let Some(known) = exceptions::of(stem) {
        return known + usize::from(stem.len() < small.len() && hisses(stem));
    }
    let spoken = stem.chars().any(is_vowel) && (upper.len() > 3 || !capitals);
    if (capitals || stem.chars().count() > 1) && !spoken && stem.chars().any(char::is_alphabetic) {
        let spelled = upper.chars().filter(|c| c.is_alphabetic()).map(|c| if c.eq_ignore_ascii_case(&'w') { 3 } else { 1 }).sum();
        // "hmm" and "pst" are no abbreviations
        return if capitals || !stem.contains(['m', 'h', 's']) { spelled } else { 1 };
    }
    by_rule(stem).max(1) + usize::from(stem.len() < small.len() && hisses(stem))
}

/// Whether a plural or genitive "s" makes a syllable of its own after it.
fn hisses(word: &str) -> bool {
    ["s", "x", "z", "ch", "sh", "ce", "se", "ze", "ge"].iter().any(|end| word.ends_with(end))
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'é' | 'è' | 'ê' | 'á' | 'à' | 'ä' | 'ö' | 'ü' | 'í' | 'ï' | 'ó' | 'ô' | 'ú')
}

/// The rules. Small letters and apostrophes.
fn by_rule(word: &str) -> usize {
    if let Some(rest) = word.strip_suffix("n't") {
        // "didn't" and "haven't", but "don't" and "weren't"
        return by_rule(rest) + usize::from(rest.ends_with(['d', 's', 't']) || rest.ends_with("ve"));
    }
    if let Some((rest, short)) = word.split_once('\'').filter(|(rest, _)| !rest.is_empty()) {
        let closed = !rest.ends_with(is_vowel) || rest.ends_with('e') && rest.chars().rev().nth(1).is_some_and(|c| !is_vowel(c)) && rest.len() > 3;
        let own = match short {
            "ll" | "ve" | "re" => closed && !(short == "ll" && rest.ends_with('r') || short == "ve" && rest.ends_with('w')),
            "d" => rest.ends_with(['t', 'd']),
            _ => false,
        };
        return by_rule(rest) + usize::from(own) + if matches!(short, "ll" | "ve" | "re" | "d" | "m" | "s" | "t") { 0 } else { by_rule(short) };
    }
    let all: Vec<char> = word.chars().filter(|c| *c != '\'').collect();
    let mut count = 0;
    let mut at = 0;
    while at < all.len() {
        let end = (at..all.len()).find(|i| !sounds(&all, *i)).unwrap_or(all.len());
        if end == at {
            at += 1;
            continue;
        }
        if !(end - at == 1 && all[at] == 'e' && is_silent(&all, at)) {
            count += 1 + hiatuses(&all, at..end);
        }
        at = end;
    }
    let ends = |end: &str| word.ends_with(end);
    // the "a" of "basically" is written only
    count -= usize::from(word.len() > 6 && ends("ically"));
    // "fire", "required": the dictionary hears the "r" as a syllable
    count +=
        usize::from(["ire", "ires", "ired"].iter().any(|end| ends(end)) && !["aire", "aired", "aires", "shire", "oire"].iter().any(|end| ends(end)));
    // a consonant that carries a syllable of its own: "organism", "rhythm"
    count += usize::from(ends("sm") || ends("sms") || ends("thm") || ends("thms"));
    count + usize::from(word.starts_with("mc") && all.len() > 3)
}

/// Whether the letter stands for a vowel sound: not the "u" of "quit" and "guess", nor the "y" of "yes" and "beyond".
fn sounds(all: &[char], at: usize) -> bool {
    let vowel = |i: Option<usize>| i.and_then(|i| all.get(i)).is_some_and(|c| is_vowel(*c));
    let (before, after) = (vowel(at.checked_sub(1)), vowel(Some(at + 1)));
    match all[at] {
        'y' => !(after && (at == 0 || before)),
        'u' if at > 0 => {
            !(all[at - 1] == 'q' && after || all[at - 1] == 'g' && after && matches!(all[at + 1], 'a' | 'e' | 'i') && !written(all, at, "uat"))
        }
        c => is_vowel(c),
    }
}

/// Whether these letters stand there.
fn written(all: &[char], at: usize, text: &str) -> bool {
    text.chars().enumerate().all(|(i, c)| all.get(at + i) == Some(&c))
}

/// Endings and second parts of compounds before which the "e" of "like", "care" or "some" stays silent.
const AFTER_SILENT_E: &[&str] = &[
    "ly", "ment", "ful", "less", "ness", "some", "ty", "thing", "time", "where", "fore", "body", "work", "life", "side", "hood", "wise", "ware",
    "man", "men", "land", "ship", "town", "way", "house", "place", "line", "back", "page", "board", "by", "one", "style", "like", "keep", "guard",
    "how", "what", "room", "book", "ground", "mate", "made", "stone", "day", "days", "paper", "let", "bird", "holder", "taker", "maker", "giver",
];

/// First parts of compounds whose last "e" stays silent before a consonant.
const WITH_SILENT_E: &[&str] = &[
    "some", "base", "house", "fore", "home", "eye", "side", "whole", "horse", "wave", "time", "take", "trade", "there", "where", "more", "note",
    "grave", "one", "live", "life", "game", "make", "stake", "states", "spokes", "sales", "these", "like", "wide", "space", "fire", "ice", "line",
    "safe", "care", "nine", "voice", "white", "wake", "pipe", "smoke", "wire", "store", "share", "bare", "pine", "name", "hope",
];

/// Whether a single "e" is not spoken.
fn is_silent(all: &[char], at: usize) -> bool {
    let letter = |back: usize| at.checked_sub(back).map(|i| all[i]);
    let (Some(before), rest) = (letter(1), &all[at + 1..]) else { return false };
    let earlier = (0..at).any(|i| sounds(all, i));
    // "table" and "handled", but "called"; "centre", "acres"
    let liquid = letter(2).is_some_and(|c| match before {
        'l' => !is_vowel(c) && !matches!(c, 'l' | 'r' | 'w'),
        'r' => matches!(c, 't' | 'd' | 'c' | 'b'),
        _ => false,
    });
    if !earlier {
        return false;
    }
    let hissing = matches!(before, 's' | 'z' | 'c' | 'g' | 'x') || before == 'h' && matches!(letter(2), Some('c' | 's'));
    match rest {
        [] => !liquid,
        ['s'] => !liquid && !hissing,
        ['d'] => !liquid && !matches!(before, 't' | 'd'),
        ['d', 'l', 'y'] => !matches!(before, 't' | 'd'),
        _ => {
            let open = letter(2).is_some_and(is_vowel) || before == 'c' || before == 'g' && letter(2) == Some('d') || before == 'v' || before == 's';
            let start: String = all[..=at].iter().collect();
            let whole = ["sh", "st", "ch", "th", "tr", "br", "cl", "gr", "pl", "cr", "gl", "sp", "wh", "fl", "fr", "sk"];
            let opened = rest.get(1).is_some_and(|c| is_vowel(*c)) || rest.len() > 2 && whole.iter().any(|w| written(rest, 0, w));
            if !is_vowel(rest[0]) && opened && rest.len() > 2 && WITH_SILENT_E.contains(&start.as_str()) {
                return true;
            }
            let rest: String = rest.iter().collect();
            open && AFTER_SILENT_E.iter().any(|end| rest == *end || rest.strip_suffix('s') == Some(end) || (end.len() > 2 && rest.starts_with(end)))
        }
    }
}

/// How many more syllables a group of vowels makes than one.
fn hiatuses(all: &[char], group: Range<usize>) -> usize {
    let mut count = 0;
    let mut at = group.start;
    while at + 1 < group.end {
        let apart = parts(all, at, group.start);
        count += usize::from(apart);
        // the second of two that make one sound does not part from a third: "beauty", "various"
        at += if apart { 1 } else { 2 };
        if !apart && at < group.end && written(all, at - 1, "ei") && written(all, at + 1, "ng") {
            count += 1;
        }
    }
    count
}

/// Whether the vowel at `at` and the next one are of two syllables; `first` is where their group starts.
fn parts(all: &[char], at: usize, first: usize) -> bool {
    let before = at.checked_sub(1).map_or(' ', |i| all[i]);
    let here = |texts: &[&str]| texts.iter().any(|t| written(all, at, t));
    let ends = |texts: &[&str]| texts.iter().any(|t| written(all, at, t) && at + t.chars().count() == all.len());
    // the first vowel of the word: "lion", "diet", "ruin"
    let opens = !(0..first).any(|i| sounds(all, i));
    let soft = matches!(before, 'c' | 't' | 's' | 'g' | 'x');
    match (all[at], all[at + 1]) {
        (_, 'ï' | 'ë') | ('i', 'u' | 'i') | ('y', 'i') | ('u' | 'a', 'o') => true,
        ('i', 'a') => {
            !(here(&["iag"]) || soft && !here(&["iat"]) && !opens || before == 'l' && !opens && !here(&["iab", "iat"]) || before == 'h' && !opens)
        }
        ('i', 'o') if here(&["iou"]) => !(soft || here(&["iour"])),
        ('i', 'o') => {
            opens && before != 't'
                || !(soft && !ends(&["io", "ios"])
                    || matches!(before, 'l' | 'n' | 'h') && here(&["ion"])
                    || matches!(before, 'n' | 'v') && here(&["ior"]))
        }
        ('i', 'e') if here(&["iend", "iev", "ieu"]) => false,
        ('i', 'e') if here(&["iet"]) => true,
        ('i', 'e') if here(&["ien"]) => opens && before != 'f' || !soft && !opens,
        ('i', 'e') => !opens && ends(&["ier", "iers", "iest"]),
        ('e', 'a') if here(&["eau"]) => false,
        ('e', 'a') => {
            !opens && (ends(&["ea", "eas"]) || ends(&["ean"]) && !matches!(before, 'c' | 'm' | 'b'))
                || at >= 2 && written(all, at - 2, "creat")
                || at >= 2 && written(all, at - 2, "theat")
                || opens && before == 'r' && at == 1 && here(&["eac", "eali", "eass", "eapp", "ealloc", "earr"]) && !here(&["each"])
        }
        ('e', 'o') => !(soft && before != 's' && before != 't' || written(all, at, "eop")) || opens && before == 'g',
        ('e', 'i') => here(&["eing", "eity", "eist"]),
        ('e', 'u') => here(&["eum", "euni"]),
        ('u', 'a') => !(before == 's' && here(&["uad"])) && before != 'q',
        ('u', 'e') => here(&["uent", "uence", "uel", "uenc", "uest"]) && before != 'q' && before != 'g',
        ('u', 'i') => {
            here(&["uing", "uin", "uid", "uit", "uici", "uis"])
                && !ends(&["uit", "uits", "uise", "uised"])
                && !here(&["uite", "uitm", "uita"])
                && before != 'g'
        }
        ('o', 'a') => ends(&["oa", "oah"]),
        ('o', 'e') => here(&["oet", "oem", "oex", "oed", "oer", "oel"]) && !ends(&["oed"]),
        ('o', 'i') => here(&["oing"]),
        ('o', 'o') => here(&["ooperat", "oordi"]) && before == 'c',
        ('a', 'i') => here(&["aic"]),
        ('a', 'e') => here(&["ael"]) && before == 'r',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(cases: &[(&str, usize)]) {
        for (word, syllables) in cases {
            assert_eq!(count(word), *syllables, "{word}");
        }
    }

    #[test]
    fn vowels_in_groups_and_apart() {
        all(&[("the", 1), ("ward", 1), ("team", 1), ("patient", 2), ("experience", 4), ("ideas", 3), ("area", 3), ("society", 4), ("lion", 2)]);
        all(&[("situation", 4), ("going", 2), ("beyond", 2), ("question", 2), ("beautiful", 3), ("previous", 3), ("being", 2), ("view", 1)]);
    }

    #[test]
    fn an_e_that_is_not_spoken() {
        all(&[("make", 1), ("table", 2), ("called", 1), ("handled", 2), ("waited", 2), ("changes", 2), ("times", 1), ("safely", 2), ("careful", 2)]);
        all(&[("something", 2), ("statement", 2), ("element", 3), ("centre", 2), ("center", 2), ("organisation", 5), ("people", 2)]);
    }

    #[test]
    fn short_forms() {
        all(&[("didn’t", 2), ("don't", 1), ("weren't", 1), ("haven't", 2), ("I'll", 1), ("we've", 1), ("it'll", 2), ("would've", 2), ("nurse's", 2)]);
    }

    #[test]
    fn figures_are_read_and_abbreviations_spelled() {
        all(&[("12", 1), ("7", 2), ("30%", 4), ("1998", 5), ("2015", 4), ("1,000", 3), ("2.5", 3), ("£20", 3), ("20th", 3), ("90s", 2), ("120", 6)]);
        all(&[("GP", 2), ("GPs", 2), ("NHS", 3), ("CV", 2), ("WHO", 5), ("Mrs.", 2), ("NASA", 2), ("B12", 2), ("I", 1)]);
    }

    #[test]
    fn parts_punctuation_and_nothing() {
        all(&[("follow-up", 3), ("real-time,", 2), ("“Hello!”", 2), ("", 0), ("—", 0), ("hmm", 1), ("'", 0), ("naïve", 2)]);
    }
}
