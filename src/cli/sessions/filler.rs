//! `viva sessions not-a-filler`: what was counted as a filler, and was none.

use anyhow::{Context, bail};

use super::super::analyze::session::remake;
use super::super::delivery::DeliveryArguments;
use super::super::{questions, scorer, talk};
use super::{chosen, clock};
use crate::measure::filler::Filler;
use crate::measure::{Delivery, Marks};
use crate::score::Scorer;
use crate::settings::Settings;
use crate::sound::{Millis, Span};
use crate::store::read_json;
use crate::store::session::{self, Answer, Session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Which question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: usize,
    /// Which take of it [default: the last]
    #[arg(long, value_name = "NUMBER")]
    take: Option<usize>,
    /// When it was said, as the report shows it, such as 0:12 or 1:07.5
    #[arg(long, value_name = "TIME", value_parser = clock)]
    at: Millis,
    #[command(flatten)]
    delivery: DeliveryArguments,
    #[command(flatten)]
    scoring: scorer::ScoringArguments,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let Arguments { question, take, at, delivery, scoring, .. } = arguments;
    let (session, _lock) = session::find_to_write(&settings.folders.sessions, &arguments.session)?;
    let answers = chosen(&session, Some(*question), *take)?;
    let answer = answers.last().with_context(|| format!("question {question} has no such take in {}", session.id()))?;
    let scorer = scorer::load(scoring, &questions::load(settings)?, settings)?;
    not_a_filler(&session, answer, *at, (&delivery.settled(settings, Some(&session)), &scorer))
}

/// Marks the filler that the report shows at this time as none, and makes the report anew.
fn not_a_filler(session: &Session, answer: &Answer, at: Millis, terms: (&Delivery, &Scorer)) -> anyhow::Result<()> {
    let mut marks: Marks = read_json(&answer.files.marks())?.unwrap_or_default();
    let found = answer.report.as_ref().and_then(|r| r.measures.fillers.as_ref()).map(|f| f.found.as_slice()).unwrap_or_default();
    // the report shows tenths; who types whole seconds means any within
    let within = if at.0.is_multiple_of(1_000) { 1_000 } else { 100 };
    let is_meant = |span: Span| span.start.0 / within == at.0 / within;
    let meant: Vec<&Filler> = found.iter().filter(|f| is_meant(f.span)).collect();
    let filler = match meant[..] {
        [filler] => filler,
        [] if marks.not_fillers.iter().any(|s| is_meant(*s)) => bail!("what was said at {} is marked already", at.precise()),
        [] => bail!("no filler was counted at {}; `viva sessions show` lists them with their times", at.precise()),
        _ => {
            let list: Vec<String> = meant.iter().map(|f| format!("\"{}\" at {}", f.text, f.span.start.precise())).collect();
            bail!("several were counted in that second: {}; say which with --at and its tenths", list.join(", "));
        }
    };
    marks.not_fillers.push(filler.span);
    remake(session, answer, &marks, terms)?;
    talk(&format!("\"{}\" at {} is no longer counted as a filler", filler.text, filler.span.start.precise()));
    Ok(())
}
