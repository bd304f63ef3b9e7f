//! What happens to a dossier, in this service's own words. `events::publish`
//! decides which of it the others hear.

use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, PaperId, ResultId, SupplementId};
use motcua_quarantine::Unfit;

use super::{Appointment, ReturnWay, State, Supplement};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The one who filed.
    Filer(AccountId),
    /// The one who filed, by Zalo; who has no account is known by the telephone alone.
    Zalo(Option<AccountId>),
    /// An officer of the receiving desk.
    Desk(AccountId),
    /// Workflow told us.
    Workflow,
    /// Payment told us.
    Payment,
    /// A deadline passed.
    Timer,
}

impl By {
    /// The account, where somebody acts.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Filer(account) | Self::Desk(account) => Some(account),
            Self::Zalo(account) => account,
            Self::Workflow | Self::Payment | Self::Timer => None,
        }
    }

    /// The word in rows.
    pub const fn capacity(self) -> &'static str {
        match self {
            Self::Filer(_) | Self::Zalo(_) => "citizen",
            Self::Desk(_) => "desk_officer",
            Self::Workflow => "workflow",
            Self::Payment => "payment",
            Self::Timer => "system",
        }
    }
}

/// Who acts, when, and why.
#[derive(Debug, Clone)]
pub struct Hand {
    /// Who.
    pub by: By,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in their words; personal data.
    pub why: String,
}

/// Why a dossier ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// The citizen withdrew it.
    Withdrawn,
    /// A supplement never came.
    SupplementExpired,
    /// Processing stopped for its own reason.
    Process,
    /// What was owed was not paid in time.
    PaymentLapsed,
}

impl StopCause {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::SupplementExpired => "supplement_expired",
            Self::Process => "process",
            Self::PaymentLapsed => "payment_lapsed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Withdrawn, Self::SupplementExpired, Self::Process, Self::PaymentLapsed]
            .into_iter()
            .find(|cause| cause.as_str() == word)
    }
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A draft was begun.
    Created,
    /// Filed online.
    Submitted,
    /// Accepted, with the appointment.
    Accepted(Box<Appointment>),
    /// The citizen was asked.
    SupplementRequested(Supplement),
    /// The specialist was told that the citizen need not be asked.
    SupplementDeclined {
        /// The specialist's ask.
        ask: SupplementId,
    },
    /// The citizen answered.
    SupplementProvided(Supplement),
    /// The citizen did not answer in time.
    SupplementExpired(Supplement),
    /// Refused at the desk, or for want of a supplement.
    Rejected,
    /// The citizen wants it back.
    WithdrawalRequested,
    /// Ended without a result.
    Stopped {
        /// Why.
        cause: StopCause,
        /// It never reached processing.
        before_acceptance: bool,
    },
    /// The result is at the desk.
    ResultReady {
        /// Workflow's result.
        result: ResultId,
        /// How the citizen wants it.
        way: ReturnWay,
    },
    /// The citizen has it.
    ResultReturned {
        /// Workflow's result.
        result: ResultId,
        /// How.
        way: ReturnWay,
    },
    /// Nothing more happens.
    Closed,
    /// Officers began.
    ProcessStarted,
    /// A specialist asked the desk.
    SupplementNeeded {
        /// The ask.
        ask: SupplementId,
    },
    /// The appointment moved.
    DueDateMoved,
    /// Processing stopped; the notice is owed.
    ProcessStopped,
    /// Too late to withdraw; it goes on.
    WithdrawalRefused,
    /// A paper's file was found harmful, or can never be examined.
    PaperQuarantined {
        /// The paper.
        paper: PaperId,
        /// The component it is for.
        code: String,
        /// What people call that.
        title: String,
        /// Why.
        unfit: Unfit,
    },
    /// The one who filed sent pictures through Zalo, and confirmed them.
    PicturesSent {
        /// How many.
        papers: usize,
    },
    /// Looked at again, a paper's file was found clean.
    PaperReleased,
    /// It waits until what is owed is paid.
    PaymentAwaited {
        /// Until when.
        due_at: DateTime<Utc>,
    },
    /// It goes on: what was owed is paid.
    PaymentMade,
    /// Something is owed, or paid, and the dossier stays where it is.
    FinanceNoted {
        /// It is paid.
        paid: bool,
    },
}

impl Event {
    /// The verb of the timeline.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Created => "create",
            Self::Submitted => "submit",
            Self::Accepted(_) => "accept",
            Self::SupplementRequested(_) => "request_supplement",
            Self::SupplementDeclined { .. } => "decline_supplement",
            Self::SupplementProvided(_) => "provide_supplement",
            Self::SupplementExpired(_) => "expire_supplement",
            Self::Rejected => "reject",
            Self::WithdrawalRequested => "request_withdrawal",
            Self::Stopped { .. } => "stop",
            Self::ResultReady { .. } => "result_ready",
            Self::ResultReturned { .. } => "return_result",
            Self::Closed => "close",
            Self::ProcessStarted => "start_processing",
            Self::SupplementNeeded { .. } => "need_supplement",
            Self::DueDateMoved => "move_due_date",
            Self::ProcessStopped => "stop_processing",
            Self::WithdrawalRefused => "refuse_withdrawal",
            Self::PaperQuarantined { .. } => "quarantine_paper",
            Self::PicturesSent { .. } => "send_pictures",
            Self::PaperReleased => "release_paper",
            Self::PaymentAwaited { .. } => "await_payment",
            Self::PaymentMade | Self::FinanceNoted { paid: true } => "settle_payment",
            Self::FinanceNoted { paid: false } => "request_payment",
        }
    }
}

/// What the citizen and the public read of an act; `None`: it is the agency's own affair.
pub fn public_text(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "create" => "Hồ sơ được tạo.",
        "submit" => "Hồ sơ đã nộp trực tuyến.",
        "accept" => "Hồ sơ được tiếp nhận và hẹn ngày trả kết quả.",
        "request_supplement" => "Bộ phận một cửa yêu cầu bổ sung, hoàn thiện hồ sơ.",
        "send_pictures" => "Người nộp đã gửi ảnh giấy tờ qua Zalo.",
        "provide_supplement" => "Người nộp đã bổ sung hồ sơ.",
        "expire_supplement" => "Đã hết thời hạn bổ sung hồ sơ.",
        "reject" => "Hồ sơ không được tiếp nhận.",
        "request_withdrawal" => "Người nộp yêu cầu rút hồ sơ.",
        "stop" => "Hồ sơ dừng xử lý.",
        "result_ready" => "Hồ sơ đã xử lý xong, kết quả đang ở bộ phận một cửa.",
        "return_result" => "Kết quả đã được trả.",
        "close" => "Hồ sơ được đóng.",
        "start_processing" => "Cơ quan có thẩm quyền bắt đầu xử lý.",
        "move_due_date" => "Ngày hẹn trả kết quả được điều chỉnh.",
        "stop_processing" => "Việc xử lý đã dừng, chờ thông báo của bộ phận một cửa.",
        "quarantine_paper" => "Một giấy tờ không qua được kiểm tra an toàn, cần nộp tệp khác.",
        "await_payment" | "request_payment" => "Hồ sơ có phí, lệ phí phải nộp.",
        "settle_payment" => "Phí, lệ phí của hồ sơ đã được nộp đủ.",
        "release_paper" => "Một giấy tờ đã được kiểm tra lại và dùng được.",
        "refuse_withdrawal" => "Không rút được vì hồ sơ đã có kết quả giải quyết.",
        _ => return None,
    })
}

/// One thing that happened, as it is recorded.
#[derive(Debug, Clone)]
pub struct Happened {
    /// What.
    pub event: Event,
    /// The dossier's version after it.
    pub version: i64,
    /// Where it led.
    pub state: State,
    /// By whom, when, why.
    pub hand: Hand,
}
