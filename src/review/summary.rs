//! A session as text: the strongest and the weakest point first, then a line an answer.

use std::cmp::Reverse;

use super::text::{BOLD, band, heading, importance, line, paragraph};
use crate::report::Report;
use crate::score::{Point, Scorecard, Scored};
use crate::store::session::Answer;

/// The summary of the takes of the session called `name`. Without one scored answer it says so and names no point.
#[must_use]
pub fn summary(name: &str, answers: &[Answer]) -> String {
    let mut out = String::new();
    heading(&mut out, "Summary");
    let scored = last_scored_takes(answers);
    if answers.is_empty() {
        line(&mut out, "  No answer was recorded.");
        return out;
    }
    if scored.is_empty() {
        line(&mut out, "  No answer could be scored, so there is no strongest or weakest point to name.");
    }
    if let Some((answer, point)) = strongest(&scored) {
        let quote = point.proof.as_ref().map(|p| format!(" \"{}\"", p.quote)).unwrap_or_default();
        paragraph(
            &mut out,
            "  ",
            &format!("{BOLD}Strongest:{BOLD:#} {} (question {}, {}).{quote}", point.point, answer.number, importance(point.weight)),
        );
    }
    let weakest = weakest(&scored);
    if weakest.is_none() && !scored.is_empty() {
        line(&mut out, "  No point is missing.");
    }
    if let Some((answer, point)) = weakest {
        let what = format!("{} (question {}, {}), not found.", point.point, answer.number, importance(point.weight));
        paragraph(&mut out, "  ", &format!("{BOLD}Weakest:{BOLD:#} {what} Try answering this: {}", point.follow_up));
    }
    line(&mut out, "");
    for answer in answers {
        let take = if answer.files.take > 1 { format!(" (take {})", answer.files.take) } else { String::new() };
        paragraph(&mut out, "  ", &format!("{}. {}{take}: {}", answer.number, answer.question.id, outcome(answer, name)));
    }
    out
}

fn outcome(answer: &Answer, session: &str) -> String {
    let Some(report) = &answer.report else {
        return format!("recorded, not yet written down; finish it with `viva analyze --session {session}`");
    };
    match &report.scorecard {
        Some(Scorecard::Scored(s)) => {
            let made = s.points.iter().filter(|p| p.proof.is_some()).count();
            let pace = report.measures.pace.as_ref().map_or(String::new(), |p| format!(", {:.0} words a minute", p.words_per_minute));
            let flags = if s.red_flags.is_empty() { String::new() } else { format!(", red flags: {}", s.red_flags.len()) };
            format!("{}, {made} of {} points{flags}{pace}", band(s.band), s.points.len())
        }
        Some(Scorecard::Refused { reason }) => format!("no score: {reason}"),
        None => "not scored".to_owned(),
    }
}

/// Of each question the last take that could be scored: a retake replaces what was not good enough, but not with nothing.
fn last_scored_takes(answers: &[Answer]) -> Vec<(&Answer, &Scored)> {
    let mut takes: Vec<(&Answer, &Scored)> = Vec::new();
    for answer in answers {
        let Some(scored) = answer.report.as_ref().and_then(scored) else { continue };
        takes.retain(|(a, _)| a.number != answer.number);
        takes.push((answer, scored));
    }
    takes
}

fn scored(report: &Report) -> Option<&Scored> {
    match &report.scorecard {
        Some(Scorecard::Scored(scored)) => Some(scored),
        _ => None,
    }
}

/// Of the answer with the largest share of its weight, the heaviest point that was made.
fn strongest<'a>(scored: &[(&'a Answer, &'a Scored)]) -> Option<(&'a Answer, &'a Point)> {
    let mut order = scored.to_vec();
    order.sort_by_key(|(_, s)| Reverse(share(s)));
    order.into_iter().find_map(|(a, s)| heaviest(s, true).map(|p| (a, p)))
}

/// Of the answer with the smallest share of its weight, the heaviest point that is missing.
fn weakest<'a>(scored: &[(&'a Answer, &'a Scored)]) -> Option<(&'a Answer, &'a Point)> {
    let mut order = scored.to_vec();
    order.sort_by_key(|(_, s)| share(s));
    order.into_iter().find_map(|(a, s)| heaviest(s, false).map(|p| (a, p)))
}

fn share(scored: &Scored) -> u64 {
    (u64::from(scored.weight_made) * 1_000_000).checked_div(scored.weight_of_all.into()).unwrap_or(0)
}

fn heaviest(scored: &Scored, made: bool) -> Option<&Point> {
    // the first of equals, in the order of the rubric
    scored.points.iter().rev().filter(|p| p.proof.is_some() == made).max_by_key(|p| p.weight)
}
