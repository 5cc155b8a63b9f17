//! The first view: what was asked, what went well and what to work on, the abilities, and what this page is.

use maud::{Markup, html};

use super::place::quote;
use super::scorecard::{result, state_text};
use super::{Review, Take, private};
use crate::question::importance;
use crate::review::summary::{self, Seen, Tally};
use crate::score::State;
use crate::store::session::Answer;

/// Measured on graded answers that were kept aside; `scripts/bench scoring` prints both figures.
const AGREEMENT: &str = "On answers that others had written and graded point by point, the program told a point as the graders did with an F1 of 0.80, and its band \
    followed their grade with a rank correlation of 0.82. Panels of people agree with each other at about 0.74.";

pub(super) fn overview(review: &Review) -> Markup {
    html! {
        section #overview data-view {
            h2 tabindex="-1" { "Overview" }
            (asked(review))
            (strengths(review))
            (abilities(review))
            (own_notes(review))
            (private::section(review))
            (about(review))
        }
    }
}

fn asked(review: &Review) -> Markup {
    html! {
        section.block {
            h3 { "The questions" }
            @if review.coach {
                p.card.hint data-until-revealed { "The program's scores are hidden until you have rated the answers yourself and choose to reveal them." }
            }
            ol.asked {
                @for takes in review.questions() {
                    @let first = &takes[0].answer;
                    @let href = format!("#q{}", first.number);
                    li {
                        a href=(href) { span.number { (first.number) } span { (first.question.text) } }
                        div data-machine hidden[review.coach] {
                            @for Take { answer, .. } in takes {
                                div.result {
                                    @if takes.len() > 1 { a href=(href) data-take-link=(answer.files.take) { "Take " (answer.files.take) } }
                                    (result(answer))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn strengths(review: &Review) -> Markup {
    let scored = summary::last_scored_takes(review.takes.iter().map(|t| t.answer));
    if scored.is_empty() {
        return html! { section.block data-machine hidden[review.coach] { p { "No answer could be scored, so there are no strengths or weaknesses to name." } } };
    }
    let (good, open) = (summary::best(summary::points(&scored, true)), summary::best(summary::points(&scored, false)));
    html! {
        div.pair data-machine hidden[review.coach] {
            section.card.good {
                h3 { "What went well" }
                @if good.is_empty() { p { "No point was made surely yet. That is what practice is for." } } @else { ul { @for seen in &good { (item(seen)) } } }
            }
            section.card.open {
                h3 { "What to work on" }
                @if open.is_empty() { p { "No point is missing." } } @else { ul { @for seen in &open { (item(seen)) } } }
            }
        }
    }
}

fn item(Seen { answer, point, .. }: &Seen) -> Markup {
    let made = point.is_made();
    let state = if made { String::new() } else { format!(", {}", state_text(point.state)) };
    html! {
        li {
            p {
                strong { (point.point) } " "
                span.quiet {
                    "(" a href=(format!("#q{}", answer.number)) data-take-link=(answer.files.take) { "question " (answer.number) }
                    ", " (importance(point.weight)) (state) ")"
                }
            }
            @if let Some(proof) = point.proof.as_ref().filter(|_| made || point.state == State::Partly) { (quote(proof, answer)) }
            @if !made && !point.follow_up.trim().is_empty() { p { strong { "Try answering this: " } (point.follow_up) } }
        }
    }
}

fn abilities(review: &Review) -> Markup {
    let scored = summary::last_scored_takes(review.takes.iter().map(|t| t.answer));
    let tallies = summary::tallies(&scored);
    html! {
        @if !tallies.is_empty() {
            section.block data-machine hidden[review.coach] {
                h3 { "Points by ability" }
                p.quiet { "One or two observations say little about a person; look for what repeats over several sessions." }
                ul.abilities {
                    @for Tally { id, made, of } in tallies {
                        li {
                            span.ability { (capitalised(&review.competency(id))) }
                            span.dots aria-hidden="true" { @for n in 0..of { i.on[n < made] {} } }
                            span.quiet { (format!("{made} of {of} points made{}", summary::in_brackets(made, of))) }
                        }
                    }
                }
            }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Notes of the user on the whole session.
fn own_notes(review: &Review) -> Markup {
    let mut notes = review.own_notes.iter().filter(|n| n.place.is_none()).peekable();
    html! {
        @if notes.peek().is_some() {
            section.block { h3 { "Your notes" } @for note in notes { p { (note.text) } } }
        }
    }
}

fn about(review: &Review) -> Markup {
    html! {
        section class="block about" {
            h3 { "About this page" }
            p {
                strong { "Scores are for practice." } " They tell which points of a rubric were found in your words, each with the words that prove it. “Not \
                found” means not found in the transcript, which is not the same as not said. " (AGREEMENT)
            }
            p {
                strong { "Nothing was sent anywhere." } " The recording, the words and the scores were made on one computer. This page loads nothing from \
                elsewhere and tells nobody that you read it."
            }
            p.quiet { "Made by " (review.record.program) "; session " (review.name) "." }
        }
    }
}

/// The last take that counts of an answer's question, for the badge beside it.
pub(super) fn counted<'a>(takes: &'a [Take<'a>]) -> Option<&'a Answer> {
    takes.iter().rev().map(|t| t.answer).find(|a| a.scored().is_some())
}
