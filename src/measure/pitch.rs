//! How high and how lively a voice is, and where its sentences end, from the pitch of each 10 ms.
//!
//! All distances are in semitones, as they are heard: a deep voice and a high one that move alike have the same figures.

use serde::{Deserialize, Serialize};

use crate::sound::pitch::{STEP, frames_of};
use crate::sound::{Millis, Span};

/// Under so many voiced frames (one second) the figures say more about chance than about the speaker.
const LEAST_VOICED: usize = 100;
/// Of the speech at least this share has a pitch (per cent): half of it and more in an ordinary voice.
const LEAST_SHARE: usize = 20;
/// The range leaves out this share at the top and at the bottom (per cent): single frames there are errors or creak.
const OUTSIDE: usize = 5;
/// An ending is the last so many voiced frames (350 ms) ...
const ENDING: usize = 35;
/// ... of which there must be so many (100 ms) ...
const LEAST_ENDING: usize = 10;
/// ... no further before the end of the last word than this, and no further behind it: the ends of words are known to about this.
const BEFORE: Millis = Millis(700);
const BEHIND: Millis = Millis(50);
/// Movements smaller than this are not heard as movements in talk (semitones): J. 't Hart, "Differential sensitivity to pitch distance,
/// particularly in speech", JASA 69 (1981), 811-821: "only differences of more than 3 semitones play a part in communicative situations".
pub const HEARD: f64 = 3.0;
/// Frames over which a pitch is taken where one could be wrong (a median of five).
const SMOOTH: usize = 2;

/// The pitch of a take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pitch {
    /// Of the speech; None where too little of it has a pitch that could be told.
    pub melody: Option<Melody>,
    /// Sentence ends that could be told, in the order asked for.
    pub endings: Vec<Ending>,
    /// The pitch of the whole recording, each 10 ms from its start, hertz; 0 where there is none.
    pub track: Vec<f64>,
}

/// Where a voice lies, and how it moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Melody {
    /// To one decimal, as all figures here.
    pub median_hz: f64,
    /// Standard deviation over all voiced frames.
    pub sd_semitones: f64,
    /// From the 5th to the 95th percentile.
    pub range_semitones: f64,
    /// Time with a pitch.
    pub voiced: Millis,
}

impl Pitch {
    /// The times at which there is a pitch, with it (hertz).
    pub fn voiced_frames(&self) -> impl Iterator<Item = (Millis, f64)> {
        (0..).map(|k: u64| Millis(k * STEP)).zip(self.track.iter().copied()).filter(|(_, hz)| *hz > 0.0)
    }
}

/// How the voice moves at the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ending {
    /// The end of the sentence.
    pub at: Millis,
    pub movement: Movement,
    /// How far up or down the voice goes from its last turn; for a level ending from the start of the ending.
    pub semitones: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    Rise,
    Fall,
    Level,
}

/// The pitch of the take, its melody where somebody speaks (`speech`, in order), and how it ends at the last words of sentences; None under a
/// second of voice. `track` is that of [`Candidates`](crate::sound::pitch::Candidates).
#[must_use]
pub fn of(track: &[Option<f32>], speech: &[Span], last_words: &[Span]) -> Option<Pitch> {
    if track.iter().flatten().count() < LEAST_VOICED {
        return None;
    }
    let spoken: Vec<Option<f32>> = speech.iter().flat_map(|s| within(track, *s)).copied().collect();
    let melody = melody(&spoken);
    Some(Pitch {
        melody,
        endings: last_words.iter().filter(|_| melody.is_some()).filter_map(|word| ending(track, *word)).collect(),
        track: track.iter().map(|hz| hz.map_or(0.0, |hz| super::tenth(f64::from(hz)))).collect(),
    })
}

/// The frames of a stretch, as far as there are any.
fn within(track: &[Option<f32>], span: Span) -> &[Option<f32>] {
    let frames = frames_of(span);
    &track[frames.start.min(track.len())..frames.end.min(track.len())]
}

/// The melody of the frames of speech; None under a second of voice, or where most of the speech has no pitch: whispered, hoarse, or in noise, what
/// is found then is not the voice.
#[allow(clippy::cast_precision_loss)] // an hour has 360,000 frames
fn melody(spoken: &[Option<f32>]) -> Option<Melody> {
    let mut voiced: Vec<f64> = spoken.iter().flatten().map(|f| semitones(*f)).collect();
    if voiced.len() < LEAST_VOICED || voiced.len() * 100 < spoken.len() * LEAST_SHARE {
        return None;
    }
    voiced.sort_unstable_by(f64::total_cmp);
    let at = |per_cent: usize| voiced[(voiced.len() - 1) * per_cent / 100];
    let mean = voiced.iter().sum::<f64>() / voiced.len() as f64;
    let variance = voiced.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / voiced.len() as f64;
    Some(Melody {
        median_hz: super::tenth((at(50) / 12.0).exp2()),
        sd_semitones: super::tenth(variance.sqrt()),
        range_semitones: super::tenth(at(100 - OUTSIDE) - at(OUTSIDE)),
        voiced: Millis(voiced.len() as u64 * STEP),
    })
}

/// The ending at a last word; None with too little voice before its end.
fn ending(track: &[Option<f32>], word: Span) -> Option<Ending> {
    let near = within(track, Span { start: word.end - BEFORE, end: word.end + BEHIND });
    let voiced: Vec<f64> = near.iter().flatten().map(|f| semitones(*f)).collect();
    let last = &voiced[voiced.len().saturating_sub(ENDING)..];
    if last.len() < LEAST_ENDING {
        return None;
    }
    let smooth: Vec<f64> = (0..last.len()).map(|i| median(&last[i.saturating_sub(SMOOTH)..(i + SMOOTH + 1).min(last.len())])).collect();
    let (start, end) = (smooth[0], smooth[smooth.len() - 1]);
    // where the voice turned last: at its lowest point if it rises far enough from there, at its highest if it falls
    let turn = |heard: &dyn Fn(f64) -> f64| {
        let (place, distance) = smooth.iter().map(|s| heard(*s)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (distance >= HEARD).then_some((place, distance))
    };
    let (rise, fall) = (turn(&|s| end - s), turn(&|s| s - end));
    let (movement, distance) = match (rise, fall) {
        (Some((low, up)), Some((high, _))) if low > high => (Movement::Rise, up),
        (Some((_, up)), None) => (Movement::Rise, up),
        (_, Some((_, down))) => (Movement::Fall, -down),
        (None, None) => (Movement::Level, end - start),
    };
    // no "-0.0"
    Some(Ending { at: word.end, movement, semitones: super::tenth(distance) + 0.0 })
}

/// Above 1 Hz.
fn semitones(hertz: f32) -> f64 {
    12.0 * f64::from(hertz).log2()
}

/// Of at least one value; the upper of two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::pitch::tests::{silence, track, voice};

    /// A sentence at 120 Hz that ends with a movement to so many semitones higher, after a second of silence.
    fn sentence(semitones: f32) -> Vec<f32> {
        let end = voice(300, |part| 120.0 * (semitones * part / 12.0).exp2());
        [silence(1_000), voice(1_500, |_| 120.0), silence(60), end, silence(400)].concat()
    }

    const LAST_WORD: Span = Span { start: Millis(2_400), end: Millis(2_860) };

    /// Of a sound that is speech from end to end.
    fn pitch_of(sound: &[f32], last_words: &[Span]) -> Option<Pitch> {
        of(&track(sound), &[Span::new(0, sound.len() as u64 / 16)], last_words)
    }

    fn ending_of(semitones: f32) -> Ending {
        pitch_of(&sentence(semitones), &[LAST_WORD]).unwrap().endings[0]
    }

    #[test]
    fn a_question_rises_and_a_statement_falls() {
        let (rise, fall, level) = (ending_of(6.0), ending_of(-5.0), ending_of(1.0));
        assert_eq!((rise.movement, fall.movement, level.movement), (Movement::Rise, Movement::Fall, Movement::Level));
        assert!((5.0..=6.5).contains(&rise.semitones) && (-5.5..=-4.0).contains(&fall.semitones), "{rise:?} {fall:?}");
        assert_eq!(rise.at, LAST_WORD.end);
    }

    #[test]
    fn a_fall_that_turns_up_again_is_a_rise() {
        let turning = voice(350, |part| 150.0 * ((part - 0.5).abs() * 2.0 * 7.0 / 12.0).exp2());
        let pitch = pitch_of(&[voice(1_500, |_| 200.0), turning].concat(), &[Span::new(1_500, 1_850)]).unwrap();
        assert_eq!(pitch.endings[0].movement, Movement::Rise);
    }

    #[test]
    fn octaves_are_twelve_semitones_and_silence_around_changes_nothing() {
        let take = voice(3_000, |part| if part < 0.4 { 110.0 } else { 165.0 });
        let pitch = pitch_of(&take, &[]).unwrap().melody.unwrap();
        assert!((pitch.range_semitones - 7.0).abs() < 0.11 && (pitch.sd_semitones - 3.4).abs() < 0.11, "{pitch:?}");
        let around = pitch_of(&[silence(4_000), take, silence(4_000)].concat(), &[]).unwrap().melody.unwrap();
        assert!((around.median_hz / pitch.median_hz - 1.0).abs() < 0.01 && (around.range_semitones - pitch.range_semitones).abs() < 0.11);
        assert!(around.voiced.0.abs_diff(pitch.voiced.0) <= 40, "{around:?} {pitch:?}");
    }

    #[test]
    fn too_little_voice_has_no_melody() {
        assert_eq!(pitch_of(&[], &[LAST_WORD]), None);
        assert_eq!(pitch_of(&voice(900, |_| 120.0), &[]), None);
        let silent_end = pitch_of(&[voice(1_500, |_| 120.0), silence(1_500)].concat(), &[Span::new(2_500, 3_000), Span::new(90_000, 91_000)]);
        assert_eq!(silent_end.unwrap().endings, []);
        // a tone before the speech, and speech that is mostly without pitch
        let sound = [voice(3_000, |_| 400.0), silence(500), voice(1_500, |_| 120.0)].concat();
        let melody = |speech| of(&track(&sound), &[speech], &[]).unwrap().melody;
        assert!((melody(Span::new(3_500, 5_000)).unwrap().median_hz - 120.0).abs() < 2.0);
        assert_eq!(pitch_of(&[voice(1_500, |_| 120.0), silence(9_000)].concat(), &[]).unwrap().melody, None);
    }
}
