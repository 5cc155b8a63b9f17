//! From what was heard of a microphone, and what the sound server says of it, to sentences: what is wrong and what to do. One cause, one finding; what
//! follows from another cause is not said again.

use super::hearing::{Cause, Hearing};
use super::mixer::Mixer;
use super::{Finding, Part, State};
use crate::sound::Millis;

/// At this volume or below a microphone is turned down, not merely quiet (per cent): the scale is cubic, a fifth is 42 dB less.
const TURNED_DOWN: u32 = 30;
/// Below this there is room to turn it up, which a quiet voice is told first.
const CAN_RISE: u32 = 90;

/// The microphone, as far as words about it need it.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// As the desktop shows it, or the name of a recording.
    pub name: String,
    pub recording: bool,
    /// It hears what a loudspeaker plays.
    pub monitor: bool,
    pub mixer: Option<Mixer>,
    /// Other microphones that could be chosen.
    pub others: Vec<String>,
}

/// What there is to say. Never empty: where nothing is wrong it says what works.
#[must_use]
pub fn findings(hearing: &Hearing, of: &Subject) -> Vec<Finding> {
    // a source of software waits for the server's clock, up to two seconds, and wakes nothing
    let tells = |cause: &&Cause| !(matches!(cause, Cause::Waking { .. }) && of.is_software());
    let mut found: Vec<Finding> = hearing.causes.iter().filter(tells).map(|cause| about(cause, of)).collect();
    if let Some(voice) = hearing.voice
        && !found.iter().any(|f| matches!(f.state, State::Prevents | State::NotShown))
    {
        let noise = hearing.noise.map_or(String::new(), |n| format!(", the room is at {:.0} dB", n.0));
        let heard = if of.recording { "a voice is in" } else { "your voice was heard by" };
        found.insert(0, Finding::works(Part::Microphone, format!("{heard} {}, at {:.0} dB below full scale{noise}", of.named(), -voice.0)));
    }
    found
}

/// The one thing to say of a device that hears a loudspeaker.
#[must_use]
pub fn monitor(of: &Subject) -> Finding {
    finding(State::Prevents, "monitor", format!("{} hears what the loudspeaker plays, not you", of.named()), of.choose_another())
}

fn finding(state: State, cause: &'static str, says: String, cure: impl Into<String>) -> Finding {
    Finding::new(Part::Microphone, state, cause, says, cure)
}

impl Subject {
    fn named(&self) -> String {
        if self.recording { format!("the recording {}", self.name) } else { format!("the microphone \"{}\"", self.name) }
    }

    fn choose_another(&self) -> String {
        match &self.others[..] {
            [] => "plug in a microphone, and look for its name with `viva devices`".to_owned(),
            others => format!("choose another one with --input: {}", others.join(", ")),
        }
    }

    fn is_software(&self) -> bool {
        self.mixer.as_ref().is_some_and(|m| !m.hardware && !m.bluetooth)
    }

    fn volume(&self) -> Option<u32> {
        self.mixer.as_ref().map(|m| m.volume)
    }

    /// Why a microphone is silent, as far as the sound server knows it.
    fn silenced(&self) -> Option<Finding> {
        let mixer = self.mixer.as_ref()?;
        let named = self.named();
        let (cause, says, cure) = if mixer.muted {
            (
                "muted",
                format!("{named} is muted in the sound settings, so nothing of you is heard"),
                format!("open the sound settings and switch it on (or type: pactl set-source-mute {} 0)", mixer.name),
            )
        } else if let Some(plug) = &mixer.unplugged {
            (
                "unplugged",
                format!("nothing is plugged in at \"{plug}\", which {named} uses"),
                format!("push the plug in all the way, or {}", self.choose_another()),
            )
        } else if mixer.volume <= TURNED_DOWN {
            (
                "turned_down",
                format!("{named} is turned down to {} % in the sound settings, so nothing of you is heard", mixer.volume),
                format!("open the sound settings and turn it up to 100 % (or type: pactl set-source-volume {} 100%)", mixer.name),
            )
        } else if mixer.suspended {
            (
                "suspended",
                format!("{named} is switched off by the sound system"),
                format!("plug it out and in again (or type: pactl suspend-source {} 0)", mixer.name),
            )
        } else {
            return None;
        };
        Some(finding(State::Prevents, cause, says, cure))
    }
}

fn about(cause: &Cause, of: &Subject) -> Finding {
    let named = of.named();
    match cause {
        Cause::NoSamples => of.silenced().unwrap_or_else(|| {
            finding(
                State::Prevents,
                "no_samples",
                format!("{named} could be opened, but no sound came from it"),
                format!(
                    "plug it out and in again (a wireless one: switch it off and on), close other programs that use it, or {}",
                    of.choose_another()
                ),
            )
        }),
        Cause::OnlyZeros => only_zeros(of),
        Cause::NobodySpoke => of.silenced().unwrap_or_else(|| {
            let cure = if of.recording {
                "take a recording in which somebody speaks for three seconds or longer".to_owned()
            } else {
                format!("run `viva doctor` again and speak when it says so; if you did speak, move closer, or {}", of.choose_another())
            };
            finding(State::NotShown, "nobody_spoke", format!("nobody was heard to speak: {named} delivers sound, but no voice was in it"), cure)
        }),
        Cause::Drowned { noise } => finding(
            State::NotShown,
            "noise",
            format!("no voice could be told from the noise: {named} hears {:.0} dB of it, as loud as speech", noise.0),
            "go to a quieter room or switch off what makes the noise, then speak again; a headset hears less of the room",
        ),
        Cause::TooQuiet { level, unusable } => {
            let cure = match of.volume() {
                Some(volume) if volume < CAN_RISE => {
                    format!("turn it up in the sound settings (it stands at {volume} %), or move closer")
                }
                _ => "move closer to the microphone, or turn it up in the sound settings".to_owned(),
            };
            let (state, so) = if *unusable { (State::Prevents, "too quiet to be scored") } else { (State::Warning, "quiet enough to lose words") };
            finding(state, "too_quiet", format!("{named} hears your voice at {:.0} dB only, {so}", level.0), cure)
        }
        _ => warning(cause, of),
    }
}

/// What a session works with all the same.
fn warning(cause: &Cause, of: &Subject) -> Finding {
    let named = of.named();
    let (code, says, cure) = match cause {
        Cause::Waking { after } => (
            "waking",
            format!("{named} took {} to wake", seconds(*after)),
            "wait for \"Your turn\" before you speak, as wireless microphones sleep between answers; one with a wire wakes at once".to_owned(),
        ),
        Cause::Telephone { rate } => (
            "telephone_quality",
            format!("{named} delivers {rate} samples a second, the quality of a telephone: words are told worse"),
            "a wireless headset does so while it is used for calls: choose another profile in the sound settings, or a microphone with a wire"
                .to_owned(),
        ),
        Cause::WrongRate { says, delivers } => (
            "wrong_rate",
            format!("{named} says that it delivers {says} samples a second, but {delivers} came: pitch and pace would be measured wrong"),
            "plug it out and in again, and close other programs that use it; if that does not help, choose another microphone with --input"
                .to_owned(),
        ),
        Cause::DeadChannels { dead, of: channels } => (
            "dead_channel",
            format!("{named} has {channels} channels, and {}", dead_ones(dead, *channels)),
            "push the plug in all the way; if it stays so, viva works with what is left, somewhat quieter".to_owned(),
        ),
        Cause::Clipped => (
            "clipped",
            format!("{named} is too loud: the sound is cut off at its top"),
            match of.volume() {
                Some(volume) => format!("turn it down in the sound settings (it stands at {volume} %), or move a hand's breadth further away"),
                None => "turn the microphone down in the sound settings, or move a hand's breadth further away".to_owned(),
            },
        ),
        Cause::LoudspeakerHeard { delay } => (
            "loudspeaker_heard",
            format!("{named} hears the loudspeaker ({} ms later): the end of a question can get into your answer", delay.0),
            "use a headset or headphones, or turn the loudspeaker down".to_owned(),
        ),
        Cause::Hum { hertz } => (
            "hum",
            format!("{named} hums at {hertz} Hz, as the mains do"),
            "try another socket, or run the laptop without its charger; keep the microphone's cable away from chargers and screens".to_owned(),
        ),
        Cause::Noise { above } => (
            "noise",
            format!("your voice stands only {above:.0} dB above the noise in {named}: words are lost"),
            "go to a quieter room, switch off fans, or move closer to the microphone; a headset hears less of the room".to_owned(),
        ),
        // these are no mere warnings
        Cause::NoSamples | Cause::OnlyZeros | Cause::NobodySpoke | Cause::Drowned { .. } | Cause::TooQuiet { .. } => return about(cause, of),
    };
    finding(State::Warning, code, says, cure)
}

fn only_zeros(of: &Subject) -> Finding {
    let named = of.named();
    if of.recording {
        let cure = "the microphone was muted, forbidden or none at all when it was made: run `viva doctor` without --from to find out which";
        return finding(State::Prevents, "only_zeros", format!("{named} holds only digital silence: every sample is zero"), cure);
    }
    if let Some(finding) = of.silenced() {
        return finding;
    }
    if of.is_software() {
        return finding(
            State::Prevents,
            "virtual_source",
            format!("{named} is made of software, and nothing is sent to it: every sample is zero"),
            format!("{}; or start the program that is to feed it", of.choose_another()),
        );
    }
    finding(
        State::Prevents,
        "only_zeros",
        format!("{named} delivers only digital silence: every sample is zero, which no real room is"),
        format!(
            "look for a switch on the microphone, its cable or the keyboard; allow this terminal to use the microphone in the system's privacy settings; or {}",
            of.choose_another()
        ),
    )
}

fn dead_ones(dead: &[u16], of: u16) -> String {
    match (dead, of) {
        ([1], 2) => "the left one hears nothing".to_owned(),
        ([2], 2) => "the right one hears nothing".to_owned(),
        ([one], _) => format!("number {one} hears nothing"),
        (many, _) => format!("numbers {} hear nothing", many.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

fn seconds(time: Millis) -> String {
    format!("{:.1} s", time.seconds())
}
