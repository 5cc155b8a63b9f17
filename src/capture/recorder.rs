//! The recorder thread: drains the ring, writes the take, tells what happens. It waits for nothing but sound.
//!
//! What it hears is cut into pieces at the pauses as it comes, so that it can be transcribed while the candidate still speaks.
//! It is opened while the question is still being read, so that a microphone that needs seconds to wake is awake when the answer begins,
//! and keeps the last 300 ms, so that a first word said too early is not cut.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::standstill::{self, STOOD_STILL, Watch};
use super::take::Take;
use super::{Capture, CaptureError, EndReason, Feed, Loss, Microphone};
use crate::sound::mix::LiveChannels;
use crate::sound::pieces::Segmenter;
use crate::sound::{Decibels, Millis, Piece, Profile, SoundError};

/// Sound from before the start that belongs to the answer.
pub const PRE_ROLL: Millis = Millis(300);
/// Without samples for this long the device is lost.
const LOST_AFTER: Duration = Duration::from_secs(2);
/// Bluetooth microphones deliver nothing for up to three seconds when they are woken.
const WAKING: Duration = Duration::from_secs(5);
/// After a standstill silence counts from so much later: what came meanwhile is still on its way, or the microphone was asleep too and has to wake.
const GRACE: Duration = WAKING.saturating_sub(LOST_AFTER);
const POLL: Duration = Duration::from_millis(10);

/// What the recorder tells.
#[derive(Debug)]
pub enum RecorderEvent {
    /// The answer's file is open and samples are arriving: now the candidate may speak.
    Listening {
        rate: u32,
    },
    Level {
        peak: Option<Decibels>,
        elapsed: Millis,
    },
    /// Nothing but zeros has come from the microphone so far.
    OnlyZeros,
    /// Sound was lost.
    Lost(Loss),
    /// A stretch of the take that is complete; of the last one it is told just before the end.
    Piece(Piece),
    /// In a pause: what the next piece will be unless the candidate goes on, see [`Segmenter::at_rest`].
    AtRest(Piece),
    /// The take is on disk, whole. Comes once, after [`Recorder::begin`]; nothing follows it.
    Finished(Capture, Box<Profile>),
    /// No take: the microphone could not be opened, or the file not written. Nothing follows it.
    Failed(CaptureError),
}

enum Command {
    Begin(PathBuf),
    End(EndReason),
}

/// A running recorder, for one take. Dropping it ends the take.
pub struct Recorder {
    commands: Sender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Opens the microphone on a thread of its own. `tell` is called there.
    ///
    pub fn open(mut microphone: Box<dyn Microphone>, tell: impl FnMut(RecorderEvent) + Send + 'static) -> Self {
        let (commands, received) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut tell = tell;
            // the conductor waits for a last event, whatever happens here; the file is closed on the way out
            let last = catch_unwind(AssertUnwindSafe(|| match microphone.open() {
                Ok(feed) => run(microphone.as_mut(), feed, &received, &mut tell),
                Err(e) => Some(RecorderEvent::Failed(e)),
            }));
            if let Some(event) = last.unwrap_or(Some(RecorderEvent::Failed(CaptureError::BrokeDown))) {
                tell(event);
            }
        });
        Self { commands, thread: Some(thread) }
    }

    /// Starts the take in this file.
    pub fn begin(&self, path: &Path) {
        // a recorder that has ended already has said why
        let _ = self.commands.send(Command::Begin(path.to_owned()));
    }

    /// Ends the take; [`RecorderEvent::Finished`] follows.
    pub fn end(&self, reason: EndReason) {
        let _ = self.commands.send(Command::End(reason));
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end(EndReason::Interrupted);
        if let Some(thread) = self.thread.take() {
            // a panic there has been printed; the file's header is at most half a second old
            let _ = thread.join();
        }
    }
}

/// The life of one take. Returns the last event; None where it was ended before it began.
fn run(microphone: &mut dyn Microphone, mut feed: Feed, commands: &Receiver<Command>, tell: &mut dyn FnMut(RecorderEvent)) -> Option<RecorderEvent> {
    let mut channels = LiveChannels::new(feed.channels);
    let mut block = Block::default();
    let mut pre_roll: VecDeque<f32> = VecDeque::new();
    let path = wait_for_begin(microphone, &mut feed, &mut channels, &mut pre_roll, commands)?;
    let segmenter = match Segmenter::new(feed.rate) {
        Ok(segmenter) => segmenter,
        Err(e) => return Some(RecorderEvent::Failed(e.into())),
    };
    let mut take = match Take::begin(&path, (feed.rate, feed.channels), segmenter) {
        Ok(take) => take,
        Err(SoundError::Io { path, source }) => return Some(RecorderEvent::Failed(CaptureError::Unwritable { path, source })),
        Err(e) => return Some(RecorderEvent::Failed(e.into())),
    };
    // losses before the answer are nobody's
    let mut lost_before = feed.counters.frames_lost.load(Ordering::Relaxed);
    let mut interruptions_before = feed.counters.interruptions.load(Ordering::Relaxed);
    let mut interruptions = 0;
    let mut disk = take.write(pre_roll.make_contiguous(), tell);
    // only samples from now on count: a microphone that was there a minute ago may be gone
    let (mut heard, mut looked) = (Instant::now(), standstill::now());
    let mut listening = false;
    // a recording is no clock
    let mut watch: Option<Watch> = None;
    let mut asked_to_end = None;
    let end = loop {
        // in this order: what was said before the end was asked for still gets in
        let ended = feed.counters.ended.load(Ordering::Acquire);
        let any = block.fill(&mut feed, &mut channels);
        if any {
            heard = Instant::now();
        } else if standstill::now().saturating_sub(looked) > STOOD_STILL {
            heard = Instant::now() + GRACE;
        }
        looked = standstill::now();
        if any {
            disk = disk.and_then(|()| take.write(&block.mono, tell));
        }
        if disk.is_err() {
            break EndReason::DiskFailed;
        }
        if any && !listening {
            listening = true;
            watch = microphone.is_live().then(|| Watch::begin(standstill::now(), feed.rate));
            tell(RecorderEvent::Listening { rate: feed.rate });
        }
        let lost_so_far = feed.counters.frames_lost.load(Ordering::Relaxed);
        if lost_so_far > lost_before {
            let gap = Loss { at: take.elapsed(), frames: lost_so_far - lost_before };
            lost_before = lost_so_far;
            take.lose(gap, tell);
        }
        let stood_still = match (&mut watch, asked_to_end) {
            (Some(watch), None) => watch.look(standstill::now(), take.came()),
            (Some(watch), Some(_)) => watch.end(standstill::now(), take.came()),
            (None, _) => None,
        };
        if let Some(gap) = stood_still {
            take.lose(gap, tell);
        }
        take.tell_level(tell);
        if let Some(reason) = asked_to_end {
            break reason;
        }
        if ended && !any {
            break EndReason::EndOfRecording;
        }
        let patience = if listening { LOST_AFTER } else { WAKING };
        // a disk that takes its time is no silence of the microphone
        if !any && heard.elapsed() > patience {
            break EndReason::DeviceLost;
        }
        if feed.counters.failed.load(Ordering::Relaxed) {
            // the machine's sleep may have cut the connection off, and the microphone be there
            let is_cut_off = watch.as_mut().is_some_and(Watch::has_cut_off);
            let connected = if is_cut_off { microphone.again().filter(|again| again.rate == feed.rate) } else { None };
            let Some(connected) = connected else {
                // once more round the loop for what is still in the ring, as where the end was asked for
                asked_to_end = Some(EndReason::DeviceLost);
                continue;
            };
            interruptions += feed.counters.interruptions.load(Ordering::Relaxed) - interruptions_before;
            (interruptions_before, lost_before, channels) = (0, 0, LiveChannels::new(connected.channels));
            feed = connected;
            heard = Instant::now() + GRACE;
            if let Some(watch) = &mut watch {
                watch.connected(standstill::now());
            }
            continue;
        }
        match commands.recv_timeout(if any && !microphone.is_live() { Duration::ZERO } else { POLL }) {
            Ok(Command::End(reason)) => asked_to_end = Some(reason),
            Err(mpsc::RecvTimeoutError::Disconnected) => asked_to_end = Some(EndReason::Interrupted),
            Ok(Command::Begin(_)) | Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
    };
    if end == EndReason::DeviceLost && !listening {
        // nothing in it is from after the start; if it stays behind, it is a moment of the room
        let _ = std::fs::remove_file(&path);
        return Some(RecorderEvent::Failed(CaptureError::Lost { name: microphone.name() }));
    }
    interruptions += feed.counters.interruptions.load(Ordering::Relaxed) - interruptions_before;
    Some(take.close(end, microphone.name(), interruptions, tell))
}

/// Where to put the take, once it is to begin; until then the last moment before it is kept. None where it was ended before that.
fn wait_for_begin(
    microphone: &dyn Microphone,
    feed: &mut Feed,
    channels: &mut LiveChannels,
    pre_roll: &mut VecDeque<f32>,
    commands: &Receiver<Command>,
) -> Option<PathBuf> {
    let mut block = Block::default();
    loop {
        match commands.recv_timeout(POLL) {
            Ok(Command::Begin(path)) => return Some(path),
            Ok(Command::End(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
        if microphone.is_live() && block.fill(feed, channels) {
            pre_roll.extend(&block.mono);
            pre_roll.drain(..pre_roll.len().saturating_sub(PRE_ROLL.frames(feed.rate)));
        }
    }
}

/// Buffers that are reused from poll to poll.
#[derive(Default)]
struct Block {
    interleaved: Vec<f32>,
    mono: Vec<f32>,
}

impl Block {
    /// Takes all whole frames out of the ring, as mono. Returns whether there were any.
    fn fill(&mut self, feed: &mut Feed, channels: &mut LiveChannels) -> bool {
        let width = usize::from(feed.channels);
        let count = feed.ring.slots() / width * width;
        self.interleaved.resize(count, 0.0);
        self.mono.clear();
        // that many slots were there a line ago, and nobody else takes any
        if feed.ring.pop_entire_slice(&mut self.interleaved).is_err() {
            return false;
        }
        channels.to_mono(&self.interleaved, &mut self.mono);
        count > 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::Counters;
    use super::super::replay::Replay;
    use super::*;
    use crate::sound::{Clip, source, wav};
    use std::sync::Arc;

    /// What the recorder has told so far.
    struct Told {
        events: Receiver<RecorderEvent>,
        seen: Vec<RecorderEvent>,
    }

    impl Told {
        /// Waits for an event.
        fn until(&mut self, wanted: impl Fn(&RecorderEvent) -> bool) {
            while !self.seen.last().is_some_and(&wanted) {
                self.seen.push(self.events.recv().expect("the event comes before the end"));
            }
        }
    }

    fn listening(event: &RecorderEvent) -> bool {
        matches!(event, RecorderEvent::Listening { .. })
    }

    /// Lets the recorder run on this microphone until it ends by itself or `script` has ended it.
    fn record(microphone: Box<dyn Microphone>, script: impl FnOnce(&Recorder, &mut Told)) -> (tempfile::TempDir, PathBuf, Vec<RecorderEvent>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take-1.wav");
        let (sender, events) = mpsc::channel();
        let recorder = Recorder::open(microphone, move |e| {
            let _ = sender.send(e);
        });
        recorder.begin(&path);
        let mut told = Told { events, seen: Vec::new() };
        script(&recorder, &mut told);
        told.seen.extend(told.events.iter());
        drop(recorder);
        (folder, path, told.seen)
    }

    fn finished(events: Vec<RecorderEvent>) -> Capture {
        match events.into_iter().last() {
            Some(RecorderEvent::Finished(capture, _)) => capture,
            other => panic!("not finished but {other:?}"),
        }
    }

    #[test]
    fn a_replayed_recording_arrives_sample_for_sample() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("answer.wav");
        #[allow(clippy::cast_precision_loss)]
        let clip = Clip::new((0..220_500).map(|i| ((i * 37 % 1000) as f32 - 500.0) / 1024.0).collect(), 22_050);
        wav::write(&source, &clip).unwrap();
        let (_folder, path, events) = record(Box::new(Replay::new(&source)), |_, _| ());
        let capture = finished(events);
        assert_eq!((capture.end, capture.duration, capture.frames_lost), (EndReason::EndOfRecording, Millis(10_000), 0));
        assert_eq!(source::read(&path).unwrap().clip, source::read(&source).unwrap().clip);
    }

    /// A device whose callback the test calls.
    struct Scripted {
        ring: Option<rtrb::Consumer<f32>>,
        counters: Arc<Counters>,
        /// What it delivers when it is connected again.
        again: Option<rtrb::Consumer<f32>>,
    }

    impl Microphone for Scripted {
        fn name(&self) -> String {
            "scripted".into()
        }
        fn open(&mut self) -> Result<Feed, CaptureError> {
            let ring = self.ring.take().unwrap();
            Ok(Feed { ring, rate: 1_000, channels: 2, counters: Arc::clone(&self.counters), guard: Box::new(()) })
        }
        fn is_live(&self) -> bool {
            true
        }
        fn again(&mut self) -> Option<Feed> {
            self.ring = self.again.take();
            self.counters = Arc::default();
            self.ring.is_some().then(|| self.open().ok()).flatten()
        }
    }

    fn scripted() -> (rtrb::Producer<f32>, Arc<Counters>, Box<Scripted>) {
        let (producer, ring) = rtrb::RingBuffer::new(10_000);
        let counters = Arc::new(Counters::default());
        (producer, Arc::clone(&counters), Box::new(Scripted { ring: Some(ring), counters, again: None }))
    }

    #[test]
    fn the_last_300_ms_before_the_start_belong_to_the_answer() {
        let (mut producer, _, microphone) = scripted();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take-1.wav");
        let (sender, events) = mpsc::channel();
        let recorder = Recorder::open(microphone, move |e| sender.send(e).unwrap());
        producer.push_entire_slice(&[0.25; 2 * 1_000]).unwrap();
        while !producer.slots().eq(&10_000) {
            std::thread::sleep(POLL);
        }
        std::thread::sleep(POLL * 3);
        recorder.begin(&path);
        recorder.end(EndReason::Candidate);
        assert_eq!(finished(events.iter().collect()).duration, PRE_ROLL);
    }

    fn deliver_until_listening(producer: &mut rtrb::Producer<f32>, told: &mut Told) {
        while !told.seen.last().is_some_and(listening) {
            // a full ring is as good
            let _ = producer.push_entire_slice(&[0.5; 2 * 10]);
            told.seen.extend(told.events.recv_timeout(POLL));
        }
    }

    #[test]
    fn a_device_that_is_gone_is_lost_and_the_take_kept() {
        let (mut producer, counters, microphone) = scripted();
        let (_folder, path, events) = record(microphone, |_, told| {
            deliver_until_listening(&mut producer, told);
            counters.failed.store(true, Ordering::Relaxed);
        });
        let capture = finished(events);
        assert_eq!(capture.end, EndReason::DeviceLost);
        assert_eq!(Millis(source::read(&path).unwrap().clip.samples.len() as u64), capture.duration);
    }

    #[test]
    fn a_device_that_falls_silent_without_a_word_is_lost_too() {
        let (mut producer, _, microphone) = scripted();
        let (_folder, _, events) = record(microphone, |_, told| {
            deliver_until_listening(&mut producer, told);
        });
        assert_eq!(finished(events).end, EndReason::DeviceLost);
    }

    #[test]
    fn a_disk_that_takes_its_time_is_no_lost_microphone() {
        let (mut producer, _, microphone) = scripted();
        let folder = tempfile::tempdir().unwrap();
        let (sender, events) = mpsc::channel();
        let mut slow = true;
        let recorder = Recorder::open(microphone, move |e| {
            if matches!(e, RecorderEvent::Level { .. }) && std::mem::take(&mut slow) {
                std::thread::sleep(LOST_AFTER + Duration::from_millis(300));
            }
            let _ = sender.send(e);
        });
        recorder.begin(&folder.path().join("take-1.wav"));
        let begun = Instant::now();
        while begun.elapsed() < LOST_AFTER * 2 {
            producer.push_entire_slice(&[0.5; 2 * 10]).unwrap();
            std::thread::sleep(POLL);
        }
        recorder.end(EndReason::Candidate);
        let capture = finished(events.iter().collect());
        assert!(capture.end == EndReason::Candidate && capture.duration > Millis(3_000), "{capture:?}");
    }

    #[test]
    fn a_microphone_that_a_standstill_has_cut_off_is_connected_again_and_what_was_missed_is_counted() {
        let (mut producer, counters, mut microphone) = scripted();
        let (mut after, ring) = rtrb::RingBuffer::new(10_000);
        microphone.again = Some(ring);
        let folder = tempfile::tempdir().unwrap();
        let (sender, events) = mpsc::channel();
        let mut stands_still = true;
        let recorder = Recorder::open(microphone, move |e| {
            if matches!(&e, RecorderEvent::Level { elapsed, .. } if *elapsed > Millis(500)) && std::mem::take(&mut stands_still) {
                std::thread::sleep(Duration::from_millis(1_500));
            }
            let _ = sender.send(e);
        });
        recorder.begin(&folder.path().join("take-1.wav"));
        let deliver = |into: &mut rtrb::Producer<f32>, milliseconds: u32| {
            for _ in 0..milliseconds / 10 {
                let _ = into.push_entire_slice(&[0.5; 2 * 10]);
                std::thread::sleep(POLL);
            }
        };
        deliver(&mut producer, 700);
        std::thread::sleep(Duration::from_millis(1_600));
        counters.failed.store(true, Ordering::Relaxed);
        deliver(&mut after, 3_000);
        recorder.end(EndReason::Candidate);
        let capture = finished(events.iter().collect());
        assert_eq!(capture.end, EndReason::Candidate);
        assert!(capture.frames_lost > 1_000 && capture.duration > Millis(3_000), "{capture:?}");
    }

    #[test]
    fn no_listening_is_told_before_samples_arrive() {
        let (_producer, counters, microphone) = scripted();
        let (_folder, _, events) = record(microphone, |_, _| counters.failed.store(true, Ordering::Relaxed));
        assert!(matches!(events[..], [RecorderEvent::Failed(CaptureError::Lost { .. })]), "{events:?}");
    }

    #[test]
    fn lost_frames_are_counted_and_told() {
        let (mut producer, counters, microphone) = scripted();
        let (_folder, _, events) = record(microphone, |recorder, told| {
            deliver_until_listening(&mut producer, told);
            counters.frames_lost.fetch_add(400, Ordering::Relaxed);
            told.until(|e| matches!(e, RecorderEvent::Lost(Loss { frames: 400, .. })));
            recorder.end(EndReason::Candidate);
        });
        assert_eq!(finished(events).frames_lost, 400);
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_told_before_anybody_speaks() {
        let (_, _, microphone) = scripted();
        let (sender, events) = mpsc::channel();
        let recorder = Recorder::open(microphone, move |e| sender.send(e).unwrap());
        recorder.begin(Path::new("/nowhere/at/all/take-1.wav"));
        assert!(matches!(events.iter().last(), Some(RecorderEvent::Failed(CaptureError::Unwritable { .. }))));
    }
}
