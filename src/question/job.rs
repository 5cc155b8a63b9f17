//! A job description, read for what it asks for: which competencies, which role, and so which questions matter most. Pure.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::bank::Bank;
use super::{Competency, Question};
use crate::words::{Phrase, Text, ends_sentence};

/// How many times a competency may be asked for before more makes no difference.
const MOST_ASKS: usize = 3;
/// Words that a quotation may grow by on each side.
const CONTEXT: usize = 4;
/// Least words of a text that can be a job description.
const LEAST_WORDS: usize = 20;

/// What a job description asks for.
#[derive(Clone, Debug, Serialize)]
pub struct Job {
    /// The role that it names, if it names one that is known.
    pub role: Option<String>,
    /// The most asked for first.
    pub asks: Vec<Ask>,
    #[serde(skip)]
    text: Text,
}

/// A competency that the description asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// The competency's id and name.
    pub competency: String,
    pub name: String,
    /// Its words in the description, each place once.
    pub quotes: Vec<String>,
}

impl Job {
    /// Reads a text file.
    ///
    /// # Errors
    /// It is not there, no text, or too short to be a description of a job.
    pub fn read(path: &Path, bank: &Bank) -> Result<Self, JobError> {
        let wrong = |what: &str| JobError::Wrong { path: path.to_owned(), what: what.to_owned() };
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::InvalidData => wrong("is not a plain text in UTF-8"),
            _ => JobError::Io { path: path.to_owned(), source },
        })?;
        if text.split_whitespace().count() < LEAST_WORDS {
            return Err(wrong("holds too few words for a description of a job"));
        }
        Ok(Self::new(&text, bank))
    }

    /// Reads a text. In a list each line is a sentence of its own.
    #[must_use]
    pub fn new(text: &str, bank: &Bank) -> Self {
        let mut words: Vec<String> = Vec::new();
        for line in text.lines() {
            let before = words.len();
            words.extend(line.split_whitespace().map(str::to_owned));
            if let Some(last) = words[before..].last_mut().filter(|last| !ends_sentence(last)) {
                last.push('.');
            }
        }
        let text = Text::new(words.iter().map(String::as_str));
        let asks = |competency: &Competency| {
            let mut places: Vec<(usize, String)> = Vec::new();
            for phrase in &competency.asked_as {
                let Some(range) = text.find_in_clause(&Phrase::new(phrase), CONTEXT) else { continue };
                if places.iter().all(|(start, _)| *start != range.start) {
                    let quote = words[range.clone()].join(" ").trim_matches(['.', ',', ';', ':', '-', '*', '•', ' ']).to_owned();
                    places.push((range.start, quote));
                }
            }
            let quotes: Vec<String> = places.into_iter().map(|(_, quote)| quote).collect();
            (!quotes.is_empty()).then(|| Ask { competency: competency.id.clone(), name: competency.name.clone(), quotes })
        };
        let mut asked: Vec<Ask> = bank.competencies().filter_map(asks).collect();
        asked.sort_by_key(|a| std::cmp::Reverse(a.quotes.len().min(MOST_ASKS)));
        // an advert begins with the name of its job; where two begin at one word, the longer says more
        let names = bank.roles().flat_map(|s| s.page.titles.iter().chain([&s.role]).map(move |name| (s, name)));
        let found = names.filter_map(|(set, name)| text.find_name(name).map(|at| (at.start, std::cmp::Reverse(at.len()), set)));
        let role = found.min_by_key(|(start, length, _)| (*start, *length)).map(|(.., set)| set.id.clone());
        Self { role, asks: asked, text }
    }

    /// How much the description asks for what this question asks for: 0 not at all, to about 300.
    #[must_use]
    pub fn weight(&self, question: &Question) -> u32 {
        let asked = |id: &str| self.asks.iter().find(|a| a.competency == id).map_or(0, |a| u32::try_from(a.quotes.len().min(MOST_ASKS)).unwrap_or(0));
        let all: u32 = question.criteria.iter().map(|c| c.weight).sum();
        let by_competency: u32 = question.criteria.iter().map(|c| c.weight * c.competency.as_deref().map_or(0, asked)).sum();
        // points that the description speaks of in the words of an answer: a system by name, a survey
        let spoken_of = question.criteria.iter().filter(|c| c.evidence.iter().any(|e| self.text.find(&Phrase::new(e)).is_some())).count();
        let spoken_of = u32::try_from(spoken_of.min(2)).unwrap_or(0);
        (70 * by_competency).checked_div(all).unwrap_or(0) + 45 * spoken_of
    }
}

#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("{path} {what}; copy the job description into a text file, save it as UTF-8, and give that with --job", path = path.display())]
    Wrong { path: PathBuf, what: String },
    #[error("{path} cannot be read ({source}); check its name and that it is yours to read", path = path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVERT: &str = "Patient Relations Officer\n\nWe look for somebody who\n- handles complaints and resolves conflict between families and staff\n\
        - keeps records confidential (HIPAA)\n- is fluent with Epic\n- has empathy for patients and relatives";

    #[test]
    fn it_names_the_role_and_what_it_asks_for_in_its_own_words() {
        let bank = Bank::built_in().unwrap();
        let job = Job::new(ADVERT, &bank);
        assert_eq!(job.role.as_deref(), Some("patient-relations-officer"));
        for id in ["conflict", "confidentiality", "technology", "empathy"] {
            let ask = job.asks.iter().find(|a| a.competency == id).unwrap_or_else(|| panic!("{id} is not in {:?}", job.asks));
            assert!(ask.quotes.iter().all(|q| ADVERT.contains(q.as_str())), "{:?}", ask.quotes);
        }
        assert!(job.asks.iter().all(|a| a.competency != "leadership"), "{:?}", job.asks);
    }

    #[test]
    fn a_role_is_named_by_its_words_in_a_row_and_the_first_counts() {
        let bank = Bank::built_in().unwrap();
        let role = |text: &str| Job::new(text, &bank).role;
        assert_eq!(role("Patient Relations Officer. We partner with patients.").as_deref(), Some("patient-relations-officer"));
        assert_eq!(role("Patient Services Coordinator, working with our Patient Partner.").as_deref(), Some("patient-services-coordinator"));
        assert_eq!(role("We are a partner of every patient."), None);
    }

    #[test]
    fn what_it_asks_for_weighs_more() {
        let bank = Bank::built_in().unwrap();
        let job = Job::new(ADVERT, &bank);
        let weight = |row: &str| job.weight(bank.questions().find(|q| q.covers.iter().any(|c| c == row)).unwrap());
        assert!(weight("pro-09") > weight("pro-20"), "{} {}", weight("pro-09"), weight("pro-20"));
        assert!(weight("pro-18") > weight("pro-10"), "{} {}", weight("pro-18"), weight("pro-10"));
    }
}
