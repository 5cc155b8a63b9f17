//! A flag that one thread raises to stop the work of another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Clones share the flag. Once raised it stays raised.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
