//! Which questions are asked, and in which order: reproducible from a seed, the kinds spread. Pure.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::{Kind, Level, Question};

/// What the candidate asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How many questions at most.
    pub count: usize,
    pub level: Level,
    /// Only this kind.
    pub kind: Option<Kind>,
    pub seed: u64,
}

/// Up to `wish.count` questions. The same questions, wish and seed give the same choice on every machine.
///
/// The questions are shuffled, then one of each kind is taken in turn, so that a short session is not all of one kind.
#[must_use]
pub fn choose<'a>(questions: &[&'a Question], wish: &Wish) -> Vec<&'a Question> {
    let mut pool: Vec<&Question> = questions.iter().copied().filter(|q| q.level.suits(wish.level) && wish.kind.is_none_or(|k| q.kind == k)).collect();
    // ChaCha's stream is fixed by its definition, unlike the library's standard generator
    pool.shuffle(&mut ChaCha8Rng::seed_from_u64(wish.seed));
    let mut kinds: Vec<Kind> = Vec::new();
    for question in &pool {
        if !kinds.contains(&question.kind) {
            kinds.push(question.kind);
        }
    }
    let mut chosen = Vec::new();
    while chosen.len() < wish.count && !pool.is_empty() {
        for kind in &kinds {
            if let Some(at) = pool.iter().position(|q| q.kind == *kind) {
                chosen.push(pool.remove(at));
            }
        }
    }
    chosen.truncate(wish.count);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn ids(wish: &Wish) -> Vec<String> {
        let sets = crate::question::load::all(Path::new("/nowhere")).unwrap();
        let all: Vec<&Question> = sets.iter().flat_map(|s| &s.questions).collect();
        choose(&all, wish).iter().map(|q| q.id.clone()).collect()
    }

    fn wish(count: usize, seed: u64) -> Wish {
        Wish { count, level: Level::Any, kind: None, seed }
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(ids(&wish(5, 7)), ids(&wish(5, 7)));
        assert_ne!(ids(&wish(5, 7)), ids(&wish(5, 8)));
        assert_eq!(ids(&wish(8, 7))[..5], ids(&wish(5, 7))[..]);
    }

    #[test]
    fn no_question_comes_twice_and_there_is_an_end() {
        let mut all = ids(&wish(1000, 1));
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn only_the_kind_that_was_asked_for() {
        let sets = crate::question::load::all(Path::new("/nowhere")).unwrap();
        let all: Vec<&Question> = sets.iter().flat_map(|s| &s.questions).collect();
        let chosen = choose(&all, &Wish { kind: Some(Kind::Behavioural), ..wish(3, 1) });
        assert!(!chosen.is_empty() && chosen.iter().all(|q| q.kind == Kind::Behavioural));
    }
}
