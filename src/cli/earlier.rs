//! What earlier sessions have to say before the next one begins: answers that were interrupted, and a clock that was set back.

use jiff::Timestamp;

use super::talk;
use crate::settings::Settings;
use crate::store::{StoreError, catalogue};

/// How many there are.
pub fn remind(settings: &Settings) -> Result<usize, StoreError> {
    let lines = catalogue::read(&settings.folders.sessions)?.lines;
    match lines.iter().map(|l| l.answers - l.reported).sum::<usize>() {
        0 => {}
        1 => talk("note: 1 earlier answer has no report yet; `viva sessions recover` finishes it"),
        count => talk(&format!("note: {count} earlier answers have no report yet; `viva sessions recover` finishes them")),
    }
    // the newest comes first
    if let Some(newest) = lines.first().filter(|l| l.started > Timestamp::now()) {
        talk(&format!(
            "note: by the clock of this machine, {} has not begun yet; was the clock set back? Nothing is lost, but until then \"last\" means that one",
            newest.id
        ));
    }
    Ok(lines.len())
}
