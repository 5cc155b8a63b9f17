//! Word times set right by the sound: a word begins where somebody speaks, and ends where the sound ends, never in the silence after it. Pure.

use crate::sound::{Millis, Span};

use super::Word;

/// Gaps in speech shorter than this are closures of consonants, inside words.
pub const BRIDGE: Millis = Millis(100);
/// A word that begins this much before the sound is moved to it; one that begins earlier was not said there.
const REACH: Millis = Millis(600);
/// The first word after a pause of this length begins with the sound, where it is said to begin at most so much later.
const PAUSE: Millis = Millis(200);
const LATE: Millis = Millis(300);
/// The shortest word.
const SHORTEST: Millis = Millis(20);

/// Sets the times right. Words come in order; stretches of speech too, and apart.
pub fn settle<'a>(words: impl Iterator<Item = &'a mut Word>, speech: &[Span], duration: Millis) {
    let mut words: Vec<&mut Word> = words.collect();
    let mut least = Millis(0);
    for i in 0..words.len() {
        let next = words.get(i + 1).map_or(duration, |w| w.start);
        let word = &*words[i];
        let mut start = word.start.max(least).min(duration);
        // the stretch that it begins in, or the next one
        let stretch = speech.iter().find(|s| s.end > start);
        if let Some(stretch) = stretch.filter(|s| s.start > start && s.start - start <= REACH && s.start < word.end.max(next)) {
            start = stretch.start;
        }
        let first_in = |s: &Span| i.checked_sub(1).is_none_or(|before| words[before].start < s.start);
        let after_pause = |at: usize| at.checked_sub(1).is_none_or(|before| speech[at].start - speech[before].end >= PAUSE);
        let begun = speech.iter().position(|s| s.start <= start && start < s.end);
        if let Some(at) = begun.filter(|at| after_pause(*at) && first_in(&speech[*at]) && start - speech[*at].start <= LATE) {
            start = speech[at].start.max(least);
        }
        let word = &mut *words[i];
        let mut end = if next > start { word.end.max(start).min(next) } else { word.end.max(start) };
        // one that begins in silence is not stretched to the next sound either
        end = speech.iter().find(|s| s.start <= start && start < s.end).map_or(start, |stretch| end.min(stretch.end));
        word.start = start;
        word.end = end.max(Millis(start.0 + SHORTEST.0)).min(duration.max(start));
        least = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(words: &[(u64, u64)], speech: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let mut words: Vec<Word> = words.iter().map(|(a, b)| Word::new("word", Span::new(*a, *b), 1.0)).collect();
        let speech: Vec<Span> = speech.iter().map(|(a, b)| Span::new(*a, *b)).collect();
        settle(words.iter_mut(), &speech, Millis(10_000));
        words.iter().map(|w| (w.start.0, w.end.0)).collect()
    }

    #[test]
    fn a_word_ends_where_the_sound_ends() {
        assert_eq!(settled(&[(500, 1500), (1500, 2000)], &[(500, 900), (1600, 2000)]), [(500, 900), (1600, 2000)]);
    }

    #[test]
    fn the_first_word_after_a_pause_begins_with_the_sound() {
        assert_eq!(settled(&[(300, 700), (900, 1200), (2300, 2800)], &[(200, 1200), (2050, 3000)]), [(200, 700), (900, 1200), (2050, 2800)]);
        assert_eq!(settled(&[(200, 700), (900, 1400)], &[(200, 750), (850, 1400)]), [(200, 700), (900, 1400)], "a closure is no pause");
    }

    #[test]
    fn a_word_in_the_silence_before_the_sound_moves_to_it() {
        assert_eq!(settled(&[(100, 800)], &[(300, 700)]), [(300, 700)]);
        assert_eq!(settled(&[(100, 200)], &[(5000, 6000)]), [(100, 120)], "that is not where it was said");
    }

    #[test]
    fn a_word_in_the_middle_of_a_silence_does_not_reach_the_next_sound() {
        assert_eq!(settled(&[(2000, 5000), (5000, 5300)], &[(0, 900), (5000, 6000)]), [(2000, 2020), (5000, 5300)]);
        assert_eq!(settled(&[(950, 5000)], &[(500, 900), (5000, 6000)]), [(950, 970)]);
    }

    #[test]
    fn words_stay_in_order_inside_the_take() {
        assert_eq!(settled(&[(500, 900), (400, 700), (9_990, 12_000)], &[(0, 10_000)]), [(500, 900), (500, 700), (9_990, 10_000)]);
    }
}
