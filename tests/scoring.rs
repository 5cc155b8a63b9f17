//! `viva score`: points with the words that prove them, answers that get none, rubrics that were edited, and the optional helper.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::{Value, json};
use support::{Home, Ran};

const QUESTION: &str = "psc-unhappy-patient";
const ANSWER: &str = "Last winter a lady came to our desk and she was furious, because nobody had rung her back for a week. I let her finish before I \
    said anything. Then I told her I could see how upset she was, and that I was sorry for the wait. I kept my voice low the whole time, and I said, leave it \
    with me, I will sort this out today. I rang the ward myself while she sat there, and the charge nurse came down and explained it. Before she left I \
    asked her whether that was all right for her now, and she thanked me.";

/// Scores what is piped in.
fn piped(home: &Home, arguments: &[&str], text: &str) -> Ran {
    let mut child = home.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

fn typed(home: &Home, question: &str, text: &str) -> Value {
    piped(home, &["score", "--text", "-", "--question", question, "--json"], text).json()
}

#[test]
fn every_point_stands_with_words_of_the_answer() {
    let home = Home::new();
    let scored = typed(&home, QUESTION, ANSWER);
    assert_eq!(scored["question"], QUESTION);
    assert!(scored["band"].as_u64().unwrap() >= 4, "{scored}");
    assert!(scored["refused"].is_null());
    let points = scored["points"].as_array().unwrap();
    assert_eq!(points.len(), 6);
    for point in points {
        let (level, state) = (point["level"].as_u64().unwrap(), point["state"].as_str().unwrap());
        assert!(level <= 3 && ["made", "partly", "not_found", "contradicted"].contains(&state), "{point}");
        assert_eq!(level >= 2, state == "made", "{point}");
        if state == "made" {
            assert!(ANSWER.contains(point["quote"].as_str().unwrap()), "{point}");
        }
        assert!(!point["reason"].as_str().unwrap().is_empty());
    }
    let listens = points.iter().find(|p| p["id"] == "listens-fully").unwrap();
    assert!(listens["state"] == "made" && listens["quote"].as_str().unwrap().contains("let her finish"), "{listens}");
    for hash in ["rubric", "thresholds"] {
        assert_eq!(scored["hashes"][hash].as_str().unwrap().len(), 64);
    }
    assert_eq!(scored, typed(&home, QUESTION, ANSWER), "the same answer has the same score");
}

#[test]
fn with_the_model_of_meanings_its_hash_stands_in_the_score_and_a_damaged_one_is_refused() {
    let home = Home::new().with_meaning();
    let with = typed(&home, QUESTION, ANSWER);
    assert_eq!(with["hashes"]["meaning"].as_str().unwrap().len(), 64);
    assert!(with["band"].as_u64().unwrap() >= 4, "{with}");
    assert_eq!(with, typed(&home, QUESTION, ANSWER), "the same answer has the same score");
    let without = piped(&home, &["score", "--text", "-", "--question", QUESTION, "--json", "--words-only"], ANSWER).json();
    assert!(without["hashes"]["meaning"].is_null());
    assert_eq!(without["hashes"]["rubric"], with["hashes"]["rubric"]);
    let model = home.file("models/minilm/model.safetensors");
    let mut bytes = fs::read(&model).unwrap();
    bytes[50_000_000] ^= 1;
    fs::write(&model, bytes).unwrap();
    piped(&home, &["score", "--text", "-", "--question", QUESTION, "--json"], ANSWER).refused_with(&["model.safetensors", "viva models pull minilm"]);
}

#[test]
fn the_report_says_what_was_good_what_is_missing_and_what_to_try() {
    let home = Home::new();
    fs::write(home.file("answer.txt"), "I would stay calm and polite with the patient, whatever they say to me, and I would speak softly.").unwrap();
    let out = home.viva(&["score", "--text", home.file("answer.txt").to_str().unwrap(), "--question", QUESTION]).ok().out;
    for part in [
        "of 6 points made: band",
        "found by their words alone; `viva models pull minilm`",
        "weight times worth",
        "+ Stays calm and polite",
        "not found in the transcript",
        "To try",
        "You may be asked:",
    ] {
        assert!(out.contains(part), "\"{part}\" is not in {out}");
    }
    assert!(out.matches("A strong answer").count() <= 3, "{out}");
    assert!(out.find("+ Stays calm").unwrap() < out.find("To try").unwrap());
    // what was typed has no times, and none are made up
    let story = piped(&home, &["score", "--text", "-", "--question", QUESTION], ANSWER).ok().out;
    assert!(story.contains("It says what came of it") && !story.contains("0:00"), "{story}");
    assert!(!out.contains('\u{1b}'), "{out}");
}

#[test]
fn what_is_no_answer_gets_no_points_and_the_reason() {
    let home = Home::new();
    for (text, reason) in [
        ("I would listen.", "too few"),
        ("Tell me how you would handle a patient who comes in with a complaint, how you would handle a patient who comes in.", "read back"),
        ("empathy listening patient complaint calm polite apology understanding feelings reassurance solution teamwork escalation", "key words"),
        ("Ich höre den Leuten immer erst einmal zu, und dann versuche ich, mit ihnen zusammen eine gute Lösung zu finden.", "German"),
        (
            "On Saturdays I bake bread with my neighbour. We let the dough rest overnight, and the oven has to be very hot. The first loaf is always burnt.",
            "something else",
        ),
        ("当病人生气的时候，我会先听他说完，然后告诉他我理解他的感受。", "Mandarin"),
        ("🙂", "nothing to score"),
        (
            "Listened to her without interrupting, let them finish, understood how she felt, stayed calm, took it seriously, passed it to the right person, \
             checked they are happy.",
            "read back",
        ),
    ] {
        let scored = typed(&home, QUESTION, text);
        assert!(scored["band"].is_null() && scored["refused"].as_str().unwrap().contains(reason), "{text}: {scored}");
        assert!(scored["points"].as_array().unwrap().iter().all(|p| p["level"] == 0), "{scored}");
    }
}

#[test]
fn what_was_denied_is_not_granted() {
    let home = Home::new();
    let scored = typed(
        &home,
        QUESTION,
        "I would not listen to the patient. I would never say that I understand how they feel. I do not stay calm, and I would not promise any help.",
    );
    assert_eq!(in_state(&scored, "made"), Vec::<String>::new(), "{scored}");
    let scored = typed(
        &home,
        QUESTION,
        "I rarely listen to the patient and I seldom stay calm with them. Instead of letting them finish I send them away, which saves me a lot of time.",
    );
    assert_eq!(in_state(&scored, "made"), Vec::<String>::new(), "{scored}");
}

/// The ids of the points in a state.
fn in_state(scored: &Value, state: &str) -> Vec<String> {
    scored["points"].as_array().unwrap().iter().filter(|p| p["state"] == state).map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_harmless_is_not_called_the_contrary() {
    let home = Home::new();
    for text in [
        "First I let them tell me everything without interrupting. I tell them I am sorry about what happened and that I can see why they are angry. I tell \
         them what I will do next, and I ring the clinic while they wait. Before they leave I ask if they are satisfied with how it was handled.",
        "I would stay calm and let them finish and say I understand how they feel.",
        "I would be nice to everybody and I would try to do my best to help the patient with it.",
        "I would stay calm. If I can't solve it I bring in my supervisor, and I let them finish before that.",
    ] {
        let scored = typed(&home, QUESTION, text);
        assert!(scored["refused"].is_null() && in_state(&scored, "contradicted").is_empty(), "{text}: {scored}");
    }
    let scored = typed(
        &home,
        QUESTION,
        "I would tell them to calm down and that it is not my fault. I would not listen to the patient, there is no time for that.",
    );
    assert!(!in_state(&scored, "contradicted").is_empty(), "{scored}");
}

#[test]
fn what_is_shouted_is_no_instance() {
    let home = Home::new();
    let text = "I would stay calm and polite, let them finish, and say that I understand how they feel. Then I ring the ward at once.";
    let levels =
        |text: &str| typed(&home, QUESTION, text)["points"].as_array().unwrap().iter().map(|p| p["level"].as_u64().unwrap()).collect::<Vec<_>>();
    let (said, shouted) = (levels(text), levels(&text.to_uppercase()));
    assert!(said.contains(&2) && !said.contains(&3) && !shouted.contains(&3), "{said:?} {shouted:?}");
}

#[test]
fn many_answers_come_out_in_their_order_and_a_wrong_line_is_told_first() {
    let home = Home::new();
    let line = |question: &str, text: &str| json!({ "question": question, "text": text }).to_string();
    let lines = format!("{}\n\n{}\n", line(QUESTION, ANSWER), line("psc-extra-step", "No."));
    let out = piped(&home, &["score", "--batch", "-"], &lines).ok().out;
    let scores: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(scores.len(), 2);
    assert_eq!(scores[0], typed(&home, QUESTION, ANSWER));
    assert!(scores[1]["refused"].as_str().unwrap().contains("too few"));
    piped(&home, &["score", "--batch", "-"], &format!("{}\n{{\"question\": 3}}\n", line(QUESTION, ANSWER))).refused_with(&["line 2 is no answer"]);
    piped(&home, &["score", "--batch", "-"], &line("psc-none", "x")).refused_with(&["psc-none"]);
    fs::write(home.file("marked.jsonl"), format!("\u{feff}{}\n", line(QUESTION, ANSWER))).unwrap();
    home.viva(&["score", "--batch", home.file("marked.jsonl").to_str().unwrap()]).ok();
    home.viva(&["score", "--text", "nowhere.txt", "--question", QUESTION]).refused_with(&["nowhere.txt cannot be read"]);
    home.viva(&["score"]).code.filter(|c| *c == 2).unwrap();
}

#[test]
fn a_session_is_scored_anew_after_its_rubric_was_edited_and_says_why() {
    let home = Home::new();
    let speech =
        home.speech("answer.wav", "I would listen to the patient and let them finish. Then I would stay calm and explain the next step to them.");
    home.viva(&["practice", "--model", "demo", "--demonstration", "--question", QUESTION, "--from", speech.to_str().unwrap()]).ok();
    let report = home.session().join("01/take-1.report.json");
    let before: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    assert!(home.viva(&["score", "last", "--again"]).ok().out.contains("Nothing changed"));
    // the manager adds what was really said as evidence of another point
    let source = fs::read_to_string(support::project().join("questions/patient-services-coordinator.toml")).unwrap();
    let start = source.find(&format!("[[question]]\nid = \"{QUESTION}\"")).unwrap();
    let end = source[start + 1..].find("[[question]]").map_or(source.len(), |e| start + 1 + e);
    let words = support::text_of(&serde_json::from_slice(&fs::read(home.session().join("01/take-1.transcript.json")).unwrap()).unwrap());
    let said: Vec<&str> = words.split_whitespace().rev().take(3).collect();
    let phrase = said.iter().rev().map(|w| w.trim_end_matches(['.', ','])).collect::<Vec<_>>().join(" ");
    let block = &source[start..end];
    let at = block.rfind("evidence = [\n").unwrap() + "evidence = [\n".len();
    let last_criterion =
        block.find("[[question.red_flags]]").map_or(at, |flags| block[..flags].rfind("evidence = [\n").unwrap() + "evidence = [\n".len());
    let edited = format!("{}  \"{phrase}\",\n{}", &block[..last_criterion], &block[last_criterion..]);
    fs::create_dir_all(home.file("questions")).unwrap();
    fs::write(
        home.file("questions/mine.toml"),
        format!("schema = 1\nid = \"patient-services-coordinator\"\nrole = \"Patient Services Coordinator\"\npurpose = \"Mine.\"\n\n{edited}"),
    )
    .unwrap();
    let out = home.viva(&["score", "last", "--again"]).ok().out;
    assert!(out.contains("is new in the rubric and matches"), "{phrase}: {out}");
    let after: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    assert_ne!(after["rubric_sha256"], before["rubric_sha256"]);
    assert_eq!(after["measures"], before["measures"]);
    assert!(home.viva(&["score", "last", "--again"]).ok().out.contains("Nothing changed"));
    // an earlier version added up otherwise: its sum is not shown under today's arithmetic
    let mut old = after.clone();
    old["scorecard"]["most"] = json!(after["scorecard"]["most"].as_u64().unwrap() - 1);
    fs::write(&report, old.to_string()).unwrap();
    let out = home.viva(&["score", "last"]).ok().out;
    assert!(out.contains("added up by an earlier version") && !out.contains("weight times worth"), "{out}");
    home.viva(&["score", "last", "--again"]).ok();
    assert!(home.viva(&["score", "last"]).ok().out.contains("weight times worth"));
}

/// A language model server that gives this content once.
fn helper(content: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut length, mut line, mut first) = (0, String::new(), String::new());
            while line != "\r\n" {
                line.clear();
                reader.read_line(&mut line).unwrap();
                if first.is_empty() {
                    first.clone_from(&line);
                }
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            let body = if first.starts_with("GET") {
                json!({ "data": [{ "id": "small" }] })
            } else {
                json!({ "model": "small", "choices": [{ "message": { "content": content } }] })
            };
            let body = body.to_string();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    url
}

#[test]
fn the_helper_may_suggest_what_stands_in_the_transcript_and_never_changes_the_score() {
    let home = Home::new();
    let plain = typed(&home, QUESTION, "I would stay calm and polite with the patient, whatever they say to me, and I would speak softly.");
    let url = helper(
        r#"{"suggestions": [{"id": "listens-fully", "quote": "whatever they say to me", "advice": "Say that you let them finish."},
            {"id": "shows-understanding", "quote": "I understand you completely"}]}"#,
    );
    let arguments = ["score", "--text", "-", "--question", QUESTION, "--json", "--advisor", &url];
    let mut scored =
        piped(&home, &arguments, "I would stay calm and polite with the patient, whatever they say to me, and I would speak softly.").json();
    let suggestions = scored.as_object_mut().unwrap().remove("suggestions").unwrap();
    assert_eq!(scored, plain);
    assert_eq!(suggestions["quotes"], json!([{ "point": "listens-fully", "quote": "whatever they say to me," }]));
    assert_eq!(suggestions["dropped"], 1);
    assert_eq!(suggestions["model"], "small");
    home.viva(&["score", "--text", "Cargo.toml", "--question", QUESTION, "--advisor", "http://example.com/v1"]).refused_with(&["--allow-remote"]);
    // nobody there: the score stands, and the exit code says that something was not done
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let arguments = ["score", "--text", "-", "--question", QUESTION, "--json", "--advisor", &nobody];
    let ran = piped(&home, &arguments, ANSWER);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap(), typed(&home, QUESTION, ANSWER));
}
