//! All question sets together: the built-in ones, and the user's own, which shadow or extend them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::load::{self, QuestionError, Source};
use super::{Competency, Level, LevelPage, Question, QuestionSet, RolePage};

/// The sets that come with the program: file name and text.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("common.toml", include_str!("../../questions/common.toml")),
    ("patient-engagement-specialist.toml", include_str!("../../questions/patient-engagement-specialist.toml")),
    ("patient-partner.toml", include_str!("../../questions/patient-partner.toml")),
    ("patient-relations-officer.toml", include_str!("../../questions/patient-relations-officer.toml")),
    ("patient-services-coordinator.toml", include_str!("../../questions/patient-services-coordinator.toml")),
];

/// The id of the set whose questions and advice go with every role.
const COMMON: &str = "common";

/// Every set that is known, each question id once.
#[derive(Clone, Debug)]
pub struct Bank {
    /// The first is the common one, which is no role.
    sets: Vec<QuestionSet>,
}

impl Bank {
    /// The built-in sets and those in the user's own folder (every `.toml` file in it, by name; no folder is fine).
    ///
    /// A set of the user's with the id of a built-in one extends it: what its page says goes before, its questions are added. A question with
    /// the id of a built-in one stands in its place and role, in whichever file it is.
    ///
    /// # Errors
    /// A file that cannot be read or understood, a competency that is nowhere explained, or two of the user's questions of one id.
    pub fn load(own_folder: &Path) -> Result<Self, QuestionError> {
        let mut sources = Vec::new();
        for path in toml_files(own_folder)? {
            sources.push(load::file(&path)?);
        }
        Self::with(sources)
    }

    /// The built-in sets alone.
    ///
    /// # Errors
    /// None but by a mistake in the program itself, which its tests find.
    pub fn built_in() -> Result<Self, QuestionError> {
        Self::with(Vec::new())
    }

    /// The built-in sets and these.
    ///
    /// # Errors
    /// As [`Bank::load`].
    pub fn with(own: Vec<Source>) -> Result<Self, QuestionError> {
        let mut seen: HashMap<&str, &Path> = HashMap::new();
        for source in &own {
            for question in &source.set.questions {
                if let Some(first) = seen.insert(&question.id, &source.path) {
                    return Err(QuestionError::InTwoFiles { id: question.id.clone(), first: first.to_owned(), second: source.path.clone() });
                }
            }
        }
        let mut bank = Self { sets: Vec::new() };
        for (name, text) in BUILT_IN {
            bank.sets.push(load::parse(Path::new(name), text)?.set);
        }
        for source in &own {
            bank.add(source.set.clone());
        }
        for source in &own {
            bank.check_competencies(source)?;
        }
        Ok(bank)
    }

    fn add(&mut self, mut own: QuestionSet) {
        for set in &mut self.sets {
            set.page.competencies.retain(|c| own.page.competencies.iter().all(|o| o.id != c.id));
            for shadowed in &mut set.questions {
                if let Some(at) = own.questions.iter().position(|q| q.id == shadowed.id) {
                    *shadowed = Question { role: set.id.clone(), ..own.questions.remove(at) };
                }
            }
        }
        let Some(set) = self.sets.iter_mut().find(|s| s.id == own.id) else {
            self.sets.push(own);
            return;
        };
        if set.role != own.role {
            // it is still found under its old name
            let old = std::mem::replace(&mut set.role, own.role);
            own.page.titles.extend(set.page.titles.iter().chain([&old]).cloned());
        }
        extend(&mut set.page, own.page);
        set.questions.extend(own.questions);
    }

    fn check_competencies(&self, source: &Source) -> Result<(), QuestionError> {
        for question in &source.set.questions {
            for criterion in &question.criteria {
                let Some(id) = criterion.competency.as_deref().filter(|id| self.competency(id).is_none()) else { continue };
                let known: Vec<&str> = self.competencies().map(|c| c.id.as_str()).collect();
                return Err(QuestionError::UnknownCompetency {
                    path: source.path.clone(),
                    line: source.line(&question.id, Some(&criterion.id)),
                    id: id.to_owned(),
                    known: known.join(", "),
                });
            }
        }
        Ok(())
    }

    /// The sets of the roles.
    pub fn roles(&self) -> impl Iterator<Item = &QuestionSet> {
        self.sets.iter().filter(|s| s.id != COMMON)
    }

    /// The set whose questions and advice go with every role.
    #[must_use]
    pub fn common(&self) -> Option<&QuestionSet> {
        self.sets.iter().find(|s| s.id == COMMON)
    }

    /// The role of this short name, full name or title, however it is written.
    #[must_use]
    pub fn role(&self, wanted: &str) -> Option<&QuestionSet> {
        let same = |name: &str| name.eq_ignore_ascii_case(wanted);
        self.roles().find(|s| s.id == wanted || same(&s.role)).or_else(|| self.roles().find(|s| s.page.titles.iter().any(|t| same(t))))
    }

    /// The page of a role; lists that it leaves empty (facts, questions to ask, advice, research) are those of the common page.
    #[must_use]
    pub fn page_for(&self, role: &QuestionSet) -> RolePage {
        let mut page = self.common().map(|s| s.page.clone()).unwrap_or_default();
        // the common competencies, glossary and levels are no one role's
        (page.levels, page.glossary, page.competencies) = (Vec::new(), Vec::new(), Vec::new());
        extend(&mut page, role.page.clone());
        page
    }

    /// Every question, the common ones first.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.sets.iter().flat_map(|s| &s.questions)
    }

    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions().find(|q| q.id == id)
    }

    /// The questions for a role: its own and the common ones.
    #[must_use]
    pub fn questions_for(&self, role: &QuestionSet) -> Vec<&Question> {
        let common = self.common().into_iter().flat_map(|s| &s.questions);
        self.sets.iter().filter(|s| s.id == role.id).flat_map(|s| &s.questions).chain(common).collect()
    }

    /// All competencies, in the order of their explanation.
    pub fn competencies(&self) -> impl Iterator<Item = &Competency> {
        self.sets.iter().flat_map(|s| &s.page.competencies)
    }

    /// The competency of this id or name.
    #[must_use]
    pub fn competency(&self, wanted: &str) -> Option<&Competency> {
        self.competencies().find(|c| c.id == wanted || c.name.eq_ignore_ascii_case(wanted))
    }
}

/// What the user's own page says goes before what it extends.
fn extend(page: &mut RolePage, own: RolePage) {
    page.purpose = own.purpose;
    let lists = [
        (&mut page.titles, own.titles),
        (&mut page.duties, own.duties),
        (&mut page.skills, own.skills),
        (&mut page.red_flags, own.red_flags),
        (&mut page.facts, own.facts),
        (&mut page.ask_them, own.ask_them),
        (&mut page.advice, own.advice),
    ];
    for (list, own) in lists {
        if !own.is_empty() {
            *list = own;
        }
    }
    let others: Vec<LevelPage> = page.levels.iter().filter(|l| own.levels.iter().all(|o| o.level != l.level)).cloned().collect();
    page.levels = own.levels.into_iter().chain(others).collect();
    page.levels.sort_by_key(|l| [Level::Any, Level::Junior, Level::Mid, Level::Senior].iter().position(|known| *known == l.level));
    if !own.research.is_empty() {
        page.research = own.research;
    }
    page.glossary.retain(|t| own.glossary.iter().all(|o| o.term != t.term));
    page.glossary.extend(own.glossary);
    page.competencies.retain(|c| own.competencies.iter().all(|o| o.id != c.id));
    page.competencies.extend(own.competencies);
}

/// The question files in a folder, by name; none where there is no folder.
pub(crate) fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, QuestionError> {
    let io = |source| QuestionError::Io { path: folder.to_owned(), source };
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(io)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
