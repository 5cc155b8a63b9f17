//! What is wrong with a microphone, told from what it delivered: samples of each channel, when they came, and what was played meanwhile go in;
//! levels and [`Cause`]s come out. Pure: no device, no clock. It never says that somebody spoke who did not, and has no word for what it did not find.

use serde::Serialize;

use super::listening::Recorded;
use super::{echo, hum};
use crate::score::refusal;
use crate::sound::mix::LiveChannels;
use crate::sound::pieces::{FULL_SCALE, Segmenter};
use crate::sound::resample::{ResampleError, WHISPER_RATE, resample};
use crate::sound::speech::total;
use crate::sound::{Clip, Decibels, Millis, Profile, Span};

/// Speech below this is worth a word: 10 dB above the level at which an answer gets no score ([`refusal::HEARD_WELL`]), so that a voice which drops at
/// the end of a sentence is still heard.
const QUIET: f32 = -45.0;
/// Speech less than this above the noise loses words: engines of this kind hold up to about 15 dB and get worse quickly below 10.
const LEAST_ABOVE_NOISE: f32 = 15.0;
/// A hum that lies further than this below the voice changes nothing that is heard or measured.
const HUM_MATTERS: f32 = 30.0;
/// Below this level nothing in a room matters (dBFS; as in telling speech).
const HEARD_AT_ALL: f32 = -60.0;
/// Without anybody speaking, a room louder than this is a loud one (dBFS; quiet rooms were measured from -75 to -55).
const LOUD_ROOM: f32 = -40.0;
/// A channel this much weaker than the strongest is dead, whatever it hisses (dB): a person who sits to one side makes 10.
const DEAD_BELOW: f32 = 30.0;
/// So many samples in a row at the same highest value are a flat top, and so many flat tops are clipping: the highest sample of a voice is met once.
const FLAT: usize = 3;
const FLAT_TOPS: usize = 8;
/// Flat tops below this level are steps of the converter (dBFS).
const STEPS_BELOW: f32 = -20.0;
/// In three seconds somebody who does as asked speaks for longer than this; a knock or a cough is shorter.
const SPOKE: Millis = Millis(500);
/// Gaps shorter than this are within one utterance.
const BRIDGE: Millis = Millis(200);
/// So far from speech a room is alone with its noise: rooms and voices need this long to die away.
const AWAY: Millis = Millis(200);
/// From here on waiting for a microphone costs first words. A busy machine was seen to need 500 ms for one that is always awake.
const WAKES_BY: Millis = Millis(800);
/// A microphone that has woken hisses without a break; one of software is silent between words. At most this share of its samples is zero.
const ZEROS_OF_A_ROOM: f32 = 0.2;
/// More than a clock's error (below 0.1 %), and what a busy machine makes of the arrival of blocks (per cent).
const RATE_OFF: f64 = 3.0;

/// What a microphone's sound can tell of what is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// Not one sample came.
    NoSamples,
    /// Samples came, all of them zero.
    OnlyZeros,
    /// It took this long until there was sound.
    Waking { after: Millis },
    /// A rate below what speech models are made for, in frames a second.
    Telephone { rate: u32 },
    /// It says one rate and delivers another, both in frames a second.
    WrongRate { says: u32, delivers: u32 },
    /// These channels, counted from 1, hear nothing while another does.
    DeadChannels { dead: Vec<u16>, of: u16 },
    /// The sound is cut off at its top.
    Clipped,
    /// What the loudspeaker played came back this much later.
    LoudspeakerHeard { delay: Millis },
    /// No voice, and no noise that could hide one.
    NobodySpoke,
    /// No voice that could be told from a noise of this level.
    Drowned { noise: Decibels },
    /// Too quiet for comfort; `unusable` where an answer at this level would get no score.
    TooQuiet { level: Decibels, unusable: bool },
    /// The mains, 50 or 60 Hz.
    Hum { hertz: u32 },
    /// The voice stands out of the noise by this many decibels only.
    Noise { above: f32 },
}

/// What was measured, and what it means.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Hearing {
    /// Of the voice; None where nobody spoke.
    pub voice: Option<Decibels>,
    /// Of the room while nobody speaks; None where it was never quiet, or only digitally silent.
    pub noise: Option<Decibels>,
    /// How long somebody spoke.
    pub spoke: Millis,
    /// In the order in which they were looked for; empty where all is well.
    pub causes: Vec<Cause>,
}

/// What can be told without anybody speaking, from a moment of sound.
#[must_use]
pub fn at_once(recorded: &Recorded) -> Vec<Cause> {
    if recorded.interleaved.is_empty() {
        return vec![Cause::NoSamples];
    }
    if recorded.interleaved.iter().all(|s| *s == 0.0) {
        return vec![Cause::OnlyZeros];
    }
    let channels = channels(recorded);
    [dead_channels(&channels), channels.iter().any(|c| is_clipped(c)).then_some(Cause::Clipped)].into_iter().flatten().collect()
}

/// Everything that can be told.
///
/// # Errors
/// A rate that cannot be brought to 16 kHz.
pub fn judge(recorded: &Recorded) -> Result<Hearing, ResampleError> {
    let mut causes = at_once(recorded);
    if matches!(causes[..], [Cause::NoSamples | Cause::OnlyZeros]) {
        return Ok(Hearing { causes, ..Hearing::default() });
    }
    let mut mono = Vec::new();
    LiveChannels::new(recorded.channels).to_mono(&recorded.interleaved, &mut mono);
    let mut segmenter = Segmenter::new(recorded.rate)?;
    segmenter.push(&mono)?;
    let (_, profile) = segmenter.finish()?;
    let sound = resample(&Clip::new(mono, recorded.rate), WHISPER_RATE)?;

    let came_back = came_back(recorded, &sound)?;
    // what the loudspeaker said is not what the person said
    let own = own_time(recorded, came_back);
    let part = profile.stretch(own);
    let speech: Vec<Span> = part.speech(BRIDGE).iter().map(|s| Span { start: s.start + own.start, end: s.end + own.start }).collect();
    let spoke = total(&speech);
    let voice = if spoke >= SPOKE { profile.level_of(&speech) } else { None };
    let anybody: Vec<Span> = profile.speech(BRIDGE).into_iter().chain(speech).collect();
    let noise = profile.noise_floor(&anybody, AWAY);

    causes.extend(waking(recorded, &profile));
    causes.extend(rate(recorded));
    causes.extend(came_back.map(|delay| Cause::LoudspeakerHeard { delay }));
    match voice {
        None => causes.push(match noise.filter(|n| n.0 >= LOUD_ROOM) {
            Some(noise) => Cause::Drowned { noise },
            None => Cause::NobodySpoke,
        }),
        Some(level) if level.0 < QUIET => {
            #[allow(clippy::cast_precision_loss)] // two digits
            let unusable = level.0 < refusal::HEARD_WELL.0 as f32;
            causes.push(Cause::TooQuiet { level, unusable });
        }
        Some(_) => {}
    }
    let hum = hum::find(quiet(&sound, &anybody).into_iter());
    match (hum.filter(|h| h.level.0 >= voice.map_or(HEARD_AT_ALL, |v| v.0 - HUM_MATTERS)), voice, noise) {
        (Some(hum), ..) => causes.push(Cause::Hum { hertz: hum.hertz }),
        (None, Some(voice), Some(noise)) if voice.0 - noise.0 < LEAST_ABOVE_NOISE => causes.push(Cause::Noise { above: voice.0 - noise.0 }),
        _ => {}
    }
    Ok(Hearing { voice, noise, spoke, causes })
}

fn channels(recorded: &Recorded) -> Vec<Vec<f32>> {
    let count = usize::from(recorded.channels.max(1));
    (0..count).map(|c| recorded.interleaved.iter().skip(c).step_by(count).copied().collect()).collect()
}

#[allow(clippy::cast_precision_loss)]
fn dead_channels(channels: &[Vec<f32>]) -> Option<Cause> {
    let powers: Vec<f32> = channels.iter().map(|c| c.iter().map(|s| s * s).sum::<f32>() / c.len().max(1) as f32).collect();
    let least = powers.iter().fold(0.0f32, |most, p| most.max(*p)) * 10f32.powf(-DEAD_BELOW / 10.0);
    let dead: Vec<u16> = (1..).zip(&powers).filter(|(_, p)| **p < least).map(|(number, _)| number).collect();
    (!dead.is_empty()).then(|| Cause::DeadChannels { dead, of: u16::try_from(channels.len()).unwrap_or(u16::MAX) })
}

/// Flat tops, at full scale or wherever a volume behind the converter has moved them.
fn is_clipped(samples: &[f32]) -> bool {
    let top = samples.iter().fold(0.0f32, |top, s| top.max(s.abs()));
    if Decibels::of_amplitude(top).is_none_or(|t| t.0 < STEPS_BELOW) {
        return false;
    }
    // a value that rounding has moved is still the same; above full scale floats go on where a converter could not
    let flat = top.min(FULL_SCALE) * (1.0 - 1e-4);
    let runs = samples.chunk_by(|a, b| (a.abs() >= flat) == (b.abs() >= flat) && a.is_sign_positive() == b.is_sign_positive());
    runs.filter(|run| run[0].abs() >= flat && run.len() >= FLAT).count() >= FLAT_TOPS
}

/// Whether what was played is in what was heard from then on.
fn came_back(recorded: &Recorded, sound: &Clip) -> Result<Option<Millis>, ResampleError> {
    let Some(played) = &recorded.played else { return Ok(None) };
    let clip = resample(&played.clip, WHISPER_RATE)?;
    // until the person's turn: what they say is no echo of it
    let heard = sound.stretch(Span { start: played.at, end: recorded.turn.unwrap_or(sound.duration()) });
    Ok(echo::delay(&clip.samples, &heard.samples))
}

/// The time in which the person was to speak.
fn own_time(recorded: &Recorded, came_back: Option<Millis>) -> Span {
    let end = Millis::of_frames(recorded.interleaved.len() / usize::from(recorded.channels.max(1)), recorded.rate);
    let after_the_voice = recorded.played.as_ref().zip(came_back).map(|(played, delay)| played.at + played.clip.duration() + delay + AWAY);
    let start = recorded.turn.unwrap_or_default().max(after_the_voice.unwrap_or_default());
    Span { start: start.min(end), end }
}

/// The stretches of the sound in which nobody speaks and that are not digitally silent.
fn quiet<'a>(sound: &'a Clip, speech: &[Span]) -> Vec<&'a [f32]> {
    let mut spans = speech.to_vec();
    spans.sort_by_key(|s| s.start);
    let mut quiet = Vec::new();
    let mut from = Millis(0);
    for span in spans.into_iter().chain([Span { start: sound.duration() + AWAY, end: sound.duration() + AWAY }]) {
        let (start, end) = (from.frames(sound.rate), (span.start - AWAY).frames(sound.rate).min(sound.samples.len()));
        if start < end && end - start >= hum::WINDOW {
            quiet.push(&sound.samples[start..end]);
        }
        from = from.max(span.end + AWAY);
    }
    quiet.retain(|stretch| stretch.iter().any(|s| *s != 0.0));
    quiet
}

fn waking(recorded: &Recorded, profile: &Profile) -> Option<Cause> {
    let opened_for = recorded.first_samples?;
    let count = usize::from(recorded.channels.max(1));
    let first = recorded.interleaved.iter().position(|s| *s != 0.0)? / count;
    // a dead channel is zero all the time
    let heard = recorded.interleaved[first * count..].chunks(count);
    #[allow(clippy::cast_precision_loss)]
    let zeros = heard.clone().filter(|frame| frame.iter().all(|s| *s == 0.0)).count() as f32 / heard.len().max(1) as f32;
    let zeros_before = Millis::of_frames(first, recorded.rate);
    // zeros that end with the first word are a source of software, which is silent while nobody speaks
    let ends_with_speech = profile.speech(BRIDGE).first().is_some_and(|s| s.start <= zeros_before + AWAY);
    let counts = zeros <= ZEROS_OF_A_ROOM && !ends_with_speech;
    let after = opened_for + if counts { zeros_before } else { Millis(0) };
    (after > WAKES_BY).then_some(Cause::Waking { after })
}

fn rate(recorded: &Recorded) -> Option<Cause> {
    let says = f64::from(recorded.rate);
    match recorded.delivered {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a rate
        Some(delivers) if (delivers / says - 1.0).abs() * 100.0 > RATE_OFF => {
            Some(Cause::WrongRate { says: recorded.rate, delivers: delivers.round() as u32 })
        }
        _ if recorded.rate < WHISPER_RATE => Some(Cause::Telephone { rate: recorded.rate }),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
