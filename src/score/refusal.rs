//! Answers that get no points at all, each for a named reason with its cure: not heard, too short, in another language, read back, a heap of key
//! words, an answer to something else. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Heard;
use crate::question::Question;
use crate::sound::{Decibels, Millis};
use crate::transcribe::{Transcript, written};
use crate::words;

/// Fewer words than this are no answer to a question that asks for a minute or more.
pub const LEAST_WORDS: usize = 10;
/// A question that deserves fewer seconds than this can be answered in a word.
const A_WORD_UNDER: u32 = 30;
/// What must have been heard of an answer for a score: a level of speech (dBFS), a time of speech (ms), a mean probability of the words (per
/// cent), and at most so many words that are not believed among all (per cent).
pub const HEARD_WELL: (i32, u64, u32, usize) = (-55, 2_000, 40, 50);
/// Spoken English has about as many small words ("the", "I", "to") as others; with fewer than this (per cent) it is no sentences.
const SMALL_WORDS: usize = 20;
/// From this many words on that is told.
const TELLING_FROM: usize = 12;
/// Three words in a row that stand in the question or its rubric: with this share of them (per cent) an answer is read back. One point in its own words
/// is no reading; so many texts of the rubric are.
const READ_BACK: usize = 50;
const TEXTS_READ: usize = 3;
/// From this many words on, a language is told with some certainty.
const LANGUAGE_FROM: usize = 12;

/// For the hash of the thresholds.
pub const THRESHOLDS: [usize; 7] = [LEAST_WORDS, A_WORD_UNDER as usize, SMALL_WORDS, TELLING_FROM, READ_BACK, TEXTS_READ, LANGUAGE_FROM];

/// Why there is no score. Each says what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    #[error(
        "the microphone delivered only digital silence; it may be muted, forbidden in the privacy settings, or the wrong one (see `viva devices`)"
    )]
    DigitalSilence,
    #[error("no speech was heard; move closer to the microphone or choose another with --input (see `viva devices`)")]
    NoSpeech,
    #[error("speech was heard but no words could be made out; move closer to the microphone, or use a larger model (see `viva models list`)")]
    NoWords,
    #[error("there is nothing to score; write what you would say aloud, in whole sentences")]
    NothingWritten,
    #[error("only {words} {}, too few for an answer (at least {least}); try again and say a little more", if *.words == 1 { "word" } else { "words" })]
    TooShort {
        words: usize,
        #[serde(default = "least_of_all")]
        least: usize,
    },
    #[error("not heard well enough to score: the voice is very quiet ({} dB below full scale); move closer to the microphone or raise its level", -.level.0)]
    TooQuiet { level: Decibels },
    #[error("not heard well enough to score: only {:.1} s of speech; look at what the microphone hears, and take it again", .speech.seconds())]
    TooLittleSpeech { speech: Millis },
    #[error(
        "not heard well enough to score: the speech model was unsure of most words (on average {:.0} %); speak closer to the microphone, in a quieter room, or use a larger model (see `viva models list`)",
        .mean_probability * 100.0
    )]
    Unsure { mean_probability: f64 },
    #[error(
        "not heard well enough to score: {doubted} of {words} words are not to be believed, for the reasons that stand below them; look at what the microphone hears, and take it again"
    )]
    Doubted { doubted: usize, words: usize },
    #[error(
        "this seems to answer something else: of its {of} telling words only {shared} are about what was asked; take it again, and begin with the question"
    )]
    Elsewhere { shared: usize, of: usize },
    #[error("this answers another question better (\"{text}\"); take it again, and begin with what was asked")]
    AnotherQuestion { question: String, text: String },
    #[error("this seems to be {language}, and only answers in English can be scored; take it again in English")]
    AnotherLanguage { language: String },
    #[error("most of this ({per_cent} %) is the question or its points read back; take it again, and say in your own words what you do")]
    ReadBack { per_cent: usize },
    #[error("these are key words without sentences; take it again, and say in whole sentences what you did or would do")]
    KeyWords,
    #[error("the demo model understands synthetic voices only; fetch a model for people with `viva models pull base.en`")]
    DemoModel,
    #[error("an earlier version of this program scored this in another way; `viva score SESSION --again` scores it as today")]
    EarlierVersion,
}

/// What every answer was held against before questions had a least of their own.
fn least_of_all() -> usize {
    LEAST_WORDS
}

/// The rule of what was heard well enough, in its order: sound at all, speech, words, and then [`HEARD_WELL`]. `demonstration`: a synthetic voice
/// spoke, which the demo model can hear.
#[must_use]
pub fn of_sound(Heard { transcript, measures }: Heard, least_words: usize, demonstration: bool) -> Option<Refusal> {
    let heard = &measures.heard;
    let words = counted(transcript);
    let doubted = heard.doubted_words;
    let (least_level, least_speech, least_probability, most_doubted) = HEARD_WELL;
    if heard.digital_silence {
        return Some(Refusal::DigitalSilence);
    }
    if heard.span.is_none() {
        return Some(Refusal::NoSpeech);
    }
    if doubted * 100 > (words + doubted) * most_doubted {
        return Some(Refusal::Doubted { doubted, words: words + doubted });
    }
    if words == 0 {
        return Some(Refusal::NoWords);
    }
    if words < least_words {
        return Some(Refusal::TooShort { words, least: least_words });
    }
    if transcript.engine.demo && !demonstration {
        return Some(Refusal::DemoModel);
    }
    #[allow(clippy::cast_precision_loss)] // a few tens
    let quiet = heard.level.filter(|l| l.0 < least_level as f32);
    if let Some(level) = quiet {
        return Some(Refusal::TooQuiet { level });
    }
    // a word or two that were asked for are heard in less
    if least_words > 1 && heard.speech < Millis(least_speech) {
        return Some(Refusal::TooLittleSpeech { speech: heard.speech });
    }
    heard.mean_probability.filter(|p| p * 100.0 < f64::from(least_probability)).map(|mean_probability| Refusal::Unsure { mean_probability })
}

/// Fewer words than this are no answer to this question: a sixth of the seconds that it deserves, up to [`LEAST_WORDS`].
#[must_use]
pub fn least_words(question: &Question) -> usize {
    if question.seconds < A_WORD_UNDER { 1 } else { usize::try_from(question.seconds / 6).unwrap_or(LEAST_WORDS).min(LEAST_WORDS) }
}

/// What the words of an answer alone forbid to score, whatever their sound was.
#[must_use]
pub fn of_words(question: &Question, answer: &Transcript) -> Option<Refusal> {
    let believed = answer.believed();
    let text = believed.text();
    let words = counted(answer);
    let least = least_words(question);
    if let Some(language) = another_script(&text) {
        return Some(Refusal::AnotherLanguage { language: language.to_owned() });
    }
    if words < least {
        let nothing = if answer.engine.model == written::TYPED { Refusal::NothingWritten } else { Refusal::NoWords };
        return Some(if words == 0 { nothing } else { Refusal::TooShort { words, least } });
    }
    let small = words.saturating_sub(words::stems(&text).len());
    let few_small = small * 100 < SMALL_WORDS * words;
    if words >= LANGUAGE_FROM
        && few_small
        && let Some(language) = another_language(&text)
    {
        return Some(Refusal::AnotherLanguage { language: language.to_owned() });
    }
    let read = read_back(question, &text);
    if read >= READ_BACK {
        return Some(Refusal::ReadBack { per_cent: read });
    }
    (words >= TELLING_FROM && few_small).then_some(Refusal::KeyWords)
}

/// Words with a letter that are believed.
fn counted(transcript: &Transcript) -> usize {
    transcript.words.iter().filter(|w| w.doubt.is_none() && !w.plain().is_empty()).count()
}

/// The English name of the language, where it is surely none that English is.
fn another_language(text: &str) -> Option<&'static str> {
    let told = whatlang::detect(text).filter(|t| t.is_reliable() && t.lang() != whatlang::Lang::Eng)?;
    Some(told.lang().eng_name())
}

/// The English name of the language, where most letters are not those that English is written in: a few words of it are enough.
fn another_script(text: &str) -> Option<&'static str> {
    whatlang::detect(text).filter(|told| told.script() != whatlang::Script::Latin).map(|told| told.lang().eng_name())
}

/// The share of the answer, in per cent, that stands so in the question, or in its points, outline and anchors: three words in a row.
fn read_back(question: &Question, answer: &str) -> usize {
    let said = triples(answer);
    let of_all = |shared: usize| (shared * 100).checked_div(said.len()).unwrap_or(0);
    let asked: BTreeSet<_> = triples(&question.text).into_iter().collect();
    let of_question = said.iter().filter(|t| asked.contains(*t)).count();
    let anchors = question.anchors.iter().flat_map(|a| [&a.weak, &a.fair, &a.strong]);
    let points = question.criteria.iter().map(|c| &c.point);
    let texts = [&question.intent, &question.framework].into_iter().chain(&question.outline).chain(points).chain(anchors);
    let rubric: Vec<BTreeSet<[String; 3]>> = texts.map(|t| triples(t).into_iter().collect()).collect();
    let read = rubric.iter().filter(|text| said.iter().any(|t| text.contains(t))).count();
    let of_both = said.iter().filter(|t| asked.contains(*t) || rubric.iter().any(|text| text.contains(*t))).count();
    if read >= TEXTS_READ { of_all(of_both) } else { of_all(of_question) }
}

fn triples(text: &str) -> Vec<[String; 3]> {
    let plain: Vec<String> = text.split_whitespace().map(words::plain).filter(|w| !w.is_empty()).map(|w| words::stem(&w)).collect();
    plain.windows(3).map(|w| [w[0].clone(), w[1].clone(), w[2].clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;
    use crate::question::bank::Bank;

    fn refused(answer: &str) -> Option<Refusal> {
        let bank = Bank::built_in().unwrap();
        of_words(bank.question("psc-unhappy-patient").unwrap(), &said(answer))
    }

    #[test]
    fn what_is_no_answer_is_named() {
        assert_eq!(refused("I would listen to her."), Some(Refusal::TooShort { words: 5, least: 10 }));
        assert!(matches!(
            refused("Tell me how you would handle a patient who comes in with a complaint. How you would handle a patient who comes in."),
            Some(Refusal::ReadBack { .. })
        ));
        assert!(matches!(
            refused(
                "Listens without interrupting. Acknowledges the feeling and shows understanding. Stays calm and polite. Reassures the patient that help is there."
            ),
            Some(Refusal::ReadBack { .. })
        ));
        assert_eq!(
            refused(
                "empathy listening patient complaint calm polite apology understanding feelings reassurance follow-up solution teamwork escalation"
            ),
            Some(Refusal::KeyWords)
        );
        assert_eq!(
            refused("Ich höre den Leuten immer erst einmal zu, und dann versuche ich, mit ihnen zusammen eine gute Lösung zu finden."),
            Some(Refusal::AnotherLanguage { language: "German".into() })
        );
        let latin = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.";
        assert!(matches!(refused(latin), Some(Refusal::AnotherLanguage { .. } | Refusal::KeyWords)), "{:?}", refused(latin));
        assert_eq!(
            refused("I let her finish before I said anything, then I told her how sorry I was, and I rang the ward myself to see what had happened."),
            None
        );
    }
}
