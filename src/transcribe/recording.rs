//! A recording from a file to its words: read, cut and transcribed at the same time, in memory that does not grow with its length but for
//! the words and the profile (a few megabytes an hour).

use std::sync::mpsc::{SyncSender, sync_channel};

use super::vocabulary::Vocabulary;
use super::{Draft, Recogniser, TranscribeError, Transcript};
use crate::sound::pieces::Segmenter;
use crate::sound::resample::ResampleError;
use crate::sound::source::Source;
use crate::sound::{Millis, Piece, Profile, SoundError};
use crate::stop::Stop;

/// Pieces that may wait for the engine.
const WAITING: usize = 2;

/// Transcribes a recording to its end. `progress` hears how far it is read, and is called from another thread.
///
/// # Errors
/// The file cannot be read, or the engine failed.
pub fn transcribe(
    source: &mut Source,
    recogniser: &mut dyn Recogniser,
    vocabulary: &Vocabulary,
    progress: &(dyn Fn(Millis) + Sync),
) -> Result<(Transcript, Profile), RecordingError> {
    let (sender, pieces) = sync_channel::<Piece>(WAITING);
    let (draft, profile) = std::thread::scope(|scope| {
        // reading and listening for speech costs little, but not nothing: the engine need not wait for it
        let reader = scope.spawn(move || hear(source, Some(&sender), progress));
        let mut draft = Draft::default();
        let mut failed = None;
        for piece in pieces {
            match recogniser.recognise(&piece, &Stop::default()) {
                Ok(segments) => draft.add(segments),
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        let profile = reader.join().unwrap_or(Err(RecordingError::BrokeDown));
        match failed {
            Some(e) => Err(e.into()),
            None => profile.map(|p| (draft, p)),
        }
    })?;
    Ok((draft.finish(recogniser.engine(), &profile, vocabulary), profile))
}

/// What a recording sounds like, without its words.
///
/// # Errors
/// The file cannot be read.
pub fn profile(source: &mut Source) -> Result<Profile, RecordingError> {
    hear(source, None, &|_| ())
}

fn hear(source: &mut Source, to: Option<&SyncSender<Piece>>, progress: &(dyn Fn(Millis) + Sync)) -> Result<Profile, RecordingError> {
    let rate = source.rate();
    let mut segmenter = Segmenter::new(rate)?;
    let (mut block, mut frames) = (Vec::new(), 0);
    // where nobody takes the pieces any more, the engine has failed and says so
    let give = |pieces: Vec<Piece>| pieces.into_iter().try_for_each(|p| to.map_or(Ok(()), |to| to.send(p).map_err(|_| RecordingError::BrokeDown)));
    while source.read(&mut block)? {
        frames += block.len();
        give(segmenter.push(&block)?)?;
        block.clear();
        progress(Millis::of_frames(frames, rate));
    }
    let (pieces, profile) = segmenter.finish()?;
    give(pieces)?;
    Ok(profile)
}

#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    #[error(transparent)]
    File(#[from] SoundError),
    #[error(transparent)]
    Rate(#[from] ResampleError),
    #[error(transparent)]
    Engine(#[from] TranscribeError),
    #[error("the recording could not be read to its end: the reader broke down; try again, or convert it with `sox`")]
    BrokeDown,
}
