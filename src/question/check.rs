//! A critic's look at a question file that can be read: what would mislead a candidate or never come out right. Pure.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::load::Source;
use super::style::READING;
use super::{Criterion, Level, Question, QuestionSet};
use crate::words::{Phrase, Text};

/// Longest that a question should take to say, in seconds.
#[allow(clippy::cast_precision_loss)]
const LONGEST_SAID: f64 = READING as f64;
/// Words a second at which questions are read, by a slow voice: 150 a minute.
const WORDS_A_SECOND: f64 = 2.5;
/// How many points make a rubric.
const POINTS: std::ops::RangeInclusive<usize> = 3..=6;

/// Something to think over, with its cure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// From 1.
    pub line: usize,
    pub what: String,
    pub cure: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.what, self.cure)
    }
}

/// Everything about this file that deserves a second look, by line.
#[must_use]
pub fn check(source: &Source) -> Vec<Warning> {
    let mut critic = Critic { source, warnings: Vec::new() };
    critic.levels(&source.set);
    for (i, question) in source.set.questions.iter().enumerate() {
        critic.wording(question, &source.set.questions[..i]);
        critic.rubric(question);
        critic.evidence(question);
    }
    critic.warnings.sort_by_key(|w| w.line);
    critic.warnings
}

/// How long a voice takes to say this, in seconds, roughly.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn time_to_say(text: &str) -> f64 {
    text.split_whitespace().count() as f64 / WORDS_A_SECOND
}

struct Critic<'a> {
    source: &'a Source,
    warnings: Vec<Warning>,
}

impl Critic<'_> {
    fn warn(&mut self, question: &Question, criterion: Option<&Criterion>, what: String, cure: &str) {
        let line = self.source.line(&question.id, criterion.map(|c| c.id.as_str()));
        self.warnings.push(Warning { line, what, cure: cure.to_owned() });
    }

    /// Levels that nothing leads to.
    fn levels(&mut self, set: &QuestionSet) {
        let asked: BTreeSet<String> = set.questions.iter().map(|q| q.level.to_string()).collect();
        for page in &set.page.levels {
            let questions_for_any = set.questions.iter().any(|q| q.level == Level::Any);
            if !questions_for_any && !asked.contains(&page.level.to_string()) {
                let what = format!("the role knows the level \"{}\", but no question is for it", page.level);
                self.warnings.push(Warning { line: 1, what, cure: "add a question of that level, or one for any".to_owned() });
            }
        }
        for question in set.questions.iter().filter(|q| q.level != Level::Any) {
            if !set.page.levels.is_empty() && set.page.levels.iter().all(|l| l.level != question.level) {
                let what = format!("\"{}\" is for the level \"{}\", which the role's [[level]] sections do not know", question.id, question.level);
                self.warn(question, None, what, "add a [[level]] section for it, or change the question's level");
            }
        }
    }

    fn wording(&mut self, question: &Question, before: &[Question]) {
        let id = &question.id;
        let too_long = |text: &str| time_to_say(text) > LONGEST_SAID;
        if too_long(&question.text) {
            let what = format!("\"{id}\" takes about {:.0} s to say", time_to_say(&question.text));
            self.warn(question, None, what, "ask it in fewer words: 37 fit into 15 s");
        }
        if let Some(other) = before.iter().find(|q| q.text == question.text) {
            self.warn(question, None, format!("\"{id}\" asks word for word what \"{}\" asks", other.id), "change one of them");
        }
        for criterion in &question.criteria {
            if criterion.follow_up.trim().is_empty() {
                let what = format!("\"{}\" of \"{id}\" has no follow-up question", criterion.id);
                self.warn(question, Some(criterion), what, "write what you would ask to give a second chance");
            } else if too_long(&criterion.follow_up) {
                let what = format!("the follow-up of \"{}\" of \"{id}\" takes more than 15 s to say", criterion.id);
                self.warn(question, Some(criterion), what, "ask it in fewer words");
            }
        }
    }

    fn rubric(&mut self, question: &Question) {
        let (id, count) = (&question.id, question.criteria.len());
        if count == 0 {
            self.warn(
                question,
                None,
                format!("\"{id}\" has no points to look for"),
                "its answers are kept, but not scored until you add [[question.criteria]]",
            );
            return;
        }
        if !POINTS.contains(&count) {
            let what = format!("\"{id}\" has {count} {}", if count == 1 { "criterion" } else { "criteria" });
            self.warn(question, None, what, "three to six make a rubric that people can agree on");
        }
        if question.anchors.is_none() {
            let what = format!("\"{id}\" does not say what a weak, a fair and a strong answer look like");
            self.warn(question, None, what, "add [question.anchors] with weak, fair and strong");
        }
        for criterion in question.criteria.iter().filter(|c| c.competency.is_none()) {
            let what = format!("\"{}\" of \"{id}\" names no competency", criterion.id);
            self.warn(
                question,
                Some(criterion),
                what,
                "add competency = with one of those that questions/README.md lists, so that progress can be told",
            );
        }
    }

    /// Phrases that say two things at once, or nothing.
    fn evidence(&mut self, question: &Question) {
        let phrases = |list: &[String]| list.iter().map(|p| (p.clone(), Phrase::new(p))).collect::<Vec<_>>();
        let asked = Text::new(question.text.split_whitespace());
        let own: Vec<_> = question.criteria.iter().map(|c| (c, phrases(&c.evidence), phrases(&c.opposite))).collect();
        let flags: Vec<_> = question.red_flags.iter().map(|f| (f, phrases(&f.evidence))).collect();
        for (i, (criterion, evidence, opposite)) in own.iter().enumerate() {
            let id = &criterion.id;
            for (text, phrase) in evidence.iter().chain(opposite) {
                if phrase.important() == 0 {
                    let what = format!("\"{text}\" ({id}) has only small words");
                    self.warn(question, Some(criterion), what, "add a word that carries meaning");
                }
            }
            for (text, phrase) in evidence {
                if asked.find(phrase).is_some() {
                    let what = format!("\"{text}\" ({id}) stands in the question itself, so that reading it back would count");
                    self.warn(question, Some(criterion), what, "write what only an answer says");
                }
                if let Some((other, _)) = opposite.iter().find(|(_, o)| o.covers(phrase) || phrase.covers(o)) {
                    let what = format!("\"{text}\" ({id}) is evidence and, as \"{other}\", its opposite");
                    self.warn(question, Some(criterion), what, "remove one of them");
                }
                for (earlier, theirs, _) in &own[..i] {
                    if let Some((other, _)) = theirs.iter().find(|(_, o)| o.covers(phrase) || phrase.covers(o)) {
                        let what = format!("\"{text}\" ({id}) is evidence of \"{}\" too, as \"{other}\"", earlier.id);
                        self.warn(question, Some(criterion), what, "keep it where it fits best");
                    }
                }
                for (flag, theirs) in &flags {
                    if let Some((other, _)) = theirs.iter().find(|(_, o)| o.covers(phrase) || phrase.covers(o)) {
                        let what = format!("\"{text}\" ({id}) also raises the red flag \"{}\", as \"{other}\"", flag.flag);
                        self.warn(question, Some(criterion), what, "remove one of them");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::load;
    use std::path::Path;

    const GOOD: &str = include_str!("../../questions/template.toml");

    fn warnings(text: &str) -> Vec<String> {
        check(&load::parse(Path::new("mine.toml"), text).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_template_has_nothing_to_think_over() {
        assert_eq!(warnings(GOOD), Vec::<String>::new());
    }
}
