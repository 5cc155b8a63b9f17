//! A comparison of two answers as text for the terminal.

use super::compare::{Became, Comparison, FigurePair, PointPair, PointSide, Side};
use super::text::{BAD, GOOD, OPEN, QUIET, item, line, paragraph};
use crate::layout::{BOLD, heading};
use crate::measure::baseline::Figure;
use crate::question::importance;
use crate::score::State;
use crate::score::band::CONCRETE;

/// What was gained and lost first, then how it was said.
#[must_use]
pub fn comparison(comparison: &Comparison) -> String {
    let mut out = String::new();
    let Comparison { before, now, points, .. } = comparison;
    paragraph(&mut out, "", &format!("{BOLD}{}{BOLD:#}", comparison.text));
    item(&mut out, "  ", &format!("before: {}", side(before)));
    item(&mut out, "  ", &format!("now:    {}", side(now)));
    if comparison.rubric_changed {
        paragraph(&mut out, "  ", &format!("{QUIET}The points to look for were edited in between: a difference may come of that.{QUIET:#}"));
    }
    heading(&mut out, "Points");
    if before.band.is_none() || now.band.is_none() {
        paragraph(&mut out, "  ", "One of the two has no score, so that nothing was gained or lost.");
    } else {
        changed(&mut out, points);
    }
    delivery(&mut out, comparison);
    out
}

fn side(side: &Side) -> String {
    let outcome = match (side.band, side.points, &side.no_score) {
        (Some(band), Some((made, of)), _) => format!("band {band} of 5, {made} of {of} points"),
        (_, _, Some(reason)) => format!("no score: {reason}"),
        _ => "no score".to_owned(),
    };
    let length = side.duration.map_or(String::new(), |d| format!(", {d} long"));
    format!("{}, question {}, take {}{length}: {outcome}", side.session, side.number, side.take)
}

fn changed(out: &mut String, points: &[PointPair]) {
    for (became, style, word) in [
        (Became::Gained, GOOD, "gained"),
        (Became::Lost, BAD, "lost"),
        (Became::Nearer, GOOD, "better"),
        (Became::Farther, OPEN, "less"),
        (Became::Unasked, QUIET, "not asked for both times"),
    ] {
        for pair in points.iter().filter(|p| p.became == became) {
            item(out, "  ", &format!("{style}{word}:{style:#} {} {QUIET}({}){QUIET:#}", pair.point, importance(pair.weight)));
            for (when, side) in [("before", &pair.before), ("now", &pair.now)] {
                if let Some(side) = side {
                    paragraph(out, "      ", &format!("{QUIET}{when}:{QUIET:#} {}", said(side)));
                }
            }
        }
    }
    let same = points.iter().filter(|p| p.became == Became::Same).count();
    match same {
        _ if same == points.len() => line(out, "  The same points, as far as before."),
        0 => {}
        _ => line(out, &format!("  {QUIET}The other {same} are as before.{QUIET:#}")),
    }
}

fn said(side: &PointSide) -> String {
    let state = match side.state {
        State::Made if side.level == CONCRETE => "made with a concrete instance".to_owned(),
        state => state.to_string(),
    };
    let Some(quote) = &side.quote else { return state };
    let part = if side.asked_back { ", when asked back" } else { "" };
    let at = side.at.map_or(String::new(), |at| format!("{at}{part}  "));
    format!("{state}: {at}\"{quote}\"")
}

fn delivery(out: &mut String, comparison: &Comparison) {
    let pair = &comparison.delivery;
    heading(out, "Delivery");
    for different in &pair.different {
        item(out, "  ", &sentence(different));
    }
    if !pair.alike.is_empty() {
        let alike: Vec<&str> = pair.alike.iter().map(|f| name(*f)).collect();
        item(out, "  ", &format!("{QUIET}No further apart than two of your answers may be by chance: {}.{QUIET:#}", alike.join(", ")));
    }
    if !pair.unknown.is_empty() {
        let unknown: Vec<&str> = pair.unknown.iter().map(|f| name(*f)).collect();
        let from = format!("from {} answers of yours on", pair.needed);
        item(out, "  ", &format!("Nothing can be told yet of {}: what is usual for you is known {from}.", unknown.join(", ")));
    }
    if pair.different.is_empty() && pair.alike.is_empty() && pair.unknown.is_empty() {
        line(out, "  Nothing was measured in both.");
    }
}

fn sentence(pair: &FigurePair) -> String {
    let FigurePair { figure, before, now, chance, takes } = *pair;
    let more = if now > before { "more" } else { "less" };
    let show = |value: f64| value_of(figure, value);
    let by_chance = format!("up to {} may be chance, in {takes} answers", show(chance));
    format!("{}: {}, was {} ({more}; {by_chance})", name(figure), show(now), show(before))
}

/// What a figure is called.
#[must_use]
pub fn name(figure: Figure) -> &'static str {
    match figure {
        Figure::WordsPerMinute => "pace",
        Figure::ArticulationRate => "pace without the pauses",
        Figure::PauseShare => "time in pauses",
        Figure::FillersPerMinute => "fillers",
        Figure::PitchVariation => "melody",
        Figure::Loudness => "loudness",
    }
}

/// A value with its unit.
#[must_use]
pub fn value_of(figure: Figure, value: f64) -> String {
    match figure {
        Figure::WordsPerMinute | Figure::ArticulationRate => format!("{value:.0} words a minute"),
        Figure::PauseShare => format!("{:.0} %", value * 100.0),
        Figure::FillersPerMinute => format!("{value:.1} a minute"),
        Figure::PitchVariation => format!("{value:.1} semitones"),
        Figure::Loudness => format!("{value:.0} LUFS"),
    }
}
