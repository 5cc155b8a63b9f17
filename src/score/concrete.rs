//! Whether words tell a concrete instance: a time, a number, a name, an example, or what was said word for word. Pure.

use crate::words::{self, Phrase, Text};

/// What announces an example, a time or a quotation. Phrases as in a question file.
const SIGNS: &[&str] = &[
    "for example",
    "for instance",
    "such as",
    "one time",
    "one day|morning|evening|night|afternoon|week|winter|summer",
    "last|this week|month|year|time|summer|winter|spring|autumn",
    "ago",
    "yesterday",
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday",
    "january|february|april|june|july|august|september|october|november|december",
    "a lady|gentleman|mother|father|woman|man|girl|boy|daughter|son|widow|couple",
];

/// Numbers that are said to mean no number: "one of the things".
const LOOSE: &[&str] = &["one", "two", "first", "second"];
const NUMBERS: &[&str] = &[
    "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "hundred", "thousand", "half", "quarter", "dozen", "third",
];

/// Whether these words, as written, hold a concrete instance.
#[must_use]
pub fn is_concrete(written: &[&str]) -> bool {
    let text = Text::new(written.iter().copied());
    SIGNS.iter().any(|sign| text.find(&Phrase::new(sign)).is_some())
        || written.iter().enumerate().any(|(at, word)| is_number(word) || is_name(written, at) || is_quoting(written, at))
}

fn is_number(word: &str) -> bool {
    let plain = words::plain(word);
    !LOOSE.contains(&plain.as_str()) && (plain.chars().any(|c| c.is_ascii_digit()) || plain.split('-').any(|part| NUMBERS.contains(&part)))
}

/// Words before somebody's own: "I said, leave it with me".
const SAYING: &[&str] = &["said", "say", "says", "asked", "ask", "told", "answered", "replied"];

fn is_quoting(written: &[&str], at: usize) -> bool {
    let quoted = written.get(at + 1).is_some_and(|next| next.starts_with(['"', '\u{201c}', '\'']));
    SAYING.contains(&words::plain(written[at]).as_str()) && (written[at].ends_with([',', ':']) || quoted)
}

/// A word with a capital in the middle of a sentence, other than "I" and what is shouted.
fn is_name(written: &[&str], at: usize) -> bool {
    let begins = at == 0 || words::ends_sentence(written[at - 1]) || written[at].starts_with(['"', '\u{201c}']);
    let plain = words::plain(written[at]);
    !begins && written[at].starts_with(char::is_uppercase) && written[at].contains(char::is_lowercase) && plain != "i" && !plain.starts_with("i'")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concrete(text: &str) -> bool {
        is_concrete(&text.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn an_instance_has_a_time_a_number_a_name_or_somebodys_words() {
        for told in [
            "Last winter a patient shouted at our desk.",
            "we cut the calls to four a week",
            "so I rang Doctor Meyer at once",
            "I said, I can see how worried you are.",
            "It took 20 minutes.",
        ] {
            assert!(concrete(told), "{told}");
        }
        for vague in [
            "I let her finish before I said anything.",
            "I always listen to patients.",
            "Communication is key, and I'm one of the calm people.",
            "First I would stay polite.",
        ] {
            assert!(!concrete(vague), "{vague}");
        }
    }
}
