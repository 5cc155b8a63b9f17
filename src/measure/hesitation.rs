//! Filled pauses ("um", "uh") between the words, told by their sound: engines leave most of them out of the transcript.
//!
//! The frames of the take and the spans of its words go in; the filled pauses come out, each with a confidence. A filled pause is the vowel of a
//! mouth at rest, held: the first two resonances stand out, lie where a tube without a narrow place has them (500 and 1,500 Hz for 17 cm, Fant
//! 1960; in "uh" the first a little higher, the second a little lower), and stay there. Neither voice nor pitch is asked for: a creaky one has
//! none. Word times may be off by 200 ms, so such a sound is first found whole and then weighed against the words: what a word needs is that
//! word's, and where much speech lies out of the words, only a pause beside the sound tells it from a word that was put wrong. Pure: no files, no
//! clock; loudness does not matter.

use serde::{Deserialize, Serialize};

use crate::sound::formant::{Frame, STEP};
use crate::sound::{Millis, Span};

/// One filled pause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hesitation {
    pub span: Span,
    /// 0.0..=1.0, in hundredths.
    pub confidence: f64,
}

/// Where "uh" and "er" lie (hertz), for a speaker with [`MIDDLE`]: surely in the inner box, never out of the outer one. Men's "uh" has 620 and
/// 1,200, women's 750 and 1,430 (Hillenbrand et al. 1995).
const FIRST: Range = Range { outer: (350.0, 900.0), inner: (450.0, 800.0) };
const SECOND: Range = Range { outer: (1_000.0, 1_750.0), inner: (1_150.0, 1_600.0) };
/// Second resonance that a speaker is taken to have in the middle (hertz; measured medians of minutes and less: 1,060 to 1,680).
const MIDDLE: f32 = 1_450.0;
/// How much of the speaker's own median counts, as an exponent: a short take's median is as much its words' as its speaker's.
const OWN: f32 = 0.5;
/// Frames from which that median is taken at all (3 s).
const ENOUGH: usize = 300;
/// How far the resonances stand out (decibels): noise and breath 1 to 4, creak 4 to 10, a clear vowel 7 and more.
const DEPTH: (f32, f32) = (1.5, 6.0);
/// Level against the loud parts of the words, and against the quietest twentieth of the take (decibels). A creaky one lies 10 below the loud.
const BELOW_LOUD: (f32, f32) = (-22.0, -17.0);
const ABOVE_FLOOR: (f32, f32) = (1.0, 4.0);
/// Quiet parts of words lie about this far below the loud ones (decibels).
const QUIET_SPEECH: f32 = 25.0;
/// What lies above 4 kHz against what lies below (decibels): breath -16 to +3, noise of a room -7, a vowel -8 to -34.
const HISS: (f32, f32) = (-5.0, -10.0);
/// From here on a frame belongs to a filled pause.
const LIKE: f32 = 0.35;
/// Parts nearer than this are one, in frames: a creaky voice has 20 to 90 ms between its pulses.
const NEAR: usize = 9;
/// On the whole it must be like one at least this much.
const LIKE_ON_THE_WHOLE: f32 = 0.3;
/// Filled pauses last from 160 ms to 1.6 s, in frames; a longer sound is singing or a machine.
const SHORTEST: usize = 16;
const LONGEST: usize = 160;
/// The second resonance moves less than this between the first and the last third, and its middle half lies within this (hertz; measured in filled
/// pauses: 12 to 75).
const DRIFT: f32 = 160.0;
/// Words are kept away from by this much (milliseconds).
const GUARD: u64 = 20;
/// Word times are off by up to this much; what lies further out of the words is no word's.
const OFF: usize = 20;
/// At least this much lies out of the words, in frames, and as a share.
const LEAST_FREE: usize = 8;
const FREE_SHARE: f32 = 0.5;
/// A word that would lose more than this share of its sound is that sound.
const LOSS: f32 = 0.5;
/// Share of the sound of speech out of the words, from which on their times are off, and from which on they are of no use.
const STRAY_A_LITTLE: f32 = 0.05;
const STRAY: f32 = 0.45;
/// Frames before and after in which a pause is looked for (150 ms), and how many of them must be quiet.
const PAUSE: usize = 15;
const QUIET: usize = 10;
/// The murmur of "um": first resonance below this (hertz), and it lasts this long at most (frames).
const MURMUR: u16 = 450;
const MURMUR_LASTS: usize = 40;

/// For the hash of the thresholds.
pub const RANGES: [(f32, f32); 8] = [FIRST.outer, FIRST.inner, SECOND.outer, SECOND.inner, DEPTH, BELOW_LOUD, ABOVE_FLOOR, HISS];
pub const THRESHOLDS: ([f32; 10], [usize; 9], u64, u16) = (
    [MIDDLE, OWN, QUIET_SPEECH, LIKE, LIKE_ON_THE_WHOLE, DRIFT, FREE_SHARE, LOSS, STRAY_A_LITTLE, STRAY],
    [ENOUGH, NEAR, SHORTEST, LONGEST, OFF, LEAST_FREE, PAUSE, QUIET, MURMUR_LASTS],
    GUARD,
    MURMUR,
);

/// Values that are surely right, and those beyond which all are wrong.
struct Range {
    outer: (f32, f32),
    inner: (f32, f32),
}

impl Range {
    fn at(&self, value: f32) -> f32 {
        ramp((self.outer.0, self.inner.0), value).min(ramp((self.outer.1, self.inner.1), value))
    }
}

/// 0 before `from`, 1 from `to` on, a line between; `to` may be the smaller one.
fn ramp((from, to): (f32, f32), value: f32) -> f32 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}

/// The filled pauses of a take, in order. `words` are those of the transcript with their times; a filled pause that stands among them is not
/// found again.
#[must_use]
pub fn find(frames: &[Frame], words: &[Span]) -> Vec<Hesitation> {
    let take = Take::new(frames, words);
    let like: Vec<f32> = frames.iter().map(|f| take.likeness(f)).collect();
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for i in (0..frames.len()).filter(|i| like[*i] >= LIKE) {
        match parts.last_mut() {
            Some((_, end)) if i < *end + NEAR => *end = i + 1,
            _ => parts.push((i, i + 1)),
        }
    }
    parts.retain(|(from, to)| (SHORTEST..=LONGEST).contains(&(to - from)));
    let stray = take.stray(&parts);
    if stray > STRAY {
        return Vec::new();
    }
    parts.into_iter().filter_map(|(from, to)| take.weigh(from, to, &like[from..to], stray)).collect()
}

struct Take<'a> {
    frames: &'a [Frame],
    words: Vec<(usize, usize)>,
    /// Whether each frame lies in a word or beside one.
    covered: Vec<bool>,
    loud: f32,
    floor: f32,
    /// Of the speaker's resonances against a middling speaker's.
    scale: f32,
}

impl<'a> Take<'a> {
    fn new(frames: &'a [Frame], words: &[Span]) -> Self {
        let place = |time: u64| usize::try_from(time / STEP).unwrap_or(usize::MAX).min(frames.len());
        let mut spans: Vec<(usize, usize)> = words.iter().map(|w| (place(w.start.0), place(w.end.0.div_ceil(STEP) * STEP))).collect();
        spans.sort_unstable();
        let mut covered = vec![false; frames.len()];
        for word in words {
            let (from, to) = (place(word.start.0.saturating_sub(GUARD)), place((word.end.0 + GUARD).div_ceil(STEP) * STEP));
            covered[from.min(to)..to].fill(true);
        }
        let mut levels: Vec<f32> = frames.iter().map(|f| f.level).collect();
        let mut said: Vec<f32> = frames.iter().zip(&covered).filter(|(_, c)| **c).map(|(f, _)| f.level).collect();
        // without words the loudest 200 ms are what is loud
        let loud = if said.len() >= OFF { at_share(&mut said, 0.95) } else { at_rank(&mut levels, frames.len().saturating_sub(OFF)) };
        // a take without a pause has no floor
        let floor = at_share(&mut levels, 0.05).min(loud + BELOW_LOUD.1);
        let clear = |f: &&Frame| f.depth >= DEPTH.1 && f.level >= loud + BELOW_LOUD.1;
        let mut seconds: Vec<f32> = frames.iter().filter(clear).map(|f| f32::from(f.second)).collect();
        let scale = if seconds.len() >= ENOUGH { (at_share(&mut seconds, 0.5) / MIDDLE).clamp(0.8, 1.3).powf(OWN) } else { 1.0 };
        Self { frames, words: spans, covered, loud, floor, scale }
    }

    /// How much a frame sounds like the middle of "uh", 0.0..=1.0.
    fn likeness(&self, frame: &Frame) -> f32 {
        let place = FIRST.at(f32::from(frame.first) / self.scale) * SECOND.at(f32::from(frame.second) / self.scale);
        let level = ramp(BELOW_LOUD, frame.level - self.loud) * ramp(ABOVE_FLOOR, frame.level - self.floor);
        place * level * ramp(DEPTH, frame.depth) * ramp(HISS, frame.hiss)
    }

    /// Whether a frame is sound that could be a word's.
    fn sounds(&self, at: usize) -> bool {
        let level = self.frames[at].level;
        level >= self.loud - QUIET_SPEECH && level >= self.floor + ABOVE_FLOOR.1
    }

    /// What a sound like "uh" is worth, with the words around it.
    #[allow(clippy::cast_precision_loss)] // frames of 1.6 s
    fn weigh(&self, from: usize, to: usize, like: &[f32], stray: f32) -> Option<Hesitation> {
        let (free_from, free_to) = self.longest_free(from, to);
        let free = free_to - free_from;
        let share = free as f32 / (to - from) as f32;
        if free < LEAST_FREE || (free <= OFF && (share < FREE_SHARE || self.is_needed(from, to))) {
            return None;
        }
        // word times that leave much speech out may have left this out, too: then only a pause beside it tells
        if stray > STRAY_A_LITTLE && !self.is_beside_a_pause(from, to) {
            return None;
        }
        // where enough lies out of the words, their edges are believed, and what runs into a word is left to it
        let (start, end) = if free >= SHORTEST { (free_from, free_to) } else { (from, to) };
        let moves = self.moves(start, end);
        let likeness = like[start - from..end - from].iter().sum::<f32>() / (end - start) as f32;
        if likeness < LIKE_ON_THE_WHOLE || moves >= DRIFT {
            return None;
        }
        let end = self.end_of_murmur(end);
        let clear = ramp((LIKE_ON_THE_WHOLE, 0.8), likeness);
        let still = ramp((DRIFT, DRIFT / 4.0), moves);
        let long = ramp((0.0, 2.0 * SHORTEST as f32), free as f32);
        let confidence = f64::from((0.4 + 0.6 * (clear * still * long).cbrt()) * (1.0 - stray));
        let confidence = (confidence * 100.0).round() / 100.0;
        Some(Hesitation { span: Span { start: Millis(start as u64 * STEP), end: Millis(end as u64 * STEP) }, confidence })
    }

    /// The longest part of these frames out of the words.
    fn longest_free(&self, from: usize, to: usize) -> (usize, usize) {
        let mut at = from;
        let mut longest = (from, from);
        for part in self.covered[from..to].chunk_by(|a, b| a == b) {
            if !part[0] && part.len() > longest.1 - longest.0 {
                longest = (at, at + part.len());
            }
            at += part.len();
        }
        longest
    }

    /// The share of the sound that lies out of the words, these parts left aside: how much the word times are off.
    #[allow(clippy::cast_precision_loss)] // an hour has 360,000
    fn stray(&self, parts: &[(usize, usize)]) -> f32 {
        let mut stray: Vec<bool> = (0..self.frames.len()).map(|i| self.sounds(i)).collect();
        let all = stray.iter().filter(|s| **s).count();
        for (from, to) in parts {
            stray[*from..*to].fill(false);
        }
        let out = stray.iter().zip(&self.covered).filter(|(stray, covered)| **stray && !**covered).count();
        out as f32 / all.max(1) as f32
    }

    /// Whether it is quiet before or after these frames.
    fn is_beside_a_pause(&self, from: usize, to: usize) -> bool {
        // before the first frame and behind the last it is quiet
        let quiet = |side: std::ops::Range<usize>| side.clone().filter(|i| self.sounds(*i)).count() <= PAUSE - QUIET;
        quiet(from.saturating_sub(PAUSE)..from) || quiet(to..(to + PAUSE).min(self.frames.len()))
    }

    /// Whether a word that overlaps these frames has little sound besides.
    #[allow(clippy::cast_precision_loss)] // frames of a word
    fn is_needed(&self, from: usize, to: usize) -> bool {
        let near = self.words.iter().filter(|(start, end)| *start < to && *end > from);
        near.copied().any(|(start, end)| {
            let sounding = |a: usize, b: usize| (a..b.max(a)).filter(|i| self.sounds(*i)).count() as f32;
            sounding(start.max(from), end.min(to)) > LOSS * sounding(start, end)
        })
    }

    /// How far the second resonance moves, in hertz: from the first to the last third, or the width of its middle half.
    fn moves(&self, from: usize, to: usize) -> f32 {
        let seconds =
            |a: usize, b: usize| -> Vec<f32> { self.frames[a..b].iter().filter(|f| self.likeness(f) > 0.0).map(|f| f32::from(f.second)).collect() };
        let third = (to - from) / 3;
        let (mut early, mut late, mut all) = (seconds(from, from + third), seconds(to - third, to), seconds(from, to));
        let drift = if early.is_empty() || late.is_empty() { 0.0 } else { (at_share(&mut early, 0.5) - at_share(&mut late, 0.5)).abs() };
        drift.max(at_share(&mut all, 0.75) - at_share(&mut all, 0.25))
    }

    /// Where the murmur that follows ends, outside the words.
    fn end_of_murmur(&self, to: usize) -> usize {
        let sounding = (to..(to + MURMUR_LASTS).min(self.frames.len())).take_while(|i| !self.covered[*i] && self.sounds(*i));
        let last = sounding.filter(|i| (1..=MURMUR).contains(&self.frames[*i].first)).last();
        last.map_or(to, |l| l + 1)
    }
}

/// The value that this share of the values lies below; 0 for none.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // an hour has 360,000
fn at_share(values: &mut [f32], share: f32) -> f32 {
    at_rank(values, (values.len() as f32 * share) as usize)
}

/// The value of this rank, the least first; the largest for more, 0 for none.
fn at_rank(values: &mut [f32], rank: usize) -> f32 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    *values.select_nth_unstable_by(rank.min(last), f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::formant::tests::{frames, noise, vowel};

    /// What a take is made of, with how long it lasts (ms).
    enum Part {
        /// A word with vowels that are no "uh".
        Word(usize),
        Pause(usize),
        /// A sound with these resonances that is no word.
        Sound(usize, [f32; 2]),
        Breath(usize),
    }
    use Part::{Breath, Pause, Sound, Word};

    const UH: [f32; 2] = [500.0, 1400.0];

    /// The sound, in a quiet room, and where the words are.
    fn take(parts: &[Part]) -> (Vec<f32>, Vec<Span>) {
        let (mut sound, mut words) = (Vec::new(), Vec::new());
        for part in parts {
            let from = sound.len() as u64 / 16;
            match part {
                Word(ms) => sound.extend([vowel(ms / 2, &[300.0, 2300.0, 2900.0]), vowel(ms - ms / 2, &[700.0, 1000.0, 2500.0])].concat()),
                Pause(ms) => sound.extend(vec![0.0; ms * 16]),
                Sound(ms, [first, second]) => sound.extend(vowel(*ms, &[*first, *second, 2500.0, 3500.0])),
                Breath(ms) => sound.extend(noise(*ms, 0.1)),
            }
            if let Word(ms) = part {
                words.push(Span::new(from, from + *ms as u64));
            }
        }
        let room = noise(sound.len() / 16, 0.0005);
        (sound.iter().zip(room).map(|(s, r)| s + r).collect(), words)
    }

    fn heard(parts: &[Part]) -> Vec<Hesitation> {
        let (sound, words) = take(parts);
        find(&frames(&sound), &words)
    }

    fn between_words(part: Part) -> usize {
        heard(&[Word(400), Pause(200), part, Pause(200), Word(400)]).len()
    }

    #[test]
    fn uh_in_a_gap_is_heard_where_it_is() {
        let found = heard(&[Pause(300), Word(400), Pause(200), Sound(350, UH), Pause(300), Word(400), Pause(200)]);
        let [one] = found[..] else { panic!("{found:?}") };
        assert!(one.span.start.0.abs_diff(900) <= 30 && one.span.end.0.abs_diff(1250) <= 30, "{one:?}");
        assert!((0.8..=1.0).contains(&one.confidence), "{one:?}");
    }

    #[test]
    fn other_sounds_are_not() {
        assert_eq!(between_words(Sound(350, [300.0, 2300.0])), 0);
        assert_eq!(between_words(Sound(350, [700.0, 1000.0])), 0);
        assert_eq!(between_words(Breath(400)), 0);
        assert_eq!(between_words(Pause(400)), 0);
    }

    #[test]
    fn too_short_and_too_long() {
        assert_eq!([50, 100, 200, 1500, 1800].map(|ms| between_words(Sound(ms, UH))), [0, 0, 1, 1, 0]);
    }

    #[test]
    fn a_sound_that_glides_is_a_word() {
        let glide: Vec<f32> = (0u8..12).flat_map(|i| vowel(33, &[500.0, 1100.0 + 45.0 * f32::from(i), 2500.0])).collect();
        let (before, words) = take(&[Word(400), Pause(300)]);
        assert!(find(&frames(&[before, glide, vec![0.0; 4800]].concat()), &words).is_empty());
    }

    #[test]
    fn inside_a_word_it_is_not_looked_for() {
        let (sound, mut words) = take(&[Word(400), Pause(200), Sound(350, UH), Pause(200), Word(400)]);
        words.insert(1, Span::new(600, 950));
        assert!(find(&frames(&sound), &words).is_empty());
        // nor where that word's times are off
        words[1] = Span::new(720, 1100);
        assert!(find(&frames(&sound), &words).is_empty());
    }

    #[test]
    fn a_word_whose_times_are_off_does_not_hide_it() {
        let (sound, mut words) = take(&[Word(400), Pause(100), Sound(350, UH), Pause(100), Word(600)]);
        words[1].start.0 -= 250;
        assert_eq!(find(&frames(&sound), &words).len(), 1);
    }

    #[test]
    fn um_ends_with_its_murmur() {
        let (before, mut words) = take(&[Word(400), Pause(200)]);
        let murmur: Vec<f32> = vowel(200, &[250.0, 2200.0]).into_iter().map(|s| s * 0.3).collect();
        words.push(Span::new(1500, 1900));
        let sound = [before, vowel(300, &[500.0, 1400.0, 2500.0]), murmur, noise(400, 0.0005), vowel(400, &[300.0, 2300.0])].concat();
        let found = find(&frames(&sound), &words);
        assert!(found.len() == 1 && found[0].span.end.0.abs_diff(1100) <= 40, "{found:?}");
    }

    #[test]
    fn loudness_changes_nothing() {
        let (sound, words) = take(&[Word(400), Pause(200), Sound(350, UH), Pause(200), Word(400)]);
        let as_it_is = find(&frames(&sound), &words);
        assert_eq!(as_it_is.len(), 1);
        for gain in [0.01, 0.125, 4.0] {
            let louder: Vec<f32> = sound.iter().map(|s| s * gain).collect();
            assert_eq!(find(&frames(&louder), &words), as_it_is, "{gain}");
        }
    }

    #[test]
    fn a_take_of_nothing_else_and_takes_of_nothing() {
        let fillers = heard(&[Pause(300), Sound(400, UH), Pause(300), Sound(300, UH), Pause(300)]);
        assert_eq!(fillers.len(), 2, "{fillers:?}");
        assert!(find(&[], &[]).is_empty() && find(&[], &[Span::new(0, 500)]).is_empty());
        for sound in [vec![0.0; 32_000], noise(3000, 0.1), noise(3000, 0.0005)] {
            for words in [vec![], vec![Span::new(500, 900)], vec![Span::new(0, 99_000)], vec![Span::new(90_000, 99_000)]] {
                assert!(find(&frames(&sound), &words).is_empty());
            }
        }
    }

    #[test]
    fn words_that_lie_elsewhere_tell_nothing() {
        let (sound, _) = take(&[Word(600), Word(500), Pause(200), Sound(350, UH), Pause(200), Word(600)]);
        assert!(find(&frames(&sound), &[]).is_empty());
    }

    #[test]
    fn an_hour_is_no_matter() {
        let (sound, words) = take(&[Word(400), Pause(200), Sound(350, UH), Pause(250), Word(400), Pause(400)]);
        let minute = frames(&sound);
        let long = minute.len() as u64 * STEP;
        let frames: Vec<Frame> = (0..1800).flat_map(|_| minute.iter().copied()).collect();
        let words: Vec<Span> = (0..1800).flat_map(|i| words.iter().map(move |w| Span::new(w.start.0 + i * long, w.end.0 + i * long))).collect();
        let found = find(&frames, &words);
        assert_eq!(found.len(), 1800);
        assert!(found.windows(2).all(|w| w[0].span.end <= w[1].span.start));
    }
}
