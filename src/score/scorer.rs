//! What answers are judged with, loaded once for many of them: the model of meanings, if there is one, the questions that an answer might belong to
//! instead, and each rubric as it was prepared.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::answer::Answer;
use super::criterion::{self, Which};
use super::evidence::{Matcher, as_judged};
use super::matcher::{self, Judgement, Verdict};
use super::meaning::Meaning;
use super::{Heard, Part, Point, Proof, RaisedFlag, Refusal, Scorecard, Scored, State, concrete, refusal, structure, topic};
use crate::question::{Criterion, Kind, Question};
use crate::sound::Span;
use crate::transcribe::{Transcript, Word};

/// Of what its own question's points are worth an answer brings less than this (per cent), and of another's weight it makes at least that, with so many
/// points, to be told as an answer to the other: one point can be made by chance.
const OWN_UNDER: i64 = 20;
const OTHER_FROM: u32 = 60;
const OTHER_POINTS: usize = 2;
/// An answer of which so many words (per cent) are phrases of the rubric, of so many points, is a list of them.
const LISTED: usize = 85;
const LISTED_POINTS: usize = 3;
/// For the hash of the thresholds.
pub const THRESHOLDS: (i64, u32, [usize; 3]) = (OWN_UNDER, OTHER_FROM, [OTHER_POINTS, LISTED, LISTED_POINTS]);

/// The criteria of a question, prepared.
type Rubric = Arc<Vec<criterion::Criterion>>;

#[derive(Default)]
pub struct Scorer {
    /// The model of meanings and its SHA-256.
    meaning: Option<(Meaning, String)>,
    /// All questions that are known.
    bank: Vec<Question>,
    /// By the hash of the question, and whether with meaning.
    rubrics: Mutex<HashMap<(String, bool), Rubric>>,
}

impl Scorer {
    /// With the questions of which an answer might be one to another than was asked. Without a model of meanings points are found by words alone.
    #[must_use]
    pub fn new(meaning: Option<(Meaning, String)>, bank: Vec<Question>) -> Self {
        Self { meaning, bank, rubrics: Mutex::default() }
    }

    /// Scores one answer, and what was added to it when the interviewer asked back. `demonstration` says that a synthetic voice spoke, which the
    /// demo model can hear.
    ///
    /// An answer that cannot be scored is refused; a follow-up that cannot be heard only adds nothing.
    #[must_use]
    pub fn score(&self, question: &Question, answer: Heard, follow_up: Option<Heard>, demonstration: bool) -> Scorecard {
        if let Some(reason) = refusal::of_sound(answer, refusal::least_words(question), demonstration) {
            return Scorecard::Refused { reason };
        }
        let follow_up = follow_up.filter(|f| refusal::of_sound(*f, 1, demonstration).is_none());
        self.judge(question, answer.transcript, follow_up.map(|f| f.transcript))
    }

    /// Scores words that were heard well enough.
    #[must_use]
    pub fn judge(&self, question: &Question, answer: &Transcript, follow_up: Option<&Transcript>) -> Scorecard {
        if let Some(reason) = refusal::of_words(question, answer) {
            return Scorecard::Refused { reason };
        }
        let said = Said::new(answer, follow_up);
        let prepared = self.prepared(&said);
        let rubric = self.rubric(question, true);
        let judged: Vec<Judgement> = rubric.iter().map(|c| matcher::judge(c, &prepared)).collect();
        if let Some(per_cent) = listed(&judged, answer.words.len()) {
            return Scorecard::Refused { reason: Refusal::ReadBack { per_cent } };
        }
        let points: Vec<Point> = question.criteria.iter().zip(&judged).map(|(c, judged)| said.point(question.kind, c, judged)).collect();
        // told by the answer alone: what is added later must not take away what was there
        let by_answer: Vec<&Point> = points.iter().filter(|p| p.proof.as_ref().is_some_and(|proof| proof.part == Part::Answer)).collect();
        let own: i64 = by_answer.iter().map(|p| p.credit().max(0)).sum();
        let most: i64 = points.iter().map(Point::most).sum();
        if own * 100 < OWN_UNDER * most
            && let Some(other) = self.better(question, &prepared)
        {
            return Scorecard::Refused { reason: Refusal::AnotherQuestion { question: other.id.clone(), text: other.text.clone() } };
        }
        let common = topic::in_common(question, &answer.believed().text());
        if common.is_elsewhere(by_answer.iter().filter(|p| p.is_made()).count(), points.len()) {
            return Scorecard::Refused { reason: Refusal::Elsewhere { shared: common.shared, of: common.of } };
        }
        let parts = [(Part::Answer, Some(answer)), (Part::FollowUp, follow_up)];
        let matchers: Vec<Matcher> = parts.iter().filter_map(|(part, words)| words.map(|w| Matcher::new(*part, w))).collect();
        let find = |phrases: &[String]| matchers.iter().find_map(|m| m.find(phrases));
        let red_flags = question.red_flags.iter().filter_map(|f| find(&f.evidence).map(|proof| RaisedFlag { flag: f.flag.clone(), proof })).collect();
        Scorecard::Scored(Box::new(Scored::of(points, red_flags, self.meaning.is_some(), structure_of(question, answer))))
    }

    /// The question that the answer belongs to rather than to its own, if there is one among those of the same role.
    fn better(&self, question: &Question, answer: &Answer) -> Option<&Question> {
        let share = |q: &Question| {
            // by words alone: the meaning of thirty rubrics would take ten seconds
            let rubric = self.rubric(q, false);
            let made = q.criteria.iter().zip(rubric.iter()).filter(|(_, c)| matcher::judge(c, answer).verdict == Verdict::Made);
            let weights: Vec<u32> = made.map(|(c, _)| c.weight).collect();
            let (of, all): (u32, u32) = (weights.iter().sum(), q.criteria.iter().map(|c| c.weight).sum());
            if weights.len() < OTHER_POINTS { 0 } else { (of * 100).checked_div(all).unwrap_or(0) }
        };
        let others = self.bank.iter().filter(|q| q.role == question.role && q.id != question.id);
        others.map(|q| (share(q), q)).filter(|(share, _)| *share >= OTHER_FROM).max_by_key(|(share, _)| *share).map(|(_, q)| q)
    }

    fn prepared(&self, said: &Said) -> Answer {
        let texts: Vec<&str> = said.places.iter().map(|p| p.as_ref().map_or(".", |(_, word)| as_judged(word))).collect();
        let sure: Vec<f32> = said.places.iter().map(|p| p.as_ref().map_or(1.0, |(_, word)| word.probability)).collect();
        let answer = Answer::new(&texts, Some(&sure));
        match &self.meaning {
            Some((meaning, _)) => answer.with_meaning(meaning),
            None => answer,
        }
    }

    /// Prepares the rubric of a question, which takes half a second with meaning: best while the question is read aloud.
    pub fn prepare(&self, question: &Question) {
        self.rubric(question, true);
    }

    /// The criteria of a question, prepared once.
    fn rubric(&self, question: &Question, by_meaning: bool) -> Rubric {
        let key = (crate::hash::sha256_of(question), by_meaning);
        // a thread that panicked while it prepared one has put nothing in
        let known = self.rubrics.lock().unwrap_or_else(PoisonError::into_inner).get(&key).map(Arc::clone);
        known.unwrap_or_else(|| {
            let prepare = |c: &Criterion| {
                let (evidence, opposite): (Vec<&str>, Vec<&str>) =
                    (c.evidence.iter().map(String::as_str).collect(), c.opposite.iter().map(String::as_str).collect());
                let prepared = criterion::Criterion::new(&question.text, &c.point, &evidence, &opposite);
                match &self.meaning {
                    Some((meaning, _)) if by_meaning => prepared.with_meaning(meaning),
                    _ => prepared,
                }
            };
            let rubric = Arc::new(question.criteria.iter().map(prepare).collect::<Vec<_>>());
            self.rubrics.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&rubric));
            rubric
        })
    }

    /// Of the model of meanings; None without one.
    #[must_use]
    pub fn meaning_sha256(&self) -> Option<&str> {
        self.meaning.as_ref().map(|(_, sha256)| sha256.as_str())
    }
}

/// The share of the answer's own words (the first `words`), in per cent, that are phrases of evidence, if it is a list of them. What was added when the
/// interviewer asked back makes no answer a list.
fn listed(judged: &[Judgement], words: usize) -> Option<usize> {
    let exact: Vec<Vec<&Range<usize>>> = judged.iter().map(|j| j.exact.iter().filter(|at| at.end <= words).collect()).collect();
    let of_rubric: BTreeSet<usize> = exact.iter().flatten().flat_map(|at| (*at).clone()).collect();
    let share = (of_rubric.len() * 100).checked_div(words)?;
    (share >= LISTED && exact.iter().filter(|places| !places.is_empty()).count() >= LISTED_POINTS).then_some(share)
}

/// The words of an answer, and after a gap those of what was added to it.
struct Said<'a> {
    places: Vec<Option<(Part, &'a Word)>>,
}

impl<'a> Said<'a> {
    fn new(answer: &'a Transcript, follow_up: Option<&'a Transcript>) -> Self {
        let of = |part: Part, transcript: &'a Transcript| transcript.words.iter().map(move |w| Some((part, w)));
        let added = follow_up.into_iter().flat_map(|f| std::iter::once(None).chain(of(Part::FollowUp, f)));
        Self { places: of(Part::Answer, answer).chain(added).collect() }
    }

    fn point(&self, kind: Kind, c: &Criterion, judged: &Judgement) -> Point {
        let phrase_of = |which: Which| match which {
            Which::Point => &c.point,
            Which::Evidence(at) => &c.evidence[at],
            Which::Opposite(at) => &c.opposite[at],
        };
        let proof = self.proof(judged.window.clone(), phrase_of(judged.nearest));
        let opposite = judged.counter.clone().and_then(|(words, which)| self.proof(words, phrase_of(which)));
        let state = match (judged.verdict, &proof) {
            // without words that can be shown nothing counts
            (_, None) | (Verdict::NotFound, _) => State::NotFound,
            (Verdict::Made, _) => State::Made,
            (Verdict::Partly, _) => State::Partly,
            (Verdict::Contradicted, _) => State::Contradicted,
        };
        let concrete = proof.as_ref().is_some_and(|p| concrete::is_concrete(&p.quote.split(' ').collect::<Vec<_>>()));
        Point {
            id: c.id.clone(),
            point: c.point.clone(),
            weight: c.weight,
            competency: c.competency.clone(),
            state,
            level: state.level(concrete),
            supposed: judged.supposed && kind == Kind::Behavioural && matches!(state, State::Made | State::Partly),
            opposite: opposite.filter(|_| state == State::Contradicted),
            proof,
            follow_up: c.follow_up.clone(),
        }
    }

    /// The longest run of believed words of one part within a stretch, as proof; None where there is none.
    fn proof(&self, words: Range<usize>, phrase: &str) -> Option<Proof> {
        let shown = |p: &Option<(Part, &'a Word)>| p.filter(|(_, w)| w.doubt.is_none()).map(|(part, _)| part);
        let run = self.places.get(words)?.chunk_by(|a, b| shown(a) == shown(b)).filter(|run| shown(&run[0]).is_some()).max_by_key(|run| run.len())?;
        let (part, first) = run[0]?;
        let (_, last) = run[run.len() - 1]?;
        let quote: Vec<&str> = run.iter().flatten().map(|(_, w)| w.text.as_str()).collect();
        Some(Proof { part, quote: quote.join(" "), span: Span { start: first.start, end: last.end }, phrase: phrase.to_owned() })
    }
}

/// How the answer is built, its words counted among all of the transcript.
fn structure_of(question: &Question, answer: &Transcript) -> structure::Structure {
    // a word that is not believed says nothing, but keeps its place
    fn spoken(w: &Word) -> &str {
        if w.doubt.is_none() { w.text.as_str() } else { "" }
    }
    let words: Vec<structure::Spoken> = answer.words.iter().map(|w| structure::Spoken { text: spoken(w), span: w.span() }).collect();
    structure::of(&words, question.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::filler::tests::said;
    use crate::question::bank::Bank;

    #[test]
    fn what_is_added_when_asked_back_makes_no_answer_a_list() {
        let bank = Bank::built_in().unwrap();
        let question = bank.question("psc-unhappy-patient").unwrap();
        let list =
            said("Listen to the patient, let them finish, understand how they feel, stay calm, take it seriously, pass it to the right person.");
        let answer = said("I go round to their side of the desk and let them finish.");
        let scorer = Scorer::default();
        assert!(matches!(scorer.judge(question, &list, None), Scorecard::Refused { reason: Refusal::ReadBack { .. } }));
        let with_list = scorer.judge(question, &answer, Some(&list));
        assert!(matches!(with_list, Scorecard::Scored(_)), "{with_list:?}");
    }
}
