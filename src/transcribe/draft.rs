//! The transcript of a take while it grows: the segments of its pieces, and what is made of them at the end. Pure.

use super::vocabulary::Vocabulary;
use super::{Engine, Segment, Transcript, doubt, times};
use crate::sound::Profile;

/// The segments so far.
#[derive(Debug, Default)]
pub struct Draft {
    segments: Vec<Segment>,
}

impl Draft {
    /// Takes the words of the next piece.
    pub fn add(&mut self, segments: Vec<Segment>) {
        self.segments.extend(segments);
    }

    /// The transcript: times set right by the sound, doubts marked, own words corrected.
    #[must_use]
    pub fn finish(self, engine: &Engine, profile: &Profile, vocabulary: &Vocabulary) -> Transcript {
        let mut segments = self.segments;
        let speech = profile.speech(times::BRIDGE);
        times::settle(segments.iter_mut().flat_map(|s| s.words.iter_mut()), &speech, profile.duration);
        doubt::mark(&mut segments, &speech);
        let words = segments.into_iter().flat_map(|s| s.words).collect();
        Transcript { speech, ..Transcript::new(engine.clone(), profile.duration, words) }.corrected(vocabulary)
    }
}
