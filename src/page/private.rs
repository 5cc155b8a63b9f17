//! What in the words could say who a patient is, with a safer wording.

use maud::{Markup, html};

use super::place::{play, recording_id};
use super::{Private, Review};
use crate::privacy::CAVEAT;

pub(super) fn section(review: &Review) -> Markup {
    html! {
        @if !review.private.is_empty() {
            section.block {
                h3 { "Before you pass this on" }
                p { "These words could say who a patient is. In an interview, too, tell the story without them." }
                ul {
                    @for Private { number, take, part, finding } in review.private {
                        @let answer = review.takes.iter().map(|t| t.answer).find(|a| (a.number, a.files.take) == (*number, *take));
                        li {
                            @if let Some(answer) = answer { (play(finding.span, Some(&html! { q { (finding.text) } }), Some(&recording_id(answer, *part)), "play quote")) }
                            " " span.quiet { (format!("question {number}, {}: say “{}”", finding.kind.name(), finding.safer)) }
                        }
                    }
                }
                p.quiet { (CAVEAT) " An export with " code { "--redact" } " masks them in the text and silences them in the sound." }
            }
        }
    }
}
