//! What a candidate does before the day, through the binary: the plan, the printed guide, questions chosen by what is needed most.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::process::Command;

use serde_json::Value;
use support::{Home, Ran};

const ADVERT: &str = "Patient Relations Officer\nWe look for somebody who\n- handles complaints and resolves conflict between families and staff\n\
    - keeps records confidential (HIPAA)\n- is fluent with Epic\n- has empathy for patients and their relatives\n";

/// A date so many days from today, as the program understands it.
fn in_days(days: i64) -> String {
    let date = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(days)).unwrap();
    date.strftime("%Y-%m-%d").to_string()
}

#[test]
fn a_plan_leads_day_by_day_to_the_interview() {
    let home = Home::new();
    let plan = |arguments: &[&str]| home.viva(&[&["plan", "--role", "patient-engagement-specialist"], arguments].concat());
    let date = in_days(9);
    let text = plan(&["--level", "mid", "--date", &date]).ok().out;
    for part in [
        "in 9 days",
        "Work on this above all",
        "Research checklist",
        "Questions to ask them",
        "viva practice --question",
        "--style quick",
        "viva guide",
    ] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
    let json = plan(&["--level", "mid", "--date", &date, "--json"]).json();
    assert_eq!(json["days"].as_array().unwrap().last().unwrap()["tasks"][0]["task"], "the_day");
    // every command that it names is one that the program takes
    for line in text.lines().filter(|l| l.trim_start().starts_with("viva practice")) {
        let arguments: Vec<&str> = line.split_whitespace().skip(1).chain(["--model", "nowhere"]).collect();
        home.viva(&arguments).refused_with(&["there is no model \"nowhere\""]);
    }
    plan(&["--date", "tomorrow"]).refused_with(&["\"tomorrow\" is no date", "year, month and day"]);
    plan(&["--date", "2020-01-01"]).refused_with(&["is over"]);
    plan(&["--date", "9999-01-01"]).refused_with(&["correct the year"]);
    home.viva(&["plan", "--date", &date]).refused_with(&["name the job with --role"]);
}

#[test]
fn what_went_badly_is_what_the_plan_and_the_next_interview_begin_with() {
    let home = Home::new();
    let speech = home.speech("answer.wav", "A patient is a patient, and the patient comes first, as I always say to a patient.");
    let asked = "psc-unhappy-patient";
    // not a demonstration, so it counts; the words come from a file, so a demo model has no say in it
    fs::write(home.file("words.json"), words("A patient is a patient, and the patient comes first, as I always say to a patient.")).unwrap();
    home.viva(&["practice", "--model", "demo", "--question", asked, "--from", speech.to_str().unwrap()]).ok();
    let folder = home.session().join("01");
    fs::remove_file(folder.join("take-1.report.json")).unwrap();
    fs::copy(home.file("words.json"), folder.join("take-1.transcript.json")).unwrap();
    home.viva(&["analyze", "--session", "last"]).ok();
    let report: Value = support::read_json(&folder.join("take-1.report.json"));
    assert_eq!(report["scorecard"]["credit"], 0, "{report}");

    let plan = home.viva(&["plan", "--role", "patient-services-coordinator", "--date", &in_days(5), "--json"]).json();
    assert_eq!(plan["focus"][0]["per_cent"], 0);
    assert!(plan["focus"][0]["points"].as_u64().unwrap() >= 1);
    let text = home.viva(&["plan", "--role", "patient-services-coordinator", "--date", &in_days(5)]).ok().out;
    assert!(text.contains("0 % so far"), "{text}");
}

/// A transcript as viva writes it.
fn words(text: &str) -> String {
    let words: Vec<Value> = text
        .split_whitespace()
        .enumerate()
        .map(|(i, w)| serde_json::json!({"text": w, "start": i * 300, "end": i * 300 + 300, "probability": 1.0}))
        .collect();
    serde_json::json!({"schema": 1, "engine": {"model": "a file", "sha256": null, "demo": false}, "duration": 4500, "words": words}).to_string()
}

#[test]
fn a_job_description_says_what_is_asked_first_and_in_which_words() {
    let home = Home::new();
    let job = home.file("job.txt");
    fs::write(&job, ADVERT).unwrap();
    let speech = home.speech("answer.wav", "I would look for the file.");
    let job = job.to_str().unwrap();
    let ran = home.viva(&["practice", "--model", "demo", "--job", job, "--from", speech.to_str().unwrap()]).ok();
    for part in ["The job description is for: Patient Relations Officer", "Resolving conflict: ", "handles complaints", "fluent with Epic"] {
        assert!(ran.talk.contains(part), "{part}: {ran:?}");
    }
    let plan = home.viva(&["plan", "--job", job, "--date", &in_days(3), "--json"]).json();
    assert_eq!(plan["role"], "patient-relations-officer");
    fs::write(home.file("short.txt"), "Come and work with us.").unwrap();
    let refused = |name: &str| home.viva(&["plan", "--job", home.file(name).to_str().unwrap(), "--date", &in_days(3)]);
    refused("short.txt").refused_with(&["too few words"]);
    refused("none.txt").refused_with(&["none.txt cannot be read"]);
    fs::write(home.file("job.docx"), b"PK\x03\x04\xff\xfe".repeat(20)).unwrap();
    refused("job.docx").refused_with(&["is not a plain text in UTF-8", "copy the job description into a text file"]);
}

#[test]
fn the_guide_is_printed_by_a_real_browser_with_every_question_on_it() {
    let home = Home::new();
    let page = home.file("guide.html");
    let ran = home.viva(&["guide", "--role", "patient-relations-officer", "--output", page.to_str().unwrap()]).ok();
    assert!(ran.out.trim().ends_with("guide.html"));
    // again over itself, but never over something else
    home.viva(&["guide", "--role", "patient-relations-officer", "--output", page.to_str().unwrap()]).ok();
    fs::write(home.file("letter.html"), "my letter").unwrap();
    home.viva(&["guide", "--role", "patient-partner", "--output", home.file("letter.html").to_str().unwrap()]).refused_with(&["is no guide"]);

    let pdf = home.file("guide.pdf");
    let browser = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", home.file("browser").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(format!("file://{}", page.display()))
        .output();
    assert!(browser.expect("chromium is missing: run scripts/setup test").status.success());
    let text = Command::new("pdftotext").args(["-layout"]).arg(&pdf).arg("-").output().expect("pdftotext is missing: run scripts/setup test");
    let text = Ran::of(text).ok().out;
    let printed: String = text.split_whitespace().collect();
    let listed = home.viva(&["questions", "list", "--role", "patient-relations-officer", "--json"]).json();
    for question in listed.as_array().unwrap() {
        let asked: String = question["text"].as_str().unwrap().split_whitespace().collect();
        assert!(printed.contains(&asked), "{} is not on paper", question["id"]);
    }
    let pages = text.matches('\u{c}').count();
    assert!((12..80).contains(&pages), "{pages} pages");
}
