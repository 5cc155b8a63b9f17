//! What the matcher sees of labelled answers, for `scripts/scoring/fit.py`: reads target/scoring/NAME.jsonl (a criterion with its answers on each line) and
//! writes target/scoring/NAME.csv, for each NAME; MODEL names the folder of the model of meanings. Two rows per answer: with meaning and with words alone.
//! Vectors of rubrics are kept in target/scoring/vectors.bin.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)] // a tool for one who fits, not for users

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use viva_voce::score::answer::Answer;
use viva_voce::score::criterion::{Criterion, Which};
use viva_voce::score::matcher::{NAMES, features};
use viva_voce::score::meaning::{Meaning, SIZE, Vector};

#[derive(Deserialize)]
struct Row {
    group: String,
    point_id: String,
    #[serde(default)]
    weight: f32,
    question: String,
    point: String,
    evidence: Vec<String>,
    opposite: Vec<String>,
    answers: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    id: String,
    label: String,
    text: String,
    /// An answer that is evidence itself: "e" or "o", and its place.
    leave: Option<(String, usize)>,
    #[serde(default)]
    grade: f32,
}

impl Row {
    fn criterion(&self) -> Criterion {
        let list = |texts: &[String]| texts.iter().map(|t| t.replace('\n', " ")).collect::<Vec<_>>();
        let (evidence, opposite) = (list(&self.evidence), list(&self.opposite));
        let (evidence, opposite): (Vec<&str>, Vec<&str>) =
            (evidence.iter().map(String::as_str).collect(), opposite.iter().map(String::as_str).collect());
        Criterion::new(&self.question, &self.point, &evidence, &opposite)
    }
}

fn main() {
    let meaning = Meaning::load(Path::new(&std::env::var("MODEL").expect("MODEL names the folder of the model of meanings"))).unwrap();
    let mut vectors = kept();
    let before = vectors.len();
    for name in std::env::args().skip(1) {
        let begun = std::time::Instant::now();
        let rows: Vec<Row> =
            fs::read_to_string(format!("target/scoring/{name}.jsonl")).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let criteria: Vec<Criterion> = rows.iter().map(Row::criterion).collect();
        let mut missing: Vec<String> = criteria.iter().flat_map(Criterion::texts).filter(|t| !vectors.contains_key(*t)).map(str::to_owned).collect();
        missing.sort();
        missing.dedup();
        let fresh = meaning.embed(&missing.iter().map(String::as_str).collect::<Vec<_>>());
        vectors.extend(missing.into_iter().zip(fresh));
        let mut answers: HashMap<&str, (Answer, Answer)> = HashMap::new();
        let mut out = format!("group,point,weight,id,label,grade,mode,{}\n", NAMES.join(","));
        for (row, words_only) in rows.iter().zip(criteria) {
            let texts: Vec<Vector> = words_only.texts().iter().map(|t| vectors[*t]).collect();
            let criterion = words_only.with_vectors(texts);
            for given in &row.answers {
                let (meant, plain) = answers.entry(&given.text).or_insert_with(|| {
                    let plain = Answer::new(&given.text.split_whitespace().collect::<Vec<_>>(), None);
                    (meant(&plain, &given.text, &meaning, &mut vectors), plain)
                });
                let left =
                    given.leave.as_ref().map(|(kind, at)| criterion.without(if kind == "e" { Which::Evidence(*at) } else { Which::Opposite(*at) }));
                for (mode, answer) in [("meaning", &*meant), ("words", &*plain)] {
                    let found = features(left.as_ref().unwrap_or(&criterion), answer);
                    write!(out, "{},{},{},{},{},{},{mode}", row.group, row.point_id, row.weight, given.id, given.label, given.grade).unwrap();
                    for feature in found.features {
                        write!(out, ",{feature:.5}").unwrap();
                    }
                    out.push('\n');
                }
            }
        }
        fs::write(format!("target/scoring/{name}.csv"), out).unwrap();
        eprintln!("{name}: {:.1?}", begun.elapsed());
    }
    if vectors.len() > before {
        keep(&vectors);
    }
}

/// The answer with its meaning, kept under its text and the number of the window.
fn meant(plain: &Answer, text: &str, meaning: &Meaning, vectors: &mut HashMap<String, Vector>) -> Answer {
    let key = |window: usize| format!("{text}\u{1}{window}");
    let known: Vec<Vector> = (0..).map_while(|window| vectors.get(&key(window)).copied()).collect();
    if !known.is_empty() {
        return plain.clone().with_vectors(known);
    }
    let answer = plain.clone().with_meaning(meaning);
    vectors.extend(answer.vectors().unwrap_or_default().iter().enumerate().map(|(window, vector)| (key(window), *vector)));
    answer
}

const KEPT: &str = "target/scoring/vectors.bin";

/// Length of a text, the text, its vector, again and again.
fn kept() -> HashMap<String, Vector> {
    let bytes = fs::read(KEPT).unwrap_or_default();
    let mut rest = bytes.as_slice();
    let mut vectors = HashMap::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (text, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        let (numbers, after) = after.split_at(4 * SIZE);
        let vector: Vec<f32> = numbers.as_chunks::<4>().0.iter().map(|n| f32::from_le_bytes(*n)).collect();
        vectors.insert(String::from_utf8(text.to_vec()).unwrap(), vector.try_into().unwrap());
        rest = after;
    }
    vectors
}

fn keep(vectors: &HashMap<String, Vector>) {
    let mut bytes = Vec::new();
    for (text, vector) in vectors {
        bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        bytes.extend(text.as_bytes());
        bytes.extend(vector.iter().flat_map(|n| n.to_le_bytes()));
    }
    fs::write(KEPT, bytes).unwrap();
}
