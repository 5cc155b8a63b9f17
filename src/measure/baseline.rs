//! The speaker's own usual: what the measures of earlier takes were, and what is different this time. Pure.

use serde::Serialize;

use super::{Measures, wording};

/// From fewer takes nothing is usual yet.
pub const LEAST_TAKES: usize = 3;
/// The latest takes tell what is usual now.
pub const MOST_TAKES: usize = 50;
/// From so many takes on one that is far off does not count towards the spread.
const ROBUST_FROM: usize = 8;
/// The standard deviation of a normal distribution is so many times its median absolute deviation.
const DEVIATIONS: f64 = 1.4826;

/// A figure of the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    WordsPerMinute,
    ArticulationRate,
    PauseShare,
    FillersPerMinute,
    PitchVariation,
    Loudness,
}

impl Figure {
    pub const ALL: [Self; 6] =
        [Self::WordsPerMinute, Self::ArticulationRate, Self::PauseShare, Self::FillersPerMinute, Self::PitchVariation, Self::Loudness];

    /// Its value in these measures; None where it was not measured.
    #[must_use]
    pub fn of(self, measures: &Measures) -> Option<f64> {
        match self {
            Self::WordsPerMinute => measures.pace.as_ref().map(|p| p.words_per_minute),
            Self::ArticulationRate => measures.pace.as_ref().map(|p| p.articulation_rate),
            Self::PauseShare => measures.pauses.as_ref().map(|p| p.share),
            Self::FillersPerMinute => measures.fillers.as_ref().and_then(|f| f.per_minute),
            Self::PitchVariation => measures.pitch.as_ref().and_then(|p| p.melody).map(|m| m.sd_semitones),
            Self::Loudness => measures.loudness.as_ref().and_then(|l| l.lufs),
        }
    }

    /// The smallest difference that a listener notices, for a figure of this size: a tenth of a tempo (Quené 2007 measured 5 % in the
    /// laboratory); of the others our own, a step that can be told without counting.
    #[must_use]
    pub fn noticeable(self, usual: f64) -> f64 {
        match self {
            Self::WordsPerMinute | Self::ArticulationRate => usual * 0.1,
            Self::PauseShare => 0.1,
            Self::FillersPerMinute => 2.0,
            Self::PitchVariation => 1.0,
            Self::Loudness => 3.0,
        }
    }
}

/// What is usual for one figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Usual {
    pub figure: Figure,
    pub median: f64,
    /// How far takes lie from it, as a standard deviation (from the median absolute deviation).
    pub spread: f64,
    /// In how many takes it was measured.
    pub takes: usize,
}

/// What is usual, of each figure that was measured often enough.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Baseline {
    pub usual: Vec<Usual>,
    /// How often which phrases come.
    #[serde(skip)]
    pub phrases: wording::Usual,
}

/// One figure of a take beside what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    pub figure: Figure,
    pub value: f64,
    pub usual: Usual,
}

impl Baseline {
    /// From the measures of earlier takes, the newest last.
    #[must_use]
    pub fn of(earlier: &[&Measures]) -> Self {
        let latest = &earlier[earlier.len().saturating_sub(MOST_TAKES)..];
        let usual = Figure::ALL.into_iter().filter_map(|figure| {
            let values: Vec<f64> = latest.iter().filter_map(|m| figure.of(m)).collect();
            if values.len() < LEAST_TAKES {
                return None;
            }
            let middle = median(&values)?;
            let deviations: Vec<f64> = values.iter().map(|v| (v - middle).abs()).collect();
            // of few takes the middle of the deviations is often far too small, and so it is where most are alike to the digit
            let robust = DEVIATIONS * median(&deviations)?;
            let spread = if values.len() < ROBUST_FROM || robust <= 0.0 { robust.max(deviation(&values)) } else { robust };
            let rounded = |v: f64| (v * 100.0).round() / 100.0;
            Some(Usual { figure, median: rounded(middle), spread: rounded(spread), takes: values.len() })
        });
        Self { usual: usual.collect(), phrases: wording::Usual::new() }
    }

    #[must_use]
    pub fn usual(&self, figure: Figure) -> Option<Usual> {
        self.usual.iter().copied().find(|u| u.figure == figure)
    }

    /// What is different enough to be heard, and not just one of the differences from take to take.
    #[must_use]
    pub fn differences(&self, measures: &Measures) -> Vec<Difference> {
        let different = |usual: &Usual| {
            let value = usual.figure.of(measures)?;
            // of nothing there is no percentage
            if usual.median.abs() < f64::EPSILON && matches!(usual.figure, Figure::WordsPerMinute | Figure::ArticulationRate) {
                return None;
            }
            let enough = usual.figure.noticeable(usual.median).max(usual.chance());
            ((value - usual.median).abs() > enough).then_some(Difference { figure: usual.figure, value, usual: *usual })
        };
        self.usual.iter().filter_map(different).collect()
    }
}

impl Usual {
    /// How far a further take may lie from the middle by chance alone, in 95 of 100 cases: the prediction interval of a normal distribution,
    /// t · s · √(1 + 1/n).
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // at most fifty
    pub fn chance(&self) -> f64 {
        student(self.takes) * self.spread * (1.0 + 1.0 / self.takes.max(1) as f64).sqrt()
    }

    /// How far two takes may lie apart by chance alone, in 95 of 100 cases: t · s · √2.
    #[must_use]
    pub fn chance_between_two(&self) -> f64 {
        student(self.takes) * self.spread * std::f64::consts::SQRT_2
    }
}

/// The 97.5 % point of Student's t distribution for a spread that was told from so many takes (Fisher & Yates, table III).
fn student(takes: usize) -> f64 {
    const POINTS: [f64; 10] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    match takes.saturating_sub(1) {
        0 => f64::INFINITY,
        freedom @ 1..=10 => POINTS[freedom - 1],
        // never less than the true one
        11..=15 => 2.201,
        16..=30 => 2.120,
        _ => 2.042,
    }
}

/// Standard deviation of a sample of two or more.
#[allow(clippy::cast_precision_loss)] // at most fifty
fn deviation(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len().saturating_sub(1).max(1)) as f64).sqrt()
}

/// The middle one, or the mean of the two in the middle; None of none.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some(low.midpoint(*high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Heard, Pace};

    fn with_pace(words_per_minute: f64) -> Measures {
        Measures { pace: Some(Pace { words_per_minute, articulation_rate: 200.0, ..Pace::default() }), ..Measures::of_sound(Heard::default()) }
    }

    #[test]
    fn two_takes_make_nothing_usual() {
        let takes = [with_pace(150.0), with_pace(152.0)];
        assert!(Baseline::of(&takes.iter().collect::<Vec<_>>()).usual.is_empty());
    }

    #[test]
    fn only_what_a_listener_would_notice_is_different() {
        let takes = [150.0, 148.0, 152.0, 90.0, 151.0, 149.0, 150.0, 153.0, 147.0].map(with_pace);
        let baseline = Baseline::of(&takes.iter().collect::<Vec<_>>());
        let usual = baseline.usual(Figure::WordsPerMinute).unwrap();
        assert_eq!((usual.median, usual.takes), (150.0, 9));
        assert!(baseline.differences(&with_pace(164.0)).is_empty());
        let different = baseline.differences(&with_pace(170.0));
        assert_eq!(different.iter().map(|d| (d.figure, d.value)).collect::<Vec<_>>(), [(Figure::WordsPerMinute, 170.0)]);
    }

    #[test]
    fn what_chance_does_is_no_difference() {
        // of takes that all come from one normal distribution one in twenty may be called different, and up to one in ten of eight, where one that
        // is far off shall not count
        let mut random = 1_u64;
        let mut normal = || {
            let mut uniform = || {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                #[allow(clippy::cast_precision_loss)]
                let value = (random >> 11) as f64 / (1_u64 << 53) as f64;
                value
            };
            170.0 + 40.0 * ((0..12).map(|_| uniform()).sum::<f64>() - 6.0)
        };
        for takes in [3, 8, 20] {
            let called = (0..1_000).filter(|_| {
                let earlier: Vec<Measures> = (0..takes).map(|_| with_pace(normal())).collect();
                let baseline = Baseline::of(&earlier.iter().collect::<Vec<_>>());
                baseline.differences(&with_pace(normal())).iter().any(|d| d.figure == Figure::WordsPerMinute)
            });
            let called = called.count();
            assert!(called < if takes == 8 { 130 } else { 90 }, "{called} of 1000 with {takes} earlier takes");
        }
        // most alike, and one far off: that one says how far takes lie
        let takes = [150.0, 150.0, 150.0, 90.0].map(with_pace);
        assert!(Baseline::of(&takes.iter().collect::<Vec<_>>()).usual(Figure::WordsPerMinute).unwrap().spread > 20.0);
    }

    #[test]
    fn whoever_varies_much_is_told_less() {
        let takes = [100.0, 130.0, 150.0, 170.0, 200.0].map(with_pace);
        assert!(Baseline::of(&takes.iter().collect::<Vec<_>>()).differences(&with_pace(175.0)).is_empty());
    }
}
