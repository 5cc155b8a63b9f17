//! Foreign texts as plain text that is safe to show.

use crate::store::plain::steers;

/// Characters of a foreign text within a message.
const LONGEST_QUOTED: usize = 80;

/// A text without control characters and without those that turn the direction of writing, trimmed; line ends stay only where `lines` says so,
/// and are spaces elsewhere. With the number of characters that were left out.
#[must_use]
pub fn cleaned(text: &str, lines: bool) -> (String, usize) {
    let mut left_out = 0;
    let mut clean = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => clean.push(if lines { '\n' } else { ' ' }),
            '\t' => clean.push(' '),
            c if steers(c) || c == '\u{feff}' => left_out += 1,
            c => clean.push(c),
        }
    }
    (clean.trim().to_owned(), left_out)
}

/// A foreign text as it may stand in a message: one short line.
#[must_use]
pub fn quoted(text: &str) -> String {
    let (clean, _) = cleaned(text, false);
    let short: String = clean.chars().take(LONGEST_QUOTED).collect();
    if short.len() < clean.len() { format!("{short}...") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_and_what_cannot_be_seen_is_left_out() {
        let (text, left_out) = cleaned("<script>alert(1)</script> ]]> \u{1b}[31mred\u{202e}\u{7}\r\nsecond line ", true);
        assert_eq!((text.as_str(), left_out), ("<script>alert(1)</script> ]]> [31mred\nsecond line", 3));
        assert_eq!(cleaned(" Ada\nByron\u{200e} ", false), ("Ada Byron\u{200e}".to_owned(), 0));
        assert_eq!(quoted(&"x".repeat(81)), format!("{}...", "x".repeat(80)));
    }
}
