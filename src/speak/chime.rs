//! Two soft falling tones: "look at the screen", where there is no voice to say so.

use crate::sound::Clip;

const RATE: u32 = 44_100;
/// The tones in hertz, a falling third, and how long each lasts in seconds.
const TONES: [f32; 2] = [659.3, 523.3];
const EACH: f32 = 0.35;

/// The chime, under a second and at a fifth of full scale.
#[must_use]
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn chime() -> Clip {
    let frames = (EACH * RATE as f32) as usize;
    let tone = |hertz: f32| {
        (0..frames).map(move |i| {
            let t = i as f32 / RATE as f32;
            // a short rise, so that it does not click, and a decay to a thousandth
            let envelope = (t / 0.01).min(1.0) * (-6.9 * t / EACH).exp();
            0.2 * envelope * (std::f32::consts::TAU * hertz * t).sin()
        })
    };
    Clip::new(TONES.into_iter().flat_map(tone).collect(), RATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_short_soft_and_ends_in_silence() {
        let clip = chime();
        assert_eq!(clip.duration().0, 700);
        assert!(clip.peak().unwrap().0 < -13.0);
        assert!(clip.samples.last().unwrap().abs() < 0.001);
    }
}
