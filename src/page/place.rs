//! Small pieces that stand everywhere: a time that plays, a quote that plays, boxes for a band.

use maud::{Markup, html};

use crate::score::band::{Anchor, Band};
use crate::score::{Part, Proof, RaisedFlag, Scorecard};
use crate::sound::{Millis, Span};
use crate::store::session::Answer;

/// Minutes and seconds; hours where there are any.
pub(super) fn clock(at: Millis) -> String {
    let (hours, minutes, seconds) = (at.0 / 3_600_000, at.0 / 60_000 % 60, at.0 / 1_000 % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// The id of a recording in the page: question, take, and an f for what was said when asked back.
pub(super) fn recording_id(answer: &Answer, part: Part) -> String {
    let back = if part == Part::FollowUp { "f" } else { "" };
    format!("q{}t{}{back}", answer.number, answer.files.take)
}

/// A button that plays a place. Without `recording` it is one of the recording that it stands in.
pub(super) fn play(span: Span, label: Option<&Markup>, recording: Option<&str>, class: &str) -> Markup {
    html! {
        button type="button" class=(class) data-at=(span.start.0) data-to=(span.end.0) data-in=[recording] {
            span.when { (clock(span.start)) }
            @if let Some(label) = label { span.what { (label) } }
        }
    }
}

/// The words of a proof, which play.
pub(super) fn quote(proof: &Proof, answer: &Answer) -> Markup {
    let label = html! { q { (proof.quote) } @if proof.part == Part::FollowUp { " (when asked back)" } };
    // what was typed has no time
    if proof.span.length() == Millis(0) {
        return html! { span.quote { (label) } };
    }
    play(proof.span, Some(&label), Some(&recording_id(answer, proof.part)), "play quote")
}

pub(super) fn band_class(band: Band) -> &'static str {
    match band.anchor() {
        Anchor::Weak => "weak",
        Anchor::Fair => "fair",
        Anchor::Strong => "strong",
    }
}

pub(super) fn band_text(band: Band) -> String {
    format!("Band {} of 5, {}", band.number(), band.anchor())
}

pub(super) fn band_mark(band: Band) -> Markup {
    html! {
        span.band {
            span class=(format!("boxes {}", band_class(band))) aria-hidden="true" { @for n in 1..=5 { i.on[n <= band.number()] {} } }
            span { (band_text(band)) }
        }
    }
}

/// What became of an answer, in a few words.
pub(super) fn outcome(answer: &Answer) -> Markup {
    let card = answer.report.as_ref().map(|r| &r.scorecard);
    html! {
        @match card {
            None => span.quiet { "Not yet written down" },
            Some(Some(Scorecard::Scored(scored))) => (band_mark(scored.band)),
            Some(Some(Scorecard::Refused { .. })) => span.quiet { "No score" },
            Some(None) => span.quiet { "Not scored" },
        }
    }
}

pub(super) fn red_flag(flag: &RaisedFlag, answer: &Answer) -> Markup {
    html! { li { p { strong { "! Red flag: " } (flag.flag) } (quote(&flag.proof, answer)) } }
}
