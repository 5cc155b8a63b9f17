//! `viva analyze`: the stations after the microphone, on recordings ([`files`] for many of them) or on what a [`session`] has left undone.

mod files;
pub mod session;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use indicatif::ProgressBar;
use serde::Serialize;

use super::delivery::DeliveryArguments;
use super::{baseline, engine, print, print_json, questions, scorer, talk};
use crate::measure::Delivery;
use crate::measure::baseline::{Baseline, Usual};
use crate::measure::remark::{self, Remark};
use crate::measure::wording::{self, Pet};
use crate::question::bank::Bank;
use crate::question::{Question, QuestionSet};
use crate::report::{self, Against, Recorded, Report};
use crate::review::{self, Beside, Shown};
use crate::score::{Scorer, asked};
use crate::settings::Settings;
use crate::sound::source::Source;
use crate::sound::{Millis, Profile, Span};
use crate::stop::Stop;
use crate::transcribe::vocabulary::Vocabulary;
use crate::transcribe::{Recogniser, Transcript, recording, written};

#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a switch that can be typed
pub struct Arguments {
    /// Recorded answers, or folders of them: WAV, and with the usual build FLAC, MP3, M4A and OGG too. Several give one JSON line each
    #[arg(required_unless_present = "session")]
    files: Vec<PathBuf>,
    /// The question it answers; without one there are measures and no points. Several: the recording is split where they are asked
    #[arg(long = "question", value_name = "ID")]
    questions: Vec<String>,
    /// Split the recording where any of the known questions is asked
    #[arg(long, conflicts_with_all = ["questions", "session"])]
    split: bool,
    /// Finish what this session has left undone ("last" for the newest)
    #[arg(long, value_name = "SESSION", conflicts_with_all = ["files", "questions", "words", "demonstration", "json"])]
    session: Option<String>,
    /// Write down and score all takes of the session anew
    #[arg(long, requires = "session")]
    again: bool,
    /// The speech model, by its name or as a file [default: base.en]
    #[arg(long)]
    model: Option<String>,
    /// Take the words and their times from this file instead of a model: a transcript as viva writes it (JSON), or a Praat TextGrid with a tier "words"
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    words: Option<PathBuf>,
    /// Your own words and names, one a line; what sounds like one is corrected, and shown as such
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    /// Leave the words as they were heard; with --session, also those that were corrected before
    #[arg(long, conflicts_with = "vocabulary")]
    as_heard: bool,
    #[command(flatten)]
    delivery: DeliveryArguments,
    #[command(flatten)]
    scoring: scorer::ScoringArguments,
    /// How many recordings to work on at once, each with an engine of its own
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// A computer's voice answers: lets the demo model's words be scored
    #[arg(long)]
    demonstration: bool,
    /// Report and transcript as JSON
    #[arg(long)]
    json: bool,
    /// Say on stderr, as one JSON line, where the time went
    #[arg(long)]
    timings: bool,
}

/// What was found in one recording.
#[derive(Serialize)]
struct Analysis<'a> {
    #[serde(serialize_with = "super::as_text")]
    file: &'a Path,
    /// None where it was split.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Report>,
    /// One for each question that is asked in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<SplitAnswer<'a>>,
    transcript: Transcript,
    /// What is worth saying of the delivery; where it was split it stands at each answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
    /// What is usual for the user, from earlier sessions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    usual: Vec<Usual>,
    /// Phrases said more often than usual.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pet_phrases: Vec<Pet>,
}

/// The answer to one of several questions.
#[derive(Serialize)]
struct SplitAnswer<'a> {
    /// Where in the recording the question is asked.
    asked: Span,
    /// Where the answer lies. The times of its report count from the start of it.
    answer: Span,
    report: Report,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
    #[serde(skip)]
    question: &'a Question,
    #[serde(skip)]
    transcript: Transcript,
}

/// Milliseconds of wall time.
#[derive(Serialize)]
struct Timings {
    audio: Millis,
    /// From nothing to a loaded, warm model.
    load: f64,
    /// From the opened file to the finished report, without loading.
    analyze: f64,
    /// Inside the engine's own call.
    engine: f64,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    if let Some(wanted) = &arguments.session {
        return session::finish(wanted, arguments, settings);
    }
    let bank = questions::load(settings)?;
    let named: Vec<&Question> = arguments.questions.iter().map(|id| questions::find(&bank, id)).collect::<Result<_, _>>()?;
    let role = named.first().and_then(|q| bank.roles().find(|s| s.id == q.role));
    let vocabulary = words_to_know(arguments.as_heard, arguments.vocabulary.as_deref(), None, &bank, role, settings)?;
    // before any model is loaded: a wrong file is told at once
    let single = match &arguments.files[..] {
        [file] if !file.is_dir() => Some((file, Source::open(file)?)),
        _ => None,
    };
    let scores = arguments.split || !named.is_empty();
    let task = Task {
        arguments,
        bank: &bank,
        vocabulary,
        delivery: arguments.delivery.settled(settings, None),
        scorer: if scores { scorer::load(&arguments.scoring, &bank, settings)? } else { Scorer::default() },
        baseline: baseline(settings, None),
        named,
    };
    let Some((file, mut source)) = single else { return files::analyze(&task, settings) };
    let begun = Instant::now();
    let mut recogniser =
        if arguments.words.is_none() { Some(engine::load(engine::choose(arguments.model.as_deref(), settings)?, &Stop::default())?) } else { None };
    let loaded = Instant::now();
    let bar = progress_bar(source.length(), file);
    let analysis = task.analyze(file, &mut source, recogniser.as_mut().map(|r| r as &mut dyn Recogniser), &|read| bar.set_position(read.0));
    bar.finish_and_clear();
    let analysis = analysis?;
    tell_damage(file, &source);
    if arguments.timings {
        let ms = |d: Duration| (d.as_secs_f64() * 1e4).round() / 10.0;
        let spent = recogniser.as_ref().map_or(Duration::ZERO, Recogniser::engine_time);
        let timings = Timings { audio: analysis.transcript.duration, load: ms(loaded - begun), analyze: ms(loaded.elapsed()), engine: ms(spent) };
        talk(&serde_json::to_string(&timings)?);
    }
    if arguments.json {
        print_json(&analysis)?;
    } else {
        show(&analysis, task.named.first().copied(), Beside { delivery: Some(&task.delivery), baseline: Some(&task.baseline) });
    }
    Ok(ExitCode::SUCCESS)
}

/// The words to correct: the user's own, as typed or as `remembered`, and those of the role.
fn words_to_know(
    as_heard: bool,
    typed: Option<&Path>,
    remembered: Option<&Path>,
    bank: &Bank,
    role: Option<&QuestionSet>,
    settings: &Settings,
) -> anyhow::Result<Vocabulary> {
    if as_heard {
        return Ok(Vocabulary::default());
    }
    let file = typed.or(remembered.filter(|r| r.exists()));
    Ok(engine::vocabulary(file, bank, role, settings)?)
}

/// A bar for a long recording; nothing where no terminal is.
pub(super) fn progress_bar(length: Option<Millis>, file: &Path) -> ProgressBar {
    let bar = length.map_or_else(ProgressBar::new_spinner, |l| ProgressBar::new(l.0));
    // the template is part of the program
    if let Ok(style) = indicatif::ProgressStyle::with_template("{msg} {bar:30} {percent} %, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(file.file_name().unwrap_or_default().to_string_lossy().into_owned());
    bar
}

pub(super) fn tell_damage(file: &Path, source: &Source) {
    let damage = source.damage();
    if damage.cut_short {
        talk(&format!("note: {} ends before its header says it does; what is there is analyzed", file.display()));
    }
    if damage.damaged > 0 {
        talk(&format!("note: {} damaged samples in {} were made silent", damage.damaged, file.display()));
    }
}

/// What is to be done with each recording.
struct Task<'a> {
    arguments: &'a Arguments,
    bank: &'a Bank,
    named: Vec<&'a Question>,
    vocabulary: Vocabulary,
    delivery: Delivery,
    scorer: Scorer,
    /// What is usual for the user.
    baseline: Baseline,
}

impl<'a> Task<'a> {
    /// Words, measures and points of one recording; by its transcript where there is no recogniser.
    fn analyze<'f>(
        &self,
        file: &'f Path,
        source: &mut Source,
        recogniser: Option<&mut dyn Recogniser>,
        progress: &(dyn Fn(Millis) + Sync),
    ) -> anyhow::Result<Analysis<'f>>
    where
        'a: 'f,
    {
        let (mut transcript, profile) = match (recogniser, &self.arguments.words) {
            (Some(recogniser), _) => recording::transcribe(source, recogniser, &self.vocabulary, progress)?,
            (None, Some(words)) => {
                let profile = recording::profile(source)?;
                (written::read(words, profile.duration)?.corrected(&self.vocabulary), profile)
            }
            (None, None) => bail!("there is neither a model nor a transcript to take the words from"),
        };
        if self.arguments.as_heard {
            transcript = transcript.as_heard();
        }
        if !self.arguments.split && self.named.len() < 2 {
            let report =
                report::make(Recorded { profile: &profile, transcript: &transcript, marks: None }, None, self.against(self.named.first().copied()));
            let (remarks, usual) = (self.remarks(&report), self.baseline.usual.clone());
            let question = self.named.first().map(|q| q.text.as_str());
            let told = report.measures.wording.as_ref().filter(|_| !self.baseline.phrases.is_empty());
            let pet_phrases = told.map(|_| wording::pet_phrases(&transcript.believed(), question, &self.baseline.phrases)).unwrap_or_default();
            return Ok(Analysis { file, report: Some(report), answers: Vec::new(), transcript, remarks, usual, pet_phrases });
        }
        let answers = self.split(&transcript, &profile);
        for question in &self.named {
            if !answers.iter().any(|a| a.question.id == question.id) {
                talk(&format!("note: the question {} was not found in {}; is it asked in these words?", question.id, file.display()));
            }
        }
        if answers.is_empty() {
            bail!("none of the questions was found in {}; name the one it answers with a single --question", file.display());
        }
        Ok(Analysis { file, report: None, answers, transcript, remarks: Vec::new(), usual: self.baseline.usual.clone(), pet_phrases: Vec::new() })
    }

    fn remarks(&self, report: &Report) -> Vec<Remark> {
        remark::on(&report.measures, &self.delivery, &self.baseline.differences(&report.measures))
    }

    fn against<'q>(&'q self, question: Option<&'q Question>) -> Against<'q> {
        Against { question, delivery: &self.delivery, scorer: &self.scorer, demonstration: self.arguments.demonstration }
    }

    /// A report on what lies between each question and the next.
    fn split(&self, transcript: &Transcript, profile: &Profile) -> Vec<SplitAnswer<'a>> {
        let questions: Vec<&'a Question> = if self.arguments.split { self.bank.questions().collect() } else { self.named.clone() };
        let found = asked::find(transcript, questions);
        let start_of = |word: usize| transcript.words.get(word).map_or(transcript.duration, |w| w.start);
        let mut answers = Vec::new();
        for (i, asked) in found.iter().enumerate() {
            let end = found.get(i + 1).map_or(transcript.duration, |next| start_of(next.words.start));
            let asked_at = Span { start: start_of(asked.words.start), end: transcript.words[asked.words.end - 1].end };
            let answer = Span { start: start_of(asked.words.end).min(end), end };
            let (words, sound) = (transcript.stretch(answer), profile.stretch(answer));
            let report = report::make(Recorded { profile: &sound, transcript: &words, marks: None }, None, self.against(Some(asked.question)));
            answers.push(SplitAnswer {
                asked: asked_at,
                answer,
                remarks: self.remarks(&report),
                report,
                question: asked.question,
                transcript: words,
            });
        }
        answers
    }
}

fn show(analysis: &Analysis, question: Option<&Question>, beside: Beside) {
    if let Some(report) = &analysis.report {
        print(&review::report(Shown { report, transcript: &analysis.transcript, question, capture: None, follow_up: None, beside }));
    }
    for answer in &analysis.answers {
        print(&format!(
            "\n=== {}: asked at {}, answered from {} to {} (times below from the start of the answer) ===\n",
            answer.question.id, answer.asked.start, answer.answer.start, answer.answer.end
        ));
        let (report, transcript, question) = (&answer.report, &answer.transcript, Some(answer.question));
        print(&review::report(Shown { report, transcript, question, capture: None, follow_up: None, beside }));
    }
}
