//! Words as they are compared, and phrases looked for in them: by stem, in any order, close together, in one sentence, not denied. Pure.
//!
//! Stems are Snowball's English ones, after irregular forms and spellings have been made alike. Small words carry no meaning of their own, and
//! count only where a phrase has but one that does: "hear them out". In a phrase, `let|allow finish` stands for *let finish* and for *allow finish*.

mod forms;

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

/// Words that carry no meaning of their own here. Negations are not among them.
const SMALL: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "and", "or", "but", "so", "as", "if", "then", "than", "to", "of", "in", "on", "at", "by",
    "for", "with", "from", "into", "about", "up", "out", "is", "am", "are", "was", "were", "be", "been", "being", "do", "does", "did", "have", "has",
    "had", "having", "will", "would", "can", "could", "should", "shall", "may", "might", "must", "i", "you", "he", "she", "it", "we", "they", "me",
    "him", "her", "us", "them", "my", "your", "his", "its", "our", "their", "what", "which", "who", "there", "here", "just", "very", "really",
    "also", "too", "get", "got", "how", "when", "where", "i'm", "i'd", "i'll", "i've", "you're", "it's", "that's", "we'd", "they're", "um", "uh",
    "er", "erm", "hmm", "like", "well", "some", "any", "all",
];
/// Small words that stand for a person, one for another: "hear them out" is also "heard her out".
const PERSONS: &[&str] = &[
    "i", "you", "he", "she", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his", "our", "their", "i'm", "i'd", "i'll", "i've",
    "you're", "we'd", "they're", "she'd", "he'd", "they'd", "you'd", "we'll", "they'll", "she'll", "he'll", "you'll", "we've", "you've", "they've",
    "we're", "she's", "he's",
];
/// The stem of all of them.
const PERSON: &str = "*person*";
const ARTICLES: &[&str] = &["a", "an", "the"];
const NEGATIONS: &[&str] = &["not", "no", "never", "without", "hardly", "rarely", "seldom", "barely", "scarcely", "nobody", "none", "cannot"];
/// Who speaks, as the subject of a clause.
const SPEAKER: &[&str] = &["i", "we", "i'd", "i'll", "i've", "i'm", "we'd", "we'll", "we've", "we're"];
/// How many words before a phrase a negation still reaches.
const REACH: usize = 3;

/// A word without case and outer punctuation; curly apostrophes become straight. Empty for a dash alone.
#[must_use]
pub fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).replace('’', "'").to_lowercase()
}

/// Whether a sentence ends with this word as written.
#[must_use]
pub fn ends_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '\'', ')', '”', '’']).ends_with(['.', '?', '!'])
}

/// A word to compare. "follow-up" makes two of them, a dash none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) stem: String,
    pub(crate) small: bool,
    pub(crate) negation: bool,
    /// "I" or "we".
    pub(crate) speaker: bool,
    /// Which written word it belongs to, from 0.
    pub(crate) origin: usize,
    pub(crate) ends: Ends,
}

/// What ends with a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ends {
    Nothing,
    Clause,
    Sentence,
}

/// Whether a word denies what stands beside it: "not", "never", "didn't".
#[must_use]
pub fn denies(word: &str) -> bool {
    let plain = plain(word);
    plain.ends_with("n't") || NEGATIONS.contains(&plain.as_str())
}

/// The Snowball stem of one English word in small letters.
#[must_use]
pub fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

/// The stems of the words that carry meaning, in their order.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    Text::new(text.split_whitespace()).terms.into_iter().filter(|t| !t.small).map(|t| t.stem).collect()
}

/// Words, prepared once, in which many phrases are looked for.
#[derive(Clone, Debug)]
pub struct Text {
    terms: Vec<Term>,
}

impl Text {
    /// From words as written, with their punctuation.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let mut terms = Vec::new();
        for (origin, word) in words.into_iter().enumerate() {
            terms.extend(terms_of(&stemmer, word, origin));
            if let Some(last) = terms.last_mut() {
                let clause = if word.ends_with([',', ';', ':']) { Ends::Clause } else { Ends::Nothing };
                last.ends = if ends_sentence(word) { Ends::Sentence } else { last.ends.max(clause) };
            }
        }
        Self { terms }
    }

    /// Its words as they are compared, in their order.
    pub(crate) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The tightest place where the phrase stands and is not denied, as a range of written words.
    #[must_use]
    pub fn find(&self, phrase: &Phrase) -> Option<Range<usize>> {
        self.place(phrase).map(|r| self.origins(r))
    }

    /// The same with the rest of its clause on both sides, by at most `context` words, so that it can be understood.
    #[must_use]
    pub fn find_in_clause(&self, phrase: &Phrase, context: usize) -> Option<Range<usize>> {
        self.place(phrase).map(|r| self.origins(self.widened(r, context)))
    }

    /// Where these words stand one right after the other, small ones too, as a range of written words: for names.
    #[must_use]
    pub fn find_name(&self, name: &str) -> Option<Range<usize>> {
        self.exactly(&Phrase::new(name).slots).map(|r| self.origins(r))
    }

    fn origins(&self, range: Range<usize>) -> Range<usize> {
        self.terms[range.start].origin..self.terms[range.end - 1].origin + 1
    }

    fn place(&self, phrase: &Phrase) -> Option<Range<usize>> {
        let wanted: Vec<&Slot> = phrase.slots.iter().filter(|s| !s.is_small()).collect();
        let telling = wanted.iter().filter(|s| !s.is_negation()).count();
        let longest = 2 * phrase.slots.len() + 2;
        let negated = telling < wanted.len();
        let starts = 0..self.terms.len();
        let places: Box<dyn Iterator<Item = Range<usize>>> = match telling {
            // nothing but small words: they must stand exactly so
            0 if !negated => return self.exactly(&phrase.slots),
            // one telling word says little by itself: "in their shoes" is not about shoes
            0 | 1 => {
                let wanted: Vec<&Slot> = phrase.slots.iter().filter(|s| !s.is_article()).collect();
                Box::new(starts.filter_map(move |start| self.in_order(start, &wanted, longest)))
            }
            // what is denied depends on the order
            _ if negated => Box::new(starts.filter_map(|start| self.in_order(start, &wanted, longest))),
            _ => Box::new(starts.filter_map(|start| self.in_any_order(start, &wanted, longest))),
        };
        places.filter(|range| negated || !self.is_negated(range)).min_by_key(Range::len)
    }

    fn exactly(&self, slots: &[Slot]) -> Option<Range<usize>> {
        (0..self.terms.len()).find_map(|start| {
            let mut at = start;
            for slot in slots {
                at += slot.length_at(&self.terms[at..])?;
            }
            (at > start).then_some(start..at)
        })
    }

    /// With the first slot at `start`: the others in order within `longest` words and one sentence.
    fn in_order(&self, start: usize, slots: &[&Slot], longest: usize) -> Option<Range<usize>> {
        let (first, others) = slots.split_first()?;
        let mut at = start + first.length_at(&self.terms[start..])?;
        for slot in others {
            at += loop {
                if self.terms[at - 1].ends == Ends::Sentence || at - start >= longest {
                    return None;
                }
                match slot.length_at(self.terms.get(at..)?) {
                    Some(length) => break length,
                    None => at += 1,
                }
                if at >= self.terms.len() {
                    return None;
                }
            };
        }
        Some(start..at)
    }

    /// From `start`, where one of the slots stands: all of them within `longest` words and one sentence, each in a place of its own.
    fn in_any_order(&self, start: usize, slots: &[&Slot], longest: usize) -> Option<Range<usize>> {
        if !slots.iter().any(|s| s.length_at(&self.terms[start..]).is_some()) {
            return None;
        }
        let within = &self.terms[start..(start + longest).min(self.terms.len())];
        let sentence = within.iter().position(|t| t.ends == Ends::Sentence).map_or(within.len(), |last| last + 1);
        let within = &within[..sentence];
        let mut taken = vec![false; within.len()];
        let mut end = 0;
        for slot in slots {
            let free = |at: &usize| !taken[*at] && slot.length_at(&within[*at..]).is_some();
            let at = (0..within.len()).find(free)?;
            let length = slot.length_at(&within[at..])?;
            taken[at..at + length].fill(true);
            end = end.max(at + length);
        }
        Some(start..start + end)
    }

    /// A negation inside the place, or shortly before it in the same clause.
    fn is_negated(&self, range: &Range<usize>) -> bool {
        let before = (range.start.saturating_sub(REACH)..range.start).rev().take_while(|i| self.terms[*i].ends == Ends::Nothing);
        before.chain(range.clone()).any(|i| self.terms[i].negation)
    }

    fn widened(&self, range: Range<usize>, context: usize) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        while start > 0 && range.start - start < context && self.terms[start - 1].ends == Ends::Nothing {
            start -= 1;
        }
        while end < self.terms.len() && end - range.end < context && self.terms[end - 1].ends == Ends::Nothing {
            end += 1;
        }
        start..end
    }
}

/// What is looked for: words, each with its alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    slots: Vec<Slot>,
}

impl Phrase {
    /// From its written form; one without a letter or digit is never found.
    #[must_use]
    pub fn new(written: &str) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let slot = |word: &str| {
            if word.contains('|') {
                let alternatives = word.split('|').map(|w| terms_of(&stemmer, w, 0));
                vec![Slot { alternatives: alternatives.filter(|a| !a.is_empty()).collect() }]
            } else {
                // the parts of a hyphenated word may be written as words of their own
                terms_of(&stemmer, word, 0).into_iter().map(|term| Slot { alternatives: vec![vec![term]] }).collect()
            }
        };
        Self { slots: written.split_whitespace().flat_map(slot).filter(|s| !s.alternatives.is_empty()).collect() }
    }

    /// Its places in their order, each with its alternatives of one or more terms in a row.
    pub(crate) fn places(&self) -> impl Iterator<Item = &[Vec<Term>]> {
        self.slots.iter().map(|slot| slot.alternatives.as_slice())
    }

    /// How many of its words carry meaning.
    #[must_use]
    pub fn important(&self) -> usize {
        self.slots.iter().filter(|s| !s.is_small()).count()
    }

    /// Whether everything that the other says in its important words is also this: every wording of one is a wording of the other.
    #[must_use]
    pub fn covers(&self, other: &Phrase) -> bool {
        let important = |p: &Phrase| p.slots.iter().filter(|s| !s.is_small()).cloned().collect::<Vec<_>>();
        let (own, others) = (important(self), important(other));
        own.len() == others.len() && own.iter().zip(&others).all(|(a, b)| b.alternatives.iter().all(|x| a.alternatives.iter().any(|y| same(x, y))))
    }
}

/// One place of a phrase: any of these, each of one or more terms in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot {
    alternatives: Vec<Vec<Term>>,
}

impl Slot {
    fn is_small(&self) -> bool {
        self.alternatives.iter().flatten().all(|t| t.small)
    }

    fn is_article(&self) -> bool {
        self.alternatives.iter().flatten().all(|t| ARTICLES.contains(&t.stem.as_str()))
    }

    fn is_negation(&self) -> bool {
        self.alternatives.iter().flatten().any(|t| t.negation)
    }

    /// How many terms it takes at the beginning of these; None where it does not stand there.
    fn length_at(&self, terms: &[Term]) -> Option<usize> {
        self.alternatives.iter().find(|a| a.len() <= terms.len() && same(a, &terms[..a.len()])).map(Vec::len)
    }
}

fn same(one: &[Term], other: &[Term]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.stem == b.stem)
}

/// The terms of one written word: its parts at hyphens; "didn't" and its kind become "not", "30%" becomes "30 per cent".
fn terms_of(stemmer: &Stemmer, word: &str, origin: usize) -> Vec<Term> {
    let mut terms = Vec::new();
    for part in word.split(['-', '–', '—', '/']).filter(|part| part.chars().any(char::is_alphanumeric)) {
        let plain = plain(part);
        if plain == "percent" {
            terms.extend(["per", "cent"].map(|w| term(stemmer, w, w.to_owned(), origin)));
            continue;
        }
        terms.push(term(stemmer, part, plain, origin));
        if part.contains('%') {
            terms.extend(["per", "cent"].map(|w| term(stemmer, w, w.to_owned(), origin)));
        }
    }
    terms
}

/// One term: from the part as written, and plain.
fn term(stemmer: &Stemmer, part: &str, plain: String, origin: usize) -> Term {
    let short_not = plain.ends_with("n't");
    // the department, not the small word
    let department = part.trim_matches(|c: char| !c.is_alphanumeric()) == "IT";
    let stem = match (department, short_not) {
        (true, _) => "IT".to_owned(),
        (_, true) => "not".to_owned(),
        _ if PERSONS.contains(&plain.as_str()) => PERSON.to_owned(),
        _ => stemmer.stem(&forms::base(plain.trim_end_matches("'s"))).into_owned(),
    };
    let negation = denies(&plain);
    let small = !department && (stem == PERSON || SMALL.contains(&plain.as_str()));
    Term { stem, small, negation, speaker: SPEAKER.contains(&plain.as_str()), origin, ends: Ends::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(answer: &str, phrase: &str) -> Option<String> {
        let words: Vec<&str> = answer.split_whitespace().collect();
        Text::new(words.iter().copied()).find(&Phrase::new(phrase)).map(|range| words[range].join(" "))
    }

    #[test]
    fn words_are_compared_without_case_and_punctuation() {
        assert_eq!(plain("“Don’t,"), "don't");
        assert_eq!(plain("follow-up."), "follow-up");
        assert_eq!(plain("—"), "");
    }

    #[test]
    fn a_phrase_is_found_in_another_form_and_with_words_between() {
        assert_eq!(
            found("First I listened to them without interrupting once.", "listen without interrupting").as_deref(),
            Some("listened to them without interrupting")
        );
        assert_eq!(found("I was so sorry that she had waited.", "sorry you waited").as_deref(), Some("sorry that she had waited."));
    }

    #[test]
    fn a_bar_means_any_of_these() {
        for said in ["I let her finish.", "I allowed him to finish.", "They could vent.", "I let them vent."] {
            assert_eq!(found(said, "let|allow finish|vent").is_some(), said != "They could vent.", "{said}");
        }
        assert!(found("I did a follow up.", "call|follow-up").is_some());
        assert!(found("I followed the road.", "call|follow-up").is_none());
        assert_eq!(found("I spoke to one nurse.", "| spoke|").as_deref(), Some("spoke"));
        assert_eq!(found("Anything.", "|"), None);
    }

    #[test]
    fn irregular_forms_and_spellings_are_one_word() {
        assert!(found("She told me.", "tells me").is_some());
        assert!(found("We organised a program.", "organized programme").is_some());
    }

    #[test]
    fn the_words_must_stand_close_and_in_one_sentence_in_any_order() {
        assert_eq!(found("I told them they had waited and I was sorry.", "sorry they waited").as_deref(), Some("waited and I was sorry."));
        assert_eq!(found("I interrupt, but not often.", "not interrupt"), None);
        assert_eq!(found("Back to back.", "back back front"), None);
        assert_eq!(found("I was sorry. Then I waited.", "sorry you waited"), None);
        assert_eq!(found("Sorry is what a good and friendly and patient person at the desk says to those who waited.", "sorry you waited"), None);
    }

    #[test]
    fn what_is_denied_is_not_said() {
        assert_eq!(found("I would never listen to the patient.", "listen to the patient"), None);
        assert_eq!(found("I didn't really listen to the patient.", "listen to the patient"), None);
        assert!(found("I do not argue, I listen to the patient.", "listen to the patient").is_some());
        assert!(found("I do not interrupt them.", "not interrupt").is_some());
    }

    #[test]
    fn small_words_count_where_there_is_but_one_other() {
        assert!(found("I heard her out.", "hear them out").is_some());
        assert!(found("I heard a noise.", "hear them out").is_none());
        assert!(found("My shoes are new.", "in their shoes").is_none());
        assert!(found("I thought I'd be upset in his shoes.", "in their shoes").is_some());
        assert!(found("I spoke to a nurse.", "the nurse").is_some());
        assert!(found("I don't know the town.", "don't know what I did").is_none());
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
        assert!(found("I told the IT team.", "inform IT team").is_none());
        assert!(found("I called the IT team.", "call IT team").is_some());
        assert!(found("I called it a team.", "call IT team").is_none());
    }

    #[test]
    fn numbers_are_one_in_words_and_in_figures() {
        assert!(found("It fell by 30%.", "thirty per cent").is_some());
        assert!(found("It fell by thirty percent.", "30 per cent").is_some());
        assert!(found("I worked there for 3 years.", "two|three years").is_some());
    }

    #[test]
    fn nothing_is_found_in_nothing() {
        assert_eq!(found("", "listen"), None);
        assert_eq!(found("Listen.", ""), None);
    }

    #[test]
    fn one_phrase_covers_another() {
        let covers = |a: &str, b: &str| Phrase::new(a).covers(&Phrase::new(b));
        assert!(covers("let|allow them finish", "allowed to finish"));
        assert!(!covers("allowed to finish", "let|allow them finish"));
        assert!(!covers("let finish", "let them finish speaking"));
    }
}
