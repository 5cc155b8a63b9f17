//! Plots on one axis of time, each as wide as its recording is long, as SVG. Positions are per cent of the width, so that text is not distorted;
//! curves are stretched.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::place::clock;
use crate::measure::filler::Tier;
use crate::measure::pause::Length;
use crate::measure::{Delivery, Fillers, Measures, Pace, Pauses, Pitch};
use crate::score::structure::{Part, PartKind};
use crate::sound::Millis;

/// Columns of a pitch curve, at most.
const COLUMNS: usize = 1_200;
/// Places of the pace that are further apart are not joined.
const JOINED: Millis = Millis(1_500);

/// What is known of a recording along its time.
pub(super) struct Along<'a> {
    pub duration: Millis,
    /// The loudest sample of each of equal stretches, 0.0..=1.0; empty where the sound is not there.
    pub peaks: &'a [f32],
    pub measures: Option<&'a Measures>,
    pub structure: &'a [Part],
    pub delivery: &'a Delivery,
    /// The structure is the program's judgement, which a coach is not to see at first.
    pub hide_judgement: bool,
}

/// All lanes of a recording with their common axis; nothing where nothing is known.
pub(super) fn lanes(along: &Along) -> Markup {
    let Along { duration, peaks, measures, structure, delivery, hide_judgement } = *along;
    let pauses = measures.and_then(|m| m.pauses.as_ref()).filter(|p| !p.silent.is_empty());
    let fillers = measures.and_then(|m| m.fillers.as_ref()).filter(|f| !f.found.is_empty());
    let pace = measures.and_then(|m| m.pace.as_ref()).filter(|p| !p.over_time.is_empty());
    let pitch = measures.and_then(|m| m.pitch.as_ref()).and_then(|p| Some((p, p.melody?)));
    if peaks.is_empty() && structure.is_empty() && pauses.is_none() && fillers.is_none() && pace.is_none() && pitch.is_none() {
        return html! {};
    }
    html! {
        div.lanes data-lanes {
            p.sr { "Structure, sound, pauses, fillers, pace and pitch on one axis of time. The figures stand under Delivery; the player's position moves through them." }
            @if !structure.is_empty() { div.lane data-machine hidden[hide_judgement] { (name("Structure", None)) (parts(structure, duration)) } }
            @if !peaks.is_empty() { (lane("Sound", None, &wave(peaks))) }
            @if let Some(pauses) = pauses { (lane("Pauses", None, &silences(pauses, duration))) }
            @if let Some(fillers) = fillers { (lane("Fillers", Some("◆ certain  ○ probable"), &marks(fillers, duration))) }
            @if let Some(pace) = pace {
                @let (low, high) = range(pace);
                (lane("Pace", Some(&format!("{low:.0}–{high:.0} a minute")), &rate(pace, delivery, duration)))
            }
            @if let Some((pitch, melody)) = pitch {
                @let reach = (melody.range_semitones / 2.0).max(6.0);
                (lane("Pitch", Some(&format!("±{reach:.0} semitones")), &curve(pitch, melody.median_hz, reach, duration)))
            }
            (lane("", None, &ruler(duration)))
            div.over aria-hidden="true" { div.playhead {} span.pointed {} }
        }
    }
}

fn lane(title: &str, detail: Option<&str>, plot: &Markup) -> Markup {
    html! { div.lane { (name(title, detail)) (plot) } }
}

fn name(title: &str, detail: Option<&str>) -> Markup {
    html! { p.lane-name { span { (title) } @if let Some(detail) = detail { span.quiet { (detail) } } } }
}

/// A drawing of this height in pixels over the whole width; `columns`: its curves count so many across and are stretched.
fn drawing(height: u32, class: &str, columns: Option<usize>, content: &Markup) -> Markup {
    let view = columns.map(|c| format!("0 0 {} {height}", c.max(1)));
    let ratio = columns.map(|_| "none");
    html! {
        svg class=(class) width="100%" height=(height) viewBox=[view] preserveAspectRatio=[ratio] aria-hidden="true" focusable="false" overflow="visible" { (content) }
    }
}

fn percent(at: Millis, duration: Millis) -> String {
    format!("{:.2}%", 100.0 * at.seconds() / duration.seconds().max(0.001))
}

#[allow(clippy::cast_precision_loss)]
fn wave(peaks: &[f32]) -> Markup {
    let half = |peak: &f32| (48.0 * peak).max(0.6);
    let tops = peaks.iter().enumerate().map(|(i, p)| format!("{i},{:.1}", 50.0 - half(p)));
    let feet = peaks.iter().enumerate().rev().map(|(i, p)| format!("{i},{:.1}", 50.0 + half(p)));
    let path = format!("M{}Z", tops.chain(feet).collect::<Vec<_>>().join("L"));
    drawing(100, "tall", Some(peaks.len().saturating_sub(1)), &html! { path.wave d=(path) {} })
}

fn parts(structure: &[Part], duration: Millis) -> Markup {
    let word = |kind: PartKind| match kind {
        PartKind::Situation => ("situation", "Situation"),
        PartKind::Task => ("task", "Task"),
        PartKind::Action => ("action", "Action"),
        PartKind::Result => ("result", "Result"),
    };
    let boxes = html! {
        @for part in structure {
            @let span = part.stretch.span;
            @let width = 100.0 * span.length().seconds() / duration.seconds().max(0.001);
            @let (class, title) = word(part.kind);
            svg x=(percent(span.start, duration)) width=(format!("{width:.2}%")) height="24" data-at=(span.start.0) data-to=(span.end.0) {
                rect class=(format!("part {class}")) x="0" y="2" width="100%" height="20" rx="3" {}
                text.part-name x="6" y="16.5" { (if width > 12.0 { title } else { &title[..1] }) }
            }
        }
    };
    drawing(24, "low", None, &boxes)
}

fn silences(pauses: &Pauses, duration: Millis) -> Markup {
    let shape = |length: Length| match length {
        Length::Normal => (8, "silence normal"),
        Length::Thinking => (14, "silence thinking"),
        Length::Long => (20, "silence long"),
    };
    let boxes = html! {
        @for pause in &pauses.silent {
            @let (height, class) = shape(pause.length);
            rect class=(class) x=(percent(pause.span.start, duration)) width=(percent(pause.span.length(), duration)) y=(22 - height) height=(height)
                data-at=(pause.span.start.0) data-to=(pause.span.end.0) {}
        }
    };
    drawing(24, "low", None, &boxes)
}

fn marks(fillers: &Fillers, duration: Millis) -> Markup {
    let shapes = html! {
        @for filler in &fillers.found {
            svg x=(percent(filler.span.start, duration)) height="24" overflow="visible" data-at=(filler.span.start.0) data-to=(filler.span.end.0) {
                @if filler.tier == Tier::Certain { path.certain d="M0 5L7 12L0 19L-7 12Z" {} } @else { circle.probable cx="0" cy="12" r="5.5" {} }
            }
        }
    };
    drawing(24, "low", None, &shapes)
}

fn range(pace: &Pace) -> (f64, f64) {
    let values = || pace.over_time.iter().map(|p| p.words_per_minute);
    (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
}

fn rate(pace: &Pace, delivery: &Delivery, duration: Millis) -> Markup {
    let (low, high) = range(pace);
    // from 80 to 200 at least, so that small differences look small
    let (low, high) = (low.min(80.0), high.max(200.0));
    let y = |value: f64| 96.0 - 92.0 * (value.clamp(low, high) - low) / (high - low);
    let (mut path, mut last, mut joined) = (String::new(), None, false);
    for place in &pace.over_time {
        let near = last.is_some_and(|last| place.at - last <= JOINED);
        joined |= near;
        let _ = write!(path, "{}{:.1},{:.1}", if near { 'L' } else { 'M' }, along(place.at, duration), y(place.words_per_minute));
        last = Some(place.at);
    }
    // a single place is a dot
    let path = if joined { path } else { path + "h2" };
    let [from, to] = delivery.pace;
    let content = html! {
        @if delivery.has_bands() { rect.comfortable x="0" width="1000" y=(format!("{:.1}", y(to))) height=(format!("{:.1}", y(from) - y(to))) {} }
        path.curve d=(path) {}
    };
    drawing(100, "middle", Some(1_000), &content)
}

fn along(at: Millis, duration: Millis) -> f64 {
    1_000.0 * at.seconds() / duration.seconds().max(0.001)
}

/// The median of each column, in semitones from the speaker's middle; a gap where there is no pitch.
fn curve(pitch: &Pitch, median: f64, reach: f64, duration: Millis) -> Markup {
    let step = pitch.track.len().div_ceil(COLUMNS).max(2);
    let (mut path, mut joined) = (String::new(), false);
    for (column, frames) in pitch.track.chunks(step).enumerate() {
        let mut heard: Vec<f64> = frames.iter().copied().filter(|hz| *hz > 0.0).collect();
        if heard.len() * 2 < step {
            joined = false;
            continue;
        }
        heard.sort_by(f64::total_cmp);
        let semitones = 12.0 * (heard[heard.len() / 2] / median).log2();
        let at = Millis((column * step + step / 2) as u64 * 10);
        let y = 50.0 - 46.0 * (semitones / reach).clamp(-1.0, 1.0);
        let _ = write!(path, "{}{:.1},{y:.1}{}", if joined { 'L' } else { 'M' }, along(at, duration), if joined { "" } else { "h.01" });
        joined = true;
    }
    let content = html! { line.zero x1="0" x2="1000" y1="50" y2="50" {} path class="curve thin" d=(path) {} };
    drawing(100, "middle", Some(1_000), &content)
}

fn ruler(duration: Millis) -> Markup {
    let step = [5, 10, 15, 30, 60, 120, 300, 600, 900].into_iter().find(|s| duration.0 / 1000 / s <= 6).unwrap_or(1_800);
    let times = (0..).map(|i| Millis(i * step * 1_000)).take_while(|at| at.0 * 100 <= duration.0 * 94);
    let ticks = html! {
        @for at in times {
            @let x = percent(at, duration);
            line.tick x1=(x) x2=(x) y1="0" y2="4" {}
            text.tick-name x=(x) y="17" text-anchor=(if at.0 == 0 { "start" } else { "middle" }) { (clock(at)) }
        }
    };
    drawing(20, "ruler", None, &ticks)
}

/// One figure on its scale from `ends.0` to `ends.1`: zones, a stroke for what is usual, a dot for this answer.
pub(super) fn scale(value: f64, usual: Option<f64>, zones: &[(f64, f64, &str)], ends: (f64, f64)) -> Markup {
    let (low, high) = ends;
    let part = |v: f64| 100.0 * (v.clamp(low, high) - low) / (high - low);
    let x = |v: f64| format!("{:.1}%", part(v));
    let content = html! {
        rect.track x="0" y="9" width="100%" height="6" rx="3" {}
        @for (from, to, class) in zones { rect class=(format!("zone {class}")) x=(x(*from)) y="9" width=(format!("{:.1}%", part(*to) - part(*from))) height="6" {} }
        @if let Some(usual) = usual { svg x=(x(usual)) overflow="visible" { rect.usual x="-1.5" y="3" width="3" height="18" {} } }
        circle.here cx=(x(value)) cy="12" r="6.5" {}
    };
    drawing(24, "scale", None, &content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::pause::Pause;
    use crate::sound::Span;

    #[test]
    fn places_stand_where_their_times_are() {
        let silent = vec![Pause { span: Span::new(5_000, 6_000), place: None, length: Length::Thinking, remarked: false }];
        let pauses = Pauses { silent, total: Millis(1_000), share: 0.1, median: None };
        let drawn = silences(&pauses, Millis(10_000)).into_string();
        assert!(drawn.contains(r#"x="50.00%" width="10.00%""#) && drawn.contains(r#"data-at="5000""#), "{drawn}");
        assert!(ruler(Millis(30_000)).into_string().contains("0:25"));
    }

    #[test]
    fn nothing_known_is_nothing_drawn() {
        let delivery = Delivery::default();
        let along = Along { duration: Millis(0), peaks: &[], measures: None, structure: &[], delivery: &delivery, hide_judgement: false };
        assert_eq!(lanes(&along).into_string(), "");
        // a recording of no length divides by nothing
        assert!(!lanes(&Along { peaks: &[0.5], ..along }).into_string().contains("NaN"));
    }
}
