//! The outline of a recording, as a waveform is drawn: how loud it gets in each of equal stretches. Pure.

use super::Clip;

/// The loudest sample of each of `columns` equal stretches, or of as many as there are samples; 0.0..=1.0 of the loudest of all, all 0.0 for digital
/// silence.
#[must_use]
pub fn of(clip: &Clip, columns: usize) -> Vec<f32> {
    let step = clip.samples.len().div_ceil(columns.max(1)).max(1);
    let peaks: Vec<f32> = clip.samples.chunks(step).map(|part| part.iter().fold(0.0, |peak, s| s.abs().max(peak))).collect();
    let loudest = peaks.iter().fold(0.0, |a: f32, b| a.max(*b));
    peaks.into_iter().map(|peak| if loudest > 0.0 { peak / loudest } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_its_loudest_sample() {
        let clip = Clip::new(vec![0.0, 0.25, -0.5, 0.1, 0.0, 0.0], 16_000);
        assert_eq!(of(&clip, 3), [0.5, 1.0, 0.0]);
        assert_eq!(of(&Clip::new(vec![0.0; 10], 16_000), 800), [0.0; 10]);
        assert!(of(&Clip::new(Vec::new(), 16_000), 800).is_empty());
    }
}
