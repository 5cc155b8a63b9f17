//! The words of a transcript as the detectors look at them.

use crate::transcribe::Transcript;
use crate::words::{ends_sentence, plain};

/// One word: as written, and as it is compared.
#[derive(Clone, Debug)]
pub struct Said {
    /// Without outer punctuation.
    pub core: String,
    /// As `crate::words::plain` gives it.
    pub plain: String,
    /// The same without "'s".
    pub bare: String,
    /// A sentence begins with it, and its capital says nothing.
    pub begins: bool,
    /// A mark of punctuation follows.
    pub closed: bool,
    pub ends_sentence: bool,
}

/// Short forms whose dot ends no sentence.
const SHORTENED: &[&str] = &["mr", "mrs", "ms", "dr", "st", "prof", "no", "apt", "sr", "jr", "mt"];

impl Said {
    /// With a capital that is not owed to the beginning of a sentence, and more than an initialism.
    pub fn is_capital(&self) -> bool {
        !self.begins && self.is_titled()
    }

    /// With a capital, wherever it stands.
    pub fn is_titled(&self) -> bool {
        let mut letters = self.core.trim_end_matches("'s").trim_end_matches("’s").chars().filter(|c| c.is_alphabetic());
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    }

    pub fn is_possessive(&self) -> bool {
        self.bare.len() < self.plain.len()
    }

    pub fn is_any(&self, words: &[&str]) -> bool {
        words.contains(&self.plain.as_str())
    }
}

pub fn said(transcript: &Transcript) -> Vec<Said> {
    let mut begins = true;
    transcript.words.iter().map(|word| one(&word.text, &mut begins)).collect()
}

fn one(text: &str, begins: &mut bool) -> Said {
    let plain = plain(text);
    let core = text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let bare = plain.strip_suffix("'s").unwrap_or(&plain).to_owned();
    let short = SHORTENED.contains(&plain.as_str()) || (plain.chars().count() == 1 && plain != "i" && text.ends_with('.'));
    let ends = ends_sentence(text) && !short;
    // an opening quotation mark begins a sentence of its own
    let quoted = text.starts_with(['"', '“', '‘']);
    let said = Said { core, plain, bare, begins: *begins || quoted, closed: !text.ends_with(char::is_alphanumeric) && !short, ends_sentence: ends };
    *begins = ends || (*begins && said.plain.is_empty());
    said
}

/// Whether the words of a phrase stand from `at`, one right after the other.
pub fn phrase_at(said: &[Said], at: usize, phrase: &[&str]) -> bool {
    phrase.len() <= said.len().saturating_sub(at) && phrase.iter().zip(&said[at..]).all(|(wanted, s)| s.plain == *wanted)
}

/// Whether one of these words stands among the `reach` words before `at`.
pub fn is_before(said: &[Said], at: usize, reach: usize, words: &[&str]) -> bool {
    said[at.saturating_sub(reach)..at].iter().any(|s| s.is_any(words) || words.contains(&s.bare.as_str()))
}
