//! Whether what a coach's file speaks of is there: the session, its takes, their length, their criteria.

use super::notes::Notes;
use super::plain::quoted;
use crate::score::Part;
use crate::sound::{Millis, wav};
use crate::store::session::{Answer, Session};

/// A player's clock and a recording's length are each rounded by their own rules.
const SLACK: Millis = Millis(1_000);

/// What of a file points at nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceProblem {
    #[error("is about the session \"{0}\", which is not here; if its folder was renamed, say with --session which it is")]
    NoSession(String),
    #[error("is about the session \"{0}\", which is here too; leave out --session, or name that one")]
    OtherSession(String),
    #[error("speaks of {what}, which {session} does not have; check that these notes are about this session (`viva sessions list` shows all)")]
    Nothing { what: String, session: String },
}

/// Refuses what points at a take, a moment or a criterion that the session does not have.
///
/// # Errors
/// The first of these, in words.
pub fn check(notes: &Notes, session: &Session, answers: &[Answer]) -> Result<(), ReferenceProblem> {
    let nothing = |what: String| ReferenceProblem::Nothing { what, session: session.id() };
    let find = |question: usize, take: usize| {
        let found = answers.iter().find(|a| super::is_of(a, question, take));
        found.ok_or_else(|| nothing(format!("question {question}, take {take}")))
    };
    let moments = notes.notes.iter().map(|n| (n.question, n.take, n.part, n.at_ms));
    for (question, take, part, at) in moments.chain(notes.fillers.iter().map(|f| (f.question, f.take, f.part, f.to_ms))) {
        let answer = find(question, take)?;
        if part == Part::FollowUp && answer.follow_up.is_none() {
            return Err(nothing(format!("an answer to a follow-up of question {question}, take {take}")));
        }
        if length(answer, part).is_some_and(|length| at > length + SLACK) {
            return Err(nothing(format!("{at} of question {question}, take {take}")));
        }
    }
    for rated in &notes.ratings {
        let answer = find(rated.question, rated.take)?;
        if let Some(unknown) = rated.points.keys().find(|id| !answer.question.criteria.iter().any(|c| c.id == **id)) {
            return Err(nothing(format!("a point \"{}\" of question {}", quoted(unknown), rated.question)));
        }
    }
    Ok(())
}

/// How long one recording of a take is; None where nothing of it is left to tell.
fn length(answer: &Answer, part: Part) -> Option<Millis> {
    let (capture, transcript, files) = match part {
        Part::Answer => (&answer.capture, &answer.transcript, &answer.files),
        Part::FollowUp => answer.follow_up.as_ref().map(|f| (&f.capture, &f.transcript, &f.files))?,
    };
    let reported = answer.report.as_ref().filter(|_| part == Part::Answer).map(|r| r.measures.heard.duration);
    capture.as_ref().map(|c| c.duration).or(reported).or(transcript.as_ref().map(|t| t.duration)).or_else(|| wav::duration(&files.sound()))
}
