//! `viva score`: the points of an answer that was typed, of many at once, or of a session whose rubric was edited since.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::{NOT_DONE, answers, print, print_json, questions, scorer, talk};
use crate::advisor::{Advisor, Missing};
use crate::question::Question;
use crate::question::bank::Bank;
use crate::report;
use crate::review::{self, Suggested};
use crate::score::change::{self, Change};
use crate::score::{Heard, Point, Scorecard, Scorer, State};
use crate::settings::Settings;
use crate::store::session::{self, Answer};
use crate::store::write_json;
use crate::transcribe::{Transcript, written};

#[derive(clap::Args)]
#[command(
    after_help = "With --batch each line is one answer, {\"question\": \"psc-unhappy-patient\", \"text\": \"I would ...\"}, and each line of the \
    output its score, in the same order."
)]
pub struct Arguments {
    /// The session, by its name or `last`
    #[arg(required_unless_present_any = ["text", "batch"], conflicts_with_all = ["text", "batch"])]
    session: Option<String>,
    /// Score its answers anew by the rubrics as they are today, and show what changed and why
    #[arg(long, requires = "session")]
    again: bool,
    /// An answer that was typed, in a text file; - for what comes through a pipe
    #[arg(long, value_name = "FILE", requires = "question")]
    text: Option<PathBuf>,
    /// The question that it answers (see `viva questions list`)
    #[arg(long, value_name = "ID")]
    question: Option<String>,
    /// Many answers, one JSON object a line; - for what comes through a pipe
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    batch: Option<PathBuf>,
    #[command(flatten)]
    scoring: scorer::ScoringArguments,
    #[command(flatten)]
    advisor: AdvisorArguments,
    #[arg(long)]
    json: bool,
}

/// The optional helper. It is asked only when it is named.
#[derive(clap::Args)]
struct AdvisorArguments {
    /// A language model server on this machine (with the interface of `OpenAI`: llama.cpp, Ollama, LM Studio) may suggest quotes for points that were not found, and
    /// what to try; shown as suggestions, never counted
    #[arg(long = "advisor", value_name = "URL", conflicts_with_all = ["batch", "again"])]
    url: Option<String>,
    /// The model to ask there [default: its first]
    #[arg(long = "advisor-model", value_name = "NAME", requires = "url")]
    model: Option<String>,
    /// Let the helper be on another machine: the transcript leaves this one
    #[arg(long, requires = "url")]
    allow_remote: bool,
    /// How long it may take for one answer, in seconds
    #[arg(long = "advisor-seconds", value_name = "SECONDS", default_value_t = 30, requires = "url", value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

/// One typed answer with its score, as JSON.
#[derive(Serialize)]
struct Score<'a> {
    question: &'a str,
    /// 1 to 5; None where it was refused.
    band: Option<u8>,
    refused: Option<String>,
    points: Vec<ScoredPoint<'a>>,
    red_flags: Vec<Flag<'a>>,
    hashes: Hashes,
    /// Of the optional helper; never part of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestions: Option<Suggested>,
}

#[derive(Serialize)]
struct ScoredPoint<'a> {
    id: &'a str,
    level: u8,
    state: State,
    quote: Option<&'a str>,
    reason: String,
}

#[derive(Serialize)]
struct Flag<'a> {
    flag: &'a str,
    quote: &'a str,
}

/// What the score was made with.
#[derive(Serialize)]
struct Hashes {
    rubric: String,
    thresholds: String,
    /// Of the embedding model; None without one.
    meaning: Option<String>,
}

/// A line of a batch.
#[derive(Deserialize)]
struct Typed {
    question: String,
    text: String,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let bank = questions::load(settings)?;
    if let Some(wanted) = &arguments.session {
        let session = session::find(&settings.folders.sessions, wanted)?;
        let _lock = arguments.again.then(|| session.lock()).transpose()?;
        return of_session(&session, arguments, &bank, settings);
    }
    if let Some(file) = &arguments.batch {
        return batch(file, arguments, &bank, settings);
    }
    let (Some(file), Some(id)) = (&arguments.text, &arguments.question) else {
        bail!("name what to score: a session, --text FILE --question ID, or --batch FILE");
    };
    let question = with_points(&bank, id)?;
    let text = read(file)?;
    let advisor = advisor(&arguments.advisor)?;
    let scorer = scorer::load(&arguments.scoring, &bank, settings)?;
    let transcript = written::typed(&text);
    let scorecard = scorer.judge(question, &transcript, None);
    let (suggestions, asked_in_vain) = suggestions(advisor.as_ref(), question, &scorecard, &transcript);
    if arguments.json {
        print_json(&Score { suggestions, ..as_json(question, &scorecard, &scorer) })?;
    } else {
        print(&review::scorecard(&scorecard, question, &transcript));
        print(&suggestions.map(|s| review::suggested(&s)).unwrap_or_default());
    }
    Ok(if asked_in_vain { ExitCode::from(NOT_DONE) } else { ExitCode::SUCCESS })
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).context("what came through the pipe is not a UTF-8 text; send it as UTF-8")?;
    } else {
        let bytes = std::fs::read(file).map_err(|e| anyhow::anyhow!("{} cannot be read ({e}); check its name", file.display()))?;
        text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{} is not a UTF-8 text; save it as plain text in UTF-8", file.display()))?;
    }
    // some editors begin a text with a mark of its encoding
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn advisor(arguments: &AdvisorArguments) -> anyhow::Result<Option<Advisor>> {
    let Some(url) = &arguments.url else { return Ok(None) };
    let advisor = Advisor::new(url, arguments.allow_remote, arguments.model.as_deref())?.with_limit(Duration::from_secs(arguments.seconds));
    if advisor.is_remote() {
        talk(&format!("note: the transcript is sent to {}, as --allow-remote permits", advisor.at()));
    }
    Ok(Some(advisor))
}

/// What the helper suggests for the points that were not made, checked and cut from the transcript; and whether it was asked in vain.
fn suggestions(advisor: Option<&Advisor>, question: &Question, scorecard: &Scorecard, transcript: &Transcript) -> (Option<Suggested>, bool) {
    let (Some(advisor), Scorecard::Scored(card)) = (advisor, scorecard) else { return (None, false) };
    let missing: Vec<Missing> = card.points.iter().filter(|p| !p.is_made()).map(|p| Missing { id: &p.id, point: &p.point }).collect();
    if missing.is_empty() {
        talk("note: all points were made; the helper was not asked.");
        return (None, false);
    }
    let believed = transcript.believed();
    let words: Vec<&str> = believed.words.iter().map(|w| w.text.as_str()).collect();
    match advisor.suggest(&question.text, &missing, &words) {
        Ok(found) => (Some(Suggested::of(&found, &believed)), false),
        Err(e) => {
            talk(&format!("note: {e}."));
            (None, true)
        }
    }
}

/// The question, if it has points to look for.
fn with_points<'a>(bank: &'a Bank, id: &str) -> anyhow::Result<&'a Question> {
    let question = questions::find(bank, id)?;
    if question.criteria.is_empty() {
        bail!("{} has no points to look for yet; its file can be given some: `viva questions check` says where", question.id);
    }
    Ok(question)
}

fn as_json<'a>(question: &'a Question, scorecard: &'a Scorecard, scorer: &Scorer) -> Score<'a> {
    let hashes =
        Hashes { rubric: report::rubric_sha256(question), thresholds: crate::score::sha256(), meaning: scorer.meaning_sha256().map(str::to_owned) };
    let (band, refused, points, red_flags) = match scorecard {
        Scorecard::Refused { reason } => (None, Some(reason.to_string()), Vec::new(), Vec::new()),
        Scorecard::Scored(card) => {
            let point = |p: &'a Point| ScoredPoint {
                id: &p.id,
                level: p.level,
                state: p.state,
                quote: match p.state {
                    State::Made | State::Partly => p.proof.as_ref().map(|p| p.quote.as_str()),
                    State::Contradicted => p.opposite.as_ref().map(|p| p.quote.as_str()),
                    State::NotFound => None,
                },
                reason: p.reason(),
            };
            let flags = card.red_flags.iter().map(|f| Flag { flag: &f.flag, quote: &f.proof.quote }).collect();
            (Some(card.band.number()), None, card.points.iter().map(point).collect(), flags)
        }
    };
    // without a score every point stands there as not granted
    let points = if refused.is_some() {
        let none = |c: &'a crate::question::Criterion| ScoredPoint {
            id: &c.id,
            level: 0,
            state: State::NotFound,
            quote: None,
            reason: "no score".to_owned(),
        };
        question.criteria.iter().map(none).collect()
    } else {
        points
    };
    Score { question: &question.id, band, refused, points, red_flags, hashes, suggestions: None }
}

/// All lines are read before the first is scored: a wrong one is told before anything is printed.
fn batch(file: &Path, arguments: &Arguments, bank: &Bank, settings: &Settings) -> anyhow::Result<ExitCode> {
    let text = read(file)?;
    let mut all: Vec<(&Question, Transcript)> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let example = "{\"question\": \"psc-unhappy-patient\", \"text\": \"I would ...\"}";
        let typed: Typed = serde_json::from_str(line)
            .map_err(|e| anyhow::anyhow!("{}, line {number} is no answer ({e}); each line must be as in {example}", file.display()))?;
        let question = with_points(bank, &typed.question).map_err(|e| anyhow::anyhow!("{}, line {number}: {e}", file.display()))?;
        all.push((question, written::typed(&typed.text)));
    }
    let scorer = scorer::load(&arguments.scoring, bank, settings)?;
    for (question, transcript) in &all {
        let scorecard = scorer.judge(question, transcript, None);
        print(&format!("{}\n", serde_json::to_string(&as_json(question, &scorecard, &scorer))?));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a take of a session has become.
#[derive(Serialize)]
struct Rescored {
    question: String,
    take: usize,
    rubric_sha256: String,
    band: Option<u8>,
    changes: Vec<Change>,
}

fn of_session(session: &session::Session, arguments: &Arguments, bank: &Bank, settings: &Settings) -> anyhow::Result<ExitCode> {
    let all = answers(session);
    if !arguments.again {
        if arguments.json {
            let cards: Vec<_> = all.iter().filter_map(|a| a.report.as_ref()?.scorecard.as_ref().map(|s| (&a.question.id, a.files.take, s))).collect();
            print_json(&cards)?;
        } else {
            let advisor = advisor(&arguments.advisor)?;
            let mut asked_in_vain = false;
            for answer in &all {
                if let Some((scorecard, transcript)) = answer.report.as_ref().and_then(|r| r.scorecard.as_ref()).zip(answer.transcript.as_ref()) {
                    print(&review::scorecard(scorecard, &answer.question, transcript));
                    // who did not answer once is not asked for the others
                    let helper = advisor.as_ref().filter(|_| !asked_in_vain);
                    let (suggestions, in_vain) = suggestions(helper, &answer.question, scorecard, transcript);
                    print(&suggestions.map(|s| review::suggested(&s)).unwrap_or_default());
                    asked_in_vain |= in_vain;
                }
            }
            if asked_in_vain {
                return Ok(ExitCode::from(NOT_DONE));
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let scorer = scorer::load(&arguments.scoring, bank, settings)?;
    let (mut rescored, mut left) = (Vec::new(), 0);
    for answer in &all {
        match again(answer, bank, &scorer, session.record.demonstration) {
            Ok(one) => rescored.push(one),
            Err(e) => {
                left += 1;
                talk(&format!("note: question {}, take {}: {e}", answer.number, answer.files.take));
            }
        }
    }
    if arguments.json {
        print_json(&rescored)?;
    } else {
        print(&review::rescored(rescored.iter().map(|r| (r.question.as_str(), r.take, r.band, &r.changes[..]))));
    }
    Ok(if left == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_DONE) })
}

/// Scores one take by its question's rubric as it is today, and keeps that.
fn again(answer: &Answer, bank: &Bank, scorer: &Scorer, demonstration: bool) -> anyhow::Result<Rescored> {
    let (Some(report), Some(transcript)) = (&answer.report, &answer.transcript) else {
        bail!("it is not yet written down; `viva analyze --session` does that");
    };
    let today = bank.question(&answer.question.id).filter(|q| !q.criteria.is_empty());
    if today.is_none() {
        talk(&format!("note: {} stands in no file with its points any more; it is scored by the rubric that it was asked with", answer.question.id));
    }
    let today = today.unwrap_or(&answer.question);
    if today.text != answer.question.text {
        bail!("the question is asked in other words today (\"{}\"); its score is left as it was", today.text);
    }
    let heard = Heard { transcript, measures: &report.measures };
    let added = answer.follow_up.as_ref().and_then(|f| Some((f.transcript.as_ref()?, report.follow_up.as_ref()?)));
    let added = added.map(|(transcript, of)| Heard { transcript, measures: &of.measures });
    let now = (!today.criteria.is_empty()).then(|| scorer.score(today, heard, added, demonstration));
    let changes = match (&report.scorecard, &now) {
        (Some(before), Some(now)) => change::between(before, now, &answer.question, today),
        _ => Vec::new(),
    };
    let number = now.as_ref().and_then(|s| if let Scorecard::Scored(s) = s { Some(s.band.number()) } else { None });
    let new = report.clone().rescored(today, now, scorer);
    // the question first: a report must not speak of a rubric that is nowhere
    write_json(&answer.files.question(), today)?;
    write_json(&answer.files.report(), &new)?;
    Ok(Rescored { question: today.id.clone(), take: answer.files.take, rubric_sha256: report::rubric_sha256(today), band: number, changes })
}
