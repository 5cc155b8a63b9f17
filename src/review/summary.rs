//! A session as text: strengths and weaknesses first, then a line an answer.

use std::cmp::Reverse;

use super::points::band;
use super::text::{item, line, paragraph};
use crate::layout::{BOLD, heading};
use crate::question::importance;
use crate::score::{Point, Scorecard, Scored, interval};
use crate::store::session::Answer;

/// The summary of the takes of the session called `name`. Without one scored answer it says so and names no point.
#[must_use]
pub fn summary(name: &str, answers: &[Answer]) -> String {
    let mut out = String::new();
    heading(&mut out, "Summary");
    let scored = last_scored_takes(answers.iter());
    if answers.is_empty() {
        line(&mut out, "  No answer was recorded.");
        return out;
    }
    if scored.is_empty() {
        line(&mut out, "  No answer could be scored, so there are no strengths or weaknesses to name.");
    }
    let strengths = best(points(&scored, true));
    if !strengths.is_empty() {
        line(&mut out, &format!("  {BOLD}Strengths{BOLD:#}"));
    }
    for Seen { answer, point, .. } in strengths {
        let quote = point.proof.as_ref().map(|p| format!(" \"{}\"", p.quote)).unwrap_or_default();
        item(&mut out, "  ", &format!("+ {} (question {}, {}).{quote}", point.point, answer.number, importance(point.weight)));
    }
    let weaknesses = best(points(&scored, false));
    if !weaknesses.is_empty() {
        line(&mut out, &format!("  {BOLD}Weaknesses{BOLD:#}"));
    } else if !scored.is_empty() {
        line(&mut out, "  No point is missing.");
    }
    for Seen { answer, point, .. } in weaknesses {
        let what = format!("- {} (question {}, {}): {}.", point.point, answer.number, importance(point.weight), point.state);
        item(&mut out, "  ", &format!("{what} Try answering this: {}", point.follow_up));
    }
    competencies(&mut out, &scored);
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
        _ if answer.is_unfinished() => {
            format!("what was said to the follow-up question is not yet written down; finish it with `viva analyze --session {session}`")
        }
        Some(Scorecard::Scored(s)) => {
            let made = s.made();
            let pace = report.measures.pace.as_ref().map_or(String::new(), |p| format!(", {:.0} words a minute", p.words_per_minute));
            let flags = if s.red_flags.is_empty() { String::new() } else { format!(", red flags: {}", s.red_flags.len()) };
            format!("{}, {made} of {} points{flags}{pace}", band(s.band), s.points.len())
        }
        Some(Scorecard::Refused { reason }) => format!("no score: {reason}"),
        None => "not scored".to_owned(),
    }
}

/// Of each question the last take that could be scored: a retake replaces what was not good enough, but not with nothing.
#[must_use]
pub fn last_scored_takes<'a>(answers: impl Iterator<Item = &'a Answer>) -> Vec<(&'a Answer, &'a Scored)> {
    let mut takes: Vec<(&Answer, &Scored)> = Vec::new();
    for answer in answers {
        let Some(scored) = answer.scored() else { continue };
        takes.retain(|(a, _)| a.number != answer.number);
        takes.push((answer, scored));
    }
    takes
}

/// How many strengths and weaknesses are named.
const NAMED: usize = 3;
/// Points of a competency from which an interval says something.
const ENOUGH: usize = 4;

/// A point of an answer.
pub struct Seen<'a> {
    pub answer: &'a Answer,
    pub point: &'a Point,
    /// How well the whole answer did, for points of one weight: in millionths of the credit.
    share: u64,
}

/// The points that were made, or those that are missing; the most telling first.
#[must_use]
pub fn points<'a>(scored: &[(&'a Answer, &'a Scored)], made: bool) -> Vec<Seen<'a>> {
    let seen = |(answer, scored): &(&'a Answer, &'a Scored)| {
        let (answer, share) = (*answer, share(scored));
        scored.points.iter().filter(move |p| p.is_made() == made).map(move |point| Seen { answer, point, share })
    };
    let mut all: Vec<Seen> = scored.iter().flat_map(seen).collect();
    all.sort_by_key(|s| (Reverse(s.point.weight), if made { Reverse(s.share) } else { Reverse(u64::MAX - s.share) }));
    all
}

/// The first few, of as many questions as there are.
#[must_use]
pub fn best(all: Vec<Seen>) -> Vec<Seen> {
    let (mut of_new, mut of_named): (Vec<Seen>, Vec<Seen>) = (Vec::new(), Vec::new());
    for seen in all {
        let named = of_new.iter().any(|s| s.answer.number == seen.answer.number);
        if named { of_named.push(seen) } else { of_new.push(seen) }
    }
    of_new.into_iter().chain(of_named).take(NAMED).collect()
}

/// Points made of all points that show one competency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally<'a> {
    /// The competency's id.
    pub id: &'a str,
    pub made: usize,
    pub of: usize,
}

/// One for each competency that was looked for, in the order in which they came.
#[must_use]
pub fn tallies<'a>(scored: &[(&'a Answer, &'a Scored)]) -> Vec<Tally<'a>> {
    let mut tallies: Vec<Tally> = Vec::new();
    for point in scored.iter().flat_map(|(_, s)| &s.points) {
        let Some(id) = point.competency.as_deref() else { continue };
        let at = tallies.iter().position(|t| t.id == id).unwrap_or_else(|| {
            tallies.push(Tally { id, made: 0, of: 0 });
            tallies.len() - 1
        });
        tallies[at].made += usize::from(point.is_made());
        tallies[at].of += 1;
    }
    tallies
}

fn competencies(out: &mut String, scored: &[(&Answer, &Scored)]) {
    let tallies = tallies(scored);
    if tallies.is_empty() {
        return;
    }
    let list: Vec<String> = tallies.iter().map(|Tally { id, made, of }| format!("{id} {made} of {of}{}", in_brackets(*made, *of))).collect();
    item(out, "  ", &format!("{BOLD}Points by competency{BOLD:#}: {}", list.join(", ")));
    if tallies.iter().any(|t| t.of >= ENOUGH) {
        paragraph(out, "    ", "In brackets: between what and what the share may lie, counted in so few points (95 %).");
    }
}

/// Between what and what the share may lie; nothing where that would say nothing.
#[must_use]
pub fn in_brackets(made: usize, of: usize) -> String {
    if of < ENOUGH {
        return String::new();
    }
    let (low, high) = interval::of_share(made, of);
    format!(" ({:.0} to {:.0} %)", low * 100.0, high * 100.0)
}

fn share(scored: &Scored) -> u64 {
    (u64::from(scored.credit) * 1_000_000).checked_div(scored.most.into()).unwrap_or(0)
}
