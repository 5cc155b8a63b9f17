//! `viva sessions find`: in which answers words were said.

use serde::Serialize;

use super::super::{note, print, print_json, talk};
use crate::review::place::{self, Place};
use crate::settings::Settings;
use crate::sound::Millis;
use crate::store::session;

#[derive(clap::Args)]
pub struct Arguments {
    /// The words, one after the other as they were said; case and punctuation do not matter
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Said {
    session: String,
    number: usize,
    take: usize,
    question: String,
    /// Half a second before the words.
    at: Millis,
    /// As they stand in the transcript, in quotation marks.
    words: String,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let words = arguments.words.join(" ");
    if words.split_whitespace().all(|w| crate::words::plain(w).is_empty()) {
        anyhow::bail!("there is no word in \"{words}\"; write one that was said");
    }
    let (sessions, problems) = session::list(&settings.folders.sessions)?;
    note(&problems);
    let mut found = Vec::new();
    for session in sessions {
        // what is damaged is named where the session is shown
        for answer in session.answers().0 {
            if let Ok(place) = place::find(&answer, Place::Quote(&words)) {
                let (session, question) = (session.id(), answer.question.id);
                found.push(Said { session, number: answer.number, take: answer.files.take, question, at: place.span.start, words: place.what });
            }
        }
    }
    if arguments.json {
        return print_json(&found);
    }
    if found.is_empty() {
        talk(&format!("\"{words}\" was said in no session; try fewer words"));
    }
    for Said { session, number, take, question, at, words } in found {
        print(&format!("{session}  question {number}, take {take}, {at}  {question}: {words}\n"));
    }
    Ok(())
}
