//! From points to a mark that people can agree on: how far each point was made (0 to 3), what that is worth, and by fixed arithmetic one of five bands. Pure.
//!
//! Coarse on purpose: finer marks would claim more than a rubric can tell. Every report prints the sum.

use serde::{Deserialize, Serialize};

/// How far a point was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Made,
    /// Touched: meant, perhaps, but not said.
    Partly,
    NotFound,
    /// The contrary was said, and the point was not made.
    Contradicted,
}

/// Levels of a point: not found or contradicted, touched, made, made with a concrete instance.
pub const TOUCHED: u8 = 1;
pub const MADE: u8 = 2;
pub const CONCRETE: u8 = 3;

/// What a point at each level is worth, in fifths of its weight; and where the contrary was said. Of the ratios that were tried, these ranked graded
/// answers most as people did (on the questions that the matcher was fitted on). From touched to made is 2; an instance adds half of that.
pub const WORTH: [i32; 4] = [0, 2, 4, 5];
pub const CONTRADICTED: i32 = -2;
/// A point made with a concrete instance.
pub const MOST_WORTH: i32 = WORTH[CONCRETE as usize];

impl State {
    /// What a point in this state and at this level is worth.
    #[must_use]
    pub fn worth(self, level: u8) -> i32 {
        if self == Self::Contradicted { CONTRADICTED } else { WORTH[usize::from(level.min(CONCRETE))] }
    }

    /// The level of a point in this state; `concrete`: its words hold a concrete instance.
    #[must_use]
    pub fn level(self, concrete: bool) -> u8 {
        match self {
            Self::Made if concrete => CONCRETE,
            Self::Made => MADE,
            Self::Partly => TOUCHED,
            Self::NotFound | Self::Contradicted => 0,
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Made => "made",
            Self::Partly => "touched",
            Self::NotFound => "not found",
            Self::Contradicted => "contradicted",
        })
    }
}

/// 1 to 5: 1 and 2 are weak, 3 is fair, 4 and 5 are strong, as the question's behaviour anchors say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Band(u8);

/// Which of a question's three behaviour anchors a band belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Weak,
    Fair,
    Strong,
}

impl Band {
    /// Per cent of the credit from which an answer is in the second, third, fourth and fifth band: those that came nearest to the grades of people,
    /// on the questions that the matcher was fitted on. Every point made without an instance brings 80.
    pub const FROM: [u32; 4] = [15, 40, 60, 80];
    /// The band for this credit of at most `most`: each point's weight times its worth, of its weight times the most. The lowest where there is
    /// nothing to reach.
    #[must_use]
    pub fn of(credit: u32, most: u32) -> Self {
        let share = u64::from(credit) * 100;
        let reached = Self::FROM.iter().filter(|from| most > 0 && share >= u64::from(**from) * u64::from(most)).count();
        Self(1 + u8::try_from(reached).unwrap_or(4))
    }

    /// 1 to 5.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    #[must_use]
    pub fn anchor(self) -> Anchor {
        match self.0 {
            ..=2 => Anchor::Weak,
            3 => Anchor::Fair,
            _ => Anchor::Strong,
        }
    }
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_begin_where_they_say() {
        let number = |credit| Band::of(credit, 100).number();
        assert_eq!([0, 14, 15, 39, 40, 59, 60, 79, 80, 100].map(number), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
        assert_eq!(Band::of(0, 0).number(), 1);
        assert_eq!([1, 3, 4].map(|n| Band(n).anchor()), [Anchor::Weak, Anchor::Fair, Anchor::Strong]);
    }

    #[test]
    fn only_what_was_made_can_be_made_with_an_instance() {
        assert_eq!([State::Made, State::Partly, State::NotFound, State::Contradicted].map(|s| s.level(true)), [3, 1, 0, 0]);
        assert_eq!(State::Made.level(false), 2);
        assert_eq!([(State::Made, 3), (State::Made, 2), (State::Partly, 1), (State::NotFound, 0)].map(|(s, l)| s.worth(l)), [5, 4, 2, 0]);
        assert_eq!(State::Contradicted.worth(0), -2, "the contrary is worse than nothing");
    }
}
