//! The words, right and right away: pieces while the candidate speaks, an engine that may die, doubt where it is due, captions, many files.
#![cfg(feature = "whisper")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Card, Home, Interview, read_json, text_of, word_error, words};

const QUESTION: &str = "psc-unhappy-patient";
const LONG_ANSWER: &str = "First of all, I would listen to the patient and let them tell me the whole story. \
    I would tell the patient that I understand how they feel. I would stay calm and polite the whole time. \
    Then I would explain what happens next. After that, I would call the manager. I would follow up with the patient.";

/// The engines that a process has started.
fn engines_of(parent: u32) -> Vec<u32> {
    let output = Command::new("pgrep").args(["-P", &parent.to_string()]).output().expect("pgrep is missing: run scripts/setup test");
    String::from_utf8(output.stdout).unwrap().lines().map(|l| l.parse().unwrap()).collect()
}

fn signal(name: &str, process: u32) -> bool {
    Command::new("kill").args([format!("-{name}"), process.to_string()]).status().unwrap().success()
}

fn is_running(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.lines().any(|l| l.starts_with("State:") && !l.contains('Z'))
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < Duration::from_secs(120), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// An interview of one question in which this is answered; `meanwhile` is told viva's process once the answer is being said.
fn answered(home: &Home, sound: &Path, meanwhile: impl FnOnce(u32)) -> (Value, support::Ran) {
    let card = Card::start();
    let mut interview = Interview::start(home, &card, &["--question", QUESTION, "--no-follow-ups", "--voice", "none"]);
    interview.wait_for("listening");
    let viva = interview.id();
    let speaking = std::thread::scope(|scope| {
        let candidate = scope.spawn(|| card.say(sound));
        meanwhile(viva);
        candidate.join()
    });
    speaking.unwrap();
    interview.press("");
    let event = interview.wait_for_any(&["reported", "not_finished"]);
    interview.wait_for("choice");
    interview.press("");
    (event, interview.end())
}

#[test]
fn the_words_of_an_answer_are_those_of_its_recording_byte_for_byte() {
    let home = Home::new();
    let sound = home.speech("answer.wav", LONG_ANSWER);
    let (_, ran) = answered(&home, &sound, |_| ());
    ran.ok();
    let (transcript, report) = (home.session().join("01/take-1.transcript.json"), home.session().join("01/take-1.report.json"));
    let live = (fs::read(&transcript).unwrap(), fs::read(&report).unwrap());
    assert!(words(&text_of(&read_json(&transcript))).len() > 30);
    home.viva(&["analyze", "--session", "last", "--again"]).ok();
    assert_eq!(String::from_utf8(fs::read(&transcript).unwrap()).unwrap(), String::from_utf8(live.0).unwrap());
    assert_eq!(fs::read(&report).unwrap(), live.1);
}

#[test]
fn an_engine_that_dies_in_the_middle_of_an_answer_is_started_once_more() {
    let home = Home::new();
    let sound = home.speech("answer.wav", LONG_ANSWER);
    let (event, ran) = answered(&home, &sound, |viva| {
        // in the middle of the answer: the first piece may be with the engine
        std::thread::sleep(Duration::from_secs(6));
        let engines = engines_of(viva);
        assert_eq!(engines.len(), 1, "{engines:?}");
        assert!(signal("KILL", engines[0]));
    });
    ran.ok();
    assert_eq!(event["event"], "reported");
    let file = home.viva(&["analyze", home.session().join("01/take-1.wav").to_str().unwrap(), "--model", "demo", "--demonstration", "--json"]).json();
    assert_eq!(text_of(&event["transcript"]), text_of(&file["transcript"]));
}

#[test]
fn an_engine_that_dies_again_and_again_costs_the_words_and_nothing_else() {
    let home = Home::new();
    let sound = home.speech("answer.wav", LONG_ANSWER);
    let (done, stop) = (std::sync::atomic::AtomicBool::new(false), std::sync::atomic::Ordering::Relaxed);
    let killed = std::thread::scope(|scope| {
        let (sender, receiver) = std::sync::mpsc::channel();
        let killer = scope.spawn({
            let done = &done;
            move || {
                let viva: u32 = receiver.recv().unwrap();
                let mut killed = 0;
                while !done.load(stop) && is_running(viva) {
                    killed += engines_of(viva).into_iter().filter(|e| signal("KILL", *e)).count();
                    std::thread::sleep(Duration::from_millis(20));
                }
                killed
            }
        });
        let (event, ran) = answered(&home, &sound, |viva| sender.send(viva).unwrap());
        done.store(true, stop);
        assert_eq!(event["event"], "not_finished", "{event}");
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.talk.contains("the recording is safe"), "{ran:?}");
        killer.join().unwrap()
    });
    assert!(killed >= 2, "{killed}");
    // the take is there, and its words can be written down later
    home.viva(&["analyze", "--session", "last"]).ok();
    assert!(words(&text_of(&read_json(&home.session().join("01/take-1.transcript.json")))).len() > 30);
}

#[test]
fn an_engine_that_hangs_is_noticed() {
    let home = Home::new();
    let sound = home.speech("answer.wav", LONG_ANSWER);
    let (event, ran) = answered(&home, &sound, |viva| {
        let engines = engines_of(viva);
        assert!(signal("STOP", engines[0]));
    });
    ran.ok();
    assert_eq!(event["event"], "reported");
}

#[test]
fn no_engine_outlives_viva() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--voice", "none"]);
    interview.wait_for("listening");
    let engines = engines_of(interview.id());
    assert_eq!(engines.len(), 1);
    interview.signal("KILL");
    interview.end();
    wait_until("the engine ends with viva", || !is_running(engines[0]));
}

/// A transcript of these words, half a second each.
fn written(home: &Home, text: &str) -> PathBuf {
    let words: Vec<Value> =
        (0u64..).zip(text.split(' ')).map(|(i, text)| json!({"text": text, "start": i * 500, "end": i * 500 + 450, "probability": 0.9})).collect();
    let path = home.file("words.json");
    let transcript = json!({"schema": 2, "engine": {"model": "by hand", "sha256": null, "demo": false}, "duration": 60_000, "words": words});
    fs::write(&path, transcript.to_string()).unwrap();
    path
}

#[test]
fn own_words_are_set_right_shown_and_can_be_left_as_heard() {
    let home = Home::new();
    let sound = home.speech("answer.wav", LONG_ANSWER);
    let words = written(&home, "I booked it in system one and told sue rin knee about the hippa rules.");
    fs::write(home.file("names.txt"), "# colleagues\nSurinee = sue rin knee\n").unwrap();
    let analyze = |more: &[&str]| {
        let names = home.file("names.txt");
        let all: Vec<&str> = ["analyze", sound.to_str().unwrap(), "--words", words.to_str().unwrap()].iter().chain(more).copied().collect();
        let all: Vec<&str> = all.into_iter().map(|a| if a == "NAMES" { names.to_str().unwrap() } else { a }).collect();
        home.viva(&all)
    };
    let shown = analyze(&["--vocabulary", "NAMES"]).ok().out;
    for part in ["SystmOne", "Surinee", "HIPAA rules.", "heard as \"system one\"", "heard as \"sue rin knee\"", "heard as \"hippa\""] {
        assert!(shown.contains(part), "\"{part}\" is not in {shown}");
    }
    let left = analyze(&["--as-heard"]).ok().out;
    assert!(left.contains("system one") && left.contains("hippa") && !left.contains("Corrected"), "{left}");
    fs::write(home.file("names.txt"), "= nobody\n").unwrap();
    analyze(&["--vocabulary", "NAMES"]).refused_with(&["names.txt", "line 1", "one word a line"]);
}

#[test]
fn what_is_no_speech_has_no_words() {
    let home = Home::new();
    for (name, effects) in [
        ("silence.wav", &["synth", "8", "sine", "100", "vol", "0"][..]),
        ("noise.wav", &["synth", "8", "whitenoise", "gain", "-20"]),
        ("tone.wav", &["synth", "8", "sine", "440", "gain", "-20"]),
        (
            "music.wav",
            &["synth", "0.5", "saw", "220", "saw", "277", "saw", "330", "fade", "0.01", "0.5", "0.3", "remix", "-", "repeat", "15", "gain", "-12"],
        ),
        ("clicks.wav", &["synth", "0.008", "whitenoise", "fade", "0", "0.008", "0.006", "pad", "0", "0.19", "repeat", "40", "gain", "-10"]),
    ] {
        let arguments: Vec<&str> = ["-R", "-n", "-r", "16000", "-b", "16", name].iter().chain(effects).copied().collect();
        home.sox(&arguments);
        let transcript = home.viva(&["transcribe", home.file(name).to_str().unwrap(), "--model", "demo", "--format", "json"]).json();
        let believed = transcript["words"].as_array().unwrap().iter().filter(|w| w["doubt"].is_null()).count();
        assert_eq!(believed, 0, "{name}: {transcript}");
    }
}

#[test]
fn an_hour_of_silence_and_fifty_milliseconds_have_no_words() {
    let home = Home::new();
    home.sox(&["-D", "-n", "-r", "8000", "-b", "16", "hour.wav", "trim", "0", "3600"]);
    home.sox(&["-R", "-n", "-r", "44100", "-b", "16", "moment.wav", "synth", "0.05", "whitenoise"]);
    for name in ["hour.wav", "moment.wav"] {
        let ran = home.viva(&["transcribe", home.file(name).to_str().unwrap(), "--model", "demo"]).ok();
        assert_eq!(ran.out, "", "{name}");
    }
}

#[test]
fn a_recording_becomes_text_and_captions() {
    let home = Home::new();
    let sound = home.speech("an answer with é.wav", LONG_ANSWER);
    let transcribe = |more: &[&str]| {
        let all: Vec<&str> = ["transcribe", sound.to_str().unwrap(), "--model", "demo"].iter().chain(more).copied().collect();
        home.viva(&all).ok().out
    };
    let text = transcribe(&[]);
    assert!(word_error(LONG_ANSWER, &text) < 0.3, "{text}");
    let srt = transcribe(&["--format", "srt"]);
    assert!(srt.starts_with("1\n00:00:0") && srt.contains(" --> "), "{srt}");
    let captions: Vec<&str> = srt.lines().filter(|l| !l.is_empty() && !l.contains("-->") && l.parse::<u32>().is_err()).collect();
    assert_eq!(words(&captions.join(" ")), words(&text));
    let file = home.file("captions.vtt");
    assert_eq!(transcribe(&["--output", file.to_str().unwrap()]), "");
    assert!(fs::read_to_string(&file).unwrap().starts_with("WEBVTT\n"));
    let json: Value = serde_json::from_str(&transcribe(&["--format", "json"])).unwrap();
    let starts: Vec<u64> = json["words"].as_array().unwrap().iter().map(|w| w["start"].as_u64().unwrap()).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let missing = ["transcribe", sound.to_str().unwrap(), "--model", "demo", "--output", "notes.docx"];
    home.viva(&missing).refused_with(&[".docx", "--format"]);
}

#[test]
fn many_recordings_give_a_line_each_and_one_that_fails_stops_no_other() {
    let home = Home::new();
    fs::create_dir_all(home.file("takes/more")).unwrap();
    home.speech("takes/b.wav", "I would listen to the patient.");
    home.speech("takes/more/c.wav", "I would call the manager.");
    fs::write(home.file("takes/a.wav"), "no recording").unwrap();
    fs::write(home.file("takes/notes.txt"), "no recording either").unwrap();
    let ran = home.viva(&["analyze", home.file("takes").to_str().unwrap(), "--jobs", "2", "--model", "demo"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let lines: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let names: Vec<&str> = lines.iter().map(|l| l["file"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["a.wav", "b.wav", "c.wav"]);
    assert!(lines[0]["error"].is_string() && lines[1]["report"].is_object() && lines[2]["transcript"]["words"].is_array(), "{lines:#?}");
    assert!(ran.talk.contains("1 of 3 recordings could not be analyzed") && ran.talk.contains("a.wav"), "{ran:?}");
    home.viva(&["analyze", home.file("models").to_str().unwrap(), "--model", "demo"]).refused_with(&["there is no recording in"]);
}

#[test]
fn a_recording_of_several_questions_is_split_where_they_are_asked() {
    let home = Home::new();
    let bank = |id: &str| home.viva(&["questions", "show", id, "--json"]).json()["text"].as_str().unwrap().to_owned();
    let (one, two) = (bank(QUESTION), bank("psc-extra-step"));
    let answers = [
        "I would listen to the patient and stay calm and then I would call the manager.",
        "Last year I called a nurse for a worried patient and it was not my job.",
    ];
    let text = format!("{one} {} {two} {}", answers[0], answers[1]);
    let sound = home.file("interview.wav");
    let seconds = text.split(' ').count() * 500 / 1000 + 2;
    home.sox(&["-R", "-n", "-r", "16000", "-b", "16", "interview.wav", "synth", &seconds.to_string(), "brownnoise", "tremolo", "3", "90"]);
    let words = written(&home, &text);
    let analyze = |more: &[&str]| {
        let all: Vec<&str> = ["analyze", sound.to_str().unwrap(), "--words", words.to_str().unwrap(), "--json"].iter().chain(more).copied().collect();
        home.viva(&all)
    };
    for more in [&["--question", QUESTION, "--question", "psc-extra-step"][..], &["--split"]] {
        let analysis = analyze(more).json();
        let found = analysis["answers"].as_array().unwrap();
        assert_eq!(found.iter().map(|a| a["report"]["question"].as_str().unwrap()).collect::<Vec<_>>(), [QUESTION, "psc-extra-step"]);
        let first = u64::try_from(one.split(' ').count()).unwrap() * 500;
        assert_eq!((&found[0]["asked"]["start"], &found[0]["answer"]["start"]), (&json!(0), &json!(first)));
        assert_eq!(found[0]["answer"]["end"], found[1]["asked"]["start"]);
    }
    analyze(&["--question", "psc-lost-records", "--question", "psc-none"]).refused_with(&["no question"]);
}

#[test]
fn models_are_tried_on_a_recording_side_by_side() {
    let home = Home::new();
    home.viva(&["models", "bench"]).refused_with(&["no answer of yours yet"]);
    let sound = home.speech("voice.wav", LONG_ANSWER);
    let copy = home.file("another.bin");
    fs::copy(support::project().join(support::DEMO_MODEL), &copy).unwrap();
    let arguments = ["models", "bench", sound.to_str().unwrap(), "--model", "demo", "--model", copy.to_str().unwrap(), "--json"];
    let tried = home.viva(&arguments).json();
    let tried = tried.as_array().unwrap();
    assert_eq!(tried.len(), 2);
    for one in tried {
        assert!(one["speed"].as_f64().unwrap() > 0.0 && one["words"].as_u64().unwrap() > 30, "{one}");
        assert!(one["memory"].as_u64().is_some_and(|m| m > 10_000_000), "{one}");
    }
    let shown = home.viva(&["models", "bench", sound.to_str().unwrap()]).ok().out;
    assert!(shown.contains("times real time") && shown.contains("listen"), "{shown}");
    let prompted = home.viva(&["models", "bench", sound.to_str().unwrap(), "--prompt", "--json"]).json();
    assert_eq!((prompted[0]["prompt"].as_str(), prompted[1]["prompt"].as_str()), (None, Some("Um, uh, hmm, er, ah.")));
    let ran = home.viva(&["models", "bench", sound.to_str().unwrap(), "--model", "huge", "--model", "demo"]);
    assert!(ran.code == Some(1) && ran.talk.contains("there is no model \"huge\""), "{ran:?}");
}
