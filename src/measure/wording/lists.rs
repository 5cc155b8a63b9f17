//! The lists of words, one place for all of them, and the context in which an entry means something else. British and American.

use super::{Ends, Finding, Words};

/// One phrase of a list.
pub(super) struct Entry {
    phrase: &'static [&'static str],
    /// Close before it, these make it mean something else.
    not_after: &'static [&'static str],
    /// Close after it, these do.
    not_before: &'static [&'static str],
}

const fn plain(phrase: &'static [&'static str]) -> Entry {
    Entry { phrase, not_after: &[], not_before: &[] }
}

const fn unless(phrase: &'static [&'static str], not_after: &'static [&'static str], not_before: &'static [&'static str]) -> Entry {
    Entry { phrase, not_after, not_before }
}

/// "What kind of ward": a noun.
const NOUN: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "those",
    "what",
    "which",
    "any",
    "every",
    "each",
    "same",
    "one",
    "other",
    "another",
    "no",
    "different",
    "right",
    "certain",
    "of",
    "all",
    "two",
    "some",
];
/// "What I think" and "how do I think": no hedge.
const ASKED: &[&str] = &["what", "how", "do", "did", "when", "where", "why", "whatever", "than"];
/// "I think about", "I think on my feet": what one does.
const THOUGHT: &[&str] =
    &["about", "of", "through", "on", "over", "ahead", "before", "carefully", "critically", "outside", "in", "twice", "back", "for"];
/// What takes an absolute word back.
const TAKEN_BACK: &[&str] = &[
    "not", "almost", "nearly", "isn't", "wasn't", "don't", "doesn't", "didn't", "can't", "couldn't", "aren't", "weren't", "won't", "wouldn't",
    "hardly",
];

/// Words by which a speaker takes back part of what is said. Longest first where one begins another.
pub(super) const HEDGES: &[Entry] = &[
    plain(&["as", "far", "as", "i", "know"]),
    plain(&["as", "far", "as", "i", "remember"]),
    plain(&["if", "i", "remember", "correctly"]),
    plain(&["if", "i", "remember", "rightly"]),
    plain(&["to", "some", "extent"]),
    plain(&["to", "a", "certain", "extent"]),
    plain(&["to", "a", "degree"]),
    plain(&["i", "am", "not", "sure"]),
    plain(&["i'm", "not", "sure"]),
    plain(&["i'm", "not", "really", "sure"]),
    plain(&["i", "was", "not", "sure"]),
    plain(&["i", "would", "think"]),
    plain(&["i", "would", "say"]),
    plain(&["i", "would", "imagine"]),
    plain(&["i'd", "say"]),
    plain(&["i'd", "imagine"]),
    unless(&["i", "feel", "like"], ASKED, &["a"]),
    unless(&["i", "think"], ASKED, THOUGHT),
    plain(&["i", "thought", "maybe"]),
    plain(&["i", "don't", "think"]),
    unless(&["i", "guess"], ASKED, &[]),
    unless(&["i", "suppose"], ASKED, &[]),
    unless(&["i", "assume"], ASKED, &[]),
    unless(&["i", "believe"], ASKED, &["in"]),
    unless(&["i", "reckon"], ASKED, &[]),
    plain(&["i", "imagine"]),
    plain(&["more", "or", "less"]),
    plain(&["in", "a", "way"]),
    plain(&["in", "a", "sense"]),
    unless(&["sort", "of"], NOUN, &[]),
    unless(&["kind", "of"], NOUN, &[]),
    plain(&["sorta"]),
    plain(&["kinda"]),
    plain(&["pretty", "much"]),
    plain(&["maybe"]),
    plain(&["perhaps"]),
    plain(&["probably"]),
    plain(&["possibly"]),
    plain(&["potentially"]),
    plain(&["presumably"]),
    plain(&["supposedly"]),
    plain(&["apparently"]),
    plain(&["somewhat"]),
    plain(&["roughly"]),
    plain(&["arguably"]),
    unless(&["might"], &["the", "with", "our", "their", "all"], &[]),
    plain(&["seems", "to"]),
    plain(&["seemed", "to"]),
    plain(&["seem", "to"]),
    plain(&["tend", "to"]),
    plain(&["tends", "to"]),
    plain(&["tended", "to"]),
];

/// Words that make what was done smaller or vaguer than it was.
pub(super) const WEAK: &[Entry] = &[
    plain(&["something", "like", "that"]),
    plain(&["or", "something", "like", "that"]),
    plain(&["and", "stuff", "like", "that"]),
    plain(&["things", "like", "that"]),
    plain(&["stuff", "like", "that"]),
    plain(&["and", "that", "sort", "of", "thing"]),
    plain(&["and", "that", "kind", "of", "thing"]),
    plain(&["that", "sort", "of", "thing"]),
    plain(&["that", "kind", "of", "thing"]),
    plain(&["some", "sort", "of"]),
    plain(&["some", "kind", "of"]),
    plain(&["and", "so", "on"]),
    plain(&["and", "so", "forth"]),
    plain(&["and", "whatnot"]),
    plain(&["and", "all", "that"]),
    plain(&["or", "something"]),
    plain(&["or", "whatever"]),
    plain(&["or", "anything"]),
    plain(&["or", "so"]),
    plain(&["etc"]),
    plain(&["etcetera"]),
    plain(&["et", "cetera"]),
    plain(&["stuff"]),
    plain(&["thingy"]),
    plain(&["somehow"]),
    unless(&["try", "to"], &["not"], &[]),
    plain(&["tried", "to"]),
    plain(&["trying", "to"]),
    plain(&["try", "and"]),
    plain(&["hopefully"]),
    plain(&["i", "hope"]),
    plain(&["a", "little", "bit"]),
    unless(&["a", "bit"], &[], &["of"]),
    plain(&["a", "bit", "of", "a"]),
    unless(&["a", "little"], &[], &["girl", "boy", "child", "one", "later", "while", "longer", "old"]),
    plain(&["a", "couple", "of"]),
    plain(&["quite"]),
    unless(&["fairly"], &["treated", "treat", "act", "acted", "shared", "and"], &[]),
    plain(&["pretty", "good"]),
    plain(&["pretty", "well"]),
    plain(&["i", "was", "just"]),
    plain(&["i'm", "just"]),
    plain(&["i", "am", "just"]),
    plain(&["does", "that", "make", "sense"]),
    plain(&["if", "that", "makes", "sense"]),
    plain(&["i", "don't", "know"]),
    plain(&["i'm", "no", "expert"]),
];

/// Words that leave no exception; an interviewer may ask for one.
pub(super) const ABSOLUTE: &[Entry] = &[
    plain(&["all", "the", "time"]),
    plain(&["every", "single"]),
    plain(&["every", "time"]),
    plain(&["without", "exception"]),
    plain(&["a", "hundred", "percent"]),
    plain(&["one", "hundred", "percent"]),
    plain(&["hundred", "percent"]),
    plain(&["hundred", "per", "cent"]),
    plain(&["100"]),
    plain(&["no", "one"]),
    plain(&["at", "all", "times"]),
    unless(&["always"], TAKEN_BACK, &[]),
    unless(&["never"], &[], &["mind"]),
    unless(&["everyone"], TAKEN_BACK, &["else"]),
    unless(&["everybody"], TAKEN_BACK, &["else"]),
    unless(&["everything"], TAKEN_BACK, &["else"]),
    unless(&["everywhere"], TAKEN_BACK, &["else"]),
    plain(&["nobody"]),
    plain(&["nothing"]),
    plain(&["nowhere"]),
    unless(&["completely"], TAKEN_BACK, &[]),
    unless(&["totally"], TAKEN_BACK, &[]),
    unless(&["entirely"], TAKEN_BACK, &[]),
    unless(&["absolutely"], TAKEN_BACK, &[]),
    plain(&["constantly"]),
    plain(&["forever"]),
    plain(&["impossible"]),
];

/// The speaker alone, and the speaker as one of several; before an apostrophe.
pub(super) const SINGULAR: &[&str] = &["i", "me", "my", "mine", "myself"];
pub(super) const PLURAL: &[&str] = &["we", "us", "our", "ours", "ourselves"];
/// A full stop after these ends no sentence.
pub(super) const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "etc"];

/// All places of a list's entries, in order, no word in two of them.
pub(super) fn find(words: &Words, list: &[Entry]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.said.len() {
        let standing = list.iter().filter(|e| words.begins(at, e.phrase) && means_it(words, at, e));
        let Some(entry) = standing.max_by_key(|e| e.phrase.len()) else {
            at += 1;
            continue;
        };
        found.push(Finding { entry: entry.phrase.join(" "), quote: words.quote(at..at + entry.phrase.len()) });
        at += entry.phrase.len();
    }
    found
}

fn means_it(words: &Words, at: usize, entry: &Entry) -> bool {
    let end = at + entry.phrase.len();
    let before = at.checked_sub(1).map(|i| &words.said[i]).filter(|w| w.ends == Ends::Nothing);
    let after = words.said.get(end).filter(|_| words.said[end - 1].ends == Ends::Nothing);
    // "100" alone is a number
    let percent = entry.phrase != ["100"] || words.transcript.words[words.said[at].index].text.contains('%');
    percent
        && !before.is_some_and(|w| entry.not_after.contains(&w.plain.as_str()))
        && !after.is_some_and(|w| entry.not_before.contains(&w.plain.as_str()))
}
