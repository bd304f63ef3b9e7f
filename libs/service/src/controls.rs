use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::TimeDelta;
use motcua_bus::Hold;
use motcua_context::{Clock, SystemClock, Timestamp};

/// What a test may do to a process over HTTP; only where `server.mode` is `test`.
#[derive(Debug, Clone, Default)]
pub struct TestControls {
    /// `PUT /test/clock`: the body is the instant that it is to be now, RFC 3339.
    pub clock: Arc<ShiftedClock>,
    /// `PUT /test/hold/relay`, body `true` or `false`: what is said stays in the
    /// outbox, so that a test can kill the process between commit and publish.
    pub relay: Hold,
}

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
