//! Time limits, and the dated rules of law and province by which they are counted.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Thời hạn giải quyết: how long a procedure may take on one way of filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// How many units; 1 for [`LimitUnit::SameDay`].
    pub amount: u32,
    /// The unit.
    pub unit: LimitUnit,
}

impl TimeLimit {
    /// Above this, a limit is a mistake in the data.
    pub const MAX_AMOUNT: u32 = 10_000;

    /// So many of a unit.
    pub const fn new(amount: u32, unit: LimitUnit) -> Self {
        Self { amount, unit }
    }

    /// Whether the amount is one that can be counted.
    pub const fn is_sane(self) -> bool {
        self.amount >= 1 && self.amount <= Self::MAX_AMOUNT
    }

    /// The limit in working minutes, where its unit is one of working time.
    pub fn working_minutes(self, policy: &ClockPolicy) -> Option<i64> {
        match self.unit {
            LimitUnit::WorkingDays => {
                Some(i64::from(self.amount) * i64::from(policy.minutes_per_working_day))
            }
            LimitUnit::WorkingHours => Some(i64::from(self.amount) * 60),
            LimitUnit::CalendarDays | LimitUnit::Months | LimitUnit::SameDay => None,
        }
    }

    /// `10 ngày làm việc`, `trong ngày`.
    pub fn text(self) -> String {
        match self.unit {
            LimitUnit::WorkingDays => format!("{:02} ngày làm việc", self.amount),
            LimitUnit::CalendarDays => format!("{:02} ngày", self.amount),
            LimitUnit::WorkingHours => format!("{:02} giờ làm việc", self.amount),
            LimitUnit::Months => format!("{:02} tháng", self.amount),
            LimitUnit::SameDay => "trong ngày".to_owned(),
        }
    }
}

/// The unit of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitUnit {
    /// Ngày làm việc: the policy's minutes of working time each.
    WorkingDays,
    /// Ngày: calendar days; the day of receipt is not counted.
    CalendarDays,
    /// Giờ làm việc.
    WorkingHours,
    /// Tháng: to the same day of a later month.
    Months,
    /// Trong ngày: by the close of the day, if received by the cut-off.
    SameDay,
}

/// What happens to the limit when a supplement is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplementRegime {
    /// The clock stood still and goes on.
    #[default]
    Shift,
    /// The whole limit is counted anew from completion.
    Restart,
}

/// Chính sách tính thời hạn: the rules for one range of dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockPolicy {
    /// Resource name, `clockPolicies/{policy}`.
    pub name: String,
    /// Version of the data; recorded with every due time computed from it.
    pub version: String,
    /// Vietnamese title for people.
    pub title: String,
    /// First date of effect.
    pub valid_from: NaiveDate,
    /// Last date of effect; none: open.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Minutes of working time in one working day of a limit.
    pub minutes_per_working_day: u16,
    /// Shorter limits for online filing, where the province gives them.
    #[serde(default)]
    pub halving: Option<Halving>,
    /// Why online filing is not shortened although a policy of the place shortens
    /// it for other procedures; an explanation says it. Empty: nothing to say.
    /// No published policy has it: it is of the procedure that is asked about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unshortened: String,
    /// What a supplement does where the procedure says nothing.
    #[serde(default)]
    pub supplement_regime: SupplementRegime,
    /// Calendar days the citizen has for a supplement where the procedure says nothing.
    pub supplement_days: u16,
    /// Last minute of the day at which a same-day procedure is received for that day.
    pub same_day_cut_off_minute: u16,
    /// Working minutes to tell an online applicant whether the dossier is complete.
    pub online_notice_minutes: u16,
    /// Working minutes to tell the others.
    pub other_notice_minutes: u16,
    /// Where each rule is written.
    pub sources: RuleSources,
}

/// Giảm thời hạn khi nộp trực tuyến.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halving {
    /// Shorter limits are left alone.
    pub minimum_working_days: u16,
    /// The factor.
    #[serde(flatten)]
    pub factor: Fraction,
    /// The units it applies to.
    pub units: Vec<LimitUnit>,
    /// The province's text.
    pub source: String,
}

/// A factor of at most one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    /// The upper part.
    pub numerator: u16,
    /// The lower part.
    pub denominator: u16,
}

impl Fraction {
    /// Nothing is changed.
    pub const WHOLE: Self = Self { numerator: 1, denominator: 1 };

    /// `amount × fraction`, rounded up.
    pub fn of(self, amount: i64) -> i64 {
        let (n, d) = (i64::from(self.numerator), i64::from(self.denominator.max(1)));
        (amount * n + d - 1).div_euclid(d)
    }

    /// Whether it shortens.
    pub const fn is_whole(self) -> bool {
        self.numerator == self.denominator
    }
}

/// The legal source cited when a rule is applied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSources {
    /// A limit runs from a complete dossier.
    pub limit: String,
    /// Time received outside office hours counts from the next office minute.
    pub start: String,
    /// A working day is so many hours.
    pub working_day: String,
    /// The day of receipt is not counted and the limit ends with the last day.
    pub calendar_day: String,
    /// Months end on the same day number.
    pub month: String,
    /// A limit that ends on a day off ends on the next working day.
    pub ends_on_day_off: String,
    /// Same-day procedures and their cut-off.
    pub same_day: String,
    /// A supplement stops the clock, or restarts it.
    pub supplement: String,
    /// A financial obligation stops the clock.
    pub payment: String,
    /// A request to withdraw stops the clock.
    pub withdrawal: String,
    /// A new appointment, with an apology.
    pub extension: String,
    /// The notice about completeness.
    pub notice: String,
}

impl RuleSources {
    fn all(&self) -> [(&'static str, &str); 12] {
        [
            ("limit", &self.limit),
            ("start", &self.start),
            ("working_day", &self.working_day),
            ("calendar_day", &self.calendar_day),
            ("month", &self.month),
            ("ends_on_day_off", &self.ends_on_day_off),
            ("same_day", &self.same_day),
            ("supplement", &self.supplement),
            ("payment", &self.payment),
            ("withdrawal", &self.withdrawal),
            ("extension", &self.extension),
            ("notice", &self.notice),
        ]
    }
}

/// What is wrong with a policy's data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyProblem {
    /// A rule without its text.
    #[error("Quy tắc «{0}» chưa ghi căn cứ.")]
    SourceMissing(&'static str),
    /// The dates of effect are the wrong way round.
    #[error("Ngày hết hiệu lực đứng trước ngày có hiệu lực.")]
    RangeBackwards,
    /// A working day must have between one minute and a day.
    #[error("Một ngày làm việc phải có từ 1 đến 1.440 phút.")]
    WorkingDay,
    /// The factor must be above zero and at most one.
    #[error("Hệ số giảm thời hạn phải lớn hơn 0 và không quá 1.")]
    Factor,
    /// The cut-off is not a minute of the day.
    #[error("Giờ chốt nhận hồ sơ trong ngày không hợp lệ.")]
    CutOff,
    /// There must be time to tell the applicant and to supplement.
    #[error("Thời hạn thông báo và thời hạn bổ sung phải lớn hơn 0.")]
    NoTime,
}

impl ClockPolicy {
    /// Everything that is wrong with the data; empty when it can be used.
    pub fn problems(&self) -> Vec<PolicyProblem> {
        let mut problems: Vec<_> = (self.sources.all().into_iter())
            .filter(|(_, source)| source.trim().is_empty())
            .map(|(rule, _)| PolicyProblem::SourceMissing(rule))
            .collect();
        if self.valid_to.is_some_and(|to| to < self.valid_from) {
            problems.push(PolicyProblem::RangeBackwards);
        }
        if !(1..=1440).contains(&self.minutes_per_working_day) {
            problems.push(PolicyProblem::WorkingDay);
        }
        if let Some(halving) = &self.halving {
            let Fraction { numerator, denominator } = halving.factor;
            if numerator == 0 || numerator > denominator {
                problems.push(PolicyProblem::Factor);
            }
            if halving.source.trim().is_empty() {
                problems.push(PolicyProblem::SourceMissing("halving"));
            }
        }
        if self.same_day_cut_off_minute >= 1440 {
            problems.push(PolicyProblem::CutOff);
        }
        if [self.online_notice_minutes, self.other_notice_minutes, self.supplement_days]
            .contains(&0)
        {
            problems.push(PolicyProblem::NoTime);
        }
        problems
    }

    /// The factor by which a limit is shortened for this way of filing.
    pub fn factor(&self, limit: TimeLimit, filed_online: bool) -> Fraction {
        let Some(halving) = self.halving.as_ref().filter(|_| filed_online) else {
            return Fraction::WHOLE;
        };
        let minimum = u32::from(halving.minimum_working_days);
        let long_enough = match limit.unit {
            LimitUnit::WorkingDays | LimitUnit::CalendarDays => limit.amount >= minimum,
            LimitUnit::WorkingHours => {
                limit.amount * 60 >= minimum * u32::from(self.minutes_per_working_day)
            }
            LimitUnit::Months => true,
            LimitUnit::SameDay => false,
        };
        if long_enough && halving.units.contains(&limit.unit) {
            halving.factor
        } else {
            Fraction::WHOLE
        }
    }
}
