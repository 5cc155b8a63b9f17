use super::*;
use crate::sound::Millis;
use crate::transcribe::Word;
use crate::transcribe::written::typed;
use serde_json::json;

/// A word each 400 ms, 300 ms long.
fn told(text: &str) -> Transcript {
    let words: Vec<Word> = (0..).zip(text.split_whitespace()).map(|(i, w)| Word::new(w, Span::new(i * 400, i * 400 + 300), 0.9)).collect();
    let duration = Millis(words.len() as u64 * 400);
    Transcript { duration, words, ..typed("") }
}

fn found(text: &str) -> Vec<(Kind, String)> {
    findings(&told(text), &Known::default()).into_iter().map(|f| (f.kind, f.text)).collect()
}

#[track_caller]
fn finds(text: &str, kind: Kind, words: &str) {
    assert_eq!(found(text), [(kind, words.to_owned())], "{text}");
}

fn redaction(text: &str) -> Redaction {
    Redaction::new(&findings(&told(text), &Known::default()))
}

#[test]
fn names_are_told_by_titles_clues_and_lists() {
    finds("I saw Mrs Alvarez, who was late.", Kind::Name, "Mrs Alvarez,");
    finds("then Mr. O'Neill rang", Kind::Name, "Mr. O'Neill");
    finds("i asked mrs patterson to wait", Kind::Name, "mrs patterson");
    finds("mr and mrs goldberg came together", Kind::Name, "mr and mrs goldberg");
    finds("There was a patient called Maria Lopez in the hall.", Kind::Name, "Maria Lopez");
    finds("my patient tom was late", Kind::Name, "tom");
    finds("her name was grace and she cried", Kind::Name, "grace");
    finds("her last name was castellanos and i had it wrong", Kind::Name, "castellanos");
    finds("Maria said it was fine.", Kind::Name, "Maria");
    finds("It was Maria's form.", Kind::Name, "Maria's");
}

#[test]
fn what_only_looks_like_a_name_is_none() {
    for text in [
        "Will you wait? I will. May I mark the chart? The grace period is over.",
        "We used Epic and Meditech on Monday. I speak Spanish.",
        "her name was wrong and the name was on the list",
        "He had Parkinson's disease and went to St. Mary's Hospital.",
        "I worked in Bristol and then in Austin, in May and April.",
        "It was a project that we named Open Ward Rounds.",
        "I miss the old team, and doctor appointments are hard to get.",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn what_is_known_is_never_flagged() {
    let mut known = Known::default();
    known.add_terms(["Florence portal"]);
    assert_eq!(findings(&told("I asked Florence for it, as Priya said."), &known).len(), 1);
}

#[test]
fn dates_need_a_year_or_a_birth() {
    finds("she was born on March the third nineteen fifty two", Kind::Date, "March the third nineteen fifty two");
    finds("on the 4th of August 2020 it was denied", Kind::Date, "the 4th of August 2020");
    finds("the date was 12/05/1947, I think", Kind::Date, "12/05/1947,");
    finds("her birthday is in june 1950", Kind::Date, "june 1950");
    assert_eq!(found("In March 2021 I became lead, and on the 3rd of May we moved."), []);
    assert_eq!(found("I was born in June 1990."), []);
}

#[test]
fn ages_over_89_are_flagged() {
    finds("he was 94 years old and alone", Kind::Age, "94 years old");
    finds("she was a hundred and two and deaf", Kind::Age, "a hundred and two");
    finds("a 101-year-old man", Kind::Age, "101-year-old");
    assert_eq!(found("he was 67 years old, and she was ninety minutes late, a hundred percent"), []);
}

#[test]
fn numbers_are_found_in_figures_and_in_words() {
    finds("his phone is five five five, one two three four", Kind::Phone, "five five five, one two three four");
    finds("it is (312) 555-0199 now", Kind::Phone, "(312) 555-0199");
    finds("it was MRN 00412.", Kind::Record, "MRN 00412.");
    finds("her member id was w k nine two two one", Kind::Record, "w k nine two two one");
    finds("he is in room two fourteen today", Kind::Room, "room two fourteen");
    finds("they sent her to ward six b again", Kind::Room, "ward six b");
    finds("she lives at twelve rosewood lane", Kind::Address, "twelve rosewood lane");
    finds("it is b dot turner at example dot org now", Kind::Email, "b dot turner at example dot org");
    assert_eq!(found("We had a hundred and twenty patients, in 2018 and 2019, with room for two more in the room one day."), []);
}

#[test]
fn a_place_is_flagged_with_a_rare_condition_only() {
    finds("a girl with moyamoya disease from Tillamook", Kind::Place, "Tillamook");
    assert_eq!(found("a girl with asthma from Tillamook"), []);
}

#[test]
fn doubted_words_are_looked_at_too() {
    let mut transcript = told("i called mrs alvarez");
    transcript.words[3].doubt = Some(crate::transcribe::Doubt::Loop);
    assert_eq!(findings(&transcript, &Known::default()).len(), 1);
}

#[test]
fn a_name_is_masked_wherever_it_is_said() {
    let text = "Mrs. Alvarez came, and ALVAREZ, no, alvarez's son (Alvarez-Lopez) too.";
    let masked = redaction("I saw Mrs. Alvarez").transcript(&told(text));
    assert_eq!(masked.text(), "[name] came, and [name], no, [name]'s son ([name]) too.");
    assert_eq!(redaction("I saw Mrs. Alvarez").text(text), masked.text());
    assert_eq!((masked.words[0].start, masked.words[0].end), (Millis(0), Millis(700)));
    assert!(redaction("I saw Mrs. Alvarez").leaks(&masked.text()).is_empty());
}

#[test]
fn what_was_heard_for_a_name_goes_with_it() {
    let mut transcript = told("so Bronwyn came in");
    transcript.words[1].heard = Some("bronwin".to_owned());
    transcript.words[3].heard = Some("Bronwyn in".to_owned());
    let masked = redaction("so Bronwyn came in").transcript(&transcript);
    assert_eq!(masked.text(), "so [name] came in");
    assert!(masked.words.iter().all(|w| w.heard.is_none()));
}

#[test]
fn a_small_word_is_masked_with_a_capital_only() {
    let redaction = redaction("a patient called Will came in");
    assert_eq!(redaction.text("I will tell Will so."), "I will tell [name] so.");
}

#[test]
fn numbers_are_masked_however_they_are_parted() {
    let redaction = redaction("the phone is 555-0142 and the room 214");
    assert_eq!(redaction.text("call 555 0142,\n  5550142 or Room 214; 214!"), "call [phone],\n  [phone] or [room]; [room]!");
}

#[test]
fn a_quote_that_begins_within_a_number_is_masked() {
    let redaction = redaction("his phone is five five five one two three four");
    assert_eq!(redaction.text("one two three four, she said"), "[phone], she said");
    assert_eq!(redaction.text("it is five five five"), "it is [phone]");
    assert_eq!(redaction.text("one of us"), "one of us");
}

#[test]
fn every_string_of_a_tree_is_masked() {
    let mut tree = json!({ "quote": "Maria said", "list": ["no", { "deep": "for MARIA" }], "count": 3 });
    let redaction = redaction("Maria said so");
    redaction.value(&mut tree);
    assert_eq!(tree, json!({ "quote": "[name] said", "list": ["no", { "deep": "for [name]" }], "count": 3 }));
    assert!(redaction.leaks(&tree.to_string()).is_empty());
}

#[test]
fn a_finished_file_is_searched_for_leaks() {
    let redaction = redaction("i saw mr o'neill and Maria Lopez");
    assert_eq!(redaction.leaks("<p>Maria</p>"), ["Maria Lopez"]);
    assert_eq!(redaction.leaks(r#"{"text":"line\nMaria"}"#), ["Maria Lopez"]);
    assert_eq!(redaction.leaks("<b>O&#39;Neill</b>"), ["mr o'neill"]);
    assert!(redaction.leaks("Marianne saw no one").is_empty());
}

#[test]
fn markup_in_a_name_stays_text() {
    let redaction = redaction("a patient called Maria <script>alert(1)</script> came");
    assert_eq!(redaction.text("Maria <script>"), "[name] <script>");
}

#[test]
fn the_sound_of_a_name_is_silenced_to_its_neighbours() {
    let transcript = told("so maria came");
    let spans = redaction("so maria came").silences(&transcript);
    assert_eq!(spans, [Span::new(300, 800)]);
    let first_and_last = redaction("maria came maria").silences(&told("maria came maria"));
    assert_eq!(first_and_last, [Span::new(0, 400), Span::new(700, 1200)]);
    // words without a gap lose 80 ms on each side
    let mut tight = transcript;
    (tight.words[0].end, tight.words[2].start) = (Millis(400), Millis(700));
    assert_eq!(redaction("so maria came").silences(&tight), [Span::new(320, 780)]);
    let mut samples = vec![1.0; 16_000];
    silence(&mut samples, 16_000, &[Span::new(320, 780)]);
    assert!(samples[5120..12_480].iter().all(|s| *s == 0.0) && samples[5119] > 0.5 && samples[12_500] > 0.5);
}

#[test]
fn a_finding_survives_its_file() {
    let all = findings(&told("Dr Chen came"), &Known::default());
    let json = serde_json::to_value(&all).unwrap();
    assert_eq!(json[0]["kind"], "name");
    assert_eq!(json[0]["safer"], "a physician");
    assert_eq!(serde_json::from_value::<Vec<Finding>>(json).unwrap(), all);
}
