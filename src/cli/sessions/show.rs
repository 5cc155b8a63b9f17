//! `viva sessions show`: a session's summary and the report of each answer.

use serde::Serialize;

use super::super::{answers, baseline, noted, print, print_json};
use super::chosen;
use crate::capture::Capture;
use crate::question::Question;
use crate::report::Report;
use crate::review::{self, Beside, Shown};
use crate::settings::Settings;
use crate::store::about::{About, Note};
use crate::store::session::{self, Answer, AskedBack, Session, SessionRecord};
use crate::transcribe::Transcript;

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    #[arg(long)]
    json: bool,
}

/// A session with all that was made of it; EXPORT.md documents its fields.
#[derive(Serialize)]
pub struct SessionJson<'a> {
    id: String,
    #[serde(flatten)]
    record: &'a SessionRecord,
    about: &'a About,
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

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let about = noted(About::read(&session.folder));
    let answers = match arguments.question {
        None => answers(&session),
        question => chosen(&session, question, None)?,
    };
    if arguments.json {
        return print_json(&SessionJson::of(&session, &about, &answers));
    }
    let usual = baseline(settings, Some(&session));
    let delivery = session.record.delivery.as_ref().unwrap_or(&settings.preferences.delivery);
    let beside = Beside { delivery: Some(delivery), baseline: Some(&usual) };
    show(&session, &about, &answers, arguments.question.is_none(), beside);
    Ok(())
}

impl<'a> SessionJson<'a> {
    pub fn of(session: &'a Session, about: &'a About, answers: &'a [Answer]) -> Self {
        Self { id: session.id(), record: &session.record, about, answers: answers.iter().map(as_json).collect() }
    }
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

fn show(session: &Session, about: &About, answers: &[Answer], whole: bool, beside: Beside) {
    let started = session.record.started.to_zoned(jiff::tz::TimeZone::system()).strftime("%A %-d %B %Y, %H:%M");
    print(&format!("{}\n{}, {started}\n", session.id(), session.record.role_name));
    let tags: Vec<String> = about.tags.iter().map(|t| format!("#{t}")).collect();
    let named = about.title.iter().map(|t| format!("\"{t}\"")).chain(tags).collect::<Vec<_>>().join("  ");
    if !named.is_empty() {
        print(&format!("{named}\n"));
    }
    if whole {
        for note in about.notes.iter().filter(|n| n.place.is_none()) {
            print(&format!("Note: {}\n", note.text));
        }
        print(&review::summary(&session.id(), answers));
    }
    for answer in answers {
        let take = if answer.files.take > 1 { format!(", take {}", answer.files.take) } else { String::new() };
        print(&format!("\n=== Question {}{take} ===\n", answer.number));
        for (note, at) in of_answer(about, answer) {
            print(&format!("Note{at}: {}\n", note.text));
        }
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

/// The notes on one answer, each with its time in words.
fn of_answer<'a>(about: &'a About, answer: &Answer) -> Vec<(&'a Note, String)> {
    let here = |note: &&Note| note.place.is_some_and(|p| p.question == answer.number && p.take == answer.files.take);
    let at = |note: &Note| note.place.and_then(|p| p.at).map_or(String::new(), |at| format!(" at {at}"));
    about.notes.iter().filter(here).map(|note| (note, at(note))).collect()
}
