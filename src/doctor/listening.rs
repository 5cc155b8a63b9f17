//! Listening to a microphone for a few seconds: an open [`Microphone`] comes in, its samples with the times of their arrival go out ([`Recorded`]).
//! Nothing is written to disk, and nothing is judged.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::capture::{CaptureError, Feed, Microphone};
use crate::sound::{Clip, Millis, SoundError, source};
use crate::stop::Stop;

/// Often enough that arrival times are good to a fraction of a block.
const POLL: Duration = Duration::from_millis(5);
/// A sound server hands out what it held back at first; the rate is measured after that, and over no less than this.
const SETTLES: Duration = Duration::from_secs(1);
const LEAST: Duration = Duration::from_millis(2_500);
/// Of a recording, this much is judged: as long as any test, and more than any one answer needs to show what is wrong.
const LONGEST: Millis = Millis(120_000);

/// What came from a microphone, or lay in a recording.
#[derive(Debug, Default)]
pub struct Recorded {
    /// -1.0..=1.0.
    pub interleaved: Vec<f32>,
    pub channels: u16,
    /// As the device says, in frames a second.
    pub rate: u32,
    /// From opening the microphone until samples came; None where none did, and for a recording.
    pub first_samples: Option<Millis>,
    /// Frames a second as they came; None where that was not measured.
    pub delivered: Option<f64>,
    /// What was played meanwhile.
    pub played: Option<Played>,
    /// From here on the person was to speak; None where they may have spoken all the time.
    pub turn: Option<Millis>,
}

/// A sound from the loudspeaker.
#[derive(Debug)]
pub struct Played {
    pub clip: Clip,
    /// Where in what was recorded playing began.
    pub at: Millis,
}

impl Recorded {
    /// A recording, of which so much is taken as is judged.
    ///
    /// # Errors
    /// It is not there, or is no recording.
    pub fn read(path: &Path) -> Result<Self, SoundError> {
        let read = source::read_channels(path, LONGEST)?;
        Ok(Self { interleaved: read.interleaved, channels: read.channels, rate: read.rate, ..Self::default() })
    }
}

/// A microphone that is being listened to, on a thread of its own.
pub struct Listening {
    heard: Arc<Mutex<Heard>>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    channels: u16,
    rate: u32,
}

#[derive(Default)]
struct Heard {
    interleaved: Vec<f32>,
    /// Since opening: when samples came, and how many frames had come by then.
    arrivals: Vec<(Duration, usize)>,
    lost: bool,
}

impl Listening {
    /// Opens the microphone and begins.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn begin(microphone: &mut dyn Microphone) -> Result<Self, CaptureError> {
        let opened = Instant::now();
        let feed = microphone.open()?;
        let (channels, rate) = (feed.channels, feed.rate);
        let (heard, stop) = (Arc::new(Mutex::new(Heard::default())), Stop::default());
        let (to, until) = (Arc::clone(&heard), stop.clone());
        let thread = std::thread::spawn(move || drain(feed, opened, &to, &until));
        Ok(Self { heard, stop, thread: Some(thread), channels, rate })
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much has come so far.
    #[must_use]
    pub fn length(&self) -> Millis {
        Millis::of_frames(self.heard().interleaved.len() / usize::from(self.channels.max(1)), self.rate)
    }

    /// Waits until so much has come, at most so long, and no longer for a device that is lost.
    pub fn wait_for(&self, length: Millis, at_most: Duration) {
        let begun = Instant::now();
        while self.length() < length && begun.elapsed() <= at_most && !self.heard().lost {
            std::thread::sleep(POLL);
        }
    }

    /// Closes the microphone.
    #[must_use]
    pub fn end(mut self) -> Recorded {
        self.close();
        let heard = std::mem::take(&mut *self.heard());
        Recorded {
            first_samples: heard.arrivals.first().map(|(at, _)| Millis::from(*at)),
            delivered: delivered(&heard.arrivals),
            interleaved: heard.interleaved,
            channels: self.channels,
            rate: self.rate,
            played: None,
            turn: None,
        }
    }

    fn close(&mut self) {
        self.stop.raise();
        if let Some(thread) = self.thread.take() {
            // it only copies samples; if it panicked, what it had copied is there
            let _ = thread.join();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.close();
    }
}

fn drain(mut feed: Feed, opened: Instant, to: &Mutex<Heard>, stop: &Stop) {
    loop {
        let ended = stop.is_raised() || feed.counters.failed.load(Ordering::Relaxed) || feed.counters.ended.load(Ordering::Acquire);
        let waiting = feed.ring.slots() / usize::from(feed.channels.max(1)) * usize::from(feed.channels.max(1));
        if let Ok(chunk) = feed.ring.read_chunk(waiting)
            && waiting > 0
        {
            let mut heard = to.lock().unwrap_or_else(PoisonError::into_inner);
            heard.interleaved.extend(chunk);
            let frames = heard.interleaved.len() / usize::from(feed.channels.max(1));
            heard.arrivals.push((opened.elapsed(), frames));
        }
        if ended {
            to.lock().unwrap_or_else(PoisonError::into_inner).lost = true;
            return;
        }
        std::thread::sleep(POLL);
    }
}

/// Frames a second: the slope of the line that fits the arrivals best, so that no single late block decides.
#[allow(clippy::cast_precision_loss)]
fn delivered(arrivals: &[(Duration, usize)]) -> Option<f64> {
    let from = arrivals.first()?.0 + SETTLES;
    let settled: Vec<(f64, f64)> = arrivals.iter().filter(|(at, _)| *at >= from).map(|(at, frames)| (at.as_secs_f64(), *frames as f64)).collect();
    let (first, last) = (settled.first()?, settled.last()?);
    if last.0 - first.0 < LEAST.as_secs_f64() {
        return None;
    }
    let count = settled.len() as f64;
    let (time, frames) = settled.iter().fold((0.0, 0.0), |(t, f), (at, so_far)| (t + at / count, f + so_far / count));
    let (covariance, variance) =
        settled.iter().fold((0.0, 0.0), |(c, v), (at, so_far)| (c + (at - time) * (so_far - frames), v + (at - time).powi(2)));
    (variance > 0.0).then(|| covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_measured_through_jitter_and_not_from_too_little() {
        let blocks = |seconds: usize, rate: usize| -> Vec<(Duration, usize)> {
            // blocks of 20 ms, every seventh up to 60 ms late
            let late = |i: usize| Duration::from_millis(if i.is_multiple_of(7) { (i % 4 * 20) as u64 } else { 0 });
            (1..seconds * 50).map(|i| (Duration::from_millis(20 * i as u64) + late(i), i * rate / 50)).collect()
        };
        let measured = delivered(&blocks(6, 44_100)).unwrap();
        assert!((measured / 44_100.0 - 1.0).abs() < 0.005, "{measured}");
        assert_eq!(delivered(&blocks(3, 44_100)), None);
        assert_eq!(delivered(&[]), None);
    }
}
