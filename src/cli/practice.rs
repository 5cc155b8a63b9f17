//! `viva practice`: an interview from the first question to the summary.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use jiff::Timestamp;

use super::delivery::DeliveryArguments;
use super::equipment::EquipmentArguments;
use super::{INTERRUPTED, NOT_DONE, baseline, doctor, earlier, engine, noted, print, questions, scorer, talk};
use crate::capture::microphone::DeviceMicrophone;
use crate::capture::replay::Replay;
use crate::capture::{CaptureError, Microphone};
use crate::event::{Audience, EventLog};
use crate::interview::{self, Cast, InterviewError, Outcome, Plan, Planned};
use crate::measure::baseline::Baseline;
use crate::question::bank::Bank;
use crate::question::choose::{self, Wish};
use crate::question::history::History;
use crate::question::job::Job;
use crate::question::style::{Manner, Style, longest};
use crate::question::{Kind, Level, Question, QuestionSet};
use crate::report::rubric_sha256;
use crate::review;
use crate::screen::Screen;
use crate::settings::Settings;
use crate::sound::device::{self, Direction};
use crate::sound::source;
use crate::speak::cache::Cached;
use crate::speak::loudspeaker::{Loudspeaker, Silent};
use crate::speak::{Speaker, Voice, voices};
use crate::store::session::{PlannedQuestion, SessionRecord};
use crate::store::{Session, exports};

#[derive(clap::Args)]
pub struct Arguments {
    /// How the interview is held [default: full]
    #[arg(long, value_enum)]
    style: Option<Style>,
    /// The job, by its short name or in full (see `viva questions list`)
    #[arg(long)]
    role: Option<String>,
    /// How many questions [default: as the style has it, or one for each file of --from]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    questions: Option<u16>,
    /// Ask this question; may be given several times, and then only these are asked, in this order
    #[arg(long = "question", value_name = "ID", conflicts_with_all = ["role", "questions", "kind", "level", "competency", "job", "seed"])]
    chosen: Vec<String>,
    /// Only questions for this level, and those for any
    #[arg(long, value_enum, default_value_t = Level::Any)]
    level: Level,
    /// Only questions of this kind
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Only questions that look for this competency, such as empathy
    #[arg(long)]
    competency: Option<String>,
    /// A job description as a text file: what it asks for is asked first
    #[arg(long, value_name = "FILE")]
    job: Option<PathBuf>,
    /// The same number gives the same questions again, whatever was practised since
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Begin no further question that does not fit into this time
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=600))]
    minutes: Option<u64>,
    /// Time to think before each answer [default: as the style has it]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=600))]
    think: Option<u64>,
    /// Longest answer [default: as the style has it]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    limit: Option<u64>,
    /// Do not ask back for a point that was not heard
    #[arg(long)]
    no_follow_ups: bool,
    /// Rate each answer yourself before its report is shown, 1 to 5
    #[arg(long)]
    rate: bool,
    #[command(flatten)]
    equipment: EquipmentArguments,
    /// Your own words and names, one a line; what sounds like one is corrected, and shown as such
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    #[command(flatten)]
    delivery: DeliveryArguments,
    #[command(flatten)]
    scoring: scorer::ScoringArguments,
    /// Recorded answers (WAV, FLAC, MP3, M4A and others) instead of the microphone, one for each question. Questions are then read aloud only
    /// with --voice or --output
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from: Vec<PathBuf>,
    /// The answers come from a computer's voice: lets the demo model's words be scored
    #[arg(long)]
    demonstration: bool,
    /// Append what happens to this file, one JSON object a line, for programs that drive an interview
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    // everything that can be wrong is found before the first question
    let bank = questions::load(settings)?;
    let style = arguments.style.unwrap_or(Style::Full);
    let manner = style.manner();
    if style == Style::Drill && arguments.chosen.len() != 1 {
        bail!("a drill is about one question; name it with --question (see `viva questions list`)");
    }
    let job = arguments.job.as_deref().map(|path| Job::read(path, &bank)).transpose()?;
    let set = match arguments.chosen.first() {
        Some(id) => set_of(&bank, questions::find(&bank, id)?, arguments, settings)?,
        None => role(&bank, arguments, settings, job.as_ref())?,
    };
    let seed = arguments.seed.unwrap_or_else(|| Timestamp::now().as_microsecond().unsigned_abs() % 1_000_000);
    let questions = chosen(arguments, &bank, set, manner, seed, job.as_ref(), settings)?;
    let model = engine::choose(arguments.equipment.model.as_deref(), settings)?;
    for file in &arguments.from {
        source::check(file)?;
    }
    let scorer = Arc::new(scorer::load(&arguments.scoring, &bank, settings)?);
    let live = arguments.from.is_empty();
    let input = arguments.equipment.input(settings);
    let found = if live { Some(device::find(Direction::Input, input)?) } else { None };
    if let Some(found) = found.as_ref().filter(|f| f.listed.monitor) {
        talk(&format!("note: \"{}\" hears the loudspeaker, not you; choose a microphone with --input", found.listed.name));
    }
    let speaker = speaker(arguments, settings)?;
    let voice = voice(arguments, settings)?;
    if model.engine.demo && !arguments.demonstration {
        talk(
            "note: the demo model understands synthetic voices only; your words will not be trusted or scored. For a person: `viva models pull base.en`",
        );
    }
    let think = arguments.think.unwrap_or(manner.think);
    let limit = |q: &Question| arguments.limit.unwrap_or_else(|| style.limit(q));
    let follow_ups = manner.follow_ups && !arguments.no_follow_ups;
    if let Some(whole) = manner.whole.filter(|whole| questions.iter().any(|q| longest(limit(q), think, follow_ups) > *whole)) {
        bail!(
            "so much time for one answer does not fit into an interview of {} minutes; leave out --think and --limit, or choose another --style",
            whole / 60
        );
    }
    let log = arguments.events.as_deref().map(EventLog::open).transpose()?;
    let delivery = arguments.delivery.settled(settings, None);
    let record = SessionRecord {
        schema: 1,
        program: crate::PROGRAM.to_owned(),
        started: Timestamp::now(),
        role: set.id.clone(),
        role_name: set.role.clone(),
        seed,
        engine: model.engine.clone(),
        model_file: model.path.clone(),
        // absolute, so that it is found from another folder too
        vocabulary: arguments.vocabulary.as_deref().and_then(|v| std::path::absolute(v).ok()),
        voice: voice.as_ref().map(|v| v.name()),
        think,
        limit: questions.iter().map(limit).max().unwrap_or_default(),
        style: Some(style),
        delivery: Some(delivery.clone()),
        demonstration: arguments.demonstration,
        questions: questions.iter().map(|q| PlannedQuestion { id: q.id.clone(), rubric_sha256: rubric_sha256(q) }).collect(),
    };
    let vocabulary = engine::vocabulary(arguments.vocabulary.as_deref(), &bank, Some(set), settings)?;
    let usual = if arguments.demonstration { Baseline::default() } else { baseline(settings, None) };
    let is_first = earlier::remind(settings)? == 0;
    // a demonstration hears no person
    if let Some(found) = found.filter(|_| is_first && !arguments.demonstration) {
        doctor::before_the_first_session(found, settings);
    }
    let session = Session::create(&settings.folders.sessions, record)?;
    let lock = session.lock()?;
    if let Some(events) = &arguments.events {
        noted(exports::add(&session.folder, &lock, std::slice::from_ref(events), false));
    }
    let mut audience: Vec<Box<dyn Audience>> = vec![Box::new(Screen::new(live, manner.after, delivery.clone(), usual))];
    if let Some(log) = log {
        audience.push(Box::new(log));
    }
    let planned = questions.into_iter().map(|question| Planned { limit: Duration::from_secs(limit(&question)), question });
    let plan = Plan {
        questions: planned.collect(),
        think: Duration::from_secs(think),
        whole: manner.whole.map(Duration::from_secs),
        minutes: arguments.minutes,
        follow_ups,
        after: manner.after,
        // with recordings nobody need be at the keyboard, unless it is asked for
        rate: arguments.rate || (settings.preferences.rate && live),
        vocabulary,
        delivery,
        scorer,
        attended: live,
        demonstration: arguments.demonstration,
    };
    let cast = Cast {
        voice,
        speaker,
        microphone: Box::new(|number| microphone(number, &arguments.from, input)),
        load_engine: Box::new(move |stop| Ok(Box::new(engine::load(model, stop)?))),
        audience,
    };
    ended(interview::conduct(plan, cast, &session), &session)
}

/// The summary and the exit code of an interview that is over.
fn ended(outcome: Result<Outcome, InterviewError>, session: &Session) -> anyhow::Result<ExitCode> {
    let answers = super::answers(session);
    if answers.is_empty() {
        session.discard_if_empty();
    }
    let code = match &outcome {
        Ok(o) if o.interrupted => ExitCode::from(INTERRUPTED),
        Ok(o) if o.unfinished => ExitCode::from(NOT_DONE),
        Ok(_) => ExitCode::SUCCESS,
        Err(e) if answers.is_empty() => bail!("{e}"),
        Err(e) => {
            talk(&format!("error: {e}"));
            ExitCode::from(NOT_DONE)
        }
    };
    if !answers.is_empty() {
        print(&review::summary(&session.id(), &answers));
    }
    Ok(code)
}

/// The role under which a named question is kept: its own, or, for a common one, the candidate's.
fn set_of<'a>(bank: &'a Bank, question: &Question, arguments: &Arguments, settings: &Settings) -> anyhow::Result<&'a QuestionSet> {
    if let Some(own) = bank.roles().find(|s| s.id == question.role) {
        return Ok(own);
    }
    let mut others = arguments.chosen.iter().filter_map(|id| bank.question(id));
    let of_another = others.find_map(|q| bank.roles().find(|s| s.id == q.role));
    let preferred = settings.preferences.role.as_deref().and_then(|r| bank.role(r));
    match of_another.or(preferred).or(bank.common()) {
        Some(set) => Ok(set),
        None => bail!("the question \"{}\" belongs to no role", question.id),
    }
}

/// The role that was named, or else the one that is chosen now.
fn role<'a>(bank: &'a Bank, arguments: &Arguments, settings: &Settings, job: Option<&Job>) -> anyhow::Result<&'a QuestionSet> {
    if let Some(set) = questions::named_role(bank, arguments.role.as_deref(), job, settings)? {
        return Ok(set);
    }
    if job.is_some() {
        talk("note: the job description names none of the jobs that there are questions for");
    }
    if std::io::stdin().is_terminal() {
        return ask_role(bank);
    }
    bail!("name the job with --role; there are questions for {}", questions::roles(bank))
}

/// Asks at the terminal until the answer is one of the roles.
fn ask_role(bank: &Bank) -> anyhow::Result<&QuestionSet> {
    let roles: Vec<&QuestionSet> = bank.roles().collect();
    talk("Which job do you practise for?");
    for (i, set) in roles.iter().enumerate() {
        talk(&format!("  {}  {}", i + 1, set.role));
    }
    loop {
        talk(&format!("Type a number from 1 to {} and press Enter. (To be asked no more: role = \"...\" in the settings file.)", roles.len()));
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line).unwrap_or(0) == 0 {
            bail!("name the job with --role; there are questions for {}", questions::roles(bank));
        }
        let by_number = line.trim().parse::<usize>().ok().and_then(|n| roles.get(n.checked_sub(1)?).copied());
        if let Some(set) = by_number.or_else(|| bank.role(line.trim())) {
            return Ok(set);
        }
    }
}

fn chosen(
    arguments: &Arguments,
    bank: &Bank,
    set: &QuestionSet,
    manner: Manner,
    seed: u64,
    job: Option<&Job>,
    settings: &Settings,
) -> anyhow::Result<Vec<Question>> {
    if !arguments.chosen.is_empty() {
        let named: Result<Vec<Question>, _> = arguments.chosen.iter().map(|id| questions::find(bank, id).cloned()).collect();
        return limit_to_files(named?, arguments);
    }
    let competency = arguments.competency.as_deref().map(|c| questions::find_competency(bank, c)).transpose()?;
    let of_files = (!arguments.from.is_empty()).then_some(arguments.from.len());
    let count = arguments.questions.map(usize::from).or(of_files).unwrap_or(manner.questions);
    // a seed that was given is to bring back the same questions, so nothing else may have a say
    let history = if arguments.seed.is_none() { super::history(settings)? } else { History::default() };
    if let Some(job) = job {
        talk(&super::asked_for(job));
    }
    let wish = Wish {
        count,
        level: arguments.level,
        kind: arguments.kind,
        competency: competency.map(|c| c.id.as_str()),
        seed,
        framed: manner.framed && of_files.is_none(),
        history: &history,
        job,
    };
    let chosen: Vec<Question> = choose::choose(&bank.questions_for(set), &wish).into_iter().cloned().collect();
    if chosen.is_empty() {
        bail!("no question for {} fits; leave out --kind, --level or --competency", set.role);
    }
    let missed =
        |q: &Question| history.questions.get(&q.id)?.last?.per_cent().filter(|made| *made < 100).map(|made| format!("{} ({made} % made)", q.id));
    let again: Vec<String> = chosen.iter().filter_map(missed).collect();
    if !again.is_empty() {
        talk(&format!("Asked again for the points that were missed last time: {}", again.join(", ")));
    }
    if chosen.len() < count {
        talk(&format!("note: there are only {} such questions", chosen.len()));
    }
    limit_to_files(chosen, arguments)
}

fn limit_to_files(questions: Vec<Question>, arguments: &Arguments) -> anyhow::Result<Vec<Question>> {
    let files = arguments.from.len();
    if files > 0 && files != questions.len() {
        bail!("{files} recorded answers do not fit {} questions; give one file for each question", questions.len());
    }
    Ok(questions)
}

fn speaker(arguments: &Arguments, settings: &Settings) -> anyhow::Result<Box<dyn Speaker>> {
    let wanted = arguments.equipment.output(settings);
    let silent = !arguments.from.is_empty() && arguments.equipment.output.is_none() && arguments.equipment.voice.is_none();
    if silent {
        return Ok(Box::new(Silent));
    }
    match device::find(Direction::Output, wanted) {
        Ok(device) => Ok(Box::new(Loudspeaker::new(device))),
        Err(e) if wanted.is_some() => Err(e.into()),
        Err(e) => {
            talk(&format!("note: {e}; the questions are shown instead"));
            Ok(Box::new(Silent))
        }
    }
}

fn voice(arguments: &Arguments, settings: &Settings) -> anyhow::Result<Option<Box<dyn Voice>>> {
    let wanted = arguments.equipment.voice(settings);
    let found = voices::find(wanted)?;
    if found.is_none() && wanted != Some("none") {
        talk("note: no voice is installed, so the questions are shown and a chime sounds; install the program espeak-ng to have them read");
    }
    let folder = settings.folders.cache.join("voices");
    Ok(found.map(|v| Box::new(Cached::new(v, &folder)) as Box<dyn Voice>))
}

/// Found anew for each question, so that a headset that was unplugged and plugged in again is used.
fn microphone(number: usize, recordings: &[PathBuf], input: Option<&str>) -> Result<Box<dyn Microphone>, CaptureError> {
    match recordings.get(number - 1) {
        Some(path) => Ok(Box::new(Replay::new(path))),
        None => Ok(Box::new(DeviceMicrophone::new(device::find(Direction::Input, input)?))),
    }
}
