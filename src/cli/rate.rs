//! `viva sessions rate`: the candidate rates an answer by its anchors and points. Nothing of the program's is shown until that is done.

use std::io::BufRead;

use anyhow::bail;
use jiff::Timestamp;
use serde::Serialize;

use super::sessions::chosen;
use super::{print, print_json, talk};
use crate::coach::gathered::{Reviewed, reviewed};
use crate::coach::rating::OwnRating;
use crate::coach::{BANDS, Judgement, LEVELS};
use crate::question::Question;
use crate::review;
use crate::settings::Settings;
use crate::store::session::{self, Answer, Session};

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    /// Which take of it [default: the last]
    #[arg(long, value_name = "NUMBER")]
    take: Option<usize>,
    /// The whole answer, 1 to 5, without being asked
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=5))]
    band: Option<u8>,
    /// A point of it and its level, 0 to 3, without being asked, such as listens-fully=2
    #[arg(long = "point", value_name = "ID=LEVEL", value_parser = level)]
    points: Vec<(String, u8)>,
    #[arg(long)]
    json: bool,
}

/// What was kept of one answer, and what there is beside it.
#[derive(Serialize)]
struct Rated {
    session: String,
    rating: OwnRating,
    answer: Reviewed,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let mut chosen = chosen(&session, arguments.question, arguments.take)?;
    // of each question the last take, unless one was named
    chosen.reverse();
    chosen.dedup_by_key(|a| a.number);
    chosen.reverse();
    if arguments.band.is_some() || !arguments.points.is_empty() {
        let [answer] = &chosen[..] else { bail!("there are {} questions in {}; say with --question which you rate", chosen.len(), session.id()) };
        let points = arguments.points.iter().cloned().collect();
        let given = Judgement { band: arguments.band, points };
        if let Some(unknown) = given.points.keys().find(|id| !answer.question.criteria.iter().any(|c| c.id == **id)) {
            let known: Vec<&str> = answer.question.criteria.iter().map(|c| c.id.as_str()).collect();
            bail!("this question has no point \"{unknown}\"; it has {}", known.join(", "));
        }
        return show(&[keep(&session, answer, given)?], arguments.json);
    }
    let mut keys = std::io::stdin().lock();
    let (mut asked, mut rated) = (false, Vec::new());
    for answer in &chosen {
        let Some(given) = ask(answer, &mut keys) else { break };
        if given.is_empty() {
            talk("Left out.");
        } else {
            rated.push(keep(&session, answer, given)?);
        }
        asked = true;
    }
    if !asked {
        bail!("nobody answered at the keyboard, so nothing was rated; rate at a terminal, or with --band and --point");
    }
    // only now, so that the program's view of one answer sways nobody on the next
    show(&rated, arguments.json)
}

/// `id=2`.
fn level(text: &str) -> Result<(String, u8), String> {
    let wrong = || format!("\"{text}\" is no rated point; write its id and 0 to 3, as in listens-fully=2");
    let (id, level) = text.split_once('=').ok_or_else(wrong)?;
    let level: u8 = level.parse().map_err(|_| wrong())?;
    if LEVELS.contains(&level) { Ok((id.to_owned(), level)) } else { Err(wrong()) }
}

/// Asks for the band and each point. None where the keyboard is gone before anything was said.
fn ask(answer: &Answer, keys: &mut impl BufRead) -> Option<Judgement> {
    let question = &answer.question;
    let take = if answer.files.take > 1 { format!(", take {}", answer.files.take) } else { String::new() };
    talk(&format!("\nQuestion {}{take}\n\n  {}\n", answer.number, question.text));
    talk(&anchors(question));
    let mut given = Judgement::default();
    match number("The whole answer, 1 to 5 (Enter leaves it out):", &BANDS, keys) {
        Typed::Number(band) => given.band = Some(band),
        Typed::Nothing => {}
        Typed::Gone => return None,
    }
    if !question.criteria.is_empty() {
        talk("\nIts points: 0 not said, or the contrary; 1 touched; 2 made; 3 made with a concrete instance. Enter leaves one out.");
    }
    for criterion in &question.criteria {
        match number(&format!("  {} (0 to 3):", criterion.point), &LEVELS, keys) {
            Typed::Number(level) => drop(given.points.insert(criterion.id.clone(), level)),
            Typed::Nothing => {}
            // what was said until then is kept
            Typed::Gone => break,
        }
    }
    Some(given)
}

/// What weak, fair and strong mean for this question.
fn anchors(question: &Question) -> String {
    match &question.anchors {
        Some(a) => format!("  1 or 2, weak: {}\n  3, fair: {}\n  4 or 5, strong: {}\n", a.weak, a.fair, a.strong),
        None => "  1 or 2: weak; 3: fair; 4 or 5: strong\n".to_owned(),
    }
}

/// What was typed where a number was asked for.
enum Typed {
    Number(u8),
    /// Enter alone.
    Nothing,
    /// Nobody is at the keyboard any more.
    Gone,
}

/// Asks until it is a number of the range, or nothing.
fn number(prompt: &str, range: &std::ops::RangeInclusive<u8>, keys: &mut impl BufRead) -> Typed {
    loop {
        talk(prompt);
        let mut line = Vec::new();
        // bytes, not text: a slip of the keyboard that is no UTF-8 is asked about once more
        if keys.read_until(b'\n', &mut line).unwrap_or(0) == 0 {
            return Typed::Gone;
        }
        match line.trim_ascii() {
            b"" => return Typed::Nothing,
            [digit @ b'0'..=b'9'] if range.contains(&(digit - b'0')) => return Typed::Number(digit - b'0'),
            _ => talk(&format!("Please type a number from {} to {}, or only Enter.", range.start(), range.end())),
        }
    }
}

/// Keeps a rating, and finds what the program says beside it.
fn keep(session: &Session, answer: &Answer, given: Judgement) -> anyhow::Result<Rated> {
    let _lock = session.lock()?;
    // what was read of a report nobody knows; where there is none, none was read
    let before = answer.report.is_none() && !answer.files.report().exists();
    let rating = OwnRating::with(OwnRating::read(&answer.files)?, given, before, Timestamp::now());
    rating.write(&answer.files)?;
    Ok(Rated { session: session.id(), answer: reviewed(answer, Some(&rating), &[]), rating })
}

fn show(rated: &[Rated], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&rated);
    }
    for Rated { answer, .. } in rated {
        if rated.len() > 1 {
            print(&format!("\nQuestion {}, take {}\n", answer.question, answer.take));
        }
        print(&review::side_by_side(answer));
    }
    Ok(())
}
