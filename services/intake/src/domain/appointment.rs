//! The appointment at acceptance (hẹn trả kết quả). It is counted once, here,
//! by `motcua_vn`; every later change is workflow's.

use chrono::{DateTime, Utc};
use motcua_fault::Fault;
use motcua_vn::{
    Act, Clock, ClockPolicy, ClockRow, DueTimes, SupplementRegime, TimeLimit, WorkingCalendar,
    clock, clock::Terms,
};

use super::{Denial, Limit};

/// The calendar and the policy that hold for an agency and a procedure on a day.
#[derive(Debug, Clone)]
pub struct ClockRules {
    /// `calendars/<uuid>`.
    pub calendar_name: String,
    /// The calendar.
    pub calendar: WorkingCalendar,
    /// `policies/<uuid>`.
    pub policy_name: String,
    /// The policy.
    pub policy: ClockPolicy,
}

/// What was promised, by which rules, and how it was counted.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// The limit of the way it was filed; `None`: the law sets no due date.
    pub limit: Option<(TimeLimit, String)>,
    /// Both due times; `None`: no due date.
    pub due: Option<DueTimes>,
    /// What a supplement does to the clock.
    pub regime: SupplementRegime,
    /// `calendars/<uuid>`, and the version of its data.
    pub calendar: (String, String),
    /// `policies/<uuid>`, and the version of its data.
    pub policy: (String, String),
    /// How the promised time was counted.
    pub rows: Vec<ClockRow>,
    /// How the legal time was counted; empty where it is the same.
    pub legal_rows: Vec<ClockRow>,
}

impl ClockRules {
    /// Counts the appointment of a dossier accepted at `at`.
    pub fn appoint(
        &self,
        limit: &Limit,
        regime: Option<SupplementRegime>,
        filed_online: bool,
        at: DateTime<Utc>,
    ) -> Result<Appointment, Fault> {
        let regime = regime.unwrap_or(self.policy.supplement_regime);
        let none = Appointment {
            limit: None,
            due: None,
            regime,
            calendar: (self.calendar_name.clone(), self.calendar.version().to_owned()),
            policy: (self.policy_name.clone(), self.policy.version.clone()),
            rows: Vec::new(),
            legal_rows: Vec::new(),
        };
        let (limit, source) = match limit {
            Limit::Counted { limit, source } => (*limit, source.clone()),
            Limit::NoDueDate => return Ok(none),
            Limit::Unknown => return Err(Denial::LimitUnknown.into()),
        };
        let terms = Terms { limit, limit_source: source.clone(), filed_online, regime };
        let acts = [Act::Started { at }];
        let counted = Clock::new(&self.calendar, &self.policy, &terms, &acts)?.explain();
        let legal_rows = if counted.legal == counted.promised { Vec::new() } else { counted.legal };
        Ok(Appointment {
            limit: Some((limit, source)),
            due: Some(counted.due),
            rows: counted.promised,
            legal_rows,
            ..none
        })
    }

    /// Until when the desk must answer a filing of `at`.
    pub fn reply_due(&self, at: DateTime<Utc>, filed_online: bool) -> DateTime<Utc> {
        clock::notice_due(&self.calendar, &self.policy, at, filed_online)
    }

    /// Until when a citizen asked at `at` may answer.
    pub fn supplement_due(&self, at: DateTime<Utc>, days: Option<u32>) -> DateTime<Utc> {
        let days = days.and_then(|d| u16::try_from(d).ok()).unwrap_or(self.policy.supplement_days);
        clock::supplement_due(&self.calendar, at, days)
    }
}
