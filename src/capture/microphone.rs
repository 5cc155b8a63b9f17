//! A real microphone (cpal). The callback is realtime-safe: it converts samples, pushes them to the ring and counts, nothing else.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind, FromSample, Sample, SampleFormat, SizedSample, StreamConfig};

use super::{CaptureError, Counters, Feed, Microphone};
use crate::sound::closing::close;
use crate::sound::device::{self, Device, Direction};

/// How much sound the ring holds while the recorder is kept from running.
const RING: Duration = Duration::from_secs(5);
/// Asked of the device: short enough for a lively level meter, long enough for a busy machine. Some defaults are absurd (2 s).
const BUFFER: Duration = Duration::from_millis(20);
const OPENING: Duration = Duration::from_secs(5);

/// A microphone of this machine.
pub struct DeviceMicrophone {
    device: Device,
}

impl DeviceMicrophone {
    #[must_use]
    pub fn new(device: Device) -> Self {
        Self { device }
    }

    fn unopened(&self, reason: impl std::fmt::Display) -> CaptureError {
        CaptureError::Unopened { name: self.name(), reason: reason.to_string() }
    }

    fn stream<T>(&self, config: StreamConfig, mut ring: rtrb::Producer<f32>, counters: &Arc<Counters>) -> Result<cpal::Stream, cpal::Error>
    where
        T: SizedSample,
        f32: FromSample<T>,
    {
        let channels = usize::from(config.channels);
        let (counted, failing) = (Arc::clone(counters), Arc::clone(counters));
        self.device.handle.build_input_stream(
            config,
            move |data: &[T], _| deliver(data, channels, &mut ring, &counted),
            move |error| match error.kind() {
                ErrorKind::Xrun => {
                    failing.interruptions.fetch_add(1, Ordering::Relaxed);
                }
                // the sound goes on, elsewhere or with more delay
                ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
                _ => failing.failed.store(true, Ordering::Relaxed),
            },
            Some(OPENING),
        )
    }
}

/// Puts interleaved samples into the ring, as many whole frames as fit, and counts the rest as lost. All that the audio callback does.
///
/// Realtime-safe: no allocation, no lock, no system call.
pub fn deliver<T>(data: &[T], channels: usize, ring: &mut rtrb::Producer<f32>, counters: &Counters)
where
    T: Sample,
    f32: FromSample<T>,
{
    // whole frames only, or the channels would change places after a loss
    let room = (ring.slots() / channels) * channels;
    let take = data.len().min(room);
    if let Ok(chunk) = ring.write_chunk_uninit(take) {
        chunk.fill_from_iter(data[..take].iter().map(|s| f32::from_sample(*s)));
    }
    if take < data.len() {
        counters.frames_lost.fetch_add(((data.len() - take) / channels) as u64, Ordering::Relaxed);
    }
}

impl Microphone for DeviceMicrophone {
    fn name(&self) -> String {
        self.device.listed.name.clone()
    }

    fn open(&mut self) -> Result<Feed, CaptureError> {
        let supported = self.device.handle.default_input_config().map_err(|e| self.unopened(e))?;
        let mut config = supported.config();
        let frames = |d: Duration| u32::try_from(d.as_millis() * u128::from(config.sample_rate) / 1000).unwrap_or(u32::MAX);
        let (ring_frames, buffer_frames) = (frames(RING), frames(BUFFER));
        config.buffer_size = BufferSize::Fixed(buffer_frames);
        let opened = match self.open_with(config, supported.sample_format(), ring_frames) {
            // not every device lets the buffer be chosen
            Err(_) => self.open_with(StreamConfig { buffer_size: BufferSize::Default, ..config }, supported.sample_format(), ring_frames),
            opened => opened,
        };
        opened.map_err(|e| self.unopened(e))
    }

    fn is_live(&self) -> bool {
        true
    }

    fn again(&mut self) -> Option<Feed> {
        self.device = device::find(Direction::Input, Some(&self.device.listed.id)).ok()?;
        self.open().ok()
    }
}

impl DeviceMicrophone {
    fn open_with(&self, config: StreamConfig, format: SampleFormat, ring_frames: u32) -> Result<Feed, cpal::Error> {
        let (producer, ring) = rtrb::RingBuffer::new(ring_frames as usize * usize::from(config.channels));
        let counters = Arc::new(Counters::default());
        let stream = match format {
            SampleFormat::I8 => self.stream::<i8>(config, producer, &counters),
            SampleFormat::I16 => self.stream::<i16>(config, producer, &counters),
            SampleFormat::I24 => self.stream::<cpal::I24>(config, producer, &counters),
            SampleFormat::I32 => self.stream::<i32>(config, producer, &counters),
            SampleFormat::I64 => self.stream::<i64>(config, producer, &counters),
            SampleFormat::U8 => self.stream::<u8>(config, producer, &counters),
            SampleFormat::U16 => self.stream::<u16>(config, producer, &counters),
            SampleFormat::U32 => self.stream::<u32>(config, producer, &counters),
            SampleFormat::U64 => self.stream::<u64>(config, producer, &counters),
            SampleFormat::F64 => self.stream::<f64>(config, producer, &counters),
            _ => self.stream::<f32>(config, producer, &counters),
        }?;
        stream.play()?;
        Ok(Feed { ring, rate: config.sample_rate, channels: config.channels, counters, guard: Box::new(Listening(Some(stream))) })
    }
}

/// An open stream.
struct Listening(Option<cpal::Stream>);

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(stream) = self.0.take() {
            close(stream);
        }
    }
}
