//! How an answer is built: situation, task, action and result, who did what, whether it tells a case, and how it begins and ends. Pure.
//!
//! Four parts as in the STAR scheme that interviewers teach. The answer is cut into clauses; each clause gets points for each part by its cues,
//! its subject and its tense, and the run of parts with the most points, less what changes of part cost, is taken (Viterbi 1967). All points are
//! set by hand on half of a labelled set of answers. Nothing here is a fault by itself: which missing parts are worth naming is for the caller
//! to say, and only behavioural questions ask for all four.

mod cues;
mod ending;
mod own;
mod parts;
mod said;
mod told;
mod verb;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::question::Kind;
use crate::sound::{Millis, Span};
use said::Said;
use verb::Subject;

pub use ending::{Close, Closing};
pub use own::{Actions, OwnPart};
pub use parts::{Part, PartKind};
pub use told::{Manner, Told};

/// One spoken word: as written, with its punctuation, and when it was said.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'w> {
    pub text: &'w str,
    pub span: Span,
}

/// Words of the answer, counted from 0 as they were given, and their time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub words: Range<usize>,
    #[serde(flatten)]
    pub span: Span,
}

/// What came of it: the last part that tells a result, or the last one with a number where one has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    #[serde(flatten)]
    pub stretch: Stretch,
    /// It holds a number, in figures or words, that is not "one".
    pub number: bool,
    /// It says what followed: a change, what others said or did about it, how it ended.
    pub consequence: bool,
}

/// Where the answer begins to answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct First {
    /// Of all words, from 0.
    pub word: usize,
    /// From the first word.
    pub after: Millis,
    /// The words before it among all, 0.0..=1.0, in hundredths.
    pub share: f64,
    /// The share is over [`LATE`].
    pub late: bool,
}

/// Setting out the case takes about a fifth to a third of a well-built answer; from here on it is long. A convention, not a finding.
pub const LATE: f64 = 0.35;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// In their order, apart from each other; what belongs to none of them lies between.
    pub parts: Vec<Part>,
    pub own_part: OwnPart,
    pub result: Option<Outcome>,
    pub told: Told,
    /// None where no action and no claim was found.
    pub first: Option<First>,
    /// None without words.
    pub close: Option<Closing>,
}

/// The structure of one answer to a question of this kind.
#[must_use]
pub fn of(words: &[Spoken<'_>], kind: Kind) -> Structure {
    let said = Said::new(words);
    let marks = parts::mark(&said, kind);
    let parts = parts::runs(&said, &marks);
    Structure {
        own_part: own::part(&said, &marks),
        result: outcome(&said, &parts),
        told: told::find(&said),
        first: first(&said, &marks, kind),
        close: ending::find(&said, &marks),
        parts,
    }
}

fn outcome(said: &Said, parts: &[Part]) -> Option<Outcome> {
    let results = parts.iter().filter(|p| p.kind == PartKind::Result).map(|p| {
        let clauses = said.clauses.iter().filter(|c| p.stretch.words.contains(&said.tokens[c.tokens.start].at));
        let consequence = clauses.clone().any(|c| cues::found(said, c).any(|cue| cue.part == Some(PartKind::Result) && cue.points >= cues::SURE));
        let number = clauses.flat_map(|c| c.tokens.clone()).any(|t| cues::is_number(&said.tokens[t].plain));
        Outcome { stretch: p.stretch.clone(), number, consequence }
    });
    // of equals the last
    results.max_by_key(|r| r.number)
}

/// For a story the first task or action; for other questions also a claim of the speaker's own.
#[allow(clippy::cast_precision_loss)]
fn first(said: &Said, marks: &[Option<PartKind>], kind: Kind) -> Option<First> {
    let begins = |(clause, mark): &(&said::Clause, &Option<PartKind>)| {
        let acts = matches!(mark, Some(PartKind::Task | PartKind::Action));
        let claims = kind != Kind::Behavioural && matches!(clause.verb.subject, Subject::I | Subject::We) && !cues::stalls(said, &clause.tokens);
        acts || claims
    };
    let (clause, _) = said.clauses.iter().zip(marks).find(begins)?;
    let token = &said.tokens[clause.tokens.start];
    let share = (clause.tokens.start as f64 / said.tokens.len() as f64 * 100.0).round() / 100.0;
    let begin = said.tokens.first()?.span.start;
    Some(First { word: token.at, after: Millis(token.span.start.0.saturating_sub(begin.0)), share, late: share > LATE })
}

/// Whether a word stands in a list of words between spaces.
fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

#[cfg(test)]
mod tests;
