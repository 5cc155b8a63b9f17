//! What earlier sessions say about what to practise next.

use std::path::Path;

use jiff::Timestamp;

use super::StoreError;
use super::session::{self, Answer, Session};
use crate::measure::baseline::Baseline;
use crate::measure::wording;
use crate::question::history::{History, Tally};
use crate::report::Report;
use crate::transcribe::Transcript;

/// All sessions in the folder as figures, without demonstrations. What cannot be read is left out, and named.
///
/// # Errors
/// The sessions folder itself cannot be read.
pub fn read(sessions: &Path) -> Result<(History, Vec<StoreError>), StoreError> {
    let (mut found, mut problems) = session::list(sessions)?;
    // the oldest first, so that the last take of a question is the one that counts
    found.reverse();
    let mut history = History::default();
    let mut last_scored: Vec<Answer> = Vec::new();
    for session in found.iter().filter(|s| !s.record.demonstration) {
        let (answers, damaged) = session.answers();
        problems.extend(damaged);
        for answer in answers {
            history.questions.entry(answer.question.id.clone()).or_default().takes += 1;
            if answer.scored().is_some() {
                last_scored.retain(|a| a.question.id != answer.question.id);
                last_scored.push(answer);
            }
        }
    }
    for answer in &last_scored {
        let Some(scored) = answer.scored() else { continue };
        let mut whole = Tally::default();
        for point in &scored.points {
            whole.add(point.weight, point.is_made());
            if let Some(competency) = &point.competency {
                history.competencies.entry(competency.clone()).or_default().add(point.weight, point.is_made());
            }
        }
        history.questions.entry(answer.question.id.clone()).or_default().last = Some(whole);
    }
    Ok((history, problems))
}

/// A session and its answers.
pub type Held = (Session, Vec<Answer>);

/// All sessions that a person spoke in, with their answers, the oldest first, without demonstrations. What cannot be read is left out, and named.
///
/// # Errors
/// The sessions folder itself cannot be read.
pub fn sessions(sessions: &Path) -> Result<(Vec<Held>, Vec<StoreError>), StoreError> {
    let (found, mut problems) = session::list(sessions)?;
    let (held, damaged) = held(found, None);
    problems.extend(damaged);
    Ok((held, problems))
}

/// Those of these sessions that a person spoke in, and that began before this time, with their answers, the oldest first; and what could not be read.
fn held(mut found: Vec<Session>, before: Option<Timestamp>) -> (Vec<Held>, Vec<StoreError>) {
    found.retain(|s| !s.record.demonstration && is_before(s, before));
    found.reverse();
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for session in found {
        let (answers, damaged) = session.answers();
        problems.extend(damaged);
        all.push((session, answers));
    }
    (all, problems)
}

fn is_before(session: &Session, before: Option<Timestamp>) -> bool {
    before.is_none_or(|before| session.record.started < before)
}

/// What is usual for the user's delivery, from all sessions that began before this time, without demonstrations.
///
/// # Errors
/// The sessions folder itself cannot be read.
pub fn baseline(sessions: &Path, before: Option<Timestamp>) -> Result<Baseline, StoreError> {
    let (found, _) = session::list(sessions)?;
    Ok(baseline_of(&held(found, before).0, before))
}

/// The same, from sessions that were read.
#[must_use]
pub fn baseline_of(held: &[Held], before: Option<Timestamp>) -> Baseline {
    let answers = held.iter().filter(|(session, _)| is_before(session, before)).flat_map(|(_, answers)| answers);
    let trusted = |a: &'_ Answer| Some((a.report.clone().filter(|r| !r.is_untrusted())?, a.transcript.as_ref()?.believed()));
    let earlier: Vec<(Report, Transcript)> = answers.filter_map(trusted).collect();
    let phrases = wording::usual(earlier.iter().map(|(_, transcript)| transcript));
    Baseline { phrases, ..Baseline::of(&earlier.iter().map(|(report, _)| &report.measures).collect::<Vec<_>>()) }
}
