//! Names of people: told by a title, by what is said around them, and by lists. Pure.

use std::ops::Range;

use super::lists::Lists;
use super::place::conditions;
use super::said::{Said, is_before};
use super::{Found, Kind, Known};

/// Nobody but a person has one of these.
const TITLES: &[&str] = &["mr", "mrs", "ms", "mister", "missus", "missis", "miss", "mx"];
/// Of people who work there.
const RANKS: &[&str] = &["dr", "doctor", "prof", "professor", "nurse"];
/// With a given name only: the words mean much else.
const KIN: &[&str] = &["sister", "brother", "father", "uncle", "aunt", "auntie", "sir", "matron", "reverend", "pastor"];
const PATIENTS: &[&str] = &[
    "patient",
    "patients",
    "lady",
    "woman",
    "man",
    "gentleman",
    "guy",
    "girl",
    "boy",
    "child",
    "kid",
    "baby",
    "caller",
    "client",
    "resident",
    "visitor",
];
const COLLEAGUES: &[&str] = &[
    "colleague",
    "coworker",
    "co-worker",
    "manager",
    "supervisor",
    "boss",
    "teammate",
    "director",
    "trainer",
    "mentor",
    "receptionist",
    "friend",
    "volunteer",
    "interpreter",
    "nurse",
    "pharmacist",
    "doctor",
    "consultant",
    "porter",
];
const RELATIVES: &[&str] = &[
    "mother",
    "father",
    "mom",
    "mum",
    "dad",
    "daughter",
    "son",
    "wife",
    "husband",
    "sister",
    "brother",
    "grandmother",
    "grandfather",
    "granddaughter",
    "grandson",
    "aunt",
    "uncle",
    "niece",
    "nephew",
    "cousin",
    "neighbor",
    "neighbour",
    "partner",
    "carer",
    "caregiver",
];
/// What only people do.
const DOES: &[&str] = &[
    "said",
    "says",
    "told",
    "tells",
    "asked",
    "asks",
    "replied",
    "cried",
    "laughed",
    "smiled",
    "thanked",
    "came",
    "rang",
    "walked",
    "sat",
    "wanted",
    "felt",
    "knew",
    "thought",
    "apologised",
    "apologized",
    "agreed",
    "shouted",
    "yelled",
    "insisted",
    "called",
    "explained",
    "whispered",
    "nodded",
];
/// To whom only people can be the object.
const DONE_TO: &[&str] = &["told", "asked", "thanked", "met", "reassured", "called", "rang", "helped", "phoned", "comforted", "hugged"];
/// A capitalised word with one of these behind it is a house, a method or an illness.
const THINGS: &[&str] = &[
    "hospital",
    "clinic",
    "medical",
    "memorial",
    "general",
    "health",
    "healthcare",
    "university",
    "college",
    "school",
    "center",
    "centre",
    "foundation",
    "institute",
    "trust",
    "surgery",
    "practice",
    "street",
    "road",
    "avenue",
    "park",
    "county",
    "city",
    "test",
    "scale",
    "method",
    "score",
    "syndrome",
    "disease",
    "cross",
    "act",
    "law",
    "rule",
    "model",
    "pharmacy",
    "insurance",
    "church",
    "court",
    "house",
    "hall",
    "system",
    "software",
    "portal",
    "catheter",
    "hotel",
    "airport",
    "collar",
    "model",
];
const PARTICLES: &[&str] =
    &["van", "von", "der", "den", "de", "di", "da", "dos", "del", "della", "la", "le", "bin", "ibn", "al", "el", "st", "ter", "ten"];
/// Never a name, whatever says so.
const NEVER: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "and", "or", "but", "so", "as", "if", "then", "than", "to", "of", "in", "on", "at", "by",
    "for", "with", "from", "into", "about", "up", "out", "is", "am", "are", "was", "were", "be", "been", "do", "does", "did", "have", "has", "had",
    "would", "can", "could", "should", "shall", "must", "might", "i", "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my",
    "your", "his", "its", "our", "their", "what", "which", "who", "there", "here", "just", "very", "really", "also", "too", "how", "when", "where",
    "i'm", "i'd", "i'll", "i've", "it's", "that's", "um", "uh", "er", "not", "no", "yes", "okay", "ok", "well", "like", "all", "some", "any", "one",
    "two", "three", "four", "five", "said", "back", "again", "because", "after", "before", "while", "once", "sorry", "hello", "hi", "thank",
    "thanks", "please", "now", "never", "always", "only", "even", "still", "let", "see", "long", "many", "man", "son", "ha",
];
/// The most words of a name.
const LONGEST: usize = 4;

/// How much the words around say that a name stands here.
#[derive(Clone, Copy, PartialEq)]
enum Clue {
    None,
    /// Whoever stands here does or suffers what people do.
    Person,
    /// "Her name was", "a patient called".
    Named,
}

struct Reader<'r> {
    said: &'r [Said],
    lists: &'static Lists,
    known: &'r Known,
}

/// Names with a title: the title is part of what is found.
pub fn titled(said: &[Said], lists: &'static Lists, known: &Known) -> Vec<Found> {
    let reader = Reader { said, lists, known };
    let mut found = Vec::new();
    for i in 0..said.len() {
        if let Some((words, safer)) = reader.after_title(i) {
            found.push(Found { kind: Kind::Name, words, safer: safer.to_owned() });
        }
    }
    found
}

/// Names without one.
pub fn names(said: &[Said], lists: &'static Lists, known: &Known) -> Vec<Found> {
    let reader = Reader { said, lists, known };
    // "Huntington's disease" is nobody's
    let conditions = conditions(said, lists);
    let mut found = Vec::new();
    let mut i = 0;
    while i < said.len() {
        if conditions.iter().any(|c| c.contains(&i)) || !reader.begins_name(i) {
            i += 1;
            continue;
        }
        let end = reader.end_of_name(i);
        let safer = reader.safer(i).to_owned();
        found.push(Found { kind: Kind::Name, words: i..end, safer });
        i = end;
    }
    found
}

impl Reader<'_> {
    fn word(&self, i: usize) -> &str {
        self.said.get(i).map_or("", |s| s.plain.as_str())
    }

    fn back(&self, i: usize, by: usize) -> &str {
        i.checked_sub(by).map_or("", |at| self.word(at))
    }

    fn after_title(&self, i: usize) -> Option<(Range<usize>, &'static str)> {
        let title = self.word(i);
        let of = |list: &[&str]| list.contains(&title);
        if !(of(TITLES) || of(RANKS) || of(KIN)) || self.said[i].closed {
            return None;
        }
        let mut at = i + 1;
        // "Mr and Mrs Goldberg"
        if self.word(at) == "and" && TITLES.contains(&self.word(at + 1)) {
            at += 2;
        }
        while PARTICLES.contains(&self.word(at)) && !self.said[at].closed && at + 1 < self.said.len() {
            at += 1;
        }
        let name = self.said.get(at)?;
        let (given, family) = (self.lists.is_given(&name.bare), self.lists.is_family(&name.bare));
        let ordinary = self.lists.is_ordinary(&name.bare) && !self.lists.is_family(&name.bare);
        let plausible = is_wordlike(name) && !NEVER.contains(&name.plain.as_str()) && !self.known.knows(&name.plain);
        let capital = name.is_titled();
        let sure = match title {
            "miss" => capital || at > i + 1 || ((given || family) && !self.is_word(&name.bare)),
            _ if of(TITLES) => true,
            _ if of(RANKS) => {
                let no_thing = !self.lists.is_person_free(&name.bare);
                no_thing && (capital && (given || !ordinary) || (given || family) && !self.is_word(&name.bare) || self.is_foreign(name))
            }
            _ => given && (capital || !self.is_word(&name.bare)),
        };
        if !(plausible && sure) {
            return None;
        }
        let safer = match title {
            "nurse" | "matron" => "a nurse",
            _ if of(RANKS) => "a physician",
            _ if of(KIN) => "a colleague",
            _ => "a patient",
        };
        Some((i..self.end_of_name(at), safer))
    }

    /// Also an ordinary word.
    fn is_word(&self, bare: &str) -> bool {
        self.lists.is_ambiguous(bare) || self.lists.is_ordinary(bare)
    }

    /// In no list of ours, and not English: "okafor" in small letters.
    fn is_foreign(&self, said: &Said) -> bool {
        let ending = ["ed", "ing", "ly", "ion", "er", "s", "ment", "ist"].iter().any(|e| said.bare.ends_with(e));
        !self.is_word(&said.bare) && !ending && said.bare.chars().count() > 3
    }

    fn begins_name(&self, i: usize) -> bool {
        let said = &self.said[i];
        let bare = said.bare.as_str();
        if !is_wordlike(said) || NEVER.contains(&said.plain.as_str()) || self.known.knows(&said.plain) || self.is_thing(i) {
            return false;
        }
        let (given, capital) = (self.lists.is_given(bare), said.is_capital());
        let place = self.lists.is_wide(bare) || self.lists.is_town(bare);
        let no_person = self.lists.is_person_free(bare);
        match self.clue(i) {
            Clue::Named if capital => given || !(no_person || place || self.lists.is_calendar(bare)),
            Clue::Named => given && self.may_close(i) || self.lists.is_family(bare) && !self.is_word(bare) || self.is_foreign(said),
            Clue::Person if capital => {
                let listed = given || self.lists.is_family(bare);
                !no_person && (listed && (!place || !is_before(self.said, i, 1, &["in", "from", "at", "near"])) || !place && !self.is_word(bare))
            }
            Clue::Person => given && !no_person && !place && !self.lists.is_ambiguous(bare),
            Clue::None if capital => given && !no_person && !place && (!self.is_word(bare) || !self.is_in_title(i)),
            Clue::None => given && !self.is_word(bare),
        }
    }

    fn clue(&self, i: usize) -> Clue {
        let (one, two, three) = (self.back(i, 1), self.back(i, 2), self.back(i, 3));
        let person = |w: &str| [PATIENTS, COLLEAGUES, RELATIVES].iter().any(|l| l.contains(&w)) || w == "who" || w == "someone" || w == "somebody";
        let is = ["is", "was", "were"].contains(&one);
        let named = ["called", "named"].contains(&one) && (person(two) || ["is", "was", "she's", "he's"].contains(&two) || person(three))
            || (is && (two == "name" || two == "patient" || two == "names"))
            || (["name's", "surname"].contains(&one))
            || (["said", "read", "says", "reads"].contains(&one)
                && ["chart", "label", "record", "file", "hers", "form", "card", "screen"].contains(&two));
        if named {
            return Clue::Named;
        }
        let does = DOES.contains(&self.word(i + 1)) && !self.said[i].closed;
        let done = DONE_TO.contains(&one);
        if does || done || person(one) || self.said[i].is_possessive() && RELATIVES.contains(&self.word(i + 1)) { Clue::Person } else { Clue::None }
    }

    /// Nothing follows that would make an ordinary word of it: "her name was grace and".
    fn may_close(&self, i: usize) -> bool {
        let next = self.said.get(i + 1);
        let free = !self.is_word(&self.said[i].bare);
        let name = next.is_some_and(|n| (self.lists.is_given(&n.bare) || self.lists.is_family(&n.bare)) && !self.is_word(&n.bare));
        free || self.said[i].closed
            || name
            || next.is_none_or(|n| n.is_any(&["and", "but", "she", "he", "so", "who", "i", "we", "they", "the", "her", "his"]))
    }

    /// Beside another ordinary word with a capital: "Open Ward Rounds".
    fn is_in_title(&self, i: usize) -> bool {
        let word = |s: &Said| s.is_capital() && self.is_word(&s.bare) && !self.lists.is_family(&s.bare) && !self.lists.is_given(&s.bare);
        let before = i.checked_sub(1).map(|b| &self.said[b]).is_some_and(|b| !b.closed && word(b));
        before || !self.said[i].closed && self.said.get(i + 1).is_some_and(word)
    }

    /// A house, a method or an illness, a saint's or not.
    fn is_thing(&self, i: usize) -> bool {
        let saint = ["st", "saint", "mount", "mt", "port", "fort", "lake"].contains(&self.back(i, 1));
        let mut at = i;
        // up to three words with capitals: "Mary Washington Hospital"
        while at < i + 3 && !self.said[at].closed && self.said.get(at + 1).is_some_and(|s| s.is_titled() || THINGS.contains(&s.plain.as_str())) {
            at += 1;
            if THINGS.contains(&self.word(at)) {
                // "Harriet's pharmacy" is where she goes
                return !(self.said[i].is_possessive() && !self.said[at].is_titled() && !["disease", "syndrome"].contains(&self.word(at)));
            }
        }
        saint
    }

    fn end_of_name(&self, start: usize) -> usize {
        let mut end = start + 1;
        while end < self.said.len() && end - start < LONGEST && !self.said[end - 1].closed && !self.said[end - 1].is_possessive() {
            let next = &self.said[end];
            if PARTICLES.contains(&next.plain.as_str()) && self.said.get(end + 1).is_some_and(|n| self.continues(n)) {
                end += 2;
                continue;
            }
            if !self.continues(next) {
                break;
            }
            end += 1;
        }
        end
    }

    fn continues(&self, next: &Said) -> bool {
        if NEVER.contains(&next.plain.as_str()) || self.known.knows(&next.plain) {
            return false;
        }
        let listed = self.lists.is_family(&next.bare) || self.lists.is_given(&next.bare);
        let initial = next.core.len() == 1 && next.core.starts_with(char::is_uppercase) && next.core != "I";
        let capital = next.is_capital() && !self.lists.is_person_free(&next.bare) && (listed || !self.lists.is_ordinary(&next.bare));
        is_wordlike(next) && (capital || listed && !self.is_word(&next.bare)) || initial
    }

    fn safer(&self, i: usize) -> &'static str {
        let near = |words: &[&str]| is_before(self.said, i, 2, words);
        match () {
            () if near(COLLEAGUES) => "a colleague",
            () if near(RELATIVES) => "a relative",
            () if self.said[i].is_possessive() => "the patient's",
            () => "a patient",
        }
    }
}

/// Letters, and what stands inside a name.
fn is_wordlike(said: &Said) -> bool {
    said.bare.chars().count() > 1 && said.bare.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-')
}
