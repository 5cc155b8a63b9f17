//! A look into a model file without loading it: is it one, is it whole, and what is its SHA-256.
//!
//! whisper.cpp takes a file whose last matrix is cut for a whole one, and then writes nonsense; so the file's own table of matrices is
//! walked and its end compared with the end of the file.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};

/// `ggml` as the first four bytes of the file, read as a little-endian number.
const MAGIC: u32 = 0x6767_6d6c;
/// Width of the audio encoder of whisper's smallest published model.
pub const NARROWEST_PUBLISHED: u32 = 384;
/// Longest name of a matrix and most dimensions that can be meant.
const MOST_NAME: u32 = 256;
const MOST_DIMENSIONS: u32 = 4;

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub audio_width: u32,
}

/// Checks that the file is a whisper model and ends where its last matrix ends.
///
/// # Errors
/// One half-sentence that says what is wrong with it.
pub fn check(path: &Path) -> Result<Header, String> {
    // looked at first: opening a pipe would wait for ever
    if !std::fs::metadata(path).map_err(|e| e.to_string())?.is_file() {
        return Err("it is no file".to_owned());
    }
    let file = File::open(path).map_err(|e| e.to_string())?;
    let length = file.metadata().map_err(|e| e.to_string())?.len();
    let mut reader = Walker { reader: BufReader::new(file), length };
    reader.walk().map_err(|e| match e {
        Wrong::NotAModel => "it is not a whisper model in ggml form".to_owned(),
        Wrong::Cut => "it is cut off: a part of the model is missing".to_owned(),
        Wrong::Io(e) => e.to_string(),
    })
}

enum Wrong {
    NotAModel,
    Cut,
    Io(std::io::Error),
}

struct Walker {
    reader: BufReader<File>,
    length: u64,
}

impl Walker {
    fn number(&mut self) -> Result<u32, Wrong> {
        let mut bytes = [0; 4];
        self.reader.read_exact(&mut bytes).map_err(|e| if e.kind() == std::io::ErrorKind::UnexpectedEof { Wrong::Cut } else { Wrong::Io(e) })?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Wrong> {
        let at = self.reader.stream_position().map_err(Wrong::Io)?;
        if at.checked_add(bytes).is_none_or(|end| end > self.length) {
            return Err(Wrong::Cut);
        }
        self.reader.seek_relative(i64::try_from(bytes).map_err(|_| Wrong::Cut)?).map_err(Wrong::Io)
    }

    /// The layout of a ggml whisper file: eleven parameters, the mel filters, the vocabulary, the matrices
    /// (whisper.cpp, `models/convert-pt-to-ggml.py`).
    fn walk(&mut self) -> Result<Header, Wrong> {
        if self.length < 4 || self.number()? != MAGIC {
            return Err(Wrong::NotAModel);
        }
        let mut parameters = [0; 11];
        for parameter in &mut parameters {
            *parameter = self.number()?;
        }
        let [_, _, audio_width, ..] = parameters;
        let (filters, bins) = (self.number()?, self.number()?);
        self.skip((u64::from(filters) * u64::from(bins)).checked_mul(4).ok_or(Wrong::NotAModel)?)?;
        for _ in 0..self.number()? {
            let length = self.number()?;
            self.skip(length.into())?;
        }
        let mut matrices = 0;
        while self.reader.stream_position().map_err(Wrong::Io)? < self.length {
            self.matrix()?;
            matrices += 1;
        }
        if matrices == 0 { Err(Wrong::Cut) } else { Ok(Header { audio_width }) }
    }

    fn matrix(&mut self) -> Result<(), Wrong> {
        let (dimensions, name, kind) = (self.number()?, self.number()?, self.number()?);
        if dimensions > MOST_DIMENSIONS || name > MOST_NAME {
            return Err(Wrong::NotAModel);
        }
        let mut elements = 1u64;
        for _ in 0..dimensions {
            elements = elements.checked_mul(self.number()?.into()).ok_or(Wrong::NotAModel)?;
        }
        self.skip(name.into())?;
        // ggml's numbers for its forms: elements a block and bytes a block (ggml.h, ggml-common.h)
        let (block, bytes) = match kind {
            0 => (1, 4),
            1 | 30 => (1, 2),
            2 => (32, 18),
            3 => (32, 20),
            6 => (32, 22),
            7 => (32, 24),
            8 => (32, 34),
            9 => (32, 36),
            10 => (256, 84),
            11 => (256, 110),
            12 => (256, 144),
            13 => (256, 176),
            14 => (256, 210),
            _ => return Err(Wrong::NotAModel),
        };
        self.skip((elements / block).checked_mul(bytes).ok_or(Wrong::NotAModel)?)
    }
}

/// SHA-256 of a file in small hexadecimal letters.
///
/// # Errors
/// The file cannot be read.
pub fn sha256(path: &Path) -> std::io::Result<String> {
    sha256_of(&mut File::open(path)?)
}

/// The same of what is left of a file that is open.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_of(file: &mut File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            return Ok(crate::hash::hex(&hasher.finalize()));
        }
        hasher.update(&block[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::manifest::{DEMO, Manifest};

    fn demo_model() -> Vec<u8> {
        let file = &Manifest::built_in().get(DEMO).unwrap().file;
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(file)).unwrap()
    }

    fn checked(bytes: &[u8]) -> Result<Header, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        check(file.path())
    }

    #[test]
    fn the_demo_model_is_whole_and_narrow() {
        assert!(checked(&demo_model()).unwrap().audio_width < NARROWEST_PUBLISHED);
    }

    #[test]
    fn a_model_cut_anywhere_is_told_from_a_whole_one() {
        let whole = demo_model();
        for keep in [8, 1_000, 500_000, whole.len() / 2, whole.len() - 1] {
            let reason = checked(&whole[..keep]).unwrap_err();
            assert!(reason.contains("cut off"), "{keep}: {reason}");
        }
        assert!(checked(b"not a model at all").unwrap_err().contains("not a whisper model"));
        assert!(checked(b"").unwrap_err().contains("not a whisper model"));
    }
}
