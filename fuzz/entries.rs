//! Where foreign bytes come into the program: each function takes what somebody may send, and reads it as the program does. None may panic, hang or
//! take more memory than a recording of that length deserves; what they return does not matter.
//!
//! The fuzz targets and `tests/fuzzed.rs` call the same functions.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use tempfile::{NamedTempFile, TempDir};
use viva_voce::coach::merge::{file_name, merge};
use viva_voce::coach::rating::OwnRating;
use viva_voce::coach::{self, Notes, gathered, reference};
use viva_voce::measure::Marks;
use viva_voce::measure::baseline::Baseline;
use viva_voce::page::{self, Review, Take};
use viva_voce::privacy::{Known, findings};
use viva_voce::question::bank::Bank;
use viva_voce::question::{check, load};
use viva_voce::review::table::Row;
use viva_voce::review::{self, Beside, Shown, captions, markdown, table};
use viva_voce::sound::Source;
use viva_voce::store::about::About;
use viva_voce::store::session::{self, Answer, Session};
use viva_voce::store::{catalogue, history, read_json};
use viva_voce::transcribe::protocol::{self, Reply, Request};

/// A session's folder.
const NAME: &str = "2026-11-25T18-00-00Z-ward-clerk";
/// Begins each file of a session, with its name.
const FILE: &str = "\n== ";
/// The files that a session may have here.
const FILES: [&str; 17] = [
    "session.json",
    "about.json",
    "notes/ada.json",
    "01/question.json",
    "01/take-1.wav",
    "01/take-1.capture.json",
    "01/take-1.transcript.json",
    "01/take-1.report.json",
    "01/take-1.marks.json",
    "01/take-1.rating.json",
    "01/take-1-follow-up.question.json",
    "01/take-1-follow-up.wav",
    "01/take-1-follow-up.capture.json",
    "01/take-1-follow-up.transcript.json",
    "01/take-2.capture.json",
    "01/take-2.transcript.json",
    "01/take-2.report.json",
];
/// A session that coaches' notes may be about.
const COACHED: &[u8] = include_bytes!("../tests/fuzzed/session/asked-back");
/// Mono samples after which a recording has been read long enough: six minutes at 48 kHz.
const LONG: usize = 6 * 60 * 48_000;
/// The most samples that a block may hold: as [`Source::read`] says, a second of the highest rate.
const BLOCK: usize = 768_000;

/// A question file of the user's own.
pub fn questions(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(source) = load::parse(Path::new("mine.toml"), text) else { return };
    for warning in check::check(&source) {
        let _ = warning.to_string();
    }
    if let Ok(bank) = Bank::with(vec![source]) {
        for role in bank.roles() {
            let (_, _) = (bank.page_for(role), bank.questions_for(role));
        }
    }
}

/// A session's folder, as all that lists, shows and passes on sessions reads it. Its files stand one after the other, each behind [`FILE`] and its
/// name.
pub fn session(bytes: &[u8]) {
    let sessions = folder();
    lay_out(bytes, &sessions.path().join(NAME));
    let _ = catalogue::read(sessions.path());
    let _ = history::read(sessions.path());
    let _ = history::sessions(sessions.path());
    for session in session::list(sessions.path()).map(|(found, _)| found).unwrap_or_default() {
        show(&session);
    }
}

fn show(session: &Session) {
    let about = About::read(&session.folder).unwrap_or_default();
    let (answers, _) = session.answers();
    let (notes, _) = coach::of(session);
    let (delivery, usual) = (session.record.delivery.clone().unwrap_or_default(), Baseline::default());
    let _ = review::summary(&session.id(), &answers);
    let _ = markdown::session(session, &about, &answers);
    let _ = table::csv(answers.iter().map(|a| Row::of(&session.id(), &session.record, &about, a)));
    let (gathered, _) = gathered::gather(session, &answers, &notes);
    let _ = review::coached(&gathered);
    for answer in &answers {
        show_answer(answer, Beside { delivery: Some(&delivery), baseline: Some(&usual) });
    }
    let own = answers.iter().filter_map(|a| Some(((a.number, a.files.take), OwnRating::read(&a.files).ok()??))).collect();
    let _ = page::html(&Review {
        name: &session.id(),
        sha256: "",
        record: &session.record,
        takes: answers.iter().map(|answer| Take { answer, sound: None, follow_up_sound: None }).collect(),
        usual: &usual,
        delivery: &delivery,
        title: about.title.as_deref(),
        tags: &about.tags,
        own_notes: &about.notes,
        notes: &notes,
        own: Some(&own),
        private: &[],
        progress: None,
        competencies: &std::collections::BTreeMap::new(),
        coach: false,
    });
}

fn show_answer(answer: &Answer, beside: Beside) {
    let (_, _, _) = (answer.length(), answer.is_unfinished(), answer.is_written_down());
    let _ = read_json::<Marks>(&answer.files.marks());
    let Some(transcript) = &answer.transcript else { return };
    let (_, _, _) = (captions::text(transcript), captions::srt(transcript), captions::vtt(transcript));
    let _ = findings(transcript, &Known::default());
    if let Some(report) = &answer.report {
        let follow_up = answer.follow_up.as_ref().and_then(|f| Some((f.asked.text.as_str(), f.transcript.as_ref()?)));
        let (question, capture) = (Some(&answer.question), answer.capture.as_ref());
        let _ = review::report(Shown { report, transcript, question, capture, follow_up, beside });
    }
}

/// A coach's notes: one file, or two that come in one after the other, with a zero byte between them.
pub fn notes(bytes: &[u8]) {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = folder();
        lay_out(COACHED, folder.path());
        folder
    });
    let session = Session::open(folder.path()).expect("the session that coaches speak of is whole");
    let (answers, _) = session.answers();
    let mut kept: Option<Notes> = None;
    for file in bytes.splitn(2, |b| *b == 0) {
        let Ok(read) = Notes::parse(file) else { continue };
        if let Err(e) = reference::check(&read.notes, &session, &answers) {
            let _ = e.to_string();
        }
        let name = file_name(&read.notes.coach);
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)), "{name}");
        if let Ok(merged) = merge(kept.as_ref(), read.notes) {
            kept = Some(merged.notes);
        }
    }
    let (gathered, _) = gathered::gather(&session, &answers, &Vec::from_iter(kept));
    let _ = review::coached(&gathered);
}

/// A recording of any kind, read to its end or until it was long enough.
pub fn recording(bytes: &[u8]) {
    let mut file = NamedTempFile::new_in(memory()).expect("there is room for a file");
    file.write_all(bytes).expect("there is room for a file");
    let Ok(mut source) = Source::open(file.path()) else { return };
    let (mut block, mut read) = (Vec::new(), 0);
    let _ = source.length();
    while read < LONG && source.read(&mut block).is_ok_and(|more| more) {
        assert!(!block.is_empty() && block.len() <= BLOCK, "a block of {} samples", block.len());
        assert!(block.iter().all(|s| s.is_finite()), "a sample that is no number");
        read += block.len();
        block.clear();
    }
    let _ = source.damage();
}

/// What comes over the pipes between the program and its engine, in both directions.
pub fn protocol(bytes: &[u8]) {
    let mut from = bytes;
    while let Ok(Some(_)) = protocol::read::<Reply>(&mut from) {}
    let mut from = bytes;
    while let Ok(Some(request)) = protocol::read::<Request>(&mut from) {
        if let Request::Piece { samples, .. } = request
            && protocol::read_samples(&mut from, samples).is_err()
        {
            break;
        }
    }
}

/// A file that says it is a speech model.
pub fn model(bytes: &[u8]) {
    let mut file = NamedTempFile::new_in(memory()).expect("there is room for a file");
    file.write_all(bytes).expect("there is room for a file");
    let _ = viva_voce::models::file::check(file.path());
}

/// Writes the files of a session.
fn lay_out(bytes: &[u8], folder: &Path) {
    for below in ["01", "notes"] {
        fs::create_dir_all(folder.join(below)).expect("there is room for a folder");
    }
    let text = [b"\n", bytes].concat();
    let starts: Vec<usize> = (0..text.len()).filter(|at| text[*at..].starts_with(FILE.as_bytes())).chain([text.len()]).collect();
    for pair in starts.windows(2) {
        // with the line end that the next one's mark begins with
        let file = &text[pair[0] + FILE.len()..text.len().min(pair[1] + 1)];
        let Some(end) = file.iter().position(|b| *b == b'\n') else { continue };
        if let Some(name) = FILES.iter().find(|name| name.as_bytes() == &file[..end]) {
            fs::write(folder.join(name), &file[end + 1..]).expect("there is room for a file");
        }
    }
}

fn folder() -> TempDir {
    tempfile::tempdir_in(memory()).expect("there is room for a folder")
}

/// A folder in memory where there is one.
fn memory() -> std::path::PathBuf {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() }
}
