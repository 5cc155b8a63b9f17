//! What was practised before, in figures: by these the next questions are chosen and a plan is made. Plain data.

use std::collections::BTreeMap;

use serde::Serialize;

/// All earlier sessions together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct History {
    /// By the question's id.
    pub questions: BTreeMap<String, Practised>,
    /// By the competency's id; of each question its last scored take.
    pub competencies: BTreeMap<String, Tally>,
}

/// How often a question was answered, and how well the last time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Practised {
    /// Takes on disk.
    pub takes: u32,
    /// Of the last take that could be scored.
    pub last: Option<Tally>,
}

/// Weight of points made, of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub made: u32,
    pub all: u32,
    /// How many points that is.
    pub points: u32,
}

impl Tally {
    /// The share made, in whole per cent; None of nothing.
    #[must_use]
    pub fn per_cent(self) -> Option<u32> {
        (self.made * 100).checked_div(self.all)
    }

    pub fn add(&mut self, weight: u32, made: bool) {
        self.all += weight;
        self.points += 1;
        if made {
            self.made += weight;
        }
    }
}
