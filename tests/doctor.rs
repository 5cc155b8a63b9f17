//! Would a session work here? Each thing that can be wrong with a microphone or a machine is named by its own sentence, and by no other.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::{Background, Card, Home, Ran};

const ANSWER: &str = "I live in a small town near the sea, and I had toast and tea for breakfast.";

/// A person who answers when they are told to.
fn person(home: &Home, gain: &str) -> PathBuf {
    home.speech("spoken.wav", ANSWER);
    home.sox(&["spoken.wav", "person.wav", "gain", gain, "trim", "0", "2.8"]);
    home.file("person.wav")
}

/// `viva doctor` on this card; whoever is there speaks when they are told to.
fn checked(home: &Home, card: &Card, more: &[&str], person: Option<&Path>) -> Ran {
    let all: Vec<&str> = ["doctor", "--model", "demo"].iter().chain(more).copied().collect();
    let mut command = home.command(&all);
    command.env("XDG_RUNTIME_DIR", card.folder()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut talk = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap) {
        talk.push_str(&line);
        talk.push('\n');
        if let (true, Some(person)) = (line.starts_with("Speak now"), person) {
            card.say(person);
        }
    }
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    Ran { code: child.wait().unwrap().code(), out, talk }
}

fn findings(ran: &Ran) -> Vec<Value> {
    let checkup: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    assert_eq!(checkup["ready"], ran.code == Some(0), "{ran:?}");
    checkup["findings"].as_array().unwrap().clone()
}

fn is_wrong(finding: &Value) -> bool {
    finding["state"] != "works" && finding["state"] != "not_tested"
}

/// What is wrong with the microphone, in the words for programs.
fn causes(ran: &Ran) -> Vec<String> {
    let of_microphone = findings(ran).into_iter().filter(|f| f["part"] == "microphone" && is_wrong(f));
    of_microphone.map(|f| f["cause"].as_str().unwrap().to_owned()).collect()
}

/// The only finding that is wrong with this part.
#[track_caller]
fn only(ran: &Ran, part: &str) -> Value {
    let mut found: Vec<Value> = findings(ran).into_iter().filter(|f| f["part"] == part && is_wrong(f)).collect();
    assert_eq!(found.len(), 1, "{ran:?}");
    found.remove(0)
}

/// Plays a recording into the microphone until it is dropped.
fn playing(card: &Card, recording: &Path) -> Background {
    Background::of(card.command("paplay").arg("--device=vmic").arg(recording).spawn().unwrap())
}

#[test]
fn where_a_session_works_it_says_so_with_what_was_measured() {
    let (home, card) = (Home::new(), Card::start());
    let person = person(&home, "-6");
    let ran = checked(&home, &card, &[], Some(&person)).ok();
    for part in
        ["Mic", "Speakers", "your voice was heard by the microphone \"Mic\"", "times real time here", "hours of recording", "AVX2", "espeak-ng"]
    {
        assert!(ran.out.to_lowercase().contains(&part.to_lowercase()), "\"{part}\" is not in {}", ran.out);
    }
    assert!(ran.out.contains("A session would work here") && !ran.out.contains("problem"), "{}", ran.out);
    assert!(ran.out.contains("demo model understands synthetic voices only") && ran.out.contains("viva models pull minilm"), "{}", ran.out);
    let json = checked(&home, &card, &["--json"], Some(&person)).json();
    assert_eq!(json["ready"], true);
    assert_eq!(json["microphones"][0]["name"], "Mic");
    assert!(json["speed"].as_f64().unwrap() > 0.0, "{json}");
    let voice = json["hearing"]["voice"].as_f64().unwrap();
    assert!((-35.0..-5.0).contains(&voice), "{voice}");
    assert_eq!(fs::read_dir(home.path()).unwrap().filter(|e| e.as_ref().unwrap().file_name() == "sessions").count(), 0, "nothing is left behind");
}

#[test]
fn why_only_zeros_come_is_found_out() {
    let (home, card) = (Home::new(), Card::start());
    let person = person(&home, "-6");
    let judged = |more: &[&str]| checked(&home, &card, &[&["--voice", "none", "--json"], more].concat(), Some(&person));

    card.change(&["set-source-mute", "mic", "1"]);
    let ran = judged(&[]);
    let muted = only(&ran, "microphone");
    assert_eq!((&muted["cause"], ran.code), (&"muted".into(), Some(2)));
    assert!(muted["says"].as_str().unwrap().contains("muted in the sound settings") && muted["cure"].as_str().unwrap().contains("mic 0"), "{muted}");
    card.change(&["set-source-mute", "mic", "0"]);

    card.change(&["set-source-volume", "mic", "5%"]);
    let turned_down = only(&judged(&[]), "microphone");
    assert!(turned_down["cause"] == "turned_down" && turned_down["says"].as_str().unwrap().contains("5 %"), "{turned_down}");
    card.change(&["set-source-volume", "mic", "100%"]);

    let monitor = only(&judged(&["--input", "Monitor of Speakers"]), "microphone");
    assert!(monitor["cause"] == "monitor" && monitor["cure"].as_str().unwrap().contains("--input: Mic"), "{monitor}");
    card.change(&["set-default-source", "speakers.monitor"]);
    assert_eq!(causes(&judged(&[])), ["monitor"]);
    card.change(&["set-default-source", "mic"]);

    let silent = checked(&home, &card, &["--voice", "none", "--json"], None);
    assert_eq!((causes(&silent), silent.code), (vec!["virtual_source".to_owned()], Some(2)));
}

#[test]
fn what_makes_a_voice_hard_to_hear_is_named() {
    let (home, card) = (Home::new(), Card::start());
    let judged = |person: &Path| checked(&home, &card, &["--voice", "none", "--json"], Some(person));
    let made = |name: &str, effects: &[&str]| {
        home.sox(&[&["-R", "-n", "-r", "44100", "-b", "16", "-c", "1", name], effects].concat());
        home.file(name)
    };
    let quiet = person(&home, "-30");
    let ran = judged(&quiet);
    assert_eq!((causes(&ran), ran.code), (vec!["too_quiet".to_owned()], Some(0)), "{ran:?}");

    let person = person(&home, "-8");
    home.sox(&["person.wav", "clipped.wav", "gain", "28"]);
    let clipped = judged(&home.file("clipped.wav"));
    assert_eq!((causes(&clipped), clipped.code), (vec!["clipped".to_owned()], Some(0)), "{clipped:?}");

    home.sox(&["person.wav", "left.wav", "remix", "1", "0"]);
    let left = only(&judged(&home.file("left.wav")), "microphone");
    assert!(left["cause"] == "dead_channel" && left["says"].as_str().unwrap().contains("the right one hears nothing"), "{left}");

    let hum = made("hum.wav", &["synth", "20", "sine", "50", "sine", "150", "sine", "100", "remix", "1-3", "gain", "-34"]);
    let humming = playing(&card, &hum);
    let ran = judged(&person);
    drop(humming);
    assert_eq!((causes(&ran), ran.code), (vec!["hum".to_owned()], Some(0)), "{ran:?}");
    assert!(only(&ran, "microphone")["says"].as_str().unwrap().contains("50 Hz"));

    let fan = playing(&card, &made("fan.wav", &["synth", "20", "pinknoise", "gain", "-18"]));
    let ran = judged(&person);
    drop(fan);
    assert_eq!(causes(&ran), ["noise"], "{ran:?}");

    let room = playing(&card, &made("room.wav", &["synth", "20", "pinknoise", "gain", "-48"]));
    let nobody = checked(&home, &card, &["--voice", "none", "--json"], None);
    let well = judged(&person);
    drop(room);
    assert_eq!((causes(&nobody), nobody.code), (vec!["nobody_spoke".to_owned()], Some(2)));
    assert!(causes(&well).is_empty(), "{well:?}");
}

#[test]
fn a_loudspeaker_in_the_microphone_and_a_telephone_are_told() {
    let (home, card) = (Home::new(), Card::start());
    let person = person(&home, "-6");
    card.change(&["load-module", "module-loopback", "source=speakers.monitor", "sink=vmic", "latency_msec=60"]);
    let ran = checked(&home, &card, &["--json"], Some(&person));
    let heard = only(&ran, "microphone");
    assert_eq!((&heard["cause"], ran.code), (&"loudspeaker_heard".into(), Some(0)));
    assert!(heard["cure"].as_str().unwrap().contains("headset"), "{heard}");
    // the loudspeaker is nobody who spoke
    assert_eq!(causes(&checked(&home, &card, &["--json"], None)), ["loudspeaker_heard", "nobody_spoke"]);

    card.change(&["load-module", "module-null-sink", "sink_name=line", "rate=8000", "channels=1"]);
    card.change(&["load-module", "module-remap-source", "master=line.monitor", "source_name=phone", "source_properties=device.description=Phone"]);
    let into_the_phone = home.file("phone.wav");
    fs::copy(&person, &into_the_phone).unwrap();
    card.change(&["load-module", "module-loopback", "source=vmic.monitor", "sink=line", "latency_msec=60"]);
    let phone = only(&checked(&home, &card, &["--json", "--voice", "none", "--input", "phone"], Some(&into_the_phone)), "microphone");
    assert!(phone["cause"] == "telephone_quality" && phone["says"].as_str().unwrap().contains("8000"), "{phone}");
}

#[test]
fn without_a_microphone_or_a_test_of_it_nothing_is_said_to_work() {
    let home = Home::new();
    let none = home.viva(&["doctor", "--model", "demo", "--json"]);
    assert_eq!((causes(&none), none.code), (vec!["no_microphone".to_owned()], Some(2)), "{none:?}");
    let shown = home.viva(&["doctor", "--model", "demo"]);
    assert!(shown.out.contains("problem") && shown.out.contains("A session would not work here yet"), "{shown:?}");
    let card = Card::start();
    let left_out = checked(&home, &card, &["--no-microphone"], None).ok();
    assert!(!left_out.talk.contains("Speak now"), "{left_out:?}");
    assert!(left_out.out.contains("as far as was tested: the microphone was not"), "{left_out:?}");
    let unknown = checked(&home, &card, &["--json", "--input", "webcam"], None);
    assert!(only(&unknown, "microphone")["says"].as_str().unwrap().contains("no microphone called \"webcam\""));
    assert_eq!(unknown.code, Some(2));
    let unknown = checked(&home, &card, &["--json", "--no-microphone", "--output", "radio"], None);
    assert_eq!((only(&unknown, "loudspeaker")["state"].as_str(), unknown.code), (Some("prevents"), Some(2)));
}

#[test]
fn a_model_that_is_missing_or_changed_and_a_folder_that_cannot_be_written_prevent_a_session() {
    let home = Home::new();
    let speech = person(&home, "-6");
    let judged = |model: &str| home.viva(&["doctor", "--model", model, "--json", "--from", speech.to_str().unwrap()]);
    assert_eq!(judged("demo").code, Some(0));

    let missing = judged("base.en");
    let finding = only(&missing, "model");
    assert_eq!((&finding["cause"], missing.code), (&"missing".into(), Some(2)));
    assert!(finding["cure"].as_str().unwrap().contains("viva models pull base.en"), "{finding}");

    // the hash that was remembered of the whole file is not asked: only its time of change is put back
    let model = home.file("models/ggml-viva-demo-q8_0.bin");
    let (whole, changed) = (fs::read(&model).unwrap(), fs::metadata(&model).unwrap().modified().unwrap());
    let mut tampered = whole.clone();
    tampered[9_000_000] ^= 1;
    fs::write(&model, &tampered).unwrap();
    fs::File::options().write(true).open(&model).unwrap().set_modified(changed).unwrap();
    let broken = judged("demo");
    let finding = only(&broken, "model");
    assert_eq!((&finding["cause"], broken.code), (&"broken".into(), Some(2)));
    assert!(finding["says"].as_str().unwrap().contains("not what was published") && finding["cure"] == "run `viva models pull demo`", "{finding}");
    fs::write(&model, whole).unwrap();

    // also for root, who may write anywhere
    fs::write(home.file("sessions"), "a file where the folder should be").unwrap();
    let unwritable = judged("demo");
    let finding = only(&unwritable, "sessions");
    assert_eq!((&finding["cause"], unwritable.code), (&"unwritable".into(), Some(2)));
    assert!(finding["cure"].as_str().unwrap().contains("VIVA_HOME"), "{finding}");
}

#[test]
fn a_recording_is_judged_in_place_of_the_microphone() {
    let home = Home::new();
    let judged = |name: &str| home.viva(&["doctor", "--model", "demo", "--json", "--from", home.file(name).to_str().unwrap()]);
    person(&home, "-6");
    let well = judged("person.wav");
    assert!(causes(&well).is_empty());
    // nobody is told that the microphone works
    assert!(findings(&well).iter().any(|f| f["part"] == "microphone" && f["state"] == "not_tested"), "{well:?}");
    home.sox(&["-D", "-n", "-r", "16000", "-b", "16", "zeros.wav", "trim", "0", "3"]);
    let zeros = judged("zeros.wav");
    assert_eq!((causes(&zeros), zeros.code), (vec!["only_zeros".to_owned()], Some(2)));
    home.sox(&["person.wav", "one-side.wav", "remix", "0", "1"]);
    let one_side = only(&judged("one-side.wav"), "microphone");
    assert!(one_side["says"].as_str().unwrap().contains("the left one hears nothing"), "{one_side}");
    home.viva(&["doctor", "--from", "nowhere.wav"]).refused_with(&["there is no file nowhere.wav"]);
}

/// The notes of a `viva practice` that is left at once.
fn begun(home: &Home, card: &Card) -> Vec<String> {
    let mut command = home.command(&["practice", "--model", "demo", "--voice", "none", "--question", "psc-extra-step"]);
    command.env("XDG_RUNTIME_DIR", card.folder()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap) {
        if line.contains("Your turn") {
            for _ in 0..2 {
                assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
            }
        }
        lines.push(line);
    }
    child.wait().unwrap();
    lines.retain(|l| l.contains("microphone"));
    lines
}

#[test]
fn before_a_first_session_what_would_ruin_it_is_told_in_a_line_and_it_goes_on() {
    let (home, card) = (Home::new(), Card::start());
    card.change(&["set-source-mute", "mic", "1"]);
    let lines = begun(&home, &card);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("note: the microphone \"Mic\" is muted") && lines[0].contains("switch it on"), "{lines:?}");
    card.change(&["set-source-mute", "mic", "0"]);
    // the answer that was begun is a session: nothing is said before a second one
    assert_eq!(fs::read_dir(home.file("sessions")).unwrap().count(), 1);
    assert!(begun(&home, &card).is_empty());

    let home = Home::new();
    home.sox(&["-R", "-n", "-r", "44100", "-b", "16", "room.wav", "synth", "30", "pinknoise", "gain", "-45"]);
    let room = playing(&card, &home.file("room.wav"));
    let lines = begun(&home, &card);
    drop(room);
    assert_eq!(lines, ["The microphone \"Mic\" hears the room."]);
}
