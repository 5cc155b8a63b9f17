//! Heard words taken apart, and the words that come to stand in their stead and can be undone. Pure.

use std::ops::Range;

use super::likeness::{is_ordinary, letters};
use crate::sound::Millis;
use crate::transcribe::Word;
use crate::words::{ends_sentence, plain};

/// A heard word, taken apart.
pub struct Heard<'w> {
    /// As written.
    pub text: &'w str,
    /// Without the punctuation around it.
    pub core: &'w str,
    pub before: &'w str,
    pub after: &'w str,
    /// As [`plain`] gives it.
    pub plain: String,
    pub ordinary: bool,
    /// Neither doubted nor corrected before nor broken off.
    pub free: bool,
}

impl<'w> Heard<'w> {
    pub fn new(word: &'w Word) -> Self {
        let text = word.text.as_str();
        let tail = text.trim_start_matches(|c: char| !c.is_alphanumeric());
        let core = tail.trim_end_matches(|c: char| !c.is_alphanumeric());
        let plain = plain(text);
        Self {
            text,
            core,
            before: &text[..text.len() - tail.len()],
            after: &tail[core.len()..],
            ordinary: is_ordinary(&plain),
            plain,
            free: word.doubt.is_none() && word.heard.is_none() && !core.is_empty() && !tail.ends_with(['-', '–', '—', '…']),
        }
    }

    /// "as", "is", "so": part of no name that was written as two words.
    #[must_use]
    pub fn is_tiny(&self) -> bool {
        self.ordinary && self.plain.chars().count() <= 2
    }
}

/// Undoes every correction: the words as they were heard, times split evenly where several had become one.
#[must_use]
pub fn as_heard(words: Vec<Word>) -> Vec<Word> {
    let undone = |word: Word| {
        let Some(heard) = &word.heard else { return vec![word] };
        let parts: Vec<&str> = heard.split_whitespace().collect();
        let count = parts.len() as u64;
        let length = word.end.saturating_sub(word.start).0;
        let time = |part: u64| word.start + Millis(length * part / count);
        let one = |(part, text): (u64, &&str)| Word { text: (*text).to_owned(), start: time(part), end: time(part + 1), heard: None, ..word.clone() };
        (0..).zip(&parts).map(one).collect()
    };
    words.into_iter().flat_map(undone).collect()
}

/// The words of a place with the term in their stead. Where both have as many words each stands for one; else those that differ become one.
#[must_use]
pub fn replaced(words: &[Word], heard: &[Heard], place: Range<usize>, term: &str, suffix: &str) -> Vec<Word> {
    let text: Vec<&str> = term.split(' ').collect();
    let same = |(h, t): &(&Heard, &&str)| letters(h.core) == letters(t);
    let most = place.len().min(text.len()) - 1;
    let (leading, trailing) = if place.len() == text.len() {
        (most, 0)
    } else {
        let leading = heard[place.clone()].iter().zip(&text).take(most).take_while(same).count();
        let trailing = heard[place.clone()].iter().rev().zip(text.iter().rev()).take(most - leading).take_while(same).count();
        (leading, trailing)
    };
    let middle = (place.start + leading..place.end - trailing, text[leading..text.len() - trailing].join(" "));
    let single = |i: usize, t: &&str| (i..i + 1, (*t).to_owned());
    let mut parts: Vec<(Range<usize>, String)> = text[..leading].iter().enumerate().map(|(i, t)| single(place.start + i, t)).collect();
    parts.push(middle);
    parts.extend(text[text.len() - trailing..].iter().enumerate().map(|(i, t)| single(place.end - trailing + i, t)));
    let last = parts.len() - 1;
    let written = |(i, (range, text)): (usize, (Range<usize>, String))| {
        let suffix = if i == last { suffix } else { "" };
        written(words, heard, range, &(text + suffix))
    };
    parts.into_iter().enumerate().map(written).collect()
}

/// One word in place of some, with their punctuation; the same word where nothing is changed.
fn written(words: &[Word], heard: &[Heard], range: Range<usize>, text: &str) -> Word {
    let (first, last) = (&heard[range.start], &heard[range.end - 1]);
    let small = !text.contains(char::is_uppercase);
    // "Triage" at the beginning of a sentence is "triage"
    let begins = range.start == 0 || ends_sentence(heard[range.start - 1].text);
    let mut text = text.to_owned();
    if small && first.core.to_lowercase() == text {
        first.core.clone_into(&mut text);
    } else if small && begins && first.core.starts_with(char::is_uppercase) {
        let initial: String = text.chars().take(1).flat_map(char::to_uppercase).collect();
        text = initial + text.chars().skip(1).collect::<String>().as_str();
    }
    // the last dot of "G.D.P.R. is" ends no sentence
    let goes_on = heard.get(range.end).is_some_and(|h| h.core.starts_with(char::is_lowercase));
    let dotted = last.core.contains('.') || (range.len() > 1 && first.after == ".");
    let after = if goes_on && dotted { last.after.strip_prefix('.').unwrap_or(last.after) } else { last.after };
    let text = format!("{}{text}{after}", first.before);
    let stood: Vec<&str> = heard[range.clone()].iter().map(|h| h.text).collect();
    let stood = stood.join(" ");
    let probability = words[range.clone()].iter().map(|w| w.probability).fold(1.0, f32::min);
    let heard = (stood != text).then_some(stood);
    Word { text, start: words[range.start].start, end: words[range.end - 1].end, probability, heard, doubt: None }
}

/// A word whole, without its possessive and without its plural, with what was taken off.
pub fn endings(core: &str) -> impl Iterator<Item = (&str, &'static str)> {
    let possessive = core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")).map(|c| (c.trim_end_matches('.'), "'s"));
    let plural = core.strip_suffix('s').filter(|c| c.ends_with(|l: char| l.is_alphanumeric() && l != 's')).map(|c| (c, "s"));
    let dotted = core.strip_suffix(".s").map(|c| (c, "s"));
    [Some((core, "")), possessive, plural, dotted].into_iter().flatten().filter(|(c, _)| !c.is_empty())
}
