//! `viva coach`: what a coach wrote in a review page comes back into its session, and is held against the program and the candidate.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use super::analyze::session::remake;
use super::delivery::DeliveryArguments;
use super::{NOT_DONE, answers, note, print, print_json, questions, scorer, talk};
use crate::coach::notes::{FillerVerdict, Notes, Verdict};
use crate::coach::plain::quoted;
use crate::coach::reference::{self, ReferenceProblem};
use crate::coach::saved::{Cleaned, NotesProblem};
use crate::coach::{self, calibrate, gathered, merge};
use crate::measure::Marks;
use crate::review;
use crate::score::Part;
use crate::settings::Settings;
use crate::store::read_json;
use crate::store::session::{self, Answer, Session};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Take in the notes that coaches wrote in a review page
    Import(ImportArguments),
    /// Show the notes of all coaches on a session, and their ratings beside the program's and your own
    Show {
        /// Its name, the beginning of it, or "last"
        #[arg(default_value = "last")]
        session: String,
        #[arg(long)]
        json: bool,
    },
    /// How well you, your coaches and the program agree, over all sessions
    Calibrate {
        /// Only sessions for this job, by its short name or in full
        #[arg(long)]
        role: Option<String>,
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Args)]
pub struct ImportArguments {
    /// The files that the review page saved
    #[arg(required = true, value_name = "NOTES.json")]
    files: Vec<PathBuf>,
    /// The session that they are about, where its folder was renamed
    #[arg(long)]
    session: Option<String>,
    /// Who wrote them, where the file does not say
    #[arg(long, value_name = "NAME")]
    coach: Option<String>,
    /// What a coach calls no filler is counted as none from now on; the report is made anew
    #[arg(long)]
    apply_fillers: bool,
    #[command(flatten)]
    delivery: DeliveryArguments,
    #[command(flatten)]
    scoring: scorer::ScoringArguments,
}

pub fn run(command: &Command, settings: &Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Import(arguments) => return import_all(arguments, settings),
        Command::Show { session, json } => {
            let session = session::find(&settings.folders.sessions, session)?;
            let (notes, unread) = coach::of(&session);
            let (gathered, damaged) = gathered::gather(&session, &answers(&session), &notes);
            note(unread.iter().chain(&damaged));
            if *json { print_json(&gathered)? } else { print(&review::coached(&gathered)) }
        }
        Command::Calibrate { role, json } => {
            let role = role.as_deref().map(|r| role_id(r, settings)).transpose()?;
            let (judged, problems) = calibrate::judged(&settings.folders.sessions, role.as_deref())?;
            note(&problems);
            let found = calibrate::calibrate(&judged);
            if *json { print_json(&found)? } else { print(&review::calibration(&found)) }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The short name of a role, of the question bank or of one that was only practised.
fn role_id(typed: &str, settings: &Settings) -> anyhow::Result<String> {
    let (sessions, _) = session::list(&settings.folders.sessions)?;
    let practised = sessions.iter().map(|s| &s.record).find(|r| r.role == typed || r.role_name.eq_ignore_ascii_case(typed));
    if let Some(record) = practised {
        return Ok(record.role.clone());
    }
    let bank = questions::load(settings)?;
    Ok(questions::named_role(&bank, Some(typed), None, settings)?.map_or_else(|| typed.to_owned(), |set| set.id.clone()))
}

/// Takes in one file after the other: one that is refused stops no other.
fn import_all(arguments: &ImportArguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut refused = Vec::new();
    for file in &arguments.files {
        if let Err(e) = import(file, arguments, settings) {
            refused.push(e);
        }
    }
    if refused.len() == 1 && arguments.files.len() == 1 {
        return Err(refused.remove(0));
    }
    for e in &refused {
        talk(&format!("error: {e}"));
    }
    match refused.len() {
        0 => Ok(ExitCode::SUCCESS),
        all if all == arguments.files.len() => Ok(ExitCode::from(super::SET_UP)),
        _ => Ok(ExitCode::from(NOT_DONE)),
    }
}

fn import(file: &Path, arguments: &ImportArguments, settings: &Settings) -> anyhow::Result<()> {
    let name = file.display();
    let refused = |e: NotesProblem| anyhow::anyhow!("{name} {e}");
    let Cleaned { mut notes, left_out } = Notes::read(file).map_err(refused)?;
    if notes.coach.is_empty() {
        notes.coach = arguments.coach.as_deref().map(coach::saved::name).transpose().map_err(refused)?.unwrap_or_default();
    }
    let session = session_of(&notes, arguments.session.as_deref(), settings, &refused)?;
    let _lock = session.lock()?;
    let answers = answers(&session);
    reference::check(&notes, &session, &answers).map_err(|e| refused(e.into()))?;
    let page = coach::page_sha256(&session.folder).with_context(|| format!("{} cannot be read", session.folder.display()))?;
    let made_anew = notes.page_sha256 != page;
    let unwanted: Vec<FillerVerdict> = notes.fillers.iter().filter(|f| f.verdict == Verdict::None).cloned().collect();
    let stored = merge::store(&session, notes)?;

    let kept = &stored.merged;
    let who = kept.notes.name();
    talk(&match (stored.changed, kept.added) {
        (false, _) => format!("{name}: everything in it is there already; nothing was changed"),
        (true, added) => {
            let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
            let (ratings, marks) = (count(kept.notes.ratings.len(), "rating"), count(kept.notes.fillers.len(), "mark"));
            format!("{name}: {} by {who}, kept with {}; of {who} there are {ratings} and {marks} on fillers now", count(added, "note"), session.id())
        }
    });
    if kept.notes.coach.is_empty() {
        talk("note: the file does not say who wrote it; say so with --coach, so that the notes of two coaches are not taken for those of one");
    }
    if left_out > 0 {
        talk(&format!("note: {left_out} invisible characters were left out of the texts"));
    }
    if made_anew {
        talk("note: words or reports of this session were made anew since the page was written: places in time hold, the program's levels may not");
    }
    if !kept.kept.is_empty() {
        talk(&format!("note: {} was rated otherwise before the program's scores were shown; the first rating stays", takes(&kept.kept)));
    }
    if !kept.late.is_empty() {
        talk(&format!("note: {} was rated after this coach had seen the program's scores, and is kept as such", takes(&kept.late)));
    }
    fillers(&session, &answers, &unwanted, arguments, settings)
}

/// The session that the notes are about: the one that was named, or else the one of their own name, by its whole name and nothing else.
fn session_of(notes: &Notes, named: Option<&str>, settings: &Settings, refused: &dyn Fn(NotesProblem) -> anyhow::Error) -> anyhow::Result<Session> {
    let sessions = &settings.folders.sessions;
    let own = session::list(sessions)?.0.into_iter().find(|s| s.id() == notes.session);
    let said = quoted(&notes.session);
    match (named, own) {
        (None, Some(own)) => Ok(own),
        (None, None) => Err(refused(ReferenceProblem::NoSession(said).into())),
        (Some(named), own) => {
            let named = session::find(sessions, named)?;
            match own {
                Some(own) if own.id() != named.id() => Err(refused(ReferenceProblem::OtherSession(said).into())),
                _ => Ok(named),
            }
        }
    }
}

fn takes(takes: &[merge::Take]) -> String {
    takes.iter().map(|(question, take)| format!("question {question}, take {take}")).collect::<Vec<_>>().join("; ")
}

/// What a coach calls no filler becomes a mark, or the way to make it one is told.
fn fillers(
    session: &Session,
    answers: &[Answer],
    unwanted: &[FillerVerdict],
    arguments: &ImportArguments,
    settings: &Settings,
) -> anyhow::Result<()> {
    for answer in answers {
        let (question, take) = (answer.number, answer.files.take);
        let of_take = unwanted.iter().filter(|f| f.question == question && f.take == take);
        let (asked_back, of_answer): (Vec<_>, Vec<_>) = of_take.partition(|f| f.part == Part::FollowUp);
        if !asked_back.is_empty() {
            talk(&format!("note: in what was said when asked back (question {question}, take {take}), fillers stay as they are counted"));
        }
        let mut marks: Marks = read_json(&answer.files.marks())?.unwrap_or_default();
        let counted = answer.report.as_ref().and_then(|r| r.measures.fillers.as_ref()).map(|f| f.found.as_slice()).unwrap_or_default();
        // only what the report counts as one can be none
        let to_mark: Vec<_> =
            of_answer.into_iter().filter(|f| !marks.not_fillers.contains(&f.span()) && counted.iter().any(|c| c.span == f.span())).collect();
        if to_mark.is_empty() {
            continue;
        }
        if arguments.apply_fillers {
            let scorer = scorer::load(&arguments.scoring, &questions::load(settings)?, settings)?;
            marks.not_fillers.extend(to_mark.iter().map(|f| f.span()));
            remake(session, answer, &marks, (&arguments.delivery.settled(settings, Some(session)), &scorer))?;
            for filler in to_mark {
                talk(&format!("\"{}\" at {} is no longer counted as a filler", filler.text, filler.at_ms.precise()));
            }
        } else {
            talk(&format!("The coach hears no filler in {} of question {question}, take {take}. To have them counted no more:", some(to_mark.len())));
            for filler in to_mark {
                let at = filler.at_ms.precise();
                talk(&format!("  viva sessions not-a-filler {} --question {question} --take {take} --at {at}", session.id()));
            }
            talk("or import the file again with --apply-fillers");
        }
    }
    Ok(())
}

fn some(n: usize) -> String {
    if n == 1 { "1 place".to_owned() } else { format!("{n} places") }
}
