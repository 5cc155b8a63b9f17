//! How it was said: the same answer measured the same however it was recorded, what cannot be measured said so, and what the user may change.
#![cfg(feature = "whisper")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what it expects by unwrapping it
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // seconds of sound

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::{DEMO_MODEL, Home, Ran, read_json};

const RATE: u32 = 16_000;

/// An answer, put together of words of known length and silences, with the times of its words.
#[derive(Clone, Default)]
struct Answer {
    samples: Vec<f32>,
    words: Vec<(String, usize, usize)>,
}

impl Answer {
    /// Words, each spoken by espeak-ng on its own, one straight after the other.
    fn says(mut self, home: &Home, text: &str) -> Self {
        for word in text.split_whitespace() {
            let plain = word.trim_end_matches([',', '.', '?']);
            let sound = spoken(home, plain);
            let start = self.samples.len();
            self.samples.extend(sound);
            self.words.push((word.to_owned(), start, self.samples.len()));
        }
        self
    }

    fn pause(mut self, ms: usize) -> Self {
        // a room is never quite silent
        let mut state = self.samples.len() as u32 | 1;
        self.samples.extend((0..ms * 16).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 8) as f32 / 8_388_608.0 - 1.0) * 0.0004
        }));
        self
    }

    fn then(mut self, other: &Self) -> Self {
        let shift = self.samples.len();
        self.samples.extend(&other.samples);
        self.words.extend(other.words.iter().map(|(w, a, b)| (w.clone(), a + shift, b + shift)));
        self
    }

    fn louder(mut self, gain: f32) -> Self {
        self.samples.iter_mut().for_each(|s| *s *= gain);
        self
    }

    /// Its measures, by the words as they are known.
    fn measures(&self, home: &Home, more: &[&str]) -> Value {
        self.analyzed(home, more).json()["report"]["measures"].take()
    }

    fn analyzed(&self, home: &Home, more: &[&str]) -> Ran {
        let (sound, words) = self.written(home);
        let mut arguments = vec!["analyze", name(&sound), "--words", name(&words)];
        arguments.extend(more);
        if !more.contains(&"--text") {
            arguments.push("--json");
        }
        arguments.retain(|a| *a != "--text");
        home.viva(&arguments)
    }

    /// A recording, and a TextGrid as an aligner writes it.
    fn written(&self, home: &Home) -> (PathBuf, PathBuf) {
        let (sound, words) = (home.file("answer.wav"), home.file("answer.TextGrid"));
        write(&sound, &self.samples);
        let second = |sample: usize| sample as f64 / f64::from(RATE);
        let mut text = format!(
            "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n0\n{0}\n<exists>\n1\n\"IntervalTier\"\n\"words\"\n0\n{0}\n{1}\n",
            second(self.samples.len()),
            self.words.len()
        );
        for (word, start, end) in &self.words {
            writeln!(text, "{}\n{}\n\"{word}\"", second(*start), second(*end)).unwrap();
        }
        fs::write(&words, text).unwrap();
        (sound, words)
    }
}

fn write(path: &Path, samples: &[f32]) {
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 32, sample_format: hound::SampleFormat::Float };
    let mut wav = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        wav.write_sample(*sample).unwrap();
    }
    wav.finalize().unwrap();
}

/// One word by espeak-ng at 16 kHz, without the silence around it.
fn spoken(home: &Home, word: &str) -> Vec<f32> {
    let (raw, even) = (home.speech("word.wav", word), home.file("word-16k.wav"));
    home.sox(&[
        "-R",
        name(&raw),
        "-r",
        "16000",
        "-b",
        "16",
        name(&even),
        "silence",
        "1",
        "0.01",
        "0.5%",
        "reverse",
        "silence",
        "1",
        "0.01",
        "0.5%",
        "reverse",
    ]);
    hound::WavReader::open(even).unwrap().samples::<i16>().map(|s| f32::from(s.unwrap()) / 32_768.0).collect()
}

/// Two sentences with pauses after the comma, after the first sentence, and within the second.
fn answer(home: &Home) -> Answer {
    let first = Answer::default().pause(400).says(home, "First I let the patient finish,").pause(500).says(home, "and then I said how sorry I was.");
    first.pause(800).says(home, "Then I went to").pause(1_300).says(home, "find the nurse who was in charge of the ward that day.").pause(400)
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn pauses_have_their_lengths_and_places_and_speech_and_pauses_are_the_whole() {
    let home = Home::new();
    let measures = answer(&home).measures(&home, &[]);
    let silent = measures["pauses"]["silent"].as_array().unwrap();
    let told: Vec<_> = silent.iter().map(|p| (p["place"].as_str().unwrap(), p["length"].as_str().unwrap())).collect();
    assert_eq!(told, [("comma", "normal"), ("sentence_end", "normal"), ("mid_clause", "thinking")], "{silent:?}");
    for (pause, wanted) in silent.iter().zip([500.0, 800.0, 1_300.0]) {
        let length = number(&pause["end"]) - number(&pause["start"]);
        assert!((length - wanted).abs() < 80.0, "{length} for {wanted}");
    }
    let span = number(&measures["heard"]["span"]["end"]) - number(&measures["heard"]["span"]["start"]);
    let (pace, voiced) = (&measures["pace"], span - number(&measures["pauses"]["total"]));
    assert!((number(&pace["words"]) * 60_000.0 / span - number(&pace["words_per_minute"])).abs() < 0.1);
    assert!((number(&pace["words"]) * 60_000.0 / voiced - number(&pace["articulation_rate"])).abs() < 0.1);
    assert!((voiced / span - number(&pace["phonation_ratio"])).abs() < 0.01);
}

#[test]
fn silence_around_an_answer_and_its_loudness_change_none_of_its_rates() {
    let home = Home::new();
    let plain = answer(&home);
    let before = plain.measures(&home, &[]);
    let later = Answer::default().pause(3_000).then(&plain).pause(5_000).measures(&home, &[]);
    let softer = plain.clone().louder(0.2).measures(&home, &[]);
    for other in [&later, &softer] {
        assert_eq!(other["pauses"]["silent"].as_array().unwrap().len(), 3);
        for key in ["words", "syllables"] {
            assert_eq!(other["pace"][key], before["pace"][key]);
        }
        for key in ["words_per_minute", "articulation_rate", "syllables_per_second"] {
            let (a, b) = (number(&other["pace"][key]), number(&before["pace"][key]));
            assert!((a / b - 1.0).abs() < 0.01, "{key}: {a} and {b}");
        }
        assert_eq!(other["fillers"]["per_minute"], before["fillers"]["per_minute"]);
        let (a, b) = (number(&other["pitch"]["melody"]["median_hz"]), number(&before["pitch"]["melody"]["median_hz"]));
        assert!((a / b - 1.0).abs() < 0.01, "pitch: {a} and {b}");
    }
    let louder = number(&before["loudness"]["level"]) - number(&softer["loudness"]["level"]);
    assert!((louder - 14.0).abs() < 0.5, "a fifth of the size is 14 dB less, not {louder}");
}

#[test]
fn one_more_um_adds_exactly_one() {
    let home = Home::new();
    let said = |text: &str| {
        let fillers = Answer::default().pause(300).says(&home, text).pause(300).measures(&home, &[])["fillers"].take();
        fillers["found"].as_array().unwrap().len()
    };
    let plain = said("I, like, went to the ward, you know, because she asked.");
    assert_eq!(said("I, like, um, went to the ward, you know, because she asked."), plain + 1);
    assert_eq!(said("Um, I, like, um, went to the ward, you know, because she asked."), plain + 2);
}

#[test]
fn two_halves_have_together_what_the_whole_has() {
    let home = Home::new();
    let first = Answer::default().pause(300).says(&home, "Um, first I let the patient finish what she had to say.").pause(700);
    let second = Answer::default().pause(300).says(&home, "Then, uh, I told the nurse in charge of the ward.").pause(300);
    let [a, b] = [&first, &second].map(|half| half.measures(&home, &[]));
    let whole = first.clone().then(&second).measures(&home, &[]);
    let sum = |of: fn(&Value) -> f64| (of(&a) + of(&b), of(&whole));
    for (halves, whole) in [
        sum(|m| number(&m["pace"]["words"])),
        sum(|m| number(&m["pace"]["syllables"])),
        sum(|m| m["fillers"]["found"].as_array().unwrap().len() as f64),
        sum(|m| number(&m["wording"]["sentences"]["count"])),
    ] {
        assert!((halves - whole).abs() < f64::EPSILON, "{halves} and {whole}");
    }
}

/// Whatever comes, a figure is a number or absent, and the program ends well.
fn sensible(ran: Ran) -> Value {
    // what is no number JSON has as null: rates that are there have all their parts
    let report = ran.json()["report"].take();
    let rate = &report["measures"]["pace"]["words_per_minute"];
    assert!(rate.is_null() || number(rate) > 0.0, "{report}");
    let pace = &report["measures"]["pace"];
    for key in ["articulation_rate", "phonation_ratio", "syllables_per_second"].into_iter().filter(|_| !pace.is_null()) {
        assert!(number(&pace[key]).is_finite(), "{key}: {report}");
    }
    report["measures"].clone()
}

#[test]
fn silent_clipped_one_word_and_all_filler_answers_give_sensible_figures() {
    let home = Home::new();
    let silent = sensible(Answer::default().pause(3_000).analyzed(&home, &[]));
    assert!(silent["pace"].is_null() && silent["pauses"].is_null() && silent["pitch"].is_null() && silent["loudness"].is_null(), "{silent}");
    let zeros = sensible(Answer { samples: vec![0.0; 48_000], words: vec![] }.analyzed(&home, &[]));
    assert_eq!(zeros["heard"]["digital_silence"], true);
    let blink = sensible(Answer { samples: vec![0.1; 300], words: vec![] }.analyzed(&home, &[]));
    assert!(blink["pace"].is_null());

    let word = sensible(Answer::default().pause(300).says(&home, "Yes.").pause(300).analyzed(&home, &[]));
    assert!(word["pace"].is_null() && word["pauses"]["silent"].as_array().unwrap().is_empty(), "{word}");

    let fillers = sensible(Answer::default().pause(300).says(&home, "Um, uh, um, er, uh, um, hmm, um, uh, um.").pause(300).analyzed(&home, &[]));
    assert_eq!(fillers["fillers"]["found"].as_array().unwrap().len(), 10, "{fillers}");

    let mut loud = answer(&home).louder(30.0);
    loud.samples.iter_mut().for_each(|s| *s = s.clamp(-1.0, 1.0));
    let clipped = sensible(loud.analyzed(&home, &[]));
    assert!(number(&clipped["loudness"]["clipped"]) > 1_000.0, "{clipped}");

    let text = Answer::default().pause(3_000).analyzed(&home, &["--text"]).ok().out;
    assert!(text.contains("not enough speech to measure"), "{text}");
}

#[test]
fn an_hour_is_measured_whole() {
    let home = Home::new();
    let minute = answer(&home);
    let mut hour = Answer::default();
    while hour.samples.len() < 3_600 * RATE as usize {
        hour = hour.pause(2_000).then(&minute);
    }
    let measures = sensible(hour.analyzed(&home, &[]));
    assert!(number(&measures["heard"]["duration"]) >= 3_600_000.0);
    let repeats = hour.words.len() / minute.words.len();
    assert_eq!(measures["pauses"]["silent"].as_array().unwrap().len(), 4 * repeats - 1);
    assert!(measures["pace"]["over_time"].as_array().unwrap().len() > 3_000);
}

#[test]
fn each_measure_and_all_bands_can_be_switched_off() {
    let home = Home::new();
    let answer = answer(&home);
    let without = answer.measures(&home, &["--without", "pitch,fillers"]);
    assert!(without["pitch"].is_null() && without["fillers"].is_null() && !without["pace"].is_null());
    let off = answer.measures(&home, &["--delivery", "off"]);
    for measure in ["pace", "pauses", "fillers", "pitch", "loudness", "wording"] {
        assert!(off[measure].is_null(), "{measure}");
    }
    let text = |more: &[&str]| answer.analyzed(&home, &[more, &["--text"]].concat()).ok().out;
    assert!(text(&[]).contains("comfortable: 110-165"));
    let gentle = text(&["--delivery", "gentle"]);
    assert!(gentle.contains("words a minute") && !gentle.contains("comfortable") && !gentle.contains("To try"), "{gentle}");
    assert!(!text(&["--delivery", "off"]).contains("Delivery"));
    fs::write(home.file("settings.toml"), "[delivery]\npace = [60, 90]\nwithout = [\"wording\"]\non_purpose = [\"you know\"]\n").unwrap();
    let own = text(&[]);
    assert!(own.contains("comfortable: 60-90") && !own.contains("Wording"), "{own}");
    fs::write(home.file("settings.toml"), "[delivery]\npace = [90, 60]\n").unwrap();
    answer.analyzed(&home, &[]).refused_with(&["settings.toml, line 1", "the smaller first"]);
}

#[test]
fn words_said_on_purpose_are_no_fillers() {
    let home = Home::new();
    let said = Answer::default().pause(300).says(&home, "She was, you know, the nurse on the ward that day.").pause(300);
    assert_eq!(said.measures(&home, &[])["fillers"]["found"][0]["text"], "you know");
    fs::write(home.file("settings.toml"), "[delivery]\non_purpose = [\"You know\"]\n").unwrap();
    assert!(said.measures(&home, &[])["fillers"]["found"].as_array().unwrap().is_empty());
}

#[test]
fn words_that_are_no_transcript_are_refused_with_the_cure() {
    let home = Home::new();
    let (sound, words) = answer(&home).written(&home);
    let refused = |text: &str, parts: &[&str]| {
        fs::write(&words, text).unwrap();
        home.viva(&["analyze", name(&sound), "--words", name(&words)]).refused_with(parts);
    };
    refused("hello", &["no Praat TextGrid", "tier \"words\""]);
    refused(
        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n\"IntervalTier\"\n\"phones\"\n0\n1\n0\n",
        &["its tiers are: phones"],
    );
    refused(
        "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n0\n1\n<exists>\n1\n\"IntervalTier\"\n\"words\"\n0\n1\n1\n0\n900\n\"late\"\n",
        &["belong to another one"],
    );
}

/// A session of one answer of a person, in which these words stand at these times; what the demo model made of the sound does not count.
fn session(home: &Home, answer: &Answer, day: u32) -> PathBuf {
    let (sound, _) = answer.written(home);
    let model = support::project().join(DEMO_MODEL);
    home.viva(&[
        "practice",
        "--from",
        name(&sound),
        "--model",
        name(&model),
        "--question",
        "psc-unhappy-patient",
        "--voice",
        "none",
        "--no-follow-ups",
    ])
    .ok();
    let made = fs::read_dir(home.file("sessions")).unwrap().map(|e| e.unwrap().path()).find(|p| !name(p).contains("-day-")).unwrap();
    let folder = home.file("sessions").join(format!("2026-01-{day:02}T10-00-00Z-day-{day}"));
    fs::rename(made, &folder).unwrap();
    let edit = |file: &str, change: &dyn Fn(&mut Value)| {
        let path = folder.join(file);
        let mut value = read_json(&path);
        change(&mut value);
        fs::write(path, value.to_string()).unwrap();
    };
    edit("session.json", &|s| {
        s["started"] = json!(format!("2026-01-{day:02}T10:00:00Z"));
        s["engine"]["demo"] = json!(false);
    });
    let millis = |sample: usize| sample / 16;
    let words: Vec<Value> =
        answer.words.iter().map(|(w, a, b)| json!({ "text": w, "start": millis(*a), "end": millis(*b), "probability": 1.0 })).collect();
    edit("01/take-1.transcript.json", &|t| {
        t["words"] = json!(words);
        t["engine"]["demo"] = json!(false);
    });
    fs::remove_file(folder.join("01/take-1.report.json")).unwrap();
    let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
    home.viva(&["analyze", "--session", &id]).ok();
    folder
}

#[test]
fn the_user_can_say_of_a_filler_that_it_was_none() {
    let home = Home::new();
    let said = Answer::default().pause(300).says(&home, "She was, you know, the nurse, um, on the ward that day.").pause(300);
    let folder = session(&home, &said, 1);
    let report = |key: &str| read_json(&folder.join("01/take-1.report.json"))["measures"]["fillers"][key].clone();
    assert_eq!(report("found").as_array().unwrap().len(), 2);
    let at = (number(&report("found")[0]["span"]["start"]) / 1000.0).to_string();
    home.viva(&["sessions", "not-a-filler", "last", "--question", "1", "--at", &at]).ok();
    let left = report("found");
    assert_eq!((left.as_array().unwrap().len(), &left[0]["text"]), (1, &json!("um")));
    // it stays so when the report is made anew
    fs::remove_file(folder.join("01/take-1.report.json")).unwrap();
    home.viva(&["analyze", "--session", "last"]).ok();
    assert_eq!(report("found").as_array().unwrap().len(), 1);
    home.viva(&["sessions", "not-a-filler", "last", "--question", "1", "--at", "0:59"]).refused_with(&["no filler was counted at 0:59.0"]);
    let wrong = home.viva(&["sessions", "not-a-filler", "last", "--question", "1", "--at", "noon"]);
    assert!(wrong.code == Some(2) && wrong.talk.contains("is no time"), "{wrong:?}");
}

#[test]
fn an_answer_is_held_against_the_speakers_own_usual() {
    let home = Home::new();
    let usual = answer(&home);
    for day in 1..=3 {
        session(&home, &usual, day);
    }
    let shown = usual.analyzed(&home, &["--text", "--delivery", "gentle"]).ok().out;
    assert!(shown.contains("Your usual:") && !shown.contains("than you usually speak"), "{shown}");
    // the same words with long pauses between them all
    let mut slow = Answer::default().pause(400);
    for (word, start, end) in &usual.words {
        let one = Answer { samples: usual.samples[*start..*end].to_vec(), words: vec![(word.clone(), 0, end - start)] };
        slow = slow.then(&one).pause(300);
    }
    let analysis = slow.analyzed(&home, &["--delivery", "gentle"]).json();
    let remarks = analysis["remarks"].to_string();
    assert!(remarks.contains("Slower than you usually speak"), "{remarks}");
    assert_eq!(analysis["usual"][0]["takes"], 3);
}
