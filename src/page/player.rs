//! The player at the foot of the page, the form for a note, and the dialogs.

use maud::{Markup, PreEscaped, html};

use super::Review;

const PLAY: &str = r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path class="i-play" d="M7 4l13 8-13 8z"/><path class="i-pause" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg>"#;
const BACK: &str = r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z"/></svg>"#;
const ON: &str = r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z"/></svg>"#;
const KEYS: [(&str, &str, bool); 8] = [
    ("Space", "play, pause", false),
    ("← →", "5 seconds back, on", false),
    ("j k", "next, previous question", false),
    ("a b", "the take before, the take after, at the same place", false),
    ("n", "write a note at this moment", false),
    ("f", "mark the current word as a filler, or a filler as none", true),
    ("?", "this list", false),
    ("Esc", "close, cancel", false),
];

/// The longest note and name that the page takes; what takes them back holds to the same.
pub(super) const MOST_NOTE: usize = 2_000;
pub(super) const MOST_NAME: usize = 80;

pub(super) fn player() -> Markup {
    html! {
        section.player aria-label="Player" data-player {
            form.writing data-note-form hidden {
                label { span data-note-label {} textarea rows="2" maxlength=(MOST_NOTE) data-note-text {} }
                p.quiet { kbd { "Enter" } " keeps the note and goes on, " kbd { "Shift" } " " kbd { "Enter" } " a new line, " kbd { "Esc" } " cancels" }
                div.bar { button.main type="submit" { "Keep the note" } button type="button" data-do="cancel-note" { "Cancel" } }
            }
            div class="bar about-now" {
                span.playing data-playing {}
                div class="takes small" role="group" aria-label="Take that is heard" data-player-takes {}
            }
            div.controls {
                button type="button" data-do="back" aria-label="Back 5 seconds" { (PreEscaped(BACK)) span aria-hidden="true" { "5" } }
                button class="main round" type="button" data-do="play" aria-label="Play" { (PreEscaped(PLAY)) }
                button type="button" data-do="on" aria-label="On 5 seconds" { (PreEscaped(ON)) span aria-hidden="true" { "5" } }
                input type="range" min="0" max="1" value="0" step="100" data-position aria-label="Position";
                span.clock data-clock { "0:00" }
                label {
                    span.sr { "Speed" }
                    select data-speed { @for speed in ["0.75", "1", "1.25", "1.5"] { option value=(speed) selected[speed == "1"] { (speed) "×" } } }
                }
                button type="button" data-do="note" aria-keyshortcuts="n" { "Note" }
                button type="button" data-do="save" hidden { "Save notes" }
            }
        }
    }
}

pub(super) fn dialogs(review: &Review) -> Markup {
    html! {
        dialog data-dialog="help" aria-label="Keys" {
            h2 { "Keys" }
            dl.keys {
                @for (keys, what, coach) in KEYS {
                    @if !coach || review.coach { div { dt { @for key in keys.split(' ') { kbd { (key) } } } dd { (what) } } }
                }
            }
            p { label { input type="checkbox" checked data-shortcuts; " Keys are on" } }
            p.quiet { "A click on a word, a pause, a quote or a plot plays from there." }
            form method="dialog" { button.main { "Close" } }
        }
        @if review.coach {
            dialog data-dialog="reveal" aria-label="Reveal the program's scores?" {
                h2 { "Reveal the program's scores?" }
                p { "Your ratings up to now are kept as given before. What you change afterwards is kept apart from them." }
                p data-unrated {}
                form.bar method="dialog" { button.main value="reveal" { "Reveal" } " " button value="cancel" { "Not yet" } }
            }
        }
    }
}
