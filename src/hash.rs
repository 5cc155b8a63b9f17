//! Fingerprints: what something was made from, and whether two things are the same.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Bytes in small hexadecimal letters.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, b| {
        // writing to a string does not fail
        let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{b:02x}"));
        text
    })
}

/// SHA-256 of a value as JSON, in small hexadecimal letters.
#[must_use]
pub fn sha256_of(value: &impl Serialize) -> String {
    // plain data with text keys always becomes JSON
    let json = serde_json::to_vec(value).unwrap_or_default();
    hex(&Sha256::digest(json))
}
