//! What became of the points of an answer when it was scored again, and why: after a rubric was edited, or with another program. Pure.

use serde::Serialize;

use super::band::CONCRETE;
use super::{Point, RaisedFlag, Scorecard, Scored};
use crate::question::{Criterion, Question};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The criterion's id; empty where the whole answer is meant.
    pub criterion: String,
    pub what: String,
    pub why: String,
}

/// The differences, in the order of the new rubric, what left it last.
#[must_use]
pub fn between(before: &Scorecard, now: &Scorecard, old: &Question, new: &Question) -> Vec<Change> {
    let whole = |what: String, why: &str| vec![Change { criterion: String::new(), what, why: why.to_owned() }];
    let (before, now) = match (before, now) {
        (Scorecard::Scored(before), Scorecard::Scored(now)) => (before, now),
        (Scorecard::Refused { reason: was }, Scorecard::Refused { reason }) if was == reason => return Vec::new(),
        (Scorecard::Refused { reason: was }, Scorecard::Refused { reason }) => {
            return whole("still no score, for another reason".to_owned(), &format!("{reason} (before: {was})"));
        }
        (Scorecard::Scored(_), Scorecard::Refused { reason }) => return whole("no score any more".to_owned(), &reason.to_string()),
        (Scorecard::Refused { reason }, Scorecard::Scored(now)) => {
            return whole(format!("band {} of 5, where there was no score", now.band.number()), &format!("before: {reason}"));
        }
    };
    let mut changes = Vec::new();
    if before.band != now.band {
        changes.extend(whole(format!("band {} of 5, was {}", now.band.number(), before.band.number()), "the sum below the band has changed"));
    }
    if before.by_meaning != now.by_meaning {
        let (with, was) = if now.by_meaning { ("with", "without") } else { ("without", "with") };
        changes.extend(whole(format!("judged {with} the model of meanings, was {was} it"), "what follows may come of that alone"));
    }
    for point in &now.points {
        let Some(was) = before.points.iter().find(|p| p.id == point.id) else {
            changes.push(change(point, format!("new point: {}", point.state), "the rubric did not have it".to_owned()));
            continue;
        };
        if (was.level, was.state) != (point.level, point.state) {
            let rubric = (criterion(old, &point.id), criterion(new, &point.id));
            changes.push(change(point, format!("{}, was {}", how_far(point), how_far(was)), why(was, point, rubric)));
        }
        if was.weight != point.weight {
            changes.push(change(point, format!("weight {}, was {}", point.weight, was.weight), "the rubric weighs it otherwise".to_owned()));
        }
    }
    for was in before.points.iter().filter(|p| criterion(new, &p.id).is_none()) {
        changes.push(change(was, format!("{} before", how_far(was)), "the rubric has it no more".to_owned()));
    }
    let raised = |card: &Scored, flag: &RaisedFlag| card.red_flags.iter().any(|f| f.flag == flag.flag);
    for flag in now.red_flags.iter().filter(|f| !raised(before, f)) {
        changes.extend(whole(format!("red flag: {}", flag.flag), &format!("\"{}\" matches \"{}\"", flag.proof.quote, flag.proof.phrase)));
    }
    for flag in before.red_flags.iter().filter(|f| !raised(now, f)) {
        changes.extend(whole(format!("red flag no more: {}", flag.flag), &format!("\"{}\" is no sign of it any more", flag.proof.quote)));
    }
    changes
}

/// The state of a point, and whether an instance made it more.
fn how_far(point: &Point) -> String {
    if point.level == CONCRETE { format!("{} with a concrete instance", point.state) } else { point.state.to_string() }
}

fn criterion<'q>(question: &'q Question, id: &str) -> Option<&'q Criterion> {
    question.criteria.iter().find(|c| c.id == id)
}

fn change(point: &Point, what: String, why: String) -> Change {
    Change { criterion: point.id.clone(), what, why }
}

fn why(was: &Point, point: &Point, rubric: (Option<&Criterion>, Option<&Criterion>)) -> String {
    let (Some(old), Some(new)) = rubric else { return point.reason() };
    let gone = was.proof.as_ref().filter(|p| old.evidence.contains(&p.phrase) && !new.evidence.contains(&p.phrase));
    let added = point.proof.as_ref().filter(|p| new.evidence.contains(&p.phrase) && !old.evidence.contains(&p.phrase));
    match (added, gone) {
        (Some(proof), _) => format!("\"{}\" is new in the rubric and matches \"{}\"", proof.phrase, proof.quote),
        (None, Some(proof)) => format!("\"{}\", which matched \"{}\", stands in the rubric no more", proof.phrase, proof.quote),
        (None, None) if old == new => format!("the rubric is the same, the program judges otherwise: {}", point.reason()),
        (None, None) => point.reason(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;
    use crate::question::bank::Bank;
    use crate::score::Scorer;

    #[test]
    fn a_phrase_added_to_the_rubric_is_named_as_the_cause() {
        let old = Bank::built_in().unwrap().question("psc-unhappy-patient").unwrap().clone();
        let mut new = old.clone();
        let checks = new.criteria.last_mut().unwrap();
        checks.evidence.push("wave until bus gone".to_owned());
        let id = checks.id.clone();
        let answer = said(
            "I let her finish and said I could see how upset she was. Then I rang the ward myself, and when she left I stood and waved until her bus was gone.",
        );
        let judge = |q: &Question| Scorer::default().judge(q, &answer, None);
        let changes = between(&judge(&old), &judge(&new), &old, &new);
        let of_it = changes.iter().find(|c| c.criterion == id).unwrap_or_else(|| panic!("{changes:?}"));
        assert!(of_it.what.starts_with("made, was"), "{of_it:?}");
        assert!(of_it.why.contains("\"wave until bus gone\" is new in the rubric"), "{of_it:?}");
        assert_eq!(between(&judge(&old), &judge(&old), &old, &old), Vec::new());
    }
}
