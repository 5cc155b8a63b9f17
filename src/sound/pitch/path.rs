//! The way through the candidates: which of them is the pitch of each frame, and which frames have none (Boersma 1993).

use super::{CEILING, Candidates, FLOOR, FULL, KEPT, OCTAVE_COST, PER_OCTAVE, VOICING_THRESHOLD, height, hertz};

/// What a path costs (Boersma 1993, with the values that are standard in Praat).
const SILENCE_THRESHOLD: f32 = 0.03;
const OCTAVE_JUMP_COST: f32 = 0.35;
const VOICED_UNVOICED_COST: f32 = 0.14;
/// The last place among the candidates, for a frame without pitch.
const UNVOICED: u8 = 7;

/// The speaker's range, from the quartiles of the first path: C. De Looze and D. Hirst, "Detecting changes in key and range for the automatic
/// modelling and coding of intonation", Speech Prosody 2008.
const BELOW_FIRST_QUARTILE: f32 = 0.75;
const ABOVE_THIRD_QUARTILE: f32 = 1.5;

/// Frames that a knock or a cough may fill, and how many times as loud as the speech it may count.
const KNOCK: usize = 38;
const MOST_ABOVE: f32 = 3.0;

/// Neighbours further apart than this belong to different pieces (octaves: eight semitones in 10 ms, which no voice can).
const LEAP: f32 = 8.0 / 12.0;
/// A piece of at most so many frames, all of them further than this (octaves) from the median of so many frames on each side, is an error.
const SHORT_PIECE: usize = 5;
const STRAY: f32 = 10.0 / 12.0;
const AROUND: usize = 30;

/// For the hash of the thresholds.
pub(super) type Costs = ([f32; 8], [usize; 3]);
pub(super) const COSTS: Costs = (
    [SILENCE_THRESHOLD, OCTAVE_JUMP_COST, VOICED_UNVOICED_COST, BELOW_FIRST_QUARTILE, ABOVE_THIRD_QUARTILE, MOST_ABOVE, LEAP, STRAY],
    [KNOCK, SHORT_PIECE, AROUND],
);

impl Candidates {
    /// The pitch of each frame in hertz, None where it is unvoiced; frame k is centred at k times [`STEP`] milliseconds. Within the range of the
    /// speaker, as the quartiles of a first path tell it; what is an octave off then is taken for unvoiced.
    #[must_use]
    pub fn track(&self) -> Vec<Option<f32>> {
        let mut voiced: Vec<f32> = self.track_within(FLOOR, CEILING).into_iter().flatten().collect();
        if voiced.is_empty() {
            return vec![None; self.frames.len()];
        }
        voiced.sort_unstable_by(f32::total_cmp);
        let (low, high) = (voiced[voiced.len() / 4], voiced[voiced.len() * 3 / 4]);
        let mut track = self.track_within(low * BELOW_FIRST_QUARTILE, high * ABOVE_THIRD_QUARTILE);
        drop_leaps(&mut track);
        track
    }

    /// The same between a floor and a ceiling (hertz) that are known, in one path; beyond 60 to 600 Hz nothing is found. With 75 and 600 it is
    /// what Praat does when it is told nothing.
    #[must_use]
    pub fn track_within(&self, floor: f32, ceiling: f32) -> Vec<Option<f32>> {
        self.path(height(floor), height(ceiling)).into_iter().map(|h| h.map(hertz)).collect()
    }

    /// The heights on the path through the candidates, from lowest to highest, that is the strongest less its costs (Boersma 1993).
    fn path(&self, lowest: u16, highest: u16) -> Vec<Option<u16>> {
        let loudest = self.loudest();
        // what the best path to each candidate of the frame is worth; the last place is the frame without pitch
        let (mut worth, mut heights) = ([f32::MIN; KEPT + 1], [0.0; KEPT]);
        worth[KEPT] = 0.0;
        let mut origins: Vec<[u8; KEPT + 1]> = Vec::with_capacity(self.frames.len());
        for frame in &self.frames {
            // each against the best, so that sums over an hour are as fine as those over a second
            let best = worth.iter().copied().fold(f32::MIN, f32::max);
            let (before, heights_before) = (worth.map(|w| w - best), heights);
            let mut origin = [0; KEPT + 1];
            let from_voiced = best_of(before[..KEPT].iter().map(|w| w - VOICED_UNVOICED_COST));
            (worth[KEPT], origin[KEPT]) = better(from_voiced, (before[KEPT], UNVOICED));
            worth[KEPT] += unvoiced_strength(frame.peak, loudest);
            for (i, candidate) in frame.candidates.iter().enumerate() {
                worth[i] = f32::MIN;
                if candidate.strength == 0 || candidate.height < lowest || candidate.height > highest {
                    continue;
                }
                heights[i] = f32::from(candidate.height);
                let leap = |(w, h): (&f32, &f32)| w - (h - heights[i]).abs() * (OCTAVE_JUMP_COST / PER_OCTAVE);
                let from_voiced = best_of(before[..KEPT].iter().zip(&heights_before).map(leap));
                (worth[i], origin[i]) = better(from_voiced, (before[KEPT] - VOICED_UNVOICED_COST, UNVOICED));
                worth[i] += f32::from(candidate.strength) / FULL - (f32::from(highest) - heights[i]) * (OCTAVE_COST / PER_OCTAVE);
            }
            origins.push(origin);
        }
        let mut place = usize::from(best_of(worth.into_iter()).1);
        let mut path = vec![None; self.frames.len()];
        for (k, origin) in origins.iter().enumerate().rev() {
            path[k] = self.frames[k].candidates.get(place).map(|c| c.height);
            place = usize::from(origin[place]);
        }
        path
    }

    /// The largest sample, against which silence is told. A knock on the table does not set the scale: nothing counts for more than so many times
    /// what is reached for the time of a knock, or for a twentieth of a short take.
    fn loudest(&self) -> f32 {
        let mut peaks: Vec<f32> = self.frames.iter().map(|f| f.peak).collect();
        let knock = (peaks.len() / 20).min(KNOCK);
        if peaks.is_empty() {
            return 0.0;
        }
        let (louder, rank, _) = peaks.select_nth_unstable_by(knock, |a, b| b.total_cmp(a));
        let largest = louder.iter().copied().fold(*rank, f32::max);
        // in digital silence with one click, the click is all there is
        if *rank > 0.0 { largest.min(*rank * MOST_ABOVE) } else { largest }
    }
}

/// The greatest of some values, and its place.
fn best_of(values: impl Iterator<Item = f32>) -> (f32, u8) {
    values.zip(0..).fold((f32::MIN, 0), |best, (value, place)| if value > best.0 { (value, place) } else { best })
}

/// The one that is worth more; the second where they are equal.
fn better(one: (f32, u8), other: (f32, u8)) -> (f32, u8) {
    if one.0 > other.0 { one } else { other }
}

/// How strong it is for a frame to have no pitch: above every candidate where it is quiet against the loudest (Boersma 1993).
fn unvoiced_strength(peak: f32, loudest: f32) -> f32 {
    let level = if loudest > 0.0 { peak / loudest } else { 0.0 };
    VOICING_THRESHOLD + (2.0 - level * (1.0 + VOICING_THRESHOLD) / SILENCE_THRESHOLD).max(0.0)
}

/// Unvoices short pieces that stand about an octave away from what is around them.
fn drop_leaps(track: &mut [Option<f32>]) {
    let octaves: Vec<Option<f32>> = track.iter().map(|f| f.map(f32::log2)).collect();
    let joined = |k: usize| octaves[k - 1].zip(octaves[k]).is_some_and(|(a, b)| (a - b).abs() < LEAP);
    let mut start = 0;
    while start < octaves.len() {
        let end = (start + 1..octaves.len()).find(|k| !joined(*k)).unwrap_or(octaves.len());
        if octaves[start].is_some() && end - start <= SHORT_PIECE {
            let near = (start.saturating_sub(AROUND)..start).chain(end..(end + AROUND).min(octaves.len()));
            let mut around: Vec<f32> = near.filter_map(|k| octaves[k]).collect();
            around.sort_unstable_by(f32::total_cmp);
            let middle = around.get(around.len() / 2).filter(|_| around.len() > SHORT_PIECE);
            let stray = |k: usize| middle.zip(octaves[k]).is_some_and(|(m, o)| (m - o).abs() > STRAY);
            if (start..end).all(stray) {
                track[start..end].fill(None);
            }
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_piece_an_octave_away_is_dropped() {
        let mut track: Vec<Option<f32>> = (0..60).map(|k| Some(if (30..33).contains(&k) { 201.0 } else { 100.0 })).collect();
        drop_leaps(&mut track);
        assert_eq!((track[29], track[30], track[32], track[33]), (Some(100.0), None, None, Some(100.0)));
    }
}
