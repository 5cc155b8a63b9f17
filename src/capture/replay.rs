//! A recording that plays the part of a microphone: for `--from FILE`, demonstrations, tests and bug reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{CaptureError, Counters, Feed, Microphone};
use crate::sound::Source;

const RING_SECONDS: usize = 5;
const POLL: Duration = Duration::from_millis(1);

/// A recording of any kind, delivered as fast as it is read.
pub struct Replay {
    path: PathBuf,
}

impl Replay {
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }
}

impl Microphone for Replay {
    fn name(&self) -> String {
        format!("the recording {}", self.path.file_name().unwrap_or_default().to_string_lossy())
    }

    fn open(&mut self) -> Result<Feed, CaptureError> {
        let mut source = Source::open(&self.path)?;
        let rate = source.rate();
        let (mut producer, ring) = rtrb::RingBuffer::new(rate as usize * RING_SECONDS);
        let counters = Arc::new(Counters::default());
        let stop = Arc::new(AtomicBool::new(false));
        let (counted, stopped) = (Arc::clone(&counters), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let mut block = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                block.clear();
                match source.read(&mut block) {
                    Ok(true) => {}
                    Ok(false) => break,
                    // as when a microphone is unplugged: what was heard is kept
                    Err(_) => {
                        counted.failed.store(true, Ordering::Release);
                        return;
                    }
                }
                let mut rest = &block[..];
                while !rest.is_empty() && !stopped.load(Ordering::Relaxed) {
                    rest = producer.push_partial_slice(rest).1;
                    std::thread::sleep(POLL);
                }
            }
            counted.ended.store(true, Ordering::Release);
        });
        Ok(Feed { ring, rate, channels: 1, counters, guard: Box::new(Guard { stop, thread: Some(thread) }) })
    }

    fn is_live(&self) -> bool {
        false
    }
}

struct Guard {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // it only copies samples; if it panicked there is nothing left to stop
            let _ = thread.join();
        }
    }
}
