//! A clip to a real loudspeaker (rodio), and the speaker that is silent.

use std::num::NonZero;
use std::sync::mpsc;
use std::time::Duration;

use cpal::traits::DeviceTrait;
use cpal::{BufferSize, ErrorKind, SupportedBufferSize, SupportedStreamConfig};
use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};

use super::{SpeakError, Speaker};
use crate::sound::closing::close;
use crate::sound::device::{self, Device, Direction};
use crate::sound::{Clip, Millis, Span, resample::resample};
use crate::stop::Stop;

/// Handed over at a time; the sound system holds two of these. Long enough for a machine that writes down the last answer meanwhile.
const BUFFER: Duration = Duration::from_millis(100);
/// What the sound system may still hold when the last sample was handed over, and a little.
const TAIL: Duration = Duration::from_millis(250);
const POLL: Duration = Duration::from_millis(10);
/// So many looks (3 s of them) without a sample taken, and the loudspeaker counts as lost. Looks, not the clock's time: a machine that stood still did not look.
const PATIENCE: u32 = 300;
/// How often a clip is taken up again after the connection was cut off.
const AGAIN: usize = 3;

/// A loudspeaker of this machine. Opened for each clip, so that one that was unplugged and plugged in again works.
pub struct Loudspeaker {
    device: Device,
}

/// How playing came to its end.
enum Ended {
    /// Everything was played, or it was told to stop.
    Done,
    /// The sound system ended the connection when so much of the clip had been played: the loudspeaker is gone, or only the connection is. The crate
    /// `pulseaudio` (0.3.2) lets one go when a signal or a sleep of the machine wakes its thread.
    CutOff { at: Millis, reason: String },
}

impl Loudspeaker {
    #[must_use]
    pub fn new(device: Device) -> Self {
        Self { device }
    }

    fn failed(&self, reason: impl Into<String>) -> SpeakError {
        SpeakError::Loudspeaker { name: self.device.listed.name.clone(), reason: reason.into() }
    }

    /// Plays the clip from there on.
    fn play_from(&self, clip: &Clip, start: Millis, stop: &Stop) -> Result<Ended, SpeakError> {
        let failed = |e: &dyn std::error::Error| self.failed(e.to_string());
        let (cut_off, cuts) = mpsc::channel();
        let builder = DeviceSinkBuilder::from_device(self.device.handle.clone()).map_err(|e| failed(&e))?;
        let supported = self.device.handle.default_output_config().map_err(|e| failed(&e))?;
        let mut sink = builder
            .with_buffer_size(buffer(&supported))
            .with_error_callback(move |e: cpal::Error| match e.kind() {
                // a click in the question, no more, or the sound goes on elsewhere
                ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
                // nobody listens to what is said after the first
                _ => drop(cut_off.send(e.to_string())),
            })
            .open_stream()
            .map_err(|e| failed(&e))?;
        sink.log_on_drop(false);
        let ended = self.play_into(&sink, clip, start, &cuts, stop);
        close(sink);
        ended
    }

    fn play_into(&self, sink: &MixerDeviceSink, clip: &Clip, start: Millis, cuts: &mpsc::Receiver<String>, stop: &Stop) -> Result<Ended, SpeakError> {
        // rubato's conversion rather than the mixer's, which does not filter
        let rest = clip.stretch(Span { start, end: clip.duration() });
        let rest = resample(&rest, sink.config().sample_rate().get()).map_err(|e| self.failed(e.to_string()))?;
        let rate = NonZero::new(rest.rate).ok_or_else(|| self.failed("its sample rate is zero"))?;
        let player = Player::connect_new(sink.mixer());
        player.append(SamplesBuffer::new(NonZero::<u16>::MIN, rate, rest.samples));
        let (mut so_far, mut idle) = (Duration::ZERO, 0);
        while !player.empty() {
            if stop.is_raised() {
                return Ok(Ended::Done);
            }
            if let Ok(reason) = cuts.try_recv() {
                return Ok(Ended::CutOff { at: start + Millis::from(so_far.saturating_sub(TAIL)), reason });
            }
            let now = player.get_pos();
            idle = if now > so_far { 0 } else { idle + 1 };
            so_far = now;
            if idle > PATIENCE {
                return Err(self.failed("it has taken no sound for three seconds"));
            }
            std::thread::sleep(POLL);
        }
        std::thread::sleep(TAIL);
        Ok(Ended::Done)
    }
}

/// [`BUFFER`], or what the device allows.
fn buffer(supported: &SupportedStreamConfig) -> BufferSize {
    let wanted = u32::try_from(Millis::from(BUFFER).frames(supported.sample_rate())).unwrap_or(u32::MAX);
    BufferSize::Fixed(match *supported.buffer_size() {
        // not clamp, which panics where a device says nonsense
        SupportedBufferSize::Range { min, max } => wanted.min(max).max(min).max(1),
        SupportedBufferSize::Unknown => wanted,
    })
}

impl Speaker for Loudspeaker {
    fn play(&mut self, clip: &Clip, stop: &Stop) -> Result<(), SpeakError> {
        let (mut start, mut why) = (Millis(0), String::new());
        for _ in 0..=AGAIN {
            match self.play_from(clip, start, stop)? {
                Ended::Done => return Ok(()),
                Ended::CutOff { at, reason } => (start, why) = (at, reason),
            }
            let found = device::find(Direction::Output, Some(&self.device.listed.id));
            self.device = found.map_err(|_| self.failed("it went away while it played"))?;
        }
        Err(self.failed(format!("its connection was cut off again and again: {why}")))
    }
}

/// Plays nothing, at once: for machines without a loudspeaker, for recorded answers, for tests.
#[derive(Debug, Default)]
pub struct Silent;

impl Speaker for Silent {
    fn play(&mut self, _: &Clip, _: &Stop) -> Result<(), SpeakError> {
        Ok(())
    }
}
