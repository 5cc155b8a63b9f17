//! `viva doctor`: would a session work here, and if not, why not. Prints what was found; what is looked at stands in [`crate::doctor`].

mod microphone;
mod speed;

use std::path::PathBuf;
use std::process::ExitCode;

use super::equipment::EquipmentArguments;
use super::{SET_UP, devices, engine, print, print_json, talk};
use crate::doctor::listening::Recorded;
use crate::doctor::{self, Checkup, Finding, Part, State, machine};
use crate::layout;
use crate::settings::Settings;
use crate::sound::Clip;
use crate::sound::device::{self, Device, DeviceError, Direction, Listed};
use crate::speak::loudspeaker::Loudspeaker;
use crate::speak::{SpeakError, Speaker, Voice, voices};
pub use microphone::before_the_first_session;

/// What the loudspeaker says: long enough to be known again in the microphone, and to wake a wireless one.
const PROMPT: &str = "Please be quiet for a moment. When I have finished, say where you live, and what you had for breakfast.";
/// Columns of the word before a finding.
const LABELS: usize = 12;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    equipment: EquipmentArguments,
    /// Judge this recording instead of the microphone, its first two minutes
    #[arg(long, value_name = "FILE", conflicts_with = "no_microphone")]
    from: Option<PathBuf>,
    /// Leave the spoken test out, on machines that nobody sits at
    #[arg(long, conflicts_with = "input")]
    no_microphone: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments, settings: &Settings) -> anyhow::Result<ExitCode> {
    let equipment = &arguments.equipment;
    let recording = arguments.from.as_deref().map(Recorded::read).transpose()?;
    let listed = |direction| device::list(direction).map(|all| all.into_iter().map(|d| d.listed).collect::<Vec<Listed>>()).unwrap_or_default();
    let (microphones, loudspeakers) = (listed(Direction::Input), listed(Direction::Output));
    let input = device::find(Direction::Input, equipment.input(settings));

    let folders = &settings.folders;
    let rate = input.as_ref().ok().map(|d| d.listed.rate);
    let processor = machine::processor();
    let can_run = processor.state == State::Works;
    let mut findings = vec![processor, machine::disk(&folders.sessions, rate), machine::sessions(&folders.sessions)];
    let model = engine::choose(equipment.model.as_deref(), settings);
    findings.push(machine::model(&model, &folders.models));
    findings.extend(machine::meaning(&folders.models));
    let voice = voices::find(equipment.voice(settings));
    let (finding, voice, prompt) = spoken(voice);
    findings.push(finding);
    let output = equipment.output(settings);
    let (finding, mut speaker) = speaker(device::find(Direction::Output, output), output.is_some());
    findings.push(finding);

    let looked = match (&recording, input) {
        (Some(recorded), _) => microphone::of_recording(arguments.from.as_deref(), recorded)?,
        (None, _) if arguments.no_microphone => microphone::left_out(),
        (None, Err(e)) => microphone::none(&e),
        (None, Ok(device)) => {
            let played = prompt.as_ref().zip(speaker.as_deref_mut());
            microphone::spoken_test(device, played, &microphones)?
        }
    };
    if let Some(problem) = &looked.loudspeaker {
        findings.retain(|f| f.part != Part::Loudspeaker);
        findings.push(Finding::of_error(Part::Loudspeaker, State::Warning, "not_played", problem));
    }
    findings.extend(looked.findings);

    let mut speed = None;
    if let (true, Ok(model)) = (can_run, model) {
        talk("Measuring how fast the speech engine is here ...");
        let name = model.engine.model.clone();
        let sound = recording.as_ref().or(looked.recorded.as_ref());
        let measured = speed::measured(model, voice.as_deref(), sound, looked.hearing.as_ref());
        findings.push(match measured {
            Ok(Some(measured)) => {
                speed = Some(measured);
                machine::engine(&name, measured)
            }
            Ok(None) => Finding::new(
                Part::Engine,
                State::NotTested,
                "no_speech",
                "the speed of the engine was not measured: there is no voice and no recorded speech to measure it with",
                "install the program espeak-ng, or run the test of the microphone and speak",
            ),
            Err(e) => Finding::of_error(Part::Engine, State::Prevents, "broke_down", &e),
        });
    }

    let ready = doctor::ready(&findings);
    let checkup = Checkup { program: crate::PROGRAM, ready, microphones, loudspeakers, findings, speed, hearing: looked.hearing };
    if arguments.json {
        print_json(&checkup)?;
    } else {
        print(&shown(&checkup));
    }
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::from(SET_UP) })
}

type Found<T> = Result<Option<Box<T>>, SpeakError>;

/// Whether there is a voice that speaks; with what it said.
fn spoken(voice: Found<dyn Voice>) -> (Finding, Option<Box<dyn Voice>>, Option<Clip>) {
    let none = |finding| (finding, None, None);
    match voice {
        Err(e) => none(Finding::of_error(Part::Voice, State::Prevents, "unknown", &e)),
        Ok(None) => none(Finding::new(
            Part::Voice,
            State::Warning,
            "none",
            "no voice reads the questions: they are shown, and a chime sounds",
            "install the program espeak-ng to have them read, and leave out --voice none",
        )),
        Ok(Some(voice)) => match voice.render(PROMPT) {
            Ok(clip) => (Finding::works(Part::Voice, format!("the voice {} speaks", voice.name())), Some(voice), Some(clip)),
            Err(e) => none(Finding::of_error(Part::Voice, State::Warning, "failed", &e)),
        },
    }
}

/// As a session treats it: one that was named must be there, without any the questions are shown.
fn speaker(found: Result<Device, DeviceError>, named: bool) -> (Finding, Option<Box<dyn Speaker>>) {
    match found {
        Ok(device) => {
            let finding = Finding::works(Part::Loudspeaker, format!("the loudspeaker \"{}\" is there", device.listed.name));
            (finding, Some(Box::new(Loudspeaker::new(device))))
        }
        Err(e) => (Finding::of_error(Part::Loudspeaker, if named { State::Prevents } else { State::Warning }, "missing", &e), None),
    }
}

fn shown(checkup: &Checkup) -> String {
    let mut out = String::new();
    out.push_str(&devices::section("Microphones", &checkup.microphones));
    out.push_str(&devices::section("Loudspeakers", &checkup.loudspeakers));
    layout::heading(&mut out, "What was found");
    for finding in &checkup.findings {
        let label = match finding.state {
            State::Works => "works",
            State::Warning => "warning",
            State::NotTested => "not tested",
            State::NotShown => "not shown",
            State::Prevents => "problem",
        };
        let indent = " ".repeat(LABELS);
        layout::wrapped(&mut out, &format!("{label:<LABELS$}"), &indent, &capital(&finding.says));
        if let Some(cure) = &finding.cure {
            layout::wrapped(&mut out, &format!("{indent}What to do: "), &indent, cure);
        }
    }
    out.push('\n');
    layout::wrapped(&mut out, "", "", &verdict(checkup));
    out
}

fn verdict(checkup: &Checkup) -> String {
    let count = |state| checkup.findings.iter().filter(|f| f.state == state).count();
    let tested = if checkup.findings.iter().any(|f| f.part == Part::Microphone && f.state == State::NotTested) {
        ", as far as was tested: the microphone was not"
    } else {
        ""
    };
    match (count(State::Prevents), count(State::NotShown), count(State::Warning)) {
        (0, 0, 0) => format!("A session would work here{tested}. `viva practice` starts one."),
        (0, 0, _) => format!("A session would work here{tested}. The warnings say what could be better. `viva practice` starts one."),
        (0, _, _) => "It is not known yet whether a session would work here: see \"not shown\".".to_owned(),
        _ => "A session would not work here yet: do what stands at \"problem\", then run `viva doctor` again.".to_owned(),
    }
}

fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    // a name of a model stays as it is written
    match letters.next() {
        Some(first) if sentence.starts_with(|c: char| c.is_lowercase()) && !sentence.split(' ').next().is_some_and(|w| w.contains(['.', ':'])) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => sentence.to_owned(),
    }
}
