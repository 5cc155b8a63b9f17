//! The interview as the candidate sees it: talk on stderr, reports on stdout, a level meter where there is a terminal.

use std::io::{IsTerminal, Write};

use crate::capture::EndReason;
use crate::event::{Audience, Event, Reported};
use crate::measure::Delivery;
use crate::measure::baseline::Baseline;
use crate::question::Anchors;
use crate::question::style::After;
use crate::review::{self, Beside, Shown};
use crate::score::Scorecard;
use crate::sound::{Decibels, Millis};

/// Columns of the level meter, and the level at its left end.
const METER: usize = 24;
const QUIETEST: f32 = -60.0;

/// What is written where a terminal is; pipes get plain lines.
pub struct Screen {
    live: bool,
    /// A status line stands there and must be wiped before anything else is written.
    status: bool,
    limit: Millis,
    attended: bool,
    /// What comes after an answer.
    after: After,
    /// The scorecard shown last, and of which question.
    before: Option<(usize, Scorecard)>,
    delivery: Delivery,
    /// Of earlier sessions.
    baseline: Baseline,
}

impl Screen {
    /// `attended`: somebody is there to press keys.
    #[must_use]
    pub fn new(attended: bool, after: After, delivery: Delivery, baseline: Baseline) -> Self {
        Self { live: std::io::stderr().is_terminal(), status: false, limit: Millis(0), attended, after, before: None, delivery, baseline }
    }

    fn reported(&mut self, r: &Reported) {
        if self.after == After::GoOn {
            return;
        }
        let shown = Shown {
            report: r.report,
            transcript: r.transcript,
            question: Some(r.question),
            capture: Some(r.capture),
            follow_up: r.follow_up.map(|f| (f.asked.text.as_str(), f.transcript)),
            beside: Beside { delivery: Some(&self.delivery), baseline: Some(&self.baseline) },
        };
        let mut text = format!("\n{}", review::report(shown));
        if let Some(now) = &r.report.scorecard {
            if let Some((_, before)) = self.before.as_ref().filter(|(number, _)| *number == r.number) {
                text.push_str(&review::compared(before, now));
            }
            self.before = Some((r.number, now.clone()));
        }
        self.show(&text);
    }

    fn say(&mut self, text: &str) {
        self.wipe();
        // a terminal that is gone is noticed elsewhere; the answer is kept either way
        let _ = writeln!(anstream::stderr(), "{text}");
    }

    /// Takes the status line away. Not a matter of colour, so also where colours are turned off.
    fn wipe(&mut self) {
        if std::mem::take(&mut self.status) {
            // as above
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    fn status(&mut self, text: &str) {
        if self.live {
            self.status = true;
            let mut stderr = std::io::stderr();
            // as above
            let _ = write!(stderr, "\r{text}\x1b[K").and_then(|()| stderr.flush());
        }
    }

    fn show(&mut self, text: &str) {
        self.wipe();
        let mut stdout = anstream::stdout();
        // a reader that closed the pipe has seen enough
        let _ = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
    }
}

/// The status line does not stay behind what is written next.
impl Drop for Screen {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// `[#######-----------------]` for a peak level.
fn meter(peak: Option<Decibels>) -> String {
    let share = peak.map_or(0.0, |p| ((p.0 - QUIETEST) / -QUIETEST).clamp(0.0, 1.0));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // 0 to METER
    let filled = (share * METER as f32).round() as usize;
    format!("[{}{}]", "#".repeat(filled), "-".repeat(METER - filled))
}

/// What is asked before the report is shown.
fn to_rate(anchors: Option<&Anchors>) -> String {
    let meaning = match anchors {
        Some(a) => format!("  1 or 2, weak: {}\n  3, fair: {}\n  4 or 5, strong: {}", a.weak, a.fair, a.strong),
        None => "  1 or 2: weak; 3: fair; 4 or 5: strong".to_owned(),
    };
    format!("\nHow good was that? Rate it yourself before you see the report.\n{meaning}\nType 1 to 5 and press Enter. (Enter alone leaves it out.)")
}

fn ended(end: EndReason, duration: Millis) -> String {
    match end {
        EndReason::Candidate | EndReason::EndOfRecording => format!("Got it: {duration}."),
        EndReason::Limit => format!("The time is up. Your answer is kept: {duration}."),
        EndReason::Interrupted => format!("Stopped. Your answer is kept: {duration}. Ctrl-C once more leaves the interview."),
        EndReason::DeviceLost => {
            format!("The microphone stopped delivering sound. What it heard until then is kept: {duration}. Check its plug, then go on.")
        }
        EndReason::DiskFailed => format!("The disk could not take more. What was written is kept: {duration}. Make room before you go on."),
    }
}

impl Audience for Screen {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::Started { folder, model } => {
                self.say(&format!("This session is kept in {}", folder.display()));
                self.status(&format!("Loading the model {model} ..."));
            }
            Event::Ready => self.say("Ready. Everything stays on this machine."),
            Event::Asking { number, of, take, question } => {
                let again = if *take > 1 { format!(", take {take}") } else { String::new() };
                self.say(&format!("\nQuestion {number} of {of}{again}\n\n  {}\n", question.text));
            }
            Event::AskingBack { text, .. } => self.say(&format!("\nOne more thing\n\n  {text}\n")),
            Event::VoiceFailed { reason } => self.say(&format!("{reason}.\nPlease read the question above.")),
            Event::Thinking { seconds } => {
                let keys = if self.attended { " (Enter: start now)" } else { "" };
                self.say(&format!("You have {seconds} s to think{keys}."));
            }
            Event::Listening { limit } => {
                self.limit = *limit;
                let keys = if self.attended { " Press Enter when you have finished." } else { "" };
                self.say(&format!("Your turn: I am listening.{keys}"));
            }
            Event::Level { peak, elapsed } => {
                let time = format!("{elapsed} of {}", self.limit);
                // a line that wraps would scroll at every update
                let fits = textwrap::termwidth() > METER + 3 + time.len();
                self.status(&if fits { format!("{} {time}", meter(*peak)) } else { time });
            }
            Event::OnlyZeros => self.say(
                "Nothing arrives from this microphone, not even noise. Is it muted, or the wrong one? `viva devices` lists them; choose with --input.",
            ),
            Event::Lost { loss, rate } => {
                #[allow(clippy::cast_precision_loss)]
                let seconds = loss.frames as f64 / f64::from((*rate).max(1));
                self.say(&format!("{seconds:.1} s of sound was lost at {}: the machine was very busy, or asleep.", loss.at));
            }
            Event::Ended { end, duration, .. } => self.say(&ended(*end, *duration)),
            Event::Transcribing => self.status("Writing down what you said ..."),
            Event::AskingToRate { anchors, .. } => self.say(&to_rate(*anchors)),
            // only a typed band needs no answer
            Event::Rated { band: Some(_), .. } => {}
            Event::Rated { band: None, .. } => self.say("Not rated."),
            Event::NotRecorded { reason } | Event::NotFinished { reason } => self.say(&format!("{reason}.")),
            Event::Reported(r) => self.reported(r),
            Event::Choice { last, after } => {
                let enter = if *last { "finish" } else { "next question" };
                self.say(&match after {
                    After::Repeat => "Enter: answer again   q, Enter: stop here".to_owned(),
                    After::Wait | After::GoOn => format!("Enter: {enter}   q, Enter: stop here"),
                    After::Offer => format!("Enter: {enter}   a, Enter: answer again   q, Enter: stop here"),
                });
            }
            Event::InterruptedOnce => self.say("Ctrl-C once more leaves the interview. Everything recorded is kept."),
            Event::OutOfTime { minutes } => self.say(&format!("No further question fits into {minutes} min.")),
            Event::Finished { answers: 0, .. } => self.say("\nNothing was recorded."),
            Event::Finished { folder, .. } => {
                let name = folder.file_name().unwrap_or_default().to_string_lossy();
                self.say(&format!("\nKept as {name}. `viva sessions show` shows it again."));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_is_as_long_when_full_as_when_empty() {
        assert_eq!(meter(None), format!("[{}]", "-".repeat(24)));
        assert_eq!(meter(Some(Decibels(0.0))), format!("[{}]", "#".repeat(24)));
        assert_eq!(meter(Some(Decibels(-30.0))), format!("[{}{}]", "#".repeat(12), "-".repeat(12)));
        assert_eq!(meter(Some(Decibels(6.0))).len(), 26);
    }
}
