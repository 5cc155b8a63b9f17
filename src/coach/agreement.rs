//! How well two people, or a person and the program, agree on ordered marks: weighted kappa, its interval, and plain counts. Pure.
//!
//! Kappa takes off what would agree by chance: 1 is as if one had judged twice, 0 as if each had thrown dice with their own habits.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// Answers from which an interval is given: below, resampling says next to nothing.
pub const LEAST: usize = 10;
/// How often the answers are drawn again.
const DRAWS: usize = 2_000;
/// The same answers give the same interval.
const SEED: u64 = 1968;

/// The agreement of two judges.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Answers that both judged.
    pub answers: usize,
    /// Marks that both gave: one an answer for bands, one a point for levels.
    pub marks: usize,
    /// See [`kappa`]; to three decimals.
    pub kappa: Option<f64>,
    pub interval: Interval,
    /// Marks that are the same.
    pub exact: usize,
    /// Marks that are the same or one apart.
    pub within_one: usize,
}

/// Where kappa lies with 95 % confidence, or why that is not said.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// To three decimals.
    Between(f64, f64),
    /// So many answers more are needed.
    TooFew { missing: usize },
    /// All answers are alike, such as in full agreement: drawing them again gives the same over and over, which says nothing of how sure it is.
    Unvarying,
}

/// What kappa is made of, which adds up: so an answer of many points is drawn as one.
#[derive(Clone, Copy, Default)]
struct Sums {
    n: i64,
    a: i64,
    b: i64,
    aa: i64,
    bb: i64,
    ab: i64,
}

impl Sums {
    fn of(pairs: &[(u8, u8)]) -> Self {
        let one = |&(a, b): &(u8, u8)| {
            let (a, b) = (i64::from(a), i64::from(b));
            Self { n: 1, a, b, aa: a * a, bb: b * b, ab: a * b }
        };
        pairs.iter().map(one).fold(Self::default(), Self::plus)
    }

    fn plus(self, o: Self) -> Self {
        Self { n: self.n + o.n, a: self.a + o.a, b: self.b + o.b, aa: self.aa + o.aa, bb: self.bb + o.bb, ab: self.ab + o.ab }
    }

    /// 1 - (observed mean squared difference) / (that of chance). With n marks: the first is (Σa² + Σb² - 2 Σab) / n, the second, over all pairs
    /// of any a with any b, (Σa² + Σb²) / n - 2 Σa Σb / n².
    #[allow(clippy::cast_precision_loss)] // sums of some thousand small numbers
    fn kappa(self) -> Option<f64> {
        let observed = self.n * (self.aa + self.bb - 2 * self.ab);
        let chance = self.n * (self.aa + self.bb) - 2 * self.a * self.b;
        (chance > 0).then(|| 1.0 - observed as f64 / chance as f64)
    }
}

/// Cohen's kappa with quadratic weights (J. Cohen, Weighted kappa, Psychological Bulletin 70, 1968): a difference of two weighs as four of one. None
/// where both give every answer one and the same mark, or there is none: then nothing could disagree.
#[must_use]
pub fn kappa(pairs: &[(u8, u8)]) -> Option<f64> {
    Sums::of(pairs).kappa()
}

/// The agreement over these answers, each with its marks by the first and the second judge. Those without marks count for nothing.
///
/// The interval is the percentile bootstrap (B. Efron, 1979): the answers are drawn again with replacement 2,000 times with a fixed seed, all marks
/// of an answer together, as they hang together.
#[must_use]
pub fn agreement(answers: &[Vec<(u8, u8)>]) -> Agreement {
    let sums: Vec<Sums> = answers.iter().filter(|a| !a.is_empty()).map(|pairs| Sums::of(pairs)).collect();
    let apart = |most: u8| answers.iter().flatten().filter(|(a, b)| a.abs_diff(*b) <= most).count();
    let kappa = sums.iter().copied().fold(Sums::default(), Sums::plus).kappa();
    Agreement {
        answers: sums.len(),
        marks: answers.iter().map(Vec::len).sum(),
        kappa: kappa.map(rounded),
        interval: interval(&sums),
        exact: apart(0),
        within_one: apart(1),
    }
}

fn interval(sums: &[Sums]) -> Interval {
    if sums.len() < LEAST {
        return Interval::TooFew { missing: LEAST - sums.len() };
    }
    let mut dice = ChaCha8Rng::seed_from_u64(SEED);
    let mut draw = || {
        let drawn = (0..sums.len()).map(|_| usize::try_from(dice.next_u64() % sums.len() as u64).unwrap_or_default());
        drawn.map(|i| sums[i]).fold(Sums::default(), Sums::plus).kappa()
    };
    let mut kappas: Vec<f64> = (0..DRAWS).filter_map(|_| draw()).collect();
    // draws in which nothing could disagree have no kappa; where they are many, the others are no fair sample
    if kappas.len() < DRAWS - DRAWS / 20 {
        return Interval::Unvarying;
    }
    kappas.sort_by(f64::total_cmp);
    let (low, high) = (kappas[kappas.len() * 25 / 1_000], kappas[kappas.len() * 975 / 1_000]);
    if high - low < 0.000_5 { Interval::Unvarying } else { Interval::Between(rounded(low), rounded(high)) }
}

/// To three decimals; never -0.
fn rounded(kappa: f64) -> f64 {
    (kappa * 1_000.0).round() / 1_000.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marks of a table: rows the first judge, columns the second.
    fn marks(table: &[&[usize]]) -> Vec<Vec<(u8, u8)>> {
        let cells = (0u8..).zip(table).flat_map(|(a, row)| (0u8..).zip(*row).map(move |(b, count)| (a, b, *count)));
        cells.flat_map(|(a, b, count)| vec![vec![(a, b)]; count]).collect()
    }

    /// Four-step assessments of 85 xeromammograms by two radiologists (Boyd and others, 1982), as in the Stata manual's example of `kap, wgt(w2)`: 0.6714.
    const XEROMAMMOGRAMS: [&[usize]; 4] = [&[21, 12, 0, 0], &[4, 17, 1, 0], &[3, 9, 15, 2], &[0, 0, 0, 1]];
    /// 118 slides by two pathologists (Landis and Koch, 1977), as in Agresti, Categorical Data Analysis: 0.78 with squared weights.
    const SLIDES: [&[usize]; 4] = [&[22, 2, 2, 0], &[5, 7, 14, 0], &[0, 2, 36, 0], &[0, 1, 17, 10]];

    #[test]
    fn kappa_is_that_of_published_tables() {
        let boyd = agreement(&marks(&XEROMAMMOGRAMS));
        assert_eq!((boyd.answers, boyd.exact, boyd.within_one), (85, 54, 82));
        assert!((kappa(&marks(&XEROMAMMOGRAMS).concat()).unwrap() - 0.6714).abs() < 0.000_05);
        assert_eq!(boyd.kappa, Some(0.671));
        assert!((kappa(&marks(&SLIDES).concat()).unwrap() - 0.78).abs() < 0.005);
    }

    #[test]
    fn the_interval_is_near_that_of_large_samples_and_the_same_each_time() {
        // the standard error by Fleiss, Cohen and Everitt (1969) for the slides is 0.039, so 0.71 to 0.86
        let Interval::Between(low, high) = agreement(&marks(&SLIDES)).interval else { panic!("no interval") };
        assert!((low - 0.71).abs() < 0.03 && (high - 0.86).abs() < 0.03, "{low} to {high}");
        assert_eq!(agreement(&marks(&SLIDES)), agreement(&marks(&SLIDES)));
    }

    #[test]
    fn opposites_are_below_chance_and_one_mark_for_all_has_no_kappa() {
        assert_eq!(kappa(&[(1, 5), (5, 1)]), Some(-1.0));
        assert_eq!(kappa(&[(1, 1), (5, 5)]), Some(1.0));
        assert_eq!(kappa(&[(3, 3), (3, 3)]), None);
        assert_eq!(kappa(&[]), None);
        // always one higher: never the same, yet far from chance
        assert_eq!(kappa(&[(1, 2), (2, 3), (3, 4), (4, 5)]).map(rounded), Some(0.714));
    }

    #[test]
    fn of_few_answers_or_of_perfect_ones_no_interval_is_claimed() {
        let answers = |n: u8| (0..n).map(|i| vec![(i % 5, i % 5)]).collect::<Vec<_>>();
        assert_eq!(agreement(&answers(9)).interval, Interval::TooFew { missing: 1 });
        assert_eq!(agreement(&answers(40)).interval, Interval::Unvarying);
        // ten points of one answer are one answer
        assert_eq!(agreement(&[vec![(1, 2); 10]]).interval, Interval::TooFew { missing: 9 });
        assert_eq!(agreement(&[Vec::new()]).answers, 0);
    }
}
