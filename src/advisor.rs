//! A language model on the same machine may suggest: quotes for points of a rubric that were not found, and wording of advice.
//!
//! Off unless an address is given. What the model says is never believed: a quote counts only as a place in the transcript, found word by word, and
//! the words shown are cut from there; advice must be one plain line. Whatever fails here leaves the report as it is.
//!
//! `url` decides which addresses may be asked at all, `ask` writes the request, `answer` reads what comes back, `check` holds it against the
//! transcript.

mod answer;
mod ask;
mod check;
mod error;
#[cfg(test)]
mod tests;
mod url;

use std::io::Read;
use std::ops::Range;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

pub use error::AdvisorError;

/// How long all requests of one [`Advisor::suggest`] may take together, unless [`Advisor::with_limit`] says otherwise.
pub const LIMIT: Duration = Duration::from_secs(30);
/// The longest [`Advisor::with_limit`] takes.
pub const LONGEST_LIMIT: Duration = Duration::from_secs(3600);
/// Bytes of an answer, unpacked; a longer one is refused, not cut.
pub const MOST_BYTES: u64 = 256 * 1024;

/// A point of the rubric that was not found in the answer.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'a> {
    pub id: &'a str,
    /// What the rubric asks for, in a sentence.
    pub point: &'a str,
}

/// A place in the transcript that may make a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// The point's id.
    pub point: String,
    /// Words of the transcript, counted from 0, the end not included; never empty, never past the end.
    pub words: Range<usize>,
}

/// What was suggested and passed all checks, in the order of the points asked about; at most one quote and one advice a point.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The model's name, at most 100 characters on one line; empty if the server told none, or nothing was asked.
    pub model: String,
    pub quotes: Vec<Suggested>,
    /// A point's id, and at most 240 characters on one line.
    pub advice: Vec<(String, String)>,
    /// How many quotes, pieces of advice and suggestions for unknown points were thrown away.
    pub dropped: usize,
}

/// A language-model server with the interface that llama.cpp, Ollama, LM Studio and others share: `/v1/chat/completions`.
#[derive(Clone, Debug)]
pub struct Advisor {
    address: url::Address,
    model: Option<String>,
    limit: Duration,
    agent: ureq::Agent,
}

impl Advisor {
    /// Checks the address; contacts nobody, not even to look up a name. `url` may end with `/v1` and a slash, or not. Without `model` the server's
    /// first is taken.
    ///
    /// # Errors
    /// The address cannot be understood, leads to another machine without `allow_remote`, or leads there unprotected.
    pub fn new(url: &str, allow_remote: bool, model: Option<&str>) -> Result<Self, AdvisorError> {
        let address = url::parse(url, allow_remote)?;
        let agent = ureq::Agent::config_builder()
            // a proxy named in the environment would carry the transcript off this machine
            .proxy(None)
            // so would a redirect; its status comes back and is an error below
            .max_redirects(0)
            .http_status_as_error(false)
            .accept_encoding("identity")
            .user_agent(concat!("viva/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        let model = model.map(str::trim).filter(|m| !m.is_empty()).map(str::to_owned);
        Ok(Self { address, model, limit: LIMIT, agent })
    }

    /// With another time for everything together; at most [`LONGEST_LIMIT`].
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit.min(LONGEST_LIMIT);
        self
    }

    /// Host and port, to show: "127.0.0.1:8080".
    #[must_use]
    pub fn at(&self) -> &str {
        &self.address.at
    }

    /// Whether question, points and transcript leave this machine.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.address.remote
    }

    /// Asks once about all points. `words` are those of the transcript, as written. Blocks, at most for the limit. Without points or words nobody is
    /// asked.
    ///
    /// # Errors
    /// The server cannot be reached, is too slow, refuses, says too much, or answers what cannot be understood.
    pub fn suggest(&self, question: &str, points: &[Missing], words: &[&str]) -> Result<Suggestions, AdvisorError> {
        if points.is_empty() || words.is_empty() {
            return Ok(Suggestions::default());
        }
        let deadline = Instant::now() + self.limit;
        for base in &self.address.bases {
            match self.suggest_at(base, deadline, question, points, words) {
                // "localhost" has two addresses, and a server often listens on only one
                Err(AdvisorError::Unreachable { .. }) => {}
                other => return other,
            }
        }
        Err(AdvisorError::Unreachable { at: self.at().to_owned() })
    }

    fn suggest_at(&self, base: &str, deadline: Instant, question: &str, points: &[Missing], words: &[&str]) -> Result<Suggestions, AdvisorError> {
        let model = match &self.model {
            Some(model) => Some(model.clone()),
            None => self.first_model(base, deadline)?,
        };
        let url = format!("{base}/chat/completions");
        let request = |json_only| ask::request(model.as_deref(), question, points, words, json_only);
        let (mut status, mut body) = self.exchange(&url, Some(&request(true)), deadline)?;
        if matches!(status, 400 | 422 | 501) {
            // some servers know no `response_format`, or another one
            (status, body) = self.exchange(&url, Some(&request(false)), deadline)?;
        }
        if !(200..300).contains(&status) {
            return Err(AdvisorError::Status { at: self.at().to_owned(), status });
        }
        let not_understood = || AdvisorError::NotUnderstood { at: self.at().to_owned() };
        let reply = answer::reply(&body).ok_or_else(not_understood)?;
        let found = answer::suggestions(&reply.text).ok_or_else(not_understood)?;
        let model = answer::shown_model(&model.or(reply.model).unwrap_or_default());
        Ok(check::sift(model, &found, points, words))
    }

    /// A server need not tell its models: without a list the question goes out without a model's name.
    fn first_model(&self, base: &str, deadline: Instant) -> Result<Option<String>, AdvisorError> {
        let (status, body) = self.exchange(&format!("{base}/models"), None, deadline)?;
        match answer::models(&body).filter(|_| status == 200) {
            Some(names) if names.is_empty() => Err(AdvisorError::NoModel { at: self.at().to_owned() }),
            Some(names) => Ok(answer::choose_model(names)),
            None => Ok(None),
        }
    }

    /// GET, or POST with a body of JSON; gives status and content.
    fn exchange(&self, url: &str, body: Option<&str>, deadline: Instant) -> Result<(u16, Vec<u8>), AdvisorError> {
        let at = || self.at().to_owned();
        let failed = |e| error::from_ureq(e, self.at(), self.limit);
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(AdvisorError::TimedOut { at: at(), seconds: self.limit.as_secs() });
        }
        let response = match body {
            None => self.agent.get(url).config().timeout_global(Some(left)).build().call(),
            Some(body) => {
                let request = self.agent.post(url).header("Content-Type", "application/json");
                request.config().timeout_global(Some(left)).build().send(body)
            }
        };
        let mut response = response.map_err(failed)?;
        let status = response.status().as_u16();
        if (300..400).contains(&status) {
            return Err(AdvisorError::Redirected { at: at() });
        }
        let mut content = Vec::new();
        // counted after unpacking: ureq's own limit counts what comes over the wire, and a small packed answer can unpack to gigabytes
        let mut reader = response.body_mut().as_reader().take(MOST_BYTES + 1);
        reader.read_to_end(&mut content).map_err(|e| failed(e.into()))?;
        if content.len() as u64 > MOST_BYTES {
            return Err(AdvisorError::TooLong { at: at() });
        }
        Ok((status, content))
    }
}
