//! A take against the one before it: what was gained and lost, with both quotes, and how it was said otherwise where that is more than chance.

use maud::{Markup, html};

use super::Review;
use super::place::{clock, recording_id};
use crate::measure::baseline::Figure;
use crate::review::compare::{Became, Comparison, PointSide, Taken, compare};
use crate::review::{name_of, value_of};
use crate::score::Part;
use crate::store::session::Answer;

pub(super) fn against(before: &Answer, now: &Answer, review: &Review) -> Markup {
    let taken = |answer| Taken { session: review.name, started: review.record.started, answer };
    let comparison = compare(taken(before), taken(now), review.usual);
    html! {
        section.block data-machine hidden[review.coach] {
            h4 { "Against take " (before.files.take) }
            @if let (Some(was), Some(is)) = (comparison.before.band, comparison.now.band) {
                p { (format!("Band {was} before, {is} now.")) }
                (points(&comparison, before, now))
            } @else {
                p { "One of the two has no score, so that nothing was gained or lost." }
            }
            (delivery(&comparison))
        }
    }
}

fn points(comparison: &Comparison, before: &Answer, now: &Answer) -> Markup {
    let word = |became| match became {
        Became::Gained => Some(("gained", "+ Gained: ")),
        Became::Nearer => Some(("gained", "+ Nearer: ")),
        Became::Lost => Some(("lost", "− Lost: ")),
        Became::Farther => Some(("lost", "− Less: ")),
        Became::Same | Became::Unasked => None,
    };
    let changes: Vec<_> = comparison.points.iter().filter_map(|p| Some((word(p.became)?, p))).collect();
    html! {
        @if changes.is_empty() { p { "The same points." } } @else {
            ul.changes {
                @for ((class, word), pair) in changes {
                    li class=(class) {
                        p { strong { (word) } (pair.point) }
                        @for (when, side, answer) in [("before: ", &pair.before, before), ("now: ", &pair.now, now)] {
                            @if let Some(said) = side.as_ref().and_then(|side| quoted(side, answer)) { p { span.quiet { (when) } (said) } }
                        }
                    }
                }
            }
        }
    }
}

fn quoted(side: &PointSide, answer: &Answer) -> Option<Markup> {
    let (quote, at) = (side.quote.as_ref()?, side.at?);
    let part = if side.asked_back { Part::FollowUp } else { Part::Answer };
    Some(html! {
        button class="play quote" type="button" data-at=(at.0) data-in=(recording_id(answer, part)) {
            span.when { (clock(at)) }
            span.what { q { (quote) } @if side.asked_back { " (when asked back)" } }
        }
    })
}

fn delivery(comparison: &Comparison) -> Markup {
    let pair = &comparison.delivery;
    let names = |figures: &[Figure]| figures.iter().map(|f| name_of(*f)).collect::<Vec<_>>().join(", ");
    html! {
        @if !pair.different.is_empty() {
            ul {
                @for one in &pair.different {
                    li {
                        (name_of(one.figure)) ": " (value_of(one.figure, one.now)) ", was " (value_of(one.figure, one.before))
                        " " span.quiet { (format!("(up to {} may be chance, in {} answers)", value_of(one.figure, one.chance), one.takes)) }
                    }
                }
            }
        }
        @if !pair.alike.is_empty() { p.quiet { "No further apart than two of your answers may be by chance: " (names(&pair.alike)) "." } }
        @if !pair.unknown.is_empty() {
            p.quiet { "Nothing can be told yet of " (names(&pair.unknown)) ": what is usual for you is known from " (pair.needed) " answers on." }
        }
    }
}
