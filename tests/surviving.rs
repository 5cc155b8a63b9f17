//! What can go wrong while somebody gives their best answer, and what is left of it then: all that was said.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use support::kept::{name, text};
use support::{Card, Home, Interview, Ran, in_two_tries, read_json, text_of, word_error};

const QUESTION: &str = "psc-unhappy-patient";
const TWO: [&str; 7] = ["--question", QUESTION, "--question", "psc-extra-step", "--voice", "none", "--no-follow-ups"];
const ANSWER: &str = "First of all, I would listen to the patient and let them tell me the whole story.";

/// Waits until so much of an answer is recorded, in milliseconds; how much it is.
fn recorded(interview: &mut Interview, least: u64) -> u64 {
    loop {
        let elapsed = interview.wait_for("level")["elapsed"].as_u64().unwrap();
        if elapsed >= least {
            return elapsed;
        }
    }
}

/// Whether the answer was heard, but for a word or two that the demo model may take for others.
fn is_heard(transcript: &Value) -> bool {
    word_error(ANSWER, &text_of(transcript)) <= 0.2
}

/// Answers once the microphone listens; the words are heard.
fn answered(interview: &mut Interview, card: &Card, answer: &Path) -> Value {
    interview.wait_for("listening");
    card.say(answer);
    interview.press("");
    let reported = interview.wait_for("reported");
    assert!(is_heard(&reported["transcript"]), "{reported}");
    interview.wait_for("choice");
    reported
}

/// How long a recording is to another program, in milliseconds.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn opened(recording: &Path) -> u64 {
    let output = Command::new("soxi").arg("-D").arg(recording).output().expect("sox is missing: run scripts/setup test");
    let seconds: f64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    (seconds * 1000.0) as u64
}

fn recovered(home: &Home) -> Ran {
    let ran = home.viva(&["sessions", "recover"]).ok();
    assert!(home.session().join("01/take-1.report.json").exists(), "{ran:?}");
    ran
}

#[test]
fn an_answer_in_the_middle_of_which_the_program_was_killed_is_found_repaired_and_finished() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &TWO);
    interview.wait_for("listening");
    card.say(&home.speech("answer.wav", ANSWER));
    let heard = recorded(&mut interview, 5_000);
    interview.signal("KILL");
    interview.end();
    let sound = home.session().join("01/take-1.wav");
    // as if it had been killed in the middle of a write
    let mut as_left = fs::read(&sound).unwrap();
    as_left.extend([1, 2, 3]);
    fs::write(&sound, &as_left).unwrap();

    let ran = home.viva(&["practice", "--model", "demo", "--question", "psc-extra-step", "--from", text(&home.speech("other.wav", ANSWER))]);
    assert!(ran.talk.contains("1 earlier answer has no report yet; `viva sessions recover` finishes it"), "{ran:?}");
    let other: Vec<PathBuf> = fs::read_dir(home.file("sessions")).unwrap().map(|e| e.unwrap().path()).collect();
    let other = other.into_iter().find(|s| !s.join("01/take-1.wav").starts_with(sound.parent().unwrap().parent().unwrap())).unwrap();
    home.viva(&["sessions", "delete", name(&other), "--yes"]).ok();

    let ran = recovered(&home);
    assert!(ran.talk.contains("is put right, and the file as it was found is kept beside it as take-1.as-found.wav"), "{ran:?}");
    assert!(ran.talk.contains("recovered 1 answer of 1 session"), "{ran:?}");
    assert_eq!(fs::read(sound.with_file_name("take-1.as-found.wav")).unwrap(), as_left);
    assert!(opened(&sound) + 1_000 >= heard, "{} of {heard} ms", opened(&sound));
    assert!(is_heard(&read_json(&sound.with_extension("transcript.json"))));
    // there is nothing left to do, and nothing is done twice
    assert!(home.viva(&["sessions", "recover"]).ok().talk.contains("nothing was interrupted"));
    home.viva(&["sessions", "delete", "last", "--yes"]).ok();
    assert_eq!(fs::read_dir(home.file("sessions")).unwrap().count(), 0);
}

#[test]
fn what_a_disk_that_failed_has_left_is_put_right_or_named() {
    let home = Home::new();
    let answer = home.speech("answer.wav", ANSWER);
    home.viva(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--no-follow-ups", "--from", text(&answer)]).ok();
    let take = home.session().join("01/take-1");
    let (sound, question) = (take.with_extension("wav"), take.with_file_name("question.json"));
    let whole = fs::read(&sound).unwrap();
    let without_words = || ["report.json", "transcript.json"].map(|ending| fs::remove_file(take.with_extension(ending)).unwrap());

    // zeros in place of the header, and a question that was cut off
    fs::write(&sound, [&[0; 44][..], &whole[44..]].concat()).unwrap();
    let asked = fs::read(&question).unwrap();
    fs::write(&question, &asked[..asked.len() / 2]).unwrap();
    without_words();
    let ran = recovered(&home);
    assert!(ran.talk.contains("the question of answer 1 was missing or damaged and is put back"), "{ran:?}");
    assert_eq!(fs::read(&sound).unwrap()[44..], whole[44..]);
    assert_eq!(fs::read(&question).unwrap(), asked);
    assert!(is_heard(&read_json(&take.with_extension("transcript.json"))));

    // half of the sound is gone: it counts as lost, and nobody is told that it is there
    let length = opened(&sound);
    fs::write(&sound, &whole[..whole.len() / 2]).unwrap();
    without_words();
    let ran = recovered(&home);
    assert!(ran.talk.contains("of take-1.wav only") && ran.talk.contains("are left"), "{ran:?}");
    let report = read_json(&take.with_extension("report.json"));
    let heard = report["measures"]["heard"]["duration"].as_u64().unwrap();
    assert!(heard.abs_diff(length / 2) < 100, "{heard} of {length} ms");
    assert!(read_json(&take.with_extension("capture.json"))["frames_lost"].as_u64().unwrap() > 0);

    // nothing of it is left: no silence is made of that
    fs::write(&sound, "").unwrap();
    without_words();
    let ran = home.viva(&["sessions", "recover"]);
    assert!(ran.code == Some(1) && ran.talk.contains("all that was recorded is lost"), "{ran:?}");
    assert!(!take.with_extension("report.json").exists());
}

#[test]
fn a_closed_terminal_keeps_the_answer() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &TWO);
    let heard = recorded(&mut interview, 2_000);
    interview.signal("HUP");
    assert_eq!(interview.end().code, Some(130));
    let sound = home.session().join("01/take-1.wav");
    assert!(opened(&sound) >= heard, "{} of {heard} ms", opened(&sound));
    assert_eq!(read_json(&sound.with_extension("capture.json"))["end"], "interrupted");
    recovered(&home);
}

#[test]
fn a_disk_that_takes_no_more_ends_the_answer_and_keeps_it() {
    let (home, card) = (Home::new(), Card::start());
    // no file of this program may become larger than 400 kB: some four seconds of sound
    let full = ["bash", "-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""];
    let mut interview = Interview::start_by(&home, &card, &full, &TWO);
    let ended = interview.wait_for("ended");
    assert_eq!(ended["end"], "disk_failed");
    let kept = ended["duration"].as_u64().unwrap();
    let sound = home.session().join("01/take-1.wav");
    // what is called kept is there, also for another program once it is repaired
    assert!((2_000..=5_000).contains(&kept), "{kept}");
    interview.wait_for("choice");
    interview.press("q");
    let ran = interview.end();
    assert!(ran.talk.contains("The disk could not take more. What was written is kept"), "{ran:?}");
    let capture = read_json(&sound.with_extension("capture.json"));
    let losses = capture["losses"].as_array().unwrap();
    assert_eq!(losses.last().unwrap()["at"], kept);
    assert_eq!(read_json(&home.session().join("01/take-1.report.json"))["measures"]["heard"]["digital_silence"], true);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_the_first_question() {
    let home = Home::new();
    let answer = home.speech("answer.wav", ANSWER);
    fs::create_dir(home.file("sessions")).unwrap();
    // to the superuser no folder is closed
    let everybody = |path: &Path, mode| fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    everybody(home.path(), 0o755);
    everybody(&home.file("sessions"), 0o555);
    everybody(&home.file("models"), 0o755);
    let is_root = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap().trim() == "0";
    let as_nobody: &[&str] = if is_root { &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] } else { &[] };
    let copy = home.file("viva");
    fs::copy(env!("CARGO_BIN_EXE_viva"), &copy).unwrap();
    let mut command = Command::new(as_nobody.first().copied().unwrap_or(text(&copy)));
    if !as_nobody.is_empty() {
        command.args(&as_nobody[1..]).arg(&copy);
    }
    command.args(["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from"]).arg(&answer);
    command.env("VIVA_HOME", home.path()).env("NO_COLOR", "1").current_dir("/");
    let ran = Ran::of(command.output().unwrap());
    everybody(&home.file("sessions"), 0o755);
    assert!(!ran.talk.contains("Question 1"), "{ran:?}");
    ran.refused_with(&["could not be written", "Permission denied", "check that the disk has room and that the folder is yours"]);
}

#[test]
fn a_sound_server_that_was_killed_costs_one_answer_its_end_and_the_next_one_nothing() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let mut interview = Interview::start(&home, &card, &TWO);
    let heard = recorded(&mut interview, 2_000);
    card.stop();
    let ended = interview.wait_for("ended");
    assert_eq!(ended["end"], "device_lost");
    assert!(ended["duration"].as_u64().unwrap() >= heard);
    interview.wait_for("choice");
    card.start_again();
    interview.press("");
    answered(&mut interview, &card, &answer);
    interview.press("");
    interview.end().ok();
}

#[test]
fn where_a_headset_is_unplugged_the_sound_server_hears_on_elsewhere_and_plugged_in_again_it_is_used_again() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let headset =
        ["load-module", "module-remap-source", "master=vmic.monitor", "source_name=headset", "source_properties=device.description=Headset"];
    let module = card.change(&headset);
    let mut interview = Interview::start(&home, &card, &[&TWO[..], &["--input", "Headset"]].concat());
    recorded(&mut interview, 2_000);
    // PulseAudio lets the microphone that is left take over in the middle of the answer
    card.change(&["unload-module", module.trim()]);
    card.say(&answer);
    interview.press("");
    let reported = interview.wait_for("reported");
    assert!(is_heard(&reported["transcript"]) && reported["capture"]["end"] == "candidate", "{reported}");
    interview.wait_for("choice");

    // for the next answer the one that was named is wanted
    interview.press("");
    let reason = interview.wait_for("not_recorded")["reason"].take();
    assert!(reason.as_str().unwrap().contains("there is no microphone called \"Headset\""), "{reason}");
    interview.wait_for("choice");
    card.change(&headset);
    interview.press("a");
    assert_eq!(answered(&mut interview, &card, &answer)["capture"]["microphone"], "Headset");
    interview.press("");
    assert_eq!(interview.end().code, Some(1));
}

#[test]
fn a_sound_server_that_hangs_ends_the_answer_at_once_and_the_next_one_waits_for_it() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", ANSWER);
    let mut interview = Interview::start(&home, &card, &TWO);
    recorded(&mut interview, 1_000);
    card.signal("STOP");
    assert_eq!(interview.wait_for("ended")["end"], "device_lost");
    interview.wait_for("choice");
    // it still hangs
    interview.press("");
    assert!(interview.wait_for("not_recorded")["reason"].as_str().unwrap().contains("hangs"));
    interview.wait_for("choice");
    card.signal("CONT");
    interview.press("a");
    answered(&mut interview, &card, &answer);
    interview.press("");
    let ran = interview.end();
    assert!(ran.talk.contains("The microphone stopped delivering sound"), "{ran:?}");
}

#[test]
fn a_replay_that_was_put_to_sleep_goes_on_where_it_was() {
    let (home, card) = (Home::new(), Card::start());
    let answer = home.speech("answer.wav", &format!("{ANSWER} I would stay calm and polite the whole time, and write down what was agreed."));
    home.viva(&["practice", "--question", QUESTION, "--model", "demo", "--demonstration", "--from", answer.to_str().unwrap()]).ok();
    let heard = |file: &Path| text_of(&home.viva(&["analyze", file.to_str().unwrap(), "--model", "demo", "--json"]).json()["transcript"]);
    let before = heard(&answer);
    in_two_tries(|| {
        let played = home.file("played.wav");
        let loudspeaker = card.listen_to_loudspeaker(&played);
        let mut command = home.command(&["sessions", "play", "--output", "Speakers"]);
        let mut replay = command.env("XDG_RUNTIME_DIR", card.folder()).spawn().unwrap();
        let told = |signal: &str| assert!(Command::new("kill").args([&format!("-{signal}"), &replay.id().to_string()]).status().unwrap().success());
        // the passing of time is what is tested here
        std::thread::sleep(Duration::from_secs(3));
        told("STOP");
        std::thread::sleep(Duration::from_secs(4));
        told("CONT");
        assert!(replay.wait().unwrap().success());
        drop(loudspeaker);
        let after = heard(&played);
        // a word or two may be torn where it was cut off
        (word_error(&before, &after) <= 0.25, format!("{before}\n{after}"))
    });
}

#[test]
fn a_program_that_was_put_to_sleep_goes_on_and_counts_what_it_missed() {
    let (home, card) = (Home::new(), Card::start());
    let mut interview = Interview::start(&home, &card, &TWO);
    let before = recorded(&mut interview, 2_000);
    interview.signal("STOP");
    // the passing of time is what is tested here
    std::thread::sleep(Duration::from_secs(8));
    interview.signal("CONT");
    let after = loop {
        let event = interview.wait_for_any(&["level", "ended"]);
        if event["event"] == "ended" || event["elapsed"].as_u64().unwrap() >= before + 3_000 {
            break event;
        }
    };
    if after["event"] == "level" {
        interview.press("");
    }
    let reported = interview.wait_for("reported");
    interview.wait_for("choice");
    interview.press("q");
    let ran = interview.end().ok();
    let capture = &reported["capture"];
    let lost = capture["frames_lost"].as_u64().unwrap() * 1_000 / capture["rate"].as_u64().unwrap();
    let kept = capture["duration"].as_u64().unwrap();
    // a sound server may give up a program that does not listen for so long; then the answer up to there is kept, and why it ends is said
    if capture["end"] == "device_lost" {
        assert!(kept >= before && ran.talk.contains("The microphone stopped delivering sound"), "{ran:?}");
        return;
    }
    assert_eq!(capture["end"], "candidate");
    // what was recorded and what is counted as lost make up the whole time
    assert!(kept + lost + 1_500 >= before + 3_000 + 8_000, "{capture}");
}

#[test]
fn a_clock_that_was_set_back_mixes_nothing_up() {
    let home = Home::new();
    let answer = home.speech("answer.wav", ANSWER);
    let arguments = ["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from", text(&answer)];
    home.viva(&arguments).ok();
    let first = home.session();
    let before: Vec<(PathBuf, Vec<u8>)> =
        fs::read_dir(first.join("01")).unwrap().map(|e| e.unwrap().path()).map(|p| (p.clone(), fs::read(p).unwrap())).collect();
    let yesterday = Ran::of(home.command_by(&["faketime", "-f", "-1d"], &arguments).output().expect("faketime is missing: run scripts/setup test"));
    assert_eq!(yesterday.code, Some(0), "{yesterday:?}");
    assert!(yesterday.talk.contains("was the clock set back?"), "{yesterday:?}");
    assert!(before.iter().all(|(path, bytes)| fs::read(path).unwrap() == *bytes));
    let sessions: Value = home.viva(&["sessions", "list", "--json"]).json();
    assert_eq!(sessions.as_array().unwrap().len(), 2, "{sessions}");
    assert!(sessions.as_array().unwrap().iter().all(|s| s["reported"] == 1), "{sessions}");
}
