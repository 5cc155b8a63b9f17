//! The words of a recording: each one plays and lights up, with the fillers, pauses and doubts among them and what they prove beside them.

use std::collections::BTreeMap;
use std::ops::Range;

use maud::{Markup, html};

use super::Review;
use super::coach;
use super::place::clock;
use super::take::Recording;
use crate::measure::filler::{Filler, Tier};
use crate::measure::pause::{Length, Pause, Place};
use crate::score::{Part, Proof, State};
use crate::sound::{Millis, Span};
use crate::transcribe::{Doubt, Word};

/// A paragraph ends with a sentence once it holds so many words, with any sentence before a pause of so long, and at the latest after so many words.
const PARAGRAPH: usize = 40;
const PARAGRAPH_PAUSE: Millis = Millis(2_000);
const LONGEST_PARAGRAPH: usize = 90;
/// Time before the first word that is worth telling.
const THINKING_FROM: Millis = Millis(1_000);

/// The words with what stands among and beside them.
pub(super) fn said(recording: &Recording, review: &Review) -> Markup {
    let words = recording.transcript.map_or(&[][..], |t| &t.words);
    let back = recording.part == Part::FollowUp;
    html! {
        section.said {
            div.bar {
                h4 { @if back { "What was said when asked back" } @else { "What was said" } }
                @if !words.is_empty() { span.quiet { "Click or tap a word to hear it." } }
                @if review.coach { button type="button" data-do="marking" aria-pressed="false" { "Mark fillers" } }
            }
            @if !words.is_empty() && !back { (legend()) }
            div.transcript {
                @if words.is_empty() {
                    @let empty = if recording.transcript.is_some() { "(no words)" } else { "Not yet written down." };
                    (row(Millis(0), None, &html! { p.quiet { (empty) } }, &html! {}, &coach::notes(review, recording, Millis(0), None)))
                } @else {
                    (rows(recording, words, review))
                }
            }
            (corrections(words))
        }
    }
}

fn legend() -> Markup {
    html! {
        p.legend {
            span class="mark certain" { "um" } " hesitation, certain " span class="mark probable" { "like" } " filler, probable "
            span class="mark habit" { "so" } " word of habit " span class="pause thinking" { "1.4 s" } " pause " s.doubt { "so" } " not counted"
        }
    }
}

fn row(from: Millis, first: Option<Millis>, content: &Markup, points: &Markup, notes: &Markup) -> Markup {
    html! {
        div.row data-from=(from.0) {
            @if let Some(first) = first {
                button.time type="button" data-at=(first.0) aria-label=(format!("Play from {}", clock(first))) { (clock(first)) }
            } @else { span {} }
            (content)
            div.margin { (points) ul.notes data-notes { (notes) } }
        }
    }
}

fn rows(recording: &Recording, words: &[Word], review: &Review) -> Markup {
    let marks = marks(recording, words, review);
    let between = between(recording, words);
    html! {
        @for range in paragraphs(words) {
            @let first = words[range.start].start;
            @let from = if range.start == 0 { Millis(0) } else { first };
            @let to = words.get(range.end).map(|w| w.start);
            @let content = html! { p { (paragraph(words, range, &marks, &between)) } };
            (row(from, Some(first), &content, &beside(recording, from, to, review), &coach::notes(review, recording, from, to)))
        }
    }
}

fn paragraphs(words: &[Word]) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (i, pair) in words.windows(2).enumerate() {
        let length = i + 1 - start;
        let ends = pair[0].ends_sentence() && (length >= PARAGRAPH || pair[1].start - pair[0].end >= PARAGRAPH_PAUSE);
        if ends || length >= LONGEST_PARAGRAPH {
            found.push(start..i + 1);
            start = i + 1;
        }
    }
    found.push(start..words.len());
    found
}

/// What a word is marked as.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Certain,
    Probable,
    Habit,
    /// A coach says that it is no filler, or that it is one.
    None,
    Added,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Probable => "probable",
            Self::Habit => "habit",
            Self::None => "none",
            Self::Added => "added",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Certain => "hesitation, certain",
            Self::Probable => "filler, probable",
            Self::Habit => "word of habit",
            Self::None => "no filler, says the coach",
            Self::Added => "filler, says the coach",
        }
    }
}

type Marks = BTreeMap<usize, (Span, Kind)>;

/// For each word the mark that it stands in.
fn marks(recording: &Recording, words: &[Word], review: &Review) -> Marks {
    let mut marks = Marks::new();
    let mut cover = |span: Span, kind: Kind| {
        let from = words.partition_point(|w| w.start < span.start);
        for (i, word) in words.iter().enumerate().skip(from).take_while(|(_, w)| w.start < span.end) {
            if word.end <= span.end {
                marks.insert(i, (span, kind));
            }
        }
    };
    if let Some(fillers) = recording.measures.and_then(|m| m.fillers.as_ref()) {
        for span in fillers.habits.iter().flat_map(|h| &h.spans) {
            cover(*span, Kind::Habit);
        }
        for filler in fillers.found.iter().filter(|f| f.confidence.is_none()) {
            cover(filler.span, if filler.tier == Tier::Certain { Kind::Certain } else { Kind::Probable });
        }
    }
    for (span, is_filler) in coach::verdicts(review, recording) {
        cover(span, if is_filler { Kind::Added } else { Kind::None });
    }
    marks
}

/// What stands before which word: pauses, and hesitations that were heard but not written.
fn between(recording: &Recording, words: &[Word]) -> BTreeMap<usize, Vec<Markup>> {
    let mut items: Vec<(Millis, Markup)> = Vec::new();
    let middle = |span: Span| Millis(u64::midpoint(span.start.0, span.end.0));
    let first = words.first().map_or(Millis(0), |w| w.start);
    if first >= THINKING_FROM {
        items.push((Millis(0), thinking(first)));
    }
    if let Some(measures) = recording.measures {
        items.extend(measures.pauses.iter().flat_map(|p| &p.silent).map(|p| (middle(p.span), pause(p))));
        let heard = measures.fillers.iter().flat_map(|f| &f.found).filter_map(|f| Some((f, f.confidence?)));
        items.extend(heard.map(|(filler, sure)| (middle(filler.span), heard_mark(filler, sure))));
    }
    items.sort_by_key(|(at, _)| *at);
    let mut found: BTreeMap<usize, Vec<Markup>> = BTreeMap::new();
    for (at, mark) in items {
        found.entry(words.partition_point(|w| w.start < at)).or_default().push(mark);
    }
    found
}

fn thinking(first: Millis) -> Markup {
    let title = format!("{:.1} seconds before the first word: time to think, no fault", first.seconds());
    html! { span class="pause before" title=(title) data-at="0" data-to=(first.0) { (format!("{:.1}", first.seconds())) " s to think first" } }
}

pub(super) fn place_of(pause: &Pause) -> &'static str {
    match pause.place {
        Some(Place::SentenceEnd) => "after a sentence",
        Some(Place::Comma) => "after a comma",
        Some(Place::MidClause) => "within a clause",
        None => "",
    }
}

fn pause(pause: &Pause) -> Markup {
    let seconds = pause.span.length().seconds();
    let (class, word, told) = match pause.length {
        Length::Normal => ("pause normal", "", ""),
        Length::Thinking => ("pause thinking", " to think", ", to think in"),
        Length::Long => ("pause long", " long", ", long"),
    };
    let within = if pause.remarked && pause.place == Some(Place::MidClause) { ", within a clause" } else { "" };
    let title = format!("{seconds:.1} seconds of silence {}", place_of(pause)).trim_end().to_owned() + told;
    html! {
        span class=(class) title=(title) data-at=(pause.span.start.0) data-to=(pause.span.end.0) {
            span.sr { "pause " } (format!("{seconds:.1} s{word}{within}"))
        }
    }
}

fn heard_mark(filler: &Filler, sure: f64) -> Markup {
    let title = format!("Heard, not written by the speech model; {:.0} % sure", sure * 100.0);
    html! {
        span class="mark certain heard" title=(title) data-tier="certain" data-at=(filler.span.start.0) data-to=(filler.span.end.0) {
            (filler.text) span.tag { " heard" }
        }
    }
}

fn paragraph(words: &[Word], range: Range<usize>, marks: &Marks, between: &BTreeMap<usize, Vec<Markup>>) -> Markup {
    let alike = |a: usize, b: usize| marks.get(&a) == marks.get(&b) && words[a].doubt == words[b].doubt;
    let special = |i: usize| marks.contains_key(&i) || words[i].doubt.is_some();
    let mut groups: Vec<Range<usize>> = Vec::new();
    for i in range.clone() {
        match groups.last_mut() {
            Some(last) if special(i) && alike(last.start, i) && !between.contains_key(&i) => last.end = i + 1,
            _ => groups.push(i..i + 1),
        }
    }
    let before = |i: usize| between.get(&i).into_iter().flatten();
    html! {
        @for group in groups {
            @for mark in before(group.start) { (mark) " " }
            (doubted(&marked(words, group.clone(), marks), words[group.start].doubt)) " "
        }
        @if range.end == words.len() { @for mark in before(words.len()) { (mark) " " } }
    }
}

fn marked(words: &[Word], group: Range<usize>, marks: &Marks) -> Markup {
    let spoken = html! { @for i in group.clone() { @if i > group.start { " " } (word(&words[i])) } };
    let Some((span, kind)) = marks.get(&group.start) else { return spoken };
    html! {
        span class=(format!("mark {}", kind.class())) data-tier=(kind.class()) title=(kind.name()) data-at=(span.start.0) data-to=(span.end.0) {
            (spoken) span.sr { " (" (kind.name()) ")" }
        }
    }
}

fn doubted(spoken: &Markup, doubt: Option<Doubt>) -> Markup {
    let Some(doubt) = doubt else { return spoken.clone() };
    html! { s.doubt title=(format!("Not counted: {doubt}")) { (spoken) } span.reason { " (not counted: " (doubt) ")" } }
}

fn word(word: &Word) -> Markup {
    let heard = word.heard.as_ref().map(|heard| format!("Corrected; heard as “{heard}”"));
    html! { span.w.corrected[heard.is_some()] data-at=(word.start.0) data-to=(word.end.0) title=[heard] { (word.text) } }
}

fn corrections(words: &[Word]) -> Markup {
    let found: Vec<String> = words.iter().filter_map(|w| Some(format!("“{}”, heard as “{}”", w.text, w.heard.as_ref()?))).collect();
    html! { @if !found.is_empty() { p.quiet { "Corrected: " (found.join(", ")) } } }
}

/// The points and red flags whose words begin in this stretch.
fn beside(recording: &Recording, from: Millis, to: Option<Millis>, review: &Review) -> Markup {
    let Some(card) = recording.answer.scored() else { return html! {} };
    let inside = |proof: &&Proof| proof.part == recording.part && proof.span.start >= from && to.is_none_or(|to| proof.span.start < to);
    let made = |state| state == State::Made;
    let points = card.points.iter().filter(|p| matches!(p.state, State::Made | State::Partly));
    let points = points
        .filter_map(|p| Some((p.proof.as_ref()?, if made(p.state) { '✓' } else { '~' }, &p.point, if made(p.state) { "made" } else { "touched" })));
    let contrary = card.points.iter().filter_map(|p| Some((p.opposite.as_ref()?, '!', &p.point, "the contrary was said")));
    let flags = card.red_flags.iter().map(|f| (&f.proof, '!', &f.flag, "red flag"));
    let mut found: Vec<_> = points.chain(contrary).chain(flags).filter(|(proof, ..)| inside(proof)).collect();
    found.sort_by_key(|(proof, ..)| proof.span.start);
    let class = |sign| match sign {
        '✓' => "point made",
        '~' => "point touched",
        _ => "point alarm",
    };
    html! {
        @if !found.is_empty() {
            ul.points-here data-machine hidden[review.coach] {
                @for (proof, sign, text, state) in found {
                    li {
                        button type="button" class=(class(sign)) data-at=(proof.span.start.0) data-to=(proof.span.end.0) {
                            span.sign aria-hidden="true" { (sign) }
                            span { (text) span class=(if sign == '!' { "quiet" } else { "sr" }) { " (" (state) ")" } }
                        }
                    }
                }
            }
        }
    }
}
