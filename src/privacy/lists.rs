//! The lists: names, words that are no names, places, rare conditions. Their sources stand at their heads.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::transcribe::vocabulary::{is_ordinary, letters};

const NAMES: &str = include_str!("names.txt");
const FAMILIAR: &str = include_str!("familiar.txt");
const CONDITIONS: &str = include_str!("conditions.txt");
/// The lists of ordinary words hold none that is longer.
const LONGEST_ORDINARY: usize = 10;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    given: section(NAMES, "given"),
    family: section(NAMES, "family"),
    person_free: ["calendar", "people", "things", "address"].into_iter().flat_map(|s| section(FAMILIAR, s)).collect(),
    calendar: section(FAMILIAR, "calendar"),
    wide: section(FAMILIAR, "wide"),
    towns: section(FAMILIAR, "towns"),
    ambiguous: section(FAMILIAR, "ambiguous"),
    conditions: CONDITIONS.lines().filter(|l| !l.starts_with('#')).map(words_of).filter(|w| !w.is_empty()).collect(),
});

/// Small letters throughout.
#[derive(Debug)]
pub struct Lists {
    given: HashSet<&'static str>,
    family: HashSet<&'static str>,
    person_free: HashSet<&'static str>,
    calendar: HashSet<&'static str>,
    wide: HashSet<&'static str>,
    towns: HashSet<&'static str>,
    ambiguous: HashSet<&'static str>,
    /// Each as its words without "'s".
    pub conditions: Vec<Vec<String>>,
}

fn words_of(line: &str) -> Vec<String> {
    line.split([' ', '-']).map(|w| w.trim_end_matches("'s").to_owned()).filter(|w| !w.is_empty()).collect()
}

fn section(text: &'static str, name: &str) -> HashSet<&'static str> {
    let mut within = false;
    let mut words = HashSet::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(title) => within = title == name,
            None if within => words.extend(line.split_whitespace()),
            None => {}
        }
    }
    words
}

/// Accents are written by some engines and left out by others.
fn holds(list: &HashSet<&str>, word: &str) -> bool {
    list.contains(word) || list.contains(letters(word).as_str())
}

impl Lists {
    pub fn get() -> &'static Self {
        &LISTS
    }
    pub fn is_given(&self, bare: &str) -> bool {
        // "Anne-Marie"
        holds(&self.given, bare) || (bare.contains('-') && bare.split('-').all(|part| self.given.contains(part)))
    }
    pub fn is_family(&self, bare: &str) -> bool {
        holds(&self.family, bare)
    }
    /// A month, a language, a system, a brand, a word of address.
    pub fn is_person_free(&self, bare: &str) -> bool {
        self.person_free.contains(bare)
    }
    pub fn is_calendar(&self, bare: &str) -> bool {
        self.calendar.contains(bare)
    }
    pub fn is_wide(&self, bare: &str) -> bool {
        self.wide.contains(bare)
    }
    pub fn is_town(&self, bare: &str) -> bool {
        self.towns.contains(bare)
    }
    /// A name that is a word too.
    pub fn is_ambiguous(&self, bare: &str) -> bool {
        self.ambiguous.contains(bare) || self.person_free.contains(bare) || self.wide.contains(bare) || self.towns.contains(bare)
    }
    /// An ordinary word; of a word longer than the list's nobody can say, and it counts as one unless it is a name.
    pub fn is_ordinary(&self, bare: &str) -> bool {
        (bare.chars().count() > LONGEST_ORDINARY && !self.is_family(bare) && !self.is_given(bare)) || is_ordinary(bare)
    }
}
