//! All that was said of the answers of one session, side by side: the program's levels, the candidate's own, those of the coaches, and their notes
//! with the words around them.

use serde::Serialize;

use super::notes::{FillerVerdict, Notes, Verdict, When};
use super::rating::OwnRating;
use super::{Judgement, is_of};
use crate::score::Part;
use crate::sound::Millis;
use crate::store::StoreError;
use crate::store::session::{Answer, Session};
use crate::transcribe::Transcript;

/// Words shown before and after the moment of a note.
const AROUND: usize = 6;

/// One session as people and the program see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gathered {
    pub session: String,
    /// As they call themselves, each once.
    pub coaches: Vec<String>,
    /// Those of which somebody said something.
    pub answers: Vec<Reviewed>,
}

/// One take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reviewed {
    pub question: usize,
    pub take: usize,
    /// The question's.
    pub id: String,
    pub text: String,
    /// In the order of the rubric.
    pub points: Vec<PointName>,
    /// None where the program gave no score.
    pub program: Option<Judgement>,
    pub own: Twice,
    /// In the order of [`Gathered::coaches`].
    pub coaches: Vec<Twice>,
    /// In the order of time, the follow-up's last.
    pub notes: Vec<PlacedNote>,
    pub fillers: Vec<PlacedFiller>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PointName {
    pub id: String,
    pub point: String,
}

/// What one person gave, before and after the program's scores were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Twice {
    pub before: Option<Judgement>,
    pub after: Option<Judgement>,
}

/// A note and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedNote {
    pub coach: String,
    pub part: Part,
    pub at_ms: Millis,
    /// What was said around it; None where no words are written down.
    pub words: Option<String>,
    pub text: String,
}

/// A word that a coach hears otherwise than the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedFiller {
    pub coach: String,
    pub part: Part,
    pub at_ms: Millis,
    pub text: String,
    pub verdict: Verdict,
}

/// Puts together what the coaches and the candidate said of these takes. What of a coach's file speaks of takes that are gone is passed over.
/// Also what could not be read.
#[must_use]
pub fn gather(session: &Session, answers: &[Answer], notes: &[Notes]) -> (Gathered, Vec<StoreError>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for answer in answers {
        let own = OwnRating::read(&answer.files).unwrap_or_else(|e| {
            problems.push(e);
            None
        });
        let reviewed = reviewed(answer, own.as_ref(), notes);
        let said = reviewed.own != Twice::default() || reviewed.coaches.iter().any(|c| *c != Twice::default());
        if said || !reviewed.notes.is_empty() || !reviewed.fillers.is_empty() {
            found.push(reviewed);
        }
    }
    (Gathered { session: session.id(), coaches: notes.iter().map(|n| n.name().to_owned()).collect(), answers: found }, problems)
}

/// What was said of one take.
#[must_use]
pub fn reviewed(answer: &Answer, own: Option<&OwnRating>, notes: &[Notes]) -> Reviewed {
    let (question, take) = (answer.number, answer.files.take);
    let mut placed: Vec<PlacedNote> = Vec::new();
    let mut fillers: Vec<PlacedFiller> = Vec::new();
    for of in notes {
        let coach = || of.name().to_owned();
        placed.extend(of.notes.iter().filter(|n| is_of(answer, n.question, n.take)).map(|n| PlacedNote {
            coach: coach(),
            part: n.part,
            at_ms: n.at_ms,
            words: words_of(answer, n.part).and_then(|t| around(t, n.at_ms)),
            text: n.text.clone(),
        }));
        let marked = of.fillers.iter().filter(|f| is_of(answer, f.question, f.take));
        fillers.extend(marked.map(|FillerVerdict { part, at_ms, text, verdict, .. }| {
            let text = text.clone();
            PlacedFiller { coach: coach(), part: *part, at_ms: *at_ms, text, verdict: *verdict }
        }));
    }
    placed.sort_by_key(|n| (n.part == Part::FollowUp, n.at_ms));
    fillers.sort_by_key(|f| (f.part == Part::FollowUp, f.at_ms));
    Reviewed {
        question,
        take,
        id: answer.question.id.clone(),
        text: answer.question.text.clone(),
        points: answer.question.criteria.iter().map(|c| PointName { id: c.id.clone(), point: c.point.clone() }).collect(),
        program: answer.report.as_ref().and_then(Judgement::of),
        own: Twice { before: own.and_then(|o| o.unswayed().cloned()), after: own.and_then(|o| o.swayed().cloned()) },
        coaches: notes
            .iter()
            .map(|n| Twice { before: n.rating(question, take, When::Before), after: n.rating(question, take, When::After) })
            .collect(),
        notes: placed,
        fillers,
    }
}

fn words_of(answer: &Answer, part: Part) -> Option<&Transcript> {
    match part {
        Part::Answer => answer.transcript.as_ref(),
        Part::FollowUp => answer.follow_up.as_ref()?.transcript.as_ref(),
    }
}

/// The words before and after a moment; None where there are none at all.
fn around(transcript: &Transcript, at: Millis) -> Option<String> {
    let words = &transcript.words;
    let here = words.iter().position(|w| w.end > at).unwrap_or(words.len());
    (!words.is_empty()).then(|| transcript.excerpt(here..here, AROUND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Span;
    use crate::transcribe::{Engine, Word};

    #[test]
    fn a_note_has_the_words_around_it() {
        let words = (0..20).map(|i| Word::new(&i.to_string(), Span::new(i * 100, i * 100 + 90), 1.0)).collect();
        let engine = Engine { model: "by hand".into(), sha256: None, demo: false, prompt: None };
        let transcript = Transcript::new(engine.clone(), Millis(2_000), words);
        assert_eq!(around(&transcript, Millis(1_020)).unwrap(), "... 4 5 6 7 8 9 10 11 12 13 14 15 ...");
        assert_eq!(around(&transcript, Millis(0)).unwrap(), "0 1 2 3 4 5 ...");
        assert_eq!(around(&transcript, Millis(9_000)).unwrap(), "... 14 15 16 17 18 19");
        assert!(around(&Transcript::new(engine, Millis(9), Vec::new()), Millis(0)).is_none());
    }
}
