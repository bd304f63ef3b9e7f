use chrono::{DateTime, TimeDelta, Utc};

use super::Refusal;

/// How many wrong tries are borne, and for how long a login is locked after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TryLimits {
    /// Tries for one login.
    pub tries: u32,
    /// The time over which they are counted.
    pub window: TimeDelta,
    /// How long a lock lasts.
    pub lock: TimeDelta,
}

/// The tries to sign in with one login since the last right one, whether or not an account has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub count: u32,
    /// Since when they are counted.
    pub since: DateTime<Utc>,
    /// Until when even the right password is refused.
    pub locked_until: Option<DateTime<Utc>>,
}

impl Tries {
    /// None so far.
    pub fn none(now: DateTime<Utc>) -> Self {
        Self { count: 0, since: now, locked_until: None }
    }

    /// Refuses while the login is locked.
    pub fn refuse_locked(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.locked_until.map(|until| until - now) {
            Some(left) if left > TimeDelta::zero() => {
                let whole = u64::try_from(left.num_seconds()).unwrap_or_default();
                let begun = u64::from(left.subsec_nanos() > 0);
                Err(Refusal::SignInLocked { retry_after_s: whole + begun })
            }
            _ => Ok(()),
        }
    }

    /// Counts one more, before it is looked at, so that many at once are bounded too. One too many
    /// locks the login.
    pub fn count(&mut self, now: DateTime<Utc>, limits: &TryLimits) {
        if self.locked_until.is_some() || now - self.since >= limits.window {
            *self = Self::none(now);
        }
        if self.count < limits.tries {
            self.count += 1;
        } else {
            self.locked_until = Some(now + limits.lock);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: TryLimits =
        TryLimits { tries: 3, window: TimeDelta::minutes(15), lock: TimeDelta::minutes(20) };

    fn minute(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(n)
    }

    fn tried(times: u32) -> Tries {
        let mut tries = Tries::none(minute(0));
        for _ in 0..times {
            tries.count(minute(0), &LIMITS);
        }
        tries
    }

    #[test]
    fn one_try_too_many_locks_and_a_lock_ends() {
        assert_eq!(tried(3).refuse_locked(minute(0)), Ok(()));
        let mut locked = tried(4);
        let refused = Refusal::SignInLocked { retry_after_s: 1200 };
        assert_eq!(locked.refuse_locked(minute(0)), Err(refused));
        let last = minute(20) - TimeDelta::milliseconds(1);
        let refused = Refusal::SignInLocked { retry_after_s: 1 };
        assert_eq!(locked.refuse_locked(last), Err(refused), "to the end of the last second");
        assert_eq!(locked.refuse_locked(minute(20)), Ok(()));
        locked.count(minute(20), &LIMITS);
        assert_eq!(locked, Tries { count: 1, since: minute(20), locked_until: None });
    }

    #[test]
    fn tries_of_an_earlier_window_do_not_count() {
        let mut tries = tried(3);
        tries.count(minute(15), &LIMITS);
        assert_eq!(tries, Tries { count: 1, since: minute(15), locked_until: None });
        let mut tries = tried(3);
        tries.count(minute(14), &LIMITS);
        assert!(tries.refuse_locked(minute(14)).is_err());
    }
}
