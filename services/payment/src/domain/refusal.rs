use motcua_fault::{Kind, Refusal as Rule};
use motcua_vn::Vnd;

use super::give_back::REFUNDS;

/// Every "no" of payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such order, or none the caller may know of.
    #[error("Không tìm thấy yêu cầu nộp phí, lệ phí.")]
    OrderUnknown,
    /// The order was changed by somebody else meanwhile.
    #[error("Yêu cầu nộp phí, lệ phí đã thay đổi, vui lòng tải lại.")]
    EtagMismatch,
    /// It is paid.
    #[error("Hồ sơ đã nộp đủ phí, lệ phí.")]
    AlreadyPaid,
    /// The dossier ended, or the time to pay.
    #[error("Yêu cầu nộp phí, lệ phí đã kết thúc.")]
    OrderEnded,
    /// No line of the order has this code.
    #[error("Hồ sơ không có khoản phí, lệ phí này.")]
    FeeUnknown,
    /// Nothing is to be paid now.
    #[error("Hiện không có khoản nào phải nộp.")]
    NothingDue,
    /// This deployment does not take money this way.
    #[error("Cách thanh toán này chưa được cung cấp.")]
    MethodNotOffered,
    /// More attempts than anybody needs.
    #[error("Đã thử thanh toán quá nhiều lần, vui lòng nộp tại bộ phận một cửa.")]
    TooManyAttempts,
    /// Another sum than what is owed.
    #[error("Số tiền không khớp: phải nộp {expected}.")]
    AmountDiffers {
        /// What it has to be.
        expected: Vnd,
    },
    /// There is no such attempt in the order.
    #[error("Không tìm thấy lần thanh toán.")]
    PaymentUnknown,
    /// Its money is not here.
    #[error("Lần thanh toán này chưa thành công nên không có tiền để hoàn.")]
    PaymentNotSettled,
    /// More than is left of what the payment brought.
    #[error("Số tiền hoàn vượt quá số còn lại của lần thanh toán: {left}.")]
    RefundTooLarge {
        /// What is left.
        left: Vnd,
    },
    /// More refunds than anybody needs; what was rejected is not counted.
    #[error(
        "Hồ sơ đã có {} yêu cầu hoàn tiền; vui lòng nhờ người duyệt từ chối các yêu cầu chưa duyệt rồi gộp lại thành một yêu cầu.",
        REFUNDS
    )]
    TooManyRefunds,
    /// So many that were rejected that no more are taken.
    #[error("Hồ sơ đã có quá nhiều yêu cầu hoàn tiền bị từ chối, không nhận thêm được nữa.")]
    RefundsExhausted,
    /// There is no such refund in the order.
    #[error("Không tìm thấy yêu cầu hoàn tiền.")]
    RefundUnknown,
    /// Somebody has approved or rejected it.
    #[error("Yêu cầu hoàn tiền đã được quyết định.")]
    RefundDecided,
    /// Nobody approves his own.
    #[error("Người duyệt hoàn tiền phải là người khác với người đề nghị.")]
    SecondPersonNeeded,
    /// It has to be approved first.
    #[error("Yêu cầu hoàn tiền chưa được duyệt hoặc đã hoàn xong.")]
    RefundNotApproved,
    /// The gateway does it.
    #[error("Khoản này do cổng thanh toán hoàn, không hoàn tại quầy.")]
    RefundByGateway,
    /// There is no such receipt in the order.
    #[error("Không tìm thấy biên lai.")]
    ReceiptUnknown,
    /// It was cancelled before.
    #[error("Biên lai này đã hủy.")]
    ReceiptCancelled,
    /// No platform wrote a bill for it, or has not yet.
    #[error("Chưa có chứng từ của nền tảng thanh toán, vui lòng in biên lai của cơ quan thu.")]
    BillAbsent,
    /// The day's till is closed.
    #[error("Quỹ của ngày hôm nay đã chốt, chỉ thu và hoàn tiền mặt được từ ngày mai.")]
    TillClosed,
    /// A statement of another account than the one people transfer to.
    #[error("Sao kê không phải của tài khoản thu phí, lệ phí.")]
    AccountUnknown,
    /// There is no such statement.
    #[error("Không tìm thấy sao kê.")]
    StatementUnknown,
    /// There is no such discrepancy, or none the caller may know of.
    #[error("Không tìm thấy chênh lệch đối soát.")]
    DiscrepancyUnknown,
    /// Somebody was faster.
    #[error("Chênh lệch này đã được xử lý.")]
    AlreadyResolved,
    /// Such a discrepancy does not end so.
    #[error("Không thể xử lý chênh lệch này theo cách đã chọn.")]
    OutcomeInvalid,
    /// The signature of what the payer brought back does not hold.
    #[error("Chữ ký của cổng thanh toán không hợp lệ.")]
    SignatureInvalid,
}

impl Rule for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::OrderUnknown
            | Self::PaymentUnknown
            | Self::RefundUnknown
            | Self::ReceiptUnknown
            | Self::StatementUnknown
            | Self::DiscrepancyUnknown => Kind::NotFound,
            Self::EtagMismatch => Kind::Aborted,
            Self::FeeUnknown
            | Self::AmountDiffers { .. }
            | Self::RefundTooLarge { .. }
            | Self::AccountUnknown
            | Self::OutcomeInvalid
            | Self::SignatureInvalid => Kind::InvalidArgument,
            Self::SecondPersonNeeded => Kind::PermissionDenied,
            Self::TooManyAttempts | Self::TooManyRefunds | Self::RefundsExhausted => {
                Kind::ResourceExhausted
            }
            Self::AlreadyPaid
            | Self::OrderEnded
            | Self::NothingDue
            | Self::MethodNotOffered
            | Self::PaymentNotSettled
            | Self::RefundDecided
            | Self::RefundNotApproved
            | Self::RefundByGateway
            | Self::ReceiptCancelled
            | Self::AlreadyResolved
            | Self::BillAbsent
            | Self::TillClosed => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::OrderUnknown
            | Self::PaymentUnknown
            | Self::RefundUnknown
            | Self::ReceiptUnknown
            | Self::StatementUnknown
            | Self::DiscrepancyUnknown => "NOT_FOUND",
            Self::AccountUnknown => "ACCOUNT_UNKNOWN",
            Self::AlreadyResolved => "ALREADY_RESOLVED",
            Self::OutcomeInvalid => "OUTCOME_INVALID",
            Self::EtagMismatch => "ETAG_MISMATCH",
            Self::AlreadyPaid => "ALREADY_PAID",
            Self::OrderEnded => "ORDER_ENDED",
            Self::FeeUnknown => "FEE_UNKNOWN",
            Self::NothingDue => "NOTHING_DUE",
            Self::MethodNotOffered => "METHOD_NOT_OFFERED",
            Self::TooManyAttempts => "TOO_MANY_ATTEMPTS",
            Self::AmountDiffers { .. } => "AMOUNT_DIFFERS",
            Self::PaymentNotSettled => "PAYMENT_NOT_SETTLED",
            Self::RefundTooLarge { .. } => "REFUND_TOO_LARGE",
            Self::TooManyRefunds => "TOO_MANY_REFUNDS",
            Self::RefundsExhausted => "REFUNDS_EXHAUSTED",
            Self::RefundDecided => "REFUND_DECIDED",
            Self::SecondPersonNeeded => "SECOND_PERSON_NEEDED",
            Self::RefundNotApproved => "REFUND_NOT_APPROVED",
            Self::RefundByGateway => "REFUND_BY_GATEWAY",
            Self::ReceiptCancelled => "RECEIPT_CANCELLED",
            Self::BillAbsent => "BILL_ABSENT",
            Self::TillClosed => "TILL_CLOSED",
            Self::SignatureInvalid => "SIGNATURE_INVALID",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::AmountDiffers { expected } => vec![("expected_vnd", expected.dong().to_string())],
            Self::RefundTooLarge { left } => vec![("left_vnd", left.dong().to_string())],
            _ => Vec::new(),
        }
    }
}
