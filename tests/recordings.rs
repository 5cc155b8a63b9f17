//! The same stations on recorded answers: any WAV, the same report each time, and no trust where none is due.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;

use support::{Home, read_json, text_of};

const ANSWER: &str = "I would listen to the patient. I would stay calm and explain the next step. I would call the doctor.";

#[test]
fn any_rate_width_and_channel_count_reads_the_same() {
    let home = Home::new();
    home.speech("answer.wav", ANSWER);
    let transcript =
        |name: &str| text_of(&home.viva(&["analyze", home.file(name).to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"]);
    let original = transcript("answer.wav");
    assert!(support::words(&original).len() > 10, "{original}");
    for (name, form) in [
        ("a.wav", &["-r", "44100", "-b", "24", "-c", "2"][..]),
        ("b.wav", &["-r", "48000", "-b", "32", "-e", "float"]),
        ("c.wav", &["-r", "96000", "-b", "32", "-c", "6"]),
        ("d.wav", &["-r", "16000", "-b", "16"]),
        ("e.wav", &["-r", "22050", "-b", "64", "-e", "float"]),
        ("f.wav", &["-r", "192000", "-b", "32", "-c", "8"]),
    ] {
        let arguments: Vec<&str> = ["-D", "answer.wav"].iter().chain(form).chain(&[name]).copied().collect();
        home.sox(&arguments);
        let error = support::word_error(&original, &transcript(name));
        assert!(error <= 0.1, "{name}: {:.0} %\n{original}\n{}", error * 100.0, transcript(name));
    }
}

#[test]
fn a_stream_with_an_open_length_reads_as_the_file_does() {
    let home = Home::new();
    let mut bytes = fs::read(home.speech("answer.wav", ANSWER)).unwrap();
    let whole = home.viva(&["analyze", home.file("answer.wav").to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"].take();
    let data = bytes.windows(4).position(|w| w == b"data").unwrap();
    bytes[data + 4..data + 8].copy_from_slice(&[0xff; 4]);
    fs::write(home.file("stream.wav"), bytes).unwrap();
    let stream = home.viva(&["analyze", home.file("stream.wav").to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"].take();
    assert_eq!(whole, stream);
}

#[test]
fn a_damaged_report_hides_nothing_and_is_made_anew() {
    let home = Home::new();
    let speech = home.speech("answer.wav", ANSWER);
    let arguments = ["practice", "--model", "demo", "--demonstration", "--question", "psc-extra-step", "--from", speech.to_str().unwrap()];
    home.viva(&arguments).ok();
    let report = home.session().join("01/take-1.report.json");
    let whole = fs::read(&report).unwrap();
    fs::write(&report, &whole[..40]).unwrap();
    let listed = home.viva(&["sessions", "list"]).ok();
    assert!(listed.out.contains("1 not finished") && listed.talk.contains("take-1.report.json"), "{listed:?}");
    home.viva(&["analyze", "--session", "last"]).ok();
    assert_eq!(fs::read(&report).unwrap(), whole);
    // the words are there, so no model is needed for that
    fs::remove_file(&report).unwrap();
    fs::remove_dir_all(home.file("models")).unwrap();
    home.viva(&["analyze", "--session", "last"]).ok();
    assert_eq!(fs::read(&report).unwrap(), whole);
}

#[test]
fn the_same_recording_gives_the_same_bytes() {
    let home = Home::new();
    let speech = home.speech("answer.wav", ANSWER);
    let run =
        || home.viva(&["analyze", speech.to_str().unwrap(), "--question", "psc-extra-step", "--model", "demo", "--demonstration", "--json"]).ok().out;
    assert_eq!(run(), run());
}

#[test]
fn a_demo_model_on_anything_but_the_demonstration_is_not_trusted_whatever_it_is_called() {
    let home = Home::new();
    let speech = home.speech("answer.wav", ANSWER);
    let renamed = home.file("ggml-base.en.bin");
    fs::copy(support::project().join(support::DEMO_MODEL), &renamed).unwrap();
    for model in ["demo", renamed.to_str().unwrap()] {
        let ran = home.viva(&["analyze", speech.to_str().unwrap(), "--question", "psc-extra-step", "--model", model]).ok();
        let first = ran.out.lines().next().unwrap();
        assert!(first.contains("This transcript is not to be trusted"), "{first}");
        assert!(ran.out.contains("No score:") && !ran.out.contains(" made, ") && !ran.out.contains("a minute"), "{ran:?}");
    }
}

#[test]
fn recorded_answers_stand_in_for_the_microphone() {
    let home = Home::new();
    let (one, two) = (home.speech("one.wav", ANSWER), home.speech("two.wav", ANSWER));
    let arguments = [
        "practice",
        "--model",
        "demo",
        "--demonstration",
        "--role",
        "patient-services-coordinator",
        "--seed",
        "3",
        "--from",
        one.to_str().unwrap(),
        two.to_str().unwrap(),
    ];
    let ran = home.viva(&arguments).ok();
    assert!(ran.out.contains("Summary"), "{ran:?}");
    let session = home.session();
    for number in ["01", "02"] {
        let capture = read_json(&session.join(number).join("take-1.capture.json"));
        assert_eq!((&capture["end"], &capture["rate"]), (&"end_of_recording".into(), &22_050.into()));
        assert_eq!(capture["frames_lost"], 0);
    }
    // the replayed take is the file, sample for sample
    let samples = |path| viva_voce::sound::source::read(path).unwrap().clip.samples;
    assert_eq!(samples(&session.join("01/take-1.wav")), samples(&one));
    let record = read_json(&session.join("session.json"));
    assert_eq!((&record["seed"], record["questions"].as_array().unwrap().len()), (&3.into(), 2));
    home.viva(&["practice", "--role", "patient-partner", "--model", "demo", "--questions", "3", "--from", one.to_str().unwrap()])
        .refused_with(&["one file for each question"]);
}

#[test]
fn words_written_before_are_scored_with_quotes_and_times() {
    let home = Home::new();
    let speech = home.speech("answer.wav", ANSWER);
    let words = ["I", "let", "the", "patient", "finish,", "um,", "and", "I", "stayed", "calm", "and", "polite."];
    let words: Vec<_> =
        (0u64..).zip(words).map(|(i, text)| serde_json::json!({"text": text, "start": i * 300, "end": i * 300 + 250, "probability": 1.0})).collect();
    let transcript = serde_json::json!({
        "schema": 1, "engine": {"model": "by hand", "sha256": null, "demo": false}, "duration": 4000, "words": words,
    });
    fs::write(home.file("words.json"), transcript.to_string()).unwrap();
    let arguments =
        ["analyze", speech.to_str().unwrap(), "--question", "psc-unhappy-patient", "--words", home.file("words.json").to_str().unwrap(), "--json"]
            .map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let report = home.viva(&arguments).json()["report"].take();
    assert_eq!(report["measures"]["fillers"]["found"][0]["text"], "um");
    let points = report["scorecard"]["points"].as_array().unwrap();
    let calm = points.iter().find(|p| p["proof"]["quote"].as_str().is_some_and(|q| q.contains("stayed calm"))).expect("calm is a point");
    assert_eq!(calm["proof"]["span"]["end"], 3_550);
    home.speech("short.wav", "I stayed calm.");
    let short = home.file("short.wav");
    let of_another: Vec<&str> = arguments.iter().map(|a| if *a == speech.to_str().unwrap() { short.to_str().unwrap() } else { *a }).collect();
    home.viva(&of_another).refused_with(&["they belong to another one"]);
    fs::write(home.file("words.json"), "[]").unwrap();
    home.viva(&arguments).refused_with(&["words.json", "cannot be used"]);
}
