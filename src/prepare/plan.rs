//! A preparation plan from today to the interview: what to find out, what to practise on which day, the weakest competencies first. Pure.

use jiff::civil::Date;
use serde::Serialize;

use crate::question::bank::Bank;
use crate::question::choose::{Wish, choose};
use crate::question::history::History;
use crate::question::job::Job;
use crate::question::{Level, Place, Question, QuestionSet, Research};

/// Questions on an ordinary day: about half an hour with second takes and reading the reports.
const A_DAY: usize = 3;
/// Most days with work. Where there is more time, days lie free between them.
const MOST_DAYS: usize = 28;
/// From this many working days on there is a whole interview on the last day but one, and from that many one in the middle as well.
const WHOLE_INTERVIEW_FROM: usize = 4;
const TWO_FROM: usize = 7;
/// Every so many days in a row, one is free.
const FREE_EVERY: usize = 7;
/// How many competencies are named as the ones to work on.
const FOCUS: usize = 4;

/// What the plan is made for.
#[derive(Clone, Copy, Debug)]
pub struct Ahead<'a> {
    pub role: &'a QuestionSet,
    pub level: Level,
    pub today: Date,
    /// Of the interview: today or later.
    pub date: Date,
    pub history: &'a History,
    pub job: Option<&'a Job>,
    /// Where the job description lies, for the commands.
    pub job_file: Option<&'a str>,
}

/// A plan.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    pub role: String,
    pub role_name: String,
    pub level: Level,
    pub today: Date,
    /// Of the interview.
    pub date: Date,
    /// What to work on, the most needed first.
    pub focus: Vec<Focus>,
    /// From today to the day of the interview.
    pub days: Vec<Day>,
    /// Questions of this level for which there was no day left.
    pub left_over: usize,
    pub facts: Vec<String>,
    pub research: Vec<Research>,
    pub ask_them: Vec<String>,
}

/// A competency to work on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Focus {
    pub competency: String,
    pub name: String,
    pub meaning: String,
    /// Share of the weight that was heard in earlier sessions, in per cent; None where nothing was practised.
    pub per_cent: Option<u32>,
    /// Points behind that share.
    pub points: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    pub date: Date,
    /// None on a free day.
    pub tasks: Vec<Task>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// Read the guide.
    Guide { command: String },
    /// Write down the facts to have ready.
    Facts,
    /// Look at one place of the research checklist, by its number in it from 0.
    Research { place: usize },
    /// Choose questions to ask the interviewer.
    AskThem,
    /// Practise these questions.
    Practise { questions: Vec<Named>, command: String },
    /// A whole interview.
    Interview { what: String, command: String },
    /// Practise again what went worst until then.
    Again { command: String },
    /// The interview itself.
    TheDay,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    pub id: String,
    pub text: String,
}

/// Makes the plan. The same arguments give the same plan.
#[must_use]
pub fn plan(bank: &Bank, ahead: Ahead) -> Plan {
    let Ahead { role, level, today, date, history, job, .. } = ahead;
    let page = bank.page_for(role);
    let dates = working_days(today, date);
    let ranked = ranked(bank, ahead);
    let per_day = whole_interviews(dates.len());
    let practice_days = per_day.iter().filter(|w| w.is_none()).count();
    let mut portions = ranked.chunks(A_DAY);
    let mut days: Vec<Day> = Vec::new();
    for (i, day) in dates.iter().enumerate() {
        let mut tasks = before_practice(i, dates.len(), page.research.len(), role);
        tasks.push(match &per_day[i] {
            Some(style) => interview(style, ahead),
            None => match portions.next() {
                Some(questions) => practise(questions),
                None => Task::Again { command: format!("viva practice --role {} --questions {A_DAY}{}", role.id, flags(ahead)) },
            },
        });
        days.push(Day { date: *day, tasks });
    }
    days.push(Day { date, tasks: vec![Task::TheDay] });
    Plan {
        role: role.id.clone(),
        role_name: role.role.clone(),
        level,
        today,
        date,
        focus: focus(bank, role, level, history, job),
        days,
        left_over: ranked.len().saturating_sub(practice_days * A_DAY),
        facts: page.facts,
        research: page.research,
        ask_them: page.ask_them,
    }
}

/// The days with work before the interview, the first being today: all but every seventh, or fewer where there is much time.
fn working_days(today: Date, date: Date) -> Vec<Date> {
    let all: Vec<Date> = today.series(jiff::Span::new().days(1)).take_while(|d| *d < date).collect();
    let step = all.len().div_ceil(MOST_DAYS).max(1);
    // counted back from the day before the interview, which is never free
    let mut days: Vec<Date> = all.iter().rev().step_by(step).copied().collect();
    if step == 1 && days.len() > FREE_EVERY {
        days = days.iter().enumerate().filter(|(i, _)| i % FREE_EVERY != FREE_EVERY - 1).map(|(_, d)| *d).collect();
    }
    if days.last().is_some_and(|first| *first != today) {
        days.push(today);
    }
    days.reverse();
    days
}

/// Every question of the role and level, the most urgent first, kinds and competencies spread; the opening questions at the front.
fn ranked<'a>(bank: &'a Bank, ahead: Ahead<'a>) -> Vec<&'a Question> {
    let questions = bank.questions_for(ahead.role);
    let wish =
        Wish { count: usize::MAX, level: ahead.level, kind: None, competency: None, seed: 0, framed: false, history: ahead.history, job: ahead.job };
    let (openers, others): (Vec<&Question>, Vec<&Question>) = questions.iter().partition(|q| q.place == Some(Place::Opener));
    let closers: Vec<&Question> = others.iter().copied().filter(|q| q.place == Some(Place::Closer)).collect();
    let mut ranked = choose(&others, &wish);
    // how it begins and ends is asked in every interview, so it is practised early
    let early: Vec<&Question> = openers.into_iter().chain(closers).filter(|q| q.level.suits(ahead.level)).collect();
    for (i, question) in early.into_iter().enumerate() {
        ranked.insert((i * A_DAY).min(ranked.len()), question);
    }
    ranked
}

/// Which of so many days hold a whole interview, by its style.
fn whole_interviews(days: usize) -> Vec<Option<&'static str>> {
    let mut styles = vec![None; days];
    if let Some(last) = styles.last_mut() {
        *last = Some("quick");
    }
    if days >= WHOLE_INTERVIEW_FROM {
        styles[days - 2] = Some("full");
    }
    if days >= TWO_FROM {
        styles[days / 2 - 1] = Some("full");
    }
    styles
}

/// What is to be read and found out on day `i` of `days`.
fn before_practice(i: usize, days: usize, places: usize, role: &QuestionSet) -> Vec<Task> {
    let mut tasks = Vec::new();
    if i == 0 {
        tasks.push(Task::Guide { command: format!("viva guide --role {}", role.id) });
        tasks.push(Task::Facts);
    }
    // all places are seen by the last day but one, where there are as many days
    let before = days.saturating_sub(1).max(1);
    let of_day = |place: &usize| place * before.min(places).max(1) / places.max(1) == i;
    tasks.extend((0..places).filter(of_day).map(|place| Task::Research { place }));
    if i + 2 == days || days == 1 {
        tasks.push(Task::AskThem);
    }
    tasks
}

fn practise(questions: &[&Question]) -> Task {
    let flags: Vec<String> = questions.iter().map(|q| format!("--question {}", q.id)).collect();
    Task::Practise {
        questions: questions.iter().map(|q| Named { id: q.id.clone(), text: q.text.clone() }).collect(),
        command: format!("viva practice {}", flags.join(" ")),
    }
}

fn interview(style: &str, ahead: Ahead) -> Task {
    let what = match style {
        "quick" => "A quick interview, under ten minutes, to warm up; then rest",
        _ => "A whole interview, from the opening to your own questions",
    };
    Task::Interview { what: what.to_owned(), command: format!("viva practice --role {} --style {style}{}", ahead.role.id, flags(ahead)) }
}

fn flags(ahead: Ahead) -> String {
    let level = if ahead.level == Level::Any { String::new() } else { format!(" --level {}", ahead.level) };
    let quoted = |file: &str| if file.contains(' ') { format!(" --job \"{file}\"") } else { format!(" --job {file}") };
    level + &ahead.job_file.map(quoted).unwrap_or_default()
}

/// The weakest of what was practised; without any practice, what the job description or the role's questions look for most.
fn focus(bank: &Bank, role: &QuestionSet, level: Level, history: &History, job: Option<&Job>) -> Vec<Focus> {
    let looked_for = |id: &str| -> u32 {
        let questions = role.questions.iter().filter(|q| q.level.suits(level));
        questions.flat_map(|q| &q.criteria).filter(|c| c.competency.as_deref() == Some(id)).map(|c| c.weight).sum()
    };
    let asks = |id: &str| job.map_or(0, |j| j.asks.iter().find(|a| a.competency == id).map_or(0, |a| a.quotes.len()));
    let mut all: Vec<(Focus, u32, usize)> = bank
        .competencies()
        .map(|c| {
            let tally = history.competencies.get(&c.id).copied().unwrap_or_default();
            let (per_cent, points) = (tally.per_cent(), tally.points);
            let focus = Focus { competency: c.id.clone(), name: c.name.clone(), meaning: c.meaning.clone(), per_cent, points };
            (focus, looked_for(&c.id), asks(&c.id))
        })
        .filter(|(_, looked_for, _)| *looked_for > 0)
        .collect();
    // practised and weak before not practised, then by what is asked for
    all.sort_by_key(|(f, looked_for, asked)| (f.per_cent.is_none_or(|p| p >= 75), f.per_cent.unwrap_or(0), std::cmp::Reverse((*asked, *looked_for))));
    all.into_iter().map(|(f, ..)| f).take(FOCUS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::history::Tally;

    fn planned(days: i64, history: &History, level: Level) -> Plan {
        let bank = Bank::built_in().unwrap();
        let role = bank.role("patient-engagement-specialist").unwrap();
        let today: Date = "2026-11-23".parse().unwrap();
        let date = today.checked_add(jiff::Span::new().days(days)).unwrap();
        plan(&bank, Ahead { role, level, today, date, history, job: None, job_file: None })
    }

    #[test]
    fn every_length_from_today_to_months_ends_on_the_day_and_misses_nothing_that_must_be_found_out() {
        for days in [0, 1, 2, 3, 4, 5, 8, 15, 28, 29, 60, 200] {
            let plan = planned(days, &History::default(), Level::Any);
            let dates: Vec<Date> = plan.days.iter().map(|d| d.date).collect();
            assert!(dates.is_sorted() && dates.first() == Some(&plan.today) && dates.last() == Some(&plan.date), "{days}: {dates:?}");
            assert!(plan.days.len() <= 1 + MOST_DAYS + 1, "{days}");
            assert_eq!(plan.days.last().unwrap().tasks, [Task::TheDay]);
            if days > 0 {
                let places = plan.days.iter().flat_map(|d| &d.tasks).filter(|t| matches!(t, Task::Research { .. })).count();
                assert_eq!(places, plan.research.len(), "{days}");
                let asks = plan.days.iter().flat_map(|d| &d.tasks).filter(|t| matches!(t, Task::AskThem)).count();
                assert_eq!(asks, 1, "{days}");
                let eve = &plan.days[plan.days.len() - 2];
                assert!(matches!(eve.tasks.last(), Some(Task::Interview { command, .. }) if command.contains("quick")), "{days}: {eve:?}");
            }
        }
    }

    #[test]
    fn each_question_is_practised_once_before_any_comes_again() {
        let plan = planned(14, &History::default(), Level::Any);
        let mut ids: Vec<&str> = Vec::new();
        let mut again = false;
        for task in plan.days.iter().flat_map(|d| &d.tasks) {
            match task {
                Task::Practise { questions, .. } => {
                    assert!(!again);
                    ids.extend(questions.iter().map(|q| q.id.as_str()));
                }
                Task::Again { .. } => again = true,
                _ => {}
            }
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((ids.len(), plan.left_over), (count, 0));
        assert!(count >= 12, "{count}");
    }

    #[test]
    fn what_went_worst_is_in_focus_and_comes_first() {
        let mut history = History::default();
        history.competencies.insert("communication".into(), Tally { made: 1, all: 10, points: 5 });
        history.competencies.insert("empathy".into(), Tally { made: 10, all: 10, points: 5 });
        let plan = planned(10, &history, Level::Any);
        assert_eq!((plan.focus[0].competency.as_str(), plan.focus[0].per_cent), ("communication", Some(10)));
        assert!(plan.focus.iter().all(|f| f.competency != "empathy"), "{:?}", plan.focus);
    }

    #[test]
    fn a_level_leaves_out_the_others() {
        let bank = Bank::built_in().unwrap();
        let plan = planned(20, &History::default(), Level::Junior);
        for task in plan.days.iter().flat_map(|d| &d.tasks) {
            if let Task::Practise { questions, .. } = task {
                assert!(questions.iter().all(|q| bank.question(&q.id).unwrap().level.suits(Level::Junior)));
            }
        }
    }
}
