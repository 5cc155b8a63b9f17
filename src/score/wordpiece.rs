//! A text as the tokens of an uncased BERT: small letters without accents, parted at blanks and punctuation, and each word into the longest known
//! pieces from the left (Schuster and Nakajima 2012; as in the reference code of Devlin and others 2019). Pure.

use std::collections::HashMap;

use serde::Deserialize;

/// Words of more letters than this are unknown, as in the reference.
const LONGEST_WORD: usize = 100;

/// The pieces and their numbers, from the `tokenizer.json` that goes with a model.
pub struct WordPiece {
    pieces: HashMap<String, u32>,
    pub begin: u32,
    pub end: u32,
    unknown: u32,
}

#[derive(Deserialize)]
struct File {
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    vocab: HashMap<String, u32>,
}

impl WordPiece {
    /// # Errors
    /// If this is no `tokenizer.json` of an uncased BERT; in words.
    pub fn new(json: &[u8]) -> Result<Self, String> {
        let pieces = serde_json::from_slice::<File>(json).map_err(|e| e.to_string())?.model.vocab;
        let number = |piece: &str| pieces.get(piece).copied().ok_or_else(|| format!("no {piece}"));
        let (begin, end, unknown) = (number("[CLS]")?, number("[SEP]")?, number("[UNK]")?);
        Ok(Self { pieces, begin, end, unknown })
    }

    /// The tokens of a text, without begin and end.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        for word in text.split_whitespace() {
            let mut part = String::new();
            for letter in word.chars().filter(|c| !c.is_control()).map(unaccented).flat_map(char::to_lowercase) {
                if letter.is_alphanumeric() {
                    part.push(letter);
                } else {
                    self.pieces_of(&std::mem::take(&mut part), &mut tokens);
                    self.pieces_of(letter.encode_utf8(&mut [0; 4]), &mut tokens);
                }
            }
            self.pieces_of(&part, &mut tokens);
        }
        tokens
    }

    fn pieces_of(&self, part: &str, tokens: &mut Vec<u32>) {
        let before = tokens.len();
        let mut rest = part;
        while !rest.is_empty() {
            let piece = |end: usize| {
                let key = if rest.len() == part.len() { rest[..end].to_owned() } else { format!("##{}", &rest[..end]) };
                self.pieces.get(&key).map(|number| (end, *number))
            };
            let ends = rest.char_indices().rev().map(|(at, letter)| at + letter.len_utf8());
            let Some((end, number)) = (part.len() <= LONGEST_WORD).then(|| ends.map(piece).find_map(|found| found)).flatten() else {
                tokens.truncate(before);
                tokens.push(self.unknown);
                return;
            };
            tokens.push(number);
            rest = &rest[end..];
        }
    }
}

/// Letters of European names without their accents; others stay as they are.
fn unaccented(letter: char) -> char {
    const PLAIN: [(&str, char); 14] = [
        ("àáâãäåāăą", 'a'),
        ("çćč", 'c'),
        ("ďđ", 'd'),
        ("èéêëēęě", 'e'),
        ("ğ", 'g'),
        ("ìíîïī", 'i'),
        ("ñńň", 'n'),
        ("òóôõöőō", 'o'),
        ("ř", 'r'),
        ("śšş", 's'),
        ("ťţ", 't'),
        ("ùúûüűů", 'u'),
        ("ýÿ", 'y'),
        ("źżž", 'z'),
    ];
    let small = letter.to_lowercase().next().unwrap_or(letter);
    if small.is_ascii() { small } else { PLAIN.iter().find(|(accented, _)| accented.contains(small)).map_or(small, |(_, plain)| *plain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces() -> WordPiece {
        let words = ["[CLS]", "[SEP]", "[UNK]", "don", "'", "t", "call", "##ing", "##s", "jose", ".", "zurich"];
        let vocab: HashMap<&str, usize> = words.iter().enumerate().map(|(number, word)| (*word, number)).collect();
        WordPiece::new(serde_json::json!({ "model": { "vocab": vocab } }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn words_become_their_longest_pieces() {
        assert_eq!(pieces().tokens("Don't calling José."), [3, 4, 5, 6, 7, 9, 10]);
        assert_eq!(pieces().tokens("  Calls ZÜRICH "), [6, 8, 11]);
    }

    #[test]
    fn a_word_without_pieces_is_one_unknown() {
        assert_eq!(pieces().tokens("callx call"), [2, 6]);
        assert_eq!(pieces().tokens(""), [0u32; 0]);
        assert!(WordPiece::new(b"{}").is_err());
    }
}
