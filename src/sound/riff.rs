//! The bytes of a WAV file put right before they are read: sizes that a program which streams, or was killed, has left wrong, and 64-bit samples.

/// What was found.
pub struct PutRight {
    pub bytes: Vec<u8>,
    /// The file ends before its header says it does.
    pub cut_short: bool,
}

/// Sizes that say "not known": streaming programs write them.
const OPEN_ENDED: std::ops::RangeInclusive<u32> = 0x7fff_0000..=u32::MAX;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;

/// Corrects the size of the sound and narrows 64-bit floats to 32. What is no WAV file comes back as it is, for the reader to refuse.
#[must_use]
pub fn put_right(mut bytes: Vec<u8>) -> PutRight {
    let unchanged = |bytes| PutRight { bytes, cut_short: false };
    if bytes.len() < 12 || &bytes[..4] != b"RIFF" || &bytes[8..12] != b"WAVE" {
        return unchanged(bytes);
    }
    let (mut at, mut format) = (12, None);
    while at + 8 <= bytes.len() {
        let (id, size) = (&bytes[at..at + 4], number(&bytes, at + 4));
        let (start, there) = (at + 8, bytes.len() - at - 8);
        match id {
            b"fmt " if size >= 16 && there >= 16 => format = Some(start),
            b"data" => {
                let said = size as usize;
                let open = OPEN_ENDED.contains(&size);
                // a recording that was killed says less than there is; what follows it would be another chunk
                let behind = said < there && !followed_by_chunk(&bytes, start + said);
                // whole frames only: a file can be cut anywhere, and the reader refuses half a frame
                let frame = format.map_or(1, |f| usize::from(short(&bytes, f + 12)).max(1));
                let length = if open || behind || said > there { there - there % frame } else { said };
                if length != said {
                    write_number(&mut bytes, at + 4, length);
                }
                let cut_short = said > there && !open;
                if let Some(format) = format
                    && is_double(&bytes, format)
                {
                    bytes = narrowed(&bytes, format, start, length);
                }
                return PutRight { bytes, cut_short };
            }
            _ => {}
        }
        // chunks begin at even places
        at = start.saturating_add(size as usize).saturating_add(size as usize % 2);
    }
    unchanged(bytes)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn write_number(bytes: &mut [u8], at: usize, value: usize) {
    bytes[at..at + 4].copy_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
}

/// Whether a chunk that fits into the file begins here (or one byte later, where the one before has an odd length).
fn followed_by_chunk(bytes: &[u8], end: usize) -> bool {
    [end, end + 1].iter().any(|at| {
        let name = bytes.get(*at..at + 4);
        name.is_some_and(|n| n.iter().all(|b| b.is_ascii_alphanumeric() || *b == b' '))
            && at + 8 <= bytes.len()
            && number(bytes, at + 4) as usize <= bytes.len() - at - 8
    })
}

fn is_double(bytes: &[u8], format: usize) -> bool {
    let tag = short(bytes, format);
    let is_float = tag == FLOAT || (tag == EXTENSIBLE && bytes.get(format + 24..format + 26) == Some(&FLOAT.to_le_bytes()));
    is_float && short(bytes, format + 14) == 64
}

/// The same file with 32-bit floats.
fn narrowed(bytes: &[u8], format: usize, start: usize, length: usize) -> Vec<u8> {
    let (channels, rate) = (short(bytes, format + 2), number(bytes, format + 4));
    let samples = bytes[start..start + length].chunks_exact(8);
    let mut out = Vec::with_capacity(44 + length / 2);
    let data = samples.len() * 4;
    out.extend(b"RIFF\0\0\0\0WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend(FLOAT.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate.wrapping_mul(u32::from(channels) * 4)).to_le_bytes());
    out.extend((channels.wrapping_mul(4)).to_le_bytes());
    out.extend(32u16.to_le_bytes());
    out.extend(b"data\0\0\0\0");
    for sample in samples {
        let mut eight = [0; 8];
        eight.copy_from_slice(sample);
        #[allow(clippy::cast_possible_truncation)] // that is the purpose
        out.extend((f64::from_le_bytes(eight) as f32).to_le_bytes());
    }
    let whole = out.len() - 8;
    write_number(&mut out, 4, whole);
    write_number(&mut out, 40, data);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 16-bit mono file whose header claims `said` bytes of sound, with `there` bytes and a tail.
    fn file(said: u32, there: usize, tail: &[u8]) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        bytes.extend(16_000u32.to_le_bytes());
        bytes.extend(32_000u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"data");
        bytes.extend(said.to_le_bytes());
        bytes.extend(vec![1; there]);
        bytes.extend(tail);
        bytes
    }

    fn length(bytes: Vec<u8>) -> (u32, bool) {
        let right = put_right(bytes);
        (number(&right.bytes, 40), right.cut_short)
    }

    #[test]
    fn the_sound_is_as_long_as_it_is() {
        assert_eq!(length(file(100, 100, b"")), (100, false));
        assert_eq!(length(file(u32::MAX, 100, b"")), (100, false), "a stream");
        assert_eq!(length(file(0, 100, b"")), (100, false), "killed before the first header");
        assert_eq!(length(file(60, 100, b"")), (100, false), "killed after a header");
        assert_eq!(length(file(400, 100, b"")), (100, true), "cut off");
        assert_eq!(length(file(400, 101, b"")), (100, true), "cut off inside a sample");
        assert_eq!(length(file(100, 100, b"LIST\x04\0\0\0abcd")), (100, false), "another chunk follows");
    }

    #[test]
    fn what_is_no_wav_is_left_alone() {
        for bytes in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"I am a text file with a wrong name"] {
            assert_eq!(put_right(bytes.to_vec()).bytes, bytes);
        }
    }
}
