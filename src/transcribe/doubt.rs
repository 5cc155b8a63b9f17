//! Words that are not to be believed: marked with the reason, shown struck through, neither counted nor scored, never deleted. Pure.
//!
//! On silence and noise an engine writes fluent text: thanks for watching, credits of subtitles, one phrase in a loop. Each rule here looks
//! for one way of inventing; what none of them marks is taken for said.

use serde::{Deserialize, Serialize};

use super::{Segment, Word};
use crate::sound::speech::total;
use crate::sound::{Millis, Span};
use crate::words::plain;

/// Why a word is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Nobody speaks where the word is said to be.
    NoSpeech,
    /// The same words over and over: the engine was caught in a loop.
    Loop,
    /// What engines write where they hear nothing.
    Invention,
    /// The engine itself gave these words little credit.
    Improbable,
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSpeech => "no speech was heard there",
            Self::Loop => "the same words over and over",
            Self::Invention => "speech models write this where they hear nothing",
            Self::Improbable => "the speech model was guessing",
        })
    }
}

/// Word times may miss the sound by this much.
const TOLERANCE: Millis = Millis(150);
/// Below this mean log probability of its tokens a segment is a guess (whisper's own threshold).
const LEAST_LOG_PROBABILITY: f32 = -1.0;
/// How often a phrase of one, two, three and more words must come in a row to be a loop: people do say "no, no, no".
const LOOP_OF: [usize; 3] = [6, 4, 3];
/// The longest phrase that is looked for in a loop.
const LONGEST_LOOP: usize = 12;
/// The least time in which a word can be said.
const FASTEST_WORD: Millis = Millis(100);
/// Written by engines and said by nobody in an interview: as a whole segment, or as its beginning.
const CREDITS: &[&str] = &[
    "thanks for watching",
    "thank you for watching",
    "thank you so much for watching",
    "please subscribe",
    "subscribe to",
    "like and subscribe",
    "don't forget to subscribe",
    "see you next time",
    "see you in the next video",
    "subtitles by",
    "subtitled by",
    "captions by",
    "transcription by",
    "translated by",
    "amara org",
    "www",
];
/// Also said by people: an invention only where there is too little sound for it.
const POLITE: &[&str] = &["thank you", "thank you very much", "thanks", "you", "bye", "bye bye", "okay", "so"];

/// The limits, for the hash of all thresholds.
pub const THRESHOLDS: (u64, f32, [usize; 3], u64) = (TOLERANCE.0, LEAST_LOG_PROBABILITY, LOOP_OF, FASTEST_WORD.0);

/// Marks the words of a take's segments, given where somebody speaks.
pub fn mark(segments: &mut [Segment], speech: &[Span]) {
    for segment in &mut *segments {
        let reason = of_segment(segment, speech);
        for word in &mut segment.words {
            word.doubt = if unsupported(word, speech) { Some(Doubt::NoSpeech) } else { reason };
        }
    }
    let mut words: Vec<&mut Word> = segments.iter_mut().flat_map(|s| s.words.iter_mut()).collect();
    let said: Vec<String> = words.iter().map(|w| w.plain()).collect();
    for range in loops(&said) {
        for word in &mut words[range] {
            word.doubt.get_or_insert(Doubt::Loop);
        }
    }
}

fn unsupported(word: &Word, speech: &[Span]) -> bool {
    let (start, end) = (word.start - TOLERANCE, Millis(word.end.0 + TOLERANCE.0));
    !speech.iter().any(|s| s.start < end && s.end > start)
}

fn of_segment(segment: &Segment, speech: &[Span]) -> Option<Doubt> {
    let (first, last) = (segment.words.first()?, segment.words.last()?);
    let text: Vec<String> = segment.words.iter().map(|w| plain(&w.text.replace(['.', '/'], " "))).filter(|w| !w.is_empty()).collect();
    let text = text.join(" ");
    let begins = |phrase: &&str| text.strip_prefix(*phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let described = first.text.starts_with(['[', '(', '♪', '*']) && last.text.trim_end_matches('.').ends_with([']', ')', '♪', '*']);
    if described || CREDITS.iter().any(begins) {
        return Some(Doubt::Invention);
    }
    if POLITE.contains(&text.as_str()) {
        let span = Span { start: first.start, end: last.end };
        let sounding: Vec<Span> = speech.iter().map(|s| Span { start: s.start.max(span.start), end: s.end.min(span.end) }).collect();
        let needed = Millis(FASTEST_WORD.0 * segment.words.len() as u64);
        if total(&sounding) < needed {
            return Some(Doubt::Invention);
        }
    }
    (segment.mean_log_probability < LEAST_LOG_PROBABILITY).then_some(Doubt::Improbable)
}

/// The words that only repeat those before them, after the first time.
fn loops(words: &[String]) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    'places: while at < words.len() {
        for length in 1..=LONGEST_LOOP.min((words.len() - at) / 2) {
            let phrase = &words[at..at + length];
            let times = words[at..].chunks_exact(length).take_while(|chunk| *chunk == phrase).count();
            if times >= LOOP_OF[length.min(LOOP_OF.len()) - 1] && phrase.iter().any(|w| !w.is_empty()) {
                found.push(at + length..at + length * times);
                at += length * times;
                continue 'places;
            }
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments of words of 300 ms each, one after the other.
    fn marked(segments: &[(&str, f32)], speech: &[(u64, u64)]) -> Vec<Option<Doubt>> {
        let mut at = 0;
        let mut all: Vec<Segment> = segments
            .iter()
            .map(|(text, mean_log_probability)| {
                let words = text.split(' ').map(|w| {
                    at += 300;
                    Word::new(w, Span::new(at - 300, at), 0.9)
                });
                Segment { words: words.collect(), mean_log_probability: *mean_log_probability }
            })
            .collect();
        let speech: Vec<Span> = speech.iter().map(|(a, b)| Span::new(*a, *b)).collect();
        mark(&mut all, &speech);
        all.iter().flat_map(|s| s.words.iter().map(|w| w.doubt)).collect()
    }

    #[test]
    fn words_in_silence_are_doubted_and_those_that_are_heard_are_not() {
        assert_eq!(marked(&[("I let her finish.", -0.2)], &[(0, 600)]), [None, None, None, Some(Doubt::NoSpeech)]);
        assert_eq!(marked(&[("I let.", -0.2)], &[]), [Some(Doubt::NoSpeech); 2]);
    }

    #[test]
    fn what_engines_write_on_silence() {
        for text in ["Thanks for watching!", "Subtitles by the Amara.org community", "[Music]", "(upbeat music)"] {
            assert!(marked(&[(text, -0.2)], &[(0, 9000)]).iter().all(|d| *d == Some(Doubt::Invention)), "{text}");
        }
        assert_eq!(marked(&[("Thank you.", -0.2)], &[(0, 600)]), [None, None], "somebody said it");
        assert_eq!(marked(&[("Thank you.", -0.2)], &[(0, 60)])[0], Some(Doubt::Invention));
        assert_eq!(marked(&[("Thanks for asking me that.", -0.2)], &[(0, 9000)]), [None; 5]);
    }

    #[test]
    fn a_loop_is_doubted_after_its_first_time() {
        let looped = marked(&[("and so I called and so I called and so I called her", -0.2)], &[(0, 9000)]);
        assert_eq!(looped.iter().filter(|d| **d == Some(Doubt::Loop)).count(), 8);
        assert_eq!((looped[0], looped[4], looped[12]), (None, Some(Doubt::Loop), None));
        assert_eq!(marked(&[("No, no, no, I really really did.", -0.2)], &[(0, 9000)]), [None; 7]);
    }

    #[test]
    fn a_guess_is_a_guess() {
        assert_eq!(marked(&[("I called.", -1.3), ("I did.", -0.4)], &[(0, 9000)])[1..3], [Some(Doubt::Improbable), None]);
    }
}
