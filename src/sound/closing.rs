//! Asking something of the sound system, such as closing a stream, without being held up by it.

use std::sync::mpsc;
use std::time::Duration;

/// So long closing may take; it takes milliseconds where the sound system answers.
const PATIENCE: Duration = Duration::from_secs(1);

/// Drops a stream, and leaves it to itself where the sound system hangs.
pub(crate) fn close<T: Send + 'static>(stream: T) {
    let _ = within(PATIENCE, move || drop(stream));
}

/// What is done with the sound system, where it answers in time: cpal waits for it, however long that takes. The work is left to itself otherwise.
pub(crate) fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, answer) = mpsc::channel();
    std::thread::spawn(move || {
        // nobody may be waiting any more
        let _ = done.send(work());
    });
    answer.recv_timeout(limit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    struct Hanging(mpsc::Receiver<()>);

    impl Drop for Hanging {
        fn drop(&mut self) {
            let _ = self.0.recv();
        }
    }

    #[test]
    fn what_hangs_is_left_to_itself_and_nothing_else_is_waited_for() {
        let begun = Instant::now();
        close(vec![0.0_f32]);
        assert!(begun.elapsed() < PATIENCE);
        let (never, hangs) = mpsc::channel();
        close(Hanging(hangs));
        assert!(begun.elapsed() >= PATIENCE);
        drop(never);
    }
}
