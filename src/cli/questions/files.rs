//! `viva questions check`, `new` and `import`: the user's own question files.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use serde::Serialize;

use super::load as load_bank;
use crate::cli::{SET_UP, print, print_json, talk};
use crate::question::bank::{BUILT_IN, Bank};
use crate::question::check::{self, Warning};
use crate::question::import::{self, For};
use crate::question::load::{self, QuestionError, Source};
use crate::settings::Settings;
use crate::store::private_folder;

const TEMPLATE: &str = include_str!("../../../questions/template.toml");
/// Words of a role's name that make its short name.
const NAME_WORDS: usize = 6;

#[derive(Serialize)]
struct Checked {
    file: PathBuf,
    /// None where the file is refused.
    questions: Option<usize>,
    /// Why the file is refused.
    error: Option<String>,
    warnings: Vec<Warning>,
}

/// Looks at each file: refused ones end with exit code 2, warnings do not.
pub fn check(files: &[PathBuf], json: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let own_paths = own_files(settings)?;
    let read: Vec<(PathBuf, Result<Source, QuestionError>)> = if files.is_empty() {
        let built_in = BUILT_IN.iter().map(|(name, text)| (PathBuf::from(name), load::parse(Path::new(name), text)));
        built_in.chain(own_paths.iter().map(|path| (path.clone(), load::file(path)))).collect()
    } else {
        files.iter().map(|path| (path.clone(), load::file(path))).collect()
    };
    let own: Vec<Source> = own_paths.iter().filter_map(|path| load::file(path).ok()).collect();
    let mut checked: Vec<Checked> = Vec::new();
    for (file, source) in read {
        let whole = source.and_then(|s| Bank::with(beside(&s, &own)).map(|_| s));
        checked.push(match whole {
            Ok(source) => Checked { file, questions: Some(source.set.questions.len()), error: None, warnings: check::check(&source) },
            Err(e) => Checked { file, questions: None, error: Some(e.to_string()), warnings: Vec::new() },
        });
    }
    if files.is_empty() {
        unread(settings);
        for source in &own {
            shadows(source);
        }
    }
    // two files may each be sound and not go together
    let together = if files.is_empty() { load_bank(settings).err() } else { None };
    report(&checked, json)?;
    let refused = checked.iter().filter(|c| c.error.is_some()).count();
    if let Some(e) = together.filter(|_| refused == 0) {
        bail!("{e}");
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(SET_UP) })
}

fn report(checked: &[Checked], json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&checked);
    }
    for file in checked {
        if let Some(error) = &file.error {
            print(&format!("error: {error}\n"));
        }
        for warning in &file.warnings {
            print(&format!("{}, {warning}\n", file.file.display()));
        }
        if let Some(questions) = file.questions {
            let warnings = file.warnings.len();
            let verdict = if warnings == 0 { "nothing to think over".to_owned() } else { format!("{warnings} to think over") };
            talk(&format!("{}: {}, {verdict}", file.file.display(), count(questions)));
        }
    }
    Ok(())
}

fn count(questions: usize) -> String {
    format!("{questions} {}", if questions == 1 { "question" } else { "questions" })
}

/// Names files in the user's folder that are not read, because of their ending.
fn unread(settings: &Settings) {
    let Ok(entries) = std::fs::read_dir(&settings.folders.questions) else { return };
    let paths = entries.filter_map(|e| e.ok().map(|e| e.path()));
    for path in paths.filter(|p| p.is_file() && !p.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"))) {
        talk(&format!("note: {} is not read; its name must end in .toml", path.display()));
    }
}

/// Names the built-in questions that stand back for one of the user's.
fn shadows(source: &Source) {
    let Ok(built_in) = Bank::built_in() else { return };
    for question in source.set.questions.iter().filter(|q| built_in.question(&q.id).is_some()) {
        talk(&format!("note: {} of {} stands in the place of the built-in question", question.id, source.path.display()));
    }
}

/// The file with the user's others that it goes together with, whose competencies it may name.
fn beside(source: &Source, own: &[Source]) -> Vec<Source> {
    let mut together = vec![source.clone()];
    for other in own {
        let shares = |set: &Source| set.set.questions.iter().any(|q| other.set.questions.iter().any(|o| o.id == q.id));
        if !together.iter().any(shares) {
            together.push(other.clone());
        }
    }
    together
}

fn own_files(settings: &Settings) -> Result<Vec<PathBuf>, QuestionError> {
    crate::question::bank::toml_files(&settings.folders.questions)
}

/// Writes the template for a role.
pub fn new(role: &str, file: Option<&Path>, settings: &Settings) -> anyhow::Result<()> {
    let bank = load_bank(settings)?;
    let known = bank.role(role);
    let id = short_name(role, &bank)?;
    let name = known.map_or(role, |set| &set.role);
    // two templates of one role in the same folder would hold one id twice
    if file.is_none() && bank.question(&format!("{id}-angry-at-the-desk")).is_some() {
        bail!("a template for {name} is there already; go on with that one (`viva questions check` names it), or write another with --file");
    }
    let mut text = TEMPLATE.replace("your-role", &id).replace("Your Role", &name.replace(['"', '\\'], "'"));
    if let Some(set) = known {
        text = text.replace("What the role is there for, in one sentence.", &set.page.purpose.replace(['"', '\\'], "'"));
    }
    let path = written(file, &id, &text, settings)?;
    talk("Open it in any text editor. Its notes say what goes where; afterwards check it with");
    talk(&format!("  viva questions check {}", path.display()));
    Ok(())
}

/// Takes over a plain list.
pub fn import(list: &Path, role: &str, file: Option<&Path>, settings: &Settings) -> anyhow::Result<()> {
    let bank = load_bank(settings)?;
    let known = bank.role(role);
    let id = short_name(role, &bank)?;
    let whom = For { id: &id, role: known.map_or(role, |s| &s.role), purpose: known.map_or("", |s| &s.page.purpose) };
    let bytes = match std::fs::read(list) {
        Ok(bytes) => bytes,
        Err(e) => bail!("{} cannot be read ({e}); check its name", list.display()),
    };
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("{} is not a UTF-8 text; save it again as \"CSV UTF-8\" or as a UTF-8 text", list.display())
    };
    let taken = bank.questions().map(|q| q.id.clone()).collect();
    let text = import::from_list(list, &text, &whom, &taken)?;
    // before anything is written: it must be sound
    let source = load::parse(list, &text)?;
    let name = list.file_stem().map_or_else(|| id.clone(), |stem| import::short_name(&stem.to_string_lossy(), NAME_WORDS));
    let path = written(file, &name, &text, settings)?;
    talk(&format!("Taken over: {}. Look them over in the file, then practise:", count(source.set.questions.len())));
    talk(&format!("  viva practice --role {id}"));
    talk(&format!("Their answers are scored as soon as {} says which points to look for.", path.display()));
    Ok(())
}

fn short_name(role: &str, bank: &Bank) -> anyhow::Result<String> {
    if let Some(set) = bank.role(role) {
        return Ok(set.id.clone());
    }
    if !role.chars().any(char::is_alphanumeric) {
        bail!("\"{role}\" is no name of a job; write it as people say it, such as \"Ward Clerk\"");
    }
    Ok(import::short_name(role, NAME_WORDS))
}

/// Writes a new file, never over one that is there.
fn written(file: Option<&Path>, name: &str, text: &str, settings: &Settings) -> anyhow::Result<PathBuf> {
    let folder = &settings.folders.questions;
    let path = file.map_or_else(|| folder.join(format!("{name}.toml")), Path::to_owned);
    if let Err(e) = private_folder(path.parent().unwrap_or(folder)) {
        bail!("{} cannot be written ({e}); name another place with --file", path.display());
    }
    let new = OpenOptions::new().write(true).create_new(true).open(&path).and_then(|mut f| f.write_all(text.as_bytes()));
    match new {
        Ok(()) => {
            print(&format!("{}\n", path.display()));
            Ok(path)
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already and was left as it is; name another file with --file", path.display())
        }
        Err(e) => bail!("{} cannot be written ({e}); name another place with --file", path.display()),
    }
}
