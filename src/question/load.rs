//! Question files to checked question sets. A file that is not understood is refused with file, line and cure; nothing is guessed.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::{Criterion, Kind, Level, Question, QuestionSet, RedFlag};

/// The sets that come with the program: file name and text.
const BUILT_IN: &[(&str, &str)] = &[("patient-services-coordinator.toml", include_str!("../../questions/patient-services-coordinator.toml"))];

const LEAST_SECONDS: u32 = 20;
const MOST_SECONDS: u32 = 300;

/// The built-in sets and those in the user's own folder (every `.toml` file in it, by name; no folder is fine).
///
/// # Errors
/// A file that cannot be read or understood, or two questions of one id.
pub fn all(own_folder: &Path) -> Result<Vec<QuestionSet>, QuestionError> {
    let mut sets = Vec::new();
    for (name, text) in BUILT_IN {
        sets.push((PathBuf::from(name), parse(Path::new(name), text)?));
    }
    for path in toml_files(own_folder)? {
        let set = file(&path)?;
        sets.push((path, set));
    }
    let mut seen: HashMap<&str, &Path> = HashMap::new();
    for (path, set) in &sets {
        for question in &set.questions {
            if let Some(first) = seen.insert(&question.id, path) {
                return Err(QuestionError::InTwoFiles { id: question.id.clone(), first: first.to_owned(), second: path.clone() });
            }
        }
    }
    Ok(sets.into_iter().map(|(_, set)| set).collect())
}

/// Reads and checks one file.
///
/// # Errors
/// As [`all`].
pub fn file(path: &Path) -> Result<QuestionSet, QuestionError> {
    let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::InvalidData => QuestionError::Encoding { path: path.to_owned() },
        _ => QuestionError::Io { path: path.to_owned(), source },
    })?;
    parse(path, &text)
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, QuestionError> {
    let io = |source| QuestionError::Io { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetAsWritten {
    schema: Spanned<u32>,
    id: Spanned<String>,
    role: String,
    purpose: String,
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
    text: Spanned<String>,
    intent: String,
    framework: String,
    seconds: Spanned<u32>,
    outline: Vec<String>,
    criteria: Vec<Spanned<Criterion>>,
    #[serde(default)]
    red_flags: Vec<RedFlag>,
}

/// Checks the text of a question file; `path` only names it in errors.
///
/// # Errors
/// As [`all`].
pub fn parse(path: &Path, text: &str) -> Result<QuestionSet, QuestionError> {
    let at = |span: Range<usize>, what: String, cure: &str| QuestionError::Wrong {
        path: path.to_owned(),
        line: line_of(text, span.start),
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
    let mut seen = HashSet::new();
    let mut questions = Vec::new();
    for spanned in written.question {
        let whole = spanned.span();
        let q = spanned.into_inner();
        let id = q.id.get_ref().clone();
        if !is_short_name(&id) {
            return Err(at(q.id.span(), format!("\"{id}\" is not a short name"), SHORT_NAME));
        }
        if !seen.insert(id.clone()) {
            return Err(at(q.id.span(), format!("the id \"{id}\" is used twice"), "give each question an id of its own"));
        }
        if q.text.get_ref().trim().is_empty() {
            return Err(at(q.text.span(), format!("question \"{id}\" has no text"), "write what the interviewer asks"));
        }
        if !(LEAST_SECONDS..=MOST_SECONDS).contains(q.seconds.get_ref()) {
            let what = format!("{} seconds is no length for an answer", q.seconds.get_ref());
            return Err(at(q.seconds.span(), what, "choose between 20 and 300"));
        }
        if q.criteria.is_empty() {
            return Err(at(whole, format!("question \"{id}\" has no criteria"), "add at least one [[question.criteria]]"));
        }
        let mut criteria: Vec<Criterion> = Vec::new();
        for criterion in q.criteria {
            let span = criterion.span();
            let criterion = criterion.into_inner();
            if let Some((what, cure)) = wrong_with(&criterion, &criteria) {
                return Err(at(span, format!("{what} (question \"{id}\")"), cure));
            }
            criteria.push(criterion);
        }
        questions.push(Question {
            id,
            role: written.id.get_ref().clone(),
            kind: q.kind,
            level: q.level,
            text: q.text.into_inner(),
            intent: q.intent,
            framework: q.framework,
            seconds: q.seconds.into_inner(),
            outline: q.outline,
            criteria,
            red_flags: q.red_flags,
            covers: q.covers,
        });
    }
    Ok(QuestionSet { id: written.id.into_inner(), role: written.role, purpose: written.purpose, questions })
}

const SHORT_NAME: &str = "use small letters, digits and hyphens, such as psc-angry-patient";

fn is_short_name(id: &str) -> bool {
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
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let key = quoted(rest);
        let known = rest.split_once("expected").map_or("", |(_, k)| k).replace(" one of", "").replace('`', "");
        return (format!("the key \"{key}\" is not known here"), format!("correct its spelling or remove it; known are:{known}"));
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        let key = quoted(rest);
        let section = match key.as_str() {
            "question" => Some("[[question]]"),
            "criteria" => Some("[[question.criteria]]"),
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
        return (format!("here stands {}", found.replace('`', "")), format!("write {wanted}"));
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
        let set = parse(Path::new("mine.toml"), GOOD).unwrap();
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

    #[test]
    fn the_built_in_sets_are_sound() {
        let sets = all(Path::new("/nowhere")).unwrap();
        assert!(sets[0].questions.len() >= 10);
    }
}
