//! stub until merged
use std::path::Path;
use super::wav::{self, WavError};
use super::Millis;
pub struct Source { clip: super::Clip, at: usize, damage: Damage }
#[derive(Clone, Copy, Debug, Default)]
pub struct Damage { pub cut_short: bool, pub damaged: usize }
impl Source {
    pub fn open(path: &Path) -> Result<Self, WavError> { let r = wav::read(path)?; Ok(Self { clip: r.clip, at: 0, damage: Damage { cut_short: r.cut_short, damaged: r.damaged } }) }
    pub fn rate(&self) -> u32 { self.clip.rate }
    pub fn length(&self) -> Option<Millis> { Some(self.clip.duration()) }
    pub fn read(&mut self, mono: &mut Vec<f32>) -> Result<bool, WavError> {
        let end = (self.at + 16_000).min(self.clip.samples.len());
        mono.extend_from_slice(&self.clip.samples[self.at..end]);
        let any = end > self.at; self.at = end; Ok(any)
    }
    pub fn damage(&self) -> Damage { self.damage }
}
