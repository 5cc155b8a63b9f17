//! What the tests share: the real binary in a home of its own, a software sound card, a candidate with a computer's voice.
#![allow(dead_code)] // each test file uses its own part

pub mod kept;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

pub const DEMO_MODEL: &str = "models/ggml-viva-demo-q8_0.bin";
/// Longest that anything in a test may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// A home folder for viva, thrown away at the end.
pub struct Home {
    pub folder: tempfile::TempDir,
}

impl Home {
    /// With the demo model installed.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Self { folder };
        let models = home.path().join("models");
        fs::create_dir(&models).unwrap();
        let model = project().join(DEMO_MODEL);
        assert!(model.exists(), "the demo model is missing: bring {DEMO_MODEL} back with `git checkout {DEMO_MODEL}`");
        fs::copy(model, models.join("ggml-viva-demo-q8_0.bin")).unwrap();
        home
    }

    /// With the model of meanings too, which scripts/minilm keeps in the cache folder.
    pub fn with_meaning(self) -> Self {
        let cache = std::env::var_os("XDG_CACHE_HOME").map_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"), PathBuf::from);
        let kept = cache.join("viva-voce-models/minilm");
        assert!(kept.join("model.safetensors").exists(), "the model of meanings is missing: run scripts/minilm");
        self.viva(&["models", "pull", "minilm", "--from", kept.parent().unwrap().to_str().unwrap()]).ok();
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// `viva` with these arguments, without a sound card.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_by(&[], arguments)
    }

    /// The same, started by another program with these arguments before viva's own.
    pub fn command_by(&self, by: &[&str], arguments: &[&str]) -> Command {
        let viva = env!("CARGO_BIN_EXE_viva");
        let mut command = Command::new(by.first().unwrap_or(&viva));
        if !by.is_empty() {
            command.args(&by[1..]).arg(viva);
        }
        command.args(arguments).env("VIVA_HOME", self.path()).env("XDG_RUNTIME_DIR", self.path()).env("NO_COLOR", "1");
        only_our_sound(&mut command);
        command.current_dir(project());
        command
    }

    pub fn viva(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }

    /// Speaks a text into a WAV file with espeak-ng.
    pub fn speech(&self, name: &str, text: &str) -> PathBuf {
        self.speech_by("en-us", name, text)
    }

    pub fn speech_by(&self, voice: &str, name: &str, text: &str) -> PathBuf {
        let path = self.file(name);
        let status = Command::new("espeak-ng").args(["-v", voice, "-s", "150", "-w"]).arg(&path).arg(text).status();
        assert!(status.expect("espeak-ng is missing: run scripts/setup test").success());
        path
    }

    /// Makes one WAV out of another with sox.
    pub fn sox(&self, arguments: &[&str]) {
        let output = Command::new("sox").args(arguments).current_dir(self.path()).output().expect("sox is missing: run scripts/setup test");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The only session's folder.
    pub fn session(&self) -> PathBuf {
        let mut folders: Vec<PathBuf> = fs::read_dir(self.file("sessions")).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(folders.len(), 1, "{folders:?}");
        folders.remove(0)
    }
}

/// No test ever hears or plays through a real device of the machine it runs on.
fn only_our_sound(command: &mut Command) {
    for name in ["PULSE_SERVER", "PULSE_SINK", "PULSE_SOURCE"] {
        command.env_remove(name);
    }
    command.env("ALSA_CONFIG_PATH", "/dev/null");
}

pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a finished program left.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub talk: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), talk: text(output.stderr) }
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.ok().out).unwrap()
    }

    /// Nothing on stdout, one sentence on stderr, exit code 2.
    #[track_caller]
    pub fn refused_with(self, parts: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        let lines: Vec<&str> = self.talk.lines().filter(|l| !l.starts_with("note: ")).collect();
        assert_eq!(lines.len(), 1, "{self:?}");
        assert!(lines[0].starts_with("error: ") && !lines[0].ends_with('.'), "{self:?}");
        for part in parts {
            assert!(lines[0].contains(part), "\"{part}\" is not in: {}", lines[0]);
        }
    }
}

/// A private sound card made of software (scripts/sound-card).
pub struct Card {
    folder: tempfile::TempDir,
}

impl Card {
    pub fn start() -> Self {
        let card = Self { folder: tempfile::tempdir().unwrap() };
        assert!(card.run("start"), "the software sound card did not start: run scripts/setup test");
        card
    }

    fn run(&self, what: &str) -> bool {
        let mut command = Command::new(project().join("scripts/sound-card"));
        command.arg(what).arg(self.folder.path()).status().unwrap().success()
    }

    /// The folder to set as `XDG_RUNTIME_DIR`.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Takes the card away, as if everything were unplugged.
    pub fn stop(&self) {
        self.run("stop");
    }

    /// Brings it back after that.
    pub fn start_again(&self) {
        assert!(self.run("start"), "the software sound card did not start again");
    }

    /// Makes it hang (STOP) and go on (CONT).
    pub fn signal(&self, name: &str) {
        let server = fs::read_to_string(self.folder.path().join("pulseaudio.pid")).unwrap();
        assert!(Command::new("kill").args([&format!("-{name}"), server.trim()]).status().unwrap().success());
    }

    /// Changes the card while it runs, as the desktop's sound settings would; what it says.
    pub fn change(&self, arguments: &[&str]) -> String {
        let output = self.command("pactl").args(arguments).output().unwrap();
        assert!(output.status.success(), "pactl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        only_our_sound(command.env("XDG_RUNTIME_DIR", self.folder.path()));
        command
    }

    /// Speaks into the microphone, to the end.
    pub fn say(&self, recording: &Path) {
        assert!(self.command("paplay").arg("--device=vmic").arg(recording).status().unwrap().success());
    }

    /// Records what the loudspeaker plays until the child is killed.
    pub fn listen_to_loudspeaker(&self, into: &Path) -> Background {
        let _ = fs::remove_file(into);
        let mut command = self.command("parec");
        command.args(["--device=speakers.monitor", "--file-format=wav"]).arg(into);
        let recorder = Background::of(command.spawn().unwrap());
        while fs::metadata(into).map_or(0, |m| m.len()) < 100 {
            std::thread::sleep(Duration::from_millis(20));
        }
        recorder
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A child that is ended when it is dropped.
pub struct Background(Child);

impl Background {
    pub fn of(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // SIGTERM, so that a recorder can finish its file
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A running `viva practice`, driven by its events.
pub struct Interview {
    child: Option<Child>,
    keys: ChildStdin,
    events: PathBuf,
    heard: usize,
}

impl Interview {
    pub fn start(home: &Home, card: &Card, arguments: &[&str]) -> Self {
        Self::start_by(home, card, &[], arguments)
    }

    /// Started by another program, with these arguments before viva's own.
    pub fn start_by(home: &Home, card: &Card, by: &[&str], arguments: &[&str]) -> Self {
        let events = home.file("events.jsonl");
        let mut command = home.command_by(by, &["practice", "--model", "demo", "--demonstration", "--events"]);
        command.arg(&events).args(arguments).env("XDG_RUNTIME_DIR", card.folder.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Self { keys: child.stdin.take().unwrap(), child: Some(child), events, heard: 0 }
    }

    /// The process of viva.
    pub fn id(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Waits for the next event of this name and returns it.
    #[track_caller]
    pub fn wait_for(&mut self, name: &str) -> Value {
        self.wait_for_any(&[name])
    }

    /// Waits for the next event of one of these names and returns it.
    #[track_caller]
    pub fn wait_for_any(&mut self, names: &[&str]) -> Value {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(&self.events).unwrap_or_default();
            let complete = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
            for (i, line) in complete.lines().enumerate().skip(self.heard) {
                let event: Value = serde_json::from_str(line).unwrap();
                if names.iter().any(|name| event["event"] == *name) {
                    self.heard = i + 1;
                    return event;
                }
            }
            if begun.elapsed() > PATIENCE || self.child.as_mut().unwrap().try_wait().unwrap().is_some() {
                let ended = self.child.take().unwrap();
                let _ = Command::new("kill").arg(ended.id().to_string()).status();
                panic!("no event {names:?} in:\n{text}\n{:?}", Ran::of(ended.wait_with_output().unwrap()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses a key (and Enter).
    pub fn press(&mut self, key: &str) {
        writeln!(self.keys, "{key}").unwrap();
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").arg(format!("-{name}")).arg(id).status().unwrap().success());
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn end(mut self) -> Ran {
        let mut child = self.child.take().unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("viva did not end: {:?}", Ran::of(child.wait_with_output().unwrap()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ran::of(child.wait_with_output().unwrap())
    }
}

impl Drop for Interview {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// For what is heard through the loudspeaker: a machine that others share stands still now and then, which tears holes in what a sound card made of
/// software passes on; twice at the same place it does not. Whether it is as it should be, and what it is.
#[track_caller]
pub fn in_two_tries(heard: impl Fn() -> (bool, String)) {
    let (good, first) = heard();
    if !good {
        let (good, second) = heard();
        assert!(good, "{first}\nand again:\n{second}");
    }
}

/// Words for comparing: small letters, no punctuation.
pub fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(viva_voce::words::plain).filter(|w| !w.is_empty()).collect()
}

/// Word error rate: the least number of words to replace, insert and leave out, over the words of `truth`.
#[allow(clippy::cast_precision_loss)]
pub fn word_error(truth: &str, heard: &str) -> f64 {
    let (truth, heard) = (words(truth), words(heard));
    let mut row: Vec<usize> = (0..=heard.len()).collect();
    for (i, t) in truth.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, h) in heard.iter().enumerate() {
            let best = (diagonal + usize::from(t != h)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], best);
        }
    }
    row[heard.len()] as f64 / truth.len().max(1) as f64
}

/// The words of a transcript as JSON, joined.
pub fn text_of(transcript: &Value) -> String {
    let words: Vec<&str> = transcript["words"].as_array().unwrap().iter().map(|w| w["text"].as_str().unwrap()).collect();
    words.join(" ")
}

pub fn read_json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}
