//! What a coach gives and gave: the form to rate an answer by its anchors before the program's scores are shown, and in the margin what coaches
//! have written.

use maud::{Markup, html};

use super::Review;
use super::place::{band_text, clock, recording_id};
use super::player::MOST_NAME;
use super::scorecard::state_text;
use super::take::Recording;
use crate::coach::notes::{Note, Verdict, When};
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
    let (question, recording, card) = (&answer.question, recording_id(answer, Part::Answer), answer.scored());
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

/// What a person wrote at a moment: a coach, or the user.
struct Written<'a> {
    at: Millis,
    by: &'a str,
    text: &'a str,
}

/// The notes of all coaches and the user's own that stand in this stretch of a recording.
pub(super) fn notes(review: &Review, recording: &Recording, from: Millis, to: Option<Millis>) -> Markup {
    let (number, take) = (recording.answer.number, recording.answer.files.take);
    let here = |n: &&Note| (n.question, n.take, n.part) == (number, take, recording.part);
    let coaches = review.notes.iter().flat_map(|c| c.notes.iter().filter(here).map(|n| Written { at: n.at_ms, by: c.name(), text: &n.text }));
    let own = review.own_notes.iter().filter_map(|n| {
        let place = n.place.filter(|p| (p.question, p.take, Part::Answer) == (number, take, recording.part))?;
        Some(Written { at: place.at.unwrap_or(Millis(0)), by: "You", text: &n.text })
    });
    let mut found: Vec<Written> = coaches.chain(own).collect();
    found.retain(|n| n.at >= from && to.is_none_or(|to| n.at < to));
    found.sort_by_key(|n| n.at);
    html! {
        @for note in found {
            li class="note imported" {
                button.play type="button" data-at=(note.at.0) { (clock(note.at)) }
                span.who { (note.by) }
                p { (note.text) }
            }
        }
    }
}

/// Where coaches say of a place that it is a filler (true) or none.
pub(super) fn verdicts(review: &Review, recording: &Recording) -> Vec<(Span, bool)> {
    let (number, take) = (recording.answer.number, recording.answer.files.take);
    let all = review.notes.iter().flat_map(|c| &c.fillers);
    let here = all.filter(|f| (f.question, f.take, f.part) == (number, take, recording.part));
    here.map(|f| (f.span(), f.verdict == Verdict::Added)).collect()
}

/// How coaches and the user rated a point of an answer, or the whole where no criterion is named.
pub(super) fn says(review: &Review, answer: &Answer, criterion: Option<&str>) -> Markup {
    let mut said: Vec<(&str, u8, &str)> = Vec::new();
    for coach in review.notes {
        for rated in coach.ratings.iter().filter(|r| (r.question, r.take) == (answer.number, answer.files.take)) {
            let value = criterion.map_or(rated.band, |id| rated.points.get(id).copied());
            let when = if rated.when == When::Before { "before seeing the scores" } else { "after seeing the scores" };
            said.extend(value.map(|value| (coach.name(), value, when)));
        }
    }
    if let Some(own) = review.own.and_then(|own| own.get(&(answer.number, answer.files.take))) {
        for (judgement, when) in [(own.unswayed(), "before seeing the scores"), (own.swayed(), "after seeing the scores")] {
            let value = judgement.and_then(|j| criterion.map_or(j.band, |id| j.points.get(id).copied()));
            said.extend(value.map(|value| ("You", value, when)));
        }
    }
    let what = if criterion.is_some() { "level" } else { "band" };
    html! { @for (name, value, when) in said { p.coach-says { strong { (name) } (format!(": {what} {value}, {when}")) } } }
}
