//! The shape of the house, held by machine: each outside crate in its own place, no station knowing those to its right.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Name below `src` and text without tests.
fn code() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]\n#[allow").next().unwrap().split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
        (path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/"), text)
    };
    sources(&src).iter().map(read).collect()
}

#[test]
fn each_device_and_engine_is_named_in_its_own_place_only() {
    let places: [(&str, &[&str]); 18] = [
        ("cpal::", &["sound/device.rs", "capture/microphone.rs", "speak/loudspeaker.rs"]),
        ("rodio::", &["speak/loudspeaker.rs"]),
        ("whisper_rs", &["transcribe/whisper.rs"]),
        ("hound::", &["sound/wav.rs"]),
        ("symphonia::", &["sound/import.rs"]),
        ("rubato::", &["sound/resample.rs"]),
        ("rtrb::", &["capture/mod.rs", "capture/microphone.rs", "capture/replay.rs"]),
        ("tokio::", &["interview/mod.rs", "interview/inbox.rs", "interview/take.rs", "serve/mod.rs", "cli/review.rs"]),
        ("hyper::", &["serve/mod.rs", "serve/part.rs"]),
        ("flac_codec", &["sound/flac.rs"]),
        ("opener::", &["cli/review.rs"]),
        ("ureq::", &["models/pull.rs", "advisor.rs", "advisor/error.rs"]),
        ("whatlang::", &["score/refusal.rs"]),
        ("rust_stemmers", &["words/mod.rs"]),
        ("earshot::", &["sound/speech.rs"]),
        ("rphonetic", &["transcribe/vocabulary/likeness.rs"]),
        ("pulseaudio::", &["doctor/mixer.rs"]),
        ("fs4::", &["doctor/machine.rs"]),
    ];
    for (name, text) in code() {
        for (outside, allowed) in places {
            assert!(!text.contains(outside) || allowed.contains(&name.as_str()), "{name} names {outside}");
        }
        let clap = text.contains("clap::");
        // kinds, levels and styles are values that can be typed
        let typed = ["question/mod.rs", "question/style.rs", "measure/delivery.rs"];
        assert!(!clap || name.starts_with("cli/") || typed.contains(&name.as_str()), "{name} names clap");
    }
}

#[test]
fn no_station_uses_one_to_its_right() {
    let flow = [
        "sound",
        "question",
        "prepare",
        "speak",
        "capture",
        "transcribe",
        "measure",
        "score",
        "report",
        "advisor",
        "store",
        "privacy",
        "coach",
        "progress",
        "review",
        "page",
        "serve",
        "doctor",
        "event",
        "interview",
        "cli",
    ];
    let place = |room: &str| flow.iter().position(|r| *r == room);
    for (name, text) in code() {
        let room = name.split(['/', '.']).next().unwrap();
        let Some(own) = place(room) else { continue };
        for (right, other) in flow.iter().enumerate().skip(own + 1) {
            // writing files whole is a service of the store to everyone
            let text =
                text.replace("crate::store::hex", "").replace("crate::store::private_folder", "").replace("crate::store::write_atomically", "");
            let named = text.match_indices(&format!("crate::{other}")).any(|(at, m)| !text[at + m.len()..].starts_with(char::is_alphanumeric));
            assert!(!named && !text.contains("crate::{"), "{name} uses {other}, which is {} places to its right", right - own);
        }
    }
}

#[test]
fn nothing_unfinished_is_left_lying() {
    for (name, text) in code() {
        for word in ["todo!", "unimplemented!", "dbg!", "FIXME", "XXX", "println!", "process::exit"] {
            assert!(!text.contains(word), "{name} holds {word}");
        }
    }
}

#[test]
fn no_file_allows_unsafe_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\nunsafe_code = \"deny\"\n"), "Cargo.toml denies it");
    for folder in ["src", "tests", "fuzz/fuzz_targets"] {
        for path in sources(&root.join(folder)).iter().filter(|p| !p.ends_with("tests/house.rs")) {
            let text = fs::read_to_string(path).unwrap();
            for word in ["unsafe_code", "unsafe ", "no_mangle"] {
                assert!(!text.contains(word), "{} holds {word}", path.display());
            }
        }
    }
}
