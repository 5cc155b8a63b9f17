//! A clip as FLAC: lossless, about half the size, and known to every browser. With a table of places each second: without one a browser looks for a
//! place in the whole file.

use std::io::Cursor;

use flac_codec::encode::{FlacSampleWriter, Options};

use super::Clip;

/// The whole file: 16 bits, mono, at the clip's rate.
///
/// # Errors
/// A rate that FLAC cannot hold.
pub fn encode(clip: &Clip) -> Result<Vec<u8>, FlacError> {
    let refused = |e: flac_codec::Error| FlacError { rate: clip.rate, reason: e.to_string() };
    #[allow(clippy::cast_possible_truncation)] // within 16 bits
    let samples: Vec<i32> = clip.samples.iter().map(|s| (s.clamp(-1.0, 1.0) * 32_768.0).round().min(32_767.0) as i32).collect();
    // the format knows no file without sound
    let samples = if samples.is_empty() { vec![0] } else { samples };
    let mut file = Cursor::new(Vec::new());
    let length = Some(samples.len() as u64);
    // a fiftieth larger than with all care, in little more than half the time
    let mut writer = FlacSampleWriter::new(&mut file, Options::fast().seektable_seconds(1), clip.rate, 16, 1, length).map_err(refused)?;
    writer.write(&samples).map_err(refused)?;
    writer.finalize().map_err(refused)?;
    Ok(file.into_inner())
}

#[derive(Debug, thiserror::Error)]
#[error("sound at {rate} Hz could not be packed ({reason}); `--no-audio` leaves it out")]
pub struct FlacError {
    rate: u32,
    reason: String,
}

#[cfg(all(test, feature = "import"))]
mod tests {
    use super::*;
    use crate::sound::source;

    #[test]
    #[allow(clippy::cast_precision_loss)]
    fn what_is_packed_comes_out_again_sample_for_sample() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.flac");
        let clip = Clip::new((0..40_000_i32).map(|i| ((i * 37 % 1_000 - 500) as f32) / 1_024.0).collect(), 16_000);
        std::fs::write(&path, encode(&clip).unwrap()).unwrap();
        assert_eq!(source::read(&path).unwrap().clip, clip);
        // the loudest, and no sound at all
        std::fs::write(&path, encode(&Clip::new(vec![1.0, -1.0, 3.0], 16_000)).unwrap()).unwrap();
        assert_eq!(source::read(&path).unwrap().clip.samples, [32_767.0 / 32_768.0, -1.0, 32_767.0 / 32_768.0]);
        assert!(encode(&Clip::new(Vec::new(), 16_000)).is_ok());
    }
}
