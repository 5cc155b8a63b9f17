//! Progress over all sessions, as a view of the page: abilities, delivery, what was practised and what was not, stories told twice.

use maud::{Markup, html};

use super::Review;
use crate::progress::{Direction, FigureProgress, LEAST_SESSIONS, Progress, Share, Trend};
use crate::review::{name_of, value_of};

/// So many of the questions that were never practised are named.
const MOST_NAMED: usize = 12;

pub(super) fn view(progress: &Progress, review: &Review) -> Markup {
    let count = progress.sessions.len();
    html! {
        section #progress data-view data-off {
            h2 tabindex="-1" { "Progress" }
            @if count == 0 { p { "There is no session to tell progress from; demonstrations do not count." } } @else {
                p.quiet { (format!("Over {count} session{}.", if count == 1 { "" } else { "s" })) @if count < LEAST_SESSIONS { " Nothing can be called a trend yet." } }
                (abilities(progress, review))
                (delivery(progress))
                (practised(progress))
                (retold(progress))
            }
        }
    }
}

fn abilities(progress: &Progress, review: &Review) -> Markup {
    html! {
        @if !progress.competencies.is_empty() {
            section.block data-machine hidden[review.coach] {
                h3 { "Abilities" }
                p.quiet { "Points made of points looked for, a column a session. The stroke tells between what and what the share may lie, counted in so few." }
                ul.abilities {
                    @for ability in &progress.competencies {
                        li {
                            span.ability { (review.competency(&ability.competency)) }
                            (columns(&ability.sessions))
                            span.quiet { (sums(&ability.sessions)) @if let Some(trend) = &ability.trend { ". " (told(trend)) } }
                        }
                    }
                }
            }
        }
    }
}

fn sums(shares: &[Share]) -> String {
    let last: Vec<String> = shares.iter().rev().take(5).rev().map(|s| format!("{} of {}", s.made, s.of)).collect();
    format!("{}{}", if shares.len() > last.len() { "... " } else { "" }, last.join(", "))
}

fn told(trend: &Trend) -> String {
    let ((a, of_a), (b, of_b)) = (trend.earlier, trend.later);
    match trend.direction {
        Direction::Up => format!("Better: {a} of {of_a} before, {b} of {of_b} since"),
        Direction::Down => format!("Less: {a} of {of_a} before, {b} of {of_b} since"),
        Direction::NotTold => "No difference that so few points can show".to_owned(),
    }
}

#[allow(clippy::cast_precision_loss)] // a few hundred
fn columns(shares: &[Share]) -> Markup {
    let width = 100.0 / shares.len().max(1) as f64;
    let x = |i: usize, part: f64| format!("{:.2}%", width * (i as f64 + part));
    let y = |share: f64| format!("{:.1}", 30.0 - 28.0 * share.clamp(0.0, 1.0));
    html! {
        svg.columns width="100%" height="32" aria-hidden="true" focusable="false" {
            @for (i, share) in shares.iter().enumerate() {
                rect.here x=(x(i, 0.3)) width=(format!("{:.2}%", (width * 0.6).min(6.0))) y=(y(share.share)) height=(format!("{:.1}", 28.0 * share.share.clamp(0.0, 1.0) + 1.0)) {}
                line.usual x1=(x(i, 0.15)) x2=(x(i, 0.15)) y1=(y(share.high)) y2=(y(share.low)) {}
            }
        }
    }
}

fn delivery(progress: &Progress) -> Markup {
    html! {
        @if !progress.delivery.is_empty() {
            section.block {
                h3 { "How it was said" }
                ul.figures {
                    @for figure in &progress.delivery {
                        li {
                            span.name { (name_of(figure.figure)) }
                            @if let Some(last) = figure.values.last() { span.value { strong { (value_of(figure.figure, last.value)) } " last" } }
                            (curve(figure))
                            span class="quiet context" { (usual(figure)) }
                        }
                    }
                }
            }
        }
    }
}

fn usual(figure: &FigureProgress) -> String {
    let (Some(median), Some(spread)) = (figure.usual, figure.spread) else { return format!("{} answers; nothing is usual yet", figure.values.len()) };
    let differs = if figure.last_differs == Some(true) { "; the last differs by more than that" } else { "" };
    format!("usually {}, give or take {} ({} answers){differs}", value_of(figure.figure, median), value_of(figure.figure, spread), figure.takes)
}

#[allow(clippy::cast_precision_loss)]
fn curve(figure: &FigureProgress) -> Markup {
    let values: Vec<f64> = figure.values.iter().map(|v| v.value).collect();
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    let reach = (high - low).max(figure.figure.noticeable(low.abs())).max(f64::EPSILON);
    let x = |i: usize| 1_000.0 * (i as f64 + 0.5) / values.len() as f64;
    let points: Vec<String> = values.iter().enumerate().map(|(i, v)| format!("{:.1},{:.1}", x(i), 36.0 - 32.0 * (v - low) / reach)).collect();
    html! {
        svg.small-curve width="100%" height="40" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            path.curve d=(format!("M{}h.01", points.join("L"))) {}
        }
    }
}

fn practised(progress: &Progress) -> Markup {
    html! {
        @if !progress.practised.is_empty() {
            section.block {
                h3 { "Practised, longest ago first" }
                ul {
                    @for question in &progress.practised {
                        li { (question.text) " " span.quiet { (format!("{} takes, last on {}", question.takes, progress.sessions[question.last].started.strftime("%-d %B %Y"))) } }
                    }
                }
            }
        }
        @if !progress.never.is_empty() {
            section.block {
                h3 { (format!("Never practised ({})", progress.never.len())) }
                ul { @for question in progress.never.iter().take(MOST_NAMED) { li { (question.text) } } }
                @if progress.never.len() > MOST_NAMED { p.quiet { "The others: " code { "viva questions list" } } }
            }
        }
    }
}

/// The text of a question that was practised.
fn asked<'a>(progress: &'a Progress, id: &'a str) -> &'a str {
    progress.practised.iter().find(|q| q.question == id).map_or(id, |q| &q.text)
}

fn retold(progress: &Progress) -> Markup {
    html! {
        @if !progress.retold.is_empty() {
            section.block {
                h3 { "Stories told for more than one question" }
                p.quiet { "One good story may serve twice, but hardly in one interview." }
                ul {
                    @for pair in &progress.retold {
                        li {
                            @for place in [&pair.one, &pair.other] { p { q { (place.quote) } " " span.quiet { "for “" (asked(progress, &place.question)) "”" } } }
                        }
                    }
                }
            }
        }
    }
}
