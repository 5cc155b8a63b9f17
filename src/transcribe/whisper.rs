//! whisper.cpp by whisper-rs, the only place that names it: a piece of sound in, words with times out.
//!
//! Each piece is one call of its own, without the text before it as a prompt: that is what keeps one bad guess from repeating itself.
//! whisper.cpp can abort the whole process, so this runs in a process of its own (see [`super::process`]).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use whisper_rs::{
    DtwAhead, DtwMode, DtwModelPreset, DtwParameters, FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError,
    WhisperSegment, WhisperState,
};

use super::{Engine, Recogniser, Segment, TranscribeError, Word};
use crate::sound::resample::WHISPER_RATE;
use crate::sound::{Millis, Piece, Span};
use crate::stop::Stop;

/// Less sound than this returns nothing, or crashes; a shorter piece is padded with silence.
const LEAST: Millis = Millis(1_200);
/// More threads than this do not help models of this size.
const MOST_THREADS: usize = 8;
/// Steps of the engine (a look at the sound, or a token) that a piece may take, and so many more for each second: more than the fastest speech needs.
const MOST_STEPS: (u64, u64) = (24, 12);
/// The head of the demo model's decoder that was taught to look where the word is spoken.
const DEMO_HEADS: &[DtwAhead] = &[DtwAhead { n_text_layer: 2, n_head: 0 }];
/// It looks into a word, not at its beginning: so much after it for each letter, up to so many (fitted to the times that espeak-ng tells of its
/// words, on questions that the figures are not measured on).
const DEMO_LAG: (u64, u64) = (30, 8);

/// How long after a word's beginning the engine looks at it.
fn lag(engine: &Engine, word: &[u8]) -> Millis {
    let (by_letter, most) = DEMO_LAG;
    let letters = word.iter().filter(|b| b.is_ascii_alphanumeric()).count() as u64;
    if engine.demo { Millis(by_letter * letters.min(most)) } else { Millis(0) }
}

/// Half of what the machine can run at once: the other half is for the recording while somebody speaks. The engine's threads wait for each
/// other by spinning: where another program takes one core of a full set, each step waits for that core, and a second of work was seen to
/// take a minute. The number is the same after the answer, so that the same words come out.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| (n.get() / 2).clamp(1, MOST_THREADS))
}

/// A loaded model. Holds its memory until it is dropped.
pub struct Whisper {
    context: WhisperContext,
    state: WhisperState,
    engine: Engine,
    threads: usize,
    spent: Duration,
    /// Raised by one with every sign of life from inside the engine.
    pulse: Arc<AtomicU64>,
    /// How long the engine takes to look at 30 s once.
    glance: Duration,
}

impl Whisper {
    /// Loads the model file and runs it once on silence, so that the first answer does not pay for its first use.
    ///
    /// # Errors
    /// The file is not a model that whisper.cpp can load.
    pub fn load(path: &Path, engine: Engine) -> Result<Self, TranscribeError> {
        whisper_rs::install_logging_hooks();
        let refused = |reason: String| TranscribeError::Model { path: path.to_owned(), reason };
        let mut parameters = WhisperContextParameters::default();
        parameters.dtw_parameters(DtwParameters { mode: alignment(&engine), ..DtwParameters::default() });
        let context = WhisperContext::new_with_params(path, parameters).map_err(|e| refused(format!("whisper.cpp does not take it: {e}")))?;
        let mut state = context.create_state().map_err(|e| refused(e.to_string()))?;
        let threads = threads();
        // each part of the engine once; a whole run on silence would go on inventing for seconds
        let begun = Instant::now();
        let warm_up = state
            .pcm_to_mel(&vec![0.0; LEAST.frames(WHISPER_RATE)], threads)
            .and_then(|()| state.encode(0, threads))
            .and_then(|()| state.decode(&[context.token_sot()], 0, threads));
        warm_up.map_err(|e| refused(e.to_string()))?;
        let glance = begun.elapsed();
        Ok(Self { context, state, engine, threads, spent: Duration::ZERO, pulse: Arc::default(), glance })
    }

    /// Counts signs of life while a piece is transcribed.
    #[must_use]
    pub fn pulse(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.pulse)
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
        // a NUL would end the program; it can stand in no setting that is meant
        if let Some(prompt) = self.engine.prompt.as_deref().filter(|p| !p.contains('\0')) {
            params.set_initial_prompt(prompt);
        }
        // no second try at a higher temperature: it is drawn by lot, and costs most where there is least to hear
        params.set_temperature_inc(0.0);
        // boxed twice on purpose: whisper-rs 0.16 calls a plain closure through the wrong type
        let (stopped, pulse, steps) = (stop.clone(), Arc::clone(&self.pulse), Arc::new(AtomicU64::new(0)));
        // what sounds like nothing it knows can send it round for minutes; a count, not a clock, so that the same words come out
        let most = MOST_STEPS.0 + MOST_STEPS.1 * samples.len() as u64 / u64::from(WHISPER_RATE);
        let counted = Arc::clone(&steps);
        params.set_abort_callback_safe(Box::new(move || {
            pulse.fetch_add(1, Ordering::Relaxed);
            stopped.is_raised() || counted.fetch_add(1, Ordering::Relaxed) >= most
        }) as Box<dyn FnMut() -> bool>);
        let begun = Instant::now();
        let result = self.state.full(params, samples);
        self.spent += begun.elapsed();
        match result {
            _ if stop.is_raised() => Err(TranscribeError::Stopped),
            Ok(()) => Ok(()),
            // what it wrote until then stands, to be believed or not
            Err(_) if steps.load(Ordering::Relaxed) > most => Ok(()),
            Err(e) => Err(TranscribeError::Engine(e.to_string())),
        }
    }

    fn segments(&self, piece: Span) -> Result<Vec<Segment>, WhisperError> {
        self.state.as_iter().map(|segment| self.segment(&segment, piece)).collect()
    }

    /// The words of a segment of the last run, moved to where the piece lies in the take.
    #[allow(clippy::cast_precision_loss)] // a few hundred tokens
    fn segment(&self, segment: &WhisperSegment, piece: Span) -> Result<Segment, WhisperError> {
        let mut words: Vec<Spelled> = Vec::new();
        let (mut sum, mut count) = (0.0, 0);
        let time = |centiseconds: i64| {
            let inside = Millis(u64::try_from(centiseconds.max(0)).unwrap_or(0) * 10);
            Millis(piece.start.0 + inside.0).min(piece.end)
        };
        let mut looked_at = false;
        for i in 0..segment.n_tokens() {
            let Some(token) = segment.get_token(i) else { continue };
            // beyond the text tokens lie the marks for times and the end
            if token.token_id() >= self.context.token_eot() {
                continue;
            }
            let (bytes, data) = (token.to_bytes()?, token.token_data());
            // what is no number cannot be sent over the pipe
            sum += if data.plog.is_finite() { data.plog } else { 0.0 };
            count += 1;
            // where the decoder looked when it wrote the token, or, for a model that is not known so well, whisper.cpp's estimate
            let aligned = data.t_dtw >= 0;
            looked_at |= aligned;
            let (start, end) = if aligned { (time(data.t_dtw), time(data.t_dtw)) } else { (time(data.t0), time(data.t1)) };
            if bytes.first() == Some(&b' ') || words.is_empty() {
                words.push(Spelled { bytes: Vec::new(), start, end, probability: 1.0 });
            }
            if let Some(word) = words.last_mut() {
                word.bytes.extend_from_slice(bytes);
                word.end = word.end.max(end);
                word.probability = word.probability.min(if data.p.is_finite() { data.p } else { 0.0 });
            }
        }
        if looked_at {
            let starts: Vec<Millis> = words.iter().map(|w| (w.start - lag(&self.engine, &w.bytes)).max(piece.start)).collect();
            let ends = starts.iter().skip(1).copied().chain([time(segment.end_timestamp())]);
            for ((word, start), end) in words.iter_mut().zip(&starts).zip(ends) {
                (word.start, word.end) = (*start, end.max(*start));
            }
        }
        let words = words.into_iter().filter_map(Spelled::decoded).collect();
        Ok(Segment { words, mean_log_probability: if count == 0 { 0.0 } else { sum / count as f32 } })
    }
}

/// Which heads of the decoder's attention show where in the sound a token lies: published with whisper's models, looked for in the demo model.
fn alignment(engine: &Engine) -> DtwMode<'static> {
    let of_preset = |model_preset| DtwMode::ModelPreset { model_preset };
    match engine.model.split("-q").next().unwrap_or_default() {
        _ if engine.demo => DtwMode::Custom { aheads: DEMO_HEADS },
        "tiny.en" => of_preset(DtwModelPreset::TinyEn),
        "base.en" => of_preset(DtwModelPreset::BaseEn),
        "small.en" => of_preset(DtwModelPreset::SmallEn),
        "large-v3-turbo" => of_preset(DtwModelPreset::LargeV3Turbo),
        _ => DtwMode::None,
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
        let span = Span { start: self.start, end: self.end.max(self.start) };
        (!text.is_empty()).then(|| Word::new(&text, span, probability))
    }
}

impl Recogniser for Whisper {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn recognise(&mut self, piece: &Piece, stop: &Stop) -> Result<Vec<Segment>, TranscribeError> {
        let mut samples = piece.samples.clone();
        samples.resize(samples.len().max(LEAST.frames(WHISPER_RATE)), 0.0);
        self.run(&samples, stop)?;
        self.segments(piece.span).map_err(|e| TranscribeError::Engine(e.to_string()))
    }

    fn engine_time(&self) -> Duration {
        self.spent
    }

    fn glance(&self) -> Duration {
        self.glance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Whisper {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/ggml-viva-demo-q8_0.bin");
        Whisper::load(&path, Engine { model: "demo".into(), sha256: None, demo: true, prompt: None }).unwrap()
    }

    /// Buzzes that come and go as words do.
    #[allow(clippy::cast_precision_loss)]
    fn something_like_speech(seconds: u64) -> Piece {
        let buzz = |i: u64| if (i / 8_000).is_multiple_of(2) { 0.0 } else { 0.3 * (i as f32 * 0.0785).sin() };
        Piece { span: Span::new(0, seconds * 1000), samples: (0..seconds * 16_000).map(buzz).collect() }
    }

    #[test]
    fn a_raised_stop_stops_the_engine_and_one_that_is_not_does_not() {
        let (mut whisper, stop) = (demo(), Stop::default());
        // a buzz says nothing that it knows, and it must come to an end all the same
        assert!(whisper.recognise(&something_like_speech(2), &stop).is_ok());
        assert!(whisper.pulse().load(Ordering::Relaxed) <= MOST_STEPS.0 + 2 * MOST_STEPS.1 + 1);
        stop.raise();
        assert!(matches!(whisper.recognise(&something_like_speech(2), &stop), Err(TranscribeError::Stopped)));
        assert!(whisper.recognise(&something_like_speech(2), &Stop::default()).is_ok());
    }

    #[test]
    fn a_stop_ends_a_long_run_in_its_middle() {
        let (mut whisper, stop) = (demo(), Stop::default());
        // ten minutes in one call are twenty windows; the first signs of life are followed by a stop
        let long = something_like_speech(600);
        let (pulse, stopper) = (whisper.pulse(), stop.clone());
        let watch = std::thread::spawn(move || {
            while pulse.load(Ordering::Relaxed) < 2 {
                std::thread::yield_now();
            }
            stopper.raise();
        });
        assert!(matches!(whisper.recognise(&long, &stop), Err(TranscribeError::Stopped)));
        watch.join().unwrap();
        let signs = whisper.pulse().load(Ordering::Relaxed);
        assert!(signs < 20, "the engine went on for {signs} steps; each of twenty windows would take more than one");
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
