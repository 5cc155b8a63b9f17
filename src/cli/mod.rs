//! The command line: what was typed becomes what is meant, one file a subcommand, each thin.
//!
//! Data goes to stdout, talk to stderr. Exit codes: 0 done, 1 finished with something not done, 2 usage or set-up error, 130 interrupted.

mod analyze;
mod coach;
mod date;
mod delivery;
mod devices;
mod doctor;
mod earlier;
mod engine;
mod equipment;
mod export;
mod keeping;
mod models;
mod practice;
mod prepare;
mod progress;
mod purge;
mod questions;
mod rate;
mod redact;
mod review;
mod reviewed;
mod score;
mod scorer;
mod sessions;
mod transcribe;

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::measure::baseline::Baseline;
use crate::question::history::History;
use crate::question::job::Job;
use crate::settings::Settings;
use crate::store::session::{Answer, Session};
use crate::store::{self, StoreError};
use crate::transcribe::TranscribeError;
use crate::transcribe::recording::RecordingError;

/// Finished, but something was not done.
const NOT_DONE: u8 = 1;
/// Usage or set-up: nothing was begun.
const SET_UP: u8 = 2;
const INTERRUPTED: u8 = 130;
/// The head of a page lies within so many bytes.
const HEAD: u64 = 1_000;

/// Practise job interviews aloud. A voice asks, you answer, the report shows which points you made and how you said it. Everything stays on
/// this machine.
#[derive(Parser)]
#[command(name = "viva", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 finished with something not done, 2 usage or set-up error, 130 interrupted.\n\
    VIVA_HOME moves settings, sessions, models and caches to a folder of your choice. NO_COLOR turns colours off.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start an interview: questions are read aloud, answers recorded, reports shown
    Practice(practice::Arguments),
    /// Report on a recorded answer, or finish what a session has left undone
    Analyze(analyze::Arguments),
    /// Score typed answers, or a session anew after its rubric was edited
    Score(score::Arguments),
    /// Write down what a recording says: as text, captions or JSON
    Transcribe(transcribe::Arguments),
    /// Plan the days until an interview: what to find out, what to practise when, the weakest first
    Plan(prepare::PlanArguments),
    /// Write a role's questions, with what a good answer does, as a page to print
    Guide(prepare::GuideArguments),
    /// List microphones and loudspeakers
    Devices(devices::Arguments),
    /// Test microphone, loudspeaker, speech model and machine: would a session work here, and if not, what to do
    Doctor(doctor::Arguments),
    /// List, fetch and check speech models
    #[command(subcommand)]
    Models(models::Command),
    /// List, show, find, check and write interview questions
    #[command(subcommand)]
    Questions(questions::Command),
    /// List, find, show, play, compare, name and delete recorded sessions
    #[command(subcommand)]
    Sessions(sessions::Command),
    /// Look at a session in the browser, and listen to it: words light up as they are heard
    Review(review::Arguments),
    /// Write a session into one file to pass on or keep: a page with its sounds, text, captions or tables
    Export(export::Arguments),
    /// Take in a coach's notes, show them, and see how well people and the program agree
    #[command(subcommand)]
    Coach(coach::Command),
    /// Show what has become better over the sessions, what has not, and what was not practised for long
    Progress(progress::Arguments),
    /// Delete everything that viva keeps on this machine, and look whether anything is left
    Purge(purge::Arguments),
    #[command(hide = true)]
    Engine(engine::Arguments),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(_) if UNPRINTED.load(Ordering::Relaxed) => ExitCode::from(NOT_DONE),
        Ok(code) => code,
        Err(e) => {
            // the sentence of the first error is complete; its causes stand in it
            talk(&format!("error: {e}"));
            // an engine that broke down in the middle is no slip of the user's
            let broke_down = matches!(e.downcast_ref(), Some(RecordingError::Engine(TranscribeError::Engine(_))));
            ExitCode::from(if broke_down { NOT_DONE } else { SET_UP })
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Engine(arguments) = &command {
        return Ok(engine::run(arguments));
    }
    let settings = Settings::load()?;
    keeping::obey(&settings);
    match command {
        Command::Engine(arguments) => Ok(engine::run(&arguments)),
        Command::Transcribe(arguments) => transcribe::run(&arguments, &settings),
        Command::Practice(arguments) => practice::run(&arguments, &settings),
        Command::Analyze(arguments) => analyze::run(&arguments, &settings),
        Command::Score(arguments) => score::run(&arguments, &settings),
        Command::Plan(arguments) => prepare::plan(&arguments, &settings),
        Command::Guide(arguments) => prepare::guide(&arguments, &settings),
        Command::Devices(arguments) => devices::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments, &settings),
        Command::Models(command) => models::run(&command, &settings),
        Command::Questions(command) => questions::run(&command, &settings),
        Command::Review(arguments) => review::run(&arguments, &settings),
        Command::Sessions(command) => sessions::run(&command, &settings),
        Command::Export(arguments) => export::run(&arguments, &settings),
        Command::Coach(command) => coach::run(&command, &settings),
        Command::Progress(arguments) => progress::run(&arguments, &settings),
        Command::Purge(arguments) => purge::run(&arguments, &settings),
    }
}

/// A line for the person, on stderr.
fn talk(text: &str) {
    // nobody can be told that telling failed
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Data that could not be written to stdout.
static UNPRINTED: AtomicBool = AtomicBool::new(false);

/// Data, on stdout.
fn print(text: &str) {
    let mut stdout = anstream::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // a reader that closed the pipe has seen enough
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            talk(&format!("error: the output could not be written ({e})"));
            UNPRINTED.store(true, Ordering::Relaxed);
        }
        _ => {}
    }
}

/// Whether a file of that name is there that this generator of pages did not write: a page says in its head who wrote it.
fn is_another(path: &Path, generator: &str) -> bool {
    let mut head = Vec::new();
    match File::open(path).and_then(|f| f.take(HEAD).read_to_end(&mut head)) {
        Err(e) => e.kind() != std::io::ErrorKind::NotFound,
        Ok(_) => !String::from_utf8_lossy(&head).contains(generator),
    }
}

/// What could not be read, named.
fn note<'a>(problems: impl IntoIterator<Item = &'a StoreError>) {
    for problem in problems {
        talk(&format!("note: {problem}"));
    }
}

/// What was read, or nothing where it could not be read, with a note why.
fn noted<T: Default>(read: Result<T, StoreError>) -> T {
    read.unwrap_or_else(|problem| {
        note([&problem]);
        T::default()
    })
}

/// The takes of a session; what of it is damaged is named.
fn answers(session: &Session) -> Vec<Answer> {
    let (answers, problems) = session.answers();
    note(&problems);
    answers
}

/// What earlier sessions say about what to practise; what of them is damaged is left out, and named.
fn history(settings: &Settings) -> anyhow::Result<History> {
    let (history, problems) = store::history::read(&settings.folders.sessions)?;
    note(&problems);
    Ok(history)
}

/// What is usual for this user, from the sessions before that one, or from all. What is damaged is left out; `viva sessions list` names it.
fn baseline(settings: &Settings, before: Option<&Session>) -> Baseline {
    store::history::baseline(&settings.folders.sessions, before.map(|s| s.record.started)).unwrap_or_default()
}

/// What a job description asks for, for the person.
fn asked_for(job: &Job) -> String {
    if job.asks.is_empty() {
        return "note: the job description asks for none of the abilities that the questions look for".to_owned();
    }
    let asks: Vec<String> = job.asks.iter().map(|a| format!("  {}: \"{}\"", a.name, a.quotes.join("\", \""))).collect();
    format!("The job description asks for:\n{}\nQuestions on these come first.", asks.join("\n"))
}

/// A path as text, also one that is no UTF-8.
#[allow(clippy::trivially_copy_pass_by_ref)] // as serde wants it
fn as_text<S: serde::Serializer>(path: &&Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&format!("{}\n", serde_json::to_string_pretty(value)?));
    Ok(())
}

/// Rows with columns as wide as they need to be; the last one is not padded.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".to_owned(), "b".to_owned()], vec!["long".to_owned(), "c".to_owned()]];
        assert_eq!(table(&rows), "a     b\nlong  c\n");
    }
}
