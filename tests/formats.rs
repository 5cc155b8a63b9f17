//! Recordings as phones, call centres, editors and converters leave them: each is heard as the WAV it was made from, and what is damaged is said.
#![cfg(feature = "import")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use support::{Home, Ran};

/// Most that coding may move the beginning and the end of speech, in milliseconds.
const MOVED: u64 = 60;

/// A home with an answer, and a transcript without words: where somebody speaks is then told by the sound alone.
fn home() -> Home {
    let home = Home::new();
    home.speech("spoken.wav", "I would listen to the patient. I would stay calm and explain the next step.");
    // in a room whose noise is louder than that of 8 bits: its beginning and its end are then told alike in every format
    home.sox(&["-D", "spoken.wav", "padded.wav", "pad", "0.5", "0.5"]);
    home.sox(&["-R", "-n", "-r", "22050", "-b", "16", "room.wav", "synth", "7", "pinknoise", "gain", "-20"]);
    home.sox(&["-D", "-m", "padded.wav", "room.wav", "-r", "48000", "answer.wav"]);
    let transcript = serde_json::json!({
        "schema": 1, "engine": {"model": "by hand", "sha256": null, "demo": false}, "duration": 1000,
        "words": [],
    });
    fs::write(home.file("words.json"), transcript.to_string()).unwrap();
    home
}

fn analyze(home: &Home, name: &str) -> Ran {
    home.viva(&["analyze", home.file(name).to_str().unwrap(), "--words", home.file("words.json").to_str().unwrap(), "--json"])
}

/// Duration of the file, beginning and end of speech in it.
fn heard(ran: Ran) -> [u64; 3] {
    let measures = ran.json()["report"]["measures"].take();
    let speech = measures["heard"]["span"].clone();
    [&measures["heard"]["duration"], &speech["start"], &speech["end"]].map(|v: &Value| v.as_u64().unwrap_or_else(|| panic!("{measures}")))
}

fn ffmpeg(home: &Home, from: &str, coding: &[&str], name: &str) -> PathBuf {
    let output = Command::new("ffmpeg").args(["-nostdin", "-v", "error", "-y", "-i", from]).args(coding).arg(name).current_dir(home.path()).output();
    let output = output.expect("ffmpeg is missing: run scripts/setup test");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    home.file(name)
}

#[test]
fn each_format_is_heard_as_the_wav_it_was_made_from() {
    let home = home();
    let original = heard(analyze(&home, "answer.wav"));
    assert!(original[1].abs_diff(500) < 100 && original[2] > 2_000, "{original:?}");
    for (name, coding) in [
        ("8.wav", &["-c:a", "pcm_u8"][..]),
        ("16.wav", &["-c:a", "pcm_s16le", "-ar", "11025"]),
        ("24.wav", &["-c:a", "pcm_s24le", "-ar", "96000"]),
        ("32.wav", &["-c:a", "pcm_s32le"]),
        ("float.wav", &["-c:a", "pcm_f32le"]),
        ("double.wav", &["-c:a", "pcm_f64le"]),
        ("7.1.wav", &["-c:a", "pcm_s16le", "-ac", "8"]),
        ("64-bit sizes.wav", &["-c:a", "pcm_s16le", "-rf64", "always"]),
        ("a-law.wav", &["-c:a", "pcm_alaw", "-ar", "8000"]),
        ("mu-law.wav", &["-c:a", "pcm_mulaw", "-ar", "8000"]),
        ("ima.wav", &["-c:a", "adpcm_ima_wav"]),
        ("microsoft.wav", &["-c:a", "adpcm_ms"]),
        ("a.flac", &["-c:a", "flac"]),
        ("a.mp3", &["-c:a", "libmp3lame", "-b:a", "64k"]),
        ("no header.mp3", &["-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0"]),
        ("tagged.mp3", &["-c:a", "libmp3lame", "-ac", "2", "-metadata", "title=An answer"]),
        ("a.m4a", &["-c:a", "aac"]),
        ("lossless.m4a", &["-c:a", "alac"]),
        ("streamed.m4a", &["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"]),
        ("a.ogg", &["-c:a", "libvorbis"]),
        ("a.aiff", &["-c:a", "pcm_s16be"]),
        ("float.aiff", &["-c:a", "pcm_f32be"]),
        ("a.caf", &["-c:a", "pcm_s16le"]),
        ("une réponse à moi.mp3", &["-c:a", "libmp3lame"]),
    ] {
        ffmpeg(&home, "answer.wav", coding, name);
        let ran = analyze(&home, name).ok();
        assert_eq!(ran.talk, "", "{name}");
        let coded = heard(ran);
        for (what, (a, b)) in ["duration", "start", "end"].iter().zip(original.iter().zip(coded)) {
            // at the telephone's 8 kHz the room's murmur after the last word is taken for a voice for a moment
            let most = if name.ends_with("law.wav") && *what == "end" { 10 * MOVED + MOVED } else { MOVED };
            assert!(a.abs_diff(b) <= most, "{name}, {what}: {original:?} became {coded:?}");
        }
    }
}

#[test]
fn what_a_file_is_is_told_by_its_content() {
    let home = home();
    let original = heard(analyze(&home, "answer.wav"));
    fs::rename(ffmpeg(&home, "answer.wav", &[], "a.flac"), home.file("flac.wav")).unwrap();
    assert_eq!(heard(analyze(&home, "flac.wav")), original);
    fs::copy(home.file("answer.wav"), home.file("wav.mp3")).unwrap();
    assert_eq!(heard(analyze(&home, "wav.mp3")), original);
}

#[test]
fn a_file_that_was_cut_gives_what_is_there_and_says_so() {
    let home = home();
    let whole = heard(analyze(&home, "answer.wav"));
    for (name, coding) in [
        ("a.flac", &[][..]),
        ("a.mp3", &["-b:a", "64k"]),
        ("a.ogg", &[]),
        ("a.m4a", &["-movflags", "+faststart"]),
        ("a.aiff", &[]),
        ("mu-law.wav", &["-c:a", "pcm_mulaw", "-ar", "8000"]),
    ] {
        let path = ffmpeg(&home, "answer.wav", coding, name);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
        let ran = analyze(&home, name).ok();
        assert!(ran.talk.contains("ends before its header says"), "{name}: {ran:?}");
        let duration = heard(ran)[0];
        assert!(duration > whole[0] / 3 && duration < whole[0] * 7 / 10, "{name}: {duration} of {}", whole[0]);
    }
}

#[test]
fn what_is_damaged_in_the_middle_is_silent_and_the_rest_keeps_its_time() {
    let home = home();
    let whole = heard(analyze(&home, "answer.wav"));
    let path = ffmpeg(&home, "answer.wav", &[], "a.flac");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 3_000].fill(0x55);
    fs::write(&path, &bytes).unwrap();
    let ran = analyze(&home, "a.flac").ok();
    assert!(ran.talk.contains("damaged samples") && !ran.talk.contains("ends before"), "{ran:?}");
    assert_eq!(heard(ran), whole);
}

#[test]
fn samples_that_are_no_numbers_are_counted_in_every_format() {
    let home = home();
    for (coding, name) in [("pcm_f32le", "a.wav"), ("pcm_f64le", "double.wav"), ("pcm_f32be", "a.aiff"), ("pcm_f32be", "a.caf")] {
        let path = ffmpeg(&home, "answer.wav", &["-c:a", coding], name);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        // no number, wherever a sample begins
        bytes[middle..middle + 4_000].fill(0xff);
        fs::write(&path, &bytes).unwrap();
        let ran = analyze(&home, name).ok();
        assert!(ran.talk.contains("damaged samples in"), "{name}: {ran:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_cure() {
    let home = home();
    let refused = |name: &str, bytes: &[u8], parts: &[&str]| {
        fs::write(home.file(name), bytes).unwrap();
        analyze(&home, name).refused_with(parts);
    };
    let text = b"I would listen to the patient.".as_slice();
    refused("text.wav", text, &["text.wav is no recording that viva knows", "choose another file", "ffmpeg"]);
    refused("text.flac", text, &["text.flac is no recording that viva knows"]);
    refused("a picture.mp3", &fs::read(support::project().join("scripts/demonstration/report.png")).unwrap(), &["is no recording"]);
    refused("empty.mp3", b"", &["is empty", "record the answer again"]);
    ffmpeg(&home, "answer.wav", &["-c:a", "libopus"], "opus.ogg");
    analyze(&home, "opus.ogg").refused_with(&["opus.ogg", "coding that is not known here", "ffmpeg"]);
    ffmpeg(&home, "answer.wav", &["-c:a", "libgsm_ms", "-ar", "8000"], "gsm.wav");
    analyze(&home, "gsm.wav").refused_with(&["gsm.wav", "ffmpeg"]);
}
