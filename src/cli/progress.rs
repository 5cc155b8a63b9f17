//! `viva progress`: all sessions together.

use std::process::ExitCode;

use jiff::civil::Date;

use super::{date, note, print, print_json, questions, talk};
use crate::progress::{self, Past, Progress};
use crate::question::Question;
use crate::question::bank::Bank;
use crate::review;
use crate::settings::Settings;
use crate::store::history::{self, Held};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only sessions for this role, by its short or full name
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Only sessions from this day on, such as 2026-11-22
    #[arg(long, value_name = "DATE", value_parser = date::day)]
    since: Option<Date>,
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let since = arguments.since.map(date::begin).transpose()?;
    let bank = questions::load(settings)?;
    let (mut held, problems) = history::sessions(&settings.folders.sessions)?;
    note(&problems);
    // a role that is asked for no more may still have sessions
    let named = arguments.role.as_ref().map(|wanted| bank.role(wanted).map_or(wanted.as_str(), |r| r.id.as_str()));
    let is_named = |id: &str, name: &str| named.is_none_or(|named| id == named || name.eq_ignore_ascii_case(named));
    held.retain(|(session, _)| {
        since.is_none_or(|since| session.record.started >= since) && is_named(&session.record.role, &session.record.role_name)
    });
    let progress = over(&held, &bank);
    if arguments.json {
        print_json(&progress)?;
    } else if progress.sessions.is_empty() {
        talk("there is no session to tell progress from (demonstrations do not count); `viva practice` starts one");
    } else {
        print(&review::progress(&progress));
    }
    Ok(ExitCode::SUCCESS)
}

/// Over these sessions; questions that could have been asked are those of the roles that they practise.
pub fn over(held: &[Held], bank: &Bank) -> Progress {
    let practised = |id: &str| held.iter().any(|(session, _)| session.record.role == id);
    let mut offered: Vec<&Question> = Vec::new();
    for question in bank.roles().filter(|r| practised(&r.id)).flat_map(|r| bank.questions_for(r)) {
        if offered.iter().all(|q| q.id != question.id) {
            offered.push(question);
        }
    }
    let known: Vec<&Question> = bank.questions().collect();
    let past: Vec<Past> = held.iter().map(|(session, answers)| Past { session, answers }).collect();
    progress::of(&past, &offered, &known)
}
