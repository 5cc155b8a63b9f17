//! What in a session could say who a patient is, as `viva sessions privacy` lists it.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;

use serde_json::{Value, json};
use support::Home;

const NAME: &str = "2026-01-05T09-00-00Z-ward-clerk";

/// A session of one answer, and of what was said to its follow-up question.
fn told(answer: &str, follow_up: Option<&str>) -> Home {
    let home = Home::new();
    let folder = home.file("sessions").join(NAME);
    fs::create_dir_all(folder.join("01")).unwrap();
    let write = |name: &str, value: Value| fs::write(folder.join(name), value.to_string()).unwrap();
    let engine = json!({ "model": "written", "sha256": null, "demo": false });
    write(
        "session.json",
        json!({ "schema": 1, "program": "viva", "started": "2026-01-05T09:00:00Z", "role": "ward-clerk", "role_name": "Ward Clerk", "seed": 1,
            "engine": engine, "model_file": "", "voice": null, "think": 0, "limit": 180, "demonstration": false,
            "questions": [{ "id": "lost-file", "rubric_sha256": "" }] }),
    );
    write(
        "01/question.json",
        json!({ "id": "lost-file", "role": "ward-clerk", "kind": "situational", "level": "any", "text": "Tell me how you would help Mrs Pemberton.",
            "intent": "", "framework": "", "seconds": 60, "outline": [], "criteria": [], "red_flags": [], "covers": [] }),
    );
    fs::write(folder.join("01/take-1.wav"), b"").unwrap();
    let transcript = |text: &str| {
        let word = |(i, w): (usize, &str)| json!({ "text": w, "start": i * 400, "end": i * 400 + 300, "probability": 0.9 });
        let words: Vec<Value> = text.split_whitespace().enumerate().map(word).collect();
        json!({ "schema": 2, "engine": engine, "duration": words.len() * 400, "words": words })
    };
    write("01/take-1.transcript.json", transcript(answer));
    if let Some(text) = follow_up {
        write("01/take-1-follow-up.question.json", json!({ "criterion": "calm", "text": "What did you say?" }));
        write("01/take-1-follow-up.transcript.json", transcript(text));
    }
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
