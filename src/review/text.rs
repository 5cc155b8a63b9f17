//! One report as text: what was good first, each point with its quote; then how it was said; then the words.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::captions;
use super::delivery::{Beside, delivery};
use super::points::{points, refused};
use crate::capture::Capture;
use crate::layout::{BOLD, heading, wrapped};
use crate::measure::wording;
use crate::question::Question;
use crate::report::Report;
use crate::score::Scorecard;
use crate::sound::Millis;
use crate::transcribe::Transcript;

pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const OPEN: Style = AnsiColor::Yellow.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const QUIET: Style = Style::new().dimmed();
const STRUCK: Style = Style::new().strikethrough().dimmed();

/// What is shown of one take.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    pub report: &'a Report,
    pub transcript: &'a Transcript,
    pub question: Option<&'a Question>,
    /// None for a file that was not recorded here.
    pub capture: Option<&'a Capture>,
    /// What the interviewer asked back, and what was said to it.
    pub follow_up: Option<(&'a str, &'a Transcript)>,
    pub beside: Beside<'a>,
}

/// The report, with ANSI styles; whoever prints it strips them where they are not wanted. It is complete without colour.
#[must_use]
pub fn report(shown: Shown) -> String {
    let mut out = String::new();
    let Shown { report, transcript, question, capture, follow_up, beside } = shown;
    if report.is_untrusted() {
        warn(&mut out, "This transcript is not to be trusted: the demo model understands synthetic voices only. No content score is given.");
    } else if report.engine.demo {
        warn(&mut out, "Demonstration: a computer's voice answered. This says nothing about a person.");
    }
    if let Some(q) = question {
        paragraph(&mut out, "", &format!("{BOLD}{}{BOLD:#}", q.text));
        line(&mut out, &format!("{QUIET}{} · {} · a good length is about {}{QUIET:#}", q.id, q.kind, Millis(u64::from(q.seconds) * 1000)));
    }
    match &report.scorecard {
        Some(Scorecard::Scored(scored)) => points(&mut out, scored, question, transcript),
        Some(Scorecard::Refused { reason }) => {
            refused(&mut out, reason);
        }
        None if question.is_some() => {
            heading(&mut out, "Points");
            paragraph(
                &mut out,
                "  ",
                "No score: this question has no points to look for yet. Its file can be given some: `viva questions check` says where.",
            );
        }
        None => {}
    }
    let pet_phrases = match (&report.measures.wording, beside.baseline) {
        (Some(_), Some(usual)) => wording::pet_phrases(&transcript.believed(), question.map(|q| q.text.as_str()), &usual.phrases),
        (Some(wording), None) => wording.pet_phrases.clone(),
        (None, _) => Vec::new(),
    };
    delivery(&mut out, report, &pet_phrases, beside);
    if let Some(capture) = capture {
        recording(&mut out, capture);
    }
    heading(&mut out, "Transcript");
    words(&mut out, transcript);
    if let Some((asked, added)) = follow_up {
        line(&mut out, "");
        paragraph(&mut out, "  ", &format!("{QUIET}Asked back: {asked}{QUIET:#}"));
        words(&mut out, added);
    }
    line(&mut out, &format!("  {QUIET}written by {}{QUIET:#}", report.engine.model));
    out
}

/// The words, what is not believed struck through with its reason, and what was corrected.
fn words(out: &mut String, transcript: &Transcript) {
    let text = captions::struck(&transcript.words, &format!("{STRUCK}~~"), &format!("~~{STRUCK:#}"));
    paragraph(out, "  ", if text.is_empty() { "(no words)" } else { &text });
    for doubted in transcript.words.chunk_by(|a, b| a.doubt == b.doubt) {
        if let (Some(first), Some(doubt)) = (doubted.first(), doubted.first().and_then(|w| w.doubt)) {
            let quote: Vec<&str> = doubted.iter().map(|w| w.text.as_str()).collect();
            item(out, "  ", &format!("{QUIET}Not counted:{QUIET:#} \"{}\" at {}: {doubt}", quote.join(" "), first.start));
        }
    }
    for word in &transcript.words {
        if let Some(heard) = &word.heard {
            item(out, "  ", &format!("{QUIET}Corrected:{QUIET:#} \"{}\" at {}, heard as \"{heard}\"", word.text, word.start));
        }
    }
}

fn recording(out: &mut String, capture: &Capture) {
    let peak = capture.peak.map_or("digital silence".to_owned(), |p| format!("loudest {:.0} dB below full scale", -p.0));
    entry(out, "Recording", &format!("{} long, {peak}", capture.duration));
    for loss in &capture.losses {
        #[allow(clippy::cast_precision_loss)]
        let seconds = loss.frames as f64 / f64::from(capture.rate.max(1));
        entry(out, "", &format!("{BAD}{seconds:.1} s lost at {}{BAD:#}: the machine was too busy", loss.at));
    }
    if capture.interruptions > 0 {
        entry(out, "", &format!("the sound system reported {} short interruptions", capture.interruptions));
    }
    if capture.clipped > 0 {
        entry(out, "", &format!("{} samples at full scale: move a little away from the microphone", capture.clipped));
    }
}

fn warn(out: &mut String, text: &str) {
    item(out, "", &format!("{BAD}!{BAD:#} {text}"));
}

pub(super) fn entry(out: &mut String, name: &str, text: &str) {
    wrapped(out, &format!("  {name:<10}"), "            ", text);
}

pub(super) fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// Text wrapped to the terminal, every line indented alike.
pub(super) fn paragraph(out: &mut String, indent: &str, text: &str) {
    wrapped(out, indent, indent, text);
}

/// The same for an entry of a list: lines after the first stand below its text, not below its mark.
pub(super) fn item(out: &mut String, indent: &str, text: &str) {
    wrapped(out, indent, &format!("{indent}  "), text);
}
