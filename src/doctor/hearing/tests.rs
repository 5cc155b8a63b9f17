//! On synthesised sound and a computer's voice: both sides of each boundary, and no alarm where nothing is wrong.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)] // small numbers

use std::process::Command;

use super::*;
use crate::doctor::listening::Played;
use crate::sound::source;

const RATE: u32 = 48_000;

/// Noise of this level (dBFS), the same on every machine.
fn noise(seconds: f32, rate: u32, level: f32, seed: u32) -> Vec<f32> {
    let size = 10f32.powf(level / 20.0) * 3f32.sqrt();
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / 8_388_608.0 - 1.0) * size
    };
    (0..(seconds * rate as f32) as usize).map(next).collect()
}

/// The mains with its harmonics, each 6 dB below the one before, the first at this level.
fn mains(hertz: f32, seconds: f32, rate: u32, level: f32) -> Vec<f32> {
    let size = 10f32.powf(level / 20.0) * 2f32.sqrt();
    let wave = |t: f32| (1..=5u8).map(|k| 0.5f32.powi(i32::from(k) - 1) * (std::f32::consts::TAU * hertz * f32::from(k) * t).sin()).sum::<f32>();
    (0..(seconds * rate as f32) as usize).map(|i| size * wave((i as f64 / f64::from(rate)) as f32)).collect()
}

/// A sentence by espeak-ng at this rate and level of its speech (dBFS).
fn said(text: &str, rate: u32, level: f32) -> Vec<f32> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("said.wav");
    let status = Command::new("espeak-ng").args(["-v", "en-us", "-s", "150", "-w"]).arg(&file).arg(text).status();
    assert!(status.expect("espeak-ng is missing: run scripts/setup test").success());
    let clip = resample(&source::read(&file).unwrap().clip, rate).unwrap();
    let mut segmenter = Segmenter::new(rate).unwrap();
    segmenter.push(&clip.samples).unwrap();
    let (_, profile) = segmenter.finish().unwrap();
    let gain = 10f32.powf((level - profile.level_of(&profile.speech(BRIDGE)).unwrap().0) / 20.0);
    clip.samples.iter().map(|s| s * gain).collect()
}

const ANSWER: &str = "I live in a small town near the sea, and I had toast.";
const PROMPT: &str = "Please be quiet for a moment. When I have finished, say where you live.";

/// Two seconds of the room, and then three in which the person answers.
fn in_a_room(answer: &[f32], room: f32, rate: u32) -> Recorded {
    let mut sound = noise(5.0, rate, room, 7);
    sound.iter_mut().skip(2 * rate as usize + rate as usize / 5).zip(answer).for_each(|(s, a)| *s += a);
    mono(sound, rate)
}

fn mono(sound: Vec<f32>, rate: u32) -> Recorded {
    Recorded { interleaved: sound, channels: 1, rate, first_samples: Some(Millis(40)), turn: Some(Millis(2_000)), ..Recorded::default() }
}

fn add(recorded: &mut Recorded, other: &[f32]) {
    recorded.interleaved.iter_mut().zip(other).for_each(|(s, o)| *s += o);
}

fn causes(recorded: &Recorded) -> Vec<Cause> {
    judge(recorded).unwrap().causes
}

#[test]
fn clean_speech_at_any_usual_level_rate_and_room_raises_no_alarm() {
    for rate in [16_000, 22_050, 44_100, 48_000, 96_000] {
        for level in [-42.0, -30.0, -20.0] {
            let answer = said(ANSWER, rate, level);
            for room in [-100.0, level - 40.0, level - 20.0] {
                let hearing = judge(&in_a_room(&answer, room, rate)).unwrap();
                assert!(hearing.causes.is_empty(), "{rate} Hz, speech {level}, room {room}: {hearing:?}");
                assert!((hearing.voice.unwrap().0 - level).abs() < 3.0, "{level}: {hearing:?}");
            }
        }
    }
}

#[test]
fn digital_silence_and_nothing_are_told_apart_and_nothing_else_is_said() {
    assert_eq!(causes(&mono(vec![], RATE)), [Cause::NoSamples]);
    assert_eq!(causes(&mono(vec![0.0; 5 * RATE as usize], RATE)), [Cause::OnlyZeros]);
    // one bit of a converter is no digital silence
    let mut bit = vec![0.0; 5 * RATE as usize];
    bit[100_000] = 1.0 / 32_768.0;
    assert_eq!(causes(&mono(bit, RATE)), [Cause::NobodySpoke]);
}

#[test]
fn who_does_not_speak_or_only_knocks_was_not_heard_to_speak() {
    assert_eq!(causes(&mono(noise(5.0, RATE, -60.0, 1), RATE)), [Cause::NobodySpoke]);
    let mut knock = in_a_room(&noise(0.05, RATE, -10.0, 3), -60.0, RATE);
    assert_eq!(causes(&knock), [Cause::NobodySpoke]);
    // before their turn is not in their turn
    let early: Vec<f32> = said("I live near the sea.", RATE, -25.0);
    add(&mut knock, &early[..early.len().min(RATE as usize * 3 / 2)]);
    assert_eq!(causes(&knock), [Cause::NobodySpoke]);
    assert!(matches!(causes(&mono(noise(5.0, RATE, -30.0, 1), RATE))[..], [Cause::Drowned { .. }]));
}

#[test]
fn quiet_speech_is_a_word_of_warning_and_below_what_is_scored_unusable() {
    let at = |level: f32| causes(&in_a_room(&said(ANSWER, RATE, level), level - 30.0, RATE));
    assert!(at(-43.5).is_empty());
    assert!(matches!(at(-47.0)[..], [Cause::TooQuiet { unusable: false, .. }]));
    assert!(matches!(at(-57.0)[..], [Cause::TooQuiet { unusable: true, .. }]));
}

#[test]
fn clipping_is_told_at_full_scale_and_behind_a_volume_and_loud_is_not_clipped() {
    let loud = said(ANSWER, RATE, -18.0);
    let top = loud.iter().fold(0.0f32, |t, s| t.max(s.abs()));
    let scaled = |gain: f32, limit: f32, volume: f32| -> Vec<f32> { loud.iter().map(|s| (s * gain / top).clamp(-limit, limit) * volume).collect() };
    assert!(causes(&in_a_room(&scaled(0.999, 1.0, 1.0), -100.0, RATE)).is_empty());
    assert_eq!(causes(&in_a_room(&scaled(2.5, 1.0, 1.0), -100.0, RATE)), [Cause::Clipped]);
    // turned down by the system, after the converter had cut it
    let behind: Vec<f32> = scaled(2.5, 1.0, 0.4);
    assert_eq!(causes(&mono([vec![0.0; 2 * RATE as usize], behind].concat(), RATE)), [Cause::Clipped]);
    // a square of a few steps of a converter is no clipping
    let steps: Vec<f32> = (0..RATE as usize).map(|i| if i / 40 % 2 == 0 { 2e-4 } else { -2e-4 }).collect();
    assert!(!is_clipped(&steps));
}

#[test]
fn a_channel_that_hears_nothing_is_named_also_where_it_hisses_and_a_weaker_one_is_not_dead() {
    let answer = in_a_room(&said(ANSWER, RATE, -25.0), -70.0, RATE).interleaved;
    let both = |right: &dyn Fn(usize, f32) -> f32| {
        let interleaved = answer.iter().enumerate().flat_map(|(i, s)| [*s, right(i, *s)]).collect();
        causes(&Recorded { interleaved, channels: 2, ..mono(vec![], RATE) })
    };
    let hiss = noise(5.0, RATE, -75.0, 5);
    let dead = [Cause::DeadChannels { dead: vec![2], of: 2 }];
    assert!(both(&|_, s| s).is_empty());
    assert!(both(&|_, s| s * 0.1).is_empty(), "20 dB less is still heard");
    assert_eq!(both(&|_, _| 0.0), dead);
    assert_eq!(both(&|i, _| hiss[i]), dead);
}

#[test]
fn the_mains_are_named_with_their_frequency_and_a_fan_is_noise() {
    let answer = said(ANSWER, RATE, -25.0);
    for hertz in [50u8, 60] {
        let mut humming = in_a_room(&answer, -70.0, RATE);
        add(&mut humming, &mains(f32::from(hertz), 5.0, RATE, -42.0));
        assert_eq!(causes(&humming), [Cause::Hum { hertz: hertz.into() }]);
        let mut faint = in_a_room(&answer, -70.0, RATE);
        add(&mut faint, &mains(f32::from(hertz), 5.0, RATE, -62.0));
        assert!(causes(&faint).is_empty(), "37 dB below the voice");
    }
    let mut whistle = in_a_room(&answer, -70.0, RATE);
    add(&mut whistle, &mains(440.0, 5.0, RATE, -45.0));
    assert!(!causes(&whistle).iter().any(|c| matches!(c, Cause::Hum { .. })), "a tone of 440 Hz is no mains");
    // of white noise at 48 kHz a third lies below 8 kHz, where it is measured
    assert!(matches!(causes(&in_a_room(&answer, -31.0, RATE))[..], [Cause::Noise { .. }]));
    assert!(causes(&in_a_room(&answer, -44.0, RATE)).is_empty());
}

/// The prompt from a loudspeaker, which the microphone hears so late and at this level, while the person answers afterwards.
fn with_loudspeaker(late: Option<(usize, f32)>, stretched: f64, room: f32) -> Recorded {
    let prompt = said(PROMPT, RATE, -20.0);
    let turn = 700 + Millis::of_frames(prompt.len(), RATE).0 + 500;
    let answer = said(ANSWER, RATE, -28.0);
    let mut sound = noise(0.001 * (turn + 3_300) as f32, RATE, room, 11);
    if let Some((late, level)) = late {
        let gain = 10f32.powf((level + 20.0) / 20.0);
        let from = Millis(700 + late as u64).frames(RATE);
        // two clocks that do not quite agree, and a wall
        let heard: Vec<f32> = (0..prompt.len() - 1).map(|i| prompt[((i as f64 * stretched) as usize).min(prompt.len() - 1)] * gain).collect();
        sound.iter_mut().skip(from).zip(&heard).for_each(|(s, h)| *s += h);
        sound.iter_mut().skip(from + 700).zip(&heard).for_each(|(s, h)| *s += 0.5 * h);
    }
    sound.iter_mut().skip(Millis(turn + 200).frames(RATE)).zip(&answer).for_each(|(s, a)| *s += a);
    let played = Some(Played { clip: Clip::new(prompt, RATE), at: Millis(700) });
    Recorded { played, turn: Some(Millis(turn)), ..mono(sound, RATE) }
}

#[test]
fn the_loudspeaker_in_the_microphone_is_told_also_faint_late_and_by_another_clock() {
    let clean = [(40, -30.0, 1.0, -70.0), (350, -50.0, 1.0, -65.0), (0, -20.0, 1.0, -100.0)];
    let other_clocks = [(120, -35.0, 1.0001, -70.0), (310, -22.0, 0.9993, -100.0), (200, -40.0, 1.002, -60.0)];
    for (late, level, stretched, room) in clean.into_iter().chain(other_clocks) {
        let found = causes(&with_loudspeaker(Some((late, level)), stretched, room));
        let [Cause::LoudspeakerHeard { delay }] = found[..] else { panic!("{late} ms, {level} dB, {stretched}: {found:?}") };
        assert!(delay.0.abs_diff(late as u64) <= 20, "{delay:?} for {late} ms");
    }
}

#[test]
fn a_headset_is_not_taken_for_a_loudspeaker_also_if_somebody_speaks_meanwhile() {
    assert!(causes(&with_loudspeaker(None, 1.0, -65.0)).is_empty());
    assert!(causes(&with_loudspeaker(None, 1.0, -100.0)).is_empty());
    let mut talked_over = with_loudspeaker(None, 1.0, -65.0);
    for other in
        ["Well, I think we should have some tea before we begin, don't you, dear?", "When I have finished, please be quiet. Say where you live."]
    {
        let other = said(other, RATE, -25.0);
        talked_over.interleaved.iter_mut().skip(RATE as usize).zip(&other).for_each(|(s, o)| *s += o);
        assert!(!causes(&talked_over).iter().any(|c| matches!(c, Cause::LoudspeakerHeard { .. })));
    }
}

#[test]
fn the_loudspeaker_alone_is_nobody_who_spoke() {
    let mut alone = with_loudspeaker(Some((300, -25.0)), 1.0, -65.0);
    let turn = alone.turn.unwrap().frames(RATE) + RATE as usize / 10;
    let room = noise(4.0, RATE, -65.0, 2);
    alone.interleaved.truncate(turn);
    alone.interleaved.extend(&room[..3 * RATE as usize]);
    let found = causes(&alone);
    assert!(matches!(found[..], [Cause::LoudspeakerHeard { .. }, Cause::NobodySpoke]), "{found:?}");
}

#[test]
fn a_microphone_that_wakes_late_is_told_from_one_of_software_that_is_silent_between_words() {
    let answer = said(ANSWER, RATE, -25.0);
    let slow = Recorded { first_samples: Some(Millis(1_400)), ..in_a_room(&answer, -70.0, RATE) };
    assert_eq!(causes(&slow), [Cause::Waking { after: Millis(1_400) }]);
    let mut zeros = in_a_room(&answer, -70.0, RATE);
    zeros.interleaved[..RATE as usize].fill(0.0);
    assert_eq!(causes(&zeros), [Cause::Waking { after: Millis(1_040) }]);
    let mut quick = in_a_room(&answer, -70.0, RATE);
    quick.interleaved[..RATE as usize / 3].fill(0.0);
    assert!(causes(&quick).is_empty());
    // software: zeros until the first word
    let software = mono([vec![0.0; 2 * RATE as usize], answer].concat(), RATE);
    assert!(causes(&software).is_empty(), "{:?}", causes(&software));
}

#[test]
fn a_rate_below_what_models_are_made_for_or_another_than_it_says_is_told() {
    let at = |rate: u32, delivered: f64| causes(&Recorded { delivered: Some(delivered), ..in_a_room(&said(ANSWER, rate, -25.0), -70.0, rate) });
    assert_eq!(at(8_000, 8_000.0), [Cause::Telephone { rate: 8_000 }]);
    assert!(at(16_000, 16_010.0).is_empty());
    assert!(at(48_000, 47_000.0).is_empty());
    assert_eq!(at(48_000, 44_100.0), [Cause::WrongRate { says: 48_000, delivers: 44_100 }]);
}
