//! A plain list of questions, one a line or as a table (CSV), to the text of a question file. Pure.
//!
//! Only what is in the list is taken over: there are no points to look for until somebody writes them, and nothing pretends otherwise.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::de::value::StringDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::load::{LENGTHS, QuestionError};
use super::{Kind, Level};
use crate::words;

/// For whom the questions are.
#[derive(Clone, Debug)]
pub struct For<'a> {
    /// Short name of the role; that of a role that is there extends it.
    pub id: &'a str,
    /// The role as people say it.
    pub role: &'a str,
    pub purpose: &'a str,
}

/// A question as it stands in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    text: String,
    kind: Option<Kind>,
    level: Option<Level>,
    seconds: Option<u32>,
    outline: Vec<String>,
}

/// The columns of a table that are understood, by their headings.
const COLUMNS: &str = "question, kind, level, seconds, outline";
/// What people write above the questions.
const QUESTION: &[&str] = &["question", "questions", "text", "interview question", "interview questions"];
/// A good length for an answer where the list says none, in seconds.
const SECONDS: u32 = 120;
/// Telling words of a question that make its id.
const ID_WORDS: usize = 4;

/// The text of a question file with the questions of a list, under ids that are not `taken`. `path` names the list in errors and tells a table by its ending.
///
/// # Errors
/// There is no question in it, or a table's cell is not understood.
pub fn from_list(path: &Path, list: &str, whom: &For, taken: &BTreeSet<String>) -> Result<String, ImportError> {
    let list = list.trim_start_matches('\u{feff}');
    let is_table = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv") || e.eq_ignore_ascii_case("tsv"));
    let mut entries = if is_table { table(path, list)? } else { lines(list) };
    let mut seen = HashSet::new();
    entries.retain(|e| seen.insert(e.text.split_whitespace().map(words::plain).collect::<Vec<_>>()));
    if entries.is_empty() {
        return Err(ImportError::Empty { path: path.to_owned() });
    }
    Ok(written(&entries, whom, taken))
}

/// One question a line; numbers and bullets before it are not part of it, and lines that begin with # are notes.
fn lines(list: &str) -> Vec<Entry> {
    let bare = |line: &str| {
        let text = line.trim_start_matches(|c: char| c.is_whitespace() || "-*•".contains(c));
        let quotes = ['"', '“', '”', '\''];
        without_number(text).trim().trim_start_matches(quotes).trim_end_matches(quotes).trim().to_owned()
    };
    // a line that ends with a colon is a heading
    let kept = list.lines().filter(|l| !l.trim_start().starts_with('#') && !l.trim_end().ends_with(':'));
    let kept = kept.map(bare).filter(|t| t.chars().any(char::is_alphabetic));
    kept.map(|text| Entry { text, ..Entry::default() }).collect()
}

/// Without what numbers it in its list: "5.", "(5)", "1.2", "a)", "Q5:". "5 patients" is no number.
fn without_number(text: &str) -> &str {
    let Some((first, rest)) = text.split_once(char::is_whitespace) else { return text };
    let number = first.trim_start_matches('(').trim_end_matches(['.', ')', ':']);
    let marked = first.len() > number.len() || number.contains('.');
    let figures = number.trim_start_matches(['Q', 'q']);
    let counts = !figures.is_empty() && figures.chars().all(|c| c.is_ascii_digit() || c == '.');
    let letter = number.len() == 1 && number.chars().all(|c| c.is_ascii_alphabetic());
    if marked && (counts || letter) { rest } else { text }
}

fn table(path: &Path, list: &str) -> Result<Vec<Entry>, ImportError> {
    // spreadsheets may say in a first line how they separate
    let list = if list.starts_with("sep=") { list.split_once('\n').map_or("", |(_, rest)| rest) } else { list };
    let first = list.lines().next().unwrap_or_default();
    // spreadsheets write commas, semicolons or tabs, as the country has it
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|d| first.bytes().filter(|b| b == d).count()).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(list.as_bytes());
    let wrong = |line: u64, what: String| ImportError::Cell { path: path.to_owned(), line, what };
    let mut headings: Option<Vec<String>> = None;
    let mut entries = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|e| {
            wrong(e.position().map_or(1, csv::Position::line), "the table is not understood here; save it again as CSV, UTF-8".to_owned())
        })?;
        let line = row.position().map_or(1, csv::Position::line);
        let Some(headings) = &headings else {
            let names: Vec<String> = row.iter().map(str::to_lowercase).collect();
            let names: Vec<String> = names.into_iter().map(|n| if QUESTION.contains(&n.as_str()) { "question".to_owned() } else { n }).collect();
            let known = |name: &String| COLUMNS.split(", ").any(|c| c == *name);
            if names.iter().any(known) {
                if !names.iter().any(|n| n == "question") {
                    return Err(wrong(line, "no column is called \"question\"; rename the one that holds the questions".to_owned()));
                }
                if let Some(unknown) = names.iter().find(|n| !n.is_empty() && !known(n)) {
                    return Err(wrong(line, format!("the column \"{unknown}\" is not known; remove it, or rename it to one of: {COLUMNS}")));
                }
                headings = Some(names);
            } else {
                // a table without headings: its first column holds the questions
                headings = Some(vec!["question".to_owned()]);
                entries.extend(entry(&["question".to_owned()], &row).map_err(|what| wrong(line, what))?);
            }
            continue;
        };
        entries.extend(entry(headings, &row).map_err(|what| wrong(line, what))?);
    }
    Ok(entries)
}

/// The question of one row, if there is one in it.
fn entry(headings: &[String], row: &csv::StringRecord) -> Result<Option<Entry>, String> {
    let mut entry = Entry::default();
    for (heading, cell) in headings.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
        match heading.as_str() {
            "question" if cell.contains('\n') => {
                return Err("a quotation mark is opened here and closed lines later; close it in its own line".to_owned());
            }
            "question" => cell.clone_into(&mut entry.text),
            "kind" => entry.kind = Some(known(cell, "kind", "situational, behavioural, technical, motivation, general")?),
            "level" => entry.level = Some(known(cell, "level", "any, junior, mid, senior")?),
            "seconds" => entry.seconds = Some(seconds(cell)?),
            _ => entry.outline = cell.split(';').map(|step| step.trim().to_owned()).filter(|s| !s.is_empty()).collect(),
        }
    }
    Ok((!entry.text.is_empty()).then_some(entry))
}

fn seconds(cell: &str) -> Result<u32, String> {
    let length = cell.parse().ok().filter(|s| LENGTHS.contains(s));
    length.ok_or_else(|| format!("\"{cell}\" is no length for an answer; write seconds, {} to {}", LENGTHS.start(), LENGTHS.end()))
}

fn known<T: DeserializeOwned>(cell: &str, column: &str, choices: &str) -> Result<T, String> {
    let name: StringDeserializer<serde::de::value::Error> = cell.to_lowercase().into_deserializer();
    T::deserialize(name).map_err(|_| format!("\"{cell}\" is no {column}; choose one of: {choices}"))
}

/// The kind that the wording of a question speaks for.
fn kind_of(text: &str) -> Kind {
    let text = text.to_lowercase();
    let has = |phrases: &[&str]| phrases.iter().any(|p| text.contains(p));
    if has(&["a time when", "a time you", "tell me about a", "describe a", "give me an example", "give an example", "have you ever"]) {
        Kind::Behavioural
    } else if has(&["what would you", "how would you", "what do you do if", "what do you do when", "imagine", "suppose"]) {
        Kind::Situational
    } else if has(&["why do you", "why are you", "why should", "what attracts", "what motivates", "why this"]) {
        Kind::Motivation
    } else {
        Kind::General
    }
}

fn written(entries: &[Entry], whom: &For, taken: &BTreeSet<String>) -> String {
    let text = |t: &str| toml::Value::String(t.to_owned()).to_string();
    let mut out = String::from(
        "# Made from a plain list. The questions can be asked at once; answers are scored as soon as you add the points to look for:\n\
         # copy the [[question.criteria]] sections of a file that `viva questions new` writes, below the question they belong to.\n\
         # The kinds were told from the wording where the list named none; correct them where they are wrong.\n\n",
    );
    let _ = writeln!(out, "schema = 1\nid = {}\nrole = {}\npurpose = {}", text(whom.id), text(whom.role), text(whom.purpose));
    let mut ids = taken.clone();
    for entry in entries {
        let mut id = format!("{}-{}", initials(whom.id), short_name(&entry.text, ID_WORDS));
        while !ids.insert(id.clone()) {
            id.push_str("-2");
        }
        let outline: Vec<String> = entry.outline.iter().map(|step| text(step)).collect();
        let _ = writeln!(
            out,
            "\n[[question]]\nid = {}\nkind = \"{}\"\nlevel = \"{}\"\ntext = {}\nintent = \"\"\nframework = \"\"\nseconds = {}\noutline = [{}]",
            text(&id),
            entry.kind.unwrap_or_else(|| kind_of(&entry.text)),
            entry.level.unwrap_or(Level::Any),
            text(&entry.text),
            entry.seconds.unwrap_or(SECONDS),
            outline.join(", "),
        );
    }
    out
}

/// A short name made of the first words of a text: small letters, digits and hyphens.
#[must_use]
pub fn short_name(text: &str, most_words: usize) -> String {
    let letters: String = text
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c
            } else if c == '\'' {
                '\u{0}'
            } else {
                ' '
            }
        })
        .collect();
    let letters = letters.replace('\u{0}', "");
    let small = ["a", "an", "the", "of", "to", "do", "you", "your", "is", "are", "me", "about", "what", "how", "would", "tell", "in", "for", "and"];
    let mut telling: Vec<&str> = letters.split_whitespace().filter(|w| !small.contains(w)).take(most_words).collect();
    if telling.is_empty() {
        telling = letters.split_whitespace().take(most_words).collect();
    }
    if telling.is_empty() { "question".to_owned() } else { telling.join("-") }
}

/// "patient-relations-officer" to "pro".
fn initials(id: &str) -> String {
    id.split('-').filter_map(|part| part.chars().next()).collect()
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{path} holds no question; write one question a line", path = path.display())]
    Empty { path: PathBuf },
    #[error("{path}, line {line}: {what}", path = path.display())]
    Cell { path: PathBuf, line: u64, what: String },
    #[error(transparent)]
    Question(#[from] QuestionError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::load;

    const WHOM: For = For { id: "ward-clerk", role: "Ward Clerk", purpose: "Keeps the ward's papers." };

    fn imported(name: &str, list: &str) -> Vec<crate::question::Question> {
        let text = from_list(Path::new(name), list, &WHOM, &BTreeSet::new()).unwrap();
        load::parse(Path::new("made.toml"), &text).unwrap().set.questions
    }

    #[test]
    fn one_question_a_line() {
        let questions =
            imported("list.txt", "# ours\n1. Why do you want \"this\" job?\n\n - Tell me about a time you failed.\nWhy do you want this job?\n");
        assert_eq!(questions.len(), 2);
        assert_eq!((questions[0].text.as_str(), questions[0].kind), ("Why do you want \"this\" job?", Kind::Motivation));
        assert_eq!((questions[1].id.as_str(), questions[1].kind), ("wc-time-failed", Kind::Behavioural));
        assert!(questions.iter().all(|q| q.criteria.is_empty()));
        let numbered = imported("list.txt", "Opening:\n(3) Why us?\na) What next?\nQ4: Who are you?\n1.1 Where from?\n\"Where to?\"\n");
        let texts: Vec<&str> = numbered.iter().map(|q| q.text.as_str()).collect();
        assert_eq!(texts, ["Why us?", "What next?", "Who are you?", "Where from?", "Where to?"]);
        assert_eq!(imported("list.txt", "5 patients wait. Who is first?\n")[0].text, "5 patients wait. Who is first?");
    }

    #[test]
    fn a_table_with_headings_semicolons_and_a_mark_at_its_beginning() {
        let questions = imported("list.csv", "\u{feff}Question;Kind;Seconds;Outline\n\"A file; lost?\";technical;60;look; ask\n\nSecond?;;;\n");
        assert_eq!((questions[0].text.as_str(), questions[0].kind, questions[0].seconds), ("A file; lost?", Kind::Technical, 60));
        assert_eq!(questions.len(), 2);
        let bare = imported("list.csv", "Where is the file?,x\nWho had it?,y\n");
        assert_eq!(bare.len(), 2);
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        let refused = |name: &str, list: &str| from_list(Path::new(name), list, &WHOM, &BTreeSet::new()).unwrap_err().to_string();
        assert_eq!(
            refused("list.csv", "question,kind\nA?,odd\n"),
            "list.csv, line 2: \"odd\" is no kind; choose one of: situational, behavioural, technical, motivation, general"
        );
        assert!(refused("list.csv", "question,level\n\"Why?,junior\nHow?,mid\n").contains("close it in its own line"));
        assert!(refused("list.csv", "frage,level\nA?,mid\n").contains("no column is called \"question\""));
        assert_eq!(imported("list.csv", "sep=;\nQuestions;Level\nWhy us?;mid\n").len(), 1);
        assert!(refused("list.csv", "question,mood\nA?,good\n").contains("the column \"mood\" is not known"));
        assert!(refused("list.txt", "\n# nothing\n").contains("holds no question"));
    }
}
