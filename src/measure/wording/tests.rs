use super::*;
use crate::measure::filler::tests::said;

fn told(text: &str) -> Wording {
    of(&said(text), None)
}

fn entries(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|f| f.entry.as_str()).collect()
}

fn texts(found: &[Quote]) -> Vec<&str> {
    found.iter().map(|f| f.text.as_str()).collect()
}

#[test]
fn hedges_where_they_take_something_back() {
    let wording = told("Maybe, I think that it was sort of late. I'd say he was probably tired, and I might have been wrong.");
    assert_eq!(entries(&wording.hedges), ["maybe", "i think", "sort of", "i'd say", "probably", "might"]);
    let meant = "What do you think? That is what I think. I think about the patient first. What sort of ward is it, this kind of place?";
    assert!(told(meant).hedges.is_empty());
    // the longer entry wins, and no word is in two findings
    assert_eq!(entries(&told("I'm not really sure, I don't think so.").hedges), ["i'm not really sure", "i don't think"]);
}

#[test]
fn weak_and_absolute_words() {
    let wording = told("I try to help, hopefully a bit, with stuff like that. Everyone always agrees, not everyone, never mind, and nobody left.");
    assert_eq!(entries(&wording.weak), ["try to", "hopefully", "a bit", "stuff like that"]);
    assert_eq!(entries(&wording.absolute), ["everyone", "always", "nobody"]);
    assert_eq!(entries(&told("I am 100% sure that there were 100 of them.").absolute), ["100"]);
}

#[test]
fn a_finding_stands_in_the_transcript_and_can_be_played() {
    let wording = told("We were “sort of”, late.");
    assert_eq!(wording.hedges[0].quote, Quote { text: "“sort of”,".into(), span: Span::new(800, 1_600) });
}

#[test]
fn words_said_twice() {
    let wording = told("I saw the the nurse on, on um on the ward, very very late. I had had enough. So I-I left. Left again.");
    assert_eq!(texts(&wording.repeated), ["the the", "on, on um on", "I-I"]);
    assert!(wording.restarts.is_empty());
}

#[test]
fn what_was_begun_twice() {
    let restarts = |text: &str| told(text).restarts.into_iter().map(|q| q.text).collect::<Vec<_>>();
    assert_eq!(restarts("I was, I was going to call."), ["I was, I was"]);
    assert_eq!(restarts("I was uh I was going to call."), ["I was uh I was"]);
    assert_eq!(restarts("We can, we could ask."), ["We can, we could"]);
    assert_eq!(restarts("I'm, I was wor- working there."), ["I'm, I was", "wor- working"]);
    assert!(restarts("I came, I saw. It grew more and more and more. We can. We could ask, and we did.").is_empty());
}

#[test]
fn i_and_we() {
    let persons = told("I'm proud of my team: we did it ourselves, and I thanked us all.").persons;
    assert_eq!(persons, Persons { singular: 3, plural: 3, share: Some(0.5) });
    assert_eq!(told("The ward was full.").persons.share, None);
}

#[test]
fn sentences_and_the_longest() {
    let sentences = told("Yes. I called Dr. Shah at once. Um, she came.").sentences.unwrap();
    assert_eq!((sentences.count, sentences.mean, sentences.most), (3, 3.0, 6));
    assert_eq!(sentences.longest, Quote { text: "I called Dr. Shah at once.".into(), span: Span::new(400, 2_800) });
    assert_eq!(told(&"then we went on ".repeat(20)).sentences, None);
}

#[test]
fn two_minutes_are_not_long_but_more_is() {
    assert!(!told(&"word ".repeat(300)).long);
    assert!(told(&"word ".repeat(301)).long);
}

#[test]
fn the_way_to_the_point() {
    let direct = |text: &str, question: Option<&str>| of(&said(text), question).direct.map(|d| (d.after.0, d.sign, d.quote.text));
    let question = Some("Tell me about a time when you dealt with an angry patient.");
    let answer = "Well, that's a good question. There are many such days. An angry patient came to the desk.";
    assert_eq!(direct(answer, question), Some((4_000, Sign::Question, "An angry patient came to the desk.".into())));
    let claim = "That is a good question, let me think. So, I worked at the desk in June.";
    assert_eq!(direct(claim, question), Some((3_200, Sign::Claim, "So, I worked at the desk in June.".into())));
    // what follows playing for time in the same sentence counts
    assert_eq!(direct("Thank you for asking, I think I listen first.", None), Some((1_600, Sign::Claim, "I think I listen first.".into())));
    assert_eq!(direct("I don't know. It depends.", question), None);
    assert_eq!(direct("", question), None);
}

#[test]
fn pet_phrases_of_this_answer() {
    let text = "We went the extra mile. At the desk we go the extra mile. You know, I went the extra mile, you know, you know.";
    let pets = told(text).pet_phrases;
    assert_eq!(pets.len(), 1, "{pets:?}");
    assert_eq!((pets[0].phrase.as_str(), pets[0].places.len(), pets[0].usual), ("extra mile", 3, None));
    assert_eq!(pets[0].places[0], Quote { text: "extra mile.".into(), span: Span::new(1_200, 2_000) });
    // the question's own words are no habit
    assert!(of(&said(text), Some("When did you go the extra mile?")).pet_phrases.is_empty());
}

#[test]
fn a_phrase_said_more_often_than_usual() {
    let text = "Going forward we call them. It works, and going forward we write too.";
    assert!(told(text).pet_phrases.is_empty());
    let (rare, common) = ([("going forward".to_owned(), 1.0)], [("going forward".to_owned(), 100.0)]);
    let pets = pet_phrases(&said(text), None, &Usual::from(rare));
    assert_eq!((pets[0].phrase.as_str(), pets[0].per_1000_words, pets[0].usual), ("going forward", 153.8, Some(1.0)));
    assert!(pet_phrases(&said(text), None, &Usual::from(common)).is_empty());
    assert_eq!(usual([&said(text), &said("Going forward.")]).get("going forward"), Some(&200.0));
}

#[test]
fn nothing_one_word_and_nothing_but_fillers() {
    for text in ["", "—", "Yes.", "Um, uh, um, er.", "the", "I-"] {
        let wording = told(text);
        assert!(wording.hedges.is_empty() && wording.repeated.is_empty() && wording.restarts.is_empty() && wording.pet_phrases.is_empty(), "{text}");
        assert_eq!((wording.direct, wording.long), (None, false), "{text}");
    }
    assert_eq!(told("").sentences, None);
    assert_eq!(told("Um, uh.").sentences, None);
}
