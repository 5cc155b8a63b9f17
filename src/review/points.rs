//! A scorecard as text: what was good first, each point with its quote; then what is missing, what to try, and how the answer was built.

use super::plot;
use super::text::{BAD, GOOD, OPEN, QUIET, item, line, paragraph};
use crate::layout::{BOLD, heading};
use crate::question::{Kind, Question, importance};
use crate::score::band::{Anchor, Band, CONCRETE, CONTRADICTED, WORTH};
use crate::score::change::Change;
use crate::score::structure::{Close, Manner, PartKind, Structure};
use crate::score::{Part, Point, Proof, Refusal, Scorecard, Scored, State, advice};
use crate::sound::{Millis, Span};
use crate::transcribe::Transcript;

/// Columns of the bar along the take.
const BAR: usize = 48;

/// A scorecard by itself: of a typed answer, or of one take of a session.
#[must_use]
pub fn scorecard(scorecard: &Scorecard, question: &Question, transcript: &Transcript) -> String {
    let mut out = String::new();
    paragraph(&mut out, "", &format!("{BOLD}{}{BOLD:#}", question.text));
    match scorecard {
        Scorecard::Scored(scored) => points(&mut out, scored, Some(question), transcript),
        Scorecard::Refused { reason } => refused(&mut out, reason),
    }
    out
}

pub(super) fn refused(out: &mut String, reason: &Refusal) {
    heading(out, "Points");
    paragraph(out, "  ", &format!("{BAD}No score:{BAD:#} {reason}"));
}

/// What became of each take of a session (question, take, band) when it was scored again.
#[must_use]
pub fn rescored<'a>(takes: impl Iterator<Item = (&'a str, usize, Option<u8>, &'a [Change])>) -> String {
    let mut out = String::new();
    for (question, take, band, changes) in takes {
        let band = band.map_or("no score".to_owned(), |b| format!("band {b} of 5"));
        line(&mut out, &format!("{BOLD}{question}{BOLD:#}, take {take}: {band}"));
        for change in changes {
            let of = if change.criterion.is_empty() { String::new() } else { format!("{}: ", change.criterion) };
            item(&mut out, "  ", &format!("- {of}{}", change.what));
            paragraph(&mut out, "    ", &format!("{QUIET}{}{QUIET:#}", change.why));
        }
        if changes.is_empty() {
            line(&mut out, "  Nothing changed.");
        }
    }
    out
}

/// All that a scorecard says.
pub(super) fn points(out: &mut String, scored: &Scored, question: Option<&Question>, transcript: &Transcript) {
    heading(out, "Points");
    let made = scored.made();
    let from: Vec<String> = (2..).zip(Band::FROM).map(|(band, from)| format!("{band} from {from} %")).collect();
    item(out, "  ", &format!("{made} of {} points made: {}", scored.points.len(), band(scored.band)));
    let [_, touched, made, concrete] = WORTH;
    let worth = format!("touched {touched}, made {made}, with an instance {concrete}, contradicted {CONTRADICTED}");
    let sum = if scored.adds_up() {
        format!("weight times worth ({worth}): {} of {}, {} %; band {}", scored.credit, scored.most, per_cent(scored), from.join(", "))
    } else {
        "added up by an earlier version; `viva score SESSION --again` does it anew".to_owned()
    };
    paragraph(out, "    ", &format!("{QUIET}{sum}{QUIET:#}"));
    if !scored.by_meaning {
        let cure = "found by their words alone; `viva models pull minilm` also finds points in other words";
        paragraph(out, "    ", &format!("{QUIET}{cure}{QUIET:#}"));
    }
    for point in scored.points.iter().filter(|p| p.is_made()) {
        made_point(out, point);
    }
    for point in scored.open() {
        open_point(out, point);
    }
    for flag in &scored.red_flags {
        item(out, "  ", &format!("{BAD}!{BAD:#} Red flag: {}", flag.flag));
        paragraph(out, "      ", &quoted(&flag.proof));
    }
    if let Some(question) = question {
        to_try(out, scored, question);
    }
    structure(out, &scored.structure, question.map(|q| q.kind), transcript);
}

pub(super) fn band(band: Band) -> String {
    let style = match band.anchor() {
        Anchor::Strong => GOOD,
        Anchor::Fair => OPEN,
        Anchor::Weak => BAD,
    };
    format!("{style}band {} of 5, {}{style:#}", band.number(), band.anchor())
}

fn per_cent(scored: &Scored) -> u32 {
    (scored.credit * 100).checked_div(scored.most).unwrap_or(0)
}

fn made_point(out: &mut String, point: &Point) {
    let instance = if point.level == CONCRETE { ", with a concrete instance" } else { "" };
    item(out, "  ", &format!("{GOOD}+{GOOD:#} {} {QUIET}({}{instance}){QUIET:#}", point.point, importance(point.weight)));
    if let Some(proof) = &point.proof {
        paragraph(out, "      ", &quoted(proof));
    }
    supposed(out, point);
}

fn open_point(out: &mut String, point: &Point) {
    let (mark, verdict) = match point.state {
        State::Partly => ("~", "touched"),
        State::Contradicted => ("!", "the contrary was said"),
        State::Made | State::NotFound => ("-", "not found in the transcript"),
    };
    item(out, "  ", &format!("{OPEN}{mark}{OPEN:#} {} {QUIET}({}){QUIET:#}: {verdict}", point.point, importance(point.weight)));
    match (&point.proof, point.state) {
        (Some(proof), State::Partly) => paragraph(out, "      ", &quoted(proof)),
        (Some(proof), State::NotFound) => paragraph(out, "      ", &format!("{QUIET}nearest:{QUIET:#} {}", quoted(proof))),
        _ => {}
    }
    if let Some(proof) = &point.opposite {
        paragraph(out, "      ", &quoted(proof));
    }
}

fn supposed(out: &mut String, point: &Point) {
    if point.supposed {
        paragraph(out, "      ", &format!("{QUIET}told as what you would do; the question asks for what you did{QUIET:#}"));
    }
}

/// The words of a proof with their time.
fn quoted(proof: &Proof) -> String {
    let part = match proof.part {
        Part::Answer => "",
        Part::FollowUp => ", when asked back",
    };
    // what was typed has no time
    let at = if proof.span.length() == Millis(0) { String::new() } else { format!("{}{part}  ", proof.span.start) };
    format!("{at}\"{}\"", proof.quote)
}

fn to_try(out: &mut String, scored: &Scored, question: &Question) {
    let all = advice::of(scored, question);
    if !all.is_empty() {
        line(out, &format!("  {BOLD}To try{BOLD:#}"));
    }
    for (number, advice) in (1..).zip(&all) {
        item(out, "  ", &format!("{number}. {}", advice.to_try));
        if !advice.follow_up.trim().is_empty() {
            paragraph(out, "      ", &format!("You may be asked: {}", advice.follow_up));
        }
    }
    if let Some(anchors) = question.anchors.as_ref().filter(|_| scored.band.anchor() != Anchor::Strong) {
        item(out, "  ", &format!("{QUIET}What a strong answer does:{QUIET:#} {}", anchors.strong));
    }
}

/// How the answer is built, along the take.
fn structure(out: &mut String, structure: &Structure, kind: Option<Kind>, transcript: &Transcript) {
    let Some(span) = transcript.words.first().zip(transcript.words.last()).map(|(first, last)| Span { start: first.start, end: last.end }) else {
        return;
    };
    heading(out, "Structure");
    // what was typed has no time
    let timed = span.length() > Millis(0);
    if timed {
        bar(out, structure, span);
    }
    for sentence in told(structure, kind, timed) {
        item(out, "  ", &sentence);
    }
}

fn bar(out: &mut String, structure: &Structure, span: Span) {
    let letters: Vec<(Span, char)> = structure.parts.iter().map(|p| (p.stretch.span, letter(p.kind))).collect();
    line(out, &format!("  {} {} {}", span.start, plot::letters(&letters, span, BAR), span.end));
    line(out, &format!("  {QUIET}S situation, T task, A action, R result{QUIET:#}"));
}

fn letter(kind: PartKind) -> char {
    match kind {
        PartKind::Situation => 'S',
        PartKind::Task => 'T',
        PartKind::Action => 'A',
        PartKind::Result => 'R',
    }
}

/// What is worth saying of a structure; `timed`: its words have times, which are then told. Parts that are missing are named for stories only: nothing else asks for them.
pub(crate) fn told(structure: &Structure, kind: Option<Kind>, timed: bool) -> Vec<String> {
    let story = kind == Some(Kind::Behavioural);
    let mut all = Vec::new();
    match structure.told.manner {
        Manner::Story => all.push("It tells a case.".to_owned()),
        Manner::Usual if story => all.push("It tells what you usually do; this question asks for one time when you did it.".to_owned()),
        Manner::Hypothetical if story => all.push("It tells what you would do; this question asks for one time when you did it.".to_owned()),
        Manner::Usual => all.push("It tells what you usually do.".to_owned()),
        Manner::Hypothetical => all.push("It tells what you would do.".to_owned()),
        Manner::Unclear => {}
    }
    let own = structure.own_part;
    if own.actions.together > own.actions.own {
        let (i, we) = (own.actions.own, own.actions.together);
        all.push(format!("Of what was done, \"we\" did {we} and \"I\" did {i}: say what your own part was."));
    }
    match &structure.result {
        Some(result) => {
            let with = if result.number { ", with a number" } else { "" };
            let at = if timed { format!(", at {}", result.stretch.span.start) } else { String::new() };
            all.push(format!("It says what came of it{with}{at}."));
        }
        None if story => all.push("No result was heard: say what came of it.".to_owned()),
        None => {}
    }
    if let Some(first) = structure.first.as_ref().filter(|f| f.late) {
        let after = if timed { format!("{:.0} s in", first.after.seconds()) } else { format!("after {:.0} % of its words", first.share * 100.0) };
        all.push(format!("The answer itself begins {after}."));
    }
    match structure.close.as_ref().map(|c| c.close) {
        Some(Close::Lesson) => all.push("It closes with what you took from it.".to_owned()),
        Some(Close::BrokenOff) => all.push("It breaks off in the middle of a sentence.".to_owned()),
        _ => {}
    }
    all
}

/// What a further take of a question gained and lost in points, with the words; nothing where one of the two has no score.
#[must_use]
pub fn compared(before: &Scorecard, now: &Scorecard) -> String {
    let mut out = String::new();
    let (Scorecard::Scored(before), Scorecard::Scored(now)) = (before, now) else { return out };
    heading(&mut out, "Against the take before");
    let earlier = |id: &str| before.points.iter().find(|p| p.id == id);
    let mut same = true;
    for point in &now.points {
        let Some(was) = earlier(&point.id).filter(|was| was.is_made() != point.is_made()) else { continue };
        same = false;
        let (style, word, proof) = if point.is_made() { (GOOD, "gained", &point.proof) } else { (OPEN, "lost", &was.proof) };
        item(&mut out, "  ", &format!("{style}{word}:{style:#} {}", point.point));
        if let Some(proof) = proof {
            paragraph(&mut out, "      ", &format!("\"{}\"", proof.quote));
        }
    }
    if same {
        line(&mut out, "  The same points.");
    }
    out
}
