//! What is worth saying of the delivery: what, where, and one thing to try. Pure.
//!
//! Only what a listener notices is said, the most telling first, and never more than three things: nobody works on four at once.

use serde::Serialize;

use super::baseline::{Difference, Figure};
use super::filler::{Band, Tier};
use super::{Delivery, Measure, Measures};
use crate::sound::{Millis, Span};

/// So many are made.
const MOST: usize = 3;
/// A tempo that differs by less is not noticed.
const NOTICED: f64 = 0.1;
/// Pitch that varies less sounds monotonous (semitones, standard deviation).
pub const MONOTONE: f64 = 2.0;
/// A room nearer to the voice than this makes listening hard (dB).
pub const NOISY: f64 = 15.0;
/// So many hedges for a hundred words are heard as doubt (our own figure: one a sentence or so).
const HEDGED: f64 = 5.0;

/// One remark.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remark {
    pub measure: Measure,
    /// What was noticed.
    pub what: String,
    /// Where it can be heard; None where it is everywhere.
    pub at: Option<Span>,
    /// One thing to try.
    pub to_try: &'static str,
}

/// The remarks on a take, the most telling first. `differences` are those from the speaker's own usual.
#[must_use]
pub fn on(measures: &Measures, delivery: &Delivery, differences: &[Difference]) -> Vec<Remark> {
    let mut found: Vec<Remark> = Vec::new();
    if delivery.has_bands() {
        found.extend(recording(measures));
        found.extend(pace(measures, delivery));
        found.extend(fillers(measures, delivery));
        found.extend(pauses(measures));
        found.extend(loudness(measures));
        found.extend(wording(measures));
        found.extend(drift(measures));
        found.extend(pitch(measures));
    }
    for difference in differences {
        let remark = different(difference);
        if !found.iter().any(|r| r.measure == remark.measure) {
            found.push(remark);
        }
    }
    found.truncate(MOST);
    found
}

fn recording(measures: &Measures) -> Option<Remark> {
    let loudness = measures.loudness.as_ref()?;
    let ratio = loudness.signal_to_noise.filter(|r| *r < NOISY)?;
    Some(Remark {
        measure: Measure::Loudness,
        what: format!("The room is nearly as loud as you: only {ratio:.0} dB lie between"),
        at: None,
        to_try: "Close the window and bring the microphone nearer.",
    })
}

fn pace(measures: &Measures, delivery: &Delivery) -> Option<Remark> {
    let pace = measures.pace.as_ref()?;
    let (rate, [low, high]) = (pace.words_per_minute, delivery.pace);
    let windows = || pace.over_time.iter();
    let around = |at: Millis| Span { start: at - Millis(super::pace::WINDOW.0 / 2), end: at + Millis(super::pace::WINDOW.0 / 2) };
    if rate > high * (1.0 + NOTICED) {
        return Some(Remark {
            measure: Measure::Pace,
            what: format!("{rate:.0} words a minute are faster than most listeners like"),
            at: windows().max_by(|a, b| a.words_per_minute.total_cmp(&b.words_per_minute)).map(|w| around(w.at)),
            to_try: "Breathe out at the end of each sentence before you begin the next.",
        });
    }
    (rate < low * (1.0 - NOTICED)).then(|| Remark {
        measure: Measure::Pace,
        what: format!("{rate:.0} words a minute are slower than most listeners like"),
        at: windows().min_by(|a, b| a.words_per_minute.total_cmp(&b.words_per_minute)).map(|w| around(w.at)),
        to_try: "Note three key words before you start, and go from one to the next.",
    })
}

fn drift(measures: &Measures) -> Option<Remark> {
    let drift = measures.pace.as_ref()?.drift.filter(|d| d.abs() > 2.0 * NOTICED * 100.0)?;
    let (what, to_try) = if drift > 0.0 {
        ("sped up", "Leave a full stop before your last point, and say that one slowly.")
    } else {
        ("slowed down", "Know your last sentence before you start, and go towards it.")
    };
    let at = measures.heard.span.map(|s| Span { start: Millis(s.end.0 - s.length().0 / 3), end: s.end });
    Some(Remark { measure: Measure::Pace, what: format!("You {what} by {:.0} % from the first third to the last", drift.abs()), at, to_try })
}

fn fillers(measures: &Measures, delivery: &Delivery) -> Option<Remark> {
    let fillers = measures.fillers.as_ref()?;
    let rate = fillers.per_minute.filter(|_| matches!(fillers.band, Some(Band::Noticeable | Band::Heavy)))?;
    let at = fillers.found.iter().find(|f| f.tier == Tier::Certain).or(fillers.found.first()).map(|f| f.span);
    Some(Remark {
        measure: Measure::Fillers,
        what: format!("{rate:.1} fillers a minute; listeners notice more than {}", delivery.fillers[0]),
        at,
        to_try: "When you feel one coming, close your mouth: the silence sounds like thought.",
    })
}

fn pauses(measures: &Measures) -> Option<Remark> {
    let remarked = measures.pauses.as_ref()?.silent.iter().filter(|p| p.remarked);
    let longest = remarked.max_by_key(|p| p.span.length())?;
    let place = if longest.place == Some(super::pause::Place::MidClause) { " in the middle of a clause" } else { "" };
    Some(Remark {
        measure: Measure::Pauses,
        what: format!("A silence of {:.1} s{place}", longest.span.length().seconds()),
        at: Some(longest.span),
        to_try: "Take your time before the first word; once in a sentence, carry it to its end.",
    })
}

fn loudness(measures: &Measures) -> Option<Remark> {
    let loudness = measures.loudness.as_ref()?;
    let fading = &loudness.fading;
    // a third of the sentences, and more than one
    let worst = fading.iter().max_by(|a, b| a.below.total_cmp(&b.below)).filter(|_| fading.len() >= 2 && fading.len() * 3 >= loudness.sentences)?;
    Some(Remark {
        measure: Measure::Loudness,
        what: format!("The ends of {} of {} sentences are hard to hear", fading.len(), loudness.sentences),
        at: Some(worst.span),
        to_try: "Say the last word of a sentence to somebody at the far end of the room.",
    })
}

#[allow(clippy::cast_precision_loss)]
fn wording(measures: &Measures) -> Option<Remark> {
    let wording = measures.wording.as_ref()?;
    if wording.long {
        return Some(Remark {
            measure: Measure::Wording,
            what: format!("The answer takes {}, over two minutes", wording.length),
            at: None,
            to_try: "Decide on one example, and leave out what came before it.",
        });
    }
    let words = measures.pace.as_ref()?.words as f64;
    let first = wording.hedges.first().filter(|_| wording.hedges.len() as f64 * 100.0 / words >= HEDGED)?;
    Some(Remark {
        measure: Measure::Wording,
        what: format!("{} words that take back what they say, such as \"{}\"", wording.hedges.len(), first.quote.text),
        at: Some(first.quote.span),
        to_try: "Say the same sentence without it.",
    })
}

fn pitch(measures: &Measures) -> Option<Remark> {
    let varies = measures.pitch.as_ref()?.melody.filter(|m| m.sd_semitones < MONOTONE)?.sd_semitones;
    Some(Remark {
        measure: Measure::Pitch,
        what: format!("The voice stays near one pitch (it varies by {varies:.1} semitones)"),
        at: None,
        to_try: "Lean on the one word of each sentence that matters most.",
    })
}

/// A difference from what is usual.
fn different(difference: &Difference) -> Remark {
    let (value, usual) = (difference.value, difference.usual.median);
    let more = value > usual;
    let per_cent = ((value / usual - 1.0) * 100.0).abs();
    let (measure, what, to_try) = match difference.figure {
        Figure::WordsPerMinute | Figure::ArticulationRate => (
            Measure::Pace,
            format!(
                "{} than you usually speak, by {per_cent:.0} % ({value:.0} words a minute{}, usually {usual:.0})",
                if more { "Faster" } else { "Slower" },
                if difference.figure == Figure::ArticulationRate { " without the pauses" } else { "" }
            ),
            "Say the first sentence once more at your own pace.",
        ),
        Figure::PauseShare => (
            Measure::Pauses,
            format!("{} time in pauses than usual ({:.0} %, usually {:.0} %)", if more { "More" } else { "Less" }, value * 100.0, usual * 100.0),
            "One pause after each thought is enough, and needed.",
        ),
        Figure::FillersPerMinute => (
            Measure::Fillers,
            format!("{} fillers than usual ({value:.1} a minute, usually {usual:.1})", if more { "More" } else { "Fewer" }),
            if more { "Take the question again: which word were you looking for?" } else { "Keep what you did this time." },
        ),
        Figure::PitchVariation => (
            Measure::Pitch,
            format!("Your voice moves {} than usual ({value:.1} semitones, usually {usual:.1})", if more { "more" } else { "less" }),
            "Tell it to one person you know.",
        ),
        Figure::Loudness => (
            Measure::Loudness,
            format!("{} than usual by {:.0} dB", if more { "Louder" } else { "Quieter" }, (value - usual).abs()),
            "Look whether the microphone is where it usually is.",
        ),
    };
    Remark { measure, what, at: None, to_try }
}
