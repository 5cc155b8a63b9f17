//! Damaged and hostile files, as they were found by `scripts/fuzz` or thought of, and the whole ones that it began with: each is read to its end again.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it
#![allow(clippy::print_stderr)] // which file it was is seen where one of them panics

#[path = "../fuzz/entries.rs"]
mod entries;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of `tests/fuzzed`, and what reads its files.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 10] = [
    ("questions", entries::questions),
    ("session", entries::session),
    ("notes", entries::notes),
    ("wav", entries::recording),
    ("flac", entries::recording),
    ("mp3", entries::recording),
    ("ogg", entries::recording),
    ("m4a", entries::recording),
    ("protocol", entries::protocol),
    ("model", entries::model),
];

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn names(folder: &Path) -> BTreeSet<String> {
    let name = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    fs::read_dir(folder).unwrap().map(|e| name(e.unwrap().path())).collect()
}

fn replay(target: &str) {
    let (_, read) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let folder = project().join("tests/fuzzed").join(target);
    let cases = names(&folder);
    assert!(!cases.is_empty(), "there is not one file in {}", folder.display());
    for case in cases {
        eprintln!("{target}/{case}");
        read(&fs::read(folder.join(&case)).unwrap());
    }
}

#[test]
fn damaged_question_files_are_refused_or_read() {
    replay("questions");
}

#[test]
fn sessions_with_damaged_files_are_listed_shown_and_made_a_page_of() {
    replay("session");
}

#[test]
fn damaged_notes_of_a_coach_are_refused_or_read() {
    replay("notes");
}

#[test]
fn damaged_recordings_give_what_sound_they_hold() {
    for kind in ["wav", "flac", "mp3", "ogg", "m4a"] {
        replay(kind);
    }
}

#[test]
fn nonsense_from_an_engine_is_an_error() {
    replay("protocol");
}

#[test]
fn damaged_models_are_told_from_whole_ones() {
    replay("model");
}

#[test]
fn each_target_of_the_fuzzer_has_its_files_here() {
    let here: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&project().join("fuzz/fuzz_targets")), here);
    assert_eq!(names(&project().join("tests/fuzzed")), here);
    let whole = fs::read(project().join("tests/fuzzed/session/asked-back")).unwrap();
    let whole = String::from_utf8(whole).unwrap();
    assert!(whole.contains("\n== 01/take-1.report.json\n"), "the files of a session stand behind their names");
}
