//! Progress as text: what was practised, what has become better and what has not, each number with how many observations it comes from.

use super::compared::{name, value_of};
use super::plot;
use super::text::{GOOD, OPEN, QUIET, item, line, paragraph};
use crate::layout::{BOLD, heading};
use crate::progress::{
    CompetencyProgress, CriterionProgress, Direction, FigureProgress, LEAST_SESSIONS, Progress, QuestionProgress, Retold, SessionPoint,
};
use crate::question::importance;
use crate::sound::{Millis, Span};

/// So many of a long list are shown.
const SHOWN: usize = 5;
/// Values that a plot holds at most, the latest; each is a column.
const COLUMNS: usize = 40;

/// What can be told from all sessions.
#[must_use]
pub fn progress(progress: &Progress) -> String {
    let mut out = String::new();
    practised(&mut out, progress);
    competencies(&mut out, progress);
    criteria(&mut out, &progress.criteria);
    delivery(&mut out, &progress.delivery);
    questions(&mut out, progress);
    stories(&mut out, &progress.retold, &progress.sessions);
    out
}

fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

fn practised(out: &mut String, progress: &Progress) {
    let sessions = &progress.sessions;
    let sum = |of: fn(&SessionPoint) -> usize| sessions.iter().map(of).sum::<usize>();
    let recorded = sessions.iter().fold(Millis(0), |sum, s| sum + s.recorded);
    let (answers, scored) = (sum(|s| s.answers), sum(|s| s.scored));
    let since = sessions.first().map_or(String::new(), |s| format!(" since {}", day(s)));
    let all =
        format!("{}{since}: {}, {recorded} of speaking, {scored} of them with a score", count(sessions.len(), "session"), count(answers, "answer"));
    paragraph(out, "", &format!("{BOLD}{all}{BOLD:#}"));
    if progress.untrusted > 0 {
        let left_out = format!("{} left out: the demo model understands synthetic voices only", count(progress.untrusted, "answer"));
        paragraph(out, "", &format!("{QUIET}{left_out}{QUIET:#}"));
    }
    if sessions.len() < LEAST_SESSIONS {
        paragraph(out, "", &format!("{QUIET}What is rising or falling is told from {LEAST_SESSIONS} sessions on.{QUIET:#}"));
    }
}

fn day(session: &SessionPoint) -> String {
    session.started.to_zoned(jiff::tz::TimeZone::system()).strftime("%-d %B %Y").to_string()
}

/// A row of blocks, one a value, between these bounds.
fn row(values: &[f64], bounds: (f64, f64)) -> String {
    let latest = &values[values.len().saturating_sub(COLUMNS)..];
    let timed: Vec<(Millis, f64)> = (0..).zip(latest).map(|(at, value)| (Millis(at), *value)).collect();
    plot::curve(&timed, Span { start: Millis(0), end: Millis(latest.len() as u64) }, latest.len(), bounds)
}

fn competencies(out: &mut String, progress: &Progress) {
    if progress.competencies.is_empty() {
        return;
    }
    heading(out, "Points made, by competency");
    for CompetencyProgress { competency, sessions, trend } in &progress.competencies {
        let (made, of) = sessions.iter().fold((0, 0), |(made, of), s| (made + s.made, of + s.of));
        let shares: Vec<f64> = sessions.iter().map(|s| s.share).collect();
        let Some(last) = sessions.last() else { continue };
        let latest = format!(
            "last {} of {} ({:.0} to {:.0} %), in all {made} of {of}, {}",
            last.made,
            last.of,
            last.low * 100.0,
            last.high * 100.0,
            count(sessions.len(), "session")
        );
        let halves =
            |earlier: (usize, usize), later: (usize, usize)| format!("from {} of {} points to {} of {}", earlier.0, earlier.1, later.0, later.1);
        let verdict = match trend {
            Some(t) if t.direction == Direction::Up => format!("; {GOOD}risen{GOOD:#} {}", halves(t.earlier, t.later)),
            Some(t) if t.direction == Direction::Down => format!("; {OPEN}fallen{OPEN:#} {}", halves(t.earlier, t.later)),
            Some(_) => "; no change that so few points could show".to_owned(),
            None => String::new(),
        };
        item(out, "  ", &format!("{competency}  {}  {latest}{verdict}", row(&shares, (0.0, 1.0))));
    }
    paragraph(out, "    ", &format!("{QUIET}In brackets: between what and what the share may lie, counted in so few points (95 %).{QUIET:#}"));
}

fn criteria(out: &mut String, criteria: &[CriterionProgress]) {
    let again: Vec<&CriterionProgress> = criteria.iter().filter(|c| c.asked > 1).collect();
    let worth = |o: &crate::progress::Outcome| o.state.worth(o.level);
    let mut risen: Vec<&CriterionProgress> = again.iter().copied().filter(|c| worth(&c.last) > worth(&c.first)).collect();
    let mut open: Vec<&CriterionProgress> = again.iter().copied().filter(|c| c.made == 0).collect();
    if risen.is_empty() && open.is_empty() {
        return;
    }
    heading(out, "Points that were looked for more than once");
    for (list, mark, style) in [(&mut risen, "+", GOOD), (&mut open, "-", OPEN)] {
        list.sort_by_key(|c| std::cmp::Reverse((c.weight, c.asked)));
        for c in list.iter().take(SHOWN) {
            let (first, last) = (c.first.state, c.last.state);
            let how = if c.made == 0 {
                format!("not made in any of {} sessions", c.asked)
            } else {
                format!("{first} at first, {last} now; made in {} of {} sessions", c.made, c.asked)
            };
            item(out, "  ", &format!("{style}{mark}{style:#} {} {QUIET}({}, {}){QUIET:#}: {how}", c.point, c.question, importance(c.weight)));
        }
        if list.len() > SHOWN {
            line(out, &format!("    {QUIET}and {} more{QUIET:#}", list.len() - SHOWN));
        }
    }
}

fn delivery(out: &mut String, figures: &[FigureProgress]) {
    if figures.is_empty() {
        return;
    }
    heading(out, "Delivery");
    for progress in figures {
        let Some(last) = progress.values.last() else { continue };
        let values: Vec<f64> = progress.values.iter().map(|v| v.value).collect();
        let (low, high) = (values.iter().copied().fold(f64::MAX, f64::min), values.iter().copied().fold(f64::MIN, f64::max));
        // a difference that nobody would notice is to look small
        let room = progress.figure.noticeable(high.abs());
        let shown = |value: f64| value_of(progress.figure, value);
        let verdict = match (progress.usual, progress.spread, progress.last_differs) {
            (Some(usual), Some(spread), Some(differs)) => {
                let verdict = if differs { "the last is different" } else { "the last is as usual" };
                let spread = value_of(progress.figure, spread);
                format!("usually {} give or take {spread}, from {}; {verdict}", shown(usual), count(progress.takes, "earlier answer"))
            }
            _ => format!("from {}, too few to say what is usual", count(progress.values.len(), "answer")),
        };
        let plotted = row(&values, (low - room, high + room));
        item(out, "  ", &format!("{}  {plotted}  last {}; {verdict}", name(progress.figure), shown(last.value)));
    }
}

fn questions(out: &mut String, progress: &Progress) {
    heading(out, "Questions");
    let day_of = |session: usize| progress.sessions.get(session).map_or(String::new(), day);
    let described = |q: &QuestionProgress| {
        let band = match (q.first_band, q.last_band) {
            (Some(first), Some(last)) if q.scored > 1 => format!(", band {first} of 5 at first, {last} the last time"),
            (_, Some(last)) => format!(", band {last} of 5"),
            _ => ", without a score".to_owned(),
        };
        format!("{}: {}, the last on {}{band}", q.question, count(q.takes, "take"), day_of(q.last))
    };
    line(out, "  Longest ago:");
    for question in progress.practised.iter().take(SHOWN) {
        item(out, "    ", &described(question));
    }
    let more = progress.practised.len().saturating_sub(SHOWN);
    if more > 0 {
        line(out, &format!("    {QUIET}and {more} more recent{QUIET:#}"));
    }
    if !progress.never.is_empty() {
        line(out, &format!("  Never practised, {} in all:", progress.never.len()));
        for question in progress.never.iter().take(SHOWN) {
            item(out, "    ", &format!("{}: {}", question.question, question.text));
        }
    }
}

fn stories(out: &mut String, retold: &[Retold], sessions: &[SessionPoint]) {
    if retold.is_empty() {
        return;
    }
    heading(out, "Perhaps the same story twice");
    for pair in retold.iter().take(SHOWN) {
        item(out, "  ", &format!("{} and {}: {} of {} telling words are the same", pair.one.question, pair.other.question, pair.shared, pair.of));
        for place in [&pair.one, &pair.other] {
            let session = sessions.get(place.session).map_or("", |s| s.id.as_str());
            paragraph(out, "      ", &format!("{QUIET}{session}, {}{QUIET:#}  \"{}\"", place.at, place.quote));
        }
    }
    paragraph(out, "    ", &format!("{QUIET}An interviewer who hears both may ask for another; have one ready.{QUIET:#}"));
}
