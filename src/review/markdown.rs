//! A session as Markdown: for a mail, a wiki, a text editor.

use std::fmt::Write as _;

use crate::measure::Measures;
use crate::question::importance;
use crate::score::{Point, Proof, Scorecard, Scored, State, advice};
use crate::sound::Millis;
use crate::store::about::About;
use crate::store::session::{Answer, Session};
use crate::transcribe::Transcript;

use super::captions;

/// The whole session.
#[must_use]
pub fn session(session: &Session, about: &About, answers: &[Answer]) -> String {
    let record = &session.record;
    let mut out = String::new();
    line(&mut out, &format!("# {}", escaped(about.title.as_deref().unwrap_or(&record.role_name))));
    line(
        &mut out,
        &format!("{}, {}, made by {}", escaped(&record.role_name), record.started.strftime("%-d %B %Y, %H:%M UTC"), escaped(&record.program)),
    );
    if record.demonstration {
        line(&mut out, "Demonstration: a computer's voice answered. This says nothing about a person.");
    }
    for note in &about.notes {
        line(&mut out, &format!("> {}", escaped(&note.text).replace('\n', "\n> ")));
    }
    for answer in answers {
        one(&mut out, answer);
    }
    out
}

/// Paragraphs stand apart.
fn line(out: &mut String, text: &str) {
    // writing to a string does not fail
    let _ = write!(out, "{text}\n\n");
}

fn one(out: &mut String, answer: &Answer) {
    let take = if answer.files.take > 1 { format!(" (take {})", answer.files.take) } else { String::new() };
    line(out, &format!("## {}. {}{take}", answer.number, escaped(&answer.question.text)));
    let Some(report) = &answer.report else {
        line(out, "Recorded, not yet written down.");
        return;
    };
    match &report.scorecard {
        Some(Scorecard::Scored(scored)) => points(out, scored, answer),
        Some(Scorecard::Refused { reason }) => line(out, &format!("**No score:** {}.", escaped(&reason.to_string()))),
        None => {}
    }
    if let Some(figures) = figures(&report.measures) {
        line(out, &format!("**Delivery:** {figures}."));
    }
    said(out, "What was said", answer.transcript.as_ref());
    if let Some(added) = &answer.follow_up {
        line(out, &format!("Asked back: {}", escaped(&added.asked.text)));
        said(out, "What was said to that", added.transcript.as_ref());
    }
}

fn points(out: &mut String, scored: &Scored, answer: &Answer) {
    let made = scored.made();
    line(out, &format!("**Band {} of 5, {}**; {made} of {} points made.", scored.band.number(), scored.band.anchor(), scored.points.len()));
    for flag in &scored.red_flags {
        line(out, &format!("**Red flag:** {} — {}", escaped(&flag.flag), quote(&flag.proof)));
    }
    let items: Vec<String> = scored.points.iter().map(item).collect();
    line(out, &items.join("\n"));
    for advice in advice::of(scored, &answer.question) {
        line(out, &format!("To try: {}", escaped(&advice.to_try)));
    }
}

fn item(point: &Point) -> String {
    let sign = match point.state {
        State::Made => "[x]",
        _ => "[ ]",
    };
    let proof = point.proof.as_ref().filter(|_| matches!(point.state, State::Made | State::Partly)).or(point.opposite.as_ref());
    let proof = proof.map_or(String::new(), |p| format!(" — {}", quote(p)));
    format!("- {sign} {} ({}, {}){proof}", escaped(&point.point), importance(point.weight), point.state)
}

fn quote(proof: &Proof) -> String {
    let at = if proof.span.length() == Millis(0) { String::new() } else { format!(" at {}", proof.span.start) };
    format!("“{}”{at}", escaped(&proof.quote))
}

fn figures(measures: &Measures) -> Option<String> {
    let mut parts = Vec::new();
    parts.extend(measures.pace.as_ref().map(|p| format!("{:.0} words a minute", p.words_per_minute)));
    parts.extend(measures.pauses.as_ref().map(|p| format!("{:.0} % of the time in pauses", p.share * 100.0)));
    parts.extend(measures.fillers.as_ref().and_then(|f| f.per_minute).map(|rate| format!("at least {rate:.1} fillers a minute")));
    parts.extend(measures.pitch.as_ref().and_then(|p| p.melody).map(|m| format!("pitch varies by {:.1} semitones", m.sd_semitones)));
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn said(out: &mut String, title: &str, transcript: Option<&Transcript>) {
    line(out, &format!("### {title}"));
    let text = transcript.map(|t| captions::struck(&t.words, "\u{1}", "\u{2}"));
    let text = text.map_or("Not yet written down.".to_owned(), |t| if t.is_empty() { "(no words)".to_owned() } else { escaped(&t) });
    // struck through is what is not counted
    line(out, &text.replace(['\u{1}', '\u{2}'], "~~"));
}

/// Text that Markdown and HTML leave as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_said_is_text_and_no_markup() {
        assert_eq!(escaped("<script> *now* [a](b)"), "&lt;script> \\*now\\* \\[a\\](b)");
    }
}
