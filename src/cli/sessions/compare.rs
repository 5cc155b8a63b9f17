//! `viva sessions compare`: two takes of a question in one session, or the same question in two sessions.

use anyhow::bail;

use super::super::{answers, baseline, print, print_json};
use crate::review;
use crate::review::compare::{Taken, compare};
use crate::settings::Settings;
use crate::store::session::{self, Answer, Session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Another session in which the same question was answered
    #[arg(long, value_name = "SESSION")]
    and: Option<String>,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    /// The take to compare [default: the one before, or the last where another session is named]
    #[arg(long, value_name = "NUMBER")]
    take: Option<usize>,
    /// With which take, of the same session or of the other one [default: the last]
    #[arg(long, value_name = "NUMBER")]
    with: Option<usize>,
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let folder = &settings.folders.sessions;
    let session = session::find(folder, &arguments.session)?;
    let of_one = answers(&session);
    let numbers = questions(&of_one, arguments.question, &session)?;
    let other = arguments.and.as_deref().map(|other| session::find(folder, other)).transpose()?;
    let of_other = other.as_ref().map(answers);
    let mut pairs: Vec<(Taken, Taken)> = Vec::new();
    for number in numbers {
        let takes: Vec<&Answer> = of_one.iter().filter(|a| a.number == number).collect();
        let pair = match (&other, &of_other) {
            (Some(other), Some(of_other)) => across((&session, &takes), (other, of_other), arguments)?,
            _ => within(&session, &takes, arguments)?,
        };
        pairs.extend(pair);
    }
    if pairs.is_empty() {
        match other {
            Some(other) => bail!("{} and {} have no question in common; `viva sessions show` says what each asked", session.id(), other.id()),
            None => bail!(
                "{} has no question with two takes; name another session with --and, as `viva sessions list --question ID` finds them",
                session.id()
            ),
        }
    }
    let usual = baseline(settings, None);
    let compared: Vec<_> = pairs.into_iter().map(|(before, now)| compare(before, now, &usual)).collect();
    if arguments.json {
        return print_json(&compared);
    }
    for (at, one) in compared.iter().enumerate() {
        print(&format!("{}{}", if at > 0 { "\n" } else { "" }, review::comparison(one)));
    }
    Ok(())
}

/// The numbers of the questions to look at.
fn questions(answers: &[Answer], wanted: Option<usize>, session: &Session) -> anyhow::Result<Vec<usize>> {
    let mut numbers: Vec<usize> = answers.iter().map(|a| a.number).filter(|n| wanted.is_none_or(|w| w == *n)).collect();
    numbers.dedup();
    if let (Some(wanted), true) = (wanted, numbers.is_empty()) {
        bail!("question {wanted} was not answered in {}; `viva sessions show {}` shows what was", session.id(), session.id());
    }
    Ok(numbers)
}

/// Two takes of one session; None where there is but one and none was named.
fn within<'a>(session: &'a Session, takes: &[&'a Answer], arguments: &Arguments) -> anyhow::Result<Option<(Taken<'a>, Taken<'a>)>> {
    let (Some(first), Some(last)) = (takes.first(), takes.last()) else { return Ok(None) };
    let now = numbered(session, takes, arguments.with.unwrap_or(last.files.take))?;
    let before = match arguments.take {
        Some(take) => numbered(session, takes, take)?,
        None if takes.len() < 2 => return Ok(None),
        None => takes.iter().rev().find(|t| t.files.take < now.files.take).unwrap_or(first),
    };
    if before.files.take == now.files.take {
        bail!("take {} cannot be compared with itself; name two with --take and --with", now.files.take);
    }
    Ok(Some((taken(session, before), taken(session, now))))
}

/// The same question in two sessions, the earlier one first; None where the other does not have it.
fn across<'a>(
    (session, takes): (&'a Session, &[&'a Answer]),
    (other, of_other): (&'a Session, &'a [Answer]),
    arguments: &Arguments,
) -> anyhow::Result<Option<(Taken<'a>, Taken<'a>)>> {
    if session.id() == other.id() {
        bail!("{} cannot be compared with itself; leave --and out to compare two takes of it", session.id());
    }
    let Some(last) = takes.last() else { return Ok(None) };
    let there: Vec<&Answer> = of_other.iter().filter(|a| a.question.id == last.question.id).collect();
    let Some(last_there) = there.last() else { return Ok(None) };
    let here = taken(session, numbered(session, takes, arguments.take.unwrap_or(last.files.take))?);
    let there = taken(other, numbered(other, &there, arguments.with.unwrap_or(last_there.files.take))?);
    Ok(Some(if here.started <= there.started { (here, there) } else { (there, here) }))
}

fn numbered<'a>(session: &Session, takes: &[&'a Answer], wanted: usize) -> anyhow::Result<&'a Answer> {
    match takes.iter().find(|t| t.files.take == wanted) {
        Some(take) => Ok(take),
        None => bail!("{} has no take {wanted} of that question; the last is {}", session.id(), takes.last().map_or(0, |t| t.files.take)),
    }
}

fn taken<'a>(session: &'a Session, answer: &'a Answer) -> Taken<'a> {
    let name = session.folder.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    Taken { session: name, started: session.record.started, answer }
}
