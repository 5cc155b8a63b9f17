//! What is said over the pipes between viva and its engine's process: frames of a length, a JSON head, and the samples of a piece.
//!
//! Both ends are the same binary; still nothing that arrives is trusted: lengths are bounded, and what cannot be read is an error.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Segment;
use crate::sound::{Piece, Span};

/// The largest head, in bytes: many times the words of a piece.
const MOST_HEAD: u32 = 4 << 20;
/// The longest piece, in samples: two minutes.
const MOST_SAMPLES: u32 = 120 * 16_000;

/// To the engine.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Its samples follow the head, as little-endian 32-bit floats.
    Piece { span: Span, samples: u32 },
    /// Stop what is being done.
    Stop,
}

/// From the engine.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The model is loaded and warm. Between two signs of life there may lie so many milliseconds.
    Ready {
        glance: u64,
    },
    /// Still at work.
    Alive,
    /// Of the piece that was sent last; `micros` were spent inside the engine.
    Words {
        segments: Vec<Segment>,
        micros: u64,
    },
    Failed {
        reason: String,
    },
    Stopped,
    /// The model could not be loaded; nothing follows.
    Unusable {
        reason: String,
    },
}

/// Writes a frame without samples.
///
/// # Errors
/// The other side is gone.
pub fn write(to: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let head = serde_json::to_vec(message)?;
    let length = u32::try_from(head.len()).map_err(io::Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(&head)?;
    to.flush()
}

/// Writes a piece.
///
/// # Errors
/// The other side is gone, or the piece is longer than two minutes.
pub fn write_piece(to: &mut impl Write, piece: &Piece) -> io::Result<()> {
    let samples = u32::try_from(piece.samples.len()).ok().filter(|n| *n <= MOST_SAMPLES);
    let samples = samples.ok_or_else(|| io::Error::other("the piece is too long"))?;
    write(to, &Request::Piece { span: piece.span, samples })?;
    let bytes: Vec<u8> = piece.samples.iter().flat_map(|s| s.to_le_bytes()).collect();
    to.write_all(&bytes)?;
    to.flush()
}

/// Reads the next frame; None where the other side has closed.
///
/// # Errors
/// The stream broke inside a frame, or it holds something else.
pub fn read<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read(&mut length[..1])? {
        0 => return Ok(None),
        _ => from.read_exact(&mut length[1..])?,
    }
    let length = u32::from_le_bytes(length);
    if length > MOST_HEAD {
        return Err(io::Error::other(format!("a frame of {length} bytes")));
    }
    let mut head = Vec::new();
    from.take(length.into()).read_to_end(&mut head)?;
    Ok(Some(serde_json::from_slice(&head)?))
}

/// Reads the samples that follow the head of a piece.
///
/// # Errors
/// As [`read`].
pub fn read_samples(from: &mut impl Read, count: u32) -> io::Result<Vec<f32>> {
    if count > MOST_SAMPLES {
        return Err(io::Error::other(format!("a piece of {count} samples")));
    }
    let mut bytes = vec![0; count as usize * 4];
    from.read_exact(&mut bytes)?;
    Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let piece = Piece { span: Span::new(100, 200), samples: vec![0.5, -1.0, 0.25] };
        let mut pipe = Vec::new();
        write_piece(&mut pipe, &piece).unwrap();
        write(&mut pipe, &Request::Stop).unwrap();
        let mut from = &pipe[..];
        let Some(Request::Piece { span, samples }) = read(&mut from).unwrap() else { panic!() };
        assert_eq!(Piece { span, samples: read_samples(&mut from, samples).unwrap() }, piece);
        assert!(matches!(read(&mut from).unwrap(), Some(Request::Stop)));
        assert!(read::<Request>(&mut from).unwrap().is_none());
    }

    #[test]
    fn what_is_something_else_is_an_error_and_takes_no_memory() {
        for bytes in [&b"\x05\0\0\0hello"[..], b"\x05\0\0", b"\xff\xff\xff\xffx", b"\x00\0\0\0", b"\x09\0\0\0{}"] {
            assert!(read::<Reply>(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
        assert!(read_samples(&mut &b""[..], u32::MAX).is_err());
        assert!(read_samples(&mut &b"abc"[..], 1).is_err());
    }
}
