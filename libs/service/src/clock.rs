use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;
use motcua_context::{Clock, SystemClock, Timestamp};

/// The machine's clock, shifted: what `serve --test-clock` runs on, so that a
/// test need not wait for a holiday.
#[derive(Debug, Default)]
pub struct ShiftedClock {
    micros: AtomicI64,
}

impl ShiftedClock {
    /// Makes it now be `at`; time goes on from there.
    pub fn set(&self, at: Timestamp) {
        let shift = (at - SystemClock.now()).num_microseconds().unwrap_or_default();
        self.micros.store(shift, Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + TimeDelta::microseconds(self.micros.load(Ordering::SeqCst))
    }
}
