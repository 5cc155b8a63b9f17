//! What the sound server says of a microphone: muted, turned down, unplugged, of software. The id of a device comes in, its [`Mixer`] comes out, None
//! where no PulseAudio or PipeWire is asked. Nothing is changed there.

#[cfg(target_os = "linux")]
use std::time::Duration;

#[cfg(target_os = "linux")]
use pulseaudio::protocol::SourceInfo;
#[cfg(target_os = "linux")]
use pulseaudio::protocol::port_info::PortAvailable;

/// As the desktop's sound settings show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each a state of its own
pub struct Mixer {
    pub muted: bool,
    /// Per cent, as in the sound settings; of the loudest channel.
    pub volume: u32,
    /// What it is plugged in by, where the server knows that nothing is plugged in there.
    pub unplugged: Option<String>,
    /// Switched off by somebody, or by the desktop.
    pub suspended: bool,
    /// A microphone that can be touched, not one made of software.
    pub hardware: bool,
    pub bluetooth: bool,
    /// The server's name of the device, for its own programs.
    pub name: String,
}

/// How long the server may take. It answers within milliseconds, or not at all.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(1);

/// What the server says of the device of this id (`pulseaudio:NAME`), now.
#[cfg(target_os = "linux")]
#[must_use]
pub fn of(id: &str) -> Option<Mixer> {
    let name = std::ffi::CString::new(id.strip_prefix("pulseaudio:")?).ok()?;
    let (sender, answer) = std::sync::mpsc::channel();
    // the client has no time limit of its own; a server that never answers costs a thread until the end of the program
    std::thread::spawn(move || {
        let info = pulseaudio::Client::from_env(c"viva").and_then(|c| futures_executor::block_on(c.source_info_by_name(name)));
        // nobody waits any more
        let _ = sender.send(info);
    });
    answer.recv_timeout(PATIENCE).ok()?.ok().map(|info| described(&info))
}

#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn of(_: &str) -> Option<Mixer> {
    None
}

#[cfg(target_os = "linux")]
fn described(info: &SourceInfo) -> Mixer {
    use pulseaudio::protocol::{Prop, SourceFlags, SourceState, Volume};
    let loudest = info.cvolume.channels().iter().map(Volume::as_u32).max().unwrap_or_default();
    let port = info.ports.get(info.active_port).filter(|p| p.available == PortAvailable::No);
    let says = |prop: Prop, what: &str| info.props.get(prop).is_some_and(|v| String::from_utf8_lossy(v).contains(what));
    Mixer {
        muted: info.muted,
        volume: u32::try_from((u64::from(loudest) * 100 + 32_768) / 65_536).unwrap_or(u32::MAX),
        unplugged: port.map(|p| p.description.as_ref().unwrap_or(&p.name).to_string_lossy().into_owned()),
        suspended: info.state == SourceState::Suspended,
        hardware: info.flags.contains(SourceFlags::HARDWARE),
        bluetooth: says(Prop::DeviceBus, "bluetooth") || says(Prop::DeviceApi, "bluez"),
        name: info.name.to_string_lossy().into_owned(),
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use pulseaudio::protocol::port_info::{PortDirection, PortInfo, PortType};

    #[test]
    fn a_headset_that_is_not_plugged_in_is_told_by_its_port() {
        let port = |available| PortInfo {
            name: c"analog-input-headset-mic".into(),
            port_type: PortType::Headset,
            description: Some(c"Headset Microphone".into()),
            dir: PortDirection::Output,
            priority: 0,
            available,
            availability_group: None,
        };
        let unplugged = |available| described(&SourceInfo { ports: vec![port(available)], ..SourceInfo::default() }).unplugged;
        assert_eq!(unplugged(PortAvailable::No).as_deref(), Some("Headset Microphone"));
        assert_eq!(unplugged(PortAvailable::Yes), None);
        assert_eq!(unplugged(PortAvailable::Unknown), None);
    }
}
