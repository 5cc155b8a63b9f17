//! `viva transcribe`: what a recording says, as text, captions or JSON.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;

use super::{analyze, engine, print, questions, talk};
use crate::review::captions;
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::stop::Stop;
use crate::store;
use crate::transcribe::recording;
use crate::transcribe::vocabulary::Vocabulary;

#[derive(clap::Args)]
pub struct Arguments {
    /// A recording: WAV, and with the usual build FLAC, MP3, M4A and OGG too
    file: PathBuf,
    /// What to write [default: by the ending of --output, or else text]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Write to this file instead of the terminal
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The speech model, by its name or as a file [default: base.en]
    #[arg(long)]
    model: Option<String>,
    /// Your own words and names, one a line; what sounds like one is corrected
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    /// Leave the words as they were heard
    #[arg(long, conflicts_with = "vocabulary")]
    as_heard: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    /// SubRip captions
    Srt,
    /// WebVTT captions
    Vtt,
    /// As viva keeps it
    Json,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let ending = arguments.output.as_ref().and_then(|o| o.extension()).map(|e| e.to_string_lossy().to_lowercase());
    let format = match (arguments.format, ending.as_deref()) {
        (Some(format), _) => format,
        (None, Some("srt")) => Format::Srt,
        (None, Some("vtt")) => Format::Vtt,
        (None, Some("json")) => Format::Json,
        (None, None | Some("txt" | "text" | "md")) => Format::Text,
        (None, Some(other)) => bail!("what to write into a file ending in .{other} is not clear; name it with --format text, srt, vtt or json"),
    };
    if arguments.file.is_dir() {
        bail!("{} is a folder; name one recording (for a folder: `viva analyze`)", arguments.file.display());
    }
    let same = |output: &PathBuf| output.canonicalize().ok().is_some_and(|o| arguments.file.canonicalize().is_ok_and(|f| f == o));
    if arguments.output.as_ref().is_some_and(same) {
        bail!("the text would be written over the recording {}; name another --output", arguments.file.display());
    }
    let mut source = Source::open(&arguments.file)?;
    let vocabulary = if arguments.as_heard {
        Vocabulary::default()
    } else {
        engine::vocabulary(arguments.vocabulary.as_deref(), &questions::load(settings)?, None, settings)?
    };
    let model = engine::choose(arguments.model.as_deref(), settings)?;
    if model.engine.demo {
        talk(
            "note: the demo model understands synthetic voices only; a person's words are not to be trusted. For a person: `viva models pull base.en`",
        );
    }
    let mut recogniser = engine::load(model, &Stop::default())?;
    let bar = analyze::progress_bar(source.length(), &arguments.file);
    let transcribed = recording::transcribe(&mut source, &mut recogniser, &vocabulary, &|read| bar.set_position(read.0));
    bar.finish_and_clear();
    let (transcript, _) = transcribed?;
    analyze::tell_damage(&arguments.file, &source);
    let written = match format {
        Format::Text => captions::text(&transcript),
        Format::Srt => captions::srt(&transcript),
        Format::Vtt => captions::vtt(&transcript),
        Format::Json => format!("{}\n", serde_json::to_string_pretty(&transcript)?),
    };
    match &arguments.output {
        None => print(&written),
        Some(path) => {
            let failed = |source| store::StoreError::Unwritten { path: path.clone(), source };
            store::write_atomically(path, written.as_bytes()).map_err(failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
