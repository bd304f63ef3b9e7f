//! A token bucket kept as one instant (GCRA): when the bucket will be full again.

use std::time::Duration;

use motcua_fault::{Fault, Kind};

/// How many, and in which time, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    /// The time one token takes to come back.
    pub(crate) interval: u64,
    /// The time an empty bucket takes to be full.
    pub(crate) per: u64,
}

impl Bucket {
    pub(crate) fn new(limit: u32, per: Duration) -> Self {
        let per = u64::try_from(per.as_micros()).unwrap_or(u64::MAX).clamp(1, 1 << 50);
        // A limit of none never lets a token out: its interval is longer than the bucket.
        Self { interval: per.checked_div(limit.into()).unwrap_or(per + 1), per }
    }

    /// At `now`, of a bucket full again at `full_at`: when it will be full after
    /// this token, or how long to wait for one.
    pub(crate) fn take(self, now: u64, full_at: u64) -> Result<u64, u64> {
        let next = full_at.clamp(now, now + self.per) + self.interval;
        if next - now > self.per { Err(next - now - self.per) } else { Ok(next) }
    }
}

pub(crate) fn refused(wait_micros: u64) -> Fault {
    let text = "Bạn thao tác quá nhiều lần, vui lòng thử lại sau ít phút.";
    Fault::new(Kind::ResourceExhausted, "RATE_LIMITED", text)
        .with("retry_after_s", wait_micros.div_ceil(1_000_000).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_limit_and_refills_evenly() {
        let bucket = Bucket::new(3, Duration::from_secs(3));
        let mut full_at = 0;
        for _ in 0..3 {
            full_at = bucket.take(100, full_at).unwrap();
        }
        assert_eq!(bucket.take(100, full_at), Err(1_000_000));
        assert_eq!(bucket.take(1_000_099, full_at), Err(1));
        assert!(bucket.take(1_000_100, full_at).is_ok());
    }

    #[test]
    fn no_tokens_and_clocks_set_back_are_survived() {
        assert!(Bucket::new(0, Duration::from_secs(1)).take(5, 0).is_err());
        let bucket = Bucket::new(1, Duration::from_mins(1));
        // Full "in an hour" can only be a clock that was set back: wait one bucket at most.
        assert_eq!(bucket.take(0, 3_600_000_000), Err(60_000_000));
    }
}
