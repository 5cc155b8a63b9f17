//! Proof of a point: the place of a transcript where a phrase of evidence stands. A quote is cut from the transcript, never put together.

use super::{Part, Proof};
use crate::sound::Span;
use crate::transcribe::{Transcript, Word};
use crate::words::{self, Phrase, Text};

/// Words that a quote may grow by on each side, to the edge of its clause.
const CONTEXT: usize = 12;

/// A transcript, prepared once, in which many phrases are looked for.
pub struct Matcher<'a> {
    part: Part,
    transcript: &'a Transcript,
    text: Text,
}

impl<'a> Matcher<'a> {
    #[must_use]
    pub fn new(part: Part, transcript: &'a Transcript) -> Self {
        Self { part, transcript, text: Text::new(transcript.words.iter().map(as_judged)) }
    }

    /// The first phrase that stands in the transcript, with its proof; the tightest place where it stands in several.
    #[must_use]
    pub fn find(&self, phrases: &[String]) -> Option<Proof> {
        phrases.iter().find_map(|phrase| {
            let range = self.text.find_in_clause(&Phrase::new(phrase), CONTEXT)?;
            if self.transcript.words[range.clone()].iter().any(|w| w.doubt.is_some()) {
                return None;
            }
            let span = Span { start: self.transcript.words[range.start].start, end: self.transcript.words[range.end - 1].end };
            Some(Proof { part: self.part, quote: self.transcript.quote(range), span, phrase: phrase.clone() })
        })
    }
}

/// A word that is not believed ends a sentence: nothing is found across it; but a "not" that may have been said still denies.
pub(super) fn as_judged(word: &Word) -> &str {
    if word.doubt.is_some() && !words::denies(&word.text) { "." } else { &word.text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;

    #[test]
    fn a_quote_is_cut_from_the_transcript_with_its_times() {
        let transcript = said("Well, I let her finish her story, and then I spoke.");
        let proof = Matcher::new(Part::Answer, &transcript).find(&["nothing here".to_owned(), "let them finish".to_owned()]).unwrap();
        assert_eq!(proof.quote, "I let her finish her story,");
        assert!(transcript.text().contains(&proof.quote));
        assert_eq!((proof.span, proof.phrase.as_str()), (Span::new(400, 2_800), "let them finish"));
    }

    #[test]
    fn nothing_is_found_across_a_word_that_is_not_believed() {
        let mut transcript = said("I would not listen to the patient. I would call the sister of her.");
        for doubted in [2, 10] {
            transcript.words[doubted].doubt = Some(crate::transcribe::Doubt::NoSpeech);
        }
        let find = |phrase: &str| Matcher::new(Part::Answer, &transcript).find(&[phrase.to_owned()]).map(|p| p.quote);
        assert_eq!(find("listen to the patient"), None);
        assert_eq!(find("call the sister"), None);
        assert_eq!(find("sister").as_deref(), Some("sister of her."));
    }

    #[test]
    fn a_quote_ends_with_its_clause() {
        let quote = |answer: &str, phrase: &str| Matcher::new(Part::Answer, &said(answer)).find(&[phrase.to_owned()]).map(|p| p.quote);
        assert_eq!(quote("I do not argue, I listen to the patient.", "listen to the patient").as_deref(), Some("I listen to the patient."));
    }
}
