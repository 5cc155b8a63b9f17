//! A session as a page to look at and listen to: words light up as they are heard, and whatever is clicked plays. One HTML document that asks for
//! nothing from anywhere but, where it is served, its own sounds. Pure: what it shows is given to it.
//!
//! All text of the page is escaped by maud; style and script are named in the Content-Security-Policy by their hashes, so that nothing else can run.
//! What the script reads stands in `data-` attributes; there is no JSON in the page.

mod bytes;
mod coach;
mod comparison;
mod figures;
mod lanes;
mod overview;
mod place;
mod player;
mod private;
mod progress;
mod scorecard;
mod take;
mod words;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::coach::notes::Notes;
use crate::coach::rating::OwnRating;
use crate::measure::Delivery;
use crate::measure::baseline::Baseline;
use crate::privacy::Finding;
use crate::progress::Progress;
use crate::score::Part;
use crate::store::SessionRecord;
use crate::store::about::Note;
use crate::store::session::Answer;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// In every page, so that one can be told from another person's file of that name.
pub const GENERATOR: &str = "viva review";

/// What is shown.
pub struct Review<'a> {
    /// The name of the session's folder.
    pub name: &'a str,
    /// SHA-256 of what the page was made from, in small hexadecimal letters: a coach's notes say which page they belong to.
    pub sha256: &'a str,
    pub record: &'a SessionRecord,
    /// In the order of the questions and takes.
    pub takes: Vec<Take<'a>>,
    pub usual: &'a Baseline,
    pub delivery: &'a Delivery,
    /// The user's own for the session.
    pub title: Option<&'a str>,
    pub tags: &'a [String],
    pub own_notes: &'a [Note],
    /// Of each coach what they wrote.
    pub notes: &'a [Notes],
    /// How the user rated answers, by question and take; None where it is nobody's business.
    pub own: Option<&'a BTreeMap<(usize, usize), OwnRating>>,
    /// What could say who a patient is.
    pub private: &'a [Private],
    /// Over all sessions; None where it is nobody's business, as in a page for others.
    pub progress: Option<&'a Progress>,
    /// The names of competencies by their ids.
    pub competencies: &'a BTreeMap<String, String>,
    /// A coach's page: what the program judged is hidden until it is asked for.
    pub coach: bool,
}

/// What could say who a patient is, and in which recording.
pub struct Private {
    /// Question and take, from 1.
    pub number: usize,
    pub take: usize,
    pub part: Part,
    pub finding: Finding,
}

/// One take with its sounds.
pub struct Take<'a> {
    pub answer: &'a Answer,
    /// None where the sound is not there, or not wanted.
    pub sound: Option<Sound>,
    pub follow_up_sound: Option<Sound>,
}

/// A recording as the page plays it.
pub struct Sound {
    pub place: Place,
    /// The loudest sample of each of equal stretches, 0.0..=1.0 of the loudest of all.
    pub peaks: Vec<f32>,
}

/// Where a sound is.
pub enum Place {
    /// At this address beside the page.
    Beside(String),
    /// In the page: the bytes of a file that browsers play.
    Within(Vec<u8>),
}

impl<'a> Review<'a> {
    /// The takes of one question after the other.
    fn questions(&self) -> impl Iterator<Item = &[Take<'a>]> {
        self.takes.chunk_by(|a, b| a.answer.number == b.answer.number)
    }

    fn competency(&self, id: &str) -> String {
        self.competencies.get(id).cloned().unwrap_or_else(|| id.replace('-', " "))
    }
}

/// The page: bytes of a document in windows-1252. All of it is ASCII but for the sounds within.
#[must_use]
pub fn html(review: &Review) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" data-session=(review.name) data-page-sha256=(review.sha256) data-program=(review.record.program) data-coach[review.coach] {
            (head(review))
            body {
                a.skip href="#content" { "Skip to the content" }
                (header(review))
                div.frame {
                    (navigation(review))
                    main #content {
                        @if review.coach { (coach::bar()) }
                        (overview::overview(review))
                        @for takes in review.questions() { (take::question(takes, review)) }
                        @if let Some(progress) = review.progress { (progress::view(progress, review)) }
                    }
                }
                (player::player())
                p.sr role="status" data-status {}
                (player::dialogs(review))
                script { (PreEscaped(SCRIPT)) }
                div hidden { (PreEscaped(SOUNDS)) }
            }
        }
    };
    let page = bytes::ascii(&page.into_string());
    // behind the script: an hour of sound does not keep the page waiting
    let (before, after) = page.split_once(SOUNDS).unwrap_or((&page, ""));
    let mut all = before.as_bytes().to_vec();
    for (recording, place) in review.takes.iter().flat_map(Take::sounds) {
        match place {
            Place::Beside(address) => all.extend_from_slice(beside(&recording, address).into_string().as_bytes()),
            Place::Within(sound) => {
                all.extend_from_slice(within(&recording).as_bytes());
                bytes::write(sound, &mut all);
                all.extend_from_slice(b"</script>");
            }
        }
    }
    all.extend_from_slice(after.as_bytes());
    all
}

/// Where the sounds go; written by nobody else, since what people wrote is escaped.
const SOUNDS: &str = "<!--sounds-->";

fn beside(recording: &str, address: &str) -> Markup {
    html! { audio data-audio=(recording) preload="none" src=(address) {} }
}

/// An element that plays what the script makes of the data behind it.
fn within(recording: &str) -> String {
    format!(r#"<audio data-audio="{recording}" preload="none"></audio><script type="application/octet-stream" data-sound="{recording}">"#)
}

fn head(review: &Review) -> Markup {
    html! {
        head {
            meta charset="windows-1252";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="generator" content=(GENERATOR);
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="referrer" content="no-referrer";
            title { (review.record.role_name) ": interview review" }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// The Content-Security-Policy of the page: its own style and script, sounds of its own, and nothing else.
#[must_use]
pub fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; media-src data: blob: 'self'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

fn header(review: &Review) -> Markup {
    let record = review.record;
    let count = review.questions().count();
    let plural = if count == 1 { "" } else { "s" };
    html! {
        header.top {
            div {
                p.label { "Interview review" }
                h1 { (review.title.unwrap_or(&record.role_name)) }
                p.quiet { (record.started.strftime("%A %-d %B %Y, %H:%M UTC")) " · " (count) " question" (plural)
                    @if review.title.is_some() { " · " (record.role_name) }
                    @for tag in review.tags { " · " span.tag { (tag) } }
                }
                @if record.demonstration { p.card.hint { "Demonstration: a computer's voice answered. This says nothing about a person." } }
            }
            div.bar {
                button type="button" data-do="theme" { "Dark" }
                button type="button" data-do="help" aria-keyshortcuts="?" { "Keys" }
            }
        }
    }
}

fn navigation(review: &Review) -> Markup {
    html! {
        nav aria-label="Questions" {
            ol {
                li { a href="#overview" aria-current="page" { span { "Overview" } } }
                @for takes in review.questions() {
                    @let answer = &takes[0].answer;
                    li {
                        a href=(format!("#q{}", answer.number)) {
                            span.number { (answer.number) }
                            span.short { (answer.question.text) }
                            @if let Some(card) = overview::counted(takes).and_then(Answer::scored) {
                                span class=(format!("badge {}", place::band_class(card.band))) data-machine hidden[review.coach] { span.sr { "band " } (card.band.number()) }
                            }
                        }
                    }
                }
                @if review.progress.is_some() { li { a href="#progress" { span { "Progress" } } } }
            }
        }
    }
}
