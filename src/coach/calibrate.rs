//! How well candidate, coaches and program agree over many answers, and where they part most. Only what was given before the program's scores were
//! shown counts: whoever has seen them is swayed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::agreement::{Agreement, agreement};
use super::merge::identity;
use super::notes::When;
use super::rating::OwnRating;
use super::{Judgement, of};
use crate::store::StoreError;
use crate::store::session;

/// Criteria named of two judges.
const MOST_APART: usize = 3;

/// Who judged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "judge", content = "name", rename_all = "snake_case")]
pub enum Judge {
    Candidate,
    /// By the name that they give.
    Coach(String),
    Program,
}

impl fmt::Display for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Candidate => f.write_str("the candidate"),
            Self::Coach(name) => f.write_str(name),
            Self::Program => f.write_str("the program"),
        }
    }
}

/// One answer and what each judge gave to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub answer: AnswerName,
    pub by: BTreeMap<Judge, Judgement>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnswerName {
    pub session: String,
    /// From 1, as the take is.
    pub question: usize,
    pub take: usize,
    /// The question's.
    pub id: String,
}

/// The agreement of all judges, two by two.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// Answers that two or more judged.
    pub answers: usize,
    pub pairs: Vec<Pair>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    pub first: Judge,
    pub second: Judge,
    /// Of bands, 1 to 5.
    pub bands: Agreement,
    /// Of the levels of points, 0 to 3.
    pub levels: Agreement,
    /// Where they part most, the farthest first; none where they agree in all.
    pub apart: Vec<Apart>,
}

/// A criterion on which two judges differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Apart {
    /// Id of the question.
    pub question: String,
    pub criterion: String,
    /// Answers of which both judged it.
    pub n: usize,
    /// Mean of the differences without their signs, in levels; to two decimals.
    pub mean_difference: f64,
    /// Those in which they differ.
    pub answers: Vec<Difference>,
}

/// What two judges gave to a point of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    #[serde(flatten)]
    pub answer: AnswerName,
    pub first: u8,
    pub second: u8,
}

/// What was judged in all sessions of a role, or of all; without demonstrations. Also what could not be read.
///
/// # Errors
/// The sessions folder itself cannot be read.
pub fn judged(sessions: &Path, role: Option<&str>) -> Result<(Vec<Judged>, Vec<StoreError>), StoreError> {
    let (mut found, mut problems) = session::list(sessions)?;
    found.reverse();
    let (mut judged, mut names) = (Vec::new(), BTreeMap::<String, String>::new());
    for session in found.iter().filter(|s| !s.record.demonstration && role.is_none_or(|r| r == s.record.role)) {
        let (answers, damaged) = session.answers();
        let (notes, unread) = of(session);
        problems.extend(damaged.into_iter().chain(unread));
        for answer in answers {
            let (question, take) = (answer.number, answer.files.take);
            let mut by: BTreeMap<Judge, Judgement> =
                answer.report.as_ref().and_then(Judgement::of).map(|j| (Judge::Program, j)).into_iter().collect();
            match OwnRating::read(&answer.files) {
                Ok(own) => by.extend(own.and_then(|o| o.unswayed().cloned()).map(|j| (Judge::Candidate, j))),
                Err(e) => problems.push(e),
            }
            for of_coach in &notes {
                let Some(given) = of_coach.rating(question, take, When::Before) else { continue };
                // one coach, however the name is written in each file
                let name = names.entry(identity(&of_coach.coach)).or_insert_with(|| of_coach.name().to_owned());
                by.insert(Judge::Coach(name.clone()), given);
            }
            judged.push(Judged { answer: AnswerName { session: session.id(), question, take, id: answer.question.id.clone() }, by });
        }
    }
    Ok((judged, problems))
}

/// The agreement of each two judges that have an answer in common. Pure.
#[must_use]
pub fn calibrate(judged: &[Judged]) -> Calibration {
    let mut everyone: Vec<&Judge> = judged.iter().flat_map(|j| j.by.keys()).collect();
    everyone.sort();
    everyone.dedup();
    let each_two = everyone.iter().enumerate().flat_map(|(i, first)| everyone[i + 1..].iter().map(move |second| (*first, *second)));
    let pairs: Vec<Pair> = each_two.filter_map(|(first, second)| pair(judged, first, second)).collect();
    Calibration { answers: judged.iter().filter(|j| j.by.len() > 1).count(), pairs }
}

fn pair(judged: &[Judged], first: &Judge, second: &Judge) -> Option<Pair> {
    let (mut bands, mut levels) = (Vec::new(), Vec::new());
    let mut criteria: BTreeMap<(&str, &str), Vec<Difference>> = BTreeMap::new();
    for Judged { answer, by } in judged {
        let (Some(one), Some(two)) = (by.get(first), by.get(second)) else { continue };
        bands.extend(one.band.zip(two.band).map(|both| vec![both]));
        let both = one.points.iter().filter_map(|(id, level)| Some((id.as_str(), *level, *two.points.get(id)?)));
        levels.push(both.clone().map(|(_, one, two)| (one, two)).collect());
        for (id, first, second) in both {
            criteria.entry((&answer.id, id)).or_default().push(Difference { answer: answer.clone(), first, second });
        }
    }
    let (bands, levels) = (agreement(&bands), agreement(&levels));
    let mut apart: Vec<Apart> = criteria.into_iter().map(|((question, criterion), all)| of_criterion(question, criterion, all)).collect();
    apart.retain(|a| !a.answers.is_empty());
    apart.sort_by(|a, b| b.mean_difference.total_cmp(&a.mean_difference).then(b.n.cmp(&a.n)));
    apart.truncate(MOST_APART);
    (bands.marks + levels.marks > 0).then(|| Pair { first: first.clone(), second: second.clone(), bands, levels, apart })
}

#[allow(clippy::cast_precision_loss)] // some hundreds
fn of_criterion(question: &str, criterion: &str, mut all: Vec<Difference>) -> Apart {
    let n = all.len();
    let sum: usize = all.iter().map(|d| usize::from(d.first.abs_diff(d.second))).sum();
    all.retain(|d| d.first != d.second);
    let mean_difference = (sum as f64 / n.max(1) as f64 * 100.0).round() / 100.0;
    Apart { question: question.to_owned(), criterion: criterion.to_owned(), n, mean_difference, answers: all }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(band: u8, points: &[(&str, u8)]) -> Judgement {
        Judgement { band: Some(band), points: points.iter().map(|(id, level)| ((*id).to_owned(), *level)).collect() }
    }

    fn judged(question: usize, by: Vec<(Judge, Judgement)>) -> Judged {
        let answer = AnswerName { session: "a".into(), question, take: 1, id: "lost-file".into() };
        Judged { answer, by: by.into_iter().collect() }
    }

    #[test]
    fn only_what_both_judged_is_compared_and_the_farthest_point_comes_first() {
        let ada = || Judge::Coach("Ada".into());
        let all = [
            judged(1, vec![(ada(), judgement(2, &[("calm", 0), ("clear", 3)])), (Judge::Program, judgement(4, &[("calm", 3), ("clear", 2)]))]),
            judged(2, vec![(ada(), judgement(3, &[("clear", 1)])), (Judge::Program, judgement(3, &[("calm", 3), ("clear", 1)]))]),
            judged(3, vec![(Judge::Program, judgement(1, &[("calm", 0)]))]),
            judged(4, vec![(Judge::Candidate, judgement(5, &[]))]),
        ];
        let found = calibrate(&all);
        assert_eq!((found.answers, found.pairs.len()), (2, 1), "{found:?}");
        let pair = &found.pairs[0];
        assert_eq!((&pair.first, &pair.second), (&ada(), &Judge::Program));
        assert_eq!((pair.bands.answers, pair.bands.exact, pair.levels.marks, pair.levels.answers), (2, 1, 3, 2));
        let apart: Vec<_> = pair.apart.iter().map(|a| (a.criterion.as_str(), a.n, a.mean_difference, a.answers.len())).collect();
        assert_eq!(apart, [("calm", 1, 3.0, 1), ("clear", 2, 0.5, 1)]);
    }
}
