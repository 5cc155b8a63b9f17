//! How fast the speech engine writes speech down on this machine, measured with what there is to measure it with.

use super::super::models::bench;
use crate::doctor::hearing::Hearing;
use crate::doctor::listening::Recorded;
use crate::models::Installed;
use crate::sound::mix::LiveChannels;
use crate::sound::{Clip, Millis, Source};
use crate::speak::Voice;

/// Some thirteen seconds of speech.
const TEXT: &str = "Last spring a patient called because her test results had not come. I listened, wrote down what she needed, and rang the \
    laboratory while she waited. They had the wrong address, so I corrected it and called her back the same afternoon.";
/// No measure is taken on less than this.
const ENOUGH: Millis = Millis(10_000);

/// Seconds of speech a second of work, to two digits: on what a voice says, or else on what the person said, over and over. None where there is
/// neither.
pub fn measured(model: Installed, voice: Option<&dyn Voice>, recorded: Option<&Recorded>, hearing: Option<&Hearing>) -> anyhow::Result<Option<f64>> {
    // a voice that fails has been named
    let rendered = voice.and_then(|v| v.render(TEXT).ok()).filter(|c| c.duration() >= ENOUGH);
    let Some(clip) = rendered.or_else(|| repeated(recorded?, hearing?)) else { return Ok(None) };
    bench::speed(model, Source::of(clip)).map(Some)
}

/// What the person said, until it is enough; None where nobody spoke.
fn repeated(recorded: &Recorded, hearing: &Hearing) -> Option<Clip> {
    hearing.voice?;
    let mut mono = Vec::new();
    LiveChannels::new(recorded.channels).to_mono(&recorded.interleaved, &mut mono);
    let clip = Clip::new(mono, recorded.rate);
    let once = clip.stretch(crate::sound::Span { start: recorded.turn.unwrap_or_default(), end: clip.duration() });
    let times = usize::try_from(ENOUGH.0.div_ceil(once.duration().0.max(1))).ok()?;
    Some(Clip::new(once.samples.repeat(times), once.rate))
}
