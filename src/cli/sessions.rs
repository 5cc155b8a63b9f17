//! `viva sessions`: what was recorded, shown and played again.

use std::process::ExitCode;

use anyhow::{Context, bail};
use serde::Serialize;

use super::analyze::session::remake;
use super::delivery::DeliveryArguments;
use super::{answers, baseline, print, print_json, questions, rate, scorer, table, talk};
use crate::capture::Capture;
use crate::measure::filler::Filler;
use crate::measure::{Delivery, Marks};
use crate::question::Question;
use crate::report::Report;
use crate::review::{self, Beside, Shown};
use crate::score::Scorer;
use crate::settings::Settings;
use crate::sound::device::{self, Direction};
use crate::sound::{Millis, Span, source};
use crate::speak::Speaker;
use crate::speak::loudspeaker::Loudspeaker;
use crate::stop::Stop;
use crate::store::session::{self, Answer, AskedBack, Session, SessionRecord};
use crate::store::{read_json, write_json};
use crate::transcribe::Transcript;

#[derive(clap::Subcommand)]
pub enum Command {
    /// List the sessions, the newest first
    List {
        #[arg(long)]
        json: bool,
    },
    /// Show a session: its summary and the report of each answer
    Show {
        /// Its name, the beginning of it, or "last"
        #[arg(default_value = "last")]
        session: String,
        /// Only this question of the session (1 for the first)
        #[arg(long, value_name = "NUMBER")]
        question: Option<usize>,
        #[arg(long)]
        json: bool,
    },
    /// Say of something that was counted as a filler that it was none; the report is made anew
    NotAFiller {
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
    },
    /// Rate your own answers by the same anchors and points as the program does
    Rate(rate::Arguments),
    /// Play the answers of a session
    Play {
        /// Its name, the beginning of it, or "last"
        #[arg(default_value = "last")]
        session: String,
        /// Only this question of the session (1 for the first)
        #[arg(long, value_name = "NUMBER")]
        question: Option<usize>,
        /// Only this take
        #[arg(long, value_name = "NUMBER")]
        take: Option<usize>,
        /// The loudspeaker, by its name or a part of it
        #[arg(long, value_name = "DEVICE")]
        output: Option<String>,
    },
    /// List what in a session could say who a patient is, with a safer wording
    Privacy(super::redact::PrivacyArguments),
}

#[derive(Serialize)]
struct SessionJson<'a> {
    id: String,
    #[serde(flatten)]
    record: &'a SessionRecord,
    answers: Vec<AnswerJson<'a>>,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    number: usize,
    take: usize,
    /// Within the session's folder.
    sound: String,
    question: &'a Question,
    capture: Option<&'a Capture>,
    transcript: Option<&'a Transcript>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_up: Option<FollowUpJson<'a>>,
    report: Option<&'a Report>,
}

#[derive(Serialize)]
struct FollowUpJson<'a> {
    asked: &'a AskedBack,
    /// Within the session's folder.
    sound: String,
    capture: Option<&'a Capture>,
    transcript: Option<&'a Transcript>,
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    let folder = &settings.folders.sessions;
    match command {
        Command::List { json } => list(*json, settings)?,
        Command::Privacy(arguments) => super::redact::run(arguments, settings)?,
        Command::Show { session, question, json } => {
            let session = session::find(folder, session)?;
            let answers = chosen(&session, *question, None)?;
            if *json {
                print_json(&SessionJson { id: session.id(), record: &session.record, answers: answers.iter().map(as_json).collect() })?;
            } else {
                let usual = baseline(settings, Some(&session));
                let delivery = session.record.delivery.as_ref().unwrap_or(&settings.preferences.delivery);
                let beside = Beside { delivery: Some(delivery), baseline: Some(&usual) };
                show(&session, &answers, question.is_none(), beside);
            }
        }
        Command::NotAFiller { session, question, take, at, delivery, scoring } => {
            let session = session::find(folder, session)?;
            let answers = chosen(&session, Some(*question), *take)?;
            let answer = answers.last().with_context(|| format!("question {question} has no such take in {}", session.id()))?;
            let scorer = scorer::load(scoring, &questions::load(settings)?, settings)?;
            not_a_filler(&session, answer, *at, (&delivery.settled(settings, Some(&session)), &scorer))?;
        }
        Command::Rate(arguments) => rate::run(arguments, settings)?,
        Command::Play { session, question, take, output } => {
            let session = session::find(folder, session)?;
            let wanted = output.as_deref().or(settings.preferences.output.as_deref());
            let mut speaker = Loudspeaker::new(device::find(Direction::Output, wanted)?);
            let answers = chosen(&session, *question, *take)?;
            if answers.is_empty() {
                talk("nothing was recorded in this session");
            }
            for answer in answers {
                let clip = source::read_take(&answer.files.sound())?;
                talk(&format!("Question {}, take {}, {}: {}", answer.number, answer.files.take, clip.duration(), answer.question.text));
                speaker.play(&clip, &Stop::default())?;
                if let Some(added) = answer.follow_up {
                    talk(&format!("Asked back: {}", added.asked.text));
                    speaker.play(&source::read_take(&added.files.sound())?, &Stop::default())?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
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
    write_json(&answer.files.marks(), &marks)?;
    remake(session, answer, terms)?;
    talk(&format!("\"{}\" at {} is no longer counted as a filler", filler.text, filler.span.start.precise()));
    Ok(())
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

fn chosen(session: &Session, question: Option<usize>, take: Option<usize>) -> anyhow::Result<Vec<Answer>> {
    let mut answers = answers(session);
    answers.retain(|a| question.is_none_or(|q| a.number == q) && take.is_none_or(|t| a.files.take == t));
    if answers.is_empty() && (question.is_some() || take.is_some()) {
        bail!("{} has no such answer; `viva sessions show {}` shows what it has", session.id(), session.id());
    }
    Ok(answers)
}

fn as_json(answer: &Answer) -> AnswerJson<'_> {
    AnswerJson {
        number: answer.number,
        take: answer.files.take,
        sound: format!("{:02}/take-{}.wav", answer.number, answer.files.take),
        question: &answer.question,
        capture: answer.capture.as_ref(),
        transcript: answer.transcript.as_ref(),
        follow_up: answer.follow_up.as_ref().map(|f| FollowUpJson {
            asked: &f.asked,
            sound: format!("{:02}/take-{}-follow-up.wav", answer.number, answer.files.take),
            capture: f.capture.as_ref(),
            transcript: f.transcript.as_ref(),
        }),
        report: answer.report.as_ref(),
    }
}

fn show(session: &Session, answers: &[Answer], whole: bool, beside: Beside) {
    let started = session.record.started.to_zoned(jiff::tz::TimeZone::system()).strftime("%A %-d %B %Y, %H:%M");
    print(&format!("{}\n{}, {started}\n", session.id(), session.record.role_name));
    if whole {
        print(&review::summary(&session.id(), answers));
    }
    for answer in answers {
        let take = if answer.files.take > 1 { format!(", take {}", answer.files.take) } else { String::new() };
        print(&format!("\n=== Question {}{take} ===\n", answer.number));
        if answer.report.is_some() && answer.is_unfinished() {
            print(&format!("What was said to the follow-up question is not in it yet; finish it with `viva analyze --session {}`.\n", session.id()));
        }
        match (&answer.report, &answer.transcript) {
            (Some(report), Some(transcript)) => {
                let follow_up = answer.follow_up.as_ref().and_then(|f| Some((f.asked.text.as_str(), f.transcript.as_ref()?)));
                let shown = Shown { report, transcript, question: Some(&answer.question), capture: answer.capture.as_ref(), follow_up, beside };
                print(&review::report(shown));
            }
            _ => print(&format!(
                "{}\n\nRecorded, not yet written down. Finish it with `viva analyze --session {}`.\n",
                answer.question.text,
                session.id()
            )),
        }
    }
}

fn list(json: bool, settings: &Settings) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Listed {
        id: String,
        role: String,
        answers: usize,
        reported: usize,
        recorded: Millis,
    }
    let (sessions, broken) = session::list(&settings.folders.sessions)?;
    for error in &broken {
        talk(&format!("note: {error}"));
    }
    let mut listed = Vec::new();
    for session in sessions {
        let answers = answers(&session);
        listed.push(Listed {
            id: session.id(),
            role: session.record.role_name.clone(),
            answers: answers.len(),
            reported: answers.iter().filter(|a| !a.is_unfinished()).count(),
            recorded: answers.iter().filter_map(Answer::length).fold(Millis(0), |sum, length| sum + length),
        });
    }
    if json {
        return print_json(&listed);
    }
    if listed.is_empty() && broken.is_empty() {
        talk("no session has been recorded yet; `viva practice` starts one");
    }
    let row = |l: &Listed| {
        let left = l.answers - l.reported;
        let remark = if left > 0 { format!("{left} not finished") } else { String::new() };
        vec![l.id.clone(), l.role.clone(), format!("{} answers", l.answers), l.recorded.to_string(), remark]
    };
    print(&table(&listed.iter().map(row).collect::<Vec<_>>()));
    Ok(())
}
