//! The user's own words, set right after a model misheard them: names, systems and initialisms, in the given or in a like-sounding form. Pure.
//!
//! What the user says may be heard for a word always is corrected. Beyond that a word must sound and be spelled nearly like the term, and must
//! not be ordinary English: a transcript with one wrong word put right is worth less than one without a right word put wrong.

mod heard;
mod likeness;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;

use super::{TranscribeError, Word};
use crate::sound::Millis;
use crate::words::{ends_sentence, plain};
use heard::{Heard, endings, replaced};
use likeness::{VOWELS, keys, nearness};

pub use heard::as_heard;
pub(crate) use likeness::{is_ordinary, letters};

/// Words of the field with what they are misheard as, in the form of a user's file.
const BUILT_IN: &str = include_str!("../../questions/vocabulary.txt");
/// A larger file is no list of words.
const LARGEST_FILE: usize = 1_000_000;
/// How many heard words may become one term that only sounds like them.
const LONGEST_ALIKE: usize = 3;
/// The most letters spoken one by one.
const LONGEST_INITIALISM: usize = 8;
/// Words with a longer pause between them are not one.
const TOGETHER: Millis = Millis(500);
/// Terms with fewer letters sound like too much else.
const FEWEST_LETTERS: usize = 4;
/// An ordinary word after one of these may be a name: "we used epic".
const USES: &[&str] = &["use", "uses", "used", "using", "called", "named"];
const PLACES: &[&str] = &["in", "on", "with", "into", "from", "through", "via"];
/// But only before one of these: "used epic stories".
const FOLLOWS: &[&str] = &[
    "and", "or", "for", "to", "at", "when", "where", "so", "because", "but", "which", "that", "as", "since", "every", "all", "it", "i", "we", "you",
    "they", "while", "until", "before", "after", "is", "was", "then", "there", "daily", "here",
];

/// Words and names to be heard rightly.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    terms: Vec<Term>,
    /// Joined letters to the term.
    spelled: HashMap<String, usize>,
    /// What a term is misheard as, the words parted by single spaces, to the term.
    given: HashMap<String, usize>,
    /// Of these, ordinary words that the user has not asked for: "a system one could rely on" is none, "booked in system one" is.
    unasked: HashSet<String>,
    /// Phonetic key to the terms that sound so.
    sounds: HashMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Term {
    text: String,
    /// Small letters and digits only.
    letters: String,
    /// Nothing but capitals: may be spoken letter by letter.
    initialism: bool,
}

/// A term that may stand in place of some heard words.
struct Fit<'v> {
    place: Range<usize>,
    term: &'v Term,
    suffix: &'static str,
    /// 1.0 where it is certain.
    nearness: f64,
}

impl Vocabulary {
    /// Words of health care that are often misheard.
    #[must_use]
    pub fn built_in() -> Self {
        parse(BUILT_IN).unwrap_or_default()
    }

    /// The user's own, from a text file: one word or name a line; after `=` what it may be misheard as, parted by commas. `#` begins a comment.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 1 MB, is not UTF-8, or a line of it makes no sense; the reason names the line, from 1.
    pub fn read(path: &Path) -> Result<Self, TranscribeError> {
        let failed = |reason: String| TranscribeError::Vocabulary { path: path.to_owned(), reason };
        let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
        if bytes.len() > LARGEST_FILE {
            return Err(failed("it is larger than 1 MB".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|e| {
            let line = e.as_bytes()[..e.utf8_error().valid_up_to()].split(|b| *b == b'\n').count();
            failed(format!("line {line} is not UTF-8 text"))
        })?;
        parse(&text).map_err(failed)
    }

    /// Takes in what another one holds; where both speak of the same word, this one is right.
    pub fn add(&mut self, other: &Self) {
        for term in &other.terms {
            self.term(&term.text);
        }
        for (alike, term) in &other.given {
            let term = self.term(&other.terms[*term].text);
            if !self.given.contains_key(alike) && alike.split(' ').all(is_ordinary) {
                self.unasked.insert(alike.clone());
            }
            self.given.entry(alike.clone()).or_insert(term);
        }
    }

    /// Terms without given sound-alikes, such as a glossary's: "EMIS, SystmOne" are two. A capital at the beginning of an ordinary word says nothing.
    pub fn add_terms<'t>(&mut self, terms: impl IntoIterator<Item = &'t str>) {
        for written in terms.into_iter().flat_map(|t| t.split([',', ';', '/', '(', ')'])).map(str::trim) {
            let first = written.split_whitespace().next().unwrap_or_default();
            let titled = first.chars().skip(1).all(|c| !c.is_uppercase()) && first.chars().count() > 1;
            if titled && is_ordinary(&plain(first)) {
                self.term(&(first.to_lowercase() + &written[first.len()..]));
            } else if written.chars().any(char::is_alphabetic) {
                self.term(written);
            }
        }
    }

    /// Its words and names, as they are written.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|t| t.text.as_str())
    }

    /// Of all its words and what they are misheard as; None where there are none.
    #[must_use]
    pub fn sha256(&self) -> Option<String> {
        let mut alike: Vec<(&str, &str)> = self.given.iter().map(|(alike, term)| (alike.as_str(), self.terms[*term].text.as_str())).collect();
        alike.sort_unstable();
        let mut unasked: Vec<&String> = self.unasked.iter().collect();
        unasked.sort_unstable();
        let terms: Vec<&str> = self.terms.iter().map(|t| t.text.as_str()).collect();
        (!terms.is_empty()).then(|| crate::hash::sha256_of(&(terms, alike, unasked)))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words with those of the vocabulary set right. What stood there is in [`Word::heard`]; several words may become one, which lasts from the
    /// first's start to the last's end with the least of their probabilities. Doubted words are left alone.
    #[must_use]
    pub fn correct(&self, words: Vec<Word>) -> Vec<Word> {
        let heard: Vec<Heard> = words.iter().map(Heard::new).collect();
        let mut fits: Vec<Fit> = (0..heard.len()).flat_map(|start| self.fits(&words, &heard, start)).collect();
        // the nearest first, of equally near ones the longest, then in the order spoken
        let order =
            |a: &Fit, b: &Fit| b.nearness.total_cmp(&a.nearness).then(b.place.len().cmp(&a.place.len())).then(a.place.start.cmp(&b.place.start));
        fits.sort_by(order);
        let mut chosen: Vec<Option<&Fit>> = vec![None; words.len()];
        for fit in &fits {
            if chosen[fit.place.clone()].iter().all(Option::is_none) {
                chosen[fit.place.clone()].fill(Some(fit));
            }
        }
        let mut corrected = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            if let Some(fit) = chosen[at] {
                corrected.extend(replaced(&words, &heard, fit.place.clone(), &fit.term.text, fit.suffix));
                at = fit.place.end;
            } else {
                corrected.push(words[at].clone());
                at += 1;
            }
        }
        corrected
    }

    /// Its index; made where there is none.
    fn term(&mut self, text: &str) -> usize {
        let letters = letters(text);
        if let Some(index) = self.spelled.get(&letters) {
            return *index;
        }
        let index = self.terms.len();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let count = letters.chars().count();
        let initialism = count > 1 && text.chars().all(char::is_uppercase);
        // nobody says an initialism without a vowel as a word, and PALS sounds like Paul's
        let said = !initialism || (letters.contains(VOWELS) && count > FEWEST_LETTERS);
        if said && count >= FEWEST_LETTERS {
            for key in keys(&letters) {
                self.sounds.entry(key).or_default().push(index);
            }
        }
        self.spelled.insert(letters.clone(), index);
        self.terms.push(Term { text, letters, initialism });
        index
    }

    /// What may stand in place of the words from `start` on.
    fn fits(&self, words: &[Word], heard: &[Heard], start: usize) -> Vec<Fit<'_>> {
        let mut fits = Vec::new();
        for end in start + 1..=heard.len().min(start + LONGEST_INITIALISM) {
            let apart = end - 1 > start && words[end - 1].start - words[end - 2].end > TOGETHER;
            if !heard[end - 1].free || apart {
                break;
            }
            let whole = heard[start..end - 1].iter().all(|h| h.after.is_empty());
            fits.extend(endings(heard[end - 1].core).find_map(|(last, suffix)| {
                let words = heard[start..end - 1].iter().map(|h| h.core).chain([last]);
                let term = if whole { self.certain(heard, start..end, words.clone()) } else { self.initialism(heard, start..end, words.clone()) };
                term.map(|term| Fit { place: start..end, term, suffix, nearness: 1.0 })
            }));
            let ordinary = heard[start..end].iter().all(|h| h.ordinary) || (end - start > 1 && heard[start..end].iter().any(Heard::is_tiny));
            if fits.last().is_some_and(|f| f.place.end == end) || !whole || ordinary || end - start > LONGEST_ALIKE {
                continue;
            }
            fits.extend(endings(heard[end - 1].core).find_map(|(last, suffix)| {
                let joined: String = heard[start..end - 1].iter().map(|h| h.core).chain([last]).map(letters).collect();
                let (term, nearness) = self.nearest(&joined, end - start)?;
                let doubled = suffix == "s" && term.letters.ends_with('s');
                (!doubled).then_some(Fit { place: start..end, term, suffix, nearness })
            }));
        }
        fits
    }

    /// The term that these words are, in other letters or words, or are given for.
    fn certain<'w>(&self, heard: &[Heard], place: Range<usize>, words: impl Iterator<Item = &'w str> + Clone) -> Option<&Term> {
        let joined: String = words.clone().map(letters).collect();
        let named = self.spelled.get(&joined).map(|index| &self.terms[*index]);
        let named = named.filter(|term| term.text == words.clone().collect::<Vec<_>>().join(" ") || is_name(heard, place.clone(), term));
        let parts = || words.clone().flat_map(|w| w.split(['-', '–', '/'])).map(letters).collect::<Vec<_>>().join(" ");
        let given = || {
            let parts = parts();
            self.given.get(&parts).filter(|_| !self.unasked.contains(&parts) || has_cue(heard, &place))
        };
        named.or_else(|| self.initialism(heard, place.clone(), words.clone())).or_else(|| given().map(|index| &self.terms[*index]))
    }

    /// The initialism spoken letter by letter, with a dot after each or none.
    fn initialism<'w>(&self, heard: &[Heard], place: Range<usize>, words: impl Iterator<Item = &'w str> + Clone) -> Option<&Term> {
        let (last, inner) = heard[place.clone()].split_last()?;
        let dotted = inner.iter().all(|h| h.after == ".");
        let letters_alone = words.clone().all(|w| w.chars().count() == 1);
        // "a" and "I" are words too
        let apart = dotted && last.after.starts_with('.') || (place.len() > 2 || !words.clone().all(|w| matches!(w, "a" | "A" | "I" | "o" | "O")));
        let even = dotted || inner.iter().all(|h| h.after.is_empty());
        if inner.is_empty() || !letters_alone || !even || !apart {
            return None;
        }
        let term = &self.terms[*self.spelled.get(&words.map(letters).collect::<String>())?];
        term.initialism.then_some(term)
    }

    /// The one term that sounds like these letters and is spelled nearly so, with its nearness; None where two are equally near.
    fn nearest(&self, joined: &str, words: usize) -> Option<(&Term, f64)> {
        let mut found: Vec<usize> = keys(joined).iter().filter_map(|key| self.sounds.get(key)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        let near = |index: usize| {
            let term = &self.terms[index];
            nearness(joined, &term.letters, words > term.text.split(' ').count()).map(|nearness| (term, nearness))
        };
        let mut fits: Vec<(&Term, f64)> = found.into_iter().filter_map(near).collect();
        fits.sort_by(|a, b| b.1.total_cmp(&a.1));
        match fits.as_slice() {
            [best, second, ..] if best.1.total_cmp(&second.1).is_eq() => None,
            fits => fits.first().copied(),
        }
    }
}

/// Whether the words around say that a name stands here: "booked in ... and".
fn has_cue(heard: &[Heard], place: &Range<usize>) -> bool {
    let before = place.start.checked_sub(1).map(|i| &heard[i]).filter(|h| h.after.is_empty());
    let cue = before.is_some_and(|h| USES.contains(&h.plain.as_str()) || PLACES.contains(&h.plain.as_str()));
    let closed = heard[place.clone()].last().is_some_and(|h| !h.after.is_empty());
    let begins = place.start == 0 || ends_sentence(heard[place.start - 1].text);
    let capital = !begins && heard[place.start].core.starts_with(char::is_uppercase);
    capital || cue && (closed || heard.get(place.end).is_none_or(|h| FOLLOWS.contains(&h.plain.as_str())))
}

/// Whether words with the letters of a term are the term, and not ordinary words.
fn is_name(heard: &[Heard], place: Range<usize>, term: &Term) -> bool {
    let within = &heard[place.clone()];
    let tiny = place.len() > 1 && !term.initialism && within.iter().any(Heard::is_tiny);
    let joined = !tiny && (within[0].plain.contains(['-', '.']) || !within.iter().all(|h| h.ordinary));
    if term.letters.chars().count() < FEWEST_LETTERS {
        return joined && place.len() == 1;
    }
    if joined {
        return true;
    }
    let begins = place.start == 0 || ends_sentence(heard[place.start - 1].text);
    let capital = !begins && within.iter().all(|h| h.core.starts_with(char::is_uppercase));
    let spaced = place.len() > term.text.split(' ').count();
    let before = place.start.checked_sub(1).map(|i| &heard[i]).filter(|h| h.after.is_empty());
    let cue = before.is_some_and(|h| USES.contains(&h.plain.as_str()) || (!spaced && PLACES.contains(&h.plain.as_str())));
    let closed = within.last().is_some_and(|h| !h.after.is_empty());
    let next = heard.get(place.end).is_none_or(|h| FOLLOWS.contains(&h.plain.as_str()));
    capital || (cue && (closed || next) && term.text.contains(char::is_uppercase))
}

/// The reason names the line, from 1.
fn parse(text: &str) -> Result<Vocabulary, String> {
    let mut vocabulary = Vocabulary::default();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (term, alikes) = line.split_once('=').unwrap_or((line, ""));
        if term.trim().is_empty() {
            return Err(format!("line {number} has no word before `=`"));
        }
        if !term.contains(char::is_alphabetic) {
            return Err(format!("line {number}: `{}` has no letter", term.trim()));
        }
        let index = vocabulary.term(term);
        for alike in alikes.split(',') {
            let parts: Vec<String> = alike.split([' ', '-', '–', '/']).map(letters).filter(|l| !l.is_empty()).collect();
            if parts.is_empty() {
                continue;
            }
            let joined = parts.concat();
            let whole = vocabulary.given.entry(parts.join(" ")).or_insert(index);
            if *whole != index {
                let other = &vocabulary.terms[*whole].text;
                return Err(format!("line {number}: `{}` may already be heard for `{other}`", alike.trim()));
            }
            if !is_ordinary(&joined) {
                vocabulary.given.entry(joined).or_insert(index);
            }
        }
    }
    Ok(vocabulary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{Millis, Span};
    use crate::transcribe::Doubt;

    fn said(text: &str) -> Vec<Word> {
        let span = |i: u64| Span { start: Millis(i * 300), end: Millis(i * 300 + 200) };
        (0..).zip(text.split_whitespace()).map(|(i, w)| Word::new(w, span(i), 0.9)).collect()
    }

    fn text(words: &[Word]) -> String {
        words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// With the built-in words and some names.
    fn corrected(heard: &str) -> String {
        let mut vocabulary = parse("Bronwyn\nAshworth\nJosé Núñez\nTriage = tree age\nAthenahealth = at heena health").unwrap();
        vocabulary.add(&Vocabulary::built_in());
        let words = vocabulary.correct(said(heard));
        assert_eq!(as_heard(words.clone()).iter().map(|w| &w.text).collect::<Vec<_>>(), heard.split_whitespace().collect::<Vec<_>>());
        assert_eq!(vocabulary.correct(words.clone()), words, "what is right stays");
        text(&words)
    }

    fn file(text: &[u8]) -> Result<Vocabulary, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Vocabulary::read(file.path()).map_err(|e| e.to_string())
    }

    #[test]
    fn the_built_in_words_are_in_order_and_read() {
        assert!(parse(BUILT_IN).is_ok_and(|v| v.terms.len() > 25));
    }

    #[test]
    fn given_sound_alikes_are_corrected_with_their_punctuation() {
        assert_eq!(corrected("We used “system one,” then paper."), "We used “SystmOne,” then paper.");
        assert_eq!(corrected("It was in System-One's list."), "It was in SystmOne's list.");
        assert_eq!(corrected("Tree age first."), "Triage first.");
        // ordinary words that nobody asked for need a name's place
        assert_eq!(corrected("We had a system one could rely on."), "We had a system one could rely on.");
        assert_eq!(corrected("A system, one of two. The system. One of them."), "A system, one of two. The system. One of them.");
    }

    #[test]
    fn what_sounds_and_looks_alike_is_corrected() {
        assert_eq!(corrected("Bronwin and Mrs. Ashwerth's sister"), "Bronwyn and Mrs. Ashworth's sister");
        assert_eq!(corrected("Athena Health, hippa and two kpis"), "Athenahealth, HIPAA and two KPIs");
        assert_eq!(corrected("the press gainey and the pressganey report"), "the Press Ganey and the Press Ganey report");
        assert_eq!(corrected("Jose Nunez called."), "José Núñez called.");
    }

    #[test]
    fn initialisms_may_be_spelled_out() {
        assert_eq!(corrected("G. D. P. R. is the law, h i p a a too."), "GDPR is the law, HIPAA too.");
        assert_eq!(corrected("the n h s and two E.H.R.s here"), "the NHS and two EHRs here");
        assert_eq!(corrected("We have the N.H.S. It is good."), "We have the NHS. It is good.");
        assert_eq!(corrected("an N, an H, S"), "an N, an H, S");
    }

    #[test]
    fn ordinary_words_stay() {
        for same in
            ["an epic story", "We used epic stories.", "Paul's pals took turns.", "my chart of the turner", "It was in my chart.", "Triage is first."]
        {
            assert_eq!(corrected(same), same);
        }
        assert_eq!(corrected("I was trained in epic, and we used epic for all."), "I was trained in Epic, and we used Epic for all.");
        assert_eq!(corrected("I asked the Pals office."), "I asked the PALS office.");
    }

    #[test]
    fn doubted_and_broken_words_are_left_alone() {
        let mut words = said("hippa hippa- gdpr");
        words[0].doubt = Some(Doubt::Loop);
        assert_eq!(text(&Vocabulary::built_in().correct(words)), "hippa hippa- GDPR");
    }

    #[test]
    fn of_two_equally_near_terms_none_is_taken() {
        let vocabulary = parse("Hannan\nHannon").unwrap();
        assert_eq!(text(&vocabulary.correct(said("Hannen and hannon"))), "Hannen and Hannon");
    }

    #[test]
    fn joined_words_keep_their_times_and_can_be_undone() {
        let mut words = said("In system one today");
        words[2].probability = 0.4;
        let joined = Vocabulary::built_in().correct(words);
        let word = &joined[1];
        assert_eq!((joined.len(), word.heard.as_deref(), word.start, word.end), (3, Some("system one"), Millis(300), Millis(800)));
        assert!((word.probability - 0.4).abs() < 1e-6 && joined[0].heard.is_none());
        let undone = as_heard(joined);
        assert_eq!((undone[1].end, undone[2].start, undone[2].text.as_str()), (Millis(550), Millis(550), "one"));
        assert!(undone.iter().all(|w| w.heard.is_none()));
    }

    #[test]
    fn a_glossary_gives_terms_and_its_capitals_say_nothing() {
        let mut vocabulary = Vocabulary::default();
        assert!(vocabulary.is_empty());
        vocabulary.add_terms(["EMIS, SystmOne", "Duty of candour", "Caldicott principles", "NHS number", "—"]);
        assert_eq!(text(&vocabulary.correct(said("emis, systmone and a Duty of candour"))), "EMIS, SystmOne and a Duty of candour");
        assert_eq!(text(&vocabulary.correct(said("the caldicot principles, the nhs number"))), "the Caldicott principles, the NHS number");
    }

    #[test]
    fn a_file_says_what_is_wrong_with_it() {
        assert!(file("\u{feff}# mine\n\nEpic\r\nSystmOne = system one, sister one # twice\n".as_bytes()).is_ok_and(|v| v.terms.len() == 2));
        let wrong: [(&[u8], &str); 5] = [
            (b"Epic\n= system one", "line 2 has no word"),
            (b"123 = one", "line 1: `123` has no letter"),
            (b"A1 = a one\nB1 = A one", "line 2: `A one` may already be heard for `A1`"),
            (b"Epic\n\xff", "line 2 is not UTF-8"),
            (&vec![b'a'; LARGEST_FILE + 1], "larger than 1 MB"),
        ];
        for (text, reason) in wrong {
            assert!(file(text).is_err_and(|e| e.contains(reason)), "{reason}");
        }
        assert!(Vocabulary::read(Path::new("/nowhere/words.txt")).is_err());
    }
}
