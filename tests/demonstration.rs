//! The demonstration as a newcomer starts it: three questions asked and answered aloud, to the end of the report.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it

mod support;

use std::process::Command;

use support::project;

#[test]
fn the_demonstration_runs_to_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    // it takes about two minutes; one that hangs must not hold up everything
    let output = Command::new("timeout")
        .arg("400")
        .arg(project().join("scripts/demonstration/run"))
        .arg(env!("CARGO_BIN_EXE_viva"))
        .env("TMPDIR", folder.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let (out, talk) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{out}\n{talk}");
    assert_eq!(out.matches("Demonstration: a computer's voice answered").count(), 3, "{out}\n{talk}");
    let summary = out.split("Summary").nth(1).expect("a summary");
    let line = |id: &str| summary.lines().find(|l| l.contains(id)).unwrap_or_else(|| panic!("{id} is not in {summary}")).to_owned();
    // one answered well, one vaguely, one with many fillers
    assert!(line("psc-unhappy-patient").contains("strong"), "{summary}");
    assert!(line("psc-several-urgent-tasks").contains("weak"), "{summary}");
    assert!(line("psc-extra-step").contains("of 6 points"), "{summary}");
    let third = out.split("Points").nth(3).unwrap();
    assert!(third.contains("which is many"), "{third}");
}
