//! The candidate's own rating of a take, by the same anchors and points as the program and the coach. What was given before the report was shown is
//! never changed by what is said later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Judgement;
use crate::store::{AnswerFiles, StoreError, read_json, write_json};

/// The schema that is read and written here.
const SCHEMA: u32 = 1;

/// `take-N.rating.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRating {
    pub schema: u32,
    pub rated_at: Timestamp,
    /// Given before the program's was shown.
    pub before: bool,
    #[serde(flatten)]
    pub given: Judgement,
    /// What was given once the report had been shown, of a rating that was first given before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<LaterRating>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterRating {
    pub rated_at: Timestamp,
    #[serde(flatten)]
    pub given: Judgement,
}

impl OwnRating {
    /// The rating of a take; None where there is none.
    ///
    /// # Errors
    /// The file cannot be read, or holds bands or levels that there are not.
    pub fn read(files: &AnswerFiles) -> Result<Option<Self>, StoreError> {
        let path = files.rating();
        let unusable =
            |reason: String| StoreError::Unusable { path: path.clone(), reason, cure: "remove it, then rate again with `viva sessions rate`" };
        let rating: Option<Self> = read_json(&path).map_err(|e| match e {
            StoreError::Unread { reason, .. } => unusable(format!("is damaged ({reason})")),
            other => other,
        })?;
        let whole =
            rating.as_ref().is_none_or(|r| r.schema <= SCHEMA && r.given.is_in_range() && r.later.as_ref().is_none_or(|l| l.given.is_in_range()));
        if whole { Ok(rating) } else { Err(unusable("holds ratings that there are not".to_owned())) }
    }

    /// Adds what was given `now` to what is there. `before`: the program's report has not been shown.
    #[must_use]
    pub fn with(there: Option<Self>, given: Judgement, before: bool, now: Timestamp) -> Self {
        let Some(mut rating) = there else { return Self { schema: SCHEMA, rated_at: now, before, given, later: None } };
        if rating.before && !before {
            let later = rating.later.get_or_insert_with(|| LaterRating { rated_at: now, given: Judgement::default() });
            later.rated_at = now;
            later.given.replace(given);
        } else {
            // once the report was seen, nothing makes that undone
            rating.rated_at = now;
            rating.given.replace(given);
        }
        rating
    }

    /// Writes it beside its take.
    ///
    /// # Errors
    /// The session's folder cannot be written.
    pub fn write(&self, files: &AnswerFiles) -> Result<(), StoreError> {
        write_json(&files.rating(), self)
    }

    /// What was given before the report was shown.
    #[must_use]
    pub fn unswayed(&self) -> Option<&Judgement> {
        Some(&self.given).filter(|g| self.before && !g.is_empty())
    }

    /// What was given once it had been shown.
    #[must_use]
    pub fn swayed(&self) -> Option<&Judgement> {
        let given = if self.before { self.later.as_ref().map(|l| &l.given) } else { Some(&self.given) };
        given.filter(|g| !g.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(band: u8) -> Judgement {
        Judgement { band: Some(band), ..Judgement::default() }
    }

    #[test]
    fn what_was_given_before_stays() {
        let now = "2026-11-27T10:00:00Z".parse().unwrap();
        let first = OwnRating::with(None, band(4), true, now);
        let second = OwnRating::with(Some(first), band(2), false, now);
        assert_eq!((second.unswayed(), second.swayed()), (Some(&band(4)), Some(&band(2))));
        // a report that was removed since has been seen all the same
        let seen = OwnRating::with(Some(OwnRating::with(None, band(3), false, now)), band(5), true, now);
        assert_eq!((seen.unswayed(), seen.swayed()), (None, Some(&band(5))));
    }

    #[test]
    fn it_is_one_flat_object() {
        let rating = OwnRating::with(None, band(4), true, "2026-11-27T10:00:00Z".parse().unwrap());
        let json = serde_json::to_value(&rating).unwrap();
        assert_eq!(json, serde_json::json!({"schema": 1, "rated_at": "2026-11-27T10:00:00Z", "before": true, "band": 4, "points": {}}));
        assert_eq!(serde_json::from_value::<OwnRating>(json).unwrap(), rating);
    }
}
