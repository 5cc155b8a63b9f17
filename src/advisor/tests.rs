//! Against small servers of our own, on the loopback.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::*;

const WORDS: &[&str] = &["I", "told", "the", "nurse", "at", "once."];
const POINTS: &[Missing] = &[Missing { id: "tells", point: "tells somebody" }, Missing { id: "learns", point: "says what was learned" }];

/// Answers one connection each, in turn; gives what was asked: the first line and the body.
fn serve(listener: TcpListener, answers: Vec<Vec<u8>>) -> JoinHandle<Vec<(String, String)>> {
    std::thread::spawn(move || {
        let serve_one = |answer: Vec<u8>| {
            let (mut stream, _) = listener.accept().unwrap();
            let asked = read_request(&stream);
            // a client that has heard enough hangs up
            _ = stream.write_all(&answer);
            asked
        };
        answers.into_iter().map(serve_one).collect()
    })
}

fn read_request(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut lines: Vec<String> = Vec::new();
    while lines.last().is_none_or(|l| l != "\r\n") {
        lines.push(String::new());
        reader.read_line(lines.last_mut().unwrap()).unwrap();
    }
    let length = lines.iter().find_map(|l| l.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    (lines[0].trim().to_owned(), String::from_utf8(body).unwrap())
}

fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes()
}

fn says(content: &str) -> Vec<u8> {
    http("200 OK", &json!({ "model": "served", "choices": [{ "message": { "content": content } }] }).to_string())
}

fn models() -> Vec<u8> {
    http("200 OK", r#"{"data":[{"id":"first:7b"},{"id":"second"}]}"#)
}

const GOOD: &str = r#"{"suggestions":[{"id":"learns","advice":"Say what you do differently since."},{"id":"tells","quote":"told the nurse"}]}"#;

fn good(model: &str) -> Suggestions {
    Suggestions {
        model: model.to_owned(),
        quotes: vec![Suggested { point: "tells".to_owned(), words: 1..4 }],
        advice: vec![("learns".to_owned(), "Say what you do differently since.".to_owned())],
        dropped: 0,
    }
}

/// What becomes of one answer to the question, the model's name being given.
fn outcome(answer: Vec<u8>) -> Result<Suggestions, AdvisorError> {
    let (listener, url) = listener();
    let server = serve(listener, vec![answer]);
    let outcome = Advisor::new(&url, false, Some("given")).unwrap().suggest("Why?", POINTS, WORDS);
    server.join().unwrap();
    outcome
}

#[test]
fn a_good_answer() {
    let (listener, url) = listener();
    let server = serve(listener, vec![models(), says(GOOD)]);
    let advisor = Advisor::new(&format!("{url}/v1/"), false, None).unwrap();
    assert_eq!(advisor.suggest("Why?", POINTS, WORDS), Ok(good("first:7b")));
    let asked = server.join().unwrap();
    assert_eq!((asked[0].0.as_str(), asked[1].0.as_str()), ("GET /v1/models HTTP/1.1", "POST /v1/chat/completions HTTP/1.1"));
    let body: Value = serde_json::from_str(&asked[1].1).unwrap();
    assert_eq!(body["model"], "first:7b");
    assert!(body["messages"][1]["content"].as_str().unwrap().contains("I told the nurse at once."));
}

#[test]
fn lenient_with_form_strict_with_content() {
    assert_eq!(outcome(says(&format!("Of course!\n```json\n{GOOD}\n```"))), Ok(good("given")));
    let invented = outcome(says(r#"{"suggestions":[{"id":"tells","quote":"I told the doctor"},{"id":"other","quote":"told the nurse"}]}"#));
    assert_eq!(invented, Ok(Suggestions { model: "given".to_owned(), dropped: 2, ..Suggestions::default() }));
}

#[test]
fn servers_that_know_less() {
    let (listener, url) = listener();
    let server = serve(listener, vec![http("404 Not Found", "no"), http("400 Bad Request", "response_format?"), says(GOOD)]);
    assert_eq!(Advisor::new(&url, false, None).unwrap().suggest("Why?", POINTS, WORDS), Ok(good("served")));
    let asked = server.join().unwrap();
    assert!(asked[1].1.contains("response_format") && !asked[2].1.contains("response_format") && !asked[2].1.contains("\"model\""));
}

#[test]
fn no_model_there() {
    let (listener, url) = listener();
    let server = serve(listener, vec![http("200 OK", r#"{"data":[]}"#)]);
    let refused = Advisor::new(&url, false, None).unwrap().suggest("Why?", POINTS, WORDS);
    assert!(matches!(refused, Err(AdvisorError::NoModel { .. })), "{refused:?}");
    server.join().unwrap();
}

#[test]
fn answers_that_are_none() {
    let not_understood = [
        http("200 OK", "<html>hello</html>"),
        http("200 OK", ""),
        http("200 OK", "{}"),
        says("I cannot help with that."),
        says(""),
        b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc".to_vec(),
    ];
    for answer in not_understood {
        let text = String::from_utf8_lossy(&answer).into_owned();
        let refused = outcome(answer);
        assert!(matches!(refused, Err(AdvisorError::NotUnderstood { .. })), "{text}: {refused:?}");
    }
    let broken = outcome(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec());
    assert!(matches!(broken, Err(AdvisorError::Broken { .. })), "{broken:?}");
    for (status, cure) in [("500 Internal Server Error", "restart it"), ("401 Unauthorized", "asks for a key"), ("404 Not Found", "this model")] {
        let message = outcome(http(status, "x")).unwrap_err().to_string();
        assert!(message.contains(&format!("error {}", &status[..3])) && message.contains(cure), "{message}");
    }
}

#[test]
fn a_huge_answer() {
    let huge = outcome(says(&" ".repeat(300 * 1024)));
    assert!(matches!(huge, Err(AdvisorError::TooLong { .. })), "{huge:?}");
    let mut endless = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".to_vec();
    endless.resize(8 << 20, b' ');
    assert!(matches!(outcome(endless), Err(AdvisorError::TooLong { .. })));
    assert_eq!(outcome(says(&format!("{}{GOOD}", " ".repeat(255 * 1024)))), Ok(good("given")));
}

#[test]
fn a_small_answer_that_unpacks_to_a_huge_one() {
    // 8 MiB of blanks, 8 kB packed
    let started = Command::new("gzip").arg("-9c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    // a machine without the program has nothing to show here
    let Ok(mut gzip) = started else { return };
    gzip.stdin.take().unwrap().write_all(&vec![b' '; 8 << 20]).unwrap();
    let packed = gzip.wait_with_output().unwrap().stdout;
    let mut answer = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len()).into_bytes();
    answer.extend(packed);
    assert!(matches!(outcome(answer), Err(AdvisorError::TooLong { .. })));
}

#[test]
fn slow_servers() {
    type Slow = fn(TcpStream);
    fn drip(mut stream: TcpStream, head: &str) {
        stream.write_all(head.as_bytes()).unwrap();
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    // silent, a letter at a time in the content, a letter at a time in the head
    let servers: [Slow; 3] = [
        |stream| _ = (&stream).read_to_end(&mut Vec::new()),
        |stream| drip(stream, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        |stream| drip(stream, "HTTP/1.1 200 OK\r\nX-Long: "),
    ];
    for server in servers {
        let (listener, url) = listener();
        let thread = std::thread::spawn(move || server(listener.accept().unwrap().0));
        let advisor = Advisor::new(&url, false, None).unwrap().with_limit(Duration::from_millis(400));
        let begun = Instant::now();
        let refused = advisor.suggest("Why?", POINTS, WORDS);
        assert!(matches!(refused, Err(AdvisorError::TimedOut { .. })), "{refused:?}");
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        drop(advisor);
        thread.join().unwrap();
    }
}

fn nobody_came(listener: &TcpListener) -> bool {
    listener.set_nonblocking(true).unwrap();
    listener.accept().is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
}

#[test]
fn a_redirect_is_not_followed() {
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let (elsewhere, target) = listener();
        let refused = outcome(format!("HTTP/1.1 {status}\r\nLocation: {target}/v1/chat/completions\r\nContent-Length: 0\r\n\r\n").into_bytes());
        assert!(matches!(refused, Err(AdvisorError::Redirected { .. })), "{status}: {refused:?}");
        assert!(nobody_came(&elsewhere));
    }
}

#[test]
fn refused_addresses_contact_nobody() {
    let (listener, url) = listener();
    let port = url.rsplit_once(':').unwrap().1;
    for tail in
        ["evil.example@127.0.0.1", "127.0.0.1@localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "localhost.evil.example", "127.0.0.1.nip.io", "127.1"]
    {
        assert!(Advisor::new(&format!("http://{tail}:{port}"), false, None).is_err(), "{tail}");
    }
    assert!(nobody_came(&listener));
    // allowed and protected it is taken, still without contacting anybody
    let far = Advisor::new("https://models.invalid/v1", true, None).unwrap();
    assert!(far.is_remote() && far.at() == "models.invalid");
    assert!(Advisor::new("https://models.invalid/v1", false, None).is_err());
}

#[test]
fn nobody_is_asked_about_nothing_and_nobody_there_is_said_plainly() {
    let (listener, url) = listener();
    let advisor = Advisor::new(&url, false, None).unwrap();
    assert_eq!(advisor.suggest("Why?", &[], WORDS), Ok(Suggestions::default()));
    assert_eq!(advisor.suggest("Why?", POINTS, &[]), Ok(Suggestions::default()));
    assert!(nobody_came(&listener));
    drop(listener);
    let message = advisor.suggest("Why?", POINTS, WORDS).unwrap_err().to_string();
    assert!(message.starts_with("no advisor answers at 127.0.0.1:") && message.contains("Start the language-model server"), "{message}");
}

#[test]
fn localhost_is_tried_under_both_numbers() {
    // a machine without IPv6 has nothing to show here
    let Ok(listener) = TcpListener::bind("[::1]:0") else { return };
    let port = listener.local_addr().unwrap().port();
    let server = serve(listener, vec![says(GOOD)]);
    assert_eq!(Advisor::new(&format!("http://localhost:{port}"), false, Some("given")).unwrap().suggest("Why?", POINTS, WORDS), Ok(good("given")));
    server.join().unwrap();
}

/// Run by the next test, with a proxy in its environment.
#[test]
#[ignore = "needs the environment the next test gives it"]
fn good_answers() {
    let (listener, url) = listener();
    // not waited for: with a proxy used, nobody comes to this server
    drop(serve(listener, vec![says(GOOD)]));
    let advisor = Advisor::new(&url, false, Some("given")).unwrap().with_limit(Duration::from_secs(5));
    assert_eq!(advisor.suggest("Why?", POINTS, WORDS), Ok(good("given")));
}

#[test]
fn a_proxy_in_the_environment_is_not_used() {
    let (proxy, url) = listener();
    let mut again = Command::new(std::env::current_exe().unwrap());
    let name = format!("{}::good_answers", module_path!().split_once("::").unwrap().1);
    again.args(["--ignored", "--exact", name.as_str()]).env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"] {
        again.env(name, &url);
    }
    let output = again.output().unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    assert!(nobody_came(&proxy));
}
