//! A transcript as text, SubRip (SRT) and WebVTT. What is not to be believed is struck through, never left out. Pure.

use std::fmt::Write;

use crate::sound::Millis;
use crate::transcribe::{Transcript, Word};

/// Longest line of a caption, in characters, and lines of one caption: what the BBC's and Netflix's guides allow.
const LINE: usize = 42;
const LINES: usize = 2;
/// A caption stands at most so long; a pause from here on begins a new one.
const LONGEST: Millis = Millis(6_000);
const PAUSE: Millis = Millis(1_000);
/// A paragraph of text ends with a sentence before a pause of this length.
const PARAGRAPH: Millis = Millis(2_000);

/// The words of a transcript, each run of doubted ones between these marks.
#[must_use]
pub fn struck(words: &[Word], open: &str, close: &str) -> String {
    let mut out = String::new();
    for (i, word) in words.iter().enumerate() {
        let doubted = |w: Option<&Word>| w.is_some_and(|w| w.doubt.is_some());
        let before = i.checked_sub(1).and_then(|b| words.get(b));
        if i > 0 {
            out.push(' ');
        }
        if word.doubt.is_some() && !doubted(before) {
            out.push_str(open);
        }
        out.push_str(&word.text);
        if word.doubt.is_some() && !doubted(words.get(i + 1)) {
            out.push_str(close);
        }
    }
    out
}

/// Plain text, a paragraph after each long pause; what is doubted struck through as in Markdown (`~~so~~`).
#[must_use]
pub fn text(transcript: &Transcript) -> String {
    let mut out = String::new();
    for paragraph in transcript.words.chunk_by(|a, b| !(a.ends_sentence() && b.start - a.end >= PARAGRAPH)) {
        let _ = writeln!(out, "{}", struck(paragraph, "~~", "~~"));
    }
    out
}

/// SubRip: numbered captions.
#[must_use]
pub fn srt(transcript: &Transcript) -> String {
    let mut out = String::new();
    for (i, caption) in captions(transcript).into_iter().enumerate() {
        let (start, end) = (clock(caption[0].start, ','), clock(caption[caption.len() - 1].end, ','));
        // writing to a string does not fail, here as below
        let _ = writeln!(out, "{}\n{start} --> {end}\n{}\n", i + 1, lines(&marked(caption, "<s>", "</s>", str::to_owned)));
    }
    out
}

/// WebVTT; doubted words stand in a span of the class `doubt`, each with its reason in a note before the caption.
#[must_use]
pub fn vtt(transcript: &Transcript) -> String {
    let mut out = "WEBVTT\n\nSTYLE\n::cue(.doubt) { text-decoration: line-through; }\n\n".to_owned();
    for caption in captions(transcript) {
        let (start, end) = (clock(caption[0].start, '.'), clock(caption[caption.len() - 1].end, '.'));
        for doubted in caption.chunk_by(|a, b| a.doubt == b.doubt) {
            if let Some(doubt) = doubted[0].doubt {
                let _ = writeln!(out, "NOTE not to be believed: \"{}\": {doubt}\n", escaped(&joined(doubted)));
            }
        }
        let _ = writeln!(out, "{start} --> {end}\n{}\n", lines(&marked(caption, "<c.doubt>", "</c>", escaped)));
    }
    out
}

/// Words that stand together, short enough to be read.
fn captions(transcript: &Transcript) -> Vec<&[Word]> {
    let words = &transcript.words[..];
    let (mut found, mut first) = (Vec::new(), 0);
    let mut letters = 0;
    for (i, word) in words.iter().enumerate() {
        let length = word.text.chars().count() + 1;
        let new = i > first && {
            let before = &words[i - 1];
            // two lines seldom fill to the last letter
            let full = letters + length > LINE * LINES - 8 || word.end - words[first].start > LONGEST;
            full || word.start - before.end >= PAUSE || (before.ends_sentence() && letters > LINE)
        };
        if new {
            found.push(&words[first..i]);
            (first, letters) = (i, 0);
        }
        letters += length;
    }
    if first < words.len() {
        found.push(&words[first..]);
    }
    found
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// As WebVTT wants it; SubRip knows no such signs.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Each word by itself, doubted ones between these marks.
fn marked(words: &[Word], open: &str, close: &str, escaped: impl Fn(&str) -> String) -> Vec<(usize, String)> {
    let one = |w: &Word| {
        let text = escaped(&w.text);
        (w.text.chars().count(), if w.doubt.is_some() { format!("{open}{text}{close}") } else { text })
    };
    words.iter().map(one).collect()
}

/// Words in as many lines as they need, by what is seen of them.
fn lines(words: &[(usize, String)]) -> String {
    let (mut out, mut length) = (String::new(), 0);
    for (seen, word) in words {
        if length > 0 && length + 1 + seen > LINE {
            out.push('\n');
            length = 0;
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += seen;
    }
    out
}

/// `00:01:02.345`
fn clock(time: Millis, point: char) -> String {
    let (seconds, millis) = (time.0 / 1000, time.0 % 1000);
    format!("{:02}:{:02}:{:02}{point}{millis:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;
    use crate::transcribe::Doubt;

    fn doubted() -> Transcript {
        let mut transcript = said("I let <her> finish. Thanks for watching!");
        transcript.words[4..].iter_mut().for_each(|w| w.doubt = Some(Doubt::Invention));
        transcript
    }

    #[test]
    fn captions_are_numbered_timed_and_escaped() {
        let written = srt(&doubted());
        assert_eq!(written, "1\n00:00:00,000 --> 00:00:02,800\nI let <her> finish. <s>Thanks</s> <s>for</s> <s>watching!</s>\n\n");
        let written = vtt(&doubted());
        assert!(written.contains("I let &lt;her&gt; finish."), "{written}");
        assert!(written.starts_with("WEBVTT\n\n") && written.contains("00:00:00.000 --> 00:00:02.800"), "{written}");
        assert!(
            written.contains("NOTE not to be believed: \"Thanks for watching!\": speech models write this")
                && written.contains("<c.doubt>Thanks</c>"),
            "{written}"
        );
    }

    #[test]
    fn text_strikes_through_what_is_doubted() {
        assert_eq!(text(&doubted()), "I let <her> finish. ~~Thanks for watching!~~\n");
        assert_eq!(text(&said("")), "");
    }

    #[test]
    fn captions_are_short_enough_to_read() {
        let long = said(&"I told the patient what would happen next and when. ".repeat(20));
        let written = srt(&long);
        for line in written.lines() {
            assert!(line.chars().count() <= LINE, "{line}");
        }
        assert!(written.matches("-->").count() > 10);
    }
}
