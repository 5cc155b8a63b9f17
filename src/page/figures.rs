//! How an answer was said: each figure on its scale beside what is usual, what to try, and every finding with its places, which play.

use maud::{Markup, html};

use super::Review;
use super::lanes::scale;
use super::place::{play, recording_id};
use super::words::place_of;
use crate::measure::baseline::Figure;
use crate::measure::filler::{Band, Tier};
use crate::measure::pitch::Movement;
use crate::measure::wording::{Finding, Pet, Quote};
use crate::measure::{Measure, Measures, Wording, remark, wording};
use crate::score::Part;
use crate::sound::Span;
use crate::store::session::Answer;

/// Of each kind of finding so many are listed, of pauses the longest.
const MOST_PLACES: usize = 40;
const LONGEST_PAUSES: usize = 8;

pub(super) fn delivery(answer: &Answer, review: &Review) -> Markup {
    let Some(report) = &answer.report else { return html! {} };
    let measures = &report.measures;
    if Measure::ALL.iter().all(|m| measures.without.contains(m)) {
        return html! {};
    }
    let remarks = remark::on(measures, review.delivery, &review.usual.differences(measures));
    let recording = recording_id(answer, Part::Answer);
    html! {
        section.block data-machine hidden[review.coach] {
            h4 { "Delivery" }
            p.quiet { "How it was said never changes the points." }
            @if report.is_untrusted() { p.card.hint { "The demo model understands synthetic voices only: nothing that rests on its words is measured." } }
            p.legend {
                span class="key here" aria-hidden="true" {} " this answer " span class="key usual" aria-hidden="true" {} " your usual "
                span class="key zone" aria-hidden="true" {} " comfortable for most listeners"
            }
            ul.figures { @for figure in figures(measures, review) { (row(&figure, review)) } }
            @if !remarks.is_empty() {
                h5 { "To try" }
                ol {
                    @for remark in &remarks {
                        li {
                            strong { (remark.what) "." } " " (remark.to_try)
                            @if let Some(at) = remark.at { " " (play(at, Some(&html! { "hear it" }), Some(&recording), "play")) }
                        }
                    }
                }
            }
            (places(measures, answer, &recording, review))
        }
    }
}

/// One figure as it is shown.
struct Shown {
    name: &'static str,
    /// In the unit of the scale.
    value: f64,
    text: String,
    unit: String,
    /// Whose usual stands beside it, and how many of its units are one of the scale's.
    figure: Option<(Figure, f64)>,
    zones: Vec<(f64, f64, &'static str)>,
    ends: (f64, f64),
    aside: Option<String>,
}

impl Shown {
    fn new(name: &'static str, value: f64, text: String, unit: &str, figure: Option<Figure>, ends: (f64, f64)) -> Self {
        Self { name, value, text, unit: unit.to_owned(), figure: figure.map(|f| (f, 1.0)), zones: Vec::new(), ends, aside: None }
    }

    fn beside(self, zones: Vec<(f64, f64, &'static str)>, aside: String) -> Self {
        Self { zones, aside: Some(aside), ..self }
    }
}

fn figures(measures: &Measures, review: &Review) -> Vec<Shown> {
    let (mut all, delivery) = (Vec::new(), review.delivery);
    if let Some(pace) = &measures.pace {
        let [low, high] = delivery.pace;
        let rate = pace.words_per_minute;
        let shown = Shown::new("Pace", rate, format!("{rate:.0}"), "words a minute", Some(Figure::WordsPerMinute), (60.0, 240.0));
        all.push(shown.beside(vec![(low, high, "good")], format!("comfortable {low:.0}–{high:.0}")));
        let rate = pace.articulation_rate;
        all.push(Shown::new("Without the pauses", rate, format!("{rate:.0}"), "words a minute", Some(Figure::ArticulationRate), (60.0, 280.0)));
    }
    if let Some(pauses) = &measures.pauses {
        let share = pauses.share * 100.0;
        let unit = format!("of the time, {} pauses", pauses.silent.len());
        let shown = Shown::new("Time in pauses", share, format!("{share:.0} %"), &unit, None, (0.0, 60.0));
        all.push(Shown { figure: Some((Figure::PauseShare, 100.0)), ..shown });
    }
    if let Some((rate, band)) = measures.fillers.as_ref().and_then(|f| Some((f.per_minute?, f.band))) {
        let [noticeable, heavy] = delivery.fillers;
        let word = match band {
            Some(Band::Fine) => ", fine",
            Some(Band::Noticeable) => ", noticeable",
            Some(Band::Heavy) => ", heavy",
            None => "",
        };
        let shown =
            Shown::new("Fillers, at least", rate, format!("{rate:.1}"), &format!("a minute{word}"), Some(Figure::FillersPerMinute), (0.0, 20.0));
        let zones = vec![(0.0, noticeable, "good"), (noticeable, heavy, "fair"), (heavy, 20.0, "weak")];
        all.push(shown.beside(zones, format!("fine up to {noticeable}, heavy above {heavy}")));
    }
    if let Some(melody) = measures.pitch.as_ref().and_then(|p| p.melody) {
        let varies = melody.sd_semitones;
        let shown = Shown::new("Melody", varies, format!("{varies:.1}"), "semitones of variation", Some(Figure::PitchVariation), (0.0, 6.0));
        all.push(shown.beside(vec![(remark::MONOTONE, 6.0, "good")], format!("under {} sounds even", remark::MONOTONE)));
    }
    if let Some(loudness) = &measures.loudness {
        all.extend(loudness.lufs.map(|lufs| Shown::new("Loudness", lufs, format!("{lufs:.0}"), "LUFS", Some(Figure::Loudness), (-45.0, -5.0))));
        let above = |ratio: f64| {
            let shown = Shown::new("Above the room", ratio, format!("{ratio:.0}"), "dB", None, (0.0, 60.0));
            shown.beside(vec![(remark::NOISY, 60.0, "good")], format!("hard to hear under {}", remark::NOISY))
        };
        all.extend(loudness.signal_to_noise.map(above));
    }
    all
}

fn row(shown: &Shown, review: &Review) -> Markup {
    let bands = review.delivery.has_bands();
    let usual = shown.figure.and_then(|(figure, units)| review.usual.usual(figure).map(|u| (u.median * units, u.takes)));
    let precision = |v: f64| usize::from(v.abs() < 20.0);
    let yours = usual.map(|(median, takes)| format!("your usual {median:.*} ({takes} earlier answers)", precision(median)));
    let aside: Vec<String> = shown.aside.clone().filter(|_| bands).into_iter().chain(yours).collect();
    let zones: &[_] = if bands { &shown.zones } else { &[] };
    html! {
        li {
            span.name { (shown.name) }
            span.value { strong { (shown.text) } " " (shown.unit) }
            (scale(shown.value, usual.map(|u| u.0), zones, shown.ends))
            span class="quiet context" { (aside.join(" · ")) }
        }
    }
}

/// Every finding with its places: also the way to fillers and pauses by keyboard.
fn places(measures: &Measures, answer: &Answer, recording: &str, review: &Review) -> Markup {
    let groups: Vec<(&str, Vec<(Span, String)>)> = groups(measures, answer, review).into_iter().filter(|(_, places)| !places.is_empty()).collect();
    let facts = facts(measures);
    if groups.is_empty() && facts.is_empty() {
        return html! {};
    }
    html! {
        details {
            summary { "Every place, to hear it" }
            dl.places {
                @for (title, places) in &groups {
                    div {
                        dt { (format!("{title} ({})", places.len())) }
                        dd {
                            @for (span, text) in places.iter().take(MOST_PLACES) { (play(*span, Some(&html! { (text) }), Some(recording), "play small")) }
                            @if places.len() > MOST_PLACES { span.quiet { (format!("and {} more, marked above where they are fillers", places.len() - MOST_PLACES)) } }
                        }
                    }
                }
            }
            @if !facts.is_empty() { p.quiet { (facts) "." } }
        }
    }
}

fn groups(measures: &Measures, answer: &Answer, review: &Review) -> Vec<(&'static str, Vec<(Span, String)>)> {
    let mut groups = Vec::new();
    if let Some(fillers) = &measures.fillers {
        for (tier, title) in [(Tier::Certain, "Hesitations, certain"), (Tier::Probable, "Fillers, probable")] {
            let heard = |sure: Option<f64>| if sure.is_some() { " (heard)" } else { "" };
            let found = fillers.found.iter().filter(|f| f.tier == tier);
            groups.push((title, found.map(|f| (f.span, format!("{}{}", f.text, heard(f.confidence)))).collect()));
        }
        let habits = fillers.habits.iter().flat_map(|h| h.spans.iter().map(|s| (*s, h.text.clone())));
        groups.push(("Words of habit, no fillers", habits.collect()));
    }
    if let Some(pauses) = &measures.pauses {
        let mut longest: Vec<_> = pauses.silent.iter().collect();
        longest.sort_by_key(|p| std::cmp::Reverse(p.span.length()));
        let told = |p: &&crate::measure::pause::Pause| (p.span, format!("{:.1} s {}", p.span.length().seconds(), place_of(p)).trim_end().to_owned());
        groups.push(("The longest pauses", longest.iter().take(LONGEST_PAUSES).map(told).collect()));
    }
    if let Some(words) = &measures.wording {
        let quotes = |found: &[Quote]| found.iter().map(|q| (q.span, q.text.clone())).collect::<Vec<_>>();
        let findings = |found: &[Finding]| found.iter().map(|f| (f.quote.span, f.quote.text.clone())).collect::<Vec<_>>();
        groups.push(("Hedges", findings(&words.hedges)));
        groups.push(("Weak words", findings(&words.weak)));
        groups.push(("Absolute words", findings(&words.absolute)));
        groups.push(("Said twice", quotes(&words.repeated)));
        groups.push(("Begun anew", quotes(&words.restarts)));
        let pets = pets(words, answer, review);
        groups.push(("Said again and again", pets.iter().flat_map(|p| p.places.iter().map(|q| (q.span, p.phrase.clone()))).collect()));
    }
    groups
}

/// Beside what is usual today, where there is anything.
fn pets(words: &Wording, answer: &Answer, review: &Review) -> Vec<Pet> {
    match &answer.transcript {
        Some(transcript) if !review.usual.phrases.is_empty() => {
            wording::pet_phrases(&transcript.believed(), Some(&answer.question.text), &review.usual.phrases)
        }
        _ => words.pet_phrases.clone(),
    }
}

fn facts(measures: &Measures) -> String {
    let mut facts = Vec::new();
    if let Some(words) = &measures.wording {
        facts.push(format!("“I” and its kind {} times, “we” {} times", words.persons.singular, words.persons.plural));
        facts.extend(words.sentences.as_ref().map(|s| format!("{} sentences of {:.0} words on average, the longest of {}", s.count, s.mean, s.most)));
        facts.extend(words.direct.as_ref().map(|d| format!("to the point after {:.0} s", d.after.seconds())));
    }
    if let Some(pitch) = measures.pitch.as_ref().filter(|p| !p.endings.is_empty()) {
        let count = |movement: Movement| pitch.endings.iter().filter(|e| e.movement == movement).count();
        facts.push(format!("sentence ends: {} fall, {} rise, {} level", count(Movement::Fall), count(Movement::Rise), count(Movement::Level)));
    }
    facts.join("; ")
}
