//! Weights and limits of the matcher. Written by `scripts/scoring/fit.py write`; not to be edited.
//!
//! Fitted 2026-11-26 by logistic regression (penalty 5.0 on the standardised weights), the limits chosen by cross-validation over questions.
//! Patterns: answers of three writers graded point by point, to questions whose id has an even CRC-32; with little weight, answers to other questions,
//! about something else, and heaps of key words, which make no point. Sentences: the training part of SemEval-2013 Task 7 (`SciEntsBank`, Beetle), each
//! answer held against the others to its question; for criteria without opposites, against the reference answers alone. Measured on what was kept aside
//! (odd questions, unseen answers): "swapped" are answers to other questions, "wide" counts incorrect answers as opposites, "refs" has the reference
//! answers alone.
//!
//! ```text
//! - meaning, graded odd: F1 of made 0.806 (macro 0.806), rank correlation 0.821 by levels, 0.822 by probabilities; contradicted: precision 0.70
//!   at recall 0.39
//! - meaning, odd, points granted: strong 0.906, vague 0.000, off_topic 0.000, swapped 0.191, heap_points 0.000, heap_evidence 0.000, heap_commas
//!   0.000, negated 0.000, question 0.000, lorem 0.000, read_points 0.026
//! - meaning, odd, with 4 phrases of evidence: F1 of made 0.734, rank correlation 0.722, swapped 0.274
//! - meaning, odd, with 10 phrases of evidence: F1 of made 0.763, rank correlation 0.720, swapped 0.236
//! - meaning, odd, 5 % of the words misheard: 0.014 of the points lost
//! - meaning, odd, 10 % of the words misheard: 0.044 of the points lost
//! - meaning, odd, 20 % of the words misheard: 0.066 of the points lost
//! - meaning, scientsbank refs: macro F1 0.716; contradicted: precision 0.20 at recall .30, by the limit 0.00 at 0.00
//! - meaning, beetle refs: macro F1 0.769; contradicted: precision 0.59 at recall .30, by the limit 0.00 at 0.00
//! - words, graded odd: F1 of made 0.811 (macro 0.809), rank correlation 0.794 by levels, 0.800 by probabilities; contradicted: precision 0.93 at
//!   recall 0.34
//! - words, odd, points granted: strong 0.927, vague 0.000, off_topic 0.000, swapped 0.187, heap_points 0.000, heap_evidence 0.000, heap_commas
//!   0.000, negated 0.005, question 0.000, lorem 0.000, read_points 0.026
//! - words, odd, with 4 phrases of evidence: F1 of made 0.717, rank correlation 0.673, swapped 0.271
//! - words, odd, with 10 phrases of evidence: F1 of made 0.780, rank correlation 0.717, swapped 0.246
//! - words, odd, 5 % of the words misheard: 0.019 of the points lost
//! - words, odd, 10 % of the words misheard: 0.045 of the points lost
//! - words, odd, 20 % of the words misheard: 0.067 of the points lost
//! - words, scientsbank full: macro F1 0.778; contradicted: precision 0.72 at recall .30, by the limit 0.67 at 0.41
//! - words, scientsbank wide: macro F1 0.683; contradicted: precision 0.21 at recall .30, by the limit 0.17 at 0.69
//! - words, scientsbank refs: macro F1 0.716; contradicted: precision 0.23 at recall .30, by the limit 0.00 at 0.00
//! - words, beetle full: macro F1 0.830; contradicted: precision 0.77 at recall .30, by the limit 0.58 at 0.70
//! - words, beetle wide: macro F1 0.870; contradicted: precision 0.47 at recall .30, by the limit 0.42 at 0.81
//! - words, beetle refs: macro F1 0.772; contradicted: precision 0.58 at recall .30, by the limit 0.00 at 0.00
//! ```

use serde::Serialize;

use super::criterion::Kind;
use super::matcher::FEATURES;

/// One logistic regression; the weights in the order of [`super::matcher::NAMES`].
#[derive(Serialize)]
pub(super) struct Row {
    pub weights: [f32; FEATURES],
    pub constant: f32,
}

/// Probabilities from which a verdict is given.
#[derive(Serialize)]
pub(super) struct Limits {
    pub made: f32,
    pub partly: f32,
    pub contradicted: f32,
}

/// All for one kind of criterion.
#[derive(Serialize)]
pub(super) struct Rows {
    pub made: Row,
    pub contradicted: Row,
    pub limits: Limits,
}

/// The rows for a kind of criterion, with meaning or with words alone.
pub(super) fn rows(kind: Kind, meaning: bool) -> &'static Rows {
    match (kind, meaning) {
        (Kind::Patterns, true) => &PATTERNS_MEANING,
        (Kind::Patterns, false) => &PATTERNS_WORDS,
        (Kind::Sentences, _) => &SENTENCES_WORDS,
        (Kind::Alone, true) => &ALONE_MEANING,
        (Kind::Alone, false) => &ALONE_WORDS,
    }
}

#[rustfmt::skip]
static PATTERNS_MEANING: Rows = Rows {
    // length speech found heard near near3 point point_new counter counter3 denied texts counters meant3 counter_meant about
    made: Row {
        weights: [2.9000, 11.9973, 0.7372, 0.4009, 0.0000, 3.6254, -0.4445, -0.0201, -0.3435, 0.4992, -0.0019, -1.0021, 0.0000, 0.6449, -0.7884, -2.6068],
        constant: -17.0125,
    },
    contradicted: Row {
        weights: [-1.1574, 5.4401, -1.0728, 0.0211, 0.0000, -1.8545, -2.3709, -0.3777, 0.7021, 3.0473, 1.3528, -0.4177, 0.0000, 4.1287, 1.8058, -1.6677],
        constant: -0.8257,
    },
    limits: Limits { made: 0.4790, partly: 0.2000, contradicted: 0.1874 },
};

#[rustfmt::skip]
static PATTERNS_WORDS: Rows = Rows {
    // length speech found heard near near3 point point_new counter counter3 denied texts counters meant3 counter_meant about
    made: Row {
        weights: [2.7607, 11.1707, 0.7356, 0.2945, 0.0000, 5.2866, -0.0708, -0.1328, -0.1604, 0.0001, -0.0567, -0.9846, 0.0000, 0.0000, 0.0000, 0.0000],
        constant: -16.9904,
    },
    contradicted: Row {
        weights: [-1.0217, 5.8081, -1.1147, 0.0382, 0.0000, -1.0048, -2.1780, -0.6713, 1.0252, 4.1853, 1.4684, -0.3459, 0.0000, 0.0000, 0.0000, 0.0000],
        constant: -1.1254,
    },
    limits: Limits { made: 0.4488, partly: 0.3000, contradicted: 0.1943 },
};

#[rustfmt::skip]
static SENTENCES_WORDS: Rows = Rows {
    // length speech found heard near near3 point point_new counter counter3 denied texts counters meant3 counter_meant about
    made: Row {
        weights: [0.4517, 3.3032, 0.7624, 0.0061, 2.9916, 2.9398, -0.2990, 0.7814, 0.3106, -3.1356, 0.8422, 0.0663, -0.0657, 0.0000, 0.0000, 0.0000],
        constant: -5.7642,
    },
    contradicted: Row {
        weights: [0.3643, 0.5423, -0.7172, 0.0537, -1.1447, -3.5360, 0.4183, -0.7104, 2.9091, 1.6729, 0.5194, 0.5230, 0.3231, 0.0000, 0.0000, 0.0000],
        constant: -4.5279,
    },
    limits: Limits { made: 0.4200, partly: 0.2100, contradicted: 0.3402 },
};

#[rustfmt::skip]
static ALONE_MEANING: Rows = Rows {
    // length speech found heard near near3 point point_new counter counter3 denied texts counters meant3 counter_meant about
    made: Row {
        weights: [-0.0998, 3.0996, 1.5302, 0.4068, 2.5810, -1.0557, -0.6368, 2.1150, 0.0000, 0.0000, 0.6074, -0.7500, 0.0000, 1.3329, 0.0000, -0.0566],
        constant: -3.3220,
    },
    contradicted: Row {
        weights: [0.3309, 0.0923, -1.1947, 0.0314, -0.6825, -1.1429, 1.0666, -1.9165, 0.0000, 0.0000, 1.0333, 0.7497, 0.0000, 1.1499, 0.0000, -0.6031],
        constant: -2.0530,
    },
    limits: Limits { made: 0.4400, partly: 0.2200, contradicted: 0.7058 },
};

#[rustfmt::skip]
static ALONE_WORDS: Rows = Rows {
    // length speech found heard near near3 point point_new counter counter3 denied texts counters meant3 counter_meant about
    made: Row {
        weights: [-0.0431, 3.1125, 1.2869, 0.2408, 3.7815, -0.2782, -0.9822, 1.9441, 0.0000, 0.0000, 0.9657, -0.7581, 0.0000, 0.0000, 0.0000, 0.0000],
        constant: -2.7717,
    },
    contradicted: Row {
        weights: [0.3119, 0.0711, -1.1123, 0.0475, -0.6756, -1.6169, 1.3914, -1.6644, 0.0000, 0.0000, 0.9972, 0.7459, 0.0000, 0.0000, 0.0000, 0.0000],
        constant: -2.0783,
    },
    limits: Limits { made: 0.4200, partly: 0.2100, contradicted: 0.6970 },
};
