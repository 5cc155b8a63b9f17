//! Sessions as they lie in their folders: made by hand where the words must be known, copied, and changed as only time or somebody else would.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Home, read_json};

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// What a session is called: the name of its folder.
pub fn name(session: &Path) -> &str {
    text(Path::new(session.file_name().unwrap()))
}

pub fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut value = read_json(path);
    change(&mut value);
    fs::write(path, format!("{}\n", serde_json::to_string_pretty(&value).unwrap())).unwrap();
}

/// The same session once more, begun on another day.
pub fn copied(session: &Path, day: &str) -> PathBuf {
    let copy = session.with_file_name(format!("{day}T08-00-00Z-patient-services-coordinator"));
    copy_folder(session, &copy);
    edit(&copy.join("session.json"), |s| s["started"] = json!(format!("{day}T08:00:00Z")));
    copy
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
        }
    }
}

/// The session as if a person had spoken in it, heard by a model for people: demonstrations count in nothing.
pub fn as_a_person(session: &Path) {
    edit(&session.join("session.json"), |s| (s["demonstration"], s["engine"]["demo"]) = (json!(false), json!(false)));
    for folder in fs::read_dir(session).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for file in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if name(&file).ends_with(".transcript.json") {
                edit(&file, |t| t["engine"]["demo"] = json!(false));
            }
            if name(&file).ends_with(".report.json") {
                edit(&file, |r| (r["demonstration"], r["engine"]["demo"]) = (json!(false), json!(false)));
            }
        }
    }
}

/// A session of one answer to this question, and of what was said when asked back, without sound or report: its words stand so many milliseconds
/// apart, 300 long each.
pub fn written_down(home: &Home, question: &str, answer: &str, follow_up: Option<&str>, apart: usize) -> PathBuf {
    let folder = home.file("sessions/2026-01-05T09-00-00Z-ward-clerk");
    fs::create_dir_all(folder.join("01")).unwrap();
    let write = |name: &str, value: Value| fs::write(folder.join(name), value.to_string()).unwrap();
    let engine = json!({ "model": "written", "sha256": null, "demo": false });
    write(
        "session.json",
        json!({ "schema": 1, "program": "viva", "started": "2026-01-05T09:00:00Z", "role": "ward-clerk", "role_name": "Ward Clerk", "seed": 1,
            "engine": engine, "model_file": "", "voice": null, "think": 0, "limit": 180, "demonstration": false,
            "questions": [{ "id": "lost-file", "rubric_sha256": "" }] }),
    );
    write(
        "01/question.json",
        json!({ "id": "lost-file", "role": "ward-clerk", "kind": "situational", "level": "any", "text": question,
            "intent": "", "framework": "", "seconds": 60, "outline": [], "criteria": [], "red_flags": [], "covers": [] }),
    );
    let transcript = |text: &str| {
        let word = |(i, w): (usize, &str)| json!({ "text": w, "start": i * apart, "end": i * apart + 300, "probability": 0.9 });
        let words: Vec<Value> = text.split_whitespace().enumerate().map(word).collect();
        json!({ "schema": 2, "engine": engine, "duration": words.len() * apart, "words": words })
    };
    write("01/take-1.transcript.json", transcript(answer));
    if let Some(text) = follow_up {
        write("01/take-1-follow-up.question.json", json!({ "criterion": "calm", "text": "What did you say?" }));
        write("01/take-1-follow-up.transcript.json", transcript(text));
    }
    folder
}
