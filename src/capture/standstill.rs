//! Tells sound that nobody could count as lost: where the program stood still, because the machine slept or somebody stopped it. The clock goes on
//! meanwhile, and the frames that came are held against it.

use std::time::Duration;

use super::Loss;
use crate::sound::Millis;

/// The recorder looks a hundred times a second; after so long it did not run at all.
pub(super) const STOOD_STILL: Duration = Duration::from_secs(1);
/// So long the sound system may take to deliver what it had kept.
const SETTLED: Duration = Duration::from_secs(2);
/// Less than this is the jitter of buffers.
const LEAST: Duration = Duration::from_millis(500);

/// Holds the frames of a take against the clock.
pub(super) struct Watch {
    rate: u32,
    begun: Duration,
    looked: Duration,
    /// By how much the frames were behind the clock at the last look; ahead counts as none.
    behind: Duration,
    pending: Option<Pending>,
}

/// A standstill of which it is not known yet what it has cost.
struct Pending {
    at: Millis,
    over: Duration,
    behind_before: Duration,
    /// It was taken for the cause of a failure already.
    blamed: bool,
}

impl Watch {
    /// From the first frames on. Times are those of [`now`].
    pub fn begin(now: Duration, rate: u32) -> Self {
        Self { rate, begun: now, looked: now, behind: Duration::ZERO, pending: None }
    }

    /// To be called each time the recorder has run, with all frames so far, the counted losses among them. Tells a loss once it is known.
    pub fn look(&mut self, now: Duration, frames: u64) -> Option<Loss> {
        let behind = self.behind(now, frames);
        if now.saturating_sub(self.looked) > STOOD_STILL && self.pending.is_none() {
            let at = self.looked.saturating_sub(self.begun).saturating_sub(self.behind);
            self.pending = Some(Pending { at: at.into(), over: now, behind_before: self.behind, blamed: false });
        }
        self.looked = now;
        let settled = self.pending.take_if(|p| now.saturating_sub(p.over) > SETTLED);
        if self.pending.is_none() {
            self.behind = behind;
        }
        settled.and_then(|p| self.cost(&p, behind))
    }

    /// Whether a microphone that failed now may be there all the same, and only its connection was cut off by a standstill: once for each.
    pub fn has_cut_off(&mut self) -> bool {
        self.pending.as_mut().is_some_and(|p| !std::mem::replace(&mut p.blamed, true))
    }

    /// To be called when the microphone is connected again: only from now on it is known what the standstill has cost.
    pub fn connected(&mut self, now: Duration) {
        if let Some(pending) = &mut self.pending {
            pending.over = now;
        }
    }

    /// What a standstill has cost that the take ended too soon after to tell.
    pub fn end(&mut self, now: Duration, frames: u64) -> Option<Loss> {
        let found = self.look(now, frames);
        found.or_else(|| self.pending.take().and_then(|p| self.cost(&p, self.behind(now, frames))))
    }

    /// By how much so many frames are behind the clock.
    fn behind(&self, now: Duration, frames: u64) -> Duration {
        let came = Duration::from_millis(frames.saturating_mul(1_000) / u64::from(self.rate.max(1)));
        now.saturating_sub(self.begun).saturating_sub(came)
    }

    fn cost(&self, pending: &Pending, behind: Duration) -> Option<Loss> {
        let lost = behind.saturating_sub(pending.behind_before);
        let frames = u64::try_from(lost.as_millis()).unwrap_or(u64::MAX).saturating_mul(self.rate.into()) / 1_000;
        (lost > LEAST).then_some(Loss { at: pending.at, frames })
    }
}

/// A clock that goes on while the machine sleeps, and that nobody can set.
#[cfg(target_os = "linux")]
pub(super) fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// A clock that nobody can set; whether it goes on while the machine sleeps depends on the system.
#[cfg(not(target_os = "linux"))]
pub(super) fn now() -> Duration {
    static BEGUN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGUN.get_or_init(std::time::Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks every 10 ms, from and to these milliseconds, with frames of 1 kHz that are so many behind.
    fn run(watch: &mut Watch, from: u64, to: u64, behind: u64) -> Vec<Loss> {
        (from..to).step_by(10).filter_map(|t| watch.look(Duration::from_millis(t), t.saturating_sub(behind))).collect()
    }

    #[test]
    fn what_a_sleep_has_cost_is_told_with_its_place() {
        let mut watch = Watch::begin(Duration::ZERO, 1_000);
        assert_eq!(run(&mut watch, 0, 4_000, 30), []);
        // ten seconds of which nothing came, and then all goes on
        assert_eq!(run(&mut watch, 14_000, 18_000, 10_030), [Loss { at: Millis(3_960), frames: 10_000 }]);
        assert_eq!(run(&mut watch, 18_000, 30_000, 10_030), []);
    }

    #[test]
    fn sound_that_was_only_late_is_not_lost() {
        let mut watch = Watch::begin(Duration::ZERO, 1_000);
        run(&mut watch, 0, 4_000, 0);
        assert_eq!(run(&mut watch, 7_000, 7_500, 3_000), []);
        assert_eq!(run(&mut watch, 7_500, 20_000, 100), []);
    }

    #[test]
    fn a_take_that_ends_soon_after_tells_it_too_and_without_one_nothing_is_told() {
        let mut watch = Watch::begin(Duration::ZERO, 1_000);
        run(&mut watch, 0, 4_000, 0);
        run(&mut watch, 9_000, 9_100, 5_000);
        assert_eq!(watch.end(Duration::from_millis(9_100), 4_100).map(|l| l.frames), Some(5_000));
        // a clock of the device that goes slow is no loss
        let mut watch = Watch::begin(Duration::ZERO, 1_000);
        assert!((0..60_000).step_by(10).all(|t| watch.look(Duration::from_millis(t), t * 9 / 10).is_none()));
        assert_eq!(watch.end(Duration::from_secs(60), 54_000), None);
    }
}
