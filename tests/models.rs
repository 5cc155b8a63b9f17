//! Bringing a model: from a folder, from a mirror that breaks off, and never a wrong one.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use support::{DEMO_MODEL, Home, project};

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
                let _ = stream.write_all(&content[start..(start + most).min(content.len())]);
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
