//! `viva sessions`: what was recorded, found again, shown, played, compared, named and deleted.

mod about;
mod compare;
mod delete;
mod filler;
mod find;
mod list;
mod play;
mod recover;
mod show;

use std::process::ExitCode;

use anyhow::bail;

use super::answers;
use crate::settings::Settings;
use crate::sound::Millis;
use crate::store::session::{Answer, Session};
pub use delete::{confirmed, still_there};
pub use show::SessionJson;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the sessions, the newest first
    List(list::Arguments),
    /// Find the answers in which words were said
    Find(find::Arguments),
    /// Show a session: its summary and the report of each answer
    Show(show::Arguments),
    /// Play the answers of a session, or one place of an answer
    Play(play::Arguments),
    /// Hold two answers to the same question against each other: what was gained, what was lost, what was said otherwise
    Compare(compare::Arguments),
    /// Give a session a title
    Rename(about::RenameArguments),
    /// Put tags on a session (+first-try), take them off (-draft), or list them
    Tag(about::TagArguments),
    /// Write a note on a session, on an answer, or on a moment of it
    Note(about::NoteArguments),
    /// Delete sessions with all their recordings
    Delete(delete::Arguments),
    /// Find what was interrupted, repair its recordings, and finish their words and reports
    Recover(recover::Arguments),
    /// Say of something that was counted as a filler that it was none; the report is made anew
    NotAFiller(filler::Arguments),
    /// Rate your own answers by the same anchors and points as the program does
    Rate(super::rate::Arguments),
    /// List what in a session could say who a patient is, with a safer wording
    Privacy(super::redact::PrivacyArguments),
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(arguments) => list::run(arguments, settings)?,
        Command::Find(arguments) => find::run(arguments, settings)?,
        Command::Show(arguments) => show::run(arguments, settings)?,
        Command::Play(arguments) => play::run(arguments, settings)?,
        Command::Compare(arguments) => compare::run(arguments, settings)?,
        Command::Rename(arguments) => about::rename(arguments, settings)?,
        Command::Tag(arguments) => about::tag(arguments, settings)?,
        Command::Note(arguments) => about::note(arguments, settings)?,
        Command::Recover(arguments) => return recover::run(arguments, settings),
        Command::Delete(arguments) => return delete::run(arguments, settings),
        Command::NotAFiller(arguments) => filler::run(arguments, settings)?,
        Command::Rate(arguments) => super::rate::run(arguments, settings)?,
        Command::Privacy(arguments) => super::redact::run(arguments, settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A time as a person writes it: `1:07`, `67`, `0:12.5`.
fn clock(text: &str) -> Result<Millis, String> {
    let wrong = || format!("\"{text}\" is no time; write minutes and seconds, as in 1:07");
    let (minutes, seconds) = text.split_once(':').unwrap_or(("0", text));
    let (minutes, seconds): (u32, f64) = (minutes.parse().map_err(|_| wrong())?, seconds.parse().map_err(|_| wrong())?);
    if !(0.0..86_400.0).contains(&seconds) || minutes > 1_440 {
        return Err(wrong());
    }
    Ok(Millis(u64::from(minutes) * 60_000) + Millis::from(std::time::Duration::from_secs_f64(seconds)))
}

/// The answers to this question, and of this take; an error where there is none.
pub fn chosen(session: &Session, question: Option<usize>, take: Option<usize>) -> anyhow::Result<Vec<Answer>> {
    let mut answers = answers(session);
    answers.retain(|a| question.is_none_or(|q| a.number == q) && take.is_none_or(|t| a.files.take == t));
    if answers.is_empty() {
        bail!("{} has no such answer; `viva sessions show {}` shows what it has", session.id(), session.id());
    }
    Ok(answers)
}
