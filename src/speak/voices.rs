//! The table of voices: programs that speak a text into a WAV file, the best first for each system.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{SpeakError, Voice};
use crate::sound::{Clip, source};

/// A voice speaks a question in a fraction of a second; one that takes this long hangs.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(5);

/// One back end.
struct BackEnd {
    name: &'static str,
    /// The only system it is used on; None for all.
    system: Option<&'static str>,
    /// The program that is looked for and run.
    program: &'static str,
    /// Its voice when none is named.
    voice: &'static str,
    /// What the user must still say to use it, where it has no usable voice of its own.
    needs_voice: Option<&'static str>,
    /// The arguments; `{voice}`, `{text}` (a file) and `{out}` (a file) are filled in. The text also stands on stdin.
    arguments: &'static [&'static str],
}

/// Texts go through stdin or a file, never through the command line, where a leading hyphen would be an option.
const TABLE: &[BackEnd] = &[
    BackEnd {
        name: "say",
        system: Some("macos"),
        program: "say",
        voice: "Samantha",
        needs_voice: None,
        arguments: &["-v", "{voice}", "-f", "{text}", "-o", "{out}", "--data-format=LEI16@22050"],
    },
    BackEnd {
        name: "windows",
        system: Some("windows"),
        program: "powershell.exe",
        voice: "",
        needs_voice: None,
        arguments: &["-NoProfile", "-NonInteractive", "-Command", WINDOWS, "{text}", "{out}", "{voice}"],
    },
    BackEnd {
        name: "espeak-ng",
        system: None,
        program: "espeak-ng",
        voice: "en-gb",
        needs_voice: None,
        arguments: &["-v", "{voice}", "-s", "155", "-f", "{text}", "-w", "{out}"],
    },
    BackEnd {
        name: "piper",
        system: None,
        program: "piper",
        voice: "",
        needs_voice: Some("piper needs a voice file: --voice piper:/path/to/voice.onnx"),
        arguments: &["--model", "{voice}", "--output_file", "{out}"],
    },
    BackEnd {
        name: "flite",
        system: None,
        program: "flite",
        voice: "slt",
        needs_voice: None,
        arguments: &["-voice", "{voice}", "-f", "{text}", "-o", "{out}"],
    },
    // pico reads its text from stdin only when none is given
    BackEnd {
        name: "pico2wave",
        system: None,
        program: "pico2wave",
        voice: "en-GB",
        needs_voice: None,
        arguments: &["-l", "{voice}", "-w", "{out}"],
    },
];

const WINDOWS: &str = "& { param($text, $out, $voice) Add-Type -AssemblyName System.Speech; \
    $s = New-Object System.Speech.Synthesis.SpeechSynthesizer; if ($voice) { $s.SelectVoice($voice) }; \
    $s.SetOutputToWaveFile($out); $s.Speak([IO.File]::ReadAllText($text)); $s.Dispose() }";

/// The rows for this system.
fn table() -> impl Iterator<Item = &'static BackEnd> {
    TABLE.iter().filter(|b| b.system.is_none_or(|s| s == std::env::consts::OS))
}

/// Names of the back ends that are installed, the best first.
#[must_use]
pub fn installed() -> Vec<&'static str> {
    table().filter(|b| on_path(b.program).is_some()).map(|b| b.name).collect()
}

/// The voice called `wanted`: a back end, or `back-end:voice`. Without a wish the first installed one that can speak, or None.
///
/// # Errors
/// There is no such back end, it is not installed, or it needs a voice to be named.
pub fn find(wanted: Option<&str>) -> Result<Option<Box<dyn Voice>>, SpeakError> {
    let Some(wanted) = wanted else {
        let first = table().find(|b| b.needs_voice.is_none() && on_path(b.program).is_some());
        return Ok(first.map(|b| Box::new(Program { back_end: b, voice: b.voice.to_owned() }) as Box<dyn Voice>));
    };
    if wanted == "none" {
        return Ok(None);
    }
    let unknown = |cure: String| SpeakError::Unknown { wanted: wanted.to_owned(), cure };
    let (name, voice) = wanted.split_once(':').unwrap_or((wanted, ""));
    let Some(back_end) = table().find(|b| b.name == name) else {
        let names: Vec<_> = table().map(|b| b.name).collect();
        return Err(unknown(format!("choose one of {} or none", names.join(", "))));
    };
    if on_path(back_end.program).is_none() {
        let others = installed();
        let instead = if others.is_empty() { "none".to_owned() } else { others.join(" or ") };
        return Err(unknown(format!("install the program {}, or use --voice {instead}", back_end.program)));
    }
    if let (Some(cure), true) = (back_end.needs_voice, voice.is_empty()) {
        return Err(unknown(cure.to_owned()));
    }
    let voice = if voice.is_empty() { back_end.voice } else { voice };
    Ok(Some(Box::new(Program { back_end, voice: voice.to_owned() })))
}

fn on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(program)).find(|p| p.is_file())
}

struct Program {
    back_end: &'static BackEnd,
    voice: String,
}

impl Program {
    fn failed(&self, reason: impl std::fmt::Display) -> SpeakError {
        SpeakError::Failed { voice: self.name(), reason: reason.to_string() }
    }

    fn run(&self, text: &Path, out: &Path) -> Result<(), SpeakError> {
        let fill = |argument: &&str| match *argument {
            "{voice}" => self.voice.clone(),
            "{text}" => text.display().to_string(),
            "{out}" => out.display().to_string(),
            other => other.to_owned(),
        };
        let stdin = std::fs::File::open(text).map_err(|e| self.failed(e))?;
        let complaints = text.with_extension("complaints");
        let stderr = std::fs::File::create(&complaints).map_err(|e| self.failed(e))?;
        let mut child = Command::new(self.back_end.program)
            .args(self.back_end.arguments.iter().map(fill))
            .stdin(Stdio::from(stdin))
            .stdout(Stdio::null())
            .stderr(Stdio::from(stderr))
            .spawn()
            .map_err(|e| self.failed(e))?;
        let begun = Instant::now();
        let status = loop {
            match child.try_wait().map_err(|e| self.failed(e))? {
                Some(status) => break status,
                None if begun.elapsed() > PATIENCE => {
                    // one that does not end is ended; whether that succeeds changes nothing for the question
                    let _ = child.kill().and_then(|()| child.wait());
                    return Err(self.failed("it did not come to an end"));
                }
                None => std::thread::sleep(POLL),
            }
        };
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read(&complaints).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        Err(self.failed(said.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("it gave no reason")))
    }
}

impl Voice for Program {
    fn name(&self) -> String {
        if self.voice.is_empty() { self.back_end.name.to_owned() } else { format!("{}:{}", self.back_end.name, self.voice) }
    }

    fn render(&self, text: &str) -> Result<Clip, SpeakError> {
        let folder = tempfile::tempdir().map_err(|e| self.failed(e))?;
        let (text_file, out) = (folder.path().join("text.txt"), folder.path().join("speech.wav"));
        let mut file = std::fs::File::create(&text_file).map_err(|e| self.failed(e))?;
        writeln!(file, "{}", text.replace('\0', " ")).map_err(|e| self.failed(e))?;
        drop(file);
        self.run(&text_file, &out)?;
        let clip = source::read(&out).map_err(|e| self.failed(e))?.clip;
        if clip.is_digital_silence() {
            return Err(self.failed("it made no sound"));
        }
        Ok(clip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(wanted: &str) -> String {
        find(Some(wanted)).err().unwrap().to_string()
    }

    #[test]
    fn an_unknown_voice_is_answered_with_the_known_ones() {
        assert!(refusal("hal9000").contains("choose one of espeak-ng, piper, flite, pico2wave or none"));
        assert!(refusal("windows").contains("there is no voice \"windows\""), "belongs to another system");
        assert!(find(Some("none")).unwrap().is_none());
    }

    #[test]
    fn every_installed_program_speaks() {
        for name in ["espeak-ng", "flite"] {
            let voice = find(Some(name)).unwrap().expect("scripts/setup installs espeak-ng and flite");
            // a text that would be an option, were it handed over on the command line
            let clip = voice.render("--help is what patients ask for").unwrap();
            assert!((1000..6000).contains(&clip.duration().0), "{name}: {:?}", clip.duration());
            assert!(clip.peak().unwrap().0 > -20.0);
        }
    }

    #[test]
    fn a_voice_that_the_program_does_not_have_is_a_sentence() {
        let voice = find(Some("espeak-ng:xx-nowhere")).unwrap().unwrap();
        let sentence = voice.render("Hello").unwrap_err().to_string();
        assert!(sentence.contains("espeak-ng:xx-nowhere") && sentence.contains("--voice none"), "{sentence}");
    }
}
