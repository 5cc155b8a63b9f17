//! Words with their times from a Praat TextGrid: what phoneticians and forced aligners write. Pure: text in, words out.
//!
//! The long and the short form of the format are read by one rule (Praat manual, "TextGrid file formats"): only free-standing numbers, texts in
//! double quotes and flags in angle brackets mean something; all else is for the reader.

use crate::sound::{Millis, Span};

/// What aligners write where nothing is said.
const SILENCES: &[&str] = &["", "sp", "sil", "spn", "<eps>", "<sil>", "<p:>", "#"];

#[derive(Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Flag,
}

/// The words of the tier called `words`, or the first whose name ends so ("ann - words"), in order, with their times.
///
/// # Errors
/// Why the file is none, in words for its writer.
pub fn words(text: &str) -> Result<Vec<(String, Span)>, String> {
    let mut tokens = tokens(text).into_iter();
    let is_textgrid = [Some(Token::Text("ooTextFile".into())), Some(Token::Text("TextGrid".into()))].iter().all(|wanted| tokens.next() == *wanted);
    if !is_textgrid {
        return Err("it is no Praat TextGrid saved as text".into());
    }
    let mut tokens = Tokens(tokens);
    let (_, _) = (tokens.number()?, tokens.number()?);
    tokens.flag()?;
    let tiers = tokens.number()?;
    let mut names = Vec::new();
    for _ in 0..count(tiers)? {
        let (class, name) = (tokens.text()?, tokens.text()?);
        let (_, _, entries) = (tokens.number()?, tokens.number()?, tokens.number()?);
        let intervals = class == "IntervalTier";
        let mut found = Vec::new();
        for _ in 0..count(entries)? {
            let start = tokens.number()?;
            let end = if intervals { tokens.number()? } else { start };
            found.push((tokens.text()?, start, end));
        }
        if intervals && name.to_lowercase().ends_with("words") {
            return found.into_iter().filter(|(text, ..)| !SILENCES.contains(&text.trim())).map(word).collect();
        }
        names.push(name);
    }
    let names = if names.is_empty() { "it has no tiers at all".to_owned() } else { format!("its tiers are: {}", names.join(", ")) };
    Err(format!("it has no interval tier called \"words\"; {names}"))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked
fn word((text, start, end): (String, f64, f64)) -> Result<(String, Span), String> {
    let sound = |time: f64| (0.0..1e9).contains(&time);
    if !sound(start) || !sound(end) || end < start {
        return Err(format!("the times of \"{text}\" ({start} to {end} s) make no sense"));
    }
    if text.split_whitespace().nth(1).is_some() {
        return Err(format!("\"{text}\" is more than one word, with one time for all of them: the tier must have an interval for each word"));
    }
    let millis = |seconds: f64| (seconds * 1000.0).round() as u64;
    Ok((text.trim().to_owned(), Span { start: Millis(millis(start)), end: Millis(millis(end)) }))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked
fn count(number: f64) -> Result<usize, String> {
    if (0.0..1e7).contains(&number) && number.fract() == 0.0 {
        Ok(number as usize)
    } else {
        Err(format!("{number} is no count of tiers or intervals"))
    }
}

struct Tokens(std::vec::IntoIter<Token>);

impl Tokens {
    fn number(&mut self) -> Result<f64, String> {
        match self.0.next() {
            Some(Token::Number(n)) => Ok(n),
            other => Err(missing("a number", other.as_ref())),
        }
    }

    fn text(&mut self) -> Result<String, String> {
        match self.0.next() {
            Some(Token::Text(t)) => Ok(t),
            other => Err(missing("a text", other.as_ref())),
        }
    }

    fn flag(&mut self) -> Result<(), String> {
        match self.0.next() {
            Some(Token::Flag) => Ok(()),
            other => Err(missing("<exists>", other.as_ref())),
        }
    }
}

fn missing(wanted: &str, found: Option<&Token>) -> String {
    match found {
        None => format!("it ends where {wanted} should follow"),
        Some(Token::Text(t)) => format!("\"{t}\" stands where {wanted} should"),
        Some(Token::Number(n)) => format!("{n} stands where {wanted} should"),
        Some(Token::Flag) => format!("a flag stands where {wanted} should"),
    }
}

fn tokens(text: &str) -> Vec<Token> {
    // a text without its closing quote takes the rest of the file, which is then missing
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let (text, length) = quoted(&rest[1..]);
                found.push(Token::Text(text));
                length + 1
            }
            '!' => rest.find('\n').unwrap_or(rest.len()),
            c if c.is_whitespace() => c.len_utf8(),
            _ => {
                let word = rest.split(char::is_whitespace).next().unwrap_or(rest);
                if word.starts_with('<') {
                    found.push(Token::Flag);
                } else if let Ok(number) = word.trim_end_matches('%').parse() {
                    found.push(Token::Number(number));
                }
                word.len()
            }
        };
        rest = &rest[length..];
    }
    found
}

/// What stands before the closing quote, and how many bytes that and the quote take; two quotes are one inside.
fn quoted(rest: &str) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (c, chars.peek()) {
            ('"', Some((_, '"'))) => {
                chars.next();
                text.push('"');
            }
            ('"', _) => return (text, at + 1),
            _ => text.push(c),
        }
    }
    (text, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: &str = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n2\n<exists>\n2\n\"TextTier\"\n\"notes\"\n0\n2\n1\n0.5\n\"a \"\"b\"\" c\"\n\
         \"IntervalTier\"\n\"Words\"\n0\n2\n3\n0\n0.5\n\"\"\n0.5\n1.25\n\"hello\"\n1.25\n2\n\"there\"\n";

    const LONG: &str = "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = 2 \ntiers? <exists> \nsize = 1 \nitem []: \n    item [1]:\n        \
         class = \"IntervalTier\" \n        name = \"words\" \n        xmin = 0 \n        xmax = 2 \n        intervals: size = 2 \n        intervals [1]:\n            \
         xmin = 0 \n            xmax = 0.5 \n            text = \"sil\" \n        intervals [2]:\n            xmin = 0.5 \n            xmax = 1.25 \n            text = \"hello\" \n";

    #[test]
    fn both_forms_give_the_words_and_leave_out_the_silences() {
        let hello = ("hello".to_owned(), Span::new(500, 1_250));
        assert_eq!(words(SHORT).unwrap(), [hello.clone(), ("there".to_owned(), Span::new(1_250, 2_000))]);
        assert_eq!(words(LONG).unwrap(), [hello]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(words("{}").unwrap_err().contains("no Praat TextGrid"));
        assert!(words(&SHORT[..SHORT.len() - 20]).unwrap_err().contains("it ends where"));
        assert!(words(&SHORT.replace("Words", "phones")).unwrap_err().contains("its tiers are: notes, phones"));
        assert!(words(&SHORT.replace("1.25\n\"hello", "0.25\n\"hello")).unwrap_err().contains("make no sense"));
        assert!(words(&SHORT.replace("<exists>\n2", "<exists>\n-3")).unwrap_err().contains("is no count"));
    }
}
