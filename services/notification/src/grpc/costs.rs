//! What messages cost: the request read, and the answer.

use chrono::NaiveDate;
use motcua_fault::{Fault, Violations};
use motcua_ids::AgencyId;
use motcua_proto::notification::v1 as proto;

use super::convert::channel_message;
use crate::app::{Cost, CostFilter};

/// Everything that is wrong is told at once.
pub(super) fn filter(request: &proto::ListMessageCostsRequest) -> Result<CostFilter, Fault> {
    let mut bad = Violations::default();
    let agency = AgencyId::from_name(&request.agency);
    if let Err(error) = &agency {
        let reason = if request.agency.is_empty() { "REQUIRED" } else { "NAME_INVALID" };
        bad.add("agency", reason, error.to_string());
    }
    let mut day = |field: &str, text: &str| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        if day.is_none() {
            let wrong = "Ngày phải có dạng năm-tháng-ngày, ví dụ 2026-07-01.";
            bad.add(field, "DATE_INVALID", wrong);
        }
        day.unwrap_or_default()
    };
    let from = day("from_day", &request.from_day);
    let until = day("to_day", &request.to_day);
    if until < from {
        bad.add("to_day", "OUT_OF_RANGE", "Ngày cuối không được trước ngày đầu.");
    }
    bad.finish()?;
    Ok(CostFilter { agency: agency.map_err(Fault::internal)?, from, until })
}

pub(super) fn cost(cost: &Cost) -> Result<proto::MessageCost, Fault> {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let slot = &cost.taken.slot;
    Ok(proto::MessageCost {
        day: slot.day.clone(),
        agency: slot.agency()?.map(AgencyId::name).unwrap_or_default(),
        provider: slot.provider.clone(),
        channel: channel_message(slot.channel()?).into(),
        messages: count(cost.taken.messages),
        segments: count(cost.taken.segments),
        cost_vnd_thousandths: cost.thousandths.map_or(0, count),
        priced: cost.thousandths.is_some(),
    })
}
