//! Signs that are no text: codes that move a terminal's cursor or change its title, and marks that turn the direction of writing. What a file brings of
//! them, from an engine or from somebody else, is left out before anything can print it.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Whether a sign moves a cursor or turns the direction of writing: a text could hide or feign something with it. Line ends and tabs are such signs, too.
#[must_use]
pub fn steers(sign: char) -> bool {
    sign.is_control() || matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Reads a value from JSON, without such signs in its texts but for line ends and tabs.
///
/// # Errors
/// It is no JSON, or not what it should be.
pub(super) fn parse<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    if !is_suspicious(json) {
        return serde_json::from_slice(json);
    }
    let mut value = serde_json::from_slice(json)?;
    clean(&mut value);
    serde_json::from_value(value)
}

/// Whether JSON may hold such signs; few files do, and only those are looked at sign by sign.
fn is_suspicious(json: &[u8]) -> bool {
    // JSON must write control codes as \\u00XX; the marks of direction begin with E2 80 or E2 81 in UTF-8, as some quotation marks do
    json.windows(2).any(|pair| matches!(pair, b"\\u" | [0xE2, 0x80 | 0x81] | [0xC2, 0x80..=0x9F]))
}

fn clean(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|sign| !steers(sign) || matches!(sign, '\n' | '\t')),
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(fields) => fields.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_left_out() {
        let json = r#"{"text": "a\u001b[31mb\u0007", "words": ["x\u202ey", "\u201cso\u201d", "two\nlines"]}"#;
        assert!(is_suspicious(json.as_bytes()) && is_suspicious("\u{202E}".as_bytes()) && !is_suspicious(b"{\"text\": \"na\\nive\"}"));
        let value: Value = parse(json.as_bytes()).unwrap();
        assert_eq!(value, serde_json::json!({"text": "a[31mb", "words": ["xy", "\u{201c}so\u{201d}", "two\nlines"]}));
    }
}
