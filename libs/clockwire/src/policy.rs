use motcua_fault::{Fault, Violations};
use motcua_proto::r#type::v1 as proto;
use motcua_vn::{
    ClockPolicy, LimitUnit, SupplementRegime, TimeLimit,
    policy::{Fraction, Halving, RuleSources},
};

use crate::{date, open_date, small};

/// A policy as sent.
pub fn policy_message(policy: &ClockPolicy) -> proto::ClockPolicy {
    proto::ClockPolicy {
        name: policy.name.clone(),
        version: policy.version.clone(),
        title: policy.title.clone(),
        valid_from: policy.valid_from.to_string(),
        valid_to: policy.valid_to.map(|d| d.to_string()).unwrap_or_default(),
        minutes_per_working_day: policy.minutes_per_working_day.into(),
        halving: policy.halving.as_ref().map(|halving| proto::Halving {
            minimum_working_days: halving.minimum_working_days.into(),
            numerator: halving.factor.numerator.into(),
            denominator: halving.factor.denominator.into(),
            units: halving.units.iter().map(|unit| unit_message(*unit).into()).collect(),
            source: halving.source.clone(),
        }),
        unshortened: policy.unshortened.clone(),
        supplement_regime: regime_message(policy.supplement_regime).into(),
        supplement_days: policy.supplement_days.into(),
        same_day_cut_off_minute: policy.same_day_cut_off_minute.into(),
        online_notice_minutes: policy.online_notice_minutes.into(),
        other_notice_minutes: policy.other_notice_minutes.into(),
        sources: Some(sources_message(&policy.sources)),
    }
}

/// A policy as received; refused with everything that is wrong with it.
pub fn policy(message: &proto::ClockPolicy) -> Result<ClockPolicy, Fault> {
    let mut bad = Violations::default();
    let policy = ClockPolicy {
        name: message.name.clone(),
        version: message.version.clone(),
        title: message.title.clone(),
        valid_from: date(&mut bad, "valid_from", &message.valid_from),
        valid_to: open_date(&mut bad, "valid_to", &message.valid_to),
        minutes_per_working_day: small(
            &mut bad,
            "minutes_per_working_day",
            message.minutes_per_working_day,
        ),
        halving: message.halving.as_ref().map(|halving| Halving {
            minimum_working_days: small(
                &mut bad,
                "halving.minimum_working_days",
                halving.minimum_working_days,
            ),
            factor: Fraction {
                numerator: small(&mut bad, "halving.numerator", halving.numerator),
                denominator: small(&mut bad, "halving.denominator", halving.denominator),
            },
            units: halving.units().filter_map(unit).collect(),
            source: halving.source.clone(),
        }),
        unshortened: message.unshortened.clone(),
        supplement_regime: regime(message.supplement_regime()).unwrap_or_default(),
        supplement_days: small(&mut bad, "supplement_days", message.supplement_days),
        same_day_cut_off_minute: small(
            &mut bad,
            "same_day_cut_off_minute",
            message.same_day_cut_off_minute,
        ),
        online_notice_minutes: small(
            &mut bad,
            "online_notice_minutes",
            message.online_notice_minutes,
        ),
        other_notice_minutes: small(&mut bad, "other_notice_minutes", message.other_notice_minutes),
        sources: message.sources.as_ref().map(sources).unwrap_or_default(),
    };
    for problem in policy.problems() {
        bad.add("policy", "POLICY_INVALID", problem.to_string());
    }
    bad.finish()?;
    Ok(policy)
}

/// A limit as sent, with the text that sets it.
pub fn limit_message(limit: TimeLimit, source: &str) -> proto::TimeLimit {
    proto::TimeLimit {
        amount: limit.amount,
        unit: unit_message(limit.unit).into(),
        source: source.to_owned(),
    }
}

/// A limit as received; none where its unit is missing or its amount cannot be counted.
pub fn limit(message: &proto::TimeLimit) -> Option<TimeLimit> {
    Some(TimeLimit::new(message.amount, unit(message.unit())?)).filter(|limit| limit.is_sane())
}

/// A regime as sent.
pub const fn regime_message(regime: SupplementRegime) -> proto::SupplementRegime {
    match regime {
        SupplementRegime::Shift => proto::SupplementRegime::Shift,
        SupplementRegime::Restart => proto::SupplementRegime::Restart,
    }
}

/// A regime as received; none where nothing is said.
pub const fn regime(message: proto::SupplementRegime) -> Option<SupplementRegime> {
    match message {
        proto::SupplementRegime::Unspecified => None,
        proto::SupplementRegime::Shift => Some(SupplementRegime::Shift),
        proto::SupplementRegime::Restart => Some(SupplementRegime::Restart),
    }
}

const fn unit_message(unit: LimitUnit) -> proto::LimitUnit {
    match unit {
        LimitUnit::WorkingDays => proto::LimitUnit::WorkingDays,
        LimitUnit::CalendarDays => proto::LimitUnit::CalendarDays,
        LimitUnit::WorkingHours => proto::LimitUnit::WorkingHours,
        LimitUnit::Months => proto::LimitUnit::Months,
        LimitUnit::SameDay => proto::LimitUnit::SameDay,
    }
}

const fn unit(message: proto::LimitUnit) -> Option<LimitUnit> {
    match message {
        proto::LimitUnit::Unspecified => None,
        proto::LimitUnit::WorkingDays => Some(LimitUnit::WorkingDays),
        proto::LimitUnit::CalendarDays => Some(LimitUnit::CalendarDays),
        proto::LimitUnit::WorkingHours => Some(LimitUnit::WorkingHours),
        proto::LimitUnit::Months => Some(LimitUnit::Months),
        proto::LimitUnit::SameDay => Some(LimitUnit::SameDay),
    }
}

fn sources_message(sources: &RuleSources) -> proto::RuleSources {
    let sources = sources.clone();
    proto::RuleSources {
        limit: sources.limit,
        start: sources.start,
        working_day: sources.working_day,
        calendar_day: sources.calendar_day,
        month: sources.month,
        ends_on_day_off: sources.ends_on_day_off,
        same_day: sources.same_day,
        supplement: sources.supplement,
        payment: sources.payment,
        withdrawal: sources.withdrawal,
        extension: sources.extension,
        notice: sources.notice,
    }
}

fn sources(message: &proto::RuleSources) -> RuleSources {
    let message = message.clone();
    RuleSources {
        limit: message.limit,
        start: message.start,
        working_day: message.working_day,
        calendar_day: message.calendar_day,
        month: message.month,
        ends_on_day_off: message.ends_on_day_off,
        same_day: message.same_day,
        supplement: message.supplement,
        payment: message.payment,
        withdrawal: message.withdrawal,
        extension: message.extension,
        notice: message.notice,
    }
}
