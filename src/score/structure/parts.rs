//! Which part of the answer each clause belongs to, and the runs that these make. Pure.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Stretch;
use super::cues;
use super::said::{Clause, Said};
use super::verb::{Subject, Tense};
use crate::question::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    Situation,
    Task,
    Action,
    Result,
}

/// A run of clauses of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub kind: PartKind,
    #[serde(flatten)]
    pub stretch: Stretch,
}

/// The states of a clause: the four parts and none of them.
const STATES: [Option<PartKind>; 5] = [Some(PartKind::Situation), Some(PartKind::Task), Some(PartKind::Action), Some(PartKind::Result), None];
const SITUATION: usize = 0;
const ACTION: usize = 2;
const RESULT: usize = 3;
const NOTHING: usize = 4;
/// For each state. Set by hand: 5 for a verb that is nearly sure, 1 for a guess; see `cues` for those of words.
type Points = [i32; 5];

/// What it costs to go from a part (row) to another (column): little in the order in which stories are told.
const CHANGE: [Points; 5] = [
    // S  T  A  R  none
    [0, 1, 1, 3, 1],
    [2, 0, 1, 3, 1],
    [3, 3, 0, 1, 1],
    [3, 3, 2, 0, 1],
    [2, 2, 1, 2, 0],
];
/// More for a change inside of a sentence.
const INSIDE: i32 = 1;
/// What it costs to begin with a part: stories begin with the case.
const BEGIN: Points = [0, 1, 1, 4, 0];
/// What a verb adds to a cue at the most.
const VERB: i32 = 2;
/// So many unmarked words between two clauses of one part do not part them.
const GAP: usize = 9;

/// The part of each clause: the best run of states by the Viterbi algorithm (Viterbi 1967).
pub(super) fn mark(said: &Said, kind: Kind) -> Vec<Option<PartKind>> {
    let Some(first) = said.clauses.first() else { return Vec::new() };
    let mut best = points(said, first, kind);
    (0..5).filter(|state| kind == Kind::Behavioural || *state == RESULT).for_each(|state| best[state] -= BEGIN[state]);
    // for each clause after the first and each of its states the state before it
    let mut back: Vec<[usize; 5]> = Vec::new();
    for clause in &said.clauses[1..] {
        let own = points(said, clause, kind);
        let mut from = [0; 5];
        let mut next = [0; 5];
        for state in 0..5 {
            let reach = |before: usize| {
                let inside = if before == state || clause.opens { 0 } else { INSIDE };
                best[before] - CHANGE[before][state] - inside
            };
            // of equals the same state as before
            from[state] = (0..5).max_by_key(|before| (reach(*before), *before == state)).unwrap_or(state);
            next[state] = reach(from[state]) + own[state];
        }
        back.push(from);
        best = next;
    }
    let mut state = (0..5).max_by_key(|state| best[*state]).unwrap_or(NOTHING);
    let mut states = vec![STATES[state]];
    for from in back.iter().rev() {
        state = from[state];
        states.push(STATES[state]);
    }
    states.reverse();
    states
}

fn points(said: &Said, clause: &Clause, kind: Kind) -> Points {
    let by_verb = by_verb(clause, kind);
    let mut points = by_verb;
    // the strongest cue of each part, since two of one part mostly overlap; the verb may add a little
    for cue in cues::found(said, clause) {
        let state = STATES.iter().position(|s| *s == cue.part).unwrap_or(NOTHING);
        points[state] = points[state].max(cue.points + by_verb[state].min(VERB));
    }
    if clause.asks && points[ACTION] == 0 {
        points[NOTHING] += 2;
    }
    let others = clause.verb.subject == Subject::Other && is_past(clause.verb.tense);
    // what others did is more often the case in the first quarter of the answer, and the result in the last
    let (begin, end) = (clause.tokens.start * 4, clause.tokens.end * 4);
    if others && end > said.tokens.len() * 3 {
        points[RESULT] += 2;
    } else if others && begin < said.tokens.len() {
        points[SITUATION] += 1;
    }
    points
}

fn is_past(tense: Tense) -> bool {
    matches!(tense, Tense::Past | Tense::PastContinuous | Tense::PastPerfect)
}

/// S, T, A, R, none.
fn by_verb(clause: &Clause, kind: Kind) -> Points {
    let verb = &clause.verb;
    if verb.subordinate {
        return [0; 5];
    }
    let story = kind == Kind::Behavioural;
    match (verb.subject, verb.tense, verb.doing) {
        (Subject::I | Subject::We, Tense::PastContinuous, _) => [5, 0, 1, 0, 1],
        (Subject::I | Subject::We, Tense::Past | Tense::Would, true) => [0, 0, 5, 0, 1],
        (Subject::I | Subject::We, Tense::Present, true) if story => [0, 0, 2, 0, 2],
        (Subject::I | Subject::We, Tense::Present, true) => [0, 0, 4, 0, 1],
        (Subject::I | Subject::We, Tense::Modal, true) => [0, 0, 3, 0, 2],
        (Subject::I | Subject::We, Tense::PastHabit, _) => [2, 0, 3, 0, 1],
        (Subject::I | Subject::We, Tense::Perfect, true) => [2, 0, 1, 0, 2],
        (Subject::I | Subject::We, Tense::PastPerfect, _) => [3, 0, 1, 0, 2],
        (Subject::I | Subject::We, Tense::Past, false) => [2, 1, 2, 1, 2],
        (Subject::I | Subject::We, Tense::Would, false) => [0, 0, 2, 0, 2],
        (Subject::Other, Tense::PastContinuous, _) => [4, 0, 0, 2, 1],
        (Subject::Other, Tense::PastPerfect, _) => [4, 0, 0, 1, 1],
        (Subject::Other, Tense::Past, true) => [2, 0, 1, 2, 1],
        (Subject::Other, Tense::Past, false) => [3, 0, 0, 2, 1],
        (Subject::Other, Tense::Would | Tense::Modal, _) => [0, 0, 0, 1, 2],
        (Subject::Other | Subject::Nobody, Tense::None, _) => [0, 0, 0, 0, 1],
        // what one is, has and thinks, and what is so in general
        _ => [0, 0, 0, 0, 3],
    }
}

/// Runs of one part, over short gaps.
pub(super) fn runs(said: &Said, marks: &[Option<PartKind>]) -> Vec<Part> {
    let mut runs: Vec<(PartKind, Range<usize>)> = Vec::new();
    for (clause, mark) in said.clauses.iter().zip(marks) {
        let Some(kind) = *mark else { continue };
        match runs.last_mut() {
            Some((last, tokens)) if *last == kind && clause.tokens.start - tokens.end <= GAP => tokens.end = clause.tokens.end,
            _ => runs.push((kind, clause.tokens.clone())),
        }
    }
    runs.into_iter().map(|(kind, tokens)| Part { kind, stretch: said.stretch(&tokens) }).collect()
}
