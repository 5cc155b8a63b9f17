//! Two answers to one question side by side: which points were gained and lost, each with its words, and what of the delivery differs by more than
//! the speaker differs from take to take. Pure: values only, for the terminal and for a page.

use jiff::Timestamp;
use serde::Serialize;

use crate::measure::baseline::{Baseline, Figure, LEAST_TAKES, Usual};
use crate::report::Report;
use crate::score::{Part, Point, Proof, Scorecard, Scored, State};
use crate::sound::Millis;
use crate::store::session::Answer;

/// An earlier and a later answer to the same question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The question's id.
    pub question: String,
    /// As it was asked the second time.
    pub text: String,
    pub before: Side,
    pub now: Side,
    /// The rubrics differ: what was gained or lost may come of that.
    pub rubric_changed: bool,
    /// In the order of the rubric; what it has no more comes last. Empty where one of the two has no score.
    pub points: Vec<PointPair>,
    pub delivery: DeliveryPair,
}

/// One of the two answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    /// The name of its session.
    pub session: String,
    pub started: Timestamp,
    /// 1 for the first question of the session.
    pub number: usize,
    pub take: usize,
    /// None where nothing is known of it.
    pub duration: Option<Millis>,
    /// 1 to 5; None without a score.
    pub band: Option<u8>,
    /// Points made, and of how many; None without a score.
    pub points: Option<(usize, usize)>,
    /// Why there is no score.
    pub no_score: Option<String>,
}

/// What became of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// Made now, not made before.
    Gained,
    /// Made before, not made now.
    Lost,
    /// Neither, but further than before.
    Nearer,
    /// Neither, but less far than before.
    Farther,
    Same,
    /// The rubric of one of the two does not have it.
    Unasked,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointPair {
    /// The criterion's id.
    pub id: String,
    pub point: String,
    /// 1 to 3.
    pub weight: u32,
    pub became: Became,
    pub before: Option<PointSide>,
    pub now: Option<PointSide>,
}

/// A point in one of the two answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointSide {
    pub state: State,
    /// 0 to 3.
    pub level: u8,
    /// The words that made, touched or contradicted it, verbatim; None where it was not found.
    pub quote: Option<String>,
    /// When they were said, from the start of their recording.
    pub at: Option<Millis>,
    /// They were said when the interviewer asked back.
    pub asked_back: bool,
}

/// How the delivery differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeliveryPair {
    /// Only what differs by more than chance.
    pub different: Vec<FigurePair>,
    /// Measured in both, and not different by more than chance.
    pub alike: Vec<Figure>,
    /// Measured in both, but in fewer than `needed` takes in all: nothing can be told of these yet.
    pub unknown: Vec<Figure>,
    /// Takes from which a speaker's usual is known.
    pub needed: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FigurePair {
    pub figure: Figure,
    pub before: f64,
    pub now: f64,
    /// A difference up to this may be chance; see [`chance`].
    pub chance: f64,
    /// In how many takes the speaker's spread was measured.
    pub takes: usize,
}

/// An answer and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    pub session: &'a str,
    pub started: Timestamp,
    pub answer: &'a Answer,
}

/// How far two takes of one speaker may lie apart by chance alone, or without a listener noticing.
fn chance(usual: &Usual) -> f64 {
    usual.chance_between_two().max(usual.figure.noticeable(usual.median))
}

/// Holds two answers to the same question against each other. `usual`: of the speaker, from all takes there are.
#[must_use]
pub fn compare(before: Taken, now: Taken, usual: &Baseline) -> Comparison {
    let cards = before.answer.scored().zip(now.answer.scored());
    Comparison {
        question: now.answer.question.id.clone(),
        text: now.answer.question.text.clone(),
        before: side(before),
        now: side(now),
        rubric_changed: before.answer.question.criteria != now.answer.question.criteria,
        points: cards.map_or_else(Vec::new, |(before, now)| points(before, now)),
        delivery: delivery(trusted(before.answer), trusted(now.answer), usual),
    }
}

fn trusted(answer: &Answer) -> Option<&Report> {
    answer.report.as_ref().filter(|r| !r.is_untrusted())
}

fn side(Taken { session, started, answer }: Taken) -> Side {
    let card = answer.scored();
    let no_score = match answer.report.as_ref().map(|r| &r.scorecard) {
        None => Some("it is not yet written down; `viva analyze --session` does that".to_owned()),
        Some(None) => Some("its question has no points to look for".to_owned()),
        Some(Some(Scorecard::Refused { reason })) => Some(reason.to_string()),
        Some(Some(Scorecard::Scored(_))) => None,
    };
    Side {
        session: session.to_owned(),
        started,
        number: answer.number,
        take: answer.files.take,
        duration: answer.length(),
        band: card.map(|c| c.band.number()),
        points: card.map(|c| (c.made(), c.points.len())),
        no_score,
    }
}

fn points(before: &Scored, now: &Scored) -> Vec<PointPair> {
    let of = |card: &Scored, id: &str| card.points.iter().find(|p| p.id == id).cloned();
    let pair = |point: &Point, was: Option<Point>, is: Option<Point>| PointPair {
        id: point.id.clone(),
        point: point.point.clone(),
        weight: point.weight,
        became: was.as_ref().zip(is.as_ref()).map_or(Became::Unasked, |(was, is)| became(was, is)),
        before: was.map(|p| point_side(&p)),
        now: is.map(|p| point_side(&p)),
    };
    let asked_now = now.points.iter().map(|p| pair(p, of(before, &p.id), Some(p.clone())));
    let asked_before = before.points.iter().filter(|p| of(now, &p.id).is_none()).map(|p| pair(p, Some(p.clone()), None));
    asked_now.chain(asked_before).collect()
}

fn became(was: &Point, is: &Point) -> Became {
    let worth = |p: &Point| p.state.worth(p.level);
    match (was.is_made(), is.is_made()) {
        (false, true) => Became::Gained,
        (true, false) => Became::Lost,
        _ if worth(is) > worth(was) => Became::Nearer,
        _ if worth(is) < worth(was) => Became::Farther,
        _ => Became::Same,
    }
}

fn point_side(point: &Point) -> PointSide {
    let proof: Option<&Proof> = match point.state {
        State::Made | State::Partly => point.proof.as_ref(),
        State::Contradicted => point.opposite.as_ref(),
        State::NotFound => None,
    };
    PointSide {
        state: point.state,
        level: point.level,
        quote: proof.map(|p| p.quote.clone()),
        at: proof.map(|p| p.span.start),
        asked_back: proof.is_some_and(|p| p.part == Part::FollowUp),
    }
}

fn delivery(before: Option<&Report>, now: Option<&Report>, usual: &Baseline) -> DeliveryPair {
    let mut pair = DeliveryPair { different: Vec::new(), alike: Vec::new(), unknown: Vec::new(), needed: LEAST_TAKES };
    let (Some(before), Some(now)) = (before, now) else { return pair };
    for figure in Figure::ALL {
        let Some((was, is)) = figure.of(&before.measures).zip(figure.of(&now.measures)) else { continue };
        match usual.usual(figure) {
            None => pair.unknown.push(figure),
            Some(u) if (is - was).abs() > chance(&u) => {
                let chance = (chance(&u) * 100.0).round() / 100.0;
                pair.different.push(FigurePair { figure, before: was, now: is, chance, takes: u.takes });
            }
            Some(_) => pair.alike.push(figure),
        }
    }
    pair
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Heard, Measures, Pace};

    fn with_pace(words_per_minute: f64) -> Measures {
        Measures { pace: Some(Pace { words_per_minute, articulation_rate: 200.0, ..Pace::default() }), ..Measures::of_sound(Heard::default()) }
    }

    fn point(state: State, level: u8) -> Point {
        serde_json::from_value(serde_json::json!({
            "id": "calm", "point": "Stays calm", "weight": 2, "state": state, "level": level, "follow_up": "",
            "proof": { "quote": "I stayed calm", "span": { "start": 1000, "end": 2000 }, "phrase": "stay calm" },
        }))
        .unwrap()
    }

    #[test]
    fn what_became_of_a_point() {
        let of = |was: (State, u8), is: (State, u8)| became(&point(was.0, was.1), &point(is.0, is.1));
        assert_eq!(of((State::NotFound, 0), (State::Made, 2)), Became::Gained);
        assert_eq!(of((State::Made, 3), (State::Partly, 1)), Became::Lost);
        assert_eq!(of((State::Made, 2), (State::Made, 3)), Became::Nearer);
        assert_eq!(of((State::NotFound, 0), (State::Contradicted, 0)), Became::Farther);
        assert_eq!(of((State::Partly, 1), (State::Partly, 1)), Became::Same);
        // the nearest words of what was not found prove nothing
        assert_eq!(point_side(&point(State::NotFound, 0)).quote, None);
        assert_eq!(point_side(&point(State::Made, 2)).quote.as_deref(), Some("I stayed calm"));
    }

    #[test]
    fn a_difference_within_the_speakers_own_noise_is_none() {
        let takes = [100.0, 130.0, 150.0, 170.0, 200.0].map(with_pace);
        let usual = Baseline::of(&takes.iter().collect::<Vec<_>>());
        let usual = usual.usual(Figure::WordsPerMinute).unwrap();
        assert!(chance(&usual) > usual.spread && chance(&Usual { spread: 0.0, ..usual }) > 14.9);
    }
}
