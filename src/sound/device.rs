//! The table of microphones and loudspeakers: what there is, under the names people know, and how to find one by name.
//!
//! On Linux the PulseAudio protocol is asked first (also spoken by PipeWire desktops, and the only one with real names), then ALSA,
//! whose plug-in entries are hidden. Nothing is opened here and no sound moves.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait};
use serde::Serialize;

use super::closing::within;

/// Which way the sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Input,
    Output,
}

/// One line of the device list.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Stable name for scripts and settings.
    pub id: String,
    /// The name as the desktop shows it.
    pub name: String,
    pub direction: Direction,
    /// Used when no device is named.
    pub default: bool,
    /// Hears what a loudspeaker plays, not a person.
    pub monitor: bool,
    pub channels: u16,
    /// Frames a second.
    pub rate: u32,
    /// The sound system that the device is reached through.
    pub host: String,
}

/// A device that can be opened.
pub struct Device {
    pub(crate) handle: cpal::Device,
    pub listed: Listed,
}

/// So long a sound system may take to say what there is; a slow one with many devices takes a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// All usable devices of one direction, the default one first.
///
/// # Errors
/// No sound system answers.
pub fn list(direction: Direction) -> Result<Vec<Device>, DeviceError> {
    within(PATIENCE, move || look(direction)).unwrap_or(Err(DeviceError::Hangs))
}

fn look(direction: Direction) -> Result<Vec<Device>, DeviceError> {
    keep_quiet();
    let mut held = HOST.lock().unwrap_or_else(PoisonError::into_inner);
    // a server that has ended since gives no answer
    if let Some(Ok(devices)) = held.as_ref().map(|host| devices_of(host, direction)) {
        return Ok(devices);
    }
    let host = host()?;
    let devices = devices_of(&host, direction)?;
    *held = Some(host);
    Ok(devices)
}

/// The connection to the sound system. One is held as long as the program runs, and not one made for each look: the crate `pulseaudio` (0.3.2) ends the
/// thread and the socket of a connection that nobody needs any more only if the server happens to say something.
static HOST: Mutex<Option<cpal::Host>> = Mutex::new(None);

fn devices_of(host: &cpal::Host, direction: Direction) -> Result<Vec<Device>, DeviceError> {
    let default = match direction {
        Direction::Input => host.default_input_device(),
        Direction::Output => host.default_output_device(),
    };
    let default_id = default.as_ref().and_then(|d| d.id().ok());
    let all = host.devices().map_err(|e| DeviceError::NoSoundSystem(e.to_string()))?;
    let mut devices: Vec<Device> = all.filter_map(|handle| describe(handle, direction, default_id.as_ref())).collect();
    devices.sort_by_key(|d| !d.listed.default);
    Ok(devices)
}

/// The device called `wanted` (its id, its name, or a part of its name in any case), or the default one.
///
/// # Errors
/// There is none, none of that name, or more than one.
pub fn find(direction: Direction, wanted: Option<&str>) -> Result<Device, DeviceError> {
    let mut devices = list(direction)?;
    if devices.is_empty() {
        return Err(DeviceError::None(direction));
    }
    let Some(wanted) = wanted else { return Ok(devices.remove(0)) };
    let names: Vec<String> = devices.iter().map(|d| d.listed.name.clone()).collect();
    match choose(wanted, devices.iter().map(|d| &d.listed)) {
        Choice::One(i) => Ok(devices.swap_remove(i)),
        Choice::NoneOfThem => Err(DeviceError::Unknown { direction, wanted: wanted.to_owned(), names }),
        Choice::Several => Err(DeviceError::Ambiguous { direction, wanted: wanted.to_owned(), names }),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Choice {
    One(usize),
    NoneOfThem,
    Several,
}

/// Exact names win over parts of names, so that "Mic" can be asked for beside "Mic 2".
fn choose<'a>(wanted: &str, listed: impl Iterator<Item = &'a Listed> + Clone) -> Choice {
    let wanted = wanted.to_lowercase();
    let exact = |d: &Listed| d.id.to_lowercase() == wanted || d.name.to_lowercase() == wanted;
    let part = |d: &Listed| d.name.to_lowercase().contains(&wanted) || d.id.to_lowercase().contains(&wanted);
    let all = |rule: &dyn Fn(&Listed) -> bool| -> Vec<usize> { listed.clone().enumerate().filter(|(_, d)| rule(d)).map(|(i, _)| i).collect() };
    for found in [all(&exact), all(&part)] {
        match found[..] {
            [] => {}
            [one] => return Choice::One(one),
            _ => return Choice::Several,
        }
    }
    Choice::NoneOfThem
}

fn describe(handle: cpal::Device, direction: Direction, default: Option<&cpal::DeviceId>) -> Option<Device> {
    let id = handle.id().ok()?;
    let id_text = id.to_string();
    // before anything is asked of it: some plug-ins write to the terminal when they are opened
    if is_plug_in(&id_text) {
        return None;
    }
    let config = match direction {
        Direction::Input => handle.default_input_config(),
        Direction::Output => handle.default_output_config(),
    }
    .ok()?;
    let name = handle.description().ok()?.name().lines().next().unwrap_or_default().to_owned();
    let listed = Listed {
        monitor: direction == Direction::Input && (id_text.ends_with(".monitor") || name.starts_with("Monitor of")),
        default: default == Some(&id),
        host: id_text.split(':').next().unwrap_or_default().to_owned(),
        id: id_text,
        name,
        direction,
        channels: config.channels(),
        rate: config.sample_rate(),
    };
    Some(Device { handle, listed })
}

/// ALSA lists a dozen converters beside each card; "default" and the cards themselves are what a person can choose from.
fn is_plug_in(id: &str) -> bool {
    id.strip_prefix("alsa:").is_some_and(|pcm| !(pcm == "default" || pcm == "pulse" || pcm == "pipewire" || pcm.starts_with("plughw:")))
}

/// ALSA would print its own complaints over the screen while this thread looks for devices. Where even that fails, they are only unsightly.
fn keep_quiet() {
    #[cfg(target_os = "linux")]
    let _ = alsa::Output::local_error_handler();
}

#[cfg(target_os = "linux")]
fn host() -> Result<cpal::Host, DeviceError> {
    if let Ok(pulse) = cpal::host_from_id(cpal::HostId::PulseAudio) {
        return Ok(pulse);
    }
    cpal::host_from_id(cpal::HostId::Alsa).map_err(|e| DeviceError::NoSoundSystem(e.to_string()))
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps)] // one signature on every system
fn host() -> Result<cpal::Host, DeviceError> {
    Ok(cpal::default_host())
}

#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error("no sound system answered ({0}); start PulseAudio or PipeWire, or log in to a desktop session")]
    NoSoundSystem(String),
    #[error("the sound system of this machine hangs; wait a moment and try again, and if that does not help, log out and in again")]
    Hangs,
    #[error("{}", none(*.0))]
    None(Direction),
    #[error("there is no {} called \"{wanted}\"; there {}", noun(*.direction), what_there_is(.names))]
    Unknown { direction: Direction, wanted: String, names: Vec<String> },
    #[error("more than one {} is called \"{wanted}\"; name one of them in full: {}", noun(*.direction), .names.join(", "))]
    Ambiguous { direction: Direction, wanted: String, names: Vec<String> },
}

fn noun(direction: Direction) -> &'static str {
    match direction {
        Direction::Input => "microphone",
        Direction::Output => "loudspeaker",
    }
}

fn none(direction: Direction) -> &'static str {
    match direction {
        Direction::Input => {
            "no microphone was found; plug one in and look again with `viva devices`, or answer from recordings with `viva practice --from FILE`"
        }
        Direction::Output => "no loudspeaker was found; plug one in and look again with `viva devices`",
    }
}

fn what_there_is(names: &[String]) -> String {
    match names {
        [one] => format!("is only \"{one}\""),
        many => format!("are: {}", many.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn microphones(names: &[&str]) -> Vec<Listed> {
        let listed = |name: &&str| Listed {
            id: format!("pulseaudio:{}", name.to_lowercase().replace(' ', "_")),
            name: (*name).to_owned(),
            direction: Direction::Input,
            default: false,
            monitor: false,
            channels: 2,
            rate: 48_000,
            host: "pulseaudio".to_owned(),
        };
        names.iter().map(listed).collect()
    }

    #[test]
    fn a_device_is_found_by_name_part_of_name_or_id() {
        let list = microphones(&["USB Headset", "Mic", "Mic 2"]);
        assert_eq!(choose("headset", list.iter()), Choice::One(0));
        assert_eq!(choose("mic", list.iter()), Choice::One(1));
        assert_eq!(choose("pulseaudio:mic_2", list.iter()), Choice::One(2));
        assert_eq!(choose("i", list.iter()), Choice::Several);
        assert_eq!(choose("webcam", list.iter()), Choice::NoneOfThem);
    }

    #[test]
    fn alsa_converters_are_hidden_and_cards_are_not() {
        assert!(is_plug_in("alsa:surround51:CARD=PCH"));
        assert!(is_plug_in("alsa:null"));
        assert!(!is_plug_in("alsa:default"));
        assert!(!is_plug_in("alsa:plughw:CARD=0,DEV=0"));
        assert!(!is_plug_in("pulseaudio:mic"));
    }

    #[test]
    fn the_sentence_names_what_there_is() {
        let error = DeviceError::Unknown { direction: Direction::Input, wanted: "webcam".into(), names: vec!["Mic".into()] };
        assert_eq!(error.to_string(), "there is no microphone called \"webcam\"; there is only \"Mic\"");
    }
}
