//! What a session needs of the machine besides a microphone: processor, room on the disk, a folder that can be written, models that are whole. Folders
//! and names go in, [`Finding`]s come out. Nothing is left behind on the disk.

use std::io::Write;
use std::path::Path;

use super::{Finding, Part, State};
use crate::models::manifest::{self, MEANING, Manifest};
use crate::models::{self, Installed, ModelError};
use crate::transcribe::processor;

/// Recordings are 16-bit mono at the microphone's rate.
const BYTES_A_SAMPLE: u64 = 2;
/// Of a microphone that nobody asked, the usual rate.
const USUAL_RATE: u32 = 48_000;
/// A whole interview of 45 minutes with a second take of much of it must fit.
const LEAST_MINUTES: u64 = 90;
/// Less than this is no room for one answer and its report.
const NO_ROOM_MINUTES: u64 = 10;
/// Slower than speech, an engine is behind when the answer ends.
const KEEPS_UP: f64 = 1.0;

/// Whether the engine can run on this processor.
#[must_use]
pub fn processor() -> Finding {
    let features: Vec<&str> = processor::features().into_iter().filter(|(_, here)| *here).map(|(name, _)| name).collect();
    match processor::check() {
        Ok(()) if features.is_empty() => Finding::works(Part::Processor, "the engine of this viva needs nothing special of the processor"),
        Ok(()) => Finding::works(Part::Processor, format!("the processor has what the engine needs: {}", features.join(", "))),
        Err(e) => Finding::of_error(Part::Processor, State::Prevents, "processor_lacks_features", &e),
    }
}

/// Whether recordings fit on the disk that this folder lies on, or will lie on. `rate` is the microphone's, in frames a second.
#[must_use]
pub fn disk(folder: &Path, rate: Option<u32>) -> Finding {
    match fs4::available_space(existing(folder)) {
        Ok(bytes) => room(bytes, rate.unwrap_or(USUAL_RATE)),
        Err(e) => Finding::new(
            Part::Disk,
            State::NotTested,
            "unknown",
            format!("how much room the disk has could not be told ({e})"),
            "look for it yourself",
        ),
    }
}

fn room(bytes: u64, rate: u32) -> Finding {
    let minutes = bytes / (u64::from(rate.max(1)) * BYTES_A_SAMPLE * 60);
    let free = manifest::size(bytes);
    let cure = "delete what you need no more (`viva sessions delete` for old sessions), or move viva to another disk with VIVA_HOME";
    match minutes {
        0..NO_ROOM_MINUTES => {
            Finding::new(Part::Disk, State::Prevents, "full", format!("the disk is full: {free} are free, {minutes} minutes of recording"), cure)
        }
        NO_ROOM_MINUTES..LEAST_MINUTES => {
            Finding::new(Part::Disk, State::Warning, "low", format!("the disk is nearly full: {free} are free, {minutes} minutes of recording"), cure)
        }
        _ => Finding::works(Part::Disk, format!("{free} are free on the disk, {} hours of recording", minutes / 60)),
    }
}

/// Whether sessions can be written into this folder, tried with a file that is gone at once.
#[must_use]
pub fn sessions(folder: &Path) -> Finding {
    let at = existing(folder);
    let written = tempfile::NamedTempFile::new_in(at).and_then(|mut file| {
        file.write_all(&[0; 4096])?;
        file.as_file().sync_all()
    });
    match written {
        Ok(()) => Finding::works(Part::Sessions, format!("sessions can be kept in {}", folder.display())),
        Err(e) => Finding::new(
            Part::Sessions,
            State::Prevents,
            "unwritable",
            // without the name of the passing file, which would only puzzle
            format!("no session can be kept in {} ({})", folder.display(), std::io::Error::from(e.kind())),
            format!("make {} a folder of your own that you may write to, or name another place with VIVA_HOME", at.display()),
        ),
    }
}

/// The folder, or what of the way to it exists.
fn existing(folder: &Path) -> &Path {
    folder.ancestors().find(|f| f.exists()).unwrap_or(folder)
}

/// Whether the speech model is here and whole, read to its last byte.
#[must_use]
pub fn model(found: &Result<Installed, ModelError>, folder: &Path) -> Finding {
    let problem = |e: &ModelError| Finding::of_error(Part::Model, State::Prevents, cause(e), e);
    match found {
        Err(e @ ModelError::Missing { .. }) => {
            let mut finding = problem(e);
            let here: Vec<&str> = Manifest::built_in()
                .models
                .iter()
                .filter(|m| m.hears() && !m.demo && folder.join(&m.file).exists())
                .map(|m| m.name.as_str())
                .collect();
            if let (Some(cure), false) = (&mut finding.cure, here.is_empty()) {
                cure.push_str(", or use one that is here: --model ");
                cure.push_str(&here.join(" or "));
            }
            finding
        }
        Err(e) => problem(e),
        Ok(model) => {
            let name = &model.engine.model;
            let entry = Manifest::built_in().get(name).filter(|e| Some(&e.sha256) == model.engine.sha256.as_ref());
            match entry.map(|entry| models::verify(entry, &model.path)) {
                Some(Err(e)) => problem(&e),
                _ if model.engine.demo => Finding::new(
                    Part::Model,
                    State::Warning,
                    "demo",
                    "the demo model understands synthetic voices only: your words would not be trusted or scored",
                    "for a person: `viva models pull base.en`, then `--model base.en`",
                ),
                Some(Ok(())) => Finding::works(Part::Model, format!("the speech model {name} is here, and what was published (SHA-256)")),
                None => Finding::new(
                    Part::Model,
                    State::Warning,
                    "unknown_model",
                    format!("the model file {name} is whole, but none that viva knows: nobody can say what it was trained for"),
                    "if its words are poor, choose one of `viva models list`",
                ),
            }
        }
    }
}

/// Whether the model of meanings is here and whole. It may be missing; a broken one stops every score.
#[must_use]
pub fn meaning(folder: &Path) -> Option<Finding> {
    let entry = Manifest::built_in().get(MEANING)?;
    if !folder.join(&entry.file).exists() {
        let says = "the model of meanings is not on this machine, so points are found by their words only";
        let cure = format!("run `viva models pull {MEANING}` ({}) to have them found in other words too", entry.size());
        return Some(Finding::new(Part::Meaning, State::Warning, "missing", says, cure));
    }
    let broken = Manifest::built_in().files(entry).find_map(|file| models::verify(file, &folder.join(&file.file)).err());
    Some(match broken {
        Some(e) => Finding::of_error(Part::Meaning, State::Prevents, cause(&e), &e),
        None => Finding::works(Part::Meaning, "the model of meanings is here, and what was published (SHA-256)"),
    })
}

fn cause(error: &ModelError) -> &'static str {
    match error {
        ModelError::Missing { .. } => "missing",
        ModelError::Unknown { .. } => "unknown",
        ModelError::Broken { .. } | ModelError::Folder { .. } | ModelError::NoFile { .. } | ModelError::Link { .. } => "broken",
        ModelError::Io { .. } | ModelError::Network { .. } | ModelError::Busy { .. } => "unreadable",
    }
}

/// Whether the engine keeps up; `speed` in seconds of speech that it writes down in a second.
#[must_use]
pub fn engine(model: &str, speed: f64) -> Finding {
    let says = format!("{model}: {speed:.1} times real time here");
    if speed >= KEEPS_UP {
        return Finding::works(Part::Engine, says);
    }
    let cure = "choose a smaller model, such as tiny.en, with --model; close other programs; on battery, plug the charger in";
    Finding::new(Part::Engine, State::Warning, "slow", format!("{says}, slower than you speak: reports come late"), cure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_told_in_hours_of_recording_and_too_little_prevents() {
        let minutes = |m: u64| room(m * 60 * 2 * 48_000, 48_000);
        assert_eq!((minutes(9).state, minutes(9).cause), (State::Prevents, "full"));
        assert_eq!((minutes(10).state, minutes(89).cause), (State::Warning, "low"));
        assert_eq!(minutes(90).state, State::Works);
        assert!(minutes(600).says.contains("10 hours of recording"), "{:?}", minutes(600));
        // a quieter rate needs less
        assert_eq!(room(9 * 60 * 2 * 48_000, 16_000).state, State::Warning);
    }

    #[test]
    fn an_engine_that_is_slower_than_speech_is_a_warning() {
        assert_eq!(engine("base.en", 1.0).state, State::Works);
        assert_eq!(engine("base.en", 0.99).state, State::Warning);
        assert_eq!(engine("base.en", 2.14).says, "base.en: 2.1 times real time here");
    }
}
