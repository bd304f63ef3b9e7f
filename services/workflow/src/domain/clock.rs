use chrono::{DateTime, Utc};
use motcua_vn::clock::{ClockError, ClockState, Explanation};
use motcua_vn::{
    Act, Clock, ClockPolicy, DueTimes, Pause, SupplementRegime, Terms, WorkingCalendar,
};

/// The record of a dossier's working time, with the calendar and the policy it
/// is counted by: all that a recount needs, for ever.
#[derive(Debug, Clone)]
pub struct DossierClock {
    calendar: WorkingCalendar,
    policy: ClockPolicy,
    /// Absent: the procedure has no due date.
    terms: Option<Terms>,
    acts: Vec<Act>,
    due: Option<Due>,
}

/// The due times of a dossier.
pub type Due = DueTimes;

impl DossierClock {
    /// A clock that starts with the acceptance.
    pub fn start(
        calendar: WorkingCalendar,
        policy: ClockPolicy,
        terms: Option<Terms>,
        at: DateTime<Utc>,
    ) -> Result<Self, ClockError> {
        Self::from_record(calendar, policy, terms, vec![Act::Started { at }])
    }

    /// A clock as it was kept.
    pub fn from_record(
        calendar: WorkingCalendar,
        policy: ClockPolicy,
        terms: Option<Terms>,
        acts: Vec<Act>,
    ) -> Result<Self, ClockError> {
        let mut clock = Self { calendar, policy, terms, acts, due: None };
        clock.due = clock.counted()?.map(|counted| counted.due());
        Ok(clock)
    }

    /// The due times as the record has them; absent: there are none.
    pub fn due(&self) -> Option<Due> {
        self.due
    }

    /// The calendar.
    pub fn calendar(&self) -> &WorkingCalendar {
        &self.calendar
    }

    /// The rules.
    pub fn policy(&self) -> &ClockPolicy {
        &self.policy
    }

    /// The limit and how it is counted; absent: there is no due date.
    pub fn terms(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }

    /// What happened, in order.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The due times counted anew from the record, with the rows that lead to them.
    pub fn explain(&self) -> Result<Option<Explanation>, ClockError> {
        Ok(self.counted()?.map(|counted| counted.explain()))
    }

    /// The instant after so many minutes of office time.
    pub fn after(&self, at: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        self.calendar.after(at, u32::try_from(minutes.max(0)).unwrap_or(u32::MAX))
    }

    /// The minutes of office time between two instants.
    pub fn minutes_between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> i64 {
        self.calendar.minutes_between(from, until)
    }

    /// Working minutes of one day of a limit.
    pub fn working_day(&self) -> i64 {
        i64::from(self.policy.minutes_per_working_day)
    }

    /// Whether a supplement begins the limit anew.
    pub fn restarts(&self) -> bool {
        self.terms.as_ref().is_some_and(|terms| terms.regime == SupplementRegime::Restart)
    }

    pub(super) fn pause(&mut self, at: DateTime<Utc>, why: Pause) {
        if matches!(self.state(), ClockState::Running) {
            let at = self.not_before_last(at);
            self.record(Act::Paused { at, why });
        }
    }

    pub(super) fn resume(&mut self, at: DateTime<Utc>, why: Pause) {
        if matches!(self.state(), ClockState::Paused { .. }) {
            let at = self.not_before_last(at);
            self.record(Act::Resumed { at, why });
        }
    }

    pub(super) fn end(&mut self, at: DateTime<Utc>) {
        if !matches!(self.state(), ClockState::Ended { .. }) {
            let at = self.not_before_last(at);
            self.record(Act::Ended { at });
        }
    }

    pub(super) fn extend(
        &mut self,
        at: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), ClockError> {
        let at = self.not_before_last(at);
        let mut acts = self.acts.clone();
        acts.push(Act::Extended { at, until });
        let (calendar, policy) = (self.calendar.clone(), self.policy.clone());
        *self = Self::from_record(calendar, policy, self.terms.clone(), acts)?;
        Ok(())
    }

    /// Acts reach us from two services; one that was recorded a moment late
    /// counts from the act ahead of it.
    fn not_before_last(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.acts.last().map_or(at, |last| at.max(last.at()))
    }

    /// For acts whose order was checked by the caller: they cannot be refused.
    fn record(&mut self, act: Act) {
        self.acts.push(act);
        if let Ok(counted) = self.counted() {
            self.due = counted.map(|counted| counted.due());
        }
    }

    fn state(&self) -> ClockState {
        match self.acts.iter().rev().find(|act| !matches!(act, Act::Extended { .. })) {
            Some(Act::Paused { at, .. }) => ClockState::Paused { since: *at },
            Some(Act::Ended { at }) => ClockState::Ended { at: *at },
            _ => ClockState::Running,
        }
    }

    fn counted(&self) -> Result<Option<Clock<'_>>, ClockError> {
        let Some(terms) = &self.terms else { return Ok(None) };
        Clock::new(&self.calendar, &self.policy, terms, &self.acts).map(Some)
    }
}

impl PartialEq for DossierClock {
    fn eq(&self, other: &Self) -> bool {
        (self.calendar.data(), &self.policy, &self.terms, &self.acts)
            == (other.calendar.data(), &other.policy, &other.terms, &other.acts)
    }
}

impl Eq for DossierClock {}
