//! `viva sessions play`: whole answers, or one place of one.

use anyhow::{Context, bail};

use super::super::talk;
use super::{chosen, clock};
use crate::review::place::{self, Found, Place, PlaceError};
use crate::score::Part;
use crate::settings::Settings;
use crate::sound::device::{self, Direction};
use crate::sound::{Millis, source};
use crate::speak::Speaker;
use crate::speak::loudspeaker::Loudspeaker;
use crate::stop::Stop;
use crate::store::session::{self, Answer};

#[derive(clap::Args)]
pub struct Arguments {
    /// Its name, the beginning of it, or "last"
    #[arg(default_value = "last")]
    session: String,
    /// Only this question of the session (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    question: Option<usize>,
    /// Only this take
    #[arg(long, value_name = "NUMBER")]
    take: Option<usize>,
    #[command(flatten)]
    place: PlaceArguments,
    /// How many seconds to play from there
    #[arg(long = "for", value_name = "SECONDS", requires = "at", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// The loudspeaker, by its name or a part of it
    #[arg(long, value_name = "DEVICE")]
    output: Option<String>,
}

#[derive(clap::Args)]
#[group(multiple = false)]
struct PlaceArguments {
    /// From this time on, such as 1:12
    #[arg(long, value_name = "TIME", value_parser = clock)]
    at: Option<Millis>,
    /// A filler, by its number in the report's order (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    filler: Option<usize>,
    /// A pause, by its number in their order (1 for the first)
    #[arg(long, value_name = "NUMBER")]
    pause: Option<usize>,
    /// The words that prove a point, by its id
    #[arg(long, value_name = "ID")]
    point: Option<String>,
    /// Words of the transcript
    #[arg(long, value_name = "WORDS")]
    quote: Option<String>,
}

impl Arguments {
    fn place(&self) -> Option<Place<'_>> {
        let PlaceArguments { at, filler, pause, point, quote } = &self.place;
        let at = at.map(|at| Place::At(at, Millis(self.seconds * 1_000)));
        let counted = filler.map(Place::Filler).or(pause.map(Place::Pause));
        at.or(counted).or(point.as_deref().map(Place::Point)).or(quote.as_deref().map(Place::Quote))
    }
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<()> {
    let session = session::find(&settings.folders.sessions, &arguments.session)?;
    let mut answers = chosen(&session, arguments.question, arguments.take)?;
    // what is wrong with the place is said before a device is opened
    let places = match arguments.place() {
        None => Vec::new(),
        Some(place) => {
            let (number, found) = in_one_of(&answers, place, arguments.question.is_some())?;
            answers = vec![answers.swap_remove(number)];
            vec![found]
        }
    };
    let wanted = arguments.output.as_deref().or(settings.preferences.output.as_deref());
    let mut speaker = Loudspeaker::new(device::find(Direction::Output, wanted)?);
    let is_there = |answer: &&Answer| answer.files.sound().exists();
    if !answers.iter().any(|a| is_there(&a)) {
        bail!("no sound is left of this; its words are in `viva sessions show {}`", session.id());
    }
    for Answer { number, files, .. } in answers.iter().filter(|a| !is_there(a)) {
        talk(&format!("note: the sound of question {number}, take {} is not there any more", files.take));
    }
    for answer in answers.iter().filter(is_there) {
        match places.first() {
            Some(found) => play_place(answer, found, &mut speaker)?,
            None => play(answer, &mut speaker)?,
        }
    }
    Ok(())
}

/// The answer that the place is in, by its place in the list, and where: of each question the last take. What was said (a point, a quote) is looked for in
/// all of them; a time or a number means something in one answer only, which must be named where there are several.
fn in_one_of(answers: &[Answer], place: Place, named: bool) -> anyhow::Result<(usize, Found)> {
    let last = |at: &usize| answers.get(at + 1).is_none_or(|next| next.number != answers[*at].number);
    let last_takes: Vec<usize> = (0..answers.len()).filter(last).collect();
    let said = matches!(place, Place::Point(_) | Place::Quote(_));
    if !said && last_takes.len() > 1 && !named {
        bail!("this session has {} questions; say in which of them with --question", last_takes.len());
    }
    let found: Vec<(usize, Result<Found, PlaceError>)> = last_takes.into_iter().map(|at| (at, place::find(&answers[at], place))).collect();
    let best = found.iter().position(|(_, f)| f.is_ok()).or_else(|| found.iter().position(|(_, f)| matches!(f, Err(PlaceError::NotFound { .. }))));
    let (at, found) = found.into_iter().nth(best.unwrap_or(0)).context("nothing was recorded in this session")?;
    Ok((at, found?))
}

fn play_place(answer: &Answer, found: &Found, speaker: &mut Loudspeaker) -> anyhow::Result<()> {
    let (files, asked_back) = match found.part {
        Part::Answer => (answer.files.clone(), ""),
        Part::FollowUp => (answer.files.follow_up(), ", when asked back"),
    };
    let clip = source::read_take(&files.sound())?.stretch(found.span);
    let (start, end) = (found.span.start, found.span.start + clip.duration());
    talk(&format!("Question {}, take {}{asked_back}, {} to {}: {}", answer.number, answer.files.take, start.precise(), end.precise(), found.what));
    speaker.play(&clip, &Stop::default())?;
    Ok(())
}

fn play(answer: &Answer, speaker: &mut Loudspeaker) -> anyhow::Result<()> {
    let clip = source::read_take(&answer.files.sound())?;
    talk(&format!("Question {}, take {}, {}: {}", answer.number, answer.files.take, clip.duration(), answer.question.text));
    speaker.play(&clip, &Stop::default())?;
    if let Some(added) = answer.follow_up.as_ref().filter(|added| added.files.sound().exists()) {
        talk(&format!("Asked back: {}", added.asked.text));
        speaker.play(&source::read_take(&added.files.sound())?, &Stop::default())?;
    }
    Ok(())
}
