//! Whether words are ordinary, and whether they sound and look alike. Pure.
//!
//! Sounds are compared by Double Metaphone, letters by Damerau and Levenshtein. Measured on spoken English with 500 names: of eight codes this one
//! found the most misheard names; without a code three times as many words were put wrong.

use std::collections::HashSet;
use std::sync::LazyLock;

use rphonetic::DoubleMetaphone;

use crate::words::stem;

/// Stems of ordinary English words, from SCOWL; its licence stands at its head.
static ORDINARY: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("ordinary.txt").lines().filter(|l| !l.starts_with('#')).flat_map(str::split_whitespace).collect());
/// How near the letters must be, 0.0..=1.0 of Damerau and Levenshtein. Measured: below, false corrections begin; above, names are missed.
const NEAR: f64 = 0.75;
/// The same where several words sound like one, or the code of the sound is of three signs or fewer.
const NEAR_UNSURE: f64 = 0.8;
pub const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Whether a word, as `crate::words::plain` gives it, is ordinary English with all its parts. Short forms, single letters and numbers are.
#[must_use]
pub fn is_ordinary(plain: &str) -> bool {
    let known = |w: &str| ORDINARY.contains(w);
    let word = |w: &str| {
        let alone = w.trim_end_matches("'s");
        let stem = stem(alone);
        // bank-er, writ-er, run-ner
        let doer = stem.strip_suffix("er").filter(|d| d.len() > 2 && d.is_ascii());
        let doer =
            doer.is_some_and(|d| known(d) || known(&format!("{d}e")) || (d.ends_with(&d[d.len() - 2..d.len() - 1]) && known(&d[..d.len() - 1])));
        let short = alone.contains('\'') || alone.chars().count() < 2 || alone.chars().all(|c| c.is_ascii_digit());
        short || known(alone) || known(&stem) || doer
    };
    plain.split(['-', '–', '/', '.']).all(word)
}

/// Small letters and digits only, without the accents that engines write or leave out.
#[must_use]
pub fn letters(text: &str) -> String {
    let bare = |c: char| match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    };
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).map(bare).collect()
}

/// What the letters may sound like: Double Metaphone's two codes.
#[must_use]
pub fn keys(letters: &str) -> Vec<String> {
    // the code is defined for these only
    let plain: String = letters.chars().filter(char::is_ascii_lowercase).collect();
    let code = DoubleMetaphone::new(None).double_metaphone(&plain);
    let mut keys = vec![code.primary(), code.alternate()];
    keys.dedup();
    keys.retain(|k| !k.is_empty());
    keys
}

/// How near the joined letters of some words are to a term's, 0.0..=1.0; None where they are not near enough. `joined`: they are more words than
/// the term has.
#[must_use]
pub fn nearness(heard: &str, term: &str, joined: bool) -> Option<f64> {
    let unsure = joined || keys(heard).iter().all(|k| k.len() <= 3);
    let nearness = strsim::normalized_damerau_levenshtein(heard, term);
    // the codes leave out what is heard best: Wilson is not Alison, Indiana not Indian
    let edges = |letters: &str| (letters.starts_with(VOWELS), letters.ends_with(['a', 'i', 'o', 'u', 'y']));
    (nearness >= if unsure { NEAR_UNSURE } else { NEAR } && edges(heard) == edges(term)).then_some(nearness)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_are_known_in_all_their_forms() {
        assert!(ORDINARY.len() > 8000);
        for word in ["system", "bankers", "running", "it's", "don't", "follow-up", "friday", "um", "x", "12", "doctor's"] {
            assert!(is_ordinary(word), "{word}");
        }
        for word in ["systmone", "hippa", "cerner", "bronwyn", "ashworth"] {
            assert!(!is_ordinary(word), "{word}");
        }
    }

    #[test]
    fn near_means_few_other_letters_and_the_same_edges() {
        assert!(nearness("hippa", "hipaa", false).is_some_and(|n| (n - 0.8).abs() < 1e-9));
        assert!(nearness("gainey", "ganey", false).is_some() && nearness("turnip", "cerner", false).is_none());
        assert!(nearness("indiana", "indian", false).is_none() && nearness("amis", "emis", false).is_none());
        assert!(keys("cerner").iter().any(|k| keys("surner").contains(k)) && keys("").is_empty() && keys("łą").is_empty());
        assert_eq!(letters("José-Núñez’s 2"), "josenunezs2");
    }
}
