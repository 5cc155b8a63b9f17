//! Does the mains hum in a quiet microphone? Sound at 16 kHz in which nobody speaks comes in; the mains' frequency and the level of its tones come
//! out. Hum is told from other noise by its spectrum: lines at multiples of 50 or 60 Hz that hold most of the strength.

use realfft::RealFftPlanner;

use crate::sound::Decibels;
use crate::sound::resample::WHISPER_RATE;

/// Samples of one look: 0.5 s, so that a line is 2 Hz wide and the mains' tones lie far apart.
pub const WINDOW: usize = 8_000;
const HERTZ_A_BIN: usize = WHISPER_RATE as usize / WINDOW;
/// Tones of the mains above this are too weak to matter, and other things lie there.
const HIGHEST: usize = 600;
/// A Hann window spreads a line over this many bins to each side; so far beside them lies what it is compared with.
const LINE: usize = 2;
const BESIDE: usize = 9;
/// How much more than its surroundings a line must hold.
const ABOVE: f32 = 6.0;
/// Of all strength from 30 Hz on, at least this share is in the lines of a hum: else it is noise with a tone in it.
const SHARE: f32 = 0.5;
const FROM_BIN: usize = 30 / HERTZ_A_BIN;

/// A hum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hum {
    /// Of the mains: 50 or 60.
    pub hertz: u32,
    pub level: Decibels,
}

/// The hum in these stretches, each of at least [`WINDOW`] samples; shorter ones are passed over. None where there is none.
#[must_use]
pub fn find<'a>(quiet: impl Iterator<Item = &'a [f32]>) -> Option<Hum> {
    let power = spectrum(quiet)?;
    let whole: f32 = power[FROM_BIN..].iter().sum();
    [50, 60]
        .into_iter()
        .filter_map(|hertz| {
            let lines = lines(&power, hertz);
            // the mains sound at once or twice their frequency; what has neither is a tone of something else
            let is_mains = lines[0] > 0.0 || lines[1] > 0.0;
            let strength: f32 = lines.iter().sum();
            (is_mains && strength >= whole * SHARE).then_some((hertz, strength))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .and_then(|(hertz, strength)| Some(Hum { hertz: u32::try_from(hertz).ok()?, level: Decibels::of_amplitude(strength.sqrt())? }))
}

/// The mean square in each bin of 2 Hz, averaged over windows that overlap by half.
#[allow(clippy::cast_precision_loss)]
fn spectrum<'a>(quiet: impl Iterator<Item = &'a [f32]>) -> Option<Vec<f32>> {
    let transform = RealFftPlanner::<f32>::new().plan_fft_forward(WINDOW);
    let hann: Vec<f32> = (0..WINDOW).map(|i| 0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / WINDOW as f32).cos()).collect();
    let (mut sum, mut count) = (vec![0.0; WINDOW / 2 + 1], 0.0);
    let mut out = transform.make_output_vec();
    for window in quiet.flat_map(|stretch| (0..(stretch.len() / (WINDOW / 2)).saturating_sub(1)).map(move |i| &stretch[i * WINDOW / 2..][..WINDOW])) {
        let mut sound: Vec<f32> = window.iter().zip(&hann).map(|(s, w)| s * w).collect();
        transform.process(&mut sound, &mut out).ok()?;
        // one side of the spectrum, and the window's own mean square of 3/8
        out.iter().zip(&mut sum).for_each(|(c, s)| *s += c.norm_sqr() * 2.0 / (WINDOW as f32).powi(2) / 0.375);
        count += 1.0;
    }
    (count > 0.0).then(|| sum.into_iter().map(|s| s / count).collect())
}

/// The strength of each multiple's line above what lies beside it; zero where there is none.
#[allow(clippy::cast_precision_loss)]
fn lines(power: &[f32], hertz: usize) -> Vec<f32> {
    let line = |multiple: usize| {
        let at = multiple * hertz / HERTZ_A_BIN;
        let own: f32 = power[at - LINE..=at + LINE].iter().sum();
        let mut beside: Vec<f32> = power[at - BESIDE..at - LINE].iter().chain(&power[at + LINE + 1..=at + BESIDE]).copied().collect();
        beside.sort_by(f32::total_cmp);
        let background = beside[beside.len() / 2] * (2 * LINE + 1) as f32;
        if own > background * ABOVE { own - background } else { 0.0 }
    };
    (1..=HIGHEST / hertz).map(line).collect()
}
