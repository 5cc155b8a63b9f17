//! Finds a phrase of evidence in a transcript, by stems: all its important words, in order, close together, in one sentence, not negated.
//!
//! Stems are Snowball's English ones. A quote is cut from the transcript, never put together.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

use super::Proof;
use crate::sound::Span;
use crate::transcribe::{Transcript, plain};

/// Words that carry no meaning of their own here. Negations are not among them.
const SMALL: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "so", "as", "if", "then", "than", "to", "of", "in", "on", "at", "by",
    "for", "with", "from", "into", "about", "up", "out", "is", "am", "are", "was", "were", "be", "been", "being", "do", "does", "did", "have", "has",
    "had", "having", "will", "would", "can", "could", "should", "shall", "may", "might", "must", "i", "you", "he", "she", "it", "we", "they", "me",
    "him", "her", "us", "them", "my", "your", "his", "its", "our", "their", "what", "which", "who", "there", "here", "just", "very", "really",
    "also", "too", "get", "got", "how", "when", "where", "i'm", "i'd", "i'll", "i've", "you're", "it's", "that's", "we'd", "they're", "um", "uh",
    "er", "erm", "hmm", "like", "well", "some", "any", "all",
];
const NEGATIONS: &[&str] = &["not", "no", "never", "without", "hardly", "nobody", "none", "cannot"];
/// How many words before a phrase a negation still reaches.
const REACH: usize = 3;
/// Words that a quote may grow by on each side, to the edge of its clause.
const CONTEXT: usize = 12;

/// A transcript, prepared once, in which many phrases are looked for.
pub struct Matcher<'a> {
    transcript: &'a Transcript,
    stemmer: Stemmer,
    words: Vec<Stemmed>,
}

/// A word to compare. "follow-up" makes two of them, a dash none.
struct Stemmed {
    stem: String,
    small: bool,
    negation: bool,
    /// Which word of the transcript it belongs to.
    origin: usize,
    /// What ends with this word.
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    Nothing,
    Clause,
    Sentence,
}

impl<'a> Matcher<'a> {
    #[must_use]
    pub fn new(transcript: &'a Transcript) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut words = Vec::new();
        for (origin, word) in transcript.words.iter().enumerate() {
            words.extend(stems(&stemmer, &word.text, origin));
            if let Some(last) = words.last_mut() {
                let clause = if word.text.ends_with([',', ';', ':']) { Ends::Clause } else { Ends::Nothing };
                last.ends = if word.ends_sentence() { Ends::Sentence } else { last.ends.max(clause) };
            }
        }
        Self { transcript, stemmer, words }
    }

    /// The first phrase that stands in the transcript, with its proof; the tightest place where it stands in several.
    #[must_use]
    pub fn find(&self, phrases: &[String]) -> Option<Proof> {
        let found = phrases.iter().find_map(|p| self.place(p).map(|range| (p, range)));
        found.map(|(phrase, range)| {
            let range = self.widened(range);
            let range = self.words[range.start].origin..self.words[range.end - 1].origin + 1;
            let span = Span { start: self.transcript.words[range.start].start, end: self.transcript.words[range.end - 1].end };
            Proof { quote: self.transcript.quote(range), span, phrase: phrase.clone() }
        })
    }

    /// Where the phrase stands, as a range of words.
    fn place(&self, phrase: &str) -> Option<Range<usize>> {
        let wanted: Vec<Stemmed> = phrase.split_whitespace().flat_map(|w| stems(&self.stemmer, w, 0)).collect();
        let important: Vec<&Stemmed> = wanted.iter().filter(|w| !w.small).collect();
        if important.is_empty() {
            // nothing but small words: they must stand exactly so
            return self.exactly(&wanted);
        }
        let longest = 2 * wanted.len() + 2;
        let negated = wanted.iter().any(|w| w.negation);
        let mut best: Option<Range<usize>> = None;
        for start in (0..self.words.len()).filter(|i| self.words[*i].stem == important[0].stem) {
            let Some(range) = self.in_order(start, &important, longest) else { continue };
            if !negated && self.is_negated(&range) {
                continue;
            }
            if best.as_ref().is_none_or(|b| range.len() < b.len()) {
                best = Some(range);
            }
        }
        best
    }

    fn exactly(&self, wanted: &[Stemmed]) -> Option<Range<usize>> {
        if wanted.is_empty() {
            return None;
        }
        let fits = |at: &usize| self.words[*at..].iter().zip(wanted).all(|(a, b)| a.stem == b.stem);
        (0..(self.words.len() + 1).saturating_sub(wanted.len())).find(fits).map(|at| at..at + wanted.len())
    }

    /// From `start`, which holds the first stem: the others in order within `longest` words and one sentence.
    fn in_order(&self, start: usize, important: &[&Stemmed], longest: usize) -> Option<Range<usize>> {
        let (mut next, mut at) = (1, start);
        while next < important.len() {
            if self.words[at].ends == Ends::Sentence {
                return None;
            }
            at += 1;
            if at >= self.words.len() || at - start >= longest {
                return None;
            }
            if self.words[at].stem == important[next].stem {
                next += 1;
            }
        }
        Some(start..at + 1)
    }

    /// A negation inside the place, or shortly before it in the same clause.
    fn is_negated(&self, range: &Range<usize>) -> bool {
        let before = (range.start.saturating_sub(REACH)..range.start).rev().take_while(|i| self.words[*i].ends == Ends::Nothing);
        before.chain(range.clone()).any(|i| self.words[i].negation)
    }

    /// The place with the rest of its clause, so that the quote can be understood, by at most a few words.
    fn widened(&self, range: Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        while start > 0 && range.start - start < CONTEXT && self.words[start - 1].ends == Ends::Nothing {
            start -= 1;
        }
        while end < self.words.len() && end - range.end < CONTEXT && self.words[end - 1].ends == Ends::Nothing {
            end += 1;
        }
        start..end
    }
}

/// The stems of one written word: its parts at hyphens; "didn't" and its kind become "not".
fn stems<'s>(stemmer: &'s Stemmer, word: &'s str, origin: usize) -> impl Iterator<Item = Stemmed> + 's {
    word.split(['-', '–', '—', '/']).filter(|part| part.chars().any(char::is_alphanumeric)).map(move |part| {
        let plain = plain(part);
        let negation = NEGATIONS.contains(&plain.as_str()) || plain.ends_with("n't");
        // the department, not the small word
        let department = part.trim_matches(|c: char| !c.is_alphanumeric()) == "IT";
        let stem = match (department, plain.ends_with("n't")) {
            (true, _) => "IT".to_owned(),
            (_, true) => "not".to_owned(),
            _ => stemmer.stem(plain.trim_end_matches("'s")).into_owned(),
        };
        Stemmed { stem, small: !department && SMALL.contains(&plain.as_str()), negation, origin, ends: Ends::Nothing }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;

    fn found(answer: &str, phrase: &str) -> Option<String> {
        let transcript = said(answer);
        Matcher::new(&transcript).find(&[phrase.to_owned()]).map(|p| p.quote)
    }

    #[test]
    fn a_phrase_is_found_in_another_form_and_with_words_between() {
        assert_eq!(
            found("First I listened to them without interrupting once.", "listen without interrupting").as_deref(),
            Some("First I listened to them without interrupting once.")
        );
        assert_eq!(found("I was so sorry that she had waited.", "sorry you waited").as_deref(), Some("I was so sorry that she had waited."));
    }

    #[test]
    fn the_words_must_stand_in_order_close_and_in_one_sentence() {
        assert_eq!(found("I waited and was sorry.", "sorry you waited"), None);
        assert_eq!(found("I was sorry. Then I waited.", "sorry you waited"), None);
        assert_eq!(found("Sorry is what a good and friendly and patient person at the desk says to those who waited.", "sorry you waited"), None);
    }

    #[test]
    fn what_is_denied_is_not_made() {
        assert_eq!(found("I would never listen to the patient.", "listen to the patient"), None);
        assert_eq!(found("I didn't really listen to the patient.", "listen to the patient"), None);
        assert_eq!(found("I do not argue, I listen to the patient.", "listen to the patient").as_deref(), Some("I listen to the patient."));
        assert_eq!(found("I do not interrupt them.", "not interrupt").as_deref(), Some("I do not interrupt them."));
    }

    #[test]
    fn a_quote_is_cut_from_the_transcript_with_its_times() {
        let transcript = said("Well, I let her finish her story, and then I spoke.");
        let proof = Matcher::new(&transcript).find(&["nothing here".to_owned(), "let them finish".to_owned()]).unwrap();
        assert_eq!(proof.quote, "I let her finish her story,");
        assert!(transcript.text().contains(&proof.quote));
        assert_eq!((proof.span, proof.phrase.as_str()), (Span::new(400, 2_800), "let them finish"));
    }

    #[test]
    fn a_phrase_of_small_words_must_stand_exactly() {
        assert_eq!(found("It was what it was.", "was it what"), None);
        assert!(found("That is how it is with us.", "how it is").is_some());
    }

    #[test]
    fn hyphens_short_forms_and_the_it_department() {
        assert!(found("We do a follow up every week.", "do a follow-up").is_some());
        assert!(found("I'll do a follow-up call.", "follow up call").is_some());
        assert!(found("I didn't take sides.", "not take sides").is_some());
        assert!(found("I told the IT team.", "tell IT team").is_none());
        assert!(found("I called the IT team.", "call IT team").is_some());
        assert!(found("I called it a team.", "call IT team").is_none());
    }

    #[test]
    fn an_empty_transcript_holds_nothing() {
        assert_eq!(found("", "listen"), None);
    }
}
