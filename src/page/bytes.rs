//! Bytes inside a page of text, at a sixtieth more than their size where base64 takes a third: each byte is a letter of windows-1252, which browsers
//! read back without loss, and the few that HTML would change are written as two (the way of yEnc).
//!
//! The page around them must then be ASCII; what is not, is named by its number.

/// Begins a byte that is written as two: itself and the byte with another bit 6.
const ESCAPE: u8 = b'=';
const OTHER: u8 = 0x40;

/// Appends bytes as they may stand in a data block of HTML.
pub(super) fn write(bytes: &[u8], to: &mut Vec<u8>) {
    to.reserve(bytes.len() + bytes.len() / 50);
    for byte in bytes {
        match byte {
            // HTML drops or changes the first two, and may end a block at the third
            0 | b'\r' | b'<' | &ESCAPE => to.extend([ESCAPE, byte ^ OTHER]),
            _ => to.push(*byte),
        }
    }
}

/// Text of HTML with each letter that is no ASCII named by its number. Not for the insides of script and style, which must be ASCII.
pub(super) fn ascii(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 10);
    for letter in html.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            // writing to a string does not fail
            let _ = std::fmt::Write::write_fmt(&mut out, format_args!("&#{};", u32::from(letter)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_html_would_change_is_written_otherwise() {
        let all: Vec<u8> = (0..=255).collect();
        let mut written = Vec::new();
        write(&all, &mut written);
        assert!(!written.iter().any(|b| matches!(b, 0 | b'\r' | b'<')), "{written:?}");
        let (mut back, mut escaped) = (Vec::new(), false);
        for byte in written {
            match (escaped, byte) {
                (true, b) => back.push(b ^ OTHER),
                (false, ESCAPE) => {}
                (false, b) => back.push(b),
            }
            escaped = !escaped && byte == ESCAPE;
        }
        assert_eq!(back, all);
        assert_eq!(ascii("naïve “café”"), "na&#239;ve &#8220;caf&#233;&#8221;");
        assert!(super::super::SCRIPT.is_ascii() && super::super::STYLE.is_ascii(), "they stand in the page as they are");
    }
}
