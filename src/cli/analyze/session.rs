//! What a session has left undone, or all of it again.

use std::process::ExitCode;

use anyhow::Context;

use super::super::{NOT_DONE, answers, engine, print, questions, scorer, talk};
use super::{Arguments, words_to_know};
use crate::interview;
use crate::measure::Delivery;
use crate::models::{Installed, ModelError};
use crate::report::{Against, FollowUp, Recorded};
use crate::review;
use crate::score::Scorer;
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::sound::{Profile, SoundError};
use crate::stop::Stop;
use crate::store::session::{self, Answer, AskedBack, Session};
use crate::store::{AnswerFiles, read_json, write_json};
use crate::transcribe::process::Process;
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::{Recogniser, Transcript, recording};

/// Transcribes and reports every take of a session that has sound and no report, or every one that has sound.
pub(super) fn finish(wanted: &str, arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let session = session::find(&settings.folders.sessions, wanted)?;
    let anew = arguments.again || arguments.as_heard;
    let to_do = |a: &Answer| a.is_unfinished() || (anew && a.files.sound().exists());
    let unfinished: Vec<Answer> = answers(&session).into_iter().filter(to_do).collect();
    if unfinished.is_empty() {
        talk(&format!("nothing is left to do in {}", session.id()));
        return Ok(ExitCode::SUCCESS);
    }
    let bank = questions::load(settings)?;
    let role = bank.roles().find(|s| s.id == session.record.role);
    let vocabulary = words_to_know(arguments, session.record.vocabulary.as_deref(), &bank, role, settings)?;
    let mut finisher = Finisher {
        session: &session,
        arguments,
        settings,
        vocabulary,
        delivery: arguments.delivery.settled(settings, Some(&session)),
        scorer: scorer::load(&arguments.scoring, &bank, settings)?,
        engine: None,
    };
    let mut failed = 0;
    for answer in &unfinished {
        match finisher.finish(answer) {
            Ok(()) => talk(&format!("finished: question {}, take {}", answer.number, answer.files.take)),
            Err(e) => {
                failed += 1;
                talk(&format!("error: question {}, take {}: {e}", answer.number, answer.files.take));
            }
        }
    }
    print(&review::summary(&session.id(), &answers(&session)));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

struct Finisher<'a> {
    session: &'a Session,
    arguments: &'a Arguments,
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
        let written = written.filter(|_| !self.arguments.again).cloned();
        let written = written.map(|t| if self.arguments.as_heard { t.as_heard() } else { t });
        let is_new = written.is_none() || self.arguments.as_heard;
        let (transcript, profile) = match (&mut source, written) {
            (Some(source), Some(written)) => (written, recording::profile(source)?),
            (None, Some(written)) => (written, Profile { digital_silence: true, ..Profile::default() }),
            (Some(source), None) => {
                let engine = match &mut self.engine {
                    Some(engine) => engine,
                    empty => empty.insert(engine::load(engine_of(self.session, self.arguments, self.settings)?, &Stop::default())?),
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

/// Makes the report of a take anew from its recording and its transcript as it stands, with what the user has said of it since.
pub fn remake(session: &Session, answer: &Answer, terms: (&Delivery, &Scorer)) -> anyhow::Result<()> {
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
fn engine_of(session: &Session, arguments: &Arguments, settings: &Settings) -> anyhow::Result<Installed> {
    if let Some(named) = &arguments.model {
        return Ok(engine::choose(Some(named), settings)?);
    }
    let record = &session.record;
    match engine::choose(Some(&record.engine.model), settings) {
        Err(ModelError::Unknown { .. }) => Ok(engine::choose(record.model_file.to_str(), settings)?),
        found => Ok(found?),
    }
}
