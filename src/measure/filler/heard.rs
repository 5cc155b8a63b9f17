//! Hesitations that were heard in the sound where the engine wrote nothing, put beside those that were written.

use super::{Filler, Fillers, Meant, Tier};
use crate::measure::hesitation::Hesitation;
use crate::measure::tenth;
use crate::sound::Millis;
use crate::transcribe::Transcript;

impl Fillers {
    /// The same with the hesitations that were heard. Rates that could be told are told anew.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn with_heard(mut self, heard: &[Hesitation], transcript: &Transcript, time: Millis, meant: &Meant) -> Self {
        let is_meant = |h: &&Hesitation| {
            let within = |place: &crate::sound::Span| (h.span.end.min(place.end) - h.span.start.max(place.start)).0 * 2 >= h.span.length().0;
            !meant.places.iter().any(within)
        };
        self.found.extend(heard.iter().filter(is_meant).map(|h| Filler {
            text: "um".to_owned(),
            tier: Tier::Certain,
            span: h.span,
            at: transcript.words.partition_point(|w| w.start < h.span.start),
            confidence: Some(h.confidence),
        }));
        self.found.sort_by_key(|f| f.span.start);
        let count = self.found.len() as f64;
        let minutes = time.seconds() / 60.0;
        if self.per_minute.is_some() && minutes > 0.0 {
            self.per_minute = Some(tenth(count / minutes));
        }
        let words = transcript.words.iter().map(crate::transcribe::Word::plain).filter(|w| !w.is_empty() && !super::is_hesitation(w)).count();
        self.per_100_words = self.per_100_words.filter(|_| words > 0).map(|_| tenth(count * 100.0 / words as f64));
        self
    }
}
