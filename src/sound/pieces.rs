//! A take cut into pieces at its pauses, while it is still going on: what an engine can transcribe before the end is there.
//!
//! Every decision is made from the sound before it and at the same place whatever the size of the blocks in which the sound comes: a
//! recording that is cut afterwards gives the same pieces, sample for sample.

use std::collections::VecDeque;
use std::ops::Range;

use super::formant::Analyzer;
use super::loudness::Meter;
use super::pitch::Tracker;
use super::resample::{ResampleError, Resampler, WHISPER_RATE};
use super::speech::{Detector, Profile, STEP, STEP_SAMPLES};
use super::{Decibels, Millis, Span};

/// A stretch of a take that holds speech: mono at 16 kHz.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Where in the take.
    pub span: Span,
    pub samples: Vec<f32>,
}

/// The largest 16-bit value: nothing louder comes out of a converter.
pub const FULL_SCALE: f32 = 32_767.0 / 32_768.0;
/// A pause at which a piece of the shortest length is cut; the longer the piece, the shorter a pause will do, so that little is left to
/// transcribe when the take ends.
const PAUSE: Millis = Millis(700);
/// A pause at which a piece is cut that is long.
const SHORT_PAUSE: Millis = Millis(400);
/// A pause in which the take may be over: what is heard until here is worth transcribing ahead. Long enough that the piece no longer changes if it is.
const REST: Millis = Millis(300);
/// From here on a piece is long: an engine has heard enough before and after each word.
const LONG: Millis = Millis(15_000);
/// A pause at which it is cut however short the piece: with a long silence inside, an engine loses what comes before or after it.
const LONG_PAUSE: Millis = Millis(2_000);
/// Pieces shorter than this are joined to the next: an engine hears better with some context, and its cost is by the piece.
const SHORTEST: Millis = Millis(5_000);
/// No piece holds more than this from its first to its last sound. Engines look at 30 s at a time: a piece that fits leaves nothing to their own cutting.
const LONGEST: Millis = Millis(25_000);
/// Room left before the speech of a piece, and after it: half of the shortest pause at most, so that a piece is the same wherever in its pause it is cut.
const MARGIN: Millis = Millis(250);
const MARGIN_AFTER: Millis = Millis(SHORT_PAUSE.0 / 2);
/// Less voice than this is a click, and an engine that is given a click invents a sentence.
const LEAST_VOICE: Millis = Millis(100);
/// Gaps in speech shorter than this are closures of consonants.
const BRIDGE: Millis = Millis(200);
/// Where there is no pause at all, the quietest place in this much at the end is taken.
const FORCED_WITHIN: Millis = Millis(3_000);

/// Hears a take at any rate, block by block: gives its pieces as they are complete, and its profile at the end.
pub struct Segmenter {
    rate: u32,
    resampler: Resampler,
    detector: Detector,
    meter: Meter,
    tracker: Tracker,
    formants: Analyzer,
    /// Samples at 16 kHz from `kept_from` on: those that the next piece may need.
    kept: VecDeque<f32>,
    kept_from: usize,
    /// The next step to look at.
    step: usize,
    /// Stretches of speech of the piece that is being heard, in steps.
    stretches: Vec<Range<usize>>,
    /// Where the piece before ended, in samples.
    cut_at: usize,
    /// The end of the speech after which [`Segmenter::at_rest`] was last told, in steps.
    rested_after: usize,
    frames: usize,
    peak: f32,
    clipped: u64,
}

impl Segmenter {
    /// For mono sound of this rate.
    ///
    /// # Errors
    /// A rate that cannot be brought to 16 kHz.
    pub fn new(rate: u32) -> Result<Self, ResampleError> {
        Ok(Self {
            rate,
            resampler: Resampler::new(rate, WHISPER_RATE)?,
            detector: Detector::default(),
            meter: Meter::default(),
            tracker: Tracker::default(),
            formants: Analyzer::default(),
            kept: VecDeque::new(),
            kept_from: 0,
            step: 0,
            stretches: Vec::new(),
            cut_at: 0,
            rested_after: 0,
            frames: 0,
            peak: 0.0,
            clipped: 0,
        })
    }

    /// Takes the next samples; returns the pieces that are complete with them.
    ///
    /// # Errors
    /// As [`Resampler::push`].
    pub fn push(&mut self, mono: &[f32]) -> Result<Vec<Piece>, ResampleError> {
        self.frames += mono.len();
        self.peak = mono.iter().fold(self.peak, |peak, s| peak.max(s.abs()));
        self.clipped += mono.iter().filter(|s| s.abs() >= FULL_SCALE).count() as u64;
        let mut pieces = Vec::new();
        // in small blocks, so that what is told of a step never knows much of what comes after it
        for block in mono.chunks(STEP_SAMPLES) {
            let mut sound = Vec::new();
            self.resampler.push(block, &mut sound)?;
            self.hear(&sound, &mut pieces);
        }
        Ok(pieces)
    }

    /// In a pause, once: what will be the next piece if the pause becomes a cut or the take ends before anybody speaks again, to the sample.
    pub fn at_rest(&mut self) -> Option<Piece> {
        let end = self.stretches.last()?.end;
        if self.step < end + steps(REST) || self.rested_after == end {
            return None;
        }
        self.rested_after = end;
        self.piece(&self.stretches, end * STEP_SAMPLES, MARGIN_AFTER)
    }

    /// The end of the take: its last piece, if there is speech in it, and what it sounded like.
    ///
    /// # Errors
    /// As [`Resampler::push`].
    pub fn finish(mut self) -> Result<(Vec<Piece>, Profile), ResampleError> {
        let (mut pieces, mut rest) = (Vec::new(), Vec::new());
        let resampler = std::mem::replace(&mut self.resampler, Resampler::new(WHISPER_RATE, WHISPER_RATE)?);
        resampler.finish(&mut rest)?;
        self.hear(&rest, &mut pieces);
        let end = self.stretches.last().map_or(0, |s| s.end * STEP_SAMPLES);
        pieces.extend(self.cut(self.stretches.len(), end, MARGIN_AFTER));
        let profile = Profile {
            duration: Millis::of_frames(self.frames, self.rate),
            digital_silence: self.peak == 0.0,
            peak: Decibels::of_amplitude(self.peak),
            clipped: Some(self.clipped),
            levels: self.detector.finish(),
            loudness: self.meter.finish(),
            pitch: self.tracker.finish(),
            formants: self.formants.finish(),
        };
        Ok((pieces, profile))
    }

    fn hear(&mut self, sound: &[f32], pieces: &mut Vec<Piece>) {
        self.meter.push(sound);
        self.tracker.push(sound);
        self.formants.push(sound);
        // a frame at a time: the decision on a step must not depend on how much came at once
        for block in sound.chunks(STEP_SAMPLES) {
            self.kept.extend(block);
            self.detector.push(block);
            while self.step < self.detector.steps() {
                pieces.extend(self.look());
                self.step += 1;
            }
        }
    }

    /// Looks at the next step; the piece that ends with it, if one does.
    fn look(&mut self) -> Option<Piece> {
        let now = self.step;
        if self.detector.is_speech_so_far(now) {
            match self.stretches.last_mut() {
                Some(last) if now < last.end + steps(BRIDGE) => last.end = now + 1,
                _ => self.stretches.push(now..now + 1),
            }
        }
        let (Some(first), Some(last)) = (self.stretches.first(), self.stretches.last()) else {
            let least = (now * STEP_SAMPLES).saturating_sub(samples(MARGIN));
            self.forget(least);
            return None;
        };
        let (start, end, silent) = (first.start, last.end, (now + 1).saturating_sub(last.end));
        let too_long = |length: usize| length > steps(LONGEST);
        if silent >= steps(pause_that_cuts(end - start)) || silent >= steps(PAUSE) && too_long(now - start) {
            return self.cut(self.stretches.len(), end * STEP_SAMPLES, MARGIN_AFTER);
        }
        if too_long(end - start) { self.cut_too_long() } else { None }
    }

    /// Cuts at the longest of the gaps, rather not at a short one near the beginning; where nobody stops to breathe, at the quietest place.
    fn cut_too_long(&mut self) -> Option<Piece> {
        let start = self.stretches[0].start;
        let least = steps(SHORTEST);
        let gaps = self.stretches.windows(2).map(|w| w[0].end..w[1].start).enumerate();
        let good = |gap: &Range<usize>| gap.start - start >= least || gap.len() >= steps(PAUSE);
        if let Some((i, gap)) = gaps.max_by_key(|(i, gap)| (good(gap), gap.len(), *i)) {
            let half = Millis(gap.len() as u64 * STEP / 2);
            return self.cut(i + 1, gap.start * STEP_SAMPLES, half);
        }
        let running = self.stretches.last_mut()?;
        let (from, to) = (running.end.saturating_sub(steps(FORCED_WITHIN)).max(running.start + 1), running.end - 1);
        let quietest = (from..to).min_by(|a, b| self.detector.level(*a).total_cmp(&self.detector.level(*b))).unwrap_or(to);
        let rest = quietest..running.end;
        running.end = quietest;
        self.stretches.push(rest);
        self.cut(self.stretches.len() - 1, quietest * STEP_SAMPLES, Millis(0))
    }

    /// The piece of the first `count` stretches, whose speech ends at sample `end`, with at most `room` after it; None where they hold no voice.
    fn cut(&mut self, count: usize, end: usize, room: Millis) -> Option<Piece> {
        let stretches: Vec<Range<usize>> = self.stretches.drain(..count).collect();
        let piece = self.piece(&stretches, end, room);
        if !stretches.is_empty() {
            self.cut_at = self.end_of(end, room);
            let least = self.stretches.first().map_or(self.cut_at, |s| Self::start_of(s).max(self.cut_at));
            self.forget(least);
        }
        piece
    }

    /// The piece of these stretches, whose speech ends at sample `end`, with at most `room` after it; None where they hold no voice.
    fn piece(&self, stretches: &[Range<usize>], end: usize, room: Millis) -> Option<Piece> {
        let start = Self::start_of(stretches.first()?).max(self.cut_at);
        let end = self.end_of(end, room).max(start);
        let voiced = self.detector.voiced(stretches.iter().cloned().flatten());
        (voiced >= steps(LEAST_VOICE)).then(|| Piece {
            span: Span { start: Millis::of_frames(start, WHISPER_RATE), end: Millis::of_frames(end, WHISPER_RATE) },
            samples: self.kept.range(start.saturating_sub(self.kept_from)..end.saturating_sub(self.kept_from)).copied().collect(),
        })
    }

    /// The sample at which a piece begins whose first speech this is.
    fn start_of(first: &Range<usize>) -> usize {
        (first.start * STEP_SAMPLES).saturating_sub(samples(MARGIN))
    }

    /// The sample at which a piece ends whose speech ends at sample `end`, with at most `room` after it.
    fn end_of(&self, end: usize, room: Millis) -> usize {
        (end + samples(MARGIN_AFTER.min(room))).min(self.kept_from + self.kept.len())
    }

    /// Lets go of the samples before this one.
    fn forget(&mut self, before: usize) {
        let count = before.saturating_sub(self.kept_from).min(self.kept.len());
        self.kept.drain(..count);
        self.kept_from += count;
    }
}

/// The pause at which a piece of so many steps is cut.
fn pause_that_cuts(length: usize) -> Millis {
    let length = length as u64 * STEP;
    if length < SHORTEST.0 {
        return LONG_PAUSE;
    }
    // evenly shorter from the shortest piece to the long one
    let into = (length - SHORTEST.0).min(LONG.0 - SHORTEST.0);
    Millis(PAUSE.0 - (PAUSE.0 - SHORT_PAUSE.0) * into / (LONG.0 - SHORTEST.0))
}

fn steps(time: Millis) -> usize {
    usize::try_from(time.0 / STEP).unwrap_or(usize::MAX)
}

fn samples(time: Millis) -> usize {
    time.frames(WHISPER_RATE)
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)]
mod tests {
    use super::*;

    /// Speech of espeak-ng's kind is not at hand here; a buzz with the formants of a vowel that rises and falls as syllables do is voice enough.
    fn vowel(ms: u64) -> impl Iterator<Item = f32> {
        (0..ms * 16).map(|i| {
            let t = i as f32 / 16_000.0;
            let pitch = 120.0 + 15.0 * (t * 2.1).sin();
            let buzz: f32 = (1..30)
                .map(|h| {
                    let f = pitch * h as f32;
                    let mouth = (std::f32::consts::TAU * 3.0 * t).sin();
                    let near = |centre: f32, width: f32| 1.0 / (1.0 + ((f - centre) / width).powi(2));
                    (near(550.0 + 150.0 * mouth, 90.0) + 0.6 * near(1_300.0 - 300.0 * mouth, 110.0) + 0.3 * near(2_500.0, 160.0))
                        * (std::f32::consts::TAU * f * t).sin()
                })
                .sum();
            0.15 * buzz * (0.55 + 0.45 * (std::f32::consts::TAU * 4.0 * t).sin())
        })
    }

    /// `(milliseconds of voice, milliseconds of silence)` in turn.
    fn answer(turns: &[(u64, u64)]) -> Vec<f32> {
        turns.iter().flat_map(|(voice, silence)| vowel(*voice).chain((0..silence * 16).map(|i| if i % 2 == 0 { 1e-4 } else { -1e-4 }))).collect()
    }

    fn pieces_of(samples: &[f32], rate: u32, block: usize) -> (Vec<Piece>, Profile) {
        let mut segmenter = Segmenter::new(rate).unwrap();
        let mut pieces: Vec<Piece> = samples.chunks(block).flat_map(|b| segmenter.push(b).unwrap()).collect();
        let (last, profile) = segmenter.finish().unwrap();
        pieces.extend(last);
        (pieces, profile)
    }

    fn spans(turns: &[(u64, u64)]) -> Vec<Span> {
        pieces_of(&answer(turns), 16_000, 4_096).0.into_iter().map(|p| p.span).collect()
    }

    #[test]
    fn a_take_is_cut_at_long_pauses_once_a_piece_is_long_enough() {
        let found = spans(&[(2000, 900), (4000, 900), (3000, 300), (3000, 1500), (1000, 500)]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.windows(2).all(|w| w[0].end <= w[1].start));
        assert!(found[0].end.0.abs_diff(7_100) < 60 && found[1].start.0.abs_diff(7_550) < 60, "{found:?}");
    }

    #[test]
    fn speech_without_long_pauses_is_cut_before_25_seconds() {
        let found = spans(&[(4000, 350); 12]);
        assert!(found.len() >= 2 && found.iter().all(|p| p.length().0 <= LONGEST.0 + 2 * MARGIN.0), "{found:?}");
    }

    #[test]
    fn a_long_silence_is_a_cut_however_short_the_piece() {
        let found = spans(&[(1000, 3000), (3000, 500)]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].end.0.abs_diff(1_200) < 60 && found[1].start.0.abs_diff(3_750) < 60, "{found:?}");
    }

    #[test]
    fn a_pause_near_the_beginning_is_better_than_the_middle_of_a_word() {
        let found = spans(&[(1000, 900), (24_500, 500)]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].end < found[1].start && found[1].start.0.abs_diff(1_650) < 60, "{found:?}");
    }

    #[test]
    fn whoever_never_stops_to_breathe_is_cut_too() {
        let found = spans(&[(60_000, 500)]);
        assert!(found.len() >= 3 && found.iter().all(|p| p.length().0 <= LONGEST.0 + 2 * MARGIN.0), "{found:?}");
        assert!(found.windows(2).all(|w| w[0].end == w[1].start), "nothing is lost between them: {found:?}");
    }

    #[test]
    fn blocks_of_any_size_give_the_same_pieces() {
        let samples = answer(&[(2000, 900), (4000, 900), (3000, 300), (3000, 1500), (1000, 500)]);
        for rate in [16_000, 22_050] {
            let whole = pieces_of(&samples, rate, samples.len());
            assert!(whole.0.len() >= 2, "{:?}", whole.0.iter().map(|p| p.span).collect::<Vec<_>>());
            for block in [1, 77, 441, 10_000] {
                assert_eq!(pieces_of(&samples, rate, block), whole, "blocks of {block} at {rate}");
            }
        }
    }

    #[test]
    fn a_long_piece_is_cut_at_a_short_pause() {
        let found = spans(&[(4000, 450), (4000, 450), (4000, 450), (4000, 450), (2000, 500)]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].end.0.abs_diff(17_550) < 60, "{found:?}");
    }

    #[test]
    fn what_is_told_at_rest_is_the_piece_that_comes_unless_somebody_goes_on() {
        // three pauses long enough to rest at: speech goes on, a cut, the end
        let samples = answer(&[(3000, 500), (4000, 1000), (3000, 600)]);
        let mut segmenter = Segmenter::new(16_000).unwrap();
        let (mut rests, mut pieces) = (Vec::new(), Vec::new());
        for block in samples.chunks(160) {
            pieces.extend(segmenter.push(block).unwrap());
            rests.extend(segmenter.at_rest());
        }
        pieces.extend(segmenter.finish().unwrap().0);
        assert_eq!((rests.len(), pieces.len()), (3, 2));
        assert_eq!(rests[1..], pieces);
    }

    #[test]
    fn no_speech_no_piece() {
        for samples in [vec![], vec![0.0; 100], vec![0.0; 160_000], answer(&[(40, 3000)])] {
            let (pieces, profile) = pieces_of(&samples, 16_000, 999);
            assert!(pieces.is_empty() && profile.speech(BRIDGE).is_empty());
            assert_eq!(profile.duration, Millis::of_frames(samples.len(), 16_000));
        }
    }
}
