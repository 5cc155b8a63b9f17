//! What can go wrong with the advisor, with the cure, in words for somebody who does not write programs.

use std::io::ErrorKind;
use std::time::Duration;

/// Why there are no suggestions. The first four come before anybody was contacted. None of them touches the report.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdvisorError {
    #[error("the advisor's address cannot be used: {reason}. It should look like http://127.0.0.1:8080")]
    Unclear { reason: &'static str },
    #[error(
        "the advisor at \"{host}\" is not on this machine, so your answer would leave it; nothing was sent. Use an address on this machine, such \
         as http://127.0.0.1:8080. If you do want to send your answers to that machine, add --allow-remote and use https://"
    )]
    Elsewhere { host: String },
    #[error(
        "the advisor at \"{host}\" is another machine, and with http:// anybody on the way could read your answer; nothing was sent. Use https://"
    )]
    Unprotected { host: String },
    #[error("the advisor at \"{host}\" is on this machine; write http:// instead of https://")]
    LocalHttps { host: String },
    #[error(
        "no advisor answers at {at}. Start the language-model server and try again, or compare the address and number after --advisor with what \
         the server shows. Your report is complete without it"
    )]
    Unreachable { at: String },
    #[error(
        "the advisor at {at} did not finish within {seconds} seconds. The first question is often the slowest, so try again; if it stays slow, use \
         a smaller model. Your report is complete without it"
    )]
    TimedOut { at: String, seconds: u64 },
    #[error(
        "the advisor at {at} sends us on to another address, which is not followed, so that your answer stays where you sent it. Give the \
         server's own address after --advisor. Your report is complete without it"
    )]
    Redirected { at: String },
    #[error("the advisor at {at} answered with error {status}: {}. Your report is complete without it", cure(*status))]
    Status { at: String, status: u16 },
    #[error("the advisor at {at} runs, but has no model. Load or download one in that program. Your report is complete without it")]
    NoModel { at: String },
    #[error(
        "the advisor at {at} said far more than was asked for, so nothing of it is used. Try again, or use another model. Your report \
         is complete without it"
    )]
    TooLong { at: String },
    #[error(
        "the answer of the advisor at {at} could not be understood. Try again; if it stays so, use another model, or see that a language-model \
         server listens at this address. Your report is complete without it"
    )]
    NotUnderstood { at: String },
    #[error(
        "the connection to the advisor at {at} failed ({reason}). Restart the language-model server and try again. Your report is complete without it"
    )]
    Broken { at: String, reason: String },
}

fn cure(status: u16) -> &'static str {
    match status {
        401 | 403 => "it asks for a key, which cannot be given here; use a server that needs none",
        404 | 405 => "it does not know this address or this model; compare both with what the server shows",
        400 | 413 | 422 => "it does not accept the question; the answer may be too long for the model, so try one with a larger context",
        429 | 503 => "it is busy, or still loads its model; try again in a minute",
        500.. => "something is wrong inside the server; look at its messages and restart it",
        _ => "see that a language-model server listens at this address",
    }
}

/// What the library reports, as one of ours. `limit` is the time for the whole.
pub(super) fn from_ureq(error: ureq::Error, at: &str, limit: Duration) -> AdvisorError {
    let at = at.to_owned();
    match error {
        ureq::Error::Timeout(_) => AdvisorError::TimedOut { at, seconds: limit.as_secs() },
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => AdvisorError::Unreachable { at },
        ureq::Error::Io(e) => match e.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => AdvisorError::TimedOut { at, seconds: limit.as_secs() },
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown
            | ErrorKind::AddrNotAvailable => AdvisorError::Unreachable { at },
            _ => AdvisorError::Broken { at, reason: e.to_string() },
        },
        // somebody listens there who speaks another language
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) | ureq::Error::Http(_) => AdvisorError::NotUnderstood { at },
        other => AdvisorError::Broken { at, reason: other.to_string() },
    }
}
