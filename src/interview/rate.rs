//! The candidate's own band for an answer, asked for when all is said and given before anything of the report is shown. Meanwhile the words are
//! written down.

use jiff::Timestamp;

use super::Conductor;
use super::inbox::{Key, Signal};
use crate::coach::Judgement;
use crate::coach::rating::OwnRating;
use crate::event::Event;
use crate::question::Question;
use crate::store::AnswerFiles;

/// The number of a question, the files of its take, and the question.
pub(super) type ToRate<'a> = (usize, &'a AnswerFiles, &'a Question);

/// How far the asking has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rating {
    NotAsked,
    Asked,
    /// None where it was left out.
    Given(Option<u8>),
}

impl Conductor<'_> {
    /// Asks for a band, once a take.
    pub(super) fn ask_to_rate(&mut self, (number, files, question): ToRate<'_>) {
        if self.plan.rate && self.rating == Rating::NotAsked && !self.keyboard_closed && !self.leaving {
            self.rating = Rating::Asked;
            self.tell(&Event::AskingToRate { number, take: files.take, anchors: question.anchors.as_ref() });
        }
    }

    /// A key as the answer to it, where it is one.
    pub(super) fn take_rating(&mut self, key: Key) {
        if self.rating == Rating::Asked {
            match key {
                Key::Band(band) => self.rating = Rating::Given(Some(band)),
                Key::Enter | Key::Closed => self.rating = Rating::Given(None),
                // a slip: asked once more
                Key::Again | Key::Quit | Key::Other => self.rating = Rating::NotAsked,
            }
        }
    }

    /// Waits until a band is given or left out, and keeps it. The report may be shown after that.
    pub(super) async fn rated(&mut self, to_rate: ToRate<'_>) {
        loop {
            self.ask_to_rate(to_rate);
            if self.rating != Rating::Asked || self.leaving {
                break;
            }
            match self.next(None).await {
                Signal::Key(key) => self.take_rating(key),
                Signal::Interrupt if !self.leaving => self.tell(&Event::InterruptedOnce),
                _ => {}
            }
        }
        let Rating::Given(band) = self.rating else { return };
        let (number, files, _) = to_rate;
        if band.is_some() {
            let rating = OwnRating::with(None, Judgement { band, ..Judgement::default() }, true, Timestamp::now());
            if let Err(e) = rating.write(files) {
                self.not_finished(e.to_string());
            }
        }
        self.tell(&Event::Rated { number, take: files.take, band });
    }
}
