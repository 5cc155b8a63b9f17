//! A question and its takes: the recordings with what lies along them, the words, the points, the delivery.

use maud::{Markup, html};

use super::lanes::{Along, lanes};
use super::place::{clock, outcome, recording_id};
use super::{Review, Sound, Take, coach, comparison, figures, scorecard, words};
use crate::measure::Measures;
use crate::score::Part;
use crate::sound::{Millis, Span};
use crate::store::session::Answer;
use crate::transcribe::Transcript;

/// One recording of a take: the answer, or what was said when asked back.
pub(super) struct Recording<'a> {
    pub id: String,
    pub name: String,
    pub part: Part,
    pub answer: &'a Answer,
    /// What the interviewer asked back.
    pub asked: Option<&'a str>,
    pub transcript: Option<&'a Transcript>,
    pub measures: Option<&'a Measures>,
    pub sound: Option<&'a Sound>,
    pub duration: Millis,
}

impl Take<'_> {
    /// The ids of its recordings that can be played, and where.
    pub(super) fn sounds(&self) -> Vec<(String, &super::Place)> {
        let parts = [(&self.sound, Part::Answer), (&self.follow_up_sound, Part::FollowUp)];
        parts.into_iter().filter_map(|(sound, part)| Some((recording_id(self.answer, part), &sound.as_ref()?.place))).collect()
    }

    pub(super) fn recordings(&self) -> Vec<Recording<'_>> {
        let Self { answer, sound, follow_up_sound } = self;
        let name = format!("Question {}, take {}", answer.number, answer.files.take);
        let report = answer.report.as_ref();
        let duration = |t: Option<&Transcript>, captured: Option<Millis>, m: Option<&Measures>| {
            t.map(|t| t.duration).or(captured).or(m.map(|m| m.heard.duration)).unwrap_or(Millis(1)).max(Millis(1))
        };
        let (transcript, measures) = (answer.transcript.as_ref(), report.map(|r| &r.measures));
        let mut all = vec![Recording {
            id: recording_id(answer, Part::Answer),
            name: name.clone(),
            part: Part::Answer,
            answer,
            asked: None,
            transcript,
            measures,
            sound: sound.as_ref(),
            duration: duration(transcript, answer.capture.as_ref().map(|c| c.duration), measures),
        }];
        if let Some(added) = &answer.follow_up {
            let (transcript, measures) = (added.transcript.as_ref(), report.and_then(|r| r.follow_up.as_ref()).map(|f| &f.measures));
            all.push(Recording {
                id: recording_id(answer, Part::FollowUp),
                name: format!("{name}, asked back"),
                part: Part::FollowUp,
                answer,
                asked: Some(&added.asked.text),
                transcript,
                measures,
                sound: follow_up_sound.as_ref(),
                duration: duration(transcript, added.capture.as_ref().map(|c| c.duration), measures),
            });
        }
        all
    }
}

/// All takes of one question.
pub(super) fn question(takes: &[Take], review: &Review) -> Markup {
    let answer = &takes[0].answer;
    let question = &answer.question;
    html! {
        section id=(format!("q{}", answer.number)) data-view data-off data-question=(answer.number) data-question-id=(question.id) {
            p.label { "Question " (answer.number) }
            h2 tabindex="-1" { (question.text) }
            p.quiet { (question.kind) " · a good length is about " (clock(Millis(u64::from(question.seconds) * 1_000))) }
            @if !question.intent.is_empty() { p.intent { strong { "What they want to find out: " } (question.intent) } }
            @if takes.len() > 1 {
                div.takes role="group" aria-label="Takes of this question" title="Keys a and b: the other take goes on at the same place" {
                    @for take in takes { button type="button" data-do="take" data-take=(take.answer.files.take) aria-pressed="false" { "Take " (take.answer.files.take) } }
                }
            }
            @for (at, take) in takes.iter().enumerate() { (article(take, at.checked_sub(1).map(|before| takes[before].answer), review)) }
        }
    }
}

/// `before`: the take before it.
fn article(take: &Take, before: Option<&Answer>, review: &Review) -> Markup {
    let answer = &take.answer;
    html! {
        article data-take=(answer.files.take) data-main=(recording_id(answer, Part::Answer)) {
            h3 { "Take " (answer.files.take) " " span data-machine hidden[review.coach] { (outcome(answer)) } }
            @for recording in take.recordings() { (section(&recording, review)) }
            @if answer.is_unfinished() {
                p.card.hint { "Something recorded here is not yet written down. Finish it with " code { "viva analyze --session " (review.name) } "." }
            }
            @if review.coach { (coach::rating_form(answer)) }
            (scorecard::scorecard(answer, review))
            @if let Some(before) = before { (comparison::against(before, answer, review)) }
            (figures::delivery(answer, review))
        }
    }
}

fn section(recording: &Recording, review: &Review) -> Markup {
    let Recording { id, name, part, answer, asked, measures, sound, duration, .. } = recording;
    let span = measures.and_then(|m| m.heard.span).unwrap_or(Span { start: Millis(0), end: *duration });
    let card = answer.scored().filter(|_| *part == Part::Answer);
    let along = Along {
        duration: *duration,
        peaks: sound.map_or(&[], |s| &s.peaks),
        measures: *measures,
        structure: card.map_or(&[], |c| &c.structure.parts),
        delivery: review.delivery,
        hide_judgement: review.coach,
    };
    html! {
        section.recording data-recording=(id) data-in=(id) data-name=(name) data-duration=(duration.0) data-begin=(span.start.0) data-end=(span.end.0) aria-label=(name) {
            @if let Some(asked) = asked { h4 { span.quiet { "Asked back: " } (asked) } }
            (lanes(&along))
            (words::said(recording, review))
        }
    }
}
