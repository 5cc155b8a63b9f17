//! Signs that are no text: codes that move a terminal's cursor or change its title, and marks that turn the direction of writing. What a file brings of
//! them, from an engine or from somebody else, is left out before anything can print it.

use serde_json::Value;

/// Whether JSON may hold such signs; few files do, and only those are looked at sign by sign.
pub(super) fn is_suspicious(json: &[u8]) -> bool {
    // JSON must write control codes as \\u00XX; the marks of direction begin with E2 80 or E2 81 in UTF-8, as some quotation marks do
    json.windows(2).any(|pair| matches!(pair, b"\\u" | [0xE2, 0x80 | 0x81] | [0xC2, 0x80..=0x9F]))
}

fn is_text(sign: char) -> bool {
    let turns = matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !turns && (!sign.is_control() || matches!(sign, '\n' | '\t'))
}

/// Leaves such signs out of every text in a value.
pub(super) fn clean(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(is_text),
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
        let mut value = serde_json::from_str(json).unwrap();
        clean(&mut value);
        assert_eq!(value, serde_json::json!({"text": "a[31mb", "words": ["xy", "\u{201c}so\u{201d}", "two\nlines"]}));
    }
}
