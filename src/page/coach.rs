//! What a coach gives and gave: the form to rate an answer by its anchors before the program's scores are shown, and in the margin what coaches
//! have written.

use maud::{Markup, html};

use super::place::{band_text, recording_id, scored};
use super::player::MOST_NAME;
use super::scorecard::state_text;
use super::take::Recording;
use super::Review;
use crate::score::Part;
use crate::sound::{Millis, Span};
use crate::store::session::Answer;

const LEVELS: [&str; 4] = ["0 not found", "1 touched", "2 made", "3 instance"];

/// What stands above a coach's page.
pub(super) fn bar() -> Markup {
    html! {
        section.card.coach aria-label="For the coach" {
            h2.label { "For the coach" }
            p { "Listen, write notes at their moment (key n), rate each answer. The program's scores stay hidden until you reveal them." }
            div.bar {
                label { "Your name " input type="text" data-coach-name autocomplete="name" maxlength=(MOST_NAME); }
                button type="button" data-do="reveal" { "Reveal the program's scores" }
            }
        }
    }
}

pub(super) fn rating_form(answer: &Answer) -> Markup {
    let (question, recording, card) = (&answer.question, recording_id(answer, Part::Answer), scored(answer));
    let name = format!("Your rating of question {}, take {}", answer.number, answer.files.take);
    let bands: Vec<String> = (1..=5).map(|n| n.to_string()).collect();
    let of_band = card.map_or("no score".to_owned(), |c| band_text(c.band));
    let of_point = |id: &str| {
        let point = card.and_then(|c| c.points.iter().find(|p| p.id == id));
        point.map_or("no score".to_owned(), |p| format!("level {}, {}", p.level, state_text(p.state)))
    };
    html! {
        form class="block rating" data-rating=(recording) aria-label=(name) {
            h4 { "Your rating" }
            p.quiet { "Rate what you heard before the program's scores are shown. What you change afterwards is kept apart." }
            @if let Some(anchors) = &question.anchors {
                dl.anchors {
                    @for (title, text) in [("1–2 weak", &anchors.weak), ("3 fair", &anchors.fair), ("4–5 strong", &anchors.strong)] { div { dt { (title) } dd { (text) } } }
                }
            }
            (scale(&recording, "band", "The whole answer", (1, &bands), &of_band))
            @for criterion in &question.criteria { (scale(&recording, &criterion.id, &criterion.point, (0, &LEVELS.map(str::to_owned)), &of_point(&criterion.id))) }
        }
    }
}

fn scale(recording: &str, key: &str, legend: &str, (first, choices): (usize, &[String]), of_machine: &str) -> Markup {
    let name = format!("{recording}-{key}");
    html! {
        fieldset data-rate=(key) {
            legend { (legend) }
            div.choices {
                @for (value, choice) in (first..).zip(choices) { label { input type="radio" name=(name) value=(value); span { (choice) } } }
                button type="button" data-do="unrate" { "Clear" }
            }
            p.beside data-machine hidden { "The program: " (of_machine) span data-before {} }
        }
    }
}

/// The notes of all coaches that stand in this stretch of a recording.
pub(super) fn notes(_review: &Review, _recording: &Recording, _from: Millis, _to: Option<Millis>) -> Markup {
    html! {}
}

/// Where coaches say of a place that it is a filler (true) or none.
pub(super) fn verdicts(_review: &Review, _recording: &Recording) -> Vec<(Span, bool)> {
    Vec::new()
}

/// How coaches rated a point of an answer, or the whole where no criterion is named.
pub(super) fn says(_review: &Review, _answer: &Answer, _criterion: Option<&str>) -> Markup {
    html! {}
}
