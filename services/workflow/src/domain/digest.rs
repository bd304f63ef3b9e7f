//! What awaits an officer in the morning, and when it is a morning.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use motcua_ids::{AccountId, AgencyPath, ProcessId};
use motcua_vn::local;

use super::{KnownOfficer, Role};

/// So many of the tasks that press are named.
const NAMED: usize = 5;

/// The hours in which officers are told; a process that was down at the first tells later, while
/// it is still a morning's news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestHours {
    /// From this local time on.
    pub from: NaiveTime,
    /// Until before this one.
    pub until: NaiveTime,
}

/// A moment of a morning, against which is told what is due today and what is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Morning {
    now: DateTime<Utc>,
    ends: DateTime<Utc>,
    until: DateTime<Utc>,
}

/// How many tasks there are, and how many of them press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// All.
    pub tasks: u32,
    /// Of them, those due later on this local day.
    pub due_today: u32,
    /// Of them, those past due.
    pub overdue: u32,
}

/// A task that presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressing {
    /// When it is due.
    pub due: DateTime<Utc>,
    /// Of which process.
    pub process: ProcessId,
    /// Its dossier's code.
    pub code: String,
}

/// What awaits one officer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Digest {
    /// In the officer's hands.
    pub held: Load,
    /// In the queues they work from, taken by nobody.
    pub waiting: Load,
    /// Of both, those of a leader's step.
    pub to_approve: u32,
    /// Results at the officer's desk.
    pub to_return: u32,
    /// Dossiers past their promised time, where the officer leads.
    pub late: u32,
    /// The tasks that press most, the longest due first.
    pub urgent: Vec<Pressing>,
}

/// A digest with whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerDigest {
    /// The officer.
    pub account: AccountId,
    /// Where they work.
    pub post: AgencyPath,
    /// What awaits them.
    pub digest: Digest,
}

impl DigestHours {
    /// The morning it is, if it is one.
    pub fn morning(self, now: DateTime<Utc>) -> Option<Morning> {
        let time = local::local(now).time();
        (self.from <= time && time < self.until).then(|| {
            let until = local::instant(local::day(now).and_time(self.until));
            Morning { until, ..Morning::at(now) }
        })
    }
}

impl Morning {
    /// The moment, whatever the hour: news for the rest of the day.
    pub fn at(now: DateTime<Utc>) -> Self {
        let ends = local::bounds(local::day(now)).1;
        Self { now, ends, until: ends }
    }

    /// The moment itself: what was due before it is late, as [`super::TaskDue`] has it.
    pub const fn now(self) -> DateTime<Utc> {
        self.now
    }

    /// The first moment that is no longer today.
    pub const fn ends(self) -> DateTime<Utc> {
        self.ends
    }

    /// Until when what is counted is worth telling.
    pub const fn until(self) -> DateTime<Utc> {
        self.until
    }

    /// The local day.
    pub fn day(self) -> NaiveDate {
        local::day(self.now)
    }
}

impl Load {
    /// Of so many tasks, of which so many are due before now, and so many before the day ends.
    pub const fn of(tasks: u32, before_now: u32, before_the_end: u32) -> Self {
        Self { tasks, due_today: before_the_end.saturating_sub(before_now), overdue: before_now }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            tasks: self.tasks + other.tasks,
            due_today: self.due_today + other.due_today,
            overdue: self.overdue + other.overdue,
        }
    }
}

impl Digest {
    /// Takes in tasks of one role: those the officer holds, or those of a queue they work from.
    pub fn add(&mut self, role: Role, held: Load, waiting: Load) {
        self.held = self.held.and(held);
        self.waiting = self.waiting.and(waiting);
        if role == Role::Leader {
            self.to_approve += held.tasks + waiting.tasks;
        }
    }

    /// Takes in tasks that press. Of one dossier the longest due counts.
    pub fn press(&mut self, tasks: impl IntoIterator<Item = Pressing>) {
        self.urgent.extend(tasks);
        self.urgent.sort_by_key(|task| (task.due, task.process));
        let mut named = Vec::new();
        self.urgent.retain(|task| {
            let fresh = !named.contains(&task.process);
            named.push(task.process);
            fresh
        });
        self.urgent.truncate(NAMED);
    }

    /// Whether nothing awaits the officer.
    pub const fn is_empty(&self) -> bool {
        self.held.tasks == 0 && self.waiting.tasks == 0 && self.to_return == 0 && self.late == 0
    }
}

impl KnownOfficer {
    /// Whether they are told of a morning at all: they may sign in, and do steps.
    pub fn works(&self) -> bool {
        !self.disabled && !self.grants.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use motcua_ids::Uuid;

    use super::*;

    const HOURS: DigestHours = DigestHours { from: time(7, 15), until: time(11, 0) };

    const fn time(hour: u32, minute: u32) -> NaiveTime {
        match NaiveTime::from_hms_opt(hour, minute, 0) {
            Some(time) => time,
            None => NaiveTime::MIN,
        }
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn pressing(n: u128, hour: u32) -> Pressing {
        let due = utc(&format!("2026-03-02T{hour:02}:00:00Z"));
        Pressing { due, process: ProcessId::new(Uuid::from_u128(n)), code: format!("H53-{n}") }
    }

    #[test]
    fn a_morning_begins_at_its_hour_and_is_over_by_noon() {
        // Seven hours behind Viet Nam.
        for (at, is_one) in [
            ("2026-03-02T00:14:59Z", false),
            ("2026-03-02T00:15:00Z", true),
            ("2026-03-02T02:00:00Z", true),
            ("2026-03-02T03:59:59Z", true),
            ("2026-03-02T04:00:00Z", false),
            ("2026-03-02T09:00:00Z", false),
            ("2026-03-02T17:30:00Z", false),
        ] {
            let until = HOURS.morning(utc(at)).map(Morning::until);
            assert_eq!(until, is_one.then(|| utc("2026-03-02T04:00:00Z")), "{at}");
        }
    }

    #[test]
    fn today_ends_at_the_local_midnight() {
        let morning = Morning::at(utc("2026-03-02T00:15:00Z"));
        assert_eq!(morning.day().to_string(), "2026-03-02");
        assert_eq!(morning.ends(), utc("2026-03-02T17:00:00Z"));
        // Before seven in the morning it is still yesterday in Greenwich.
        let early = Morning::at(utc("2026-03-01T23:30:00Z"));
        assert_eq!(
            (early.day().to_string().as_str(), early.ends()),
            ("2026-03-02", morning.ends())
        );
    }

    #[test]
    fn what_is_late_is_not_also_due_today() {
        assert_eq!(Load::of(9, 2, 5), Load { tasks: 9, due_today: 3, overdue: 2 });
        assert_eq!(Load::of(9, 0, 0), Load { tasks: 9, ..Load::default() });
        let both = Load::of(1, 1, 1).and(Load::of(2, 0, 1));
        assert_eq!(both, Load { tasks: 3, due_today: 1, overdue: 1 });
    }

    #[test]
    fn only_a_leaders_steps_are_to_be_approved() {
        let mut digest = Digest::default();
        digest.add(Role::Specialist, Load::of(3, 0, 0), Load::of(4, 0, 0));
        assert_eq!((digest.held.tasks, digest.waiting.tasks, digest.to_approve), (3, 4, 0));
        digest.add(Role::Leader, Load::of(1, 0, 0), Load::of(2, 1, 1));
        assert_eq!((digest.held.tasks, digest.waiting.tasks, digest.to_approve), (4, 6, 3));
        assert_eq!(digest.waiting.overdue, 1);
    }

    #[test]
    fn five_dossiers_are_named_the_longest_due_first_and_each_once() {
        let mut digest = Digest::default();
        digest.press([pressing(1, 9), pressing(2, 3), pressing(3, 8)]);
        digest.press([pressing(1, 2), pressing(4, 7), pressing(5, 6), pressing(6, 5)]);
        let named: Vec<_> = digest.urgent.iter().map(|task| task.code.as_str()).collect();
        assert_eq!(named, ["H53-1", "H53-2", "H53-6", "H53-5", "H53-4"]);
        assert_eq!(digest.urgent[0].due, pressing(1, 2).due);
    }

    #[test]
    fn only_those_hear_who_may_sign_in_and_do_steps() {
        let agency = motcua_ids::AgencyId::new(Uuid::from_u128(1));
        let grants = vec![crate::domain::KnownGrant { role: Role::Specialist, agency }];
        for (disabled, grants, works) in
            [(false, grants.clone(), true), (true, grants, false), (false, Vec::new(), false)]
        {
            assert_eq!(KnownOfficer { disabled, grants }.works(), works);
        }
    }

    #[test]
    fn nothing_awaits_only_whom_nothing_of_it_awaits() {
        assert!(Digest::default().is_empty());
        let one = Load::of(1, 0, 0);
        for digest in [
            Digest { held: one, ..Digest::default() },
            Digest { waiting: one, ..Digest::default() },
            Digest { to_return: 1, ..Digest::default() },
            Digest { late: 1, ..Digest::default() },
        ] {
            assert!(!digest.is_empty(), "{digest:?}");
        }
    }
}
