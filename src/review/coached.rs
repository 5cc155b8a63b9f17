//! What was said of the answers of a session, as text: notes in order of time with the words around, marks side by side.

use super::text::{QUIET, item, line, paragraph};
use crate::coach::Judgement;
use crate::coach::gathered::{Gathered, Reviewed, Twice};
use crate::coach::notes::Verdict;
use crate::layout::{BOLD, heading};
use crate::score::Part;
use crate::sound::Millis;

/// Columns of one mark.
const COLUMN: usize = 10;

/// All of it, with ANSI styles; complete without colour.
#[must_use]
pub fn coached(gathered: &Gathered) -> String {
    let mut out = String::new();
    line(&mut out, &gathered.session);
    if gathered.answers.is_empty() {
        line(&mut out, "Nobody has said anything of these answers yet.");
        return out;
    }
    for answer in &gathered.answers {
        heading(&mut out, &format!("Question {}, take {}", answer.question, answer.take));
        paragraph(&mut out, "", &answer.text);
        for note in &answer.notes {
            line(&mut out, "");
            item(&mut out, "  ", &format!("{} {BOLD}{}{BOLD:#}", clock(note.part, note.at_ms), note.coach));
            for text in note.text.lines() {
                paragraph(&mut out, "    ", text);
            }
            if let Some(words) = &note.words {
                paragraph(&mut out, "    ", &format!("{QUIET}\"{words}\"{QUIET:#}"));
            }
        }
        if !answer.fillers.is_empty() {
            line(&mut out, "");
        }
        for filler in &answer.fillers {
            let what = match filler.verdict {
                Verdict::None => "is no filler",
                Verdict::Added => "is a filler",
            };
            item(&mut out, "  ", &format!("{} {}: \"{}\" {what}", clock(filler.part, filler.at_ms), filler.coach, filler.text));
        }
        let columns: Vec<(String, Twice)> = gathered.coaches.iter().cloned().zip(answer.coaches.iter().cloned()).collect();
        marks(&mut out, answer, &columns);
    }
    line(
        &mut out,
        &format!(
            "\n{QUIET}Points: 0 not found, 1 touched, 2 made, 3 made with a concrete instance. In brackets: given after the program's were seen.{QUIET:#}"
        ),
    );
    out
}

/// One take's marks by the candidate and the program.
#[must_use]
pub fn side_by_side(answer: &Reviewed) -> String {
    let mut out = String::new();
    marks(&mut out, answer, &[]);
    out
}

fn marks(out: &mut String, answer: &Reviewed, coaches: &[(String, Twice)]) {
    let program = Twice { before: answer.program.clone(), after: None };
    let people = std::iter::once(("you", &answer.own)).chain(coaches.iter().map(|(name, given)| (name.as_str(), given)));
    let columns: Vec<(&str, &Twice)> = people.filter(|(_, given)| **given != Twice::default()).chain([("program", &program)]).collect();
    if columns.len() < 2 {
        return;
    }
    line(out, "");
    let names: Vec<String> = columns.iter().map(|(name, _)| name.chars().take(COLUMN).collect()).collect();
    row(out, &names, "");
    let cells = |of: &dyn Fn(&Judgement) -> Option<u8>| columns.iter().map(|(_, given)| cell(given, of)).collect::<Vec<_>>();
    row(out, &cells(&|j| j.band), "the whole answer (1 to 5)");
    for point in &answer.points {
        row(out, &cells(&|j| j.points.get(&point.id).copied()), &point.point);
    }
    if answer.program.is_none() {
        paragraph(out, "  ", &format!("{QUIET}The program gave no score for this answer.{QUIET:#}"));
    }
}

/// `3`, or `3 (4)` where it was changed later, or `(4)` where it was only given then.
fn cell(given: &Twice, of: &dyn Fn(&Judgement) -> Option<u8>) -> String {
    let mark = |judgement: &Option<Judgement>| judgement.as_ref().and_then(of);
    match (mark(&given.before), mark(&given.after)) {
        (Some(before), Some(after)) => format!("{before} ({after})"),
        (Some(before), None) => before.to_string(),
        (None, Some(after)) => format!("({after})"),
        (None, None) => "-".to_owned(),
    }
}

fn row(out: &mut String, cells: &[String], text: &str) {
    let cells = cells.iter().map(|cell| format!("{cell:<width$}", width = COLUMN + 2)).collect::<Vec<_>>().concat();
    crate::layout::wrapped(out, &format!("  {cells}"), &" ".repeat(2 + cells.chars().count()), if text.is_empty() { "point" } else { text });
}

fn clock(part: Part, at: Millis) -> String {
    match part {
        Part::Answer => at.precise(),
        Part::FollowUp => format!("asked back, {}", at.precise()),
    }
}
