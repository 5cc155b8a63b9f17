//! whisper.cpp by whisper-rs, the only place that names it: pieces of sound in, words with times out.
//!
//! Each piece is one call of its own, without the text before it as a prompt: that is what keeps one bad guess from repeating itself.

use std::path::Path;
use std::time::{Duration, Instant};

use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState};

use super::pieces::{self, Cutting};
use super::{Engine, TranscribeError, Transcriber, Transcript, Word};
use crate::sound::resample::{WHISPER_RATE, resample};
use crate::sound::{Clip, Millis, Span};
use crate::stop::Stop;

/// Less sound than this returns nothing, or crashes; a shorter piece is padded with silence.
const LEAST: Millis = Millis(1_200);
/// More threads than this do not help models of this size.
const MOST_THREADS: usize = 8;

/// Half of what the machine can run at once. The engine's threads wait for each other by spinning: where another program takes one core of
/// a full set, each step waits for that core, and a second of work was seen to take a minute.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| (n.get() / 2).clamp(1, MOST_THREADS))
}

/// A loaded model. Holds its memory until it is dropped.
pub struct Whisper {
    context: WhisperContext,
    state: WhisperState,
    engine: Engine,
    threads: usize,
    spent: Duration,
}

impl Whisper {
    /// Loads the model file and runs it once on silence, so that the first answer does not pay for its first use.
    ///
    /// # Errors
    /// The file is not a model that whisper.cpp can load.
    pub fn load(path: &Path, engine: Engine) -> Result<Self, TranscribeError> {
        whisper_rs::install_logging_hooks();
        let refused = |reason: String| TranscribeError::Model { path: path.to_owned(), reason };
        let context = WhisperContext::new_with_params(path, WhisperContextParameters::default())
            .map_err(|e| refused(format!("whisper.cpp does not take it: {e}")))?;
        let mut state = context.create_state().map_err(|e| refused(e.to_string()))?;
        let threads = threads();
        // each part of the engine once; a whole run on silence would go on inventing for seconds
        let warm_up = state
            .pcm_to_mel(&vec![0.0; LEAST.frames(WHISPER_RATE)], threads)
            .and_then(|()| state.encode(0, threads))
            .and_then(|()| state.decode(&[context.token_sot()], 0, threads));
        warm_up.map_err(|e| refused(e.to_string()))?;
        Ok(Self { context, state, engine, threads, spent: Duration::ZERO })
    }

    /// One call of the engine.
    fn run(&mut self, samples: &[f32], stop: &Stop) -> Result<(), TranscribeError> {
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
        params.set_n_threads(i32::try_from(self.threads).unwrap_or(1));
        params.set_language(Some("en"));
        params.set_no_context(true);
        params.set_token_timestamps(true);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        params.set_print_special(false);
        // no second try at a higher temperature: it is drawn by lot, and costs most where there is least to hear
        params.set_temperature_inc(0.0);
        // boxed twice on purpose: whisper-rs 0.16 calls a plain closure through the wrong type
        let stopped = stop.clone();
        params.set_abort_callback_safe(Box::new(move || stopped.is_raised()) as Box<dyn FnMut() -> bool>);
        let begun = Instant::now();
        let result = self.state.full(params, samples);
        self.spent += begun.elapsed();
        match result {
            _ if stop.is_raised() => Err(TranscribeError::Stopped),
            Ok(()) => Ok(()),
            Err(e) => Err(TranscribeError::Engine(e.to_string())),
        }
    }

    /// The words of the last run, moved to where the piece lies in the take.
    fn words(&self, piece: Span) -> Result<Vec<Word>, WhisperError> {
        let mut words: Vec<Spelled> = Vec::new();
        for segment in self.state.as_iter() {
            for i in 0..segment.n_tokens() {
                let Some(token) = segment.get_token(i) else { continue };
                // beyond the text tokens lie the marks for times and the end
                if token.token_id() >= self.context.token_eot() {
                    continue;
                }
                let (bytes, data) = (token.to_bytes()?, token.token_data());
                let time = |centiseconds: i64| {
                    let inside = Millis(u64::try_from(centiseconds.max(0)).unwrap_or(0) * 10);
                    (piece.start + inside).min(piece.end)
                };
                let new_word = bytes.first() == Some(&b' ') || words.is_empty() || i == 0;
                if new_word {
                    words.push(Spelled { bytes: Vec::new(), start: time(data.t0), end: time(data.t1), probability: 1.0 });
                }
                if let Some(word) = words.last_mut() {
                    word.bytes.extend_from_slice(bytes);
                    word.end = word.end.max(time(data.t1));
                    word.probability = word.probability.min(data.p);
                }
            }
        }
        Ok(words.into_iter().filter_map(Spelled::decoded).collect())
    }
}

/// A word whose bytes may still be half a character: tokens cut UTF-8 anywhere, so the whole word is decoded at once.
struct Spelled {
    bytes: Vec<u8>,
    start: Millis,
    end: Millis,
    probability: f32,
}

impl Spelled {
    fn decoded(self) -> Option<Word> {
        let text = String::from_utf8_lossy(&self.bytes).trim().to_owned();
        let probability = (self.probability * 1000.0).round() / 1000.0;
        (!text.is_empty()).then(|| Word { text, start: self.start, end: self.end.max(self.start), probability })
    }
}

impl Transcriber for Whisper {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn transcribe(&mut self, clip: &Clip, stop: &Stop) -> Result<Transcript, TranscribeError> {
        let clip = resample(clip, WHISPER_RATE).map_err(|e| TranscribeError::Engine(e.to_string()))?;
        let mut words = Vec::new();
        let cutting = if self.engine.demo { Cutting::SHORT } else { Cutting::USUAL };
        for piece in pieces::pieces(&clip, cutting) {
            let mut samples = clip.stretch(piece).samples;
            samples.resize(samples.len().max(LEAST.frames(WHISPER_RATE)), 0.0);
            self.run(&samples, stop)?;
            words.extend(self.words(piece).map_err(|e| TranscribeError::Engine(e.to_string()))?);
        }
        Ok(Transcript::new(self.engine.clone(), clip.duration(), words))
    }

    fn engine_time(&self) -> Duration {
        self.spent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Whisper {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ggml-viva-demo-q8_0.bin");
        Whisper::load(&path, Engine { model: "demo".into(), sha256: None, demo: true }).unwrap()
    }

    /// Two buzzes that come and go as words do.
    #[allow(clippy::cast_precision_loss)]
    fn something_like_speech() -> Clip {
        let buzz = |i: u64| if (i / 8_000).is_multiple_of(2) { 0.0 } else { 0.3 * (i as f32 * 0.0785).sin() };
        Clip::new((0..64_000).map(buzz).collect(), WHISPER_RATE)
    }

    #[test]
    fn a_raised_stop_stops_the_engine_and_one_that_is_not_does_not() {
        let (mut whisper, stop) = (demo(), Stop::default());
        assert!(whisper.transcribe(&something_like_speech(), &stop).is_ok());
        stop.raise();
        assert!(matches!(whisper.transcribe(&something_like_speech(), &stop), Err(TranscribeError::Stopped)));
        assert!(whisper.transcribe(&something_like_speech(), &Stop::default()).is_ok());
    }

    #[test]
    fn silence_and_nothing_have_no_words() {
        let mut whisper = demo();
        for samples in [vec![], vec![0.0; 10], vec![0.0; 800], vec![0.0; 160_000]] {
            let transcript = whisper.transcribe(&Clip::new(samples, WHISPER_RATE), &Stop::default()).unwrap();
            assert!(transcript.words.is_empty(), "{transcript:?}");
        }
        assert_eq!(whisper.engine_time(), Duration::ZERO, "an engine that is not asked invents nothing");
    }

    #[test]
    fn a_word_is_decoded_whole_even_where_a_token_ends_inside_a_letter() {
        let spelled = |bytes: &[u8]| Spelled { bytes: bytes.to_vec(), start: Millis(10), end: Millis(5), probability: 0.123_456 };
        let word = spelled(&[b' ', b'c', b'a', b'f', 0xC3, 0xA9]).decoded().unwrap();
        assert_eq!((word.text.as_str(), word.probability, word.end), ("café", 0.123, Millis(10)));
        assert_eq!(spelled(&[b'x', 0xC3]).decoded().unwrap().text, "x\u{FFFD}");
        assert!(spelled(b" ").decoded().is_none());
    }
}
