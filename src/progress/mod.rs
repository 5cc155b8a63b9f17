//! Progress: all sessions in, what has become better, what has not and what was not practised out. Pure: no files, no clock.
//!
//! Demonstrations are left out, and so are the reports of a model that cannot hear people. No trend is told from fewer than three sessions, and no
//! number stands without how many observations it comes from. Nothing here counts days in a row, and nothing is a prize.

mod competency;
mod criterion;
mod delivery;
mod practised;
pub mod stories;

use jiff::Timestamp;
use serde::Serialize;

use crate::question::Question;
use crate::report::Report;
use crate::score::Scored;
use crate::sound::Millis;
use crate::store::session::{Answer, Session};

pub use competency::{CompetencyProgress, Direction, Share, Trend};
pub use criterion::{CriterionProgress, Outcome};
pub use delivery::{FigureProgress, Value};
pub use practised::{NeverPractised, QuestionProgress};
pub use stories::Retold;

/// From fewer sessions no trend is told.
pub const LEAST_SESSIONS: usize = 3;

/// All that can be told. Lists are empty where there is nothing to tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    /// The oldest first. Everywhere else `session` is a place in this list, from 0.
    pub sessions: Vec<SessionPoint>,
    /// Answers whose words are a demo model's guesses, and so say nothing.
    pub untrusted: usize,
    /// By the competency's id.
    pub competencies: Vec<CompetencyProgress>,
    /// In the order in which the questions were first asked.
    pub criteria: Vec<CriterionProgress>,
    /// Only figures that were measured at all.
    pub delivery: Vec<FigureProgress>,
    /// The one practised longest ago first.
    pub practised: Vec<QuestionProgress>,
    /// Questions for the roles that were practised, and never answered.
    pub never: Vec<NeverPractised>,
    /// Pairs of answers to different questions that seem to tell the same story.
    pub retold: Vec<Retold>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SessionPoint {
    /// The name of its folder.
    pub id: String,
    pub started: Timestamp,
    /// As people say it.
    pub role: String,
    /// Takes.
    pub answers: usize,
    /// Those with a score.
    pub scored: usize,
    /// All takes together.
    pub recorded: Millis,
}

/// A session with its answers.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub session: &'a Session,
    pub answers: &'a [Answer],
}

/// An answer and its session's place.
#[derive(Clone, Copy)]
struct Given<'a> {
    session: usize,
    answer: &'a Answer,
}

impl<'a> Given<'a> {
    /// None where there is none, or one that is not to be trusted.
    fn report(self) -> Option<&'a Report> {
        self.answer.report.as_ref().filter(|r| !r.is_untrusted())
    }

    fn scored(self) -> Option<&'a Scored> {
        self.report()?.scored()
    }
}

/// From these sessions, the oldest first. `offered`: the questions that could have been asked; `known`: all questions there are, against which it is
/// told how usual a word is.
#[must_use]
pub fn of(past: &[Past], offered: &[&Question], known: &[&Question]) -> Progress {
    let past: Vec<&Past> = past.iter().filter(|p| !p.session.record.demonstration).collect();
    let given: Vec<Given> = past.iter().enumerate().flat_map(|(session, p)| p.answers.iter().map(move |answer| Given { session, answer })).collect();
    Progress {
        sessions: past.iter().map(|p| session_point(p)).collect(),
        untrusted: given.iter().filter(|g| g.answer.report.as_ref().is_some_and(Report::is_untrusted)).count(),
        competencies: competency::of(&given),
        criteria: criterion::of(&given),
        delivery: delivery::of(&given),
        practised: practised::of(&given),
        never: practised::never(&given, offered),
        retold: stories::of(&stories::told(&given), known),
    }
}

fn session_point(past: &Past) -> SessionPoint {
    let scored = |answer: &&Answer| Given { session: 0, answer }.scored().is_some();
    SessionPoint {
        id: past.session.id(),
        started: past.session.record.started,
        role: past.session.record.role_name.clone(),
        answers: past.answers.len(),
        scored: past.answers.iter().filter(scored).count(),
        recorded: past.answers.iter().filter_map(Answer::length).fold(Millis(0), |sum, length| sum + length),
    }
}

/// Of each question in each session the last take with a score: a retake replaces what was not good enough, but not with nothing.
fn last_scored<'a>(given: &[Given<'a>]) -> Vec<(Given<'a>, &'a Scored)> {
    let mut last: Vec<(Given, &Scored)> = Vec::new();
    for one in given {
        let Some(scored) = one.scored() else { continue };
        last.retain(|(g, _)| (g.session, g.answer.number) != (one.session, one.answer.number));
        last.push((*one, scored));
    }
    last
}

#[cfg(test)]
mod tests;
