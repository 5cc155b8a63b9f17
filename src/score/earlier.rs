//! Scorecards of earlier versions. They knew no levels, and three bands instead of five: no figure of today can be made of that, and none is invented.
//! Such a card reads as one without a score, with the way to a new one; the file keeps what it holds until then.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Refusal, Scorecard};

/// Reads a scorecard of any version.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Scorecard>, D::Error> {
    let Some(value) = Option::<Value>::deserialize(from)? else { return Ok(None) };
    match Scorecard::deserialize(&value) {
        Ok(card) => Ok(Some(card)),
        Err(_) if is_earlier(&value) => Ok(Some(Scorecard::Refused { reason: Refusal::EarlierVersion })),
        Err(e) => Err(D::Error::custom(e)),
    }
}

/// Up to the second schema of reports there was a weight of all points in place of a credit; the first of the third knew no structure, or not whether
/// meaning was looked at.
fn is_earlier(card: &Value) -> bool {
    let lacks = |key: &str| card.get(key).is_none();
    card["outcome"] == "scored" && (!lacks("weight_of_all") || lacks("structure") || lacks("by_meaning"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(card: Value) -> Result<Option<Scorecard>, serde_json::Error> {
        read(card)
    }

    #[test]
    fn an_earlier_card_has_no_score_of_today_and_a_damaged_one_is_none() {
        let old = json!({ "outcome": "scored", "band": "fair", "weight_made": 7, "weight_of_all": 13, "points": [], "red_flags": [] });
        assert_eq!(of(old).unwrap(), Some(Scorecard::Refused { reason: Refusal::EarlierVersion }));
        let short = json!({ "outcome": "refused", "reason": { "why": "too_short", "words": 4 } });
        assert_eq!(of(short).unwrap(), Some(Scorecard::Refused { reason: Refusal::TooShort { words: 4, least: 10 } }));
        assert_eq!(of(Value::Null).unwrap(), None);
        assert!(of(json!({ "outcome": "scored", "by_meaning": true, "structure": {}, "band": 7 })).is_err());
        assert!(of(json!({ "outcome": "guessed" })).is_err());
    }
}
