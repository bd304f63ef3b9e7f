//! Requests → commands. Everything wrong with a request is noted at once.

use chrono::NaiveDate;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AgencyId, FeeOrderId, ReceiptId, RefundId, StatementId, TypedId, Uuid};
use motcua_proto::{catalog::v1::WayChannel, payment::v1 as proto};
use motcua_rpc::json;
use motcua_vn::{Vnd, text::tidy};
use prost::Message;

use crate::{
    app::{
        AssessFees, Begin, Channel, Collect, Decide, EndPolicy, Filed, Import, ReplaceReceipt,
        RequestRefund, Resolve,
    },
    domain::{Assessed, Charge, ChargeKind, Method, Outcome, Reduction, State, Terms},
};

/// More than any fee is.
const LARGEST: i64 = 1_000_000_000;
/// A file that fits a request.
const STATEMENT: usize = 3 << 20;
/// More than the answers of any form.
const ANSWERS: usize = 32 << 10;
const LINE: usize = 250;
const WORDS: usize = 1_000;
/// What a list in a request may hold.
const ITEMS: usize = 200;

/// Reads a request, noting what is wrong with it.
#[derive(Default)]
struct Reader {
    wrong: Violations,
}

impl Reader {
    fn add(&mut self, field: &str, reason: &str, text: impl Into<String>) {
        self.wrong.add(field, reason, text);
    }

    fn name<T: TypedId>(&mut self, field: &str, name: &str) -> T {
        let rest = name.strip_prefix(T::COLLECTION).and_then(|rest| rest.strip_prefix('/'));
        let id = rest.and_then(|id| Uuid::try_parse(id).ok());
        if id.is_none() {
            let text = format!("Cần tên tài nguyên dạng «{}/<mã UUID>».", T::COLLECTION);
            self.add(field, if name.is_empty() { "REQUIRED" } else { "NAME_INVALID" }, text);
        }
        T::from(id.unwrap_or_default())
    }

    fn text(&mut self, field: &str, text: &str, most: usize, required: bool) -> String {
        let text = tidy(text);
        if text.chars().count() > most {
            self.add(field, "TOO_LONG", format!("Dài quá {most} ký tự."));
        }
        if required && text.is_empty() {
            self.add(field, "REQUIRED", "Vui lòng không để trống.");
        }
        text
    }

    fn amount(&mut self, field: &str, dong: i64) -> Vnd {
        if !(0..=LARGEST).contains(&dong) {
            self.add(
                field,
                "OUT_OF_RANGE",
                format!("Số tiền phải từ 0 đến {}.", Vnd::new(LARGEST)),
            );
        }
        Vnd::new(dong)
    }

    fn day(&mut self, field: &str, text: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        if day.is_none() {
            self.add(field, "DATE_INVALID", "Ngày phải có dạng năm-tháng-ngày, ví dụ 2026-07-01.");
        }
        day
    }

    fn maybe_day(&mut self, field: &str, text: &str) -> Option<NaiveDate> {
        if text.is_empty() { None } else { self.day(field, text) }
    }

    /// A way of those that the method takes.
    fn method(&mut self, method: proto::PaymentMethod, taken: [Method; 2]) -> Method {
        let asked = match method {
            proto::PaymentMethod::Unspecified => None,
            proto::PaymentMethod::Gateway => Some(Method::Gateway),
            proto::PaymentMethod::BankTransfer => Some(Method::BankTransfer),
            proto::PaymentMethod::Cash => Some(Method::Cash),
            proto::PaymentMethod::Postal => Some(Method::Postal),
        };
        asked.filter(|method| taken.contains(method)).unwrap_or_else(|| {
            self.add("method", "METHOD_INVALID", "Cách thanh toán không dùng được ở đây.");
            taken[0]
        })
    }
}

pub(super) fn order_name(name: &str) -> Result<FeeOrderId, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", name);
    read.wrong.finish()?;
    Ok(id)
}

pub(super) fn state(request: &proto::ListFeeOrdersRequest) -> Option<State> {
    match request.state() {
        proto::FeeOrderState::Unspecified => None,
        proto::FeeOrderState::ToAssess => Some(State::ToAssess),
        proto::FeeOrderState::Due => Some(State::Due),
        proto::FeeOrderState::Paid => Some(State::Paid),
        proto::FeeOrderState::NothingDue => Some(State::NothingDue),
        proto::FeeOrderState::Lapsed => Some(State::Lapsed),
        proto::FeeOrderState::Cancelled => Some(State::Cancelled),
    }
}

pub(super) fn estimate(
    request: proto::EstimateFeesRequest,
    day: NaiveDate,
) -> Result<(Filed, serde_json::Value), Fault> {
    let mut read = Reader::default();
    let channel = match request.channel() {
        WayChannel::Online | WayChannel::Unspecified => Channel::Online,
        WayChannel::Desk => Channel::Desk,
        WayChannel::Post => Channel::Post,
    };
    let version = read.name("procedure_version", &request.procedure_version);
    let case = read.text("case_code", &request.case_code, LINE, false);
    let answers = request.answers.unwrap_or_default();
    if answers.encoded_len() > ANSWERS {
        read.add("answers", "TOO_LONG", format!("Không được quá {} KiB.", ANSWERS / 1024));
    }
    read.wrong.finish()?;
    Ok((Filed { version, case, channel, day }, json::from_struct(answers)))
}

pub(super) fn assess(request: proto::AssessFeesRequest) -> Result<AssessFees, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    if request.fees.is_empty() {
        read.add("fees", "REQUIRED", "Cần ít nhất một khoản phí, lệ phí.");
    }
    if request.fees.len() > ITEMS {
        read.add("fees", "TOO_MANY", format!("Không được quá {ITEMS} khoản."));
    }
    let mut fees: Vec<Assessed> = Vec::new();
    for (n, fee) in request.fees.iter().take(ITEMS).enumerate() {
        let at = |field: &str| format!("fees.{n}.{field}");
        let code = read.text(&at("fee_code"), &fee.fee_code, LINE, true);
        if fees.iter().any(|other| other.code == code) {
            read.add(&at("fee_code"), "REPEATED", "Mỗi khoản chỉ ghi một lần.");
        }
        let amount = read.amount(&at("amount_vnd"), fee.amount_vnd);
        let off = read.amount(&at("reduction_vnd"), fee.reduction_vnd);
        if off > amount && amount >= Vnd::ZERO {
            read.add(&at("reduction_vnd"), "OUT_OF_RANGE", "Số tiền giảm không được quá mức thu.");
        }
        let reduced = off > Vnd::ZERO;
        let basis = read.text(&at("reduction_basis"), &fee.reduction_basis, WORDS, reduced);
        let reduction = reduced.then_some(Reduction { amount: off, basis });
        fees.push(Assessed { code, charge: Charge { reduction, ..Charge::full(amount) } });
    }
    let reason = read.text("reason", &request.reason, WORDS, false);
    read.wrong.finish()?;
    Ok(AssessFees { id, etag: request.etag, fees, reason })
}

pub(super) fn begin(request: &proto::BeginPaymentRequest) -> Result<Begin, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let method = read.method(request.method(), [Method::Gateway, Method::BankTransfer]);
    read.wrong.finish()?;
    Ok(Begin { id, method, english: request.english })
}

pub(super) fn collect(request: proto::CollectPaymentRequest) -> Result<Collect, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let method = read.method(request.method(), [Method::Cash, Method::Postal]);
    let amount = read.amount("amount_vnd", request.amount_vnd);
    read.wrong.finish()?;
    Ok(Collect { id, etag: request.etag, method, amount })
}

pub(super) fn replace(request: &proto::ReplaceReceiptRequest) -> Result<ReplaceReceipt, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let receipt = read.name("receipt", &request.receipt);
    let reason = read.text("reason", &request.reason, WORDS, true);
    read.wrong.finish()?;
    Ok(ReplaceReceipt { id, receipt, reason })
}

pub(super) fn printed(
    request: &proto::PrintReceiptRequest,
) -> Result<(FeeOrderId, ReceiptId), Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let receipt = read.name("receipt", &request.receipt);
    read.wrong.finish()?;
    Ok((id, receipt))
}

pub(super) fn refund(request: &proto::RequestRefundRequest) -> Result<RequestRefund, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let payment = read.name("payment", &request.payment);
    let amount = read.amount("amount_vnd", request.amount_vnd);
    let reason = read.text("reason", &request.reason, WORDS, true);
    let fee = read.text("fee_code", &request.fee_code, LINE, false);
    read.wrong.finish()?;
    let amount = (amount > Vnd::ZERO).then_some(amount);
    let fee = (!fee.is_empty()).then_some(fee);
    Ok(RequestRefund { id, payment, amount, fee, reason })
}

pub(super) fn decide(request: &proto::DecideRefundRequest) -> Result<Decide, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let refund = read.name("refund", &request.refund);
    read.wrong.finish()?;
    Ok(Decide { id, refund, approve: request.approve })
}

pub(super) fn complete(
    request: &proto::CompleteRefundRequest,
) -> Result<(FeeOrderId, RefundId, bool), Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let refund = read.name("refund", &request.refund);
    read.wrong.finish()?;
    Ok((id, refund, request.in_cash))
}

pub(super) fn till(request: &proto::CloseTillRequest) -> Result<(AgencyId, Vnd), Fault> {
    let mut read = Reader::default();
    let agency = read.name("agency", &request.agency);
    let counted = read.amount("counted_vnd", request.counted_vnd);
    read.wrong.finish()?;
    Ok((agency, counted))
}

pub(super) fn agency(name: &str) -> Result<AgencyId, Fault> {
    let mut read = Reader::default();
    let agency = read.name("agency", name);
    read.wrong.finish()?;
    Ok(agency)
}

pub(super) fn balances(
    request: &proto::ListBalancesRequest,
) -> Result<(AgencyId, Option<NaiveDate>), Fault> {
    let mut read = Reader::default();
    let agency = read.name("agency", &request.agency);
    let day = read.maybe_day("day", &request.day);
    read.wrong.finish()?;
    Ok((agency, day))
}

pub(super) fn statement(request: proto::ImportStatementRequest) -> Result<Import, Fault> {
    let mut read = Reader::default();
    if request.content.is_empty() {
        read.add("content", "REQUIRED", "Vui lòng chọn tệp sao kê.");
    }
    if request.content.len() > STATEMENT {
        read.add("content", "TOO_LONG", "Tệp sao kê quá 3 MB, vui lòng chia theo ngày.");
    }
    // Banks and people write it in groups; a statement's own number is read alike.
    let account = read.text("account", &request.account, LINE, false);
    let account = account.split_whitespace().collect();
    read.wrong.finish()?;
    Ok(Import { content: request.content, account })
}

pub(super) fn statement_name(name: &str) -> Result<StatementId, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", name);
    read.wrong.finish()?;
    Ok(id)
}

pub(super) fn resolve(request: &proto::ResolveDiscrepancyRequest) -> Result<Resolve, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let outcome = match request.outcome() {
        proto::DiscrepancyOutcome::Assigned => Some(Outcome::Assigned),
        proto::DiscrepancyOutcome::GatewayPayout => Some(Outcome::GatewayPayout),
        proto::DiscrepancyOutcome::CashDeposit => Some(Outcome::CashDeposit),
        proto::DiscrepancyOutcome::PostalPayout => Some(Outcome::PostalPayout),
        proto::DiscrepancyOutcome::WrittenOff => Some(Outcome::WrittenOff),
        proto::DiscrepancyOutcome::Noted => Some(Outcome::Noted),
        proto::DiscrepancyOutcome::Unspecified | proto::DiscrepancyOutcome::Found => None,
    };
    if outcome.is_none() {
        read.add("outcome", "REQUIRED", "Vui lòng chọn cách xử lý.");
    }
    let assigned = outcome == Some(Outcome::Assigned);
    let payment = assigned.then(|| read.name("payment", &request.payment));
    let agency = match outcome {
        Some(Outcome::CashDeposit | Outcome::PostalPayout) => {
            Some(read.name("agency", &request.agency))
        }
        Some(Outcome::GatewayPayout) if !request.agency.is_empty() => {
            Some(read.name("agency", &request.agency))
        }
        _ => None,
    };
    let words = read.text("resolution", &request.resolution, WORDS, true);
    read.wrong.finish()?;
    Ok(Resolve { id, outcome: outcome.unwrap_or(Outcome::Noted), payment, agency, words })
}

pub(super) fn day(text: &str) -> Result<NaiveDate, Fault> {
    let mut read = Reader::default();
    let day = read.day("day", text);
    read.wrong.finish()?;
    Ok(day.unwrap_or_default())
}

pub(super) fn policy(request: proto::PublishFeePolicyRequest) -> Result<Terms, Fault> {
    let mut read = Reader::default();
    let given = request.policy.unwrap_or_default();
    let title = read.text("policy.display_name", &given.display_name, LINE, true);
    let basis = read.text("policy.legal_basis", &given.legal_basis, WORDS, true);
    let valid_from = read.day("policy.valid_from", &given.valid_from).unwrap_or_default();
    let valid_to = read.maybe_day("policy.valid_to", &given.valid_to);
    if valid_to.is_some_and(|last| last < valid_from) {
        read.add("policy.valid_to", "OUT_OF_RANGE", "Ngày cuối không được trước ngày đầu.");
    }
    let percent = u8::try_from(given.percent).ok().filter(|percent| (1..=100).contains(percent));
    if percent.is_none() {
        read.add("policy.percent", "OUT_OF_RANGE", "Tỷ lệ giảm phải từ 1 đến 100.");
    }
    if given.procedure_numbers.len() > ITEMS {
        let text = format!("Không được quá {ITEMS} thủ tục.");
        read.add("policy.procedure_numbers", "TOO_MANY", text);
    }
    let numbers = given.procedure_numbers.iter().take(ITEMS);
    let procedures =
        numbers.map(|number| read.text("policy.procedure_numbers", number, LINE, true)).collect();
    read.wrong.finish()?;
    let kind = match given.kind() {
        proto::ChargeKind::Unspecified => None,
        proto::ChargeKind::Charge => Some(ChargeKind::Charge),
        proto::ChargeKind::Fee => Some(ChargeKind::Fee),
    };
    Ok(Terms {
        title,
        basis,
        valid_from,
        valid_to,
        percent: percent.unwrap_or_default(),
        online_only: given.online_only,
        kind,
        procedures,
    })
}

pub(super) fn end_policy(
    request: &proto::EndFeePolicyRequest,
    today: NaiveDate,
) -> Result<EndPolicy, Fault> {
    let mut read = Reader::default();
    let id = read.name("name", &request.name);
    let last_day = read.day("last_day", &request.last_day);
    if last_day.is_some_and(|last| last < today) {
        read.add("last_day", "OUT_OF_RANGE", "Ngày cuối không được trước ngày hôm nay.");
    }
    read.wrong.finish()?;
    Ok(EndPolicy { id, last_day: last_day.unwrap_or_default() })
}
