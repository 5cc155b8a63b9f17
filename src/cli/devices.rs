//! `viva devices`: microphones, loudspeakers and voices.

use std::process::ExitCode;

use serde::Serialize;

use super::{print, print_json, table, talk};
use crate::sound::device::{self, Direction, Listed};
use crate::speak::voices;

#[derive(clap::Args)]
pub struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct All {
    inputs: Vec<Listed>,
    outputs: Vec<Listed>,
    voices: Vec<&'static str>,
}

pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let listed = |direction| device::list(direction).map(|all| all.into_iter().map(|d| d.listed).collect::<Vec<Listed>>());
    let all = All { inputs: listed(Direction::Input)?, outputs: listed(Direction::Output)?, voices: voices::installed() };
    if arguments.json {
        print_json(&all)?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&section("Microphones", &all.inputs));
    print(&section("Loudspeakers", &all.outputs));
    print(&format!("Voices\n  {}\n", if all.voices.is_empty() { "none (install espeak-ng)".to_owned() } else { all.voices.join(", ") }));
    if !all.inputs.iter().any(|d| !d.monitor) {
        talk("note: no real microphone is among these; plug one in, or answer from recordings with `viva practice --from FILE`");
    }
    Ok(ExitCode::SUCCESS)
}

pub fn section(title: &str, devices: &[Listed]) -> String {
    let row = |d: &Listed| {
        let mut remarks = Vec::new();
        if d.default {
            remarks.push("used when none is named");
        }
        if d.monitor {
            remarks.push("hears a loudspeaker, not a person");
        }
        vec![format!("  {}", d.name), format!("{} Hz, {} ch", d.rate, d.channels), remarks.join("; ")]
    };
    let rows: Vec<Vec<String>> = devices.iter().map(row).collect();
    format!("{title}\n{}", if rows.is_empty() { "  none\n".to_owned() } else { table(&rows) })
}
