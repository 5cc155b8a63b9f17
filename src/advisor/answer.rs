//! Reads what a server sends back, as leniently as models write: JSON in fences, between sentences, or cut off in the middle.

use serde_json::{Deserializer, Value};

/// The longest name of a model that is shown, in characters.
const NAME_CHARS: usize = 100;
/// How many braces that begin nothing are passed over; text made to be slow has more, and each may cost a look at all that follows.
const MOST_FALSE_STARTS: usize = 1000;

/// What the model wrote.
pub(super) struct Reply {
    pub text: String,
    /// The model's name, if the server tells.
    pub model: Option<String>,
}

/// Unpacks the answer to `/v1/chat/completions`.
pub(super) fn reply(body: &[u8]) -> Option<Reply> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let text = body.pointer("/choices/0/message/content").or_else(|| body.pointer("/choices/0/text"))?.as_str()?;
    let model = body.get("model").and_then(Value::as_str).map(str::to_owned);
    Some(Reply { text: text.to_owned(), model })
}

/// The suggestions in what the model wrote, unchecked; none at all differs from an empty list.
pub(super) fn suggestions(text: &str) -> Option<Vec<Value>> {
    let mut list = None;
    let mut single = Vec::new();
    for mut object in objects(text) {
        match object.get_mut("suggestions").map(Value::take) {
            // a model that thinks aloud drafts first: the last list is the one it means
            Some(Value::Array(all)) => list = Some(all),
            Some(one @ Value::Object(_)) => list = Some(vec![one]),
            // a bare list, or what is left of an answer that was cut off
            None if id(&object).is_some() => single.push(object),
            _ => {}
        }
    }
    list.or(Some(single).filter(|s| !s.is_empty()))
}

/// The outermost whole JSON objects in a text.
fn objects(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut false_starts = 0;
    while false_starts < MOST_FALSE_STARTS
        && let Some(open) = text[at..].find('{')
    {
        let begin = at + open;
        let mut stream = Deserializer::from_str(&text[begin..]).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            found.push(value);
            at = begin + stream.byte_offset();
        } else {
            false_starts += 1;
            at = begin + 1;
        }
    }
    found
}

/// Which point a suggestion is for. Models write a number as a number, whatever the example shows.
pub(super) fn id(suggestion: &Value) -> Option<String> {
    match suggestion.get("id").or_else(|| suggestion.get("point"))? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The names in an answer to `/v1/models`; nothing if it is no such answer.
pub(super) fn models(body: &[u8]) -> Option<Vec<String>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let data = body.get("data")?;
    // Ollama without models sends null
    let all = if data.is_null() { &[] } else { data.as_array()?.as_slice() };
    Some(all.iter().filter_map(|m| m.get("id")?.as_str()).map(str::to_owned).collect())
}

/// The first, but not one that can only compare texts as long as there is another.
pub(super) fn choose_model(mut names: Vec<String>) -> Option<String> {
    let chats = names.iter().position(|n| !n.to_lowercase().contains("embed")).unwrap_or(0);
    (chats < names.len()).then(|| names.swap_remove(chats))
}

/// A model's name as shown: it comes from outside, so on one line and not too long. Only what is common in names and paths stays.
pub(super) fn shown_model(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || " -_.:/@+()".contains(*c)).take(NAME_CHARS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Option<Vec<String>> {
        suggestions(text).map(|all| all.iter().filter_map(id).collect())
    }

    #[test]
    fn lists_wherever_they_stand() {
        for text in [
            r#"{"suggestions":[{"id":"a"},{"id":"b"}]}"#,
            "Sure {here}:\n```json\n{\"suggestions\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}\n```\nGood luck {}!",
            r#"<think>{"suggestions":[{"id":"draft"}]}</think>{"suggestions":[{"id":" a "},{"point":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"{"suggestions":[{"id":"a"},{"id":"b","quote":"x"},{"id":"c","quo"#,
        ] {
            assert_eq!(ids(text), Some(vec!["a".to_owned(), "b".to_owned()]), "{text}");
        }
        assert_eq!(ids(r#"{"suggestions":{"id":3}}"#), Some(vec!["3".to_owned()]));
        assert_eq!(ids(r#"{"suggestions":[]}"#), Some(Vec::new()));
        for text in ["", "I cannot help.", "{", "{}", r#"{"suggestions":7}"#, r#"{"answer":"no"}"#, "null", "[[[[", "{\"é{"] {
            assert_eq!(ids(text), None, "{text}");
        }
    }

    #[test]
    fn text_made_to_be_slow() {
        let begun = std::time::Instant::now();
        for piece in ["{", "{\"\":[", "{\"\":{\"\":1,", "{\"a\":[1,1,1,1,1,1,", "\"{"] {
            assert_eq!(ids(&piece.repeat(256 * 1024 / piece.len())), None);
        }
        let deep = format!("{}{}", "{\"\":[".repeat(20), "1,".repeat(128 * 1024));
        assert_eq!(ids(&deep), None);
        assert!(begun.elapsed().as_secs() < 10);
    }

    #[test]
    fn names_of_models() {
        assert_eq!(models(br#"{"data":[{"id":"x"},{"name":"y"},{"id":"z"}]}"#), Some(vec!["x".to_owned(), "z".to_owned()]));
        assert_eq!(models(br#"{"data":null}"#), Some(Vec::new()));
        assert_eq!((models(b"<html>"), models(br#"{"data":3}"#), models(b"[]")), (None, None, None));
        let choose = |names: &[&str]| choose_model(names.iter().map(|&n| n.to_owned()).collect());
        assert_eq!(choose(&["Nomic-Embed", "a:7b", "b"]).as_deref(), Some("a:7b"));
        assert_eq!((choose(&["nomic-embed"]).as_deref(), choose(&[])), (Some("nomic-embed"), None));
        assert_eq!(shown_model("a\u{1b}[2J\nb\u{202e}/c.gguf"), "a2Jb/c.gguf");
        assert_eq!(shown_model(&"é".repeat(300)).chars().count(), 100);
    }
}
