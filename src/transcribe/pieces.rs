//! Where a take may be cut so that no word is cut: at its pauses. Pure.

use crate::sound::Clip;
use crate::sound::{Millis, Span, speech};

/// How a take is cut for one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutting {
    /// A pause at which the take may be cut.
    pub pause: Millis,
    /// Pieces shorter than this are joined to the next: an engine hears better with some context, and its cost is by the piece.
    pub shortest: Millis,
    /// Pieces are not longer than this where there is any pause to cut at.
    pub longest: Millis,
}

impl Cutting {
    /// For models that look at 30 s at a time: a piece that fits leaves nothing to the engine's own cutting.
    pub const USUAL: Self = Self { pause: Millis(700), shortest: Millis(5_000), longest: Millis(25_000) };
    /// For demo models, trained on short stretches: with more than about 9 s of speech at once they lose the text (measured: no word error up
    /// to 7 s, 10 % at 11 s, 40 % at 22 s).
    pub const SHORT: Self = Self { pause: Millis(300), shortest: Millis(3_000), longest: Millis(9_000) };
}

/// Room left before and after the speech of a piece.
const MARGIN: Millis = Millis(250);
/// Less speech than this is a click, and an engine that is given a click invents a sentence.
const LEAST_SPEECH: Millis = Millis(100);

/// The pieces of a take that hold speech, in order, apart; none where nobody speaks. A stretch without a pause may make a piece longer than it should be.
#[must_use]
pub fn pieces(clip: &Clip, cutting: Cutting) -> Vec<Span> {
    let speech = speech::stretches(clip, Millis(200));
    let mut groups: Vec<Vec<Span>> = Vec::new();
    for span in speech {
        match groups.last_mut() {
            Some(group) if belongs(group, span, cutting) => group.push(span),
            _ => groups.push(vec![span]),
        }
    }
    groups.retain(|group| speech::total(group) >= LEAST_SPEECH);
    let bounds: Vec<Span> = groups.iter().map(|g| Span { start: g[0].start, end: g[g.len() - 1].end }).collect();
    // margins never reach into the neighbour
    let limit = |a: Millis, b: Millis| Millis(a.0.midpoint(b.0));
    bounds
        .iter()
        .enumerate()
        .map(|(i, span)| Span {
            start: (span.start - MARGIN).max(if i == 0 { Millis(0) } else { limit(bounds[i - 1].end, span.start) }),
            end: (span.end + MARGIN).min(bounds.get(i + 1).map_or(clip.duration(), |next| limit(span.end, next.start))),
        })
        .collect()
}

fn belongs(group: &[Span], span: Span, cutting: Cutting) -> bool {
    let (start, end) = (group[0].start, group[group.len() - 1].end);
    let too_long = span.end - start > cutting.longest;
    let at_a_pause = span.start - end >= cutting.pause && end - start >= cutting.shortest;
    !too_long && !at_a_pause
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(milliseconds of buzz, milliseconds of silence)` in turn.
    #[allow(clippy::cast_precision_loss)]
    fn answer(turns: &[(u64, u64)]) -> Clip {
        let mut samples = Vec::new();
        for (speech, silence) in turns {
            samples.extend((0..speech * 16).map(|i| 0.3 * (i as f32 * 0.0785).sin()));
            samples.extend((0..silence * 16).map(|_| 0.0));
        }
        Clip::new(samples, 16_000)
    }

    #[test]
    fn a_take_is_cut_at_long_pauses_once_a_piece_is_long_enough() {
        let clip = answer(&[(2000, 900), (4000, 900), (3000, 300), (3000, 1500), (1000, 500)]);
        let found = pieces(&clip, Cutting::USUAL);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.windows(2).all(|w| w[0].end <= w[1].start));
    }

    #[test]
    fn speech_without_long_pauses_is_cut_before_25_seconds() {
        let found = pieces(&answer(&[(4000, 300); 12]), Cutting::USUAL);
        assert!(found.len() >= 2 && found.iter().all(|p| p.length() <= Cutting::USUAL.longest + MARGIN + MARGIN), "{found:?}");
    }

    #[test]
    fn a_demo_model_gets_a_sentence_or_two_at_a_time() {
        let found = pieces(&answer(&[(2500, 400); 8]), Cutting::SHORT);
        assert_eq!(found.len(), 4, "{found:?}");
    }

    #[test]
    fn no_speech_no_piece() {
        assert!(pieces(&answer(&[(0, 3000)]), Cutting::USUAL).is_empty());
        assert!(pieces(&answer(&[(60, 3000)]), Cutting::USUAL).is_empty());
        assert!(pieces(&Clip::new(vec![], 16_000), Cutting::USUAL).is_empty());
    }
}
