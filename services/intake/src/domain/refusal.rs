//! Every "no" of the domain, with the sentence people read.

use std::fmt;

use chrono::{DateTime, Utc};
use motcua_fault::{Kind, Refusal};
use motcua_ids::AccountId;
use motcua_quarantine::Unfit;

use super::State;

/// Why the state does not allow a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Filed already, so it is not changed.
    NotEditable,
    /// Not a draft any more.
    NotDraft,
    /// Still a draft.
    NotSubmitted,
    /// Another officer was faster.
    AlreadyAccepted,
    /// A fact about processing, of a dossier that was never accepted.
    NotAccepted,
    /// The citizen was asked and has not answered.
    AwaitingCitizen,
    /// Nothing more happens to it.
    DossierEnded,
    /// The citizen was asked already.
    AlreadyAsked,
    /// No specialist's ask waits for the desk.
    NotAskedBySpecialist,
    /// Nothing was asked.
    NotAwaitingSupplement,
    /// The result is decided.
    AlreadyDecided,
    /// Asked for before.
    WithdrawalPending,
    /// Processing goes on.
    ProcessNotStopped,
    /// There is no result at the desk.
    ResultNotReady,
    /// The citizen has the result.
    AlreadyReturned,
    /// The citizen does not have the result.
    NotReturned,
}

impl Why {
    /// The stable code.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NotEditable => "NOT_EDITABLE",
            Self::NotDraft => "NOT_DRAFT",
            Self::NotSubmitted => "NOT_SUBMITTED",
            Self::AlreadyAccepted => "ALREADY_ACCEPTED",
            Self::NotAccepted => "NOT_ACCEPTED",
            Self::AwaitingCitizen => "AWAITING_CITIZEN",
            Self::DossierEnded => "DOSSIER_ENDED",
            Self::AlreadyAsked => "ALREADY_ASKED",
            Self::NotAskedBySpecialist => "NOT_ASKED_BY_SPECIALIST",
            Self::NotAwaitingSupplement => "NOT_AWAITING_SUPPLEMENT",
            Self::AlreadyDecided => "ALREADY_DECIDED",
            Self::WithdrawalPending => "WITHDRAWAL_PENDING",
            Self::ProcessNotStopped => "PROCESS_NOT_STOPPED",
            Self::ResultNotReady => "RESULT_NOT_READY",
            Self::AlreadyReturned => "ALREADY_RETURNED",
            Self::NotReturned => "NOT_RETURNED",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::NotEditable => "Hồ sơ đã nộp nên không sửa được ở bước này.",
            Self::NotDraft => "Hồ sơ không còn là bản nháp.",
            Self::NotSubmitted => "Hồ sơ còn là bản nháp, chưa được nộp.",
            Self::AlreadyAccepted => "Hồ sơ đã được tiếp nhận.",
            Self::NotAccepted => "Hồ sơ chưa được tiếp nhận.",
            Self::AwaitingCitizen => "Hồ sơ đang chờ người nộp bổ sung.",
            Self::DossierEnded => "Hồ sơ đã kết thúc.",
            Self::AlreadyAsked => "Đã có yêu cầu bổ sung đang chờ người nộp trả lời.",
            Self::NotAskedBySpecialist => {
                "Không có đề nghị bổ sung nào của người xử lý đang chờ bộ phận một cửa."
            }
            Self::NotAwaitingSupplement => "Hồ sơ không có yêu cầu bổ sung nào đang chờ.",
            Self::AlreadyDecided => "Hồ sơ đã có kết quả giải quyết nên không rút được nữa.",
            Self::WithdrawalPending => "Yêu cầu rút hồ sơ đã được ghi nhận trước đó.",
            Self::ProcessNotStopped => "Việc xử lý hồ sơ chưa dừng nên chưa thể ra thông báo.",
            Self::ResultNotReady => "Hồ sơ chưa có kết quả để trả.",
            Self::AlreadyReturned => "Kết quả đã được trả trước đó.",
            Self::NotReturned => "Kết quả chưa được trả nên chưa đóng được hồ sơ.",
        }
    }
}

/// A command the dossier's state does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Illegal {
    /// Why.
    pub why: Why,
    /// Where the dossier stands.
    pub state: State,
    /// Who was faster, and when: of an acceptance.
    pub accepted: Option<(AccountId, DateTime<Utc>)>,
}

impl fmt::Display for Illegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why.text())
    }
}

impl Refusal for Illegal {
    fn kind(&self) -> Kind {
        Kind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        self.why.reason()
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        let mut facts = vec![("state", self.state.to_string())];
        if let (Why::AlreadyAccepted, Some((by, at))) = (self.why, &self.accepted) {
            facts.push(("by", by.name()));
            facts.push(("at", at.to_rfc3339()));
        }
        facts
    }
}

/// What the rules refuse beside the state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    /// Citizens of this procedure file at the national portal.
    #[error("Thủ tục này nộp trực tuyến tại Cổng Dịch vụ công quốc gia: {url}")]
    FrontDoorNational {
        /// Where.
        url: String,
    },
    /// The procedure is not filed this way.
    #[error("Thủ tục không nhận hồ sơ theo cách nộp này.")]
    ChannelNotOffered,
    /// Citizens file online, desk officers file the rest.
    #[error("Tài khoản này không tạo được hồ sơ theo cách nộp đã chọn.")]
    ChannelNotYours,
    /// The version has no such case.
    #[error("Thủ tục không có trường hợp này.")]
    CaseUnknown,
    /// The agency does not decide this procedure.
    #[error("Cơ quan được chọn không có thẩm quyền giải quyết thủ tục này.")]
    AgencyNotCompetent,
    /// The agency has no identifier code, so it cannot receive.
    #[error("Cơ quan được chọn không tiếp nhận hồ sơ.")]
    AgencyCannotReceive,
    /// The catalog does not know how long it takes.
    #[error("Danh mục chưa có thời hạn giải quyết cho cách nộp này nên chưa tiếp nhận được.")]
    LimitUnknown,
    /// The case has no such paper.
    #[error("Thành phần hồ sơ «{code}» không có trong trường hợp này.")]
    PaperUnknown {
        /// As asked.
        code: String,
    },
    /// More files than a component may have.
    #[error("Mỗi thành phần hồ sơ nhận tối đa {most} tệp.")]
    TooManyPapers {
        /// How many.
        most: usize,
    },
    /// More papers than a dossier may have.
    #[error("Mỗi hồ sơ nhận tối đa {most} giấy tờ; vui lòng ghép các trang vào một tệp.")]
    DossierFull {
        /// How many.
        most: usize,
    },
    /// More drafts than an account may have.
    #[error("Mỗi tài khoản giữ tối đa {most} bản nháp; vui lòng nộp hoặc xóa bớt bản nháp cũ.")]
    TooManyDrafts {
        /// How many.
        most: u32,
    },
    /// What a citizen declared online is theirs to correct.
    #[error("Hồ sơ nộp trực tuyến do người nộp tự sửa tờ khai từ tài khoản của mình.")]
    CitizensOwn,
    /// It is part of what was filed.
    #[error("Giấy tờ đã nộp không gỡ ra được; vui lòng nộp thêm bản thay thế.")]
    PaperFiled,
    /// It was never filed, so it cannot be used again.
    #[error("Giấy tờ này chưa được nộp nên chưa dùng lại được.")]
    PaperNotFiled,
    /// It exists on paper only.
    #[error("Giấy tờ này không có tệp điện tử.")]
    PaperHasNoFile,
    /// Harmful, or never to be known.
    #[error("{0}")]
    FileUnfit(Unfit),
    /// Not looked at yet.
    #[error("Tệp đang chờ kiểm tra an toàn, vui lòng thử lại sau ít phút.")]
    PaperNotScanned,
    /// The law does not let people be sent back again and again.
    #[error("Đã yêu cầu bổ sung đủ {most} lần ở giai đoạn này.")]
    TooManyRounds {
        /// How often one may ask.
        most: u32,
    },
    /// The time to answer is over.
    #[error("Đã hết thời hạn bổ sung hồ sơ.")]
    SupplementExpired,
    /// The result is handed over once what is owed is paid.
    #[error("Hồ sơ còn phí, lệ phí chưa nộp nên chưa trả kết quả được.")]
    PaymentDue,
    /// Somebody changed it meanwhile.
    #[error("Hồ sơ vừa được thay đổi ở nơi khác, vui lòng tải lại rồi làm tiếp.")]
    EtagMismatch,
    /// What was sent is not what arrived.
    #[error("Tệp bị hỏng khi truyền, vui lòng gửi lại.")]
    ChecksumMismatch,
    /// Not in force, or abolished.
    #[error("Thủ tục này không nộp được hồ sơ ở thời điểm hiện tại.")]
    ProcedureNotOpen,
}

impl Refusal for Denial {
    fn kind(&self) -> Kind {
        match self {
            Self::EtagMismatch => Kind::Aborted,
            Self::ChannelNotYours | Self::CitizensOwn => Kind::PermissionDenied,
            Self::TooManyDrafts { .. } => Kind::ResourceExhausted,
            Self::PaperUnknown { .. } | Self::CaseUnknown | Self::ChecksumMismatch => {
                Kind::InvalidArgument
            }
            _ => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::FrontDoorNational { .. } => "FRONT_DOOR_NATIONAL",
            Self::ChannelNotOffered => "CHANNEL_NOT_OFFERED",
            Self::ChannelNotYours => "CHANNEL_NOT_YOURS",
            Self::CaseUnknown => "CASE_UNKNOWN",
            Self::AgencyNotCompetent => "AGENCY_NOT_COMPETENT",
            Self::AgencyCannotReceive => "AGENCY_CANNOT_RECEIVE",
            Self::LimitUnknown => "LIMIT_UNKNOWN",
            Self::PaperUnknown { .. } => "PAPER_UNKNOWN",
            Self::TooManyPapers { .. } => "TOO_MANY_PAPERS",
            Self::DossierFull { .. } => "DOSSIER_FULL",
            Self::TooManyDrafts { .. } => "TOO_MANY_DRAFTS",
            Self::CitizensOwn => "CITIZENS_OWN",
            Self::PaperFiled => "PAPER_FILED",
            Self::PaperNotFiled => "PAPER_NOT_FILED",
            Self::PaperHasNoFile => "PAPER_HAS_NO_FILE",
            Self::FileUnfit(unfit) => unfit.reason(),
            Self::PaperNotScanned => "PAPER_NOT_SCANNED",
            Self::TooManyRounds { .. } => "TOO_MANY_ROUNDS",
            Self::SupplementExpired => "SUPPLEMENT_EXPIRED",
            Self::PaymentDue => "PAYMENT_DUE",
            Self::EtagMismatch => "ETAG_MISMATCH",
            Self::ChecksumMismatch => "CHECKSUM_MISMATCH",
            Self::ProcedureNotOpen => "PROCEDURE_NOT_OPEN",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FrontDoorNational { url } => vec![("url", url.clone())],
            Self::PaperUnknown { code } => vec![("paper", code.clone())],
            Self::TooManyPapers { most } | Self::DossierFull { most } => {
                vec![("most", most.to_string())]
            }
            Self::FileUnfit(unfit) => unfit.metadata(),
            Self::TooManyDrafts { most } | Self::TooManyRounds { most } => {
                vec![("most", most.to_string())]
            }
            _ => Vec::new(),
        }
    }
}
