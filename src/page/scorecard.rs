//! The points of an answer with the words that prove them, what to try, how it was built and how its band was reckoned.

use maud::{Markup, html};

use super::place::{band_mark, outcome, quote, red_flag};
use super::{Review, coach};
use crate::question::importance;
use crate::review::points::told;
use crate::score::band::{self, Anchor, Band, CONTRADICTED, WORTH};
use crate::score::{Point, Refusal, Scorecard, Scored, State, advice};
use crate::store::session::Answer;

const LEVELS: [&str; 4] = ["not found", "touched", "made", "made, with a concrete instance"];

/// Nothing where the question has no points to look for.
pub(super) fn scorecard(answer: &Answer, review: &Review) -> Markup {
    let card = answer.report.as_ref().and_then(|r| r.scorecard.as_ref());
    html! {
        @match card {
            None => {},
            Some(Scorecard::Refused { reason }) => (refused(reason, review)),
            Some(Scorecard::Scored(scored)) => (points(scored, answer, review)),
        }
    }
}

fn refused(reason: &Refusal, review: &Review) -> Markup {
    html! { section.block data-machine hidden[review.coach] { h4 { "Points" } p.card.open { strong { "No score: " } (reason) "." } } }
}

fn points(card: &Scored, answer: &Answer, review: &Review) -> Markup {
    let made = card.points.iter().filter(|p| p.is_made());
    let tips = advice::of(card, &answer.question);
    let tip = |p: &Point| tips.iter().find(|t| t.criterion == p.id).map(|t| t.to_try.as_str());
    let strong = answer.question.anchors.as_ref().map(|a| &a.strong).filter(|_| card.band.anchor() != Anchor::Strong);
    html! {
        section class="block scorecard" data-machine hidden[review.coach] {
            h4 { "Points" }
            p.verdict { (band_mark(card.band)) (format!(" {} of {} points made", card.made(), card.points.len())) }
            (coach::says(review, answer, None))
            @if !card.red_flags.is_empty() { ul.card.alarm { @for flag in &card.red_flags { (red_flag(flag, answer)) } } }
            ol.points { @for point in made.chain(card.open()) { (one(point, tip(point), answer, review)) } }
            @if let Some(strong) = strong { p { strong { "What a strong answer does: " } (strong) } }
            (structure(card, answer))
            (sum(card))
        }
    }
}

pub(super) fn state_text(state: State) -> String {
    if state == State::Contradicted { "the contrary was said".to_owned() } else { state.to_string() }
}

fn class_of(state: State) -> &'static str {
    match state {
        State::Made => "made",
        State::Partly => "partly",
        State::NotFound => "not_found",
        State::Contradicted => "contradicted",
    }
}

fn one(point: &Point, tip: Option<&str>, answer: &Answer, review: &Review) -> Markup {
    let state = if point.state == State::Contradicted { "the contrary was said" } else { LEVELS[usize::from(point.level.min(band::CONCRETE))] };
    let competency = point.competency.as_deref().map_or(String::new(), |id| format!(" · {}", review.competency(id)));
    html! {
        li class=(class_of(point.state)) {
            p {
                span class=(format!("meter {}", class_of(point.state))) aria-hidden="true" { @for n in 1..=3 { i.on[n <= point.level] {} } }
                strong { (point.point) } " "
                span.quiet { (format!("{state} (level {} of 3) · {}{competency}", point.level, importance(point.weight))) }
            }
            @if let Some(proof) = &point.proof {
                @let label = match point.state { State::Made => "", State::Partly => "Touched, but not surely: ", _ => "The nearest: " };
                p { @if !label.is_empty() { span.quiet { (label) } } (quote(proof, answer)) }
                @if matches!(point.state, State::Made | State::Partly) { p.quiet { "matches “" (proof.phrase.replace('|', " / ")) "” in the rubric" } }
            }
            @if point.supposed { p.quiet { "told as what you would do; the question asks for what you did" } }
            @if let Some(opposite) = &point.opposite { p { strong { "! This sounds like the contrary: " } (quote(opposite, answer)) } }
            (coach::says(review, answer, Some(&point.id)))
            @if let Some(tip) = tip { p { strong { "To try: " } (tip) } }
            @if !point.is_made() && !point.follow_up.trim().is_empty() { p { span.quiet { "You may be asked: " } (point.follow_up) } }
        }
    }
}

fn structure(card: &Scored, answer: &Answer) -> Markup {
    let sentences = told(&card.structure, Some(answer.question.kind), true);
    html! {
        @if !sentences.is_empty() {
            h5 { "How it was built" }
            p.quiet { "Shown, never scored." }
            ul { @for sentence in sentences { li { (sentence) } } }
        }
    }
}

fn sum(card: &Scored) -> Markup {
    let [_, touched, made, concrete] = WORTH;
    let from: Vec<String> = (2..).zip(Band::FROM).map(|(band, from)| format!("{band} from {from} %")).collect();
    let per_cent = (u64::from(card.credit) * 100).checked_div(card.most.into()).unwrap_or(0);
    if !card.adds_up() {
        return html! { p.quiet { "This band was reckoned by an earlier version; " code { "viva score SESSION --again" } " does it anew." } };
    }
    html! {
        details {
            summary { "How the band was reckoned" }
            p {
                (format!("Weight times worth: not found 0, touched {touched}, made {made}, with an instance {concrete}, the contrary said −{}.", -CONTRADICTED))
                @if !card.by_meaning { " Points were found by their words alone." }
            }
            div.wide tabindex="0" role="region" aria-label="The sum" {
                table {
                    thead { tr { @for title in ["Point", "Weight", "State", "Worth", "Product"] { th scope="col" { (title) } } } }
                    tbody {
                        @for point in &card.points {
                            tr {
                                th scope="row" { (point.point) }
                                td { (point.weight) } td { (state_text(point.state)) } td { (point.state.worth(point.level)) } td { (point.credit()) }
                            }
                        }
                    }
                }
            }
            p { strong { (format!("{} of {}, {per_cent} %: band {}.", card.credit, card.most, card.band.number())) } " Band " (from.join(", ")) "." }
        }
    }
}

/// What an answer brought, in one line: its band, its points, its red flags.
pub(super) fn result(answer: &Answer) -> Markup {
    let card = answer.scored();
    html! {
        (outcome(answer))
        @if let Some(card) = card {
            span.quiet { (format!("{} of {} points", card.made(), card.points.len())) }
            @match card.red_flags.len() { 0 => {}, 1 => span.flag { "! 1 red flag" }, n => span.flag { (format!("! {n} red flags")) } }
        }
    }
}
