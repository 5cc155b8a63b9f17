//! Criteria over the sessions: how far each point was made the first time and the last.

use serde::Serialize;

use super::{Given, last_scored};
use crate::score::{Point, State};

/// One point of one question's rubric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriterionProgress {
    /// The question's id.
    pub question: String,
    /// The criterion's id.
    pub criterion: String,
    /// As the rubric puts it now.
    pub point: String,
    /// 1 to 3.
    pub weight: u32,
    /// In how many sessions it was looked for in an answer with a score.
    pub asked: usize,
    /// In how many of these it was made.
    pub made: usize,
    pub first: Outcome,
    /// The same as the first where it was looked for once.
    pub last: Outcome,
}

/// What became of it in one session.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Its place among the sessions, from 0.
    pub session: usize,
    pub state: State,
    /// 0 not found, 1 touched, 2 made, 3 made with a concrete instance.
    pub level: u8,
}

pub(super) fn of(given: &[Given]) -> Vec<CriterionProgress> {
    let mut all: Vec<CriterionProgress> = Vec::new();
    for (given, scored) in last_scored(given) {
        let question = &given.answer.question.id;
        for point in &scored.points {
            let outcome = Outcome { session: given.session, state: point.state, level: point.level };
            match all.iter_mut().find(|c| c.question == *question && c.criterion == point.id) {
                Some(known) => again(known, point, outcome),
                None => all.push(CriterionProgress {
                    question: question.clone(),
                    criterion: point.id.clone(),
                    point: point.point.clone(),
                    weight: point.weight,
                    asked: 1,
                    made: usize::from(point.is_made()),
                    first: outcome,
                    last: outcome,
                }),
            }
        }
    }
    all
}

fn again(known: &mut CriterionProgress, point: &Point, outcome: Outcome) {
    known.asked += 1;
    known.made += usize::from(point.is_made());
    known.last = outcome;
    known.point.clone_from(&point.point);
    known.weight = point.weight;
}
