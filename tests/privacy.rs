//! What in a session could say who a patient is, as `viva sessions privacy` lists it.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;

use serde_json::{Value, json};
use support::Home;
use support::kept::written_down;

const NAME: &str = "2026-01-05T09-00-00Z-ward-clerk";

/// A session of one answer, and of what was said to its follow-up question.
fn told(answer: &str, follow_up: Option<&str>) -> Home {
    let home = Home::new();
    let folder = written_down(&home, "Tell me how you would help Mrs Pemberton.", answer, follow_up, 400);
    fs::write(folder.join("01/take-1.wav"), b"").unwrap();
    home
}

#[test]
fn findings_are_listed_with_a_safer_wording() {
    let home = told("There was a lady, Mrs. Alvarez, in room two fourteen.", Some("I told Maria that I was sorry."));
    let ran = home.viva(&["sessions", "privacy"]).ok();
    for part in [
        "question 1, 0:01.6  name: \"There was a lady, Mrs. Alvarez, in room two fourteen.\"",
        "say instead: a patient",
        "room or bed",
        "say instead: their room",
        "question 1, follow-up, 0:00.8  name",
        "It can miss some: read the result before you pass it on.",
    ] {
        assert!(ran.out.contains(part), "{part} is not in: {}", ran.out);
    }
}

#[test]
fn machines_read_the_same() {
    let home = told("i called doctor okafor about <script>alert(1)</script> and the mrn 00412", None);
    let read = home.viva(&["sessions", "privacy", "2026", "--json"]).json();
    let kinds: Vec<&Value> = read["findings"].as_array().unwrap().iter().map(|f| &f["kind"]).collect();
    assert_eq!(kinds, ["name", "record"], "{read}");
    let first = &read["findings"][0];
    assert_eq!((&first["text"], &first["safer"], &first["words"]["start"]), (&json!("doctor okafor"), &json!("a physician"), &json!(2)));
    assert_eq!(first["span"], json!({ "start": 800, "end": 1500 }));
    assert!(read["caveat"].as_str().unwrap().contains("miss some"));
    assert!(first["context"].as_str().unwrap().contains("<script>alert(1)</script>"), "{read}");
}

#[test]
fn a_name_out_of_a_question_of_ones_own_may_be_a_patients() {
    let home = told("I would ask Mrs Pemberton and then Mrs Whitlow.", None);
    let read = home.viva(&["sessions", "privacy", "--json"]).json();
    let found: Vec<&Value> = read["findings"].as_array().unwrap().iter().map(|f| &f["text"]).collect();
    assert_eq!(found, ["Mrs Pemberton", "Mrs Whitlow."]);
}

#[test]
fn where_nothing_is_found_it_still_says_that_it_can_miss_some() {
    let home = told("We used Epic, and on Monday I will mark the chart.", None);
    let ran = home.viva(&["sessions", "privacy"]).ok();
    assert!(ran.out.starts_with("Nothing was found") && ran.out.contains("It can miss some"), "{}", ran.out);
}

#[test]
fn what_cannot_be_read_is_named() {
    let home = told("Mrs. Alvarez came.", None);
    fs::write(home.file("sessions").join(NAME).join("01/take-1.transcript.json"), "{ broken").unwrap();
    let ran = home.viva(&["sessions", "privacy"]).ok();
    assert!(ran.talk.contains("take-1.transcript.json") && ran.talk.contains("not looked at"), "{}", ran.talk);
    home.viva(&["sessions", "privacy", "2031"]).refused_with(&["2031"]);
}
