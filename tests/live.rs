//! The main job on real sound through real devices: asked aloud, answered aloud, recorded, written down, reported, kept.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use serde_json::Value;
use std::fs;
use support::{Card, Home, Interview, in_two_tries, read_json, text_of, word_error, words};

const QUESTION: &str = "psc-unhappy-patient";
const FILES: [&str; 5] = ["question.json", "take-1.wav", "take-1.capture.json", "take-1.transcript.json", "take-1.report.json"];

/// Makes three of the question's six points.
const ANSWER: &str = "First of all, I would listen to the patient and let them tell me the whole story. \
    I would tell the patient that I understand how they feel. I would stay calm and polite the whole time.";

#[test]
fn what_comes_out_of_the_loudspeaker_is_the_question() {
    in_two_tries(|| {
        let (home, card) = (Home::new(), Card::start());
        let said = home.file("said.wav");
        let loudspeaker = card.listen_to_loudspeaker(&said);
        let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--output", "speakers"]);
        let question = interview.wait_for("asking")["question"]["text"].as_str().unwrap().to_owned();
        interview.wait_for("listening");
        drop((loudspeaker, interview));
        let heard = words(&transcript(&home, &said));
        let asked = words(&question);
        let found = asked.iter().filter(|w| heard.contains(w)).count();
        (found * 10 >= asked.len() * 8, format!("{found} of {} words of \"{question}\" in {heard:?}", asked.len()))
    });
}

#[test]
fn a_question_is_spoken_an_answer_heard_and_a_report_kept() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--no-follow-ups", "--input", "mic", "--output", "speakers"]);
    interview.wait_for("listening");
    card.say(&answer);
    interview.press("");
    let reported = interview.wait_for("reported");
    interview.wait_for("choice");
    interview.press("");
    let ran = interview.end().ok();

    // what came through the microphone reads as the file does
    let file = home.viva(&["analyze", answer.to_str().unwrap(), "--question", QUESTION, "--model", "demo", "--demonstration", "--json"]).json();
    let (live, from_file) = (text_of(&reported["transcript"]), text_of(&file["transcript"]));
    let error = word_error(&from_file, &live);
    assert!(error <= 0.05, "{:.1} % word error:\n{from_file}\n{live}", error * 100.0);

    // the session is whole, private, and can be shown again
    let session = home.session();
    for file in FILES {
        assert!(session.join("01").join(file).exists(), "{file} is missing");
    }
    assert_eq!(read_json(&session.join("01/take-1.report.json")), reported["report"]);
    assert_eq!(read_json(&session.join("01/take-1.capture.json"))["end"], "candidate");
    assert_eq!(read_json(&session.join("01/take-1.capture.json"))["frames_lost"], 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(session.join("01/take-1.wav")).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&session).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let shown = home.viva(&["sessions", "show"]).ok().out;
    assert!(shown.contains("Strengths") && shown.contains("Weaknesses") && shown.contains("words a minute"), "{shown}");
    assert!(ran.out.contains("Summary") && ran.out.contains("Strengths"), "{ran:?}");
    assert!(ran.talk.contains("Your turn: I am listening"), "{ran:?}");

    // every point that counts has its quote in the transcript, word for word
    let points = reported["report"]["scorecard"]["points"].as_array().unwrap();
    let made: Vec<&Value> = points.iter().filter(|p| !p["proof"].is_null()).collect();
    assert!(!made.is_empty());
    for point in made {
        let quote = point["proof"]["quote"].as_str().unwrap();
        assert!(live.contains(quote), "\"{quote}\" is not in \"{live}\"");
    }
}

/// Makes the point that is asked for when the answer was `ANSWER`, and no other.
const MORE: &str = "I would find out what went wrong, and then I would tell the patient what we can do next.";

#[test]
fn an_important_point_that_was_not_heard_is_asked_for_once_and_counts_towards_the_same_question() {
    let (home, card) = (Home::new(), Card::start());
    let (answer, more) = (home.speech("answer.wav", ANSWER), home.speech("more.wav", MORE));
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--voice", "none"]);
    interview.wait_for("listening");
    card.say(&answer);
    interview.press("");
    let asked = interview.wait_for("asking_back");
    let question = home.viva(&["questions", "show", QUESTION, "--json"]).json();
    let criterion = question["criteria"].as_array().unwrap().iter().find(|c| c["id"] == asked["criterion"]).unwrap();
    assert_eq!(criterion["follow_up"], asked["text"]);
    assert!(criterion["weight"].as_u64().unwrap() >= 2);
    interview.wait_for("listening");
    card.say(&more);
    interview.press("");
    let reported = interview.wait_for("reported");
    interview.wait_for("choice");
    interview.press("");
    let ran = interview.end().ok();

    // the points of both recordings, each with the recording it was heard in
    let points = reported["report"]["scorecard"]["points"].as_array().unwrap();
    let heard_in = |part: &str| points.iter().filter(|p| p["proof"]["part"] == part).count();
    assert!(heard_in("answer") >= 2 && heard_in("follow_up") >= 1, "{points:#?}");
    let added = text_of(&reported["follow_up"]["transcript"]);
    for point in points.iter().filter(|p| p["proof"]["part"] == "follow_up") {
        assert!(added.contains(point["proof"]["quote"].as_str().unwrap()), "{added}");
    }
    assert!(ran.out.contains("when asked back") && ran.out.contains("Asked back: "), "{ran:?}");

    // everything of it is kept, and what was lost of it can be made again to the same report
    let folder = home.session().join("01");
    for file in ["question.json", "wav", "capture.json", "transcript.json"] {
        assert!(folder.join(format!("take-1-follow-up.{file}")).exists(), "{file} is missing");
    }
    let report = fs::read(folder.join("take-1.report.json")).unwrap();
    for file in ["take-1.report.json", "take-1-follow-up.transcript.json"] {
        fs::remove_file(folder.join(file)).unwrap();
    }
    home.viva(&["analyze", "--session", "last"]).ok();
    assert_eq!(fs::read(folder.join("take-1.report.json")).unwrap(), report);
    assert!(home.viva(&["sessions", "show"]).ok().out.contains("Asked back: "));
}

#[test]
fn a_one_way_interview_gives_time_to_think_one_take_and_asks_nothing_back() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let arguments = ["--question", QUESTION, "--question", "psc-extra-step", "--style", "one-way", "--voice", "none"];
    let mut interview = Interview::start(&home, &card, &arguments);
    assert_eq!(interview.wait_for("thinking")["seconds"], 30);
    interview.press("");
    assert_eq!(interview.wait_for("listening")["limit"], 120_000);
    card.say(&answer);
    interview.press("");
    interview.wait_for("choice");
    // there is no second take
    interview.press("a");
    interview.wait_for("choice");
    interview.press("");
    assert_eq!(interview.wait_for("asking")["number"], 2);
    interview.press("");
    interview.wait_for("thinking");
    interview.press("");
    interview.wait_for("listening");
    interview.press("");
    interview.wait_for("choice");
    interview.press("");
    let ran = interview.end().ok();
    assert!(!ran.talk.contains("answer again") && !ran.talk.contains("One more thing"), "{ran:?}");
    assert!(!home.session().join("01/take-2.wav").exists());
}

#[test]
fn a_quick_interview_goes_on_by_itself_and_ends_with_strengths_and_weaknesses() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let arguments = ["--question", QUESTION, "--question", "psc-extra-step", "--style", "quick", "--no-follow-ups", "--voice", "none"];
    let mut interview = Interview::start(&home, &card, &arguments);
    for _ in 0..2 {
        assert_eq!(interview.wait_for("listening")["limit"], 75_000);
        card.say(&answer);
        interview.press("");
    }
    let ran = interview.end().ok();
    // no report between, all at the end
    let summary = ran.out.trim_start();
    assert!(summary.starts_with("Summary"), "{ran:?}");
    assert!(summary.contains("Strengths") && summary.contains("Weaknesses") && summary.contains("Points by competency"), "{ran:?}");
}

#[test]
fn a_drill_asks_the_same_question_again_and_says_what_was_gained() {
    let (home, card) = (Home::new(), Card::start());
    let (first, second) = (home.speech("answer.wav", MORE), home.speech("better.wav", &format!("{ANSWER} {MORE}")));
    let mut interview = Interview::start(&home, &card, &["--style", "drill", "--question", QUESTION, "--no-follow-ups", "--voice", "none"]);
    for (take, sound) in [(1, &first), (2, &second)] {
        assert_eq!(interview.wait_for("asking")["take"], take);
        interview.wait_for("listening");
        card.say(sound);
        interview.press("");
        interview.wait_for("choice");
        interview.press(if take == 1 { "" } else { "q" });
    }
    let ran = interview.end().ok();
    let compared = ran.out.split("Against the take before").nth(1).unwrap_or_else(|| panic!("{ran:?}"));
    assert!(compared.contains("gained: "), "{compared}");
    home.viva(&["practice", "--model", "demo", "--style", "drill"]).refused_with(&["name it with --question"]);
}

#[test]
fn a_kill_in_the_middle_of_an_answer_loses_at_most_a_moment() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--voice", "none"]);
    interview.wait_for("listening");
    // until the recorder has told of more than four seconds
    let recorded = loop {
        let elapsed = interview.wait_for("level")["elapsed"].as_u64().unwrap();
        if elapsed > 4_200 {
            break elapsed;
        }
    };
    interview.signal("KILL");
    interview.end();

    let wav = home.session().join("01/take-1.wav");
    home.sox(&[wav.to_str().unwrap(), "opened.wav"]);
    let opened = home.file("opened.wav");
    let output = std::process::Command::new("soxi").arg("-D").arg(&opened).output().unwrap();
    let seconds: f64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    #[allow(clippy::cast_precision_loss)]
    let missing = recorded as f64 / 1000.0 - seconds;
    assert!(missing <= 1.5, "{missing:.2} s are missing");

    // and the session can be finished
    let ran = home.viva(&["analyze", "--session", "last"]);
    assert!(ran.talk.contains("finished: question 1, take 1"), "{ran:?}");
    assert!(home.session().join("01/take-1.report.json").exists());
}

#[test]
fn a_silent_microphone_is_named_and_nothing_is_made_up() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--voice", "none"]);
    interview.wait_for("only_zeros");
    interview.press("");
    let report = interview.wait_for("reported")["report"].take();
    assert_eq!(report["scorecard"]["outcome"], "refused");
    assert_eq!(report["scorecard"]["reason"]["why"], "digital_silence");
    assert!(report["measures"]["pace"].is_null() && report["measures"]["pauses"].is_null());
    interview.press("");
    let ran = interview.end().ok();
    assert!(ran.out.contains("No score:") && ran.out.contains("only digital silence"), "{ran:?}");
    assert!(ran.talk.contains("Nothing arrives from this microphone"), "{ran:?}");
    assert_eq!(read_json(&home.session().join("01/take-1.transcript.json"))["words"].as_array().unwrap().len(), 0);
}

#[test]
fn ctrl_c_once_ends_the_answer_and_twice_leaves_with_everything_kept() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview =
        Interview::start(&home, &card, &["--role", "patient-services-coordinator", "--questions", "3", "--seed", "1", "--voice", "none"]);
    interview.wait_for("listening");
    interview.wait_for("only_zeros");
    interview.signal("INT");
    assert_eq!(interview.wait_for("ended")["end"], "interrupted");
    interview.wait_for("choice");
    interview.signal("INT");
    let ran = interview.end();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    for file in FILES {
        assert!(home.session().join("01").join(file).exists(), "{file} is missing");
    }
    assert!(!home.session().join("02").exists());
}

#[test]
fn an_answer_ends_at_the_limit_and_can_be_taken_again() {
    let (home, card) = (Home::new(), Card::start());
    let arguments = ["--question", QUESTION, "--question", "psc-extra-step", "--voice", "none", "--limit", "2", "--think", "1"];
    let mut interview = Interview::start(&home, &card, &arguments);
    assert_eq!(interview.wait_for("thinking")["seconds"], 1);
    let ended = interview.wait_for("ended");
    assert_eq!(ended["end"], "limit");
    let duration = ended["duration"].as_u64().unwrap();
    assert!(duration >= 1_900, "{duration}");
    interview.wait_for("choice");
    // a slip is asked about once more
    interview.press("x");
    interview.wait_for("choice");
    interview.press("a");
    assert_eq!(interview.wait_for("asking")["take"], 2);
    interview.wait_for("choice");
    interview.press("q");
    interview.end().ok();
    assert!(home.session().join("01/take-2.report.json").exists());
    let shown = home.viva(&["sessions", "show", "--json"]).json();
    assert_eq!(shown["answers"].as_array().unwrap().len(), 2);
}

#[test]
fn an_enter_before_your_turn_ends_nothing_and_a_second_ctrl_c_leaves() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION, "--think", "1"]);
    interview.wait_for("asking");
    // one skips the question, one the thinking, and one more, in the same breath, comes too early
    interview.press("");
    interview.wait_for("thinking");
    interview.press("\n");
    interview.wait_for("listening");
    interview.wait_for("only_zeros");
    interview.signal("INT");
    interview.wait_for("ended");
    interview.signal("INT");
    assert_eq!(interview.end().code, Some(130));
    assert!(home.session().join("01/take-1.wav").exists());
}

#[test]
fn leaving_before_the_first_answer_leaves_no_session() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &["--question", QUESTION]);
    interview.wait_for("asking");
    interview.signal("INT");
    interview.wait_for("interrupted_once");
    interview.signal("INT");
    let ran = interview.end();
    assert_eq!(ran.code, Some(130), "{ran:?}");
    assert!(ran.talk.contains("Nothing was recorded"), "{ran:?}");
    assert_eq!(fs::read_dir(home.file("sessions")).unwrap().count(), 0);
}

#[test]
fn a_microphone_that_goes_away_costs_nothing_that_was_said() {
    let (home, card) = (Home::new(), Card::start());
    let arguments = ["--question", QUESTION, "--question", "psc-extra-step", "--voice", "none"];
    let mut interview = Interview::start(&home, &card, &arguments);
    while interview.wait_for("level")["elapsed"].as_u64().unwrap() < 2_000 {}
    card.stop();
    let ended = interview.wait_for("ended");
    assert_eq!(ended["end"], "device_lost");
    assert!(ended["duration"].as_u64().unwrap() >= 1_900);
    interview.wait_for("choice");
    interview.press("q");
    let ran = interview.end();
    assert!(ran.talk.contains("The microphone stopped delivering sound"), "{ran:?}");
    for file in FILES {
        assert!(home.session().join("01").join(file).exists(), "{file} is missing");
    }
}

#[test]
fn an_answer_is_played_again() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", "I would call the patient.");
    let arguments = ["practice", "--question", QUESTION, "--model", "demo", "--demonstration", "--from", answer.to_str().unwrap()];
    home.viva(&arguments).ok();
    let before = transcript(&home, &answer);
    in_two_tries(|| {
        let played = home.file("played.wav");
        let loudspeaker = card.listen_to_loudspeaker(&played);
        let mut command = home.command(&["sessions", "play", "--output", "Speakers"]);
        assert!(command.env("XDG_RUNTIME_DIR", card.folder()).status().unwrap().success());
        drop(loudspeaker);
        let after = transcript(&home, &played);
        (word_error(&before, &after) <= 0.2, format!("{before}\n{after}"))
    });
}

fn transcript(home: &Home, file: &std::path::Path) -> String {
    text_of(&home.viva(&["analyze", file.to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"])
}
