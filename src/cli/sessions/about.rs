//! `viva sessions rename`, `tag` and `note`: what the user says of a session.

use anyhow::bail;
use jiff::Timestamp;

use super::super::{print, print_json, talk};
use super::{chosen, clock};
use crate::settings::Settings;
use crate::sound::Millis;
use crate::store::about::{About, Note, NotePlace, Written, checked};
use crate::store::session;

#[derive(clap::Args)]
pub struct RenameArguments {
    /// Its name, the beginning of it, or "last"
    session: String,
    /// What it shall be called in lists; its folder keeps its name
    #[arg(allow_hyphen_values = true)]
    title: String,
}

#[derive(clap::Args)]
pub struct TagArguments {
    /// Its name, the beginning of it, or "last"
    session: String,
    /// +TAG to put one on, -TAG to take one off; without any the tags are listed
    #[arg(value_name = "CHANGES", allow_hyphen_values = true)]
    changes: Vec<String>,
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct NoteArguments {
    /// Its name, the beginning of it, or "last"
    session: String,
    /// The note; without one the notes are listed
    #[arg(allow_hyphen_values = true)]
    text: Option<String>,
    /// On this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER", requires = "text")]
    question: Option<usize>,
    /// On this take of it [default: the last]
    #[arg(long, value_name = "NUMBER", requires = "question")]
    take: Option<usize>,
    /// On this moment of it, such as 1:12
    #[arg(long, value_name = "TIME", value_parser = clock, requires = "question")]
    at: Option<Millis>,
    #[arg(long)]
    json: bool,
}

pub fn rename(arguments: &RenameArguments, settings: &Settings) -> anyhow::Result<()> {
    let (session, _lock) = session::find_to_write(&settings.folders.sessions, &arguments.session)?;
    let mut about = About::read(&session.folder)?;
    let title = checked(Written::Title, &arguments.title)?;
    talk(&format!("{} is now called \"{title}\"", session.id()));
    about.title = Some(title);
    Ok(about.write(&session.folder)?)
}

pub fn tag(arguments: &TagArguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let _lock = if arguments.changes.is_empty() { None } else { Some(session.lock()?) };
    let mut about = About::read(&session.folder)?;
    for change in &arguments.changes {
        if let Some(tag) = change.strip_prefix('+') {
            about.add_tag(&checked(Written::Tag, tag)?);
        } else if let Some(tag) = change.strip_prefix('-') {
            let tag = checked(Written::Tag, tag)?;
            if !about.remove_tag(&tag) {
                bail!("{} has no tag \"{tag}\"; `viva sessions tag {}` lists those it has", session.id(), session.id());
            }
        } else {
            bail!("\"{change}\" says neither to put a tag on nor to take one off; write +{change} or -{change}");
        }
    }
    if !arguments.changes.is_empty() {
        about.write(&session.folder)?;
    }
    if arguments.json {
        return print_json(&about.tags);
    }
    if about.tags.is_empty() {
        talk(&format!("{} has no tags; `viva sessions tag {} +first-try` puts one on", session.id(), session.id()));
    }
    for tag in &about.tags {
        print(&format!("{tag}\n"));
    }
    Ok(())
}

pub fn note(arguments: &NoteArguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let _lock = arguments.text.is_some().then(|| session.lock()).transpose()?;
    let mut about = About::read(&session.folder)?;
    if let Some(text) = &arguments.text {
        let text = checked(Written::Note, text)?;
        let place = match arguments.question {
            None => None,
            Some(question) => {
                let answers = chosen(&session, Some(question), arguments.take)?;
                let answer = answers.last();
                if let Some((at, length)) = arguments.at.zip(answer.and_then(|a| a.capture.as_ref()).map(|c| c.duration)).filter(|(at, l)| at > l) {
                    bail!("the answer is {length} long, and {at} is past its end; choose an earlier time");
                }
                answer.map(|a| NotePlace { question, take: a.files.take, at: arguments.at })
            }
        };
        about.notes.push(Note { written: Timestamp::now(), text, place });
        about.write(&session.folder)?;
        talk(&format!("noted; `viva sessions note {}` lists the notes", session.id()));
    }
    if arguments.json {
        return print_json(&about.notes);
    }
    if arguments.text.is_none() {
        if about.notes.is_empty() {
            talk(&format!("{} has no notes; `viva sessions note {} \"TEXT\"` writes one", session.id(), session.id()));
        }
        for note in &about.notes {
            print(&format!("{}{}\n", place(note), note.text));
        }
    }
    Ok(())
}

fn place(note: &Note) -> String {
    let Some(NotePlace { question, take, at }) = note.place else { return String::new() };
    let at = at.map_or(String::new(), |at| format!(", {at}"));
    format!("question {question}, take {take}{at}: ")
}
