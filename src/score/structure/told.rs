//! Whether an answer tells a particular case, what one usually does, or what one would do. Pure.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::said::{Clause, Said};
use super::verb::{Subject, Tense};
use super::{Stretch, cues, parts::PartKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// A particular case in the past.
    Story,
    /// "I usually", "I always", or simply the present.
    Usual,
    /// "I would".
    Hypothetical,
    Unclear,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub manner: Manner,
    /// The first words that decide it; None where it is unclear.
    pub by: Option<Stretch>,
}

const OFTEN: &[&str] =
    &["always", "usually", "normally", "often", "never", "every", "generally", "typically", "constantly", "mostly", "whenever", "tend", "sometimes"];
/// Wishes and opinions with "would" are no case thought through.
const POLITE: &[&str] = &["say", "like", "love", "prefer", "want", "call", "guess"];
/// The clauses of one manner hold at least this share of the words, or it is unclear.
const SHARE: f64 = 0.12;
/// A subject is quoted with its "always" over so many words at the most.
const NEAR: usize = 3;
/// A story has so many clauses in the past, or a sure sign of its case.
const PAST: usize = 4;

#[allow(clippy::cast_precision_loss)]
pub(super) fn find(said: &Said) -> Told {
    let mut best: Option<(usize, Manner, Vec<&Clause>)> = None;
    for manner in [Manner::Story, Manner::Hypothetical, Manner::Usual] {
        let clauses: Vec<&Clause> = said.clauses.iter().filter(|c| self::manner(said, c) == Some(manner)).collect();
        let length: usize = clauses.iter().map(|c| c.tokens.len()).sum();
        let length = match manner {
            // what one is and has belongs to what one does usually
            Manner::Usual if length > 0 => length + said.clauses.iter().filter(|c| is_state(said, c)).map(|c| c.tokens.len() / 2).sum::<usize>(),
            _ => length,
        };
        let holds = manner != Manner::Story || clauses.len() >= PAST || clauses.iter().any(|c| sign(said, c, manner).is_some());
        if holds && best.as_ref().is_none_or(|(most, ..)| length > *most) {
            best = Some((length, manner, clauses));
        }
    }
    match best {
        Some((length, manner, clauses)) if length as f64 >= SHARE * said.tokens.len() as f64 && length > 0 => {
            let by = clauses.iter().find_map(|c| sign(said, c, manner)).or_else(|| clauses.first().map(|c| plain(c)));
            Told { manner, by: by.map(|tokens| said.stretch(&tokens)) }
        }
        _ => Told { manner: Manner::Unclear, by: None },
    }
}

fn manner(said: &Said, clause: &Clause) -> Option<Manner> {
    let own = matches!(clause.verb.subject, Subject::I | Subject::We);
    match clause.verb.tense {
        Tense::Past | Tense::PastContinuous | Tense::PastPerfect => Some(Manner::Story),
        Tense::Would if own && !POLITE.contains(&said.plain(clause.tokens.start + clause.verb.to)) => Some(Manner::Hypothetical),
        Tense::Present if own && clause.verb.doing => Some(Manner::Usual),
        Tense::Present | Tense::PastHabit if own && often(said, clause).is_some() => Some(Manner::Usual),
        // "I've always wanted" is no habit
        Tense::Perfect if own && clause.verb.doing && often(said, clause).is_some() => Some(Manner::Usual),
        _ => None,
    }
}

fn is_state(said: &Said, clause: &Clause) -> bool {
    let own = matches!(clause.verb.subject, Subject::I | Subject::We);
    own && matches!(clause.verb.tense, Tense::Present | Tense::Perfect) && manner(said, clause).is_none()
}

fn often(said: &Said, clause: &Clause) -> Option<Range<usize>> {
    let at = clause.tokens.clone().find(|t| !said.tokens[*t].quoted && OFTEN.contains(&said.plain(*t)))?;
    Some(at..at + 1)
}

/// Words that show the manner by themselves.
fn sign(said: &Said, clause: &Clause, manner: Manner) -> Option<Range<usize>> {
    match manner {
        Manner::Story => cues::found(said, clause).find(|cue| cue.part == Some(PartKind::Situation) && cue.points > cues::SURE).map(|cue| cue.at),
        Manner::Usual => often(said, clause).map(|at| {
            let from = clause.tokens.start + clause.verb.from;
            // "I nearly always", but not all that stands before a late "usually"
            if from < at.start && at.start - from <= NEAR { from..at.end } else { at }
        }),
        Manner::Hypothetical | Manner::Unclear => None,
    }
}

/// Subject and verb.
fn plain(clause: &Clause) -> Range<usize> {
    let from = clause.tokens.start + clause.verb.from;
    from..(clause.tokens.start + clause.verb.to + 1).clamp(from + 1, clause.tokens.end)
}
