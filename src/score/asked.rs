//! Where in a transcript a question is asked: so that a recording of a whole interview can be parted into its answers. Pure.
//!
//! The words of the question are aligned with those of the transcript (Smith and Waterman 1981), so that a word misheard, left out or put in
//! does not hide it.

use std::ops::Range;

use crate::question::Question;
use crate::transcribe::Transcript;
use crate::words;

/// What a word in common brings, and what one that differs, is missing or is too much costs.
const SAME: i32 = 2;
const OTHER: i32 = -1;
/// The share of a question's words, in per cent, that must be found in their order.
const LEAST_FOUND: usize = 60;
/// Fewer words in common than this can stand anywhere.
const LEAST_WORDS: usize = 4;

/// A question found in a transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked<'a> {
    pub question: &'a Question,
    /// The words of the transcript in which it is asked.
    pub words: Range<usize>,
    found: usize,
}

/// Where these questions are asked, in the order of the transcript; each at most once, and never two in one place.
#[must_use]
pub fn find<'a>(transcript: &Transcript, questions: impl IntoIterator<Item = &'a Question>) -> Vec<Asked<'a>> {
    let said: Vec<String> = transcript.words.iter().map(|w| if w.doubt.is_none() { w.plain() } else { String::new() }).collect();
    let mut all: Vec<Asked> = questions.into_iter().filter_map(|q| best(q, &said)).collect();
    // the surest first; what lies in the place of a surer one is no question of its own
    all.sort_by(|a, b| b.found.cmp(&a.found).then(a.words.start.cmp(&b.words.start)));
    let mut kept: Vec<Asked> = Vec::new();
    for asked in all {
        if kept.iter().all(|k| k.words.end <= asked.words.start || asked.words.end <= k.words.start) {
            kept.push(asked);
        }
    }
    kept.sort_by_key(|a| a.words.start);
    kept
}

fn best<'a>(question: &'a Question, said: &[String]) -> Option<Asked<'a>> {
    let wanted: Vec<String> = question.text.split_whitespace().map(words::plain).filter(|w| !w.is_empty()).collect();
    // score, first word and words in common of the best alignment that ends at each place
    let nothing = (0i32, 0usize, 0usize);
    let mut row = vec![nothing; wanted.len() + 1];
    let mut best = (nothing, 0);
    for (at, word) in said.iter().enumerate() {
        let mut diagonal = nothing;
        row[0] = (0, at + 1, 0);
        for (j, asked) in wanted.iter().enumerate() {
            let (up, left) = (row[j + 1], row[j]);
            let start = if diagonal.0 == 0 { at } else { diagonal.1 };
            let matched = !word.is_empty() && word == asked;
            let met = (diagonal.0 + if matched { SAME } else { OTHER }, start, diagonal.2 + usize::from(matched));
            let skipped = if up.0 >= left.0 { (up.0 + OTHER, up.1, up.2) } else { (left.0 + OTHER, left.1, left.2) };
            let now = if met.0 >= skipped.0 { met } else { skipped };
            diagonal = up;
            row[j + 1] = if now.0 > 0 { now } else { (0, at + 1, 0) };
            if row[j + 1].0 > best.0.0 {
                best = (row[j + 1], at + 1);
            }
        }
    }
    let ((_, start, found), end) = best;
    let enough = found >= LEAST_WORDS.min(wanted.len()) && found * 100 >= wanted.len() * LEAST_FOUND;
    (enough && found > 0).then_some(Asked { question, words: start..end, found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;
    use crate::question::bank::Bank;

    #[test]
    fn questions_are_found_also_where_a_word_was_misheard() {
        let bank = Bank::built_in().unwrap();
        let (one, two) = (bank.question("psc-unhappy-patient").unwrap(), bank.question("psc-extra-step").unwrap());
        let misheard: Vec<&str> = two.text.split(' ').enumerate().map(|(i, w)| if i == 3 { "banana" } else { w }).collect();
        let text = format!("Good morning. {} I would listen to the patient. {} Last year I had a patient.", one.text, misheard.join(" "));
        let transcript = said(&text);
        let asked = find(&transcript, bank.roles().flat_map(|s| &s.questions));
        assert_eq!(asked.iter().map(|a| a.question.id.as_str()).collect::<Vec<_>>(), ["psc-unhappy-patient", "psc-extra-step"]);
        assert_eq!(transcript.quote(asked[0].words.end..asked[1].words.start), "I would listen to the patient.");
    }

    #[test]
    fn an_answer_is_no_question() {
        let bank = Bank::built_in().unwrap();
        let transcript = said("I would listen to the patient and let them tell me the whole story, and then I would call the manager about it.");
        assert!(find(&transcript, bank.roles().flat_map(|s| &s.questions)).is_empty());
        assert!(find(&said(""), bank.roles().flat_map(|s| &s.questions)).is_empty());
    }
}
