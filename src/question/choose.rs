//! Which questions are asked, and in which order. Pure, and in whole numbers, so that every machine chooses alike.
//!
//! A question is the more urgent the less or the worse it was practised and the more a job description asks for it; a throw of the seeded dice
//! comes on top. One after the other the most urgent is taken, where kinds and competencies that are already there count against it.

use std::cmp::Reverse;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::history::History;
use super::job::Job;
use super::{Kind, Level, Place, Question};

/// What the candidate asked for.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// How many questions at most.
    pub count: usize,
    pub level: Level,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only questions with a criterion for the competency of this id.
    pub competency: Option<&'a str>,
    pub seed: u64,
    /// An opener first and a closer last, from four questions on and where no kind or competency is asked for.
    pub framed: bool,
    pub history: &'a History,
    pub job: Option<&'a Job>,
}

/// From this many questions on, there is room for an opener and a closer.
const FRAMED_FROM: usize = 4;

/// Up to `wish.count` questions. The same questions and wish give the same choice on every machine.
#[must_use]
pub fn choose<'a>(questions: &[&'a Question], wish: &Wish) -> Vec<&'a Question> {
    let fits = |q: &&Question| {
        q.level.suits(wish.level) && wish.kind.is_none_or(|k| q.kind == k) && wish.competency.is_none_or(|c| q.competencies().contains(&c))
    };
    let mut dice = ChaCha8Rng::seed_from_u64(wish.seed);
    // thrown for every question, so that leaving one out does not change the others' luck
    let mut pool: Vec<Candidate> = questions
        .iter()
        .map(|question| Candidate { question, urgency: urgency(question, wish) + i64::from(dice.next_u32() % DICE) })
        .filter(|c| fits(&c.question))
        .collect();
    let free = wish.kind.is_none() && wish.competency.is_none();
    let framed = wish.framed && free && wish.count >= FRAMED_FROM;
    let mut chosen = Vec::new();
    let opener = if framed { take(&mut pool, &chosen, |q| q.place == Some(Place::Opener)) } else { None };
    chosen.extend(opener);
    let closer = if framed { take(&mut pool, &chosen, |q| q.place == Some(Place::Closer)) } else { None };
    // in the middle, openers and closers are only asked for by themselves
    let middle = |q: &Question| q.place.is_none() || !free;
    while chosen.len() + usize::from(closer.is_some()) < wish.count {
        let Some(next) = take(&mut pool, &chosen, middle) else { break };
        chosen.push(next);
    }
    chosen.extend(closer);
    chosen
}

struct Candidate<'a> {
    question: &'a Question,
    urgency: i64,
}

/// Faces of the dice: less than lies between a question answered badly and one answered well.
const DICE: u32 = 100;
/// Against a question of a kind, for every one of it that is there already.
const SAME_KIND: i64 = 120;
/// Against a question, in proportion to its criteria whose competency another question has.
const SAME_COMPETENCY: i64 = 60;
/// Against a second question of one topic; more than all else together.
const SAME_TOPIC: i64 = 100_000;

/// How urgent a question is before any other is chosen.
fn urgency(question: &Question, wish: &Wish) -> i64 {
    let practised = wish.history.questions.get(&question.id).copied().unwrap_or_default();
    let by_practice = match (practised.takes, practised.last.and_then(super::history::Tally::per_cent)) {
        (0, _) => 300,
        (takes, None) => 290 - 10 * i64::from(takes.min(10)),
        (takes, Some(per_cent)) => 250 - 2 * i64::from(per_cent) - 10 * i64::from(takes.min(5)),
    };
    // what went badly elsewhere is worth more practice: up to 100 for a competency of which nothing was heard
    let weak: Vec<i64> = question
        .criteria
        .iter()
        .filter_map(|c| wish.history.competencies.get(c.competency.as_deref()?)?.per_cent())
        .map(|per_cent| 100 - i64::from(per_cent))
        .collect();
    let by_weakness = weak.iter().sum::<i64>() / i64::try_from(weak.len().max(1)).unwrap_or(1);
    let by_job = wish.job.map_or(0, |job| i64::from(job.weight(question)));
    by_practice + by_weakness + by_job
}

/// Takes the most urgent that fits out of the pool, as seen from those already chosen; the first of equals.
fn take<'a>(pool: &mut Vec<Candidate<'a>>, chosen: &[&'a Question], fits: impl Fn(&Question) -> bool) -> Option<&'a Question> {
    let best =
        (0..pool.len()).filter(|i| fits(pool[*i].question)).min_by_key(|i| Reverse(pool[*i].urgency - repetition(pool[*i].question, chosen)))?;
    Some(pool.remove(best).question)
}

fn repetition(question: &Question, chosen: &[&Question]) -> i64 {
    let kinds = chosen.iter().filter(|c| c.kind == question.kind).count();
    let there: Vec<&str> = chosen.iter().flat_map(|c| c.competencies()).collect();
    let own: Vec<&str> = question.criteria.iter().filter_map(|c| c.competency.as_deref()).collect();
    let repeated = own.iter().filter(|c| there.contains(c)).count();
    let topic = question.topic.is_some() && chosen.iter().any(|c| c.topic == question.topic);
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX / 1_000_000);
    whole(kinds) * SAME_KIND + SAME_COMPETENCY * whole(repeated) / whole(own.len().max(1)) + if topic { SAME_TOPIC } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::bank::Bank;
    use crate::question::history::{Practised, Tally};

    const ROLE: &str = "patient-services-coordinator";

    fn ids(wish: &Wish) -> Vec<String> {
        let bank = Bank::built_in().unwrap();
        choose(&bank.questions_for(bank.role(ROLE).unwrap()), wish).iter().map(|q| q.id.clone()).collect()
    }

    fn wish(history: &History, count: usize, seed: u64) -> Wish<'_> {
        Wish { count, level: Level::Any, kind: None, competency: None, seed, framed: false, history, job: None }
    }

    #[test]
    fn the_seed_decides() {
        let new = History::default();
        assert_eq!(ids(&wish(&new, 5, 7)), ids(&wish(&new, 5, 7)));
        assert_ne!(ids(&wish(&new, 5, 7)), ids(&wish(&new, 5, 8)));
        assert_eq!(ids(&wish(&new, 8, 7))[..5], ids(&wish(&new, 5, 7))[..]);
    }

    #[test]
    fn no_question_comes_twice_and_there_is_an_end() {
        let new = History::default();
        let mut all = ids(&wish(&new, 1000, 1));
        let count = all.len();
        all.sort();
        all.dedup();
        assert!(all.len() == count && count >= 30, "{count}");
    }

    #[test]
    fn kinds_and_topics_are_spread_whatever_the_seed() {
        let (bank, new) = (Bank::built_in().unwrap(), History::default());
        for set in bank.roles() {
            for seed in 0..50 {
                let chosen = choose(&bank.questions_for(set), &wish(&new, 5, seed));
                let kinds: std::collections::BTreeSet<Kind> = chosen.iter().map(|q| q.kind).collect();
                let topics: std::collections::BTreeSet<_> = chosen.iter().filter_map(|q| q.topic.as_deref()).collect();
                let with_topic = chosen.iter().filter(|q| q.topic.is_some()).count();
                assert!(kinds.len() >= 3, "{} seed {seed}: {kinds:?}", set.id);
                assert_eq!(topics.len(), with_topic, "{} seed {seed}", set.id);
            }
        }
    }

    #[test]
    fn an_interview_is_framed_by_an_opener_and_a_closer() {
        let (bank, new) = (Bank::built_in().unwrap(), History::default());
        let questions = bank.questions_for(bank.role(ROLE).unwrap());
        let chosen = choose(&questions, &Wish { framed: true, ..wish(&new, 8, 3) });
        assert_eq!(chosen.len(), 8);
        assert_eq!((chosen[0].place, chosen[7].place), (Some(Place::Opener), Some(Place::Closer)));
        assert!(chosen[1..7].iter().all(|q| q.place.is_none()));
        assert!(choose(&questions, &Wish { framed: true, ..wish(&new, 3, 3) }).iter().all(|q| q.place.is_none()));
        let of_a_kind = choose(&questions, &Wish { framed: true, kind: Some(Kind::Technical), ..wish(&new, 5, 3) });
        assert!(of_a_kind.len() == 5 && of_a_kind.iter().all(|q| q.kind == Kind::Technical));
    }

    #[test]
    fn what_was_practised_least_or_worst_comes_first() {
        let everything = ids(&wish(&History::default(), 1000, 1));
        let mut history = History::default();
        let well = Practised { takes: 1, last: Some(Tally { made: 10, all: 10, points: 5 }) };
        let badly = Practised { takes: 1, last: Some(Tally { made: 1, all: 10, points: 5 }) };
        for id in &everything {
            history.questions.insert(id.clone(), well);
        }
        // one was never asked, two went badly
        history.questions.remove("psc-extra-step");
        history.questions.insert("psc-unhappy-patient".into(), badly);
        history.questions.insert("psc-data-entry-accuracy".into(), badly);
        for seed in 0..20 {
            let mut first = ids(&wish(&history, 3, seed));
            first.sort();
            assert_eq!(first, ["psc-data-entry-accuracy", "psc-extra-step", "psc-unhappy-patient"], "seed {seed}");
        }
    }
}
