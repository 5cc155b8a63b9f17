//! Nothing leaves the machine: all system calls of a whole session that have to do with a network, looked at one by one.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::Path;

use support::kept::text;
use support::{Card, Home, Interview, Ran};

/// What a trace says: the sockets that were connected to, by their paths, and the lines of those that lead out of this machine or to a server on it.
fn connections(trace: &Path) -> (Vec<String>, Vec<String>) {
    let (mut within, mut beyond) = (Vec::new(), Vec::new());
    for line in fs::read_to_string(trace).unwrap().lines().filter(|l| l.contains("socket(") || l.contains("connect(")) {
        match line.split_once("sun_path=\"").and_then(|(_, rest)| rest.split_once('"')) {
            Some((path, _)) => within.push(path.to_owned()),
            None if line.contains("socket(AF_UNIX") => {}
            None => beyond.push(line.to_owned()),
        }
    }
    (within, beyond)
}

#[test]
fn a_whole_session_speaks_to_the_sound_server_and_to_nobody_else() {
    let (home, card) = (Home::new(), Card::start());
    let trace = home.file("trace");
    let strace = ["strace", "-f", "-qq", "-e", "trace=network", "-o", text(&trace)];
    let answer = home.speech("answer.wav", "First of all, I would listen to the patient and let them tell me the whole story.");
    let mut interview = Interview::start_by(&home, &card, &strace, &["--question", "psc-unhappy-patient", "--no-follow-ups"]);
    interview.wait_for("listening");
    card.say(&answer);
    interview.press("");
    interview.wait_for("reported");
    interview.wait_for("choice");
    interview.press("");
    interview.end().ok();
    let (within, beyond) = connections(&trace);
    assert!(!within.is_empty(), "strace is missing or saw nothing: run scripts/setup test");
    let sound_server = card.folder().join("pulse/native");
    assert!(within.iter().all(|path| Path::new(path) == sound_server), "{within:?}");
    assert!(beyond.is_empty(), "{beyond:#?}");

    // and what comes after it speaks to nobody at all
    let page = home.file("page.html");
    for arguments in [
        &["analyze", "--session", "last", "--again"][..],
        &["sessions", "list"],
        &["sessions", "show"],
        &["progress"],
        &["export", "last", "--html", text(&page), "--redact", "--yes"],
        &["sessions", "delete", "last", "--yes"],
    ] {
        let _ = fs::remove_file(&trace);
        let ran = Ran::of(home.command_by(&strace, arguments).output().unwrap());
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        let (within, beyond) = connections(&trace);
        assert!(within.is_empty() && beyond.is_empty(), "{arguments:?}: {within:?} {beyond:#?}");
    }
}
