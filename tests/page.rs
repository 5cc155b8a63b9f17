//! The review page: in a real browser, as a file and served; what of it is silent where words are masked; and who is served and who is not.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

#[path = "page/session.rs"]
mod session;
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use session::{BAD, NAME, Served, harm, interview};
use support::kept::{as_a_person, copied, name, text, written_down};
use support::{Home, project};

/// Between the beginnings of two words.
const APART: usize = 350;

#[test]
fn the_page_works_in_a_browser() {
    let home = Home::new();
    let session = interview(&home);
    let pages = home.file("pages");
    fs::create_dir(&pages).unwrap();
    let export = |session: &Path, file: &str, more: &[&str]| {
        let file = pages.join(file);
        let arguments: Vec<&str> = ["export", name(session), "--html", text(&file)].iter().chain(more).copied().collect();
        home.viva(&arguments).ok();
        fs::read(file).unwrap()
    };
    let has_name = |page: &[u8]| page.windows(NAME.len()).any(|w| w == NAME.as_bytes());
    assert!(has_name(&export(&session, "plain.html", &[])), "the name stands where it is not masked");
    export(&session, "coach.html", &["--coach"]);
    export(&session, "silent.html", &["--no-audio"]);
    export(&session, "one.html", &["--question", "1"]);
    assert!(!has_name(&export(&session, "redacted.html", &["--redact", "--yes"])));
    let hostile = copied(&session, "2026-01-05");
    harm(&home, &hostile);
    export(&hostile, "hostile.html", &[]);
    for day in ["2026-02-01", "2026-02-08", "2026-02-15"] {
        as_a_person(&copied(&session, day));
    }

    let served = Served::start(&home, &session);
    let facts = json!({
        "viva": env!("CARGO_BIN_EXE_viva"), "home": home.path(), "session": session, "name": name(&session), "served": served.address, "bad": BAD,
    });
    fs::write(pages.join("facts.json"), facts.to_string()).unwrap();
    let looked = Command::new("node").arg(project().join("tests/page/page.mjs")).arg(&pages).output();
    let looked = looked.expect("node is missing: run scripts/setup test, then scripts/page-kit");
    let (out, talk) = (String::from_utf8_lossy(&looked.stdout), String::from_utf8_lossy(&looked.stderr));
    assert!(looked.status.success(), "{out}\n{talk}");
    assert!(out.lines().filter(|l| l.starts_with("ok ")).count() >= 22, "{out}");
}

/// A session of one answer whose words are known, with their sound.
fn told(home: &Home, words: &str) -> PathBuf {
    let folder = written_down(home, "Tell me how you would help.", words, None, APART);
    fs::rename(home.speech("said.wav", words), folder.join("01/take-1.wav")).unwrap();
    folder
}

/// The samples of a sound that stands in a page, at 16 kHz.
fn sound_of(home: &Home, page: &[u8], recording: &str) -> Vec<f32> {
    let after =
        |bytes: &[u8], what: &str| bytes.windows(what.len()).position(|w| w == what.as_bytes()).expect("the sound is in the page") + what.len();
    let begin = &page[after(page, &format!("data-sound=\"{recording}\">"))..];
    let written = &begin[..after(begin, "</script>") - "</script>".len()];
    let (mut sound, mut escaped) = (Vec::new(), false);
    for byte in written {
        if escaped || *byte != b'=' {
            sound.push(if escaped { byte ^ 64 } else { *byte });
        }
        escaped = !escaped && *byte == b'=';
    }
    let file = home.file("sound.flac");
    fs::write(&file, sound).unwrap();
    let read = viva_voce::sound::source::read(&file).unwrap();
    assert_eq!(read.clip.rate, 16_000);
    read.clip.samples
}

#[test]
#[cfg(feature = "import")] // reads FLAC
fn where_words_are_masked_the_sound_in_the_page_holds_nothing_and_elsewhere_all() {
    let home = Home::new();
    let session =
        told(&home, "There was a lady who was called Mrs Alvarez and I stayed with her until her daughter came to the ward in the evening.");
    let export = |more: &[&str]| {
        let file = home.file("page.html");
        let arguments: Vec<&str> = ["export", name(&session), "--html", text(&file)].iter().chain(more).copied().collect();
        home.viva(&arguments).ok();
        fs::read(file).unwrap()
    };
    let (open, masked) = (sound_of(&home, &export(&[]), "q1t1"), sound_of(&home, &export(&["--redact", "--yes"]), "q1t1"));
    assert_eq!(open.len(), masked.len());
    // words 7 and 8, and 80 ms on each side; where the silence begins, a filter of the resampler rings for some milliseconds
    let sample = |ms: usize| ms * 16;
    let silent = sample(7 * APART - 80 + 20)..sample(8 * APART + 300 + 80 - 20);
    assert!(open[silent.clone()].iter().any(|s| s.abs() > 0.05), "something was said there");
    assert!(masked[silent.clone()].iter().all(|s| *s == 0.0));
    let around = sample(7 * APART - 80 - 20)..sample(8 * APART + 300 + 80 + 20);
    let alike = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.001);
    assert!(
        alike(&open[..around.start], &masked[..around.start]) && alike(&open[around.end..], &masked[around.end..]),
        "elsewhere nothing is taken away"
    );
    assert!([&masked[..around.start], &masked[around.end..]].iter().all(|rest| rest.iter().any(|s| s.abs() > 0.05)), "elsewhere it is heard");
}

/// What a server answers to a request as it was written.
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn to(served: &Served, request: &str) -> Self {
        let mut stream = TcpStream::connect(host(served)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|w| w == b"\r\n\r\n").expect("an answer has a head");
        Self { head: String::from_utf8(all[..end].to_vec()).unwrap().to_lowercase(), body: all[end + 4..].to_vec() }
    }

    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

fn host(served: &Served) -> &str {
    served.address.strip_prefix("http://").unwrap().split('/').next().unwrap()
}

fn token(served: &Served) -> &str {
    served.address.trim_end_matches('/').rsplit('/').next().unwrap()
}

#[test]
fn only_who_has_the_address_is_served_and_only_what_belongs_to_the_page() {
    let home = Home::new();
    let session = told(&home, "I would listen to the patient and stay calm.");
    let served = Served::start(&home, &session);
    let (host, token) = (host(&served).to_owned(), token(&served).to_owned());
    assert!(host.starts_with("127.0.0.1:") && token.len() == 32, "{}", served.address);
    let ask = |method: &str, path: &str, more: &str| Answer::to(&served, &format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n{more}\r\n"));
    let ours = format!("Host: {host}\r\n");
    let page = format!("/{token}/");
    let sound = format!("/{token}/01/take-1.wav");

    let answer = ask("GET", &page, &ours);
    assert_eq!((answer.status(), answer.field("content-type")), (200, Some("text/html; charset=windows-1252")));
    assert!(answer.body.starts_with(b"<!DOCTYPE html>"));
    for (field, value) in [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store")] {
        assert_eq!(answer.field(field), Some(value));
    }
    assert!(answer.field("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(answer.field("access-control-allow-origin").is_none());
    let localhost = host.replace("127.0.0.1", "localhost");
    for same in [format!("Host: {localhost}\r\n"), format!("{ours}Origin: http://{host}\r\n")] {
        assert_eq!(ask("GET", &page, &same).status(), 200, "{same}");
    }

    // other names, other sites, other ports
    for strange in [
        String::new(),
        "Host: viva.example\r\n".to_owned(),
        "Host: 127.0.0.1\r\n".to_owned(),
        format!("Host: {host}.viva.example\r\n"),
        format!("{ours}Origin: https://viva.example\r\n"),
        format!("{ours}Origin: null\r\n"),
        format!("{ours}Origin: http://127.0.0.1:1\r\n"),
        format!("{ours}Origin: https://{host}\r\n"),
    ] {
        let answer = ask("GET", &page, &strange);
        assert!(answer.status() == 403 && !answer.body.windows(4).any(|w| w == b"html"), "{strange}: {}", answer.head);
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(ask(method, &page, &format!("{ours}Content-Length: 0\r\n")).status(), 405, "{method}");
    }
    let wrong = format!("/{}/", "0".repeat(32));
    let paths = ["/", "/favicon.ico", &wrong, &format!("/{token}"), &format!("/{token}x/"), &format!("/{}/", &token[..31]), &format!("//{token}/")];
    for path in paths.map(str::to_owned) {
        assert_eq!(ask("GET", &path, &ours).status(), 404, "{path}");
    }
    // the files beside the sounds, and those above them
    for path in [
        "session.json",
        "01/question.json",
        "01/take-1.transcript.json",
        "../session.json",
        "01/../session.json",
        "%2e%2e/session.json",
        "/etc/passwd",
    ] {
        let answer = ask("GET", &format!("/{token}/{path}"), &ours);
        assert_eq!(answer.status(), 404, "{path}");
    }
    for way in ["../../../../../../etc/passwd", "01/../01/take-1.wav", "01/take-1.wav/", "01\\take-1.wav", "01/%2e/take-1.wav"] {
        assert_eq!(ask("GET", &format!("/{token}/{way}"), &ours).status(), 404, "{way}");
    }
    for garbage in ["GET\r\n\r\n", "\0\0\0\r\n\r\n", "GET /  HTTP/9.9\r\n\r\n"] {
        assert_eq!(Answer::to(&served, garbage).status(), 400, "{garbage:?}");
    }

    // a player asks for parts
    let whole = fs::read(session.join("01/take-1.wav")).unwrap();
    let length = whole.len();
    let answer = ask("GET", &sound, &ours);
    assert_eq!((answer.status(), answer.field("content-type"), answer.field("accept-ranges")), (200, Some("audio/wav"), Some("bytes")));
    assert!(answer.body == whole);
    for (range, part) in [
        ("0-".to_owned(), 0..length),
        ("100-199".to_owned(), 100..200),
        ("-50".to_owned(), length - 50..length),
        (format!("{}-999999999", length - 9), length - 9..length),
    ] {
        let answer = ask("GET", &sound, &format!("{ours}Range: bytes={range}\r\n"));
        assert_eq!((answer.status(), answer.field("content-length")), (206, Some(part.len().to_string().as_str())), "{range}");
        assert_eq!(answer.field("content-range"), Some(format!("bytes {}-{}/{length}", part.start, part.end - 1).as_str()));
        assert!(answer.body == whole[part], "{range}");
    }
    let answer = ask("GET", &sound, &format!("{ours}Range: bytes={length}-\r\n"));
    assert_eq!((answer.status(), answer.field("content-range")), (416, Some(format!("bytes */{length}").as_str())));
    assert!(ask("GET", &sound, &format!("{ours}Range: bytes=5-4\r\n")).body == whole, "what is no range is not looked at");
    let answer = ask("HEAD", &sound, &ours);
    assert_eq!((answer.status(), answer.field("content-length"), answer.body.len()), (200, Some(length.to_string().as_str()), 0));
    assert_eq!(ask("GET", &sound, "Host: viva.example\r\n").status(), 403);
}

#[test]
fn who_says_nothing_or_too_much_keeps_nobody_else_waiting() {
    let home = Home::new();
    let session = told(&home, "I would listen to the patient and stay calm.");
    let served = Served::start(&home, &session);
    let (host, token) = (host(&served).to_owned(), token(&served).to_owned());
    let before = fs::read(session.join("01/take-1.wav")).unwrap();
    // more than are served at once, half of them in the middle of a word
    let silent: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(&host).unwrap()).collect();
    for mut stream in silent.iter().take(100) {
        stream.write_all(b"GET ").unwrap();
    }
    let mut huge = TcpStream::connect(&host).unwrap();
    huge.write_all(format!("POST /{token}/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100000000000\r\n\r\n").as_bytes()).unwrap();
    let page = format!("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(Answer::to(&served, &page).status(), 200);
    drop((silent, huge));
    assert!(fs::read(session.join("01/take-1.wav")).unwrap() == before);
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_out_of_a_session_is_not_served() {
    let home = Home::new();
    let session = told(&home, "I would listen to the patient and stay calm.");
    let secret = home.file("secret.wav");
    fs::rename(session.join("01/take-1.wav"), &secret).unwrap();
    std::os::unix::fs::symlink(&secret, session.join("01/take-1.wav")).unwrap();
    let served = Served::start(&home, &session);
    let (host, token) = (host(&served), token(&served));
    let sound = format!("GET /{token}/01/take-1.wav HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(Answer::to(&served, &sound).status(), 404);
}
