//! The bank as a printable page for study without a screen: the role, its questions with what a good answer does, checklists. One HTML file
//! that needs nothing from anywhere. Pure.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::question::bank::Bank;
use crate::question::{Kind, Level, LevelPage, Place, Question, QuestionSet, Research, RolePage, Term, importance};
use crate::sound::Millis;

const STYLE: &str = include_str!("guide.css");
/// In every guide, so that one can be told from another person's file of that name.
pub const GENERATOR: &str = "viva guide";
const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Situational, "Situational questions", "A case, and what you would do in it. Say what you do first, and why."),
    (Kind::Behavioural, "Behavioural questions", "A story from your past: one case, what you did yourself, what came of it."),
    (Kind::Technical, "Technical questions", "What you know and use. Name things, and say what you do with them."),
    (Kind::Motivation, "Questions of motivation", "Why this work, this place, this path."),
    (Kind::General, "General questions", "Background, working habits, pay."),
];

/// The guide for one role, for those of a level: questions for other levels are left out.
#[must_use]
pub fn guide(bank: &Bank, role: &QuestionSet, level: Level) -> String {
    let about = bank.page_for(role);
    let questions: Vec<&Question> = bank.questions_for(role).into_iter().filter(|q| q.level.suits(level)).collect();
    let framing: Vec<&Question> = questions.iter().copied().filter(|q| q.place.is_some()).collect();
    let of = |kind: Kind| questions.iter().copied().filter(move |q| q.kind == kind && q.place.is_none()).collect::<Vec<_>>();
    let kinds: Vec<_> = KINDS.iter().map(|(kind, name, hint)| (*name, *hint, of(*kind))).filter(|(_, _, of_kind)| !of_kind.is_empty()).collect();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(GENERATOR);
                // nothing is fetched, and nothing runs
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (role.role) ": interview guide" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p class="label" { "Interview guide" }
                    h1 { (role.role) }
                    p class="lead" { (about.purpose) }
                    @if !about.titles.is_empty() { p class="quiet" { "Also advertised as: " (about.titles.join(", ")) } }
                    p class="quiet" { (questions.len()) " questions. Answer them aloud; reading is not practising." }
                }
                nav aria-label="Contents" {
                    ol {
                        li { a href="#role" { "The role" } }
                        @if !about.advice.is_empty() { li { a href="#answering" { "How to build an answer" } } }
                        li { a href="#framing" { "How it begins and ends" } }
                        @for (name, _, of_kind) in &kinds { li { a href=(format!("#{}", anchor(name))) { (name) } " (" (of_kind.len()) ")" } }
                        @if !about.research.is_empty() { li { a href="#research" { "Company research" } } }
                        @if !about.ask_them.is_empty() { li { a href="#ask" { "Questions to ask them" } } }
                        @if !about.glossary.is_empty() { li { a href="#words" { "Words of the field" } } }
                    }
                }
                main {
                    (the_role(&about, level))
                    @if !about.advice.is_empty() {
                        section id="answering" { h2 { "How to build an answer" } (list(&about.advice)) }
                    }
                    @if !framing.is_empty() {
                        section id="framing" {
                            h2 { "How it begins and ends" }
                            p { "These are asked in nearly every interview, whatever the job." }
                            @for question in framing.iter().filter(|q| q.place == Some(Place::Opener)).chain(framing.iter().filter(|q| q.place == Some(Place::Closer))) { (one(question)) }
                        }
                    }
                    @for (name, hint, of_kind) in &kinds {
                        section id=(anchor(name)) {
                            h2 { (name) }
                            p { (hint) }
                            @for question in of_kind { (one(question)) }
                        }
                    }
                    @if !about.research.is_empty() { (company(&about.research)) }
                    @if !about.ask_them.is_empty() {
                        section id="ask" {
                            h2 { "Questions to ask them" }
                            p { "Asking shows interest, and tells you whether you would fit there. Choose three." }
                            (checklist(&about.ask_them))
                        }
                    }
                    @if !about.glossary.is_empty() { (words(&about.glossary)) }
                }
            }
        }
    };
    page.into_string()
}

fn the_role(page: &RolePage, level: Level) -> Markup {
    let levels: Vec<&LevelPage> = page.levels.iter().filter(|l| level == Level::Any || l.level == level).collect();
    html! {
        section id="role" {
            h2 { "The role" }
            @for (name, lines) in [("Duties", &page.duties), ("What you must be able to do", &page.skills)] {
                @if !lines.is_empty() { h4 { (name) } (list(lines)) }
            }
            @if !levels.is_empty() {
                h4 { "What is expected at each level" }
                table {
                    thead { tr { th scope="col" { "Level" } th scope="col" { "Experience" } th scope="col" { "Known by" } } }
                    tbody {
                        @for page in levels {
                            tr { th scope="row" { (page.level) } td { (page.years) } td { (list(&page.signs)) } }
                        }
                    }
                }
            }
            @if !page.red_flags.is_empty() { h4 { "What worries interviewers" } (list(&page.red_flags)) }
            @if !page.facts.is_empty() { h4 { "Facts to have ready" } (checklist(&page.facts)) }
        }
    }
}

/// One question with all that helps to answer it.
fn one(q: &Question) -> Markup {
    html! {
        article class="question" {
            h3 { (q.text) }
            p class="id" {
                code { (q.id) } " · " (q.kind)
                @if q.level != Level::Any { " · " (q.level) }
                " · about " (Millis(u64::from(q.seconds) * 1000))
            }
            @if !q.intent.is_empty() { p { strong { "What they want to find out: " } (q.intent) } }
            @if !q.framework.is_empty() { p { strong { "How to build it: " } (q.framework) } }
            @if !q.outline.is_empty() {
                p class="label" { "An outline" }
                ol { @for step in &q.outline { li { (step) } } }
            }
            @if !q.criteria.is_empty() {
                p class="label" { "Points a good answer makes, and what you are asked if one is missing" }
                ul class="points" {
                    @for c in &q.criteria {
                        li { (c.point) " " span class="weight" { "(" (importance(c.weight)) ")" } br; span class="back" { (c.follow_up) } }
                    }
                }
            }
            @if let Some(anchors) = &q.anchors {
                table class="anchors" {
                    thead { tr { th scope="col" class="weak" { "Weak" } th scope="col" class="fair" { "Fair" } th scope="col" class="strong" { "Strong" } } }
                    tbody { tr { td data-name="Weak" { (anchors.weak) } td data-name="Fair" { (anchors.fair) } td data-name="Strong" { (anchors.strong) } } }
                }
            }
            @if !q.red_flags.is_empty() {
                p { strong { "Red flags: " } (q.red_flags.iter().map(|f| f.flag.as_str()).collect::<Vec<_>>().join("; ")) "." }
            }
            p class="quiet" { "Practise it aloud: " code { "viva practice --style drill --question " (q.id) } }
            div class="lines" aria-hidden="true" {}
        }
    }
}

fn company(research: &[Research]) -> Markup {
    html! {
        section id="research" {
            h2 { "Company research" }
            @for place in research {
                h4 { (place.place) }
                (checklist(&place.look_for))
                p { (place.purpose) }
                p class="quiet" { (place.tip) }
            }
        }
    }
}

fn words(glossary: &[Term]) -> Markup {
    html! {
        section id="words" {
            h2 { "Words of the field" }
            dl { @for term in glossary { dt { (term.term) } dd { (term.meaning) } } }
        }
    }
}

fn list(lines: &[String]) -> Markup {
    html! { ul { @for line in lines { li { (line) } } } }
}

fn checklist(lines: &[String]) -> Markup {
    html! { ul class="check" { @for line in lines { li { (line) } } } }
}

fn anchor(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_every_question_of_the_role_and_what_is_written_stays_text() {
        let mut set = crate::question::load::parse(std::path::Path::new("mine.toml"), include_str!("../../tests/support/ward-clerk.toml")).unwrap();
        set.set.questions[0].intent = "a < b & <script>alert(1)</script>".into();
        let bank = Bank::with(vec![set]).unwrap();
        for role in bank.roles() {
            let page = guide(&bank, role, Level::Any);
            for question in bank.questions_for(role) {
                assert!(page.contains(&question.id), "{} is missing", question.id);
            }
            assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
        }
        assert!(guide(&bank, bank.role("ward-clerk").unwrap(), Level::Any).contains("a &lt; b &amp; &lt;script&gt;"));
    }

    #[test]
    fn a_level_leaves_out_the_others() {
        let bank = Bank::built_in().unwrap();
        let role = bank.role("patient-engagement-specialist").unwrap();
        let senior = role.questions.iter().find(|q| q.level == Level::Senior).unwrap();
        assert!(!guide(&bank, role, Level::Junior).contains(&senior.id));
        assert!(guide(&bank, role, Level::Senior).contains(&senior.id));
    }
}
