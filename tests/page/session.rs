//! A session with something of everything that the page shows, made through the real binary.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::support::Home;
use crate::support::kept::{edit, name, text};

const QUESTIONS: [&str; 3] = ["psc-unhappy-patient", "psc-extra-step", "psc-several-urgent-tasks"];
/// First said vaguely, then well.
const COMPLAINT: [&str; 2] = [
    "So, um, I would listen to the patient, you know. <break time='1400ms'/> I would stay calm and, um, I would call the doctor. <break time='700ms'/> \
     Then, um, I would, you know, explain the next step. I always stay polite. \
     <break time='600ms'/> I want the patient to go home with a good experience.",
    "First of all, I would listen to the patient and let them tell me the whole story. <break time='500ms'/> I would tell the patient that I understand \
     how they feel. I would stay calm and polite, and I would reassure the patient and the family member. <break time='800ms'/> Um, then I would explain \
     what happens next and bring in the manager. <break time='600ms'/> After that, I would call the doctor.",
];
const EXTRA: &str = "<break time='1800ms'/> So, um, last year I had a patient who was, you know, very worried. <break time='900ms'/> She had a consent form, and, um, \
    you know, she did not understand it. <break time='3400ms'/> So I listened to her, um, and, you know, it was not my job, but I explained the form. \
    <break time='1300ms'/> I called, um, a nurse, and she, like, explained the treatment. <break time='700ms'/> In the end, um, the patient was, you know, \
    really happy about it.";
const ADDED: &str =
    "I told her that I would stay until the end. <break time='500ms'/> I called her the next day, and she was happy with the treatment.";
/// Too short to be scored.
const SHORT: &str = "I would call the doctor.";
/// The name that a patient has in the second answer.
pub const NAME: &str = "Alvarez";
/// What must stay text wherever it stands.
pub const BAD: &str = r#"</script><script>window.hacked=1</script><img src=x onerror="window.hacked=2">"']]>--><b>bold</b>&amp;"#;

/// Speaks a text with its breaks into a WAV file.
fn speak(text: &str, into: &Path) {
    let spoken = Command::new("espeak-ng").args(["-m", "-v", "en-us", "-s", "130", "-w"]).arg(into).arg(text).status();
    assert!(spoken.expect("espeak-ng is missing: run scripts/setup test").success());
}

/// Question 1 in two takes, question 2 asked back, question 3 without a score.
pub fn interview(home: &Home) -> PathBuf {
    let answers = [COMPLAINT[0], EXTRA, SHORT];
    let files: Vec<PathBuf> = (1..=3).map(|n| home.file(&format!("answer-{n}.wav"))).collect();
    for (said, file) in answers.iter().zip(&files) {
        speak(said, file);
    }
    let mut practice = vec!["practice", "--model", "demo", "--demonstration", "--no-follow-ups"];
    practice.extend(QUESTIONS.iter().flat_map(|id| ["--question", id]));
    practice.push("--from");
    practice.extend(files.iter().map(|file| text(file)));
    home.viva(&practice).ok();
    let session = home.session();

    speak(COMPLAINT[1], &session.join("01/take-2.wav"));
    speak(ADDED, &session.join("02/take-1-follow-up.wav"));
    let question = home.viva(&["questions", "show", QUESTIONS[1], "--json"]).json();
    let criterion = question["criteria"].as_array().unwrap().last().unwrap();
    let asked = json!({ "criterion": criterion["id"], "text": criterion["follow_up"] });
    fs::write(session.join("02/take-1-follow-up.question.json"), asked.to_string()).unwrap();
    // the demo model knows no names
    edit(&session.join("02/take-1.transcript.json"), |t| {
        let words = t["words"].as_array_mut().unwrap();
        let at = words.iter().position(|w| w["text"] == "patient").expect("a patient is heard");
        (words[at - 1]["text"], words[at]["text"]) = (json!("Mrs"), json!(NAME));
    });
    fs::remove_file(session.join("02/take-1.report.json")).unwrap();
    home.viva(&["analyze", "--session", "last"]).ok();
    session
}

/// Every text that somebody may have written becomes markup.
pub fn harm(home: &Home, session: &Path) {
    let before = |value: &mut Value| *value = json!(format!("{BAD} {}", value.as_str().unwrap_or_default()));
    let both = |value: &mut Value, keys: [&str; 2]| keys.iter().for_each(|key| before(&mut value[key]));
    let known = name(session);
    home.viva(&["sessions", "rename", known, BAD]).ok();
    home.viva(&["sessions", "tag", known, "+mine"]).ok();
    home.viva(&["sessions", "note", known, BAD]).ok();
    home.viva(&["sessions", "note", known, BAD, "--question", "1", "--at", "0:02"]).ok();
    edit(&session.join("about.json"), |about| before(&mut about["tags"][0]));
    edit(&session.join("session.json"), |s| both(s, ["role_name", "program"]));
    for number in ["01", "02", "03"] {
        edit(&session.join(number).join("question.json"), |q| {
            both(q, ["text", "intent"]);
            for criterion in q["criteria"].as_array_mut().unwrap() {
                both(criterion, ["point", "follow_up"]);
            }
        });
        edit(&session.join(number).join("take-1.transcript.json"), |t| {
            for word in t["words"].as_array_mut().unwrap().iter_mut().take(5) {
                before(&mut word["text"]);
                word["heard"] = json!(BAD);
            }
        });
    }
    edit(&session.join("02/take-1-follow-up.question.json"), |q| before(&mut q["text"]));
    edit(&session.join("01/take-2.report.json"), |r| {
        for point in r["scorecard"]["points"].as_array_mut().unwrap() {
            both(point, ["point", "follow_up"]);
            if point["proof"].is_object() {
                both(&mut point["proof"], ["quote", "phrase"]);
            }
        }
    });
    let note = json!({ "question": 1, "take": 1, "part": "answer", "at_ms": 1_500, "text": BAD });
    let notes = json!({
        "schema": 1, "kind": "viva-notes", "session": known, "page_sha256": viva_voce::coach::page_sha256(session).unwrap(), "coach": "<script>window.hacked=1</script>\"]]>",
        "saved_at": "2026-11-27T10:00:00.000Z", "revealed_at": null, "notes": [note], "ratings": [], "fillers": [],
    });
    let file = home.file("hostile-notes.json");
    fs::write(&file, notes.to_string()).unwrap();
    home.viva(&["coach", "import", text(&file)]).ok();
}

/// A running `viva review`, ended when it is dropped.
pub struct Served {
    child: Child,
    pub address: String,
}

impl Served {
    pub fn start(home: &Home, session: &Path) -> Self {
        let mut command = home.command(&["review", name(session), "--no-browser"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim().to_owned() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
