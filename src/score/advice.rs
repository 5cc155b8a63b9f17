//! What to try next time: for a point that is missing, the words of the strong anchor that speak of it, and the question that may be asked back. Pure.

use serde::Serialize;

use super::{Point, Scored, State};
use crate::question::Question;
use crate::words::stems;

/// More than this at once helps nobody.
pub const MOST: usize = 3;

/// One thing to try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// The criterion's id.
    pub criterion: String,
    pub to_try: String,
    /// What an interviewer would ask back.
    pub follow_up: String,
}

/// What to try, at most [`MOST`] things: the heaviest points first, and of equals what was contradicted, then what is missing, then what was touched.
#[must_use]
pub fn of(scored: &Scored, question: &Question) -> Vec<Advice> {
    let mut open: Vec<&Point> = scored.points.iter().filter(|p| !p.is_made()).collect();
    open.sort_by_key(|p| (std::cmp::Reverse(p.weight), p.state == State::Partly, p.state == State::NotFound));
    open.into_iter().take(MOST).map(|p| advise(p, question)).collect()
}

fn advise(point: &Point, question: &Question) -> Advice {
    let strong = question.anchors.as_ref().and_then(|a| clause_about(&a.strong, &point.point, &question.text));
    let what = strong.unwrap_or(&point.point).trim_end_matches('.');
    let lower = what.chars().next().map_or(String::new(), |first| first.to_lowercase().chain(what.chars().skip(1)).collect());
    let to_try = match (point.state, &point.proof) {
        (State::Partly, Some(proof)) => format!("You came near it with \"{}\". A strong answer: {lower}. Say what you do, and how.", proof.quote),
        (State::Contradicted, _) => format!("You said the contrary. A strong answer: {lower}."),
        _ => format!("A strong answer: {lower}. Say how you do it, in a sentence of its own."),
    };
    Advice { criterion: point.id.clone(), to_try, follow_up: point.follow_up.clone() }
}

/// The clause of an anchor that shares most telling words with a point, those of the question left aside; None where none shares any.
fn clause_about<'a>(anchor: &'a str, point: &str, question: &str) -> Option<&'a str> {
    let asked = stems(question);
    let wanted: Vec<String> = stems(point).into_iter().filter(|s| !asked.contains(s)).collect();
    let shared = |clause: &str| stems(clause).iter().filter(|s| wanted.contains(s)).count();
    let clauses = anchor.split([',', ';', '.']).map(|c| c.trim().trim_start_matches("and ")).filter(|c| !c.is_empty());
    let best = clauses.map(|c| (shared(c), c)).rev().max_by_key(|(n, _)| *n)?;
    (best.0 > 0).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_of_the_anchor_is_the_one_about_the_point() {
        let strong = "Lets the patient finish, says in plain words that they understand, and checks that the patient leaves content.";
        let about = |point| clause_about(strong, point, "What do you do with an angry patient?");
        assert_eq!(about("Shows understanding of the feeling"), Some("says in plain words that they understand"));
        assert_eq!(about("Checks at the end with the patient"), Some("checks that the patient leaves content"));
        assert_eq!(about("Quotes a law to the patient"), None);
    }
}
