//! What is older than the settings allow goes when the program starts, and the user is told.

use jiff::Timestamp;

use super::sessions::still_there;
use super::{noted, talk};
use crate::settings::Settings;
use crate::store::keeping::{Gone, Keeping};

pub fn obey(settings: &Settings) {
    let preferences = &settings.preferences;
    let keeping = Keeping { days: preferences.keep_days, audio_days: preferences.keep_audio_days };
    let Gone { sessions, silenced, recordings, exports, problems } = noted(keeping.apply(&settings.folders.sessions, Timestamp::now()));
    if let Some(days) = keeping.days.filter(|_| !sessions.is_empty()) {
        talk(&format!("note: deleted, because they are older than {days} days (keep_days): {}", sessions.join(", ")));
    }
    if let Some(days) = keeping.audio_days.filter(|_| !silenced.is_empty()) {
        let files = if recordings == 1 { "1 recording".to_owned() } else { format!("{recordings} recordings") };
        talk(&format!("note: {files} older than {days} days deleted (keep_audio_days), their words and reports stay: {}", silenced.join(", ")));
    }
    still_there(&exports);
    for problem in problems {
        talk(&format!("note: kept for now: {problem}"));
    }
}
