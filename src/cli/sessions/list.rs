//! `viva sessions list`: a line a session, the newest first, of those that are wanted.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::{date, note, print, print_json, table, talk};
use crate::settings::Settings;
use crate::store::about;
use crate::store::catalogue::{self, Line};

#[derive(clap::Args)]
pub struct Arguments {
    /// Only sessions for this role, by its short or full name
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Only sessions that ask this question
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// Only sessions from this day on, such as 2026-11-22
    #[arg(long, value_name = "DATE", value_parser = date::day)]
    since: Option<Date>,
    /// Only sessions up to this day, and on it
    #[arg(long, value_name = "DATE", value_parser = date::day)]
    until: Option<Date>,
    /// Only sessions with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// Only sessions with answers that are not written down and scored yet
    #[arg(long)]
    unfinished: bool,
    /// So many at most
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let since = arguments.since.map(date::begin).transpose()?;
    let until = arguments.until.map(date::end).transpose()?;
    let catalogue::Catalogue { mut lines, problems } = catalogue::read(&settings.folders.sessions)?;
    note(&problems);
    let none_at_all = lines.is_empty();
    lines.retain(|line| is_wanted(line, arguments, since, until));
    lines.truncate(arguments.limit.unwrap_or(usize::MAX));
    if arguments.json {
        return print_json(&lines);
    }
    match lines.is_empty() {
        true if none_at_all && problems.is_empty() => talk("no session has been recorded yet; `viva practice` starts one"),
        true if !none_at_all => talk("no session is like that; `viva sessions list` shows all"),
        _ => {}
    }
    print(&table(&lines.iter().map(row).collect::<Vec<_>>()));
    Ok(())
}

fn is_wanted(line: &Line, wanted: &Arguments, since: Option<Timestamp>, until: Option<Timestamp>) -> bool {
    let role = |role: &String| line.role_id == *role || line.role.eq_ignore_ascii_case(role);
    wanted.role.as_ref().is_none_or(role)
        && wanted.question.as_ref().is_none_or(|id| line.questions.contains(id))
        && since.is_none_or(|since| line.started >= since)
        && until.is_none_or(|until| line.started < until)
        && wanted.tag.as_ref().is_none_or(|tag| line.tags.iter().any(|t| about::same(t, tag.trim_start_matches('#'))))
        && (!wanted.unfinished || line.reported < line.answers)
}

fn row(line: &Line) -> Vec<String> {
    let left = line.answers - line.reported;
    let answers = if line.answers == 1 { "1 answer".to_owned() } else { format!("{} answers", line.answers) };
    let mut remarks: Vec<String> = line.title.iter().map(|title| format!("\"{title}\"")).collect();
    remarks.extend(line.tags.iter().map(|tag| format!("#{tag}")));
    remarks.extend(match line.notes {
        0 => None,
        1 => Some("1 note".to_owned()),
        more => Some(format!("{more} notes")),
    });
    remarks.extend((left > 0).then(|| format!("{left} not finished")));
    vec![line.id.clone(), line.role.clone(), answers, line.recorded.to_string(), remarks.join("  ")]
}
