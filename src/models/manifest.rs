//! The list of models that comes with the program (`models/manifest.toml`).

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// The model for people, where nothing else is asked for.
pub const DEFAULT: &str = "base.en";
/// The model of meanings.
pub const MEANING: &str = "minilm";
/// The model that understands synthetic voices only.
pub const DEMO: &str = "demo";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "model")]
    pub models: Vec<Entry>,
}

/// One model.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    /// File name in the models folder.
    pub file: String,
    /// None for a model that comes with the program.
    pub url: Option<String>,
    pub bytes: u64,
    /// In small hexadecimal letters.
    pub sha256: String,
    pub licence: String,
    pub good_for: String,
    /// Understands synthetic voices only.
    #[serde(default)]
    pub demo: bool,
    /// Tells what words mean; hears nothing.
    #[serde(default)]
    pub meaning: bool,
    /// The model that this file belongs to and comes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
}

impl Entry {
    /// Whether it writes speech down.
    #[must_use]
    pub fn hears(&self) -> bool {
        !self.meaning && self.part_of.is_none()
    }

    /// Its size as a person reads it.
    #[must_use]
    pub fn size(&self) -> String {
        size(self.bytes)
    }
}

impl Manifest {
    /// # Panics
    /// Never in a released program: a test reads the manifest.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static MANIFEST: OnceLock<Manifest> = OnceLock::new();
        #[allow(clippy::expect_used)] // part of the binary, and read by a test
        MANIFEST.get_or_init(|| toml::from_str(include_str!("../../models/manifest.toml")).expect("models/manifest.toml is sound"))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.models.iter().find(|m| m.name == name)
    }

    #[must_use]
    pub fn by_sha256(&self, sha256: &str) -> Option<&Entry> {
        self.models.iter().find(|m| m.sha256 == sha256)
    }

    /// The models that can be asked for, without the files that come with others.
    pub fn whole(&self) -> impl Iterator<Item = &Entry> {
        self.models.iter().filter(|m| m.part_of.is_none())
    }

    /// The files of a model: its own and those that come with it.
    pub fn files<'a>(&'a self, model: &'a Entry) -> impl Iterator<Item = &'a Entry> {
        std::iter::once(model).chain(self.models.iter().filter(|m| m.part_of.as_ref() == Some(&model.name)))
    }

    /// The names of the speech models.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.models.iter().filter(|m| m.hears()).map(|m| m.name.clone()).collect()
    }
}

/// Bytes as a person reads them: `142 MB`, a megabyte being 1,000,000 bytes.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..10_000_000 => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
        _ => format!("{} MB", (bytes + 500_000) / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_sound() {
        let manifest = Manifest::built_in();
        assert!(manifest.get(DEFAULT).is_some_and(|m| !m.demo));
        assert!(manifest.get(DEMO).is_some_and(|m| m.demo && m.url.is_none()));
        for base in ["tiny.en", "base.en", "small.en"] {
            for name in [base.to_owned(), format!("{base}-q5_1"), format!("{base}-q8_0")] {
                assert!(manifest.get(&name).is_some(), "{name}");
            }
        }
        for name in ["large-v3-turbo", "large-v3-turbo-q5_0", "large-v3-turbo-q8_0"] {
            assert!(manifest.get(name).is_some(), "{name}");
        }
        for model in &manifest.models {
            assert_eq!(model.sha256.len(), 64, "{}", model.name);
            assert!(model.sha256.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()), "{}", model.name);
            // a folder at the most, and never one above
            let parts: Vec<&str> = model.file.split('/').collect();
            assert!(parts.len() <= 2 && parts.iter().all(|p| !p.contains(['\\', ':']) && !p.starts_with('.') && !p.is_empty()), "{}", model.name);
            assert!(model.url.as_ref().is_none_or(|u| u.starts_with("https://") && u.ends_with(parts[parts.len() - 1])), "{}", model.name);
            assert!(model.part_of.as_ref().is_none_or(|owner| manifest.get(owner).is_some()), "{}", model.name);
        }
    }

    #[test]
    fn sizes_read_well() {
        assert_eq!(size(147_964_211), "148 MB");
        assert_eq!(size(5_250_000), "5.2 MB");
        assert_eq!(size(885_098), "886 kB");
    }
}
