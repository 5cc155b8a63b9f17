//! The test of the microphone: what the loudspeaker says meanwhile, three seconds for the person, and what is to be said of it all; and a shorter one
//! before a first session.

use std::path::Path;
use std::time::Duration;

use super::talk;
use crate::capture::Microphone;
use crate::capture::microphone::DeviceMicrophone;
use crate::doctor::advice::{self, Subject};
use crate::doctor::hearing::{self, Cause, Hearing};
use crate::doctor::listening::{Listening, Played, Recorded};
use crate::doctor::{Finding, Part, State, machine, mixer};
use crate::settings::Settings;
use crate::sound::device::{Device, DeviceError, Listed};
use crate::sound::resample::ResampleError;
use crate::sound::{Clip, Millis};
use crate::speak::{SpeakError, Speaker};
use crate::stop::Stop;

/// Wireless microphones deliver nothing for up to three seconds when they are woken.
const WAKING: Duration = Duration::from_secs(5);
/// The room alone: before the prompt, after it (also what a sound server still holds of it), and where there is no prompt.
const BEFORE: Millis = Millis(700);
const AFTER: Millis = Millis(300);
const ALONE: Millis = Millis(2_000);
/// For the person.
const TURN: Millis = Millis(3_000);
/// How much longer than it should a device may take to deliver so much before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(2);
/// Before a first session: so much sound, in no more than this.
const GLANCE: Millis = Millis(500);
const GLANCE_AT_MOST: Duration = Duration::from_millis(900);

/// What became of the look at the microphone.
#[derive(Default)]
pub struct Looked {
    pub findings: Vec<Finding>,
    pub hearing: Option<Hearing>,
    /// What was heard, of a real microphone.
    pub recorded: Option<Recorded>,
    /// Why the loudspeaker did not play.
    pub loudspeaker: Option<SpeakError>,
}

impl Looked {
    fn only(finding: Finding) -> Self {
        Self { findings: vec![finding], ..Self::default() }
    }
}

/// A recording instead of a microphone.
pub fn of_recording(path: Option<&Path>, recorded: &Recorded) -> Result<Looked, ResampleError> {
    let name = path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let hearing = hearing::judge(recorded)?;
    let mut findings = advice::findings(&hearing, &Subject { name, recording: true, ..Subject::default() });
    let says = "the microphone itself was not tested: a recording was looked at in its place";
    findings.push(Finding::new(Part::Microphone, State::NotTested, "not_tested", says, "run `viva doctor` without --from when somebody can speak"));
    Ok(Looked { findings, hearing: Some(hearing), ..Looked::default() })
}

pub fn left_out() -> Looked {
    let says = "the microphone was not tested, as --no-microphone wished";
    Looked::only(Finding::new(Part::Microphone, State::NotTested, "not_tested", says, "run `viva doctor` without it when somebody can speak"))
}

pub fn none(error: &DeviceError) -> Looked {
    Looked::only(Finding::of_error(Part::Microphone, State::Prevents, "no_microphone", error))
}

/// Listens while the prompt is played, and then to the person.
pub fn spoken_test(device: Device, prompt: Option<(&Clip, &mut (dyn Speaker + 'static))>, microphones: &[Listed]) -> Result<Looked, ResampleError> {
    let mut subject = subject(&device.listed, microphones);
    if subject.monitor {
        return Ok(Looked::only(advice::monitor(&subject)));
    }
    let id = device.listed.id.clone();
    talk(&format!("Testing the microphone \"{}\". It takes about fifteen seconds. Be quiet until it says: Speak now.", device.listed.name));
    let mut microphone = DeviceMicrophone::new(device);
    let listening = match Listening::begin(&mut microphone as &mut dyn Microphone) {
        Ok(listening) => listening,
        Err(e) => return Ok(Looked::only(Finding::of_error(Part::Microphone, State::Prevents, "not_opened", &e))),
    };
    listening.wait_for(BEFORE, WAKING);
    let awake = listening.length() > Millis(0);
    subject.mixer = mixer::of(&id);
    let (mut played, mut turn, mut loudspeaker) = (None, None, None);
    if awake {
        match prompt {
            Some((clip, speaker)) => {
                let at = listening.length();
                match speaker.play(clip, &Stop::default()) {
                    Ok(()) => played = Some(Played { clip: clip.clone(), at }),
                    Err(e) => loudspeaker = Some(e),
                }
                let until = listening.length() + AFTER;
                listening.wait_for(until, PATIENCE);
            }
            None => {
                listening.wait_for(listening.length() + ALONE, Duration::from_millis(ALONE.0) + PATIENCE);
            }
        }
        let begins = listening.length();
        turn = Some(begins);
        talk("Speak now: where do you live, and what did you have for breakfast?");
        listening.wait_for(begins + TURN, Duration::from_millis(TURN.0) + PATIENCE);
        talk("Thank you.");
    }
    let recorded = Recorded { played, turn, ..listening.end() };
    let hearing = hearing::judge(&recorded)?;
    let findings = advice::findings(&hearing, &subject);
    Ok(Looked { findings, hearing: Some(hearing), recorded: Some(recorded), loudspeaker })
}

fn subject(listed: &Listed, microphones: &[Listed]) -> Subject {
    let others = microphones.iter().filter(|m| !m.monitor && m.id != listed.id).map(|m| m.name.clone()).collect();
    Subject { name: listed.name.clone(), recording: false, monitor: listed.monitor, mixer: None, others }
}

/// What would ruin a first session, told in a second at most, as notes: a source of software may be silent until somebody speaks, so nothing is
/// stopped. One line where all is well.
pub fn before_the_first_session(device: Device, settings: &Settings) {
    let mut subject = subject(&device.listed, &[]);
    let disk = machine::disk(&settings.folders.sessions, Some(device.listed.rate));
    let mut findings: Vec<Finding> = [disk].into_iter().filter(|f| matches!(f.state, State::Warning | State::Prevents)).collect();
    // who hears the loudspeaker has been told so
    if !subject.monitor {
        let id = device.listed.id.clone();
        let mut microphone = DeviceMicrophone::new(device);
        match Listening::begin(&mut microphone) {
            Err(e) => findings.push(Finding::of_error(Part::Microphone, State::Prevents, "not_opened", &e)),
            Ok(listening) => {
                listening.wait_for(GLANCE, GLANCE_AT_MOST);
                let causes = hearing::at_once(&listening.end());
                subject.mixer = mixer::of(&id);
                findings.extend(glimpsed(causes, &subject));
            }
        }
        if findings.is_empty() {
            talk(&format!("The microphone \"{}\" hears the room.", subject.name));
        }
    }
    for Finding { says, cure, .. } in findings {
        talk(&format!("note: {says}{}", cure.map_or(String::new(), |cure| format!("; {cure}"))));
    }
}

/// What is said of so short a look: a wireless microphone that is silent may only be waking.
fn glimpsed(causes: Vec<Cause>, subject: &Subject) -> Vec<Finding> {
    let silent = matches!(causes[..], [Cause::NoSamples | Cause::OnlyZeros]);
    let findings = advice::findings(&Hearing { causes, ..Hearing::default() }, subject);
    if silent && subject.mixer.as_ref().is_some_and(|m| m.bluetooth && !m.muted) {
        let says = format!("the microphone \"{}\" is still waking", subject.name);
        return vec![Finding::new(Part::Microphone, State::Warning, "waking", says, "speak when it says \"Your turn\"")];
    }
    findings
}
