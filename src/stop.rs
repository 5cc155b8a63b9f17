//! A flag that one thread raises to stop the work of another.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Clones share the flag. Once raised it stays raised.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    flag: Arc<AtomicBool>,
    /// The flag of the work that this is a part of.
    whole: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// For a part of this work: it stops by itself, and with the whole.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { flag: Arc::default(), whole: Some(Arc::clone(&self.flag)) }
    }

    pub fn raise(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_raised(&self) -> bool {
        std::iter::once(&self.flag).chain(&self.whole).any(|flag| flag.load(Ordering::Relaxed))
    }
}
