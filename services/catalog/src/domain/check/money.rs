//! Limits and fees of every way: impossible values are refused, unlikely ones flagged.

use motcua_vn::LimitUnit;

use super::{Findings, Surroundings, codes, fees};
use crate::domain::{Channel, Content, Fee, FeeRule, FrontDoor, Limit, LimitRule, Way};

/// Below this a fee is mostly a slip: 100 written for 100,000.
const SMALLEST_LIKELY: i64 = 1_000;
const LARGEST_LIKELY: i64 = 100_000_000;
/// No coin is smaller.
const SMALLEST_COIN: i64 = 100;
const LONGEST_LIKELY_DAYS: u32 = 365;

pub(super) fn check(content: &Content, around: &Surroundings, found: &mut Findings) {
    for (path, way) in content.ways() {
        check_limit(&format!("{path}.limit"), &way.limit, found);
        promised(&format!("{path}.limit"), way, content, found);
        if content.assumes_unit(&path) && way.limit.time_limit().is_some() {
            found.flag(
                format!("{path}.limit.unit"),
                "LIMIT_UNIT_ASSUMED",
                "Đơn vị của thời hạn là tạm hiểu: cần đối chiếu quyết định công bố.",
            );
        }
        let below = format!("{path}.fees");
        codes(&below, way.fees.iter().map(|f| f.code.as_str()), found);
        for fee in &way.fees {
            let path = format!("{below}.{}", fee.code);
            check_fee(&path, fee, found);
            if let FeeRule::Table { table } = &fee.rule {
                fees::check_table(&format!("{path}.table"), table, content.form.as_ref(), found);
            }
            fees::check_shares(&format!("{path}.shares"), &fee.shares, around, found);
        }
    }
}

fn check_limit(path: &str, limit: &Limit, found: &mut Findings) {
    match limit.rule {
        LimitRule::Counted { amount, unit } => {
            let insane = !motcua_vn::TimeLimit::new(amount, unit).is_sane()
                || (unit == LimitUnit::SameDay && amount != 1);
            let days = match unit {
                LimitUnit::Months => amount.saturating_mul(30),
                LimitUnit::WorkingHours => amount / 8,
                LimitUnit::SameDay | LimitUnit::WorkingDays | LimitUnit::CalendarDays => amount,
            };
            if insane {
                found.problem(path, "LIMIT_INVALID", "Thời hạn giải quyết không hợp lệ.");
            } else if days > LONGEST_LIKELY_DAYS {
                found.flag(
                    path,
                    "LIMIT_SUSPICIOUS",
                    "Thời hạn dài hơn một năm, cần kiểm tra lại số và đơn vị.",
                );
            }
        }
        LimitRule::NoDueDate | LimitRule::Unknown => {}
    }
}

/// Nobody can accept what has no known limit, so nobody may file it online here.
fn promised(path: &str, way: &Way, content: &Content, found: &mut Findings) {
    if way.limit.rule != LimitRule::Unknown {
        return;
    }
    if way.channel == Channel::Online && content.front_door == FrontDoor::Local {
        found.problem(
            path,
            "LIMIT_UNKNOWN",
            "Nộp trực tuyến tại cổng của tỉnh thì phải biết thời hạn giải quyết để hẹn ngày trả.",
        );
    } else {
        found.flag(
            path,
            "LIMIT_UNKNOWN",
            "Nguồn không ghi thời hạn: chưa hẹn được ngày trả kết quả theo cách nộp này.",
        );
    }
}

fn check_fee(path: &str, fee: &Fee, found: &mut Findings) {
    let amount = format!("{path}.amount_vnd");
    match fee.rule {
        FeeRule::Fixed { amount_vnd } if amount_vnd < 0 => {
            found.problem(amount, "FEE_NEGATIVE", "Số tiền không được âm.");
        }
        FeeRule::Fixed { amount_vnd: 0 } => {
            found.flag(amount, "FEE_ZERO", "Số tiền bằng 0: nếu miễn phí thì ghi rõ là miễn phí.");
        }
        FeeRule::Fixed { amount_vnd } if amount_vnd < SMALLEST_LIKELY => found.flag(
            amount,
            "FEE_TOO_SMALL",
            format!("{amount_vnd} đồng là quá nhỏ; có phải thiếu ba số 0 không?"),
        ),
        FeeRule::Fixed { amount_vnd } if amount_vnd > LARGEST_LIKELY => found.flag(
            amount,
            "FEE_TOO_LARGE",
            format!("{amount_vnd} đồng là lớn bất thường, cần kiểm tra lại."),
        ),
        FeeRule::Fixed { amount_vnd } if amount_vnd % SMALLEST_COIN != 0 => {
            found.flag(amount, "FEE_UNEVEN", "Số tiền lẻ dưới 100 đồng, cần kiểm tra lại.");
        }
        FeeRule::SeeNote | FeeRule::Table { .. } if fee.note.is_none() => found.problem(
            format!("{path}.note"),
            "NOTE_MISSING",
            "Mức thu không phải một số tiền cố định thì phải có ghi chú cho người dân biết.",
        ),
        FeeRule::Unknown => {
            found.flag(path, "FEE_UNKNOWN", "Nguồn không ghi mức phí, lệ phí.");
        }
        FeeRule::Fixed { .. }
        | FeeRule::Free
        | FeeRule::SetByProvince
        | FeeRule::Table { .. }
        | FeeRule::SeeNote => {}
    }
}
