//! How well candidate, coaches and program agree, as text.

use super::text::{QUIET, item, line, paragraph};
use crate::coach::agreement::{Agreement, Interval, LEAST};
use crate::coach::calibrate::{Apart, Calibration, Pair};
use crate::layout::heading;

/// All of it, with ANSI styles; complete without colour.
#[must_use]
pub fn calibration(calibration: &Calibration) -> String {
    let mut out = String::new();
    if calibration.pairs.is_empty() {
        let how = "Rate an answer before its report is shown (`viva practice --rate`), or import a coach's notes with ratings (`viva coach import`)";
        paragraph(&mut out, "", &format!("No answer was judged by two before the program's scores were seen (demonstrations do not count). {how}."));
        return out;
    }
    line(&mut out, &format!("Judged by two or more before the program's scores were seen: {}", counted(calibration.answers, "answer")));
    for pair in &calibration.pairs {
        of_pair(&mut out, pair);
    }
    let kappa = "kappa (Cohen 1968, quadratic weights): 1 as if one had judged twice, 0 as by chance; in brackets the 95 % interval, by drawing the answers \
                 again 2,000 times (bootstrap)";
    line(&mut out, "");
    paragraph(&mut out, "", &format!("{QUIET}{kappa}{QUIET:#}"));
    out
}

fn of_pair(out: &mut String, pair: &Pair) {
    heading(out, &format!("{} and {}", pair.first, pair.second));
    agreement(out, "The whole answer (1 to 5)", &pair.bands, "answer");
    agreement(out, "Its points (0 to 3)", &pair.levels, "point");
    if !pair.apart.is_empty() {
        line(out, "  They part most on:");
    }
    for Apart { question, criterion, n, mean_difference, answers } in &pair.apart {
        item(out, "  ", &format!("- {criterion} of {question}: {mean_difference} apart on average, in {}", counted(*n, "answer")));
        for of in answers {
            let name = &of.answer;
            paragraph(
                out,
                "      ",
                &format!(
                    "{QUIET}{}, question {}, take {}: {} gave {}, {} {}{QUIET:#}",
                    name.session, name.question, name.take, pair.first, of.first, pair.second, of.second
                ),
            );
        }
    }
}

fn agreement(out: &mut String, what: &str, found: &Agreement, unit: &str) {
    if found.marks == 0 {
        return item(out, "  ", &format!("{what}: not judged by both"));
    }
    let of_answers = if unit == "answer" { String::new() } else { format!(" in {}", counted(found.answers, "answer")) };
    let kappa = match (found.kappa, found.interval) {
        (Some(kappa), Interval::Between(low, high)) => format!("kappa {kappa:.2} ({low:.2} to {high:.2})"),
        (Some(kappa), _) => format!("kappa {kappa:.2}"),
        (None, _) => "no kappa, as both gave everything the same mark".to_owned(),
    };
    let counts = format!("the same in {}, at most one apart in {}", found.exact, found.within_one);
    item(out, "  ", &format!("{what}: {kappa}; {counts} of {}{of_answers}", counted(found.marks, unit)));
    let unsure = match found.interval {
        Interval::Between(..) => return,
        Interval::TooFew { missing } => format!("How sure this is can be said from {LEAST} answers: {missing} more are needed."),
        Interval::Unvarying => "How sure this is cannot be said: the answers are all alike.".to_owned(),
    };
    paragraph(out, "    ", &format!("{QUIET}{unsure}{QUIET:#}"));
}

fn counted(n: usize, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}
