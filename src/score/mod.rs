//! Which points of the rubric an answer makes, each with the words that prove it. Pure.
//!
//! A point counts only with a verbatim quote of the transcript. Where the answer could not be heard there is no score and no number, only
//! the reason. Delivery (pace, pauses, fillers) plays no part here.

pub mod asked;
pub mod evidence;
pub mod topic;

use serde::{Deserialize, Serialize};

use crate::measure::Measures;
use crate::question::Question;
use crate::sound::{Decibels, Millis, Span};
use crate::transcribe::Transcript;
use evidence::Matcher;

/// Fewer words than this are no answer.
pub const LEAST_WORDS: usize = 10;
/// What must have been heard of an answer for a score: a level of speech (dBFS), a time of speech (ms), a mean probability of the words (per
/// cent), and at most so many words that are not believed among all (per cent).
pub const HEARD_WELL: (i32, u64, u32, usize) = (-55, 2_000, 40, 50);
/// The weight from which the interviewer asks back for a missing point.
pub const IMPORTANT: u32 = 2;

/// The outcome for one answer to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Scorecard {
    Scored(Scored),
    /// No score, and why.
    Refused {
        reason: Refusal,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    pub band: Band,
    /// Weight of the points made, of all points.
    pub weight_made: u32,
    pub weight_of_all: u32,
    /// In the order of the rubric.
    pub points: Vec<Point>,
    /// Only those that were heard.
    pub red_flags: Vec<RaisedFlag>,
}

/// One point of the rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The criterion's id.
    pub id: String,
    pub point: String,
    pub weight: u32,
    /// The competency that it shows, if the rubric names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competency: Option<String>,
    /// None: not found in the transcript.
    pub proof: Option<Proof>,
    /// Where the contrary was said. It takes nothing away from a point that was made; it is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opposite: Option<Proof>,
    /// What the interviewer would ask.
    pub follow_up: String,
}

/// Which of the two recordings of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    #[default]
    Answer,
    /// What was said when the interviewer asked back.
    FollowUp,
}

/// Why a point counts as made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// In which recording.
    #[serde(default)]
    pub part: Part,
    /// Verbatim from the transcript.
    pub quote: String,
    pub span: Span,
    /// The phrase of the rubric that it matches.
    pub phrase: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RaisedFlag {
    pub flag: String,
    pub proof: Proof,
}

/// Coarse on purpose: finer marks would claim more than a rubric can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    Weak,
    Fair,
    Strong,
}

impl Band {
    /// Per cent of the weight from which an answer is fair.
    pub const FAIR_FROM: u64 = 40;
    /// Per cent of the weight from which an answer is strong.
    pub const STRONG_FROM: u64 = 75;

    /// The band for this share of the weight.
    #[must_use]
    pub fn of(made: u32, all: u32) -> Self {
        match (u64::from(made) * 100).checked_div(u64::from(all)) {
            Some(Self::STRONG_FROM..) => Self::Strong,
            Some(Self::FAIR_FROM..) => Self::Fair,
            _ => Self::Weak,
        }
    }
}

impl std::fmt::Display for Band {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        })
    }
}

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
    #[error("only {words} {} heard, too few for an answer (at least {LEAST_WORDS}); take it again and say a little more", if *.words == 1 { "word was" } else { "words were" })]
    TooShort { words: usize },
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
    #[error("the demo model understands synthetic voices only; fetch a model for people with `viva models pull base.en`")]
    DemoModel,
}

/// What was heard of one recording.
#[derive(Clone, Copy)]
pub struct Heard<'a> {
    pub transcript: &'a Transcript,
    pub measures: &'a Measures,
}

/// Scores one answer, and what was added to it when the interviewer asked back. `demonstration` says that a synthetic voice spoke, which the
/// demo model can hear.
///
/// An answer that cannot be scored is refused; a follow-up that cannot be heard only adds nothing.
#[must_use]
pub fn score(question: &Question, answer: Heard, follow_up: Option<Heard>, demonstration: bool) -> Scorecard {
    if let Some(reason) = refusal(answer, LEAST_WORDS, demonstration) {
        return Scorecard::Refused { reason };
    }
    let follow_up = follow_up.filter(|f| refusal(*f, 1, demonstration).is_none());
    judge(question, answer.transcript, follow_up.map(|f| f.transcript))
}

/// Scores words that were heard well enough.
#[must_use]
pub fn judge(question: &Question, answer: &Transcript, follow_up: Option<&Transcript>) -> Scorecard {
    let parts = [(Part::Answer, Some(answer)), (Part::FollowUp, follow_up)];
    let matchers: Vec<Matcher> = parts.iter().filter_map(|(part, words)| words.map(|w| Matcher::new(*part, w))).collect();
    let find = |phrases: &[String]| matchers.iter().find_map(|m| m.find(phrases));
    let points: Vec<Point> = question
        .criteria
        .iter()
        .map(|c| Point {
            id: c.id.clone(),
            point: c.point.clone(),
            weight: c.weight,
            competency: c.competency.clone(),
            proof: find(&c.evidence),
            opposite: find(&c.opposite),
            follow_up: c.follow_up.clone(),
        })
        .collect();
    // told by the answer alone: what is added later must not take away what was there
    let common = topic::in_common(question, &answer.believed().text());
    let made = points.iter().filter(|p| p.proof.as_ref().is_some_and(|proof| proof.part == Part::Answer)).count();
    if common.is_elsewhere(made, points.len()) {
        return Scorecard::Refused { reason: Refusal::Elsewhere { shared: common.shared, of: common.of } };
    }
    let red_flags = question.red_flags.iter().filter_map(|f| find(&f.evidence).map(|proof| RaisedFlag { flag: f.flag.clone(), proof })).collect();
    let weight_of_all = points.iter().map(|p| p.weight).sum();
    let weight_made = points.iter().filter(|p| p.proof.is_some()).map(|p| p.weight).sum();
    Scorecard::Scored(Scored { band: Band::of(weight_made, weight_of_all), weight_made, weight_of_all, points, red_flags })
}

impl Scored {
    /// The point to ask back for: the heaviest that is missing, the first of equals. None where only useful ones are missing.
    #[must_use]
    pub fn to_ask_back(&self) -> Option<&Point> {
        let missing = self.points.iter().rev().filter(|p| p.proof.is_none() && p.weight >= IMPORTANT && !p.follow_up.trim().is_empty());
        missing.max_by_key(|p| p.weight)
    }
}

/// The rule of what was heard well enough, in its order: sound at all, speech, words, and then [`HEARD_WELL`].
fn refusal(Heard { transcript, measures }: Heard, least_words: usize, demonstration: bool) -> Option<Refusal> {
    let heard = &measures.heard;
    let words = transcript.words.iter().filter(|w| w.doubt.is_none() && !w.plain().is_empty()).count();
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
        return Some(Refusal::TooShort { words });
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
    if least_words == LEAST_WORDS && heard.speech < Millis(least_speech) {
        return Some(Refusal::TooLittleSpeech { speech: heard.speech });
    }
    heard.mean_probability.filter(|p| p * 100.0 < f64::from(least_probability)).map(|mean_probability| Refusal::Unsure { mean_probability })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_they_say() {
        assert_eq!(
            [Band::of(0, 10), Band::of(3, 10), Band::of(4, 10), Band::of(7, 10), Band::of(8, 10)],
            [Band::Weak, Band::Weak, Band::Fair, Band::Fair, Band::Strong]
        );
        assert_eq!(Band::of(3, 4), Band::Strong);
        assert_eq!(Band::of(0, 0), Band::Weak);
    }
}
