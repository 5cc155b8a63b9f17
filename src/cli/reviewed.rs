//! What a page of a session is made from, read once: for `viva review`, which serves it, and `viva export`, which writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::sessions::SessionJson;
use super::{answers, baseline, questions, redact, talk};
use crate::coach::rating::OwnRating;
use crate::coach::{self, Notes};
use crate::measure::Delivery;
use crate::measure::baseline::Baseline;
use crate::page::{Place, Private, Review, Sound, Take};
use crate::privacy::{Redaction, silence};
use crate::progress::Progress;
use crate::review::table::Row;
use crate::score::Part;
use crate::settings::Settings;
use crate::sound::{Clip, Span, flac, outline, resample, source};
use crate::store::about::About;
use crate::store::session::Answer;
use crate::store::{Session, StoreError};
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
    /// The title and tags alone, for a coach.
    plain: About,
    unrated: BTreeMap<(usize, usize), OwnRating>,
    notes: Vec<Notes>,
    own: BTreeMap<(usize, usize), OwnRating>,
    usual: Baseline,
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
    /// The question is not in the session, or the questions of the user's own cannot be read.
    pub fn read(session: Session, question: Option<usize>, settings: &Settings) -> anyhow::Result<Self> {
        let mut answers = answers(&session);
        answers.retain(|a| question.is_none_or(|q| a.number == q));
        if answers.is_empty() {
            let what = question.map_or("no answer that can be read".to_owned(), |q| format!("no answer to a question {q}"));
            bail!("{} has {what}; `viva sessions list` shows what was recorded", session.id());
        }
        let competencies = questions::load(settings)?.competencies().map(|c| (c.id.clone(), c.name.clone())).collect();
        let delivery = session.record.delivery.clone().unwrap_or_else(|| settings.preferences.delivery.clone());
        let sha256 = coach::page_sha256(&session.folder)?;
        let about = told(About::read(&session.folder));
        let (notes, problems) = coach::of(&session);
        for problem in problems {
            talk(&format!("note: {problem}"));
        }
        let own = answers.iter().filter_map(|a| Some(((a.number, a.files.take), told(OwnRating::read(&a.files))?))).collect();
        let usual = baseline(settings, Some(&session));
        Ok(Self {
            name: session.id(),
            session,
            answers,
            sha256,
            plain: About { notes: Vec::new(), ..about.clone() },
            unrated: BTreeMap::new(),
            about,
            notes,
            own,
            usual,
            delivery,
            competencies,
        })
    }

    /// What people wrote about the session: title, tags, notes, coaches' notes, questions of the user's own.
    pub fn written(&self) -> anyhow::Result<Vec<String>> {
        let tags = self.about.tags.iter().map(|t| t.replace('-', " "));
        let notes = self.about.notes.iter().map(|n| n.text.clone());
        let coaches = self.notes.iter().flat_map(|c| c.notes.iter().map(|n| n.text.clone()));
        let questions = redact::own_questions(&self.answers)?.into_iter().map(str::to_owned);
        Ok(self.about.title.iter().cloned().chain(tags).chain(notes).chain(coaches).chain(questions).collect())
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
            let unread = answer.transcript.is_none() || answer.follow_up.as_ref().is_some_and(|f| f.transcript.is_none());
            answer.report = answer.report.as_ref().filter(|_| !unread).map(|r| masked(r, redaction)).transpose()?;
            answer.question = masked(&answer.question, redaction)?;
            if let Some(added) = &mut answer.follow_up {
                added.asked = masked(&added.asked, redaction)?;
                added.transcript = added.transcript.as_ref().map(|t| redaction.transcript(t));
            }
        }
        self.plain = masked(&self.plain, redaction)?;
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
    pub fn private(&self, settings: &Settings) -> anyhow::Result<Vec<Private>> {
        let part = |follow_up| if follow_up { Part::FollowUp } else { Part::Answer };
        let flagged = redact::flagged(&self.answers, &redact::known(&self.answers, settings)?).into_iter();
        Ok(flagged.map(|f| Private { number: f.question, take: f.take, part: part(f.follow_up), finding: f.finding }).collect())
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

    /// With these sounds, a pair for each answer.
    #[must_use]
    pub fn review<'a>(&'a self, sounds: Vec<Sounds>, coach: bool, aside: Aside<'a>) -> Review<'a> {
        let takes = self.answers.iter().zip(sounds).map(|(answer, [sound, follow_up_sound])| Take { answer, sound, follow_up_sound });
        Review {
            name: &self.name,
            sha256: &self.sha256,
            record: &self.session.record,
            takes: takes.collect(),
            usual: &self.usual,
            delivery: &self.delivery,
            about: if coach { &self.plain } else { &self.about },
            // who judges for themselves is not to know how others did
            notes: if coach { &[] } else { &self.notes },
            own: if coach { &self.unrated } else { &self.own },
            private: aside.private,
            progress: aside.progress,
            competencies: &self.competencies,
            coach,
        }
    }

    /// For each answer what `of` makes of its recordings, those that are there, several at once; what cannot be read is left out, with a word to the
    /// person. It is told which answer, and which part (0 or 1).
    pub fn sounds(&self, of: impl Fn(&Path, [usize; 2]) -> anyhow::Result<Option<Sound>> + Sync) -> Vec<Sounds> {
        let files = self.answers.iter().flat_map(|a| [Some(a.files.sound()), a.follow_up.as_ref().map(|f| f.files.sound())]);
        let files: Vec<_> = files.map(|file| file.filter(|f| f.exists())).collect();
        let next = std::sync::atomic::AtomicUsize::new(0);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let mut made: Vec<(usize, anyhow::Result<Option<Sound>>)> = std::thread::scope(|scope| {
            let work = || {
                let mut mine = Vec::new();
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    match files.get(at) {
                        None => return mine,
                        Some(None) => {}
                        Some(Some(file)) => mine.push((at, of(file, [at / 2, at % 2]))),
                    }
                }
            };
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            // a thread that broke down has said so; its sounds are missing
            threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect()
        });
        let mut sounds: Vec<Sounds> = self.answers.iter().map(|_| [None, None]).collect();
        for (at, sound) in made.drain(..) {
            sounds[at / 2][at % 2] = sound.unwrap_or_else(|problem| {
                let answer = &self.answers[at / 2];
                talk(&format!("note: the page is without the sound of question {}, take {}: {problem}", answer.number, answer.files.take));
                None
            });
        }
        sounds
    }
}

/// A sound that lies beside the page.
pub fn beside(file: &Path, address: String) -> anyhow::Result<Option<Sound>> {
    Ok(Some(Sound { place: Place::Beside(address), peaks: outline::of(&source::read_take(file)?, COLUMNS) }))
}

/// A sound to stand in the page: at 16 kHz, which holds all of speech that the program hears. These stretches are made silent.
pub fn within(file: &Path, silent: &[Span]) -> anyhow::Result<Option<Sound>> {
    let mut clip: Clip = source::read_take(file)?;
    silence(&mut clip.samples, clip.rate, silent);
    let clip = if clip.rate == resample::WHISPER_RATE { clip } else { resample::resample(&clip, resample::WHISPER_RATE)? };
    Ok(Some(Sound { peaks: outline::of(&clip, COLUMNS), place: Place::Within(flac::encode(&clip)?) }))
}

/// What was read, or nothing, with a word to the person why.
fn told<T: Default>(read: Result<T, StoreError>) -> T {
    read.unwrap_or_else(|problem| {
        talk(&format!("note: {problem}"));
        T::default()
    })
}

/// A value with all its text masked.
fn masked<T: Serialize + DeserializeOwned>(value: &T, redaction: &Redaction) -> anyhow::Result<T> {
    let mut json = serde_json::to_value(value)?;
    redaction.value(&mut json);
    serde_json::from_value(json).context("what is masked can no longer be read; leave out with --keep what is no name")
}
