//! The tables of cues. In a pattern `a|b` is any of these, `*` one or no word, `thank-` a beginning, `#` a number, and the words in capitals are
//! the classes below; `^` stands for the beginning of the clause, after "and", "so" and their kind. Commas part the patterns.
//!
//! Points, set by hand: 7 for words that hardly stand anywhere else, 5 for those that do so at times, less for what only helps.

use super::Needs;
use crate::score::structure::parts::PartKind::{self, Action, Result, Situation, Task};

/// None: it belongs to no part.
pub(super) type Row = (Option<PartKind>, i32, Needs, &'static str);

pub(super) const CUES: &[Row] = &[
    (
        Some(Situation),
        6,
        Needs::Nothing,
        "last YEAR|week|month|DAY, #|a|few|some YEAR|weeks|months ago, when i was|worked|started|joined, i remember, one i remember, \
         ^ one DAY, ^ once * a|i|the, ^ in my # year, i was a|an, i was volunteering|working, my|our first|second|third year",
    ),
    (
        Some(Situation),
        4,
        Needs::Nothing,
        "there was|were|had|wasn't, ^ at|on|in my|our|a last|old|previous|former, ^ on|at|in my|our|the PLACE, \
         ^ at|on|in my|our|the * PLACE, ^ a|an|one|another PERSON, ^ a|an|one|another * PERSON, ^ a|an|one|another * * PERSON, \
         we had a|an, i had a|an * PERSON, i had a|an * * PERSON, it was * past|early|late, ^ before that, \
         i've spent|done|worked|used, i've|i've had * # years|months, ^ say|suppose|imagine a|an|it's|somebody|someone|you, \
         it came|turned out, ^ nobody|no-one",
    ),
    (
        Some(Task),
        7,
        Needs::Nothing,
        "my|our * job|task|role|bit|part|goal|aim|brief was, my|our|the * job|task|role|goal|aim|idea|plan was to|that|the, \
         i|we had to, i|we needed to, they|she|he|manager|supervisor|boss asked|told me to, asked|wanted|told * * and|or me to, \
         i was|got asked|told * to|if, i was supposed|meant|expected to, i was to, i was responsible|in charge, up to me to, \
         i was given * task|job, clinic|team|we|boss|manager wanted to",
    ),
    (
        Some(Action),
        3,
        Needs::Nothing,
        "^ first|firstly|second|secondly|third|next|then, ^ first thing, ^ after that|this|which i|we, the first thing i",
    ),
    (
        Some(Result),
        7,
        Needs::Nothing,
        "as a result, since then, ever since, from * # to #, from * # * * to * #, \
         went|came|fell|dropped|rose|grew|cut|down|up|rate|score from, fell|dropped|rose|went|grew|cut|down|up by, \
         THEY * thank-|praised, thank-you letter|letters|card|note, THEY|man|lady|patient|mother|daughter|son came back, \
         i learned|learnt that|to|from|a|how|not, what i learned|learnt|took, taught me, lesson, turned it round|around, paid off, \
         made a|the|all difference",
    ),
    (Some(Result), 7, Needs::Past, "in|at the end, by the end, eventually"),
    (Some(Result), 2, Needs::Past, "# percent|%, # per cent"),
    (
        Some(Result),
        5,
        Needs::Happening,
        "^ after that|this, ^ within|after # * YEAR|days|weeks|months|minutes, \
         ^ after|within|over|in a|a|# * week|weeks|months|month|year|days|minute|minutes, ^ # months|weeks|days|years later, \
         # months|weeks|days|years later, ^ by|in TIME, ^ by|within * * * TIME",
    ),
    (
        Some(Result),
        5,
        Needs::Nothing,
        "THEY|man|patient|everyone|all|people * agreed, \
         THEY|families|patients|everyone|people * were|was|looked|felt|got|seemed * happy|happier|calm|calmer|quieter|better|pleased|glad|stable, \
         THEY|daughter|son|family|families|mother|father * wrote|brought|held|hugged|smiled, \
         THEY|daughter|son|family|families|mother|father * * wrote|brought|held|hugged, room|mood|everything changed, \
         stopped * same|that, so * idea|it worked, it|that worked|helped, said yes, \
         it hasn't|never|didn't happened|happen|come, hasn't|didn't|never * again, nothing|nothing's * been|was, \
         ^ now there's|there|he's|she's|he|she|they|it's|every|it|nobody|they're, still rings|comes|writes|sends, \
         than planned|before, were|was|is * up|down * #, we're|were|was at #, award|praise, didn't|never miss|missed",
    ),
    (
        None,
        5,
        Needs::Nothing,
        "^ i'd|i would say it's|that|my|i'm|the, ^ i'd|we'd|i would like|love|prefer, ^ i think|believe|guess|suppose|mean|find, \
         ^ that's why|how|what|just|all|where, ^ i'm a|an|very|really|quite|just|good|sure, ^ i'll give|tell|be you|honest, ^ let me, \
         ^ you've got to, ^ you have|need to, it's * important|about|key",
    ),
];
pub(super) const CLASSES: &[(&str, &str)] = &[
    ("YEAR", "year years spring summer autumn fall winter winters summers christmas easter"),
    ("DAY", "monday tuesday wednesday thursday friday saturday sunday day night morning evening afternoon time"),
    (
        "PERSON",
        "man woman lady gentleman patient mother father mum mom dad daughter son husband wife girl boy child couple family widow \
         widower grandmother grandfather colleague nurse doctor consultant caller relative teenager teacher guy visitor customer \
         resident",
    ),
    (
        "PLACE",
        "ward clinic hospital surgery practice unit department office trust job post team home reception desk hospice pharmacy \
         placement internship shop school store hotel",
    ),
    ("THEY", "she he they it everybody everyone"),
    (
        "TIME",
        "noon easter christmas summer autumn winter spring january february march april june july august september october november \
         december then monday tuesday wednesday thursday friday lunch lunchtime evening",
    ),
];
pub(super) const NUMBERS: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen \
                           twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half third quarter double twice";
