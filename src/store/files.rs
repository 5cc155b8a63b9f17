//! The files of a take: how they are called and where they lie.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::score::Part;

/// The files of one take of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFiles {
    folder: PathBuf,
    pub take: usize,
    part: Part,
}

impl AnswerFiles {
    pub(super) fn of(folder: PathBuf, take: usize) -> Self {
        Self { folder, take, part: Part::Answer }
    }

    fn stem(&self) -> String {
        let part = match self.part {
            Part::Answer => "",
            Part::FollowUp => "-follow-up",
        };
        format!("take-{}{part}", self.take)
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.stem()))
    }

    /// Whether a file of this name belongs to the take, or to this part of it, whatever it is.
    pub(super) fn owns(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let rest = name.strip_prefix(&self.stem());
        path.parent() == Some(self.folder.as_path()) && rest.is_some_and(|rest| rest.starts_with(['.', '-']))
    }

    /// The files of what was said when the interviewer asked back.
    #[must_use]
    pub fn follow_up(&self) -> Self {
        Self { part: Part::FollowUp, ..self.clone() }
    }

    /// Which criterion the interviewer asked back for, and in which words.
    #[must_use]
    pub fn asked_back(&self) -> PathBuf {
        self.follow_up().file("question.json")
    }

    #[must_use]
    pub fn question(&self) -> PathBuf {
        self.folder.join("question.json")
    }

    #[must_use]
    pub fn sound(&self) -> PathBuf {
        self.file("wav")
    }

    #[must_use]
    pub fn capture(&self) -> PathBuf {
        self.file("capture.json")
    }

    #[must_use]
    pub fn transcript(&self) -> PathBuf {
        self.file("transcript.json")
    }

    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.file("report.json")
    }

    /// What the user said of single places of it, later.
    #[must_use]
    pub fn marks(&self) -> PathBuf {
        self.file("marks.json")
    }

    /// How the candidate rated it.
    #[must_use]
    pub fn rating(&self) -> PathBuf {
        self.file("rating.json")
    }
}

/// The takes in the folder of a question, by number: those of which there is sound, or, where that was deleted, a report. One may be missing between
/// two others.
pub(super) fn takes(folder: &Path) -> BTreeSet<usize> {
    // a question that was not reached has no folder
    let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.file_name());
    names.filter_map(|name| take_of(name.to_str()?)).collect()
}

/// Of which take a file is the sound or the report.
pub(super) fn take_of(name: &str) -> Option<usize> {
    let number = name.strip_prefix("take-")?;
    let number = number.strip_suffix(".wav").or_else(|| number.strip_suffix(".report.json"))?;
    number.parse().ok().filter(|take| (1..1_000_000).contains(take) && !number.starts_with(['0', '+']))
}
