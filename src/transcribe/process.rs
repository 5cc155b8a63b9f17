//! The engine in a process of its own: whisper.cpp can abort or hang, and that must not end an interview.
//!
//! [`Process`] is viva's side: it starts the same binary again, sends it pieces, notices when it dies or falls silent, and starts it once more.
//! [`serve`] is the other side. When viva goes away, the pipe closes and the engine ends with it.

use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::protocol::{self, Reply, Request};
use super::{Engine, Recogniser, Segment, TranscribeError};
use crate::sound::Piece;
use crate::stop::Stop;

/// A large model on a slow disk takes this long to load, at most.
const LOADING: Duration = Duration::from_secs(180);
/// How much longer than the first time it may take to load again.
const AGAIN: u32 = 5;
/// Without a sign of life for this long, and for several looks at the sound, the engine hangs.
const SILENT: Duration = Duration::from_secs(15);
const GLANCES: u32 = 6;
/// How often a sign of life is given.
const PULSE: Duration = Duration::from_millis(500);
/// After so long without a look this program did not run, because somebody stopped it.
const STOOD_STILL: Duration = Duration::from_secs(1);
/// How often a raised stop is looked for.
const POLL: Duration = Duration::from_millis(20);
/// How long an engine has to stop by itself.
const STOPPING: Duration = Duration::from_secs(2);
/// How long one that has closed its pipe may take to end.
const ENDING: Duration = Duration::from_millis(500);
/// Of what the engine said last, for the reason.
const MOST_REASON: usize = 200;

/// How to start an engine.
#[derive(Clone, Debug)]
pub struct Start {
    /// This program.
    pub program: PathBuf,
    /// What makes it an engine.
    pub arguments: Vec<std::ffi::OsString>,
    /// The model, for the message where it cannot be loaded.
    pub model: PathBuf,
}

/// An engine in another process.
pub struct Process {
    start: Start,
    engine: Engine,
    /// How long it may take to load again: it is known how long it took before.
    loading: Duration,
    glance: Duration,
    running: Option<Running>,
    spent: Duration,
    peak_memory: Option<u64>,
}

struct Running {
    child: Child,
    /// To the thread that writes: a hanging engine does not read, and a full pipe must not hold up who asks.
    requests: Sender<Outgoing>,
    replies: Receiver<Reply>,
    last_words: Arc<Mutex<String>>,
    /// Closed when it has said its last word.
    said_all: Receiver<()>,
    glance: Duration,
    patience: Duration,
}

impl Process {
    /// Starts the process and waits until its model is loaded and warm.
    ///
    /// # Errors
    /// The process cannot be started, does not take the model, or was stopped.
    pub fn start(start: Start, engine: Engine, stop: &Stop) -> Result<Self, TranscribeError> {
        let begun = Instant::now();
        let running = Running::start(&start, LOADING, stop)?;
        let loading = (begun.elapsed() * AGAIN).max(SILENT);
        Ok(Self { start, loading, engine, glance: running.glance, running: Some(running), spent: Duration::ZERO, peak_memory: None })
    }

    /// The largest resident memory of the engine's process so far, in bytes; None where the system does not say.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let now = self.running.as_ref().and_then(|r| peak_of(r.child.id()));
        now.max(self.peak_memory)
    }

    fn ask(&mut self, piece: &Piece, stop: &Stop) -> Result<Vec<Segment>, Failure> {
        let running = match &mut self.running {
            Some(running) => running,
            // it died with the piece before
            empty => empty.insert(Running::start(&self.start, self.loading, stop).map_err(|e| match e {
                // it took the model before
                TranscribeError::Model { reason, .. } => Failure::Dead(reason),
                other => Failure::Final(other),
            })?),
        };
        match running.ask(piece, stop) {
            Ok((segments, spent)) => {
                self.spent += spent;
                Ok(segments)
            }
            Err(failure) => {
                if matches!(failure, Failure::Dead(_)) {
                    self.peak_memory = self.peak_memory();
                    self.running = None;
                }
                Err(failure)
            }
        }
    }
}

enum Outgoing {
    Piece(Piece),
    Stop,
}

/// Why a piece has no words.
enum Failure {
    /// The process is gone, or hangs: another one may do better.
    Dead(String),
    /// Trying again would not help.
    Final(TranscribeError),
}

impl Recogniser for Process {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn recognise(&mut self, piece: &Piece, stop: &Stop) -> Result<Vec<Segment>, TranscribeError> {
        // once more for an engine that died: the piece need not be to blame
        match self.ask(piece, stop) {
            Err(Failure::Dead(_)) => {}
            Err(Failure::Final(e)) => return Err(e),
            Ok(segments) => return Ok(segments),
        }
        match self.ask(piece, stop) {
            Err(Failure::Dead(reason)) => Err(TranscribeError::Engine(format!("the engine broke down twice: {reason}"))),
            Err(Failure::Final(e)) => Err(e),
            Ok(segments) => Ok(segments),
        }
    }

    fn engine_time(&self) -> Duration {
        self.spent
    }

    fn glance(&self) -> Duration {
        self.glance
    }
}

impl Running {
    /// Gives it at most so long to load.
    fn start(start: &Start, limit: Duration, stop: &Stop) -> Result<Self, TranscribeError> {
        let failed = |e: std::io::Error| TranscribeError::Engine(format!("its process could not be started: {e}"));
        let mut command = Command::new(&start.program);
        command.args(&start.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C at the terminal is for viva to handle: it still wants the words of the answer that it ends
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(failed)?;
        let last_words = Arc::new(Mutex::new(String::new()));
        let (saying, said_all) = mpsc::channel();
        if let Some(stderr) = child.stderr.take() {
            let last_words = Arc::clone(&last_words);
            std::thread::spawn(move || {
                remember(stderr, &last_words);
                drop(saying);
            });
        }
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(std::io::Error::other("it has no pipes")));
        };
        let (sender, replies) = mpsc::channel();
        std::thread::spawn(move || {
            let mut from = BufReader::new(stdout);
            // what cannot be read is as good as silence: the other end is no engine any more
            while let Ok(Some(reply)) = protocol::read::<Reply>(&mut from) {
                if sender.send(reply).is_err() {
                    return;
                }
            }
        });
        let (requests, outgoing) = mpsc::channel();
        std::thread::spawn(move || write_all(outgoing, BufWriter::new(stdin)));
        let mut running = Self { child, requests, replies, last_words, said_all, glance: Duration::ZERO, patience: SILENT };
        let begun = Instant::now();
        let reason = loop {
            match running.replies.recv_timeout(POLL) {
                Ok(Reply::Ready { glance }) => {
                    running.glance = Duration::from_millis(glance);
                    running.patience = SILENT.max(running.glance * GLANCES);
                    return Ok(running);
                }
                Ok(Reply::Unusable { reason }) => break reason,
                Ok(_) | Err(RecvTimeoutError::Disconnected) => break running.how_it_ended(),
                Err(RecvTimeoutError::Timeout) if stop.is_raised() => return Err(TranscribeError::Stopped),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() > limit => break format!("it was not ready after {} s", limit.as_secs()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        Err(TranscribeError::Model { path: start.model.clone(), reason })
    }

    fn ask(&mut self, piece: &Piece, stop: &Stop) -> Result<(Vec<Segment>, Duration), Failure> {
        // a writer that is gone leaves a closed pipe, which is told below
        let _ = self.requests.send(Outgoing::Piece(piece.clone()));
        let (mut heard, mut looked, mut asked_to_stop) = (Instant::now(), Instant::now(), None);
        loop {
            // this program itself stood still: what the engine said meanwhile is still on its way
            if looked.elapsed() > STOOD_STILL {
                heard = Instant::now();
            }
            looked = Instant::now();
            if stop.is_raised() && asked_to_stop.is_none() {
                asked_to_stop = Some(Instant::now());
                // one that is gone has stopped
                let _ = self.requests.send(Outgoing::Stop);
            }
            if asked_to_stop.is_some_and(|since: Instant| since.elapsed() > STOPPING) {
                let _ = self.child.kill();
                return Err(Failure::Final(TranscribeError::Stopped));
            }
            match self.replies.recv_timeout(POLL) {
                Ok(Reply::Words { segments, micros }) => return Ok((segments, Duration::from_micros(micros))),
                Ok(Reply::Failed { reason }) => return Err(Failure::Final(TranscribeError::Engine(reason))),
                Ok(Reply::Stopped) => return Err(Failure::Final(TranscribeError::Stopped)),
                Ok(Reply::Alive | Reply::Ready { .. } | Reply::Unusable { .. }) => heard = Instant::now(),
                Err(RecvTimeoutError::Timeout) if heard.elapsed() > self.patience => {
                    return Err(Failure::Dead(format!("no sign of life for {} s", self.patience.as_secs())));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Failure::Dead(self.how_it_ended())),
            }
        }
    }

    /// Its exit and its last words.
    fn how_it_ended(&mut self) -> String {
        let begun = Instant::now();
        while begun.elapsed() < ENDING && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(POLL);
        }
        // one that closed its pipe, or spoke what nobody understands, and goes on
        let _ = self.child.kill();
        let status = self.child.wait().map_or_else(|e| e.to_string(), |s| s.to_string());
        // its last words may still be on their way; something it started may hold its stderr open
        let _ = self.said_all.recv_timeout(ENDING);
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = words.trim();
        if words.is_empty() { format!("it ended with {status}") } else { format!("it ended with {status}, saying: {words}") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // it holds nothing that is worth keeping, and may hang
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes what is asked until the engine or viva is gone.
fn write_all(outgoing: Receiver<Outgoing>, mut to: BufWriter<ChildStdin>) {
    for message in outgoing {
        let written = match message {
            Outgoing::Piece(piece) => protocol::write_piece(&mut to, &piece),
            Outgoing::Stop => protocol::write(&mut to, &Request::Stop),
        };
        if written.is_err() {
            return;
        }
    }
}

/// Keeps the last of what the engine says on stderr, in one line.
fn remember(mut stderr: ChildStderr, last_words: &Mutex<String>) {
    let mut block = [0; 1024];
    while let Ok(count @ 1..) = stderr.read(&mut block) {
        let mut kept = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_str(&String::from_utf8_lossy(&block[..count]).replace(['\n', '\r'], " "));
        while kept.len() > MOST_REASON {
            kept.remove(0);
        }
    }
}

/// Largest resident memory of a process, in bytes.
fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// A model that was loaded to serve.
pub struct Served {
    pub recogniser: Box<dyn Recogniser>,
    /// Counts signs of life.
    pub pulse: Arc<AtomicU64>,
}

/// The life of an engine's process: loads the model, then answers pieces until the pipe closes.
///
/// # Errors
/// The pipe broke: viva is gone.
pub fn serve(
    load: impl FnOnce() -> Result<Served, TranscribeError>,
    mut requests: impl Read + Send + 'static,
    replies: impl Write + Send + 'static,
) -> std::io::Result<()> {
    let replies = Arc::new(Mutex::new(replies));
    let tell = |reply: &Reply| protocol::write(&mut *replies.lock().unwrap_or_else(PoisonError::into_inner), reply);
    let Served { mut recogniser, pulse } = match load() {
        Ok(served) => served,
        Err(TranscribeError::Model { reason, .. }) => return tell(&Reply::Unusable { reason }),
        Err(e) => return tell(&Reply::Unusable { reason: e.to_string() }),
    };
    tell(&Reply::Ready { glance: u64::try_from(recogniser.glance().as_millis()).unwrap_or(u64::MAX) })?;
    let beat = Arc::clone(&replies);
    std::thread::spawn(move || {
        let mut before = pulse.load(Ordering::Relaxed);
        loop {
            std::thread::sleep(PULSE);
            let now = pulse.load(Ordering::Relaxed);
            if std::mem::replace(&mut before, now) != now
                && protocol::write(&mut *beat.lock().unwrap_or_else(PoisonError::into_inner), &Reply::Alive).is_err()
            {
                return;
            }
        }
    });
    let (sender, pieces) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stop = Stop::default();
        loop {
            match protocol::read::<Request>(&mut requests) {
                Ok(Some(Request::Piece { span, samples })) => {
                    let Ok(samples) = protocol::read_samples(&mut requests, samples) else { break };
                    stop = Stop::default();
                    if sender.send((Piece { span, samples }, stop.clone())).is_err() {
                        return;
                    }
                }
                Ok(Some(Request::Stop)) => stop.raise(),
                // viva is gone
                Ok(None) | Err(_) => break,
            }
        }
        stop.raise();
    });
    for (piece, stop) in pieces {
        let before = recogniser.engine_time();
        let reply = match recogniser.recognise(&piece, &stop) {
            Ok(segments) => {
                let spent = recogniser.engine_time().saturating_sub(before);
                Reply::Words { segments, micros: u64::try_from(spent.as_micros()).unwrap_or(u64::MAX) }
            }
            Err(TranscribeError::Stopped) => Reply::Stopped,
            Err(TranscribeError::Engine(reason)) => Reply::Failed { reason },
            Err(e) => Reply::Failed { reason: e.to_string() },
        };
        tell(&reply)?;
    }
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::Span;

    /// An engine that says it is ready, and then what `script` says.
    fn engine(script: &str) -> Process {
        let ready = r#"printf '\027\000\000\000{"ready":{"glance":10}}'"#;
        let arguments = vec!["-c".into(), format!("{ready}; {script}").into()];
        let start = Start { program: "/bin/sh".into(), arguments, model: PathBuf::new() };
        Process::start(start, Engine { model: "none".into(), sha256: None, demo: true, prompt: None }, &Stop::default()).unwrap()
    }

    fn asked(mut process: Process) -> String {
        let piece = Piece { span: Span::new(0, 9_000), samples: vec![0.0; 9 * 16_000] };
        process.recognise(&piece, &Stop::default()).unwrap_err().to_string()
    }

    #[test]
    fn an_engine_that_dies_says_how_and_one_that_talks_nonsense_is_as_good_as_dead() {
        let reason = asked(engine("echo out of memory >&2; exit 3"));
        assert!(reason.contains("broke down twice") && reason.contains("exit status: 3") && reason.contains("out of memory"), "{reason}");
        assert!(reason.contains("the recording is safe"), "{reason}");
        // a frame of 4 GB, and then silence with open pipes
        assert!(asked(engine(r"printf '\377\377\377\377'; exec sleep 600")).contains("broke down twice"));
        assert!(asked(engine("printf 'hello, is anybody there?'; exec sleep 600")).contains("broke down twice"));
    }

    #[test]
    fn a_program_that_is_no_engine_is_told_with_its_words() {
        let start = Start { program: "/bin/sh".into(), arguments: vec!["-c".into(), "echo no such model >&2".into()], model: "a.bin".into() };
        let told = Process::start(start, Engine { model: "none".into(), sha256: None, demo: true, prompt: None }, &Stop::default());
        assert!(told.err().unwrap().to_string().contains("no such model"));
    }
}
