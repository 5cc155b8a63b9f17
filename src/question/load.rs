//! The text of one question file to a checked set. A file that is not understood is refused with file, line and cure; nothing is guessed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{Anchors, Competency, Criterion, Kind, Level, LevelPage, Place, Question, QuestionSet, RedFlag, Research, RolePage, Term};

/// Seconds that an answer may be asked to take.
pub(super) const LENGTHS: std::ops::RangeInclusive<u32> = 20..=300;

/// A question file that was understood.
#[derive(Clone, Debug)]
pub struct Source {
    /// Names it in messages.
    pub path: PathBuf,
    pub set: QuestionSet,
    /// Of each question, and of each of its criteria.
    lines: HashMap<(String, Option<String>), usize>,
}

impl Source {
    /// The line, from 1, where this question, or this criterion of it, begins.
    #[must_use]
    pub fn line(&self, question: &str, criterion: Option<&str>) -> usize {
        self.lines.get(&(question.to_owned(), criterion.map(str::to_owned))).copied().unwrap_or(1)
    }
}

/// Reads and checks one file.
///
/// # Errors
/// It cannot be read or understood.
pub fn file(path: &Path) -> Result<Source, QuestionError> {
    let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::InvalidData => QuestionError::Encoding { path: path.to_owned() },
        _ => QuestionError::Io { path: path.to_owned(), source },
    })?;
    parse(path, &text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetAsWritten {
    schema: Spanned<u32>,
    id: Spanned<String>,
    role: String,
    purpose: String,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    duties: Vec<String>,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    red_flags: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    ask_them: Vec<String>,
    #[serde(default)]
    advice: Vec<String>,
    #[serde(default)]
    level: Vec<LevelPage>,
    #[serde(default)]
    research: Vec<Research>,
    #[serde(default)]
    glossary: Vec<Term>,
    #[serde(default)]
    competency: Vec<Competency>,
    question: Vec<Spanned<QuestionAsWritten>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionAsWritten {
    id: Spanned<String>,
    #[serde(default)]
    covers: Vec<String>,
    kind: Kind,
    level: Level,
    place: Option<Place>,
    topic: Option<String>,
    text: Spanned<String>,
    intent: String,
    framework: String,
    seconds: Spanned<u32>,
    outline: Vec<String>,
    anchors: Option<Anchors>,
    #[serde(default)]
    criteria: Vec<Spanned<Criterion>>,
    #[serde(default)]
    red_flags: Vec<RedFlag>,
}

/// Checks the text of a question file; `path` only names it in errors.
///
/// # Errors
/// It is not understood.
pub fn parse(path: &Path, text: &str) -> Result<Source, QuestionError> {
    // counted once: a large file has thousands of places
    let line_ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line_at = |offset: usize| line_ends.partition_point(|end| *end < offset) + 1;
    let at = |span: Range<usize>, what: String, cure: &str| QuestionError::Wrong {
        path: path.to_owned(),
        line: line_at(span.start),
        what,
        cure: cure.to_owned(),
    };
    let written: SetAsWritten = toml::from_str(text).map_err(|e| {
        let (what, cure) = in_plain_words(e.message());
        at(e.span().unwrap_or(0..0), what, &cure)
    })?;
    if *written.schema.get_ref() != 1 {
        let what = format!("schema {} is not known", written.schema.get_ref());
        return Err(at(written.schema.span(), what, "write schema = 1, or update viva"));
    }
    if !is_short_name(written.id.get_ref()) {
        return Err(at(written.id.span(), format!("\"{}\" is not a short name", written.id.get_ref()), SHORT_NAME));
    }
    let (mut seen, mut lines) = (HashSet::new(), HashMap::new());
    let mut questions = Vec::new();
    for spanned in written.question {
        let line = line_at(spanned.span().start);
        let q = spanned.into_inner();
        let id = q.id.get_ref().clone();
        lines.insert((id.clone(), None), line);
        if !is_short_name(&id) {
            return Err(at(q.id.span(), format!("\"{id}\" is not a short name"), SHORT_NAME));
        }
        if !seen.insert(id.clone()) {
            return Err(at(q.id.span(), format!("the id \"{id}\" is used twice"), "give each question an id of its own"));
        }
        if q.text.get_ref().trim().is_empty() {
            return Err(at(q.text.span(), format!("question \"{id}\" has no text"), "write what the interviewer asks"));
        }
        if !LENGTHS.contains(q.seconds.get_ref()) {
            let what = format!("{} seconds is no length for an answer", q.seconds.get_ref());
            return Err(at(q.seconds.span(), what, "choose between 20 and 300"));
        }
        let mut criteria: Vec<Criterion> = Vec::new();
        for criterion in q.criteria {
            let span = criterion.span();
            let criterion = criterion.into_inner();
            if let Some((what, cure)) = wrong_with(&criterion, &criteria) {
                return Err(at(span, format!("{what} (question \"{id}\")"), cure));
            }
            lines.insert((id.clone(), Some(criterion.id.clone())), line_at(span.start));
            criteria.push(criterion);
        }
        questions.push(Question {
            id,
            role: written.id.get_ref().clone(),
            kind: q.kind,
            level: q.level,
            place: q.place,
            topic: q.topic,
            text: q.text.into_inner(),
            intent: q.intent,
            framework: q.framework,
            seconds: q.seconds.into_inner(),
            outline: q.outline,
            anchors: q.anchors,
            criteria,
            red_flags: q.red_flags,
            covers: q.covers,
        });
    }
    let page = RolePage {
        titles: written.titles,
        purpose: written.purpose,
        duties: written.duties,
        skills: written.skills,
        red_flags: written.red_flags,
        facts: written.facts,
        ask_them: written.ask_them,
        advice: written.advice,
        levels: written.level,
        research: written.research,
        glossary: written.glossary,
        competencies: written.competency,
    };
    let set = QuestionSet { id: written.id.into_inner(), role: written.role, page, questions };
    Ok(Source { path: path.to_owned(), set, lines })
}

const SHORT_NAME: &str = "use small letters, digits and hyphens, such as psc-angry-patient";

/// Small letters, digits and hyphens only.
pub(super) fn is_short_name(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn wrong_with(criterion: &Criterion, before: &[Criterion]) -> Option<(String, &'static str)> {
    let id = &criterion.id;
    if !is_short_name(id) {
        return Some((format!("\"{id}\" is not a short name"), SHORT_NAME));
    }
    if before.iter().any(|c| c.id == *id) {
        return Some((format!("the criterion id \"{id}\" is used twice"), "give each criterion of a question an id of its own"));
    }
    if !(1..=3).contains(&criterion.weight) {
        return Some((format!("weight {} of \"{id}\" is not known", criterion.weight), "choose 1 (useful), 2 (important) or 3 (essential)"));
    }
    if criterion.evidence.is_empty() || criterion.evidence.iter().any(|e| !e.chars().any(char::is_alphanumeric)) {
        return Some((format!("\"{id}\" lacks evidence"), "write at least one phrase that people say when they make this point"));
    }
    None
}

/// What the TOML reader says, for somebody who has never heard of TOML, and what to do.
fn in_plain_words(message: &str) -> (String, String) {
    let message = message.lines().next().unwrap_or_default().trim();
    let quoted = |s: &str| s.split('`').nth(1).unwrap_or_default().to_owned();
    let cure = "put straight quotes (\") around a text; inside one write ' in place of \"";
    if message.starts_with("string values must be quoted") {
        return ("this text has no quotes".to_owned(), cure.to_owned());
    }
    if message.starts_with("unexpected key or value") || message.starts_with("invalid basic string") || message.starts_with("missing value") {
        return ("a text or a list is not closed, or has the wrong quotes".to_owned(), cure.to_owned());
    }
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let key = quoted(rest);
        let known = rest.split_once("expected").map_or("", |(_, k)| k).replace(" one of", "").replace('`', "");
        return (format!("the key \"{key}\" is not known here"), format!("correct its spelling or remove it; known are:{known}"));
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        let key = quoted(rest);
        let section = match key.as_str() {
            "question" => Some("[[question]]"),
            _ => None,
        };
        if let Some(section) = section {
            return (format!("there is no {section}"), format!("add one, with both brackets on each side of {section}"));
        }
        return (format!("\"{key}\" is missing"), format!("add a line that begins with {key} ="));
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let known = rest.split_once("expected").map_or("", |(_, k)| k).replace(" one of", "").replace('`', "");
        return (format!("\"{}\" is not possible here", quoted(rest)), format!("choose one of:{known}"));
    }
    if let Some((found, wanted)) = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        let wanted = match wanted {
            "u32" | "i64" => "a whole number",
            "a string" => "a text in quotes",
            "a sequence" => "a list (in square brackets, or a section in double ones)",
            other => other,
        };
        let found = if found == "map" { "a section".to_owned() } else { found.replace('`', "").replacen("string \"", "a text, \"", 1) };
        return (format!("here stands {found}"), format!("write {wanted}"));
    }
    (message.to_owned(), "compare the line with the examples in questions/README.md".to_owned())
}

/// The line, from 1, that holds this byte of the text.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> usize {
    String::from_utf8_lossy(&text.as_bytes()[..offset.min(text.len())]).matches('\n').count() + 1
}

#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    #[error("{path}, line {line}: {what}; {cure}", path = path.display())]
    Wrong { path: PathBuf, line: usize, what: String, cure: String },
    #[error("{path}, line {line}: there is no competency \"{id}\"; known are: {known}; or add it as [[competency]]", path = path.display())]
    UnknownCompetency { path: PathBuf, line: usize, id: String, known: String },
    #[error("the question id \"{id}\" is in both {first} and {second}; rename one of them", first = first.display(), second = second.display())]
    InTwoFiles { id: String, first: PathBuf, second: PathBuf },
    #[error("{path} is not a UTF-8 text; save it again from your editor as UTF-8", path = path.display())]
    Encoding { path: PathBuf },
    #[error("{path} cannot be read ({source}); check its name and that it is yours to read", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = include_str!("../../tests/support/ward-clerk.toml");

    fn refused(text: &str) -> String {
        parse(Path::new("mine.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_good_file_is_taken_whole() {
        let source = parse(Path::new("mine.toml"), GOOD).unwrap();
        assert_eq!((source.line("lost-file", None), source.line("lost-file", Some("looks"))), (6, 16));
        let set = source.set;
        assert_eq!((set.role.as_str(), set.questions.len()), ("Ward Clerk", 1));
        assert_eq!(set.questions[0].role, "ward-clerk");
        assert_eq!(set.questions[0].criteria[0].weight, 2);
    }

    #[test]
    fn each_mistake_names_file_line_and_cure() {
        for (from, to, line, part) in [
            ("seconds = 60", "second = 60", 13, "the key \"second\" is not known here; correct its spelling"),
            ("intent = \"Calm and method.\"\n", "", 6, "\"intent\" is missing; add a line that begins with intent ="),
            ("kind = \"situational\"", "kind = \"odd\"", 8, "\"odd\" is not possible here; choose one of: situational"),
            ("id = \"lost-file\"", "id = \"Lost File\"", 7, "is not a short name"),
            ("seconds = 60", "seconds = 5", 13, "choose between 20 and 300"),
            ("weight = 2", "weight = 9", 16, "weight 9 of \"looks\" is not known"),
            ("schema = 1", "schema = 7", 1, "update viva"),
            ("evidence = [\"look where it was\"]", "evidence = [\" - \"]", 16, "\"looks\" lacks evidence"),
            ("text = \"A file is lost. What do you do?\"", "text = \"A file is lost", 10, ""),
        ] {
            let sentence = refused(&GOOD.replace(from, to));
            assert!(sentence.starts_with(&format!("mine.toml, line {line}: ")), "{to}: {sentence}");
            assert!(sentence.contains(part), "{to}: {sentence}");
            assert!(!sentence.contains('\n'), "{to}: {sentence}");
        }
    }

    #[test]
    fn an_id_used_twice_is_named_at_its_second_place() {
        let second = GOOD.split_once("[[question]]").unwrap().1;
        let sentence = refused(&format!("{GOOD}\n[[question]]{second}"));
        assert!(sentence.starts_with("mine.toml, line 24: the id \"lost-file\" is used twice"), "{sentence}");
    }
}
