//! Competencies over the sessions: the share of the points made, and whether it has risen.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Given, LEAST_SESSIONS, last_scored};
use crate::score::interval;

/// One ability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CompetencyProgress {
    /// The competency's id.
    pub competency: String,
    /// Of each session that looked for it, the oldest first.
    pub sessions: Vec<Share>,
    /// None from fewer than three sessions.
    pub trend: Option<Trend>,
}

/// Points made in one session.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Its place among the sessions, from 0.
    pub session: usize,
    /// Points made, and points looked for.
    pub made: usize,
    pub of: usize,
    /// Weight of the points made over the weight of all, 0.0..=1.0.
    pub share: f64,
    /// Between what and what the share of points may lie, counted in so few (95 %, Wilson). It is of the points, each counted once.
    pub low: f64,
    pub high: f64,
}

/// What became of the share, from the earlier half of the sessions to the later half (of an odd number the middle one is in neither).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Trend {
    pub direction: Direction,
    /// Points made of points looked for, in each half.
    pub earlier: (usize, usize),
    pub later: (usize, usize),
}

/// Up and down are said only where the intervals of the two halves do not meet, which chance does less often than once in a hundred times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
    /// No difference that so few points can show.
    NotTold,
}

/// Weights and numbers of the points of one session.
#[derive(Default)]
struct Sum {
    weight_made: u32,
    weight: u32,
    made: usize,
    points: usize,
}

pub(super) fn of(given: &[Given]) -> Vec<CompetencyProgress> {
    // by competency and session
    let mut sums: BTreeMap<(&str, usize), Sum> = BTreeMap::new();
    for (given, scored) in last_scored(given) {
        for point in &scored.points {
            let Some(competency) = &point.competency else { continue };
            let sum = sums.entry((competency, given.session)).or_default();
            sum.weight += point.weight;
            sum.points += 1;
            if point.is_made() {
                sum.weight_made += point.weight;
                sum.made += 1;
            }
        }
    }
    let mut all: Vec<CompetencyProgress> = Vec::new();
    for ((competency, session), sum) in sums {
        let share = share(session, &sum);
        match all.last_mut().filter(|c| c.competency == competency) {
            Some(known) => known.sessions.push(share),
            None => all.push(CompetencyProgress { competency: competency.to_owned(), sessions: vec![share], trend: None }),
        }
    }
    for competency in &mut all {
        competency.trend = trend(&competency.sessions);
    }
    all
}

fn share(session: usize, sum: &Sum) -> Share {
    let (low, high) = interval::of_share(sum.made, sum.points);
    let share = f64::from(sum.weight_made) / f64::from(sum.weight.max(1));
    Share { session, made: sum.made, of: sum.points, share, low, high }
}

pub(super) fn trend(sessions: &[Share]) -> Option<Trend> {
    if sessions.len() < LEAST_SESSIONS {
        return None;
    }
    let half = sessions.len() / 2;
    let sum = |part: &[Share]| part.iter().fold((0, 0), |(made, of), s| (made + s.made, of + s.of));
    let (earlier, later) = (sum(&sessions[..half]), sum(&sessions[sessions.len() - half..]));
    let (before, now) = (interval::of_share(earlier.0, earlier.1), interval::of_share(later.0, later.1));
    let direction = match () {
        () if now.0 > before.1 => Direction::Up,
        () if now.1 < before.0 => Direction::Down,
        () => Direction::NotTold,
    };
    Some(Trend { direction, earlier, later })
}
