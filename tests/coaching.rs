//! What people say beside the program: a coach's notes taken in and shown, the candidate's own rating, and how well all of them agree.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use support::kept::text;
use support::{Home, Ran, read_json};
use viva_voce::question::Question;
use viva_voce::question::bank::Bank;

const QUESTION: &str = "psc-unhappy-patient";
const WORDS: &str = "I let the patient finish, um, and I stayed calm and polite.";

fn question() -> Question {
    Bank::built_in().unwrap().question(QUESTION).unwrap().clone()
}

/// A home without models: what was said is known.
fn home() -> Home {
    let home = Home::new();
    fs::remove_dir_all(home.file("models")).unwrap();
    home
}

/// A session of one answer, reported by its words as they are known.
fn session(home: &Home, name: &str) -> PathBuf {
    let sound = home.speech("answer.wav", "I let the patient finish and explain. I stayed calm and polite, and then I called the doctor.");
    let words: Vec<Value> =
        (0u64..).zip(WORDS.split(' ')).map(|(i, text)| json!({"text": text, "start": i * 300, "end": i * 300 + 250, "probability": 1.0})).collect();
    let engine = json!({"model": "by hand", "sha256": null, "demo": false});
    let transcript = json!({"schema": 1, "engine": engine, "duration": 4_000, "words": words});
    fs::write(home.file("words.json"), transcript.to_string()).unwrap();
    let (sound_file, words_file) = (text(&sound).to_owned(), home.file("words.json"));
    let analyzed = home.viva(&["analyze", &sound_file, "--question", QUESTION, "--words", text(&words_file), "--json"]).json();
    let folder = home.file("sessions").join(name);
    fs::create_dir_all(folder.join("01")).unwrap();
    let record = json!({
        "schema": 1, "program": "viva", "started": "2026-11-22T09:30:05Z", "role": "patient-services-coordinator",
        "role_name": "Patient Services Coordinator", "seed": 1, "engine": engine, "model_file": "", "voice": null, "think": 0, "limit": 180,
        "demonstration": false, "questions": [{"id": QUESTION, "rubric_sha256": ""}],
    });
    fs::copy(sound, folder.join("01/take-1.wav")).unwrap();
    let files = [
        ("session.json", &record),
        ("01/question.json", &serde_json::to_value(question()).unwrap()),
        ("01/take-1.transcript.json", &analyzed["transcript"]),
        ("01/take-1.report.json", &analyzed["report"]),
    ];
    for (name, value) in files {
        fs::write(folder.join(name), value.to_string()).unwrap();
    }
    folder
}

/// What a page of this session saves where nothing was written in it.
fn notes(session: &Path, coach: &str) -> Value {
    json!({
        "schema": 1, "kind": "viva-notes", "session": session.file_name().unwrap().to_str().unwrap(),
        "page_sha256": viva_voce::coach::page_sha256(session).unwrap(), "coach": coach,
        "saved_at": "2026-11-27T10:00:00.000Z", "revealed_at": null, "notes": [], "ratings": [], "fillers": [],
    })
}

fn note(at: u64, text: &str) -> Value {
    json!({"question": 1, "take": 1, "part": "answer", "at_ms": at, "text": text})
}

fn import(home: &Home, notes: &Value, more: &[&str]) -> Ran {
    let file = home.file("viva-notes.json");
    fs::write(&file, serde_json::to_string_pretty(notes).unwrap()).unwrap();
    let mut arguments = vec!["coach", "import", text(&file)];
    arguments.extend(more);
    home.viva(&arguments)
}

#[test]
fn notes_of_two_coaches_are_kept_shown_with_the_words_around_and_taken_in_once() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let mut ada = notes(&session, "Ada Byron");
    ada["notes"] = json!([note(2_800, "]]> <script>alert(1)</script> & \u{1b}[31m\"calm\" is good"), note(400, "Who was it?\nSay so.")]);
    ada["ratings"] = json!([{"question": 1, "take": 1, "when": "before", "band": 2, "points": {question().criteria[0].id.clone(): 3}}]);
    let taken = import(&home, &ada, &[]).ok();
    assert!(taken.talk.contains("2 notes by Ada Byron") && taken.talk.contains("1 invisible character"), "{taken:?}");
    let kept = session.join("notes/ada-byron.json");
    let bytes = fs::read(&kept).unwrap();
    let again = import(&home, &ada, &[]).ok();
    assert!(again.talk.contains("nothing was changed") && fs::read(&kept).unwrap() == bytes, "{again:?}");

    let mut grace = notes(&session, "Grace");
    grace["notes"] = json!([note(1_000, "Let him finish: well done.")]);
    import(&home, &grace, &[]).ok();
    assert_eq!(fs::read(&kept).unwrap(), bytes);

    let shown = home.viva(&["coach", "show"]).ok().out;
    let place = |what: &str| shown.find(what).unwrap_or_else(|| panic!("\"{what}\" is not in {shown}"));
    assert!(place("Who was it?") < place("Let him finish") && place("Let him finish") < place("]]> <script>alert(1)</script> & [31m\"calm\""));
    assert!(shown.contains("0:02.8 Ada Byron") && !shown.contains('\u{1b}'), "{shown}");
    let whole = shown.lines().find(|l| l.contains("the whole answer")).unwrap();
    assert!(whole.trim_start().starts_with("2 "), "{whole}");

    let json = home.viva(&["coach", "show", "--json"]).json();
    assert_eq!(json["coaches"], json!(["Ada Byron", "Grace"]));
    let answer = &json["answers"][0];
    assert_eq!(answer["notes"][0]["words"], "I let the patient finish, um, and ...");
    let report = read_json(&session.join("01/take-1.report.json"));
    assert_eq!(answer["program"]["band"], report["scorecard"]["band"]);
    // a damaged file of one coach hides nothing of the other's
    fs::write(&kept, "{").unwrap();
    let shown = home.viva(&["coach", "show"]).ok();
    assert!(shown.out.contains("Let him finish") && shown.talk.contains("ada-byron.json"), "{shown:?}");
    import(&home, &ada, &[]).refused_with(&["ada-byron.json", "move it away"]);
    assert_eq!(fs::read(&kept).unwrap(), b"{");
}

#[test]
fn what_was_rated_before_the_reveal_stays() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let mut first = notes(&session, "Ada");
    first["ratings"] = json!([{"question": 1, "take": 1, "when": "before", "band": 4, "points": {}}]);
    import(&home, &first, &[]).ok();
    let mut second = first.clone();
    second["saved_at"] = json!("2026-11-28T10:00:00.000Z");
    second["revealed_at"] = json!("2026-11-28T09:00:00.000Z");
    second["ratings"] = json!([
        {"question": 1, "take": 1, "when": "before", "band": 1, "points": {}},
        {"question": 1, "take": 1, "when": "after", "band": 2, "points": {}},
    ]);
    let taken = import(&home, &second, &[]).ok();
    assert!(taken.talk.contains("the first rating stays"), "{taken:?}");
    let coach = home.viva(&["coach", "show", "--json"]).json()["answers"][0]["coaches"][0].take();
    assert_eq!((&coach["before"]["band"], &coach["after"]["band"]), (&json!(4), &json!(2)));
    assert!(home.viva(&["coach", "show"]).ok().out.contains("4 (2)"));
}

#[test]
fn what_is_no_notes_file_is_refused_in_one_sentence_and_nothing_is_written() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let file = home.file("given.json");
    let refuses = |content: &[u8], parts: &[&str]| {
        fs::write(&file, content).unwrap();
        home.viva(&["coach", "import", text(&file)]).refused_with(parts);
    };
    refuses(b"", &["given.json is empty", "save the notes again"]);
    refuses(b"<!doctype html>\n<html>", &["is a web page", "Save notes"]);
    refuses(b"{\"schema\": 1, \"kind\": \"viva-notes\", ", &["is damaged"]);
    refuses(b"{\"questions\": []}", &["holds no notes"]);
    refuses(&vec![b' '; 1_100_000], &["larger than 1 MB"]);
    home.viva(&["coach", "import", text(home.path())]).refused_with(&["is no file"]);
    home.viva(&["coach", "import", "nothing.json"]).refused_with(&["nothing.json cannot be read"]);
    let refuses = |change: &dyn Fn(&mut Value), parts: &[&str]| {
        let mut notes = notes(&session, "Ada");
        change(&mut notes);
        refuses(notes.to_string().as_bytes(), parts);
    };
    refuses(&|n| n["schema"] = json!(2), &["newer version"]);
    refuses(&|n| n["session"] = json!("../../etc"), &["\"../../etc\", which is not here", "--session"]);
    refuses(&|n| n["session"] = json!("last"), &["which is not here"]);
    refuses(&|n| n["session"] = json!("2026"), &["which is not here"]);
    refuses(&|n| n["notes"] = json!([note(1, &"x".repeat(2_001))]), &["more than 2000 characters"]);
    refuses(&|n| n["coach"] = json!("x".repeat(81)), &["more than 80"]);
    refuses(&|n| n["notes"] = json!(vec![note(1, "x"); 501]), &["more than 500 notes"]);
    refuses(&|n| n["notes"] = json!([note(600_000, "x")]), &["10:00 of question 1, take 1"]);
    refuses(&|n| n["notes"] = json!([{"question": 9, "take": 1, "part": "answer", "at_ms": 1, "text": "x"}]), &["question 9, take 1"]);
    refuses(&|n| n["notes"] = json!([{"question": 1, "take": 1, "part": "follow_up", "at_ms": 1, "text": "x"}]), &["a follow-up of question 1"]);
    let rated = |band: u8, points: Value| json!([{"question": 1, "take": 1, "when": "before", "band": band, "points": points}]);
    refuses(&|n| n["ratings"] = rated(6, json!({})), &["bands are 1 to 5"]);
    refuses(&|n| n["ratings"] = rated(5, json!({"never-heard": 1})), &["a point \"never-heard\""]);
    refuses(&|n| n["html"] = json!("<b>"), &["unknown field"]);
    assert!(!session.join("notes").exists());
    // one that is refused stops no other
    let good = home.file("good.json");
    let mut of_ada = notes(&session, "Ada");
    of_ada["notes"] = json!([note(1, "x")]);
    fs::write(&good, of_ada.to_string()).unwrap();
    let both = home.viva(&["coach", "import", text(&file), text(&good)]);
    assert!(both.code == Some(1) && session.join("notes/ada.json").exists(), "{both:?}");
}

#[test]
fn a_renamed_session_is_named_and_one_reported_anew_is_told() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let mut of_page = notes(&session, "");
    of_page["notes"] = json!([note(1, "x")]);
    let renamed = home.file("sessions/my-best");
    fs::rename(&session, &renamed).unwrap();
    import(&home, &of_page, &[]).refused_with(&["2026-11-22T09-30-05Z-clerk", "--session"]);
    let taken = import(&home, &of_page, &["--session", "my-best", "--coach", "Ada"]).ok();
    assert!(!taken.talk.contains("made anew") && renamed.join("notes/ada.json").exists(), "{taken:?}");
    let report = renamed.join("01/take-1.report.json");
    fs::write(&report, fs::read_to_string(&report).unwrap() + "\n").unwrap();
    let taken = import(&home, &of_page, &["--session", "my-best"]).ok();
    assert!(taken.talk.contains("were made anew") && taken.talk.contains("--coach"), "{taken:?}");
}

#[test]
fn a_filler_that_is_none_is_told_or_applied_once() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let report = session.join("01/take-1.report.json");
    let counted = fs::read(&report).unwrap();
    let filler = read_json(&report)["measures"]["fillers"]["found"][0].take();
    assert_eq!(filler["text"], "um");
    let mut ada = notes(&session, "Ada");
    let (at, to) = (filler["span"]["start"].clone(), filler["span"]["end"].clone());
    let verdict =
        |at: &Value, to: &Value| json!({"question": 1, "take": 1, "part": "answer", "at_ms": at, "to_ms": to, "text": "um,", "verdict": "none"});
    // the second is no filler of the report: there is nothing to mark
    ada["fillers"] = json!([verdict(&at, &to), verdict(&json!(100), &json!(200))]);
    let told = import(&home, &ada, &[]).ok();
    let command = told.talk.lines().find(|l| l.contains("viva sessions not-a-filler")).unwrap_or_else(|| panic!("{told:?}"));
    assert!(!session.join("01/take-1.marks.json").exists());
    let applied = import(&home, &ada, &["--apply-fillers"]).ok();
    assert!(applied.talk.contains("no longer counted") && read_json(&report)["measures"]["fillers"]["found"] == json!([]), "{applied:?}");
    let marks = fs::read(session.join("01/take-1.marks.json")).unwrap();
    let remade = fs::read(&report).unwrap();
    import(&home, &ada, &["--apply-fillers"]).ok();
    assert_eq!((fs::read(session.join("01/take-1.marks.json")).unwrap(), fs::read(&report).unwrap()), (marks.clone(), remade.clone()));
    // the command that was told comes to the same
    fs::remove_file(session.join("01/take-1.marks.json")).unwrap();
    fs::write(&report, counted).unwrap();
    home.viva(&command.split_whitespace().skip(1).collect::<Vec<_>>()).ok();
    assert_eq!(fs::read(session.join("01/take-1.marks.json")).unwrap(), marks);
    assert_eq!(fs::read(&report).unwrap(), remade);
}

/// `viva` with these lines typed.
fn typed(home: &Home, arguments: &[&str], lines: &str) -> Ran {
    let mut child = home.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

#[test]
fn an_own_rating_is_asked_for_by_the_anchors_and_held_beside_the_program_only_then() {
    let home = home();
    let session = session(&home, "2026-11-22T09-30-05Z-clerk");
    let (report, rating) = (session.join("01/take-1.report.json"), session.join("01/take-1.rating.json"));
    let question = question();
    let kept = fs::read(&report).unwrap();
    // before there is a report
    fs::remove_file(&report).unwrap();
    let ran = typed(&home, &["sessions", "rate"], "x\n4\n2\n\n0\n").ok();
    let anchors = question.anchors.as_ref().unwrap();
    assert!(ran.talk.contains(&anchors.weak) && ran.talk.contains("from 1 to 5") && ran.talk.contains("3 made with a concrete instance"), "{ran:?}");
    let given = read_json(&rating);
    let ids: Vec<&str> = question.criteria.iter().map(|c| c.id.as_str()).collect();
    assert_eq!((&given["before"], &given["band"], &given["points"]), (&json!(true), &json!(4), &json!({ids[0]: 2, ids[2]: 0})));
    assert!(ran.out.contains("no score"), "{ran:?}");
    // once there is one, what was given before stays
    fs::write(&report, kept).unwrap();
    let point = format!("{}=3", ids[0]);
    let ran = home.viva(&["sessions", "rate", "--band", "2", "--point", &point, "--json"]).json()[0].take();
    assert_eq!(
        (&ran["rating"]["band"], &ran["rating"]["later"]["band"], &ran["rating"]["later"]["points"][ids[0]]),
        (&json!(4), &json!(2), &json!(3))
    );
    assert_eq!(ran["answer"]["program"]["band"], read_json(&report)["scorecard"]["band"]);
    assert!(home.viva(&["coach", "show"]).ok().out.contains("4 (2)"));

    home.viva(&["sessions", "rate", "--point", "never-heard=1"]).refused_with(&["no point \"never-heard\"", ids[0]]);
    home.viva(&["sessions", "rate", "--question", "7", "--band", "1"]).refused_with(&["no such answer"]);
    assert!(typed(&home, &["sessions", "rate"], "").talk.contains("nobody answered at the keyboard"));
    assert_eq!(home.viva(&["sessions", "rate", "--band", "6"]).code, Some(2));
    assert_eq!(home.viva(&["sessions", "rate", "--point", "calm=4"]).code, Some(2));
    fs::write(&rating, "{\"schema\": 1, \"rated_at\": \"2026-11-27T10:00:00Z\", \"before\": true, \"band\": 9, \"points\": {}}").unwrap();
    home.viva(&["sessions", "rate", "--band", "1"]).refused_with(&["take-1.rating.json", "remove it"]);
}

#[test]
#[cfg(feature = "whisper")]
fn in_an_interview_the_rating_comes_before_the_report() {
    let home = Home::new();
    let answer = home.speech("answer.wav", "I would listen to the patient. I would stay calm and explain the next step.");
    let events = home.file("events.jsonl");
    let mut command = home.command(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--rate", "--from", text(&answer)]);
    let mut child = command.arg("--events").arg(&events).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    let names = || {
        let text = fs::read_to_string(&events).unwrap_or_default();
        let whole = text.rsplit_once('\n').map_or(String::new(), |(whole, _)| whole.to_owned());
        whole.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["event"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let asked = |times: usize| names().iter().filter(|n| *n == "asking_to_rate").count() >= times;
    let mut wait_until_asked = |times: usize| {
        while !asked(times) {
            assert!(child.try_wait().unwrap().is_none(), "{:?}", names());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    wait_until_asked(1);
    // what is no band is asked about once more; until there is an answer, the report is not shown
    writeln!(keys, "7").unwrap();
    wait_until_asked(2);
    assert!(!names().contains(&"reported".to_owned()), "{:?}", names());
    writeln!(keys, "4").unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap()).ok();
    let names = names();
    let place = |name: &str| names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
    assert!(place("asking_to_rate") < place("rated") && place("rated") < place("reported"), "{names:?}");
    assert!(ran.talk.contains("Rate it yourself before you see the report"), "{ran:?}");
    let rating = read_json(&home.session().join("01/take-1.rating.json"));
    assert_eq!((&rating["before"], &rating["band"]), (&json!(true), &json!(4)));
    // with nobody at the keyboard it goes on without
    let arguments = ["practice", "--model", "demo", "--demonstration", "--question", "psc-extra-step", "--rate", "--from", text(&answer)];
    let ran = home.viva(&arguments).ok();
    assert!(ran.out.contains("Summary"), "{ran:?}");
}

#[test]
fn ten_answers_with_a_known_agreement() {
    let home = home();
    let base = session(&home, "base");
    let ids: Vec<String> = question().criteria.iter().map(|c| c.id.clone()).collect();
    let program = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5];
    let mut files = Vec::new();
    for (i, band) in (0u8..).zip(program) {
        let folder = home.file("sessions").join(format!("s{i}"));
        fs::create_dir_all(folder.join("01")).unwrap();
        for file in ["session.json", "01/question.json", "01/take-1.transcript.json"] {
            fs::copy(base.join(file), folder.join(file)).unwrap();
        }
        let mut report = read_json(&base.join("01/take-1.report.json"));
        report["scorecard"]["band"] = json!(band);
        report["scorecard"]["points"][0]["level"] = json!(3);
        report["scorecard"]["points"][0]["state"] = json!("made");
        fs::write(folder.join("01/take-1.report.json"), report.to_string()).unwrap();
        // the candidate's own count only where they came before: of four
        let own = json!({"schema": 1, "rated_at": "2026-11-27T10:00:00Z", "before": i < 4, "band": band, "points": {}});
        fs::write(folder.join("01/take-1.rating.json"), own.to_string()).unwrap();
        // the coach differs by one in one band, and always in one point; what came after the scores is another matter
        let given = if i == 0 { 2 } else { band };
        let mut ada = notes(&folder, if i % 2 == 0 { "Ada Byron" } else { "ada byron" });
        ada["revealed_at"] = json!("2026-11-27T09:59:00Z");
        ada["ratings"] = json!([
            {"question": 1, "take": 1, "when": "before", "band": given, "points": {ids[0].clone(): 0}},
            {"question": 1, "take": 1, "when": "after", "band": band, "points": {ids[0].clone(): 3}},
        ]);
        let file = home.file(&format!("notes-{i}.json"));
        fs::write(&file, ada.to_string()).unwrap();
        files.push(file);
    }
    fs::remove_dir_all(base).unwrap();
    let mut arguments = vec!["coach", "import"];
    arguments.extend(files.iter().map(|f| text(f)));
    home.viva(&arguments).ok();

    let found = home.viva(&["coach", "calibrate", "--role", "patient-services-coordinator", "--json"]).json();
    let pair = |first: Value, second: Value| {
        let pairs = found["pairs"].as_array().unwrap();
        pairs.iter().find(|p| p["first"] == first && p["second"] == second).unwrap_or_else(|| panic!("{found:#}")).clone()
    };
    let (ada, own, of_program) = (json!({"judge": "coach", "name": "Ada Byron"}), json!({"judge": "candidate"}), json!({"judge": "program"}));
    let coached = pair(ada.clone(), of_program.clone());
    // 1 - 10 / (10 * (110 + 113) - 2 * 30 * 31)
    assert_eq!((&coached["bands"]["kappa"], &coached["bands"]["exact"], &coached["bands"]["within_one"]), (&json!(0.973), &json!(9), &json!(10)));
    assert!(coached["bands"]["interval"]["between"][0].as_f64().unwrap() < 0.973, "{coached:#}");
    assert_eq!(
        (&coached["apart"][0]["criterion"], &coached["apart"][0]["n"], &coached["apart"][0]["mean_difference"]),
        (&json!(ids[0]), &json!(10), &json!(3.0))
    );
    assert_eq!(coached["levels"]["interval"], "unvarying");
    let by_self = pair(own.clone(), of_program);
    assert_eq!((&by_self["bands"]["answers"], &by_self["bands"]["interval"]["too_few"]["missing"]), (&json!(4), &json!(6)));
    assert_eq!(pair(own, ada)["bands"]["exact"], 3);
    assert_eq!(found["pairs"].as_array().unwrap().len(), 3);

    let shown = home.viva(&["coach", "calibrate"]).ok().out;
    assert!(shown.contains("Ada Byron and the program") && shown.contains("6 more are needed") && shown.contains("kappa 0.97 ("), "{shown}");
    let none = home.viva(&["coach", "calibrate", "--role", "patient-partner"]).ok().out;
    assert!(none.contains("No answer was judged by two"), "{none}");
    home.viva(&["coach", "calibrate", "--role", "astronaut"]).refused_with(&["astronaut"]);
    // a computer's voice says nothing about people
    let record = home.file("sessions/s0/session.json");
    fs::write(&record, fs::read_to_string(&record).unwrap().replace("\"demonstration\":false", "\"demonstration\":true")).unwrap();
    assert_eq!(home.viva(&["coach", "calibrate", "--json"]).json()["answers"], 9);
}
