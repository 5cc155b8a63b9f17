//! The models of this machine on one recording, side by side, so that a person can choose: speed, memory, words.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use serde::Serialize;

use super::super::{NOT_DONE, engine, print, print_json, table, talk};
use crate::models::manifest::{self, Manifest};
use crate::models::{self, Installed};
use crate::review::captions;
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::stop::Stop;
use crate::store::session::{self, Answer};
use crate::transcribe::recording;
use crate::transcribe::vocabulary::Vocabulary;

/// Shown to a model, it can bring it to write hesitations that it leaves out else; with some models sentences are lost instead.
pub(super) const PROMPT: &str = "Um, uh, hmm, er, ah.";

/// What one model made of the recording.
#[derive(Serialize)]
struct Tried {
    model: String,
    prompt: Option<String>,
    /// Seconds to load and warm it.
    load: f64,
    /// Seconds of sound that it writes down in a second.
    speed: f64,
    /// Bytes, of the engine's process at its largest; None where the system does not say.
    memory: Option<u64>,
    words: usize,
    /// Of these, words that are not believed.
    doubted: usize,
    /// Its own mean probability of the words, 0.0..=1.0; one model's cannot be held against another's.
    mean_probability: Option<f64>,
    text: String,
}

pub(super) fn run(file: Option<&Path>, wanted: &[String], prompt: Option<&str>, json: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let file = file.map_or_else(|| newest_answer(settings), |f| Ok(f.to_owned()))?;
    // a wrong file is told before any model is loaded
    Source::open(&file)?;
    let (folder, cache) = (&settings.folders.models, &settings.folders.cache);
    let names: Vec<String> = if wanted.is_empty() {
        let here =
            Manifest::built_in().models.iter().filter(|e| e.hears() && std::fs::metadata(folder.join(&e.file)).is_ok_and(|m| m.len() == e.bytes));
        here.map(|e| e.name.clone()).collect()
    } else {
        wanted.to_vec()
    };
    if names.is_empty() {
        bail!("no model is on this machine yet; `viva models pull` fetches the default one");
    }
    talk(&format!("Recording: {}", file.display()));
    let (mut tried, mut failed) = (Vec::new(), 0);
    for name in names {
        talk(&format!("{name} ..."));
        for prompt in [None, prompt].into_iter().take(1 + usize::from(prompt.is_some())) {
            let found = models::find(&name, folder, cache).map_err(anyhow::Error::from);
            match found.and_then(|model| try_out(model, prompt, Source::open(&file)?)) {
                Ok(one) => tried.push(one),
                Err(e) => {
                    failed += 1;
                    talk(&format!("error: {e}"));
                    break;
                }
            }
        }
    }
    if json {
        print_json(&tried)?;
    } else {
        print(&shown(&tried));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

fn newest_answer(settings: &Settings) -> anyhow::Result<PathBuf> {
    let (sessions, _) = session::list(&settings.folders.sessions)?;
    let mut takes = sessions.iter().filter(|s| !s.record.demonstration).flat_map(|s| s.answers().0.into_iter().rev());
    match takes.find(|a: &Answer| a.files.sound().exists()) {
        Some(answer) => Ok(answer.files.sound()),
        None => bail!("there is no answer of yours yet; name a recording of your voice, or record one with `viva practice`"),
    }
}

#[allow(clippy::cast_precision_loss)]
fn try_out(mut model: Installed, prompt: Option<&str>, mut source: Source) -> anyhow::Result<Tried> {
    let name = model.engine.model.clone();
    model.engine.prompt = prompt.map(str::to_owned);
    let begun = Instant::now();
    let mut engine = engine::load(model, &Stop::default())?;
    let load = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let (transcript, profile) = recording::transcribe(&mut source, &mut engine, &Vocabulary::default(), &|_| ())?;
    let speed = profile.duration.seconds() / begun.elapsed().as_secs_f64().max(1e-6);
    let believed = transcript.believed();
    let sum: f64 = believed.words.iter().map(|w| f64::from(w.probability)).sum();
    Ok(Tried {
        model: name,
        prompt: prompt.map(str::to_owned),
        load: rounded(load),
        speed: rounded(speed),
        memory: engine.peak_memory(),
        words: transcript.words.len(),
        doubted: transcript.words.len() - believed.words.len(),
        mean_probability: (!believed.words.is_empty()).then(|| rounded(sum / believed.words.len() as f64)),
        text: captions::struck(&transcript.words, "~~", "~~"),
    })
}

/// Seconds of sound that the model writes down in a second, on this recording; to two digits.
pub(in crate::cli) fn speed(model: Installed, source: Source) -> anyhow::Result<f64> {
    let prompt = model.engine.prompt.clone();
    Ok(try_out(model, prompt.as_deref(), source)?.speed)
}

fn named(tried: &Tried) -> String {
    tried.prompt.as_ref().map_or_else(|| tried.model.clone(), |p| format!("{} after \"{p}\"", tried.model))
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn shown(tried: &[Tried]) -> String {
    let mut rows = vec![["model", "ready after", "speed", "memory", "words", "not believed"].map(str::to_owned).to_vec()];
    rows.extend(tried.iter().map(|t| {
        let memory = t.memory.map_or("?".to_owned(), manifest::size);
        vec![named(t), format!("{:.1} s", t.load), format!("{:.1} times real time", t.speed), memory, t.words.to_string(), t.doubted.to_string()]
    }));
    let mut out = table(&rows);
    for one in tried {
        // writing to a string does not fail
        let _ = writeln!(out, "\n{}:", named(one));
        crate::layout::wrapped(&mut out, "  ", "  ", if one.text.is_empty() { "(no words)" } else { &one.text });
    }
    out.push_str("\nRead which words are yours. Speeds above 1 keep up with you; the answer is written down while you speak.\n");
    out
}
