use super::*;
use crate::transcribe::{Engine, Word};

/// A transcript of these words, 400 ms each, one after the other.
pub(crate) fn said(text: &str) -> Transcript {
    let word = |(i, text): (u64, &str)| Word::new(text, Span::new(i * 400, i * 400 + 400), 1.0);
    let words: Vec<Word> = (0..).zip(text.split_whitespace()).map(word).collect();
    let duration = words.last().map_or(Millis(0), |w| w.end);
    Transcript::new(Engine { model: "none".into(), sha256: None, demo: false, prompt: None }, duration, words)
}

fn counted(text: &str) -> Vec<String> {
    find(&said(text), &[], None, &Meant::default()).found.into_iter().map(|f| f.text).collect()
}

fn habits(text: &str) -> Vec<(String, usize)> {
    find(&said(text), &[], None, &Meant::default()).habits.into_iter().map(|h| (h.text, h.spans.len())).collect()
}

#[test]
fn certain_ones_as_engines_write_them() {
    assert_eq!(counted("Um, I was, uh — really, ummm, Erm... hmm."), ["um", "uh", "ummm", "erm", "hmm"]);
    assert!(counted("I hardly know 'er, and the umbrella and the error were known.").is_empty());
}

#[test]
fn a_like_that_means_something_is_no_filler() {
    for meant in [
        "I would like to know what kind of help they want.",
        "I'd like to add one thing.",
        "It looks like the ward was full.",
        "Do you know a nurse like her?",
        "I felt like a part of the team.",
        "I like working with people.",
        "We did audits and things like that.",
        "They don't like to wait.",
    ] {
        assert!(counted(meant).is_empty(), "{meant}");
    }
    assert_eq!(counted("And she, like, explained it."), ["like"]);
    assert_eq!(counted("There were, like, twelve patients."), ["like"]);
    assert_eq!(counted("And like the ward was in like a mess."), ["like", "like"]);
}

#[test]
fn a_you_know_that_means_something_is_no_filler() {
    assert_eq!(counted("It was, you know, hard."), ["you know"]);
    assert_eq!(counted("You know, what helped was the team."), ["you know"]);
    for meant in ["Do you know the ward?", "I let you know what happened.", "As you know, it is hard.", "If you know how it works, say so."] {
        assert!(counted(meant).is_empty(), "{meant}");
    }
    // editors leave this in, and so it is a habit
    assert!(counted("It was hard. You know what I mean?").is_empty());
    assert_eq!(habits("It was hard. You know what I mean?"), [("you know what I mean".into(), 1)]);
}

#[test]
fn right_and_other_tags() {
    assert_eq!(counted("So the rota was full, right? And, right, we had nobody."), ["right", "right"]);
    assert!(counted("That was the right decision, and right now I am all right. I called, right away, and, right at the desk, we met.").is_empty());
    assert_eq!(counted("We called them back, okay? It was late, yeah?"), ["okay", "yeah"]);
    assert!(counted("Yeah, I would. Okay, that is all.").is_empty());
}

#[test]
fn without_any_comma_the_words_alone_decide() {
    let text = "and then I went to the ward and I said you know we need some help here because we had like twelve patients who would like to go \
                home and nobody had time for them";
    assert_eq!(counted(text), ["you know", "like"]);
}

#[test]
fn one_more_um_adds_exactly_one_wherever_it_stands() {
    for base in [
        "I, like, you know, kind of the work.",
        "I would like to say it was hard. You know what I mean?",
        "There were, like, two of us, right?",
        "and you know we were like it is right there and so like I said well there was nobody there and I just like called them and it was fine",
    ] {
        let words: Vec<&str> = base.split(' ').collect();
        for (at, um) in (0..=words.len()).flat_map(|at| [(at, "um,"), (at, "Uh")]) {
            let mut more = words.clone();
            more.insert(at, um);
            let found = find(&said(&more.join(" ")), &[], None, &Meant::default()).found;
            assert_eq!(found.len(), counted(base).len() + 1, "{more:?}");
            assert!(found.is_sorted_by_key(|f| f.at));
        }
    }
}

#[test]
fn words_of_habit_are_counted_and_never_fillers() {
    let text = "So, basically, I just called them. I mean, it was kind of late. Well, I just did it so well, and so I actually left.";
    let expected = [("so", 2), ("just", 2), ("basically", 1), ("I mean", 1), ("kind of", 1), ("well", 1), ("actually", 1)];
    assert_eq!(habits(text), expected.map(|(t, n)| (t.to_owned(), n)));
    assert!(counted(text).is_empty());
    assert!(habits("What kind of ward is it? This is what I mean. It went well, as well.").is_empty());
}

#[test]
fn what_was_meant_is_left_out() {
    let text = "So, you know, it was, like, um, late, you know, late.";
    let spans = |meant: &Meant| find(&said(text), &[], None, meant).found.iter().map(|f| (f.text.clone(), f.at)).collect::<Vec<_>>();
    assert_eq!(spans(&Meant::default()).len(), 4);
    let phrase = Meant { phrases: vec!["You know".into()], places: vec![] };
    assert_eq!(spans(&phrase), [("like".into(), 5), ("um".into(), 6)]);
    // the second one's time, a little off
    let place = Meant { phrases: vec![], places: vec![Span::new(3_150, 3_900)] };
    assert_eq!(spans(&place).iter().map(|f| f.1).collect::<Vec<_>>(), [1, 5, 6]);
    let longer = Meant { phrases: vec!["it was like".into(), "so".into()], places: vec![] };
    assert_eq!(spans(&longer).iter().map(|f| f.1).collect::<Vec<_>>(), [1, 6, 8]);
    assert!(find(&said(text), &[], None, &longer).habits.is_empty());
}

#[test]
fn spans_rates_and_bands() {
    let transcript = said("So it was, you know, hard for all of us there");
    let fillers = find(&transcript, &[], Some(Millis(30_000)), &Meant::default());
    assert_eq!((fillers.found[0].span, fillers.found[0].at), (Span::new(1_200, 2_000), 3));
    assert_eq!((fillers.per_minute, fillers.per_100_words), (Some(2.0), Some(9.1)));
    assert_eq!(find(&said("It, um, was"), &[], Some(Millis(1_000)), &Meant::default()).per_minute, None);
    assert_eq!(
        [5.0, 5.1, 12.0, 12.1].map(|rate| Band::of(rate, [NOTICEABLE_PER_MINUTE, HEAVY_PER_MINUTE])),
        [Band::Fine, Band::Noticeable, Band::Noticeable, Band::Heavy]
    );
}

#[test]
fn nothing_one_word_and_nothing_but_fillers() {
    assert_eq!(find(&said(""), &[], Some(Millis(0)), &Meant::default()), Fillers::default());
    assert!(counted("Yes.").is_empty());
    assert_eq!(counted("Um"), ["um"]);
    let all = find(&said("um uh um er um uh um um"), &[], Some(Millis(60_000)), &Meant::default());
    assert_eq!((all.found.len(), all.per_minute, all.per_100_words), (8, Some(8.0), None));
}
