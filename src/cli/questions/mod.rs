//! `viva questions`: what is asked, and which points a good answer makes.

mod files;

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;

use super::{print, print_json, table, talk};
use crate::question::bank::Bank;
use crate::question::job::Job;
use crate::question::load::QuestionError;
use crate::question::{Competency, Kind, Level, Question, QuestionSet, search};
use crate::settings::Settings;
use crate::sound::Millis;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the questions
    List(Filter),
    /// Show one question with its points, their evidence and what may be asked next
    Show {
        /// Its id (see `viva questions list`)
        id: String,
        #[arg(long)]
        json: bool,
    },
    /// Find questions by words that stand in them, in their points or in their evidence
    Search {
        /// The words, in any form and order
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        filter: Filter,
    },
    /// Check question files: the built-in ones, your own, or those you name
    Check {
        files: Vec<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Write a commented question file for you to fill in
    New {
        /// The job as people say it; that of a role that is there adds to its questions
        role: String,
        /// Where to write it [default: your own questions folder]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Take over a plain list of questions: a text with one a line, or a table (CSV) with the
    /// column question and, if you like, kind, level, seconds and outline
    Import {
        list: PathBuf,
        /// The job as people say it; that of a role that is there adds to its questions
        #[arg(long)]
        role: String,
        /// Where to write it [default: your own questions folder]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Which questions.
#[derive(clap::Args)]
pub struct Filter {
    /// Only for this job, by its short name or in full
    #[arg(long)]
    role: Option<String>,
    /// Only of this kind
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Only for this level, and those for any
    #[arg(long, value_enum, default_value_t = Level::Any)]
    level: Level,
    /// Only those that look for this competency, such as empathy
    #[arg(long)]
    competency: Option<String>,
    /// As JSON, with everything that is known of each question
    #[arg(long)]
    json: bool,
}

impl Filter {
    fn questions<'a>(&self, bank: &'a Bank) -> anyhow::Result<Vec<&'a Question>> {
        let mut questions: Vec<&Question> = match &self.role {
            Some(role) => bank.questions_for(find_role(bank, role)?),
            None => bank.questions().collect(),
        };
        let competency = self.competency.as_deref().map(|c| find_competency(bank, c)).transpose()?;
        questions.retain(|q| {
            self.kind.is_none_or(|k| q.kind == k) && q.level.suits(self.level) && competency.is_none_or(|c| q.competencies().contains(&c.id.as_str()))
        });
        Ok(questions)
    }
}

/// The built-in sets and the user's own.
pub fn load(settings: &Settings) -> Result<Bank, QuestionError> {
    Bank::load(&settings.folders.questions)
}

/// The question of this id.
pub fn find<'a>(bank: &'a Bank, id: &str) -> anyhow::Result<&'a Question> {
    match bank.question(id) {
        Some(question) => Ok(question),
        None => bail!("there is no question \"{id}\"; `viva questions list` shows all"),
    }
}

/// The set for this role, by its short name, its full name or another title.
pub fn find_role<'a>(bank: &'a Bank, wanted: &str) -> anyhow::Result<&'a QuestionSet> {
    match bank.role(wanted) {
        Some(set) => Ok(set),
        None => bail!("there are no questions for the role \"{wanted}\"; there are questions for {}", roles(bank)),
    }
}

/// The role that was typed, that the job description names, or that the settings name, in this order.
pub fn named_role<'a>(bank: &'a Bank, typed: Option<&str>, job: Option<&Job>, settings: &Settings) -> anyhow::Result<Option<&'a QuestionSet>> {
    if let Some(typed) = typed {
        return find_role(bank, typed).map(Some);
    }
    if let Some(set) = job.and_then(|j| bank.role(j.role.as_deref()?)) {
        talk(&format!("The job description is for: {}", set.role));
        return Ok(Some(set));
    }
    settings.preferences.role.as_deref().map(|r| find_role(bank, r)).transpose()
}

/// The competency of this id or name.
pub fn find_competency<'a>(bank: &'a Bank, wanted: &str) -> anyhow::Result<&'a Competency> {
    bank.competency(wanted).ok_or_else(|| {
        let known: Vec<&str> = bank.competencies().map(|c| c.id.as_str()).collect();
        anyhow::anyhow!("there is no competency \"{wanted}\"; there are {}", known.join(", "))
    })
}

/// The short names of all roles, in a row.
pub fn roles(bank: &Bank) -> String {
    bank.roles().map(|s| s.id.as_str()).collect::<Vec<_>>().join(", ")
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::List(filter) => {
            let bank = load(settings)?;
            list(&filter.questions(&bank)?, filter.json)?;
        }
        Command::Search { words, filter } => {
            let bank = load(settings)?;
            let hits = search::search(filter.questions(&bank)?.into_iter(), &words.join(" "));
            if hits.is_empty() {
                talk("no question holds these words; try others, or fewer");
            }
            list(&hits.iter().map(|h| h.question).collect::<Vec<_>>(), filter.json)?;
        }
        Command::Show { id, json } => {
            let bank = load(settings)?;
            let question = find(&bank, id)?;
            if *json {
                print_json(question)?;
            } else {
                print(&shown(question));
            }
        }
        Command::Check { files, json } => return files::check(files, *json, settings),
        Command::New { role, file } => files::new(role, file.as_deref(), settings)?,
        Command::Import { list, role, file } => files::import(list, role, file.as_deref(), settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(questions: &[&Question], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&questions);
    }
    let row = |q: &&Question| vec![q.id.clone(), q.kind.to_string(), q.level.to_string(), q.text.clone()];
    print(&table(&questions.iter().map(row).collect::<Vec<_>>()));
    Ok(())
}

fn shown(q: &Question) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}\n", q.text);
    let _ = writeln!(out, "{} · {} · level {} · about {}", q.id, q.kind, q.level, Millis(u64::from(q.seconds) * 1000));
    for (name, text) in [("What the interviewer is after", &q.intent), ("How to build the answer", &q.framework)] {
        if !text.is_empty() {
            let _ = writeln!(out, "{name}: {text}");
        }
    }
    if let Some(anchors) = &q.anchors {
        let _ = writeln!(out, "\nAnswers\n  weak    {}\n  fair    {}\n  strong  {}", anchors.weak, anchors.fair, anchors.strong);
    }
    let _ = writeln!(out, "\nPoints");
    for c in &q.criteria {
        let competency = c.competency.as_ref().map(|c| format!(", {c}")).unwrap_or_default();
        let _ = writeln!(out, "  {} (weight {}{competency})", c.point, c.weight);
        let _ = writeln!(out, "      heard in: {}", c.evidence.join("; "));
        if !c.opposite.is_empty() {
            let _ = writeln!(out, "      the contrary: {}", c.opposite.join("; "));
        }
        let _ = writeln!(out, "      if missing: {}", c.follow_up);
    }
    if q.criteria.is_empty() {
        let _ = writeln!(out, "  none yet: its answers are kept, but not scored");
    }
    for (name, lines) in [("Red flags", q.red_flags.iter().map(|f| &f.flag).collect::<Vec<_>>()), ("Outline", q.outline.iter().collect())] {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{name}");
        }
        for line in lines {
            let _ = writeln!(out, "  - {line}");
        }
    }
    out
}
