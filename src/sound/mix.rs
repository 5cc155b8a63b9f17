//! Many channels become one.

/// Mixes interleaved frames to mono: the mean of the channels that have ever carried anything but zeros, so that a
/// headset's dead second channel does not halve the level. Realtime-safe but for the growth of `mono`.
#[derive(Debug)]
pub struct LiveChannels {
    live: Vec<bool>,
}

impl LiveChannels {
    #[must_use]
    pub fn new(channels: u16) -> Self {
        Self { live: vec![false; usize::from(channels.max(1))] }
    }

    /// Appends one sample a frame to `mono`; an incomplete last frame is left out.
    #[allow(clippy::cast_precision_loss)]
    pub fn to_mono(&mut self, interleaved: &[f32], mono: &mut Vec<f32>) {
        for frame in interleaved.chunks_exact(self.live.len()) {
            for (live, sample) in self.live.iter_mut().zip(frame) {
                *live |= *sample != 0.0;
            }
            let count = self.live.iter().filter(|l| **l).count();
            mono.push(if count == 0 { 0.0 } else { frame.iter().sum::<f32>() / count as f32 });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_channel_does_not_halve_the_level() {
        let (mut mix, mut mono) = (LiveChannels::new(2), Vec::new());
        mix.to_mono(&[0.5, 0.0, -0.5, 0.0], &mut mono);
        assert_eq!(mono, [0.5, -0.5]);
        let (mut both, mut mean) = (LiveChannels::new(2), Vec::new());
        both.to_mono(&[0.5, 0.1], &mut mean);
        assert_eq!(mean, [0.3]);
    }

    #[test]
    fn blocks_mix_as_the_whole_does() {
        let frames: Vec<f32> = (0..300u16).map(|i| if i % 3 == 2 && i < 150 { 0.0 } else { f32::from(i) / 300.0 }).collect();
        let (mut whole, mut blocks) = (Vec::new(), Vec::new());
        LiveChannels::new(3).to_mono(&frames, &mut whole);
        let mut mix = LiveChannels::new(3);
        frames.chunks(21).for_each(|block| mix.to_mono(block, &mut blocks));
        assert_eq!(whole, blocks);
    }
}
