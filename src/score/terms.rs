//! How much a word tells, and which words may have been misheard for one another. Pure.

use std::collections::BTreeSet;

/// How rare a stem is that the list of common ones lacks: the logarithm of one in so many sentences.
const RARE: f32 = 6.5;
/// Fewer letters than this are too few to guess from.
const LEAST_LETTERS: usize = 4;
/// The share of pairs of letters in common from which one word may be another that was misheard.
const LEAST_ALIKE: f32 = 0.6;

/// How much a stem tells, in nats: the logarithm of the inverse of its share of sentences (Spärck Jones 1972). 0 to [`RARE`].
#[must_use]
pub fn information(stem: &str) -> f32 {
    match COMMON.binary_search_by(|(common, _)| (*common).cmp(stem)) {
        Ok(at) => (1000.0 / f32::from(COMMON[at].1)).ln(),
        Err(_) => RARE,
    }
}

/// The pairs of neighbouring letters of a stem, its edges among them.
#[must_use]
pub fn pairs(stem: &str) -> BTreeSet<(char, char)> {
    let edged: Vec<char> = std::iter::once('^').chain(stem.chars()).chain(std::iter::once('$')).collect();
    edged.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Whether one stem may be the other, misheard: the share of their pairs of letters in common (Dice 1945), 0 where it is too small to tell.
#[must_use]
pub fn alike(one: &BTreeSet<(char, char)>, other: &BTreeSet<(char, char)>) -> f32 {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if short.len() <= LEAST_LETTERS || long.len() > short.len() + 3 {
        return 0.0;
    }
    #[allow(clippy::cast_precision_loss)] // a few letters
    let dice = 2.0 * short.intersection(long).count() as f32 / (short.len() + long.len()) as f32;
    if dice >= LEAST_ALIKE { dice } else { 0.0 }
}

/// Common stems with their share of sentences in thousandths, sorted. Counted in the rubrics and in the training part of SemEval-2013 Task 7,
/// half and half, by `scripts/scoring/commons.sh`.
#[rustfmt::skip]
const COMMON: &[(&str, u16)] = &[
    ("1", 79), ("10", 5), ("2", 41), ("3", 14), ("4", 12), ("5", 6), ("6", 8), ("absorb", 4), ("affect", 8), ("after", 11), ("again", 4),
    ("agre", 6), ("amount", 5), ("anoth", 6), ("answer", 11), ("anyth", 6), ("ask", 19), ("b", 31), ("back", 9), ("ball", 5),
    ("batteri", 79), ("becaus", 144), ("befor", 22), ("behind", 6), ("better", 6), ("between", 23), ("big", 4), ("bigger", 4), ("black", 5),
    ("block", 5), ("both", 14), ("bottom", 5), ("bring", 14), ("bubbl", 7), ("bulb", 84), ("c", 35), ("call", 7), ("calm", 6),
    ("cannot", 6), ("care", 14), ("case", 7), ("caus", 4), ("chang", 17), ("check", 10), ("chemic", 4), ("choos", 10), ("circuit", 25),
    ("clear", 12), ("close", 68), ("colleagu", 10), ("color", 5), ("come", 29), ("compar", 5), ("complet", 6), ("connect", 45),
    ("contact", 4), ("contain", 31), ("count", 5), ("creat", 9), ("crystal", 6), ("cup", 4), ("damag", 9), ("day", 16), ("decid", 7),
    ("desk", 4), ("differ", 38), ("direct", 5), ("dissolv", 5), ("doctor", 5), ("done", 7), ("down", 10), ("draw", 6), ("each", 19),
    ("earth", 5), ("electr", 16), ("els", 7), ("end", 14), ("exact", 6), ("experi", 9), ("explain", 5), ("famili", 6), ("faster", 6),
    ("feel", 10), ("few", 5), ("figur", 11), ("find", 18), ("first", 20), ("fit", 6), ("flow", 7), ("follow", 6), ("food", 6), ("form", 4),
    ("gap", 36), ("get", 7), ("give", 19), ("go", 31), ("goe", 11), ("good", 9), ("group", 6), ("grow", 4), ("hand", 6), ("happen", 14),
    ("hard", 7), ("hear", 13), ("heat", 11), ("help", 13), ("higher", 6), ("hold", 5), ("home", 5), ("inform", 4), ("keep", 24),
    ("kind", 6), ("know", 34), ("last", 10), ("law", 4), ("learn", 10), ("leav", 10), ("less", 5), ("let", 10), ("light", 13), ("line", 7),
    ("listen", 9), ("littl", 5), ("long", 8), ("longer", 4), ("look", 23), ("magnet", 7), ("make", 46), ("mani", 6), ("materi", 10),
    ("matter", 6), ("mean", 8), ("measur", 10), ("meet", 4), ("metal", 4), ("minut", 4), ("mixtur", 4), ("moment", 7), ("month", 4),
    ("more", 28), ("most", 7), ("motor", 6), ("move", 8), ("much", 8), ("name", 24), ("need", 16), ("negat", 14), ("new", 7), ("next", 9),
    ("no", 27), ("not", 91), ("noth", 6), ("notic", 5), ("now", 7), ("number", 7), ("off", 6), ("offer", 5), ("onc", 7), ("onli", 13),
    ("open", 16), ("other", 30), ("over", 8), ("own", 19), ("paper", 7), ("part", 14), ("path", 90), ("patient", 84), ("person", 42),
    ("pictur", 5), ("piec", 5), ("pitch", 6), ("place", 9), ("plan", 6), ("posit", 28), ("program", 4), ("put", 19), ("question", 7),
    ("reach", 6), ("reaction", 5), ("read", 5), ("reason", 5), ("record", 7), ("result", 7), ("right", 9), ("ring", 6), ("role", 6),
    ("room", 4), ("rule", 7), ("run", 9), ("salt", 7), ("same", 46), ("sammi", 5), ("say", 54), ("scratch", 5), ("see", 24), ("seed", 4),
    ("sentenc", 6), ("separ", 9), ("seper", 6), ("servic", 6), ("set", 7), ("settl", 6), ("shadow", 4), ("shape", 4), ("share", 7),
    ("short", 7), ("show", 22), ("side", 11), ("size", 4), ("small", 7), ("solid", 6), ("solut", 10), ("somebodi", 9), ("someth", 18),
    ("sound", 9), ("speak", 6), ("staff", 4), ("stand", 8), ("start", 11), ("state", 12), ("stay", 13), ("step", 8), ("stick", 4),
    ("still", 21), ("stop", 4), ("stori", 4), ("string", 6), ("such", 7), ("sugar", 8), ("sun", 7), ("sure", 7), ("switch", 20),
    ("system", 8), ("take", 26), ("talk", 10), ("task", 6), ("team", 9), ("tell", 42), ("termin", 54), ("thing", 18), ("think", 17),
    ("through", 17), ("time", 21), ("togeth", 14), ("tool", 5), ("touch", 6), ("tri", 6), ("turn", 7), ("understand", 6), ("until", 4),
    ("use", 31), ("vibrat", 7), ("view", 5), ("voic", 4), ("voltag", 8), ("wait", 7), ("want", 16), ("water", 22), ("way", 17), ("week", 4),
    ("whether", 6), ("whi", 20), ("while", 5), ("whom", 6), ("wire", 7), ("without", 6), ("word", 12), ("work", 42), ("write", 8),
    ("wrong", 6), ("x", 6), ("y", 6), ("year", 6), ("yes", 8), ("yourself", 6), ("z", 5),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_tells_more_than_a_common_one() {
        assert!(COMMON.is_sorted());
        assert!(information("becaus") < information("ask") && information("ask") < information("interpret"));
        assert!((information("interpret") - RARE).abs() < 1e-6);
    }

    #[test]
    fn what_was_misheard_is_near_to_what_was_said() {
        let near = |one: &str, other: &str| alike(&pairs(one), &pairs(other));
        assert!(near("vilid", "valid") > 0.6);
        assert!(near("interpret", "interprit") > 0.7);
        for (one, other) in [("listen", "finish"), ("cat", "cut"), ("nurs", "number"), ("doctor", "daughter"), ("", "word")] {
            assert!(near(one, other) < f32::EPSILON, "{one} {other}");
        }
    }
}
