//! `viva export`: a session in one file, to pass on or to keep.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

use super::redact::{self, Field, RedactArguments};
use super::reviewed::{Aside, Reviewed, Sounds, within};
use super::{baseline, is_another, note, print, questions, talk};
use crate::page;
use crate::privacy::Redaction;
use crate::review::{captions, markdown, table};
use crate::settings::Settings;
use crate::sound::Span;
use crate::store::session::{self, Session};
use crate::store::{exports, private_folder, write_atomically};

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("as").required(true).multiple(true).args(["html", "markdown", "json", "srt", "csv"])))]
#[allow(clippy::struct_excessive_bools)] // each is a flag that is typed
pub struct Arguments {
    /// Their names, the beginnings of them, or "last"; several only with --csv
    #[arg(default_value = "last")]
    sessions: Vec<String>,
    /// One page with the sound in it, which opens in any browser and asks nobody for anything
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Text with headings
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// All that was made of the session, for programs; EXPORT.md documents it
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A folder for the captions of each recording
    #[arg(long, value_name = "FOLDER")]
    srt: Option<PathBuf>,
    /// A table with a line an answer, for a spreadsheet
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// All sessions
    #[arg(long, requires = "csv", conflicts_with_all = ["html", "markdown", "json", "srt", "question"])]
    all: bool,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    /// A page for a coach: the program's scores are hidden until asked for, answers can be rated, fillers marked
    #[arg(long, requires = "html")]
    coach: bool,
    /// A page without the sound
    #[arg(long, requires = "html")]
    no_audio: bool,
    #[command(flatten)]
    redact: RedactArguments,
    /// Write over a file that is there, whatever it is
    #[arg(long)]
    force: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let sessions = named(arguments, settings)?;
    if sessions.len() > 1 && (arguments.html.is_some() || arguments.markdown.is_some() || arguments.json.is_some() || arguments.srt.is_some()) {
        bail!("several sessions fit into a table only; name one, or use --csv alone");
    }
    for file in [&arguments.html, &arguments.markdown, &arguments.json, &arguments.csv].into_iter().flatten() {
        spare(file, arguments.force, &settings.folders.sessions)?;
    }
    let bank = questions::load(settings)?;
    let field = Field::read(&bank, settings)?;
    let mut all = Vec::new();
    for session in sessions {
        match Reviewed::read(session, arguments.question, &bank, settings).and_then(|r| Masked::of(r, arguments, &field)) {
            Ok(masked) => all.push(masked),
            // one that cannot be read hides no other
            Err(problem) if arguments.all => talk(&format!("note: {problem}")),
            Err(problem) => return Err(problem),
        }
    }
    let done = written(&all, arguments, settings);
    // also where one of them failed: the others are there
    remember(&all, arguments);
    done?;
    Ok(ExitCode::SUCCESS)
}

fn written(all: &[Masked], arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    if let Some(file) = &arguments.csv {
        let table = table::csv(all.iter().flat_map(|m| m.reviewed.rows()))?;
        write(file, &table)?;
    }
    match all {
        [masked] => one(masked, arguments, settings),
        _ => Ok(()),
    }
}

/// Keeps with each session where its exports lie, so that whoever deletes it is told what is left of it.
fn remember(all: &[Masked], arguments: &Arguments) {
    let named = [&arguments.html, &arguments.markdown, &arguments.json, &arguments.srt, &arguments.csv].into_iter().flatten();
    let paths: Vec<PathBuf> = named.filter(|path| !is_terminal(path) && path.exists()).cloned().collect();
    if paths.is_empty() {
        return;
    }
    for Masked { reviewed, .. } in all {
        let session = &reviewed.session;
        if let Err(problem) = session.lock().and_then(|lock| exports::add(&session.folder, &lock, &paths, arguments.redact.redact)) {
            talk(&format!("note: when {} is deleted, nobody will be told of these files: {problem}", reviewed.name));
        }
    }
}

fn named(arguments: &Arguments, settings: &Settings) -> anyhow::Result<Vec<Session>> {
    let folder = &settings.folders.sessions;
    if !arguments.all {
        return Ok(arguments.sessions.iter().map(|name| session::find(folder, name)).collect::<Result<_, _>>()?);
    }
    let (sessions, broken) = session::list(folder)?;
    note(&broken);
    if sessions.is_empty() {
        bail!("no session has been recorded yet; `viva practice` starts one");
    }
    Ok(sessions)
}

/// A session, masked where that was asked for, with what is to be silent in its sounds.
struct Masked {
    reviewed: Reviewed,
    /// None where a recording is to stay out, because nobody knows what is said in it.
    silences: Vec<[Option<Vec<Span>>; 2]>,
}

impl Masked {
    fn of(mut reviewed: Reviewed, arguments: &Arguments, field: &Field) -> anyhow::Result<Self> {
        let mut silences = vec![[Some(Vec::new()), Some(Vec::new())]; reviewed.answers.len()];
        let flagged = field.flagged(&reviewed.answers, &reviewed.written(field));
        if !arguments.redact.redact && !flagged.is_empty() {
            let count = flagged.len();
            let (places, them) = if count == 1 { ("place", "it") } else { ("places", "them") };
            talk(&format!(
                "note: {count} {places} could say who a patient is; `viva sessions privacy {}` lists {them}, --redact masks {them}",
                reviewed.name
            ));
        }
        if arguments.redact.redact {
            for answer in reviewed.answers.iter().filter(|a| !a.is_written_down()) {
                let finish = format!("`viva analyze --session {}` writes them down", reviewed.name);
                talk(&format!(
                    "note: words of question {}, take {}, are not there, so its sound and report are left out; {finish}",
                    answer.number, answer.files.take
                ));
            }
            let findings = redact::confirmed(&flagged, &arguments.redact)?;
            silences = reviewed.redact(&Redaction::new(&findings))?;
        }
        Ok(Self { reviewed, silences })
    }

    fn sounds(&self, arguments: &Arguments) -> Vec<Sounds> {
        if arguments.no_audio {
            return self.reviewed.answers.iter().map(|_| [None, None]).collect();
        }
        self.reviewed.sounds(|file, [answer, part]| self.silences[answer][part].as_ref().map(|silent| within(file, silent)).transpose())
    }
}

fn one(masked: &Masked, arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let reviewed = &masked.reviewed;
    if let Some(file) = &arguments.html {
        let usual = baseline(settings, Some(&reviewed.session));
        let page = page::html(&reviewed.review(masked.sounds(arguments), &usual, arguments.coach, Aside::default()));
        write(file, &page)?;
        if arguments.coach {
            talk("Send this file to the coach. What they save in it comes back with `viva coach import`.");
        }
    }
    if let Some(file) = &arguments.markdown {
        write(file, markdown::session(&reviewed.session, reviewed.about(), &reviewed.answers).as_bytes())?;
    }
    if let Some(file) = &arguments.json {
        write(file, format!("{}\n", serde_json::to_string_pretty(&reviewed.as_data())?).as_bytes())?;
    }
    if let Some(folder) = &arguments.srt {
        srt(reviewed, folder, arguments.force, &settings.folders.sessions)?;
    }
    Ok(())
}

fn srt(reviewed: &Reviewed, folder: &Path, force: bool, sessions: &Path) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for answer in &reviewed.answers {
        let name = format!("question-{}-take-{}", answer.number, answer.files.take);
        let added = answer.follow_up.as_ref().and_then(|f| f.transcript.as_ref());
        for (transcript, name) in [(answer.transcript.as_ref(), name.clone()), (added, format!("{name}-follow-up"))] {
            files.extend(transcript.map(|t| (folder.join(name).with_extension("srt"), t)));
        }
    }
    // nothing is made before it is known that all of it may be
    for (file, _) in &files {
        spare(file, force, sessions)?;
    }
    if let Err(e) = private_folder(folder) {
        bail!("{} cannot be made ({e}); name another folder with --srt", folder.display());
    }
    for (file, transcript) in files {
        write(&file, captions::srt(transcript).as_bytes())?;
    }
    Ok(())
}

/// A file of somebody else's is not written over; a page of this program's is.
fn spare(file: &Path, force: bool, sessions: &Path) -> anyhow::Result<()> {
    if is_terminal(file) {
        return Ok(());
    }
    if fs::symlink_metadata(file).is_ok_and(|there| !there.is_file()) {
        bail!("{} is there already and is no plain file; name another", file.display());
    }
    // of a folder that is not there yet, the one in which it would be made
    let folder = std::path::absolute(file).ok().and_then(|file| file.ancestors().skip(1).find_map(|f| f.canonicalize().ok()));
    if folder.is_some_and(|folder| sessions.canonicalize().is_ok_and(|sessions| folder.starts_with(sessions))) {
        bail!("{} lies among the sessions themselves, where nothing is written over; name another place", file.display());
    }
    if force {
        return Ok(());
    }
    if is_another(file, page::GENERATOR) {
        bail!("{} is there already; it was left as it is, name another file, or add --force", file.display());
    }
    Ok(())
}

/// A hyphen stands for the standard output.
fn is_terminal(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if is_terminal(file) {
        let Ok(text) = std::str::from_utf8(bytes) else { bail!("a page with sound is no text for the terminal; name a file for it") };
        print(text);
        return Ok(());
    }
    if let Err(e) = write_atomically(file, bytes) {
        bail!("{} cannot be written ({e}); name another place", file.display());
    }
    print(&format!("{}\n", file.display()));
    Ok(())
}
