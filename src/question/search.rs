//! Finding questions by words: by stem, in everything that is written about them. Pure.

use super::Question;
use crate::words::stems;

/// A question that was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    pub question: &'a Question,
    /// How many of the words stand in it.
    pub words: usize,
    /// Where they stand: more for the question itself than for its rubric.
    weight: usize,
}

/// The questions that hold all of the words, or, where none does, as many of them as any; the best first, equals in their order.
#[must_use]
pub fn search<'a>(questions: impl Iterator<Item = &'a Question>, words: &str) -> Vec<Hit<'a>> {
    let mut wanted = stems(words);
    wanted.sort();
    wanted.dedup();
    let mut hits: Vec<Hit> = questions.map(|q| hit(q, &wanted)).filter(|h| h.words > 0).collect();
    let most = hits.iter().map(|h| h.words).max().unwrap_or(0);
    hits.retain(|h| h.words == most);
    // what stands only among the evidence is shown where there is nothing nearer
    if hits.iter().any(|h| h.weight > h.words) {
        hits.retain(|h| h.weight > h.words);
    }
    hits.sort_by_key(|h| std::cmp::Reverse(h.weight));
    hits
}

fn hit<'a>(question: &'a Question, wanted: &[String]) -> Hit<'a> {
    let points: Vec<&str> = question.criteria.iter().map(|c| c.point.as_str()).collect();
    let evidence: Vec<String> = question.criteria.iter().flat_map(|c| &c.evidence).map(|e| e.replace('|', " ")).collect();
    let about = [question.intent.as_str(), &question.framework, &question.outline.join(" "), &question.competencies().join(" ")].join(" ");
    let places = [
        (8, stems(&[&question.text, question.topic.as_deref().unwrap_or_default(), &question.id].join(" "))),
        (4, stems(&points.join(" "))),
        (2, stems(&about)),
        (1, stems(&evidence.join(" "))),
    ];
    let best = |word: &String| places.iter().filter(|(_, there)| there.contains(word)).map(|(weight, _)| *weight).max();
    let found: Vec<usize> = wanted.iter().filter_map(best).collect();
    Hit { question, words: found.len(), weight: found.iter().sum() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::bank::Bank;

    fn ids(words: &str) -> Vec<String> {
        let bank = Bank::built_in().unwrap();
        search(bank.questions(), words).iter().map(|h| h.question.id.clone()).collect()
    }

    #[test]
    fn words_are_found_in_any_form_and_the_question_itself_comes_first() {
        assert!(ids("urgent task").first().is_some_and(|id| id == "psc-several-urgent-tasks"), "{:?}", ids("urgent task"));
        assert!(!ids("telehealth").is_empty());
        assert!(ids("zebra").is_empty() && ids("the").is_empty());
    }
}
