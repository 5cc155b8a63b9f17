//! The words of an answer, cut into clauses. Pure.
//!
//! A clause ends with a sentence, at a comma before a new subject, before "and I", "so she", "and then" and their kind also without any mark
//! (Whisper often writes none), and at a long pause. What stands in quotation marks stays with the words that introduce it.

use std::ops::Range;

use super::verb::{self, Verb};
use super::{Spoken, Stretch};
use crate::sound::Span;
use crate::words;

/// A pause of more milliseconds ends a clause. Campione and Véronis (2002) call pauses of 200 to 1000 ms middle ones; this lies in their upper half,
/// since a cut too many costs little here.
const PAUSE: u64 = 700;
/// A quotation of more words than this was never closed.
const LONGEST_QUOTE: usize = 60;
/// With more words to a sentence than this in the mean, ends of sentences are missing; spoken sentences have mostly 10 to 25.
const LONGEST: usize = 45;
/// A clause has more words than this, or it is taken to the next.
const LEAST: usize = 1;
/// A subject of nouns has fewer words than this.
const NOUN: usize = 6;
const HESITATIONS: &[&str] = &["um", "uh", "er", "erm", "hmm", "mm", "ah", "eh"];
const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "dr", "st", "e.g", "i.e", "etc", "vs", "no", "prof"];
/// Words that may stand between two clauses.
const JOINING: &[&str] = &["and", "but", "so", "or", "then", "yet"];
/// May stand between those and the subject.
const BETWEEN: &[&str] = &[
    "then",
    "so",
    "also",
    "now",
    "when",
    "after",
    "before",
    "once",
    "if",
    "as",
    "because",
    "since",
    "while",
    "just",
    "later",
    "afterwards",
    "finally",
    "actually",
    "basically",
    "eventually",
    "next",
    "even",
];
/// Begin a clause where sentences are not marked.
const LEADING: &[&str] = &["then", "afterwards", "eventually", "finally", "later", "last", "within"];
/// So many words follow those at the least.
const LED: usize = 3;
/// Go on with "I" or "we" inside of a clause.
const GOVERNING: &[&str] = &[
    "that",
    "what",
    "which",
    "who",
    "where",
    "how",
    "why",
    "whether",
    "than",
    "like",
    "everything",
    "all",
    "thing",
    "time",
    "moment",
    "way",
    "think",
    "thought",
    "know",
    "knew",
    "said",
    "say",
    "told",
    "me",
    "her",
    "him",
    "them",
    "sure",
    "feel",
    "felt",
    "until",
    "although",
    "though",
    "whenever",
    "wish",
    "hope",
    "case",
    "reason",
    "person",
    "people",
    "first",
    "today",
    "usually",
];
const SUBJECTS: &[&str] =
    &["i", "we", "she", "he", "they", "you", "it", "there", "nobody", "everybody", "everyone", "someone", "somebody", "nothing"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ends {
    Nothing,
    Clause,
    /// By a question mark or not.
    Sentence {
        asks: bool,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub plain: String,
    /// Among the words given.
    pub at: usize,
    pub span: Span,
    pub ends: Ends,
    pub quoted: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Clause {
    /// Never empty.
    pub tokens: Range<usize>,
    /// A sentence begins with it.
    pub opens: bool,
    pub asks: bool,
    pub verb: Verb,
}

/// The words that have letters and are no hesitations, and their clauses.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub tokens: Vec<Token>,
    pub clauses: Vec<Clause>,
    /// Written almost without the ends of sentences.
    pub bare: bool,
    /// The last word was broken off, or followed by a dash or dots.
    pub broken: bool,
}

impl Said {
    pub fn new(spoken: &[Spoken<'_>]) -> Self {
        let mut tokens: Vec<Token> = Vec::new();
        for (at, word) in spoken.iter().enumerate() {
            let plain = words::plain(word.text);
            let ends = ends(word.text, &plain);
            if plain.is_empty() || HESITATIONS.contains(&plain.as_str()) {
                if let Some(last) = tokens.last_mut() {
                    last.ends = last.ends.max(ends);
                }
                continue;
            }
            tokens.push(Token { plain, at, span: word.span, ends, quoted: false });
        }
        quote(&mut tokens, spoken);
        let broken = spoken.last().is_some_and(|w| w.text.ends_with(['-', '–', '—', '…']) || w.text.ends_with(".."));
        let sentences = tokens.iter().filter(|t| matches!(t.ends, Ends::Sentence { .. })).count();
        let bare = tokens.len() > (sentences + 1) * LONGEST;
        let mut said = Self { tokens, clauses: Vec::new(), bare, broken };
        said.cut();
        said
    }

    /// Whether these plain words stand at `at`.
    pub fn plain(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.plain.as_str())
    }

    /// Tokens as words of the answer; the range must not be empty.
    pub fn stretch(&self, tokens: &Range<usize>) -> Stretch {
        let (first, last) = (&self.tokens[tokens.start], &self.tokens[tokens.end - 1]);
        Stretch { words: first.at..last.at + 1, span: Span::new(first.span.start.0, last.span.end.0) }
    }

    fn cut(&mut self) {
        let mut start = 0;
        let mut opens = true;
        for at in 1..=self.tokens.len() {
            let last = at == self.tokens.len();
            let sentence = matches!(self.tokens[at - 1].ends, Ends::Sentence { .. }) && !self.runs_on(at);
            // a word or two without a subject belong to what follows
            let short = at - start <= LEAST && !sentence;
            if !(last || sentence || (self.is_cut(at) && !short)) {
                continue;
            }
            let tokens = start..at;
            let asks = self.tokens[at - 1].ends == Ends::Sentence { asks: true };
            let before = self.clauses.last().map(|c| c.verb);
            let verb = verb::find(&self.tokens[tokens.clone()], opens, before);
            self.clauses.push(Clause { tokens, opens, asks, verb });
            start = at;
            // where sentences are not marked, any clause may begin one
            opens = sentence || self.bare;
        }
    }

    /// A quotation goes on over this place.
    fn runs_on(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.quoted) && self.tokens[at - 1].quoted
    }

    /// Whether a clause begins at `at`, where no sentence does.
    fn is_cut(&self, at: usize) -> bool {
        let (before, here) = (&self.tokens[at - 1], &self.tokens[at]);
        if self.runs_on(at) {
            return false;
        }
        if here.span.start.0.saturating_sub(before.span.end.0) > PAUSE {
            return true;
        }
        let joins = JOINING.contains(&here.plain.as_str());
        let marked = before.ends == Ends::Clause;
        let in_front = |list: &[&str]| list.contains(&before.plain.as_str());
        if self.bare && !marked && !in_front(JOINING) && !in_front(BETWEEN) && (self.leads(at) || self.is_claim(at)) {
            return true;
        }
        // the conjunction before has cut already
        let joined = joins && !in_front(JOINING) && !in_front(BETWEEN);
        if !(marked || joined) {
            return false;
        }
        if here.plain == "and" && self.plain(at + 1) == "then" {
            return true;
        }
        let mut subject = at + usize::from(joins);
        while BETWEEN.contains(&self.plain(subject)) && subject < at + 4 {
            subject += 1;
        }
        let plain = self.plain(subject).split('\'').next().unwrap_or_default();
        let pronoun = SUBJECTS.contains(&plain) && self.tokens.get(subject).is_some_and(|t| !t.quoted);
        pronoun || (joins && (marked || self.bare) && self.has_noun_and_verb(subject))
    }

    fn leads(&self, at: usize) -> bool {
        LEADING.contains(&self.plain(at)) && at + LED < self.tokens.len()
    }

    /// "I" or "we" after words that do not ask for them: "I knew what I wanted" is one clause.
    fn is_claim(&self, at: usize) -> bool {
        let begins = matches!(self.plain(at).split('\'').next(), Some("i" | "we"));
        begins && !GOVERNING.contains(&self.plain(at - 1))
    }

    /// "The nurses tested": a verb in the past soon after, before the next mark.
    fn has_noun_and_verb(&self, at: usize) -> bool {
        let end = (at + NOUN).min(self.tokens.len());
        let end = (at..end).find(|t| self.tokens[*t].ends != Ends::Nothing).map_or(end, |t| t + 1);
        (at + 1..end).any(|t| verb::is_past(self.plain(t)) && !self.tokens[t].quoted)
    }
}

fn ends(text: &str, plain: &str) -> Ends {
    let text = text.trim_end_matches(['"', '\'', ')', '”', '’']);
    match text.chars().last() {
        _ if text.ends_with("..") => Ends::Clause,
        Some('?') => Ends::Sentence { asks: true },
        Some('.' | '!') if !ABBREVIATIONS.contains(&plain) => Ends::Sentence { asks: false },
        Some('-' | '–' | '—' | '…' | ',' | ';' | ':') => Ends::Clause,
        _ => Ends::Nothing,
    }
}

/// Marks what stands between quotation marks.
fn quote(tokens: &mut [Token], spoken: &[Spoken<'_>]) {
    let mut at = 0;
    while at < tokens.len() {
        let opens = spoken[tokens[at].at].text.starts_with(['"', '“']);
        let limit = (at + LONGEST_QUOTE).min(tokens.len());
        let closes = |t: &usize| spoken[tokens[*t].at].text.trim_end_matches(['.', ',', '?', '!', ';', ':']).ends_with(['"', '”']);
        if let Some(end) = (at..limit).find(closes).filter(|_| opens) {
            tokens[at..=end].iter_mut().for_each(|t| t.quoted = true);
            at = end;
        }
        at += 1;
    }
}
