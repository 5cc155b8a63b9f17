//! A clip to a real loudspeaker (rodio), and the speaker that is silent.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, Player};

use super::{SpeakError, Speaker};
use crate::sound::{Clip, device::Device, resample::resample};
use crate::stop::Stop;

/// What the sound server may still hold when the last sample was handed over (rodio asks for two buffers of 50 ms).
const TAIL: Duration = Duration::from_millis(200);
/// How much longer than the clip playing may take before the loudspeaker counts as lost.
const PATIENCE: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(10);

/// A loudspeaker of this machine. Opened for each clip, so that one that was unplugged and plugged in again works.
pub struct Loudspeaker {
    device: Device,
}

impl Loudspeaker {
    #[must_use]
    pub fn new(device: Device) -> Self {
        Self { device }
    }
}

impl Speaker for Loudspeaker {
    fn play(&mut self, clip: &Clip, stop: &Stop) -> Result<(), SpeakError> {
        let name = self.device.listed.name.clone();
        let failed = |reason: String| SpeakError::Loudspeaker { name: name.clone(), reason };
        let lost = Arc::new(AtomicBool::new(false));
        let lost_flag = Arc::clone(&lost);
        let builder = DeviceSinkBuilder::from_device(self.device.handle.clone()).map_err(|e| failed(e.to_string()))?;
        let mut sink = builder
            .with_error_callback(move |e: cpal::Error| {
                // an underrun is a click in the question, no more
                if e.kind() != cpal::ErrorKind::Xrun {
                    lost_flag.store(true, Ordering::Relaxed);
                }
            })
            .open_stream()
            .map_err(|e| failed(e.to_string()))?;
        sink.log_on_drop(false);
        // rubato's conversion rather than the mixer's, which does not filter
        let clip = resample(clip, sink.config().sample_rate().get()).map_err(|e| failed(e.to_string()))?;
        let rate = NonZero::new(clip.rate).ok_or_else(|| failed("its sample rate is zero".into()))?;
        let length = Duration::from_millis(clip.duration().0);
        let player = Player::connect_new(sink.mixer());
        player.append(SamplesBuffer::new(NonZero::<u16>::MIN, rate, clip.samples));
        let deadline = Instant::now() + length + PATIENCE;
        while !player.empty() {
            if stop.is_raised() {
                return Ok(());
            }
            if lost.load(Ordering::Relaxed) || Instant::now() > deadline {
                return Err(failed("it went away while it played".into()));
            }
            std::thread::sleep(POLL);
        }
        std::thread::sleep(TAIL);
        Ok(())
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
