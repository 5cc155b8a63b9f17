//! Whether an answer makes a point: some features of both, weighed by logistic regression. In go an [`Answer`] and a [`Criterion`], each prepared once; out
//! comes a [`Judgement`] with two probabilities and the stretch of the answer that comes nearest. Pure, and the same for the same input.
//!
//! Words and, where the model is there, meaning are compared in every window of the answer; what the regression sees are maxima and means over them. The
//! weights and the limits of the verdicts stand in `weights`, with what they were fitted on.

use std::ops::Range;

use super::answer::{Answer, log_of};
use super::criterion::{Criterion, Kind, Which};
use super::meaning::alike;
use super::overlap::{Finder, Overlap};
use super::weights::{self, Row};

/// How many features there are.
pub const FEATURES: usize = 16;
/// Their names, in their order, as `fit.py` knows them. "near" is the [`closeness`] of a window and a text: with meaning up to 2, without up to 1.
pub const NAMES: [&str; FEATURES] = [
    "length",        // logarithm of the answer's telling words
    "speech",        // share of small words, up to 0.4
    "found",         // logarithm of the phrases of evidence that stand in it exactly
    "heard",         // logarithm of the evidence of which most words stand in one window
    "near",          // the nearest of point and evidence
    "near3",         // mean of the three nearest
    "point",         // the point itself
    "point_new",     // share of the point's words that stand in one window, without words of the question
    "counter",       // the nearest opposite
    "counter3",      // mean of the three nearest
    "denied",        // evidence or point of which the words stand there, denied on one side
    "texts",         // logarithm of the evidence: of many, one is near by chance
    "counters",      // logarithm of the opposites
    "meant3",        // meaning only: mean of the three of evidence and point that are nearest in meaning
    "counter_meant", // meaning only: the opposite nearest in meaning
    "about",         // meaning only: the question, nearest in meaning
];
/// The share of small words from which words are sentences, not a heap of key words.
const SENTENCES: f32 = 0.3;
/// The share of a phrase's information from which it was heard.
const HEARD: f32 = 0.6;

/// SHA-256 of all weights and limits.
#[must_use]
pub fn sha256() -> String {
    let kinds = [Kind::Patterns, Kind::Sentences, Kind::Alone];
    crate::hash::sha256_of(&kinds.map(|kind| [true, false].map(|meaning| weights::rows(kind, meaning))))
}

/// What one answer says to one criterion.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// The probability that the point is made, 0 to 1.
    pub made: f32,
    /// The probability that the contrary is said, 0 to 1.
    pub contradicted: f32,
    pub verdict: Verdict,
    /// The words that come nearest to the point; empty for an answer without a word.
    pub window: Range<usize>,
    /// The text that they come nearest to: the point or a piece of evidence.
    pub nearest: Which,
    /// The words that come nearest to an opposite, and which.
    pub counter: Option<(Range<usize>, Which)>,
    /// Where phrases of evidence stand word by word.
    pub exact: Vec<Range<usize>>,
    /// The nearest words are what one would do, not what one did. It changes no probability: a question "What would you do?" wants a "would".
    pub supposed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Made,
    Partly,
    NotFound,
    Contradicted,
}

/// The features, and where the best window is.
#[derive(Clone, Debug)]
pub struct Found {
    pub features: [f32; FEATURES],
    /// A phrase of evidence stands in it word by word, and is not denied.
    stands: bool,
    /// Most words of an opposite stand in one window, or most of a phrase of evidence, denied.
    contrary_heard: bool,
    exact: Vec<Range<usize>>,
    /// Number of the text and of the window: of evidence or point, and of the opposites.
    best: Option<(usize, usize)>,
    counter: Option<(usize, usize)>,
}

/// Judges whether the answer makes the point. Meaning counts where both sides have it.
#[must_use]
pub fn judge(criterion: &Criterion, answer: &Answer) -> Judgement {
    let found = features(criterion, answer);
    let rows = weights::rows(criterion.kind, criterion.vectors.is_some() && answer.vectors.is_some());
    let (made, contradicted) = (probability(&rows.made, &found.features), probability(&rows.contradicted, &found.features));
    // without opposites there is too little to tell the contrary by (see the figures in `weights`); held against patterns whatever says little is likely
    // to be the contrary: there it must itself have been said
    let said = found.contrary_heard || criterion.kind != Kind::Patterns;
    let contrary = contradicted >= rows.limits.contradicted && found.counter.is_some() && said;
    // what says little, the regression believes little; but a phrase of the rubric that stands there, and is not denied, is the point
    let is_made = made >= rows.limits.made || (found.stands && answer.speech() >= SENTENCES);
    let verdict = if contrary && !is_made {
        Verdict::Contradicted
    } else if is_made {
        Verdict::Made
    } else if made >= rows.limits.partly {
        Verdict::Partly
    } else {
        Verdict::NotFound
    };
    let place = |(target, window): (usize, usize)| (answer.windows[window].words.clone(), criterion.targets[target].which);
    let (window, nearest) = found.best.map_or((0..0, Which::Point), place);
    let supposed = answer.plain(window.clone()).any(|word| SUPPOSED.contains(&word.as_str()));
    Judgement { made, contradicted, verdict, window, nearest, counter: found.counter.map(place), exact: found.exact, supposed }
}

/// The logistic function of the weighted sum.
fn probability(row: &Row, features: &[f32; FEATURES]) -> f32 {
    let sum = row.weights.iter().zip(features).map(|(weight, feature)| weight * feature).sum::<f32>() + row.constant;
    1.0 / (1.0 + (-sum).exp())
}

/// How near a window comes to a text: the cosine of their meanings (0 without them) and the mean of two shares of words.
fn closeness(cosine: f32, overlap: Overlap) -> f32 {
    cosine + f32::midpoint(overlap.recall, overlap.both)
}

/// What the regression sees. Public for fitting.
#[must_use]
pub fn features(criterion: &Criterion, answer: &Answer) -> Found {
    let overlaps = Finder::new(answer).overlaps(criterion);
    let windows = answer.windows.len();
    // cosines of the question, then of each text, with each window
    let cosines: Option<Vec<Vec<f32>>> = match (&criterion.vectors, &answer.vectors) {
        (Some(texts), Some(windows)) => Some(texts.iter().map(|text| windows.iter().map(|w| alike(text, w)).collect()).collect()),
        _ => None,
    };
    let cosine = |row: usize, window: usize| cosines.as_ref().map_or(0.0, |c| c[row][window]);
    let near = |target: usize, window: usize| closeness(cosine(target + 1, window), overlaps[target][window]);
    let of = |kind: fn(Which) -> bool| (0..criterion.targets.len()).filter(|t| kind(criterion.targets[*t].which)).collect::<Vec<usize>>();
    let (point, evidence, opposite) = (of(|w| w == Which::Point), of(|w| matches!(w, Which::Evidence(_))), of(|w| matches!(w, Which::Opposite(_))));
    let over = |score: &dyn Fn(usize) -> f32| (0..windows).map(score).fold(0.0, f32::max);
    // of each text, how near the nearest window comes
    let near_of = |targets: &[usize]| targets.iter().map(|t| over(&|w| near(*t, w))).collect::<Vec<f32>>();
    let meant_of = |targets: &[usize]| targets.iter().map(|t| over(&|w| cosine(t + 1, w))).collect::<Vec<f32>>();
    let most = |targets: &[usize], share: fn(&Overlap) -> f32| targets.iter().flat_map(|t| overlaps[*t].iter().map(share)).fold(0.0, f32::max);
    let for_it: Vec<usize> = point.iter().chain(&evidence).copied().collect();
    let exact: Vec<(usize, Range<usize>)> = evidence.iter().filter_map(|t| Some((*t, answer.text.find(&criterion.targets[*t].phrase)?))).collect();
    let is_heard = |t: &usize| overlaps[*t].iter().any(|o| o.recall > HEARD);
    let heard = evidence.iter().filter(|t| is_heard(t)).count();
    let contrary_heard = opposite.iter().any(is_heard) || most(&for_it, |o| o.denied) > HEARD;
    let features = [
        answer.length(),
        answer.speech(),
        log_of(exact.len()),
        log_of(heard),
        mean_of_best(near_of(&for_it), 1),
        mean_of_best(near_of(&for_it), 3),
        mean_of_best(near_of(&point), 1),
        most(&point, |o| o.new),
        mean_of_best(near_of(&opposite), 1),
        mean_of_best(near_of(&opposite), 3),
        most(&for_it, |o| o.denied),
        log_of(evidence.len()),
        log_of(opposite.len()),
        mean_of_best(meant_of(&for_it), 3),
        mean_of_best(meant_of(&opposite), 1),
        over(&|w| cosine(0, w)),
    ];
    let denies = |t: usize| criterion.targets[t].slots.iter().any(|s| s.denied);
    let stand = exact.iter().any(|(t, at)| denies(*t) || !answer.is_denied(at));
    // where a phrase stands exactly, that is the place to show
    let stands = |t: usize, w: usize| {
        f32::from(exact.iter().any(|(e, at)| *e == t && answer.windows[w].words.start <= at.start && at.end <= answer.windows[w].words.end))
    };
    let place = |targets: &[usize], score: &dyn Fn(usize, usize) -> f32| {
        let all = targets.iter().flat_map(|t| (0..windows).map(move |w| (*t, w)));
        all.map(|pair| (pair, score(pair.0, pair.1))).reduce(|a, b| if b.1 > a.1 { b } else { a }).map(|(pair, _)| pair)
    };
    let (best, counter) = (place(&for_it, &|t, w| near(t, w) + stands(t, w)), place(&opposite, &near));
    Found { features, stands: stand, contrary_heard, best, counter, exact: exact.into_iter().map(|(_, at)| at).collect() }
}

/// The mean of the highest few; 0 of none.
fn mean_of_best(mut numbers: Vec<f32>, few: usize) -> f32 {
    numbers.sort_by(|a, b| b.total_cmp(a));
    numbers.truncate(few);
    #[allow(clippy::cast_precision_loss)] // three
    let count = numbers.len().max(1) as f32;
    numbers.iter().sum::<f32>() / count
}

const SUPPOSED: [&str; 14] =
    ["would", "i'd", "we'd", "he'd", "she'd", "they'd", "could", "should", "might", "wouldn't", "couldn't", "i'll", "we'll", "will"];

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> (Judgement, String) {
        let criterion = Criterion::new(
            "A patient at your desk is angry about the wait. What do you do?",
            "Names the patient's feeling before any explanation",
            &["understand|see you are frustrated|upset|angry", "sorry you waited", "must be hard|annoying"],
            &["tell them to calm down"],
        );
        let answer = Answer::new(&text.split_whitespace().collect::<Vec<_>>(), None);
        let judgement = judge(&criterion, &answer);
        let quote = answer.quote(judgement.window.clone());
        (judgement, quote)
    }

    const STORY: &str = "Last week a man had stood at my desk for nearly an hour and he was shouting at everybody around him. I went round to his side, \
        and I told him I could see how upset he was. I said I was sorry he had waited so long, and that it must be hard with his back. Then I rang the clinic \
        and found out that the doctor was on the ward, so I offered him a chair, some water, and a time when he would be seen.";

    #[test]
    fn a_point_is_found_where_it_is_made() {
        let (judgement, quote) = judged(STORY);
        assert_eq!(judgement.verdict, Verdict::Made, "{judgement:?}");
        assert!(quote.contains("sorry he had waited") || quote.contains("upset he was"), "{quote}");
        assert!(!judgement.supposed);
        assert_eq!(judgement, judged(STORY).0);
    }

    #[test]
    fn nothing_is_granted_for_nothing() {
        let question = "A patient at your desk is angry about the wait. What do you do?";
        let heap = "patient feeling frustrated upset angry sorry waited hard annoying explanation names";
        let denied = "I would not say I can see they are angry. I would never say sorry that they waited.";
        for text in ["", "um", question, heap, denied] {
            assert_ne!(judged(text).0.verdict, Verdict::Made, "{text}");
        }
    }

    #[test]
    fn what_one_would_do_is_told_from_what_one_did() {
        assert!(judged("I would say sorry you waited.").0.supposed);
        assert!(!judged("I said sorry you waited.").0.supposed);
    }
}
