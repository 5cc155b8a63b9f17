//! Figures of the delivery over the takes, beside the speaker's usual.

use serde::Serialize;

use super::Given;
use crate::measure::Measures;
use crate::measure::baseline::{Baseline, Figure};

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureProgress {
    pub figure: Figure,
    /// Of each take in which it was measured, the oldest first.
    pub values: Vec<Value>,
    /// The middle of all takes but the last; None where there are fewer than three of these.
    pub usual: Option<f64>,
    /// How far takes lie from it, as a standard deviation.
    pub spread: Option<f64>,
    /// From how many takes both come; of many only the latest count.
    pub takes: usize,
    /// Whether the last take differs from the usual by more than the spread and by more than a listener would miss; None where no usual is known.
    pub last_differs: Option<bool>,
}

/// A figure in one take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// Its place among the sessions, from 0.
    pub session: usize,
    /// The question's id.
    pub question: String,
    pub take: usize,
    pub value: f64,
}

pub(super) fn of(given: &[Given]) -> Vec<FigureProgress> {
    let measured: Vec<(&Given, &Measures)> = given.iter().filter_map(|g| Some((g, &g.report()?.measures))).collect();
    Figure::ALL.into_iter().filter_map(|figure| of_figure(figure, &measured)).collect()
}

fn of_figure(figure: Figure, measured: &[(&Given, &Measures)]) -> Option<FigureProgress> {
    let with_it: Vec<(&Given, &Measures, f64)> = measured.iter().filter_map(|(g, m)| Some((*g, *m, figure.of(m)?))).collect();
    let ((_, last, _), earlier) = with_it.split_last()?;
    let baseline = Baseline::of(&earlier.iter().map(|(_, m, _)| *m).collect::<Vec<_>>());
    let usual = baseline.usual(figure);
    let value = |(g, _, value): &(&Given, &Measures, f64)| Value {
        session: g.session,
        question: g.answer.question.id.clone(),
        take: g.answer.files.take,
        value: *value,
    };
    Some(FigureProgress {
        figure,
        values: with_it.iter().map(value).collect(),
        usual: usual.map(|u| u.median),
        spread: usual.map(|u| u.spread),
        takes: usual.map_or(earlier.len(), |u| u.takes),
        last_differs: usual.map(|_| baseline.differences(last).iter().any(|d| d.figure == figure)),
    })
}
