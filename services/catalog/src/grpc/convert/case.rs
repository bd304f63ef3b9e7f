//! Cases with their papers, ways, limits and fees.

use motcua_clockwire as wire;
use motcua_fault::Violations;
use motcua_proto::catalog::v1::{self as proto, processing_limit::Rule};

use super::{maybe_text, or_empty, words};
use crate::domain::{Case, Fee, FeeRule, FormTemplate, Limit, LimitRule, Paper, Way};

/// What an explanation cites for a limit whose unit no source gives.
const UNIT_ASSUMED: &str =
    "Nguồn đã công bố ghi thiếu đơn vị của thời hạn, đơn vị ở đây là tạm hiểu";

/// `assumed` tells of a way's path whether the unit of its limit is.
pub(super) fn case_message(case: &Case, assumed: impl Fn(&str) -> bool) -> proto::Case {
    let ways = case.ways.iter().map(|way| {
        let path = format!("cases.{}.ways.{}", case.code, way.channel);
        way_message(way, if assumed(&path) { UNIT_ASSUMED } else { "" })
    });
    proto::Case {
        code: case.code.clone(),
        display_name: case.name.clone(),
        papers: case.papers.iter().map(paper_message).collect(),
        ways: ways.collect(),
    }
}

fn paper_message(paper: &Paper) -> proto::PaperRequirement {
    proto::PaperRequirement {
        code: paper.code.clone(),
        display_name: paper.name.clone(),
        originals: small(paper.originals),
        copies: small(paper.copies),
        need: words::paper_need_of(paper.need),
        condition: or_empty(paper.condition.as_ref()),
        form: paper.form.as_ref().map(|form| proto::FormTemplate {
            display_name: form.name.clone(),
            url: or_empty(form.url.as_ref()),
        }),
        result_code: or_empty(paper.result_code.as_ref()),
    }
}

fn way_message(way: &Way, source: &str) -> proto::Way {
    proto::Way {
        channel: words::channel_of(way.channel),
        limit: Some(limit_message(&way.limit, source)),
        fees: way.fees.iter().map(fee_message).collect(),
        online_payment: way.online_payment,
        note: or_empty(way.note.as_ref()),
    }
}

fn limit_message(limit: &Limit, source: &str) -> proto::ProcessingLimit {
    let rule = match (limit.rule, limit.time_limit()) {
        (_, Some(counted)) => Rule::Counted(wire::limit_message(counted, source)),
        (LimitRule::NoDueDate, None) => Rule::NoDueDate(proto::NoDueDate {}),
        (LimitRule::Counted { .. } | LimitRule::Unknown, None) => {
            Rule::Unknown(proto::UnknownLimit {})
        }
    };
    proto::ProcessingLimit { rule: Some(rule), note: or_empty(limit.note.as_ref()) }
}

fn fee_message(fee: &Fee) -> proto::Fee {
    let (rule, amount_vnd, table) = match &fee.rule {
        FeeRule::Fixed { amount_vnd } => (proto::FeeRule::Fixed, *amount_vnd, None),
        FeeRule::Free => (proto::FeeRule::Free, 0, None),
        FeeRule::SetByProvince => (proto::FeeRule::SetByProvince, 0, None),
        FeeRule::SeeNote => (proto::FeeRule::SeeNote, 0, None),
        FeeRule::Table { table } => {
            (proto::FeeRule::Table, 0, Some(motcua_fees::table_message(table)))
        }
        FeeRule::Unknown => (proto::FeeRule::Unknown, 0, None),
    };
    proto::Fee {
        code: fee.code.clone(),
        display_name: fee.name.clone(),
        kind: words::fee_kind_of(fee.kind),
        rule: rule as i32,
        amount_vnd,
        note: or_empty(fee.note.as_ref()),
        table,
        shares: fee.shares.iter().map(motcua_fees::share_message).collect(),
    }
}

pub(super) fn read_case(bad: &mut Violations, message: proto::Case) -> Option<Case> {
    let path = format!("content.cases.{}", message.code);
    let before = bad.as_slice().len();
    let papers: Vec<_> =
        message.papers.into_iter().filter_map(|p| read_paper(bad, &path, p)).collect();
    let ways: Vec<_> = message.ways.into_iter().filter_map(|w| read_way(bad, &path, w)).collect();
    let sound = bad.as_slice().len() == before;
    sound.then_some(Case { code: message.code, name: message.display_name, papers, ways })
}

fn read_paper(bad: &mut Violations, path: &str, message: proto::PaperRequirement) -> Option<Paper> {
    let path = format!("{path}.papers.{}", message.code);
    let originals = count(bad, &format!("{path}.originals"), message.originals);
    let copies = count(bad, &format!("{path}.copies"), message.copies);
    let need = words::need(bad, &format!("{path}.need"), words::paper_need(message.need));
    Some(Paper {
        code: message.code,
        name: message.display_name,
        originals: originals?,
        copies: copies?,
        need: need?,
        condition: maybe_text(&message.condition),
        form: message
            .form
            .map(|form| FormTemplate { name: form.display_name, url: maybe_text(&form.url) }),
        result_code: maybe_text(&message.result_code),
    })
}

fn read_way(bad: &mut Violations, path: &str, message: proto::Way) -> Option<Way> {
    let channel = words::need(bad, &format!("{path}.ways"), words::channel(message.channel));
    let path = format!("{path}.ways.{}", channel.map_or("?", |channel| channel.as_str()));
    let limit = read_limit(bad, &format!("{path}.limit"), message.limit);
    let fees = message.fees.into_iter().filter_map(|fee| read_fee(bad, &path, fee)).collect();
    Some(Way {
        channel: channel?,
        limit: limit?,
        fees,
        online_payment: message.online_payment,
        note: maybe_text(&message.note),
    })
}

fn read_limit(
    bad: &mut Violations,
    path: &str,
    message: Option<proto::ProcessingLimit>,
) -> Option<Limit> {
    let message = message.unwrap_or_default();
    let rule = match message.rule {
        Some(Rule::Counted(counted)) => wire::limit(&counted)
            .map(|limit| LimitRule::Counted { amount: limit.amount, unit: limit.unit }),
        Some(Rule::NoDueDate(_)) => Some(LimitRule::NoDueDate),
        Some(Rule::Unknown(_)) => Some(LimitRule::Unknown),
        None => None,
    };
    let rule = words::need(bad, path, rule)?;
    Some(Limit { rule, note: maybe_text(&message.note) })
}

fn read_fee(bad: &mut Violations, path: &str, message: proto::Fee) -> Option<Fee> {
    let path = format!("{path}.fees.{}", message.code);
    let kind = words::need(bad, &format!("{path}.kind"), words::fee_kind(message.kind));
    let rule = match proto::FeeRule::try_from(message.rule) {
        Ok(proto::FeeRule::Fixed) => Some(FeeRule::Fixed { amount_vnd: message.amount_vnd }),
        Ok(proto::FeeRule::Free) => Some(FeeRule::Free),
        Ok(proto::FeeRule::SetByProvince) => Some(FeeRule::SetByProvince),
        Ok(proto::FeeRule::SeeNote) => Some(FeeRule::SeeNote),
        Ok(proto::FeeRule::Table) => {
            let table = message.table.unwrap_or_default();
            let table = motcua_fees::read_table(bad, &format!("{path}.table"), table)?;
            Some(FeeRule::Table { table })
        }
        Ok(proto::FeeRule::Unknown) => Some(FeeRule::Unknown),
        Ok(proto::FeeRule::Unspecified) | Err(_) => None,
    };
    let rule = words::need(bad, &format!("{path}.rule"), rule);
    Some(Fee {
        code: message.code,
        name: message.display_name,
        kind: kind?,
        rule: rule?,
        note: maybe_text(&message.note),
        shares: message.shares.into_iter().map(motcua_fees::read_share).collect(),
    })
}

fn count(bad: &mut Violations, path: &str, value: i32) -> Option<u32> {
    let negative = |_| bad.add(path, "OUT_OF_RANGE", "Số bản không được âm.");
    u32::try_from(value).map_err(negative).ok()
}

fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
