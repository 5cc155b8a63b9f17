//! Where the sound lies in a WAV file, told by walking its chunks: also where a program that streams, or was killed, has left wrong sizes.

use std::io::{self, Read, Seek, SeekFrom};

/// What a WAV file holds, and where.
#[derive(Debug)]
pub struct Layout {
    pub format: Format,
    /// Bytes from the start of the file to the first sample.
    pub start: u64,
    /// Bytes of sound, whole frames only.
    pub length: u64,
    /// The file ends before its header says it does.
    pub cut_short: bool,
    /// The header says exactly what there is: of the sound, and of the whole file.
    pub is_exact: bool,
    /// The format chunk as it stands in the file, at least 16 bytes.
    chunk: Vec<u8>,
}

/// How samples are written: the fields of the format chunk that every file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The coding, one of [`PCM`], [`FLOAT`] and many others.
    pub tag: u16,
    pub channels: u16,
    /// Frames a second.
    pub rate: u32,
    /// Bytes of one frame: a sample of each channel, or a block of a coding that packs several.
    pub frame: u16,
    pub bits: u16,
}

pub const PCM: u16 = 1;
pub const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
/// Sizes that say "not known": streaming programs write them.
const OPEN_ENDED: std::ops::RangeInclusive<u32> = 0x7fff_0000..=u32::MAX;
/// The one size that sends the reader to the chunk with 64-bit sizes, where there is one.
const SEE_LONG_SIZE: u32 = u32::MAX;
/// More than any coding's description.
const LONGEST_FORMAT: u32 = 4096;

/// Walks the chunks up to the sound. None where this is no WAV file, or one that ends before its sound begins.
///
/// # Errors
/// The file cannot be read or sought in.
pub fn find(file: &mut (impl Read + Seek)) -> io::Result<Option<Layout>> {
    let end = file.seek(SeekFrom::End(0))?;
    let head = bytes_at(file, 0, 12)?;
    let is_riff = [b"RIFF", b"RF64", b"BW64"].iter().any(|name| head.starts_with(*name));
    if !is_riff || head.get(8..) != Some(b"WAVE") {
        return Ok(None);
    }
    let (mut at, mut described, mut long_size) = (12, None, None);
    while at + 8 <= end {
        let head = bytes_at(file, at, 8)?;
        let (Some(size), Some(name)) = (number(&head, 4), head.get(..4)) else { break };
        let (start, there) = (at + 8, end - at - 8);
        match name {
            b"fmt " if size >= 16 && there >= 16 => {
                let bytes = bytes_at(file, start, size.min(LONGEST_FORMAT))?;
                described = Format::parse(&bytes).map(|format| (bytes, format));
            }
            b"ds64" => {
                let sizes = bytes_at(file, start, 16)?;
                long_size = sizes.get(8..16).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
            }
            b"data" => {
                let Some((chunk, format)) = described else { break };
                let long_size = long_size.filter(|_| size == SEE_LONG_SIZE);
                let said = long_size.unwrap_or(u64::from(size));
                let open = OPEN_ENDED.contains(&size) && long_size.is_none();
                // a recording that was killed says less than there is; what follows it would be another chunk
                let behind = said < there && !followed_by_chunk(file, start + said, end)?;
                let length = if open || behind || said > there { there } else { said };
                // whole frames only: a file can be cut anywhere
                let length = length - length % u64::from(format.frame.max(1));
                let whole = number(&bytes_at(file, 4, 4)?, 0).map(|size| u64::from(size) + 8);
                let is_exact = said == length && whole == Some(end);
                return Ok(Some(Layout { format, start, length, cut_short: said > there && !open, is_exact, chunk }));
            }
            _ => {}
        }
        // chunks begin at even places
        at = start + u64::from(size) + u64::from(size % 2);
    }
    Ok(None)
}

impl Layout {
    /// A header for this sound whose sizes are right, its format chunk as in the file.
    #[must_use]
    pub fn header(&self) -> Vec<u8> {
        header(&self.chunk, self.length)
    }
}

impl Format {
    fn parse(chunk: &[u8]) -> Option<Self> {
        let (named, channels, rate) = (short(chunk, 0)?, short(chunk, 2)?, number(chunk, 4)?);
        let (frame, container) = (short(chunk, 12)?, short(chunk, 14)?);
        let extended = named == EXTENSIBLE;
        let tag = short(chunk, 24).filter(|_| extended).unwrap_or(named);
        // of a sample only a part of the bits may count; where they are no whole bytes, the others are zeros and do no harm
        let counting = short(chunk, 18).filter(|bits| extended && *bits < container && [8, 16, 24].contains(bits));
        Some(Self { tag, channels, rate, frame, bits: counting.unwrap_or(container) })
    }

    /// Whether each sample stands for itself, as a whole number or a float.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self.tag == PCM || self.tag == FLOAT
    }

    /// The header of a file with `length` bytes of this sound (4 GiB at most), for codings that [are plain](Self::is_plain).
    #[must_use]
    pub fn header(self, length: u64) -> Vec<u8> {
        let mut chunk = Vec::with_capacity(16);
        chunk.extend(self.tag.to_le_bytes());
        chunk.extend(self.channels.to_le_bytes());
        chunk.extend(self.rate.to_le_bytes());
        chunk.extend(self.rate.wrapping_mul(u32::from(self.frame)).to_le_bytes());
        chunk.extend(self.frame.to_le_bytes());
        chunk.extend(self.bits.to_le_bytes());
        header(&chunk, length)
    }
}

/// The size of the whole and of sound beyond 4 GiB is left open.
fn header(chunk: &[u8], length: u64) -> Vec<u8> {
    let mut chunk = chunk.to_vec();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    let size = |bytes: u64| u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes();
    let mut out = b"RIFF\xff\xff\xff\xffWAVEfmt ".to_vec();
    out.extend(size(chunk.len() as u64));
    out.extend(chunk);
    out.extend(b"data");
    out.extend(size(length));
    out
}

/// The bytes at this place, fewer at the end of the file.
fn bytes_at(file: &mut (impl Read + Seek), at: u64, count: u32) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(u64::from(count)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// Whether a chunk that fits into the file begins here (or one byte later, where the one before has an odd length).
fn followed_by_chunk(file: &mut (impl Read + Seek), place: u64, end: u64) -> io::Result<bool> {
    for at in [place, place + 1] {
        let head = bytes_at(file, at, 8)?;
        let is_name = head.iter().take(4).all(|b| b.is_ascii_alphanumeric() || *b == b' ');
        if is_name && number(&head, 4).is_some_and(|size| at + 8 + u64::from(size) <= end) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

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

    fn length(bytes: Vec<u8>) -> (u64, bool) {
        let layout = find(&mut Cursor::new(bytes)).unwrap().unwrap();
        assert_eq!(layout.start, 44);
        (layout.length, layout.cut_short)
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
    fn a_size_of_64_bits_is_found_in_its_own_chunk() {
        let mut bytes = file(u32::MAX, 100, b"LIST\x04\0\0\0abcd");
        bytes[..4].copy_from_slice(b"RF64");
        let sizes: Vec<u8> = b"ds64\x1c\0\0\0".iter().copied().chain([0u64, 100, 50].iter().flat_map(|n| n.to_le_bytes())).chain([0; 4]).collect();
        bytes.splice(12..12, sizes);
        let layout = find(&mut Cursor::new(bytes)).unwrap().unwrap();
        assert_eq!((layout.start, layout.length, layout.cut_short), (80, 100, false));
    }

    #[test]
    fn a_header_put_right_leads_to_the_same_sound() {
        let layout = find(&mut Cursor::new(file(0, 100, b""))).unwrap().unwrap();
        assert_eq!(layout.format, Format { tag: PCM, channels: 1, rate: 16_000, frame: 2, bits: 16 });
        for mut header in [layout.header(), layout.format.header(layout.length)] {
            header.extend([1; 100]);
            let again = find(&mut Cursor::new(header)).unwrap().unwrap();
            assert_eq!((again.format, again.start, again.length), (layout.format, 44, 100));
        }
    }

    #[test]
    fn what_is_no_wav_is_left_alone() {
        for bytes in [&b""[..], b"RIFF", b"RIFF\0\0\0\0WAVEfmt ", b"RIFF\0\0\0\0WAVEdata\0\0\0\0", b"I am a text file with a wrong name"] {
            assert!(find(&mut Cursor::new(bytes)).unwrap().is_none());
        }
    }
}
