//! What a session has left undone, or all of it again.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};

use super::super::delivery::DeliveryArguments;
use super::super::scorer::ScoringArguments;
use super::super::{NOT_DONE, answers, engine, print, questions, scorer, talk};
use super::{Arguments, words_to_know};
use crate::interview;
use crate::measure::{Delivery, Marks};
use crate::models::{Installed, ModelError};
use crate::report::{Against, FollowUp, Recorded};
use crate::review;
use crate::score::Scorer;
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::sound::{Millis, Profile, SoundError, wav};
use crate::stop::Stop;
use crate::store::session::{self, Answer, AskedBack, Session};
use crate::store::{AnswerFiles, read_json, write_json};
use crate::transcribe::process::Process;
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::{Recogniser, Transcript, recording};

/// What of a session is to be done, and with what.
pub struct Wish<'a> {
    /// Also where it is done already.
    pub again: bool,
    pub as_heard: bool,
    /// None for the one that the session was made with.
    pub model: Option<&'a str>,
    pub vocabulary: Option<&'a Path>,
    pub delivery: &'a DeliveryArguments,
    pub scoring: &'a ScoringArguments,
}

/// Transcribes and reports every take of a session that has sound and no report, or every one that has sound.
pub(super) fn finish(wanted: &str, arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let (session, _lock) = session::find_to_write(&settings.folders.sessions, wanted)?;
    let Arguments { again, as_heard, delivery, scoring, .. } = arguments;
    let (model, vocabulary) = (arguments.model.as_deref(), arguments.vocabulary.as_deref());
    let wish = Wish { again: *again, as_heard: *as_heard, model, vocabulary, delivery, scoring };
    let done = finish_all(&session, &wish, settings)?;
    if done == Done::default() {
        talk(&format!("nothing is left to do in {}", session.id()));
        return Ok(ExitCode::SUCCESS);
    }
    print(&review::summary(&session.id(), &answers(&session)));
    Ok(if done.failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// How many takes are done now, and how many could not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub finished: usize,
    pub failed: usize,
}

/// Does what is wished, take by take, and says so. The lock of the session is the caller's.
pub fn finish_all(session: &Session, wish: &Wish, settings: &Settings) -> anyhow::Result<Done> {
    let anew = wish.again || wish.as_heard;
    let to_do = |a: &Answer| a.is_unfinished() || (anew && a.files.sound().exists());
    let unfinished: Vec<Answer> = answers(session).into_iter().filter(to_do).collect();
    if unfinished.is_empty() {
        return Ok(Done::default());
    }
    let bank = questions::load(settings)?;
    let role = bank.roles().find(|s| s.id == session.record.role);
    let vocabulary = words_to_know(wish.as_heard, wish.vocabulary, session.record.vocabulary.as_deref(), &bank, role, settings)?;
    let (delivery, scorer) = (wish.delivery.settled(settings, Some(session)), scorer::load(wish.scoring, &bank, settings)?);
    let mut finisher = Finisher { session, wish, settings, vocabulary, delivery, scorer, engine: None };
    let mut done = Done::default();
    for answer in &unfinished {
        match finisher.finish(answer) {
            Ok(()) => {
                done.finished += 1;
                talk(&format!("finished: question {}, take {}", answer.number, answer.files.take));
            }
            Err(e) => {
                done.failed += 1;
                talk(&format!("error: question {}, take {}: {e}", answer.number, answer.files.take));
            }
        }
    }
    Ok(done)
}

struct Finisher<'a> {
    session: &'a Session,
    wish: &'a Wish<'a>,
    settings: &'a Settings,
    vocabulary: Vocabulary,
    delivery: Delivery,
    scorer: Scorer,
    /// Only loaded where words are missing.
    engine: Option<Process>,
}

impl Finisher<'_> {
    /// Does what is missing of one take.
    fn finish(&mut self, answer: &Answer) -> anyhow::Result<()> {
        let lost = answer.capture.as_ref().map_or(0, |c| c.frames_lost);
        if lost > 0 && wav::duration(&answer.files.sound()).unwrap_or_default() == Millis(0) {
            bail!("the recording is empty, and all that was recorded is lost; bring {} back from a copy", answer.files.sound().display());
        }
        let (transcript, profile) = self.heard(&answer.files, answer.transcript.as_ref())?;
        let added = match &answer.follow_up {
            Some(added) => Some((&added.asked, self.heard(&added.files, added.transcript.as_ref())?)),
            None => None,
        };
        report_on(self.session, answer, &(transcript, profile), added.as_ref().map(|(asked, heard)| (*asked, heard)), (&self.delivery, &self.scorer))
    }

    /// Words and profile of a take; the words are written down where they are missing.
    fn heard(&mut self, files: &AnswerFiles, written: Option<&Transcript>) -> anyhow::Result<(Transcript, Profile)> {
        let mut source = match Source::open(&files.sound()) {
            // a take without a single sample is one in which nothing was said
            Err(SoundError::Empty(_)) => None,
            source => Some(source?),
        };
        let written = written.filter(|_| !self.wish.again).cloned();
        let written = written.map(|t| if self.wish.as_heard { t.as_heard() } else { t });
        let is_new = written.is_none() || self.wish.as_heard;
        let (transcript, profile) = match (&mut source, written) {
            (Some(source), Some(written)) => (written, recording::profile(source)?),
            (None, Some(written)) => (written, Profile { digital_silence: true, ..Profile::default() }),
            (Some(source), None) => {
                let engine = match &mut self.engine {
                    Some(engine) => engine,
                    empty => empty.insert(engine::load(engine_of(self.session, self.wish.model, self.settings)?, &Stop::default())?),
                };
                recording::transcribe(source, engine, &self.vocabulary, &|_| ())?
            }
            (None, None) => {
                let engine = self.engine.as_ref().map_or_else(|| self.session.record.engine.clone(), |e| e.engine().clone());
                let profile = Profile { digital_silence: true, ..Profile::default() };
                (Transcript::new(engine, profile.duration, Vec::new()), profile)
            }
        };
        if is_new {
            write_json(&files.transcript(), &transcript)?;
        }
        Ok((transcript, profile))
    }
}

/// Keeps what the user has said of a take, and makes its report anew from its recording and its transcript as it stands.
pub fn remake(session: &Session, answer: &Answer, marks: &Marks, terms: (&Delivery, &Scorer)) -> anyhow::Result<()> {
    let heard = |files: &AnswerFiles, transcript: Option<&Transcript>| {
        let transcript = transcript.cloned().context("the words of this answer are not written down yet; `viva analyze --session` does that")?;
        let profile = match Source::open(&files.sound()) {
            Err(SoundError::Empty(_)) => Profile { digital_silence: true, ..Profile::default() },
            source => recording::profile(&mut source?)?,
        };
        anyhow::Ok((transcript, profile))
    };
    let added = answer.follow_up.as_ref().map(|f| anyhow::Ok((&f.asked, heard(&f.files, f.transcript.as_ref())?))).transpose()?;
    let answered = heard(&answer.files, answer.transcript.as_ref())?;
    // where the sound is gone the report cannot change, and must not be told another thing than is marked
    write_json(&answer.files.marks(), marks)?;
    report_on(session, answer, &answered, added.as_ref().map(|(asked, heard)| (*asked, heard)), terms)
}

fn report_on(
    session: &Session,
    answer: &Answer,
    (transcript, profile): &(Transcript, Profile),
    added: Option<(&AskedBack, &(Transcript, Profile))>,
    (delivery, scorer): (&Delivery, &Scorer),
) -> anyhow::Result<()> {
    let follow_up =
        added.map(|(asked, (transcript, profile))| FollowUp { criterion: &asked.criterion, recorded: Recorded { profile, transcript, marks: None } });
    let marks = read_json(&answer.files.marks())?;
    let recorded = Recorded { profile, transcript, marks: marks.as_ref() };
    let against = Against { question: Some(&answer.question), delivery, scorer, demonstration: session.record.demonstration };
    interview::finish(&answer.files, recorded, follow_up, against)?;
    Ok(())
}

/// The model that was named, or the one that the session was made with: by its name, or else the file itself.
fn engine_of(session: &Session, named: Option<&str>, settings: &Settings) -> anyhow::Result<Installed> {
    if let Some(named) = named {
        return Ok(engine::choose(Some(named), settings)?);
    }
    let record = &session.record;
    match engine::choose(Some(&record.engine.model), settings) {
        Err(ModelError::Unknown { .. }) => Ok(engine::choose(record.model_file.to_str(), settings)?),
        found => Ok(found?),
    }
}
