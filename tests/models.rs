//! Bringing a model: from a folder, from a mirror that breaks off, and never a wrong one.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use support::{DEMO_MODEL, Home, Ran, project};

const NAME: &str = "ggml-viva-demo-q8_0.bin";

fn model() -> Vec<u8> {
    fs::read(project().join(DEMO_MODEL)).unwrap()
}

fn empty_home() -> Home {
    let home = Home::new();
    fs::remove_dir_all(home.file("models")).unwrap();
    home
}

/// A mirror that serves `content`, at most `most` bytes an answer, with ranges. Gives its address and the ranges it was asked for.
fn mirror(content: Vec<u8>, most: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/models", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines: Vec<String> = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap).take_while(|l| !l.is_empty()).collect();
            let found = lines[0].contains(&format!("/models/{NAME} "));
            let range = lines.iter().find_map(|l| l.to_lowercase().strip_prefix("range: bytes=").map(|r| r.trim_end_matches('-').to_owned()));
            log.lock().unwrap().push(range.clone().unwrap_or_default());
            let start: usize = range.as_ref().map_or(0, |r| r.parse().unwrap());
            let head = match (found, range) {
                (false, _) => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
                (_, None) => format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", content.len()),
                _ => format!(
                    "HTTP/1.1 206 Partial Content\r\ncontent-length: {}\r\ncontent-range: bytes {start}-{}/{}\r\nconnection: close\r\n\r\n",
                    content.len() - start,
                    content.len() - 1,
                    content.len()
                ),
            };
            // the client may have gone; that is its affair
            let _ = stream.write_all(head.as_bytes());
            if found {
                let _ = stream.write_all(&content[start..(start.saturating_add(most)).min(content.len())]);
            }
        }
    });
    (address, asked)
}

#[test]
fn a_download_that_breaks_off_goes_on_where_it_stopped() {
    let home = empty_home();
    let whole = model();
    let most = whole.len() * 2 / 5;
    let (address, asked) = mirror(whole.clone(), most);
    let pull = || home.viva(&["models", "pull", "demo", "--from", &address]);
    pull().refused_with(&["could not be fetched", "run the same command again"]);
    pull().refused_with(&["could not be fetched"]);
    let ran = pull().ok();
    assert!(ran.talk.contains("demo is here and verified"), "{ran:?}");
    assert_eq!(*asked.lock().unwrap(), [String::new(), most.to_string(), (2 * most).to_string()]);
    assert_eq!(fs::read(home.file("models").join(NAME)).unwrap(), whole);
    assert!(!home.file("models").join(format!("{NAME}.part")).exists());
    // what is here is not fetched again
    pull().ok();
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[test]
fn a_model_of_other_content_is_refused_and_does_not_stand_in_the_way() {
    let home = empty_home();
    let mut tampered = model();
    tampered[5_000_000] ^= 1;
    let (address, _) = mirror(tampered, usize::MAX);
    home.viva(&["models", "pull", "demo", "--from", &address]).refused_with(&["its content is not what was published"]);
    assert_eq!(fs::read_dir(home.file("models")).unwrap().count(), 0);
    let (address, _) = mirror(model(), usize::MAX);
    home.viva(&["models", "pull", "demo", "--from", &address]).ok();
}

#[test]
fn a_model_comes_from_a_folder_too() {
    let home = empty_home();
    home.viva(&["models", "pull", "demo"]).refused_with(&["comes with the program"]);
    home.viva(&["models", "pull", "demo", "--from", "/nowhere"]).refused_with(&["/nowhere"]);
    home.viva(&["models", "pull", "demo", "--from", "models"]).ok();
    let path = home.viva(&["models", "path", "demo"]).ok().out;
    assert_eq!(Path::new(path.trim()), home.file("models").join(NAME));
    assert!(home.viva(&["models", "verify"]).ok().out.contains("demo is what was published"));
    let listed = home.viva(&["models", "list", "--json"]).json();
    let here: Vec<&str> = listed.as_array().unwrap().iter().filter(|m| m["installed"] == true).map(|m| m["name"].as_str().unwrap()).collect();
    assert_eq!(here, ["demo"]);
}

#[test]
fn verify_finds_a_file_that_went_bad() {
    let home = Home::new();
    let path = home.file("models").join(NAME);
    let mut content = model();
    content[9_000_000] ^= 1;
    fs::write(&path, content).unwrap();
    home.viva(&["models", "verify", "demo"]).refused_with(&["its content is not what was published", "viva models pull demo"]);
    home.viva(&["models", "verify", "gigantic"]).refused_with(&["there is no model \"gigantic\""]);
}

/// The demo model with one bit of its last matrix turned: as long as before, and whole by its own table.
fn tampered() -> Vec<u8> {
    let mut content = model();
    *content.last_mut().unwrap() ^= 1;
    content
}

#[test]
fn a_beginning_of_something_else_is_fetched_anew_in_the_same_pull() {
    for beginning in [vec![7; 1_000_000], tampered()] {
        let home = empty_home();
        fs::create_dir(home.file("models")).unwrap();
        fs::write(home.file("models").join(format!("{NAME}.part")), &beginning).unwrap();
        let (address, asked) = mirror(model(), usize::MAX);
        home.viva(&["models", "pull", "demo", "--from", &address]).ok();
        assert_eq!(fs::read(home.file("models").join(NAME)).unwrap(), model());
        assert_eq!(asked.lock().unwrap().last().unwrap(), "", "from the start");
    }
}

#[test]
fn a_second_pull_of_a_model_says_that_it_is_being_fetched() {
    let home = empty_home();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/models", listener.local_addr().unwrap());
    let (asked, was_asked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap).take_while(|l| !l.is_empty()).for_each(drop);
        asked.send(()).unwrap();
        may_go_on.recv().unwrap();
        let content = model();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", content.len()).unwrap();
        stream.write_all(&content).unwrap();
    });
    let pull = ["models", "pull", "demo", "--from", &address];
    let first = home.command(&pull).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    was_asked.recv().unwrap();
    home.viva(&pull).refused_with(&["another viva is fetching demo at this moment"]);
    home.viva(&["models", "pull", "demo", "--from", "models"]).refused_with(&["another viva is fetching demo"]);
    go_on.send(()).unwrap();
    Ran::of(first.wait_with_output().unwrap()).ok();
    server.join().unwrap();
    home.viva(&["models", "verify", "demo"]).ok();
}

#[test]
fn a_source_that_is_no_file_or_never_ends_is_refused() {
    let home = empty_home();
    home.viva(&["models", "pull", "demo", "--from", "/dev/zero"]).refused_with(&["/dev/zero is no file"]);
    let longer = home.file("longer.bin");
    fs::write(&longer, [model(), vec![0; 5_000_000]].concat()).unwrap();
    home.viva(&["models", "pull", "demo", "--from", longer.to_str().unwrap()]).refused_with(&["the file has more than 17 MB, expected 17 MB"]);
    assert_eq!(fs::read_dir(home.file("models")).unwrap().count(), 0);
}

#[test]
fn a_model_that_was_changed_behind_its_size_and_time_is_not_used() {
    let home = Home::new();
    let path = home.file("models").join(NAME);
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    home.viva(&["models", "path", "demo"]).ok();
    fs::write(&path, tampered()).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    home.viva(&["models", "path", "demo"]).refused_with(&["its content is not what was published", "viva models pull demo"]);
    let answer = home.speech("answer.wav", "I listened.");
    home.viva(&["transcribe", answer.to_str().unwrap(), "--model", "demo"]).refused_with(&["its content is not what was published"]);
    home.viva(&["models", "pull", "demo", "--from", "models"]).ok();
    home.viva(&["models", "path", "demo"]).ok();
}

#[test]
fn a_damaged_memory_of_a_hash_hides_no_good_model_and_an_old_one_helps_no_bad_one() {
    let home = Home::new();
    let path = home.file("models").join(NAME);
    home.viva(&["models", "path", "demo"]).ok();
    let remembered = || -> Vec<_> { fs::read_dir(home.file("cache/hashes")).unwrap().map(|e| e.unwrap().path()).collect() };
    let published = fs::read(&remembered()[0]).unwrap();
    for damaged in ["", "00", &"z".repeat(64), &"0".repeat(64), &"0".repeat(65)] {
        for file in remembered() {
            fs::write(file, damaged).unwrap();
        }
        home.viva(&["models", "path", "demo"]).ok();
        assert_eq!(fs::read(&remembered()[0]).unwrap(), published, "{damaged:?} is put right");
    }
    fs::write(&path, tampered()).unwrap();
    for file in remembered() {
        fs::write(file, &published).unwrap();
    }
    home.viva(&["models", "path", "demo"]).refused_with(&["its content is not what was published"]);
}

#[test]
fn a_model_that_changed_between_its_verification_and_its_loading_is_not_loaded() {
    let home = Home::new();
    let path = home.file("models").join(NAME);
    let engine = ["engine", "--model", path.to_str().unwrap(), "--name", "demo", "--demo", "--stamp", "17464602.1"];
    let ran = home.command(&engine).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("unusable") && said.contains("it was changed after it had been verified"), "{said}");
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    fn pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn nothing_is_written_through_a_link_and_no_pipe_is_waited_for() {
        let home = empty_home();
        let (models, victim) = (home.file("models"), home.file("diary.txt"));
        let (file, part) = (models.join(NAME), models.join(format!("{NAME}.part")));
        fs::create_dir(&models).unwrap();
        fs::write(&victim, "Dear diary").unwrap();
        let pull = || home.viva(&["models", "pull", "demo", "--from", "models"]);
        for place in [&part, &file] {
            symlink(&victim, place).unwrap();
            pull().ok();
            assert!(fs::symlink_metadata(&file).unwrap().is_file());
            fs::remove_file(&file).unwrap();
            pipe(place);
            pull().ok();
            assert!(fs::symlink_metadata(&file).unwrap().is_file());
            fs::remove_file(&file).unwrap();
            fs::create_dir(place).unwrap();
            pull().refused_with(&["is a folder, where a model's file should lie; move it away"]);
            fs::remove_dir(place).unwrap();
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "Dear diary");
        assert_eq!(fs::read_dir(&models).unwrap().count(), 0);
    }

    #[test]
    fn a_models_own_folder_that_leads_elsewhere_is_not_written_into() {
        let home = Home::new();
        let elsewhere = home.file("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, home.file("models/minilm")).unwrap();
        home.viva(&["models", "pull", "minilm", "--from", "models"]).refused_with(&["models/minilm is a link to another folder"]);
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    }

    #[test]
    fn a_link_to_a_model_is_used_only_if_what_it_leads_to_is_what_was_published() {
        let home = empty_home();
        fs::create_dir(home.file("models")).unwrap();
        let kept = home.file("large-disk.bin");
        fs::write(&kept, model()).unwrap();
        symlink(&kept, home.file("models").join(NAME)).unwrap();
        home.viva(&["models", "path", "demo"]).ok();
        fs::write(&kept, tampered()).unwrap();
        home.viva(&["models", "path", "demo"]).refused_with(&["its content is not what was published"]);
    }

    #[test]
    fn a_pipe_or_a_folder_is_no_model() {
        let home = Home::new();
        let (never, answer) = (home.file("never.bin"), home.speech("answer.wav", "I listened."));
        pipe(&never);
        for path in [&never, &home.file("models")] {
            let typed = ["transcribe", answer.to_str().unwrap(), "--model", path.to_str().unwrap()];
            home.viva(&typed).refused_with(&["it is no file"]);
        }
        let empty = empty_home();
        empty.viva(&["models", "pull", "demo", "--from", never.to_str().unwrap()]).refused_with(&["never.bin is no file"]);
    }

    #[test]
    fn names_of_models_are_no_paths() {
        let home = Home::new();
        for name in ["../demo", "/etc/passwd", "minilm/../demo", ".", ""] {
            home.viva(&["models", "pull", name, "--from", "models"]).refused_with(&["there is no model"]);
        }
    }
}
