//! What a page of a session is made from, read once: for `viva review`, which serves it, and `viva export`, which writes it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;

use super::{answers, baseline, questions};
use crate::measure::Delivery;
use crate::measure::baseline::Baseline;
use crate::page::{Place, Review, Sound, Take};
use crate::settings::Settings;
use crate::sound::{Clip, flac, outline, resample, source};
use crate::store::Session;
use crate::store::session::Answer;

/// Columns of a waveform.
const COLUMNS: usize = 800;

/// A session with what stands beside it.
pub struct Reviewed {
    pub name: String,
    pub session: Session,
    pub answers: Vec<Answer>,
    pub sha256: String,
    usual: Baseline,
    delivery: Delivery,
    competencies: BTreeMap<String, String>,
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
            let what = question.map_or("no answer".to_owned(), |q| format!("no answer to a question {q}"));
            bail!("{} has {what}; `viva sessions list` shows what was recorded", session.id());
        }
        let competencies = questions::load(settings)?.competencies().map(|c| (c.id.clone(), c.name.clone())).collect();
        let delivery = session.record.delivery.clone().unwrap_or_else(|| settings.preferences.delivery.clone());
        let sha256 = page_sha256(&session.folder)?;
        Ok(Self { name: session.id(), usual: baseline(settings, Some(&session)), session, answers, sha256, delivery, competencies })
    }

    /// With these sounds, a pair for each answer.
    #[must_use]
    pub fn review(&self, sounds: Vec<Sounds>, coach: bool) -> Review<'_> {
        let takes = self.answers.iter().zip(sounds).map(|(answer, [sound, follow_up_sound])| Take { answer, sound, follow_up_sound });
        Review {
            name: &self.name,
            sha256: &self.sha256,
            record: &self.session.record,
            takes: takes.collect(),
            usual: &self.usual,
            delivery: &self.delivery,
            competencies: &self.competencies,
            coach,
        }
    }

    /// For each answer what `of` makes of its recordings, those that are there, several at once.
    pub fn sounds<E: Send>(&self, of: impl Fn(&Path) -> Result<Sound, E> + Sync) -> Result<Vec<Sounds>, E> {
        let files = self.answers.iter().flat_map(|a| [Some(a.files.sound()), a.follow_up.as_ref().map(|f| f.files.sound())]);
        let files: Vec<_> = files.map(|file| file.filter(|f| f.exists())).collect();
        let next = std::sync::atomic::AtomicUsize::new(0);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let mut made: Vec<(usize, Result<Sound, E>)> = std::thread::scope(|scope| {
            let work = || {
                let mut mine = Vec::new();
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    match files.get(at) {
                        None => return mine,
                        Some(None) => {}
                        Some(Some(file)) => mine.push((at, of(file))),
                    }
                }
            };
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            // a thread that broke down has said so; its sounds are missing
            threads.into_iter().flat_map(|t| t.join().unwrap_or_default()).collect()
        });
        let mut sounds: Vec<Sounds> = self.answers.iter().map(|_| [None, None]).collect();
        for (at, sound) in made.drain(..) {
            sounds[at / 2][at % 2] = Some(sound?);
        }
        Ok(sounds)
    }
}

/// A sound that lies beside the page.
pub fn beside(file: &Path, address: String) -> anyhow::Result<Sound> {
    Ok(Sound { place: Place::Beside(address), peaks: outline::of(&source::read_take(file)?, COLUMNS) })
}

/// A sound to stand in the page: at 16 kHz, which holds all of speech that the program hears. `change` may alter it before.
pub fn within(file: &Path, change: impl Fn(&mut Clip)) -> anyhow::Result<Sound> {
    let mut clip = source::read_take(file)?;
    change(&mut clip);
    let clip = if clip.rate == resample::WHISPER_RATE { clip } else { resample::resample(&clip, resample::WHISPER_RATE)? };
    Ok(Sound { peaks: outline::of(&clip, COLUMNS), place: Place::Within(flac::encode(&clip)?) })
}

/// SHA-256 over the bytes of `session.json` and then of all transcripts and reports in the order of their paths, in small hexadecimal letters.
fn page_sha256(folder: &Path) -> anyhow::Result<String> {
    use sha2::{Digest, Sha256};
    let mut made_from = vec![folder.join("session.json")];
    let mut inner = Vec::new();
    for entry in std::fs::read_dir(folder)?.flatten().filter(|e| e.path().is_dir()) {
        let files = std::fs::read_dir(entry.path())?.flatten().map(|f| f.path());
        inner.extend(files.filter(|f| [".transcript.json", ".report.json"].iter().any(|end| f.to_string_lossy().ends_with(end))));
    }
    inner.sort();
    made_from.extend(inner);
    let mut hash = Sha256::new();
    for file in made_from {
        hash.update(std::fs::read(file)?);
    }
    Ok(crate::hash::hex(&hash.finalize()))
}
