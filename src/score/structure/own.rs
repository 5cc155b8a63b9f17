//! Who speaks as doing what: "I", "we", or others. Pure.

use serde::{Deserialize, Serialize};

use super::parts::PartKind;
use super::said::Said;
use super::verb::{self, Subject};

/// Clauses of the action by who does something in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actions {
    /// "I".
    pub own: usize,
    /// "We".
    pub together: usize,
    /// A name, a noun, "she", "they".
    pub others: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPart {
    /// How often "I" stands with a verb, also as "I'd"; what is quoted is left out.
    pub singular: usize,
    /// The same of "we".
    pub plural: usize,
    pub actions: Actions,
}

pub(super) fn part(said: &Said, marks: &[Option<PartKind>]) -> OwnPart {
    let count = |wanted: Subject| {
        let has_verb = |at: usize| said.plain(at).contains('\'') || said.tokens.get(at + 1).is_some();
        said.tokens.iter().enumerate().filter(|(at, t)| !t.quoted && verb::pronoun(&t.plain) == Some(wanted) && has_verb(*at)).count()
    };
    let acting = said.clauses.iter().zip(marks).filter(|(c, mark)| **mark == Some(PartKind::Action) && c.verb.doing);
    let mut actions = Actions::default();
    for (clause, _) in acting {
        match clause.verb.subject {
            Subject::I => actions.own += 1,
            Subject::We => actions.together += 1,
            Subject::Other => actions.others += 1,
            Subject::You | Subject::Nobody => {}
        }
    }
    OwnPart { singular: count(Subject::I), plural: count(Subject::We), actions }
}
