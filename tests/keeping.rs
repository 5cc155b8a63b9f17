//! Whose files they are: two programs at once lose nothing of each other, what is deleted is gone, and what is left is named.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::kept::{copied, name, text, written_down};
use support::{Card, Home, Interview};

const QUESTION: &str = "psc-extra-step";
const ANSWER: &str = "I would call the patient.";

/// A session of one answer, from the model to the report.
fn recorded(home: &Home) -> std::path::PathBuf {
    let answer = home.speech("answer.wav", ANSWER);
    home.viva(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from", text(&answer)]).ok();
    home.session()
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(text(&path).to_owned()) }
    }
    found
}

#[test]
fn notes_of_two_programs_at_once_are_all_kept() {
    let home = Home::new();
    written_down(&home, "What did you do?", "I helped.", None, 400);
    std::thread::scope(|scope| {
        for who in ["one", "two"] {
            let home = &home;
            scope.spawn(move || (0..15).for_each(|i| drop(home.viva(&["sessions", "note", "last", &format!("{who} {i}")]).ok())));
        }
    });
    let notes = home.viva(&["sessions", "note", "last", "--json"]).json();
    assert_eq!(notes.as_array().unwrap().len(), 30);
}

#[test]
fn two_interviews_at_once_keep_their_sessions_apart() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--voice", "none", "--no-follow-ups"]);
    interview.wait_for("listening");
    let session = home.session();
    home.viva(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from", text(&answer)]).ok();
    assert_eq!(fs::read_dir(home.file("sessions")).unwrap().count(), 2);

    // what is being recorded is left alone, and who holds it is named
    let holder = format!("process {}", interview.id());
    for arguments in [
        &["sessions", "delete", name(&session), "--yes"][..],
        &["sessions", "note", name(&session), "hm"],
        &["analyze", "--session", name(&session)],
        &["sessions", "recover", name(&session)],
    ] {
        let ran = home.viva(arguments);
        assert!(ran.code != Some(0) && ran.talk.contains("is being worked on by another viva") && ran.talk.contains(&holder), "{ran:?}");
    }
    let ran = home.viva(&["sessions", "recover"]).ok();
    assert!(ran.talk.contains("is being worked on") && ran.talk.contains("nothing else was interrupted"), "{ran:?}");
    home.viva(&["purge", "--all", "--yes"]).refused_with(&["nothing was deleted", &holder]);
    assert!(home.file("models/ggml-viva-demo-q8_0.bin").exists());
    assert!(session.join("01/take-1.wav").exists());

    // a lock whose holder was killed holds nobody up
    interview.signal("KILL");
    interview.end();
    home.viva(&["sessions", "note", name(&session), "now"]).ok();
    home.viva(&["sessions", "recover", name(&session)]).ok();
    assert!(session.join("01/take-1.report.json").exists());
}

#[test]
fn whoever_deletes_a_session_is_told_what_was_made_of_it() {
    let home = Home::new();
    let session = recorded(&home);
    let (page, table, gone) = (home.file("page.html"), home.file("all.csv"), home.file("gone.md"));
    home.viva(&["export", "last", "--html", text(&page), "--markdown", text(&gone)]).ok();
    home.viva(&["export", "--all", "--csv", text(&table)]).ok();
    fs::remove_file(&gone).unwrap();
    let ran = home.viva(&["sessions", "delete", "last", "--yes"]).ok();
    assert!(!session.exists());
    let left: Vec<&str> = ran.talk.lines().filter_map(|l| l.strip_prefix("  ")).collect();
    assert_eq!(left, [text(&table), text(&page)], "{ran:?}");
    assert!(page.exists() && table.exists());
}

#[test]
fn what_is_older_than_the_settings_allow_goes_at_the_next_start_and_is_named() {
    let home = Home::new();
    let young = recorded(&home);
    let (old, middle) = (copied(&young, "2020-01-05"), copied(&young, "2021-01-05"));
    let listed = || home.viva(&["sessions", "list", "--json"]).json().as_array().unwrap().len();
    assert_eq!(listed(), 3);
    let days = (jiff_days_since("2020-07-05"), 30);
    fs::write(home.file("settings.toml"), format!("keep_days = {}\nkeep_audio_days = {}\n", days.0, days.1)).unwrap();
    let ran = home.viva(&["sessions", "list"]).ok();
    assert!(ran.talk.contains(&format!("(keep_days): {}", name(&old))), "{ran:?}");
    assert!(ran.talk.contains(&format!("(keep_audio_days), their words and reports stay: {}", name(&middle))), "{ran:?}");
    assert!(!old.exists() && !middle.join("01/take-1.wav").exists() && young.join("01/take-1.wav").exists());
    // the report is still there, and nothing is told twice
    assert!(home.viva(&["sessions", "show", name(&middle)]).ok().out.contains("call the patient"));
    assert_eq!(home.viva(&["sessions", "list"]).ok().talk, "");
    assert_eq!(listed(), 2);
    fs::write(home.file("settings.toml"), "keep_days = 0\n").unwrap();
    home.viva(&["sessions", "list"]).refused_with(&["line 1", "`keep_days` must be 1 or more"]);
    assert_eq!(listed_without_settings(&home), 2);
}

#[test]
fn an_answer_that_was_never_written_down_keeps_its_sound_until_it_is() {
    let home = Home::new();
    let old = copied(&recorded(&home), "2020-01-05");
    for ending in ["report.json", "transcript.json"] {
        fs::remove_file(old.join("01/take-1").with_extension(ending)).unwrap();
    }
    fs::write(home.file("settings.toml"), "keep_audio_days = 30\n").unwrap();
    let ran = home.viva(&["sessions", "list"]).ok();
    assert!(ran.talk.contains(&format!("kept for now: 1 recording of {} without a report", name(&old))), "{ran:?}");
    let ran = home.viva(&["sessions", "recover"]).ok();
    assert!(ran.talk.contains("recovered 1 answer of 1 session") && old.join("01/take-1.wav").exists(), "{ran:?}");
    assert!(home.viva(&["sessions", "list"]).ok().talk.contains("1 recording older than 30 days deleted"));
    assert!(!old.join("01/take-1.wav").exists() && old.join("01/take-1.report.json").exists());
}

#[test]
fn a_session_whose_record_is_damaged_is_not_taken_for_another_and_can_be_deleted() {
    let home = Home::new();
    let whole = recorded(&home);
    let damaged = copied(&whole, "2027-01-05");
    fs::write(damaged.join("session.json"), "{ \"schema\": 1").unwrap();
    home.viva(&["sessions", "delete", "last", "--yes"]).refused_with(&[name(&damaged), "session.json", "cannot be used"]);
    home.viva(&["sessions", "show", "last"]).refused_with(&[name(&damaged)]);
    home.viva(&["sessions", "delete", "", "--yes"]).refused_with(&["there is no session \"\""]);
    let ran = home.viva(&["sessions", "recover"]);
    assert!(ran.code == Some(1) && ran.talk.contains("1 thing could not be put right"), "{ran:?}");
    home.viva(&["sessions", "delete", name(&damaged), "--yes"]).ok();
    assert!(!damaged.exists() && whole.join("01/take-1.wav").exists());
    home.viva(&["sessions", "show", "last"]).ok();
}

fn listed_without_settings(home: &Home) -> usize {
    fs::remove_file(home.file("settings.toml")).unwrap();
    home.viva(&["sessions", "list", "--json"]).json().as_array().unwrap().len()
}

/// Days from then to today.
fn jiff_days_since(day: &str) -> u64 {
    let then: jiff::Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
    (jiff::Timestamp::now().duration_since(then).as_hours() / 24).unsigned_abs()
}

#[test]
fn a_purge_leaves_nothing_of_viva_and_everything_of_others() {
    let home = Home::new();
    recorded(&home);
    fs::write(home.file("settings.toml"), "voice = \"espeak-ng\"\n").unwrap();
    home.viva(&["questions", "new", "Ward Clerk"]).ok();
    let page = home.file("page.html");
    home.viva(&["export", "last", "--html", text(&page)]).ok();
    // a session whose record is gone holds what somebody said all the same
    let broken = home.file("sessions/2020-01-05T08-00-00Z-ward-clerk/01");
    fs::create_dir_all(&broken).unwrap();
    fs::write(broken.join("take-1.wav"), "RIFF").unwrap();
    home.viva(&["purge", "--all"]).refused_with(&["2 sessions", "there is no terminal to ask on", "--yes"]);
    home.viva(&["purge"]).code.filter(|c| *c == 2).expect("what is to go must be said");

    let mine = home.file("models/my-own.bin");
    fs::write(&mine, "mine").unwrap();
    let ran = home.viva(&["purge", "--all", "--yes"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.talk.contains("Still there, because it is not viva's") && ran.talk.contains(text(&mine)) && ran.talk.contains(text(&page)),
        "{ran:?}"
    );
    let mut left = files_below(home.path());
    left.retain(|f| !f.ends_with("answer.wav"));
    left.sort();
    assert_eq!(left, [text(&mine), text(&page)]);
    fs::remove_file(&mine).unwrap();
    assert!(home.viva(&["purge", "--all", "--yes"]).ok().talk.contains("keeps nothing on this machine"));
}

#[test]
fn a_purge_spares_question_files_if_asked_to_and_says_when_all_is_gone() {
    let home = Home::new();
    recorded(&home);
    home.viva(&["questions", "new", "Ward Clerk"]).ok();
    let ran = home.viva(&["purge", "--all", "--yes", "--keep-questions"]).ok();
    assert!(ran.talk.contains("Looked again: nothing that viva keeps is left"), "{ran:?}");
    let left: Vec<String> = files_below(home.path()).into_iter().filter(|f| !f.ends_with("answer.wav")).collect();
    assert!(left.len() == 1 && left[0].contains("/questions/"), "{left:?}");
    let _: Value = home.viva(&["questions", "list", "--json"]).json();
}
