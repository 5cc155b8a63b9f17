//! Whether this machine's processor has what the engine was built for: asked before the engine is started, because afterwards it would end with
//! "illegal instruction" and no other word. Starts nothing.

use super::TranscribeError;

/// What whisper.cpp is compiled for on x86-64 when it is not compiled for the machine that builds it (`GGML_NATIVE=OFF` leaves these options of
/// ggml's CMakeLists.txt on): what every such processor has that was sold since about 2013 (Intel) or 2015 (AMD), the cheapest ones later.
/// Each with whether it is here; empty where the engine was built for this machine, or for another kind of processor.
#[must_use]
pub fn features() -> Vec<(&'static str, bool)> {
    if cfg!(feature = "whisper") && option_env!("GGML_NATIVE") == Some("OFF") { needed() } else { Vec::new() }
}

#[cfg(target_arch = "x86_64")]
fn needed() -> Vec<(&'static str, bool)> {
    use std::arch::is_x86_feature_detected as has;
    vec![
        ("SSE4.2", has!("sse4.2")),
        ("AVX", has!("avx")),
        ("AVX2", has!("avx2")),
        ("BMI2", has!("bmi2")),
        ("FMA", has!("fma")),
        ("F16C", has!("f16c")),
    ]
}

#[cfg(not(target_arch = "x86_64"))]
fn needed() -> Vec<(&'static str, bool)> {
    Vec::new()
}

/// # Errors
/// The processor lacks something; the sentence names it.
pub fn check() -> Result<(), TranscribeError> {
    fits(&features())
}

fn fits(features: &[(&'static str, bool)]) -> Result<(), TranscribeError> {
    let missing: Vec<&str> = features.iter().filter(|(_, here)| !here).map(|(name, _)| *name).collect();
    if missing.is_empty() { Ok(()) } else { Err(TranscribeError::Processor(missing.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_processor_lacks_is_named_and_nothing_else() {
        assert!(fits(&[("AVX", true), ("AVX2", true)]).is_ok());
        let sentence = fits(&[("AVX", true), ("AVX2", false), ("FMA", false)]).unwrap_err().to_string();
        assert!(sentence.contains("lacks AVX2, FMA") && !sentence.contains("AVX,"), "{sentence}");
    }
}
