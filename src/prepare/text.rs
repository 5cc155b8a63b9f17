//! A plan as text for the terminal.

use std::fmt::Write;

use super::plan::{Focus, Plan, Task};
use crate::layout::{BOLD, heading, wrapped};

/// The plan, with ANSI styles. It is complete without them.
#[must_use]
pub fn plan(plan: &Plan) -> String {
    let mut out = String::new();
    let left = plan.today.until(plan.date).map_or(0, |s| s.get_days());
    let when = match left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}: interview on {}, {when}", plan.role_name, plan.date.strftime("%A %-d %B %Y"));
    heading(&mut out, "Work on this above all");
    for focus in &plan.focus {
        item(&mut out, "  ", &format!("{BOLD}{}{BOLD:#}{}: {}", focus.name, so_far(focus), focus.meaning));
    }
    for day in &plan.days {
        heading(&mut out, &day.date.strftime("%A %-d %B").to_string());
        for task in &day.tasks {
            described(&mut out, plan, task);
        }
    }
    let practised = plan.days.iter().flat_map(|d| &d.tasks).any(|t| matches!(t, Task::Practise { .. }));
    if plan.left_over > 0 && practised {
        let questions = if plan.left_over == 1 { "question" } else { "questions" };
        let text = format!("{} more {questions} did not fit. Those above are the most needed.", plan.left_over);
        let _ = writeln!(out);
        wrapped(&mut out, "", "", &text);
    }
    list(&mut out, "Facts to have ready", &plan.facts);
    heading(&mut out, "Research checklist");
    for place in &plan.research {
        item(&mut out, "  ", &format!("[ ] {BOLD}{}{BOLD:#}: {}.", place.place, place.look_for.join("; ")));
        wrapped(&mut out, "      ", "      ", &format!("{} {}", place.purpose, place.tip));
    }
    list(&mut out, "Questions to ask them", &plan.ask_them);
    out
}

fn so_far(focus: &Focus) -> String {
    match focus.per_cent {
        Some(per_cent) => format!(" ({per_cent} % so far, {} points looked for)", focus.points),
        None => " (not practised yet)".to_owned(),
    }
}

fn described(out: &mut String, plan: &Plan, task: &Task) {
    match task {
        Task::Guide { command } => {
            item(out, "  ", "[ ] Make the guide, and read the role's page in it:");
            command_line(out, command);
        }
        Task::Facts => item(out, "  ", "[ ] Write down the facts to have ready (below)"),
        Task::Research { place } => {
            let name = plan.research.get(*place).map_or("", |r| r.place.as_str());
            item(out, "  ", &format!("[ ] Find out about them: {name} (checklist below)"));
        }
        Task::AskThem => item(out, "  ", "[ ] Choose three questions to ask them (below), and say them aloud"),
        Task::Practise { questions, command } => {
            item(out, "  ", "[ ] Practise, each a second time where points were missing:");
            for question in questions {
                item(out, "      ", &format!("- {}", question.text));
            }
            command_line(out, command);
        }
        Task::Interview { what, command } => {
            item(out, "  ", &format!("[ ] {what}:"));
            command_line(out, command);
        }
        Task::Again { command } => {
            item(out, "  ", "[ ] Again, what went worst until now:");
            command_line(out, command);
        }
        Task::TheDay => {
            item(out, "  ", "The interview. Say your first answer aloud once, take your facts and your questions with you, and breathe.");
        }
    }
}

/// Never wrapped, so that it can be copied.
fn command_line(out: &mut String, command: &str) {
    let _ = writeln!(out, "      {command}");
}

fn list(out: &mut String, name: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    heading(out, name);
    for line in lines {
        item(out, "  ", &format!("[ ] {line}"));
    }
}

fn item(out: &mut String, indent: &str, text: &str) {
    wrapped(out, indent, &format!("{indent}    "), text);
}
