//! What a page of a session is made from, read once: for `viva review`, which serves it, and `viva export`, which writes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::redact::Field;
use super::sessions::SessionJson;
use super::{answers, note, noted, talk};
use crate::coach::rating::OwnRating;
use crate::coach::{self, Notes};
use crate::measure::Delivery;
use crate::measure::baseline::Baseline;
use crate::page::{Place, Private, Review, Sound, Take};
use crate::privacy::{Redaction, silence};
use crate::progress::Progress;
use crate::question::bank::Bank;
use crate::review::table::Row;
use crate::score::Part;
use crate::settings::Settings;
use crate::sound::{Clip, Span, flac, outline, resample, source};
use crate::store::Session;
use crate::store::about::About;
use crate::store::session::Answer;
use crate::transcribe::Transcript;

/// Columns of a waveform.
const COLUMNS: usize = 800;

/// A session with what stands beside it.
pub struct Reviewed {
    pub name: String,
    pub session: Session,
    pub answers: Vec<Answer>,
    pub sha256: String,
    about: About,
    notes: Vec<Notes>,
    own: BTreeMap<(usize, usize), OwnRating>,
    delivery: Delivery,
    competencies: BTreeMap<String, String>,
}

/// What is for the user's own eyes.
#[derive(Clone, Copy, Default)]
pub struct Aside<'a> {
    pub private: &'a [Private],
    pub progress: Option<&'a Progress>,
}

/// The sounds of a take: of the answer, and of what was said when asked back.
pub type Sounds = [Option<Sound>; 2];

impl Reviewed {
    /// # Errors
    /// The question is not in the session, or nothing of it can be read.
    pub fn read(session: Session, question: Option<usize>, bank: &Bank, settings: &Settings) -> anyhow::Result<Self> {
        let mut answers = answers(&session);
        answers.retain(|a| question.is_none_or(|q| a.number == q));
        if answers.is_empty() {
            let what = question.map_or("no answer that can be read".to_owned(), |q| format!("no answer to a question {q}"));
            bail!("{} has {what}; `viva sessions list` shows what was recorded", session.id());
        }
        let competencies = bank.competencies().map(|c| (c.id.clone(), c.name.clone())).collect();
        let delivery = session.record.delivery.clone().unwrap_or_else(|| settings.preferences.delivery.clone());
        let sha256 = coach::page_sha256(&session.folder)?;
        let about = noted(About::read(&session.folder));
        let (notes, problems) = coach::of(&session);
        note(&problems);
        let own = answers.iter().filter_map(|a| Some(((a.number, a.files.take), noted(OwnRating::read(&a.files))?))).collect();
        Ok(Self { name: session.id(), session, answers, sha256, about, notes, own, delivery, competencies })
    }

    /// What people wrote about the session: title, tags, notes, coaches' notes, questions of the user's own.
    #[must_use]
    pub fn written(&self, field: &Field) -> Vec<String> {
        let tags = self.about.tags.iter().map(|t| t.replace('-', " "));
        let notes = self.about.notes.iter().map(|n| n.text.clone());
        let coaches = self.notes.iter().flat_map(|c| c.notes.iter().map(|n| n.text.clone()));
        let questions = self.answers.iter().map(|a| &a.question).filter(|q| !field.is_built_in(q)).map(|q| q.text.clone());
        self.about.title.iter().cloned().chain(tags).chain(notes).chain(coaches).chain(questions).collect()
    }

    /// Masks what is to be masked, in everything that people said and wrote; for each answer the stretches of its two recordings to silence, None
    /// where its words are not there, and so nothing can be said of what is heard in it.
    ///
    /// # Errors
    /// Something that was masked still stands somewhere.
    pub fn redact(&mut self, redaction: &Redaction) -> anyhow::Result<Vec<[Option<Vec<Span>>; 2]>> {
        let mut silences = Vec::new();
        for answer in &mut self.answers {
            let silent = |t: Option<&Transcript>| t.map(|t| redaction.silences(t));
            let added = answer.follow_up.as_ref().and_then(|f| f.transcript.as_ref());
            silences.push([silent(answer.transcript.as_ref()), silent(added)]);
            answer.transcript = answer.transcript.as_ref().map(|t| redaction.transcript(t));
            // a report quotes words that nobody can look at any more
            let read = answer.is_written_down();
            answer.report = answer.report.as_ref().filter(|_| read).map(|r| masked(r, redaction)).transpose()?;
            answer.question = masked(&answer.question, redaction)?;
            if let Some(added) = &mut answer.follow_up {
                added.asked = masked(&added.asked, redaction)?;
                added.transcript = added.transcript.as_ref().map(|t| redaction.transcript(t));
            }
        }
        (self.about, self.notes) = (masked(&self.about, redaction)?, masked(&self.notes, redaction)?);
        let said = self.answers.iter().map(|a| (&a.question, &a.transcript, a.follow_up.as_ref().map(|f| (&f.asked, &f.transcript)), &a.report));
        let said: Vec<_> = said.collect();
        let left = redaction.leaks(&serde_json::to_string(&(said, &self.about, &self.notes))?);
        if !left.is_empty() {
            bail!("\"{}\" could not be masked everywhere, so nothing was written; leave it out with --keep", left.join("\", \""));
        }
        Ok(silences)
    }

    /// What could say who a patient is.
    #[must_use]
    pub fn private(&self, field: &Field) -> Vec<Private> {
        let part = |follow_up| if follow_up { Part::FollowUp } else { Part::Answer };
        let flagged = field.flagged(&self.answers, &[]).into_iter();
        flagged.map(|f| Private { number: f.question, take: f.take, part: part(f.follow_up), finding: f.finding }).collect()
    }

    /// What the user says of the session.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// A line of a table for each answer.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        self.answers.iter().map(|answer| Row::of(&self.name, &self.session.record, &self.about, answer))
    }

    /// As data: what `viva sessions show --json` prints.
    pub fn as_data(&self) -> SessionJson<'_> {
        SessionJson::of(&self.session, &self.about, &self.answers)
    }

    /// With these sounds, a pair for each answer, beside what is usual. Who judges for themselves, a coach, is not to know how others did.
    #[must_use]
    pub fn review<'a>(&'a self, sounds: Vec<Sounds>, usual: &'a Baseline, coach: bool, aside: Aside<'a>) -> Review<'a> {
        let takes = self.answers.iter().zip(sounds).map(|(answer, [sound, follow_up_sound])| Take { answer, sound, follow_up_sound });
        Review {
            name: &self.name,
            sha256: &self.sha256,
            record: &self.session.record,
            takes: takes.collect(),
            usual,
            delivery: &self.delivery,
            title: self.about.title.as_deref(),
            tags: &self.about.tags,
            own_notes: if coach { &[] } else { &self.about.notes },
            notes: if coach { &[] } else { &self.notes },
            own: Some(&self.own).filter(|_| !coach),
            private: aside.private,
            progress: aside.progress,
            competencies: &self.competencies,
            coach,
        }
    }

    /// Whether a recording lies in the session: a link in one that came from elsewhere could lead to any file of this machine.
    fn is_own(&self, recording: &Path) -> bool {
        let (own, recording) = (self.session.folder.canonicalize(), recording.canonicalize());
        own.is_ok_and(|own| recording.is_ok_and(|recording| recording.starts_with(own)))
    }

    /// For each answer what `of` makes of its recordings, those that are there, several at once; what cannot be read is left out, with a word to the
    /// person. It is told which answer, and which part (0 or 1).
    pub fn sounds(&self, of: impl Fn(&Path, [usize; 2]) -> anyhow::Result<Option<Sound>> + Sync) -> Vec<Sounds> {
        let one = |answer: usize, part: usize, file: Option<PathBuf>| match file.filter(|f| f.exists()) {
            None => Ok(None),
            Some(file) if self.is_own(&file) => of(&file, [answer, part]),
            Some(file) => bail!("{} is a link out of the session, and is not followed", file.display()),
        };
        let both = |(i, a): (usize, &Answer)| rayon::join(|| one(i, 0, Some(a.files.sound())), || one(i, 1, follow_up(a)));
        let made: Vec<_> = self.answers.par_iter().enumerate().map(both).collect();
        let left_out = |Answer { number, files, .. }: &Answer, problem| {
            talk(&format!("note: the page is without the sound of question {number}, take {}: {problem}", files.take));
            None
        };
        let sound = |answer, made: anyhow::Result<Option<Sound>>| made.unwrap_or_else(|problem| left_out(answer, problem));
        self.answers.iter().zip(made).map(|(answer, (first, second))| [sound(answer, first), sound(answer, second)]).collect()
    }

    /// The recordings that are there, and lie in the session.
    pub fn recordings(&self) -> impl Iterator<Item = PathBuf> {
        self.answers.iter().flat_map(|a| std::iter::once(a.files.sound()).chain(follow_up(a))).filter(|f| self.is_own(f))
    }
}

fn follow_up(answer: &Answer) -> Option<PathBuf> {
    answer.follow_up.as_ref().map(|f| f.files.sound())
}

/// A sound that lies beside the page.
pub fn beside(file: &Path, address: String) -> anyhow::Result<Sound> {
    Ok(Sound { place: Place::Beside(address), peaks: outline::of(&source::read_take(file)?, COLUMNS) })
}

/// A sound to stand in the page: at 16 kHz, which holds all of speech that the program hears. These stretches are made silent.
pub fn within(file: &Path, silent: &[Span]) -> anyhow::Result<Sound> {
    let mut clip: Clip = source::read_take(file)?;
    silence(&mut clip.samples, clip.rate, silent);
    let clip = if clip.rate == resample::WHISPER_RATE { clip } else { resample::resample(&clip, resample::WHISPER_RATE)? };
    Ok(Sound { peaks: outline::of(&clip, COLUMNS), place: Place::Within(flac::encode(&clip)?) })
}

/// A value with all its text masked.
fn masked<T: Serialize + DeserializeOwned>(value: &T, redaction: &Redaction) -> anyhow::Result<T> {
    let mut json = serde_json::to_value(value)?;
    redaction.value(&mut json);
    serde_json::from_value(json).context("what is masked can no longer be read; leave out with --keep what is no name")
}
