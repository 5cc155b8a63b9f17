//! Wrong input: one clear sentence with the cure, exit code 2, nothing lost, nothing made up.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;

use support::{Card, DEMO_MODEL, Home, project};

const GOOD_SET: &str = include_str!("support/ward-clerk.toml");

fn home_with_set(text: &str) -> Home {
    let home = Home::new();
    fs::create_dir(home.file("questions")).unwrap();
    fs::write(home.file("questions/mine.toml"), text).unwrap();
    home
}

#[test]
fn a_question_file_of_ones_own_is_used_and_a_bad_one_is_named_with_its_line() {
    let list = ["questions", "list", "--role", "ward-clerk"];
    assert!(home_with_set(GOOD_SET).viva(&list).ok().out.contains("lost-file"));
    for (from, to, parts) in [
        ("intent", "intend", &["mine.toml, line 11", "\"intend\" is not known"][..]),
        ("seconds = 60\n", "", &["mine.toml, line 6", "\"seconds\" is missing"]),
        ("weight = 2", "weight = 2\ncompetency = \"charm\"", &["mine.toml, line 16", "no competency \"charm\"", "empathy"]),
    ] {
        home_with_set(&GOOD_SET.replace(from, to)).viva(&list).refused_with(parts);
    }
    let twice = format!("{GOOD_SET}\n[[question]]{}", GOOD_SET.split_once("[[question]]").unwrap().1);
    home_with_set(&twice).viva(&list).refused_with(&["mine.toml, line 24", "\"lost-file\" is used twice"]);
}

#[test]
fn a_file_that_is_no_recording_is_named_before_any_model_is_loaded() {
    let home = Home::new();
    let analyze = |name: &str| home.viva(&["analyze", home.file(name).to_str().unwrap(), "--question", "psc-extra-step", "--model", "demo"]);
    analyze("missing.wav").refused_with(&["there is no file", "missing.wav"]);
    fs::write(home.file("text.wav"), "I would listen to the patient.").unwrap();
    analyze("text.wav").refused_with(&["is no ", "convert it"]);
    fs::write(home.file("empty.wav"), "").unwrap();
    analyze("empty.wav").refused_with(&["is empty", "record the answer again"]);
    home.sox(&["-n", "-r", "16000", "-b", "16", "none.wav", "trim", "0", "0"]);
    analyze("none.wav").refused_with(&["is empty"]);
    home.sox(&["-n", "-r", "8000", "-e", "gsm-full-rate", "gsm.wav", "synth", "1", "sine", "440"]);
    analyze("gsm.wav").refused_with(&["gsm.wav", "convert it"]);
    analyze("with spaces and é.wav").refused_with(&["with spaces and é.wav"]);
}

#[test]
fn silence_one_word_and_noise_have_no_score() {
    let home = Home::new();
    let reason = |name: &str| {
        let report = home.viva(&[
            "analyze",
            home.file(name).to_str().unwrap(),
            "--question",
            "psc-extra-step",
            "--model",
            "demo",
            "--demonstration",
            "--json",
        ]);
        let analysis = report.json();
        assert_eq!(analysis["report"]["scorecard"]["outcome"], "refused", "{name}: {analysis}");
        analysis["report"]["scorecard"]["reason"]["why"].as_str().unwrap().to_owned()
    };
    home.sox(&["-D", "-n", "-r", "16000", "-b", "16", "zeros.wav", "trim", "0", "10"]);
    assert_eq!(reason("zeros.wav"), "digital_silence");
    home.sox(&["-R", "-n", "-r", "16000", "-b", "16", "noise.wav", "synth", "10", "whitenoise", "gain", "-40"]);
    assert_eq!(reason("noise.wav"), "no_speech");
    home.speech("word.wav", "Patients.");
    assert_eq!(reason("word.wav"), "too_short");
    let shown = home.viva(&["analyze", home.file("zeros.wav").to_str().unwrap(), "--question", "psc-extra-step", "--model", "demo"]).ok().out;
    assert!(shown.contains("No score: the microphone delivered only digital silence") && shown.contains("(no words)"), "{shown}");
    assert!(!shown.contains("words a minute"), "{shown}");
}

#[test]
fn a_model_that_is_missing_unknown_or_cut_in_half_is_named_with_its_cure() {
    let home = Home::new();
    let speech = home.speech("answer.wav", "I would call the patient.");
    let analyze = |model: &str| home.viva(&["analyze", speech.to_str().unwrap(), "--model", model]);
    home.viva(&["analyze", speech.to_str().unwrap()]).refused_with(&["base.en is not on this machine", "viva models pull base.en"]);
    analyze("huge").refused_with(&["there is no model \"huge\"", "base.en"]);
    let whole = fs::read(project().join(DEMO_MODEL)).unwrap();
    let half = home.file("half.bin");
    fs::write(&half, &whole[..whole.len() / 2]).unwrap();
    analyze(half.to_str().unwrap()).refused_with(&["half.bin", "cut off", "copy it again"]);
    fs::write(home.file("models/ggml-viva-demo-q8_0.bin"), &whole[..whole.len() / 2]).unwrap();
    analyze("demo").refused_with(&["8.7 MB, expected 17 MB", "viva models pull demo"]);
    fs::write(&half, "not a model").unwrap();
    analyze(half.to_str().unwrap()).refused_with(&["not a whisper model"]);
}

#[test]
fn devices_and_voices_that_are_not_there() {
    let (home, card) = (Home::new(), Card::start());
    let practice = |arguments: &[&str]| {
        let all: Vec<&str> = ["practice", "--model", "demo"].iter().chain(arguments).copied().collect();
        let mut command = home.command(&all);
        command.env("XDG_RUNTIME_DIR", card.folder());
        support::Ran::of(command.stdin(std::process::Stdio::null()).output().unwrap())
    };
    practice(&["--role", "patient-partner", "--input", "webcam"]).refused_with(&["no microphone called \"webcam\"", "Mic"]);
    practice(&["--role", "patient-partner", "--output", "kitchen radio"]).refused_with(&["no loudspeaker called \"kitchen radio\"", "Speakers"]);
    practice(&["--role", "patient-partner", "--voice", "hal9000"]).refused_with(&["no voice \"hal9000\"", "espeak-ng"]);
    practice(&["--role", "astronaut"]).refused_with(&["no questions for the role \"astronaut\"", "patient-services-coordinator"]);
    practice(&[]).refused_with(&["name the job with --role", "patient-relations-officer"]);
    practice(&["--role", "patient-partner", "--competency", "charm"]).refused_with(&["no competency \"charm\"", "empathy"]);
    practice(&["--question", "psc-none"]).refused_with(&["no question \"psc-none\"", "viva questions list"]);
    practice(&["--role", "patient-partner", "--from", "nowhere.wav"]).refused_with(&["there is no file nowhere.wav"]);
    assert!(!home.file("sessions").exists(), "a session was begun");
}

#[test]
fn without_any_sound_card_the_cure_is_named() {
    let home = Home::new();
    home.viva(&["practice", "--role", "patient-partner", "--model", "demo"]).refused_with(&["--from FILE"]);
}

#[test]
fn sessions_that_are_not_there() {
    let home = Home::new();
    home.viva(&["sessions", "show"]).refused_with(&["there is no session \"last\"", "viva practice"]);
    let ran = home.viva(&["sessions", "list"]).ok();
    assert!(ran.out.is_empty() && ran.talk.contains("no session has been recorded yet"), "{ran:?}");
}

#[test]
fn a_settings_file_with_a_slip_is_named_with_its_line() {
    let home = Home::new();
    fs::write(home.file("settings.toml"), "model = \"demo\"\nvoise = \"flite\"\n").unwrap();
    home.viva(&["questions", "list"]).refused_with(&["settings.toml, line 2", "voise"]);
}
