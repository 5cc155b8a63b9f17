//! Answers as a table for a spreadsheet: a line each, figures as numbers, what is not known left empty.

use serde::Serialize;

use crate::measure::baseline::Figure;
use crate::score::Scorecard;
use crate::store::SessionRecord;
use crate::store::about::About;
use crate::store::session::Answer;

/// One line. The columns are named and ordered as here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub session: String,
    pub started: String,
    pub role: String,
    pub title: String,
    pub tags: String,
    pub number: usize,
    pub question: String,
    pub text: String,
    pub take: usize,
    /// Of the recording.
    pub seconds: Option<f64>,
    /// 1 to 5.
    pub band: Option<u8>,
    pub points_made: Option<usize>,
    pub points: Option<usize>,
    pub red_flags: Option<usize>,
    pub no_score: String,
    pub words_per_minute: Option<f64>,
    /// Words a minute without the pauses.
    pub articulation_rate: Option<f64>,
    /// 0 to 1.
    pub pause_share: Option<f64>,
    pub fillers_per_minute: Option<f64>,
    /// Semitones.
    pub pitch_variation: Option<f64>,
    /// LUFS.
    pub loudness: Option<f64>,
}

impl Row {
    #[must_use]
    pub fn of(session: &str, record: &SessionRecord, about: &About, answer: &Answer) -> Self {
        let card = answer.report.as_ref().and_then(|r| r.scorecard.as_ref());
        let (scored, refusal) = match card {
            Some(Scorecard::Scored(scored)) => (Some(scored), None),
            Some(Scorecard::Refused { reason }) => (None, Some(reason)),
            None => (None, None),
        };
        let figure = |figure: Figure| answer.report.as_ref().and_then(|r| figure.of(&r.measures));
        Self {
            session: cell(session),
            started: record.started.to_string(),
            role: cell(&record.role_name),
            title: cell(about.title.as_deref().unwrap_or_default()),
            tags: cell(&about.tags.join(" ")),
            number: answer.number,
            question: cell(&answer.question.id),
            text: cell(&answer.question.text),
            take: answer.files.take,
            seconds: answer.length().map(crate::sound::Millis::seconds),
            band: scored.map(|s| s.band.number()),
            points_made: scored.map(|s| s.made()),
            points: scored.map(|s| s.points.len()),
            red_flags: scored.map(|s| s.red_flags.len()),
            no_score: refusal.map_or(String::new(), |r| cell(&r.to_string())),
            words_per_minute: figure(Figure::WordsPerMinute),
            articulation_rate: figure(Figure::ArticulationRate),
            pause_share: figure(Figure::PauseShare),
            fillers_per_minute: figure(Figure::FillersPerMinute),
            pitch_variation: figure(Figure::PitchVariation),
            loudness: figure(Figure::Loudness),
        }
    }
}

/// Text that a spreadsheet would take for a formula is told to be text.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The table with its header, in UTF-8.
///
/// # Errors
/// Never: it is written to memory.
pub fn csv(rows: impl Iterator<Item = Row>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.serialize(row)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_never_a_formula() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(cell("first try"), "first try");
    }
}
