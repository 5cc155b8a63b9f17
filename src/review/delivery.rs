//! How an answer was said, as text: each figure with its band and its place, small plots over time, and at most three things to try.

use anstyle::{AnsiColor, Style};

use super::plot;
use super::text::{entry, item, line, paragraph};
use crate::layout::{BOLD, heading};
use crate::measure::baseline::Baseline;
use crate::measure::filler::{Band, Filler, Tier};
use crate::measure::pause::Place;
use crate::measure::pitch::Movement;
use crate::measure::remark;
use crate::measure::wording::{Finding, Pet, Quote};
use crate::measure::{Delivery, Fillers, Loudness, Measure, Measures, Pace, Pauses, Pitch, Wording};
use crate::report::Report;
use crate::sound::{Millis, Span};

const QUIET: Style = Style::new().dimmed();
const OPEN: Style = AnsiColor::Yellow.on_default();
const UNTRUSTED: &str = "not measured: these words are not to be trusted";
/// Columns of a plot.
const WIDTH: usize = 60;
/// Shorter answers have nothing to plot.
const LEAST_PLOTTED: Millis = Millis(10_000);
/// So many examples are shown of each finding.
const EXAMPLES: usize = 4;

/// What the figures are shown beside.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// None for the usual bands.
    pub delivery: Option<&'a Delivery>,
    /// Of earlier sessions; None where there are none.
    pub baseline: Option<&'a Baseline>,
}

/// The section on delivery.
pub(super) fn delivery(out: &mut String, report: &Report, pet_phrases: &[Pet], beside: Beside) {
    let measures = &report.measures;
    if Measure::ALL.iter().all(|m| measures.without.contains(m)) {
        return;
    }
    heading(out, "Delivery");
    let usual = Delivery::default();
    let delivery = beside.delivery.unwrap_or(&usual);
    let mut row = |measure: Measure, name: &str, text: Option<String>, of_words: bool| {
        if !measures.without.contains(&measure) {
            let missing = match () {
                () if of_words && report.is_untrusted() => UNTRUSTED,
                () if report.schema < Report::SCHEMA => "not measured by the version that made this report",
                () => "not enough speech to measure",
            };
            entry(out, name, text.as_deref().unwrap_or(missing));
        }
    };
    row(Measure::Pace, "Pace", measures.pace.as_ref().map(|p| pace(p, delivery)), true);
    row(Measure::Pauses, "Pauses", measures.pauses.as_ref().map(pauses), false);
    row(Measure::Fillers, "Fillers", measures.fillers.as_ref().map(fillers), true);
    row(Measure::Pitch, "Pitch", measures.pitch.as_ref().and_then(pitch), false);
    row(Measure::Loudness, "Loudness", measures.loudness.as_ref().map(loudness), false);
    row(Measure::Wording, "Wording", measures.wording.as_ref().map(|w| wording(w, pet_phrases)), true);
    plots(out, measures);
    let differences = beside.baseline.map(|b| b.differences(measures)).unwrap_or_default();
    for (i, remark) in remark::on(measures, delivery, &differences).iter().enumerate() {
        if i == 0 {
            line(out, &format!("  {BOLD}To try{BOLD:#}"));
        }
        let at = remark.at.map_or(String::new(), |s| format!(" (at {})", s.start));
        item(out, "  ", &format!("{OPEN}{}.{OPEN:#} {}{at}. {}", i + 1, remark.what, remark.to_try));
    }
    if let Some(usual) = beside.baseline.and_then(|b| b.usual(crate::measure::baseline::Figure::WordsPerMinute)) {
        paragraph(out, "  ", &format!("{QUIET}Your usual: {:.0} words a minute, from {} earlier answers{QUIET:#}", usual.median, usual.takes));
    }
}

fn pace(pace: &Pace, delivery: &Delivery) -> String {
    let [low, high] = delivery.pace;
    let band = if delivery.has_bands() { format!(" (comfortable: {low:.0}-{high:.0})") } else { String::new() };
    format!(
        "{:.0} words a minute{band}; without the pauses {:.0}, {:.1} syllables a second; speaking {:.0} % of the time",
        pace.words_per_minute,
        pace.articulation_rate,
        pace.syllables_per_second,
        pace.phonation_ratio * 100.0
    )
}

fn pauses(pauses: &Pauses) -> String {
    let longest = pauses.longest().map_or(String::new(), |s| format!("; the longest {:.1} s at {}", s.length().seconds(), s.start));
    let median = pauses.median.map_or(String::new(), |m| format!(", half of them over {:.1} s", m.seconds()));
    let at = |place: Place| pauses.silent.iter().filter(|p| p.place == Some(place)).count();
    let (ends, commas, within) = (at(Place::SentenceEnd), at(Place::Comma), at(Place::MidClause));
    let places =
        if ends + commas + within == 0 { String::new() } else { format!("; {ends} after sentences, {commas} after commas, {within} within clauses") };
    format!("{} of a quarter of a second or more, {:.0} % of the time{median}{longest}{places}", pauses.silent.len(), pauses.share * 100.0)
}

fn fillers(fillers: &Fillers) -> String {
    let found = &fillers.found;
    let of = |tier: Tier| found.iter().filter(|f| f.tier == tier).collect::<Vec<_>>();
    let (certain, probable) = (of(Tier::Certain), of(Tier::Probable));
    let mut parts = Vec::new();
    if !certain.is_empty() {
        let heard = certain.iter().filter(|f| f.confidence.is_some()).count();
        let noun = if certain.len() == 1 { "hesitation" } else { "hesitations" };
        let unwritten = if heard == 0 { String::new() } else { format!(" ({heard} of them heard, not written)") };
        parts.push(format!("at least {} {noun}{unwritten}: {}", certain.len(), counted(&certain)));
    }
    if !probable.is_empty() {
        parts.push(format!("probable: {}", counted(&probable)));
    }
    if parts.is_empty() {
        parts.push("none".to_owned());
    } else if let Some(rate) = fillers.per_minute {
        let verdict = match fillers.band {
            Some(Band::Heavy) => ", which is many",
            Some(Band::Noticeable) => ", which is noticeable",
            Some(Band::Fine) => ", which is fine",
            None => "",
        };
        parts.push(format!("together {rate:.1} a minute{verdict}"));
    }
    let habits: Vec<String> = fillers.habits.iter().take(EXAMPLES).map(|h| format!("{} ×{}", h.text, h.spans.len())).collect();
    if !habits.is_empty() {
        parts.push(format!("words of habit, no fillers: {}", habits.join(", ")));
    }
    parts.join("; ")
}

/// `um ×2 (0:03.2, 0:10.0), uh (0:07.5)`, the most frequent first.
fn counted(found: &[&Filler]) -> String {
    let mut places: Vec<(&str, Vec<String>)> = Vec::new();
    for filler in found {
        let at = filler.span.start.precise();
        match places.iter_mut().find(|(text, _)| *text == filler.text) {
            Some((_, times)) => times.push(at),
            None => places.push((&filler.text, vec![at])),
        }
    }
    places.sort_by_key(|(_, times)| std::cmp::Reverse(times.len()));
    let list: Vec<String> = places
        .iter()
        .map(
            |(text, times)| {
                if times.len() == 1 { format!("{text} ({})", times[0]) } else { format!("{text} ×{} ({})", times.len(), times.join(", ")) }
            },
        )
        .collect();
    list.join(", ")
}

fn pitch(pitch: &Pitch) -> Option<String> {
    let melody = pitch.melody?;
    let count = |movement: Movement| pitch.endings.iter().filter(|e| e.movement == movement).count();
    let (rises, falls) = (count(Movement::Rise), count(Movement::Fall));
    let endings = if pitch.endings.is_empty() {
        String::new()
    } else {
        format!("; sentence ends: {falls} fall, {rises} rise, {} level", pitch.endings.len() - falls - rises)
    };
    Some(format!(
        "{:.0} Hz in the middle, varies by {:.1} semitones, from low to high {:.0}{endings}",
        melody.median_hz, melody.sd_semitones, melody.range_semitones
    ))
}

fn loudness(loudness: &Loudness) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(loudness.level.map(|l| format!("{:.0} dB below full scale", -l.0)));
    parts.extend(loudness.lufs.map(|l| format!("{l:.0} LUFS")));
    parts.extend(loudness.variation.map(|v| format!("varies by {v:.0} dB")));
    parts.extend(loudness.signal_to_noise.map(|s| format!("{s:.0} dB above the room")));
    if !loudness.fading.is_empty() {
        parts.push(format!("{} of {} sentence ends fade away", loudness.fading.len(), loudness.sentences));
    }
    parts.extend(loudness.clipped.filter(|c| *c > 0).map(|c| format!("{c} samples at full scale")));
    parts.join(", ")
}

fn wording(wording: &Wording, pet_phrases: &[Pet]) -> String {
    let mut parts = vec![format!("I and its kind ×{}, we ×{}", wording.persons.singular, wording.persons.plural)];
    parts.extend(wording.sentences.as_ref().map(|s| format!("sentences: {}, of {:.0} words on average, the longest of {}", s.count, s.mean, s.most)));
    parts.extend(wording.direct.as_ref().map(|d| format!("to the point after {:.0} s", d.after.seconds())));
    let mut named = |name: &str, quotes: Vec<&Quote>| {
        if !quotes.is_empty() {
            let list: Vec<String> = quotes.iter().take(EXAMPLES).map(|q| format!("\"{}\" at {}", q.text, q.span.start)).collect();
            let more = if quotes.len() > EXAMPLES { " ..." } else { "" };
            parts.push(format!("{name} ×{}: {}{more}", quotes.len(), list.join(", ")));
        }
    };
    let of = |findings: &[Finding]| -> Vec<Quote> { findings.iter().map(|f| f.quote.clone()).collect() };
    for (name, quotes) in [
        ("hedges", of(&wording.hedges)),
        ("weak words", of(&wording.weak)),
        ("absolute words", of(&wording.absolute)),
        ("said twice", wording.repeated.clone()),
        ("begun anew", wording.restarts.clone()),
    ] {
        named(name, quotes.iter().collect());
    }
    let beside_usual = |p: &Pet| p.usual.map_or(String::new(), |u| format!(" ({:.1} in a thousand words, usually {u:.1})", p.per_1000_words));
    let pets: Vec<String> = pet_phrases.iter().take(EXAMPLES).map(|p| format!("\"{}\" ×{}{}", p.phrase, p.places.len(), beside_usual(p))).collect();
    if !pets.is_empty() {
        parts.push(format!("said again and again: {}", pets.join(", ")));
    }
    parts.join("; ")
}

/// Pace, pauses and pitch along the answer.
fn plots(out: &mut String, measures: &Measures) {
    let Some(span) = measures.heard.span.filter(|s| s.length() >= LEAST_PLOTTED) else { return };
    let plotted = [plotted_pace(measures, span), plotted_pauses(measures, span), plotted_pitch(measures, span)];
    if plotted.iter().all(Option::is_none) {
        return;
    }
    let ruler = format!("{}{:>width$}", span.start, span.end.to_string(), width = WIDTH - span.start.to_string().len());
    line(out, &format!("  {:<10}{QUIET}{ruler}{QUIET:#}", ""));
    for row in plotted.into_iter().flatten() {
        line(out, &row);
    }
}

fn plotted_pace(measures: &Measures, span: Span) -> Option<String> {
    let values: Vec<(Millis, f64)> = measures.pace.as_ref()?.over_time.iter().map(|p| (p.at, p.words_per_minute)).collect();
    let (low, high) = (values.iter().map(|v| v.1).reduce(f64::min)?, values.iter().map(|v| v.1).reduce(f64::max)?);
    // from 80 to 200 at least, so that small differences look small
    let row = plot::curve(&values, span, WIDTH, (low.min(80.0), high.max(200.0)));
    Some(format!("  {:<10}{row}  {low:.0}-{high:.0} words a minute", "pace"))
}

fn plotted_pauses(measures: &Measures, span: Span) -> Option<String> {
    let silent: Vec<Span> = measures.pauses.as_ref()?.silent.iter().map(|p| p.span).collect();
    (!silent.is_empty()).then(|| format!("  {:<10}{}", "pauses", plot::filled(&silent, span, WIDTH).trim_end()))
}

fn plotted_pitch(measures: &Measures, span: Span) -> Option<String> {
    let pitch = measures.pitch.as_ref()?;
    let melody = pitch.melody?;
    let values: Vec<(Millis, f64)> = pitch.voiced_frames().map(|(at, hz)| (at, 12.0 * (hz / melody.median_hz).log2())).collect();
    let reach = (melody.range_semitones / 2.0).max(6.0);
    (!values.is_empty()).then(|| format!("  {:<10}{}", "pitch", plot::curve(&values, span, WIDTH, (-reach, reach))))
}
