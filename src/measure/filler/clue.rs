//! Clues to whether a "like", a "you know" or a "right" is meant: the word and the punctuation on either side. Pure.
//!
//! Each clue has a name, as in "before: was", and a weight in [`weights`](super::weights); their sum decides. Nothing beyond the sentence counts.

use super::{Said, weights};

/// What ends with a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    #[default]
    Nothing,
    Comma,
    Dash,
    Dots,
    Stop,
    Question,
}

impl Mark {
    /// The mark at the end of a word as written.
    pub(super) fn after(text: &str) -> Self {
        let text = text.trim_end_matches(['"', '\'', ')', '”', '’']);
        match text.chars().last() {
            Some(',' | ';' | ':') => Self::Comma,
            Some('-' | '–' | '—') => Self::Dash,
            Some('…') => Self::Dots,
            Some('.') if text.ends_with("..") => Self::Dots,
            Some('.' | '!') => Self::Stop,
            Some('?') => Self::Question,
            _ => Self::Nothing,
        }
    }

    pub(super) fn ends_sentence(self) -> bool {
        matches!(self, Self::Stop | Self::Question)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Comma => "comma",
            Self::Dash => "dash",
            Self::Dots => "dots",
            Self::Stop => "stop",
            Self::Question => "question",
        }
    }
}

/// Kinds of words, as clues of their own: what was learnt of "was" then tells of "weren't" too.
const KINDS: &[(&str, &[&str])] = &[
    (
        "being",
        &[
            "am", "are", "be", "been", "being", "he's", "i'm", "is", "it's", "she's", "that's", "they're", "was", "we're", "were", "you're",
            "wasn't", "isn't", "weren't", "aren't",
        ],
    ),
    (
        "seeming",
        &[
            "feel", "feels", "felt", "feeling", "look", "looks", "looked", "looking", "seem", "seems", "seemed", "smell", "smells", "sound",
            "sounds", "sounded", "sounding", "taste", "tastes", "act", "acts", "acted", "acting", "treat", "treated",
        ],
    ),
    (
        "helping",
        &[
            "can", "could", "did", "didn't", "do", "does", "doesn't", "don't", "might", "should", "will", "wouldn't", "would", "i'd", "you'd",
            "we'd", "they'd", "he'd", "she'd", "i'll",
        ],
    ),
    ("person", &["he", "i", "she", "they", "we", "who", "you", "people", "everybody", "everyone", "it", "that", "y'all"]),
    (
        "thing",
        &[
            "anything",
            "everything",
            "nothing",
            "something",
            "stuff",
            "thing",
            "things",
            "people",
            "someone",
            "somebody",
            "anybody",
            "nobody",
            "more",
            "much",
            "exactly",
            "less",
            "just",
            "kinda",
        ],
    ),
    (
        "joining",
        &[
            "and", "because", "but", "or", "so", "then", "cause", "'cause", "if", "when", "which", "where", "than", "yeah", "no", "yes", "well",
            "oh", "okay",
        ],
    ),
    ("pointing", &["a", "an", "her", "his", "my", "our", "some", "that", "the", "their", "these", "this", "those", "your", "one", "every", "all"]),
    ("placing", &["about", "at", "by", "for", "from", "in", "into", "of", "on", "out", "to", "up", "with", "over", "down", "around"]),
    ("hesitation", &["ah", "er", "erm", "hm", "hmm", "uh", "um", "know", "mean", "like"]),
    ("object", &["her", "him", "it", "me", "that", "them", "this", "us", "those", "these"]),
    (
        "degree",
        &[
            "really",
            "very",
            "so",
            "super",
            "all",
            "pretty",
            "totally",
            "literally",
            "actually",
            "just",
            "even",
            "always",
            "never",
            "maybe",
            "probably",
            "only",
            "almost",
            "too",
        ],
    ),
    (
        "asking",
        &["as", "let", "lets", "letting", "do", "did", "does", "if", "how", "when", "once", "what", "before", "until", "whether", "don't", "didn't"],
    ),
    (
        "question",
        &["what", "how", "who", "why", "where", "when", "what's", "who's", "how's", "where's", "if", "whether", "something", "anything", "about"],
    ),
    (
        "number",
        &[
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty", "forty",
            "fifty", "hundred", "half", "couple", "million",
        ],
    ),
    (
        "claim",
        &["i'm", "i've", "it's", "that's", "there's", "they're", "we're", "you're", "he's", "she's", "i'd", "i'll", "we've", "they've", "what's"],
    ),
];
/// Ends of words that tell a little of their kind.
const ENDINGS: &[&str] = &["ing", "ed", "ly", "s", "n't"];

/// Whether the words `at..end` are filler rather than meant; None where nothing was learnt of such words. `bare`: commas cannot be relied on.
pub(super) fn is_filler(words: &[Said], at: usize, end: usize, bare: bool) -> Option<bool> {
    let text: Vec<&str> = words[at..end].iter().map(|w| w.plain.as_str()).collect();
    let (_, bias, table) = weights::OF.iter().find(|(phrase, ..)| *phrase == text.join(" "))?;
    let weight = |clue: String| table.binary_search_by_key(&clue.as_str(), |(name, _)| *name).map_or(0, |i| table[i].1);
    Some(*bias + clues(words, at, end, bare).into_iter().map(weight).sum::<i32>() > 0)
}

/// The clues for the words `at..end`, by name.
pub(super) fn clues(words: &[Said], at: usize, end: usize, bare: bool) -> Vec<String> {
    let opened = at.checked_sub(1).map_or(Mark::Stop, |i| words[i].mark);
    // what breaks off without a mark at the very end ends there
    let closed = match words[end - 1].mark {
        Mark::Nothing if end == words.len() => Mark::Stop,
        mark => mark,
    };
    let opening = if opened.ends_sentence() {
        "start"
    } else if bare {
        "unknown"
    } else {
        opened.name()
    };
    let closing = if closed.ends_sentence() && bare {
        "stop"
    } else if bare {
        "unknown"
    } else {
        closed.name()
    };
    let mut clues = vec![format!("{opening} before"), format!("{closing} after"), format!("{opening} before, {closing} after")];
    let before = at.checked_sub(1).map(|i| words[i].plain.as_str()).filter(|_| !opened.ends_sentence());
    let after = words.get(end).map(|w| w.plain.as_str()).filter(|_| !closed.ends_sentence());
    if let Some(before) = before {
        describe("before", before, &mut clues);
        if opened == Mark::Nothing && !bare {
            describe("close before", before, &mut clues);
        }
    }
    if let Some(after) = after {
        // "you know what helped" is not "you know, what helped"
        describe(if closed == Mark::Nothing || bare { "after" } else { "after a mark" }, after, &mut clues);
    }
    // "a nurse like her.", "like that, ..."
    if !bare && closed == Mark::Nothing && words.get(end).is_some_and(|w| w.mark != Mark::Nothing || end + 1 == words.len()) {
        clues.extend(after.into_iter().flat_map(kinds).map(|kind| format!("after, and no more: *{kind}*")));
    }
    for (a, b) in before.zip(after).iter().flat_map(|(before, after)| kinds(before).flat_map(|a| kinds(after).map(move |b| (a, b)))) {
        clues.push(format!("between: {a} {b}"));
    }
    clues
}

fn describe(place: &str, word: &str, clues: &mut Vec<String>) {
    clues.push(format!("{place}: {word}"));
    clues.extend(kinds(word).map(|kind| format!("{place}: *{kind}*")));
    clues.extend(ENDINGS.iter().filter(|e| word.ends_with(*e)).map(|e| format!("{place}: -{e}")));
}

fn kinds(word: &str) -> impl Iterator<Item = &'static str> {
    let figures = word.starts_with(|c: char| c.is_ascii_digit());
    KINDS.iter().filter(move |(kind, words)| words.contains(&word) || (figures && *kind == "number")).map(|(kind, _)| *kind)
}
