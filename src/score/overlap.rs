//! How many words each stretch of an answer shares with each text of a criterion, weighted by how much they tell. Pure.

use std::collections::HashMap;

use super::answer::{Answer, Said};
use super::criterion::{Criterion, Slot, Target};
use super::terms;

/// What a word counts that is denied on one side only: not nothing, for a negation may belong to another word.
const DENIED_COUNTS: f32 = 0.3;

/// What one window shares with one text; all 0 to 1, shares of information.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Overlap {
    /// Of the text's words, those that stand in the window.
    pub recall: f32,
    /// The same without words of the question.
    pub new: f32,
    /// The harmonic mean of the recall and of the share of the window's words that stand in the text.
    pub both: f32,
    /// Of the text's words, those that stand in the window but are denied on one side only.
    pub denied: f32,
}

/// A place of the answer where a word of the text stands, and how surely (0 to 1).
type Hit = (usize, f32);

/// Finds the words of many texts in one answer.
pub(super) struct Finder<'a> {
    answer: &'a Answer,
    /// Where each stem of the vocabulary stands.
    places: Vec<Vec<usize>>,
    /// For stems of the rubric: the stems of the vocabulary that they may be, and how surely.
    similar: HashMap<&'a str, Vec<Hit>>,
}

impl<'a> Finder<'a> {
    pub fn new(answer: &'a Answer) -> Self {
        let mut places = vec![Vec::new(); answer.vocabulary.len()];
        for (at, said) in answer.said.iter().enumerate().filter(|(_, said)| said.telling) {
            places[said.stem].push(at);
        }
        Self { answer, places, similar: HashMap::new() }
    }

    /// For each text of the criterion, what it shares with each window.
    pub fn overlaps(&mut self, criterion: &'a Criterion) -> Vec<Vec<Overlap>> {
        criterion.targets.iter().map(|target| self.of_target(target)).collect()
    }

    fn of_target(&mut self, target: &'a Target) -> Vec<Overlap> {
        let hits: Vec<(Vec<Hit>, Vec<Hit>)> = target.slots.iter().map(|slot| self.hits(slot)).collect();
        let answer = self.answer;
        let mut covered = vec![0.0_f32; answer.said.len()];
        for (at, strength) in hits.iter().flat_map(|(hits, _)| hits) {
            covered[*at] = covered[*at].max(*strength);
        }
        let found =
            |window: &std::ops::Range<usize>, hits: &[Hit]| hits.iter().filter(|(at, _)| window.contains(at)).map(|hit| hit.1).fold(0.0, f32::max);
        let of_window = |window: &std::ops::Range<usize>| {
            let (mut all, mut got, mut new, mut new_got, mut denied) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (slot, (hits, misses)) in target.slots.iter().zip(&hits) {
                let strength = found(window, hits) * slot.information;
                all += slot.information;
                got += strength;
                denied += found(window, misses) * slot.information;
                if !slot.asked {
                    new += slot.information;
                    new_got += strength;
                }
            }
            let (mut said, mut shared) = (0.0, 0.0);
            for at in window.clone() {
                let Said { telling, information, weight, .. } = answer.said[at];
                if telling {
                    said += information * weight;
                    shared += information * covered[at];
                }
            }
            let (recall, precision) = (ratio(got, all), ratio(shared, said));
            Overlap { recall, new: ratio(new_got, new), both: ratio(2.0 * recall * precision, recall + precision), denied: ratio(denied, all) }
        };
        answer.windows.iter().map(|window| of_window(&window.said)).collect()
    }

    /// Where one of the alternatives stands; and where it stands but is denied on one side only.
    fn hits(&mut self, slot: &'a Slot) -> (Vec<Hit>, Vec<Hit>) {
        let (mut hits, mut misses) = (Vec::new(), Vec::new());
        for alternative in &slot.alternatives {
            #[allow(clippy::cast_precision_loss)] // two or three
            let part = 1.0 / alternative.len() as f32;
            for (stem, pairs) in alternative {
                let answer = self.answer;
                let similar = self.similar.entry(stem.as_str()).or_insert_with(|| match answer.known.get(stem) {
                    Some(same) => vec![(*same, 1.0)],
                    None => {
                        answer.vocabulary.iter().map(|(_, other)| terms::alike(pairs, other)).enumerate().filter(|(_, alike)| *alike > 0.0).collect()
                    }
                });
                for (number, strength) in similar.iter() {
                    for at in &self.places[*number] {
                        let said = &answer.said[*at];
                        let strength = strength * part * said.weight;
                        if said.denied == slot.denied {
                            hits.push((*at, strength));
                        } else {
                            hits.push((*at, strength * DENIED_COUNTS));
                            misses.push((*at, strength));
                        }
                    }
                }
            }
        }
        (hits, misses)
    }
}

fn ratio(some: f32, all: f32) -> f32 {
    if all > 0.0 { some / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the point alone, in the first sentence.
    fn overlap(answer: &str, point: &str, probability: f32) -> Overlap {
        let words: Vec<&str> = answer.split_whitespace().collect();
        let answer = Answer::new(&words, Some(&vec![probability; words.len()]));
        Finder::new(&answer).overlaps(&Criterion::new("How do you treat a patient?", point, &[], &[]))[0][0]
    }

    #[test]
    fn words_count_by_what_they_tell_and_how_surely_they_were_heard() {
        let same = overlap("Apologise for the delay.", "Apologised for delays", 1.0);
        assert!((same.recall - 1.0).abs() < 1e-6 && (same.both - 1.0).abs() < 1e-6);
        assert!((overlap("Apologise for the delay.", "Apologised for delays", 0.5).recall - 0.5).abs() < 1e-6);
        let half = overlap("I apologise to everybody on the corridor.", "Apologised for delays", 1.0);
        assert!(half.recall < 0.6 && half.both < half.recall);
        assert_eq!(overlap("It rained.", "Apologised for delays", 1.0), Overlap::default());
    }

    #[test]
    fn words_of_the_question_are_nothing_new_and_misheard_ones_count_in_part() {
        let asked = overlap("The patient.", "Calms the patient", 1.0);
        assert!(asked.recall > 0.0 && asked.new < f32::EPSILON);
        let misheard = overlap("I interprit.", "Interprets", 1.0);
        assert!(misheard.recall > 0.6 && misheard.recall < 1.0);
    }

    #[test]
    fn what_is_denied_on_one_side_counts_little() {
        let denied = overlap("I would not apologise for the delay.", "Apologised for delays", 1.0);
        assert!(denied.recall < 0.31 && denied.denied > 0.99);
        let both = overlap("I would not interrupt.", "Does not interrupt", 1.0);
        assert!(both.recall > 0.99 && both.denied < f32::EPSILON);
    }
}
