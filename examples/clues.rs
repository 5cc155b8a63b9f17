//! For `scripts/fillers/fit.py`: lines of transcripts with what editors took out of them in (JSON), the places of each phrase that has weights out, with
//! their clues.

use std::io::BufRead;

use serde::Deserialize;
use viva_voce::measure::filler;
use viva_voce::sound::{Millis, Span};
use viva_voce::transcribe::{Engine, Transcript, Word};

#[derive(Deserialize)]
struct Row {
    src: String,
    tokens: Vec<String>,
    punct: Vec<String>,
    removed: Vec<u8>,
}

/// `--bare`: without the marks within a line.
fn main() -> anyhow::Result<()> {
    let bare = std::env::args().any(|a| a == "--bare");
    for line in std::io::stdin().lock().lines() {
        let row: Row = serde_json::from_str(&line?)?;
        let last = row.tokens.len().saturating_sub(1);
        let marked = |i: usize| if bare && i < last { "" } else { row.punct.get(i).map_or("", String::as_str) };
        let word = |(i, token): (usize, &String)| {
            let at = i as u64 * 400;
            Word::new(&format!("{token}{}", marked(i)), Span::new(at, at + 400), 1.0)
        };
        let words: Vec<Word> = row.tokens.iter().enumerate().map(word).collect();
        let engine = Engine { model: String::new(), sha256: None, demo: false, prompt: None };
        let transcript = Transcript::new(engine, Millis(row.tokens.len() as u64 * 400), words);
        for (at, text, clues) in filler::candidates(&transcript, bare) {
            let gold = row.removed.iter().skip(at).take(text.split(' ').count()).all(|r| *r == 1);
            let place = serde_json::json!({ "src": row.src, "at": at, "token": row.tokens[at], "text": text, "gold": gold, "clues": clues });
            anstream::println!("{place}");
        }
    }
    Ok(())
}
