//! `viva models`: which speech models there are, bringing them, and trying them out ([`bench`]).

pub(super) mod bench;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{NOT_DONE, SET_UP, print, print_json, table, talk};
use crate::models::manifest::{DEFAULT, Entry, Manifest};
use crate::models::pull::{self, Source};
use crate::models::{find, verify, verify_remembered};
use crate::settings::Settings;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the models, which are here and what each is good for
    List {
        #[arg(long)]
        json: bool,
    },
    /// Fetch a model; goes on where it stopped, and verifies what came
    Pull {
        /// Its name (see `viva models list`)
        #[arg(default_value = DEFAULT)]
        name: String,
        /// A mirror (https://...) or a folder or file to take it from
        #[arg(long, value_name = "URL or FOLDER")]
        from: Option<String>,
    },
    /// Let the models that are here write down a recording of yours: how fast, how large, which words
    Bench {
        /// A recording of your voice [default: the newest answer of your sessions]
        file: Option<PathBuf>,
        /// Only these models, by name or as a file; may be given several times
        #[arg(long)]
        model: Vec<String>,
        /// Also with this shown to the model before each piece, to see whether it then writes hesitations, or loses words
        #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = bench::PROMPT)]
        prompt: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// Check that a model is what was published; without a name, all that are here
    Verify { name: Option<String> },
    /// Print where a model's file lies
    Path {
        /// Its name, or the path of a model file
        #[arg(default_value = DEFAULT)]
        name: String,
    },
}

#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    path: PathBuf,
    installed: bool,
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = &settings.folders.models;
    match command {
        Command::List { json } => list(*json, settings),
        Command::Pull { name, from } => {
            let entry = entry(name)?;
            let source = from.as_deref().or(settings.preferences.mirror.as_deref()).map_or(Source::Published, Source::typed);
            for file in Manifest::built_in().files(entry) {
                let bar = ProgressBar::new(file.bytes);
                bar.set_style(ProgressStyle::with_template("{msg} {bar:30} {bytes} of {total_bytes}, {eta} left")?);
                bar.set_message(file.name.clone());
                let path = pull::pull(file, &source, folder, |done| bar.set_position(done));
                bar.finish_and_clear();
                talk(&format!("{} is here and verified: {}", file.name, path?.display()));
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Bench { file, model, prompt, json } => bench::run(file.as_deref(), model, prompt.as_deref(), *json, settings),
        Command::Verify { name } => {
            let entries: Vec<&Entry> = match name {
                Some(name) => Manifest::built_in().files(entry(name)?).collect(),
                None => Manifest::built_in().models.iter().filter(|e| folder.join(&e.file).exists()).collect(),
            };
            if entries.is_empty() {
                talk("no model is on this machine yet; `viva models pull` fetches the default one");
            }
            let mut bad = 0;
            for entry in &entries {
                match verify(entry, &folder.join(&entry.file)) {
                    Ok(()) => print(&format!("{} is what was published\n", entry.name)),
                    Err(e) => {
                        bad += 1;
                        talk(&format!("error: {e}"));
                    }
                }
            }
            Ok(match (bad, name) {
                (0, _) => ExitCode::SUCCESS,
                (_, Some(_)) => ExitCode::from(SET_UP),
                _ => ExitCode::from(NOT_DONE),
            })
        }
        Command::Path { name } => {
            let path = match Manifest::built_in().get(name).filter(|e| !e.hears()) {
                Some(entry) => {
                    verify_remembered(entry, &folder.join(&entry.file), &settings.folders.cache)?;
                    folder.join(&entry.file)
                }
                None => find(name, folder, &settings.folders.cache)?.path,
            };
            print(&format!("{}\n", path.display()));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn entry(name: &str) -> anyhow::Result<&'static Entry> {
    let manifest = Manifest::built_in();
    match manifest.get(name) {
        Some(entry) => Ok(entry),
        None => bail!("there is no model \"{name}\"; choose one of {}", manifest.whole().map(|m| m.name.as_str()).collect::<Vec<_>>().join(", ")),
    }
}

fn list(json: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let listed = |entry: &'static Entry| {
        let path = settings.folders.models.join(&entry.file);
        let installed = std::fs::metadata(&path).is_ok_and(|m| m.len() == entry.bytes);
        Listed { entry, path, installed }
    };
    let all: Vec<Listed> = Manifest::built_in().whole().map(listed).collect();
    if json {
        print_json(&all)?;
    } else {
        let here = |l: &Listed| if l.installed { "here" } else { "-" }.to_owned();
        let row = |l: &Listed| vec![l.entry.name.clone(), l.entry.size(), here(l), l.entry.licence.clone(), l.entry.good_for.clone()];
        print(&table(&all.iter().map(row).collect::<Vec<_>>()));
    }
    Ok(ExitCode::SUCCESS)
}
