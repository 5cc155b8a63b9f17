//! Places of a take that are worth hearing: a time, a filler, a pause, the words that prove a point, words that were said. Pure.

use crate::score::{Part, Proof, State};
use crate::sound::{Millis, Span};
use crate::store::session::Answer;
use crate::transcribe::{Transcript, Word};

/// What is to be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// From this time on, so long.
    At(Millis, Millis),
    /// Counted from 1, as the report lists them.
    Filler(usize),
    /// Counted from 1, in their order.
    Pause(usize),
    /// The id of a criterion.
    Point(&'a str),
    /// Words as they stand in the transcript, whatever their case and punctuation.
    Quote(&'a str),
}

/// A stretch of one of the two recordings of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub part: Part,
    /// With the room around it; not before the start, and perhaps past the end.
    pub span: Span,
    /// What it is, in words.
    pub what: String,
}

/// Room before and after words, so that they are not cut.
const ROOM: Millis = Millis(500);
/// Room around what is no words, so that it can be told what it stands between.
const AROUND: Millis = Millis(1_000);

/// Where in the answer that is.
///
/// # Errors
/// There is no such place; one sentence says what there is.
pub fn find(answer: &Answer, place: Place) -> Result<Found, PlaceError> {
    let measures = answer.report.as_ref().map(|r| &r.measures);
    let in_answer = |span: Span, room: Millis, what: String| Found { part: Part::Answer, span: with_room(span, room), what };
    match place {
        Place::At(at, long) => {
            let length = answer.capture.as_ref().map(|c| c.duration).or(measures.map(|m| m.heard.duration));
            if let Some(length) = length.filter(|length| at >= *length) {
                return Err(PlaceError::PastTheEnd { at, length });
            }
            Ok(in_answer(Span { start: at, end: at + long }, Millis(0), format!("from {at} on")))
        }
        Place::Filler(number) => {
            let found = measures.and_then(|m| m.fillers.as_ref()).map_or(&[][..], |f| &f.found);
            let filler = nth(found, number, "filler")?;
            Ok(in_answer(filler.span, AROUND, format!("filler {number} of {}, \"{}\"", found.len(), filler.text)))
        }
        Place::Pause(number) => {
            let found = measures.and_then(|m| m.pauses.as_ref()).map_or(&[][..], |p| &p.silent);
            let span = nth(found, number, "pause")?.span;
            Ok(in_answer(span, AROUND, format!("pause {number} of {}, {:.1} s long", found.len(), span.length().seconds())))
        }
        Place::Point(id) => point(answer, id),
        Place::Quote(words) => quote(answer, words),
    }
}

fn with_room(span: Span, room: Millis) -> Span {
    Span { start: span.start - room, end: span.end + room }
}

fn nth<'a, T>(found: &'a [T], number: usize, what: &'static str) -> Result<&'a T, PlaceError> {
    number.checked_sub(1).and_then(|at| found.get(at)).ok_or(PlaceError::NoneOfThisNumber { what, number, count: found.len() })
}

fn point(answer: &Answer, id: &str) -> Result<Found, PlaceError> {
    let points = &answer.scored().ok_or(PlaceError::NoScore)?.points;
    let known = || points.iter().map(|p| p.id.as_str()).collect::<Vec<_>>().join(", ");
    let point = points.iter().find(|p| p.id == id).ok_or_else(|| PlaceError::NoPoint { id: id.to_owned(), known: known() })?;
    let proof: Option<(&Proof, &str)> = match point.state {
        State::Made => point.proof.as_ref().map(|p| (p, "made by")),
        State::Partly => point.proof.as_ref().map(|p| (p, "touched by")),
        State::Contradicted => point.opposite.as_ref().map(|p| (p, "contradicted by")),
        State::NotFound => None,
    };
    let (proof, how) = proof.ok_or_else(|| PlaceError::NotFound { point: point.point.clone() })?;
    Ok(Found { part: proof.part, span: with_room(proof.span, ROOM), what: format!("\"{}\", {how} \"{}\"", point.point, proof.quote) })
}

fn quote(answer: &Answer, words: &str) -> Result<Found, PlaceError> {
    let wanted: Vec<String> = words.split_whitespace().map(crate::words::plain).filter(|w| !w.is_empty()).collect();
    let of = |transcript: Option<&Transcript>, part: Part| {
        let spoken: Vec<&Word> = transcript?.words.iter().filter(|w| !w.plain().is_empty()).collect();
        let at = spoken.windows(wanted.len().max(1)).find(|w| w.iter().map(|w| w.plain()).eq(wanted.iter().cloned()))?;
        let span = Span { start: at.first()?.start, end: at.last()?.end };
        let text: Vec<&str> = at.iter().map(|w| w.text.as_str()).collect();
        Some(Found { part, span: with_room(span, ROOM), what: format!("\"{}\"", text.join(" ")) })
    };
    let added = || of(answer.follow_up.as_ref().and_then(|f| f.transcript.as_ref()), Part::FollowUp);
    of(answer.transcript.as_ref(), Part::Answer).or_else(added).ok_or_else(|| PlaceError::NotSaid { words: words.to_owned() })
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    #[error("the answer is {length} long, and {at} is past its end; choose an earlier time")]
    PastTheEnd { at: Millis, length: Millis },
    #[error("there is no {what} {number}: {count} were found; `viva sessions show` lists them")]
    NoneOfThisNumber { what: &'static str, number: usize, count: usize },
    #[error("this answer has no score, and so no words that prove a point; `viva sessions show` says why")]
    NoScore,
    #[error("there is no point \"{id}\" here; the points are {known}")]
    NoPoint { id: String, known: String },
    #[error("nothing was said that makes the point \"{point}\", so that there is nothing to play")]
    NotFound { point: String },
    #[error("\"{words}\" was not said in these words; copy them from the transcript that `viva sessions show` prints")]
    NotSaid { words: String },
}
