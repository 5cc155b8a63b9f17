//! Sessions found again: listed, named, compared, played at a place, deleted; and what all of them together say.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::kept::{as_a_person, copied, copy_folder, edit, name};
use support::{Card, Home, Ran, in_two_tries, read_json, text_of, words};

const QUESTION: &str = "psc-unhappy-patient";
const ANSWER: &str = "I would listen to the patient and let them finish. Then I would stay calm and explain the next step to them.";

/// One session with one answer, spoken by a computer's voice.
fn answered() -> (Home, PathBuf) {
    let home = Home::new();
    let speech = home.speech("answer.wav", ANSWER);
    home.viva(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from", speech.to_str().unwrap()]).ok();
    let session = home.session();
    (home, session)
}

/// A second take like the first; the first is left without this point, whatever it was.
fn second_take_gains(session: &Path, point: &str) {
    for ending in ["wav", "capture.json", "transcript.json", "report.json"] {
        fs::copy(session.join(format!("01/take-1.{ending}")), session.join(format!("01/take-2.{ending}"))).unwrap();
    }
    edit(&session.join("01/take-1.report.json"), |r| lose(r, point));
}

fn lose(report: &mut Value, id: &str) {
    let points = report["scorecard"]["points"].as_array_mut().unwrap();
    let point = points.iter_mut().find(|p| p["id"] == id).unwrap();
    assert_eq!(point["state"], "made", "{point}");
    (point["state"], point["level"], point["proof"]) = (json!("not_found"), json!(0), Value::Null);
}

fn made(session: &Path) -> Value {
    let report = read_json(&session.join("01/take-1.report.json"));
    report["scorecard"]["points"].as_array().unwrap().iter().find(|p| p["state"] == "made").unwrap().clone()
}

fn listed(home: &Home, filters: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["sessions", "list", "--json"].iter().chain(filters).copied().collect();
    home.viva(&arguments).json().as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn sessions_are_named_tagged_noted_and_found_again_by_that() {
    let (home, session) = answered();
    let (early, late) = (copied(&session, "2026-01-05"), copied(&session, "2026-02-07"));
    fs::remove_file(late.join("01/take-1.report.json")).unwrap();
    let record = fs::read(early.join("session.json")).unwrap();
    home.viva(&["sessions", "rename", "2026-01-05", "<script>alert(1)</script>"]).ok();
    home.viva(&["sessions", "tag", "2026-01-05", "+first-try", "+Draft"]).ok();
    assert_eq!(home.viva(&["sessions", "tag", "2026-01-05", "-draft"]).ok().out, "first-try\n");
    home.viva(&["sessions", "note", "2026-01-05", "slower here", "--question", "1", "--at", "0:01"]).ok();
    assert_eq!(home.viva(&["sessions", "note", "2026-01-05"]).ok().out, "question 1, take 1, 0:01: slower here\n");
    // what was recorded is as it was, and so is the name of its folder
    assert_eq!(fs::read(early.join("session.json")).unwrap(), record);
    let row = home.viva(&["sessions", "list", "--tag", "FIRST-TRY"]).ok().out;
    assert!(row.starts_with(name(&early)) && row.contains("\"<script>alert(1)</script>\"  #first-try  1 note"), "{row}");
    let shown = home.viva(&["sessions", "show", "2026-01-05"]).ok().out;
    assert!(shown.contains("#first-try") && shown.contains("Note at 0:01: slower here"), "{shown}");

    assert_eq!(listed(&home, &[]), [name(&session), name(&late), name(&early)]);
    assert_eq!(listed(&home, &["--limit", "1"]), [name(&session)]);
    assert_eq!(listed(&home, &["--since", "2026-01-06", "--until", "2026-02-08"]), [name(&late)]);
    assert_eq!(listed(&home, &["--unfinished"]), [name(&late)]);
    assert_eq!(listed(&home, &["--question", QUESTION, "--role", "Patient Services Coordinator"]).len(), 3);
    assert_eq!(listed(&home, &["--question", "psc-extra-step"]), Vec::<String>::new());
    assert_eq!(listed(&home, &["--role", "patient-partner"]), Vec::<String>::new());
    assert!(home.viva(&["sessions", "find", "stay", "calm"]).ok().out.contains("stay calm"));
    assert!(home.viva(&["sessions", "find", "marmalade"]).ok().talk.contains("was said in no session"));

    home.viva(&["sessions", "rename", "last", "a\u{1b}[2Jb"]).refused_with(&["the title holds", "control character"]);
    home.viva(&["sessions", "note", "last", "one\ntwo"]).refused_with(&["the note holds a line break"]);
    home.viva(&["sessions", "tag", "last", "first"]).refused_with(&["write +first or -first"]);
    home.viva(&["sessions", "tag", "last", "-none"]).refused_with(&["no tag \"none\""]);
    home.viva(&["sessions", "note", "last", "x", "--question", "1", "--at", "59:00"]).refused_with(&["past its end"]);
    // what the user wrote is never written over when it cannot be read
    fs::write(early.join("about.json"), "{ mine").unwrap();
    home.viva(&["sessions", "rename", "2026-01-05", "x"]).refused_with(&["about.json", "put it right"]);
    assert!(home.viva(&["sessions", "list"]).ok().talk.contains("about.json"));
    assert_eq!(fs::read_to_string(early.join("about.json")).unwrap(), "{ mine");
}

#[test]
fn only_a_session_is_deleted_whole_and_never_by_mistake() {
    let (home, session) = answered();
    let other = copied(&session, "2026-01-05");
    home.viva(&["sessions", "delete", "last"]).refused_with(&["1 take, 0:0", name(&session), "--yes"]);
    assert!(session.join("01/take-1.wav").exists());
    home.viva(&["sessions", "delete", "2026-01-05", "nowhere", "--yes"]).refused_with(&["there is no session \"nowhere\""]);
    assert!(other.exists(), "all names are looked up first");
    fs::write(other.join("letter.odt"), "dear").unwrap();
    home.viva(&["sessions", "delete", "2026-01-05", "--yes"]).refused_with(&["letter.odt", "no part of a session"]);
    assert!(other.join("01/take-1.wav").exists());
    let ran = home.viva(&["sessions", "delete", "last", "--yes"]).ok();
    assert!(!session.exists() && other.exists());
    assert!(ran.talk.contains("1 take") && ran.talk.contains("recordings that stay where you keep them: answer.wav"), "{ran:?}");
    assert!(home.file("answer.wav").exists());
}

#[test]
fn two_answers_are_compared_with_the_words_of_both_and_noise_is_no_difference() {
    let (home, session) = answered();
    let point = made(&session);
    let (id, quote) = (point["id"].as_str().unwrap(), point["proof"]["quote"].as_str().unwrap());
    home.viva(&["sessions", "compare"]).refused_with(&["no question with two takes", "--and"]);
    second_take_gains(&session, id);
    let out = home.viva(&["sessions", "compare"]).ok().out;
    for part in [&format!("gained: {}", point["point"].as_str().unwrap()), "before: not found", quote, "Nothing can be told yet of pace"] {
        assert!(out.contains(part), "\"{part}\" is not in {out}");
    }
    let back = home.viva(&["sessions", "compare", "--question", "1", "--take", "2", "--with", "1", "--json"]).json();
    let lost = back[0]["points"].as_array().unwrap().iter().find(|p| p["became"] == "lost").unwrap();
    assert_eq!((&lost["id"], &lost["before"]["quote"], &lost["now"]["quote"]), (&json!(id), &json!(quote), &Value::Null));
    home.viva(&["sessions", "compare", "--take", "2"]).refused_with(&["cannot be compared with itself"]);
    home.viva(&["sessions", "compare", "--take", "7"]).refused_with(&["no take 7"]);

    // a person with a usual: 150 words a minute, give or take a few
    for ending in ["wav", "capture.json", "transcript.json", "report.json"] {
        fs::remove_file(session.join(format!("01/take-2.{ending}"))).unwrap();
    }
    as_a_person(&session);
    let with_pace = |day: &str, pace: f64| {
        let copy = copied(&session, day);
        edit(&copy.join("01/take-1.report.json"), |r| r["measures"]["pace"]["words_per_minute"] = json!(pace));
    };
    for (day, pace) in [("2026-01-01", 150.0), ("2026-01-02", 146.0), ("2026-01-03", 154.0), ("2026-01-04", 190.0)] {
        with_pace(day, pace);
    }
    for day in 5..=9_u8 {
        with_pace(&format!("2026-01-0{day}"), 144.0 + 2.0 * f64::from(day));
    }
    let pair = |other: &str| home.viva(&["sessions", "compare", "2026-01-01", "--and", other, "--json"]).json()[0]["delivery"].clone();
    assert!(pair("2026-01-02")["alike"].as_array().unwrap().contains(&json!("words_per_minute")));
    assert_eq!(pair("2026-01-02")["different"], json!([]));
    let different = pair("2026-01-04")["different"].clone();
    assert_eq!((&different[0]["figure"], &different[0]["before"], &different[0]["now"]), (&json!("words_per_minute"), &json!(150.0), &json!(190.0)));
}

#[test]
fn progress_tells_what_the_sessions_show_and_no_trend_from_two() {
    let (home, session) = answered();
    assert!(home.viva(&["progress"]).ok().talk.contains("demonstrations do not count"));
    as_a_person(&session);
    let id = made(&session)["id"].as_str().unwrap().to_owned();
    let early = copied(&session, "2026-01-05");
    edit(&early.join("01/take-1.report.json"), |r| lose(r, &id));
    let two = home.viva(&["progress", "--json"]).json();
    assert!(two["competencies"].as_array().unwrap().iter().all(|c| c["trend"].is_null()), "{two}");
    copied(&session, "2026-01-06");
    let three = home.viva(&["progress", "--json"]).json();
    assert_eq!(three["sessions"].as_array().unwrap().len(), 3);
    assert!(
        three["competencies"].as_array().unwrap().iter().all(|c| c["trend"]["direction"] == "not_told"),
        "one point in each shows nothing: {three}"
    );
    let criterion = three["criteria"].as_array().unwrap().iter().find(|c| c["criterion"] == *id).unwrap();
    assert_eq!(
        (&criterion["asked"], &criterion["made"], &criterion["first"]["state"], &criterion["last"]["state"]),
        (&json!(3), &json!(2), &json!("not_found"), &json!("made"))
    );
    assert_eq!(three["practised"][0]["takes"], 3);
    assert!(three["never"].as_array().unwrap().iter().all(|q| q["question"] != QUESTION) && !three["never"].as_array().unwrap().is_empty());
    let pace = three["delivery"].as_array().unwrap().iter().find(|f| f["figure"] == "words_per_minute").unwrap();
    assert!(pace["values"].as_array().unwrap().len() == 3 && pace["usual"].is_null(), "two earlier takes make nothing usual: {pace}");
    let out = home.viva(&["progress"]).ok().out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "3 sessions since 5 January 2026",
        "Points made, by competency",
        "not found at first, made now; made in 2 of 3 sessions",
        "too few to say what is usual",
        "Never practised",
    ] {
        assert!(out.contains(part), "\"{part}\" is not in {out}");
    }
    assert_eq!(home.viva(&["progress", "--since", "2026-01-06", "--json"]).json()["sessions"].as_array().unwrap().len(), 2);
    assert!(home.viva(&["progress", "--role", "patient-partner", "--json"]).json()["sessions"].as_array().unwrap().is_empty());
    assert!(!home.viva(&["progress", "--since", "yesterday"]).talk.is_empty());
}

#[test]
fn one_place_of_an_answer_is_played_and_named() {
    let (home, session) = answered();
    let card = Card::start();
    let play = |arguments: &[&str]| {
        let all: Vec<&str> = ["sessions", "play", "--output", "Speakers"].iter().chain(arguments).copied().collect();
        Ran::of(home.command(&all).env("XDG_RUNTIME_DIR", card.folder()).output().unwrap())
    };
    let heard = |played: &Path| text_of(&home.viva(&["analyze", played.to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"]);
    in_two_tries(|| {
        let played = home.file("played.wav");
        let loudspeaker = card.listen_to_loudspeaker(&played);
        let ran = play(&["--quote", "Stay CALM and explain"]).ok();
        drop(loudspeaker);
        assert!(ran.talk.contains("Question 1, take 1, 0:0") && ran.talk.contains("stay calm and explain"), "{ran:?}");
        let found = words(&heard(&played));
        (found.contains(&"calm".to_owned()) && !found.contains(&"patient".to_owned()), format!("{found:?}"))
    });

    let point = made(&session);
    let ran = play(&["--point", point["id"].as_str().unwrap()]).ok();
    assert!(ran.talk.contains(point["proof"]["quote"].as_str().unwrap()), "{ran:?}");
    let ran = play(&["--at", "0:01", "--for", "1"]).ok();
    assert!(ran.talk.contains("0:01.0 to 0:02.0: from 0:01 on"), "{ran:?}");
    let pauses = read_json(&session.join("01/take-1.report.json"))["measures"]["pauses"]["silent"].as_array().unwrap().len();
    if pauses > 0 {
        assert!(play(&["--pause", "1"]).ok().talk.contains(&format!("pause 1 of {pauses}, ")));
    }
    play(&["--pause", &(pauses + 1).to_string()]).refused_with(&["there is no pause", &format!("{pauses} were found")]);
    play(&["--filler", "99"]).refused_with(&["there is no filler 99"]);
    play(&["--at", "10:00"]).refused_with(&["past its end"]);
    play(&["--quote", "marmalade"]).refused_with(&["was not said in these words"]);
    play(&["--point", "nothing"]).refused_with(&["the points are"]);
}

/// Sessions as the first versions of the program wrote them, moved to this home.
#[test]
fn sessions_of_earlier_versions_open_and_no_score_of_theirs_is_made_up() {
    let home = Home::new();
    copy_folder(&support::project().join("tests/earlier"), &home.file("sessions"));
    let before = fs::read(home.file("sessions/2026-11-22T09-30-05Z-patient-services-coordinator/01/take-1.report.json")).unwrap();
    let list = home.viva(&["sessions", "list"]).ok();
    assert_eq!((list.talk.as_str(), list.out.lines().count()), ("", 2), "{list:?}");
    assert!(list.out.contains("2 answers  0:18") && list.out.contains("1 answer   0:13") && !list.out.contains("not finished"), "{list:?}");
    for session in ["2026-11-22", "2026-11-25"] {
        let shown = home.viva(&["sessions", "show", session]).ok();
        assert_eq!(shown.talk, "");
        assert!(shown.out.contains("an earlier version of this program scored this") && shown.out.contains("stay calm"), "{shown:?}");
    }
    assert!(home.viva(&["sessions", "show", "2026-11-22"]).ok().out.contains("only 4 words"));
    let compared = home.viva(&["sessions", "compare", "2026-11-22", "--and", "2026-11-25", "--take", "1"]).ok().out;
    assert!(compared.contains("One of the two has no score"), "{compared}");
    let progress = home.viva(&["progress", "--json"]).json();
    assert_eq!((progress["sessions"].as_array().unwrap().len(), &progress["sessions"][0]["scored"]), (2, &json!(0)));
    assert!(home.viva(&["progress"]).ok().out.contains("2 sessions since 22 November 2026: 3 answers"));
    assert_eq!(fs::read(home.file("sessions/2026-11-22T09-30-05Z-patient-services-coordinator/01/take-1.report.json")).unwrap(), before);
    // a new score is made by today's rules, and the session lies wherever it was put
    let moved = home.file("elsewhere");
    fs::rename(home.file("sessions/2026-11-25T18-00-00Z-patient-services-coordinator"), &moved).unwrap();
    assert!(home.viva(&["sessions", "show", moved.to_str().unwrap()]).ok().out.contains("earlier version"));
}
