use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};
use motcua_ids::{
    AccountId, AgencyId, AgencyPath, DossierId, ProcedureId, ProcedureVersionId, ResultId,
    SupplementId, TaskId, Uuid,
};
use motcua_vn::calendar::{CalendarData, DayOff, OfficeHours, OfficeSpan};
use motcua_vn::policy::RuleSources;
use motcua_vn::{
    ClockPolicy, LimitUnit, SupplementRegime, Terms, TimeLimit, WorkingCalendar, local,
};

use crate::domain::{
    DossierClock, Event, Filing, Onward, Outcome, Place, Places, Plan, PlannedConsult, PlannedStep,
    Process, Quota, Refusal, Role, Task,
};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    local::instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

pub(super) fn account(n: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(n))
}

pub(super) fn agency(n: u128) -> AgencyId {
    AgencyId::new(Uuid::from_u128(n))
}

pub(super) const HEAD: u128 = 11;
pub(super) const SPECIALIST: u128 = 12;
pub(super) const LEADER: u128 = 13;
pub(super) const NEIGHBOUR: u128 = 14;

/// Province 1, commune 2 with unit 3, department 4; the desk of commune 5 received.
pub(super) fn places() -> Places {
    let root = AgencyPath::root(agency(1));
    let commune = root.child(agency(2));
    Places {
        receiving: root.child(agency(5)),
        competent: Place {
            units: BTreeMap::from([("tu-phap".to_owned(), commune.child(agency(3)))]),
            agency: commune,
        },
        others: BTreeMap::from([(
            "H53.01".to_owned(),
            Place { agency: root.child(agency(4)), units: BTreeMap::new() },
        )]),
    }
}

pub(super) fn step(code: &str, role: Role, quota: i64, next: &[&str]) -> PlannedStep {
    PlannedStep {
        code: code.to_owned(),
        name: format!("Bước {code}"),
        role,
        agency: None,
        unit: Some("tu-phap".to_owned()),
        quota: Quota::Own(quota),
        next: next.iter().map(ToString::to_string).collect(),
        consults: Vec::new(),
        drafts: false,
        approves: false,
    }
}

/// Head assigns → specialist drafts → leader approves → clerk registers; three
/// working days (1,440 minutes) in all.
pub(super) fn plan() -> Plan {
    let mut assign = step("phan-cong", Role::HeadOfUnit, 120, &["tham-dinh"]);
    let mut draft = step("tham-dinh", Role::Specialist, 960, &["ky", "phan-cong"]);
    let mut approve = step("ky", Role::Leader, 240, &["van-thu"]);
    let mut register = step("van-thu", Role::Specialist, 120, &[]);
    assign.drafts = false;
    draft.drafts = true;
    approve.approves = true;
    approve.unit = None;
    register.unit = None;
    Plan {
        source: "Quyết định thử".to_owned(),
        steps: vec![assign, draft, approve, register],
        groups: BTreeMap::new(),
        base_minutes: 1440,
    }
}

/// The same, with an opinion of the department asked beside the appraisal.
pub(super) fn consulting_plan() -> Plan {
    let mut plan = plan();
    plan.steps[1].consults.push(PlannedConsult {
        code: "so-tu-phap".to_owned(),
        name: "Ý kiến Sở".to_owned(),
        agency: "H53.01".to_owned(),
        unit: None,
        role: Role::Specialist,
        quota: 480,
    });
    plan
}

pub(super) fn calendar() -> WorkingCalendar {
    let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    let spans = vec![OfficeSpan { open: 420, close: 690 }, OfficeSpan { open: 810, close: 1020 }];
    let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    WorkingCalendar::new(CalendarData {
        name: "calendars/018f0000-0000-7000-8000-000000000001".to_owned(),
        version: "1".to_owned(),
        title: "Lịch thử".to_owned(),
        valid_from: day(2025, 1, 1),
        valid_to: None,
        office_hours: week.map(|weekday| OfficeHours { weekday, spans: spans.clone() }).to_vec(),
        office_hours_source: "Nội quy".to_owned(),
        weekly_rest_source: "Bộ luật Lao động".to_owned(),
        days_off: vec![DayOff {
            date: day(2025, 9, 2),
            title: "Quốc khánh".to_owned(),
            source: "Bộ luật Lao động".to_owned(),
            provisional: false,
        }],
        make_up_days: Vec::new(),
    })
    .unwrap()
}

pub(super) fn policy() -> ClockPolicy {
    let source = || "Căn cứ thử".to_owned();
    ClockPolicy {
        name: "policies/018f0000-0000-7000-8000-000000000002".to_owned(),
        version: "1".to_owned(),
        title: "Quy tắc thử".to_owned(),
        valid_from: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
        valid_to: None,
        minutes_per_working_day: 480,
        halving: None,
        unshortened: String::new(),
        supplement_regime: SupplementRegime::Shift,
        supplement_days: 30,
        same_day_cut_off_minute: 900,
        online_notice_minutes: 480,
        other_notice_minutes: 480,
        sources: RuleSources {
            limit: source(),
            start: source(),
            working_day: source(),
            calendar_day: source(),
            month: source(),
            ends_on_day_off: source(),
            same_day: source(),
            supplement: source(),
            payment: source(),
            withdrawal: source(),
            extension: source(),
            notice: source(),
        },
    }
}

pub(super) fn terms(days: u32, regime: SupplementRegime) -> Terms {
    Terms {
        limit: TimeLimit::new(days, LimitUnit::WorkingDays),
        limit_source: String::new(),
        filed_online: true,
        regime,
    }
}

/// A process under test, with ids that count up.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) process: Process,
    next_id: u128,
    pub(super) now: DateTime<Utc>,
}

pub(super) const ACCEPTED: &str = "2025-08-20 09:15";

impl Desk {
    /// Three working days, shift: due 2025-08-25 09:15.
    pub(super) fn plain() -> Self {
        Self::with(&plan(), Some(terms(3, SupplementRegime::Shift)))
    }

    pub(super) fn with(plan: &Plan, terms: Option<Terms>) -> Self {
        let accepted_at = at(ACCEPTED);
        let clock = DossierClock::start(calendar(), policy(), terms, accepted_at).unwrap();
        let limit = clock.due().map(|due| clock.minutes_between(accepted_at, due.promised));
        let places = places();
        let filing = Filing {
            dossier: DossierId::new(Uuid::from_u128(900)),
            code: "H53.05-250820-0001".to_owned(),
            procedure: ProcedureId::new(Uuid::from_u128(901)),
            procedure_version: ProcedureVersionId::new(Uuid::from_u128(902)),
            case_code: "default".to_owned(),
            online: true,
            receiving: places.receiving.clone(),
            competent: places.competent.agency.clone(),
            applicant: Some(account(99)),
            accepted_at,
        };
        let mut next_id = 100;
        let mut new_id = || {
            next_id += 1;
            TaskId::new(Uuid::from_u128(next_id))
        };
        let definition = plan.place(&places, limit);
        let (process, _) = Process::start(filing, definition, clock, 3, &mut new_id).unwrap();
        Self { process, next_id, now: accepted_at }
    }

    pub(super) fn wait_until(mut self, text: &str) -> Self {
        self.now = at(text);
        self
    }

    /// The open task of a step, or of a consult beside one.
    pub(super) fn task(&self, code: &str) -> &Task {
        self.process
            .open_tasks()
            .find(|task| task.consult.as_deref().unwrap_or(&task.step) == code)
            .unwrap_or_else(|| panic!("no open task {code}"))
    }

    pub(super) fn take(&mut self, code: &str, by: u128) -> Result<Vec<Event>, Refusal> {
        self.process.take(self.task(code).id, account(by), self.now)
    }

    pub(super) fn forward(
        &mut self,
        code: &str,
        by: u128,
        to: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        self.forward_task(self.task(code).id, account(by), to)
    }

    pub(super) fn forward_task(
        &mut self,
        id: TaskId,
        by: AccountId,
        to: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        let onward = Onward { to: to.map(str::to_owned), assignee: None };
        self.with_ids(|process, now, ids| process.forward(id, by, &onward, now, ids))
    }

    pub(super) fn send_back(
        &mut self,
        code: &str,
        by: u128,
        to: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        self.send_back_task(self.task(code).id, account(by), to)
    }

    pub(super) fn send_back_task(
        &mut self,
        id: TaskId,
        by: AccountId,
        to: Option<&str>,
    ) -> Result<Vec<Event>, Refusal> {
        self.with_ids(|process, now, ids| process.send_back(id, by, to, &[], now, ids))
    }

    pub(super) fn recall_task(&mut self, id: TaskId, by: AccountId) -> Result<Vec<Event>, Refusal> {
        self.with_ids(|process, now, ids| process.recall(id, by, now, ids))
    }

    pub(super) fn draft(&mut self, code: &str, by: u128, n: u128) -> Result<Vec<Event>, Refusal> {
        self.draft_task(self.task(code).id, account(by), n)
    }

    pub(super) fn draft_task(
        &mut self,
        id: TaskId,
        by: AccountId,
        n: u128,
    ) -> Result<Vec<Event>, Refusal> {
        self.process.draft(id, by, result(n), Outcome::Granted, self.now)
    }

    pub(super) fn approve(&mut self, code: &str, by: u128, n: u128) -> Result<Vec<Event>, Refusal> {
        self.approve_task(self.task(code).id, account(by), n)
    }

    pub(super) fn approve_task(
        &mut self,
        id: TaskId,
        by: AccountId,
        n: u128,
    ) -> Result<Vec<Event>, Refusal> {
        let onward = Onward::default();
        self.with_ids(|process, now, ids| process.approve(id, by, result(n), &onward, now, ids))
    }

    pub(super) fn ask(&mut self, code: &str, by: u128) -> Result<Vec<Event>, Refusal> {
        self.process.ask_supplement(self.task(code).id, account(by), ask())
    }

    /// At the specialist, who holds the task.
    pub(super) fn at_specialist(mut self) -> Self {
        self.take("phan-cong", HEAD).unwrap();
        self.forward("phan-cong", HEAD, None).unwrap();
        self.take("tham-dinh", SPECIALIST).unwrap();
        self
    }

    /// At the leader, who holds the task, with draft 1.
    pub(super) fn at_leader(self) -> Self {
        let mut desk = self.at_specialist();
        desk.draft("tham-dinh", SPECIALIST, 1).unwrap();
        desk.forward("tham-dinh", SPECIALIST, Some("ky")).unwrap();
        desk.take("ky", LEADER).unwrap();
        desk
    }

    /// Approved, at the clerk, who holds the task.
    pub(super) fn at_clerk(self) -> Self {
        let mut desk = self.at_leader();
        desk.approve("ky", LEADER, 1).unwrap();
        desk.take("van-thu", SPECIALIST).unwrap();
        desk
    }

    /// At the desk.
    pub(super) fn finished(self) -> Self {
        let mut desk = self.at_clerk();
        desk.forward("van-thu", SPECIALIST, None).unwrap();
        desk
    }

    fn with_ids<T>(
        &mut self,
        act: impl FnOnce(&mut Process, DateTime<Utc>, &mut dyn FnMut() -> TaskId) -> T,
    ) -> T {
        let Self { process, next_id, now } = self;
        act(process, *now, &mut || {
            *next_id += 1;
            TaskId::new(Uuid::from_u128(*next_id))
        })
    }
}

pub(super) fn result(n: u128) -> ResultId {
    ResultId::new(Uuid::from_u128(500 + n))
}

pub(super) fn ask() -> SupplementId {
    SupplementId::new(Uuid::from_u128(700))
}
