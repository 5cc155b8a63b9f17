//! `viva questions`: what is asked, and which points a good answer makes.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::bail;

use super::{print, print_json, table};
use crate::question::load::{self, QuestionError};
use crate::question::{Kind, Level, Question, QuestionSet};
use crate::settings::Settings;
use crate::sound::Millis;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the questions
    List {
        /// Only for this job, by its short name or in full
        #[arg(long)]
        role: Option<String>,
        /// Only of this kind
        #[arg(long, value_enum)]
        kind: Option<Kind>,
        /// Only for this level, and those for any
        #[arg(long, value_enum, default_value_t = Level::Any)]
        level: Level,
        /// As JSON, with everything that is known of each question
        #[arg(long)]
        json: bool,
    },
    /// Show one question with its points, their evidence and what may be asked next
    Show {
        /// Its id (see `viva questions list`)
        id: String,
        #[arg(long)]
        json: bool,
    },
}

/// The built-in sets and the user's own.
pub fn load(settings: &Settings) -> Result<Vec<QuestionSet>, QuestionError> {
    load::all(&settings.folders.questions)
}

/// The question of this id.
pub fn find<'a>(sets: &'a [QuestionSet], id: &str) -> anyhow::Result<&'a Question> {
    match sets.iter().flat_map(|s| &s.questions).find(|q| q.id == id) {
        Some(question) => Ok(question),
        None => bail!("there is no question \"{id}\"; `viva questions list` shows all"),
    }
}

/// The set for this role, by its short name or in full.
pub fn find_role<'a>(sets: &'a [QuestionSet], wanted: &str) -> anyhow::Result<&'a QuestionSet> {
    match sets.iter().find(|s| s.id == wanted || s.role.eq_ignore_ascii_case(wanted)) {
        Some(set) => Ok(set),
        None => bail!("there are no questions for the role \"{wanted}\"; there are questions for {}", roles(sets)),
    }
}

/// The short names of all roles, in a row.
pub fn roles(sets: &[QuestionSet]) -> String {
    sets.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ")
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    let sets = load(settings)?;
    match command {
        Command::List { role, kind, level, json } => {
            let role = role.as_deref().map(|r| find_role(&sets, r)).transpose()?.map(|set| &set.id);
            let fits = |q: &&Question| role.is_none_or(|r| q.role == *r) && kind.is_none_or(|k| q.kind == k) && q.level.suits(*level);
            let listed: Vec<&Question> = sets.iter().flat_map(|s| &s.questions).filter(fits).collect();
            if *json {
                print_json(&listed)?;
            } else {
                let row = |q: &&Question| vec![q.id.clone(), q.kind.to_string(), q.level.to_string(), q.text.clone()];
                print(&table(&listed.iter().map(row).collect::<Vec<_>>()));
            }
        }
        Command::Show { id, json } => {
            let question = find(&sets, id)?;
            if *json {
                print_json(question)?;
            } else {
                print(&shown(question));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(q: &Question) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", q.text);
    let _ = writeln!(out, "{} · {} · level {} · about {}", q.id, q.kind, q.level, Millis(u64::from(q.seconds) * 1000));
    let _ = writeln!(out, "What the interviewer is after: {}", q.intent);
    let _ = writeln!(out, "How to build the answer: {}\n\nPoints", q.framework);
    for c in &q.criteria {
        let _ = writeln!(out, "  {} (weight {})", c.point, c.weight);
        let _ = writeln!(out, "      heard in: {}", c.evidence.join("; "));
        let _ = writeln!(out, "      if missing: {}", c.follow_up);
    }
    if !q.red_flags.is_empty() {
        let _ = writeln!(out, "\nRed flags");
        for flag in &q.red_flags {
            let _ = writeln!(out, "  {}", flag.flag);
        }
    }
    let _ = writeln!(out, "\nOutline");
    for line in &q.outline {
        let _ = writeln!(out, "  - {line}");
    }
    out
}
