use super::*;

/// Words of 300 ms each, 100 ms apart; a `/` is a second of silence.
pub(super) fn spoken(text: &str) -> Vec<Spoken<'_>> {
    let mut at = 0;
    let mut words = Vec::new();
    for text in text.split_whitespace() {
        if text == "/" {
            at += 1_000;
            continue;
        }
        words.push(Spoken { text, span: Span::new(at, at + 300) });
        at += 400;
    }
    words
}

pub(super) fn said(text: &str) -> Said {
    Said::new(&spoken(text))
}

fn behavioural(text: &str) -> Structure {
    of(&spoken(text), Kind::Behavioural)
}

/// The parts with their words.
fn parts(text: &str) -> Vec<(PartKind, String)> {
    let words: Vec<&str> = text.split_whitespace().filter(|w| *w != "/").collect();
    behavioural(text).parts.into_iter().map(|p| (p.kind, words[p.stretch.words].join(" "))).collect()
}

const BOILER: &str = "Last winter the boiler in our home for the elderly failed, and it was minus nine outside. My job was to keep the \
                      residents warm. I rang every hire shop in town, carried blankets up, and asked the kitchen for soup. In the end we had \
                      four heaters by noon and nobody fell ill.";

#[test]
fn a_story_has_four_parts_in_their_order() {
    let parts = parts(BOILER);
    let kinds: Vec<PartKind> = parts.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [PartKind::Situation, PartKind::Task, PartKind::Action, PartKind::Result]);
    assert_eq!(parts[1].1, "My job was to keep the residents warm.");
    assert!(parts[3].1.starts_with("In the end we had four heaters"));
}

#[test]
fn a_part_says_which_words_and_when() {
    let structure = behavioural("There was a leak. I called a plumber.");
    let action = &structure.parts[1];
    assert_eq!((action.kind, &action.stretch), (PartKind::Action, &Stretch { words: 4..8, span: Span::new(1_600, 3_100) }));
}

#[test]
fn without_punctuation_the_parts_are_found_by_how_clauses_begin() {
    let bare = "last winter the boiler in our home failed and it was freezing so i rang every shop in town and i carried up blankets and then i \
                asked the kitchen for soup and in the end we had four heaters and nobody fell ill";
    let kinds: Vec<PartKind> = parts(bare).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [PartKind::Situation, PartKind::Action, PartKind::Result]);
    let cut = |text: &str| said(text).clauses.len();
    assert_eq!(cut("there was a leak / someone called a plumber"), 2);
    assert_eq!(cut("i rang the plumber and then he came"), 2);
}

#[test]
fn what_is_quoted_belongs_to_those_who_say_it() {
    let quoted = "I told her, \"In the end there was a mistake. I was wrong.\" Then I called the ward.";
    assert_eq!(parts(quoted), [(PartKind::Action, quoted.to_owned())]);
}

#[test]
fn opinions_and_qualities_are_no_part() {
    assert_eq!(parts("I'm a real team player. Communication is key. I think that's very important to everybody."), []);
}

#[test]
fn who_did_it() {
    let own =
        behavioural("The tap leaked. I called the plumber, we moved the beds, and she mopped the floor. I'd warned them. I wrote it down.").own_part;
    assert_eq!((own.singular, own.plural), (3, 1));
    assert_eq!(own.actions, Actions { own: 3, together: 1, others: 1 });
    let none = behavioural("The tap leaked.").own_part;
    assert_eq!(none, OwnPart::default());
}

#[test]
fn a_result_is_more_with_a_number_or_a_consequence() {
    let result = behavioural(BOILER).result.unwrap();
    assert!(result.number && result.consequence);
    let plain = behavioural("There was a leak. I called a plumber. She thanked me for it.").result.unwrap();
    assert!(!plain.number && plain.consequence);
    assert_eq!(behavioural("There was a leak. I called a plumber.").result, None);
}

#[test]
fn what_always_comes_of_it_is_no_result() {
    assert_eq!(behavioural("I stay calm and in the end it always works out somehow.").result, None);
    assert_eq!(of(&spoken("I'd talk to both, and in the end they'd shake hands."), Kind::Situational).result, None);
}

#[test]
fn told_as_a_story_as_usual_or_as_what_one_would_do() {
    let told = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let told = behavioural(text).told;
        (told.manner, told.by.map(|by| words[by.words].join(" ")).unwrap_or_default())
    };
    assert_eq!(told(BOILER), (Manner::Story, "Last winter".into()));
    assert_eq!(told("I always listen first, and I never argue with a guest."), (Manner::Usual, "I always".into()));
    assert_eq!(told("I would ring the shop. Then I'd tell my boss."), (Manner::Hypothetical, "I would ring".into()));
    assert_eq!(told("Trust is everything. I'm honest."), (Manner::Unclear, String::new()));
    // had, not would
    assert_eq!(told("I'd told him twice. I'd written it down. He'd forgotten it, and she was cross.").0, Manner::Story);
    // a wish is not a case
    assert_eq!(told("I'd like to lead a team, and I'd love to learn.").0, Manner::Unclear);
}

#[test]
fn an_answer_may_begin_late() {
    let late = "It was a dark November in the old house by the river, the heating was off, the lift was broken, the phones were dead and the rain was \
                coming through the roof. I called a plumber and moved the beds.";
    let first = behavioural(late).first.unwrap();
    assert!(first.late && first.share > 0.6);
    let word = spoken(late)[first.word];
    assert_eq!((word.text, word.span.start), ("I", first.after));
    let early = of(&spoken("I'm good at listening. My gran taught me."), Kind::General).first.unwrap();
    assert_eq!((early.word, early.late), (0, false));
    let stalling = of(&spoken("Let me think. I'd call a plumber."), Kind::Situational).first.unwrap();
    assert_eq!(stalling.word, 3);
    assert_eq!(behavioural("Rain. More rain.").first, None);
}

#[test]
fn how_it_ends() {
    let close = |text: &str| behavioural(text).close.unwrap().close;
    assert_eq!(close(BOILER), Close::Result);
    assert_eq!(close("The tap leaked. I called a plumber. What I learned is to ask sooner."), Close::Lesson);
    assert_eq!(close("The tap leaked. I called a plumber. Since then I always check the cellar."), Close::Lesson);
    assert_eq!(close("The tap leaked. I called a plumber."), Close::Sentence);
    for broken in ["The tap leaked. I called a", "The tap leaked. So I called the.", "The tap leaked. I called –", "the tap leaked and i called the"]
    {
        assert_eq!(close(broken), Close::BrokenOff, "{broken}");
    }
    assert_eq!(close("the tap leaked and i called a plumber"), Close::Sentence);
}

#[test]
fn what_is_found_can_be_stored() {
    let structure = behavioural(BOILER);
    let json = serde_json::to_string(&structure).unwrap();
    assert!(json.contains(r#""kind":"situation","words":{"start":0"#), "{json}");
    assert_eq!(serde_json::from_str::<Structure>(&json).unwrap(), structure);
}

/// Any words at any times: nothing panics, and all parts lie in order inside of the answer.
#[test]
fn odd_words_and_none() {
    const ODD: &[&str] = &[
        "", "-", "—", "...", "\"", "“", "”", "'", "'d", "I'd", "I", "i", "we've", "“I", "said”", "and", "then", "so", "um,", "12%", "…", "ß", "İ",
        "日本", "🙂", "end.", "In", "the", "was", "had", "to", "going?", "last", "year,", "from", "ten", "five", "n't", "I'", "There's", "went",
        "Mrs.", "'s",
    ];
    const KINDS: [Kind; 5] = [Kind::Situational, Kind::Behavioural, Kind::Technical, Kind::Motivation, Kind::General];
    let mut state = 1_u64;
    // Knuth's linear congruential generator (MMIX)
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for round in 0..500 {
        let words: Vec<Spoken> = (0..random(30))
            .map(|at| Spoken { text: ODD[random(ODD.len())], span: Span::new((at * random(900)) as u64, random(30_000) as u64) })
            .collect();
        let structure = of(&words, KINDS[round % 5]);
        let mut end = 0;
        for part in &structure.parts {
            assert!(part.stretch.words.start >= end && !part.stretch.words.is_empty(), "{words:?}");
            end = part.stretch.words.end;
        }
        assert!(end <= words.len());
        assert!(structure.first.is_none_or(|f| f.word < words.len() && (0.0..=1.0).contains(&f.share)));
        assert!(structure.told.by.is_none_or(|by| by.words.end <= words.len() && !by.words.is_empty()));
        assert_eq!(structure.close.is_none(), said_nothing(&words));
    }
    let nothing = of(&[], Kind::Behavioural);
    assert_eq!((nothing.parts.len(), nothing.told.manner, nothing.first, nothing.close), (0, Manner::Unclear, None, None));
}

fn said_nothing(words: &[Spoken<'_>]) -> bool {
    Said::new(words).tokens.is_empty()
}
