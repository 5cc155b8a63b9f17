//! The subject of a clause, its verb and tense, as far as small tables tell. Pure.

use std::sync::LazyLock;

use super::has;
use super::said::Token;
use crate::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    I,
    We,
    You,
    Other,
    /// No verb was found.
    Nobody,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    /// "Was waiting".
    PastContinuous,
    /// "Had waited".
    PastPerfect,
    /// "Used to wait".
    PastHabit,
    /// "Have waited".
    Perfect,
    Present,
    Would,
    /// Will, can, could, should, must, may, might.
    Modal,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verb {
    pub subject: Subject,
    pub tense: Tense,
    /// Something one does, not what one is, has, thinks or feels.
    pub doing: bool,
    /// The clause goes on from one before with "because", "if", "when": it says nothing by itself.
    pub subordinate: bool,
    /// Subject and verb: how many words from the beginning of the clause to where each stands.
    pub from: usize,
    pub to: usize,
}

const NONE: Verb = Verb { subject: Subject::Nobody, tense: Tense::None, doing: false, subordinate: false, from: 0, to: 0 };

/// Irregular past forms that are not also the present.
const PAST: &str = "was were had did said told went came took made gave got kept left felt found thought knew began brought bought \
                   built broke caught chose dealt drew drove fell forgot grew heard held led learnt lost meant met paid rang ran rose \
                   saw sent shook sat spoke spent stood stuck taught threw understood won wrote became wore woke sold slept tore sank \
                   swam fought hung laid lent blew flew froze hid rode sought struck swept sprang sang drank ate bent bled";
/// Participles that are not also the past.
const PARTICIPLES: &str = "been done gone taken given gotten seen known begun broken chosen drawn driven fallen forgotten grown risen shown \
                          spoken thrown written worn torn hidden";
/// One form for present, past and participle.
const UNCHANGED: &str = "put set let read cut hit shut cost hurt";
/// One form for present and participle.
const PRESENT_TOO: &str = "quit come become run split cast";
/// Words that look like a past form of a regular verb.
const NOT_PAST: &str = "need feed speed proceed indeed hundred bed red tired worried ashamed used shed embed";
const ADVERBS: &str = "also just always never then still often sometimes not now ever even once almost soon first maybe perhaps myself \
                      ourselves all both too well mostly only rather quite sort kind of kinda so";
/// What is not doing anything that others see.
const STATE: &str = "believe care dread enjoy expect fancy fear feel find guess hate hear hope imagine know like love mean mind need notice own prefer \
                     realise recognise regret remember see seem sound suppose suspect think trust understand want wish wonder worry believe belong \
                     appreciate consider doubt agree live depend become";
const MODAL: &str = "will won't can can't cannot could couldn't should shouldn't must may might shall";
/// Before a subject these say that a verb before them is not the main one.
const SUBORDINATE: &str = "what when if as because since after before while once although though where";
static STATES: LazyLock<Vec<String>> = LazyLock::new(|| words::stems(STATE));

/// The past form of a verb, as far as its looks tell.
pub(super) fn is_past(plain: &str) -> bool {
    has(PAST, plain) || (plain.ends_with("ed") && plain.len() > 4 && !has(NOT_PAST, plain))
}

fn is_participle(plain: &str) -> bool {
    has(PARTICIPLES, plain) || has(UNCHANGED, plain) || has(PRESENT_TOO, plain) || is_past(plain)
}

/// Which subject a pronoun is, also with a short verb behind it: "I'd", "we've".
pub(super) fn pronoun(plain: &str) -> Option<Subject> {
    let stem = plain.split('\'').next().unwrap_or_default();
    Some(match stem {
        "i" => Subject::I,
        "we" => Subject::We,
        "you" => Subject::You,
        "she" | "he" | "they" | "it" | "there" | "that" | "this" | "nobody" | "everybody" | "everyone" | "somebody" | "someone" | "nothing" => {
            Subject::Other
        }
        _ => return None,
    })
}

/// The verb of a clause. Where a clause has no subject of its own but goes on with a verb ("and then rang him"), it is that of `before`.
pub(super) fn find(clause: &[Token], opens: bool, before: Option<Verb>) -> Verb {
    let plain: Vec<&str> = clause.iter().map(|t| if t.quoted { "" } else { t.plain.as_str() }).collect();
    let subject = plain.iter().enumerate().find_map(|(at, p)| Some((at, pronoun(p).filter(|_| at + 1 < plain.len() || p.contains('\''))?)));
    let finite = plain.iter().position(|p| is_past(p) || is_finite(p));
    let subordinate = plain.iter().take(3).any(|p| has(SUBORDINATE, p));
    let verb = match (subject, finite) {
        // "one who said that she": the first verb has a noun before it
        // but "only then did I"
        (Some((at, _)), Some(verb)) if verb + 1 < at && !subordinate => noun(&plain, verb, before),
        (Some((at, subject)), _) => with(&plain, at, subject),
        (None, Some(verb)) => noun(&plain, verb, before),
        (None, None) => present(&plain),
    };
    let verb = Verb { subordinate: subordinate && !opens, ..verb };
    // "I put it down" is in the tense of what goes before
    let unchanged = verb.tense == Tense::Present && plain.get(verb.to).is_some_and(|p| has(UNCHANGED, p));
    match before.map(|b| b.tense) {
        Some(Tense::Past | Tense::PastContinuous) if unchanged => Verb { tense: Tense::Past, ..verb },
        _ => verb,
    }
}

fn is_finite(plain: &str) -> bool {
    matches!(plain, "is" | "are" | "isn't" | "aren't" | "has" | "have" | "wasn't" | "weren't" | "didn't" | "hadn't" | "would" | "wouldn't" | "goes")
        || has(MODAL, plain)
}

/// A clause whose verb has a noun for subject, or none at all.
fn noun(plain: &[&str], verb: usize, before: Option<Verb>) -> Verb {
    let bare = plain[..verb].iter().all(|p| has(ADVERBS, p) || matches!(*p, "and" | "but" | "or" | "so"));
    let subject = match before {
        Some(before) if bare => before.subject,
        _ => Subject::Other,
    };
    let (tense, doing, to) = tense(plain, verb, None);
    Verb { subject, tense, doing, subordinate: false, from: if bare { verb } else { 0 }, to }
}

/// "The porter needs the room": a clause without any finite verb of the tables; a short one has none at all.
fn present(plain: &[&str]) -> Verb {
    let ends_in_s = |p: &&str| p.ends_with('s') && p.len() > 3 && !p.contains('\'');
    match plain.iter().skip(1).position(ends_in_s) {
        Some(at) if plain.len() > 3 => Verb { tense: Tense::Present, to: at + 1, ..NONE },
        _ => NONE,
    }
}

fn with(plain: &[&str], at: usize, subject: Subject) -> Verb {
    let short = plain[at].split_once('\'').map(|(_, s)| s);
    let (tense, doing, to) = tense(plain, at + usize::from(short.is_none()), short.map(|s| (s, at + 1)));
    Verb { subject, tense, doing, subordinate: false, from: at, to: to.min(plain.len().saturating_sub(1)) }
}

/// Tense, doing, and where the verb stands. `short` is what is left of a verb at the subject, with where to look on.
fn tense(plain: &[&str], at: usize, short: Option<(&str, usize)>) -> (Tense, bool, usize) {
    let skip = |mut at: usize| {
        while plain.get(at).is_some_and(|p| has(ADVERBS, p) || (p.ends_with("ly") && p.len() > 4) || *p == "don't") {
            at += 1;
        }
        at
    };
    let word = |at: usize| plain.get(at).copied().unwrap_or_default();
    let at = if short.is_some() { at } else { skip(at) };
    let (auxiliary, next) = short.map_or((word(at), at + 1), |(s, next)| (s, next));
    let main = skip(next);
    let verb = word(main);
    let is_ing = verb.ends_with("ing") && verb.len() > 4;
    match auxiliary {
        "d" if is_past(verb) || has(PARTICIPLES, verb) => (Tense::PastPerfect, is_doing(verb), main),
        "d" | "would" | "wouldn't" => (Tense::Would, is_doing(verb), main),
        "ve" | "s" | "have" | "haven't" | "has" | "hasn't" if is_participle(verb) => (Tense::Perfect, is_doing(verb), main),
        "had" | "hadn't" if is_participle(verb) => (Tense::PastPerfect, is_doing(verb), main),
        "was" | "were" | "wasn't" | "weren't" if is_ing => (Tense::PastContinuous, true, main),
        "had" | "hadn't" | "was" | "were" | "wasn't" | "weren't" => (Tense::Past, false, at),
        "did" | "didn't" => (Tense::Past, is_doing(verb), main),
        "used" if verb == "to" => (Tense::PastHabit, true, main + 1),
        "m" | "am" | "s" | "is" | "are" | "re" | "ve" | "have" | "has" | "isn't" | "aren't" => {
            (Tense::Present, false, if is_ing { main } else { at })
        }
        "ll" => (Tense::Modal, is_doing(verb), main),
        other if has(MODAL, other) => (Tense::Modal, is_doing(verb), main),
        other if is_past(other) => (Tense::Past, is_doing(other), at),
        other => (Tense::Present, is_doing(other), at),
    }
}

fn is_doing(verb: &str) -> bool {
    // small words (be, have) have no stem here
    words::stems(verb).first().is_some_and(|stem| !STATES.contains(stem)) || matches!(verb, "do" | "did" | "get" | "got" | "let")
}
