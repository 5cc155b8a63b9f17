//! Where in a take somebody speaks: told from the level and from a small neural network that knows voices (earshot).
//!
//! Sound at 16 kHz goes in block by block; a [`Profile`] comes out, in which stretches of speech can be looked up. What lies below the voice
//! (hum, thumps on the table) is filtered out; then each step of 8 ms has a level (over 24 ms) and a probability of voice. A step is speech
//! where the level's distance from a threshold between the loud parts and the room's noise, and the probability, together speak for it: the
//! level finds the edges, the network tells a voice from other sounds that come and go. Tones and chords, which the network takes for voices,
//! are told by their spectrum: a mouth never holds still.
//!
//! Measured against hand-set words or Silero VAD: see `scripts/bench listening`.

use std::sync::Arc;

use biquad::{Biquad, Coefficients, DirectForm2Transposed, Q_BUTTERWORTH_F32, ToHertz, Type};
use realfft::{RealFftPlanner, RealToComplex};

use super::clip::Decibels;
use super::formant::Frame;
use super::loudness::Loudness;
use super::pitch::{self, Candidates};
use super::resample::WHISPER_RATE;
use super::{Millis, Span};

/// Milliseconds of one step.
pub(super) const STEP: u64 = 8;
/// Samples of one step at 16 kHz.
pub(super) const STEP_SAMPLES: usize = 128;
/// Samples of one frame of the network, two steps.
const FRAME: usize = 256;
/// Most of a voice's strength lies above this (hertz).
const BELOW_THE_VOICE: u32 = 120;
/// Below this level even the loudest parts are room noise (dBFS).
const HEARD_AT_ALL: f32 = -60.0;
/// Speech rises and falls; a sound whose loud and quiet parts lie closer together than this is hum, hiss or a tone (dB).
const LEAST_RANGE: f32 = 8.0;
/// Quiet consonants lie about this far below the loud vowels (dB).
const BELOW_LOUD: f32 = 28.0;
/// Noise seldom rises further than this above its own quietest twentieth (dB).
const ABOVE_FLOOR: f32 = 3.0;
/// Steps that a knock or a cough may fill.
const KNOCK: u32 = 38;
/// How far the level alone can speak for or against a voice (dB).
const MOST_BY_LEVEL: f32 = 8.0;
/// What the probability of voice is worth (dB for 1.0), and where it is neutral.
const VOICE_WEIGHT: f32 = 15.0;
const VOICE_NEUTRAL: f32 = 0.4;
/// Steps closer together than this belong together: it is the length over which a level is taken (milliseconds).
const CLOSE: u64 = 3 * STEP;
/// Sounds shorter than this are clicks (milliseconds).
const SHORTEST: u64 = 50;
/// An utterance without one frame that is more likely voice than not is no speech.
const VOICE_LIKELY: f32 = 0.5;
/// Steps without speech from which on a room's noise can be told (0.3 s).
const LEAST_QUIET: usize = 38;
/// A take with less than this of surely voiced sound (frames of this probability) holds no speech.
const VOICE_SURE: f32 = 0.7;
const LEAST_SURE: Millis = Millis(100);

/// How many frames apart two spectra are compared (48 ms), over which bins of 31 Hz (90 Hz to 4 kHz), and from which difference (one less the
/// cosine between them) on the sound has changed. Measured medians: speech 0.18 to 0.33, tones, chords and melodies 0.00 to 0.06.
const APART: usize = 3;
const BINS_OF_VOICE: std::ops::Range<usize> = 3..128;
const CHANGED: f32 = 0.1;
/// In speech, at least this share of the frames that sound like a voice have changed (per cent; measured: 78 or more, tones 24 or fewer).
const LEAST_CHANGING: usize = 40;
/// Sounds with gaps shorter than this are one utterance.
const NEAR: Millis = Millis(400);
/// Speech is told from tones over stretches with gaps shorter than this between them.
const TOGETHER: Millis = Millis(1_000);

/// What speech is told by, for the hash of the thresholds.
pub const THRESHOLDS: ([u64; 6], (u32, usize, usize), [f32; 10]) = (
    [STEP, CLOSE, SHORTEST, LEAST_SURE.0, TOGETHER.0, NEAR.0],
    (BELOW_THE_VOICE, APART, LEAST_CHANGING),
    [CHANGED, HEARD_AT_ALL, LEAST_RANGE, BELOW_LOUD, ABOVE_FLOOR, MOST_BY_LEVEL, VOICE_WEIGHT, VOICE_NEUTRAL, VOICE_LIKELY, VOICE_SURE],
);

/// Listens to a take, block by block, and remembers its levels.
pub struct Detector {
    network: Box<earshot::Detector>,
    high_pass: Option<DirectForm2Transposed<f32>>,
    /// Samples that do not fill a frame yet.
    waiting: Vec<f32>,
    /// Mean square of each step.
    power: Vec<f32>,
    /// Probability of voice in each frame, 0.0..=1.0.
    voice: Vec<f32>,
    /// Whether the spectrum of each frame has changed.
    changed: Vec<bool>,
    spectra: Spectra,
    /// Of the levels so far, for what can be told before the end.
    so_far: Histogram,
    /// Steps that are in the histogram.
    counted: usize,
}

impl Default for Detector {
    fn default() -> Self {
        let design = Coefficients::<f32>::from_params(Type::HighPass, WHISPER_RATE.hz(), BELOW_THE_VOICE.hz(), Q_BUTTERWORTH_F32);
        Self {
            network: earshot::Detector::default_boxed(),
            high_pass: design.ok().map(DirectForm2Transposed::<f32>::new),
            waiting: Vec::new(),
            power: Vec::new(),
            voice: Vec::new(),
            changed: Vec::new(),
            spectra: Spectra::default(),
            so_far: Histogram::default(),
            counted: 0,
        }
    }
}

impl Detector {
    /// Takes mono samples at 16 kHz.
    pub fn push(&mut self, samples: &[f32]) {
        self.waiting.extend_from_slice(samples);
        let whole = self.waiting.len() / FRAME * FRAME;
        let frames: Vec<f32> = self.waiting.drain(..whole).collect();
        for frame in frames.chunks_exact(FRAME) {
            self.hear(frame);
        }
    }

    fn hear(&mut self, frame: &[f32]) {
        let within: Vec<f32> = frame.iter().map(|s| s.clamp(-1.0, 1.0)).collect();
        self.voice.push(self.network.predict_f32(&within));
        self.changed.push(self.spectra.changed(frame));
        for step in frame.chunks_exact(STEP_SAMPLES) {
            let power: f32 = step.iter().map(|s| self.high_pass.as_mut().map_or(*s, |f| f.run(*s)).powi(2)).sum();
            #[allow(clippy::cast_precision_loss)] // 128
            self.power.push(power / STEP_SAMPLES as f32);
        }
        // the level of a step needs the step after it
        while self.counted + 1 < self.power.len() {
            self.so_far.add(&self.power, self.counted);
            self.counted += 1;
        }
    }

    /// Steps of which it can be told whether they are speech.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.counted
    }

    /// Whether a step is speech as far as could be told when it was heard, from the sound before it; call it once the step is there, and before
    /// much more is. Until the take has loud and quiet parts the network decides alone.
    #[must_use]
    pub fn is_speech_so_far(&self, step: usize) -> bool {
        match self.so_far.threshold() {
            Some(threshold) => speaks(level(&self.power, step), threshold, voice_at(&self.voice, step)),
            None => voice_at(&self.voice, step) >= VOICE_LIKELY,
        }
    }

    /// For how many of these steps a voice is more likely than not; none where they are tones.
    #[must_use]
    pub fn voiced(&self, steps: impl Iterator<Item = usize>) -> usize {
        voiced(&self.voice, &self.changed, steps)
    }

    /// Level of a step, dBFS.
    #[must_use]
    pub fn level(&self, step: usize) -> f32 {
        level(&self.power, step)
    }

    /// The end of the take.
    #[must_use]
    pub fn finish(mut self) -> Levels {
        if !self.waiting.is_empty() {
            let rest = FRAME - self.waiting.len();
            self.push(&vec![0.0; rest]);
        }
        Levels { power: self.power, voice: self.voice, changed: self.changed }
    }
}

/// Level and voice of each step of a take.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    power: Vec<f32>,
    voice: Vec<f32>,
    changed: Vec<bool>,
}

/// What a take sounds like, without its samples: a few megabytes for an hour.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    pub duration: Millis,
    /// Every sample is zero.
    pub digital_silence: bool,
    /// The largest sample; None for digital silence, and where it is not known.
    pub peak: Option<Decibels>,
    /// Samples at full scale: where a converter could not go higher. None where it is not known.
    pub clipped: Option<u64>,
    pub levels: Levels,
    pub loudness: Loudness,
    pub pitch: Candidates,
    /// One for each 10 ms.
    pub formants: Vec<Frame>,
}

impl Profile {
    /// The stretches of speech, in order and apart. Gaps shorter than `bridge` do not part them.
    #[must_use]
    pub fn speech(&self, bridge: Millis) -> Vec<Span> {
        let (power, voice) = (&self.levels.power, &self.levels.voice);
        let mut histogram = Histogram::default();
        (0..power.len()).for_each(|i| histogram.add(power, i));
        let sure = voice.iter().filter(|v| **v >= VOICE_SURE).count() as u64 * 2 * STEP;
        let Some(threshold) = histogram.threshold().filter(|_| sure >= LEAST_SURE.0) else { return Vec::new() };
        let mut spans: Vec<Span> = Vec::new();
        for step in (0..power.len()).filter(|i| speaks(level(power, *i), threshold, voice_at(voice, *i))) {
            let (start, end) = (Millis(step as u64 * STEP), Millis((step as u64 + 1) * STEP).min(self.duration));
            match spans.last_mut() {
                Some(last) if start.0 <= last.end.0 + CLOSE => last.end = end.max(last.end),
                _ if start < self.duration => spans.push(Span { start, end }),
                _ => {}
            }
        }
        spans.retain(|s| s.length().0 >= SHORTEST);
        // what stands at an edge must sound like a voice: noise rises for a moment, too
        let sounds = |s: &Span, as_voice: f32| self.steps_of(*s).any(|i| voice_at(voice, i) >= as_voice);
        let utterances = spans.chunk_by(|a, b| b.start - a.end < NEAR).filter(|group| group.iter().any(|s| sounds(s, VOICE_LIKELY)));
        let trimmed = utterances.flat_map(|group| {
            let first = group.iter().position(|s| sounds(s, VOICE_NEUTRAL)).unwrap_or(group.len());
            let last = group.iter().rposition(|s| sounds(s, VOICE_NEUTRAL)).map_or(first, |l| l + 1);
            &group[first..last]
        });
        let mut joined: Vec<Span> = Vec::new();
        for span in trimmed.copied() {
            match joined.last_mut() {
                Some(last) if span.start - last.end < bridge => last.end = span.end,
                _ => joined.push(span),
            }
        }
        let together = joined.chunk_by(|a, b| b.start - a.end < TOGETHER);
        let speaks = |group: &&[Span]| voiced(voice, &self.levels.changed, group.iter().flat_map(|s| self.steps_of(*s))) > 0;
        together.filter(speaks).flatten().copied().collect()
    }

    /// The level of the speech in these stretches, over all of them together; None where there is none.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn level_of(&self, speech: &[Span]) -> Option<Decibels> {
        let steps: Vec<f32> = speech.iter().flat_map(|s| self.steps_of(*s)).filter_map(|i| self.levels.power.get(i).copied()).collect();
        Decibels::of_amplitude((steps.iter().sum::<f32>() / steps.len().max(1) as f32).sqrt())
    }

    /// The profile of a stretch of the take, its times from the start of the stretch; without a peak, which only the samples know.
    #[must_use]
    pub fn stretch(&self, span: Span) -> Self {
        // whole frames, so that level and voice stay together
        let frames = |t: Millis| usize::try_from(t.0 / (2 * STEP)).unwrap_or(usize::MAX);
        let (from, to) = (frames(span.start), frames(span.end) + 1);
        let Levels { power, voice, changed } = &self.levels;
        let levels = Levels { power: cut(power, 2 * from, 2 * to), voice: cut(voice, from, to), changed: cut(changed, from, to) };
        let duration = span.end.min(self.duration) - span.start;
        let at = pitch::frames_of(span);
        let (pitch, formants) = (self.pitch.stretch(at.clone()), cut(&self.formants, at.start, at.end));
        let digital_silence = levels.power.iter().all(|p| *p == 0.0);
        Self { duration, digital_silence, peak: None, clipped: None, levels, loudness: self.loudness.stretch(span), pitch, formants }
    }

    /// The level of the take where nobody speaks, dBFS: of what lies further than this from any speech, without its loudest tenth, which is clicks and
    /// breaths. None where there is too little of it.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn noise_floor(&self, speech: &[Span], away: Millis) -> Option<Decibels> {
        let mut quiet = vec![true; self.levels.power.len()];
        for span in speech {
            quiet[self.steps_of(Span { start: span.start - away, end: span.end + away })].fill(false);
        }
        let mut powers: Vec<f32> = quiet.iter().zip(&self.levels.power).filter(|(q, p)| **q && **p > 0.0).map(|(_, p)| *p).collect();
        if powers.len() < LEAST_QUIET {
            return None;
        }
        powers.sort_by(f32::total_cmp);
        powers.truncate(powers.len() * 9 / 10);
        Decibels::of_amplitude((powers.iter().sum::<f32>() / powers.len() as f32).sqrt())
    }

    fn steps_of(&self, span: Span) -> std::ops::Range<usize> {
        let step = |t: u64| usize::try_from(t / STEP).unwrap_or(usize::MAX).min(self.levels.power.len());
        step(span.start.0)..step(span.end.0.div_ceil(STEP) * STEP)
    }
}

/// A copy of these values, of as many as there are.
fn cut<T: Clone>(values: &[T], from: usize, to: usize) -> Vec<T> {
    values[from.min(values.len())..to.min(values.len())].to_vec()
}

/// How much of the time is speech, all stretches together.
#[must_use]
pub fn total(spans: &[Span]) -> Millis {
    spans.iter().fold(Millis(0), |sum, s| sum + s.length())
}

/// Root-mean-square level of a step with its two neighbours, dBFS; digital silence counts as -120.
#[allow(clippy::cast_precision_loss)] // 3
fn level(power: &[f32], step: usize) -> f32 {
    let around = &power[step.saturating_sub(1).min(power.len())..(step + 2).min(power.len())];
    let mean = around.iter().sum::<f32>() / around.len().max(1) as f32;
    if mean > 1e-12 { 10.0 * mean.log10() } else { -120.0 }
}

fn voice_at(voice: &[f32], step: usize) -> f32 {
    voice.get(step / 2).copied().unwrap_or(0.0)
}

/// For how many of these steps a voice is likely; none where too few of them have changed.
fn voiced(voice: &[f32], changed: &[bool], steps: impl Iterator<Item = usize>) -> usize {
    let likely: Vec<usize> = steps.filter(|i| voice_at(voice, *i) >= VOICE_LIKELY).collect();
    let changing = likely.iter().filter(|i| changed.get(**i / 2).copied().unwrap_or_default()).count();
    if changing * 100 >= likely.len() * LEAST_CHANGING { likely.len() } else { 0 }
}

/// The spectra of the last frames.
struct Spectra {
    transform: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    before: Vec<f32>,
    /// Of unit length, the oldest first.
    last: Vec<Vec<f32>>,
}

impl Default for Spectra {
    #[allow(clippy::cast_precision_loss)]
    fn default() -> Self {
        let length = 2 * FRAME;
        let hann = |i: usize| 0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / length as f32).cos();
        let transform = RealFftPlanner::new().plan_fft_forward(length);
        Self { transform, window: (0..length).map(hann).collect(), before: vec![0.0; FRAME], last: Vec::new() }
    }
}

impl Spectra {
    /// Whether the sound has changed within the last 48 ms.
    fn changed(&mut self, frame: &[f32]) -> bool {
        let mut sound: Vec<f32> = self.before.iter().chain(frame).zip(&self.window).map(|(s, w)| s * w).collect();
        self.before.copy_from_slice(frame);
        let mut spectrum = self.transform.make_output_vec();
        // the lengths are those that the transform was made for
        if self.transform.process(&mut sound, &mut spectrum).is_err() {
            return false;
        }
        let sizes: Vec<f32> = spectrum[BINS_OF_VOICE].iter().map(|c| c.norm()).collect();
        let length = sizes.iter().map(|s| s * s).sum::<f32>().sqrt() + 1e-9;
        let now: Vec<f32> = sizes.into_iter().map(|s| s / length).collect();
        let earlier = if self.last.len() == APART { Some(self.last.remove(0)) } else { None };
        let same = earlier.map_or(1.0, |e| e.iter().zip(&now).map(|(a, b)| a * b).sum::<f32>());
        self.last.push(now);
        1.0 - same > CHANGED
    }
}

fn speaks(level: f32, threshold: f32, voice: f32) -> bool {
    (level - threshold).clamp(-MOST_BY_LEVEL, MOST_BY_LEVEL) + VOICE_WEIGHT * (voice - VOICE_NEUTRAL) >= 0.0
}

/// Levels counted in half decibels, so that their distribution is known at any moment.
struct Histogram {
    counts: Vec<u32>,
    total: u32,
}

/// From -120 to +24 dBFS in halves.
const BINS: usize = 289;

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BINS], total: 0 }
    }
}

impl Histogram {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // clamped
    fn add(&mut self, power: &[f32], step: usize) {
        // digital silence is no room: what was put around a recording says nothing of the noise in it
        if power[step] <= 0.0 {
            return;
        }
        let level = level(power, step);
        self.counts[((level + 120.0) * 2.0).round().clamp(0.0, (BINS - 1) as f32) as usize] += 1;
        self.total += 1;
    }

    /// The level that this many steps lie below.
    #[allow(clippy::cast_precision_loss)]
    fn at_rank(&self, rank: u32) -> f32 {
        let mut below = 0;
        let bin = self.counts.iter().position(|count| {
            below += count;
            below > rank
        });
        bin.unwrap_or(0) as f32 / 2.0 - 120.0
    }

    /// The level that parts speech from the rest; None where nothing can be speech.
    fn threshold(&self) -> Option<f32> {
        let last = self.total.checked_sub(1)?;
        // not the maximum: one knock on the table must not set the scale; and a few words in a long silence must
        let loud = self.at_rank((u64::from(last) * 99 / 100).try_into().unwrap_or(last).max(last.saturating_sub(KNOCK)));
        let floor = self.at_rank(last / 20);
        if loud < HEARD_AT_ALL || loud - floor < LEAST_RANGE {
            return None;
        }
        Some((loud - BELOW_LOUD).max(floor + ABOVE_FLOOR).min(loud - ABOVE_FLOOR).max(-70.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise of this size, the same on every machine.
    fn noise(ms: usize, size: f32) -> Vec<f32> {
        let mut state = 12_345u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            #[allow(clippy::cast_precision_loss)]
            let unit = (state >> 8) as f32 / 8_388_608.0 - 1.0;
            unit * size
        };
        (0..ms * 16).map(next).collect()
    }

    fn profile(samples: &[f32]) -> Profile {
        let mut detector = Detector::default();
        detector.push(samples);
        let peak = Decibels::of_amplitude(samples.iter().fold(0.0, |p, s| s.abs().max(p)));
        Profile {
            duration: Millis::of_frames(samples.len(), WHISPER_RATE),
            digital_silence: peak.is_none(),
            peak,
            levels: detector.finish(),
            ..Profile::default()
        }
    }

    #[test]
    fn silence_noise_clicks_and_nothing_are_not_speech() {
        let clicks: Vec<f32> = (0..50).flat_map(|_| noise(8, 0.5).into_iter().chain(noise(192, 0.0005))).collect();
        #[allow(clippy::cast_precision_loss)]
        let chord = |i: usize| {
            let within = (i % 8_000) as f32 / 8_000.0;
            let saw = |hertz: f32| (i as f32 * hertz / 16_000.0).fract() - 0.5;
            (saw(220.0) + saw(277.0) + saw(330.0)) * 0.2 * (1.0 - within) * (within * 50.0).min(1.0)
        };
        let chords: Vec<f32> = (0..96_000).map(chord).collect();
        for samples in [vec![], vec![0.0; 32_000], noise(3000, 0.003), noise(3000, 0.3), clicks, chords] {
            assert!(profile(&samples).speech(Millis(200)).is_empty());
        }
    }

    #[test]
    fn a_stretch_of_a_profile_has_the_levels_of_that_stretch() {
        let samples: Vec<f32> = noise(1600, 0.001).into_iter().chain(noise(1600, 0.3)).collect();
        let whole = profile(&samples);
        let part = whole.stretch(Span::new(1600, 3200));
        assert_eq!(part.duration, Millis(1600));
        let level = |p: &Profile| p.level_of(&[Span::new(200, 1400)]).unwrap().0;
        assert!(level(&part) - level(&whole) > 40.0, "{} {}", level(&part), level(&whole));
    }
}
