//! `viva progress`: all sessions together.

use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{date, print, print_json, questions, talk};
use crate::progress::{self, Past, Progress};
use crate::question::Question;
use crate::review;
use crate::settings::Settings;
use crate::store::history;

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
    let progress = of_sessions(arguments.role.as_deref(), since, settings)?;
    if arguments.json {
        print_json(&progress)?;
    } else if progress.sessions.is_empty() {
        talk("there is no session to tell progress from (demonstrations do not count); `viva practice` starts one");
    } else {
        print(&review::progress(&progress));
    }
    Ok(ExitCode::SUCCESS)
}

/// Over all sessions there are.
pub fn over_all(settings: &Settings) -> anyhow::Result<Progress> {
    of_sessions(None, None, settings)
}

fn of_sessions(role: Option<&str>, since: Option<Timestamp>, settings: &Settings) -> anyhow::Result<Progress> {
    let bank = questions::load(settings)?;
    let (mut all, problems) = history::sessions(&settings.folders.sessions)?;
    for problem in problems {
        talk(&format!("note: {problem}"));
    }
    // a role that is asked for no more may still have sessions
    let named = role.map(|wanted| bank.role(wanted).map_or(wanted, |r| r.id.as_str()));
    let is_named = |id: &str, name: &str| named.is_none_or(|named| id == named || name.eq_ignore_ascii_case(named));
    all.retain(|(session, _)| since.is_none_or(|since| session.record.started >= since) && is_named(&session.record.role, &session.record.role_name));
    let practised = |id: &str| all.iter().any(|(session, _)| session.record.role == id);
    let mut offered: Vec<&Question> = Vec::new();
    for question in bank.roles().filter(|r| practised(&r.id)).flat_map(|r| bank.questions_for(r)) {
        if offered.iter().all(|q| q.id != question.id) {
            offered.push(question);
        }
    }
    let known: Vec<&Question> = bank.questions().collect();
    let past: Vec<Past> = all.iter().map(|(session, answers)| Past { session, answers }).collect();
    Ok(progress::of(&past, &offered, &known))
}
