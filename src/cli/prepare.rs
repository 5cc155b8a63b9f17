//! `viva plan` and `viva guide`: what to do before the day.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use jiff::Zoned;
use jiff::civil::Date;

use super::{is_another, print, print_json, questions, talk};
use crate::prepare::{self, guide, plan};
use crate::question::Level;
use crate::question::job::Job;
use crate::settings::Settings;
use crate::store::write_atomically;

#[derive(clap::Args)]
pub struct PlanArguments {
    /// The job, by its short name or in full [default: that of the job description, or of the settings file]
    #[arg(long)]
    role: Option<String>,
    /// Only questions for this level, and those for any
    #[arg(long, value_enum, default_value_t = Level::Any)]
    level: Level,
    /// The day of the interview, such as 2026-12-01
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
    /// A job description as a text file: what it asks for is practised first
    #[arg(long, value_name = "FILE")]
    job: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct GuideArguments {
    /// The job, by its short name or in full [default: that of the settings file]
    #[arg(long)]
    role: Option<String>,
    /// Only questions for this level, and those for any
    #[arg(long, value_enum, default_value_t = Level::Any)]
    level: Level,
    /// Where to write it [default: guide-ROLE.html in this folder]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn plan(arguments: &PlanArguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let bank = questions::load(settings)?;
    let today = Zoned::now().date();
    let date = day(&arguments.date, today)?;
    let job = arguments.job.as_deref().map(|path| Job::read(path, &bank)).transpose()?;
    let Some(role) = questions::named_role(&bank, arguments.role.as_deref(), job.as_ref(), settings)? else {
        bail!("name the job with --role; there are questions for {}", questions::roles(&bank))
    };
    let history = super::history(settings)?;
    let job_file = arguments.job.as_ref().map(|path| path.display().to_string());
    let ahead = plan::Ahead { role, level: arguments.level, today, date, history: &history, job: job.as_ref(), job_file: job_file.as_deref() };
    let plan = plan::plan(&bank, ahead);
    if arguments.json {
        print_json(&plan)?;
    } else {
        if let Some(job) = &job {
            talk(&super::asked_for(job));
        }
        print(&prepare::as_text(&plan));
    }
    Ok(ExitCode::SUCCESS)
}

fn day(written: &str, today: Date) -> anyhow::Result<Date> {
    let Ok(date) = written.parse::<Date>() else {
        bail!("\"{written}\" is no date; write year, month and day, such as {}", today.strftime("%Y-%m-%d"))
    };
    if date < today {
        bail!("{written} is over; today is {}", today.strftime("%Y-%m-%d"));
    }
    if today.until(date).map_or(true, |span| span.get_days() > 3660) {
        bail!("{written} is more than ten years ahead; correct the year");
    }
    Ok(date)
}

pub fn guide(arguments: &GuideArguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let bank = questions::load(settings)?;
    let Some(role) = questions::named_role(&bank, arguments.role.as_deref(), None, settings)? else {
        bail!("name the job with --role; there are questions for {}", questions::roles(&bank))
    };
    let page = guide::guide(&bank, role, arguments.level);
    let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("guide-{}.html", role.id)));
    if is_another(&path, guide::GENERATOR) {
        bail!("{} is there already and is no guide; it was left as it is, name another file with --output", path.display());
    }
    if let Err(e) = write_atomically(&path, page.as_bytes()) {
        bail!("{} cannot be written ({e}); name another place with --output", path.display());
    }
    print(&format!("{}\n", path.display()));
    talk("Open it in a browser. It prints on A4 and can be saved as PDF from the browser's print window.");
    Ok(ExitCode::SUCCESS)
}
