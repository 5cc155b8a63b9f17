//! Which questions were practised, and which were not for long, or never.

use serde::Serialize;

use super::Given;
use crate::question::Question;

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionProgress {
    /// The question's id.
    pub question: String,
    /// As it was asked the last time.
    pub text: String,
    pub takes: usize,
    /// Places among the sessions, from 0, of the first and the last take.
    pub first: usize,
    pub last: usize,
    /// Bands, 1 to 5, of the first and the last take with a score; the same where there is but one, None without any.
    pub first_band: Option<u8>,
    pub last_band: Option<u8>,
    /// How many takes have a score.
    pub scored: usize,
}

/// A question that was never answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeverPractised {
    /// The question's id.
    pub question: String,
    pub text: String,
}

pub(super) fn of(given: &[Given]) -> Vec<QuestionProgress> {
    let mut all: Vec<QuestionProgress> = Vec::new();
    for one in given {
        let question = &one.answer.question;
        let at = all.iter().position(|q| q.question == question.id).unwrap_or_else(|| {
            let (id, text, first) = (question.id.clone(), question.text.clone(), one.session);
            all.push(QuestionProgress { question: id, text, takes: 0, first, last: first, first_band: None, last_band: None, scored: 0 });
            all.len() - 1
        });
        let known = &mut all[at];
        known.takes += 1;
        known.last = one.session;
        known.text.clone_from(&question.text);
        if let Some(band) = one.scored().map(|s| s.band.number()) {
            known.first_band = known.first_band.or(Some(band));
            known.last_band = Some(band);
            known.scored += 1;
        }
    }
    all.sort_by_key(|q| q.last);
    all
}

pub(super) fn never(given: &[Given], offered: &[&Question]) -> Vec<NeverPractised> {
    let answered = |q: &Question| given.iter().any(|g| g.answer.question.id == q.id);
    let named = |q: &&Question| NeverPractised { question: q.id.clone(), text: q.text.clone() };
    offered.iter().filter(|q| !answered(q)).map(named).collect()
}
