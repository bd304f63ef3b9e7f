use motcua_fault::{Kind, Refusal as Refuses};

/// Every "no" of the catalog's rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another agency bears the code at the same time.
    #[error("Đã có cơ quan khác mang mã định danh {0} trong thời gian này.")]
    AgencyCodeTaken(String),
    /// An agency of this kind does not stand there.
    #[error("Cơ quan loại này không thể trực thuộc cơ quan đã chọn.")]
    AgencyMisplaced,
    /// It has ended.
    #[error("Cơ quan đã chấm dứt hoạt động từ ngày {0}.")]
    AgencyEnded(chrono::NaiveDate),
    /// Its last day lies before its first.
    #[error("Ngày chấm dứt hoạt động phải sau ngày bắt đầu.")]
    AgencyEndsBeforeItBegins,
    /// Who is to take over has ended, or is the agency itself.
    #[error("Cơ quan kế thừa phải còn hoạt động và không được là chính cơ quan này.")]
    SuccessorUnfit,
    /// The agency has a desk with this code.
    #[error("Cơ quan này đã có quầy mang mã {0}.")]
    DeskCodeTaken(String),
    /// There is a field with this code.
    #[error("Đã có lĩnh vực mang mã {0}.")]
    FieldCodeTaken(String),
    /// There is a procedure with this number.
    #[error("Đã có thủ tục mang mã {0}.")]
    NumberTaken(String),
    /// What is abolished is not edited.
    #[error("Thủ tục đã bị bãi bỏ, không sửa được nữa.")]
    ProcedureAbolished,
    /// One draft at a time.
    #[error("Thủ tục đang có một bản nháp; hãy sửa hoặc bỏ bản nháp đó trước.")]
    DraftExists,
    /// What is published never changes.
    #[error("Phiên bản đã công bố thì không sửa được; hãy tạo bản nháp mới.")]
    VersionPublished,
    /// Somebody wrote in between.
    #[error("Nội dung đã được người khác sửa; hãy tải lại rồi thử lại.")]
    EtagMismatch,
    /// A later version does not hold from the past.
    #[error("Ngày có hiệu lực không được sớm hơn {0}.")]
    EffectiveDateTooEarly(chrono::NaiveDate),
    /// What was never published cannot be abolished.
    #[error("Thủ tục chưa có phiên bản nào được công bố.")]
    NeverPublished,
    /// No calendar or no policy holds.
    #[error(
        "Chưa có lịch làm việc hoặc chính sách tính thời hạn cho cơ quan này vào ngày đã chọn."
    )]
    ClockRulesMissing,
    /// A revision does not slip in behind a later one.
    #[error(
        "Lịch làm việc hoặc chính sách mang mã này đã có bản hiệu lực từ ngày {0} hoặc muộn hơn."
    )]
    NotNewest(chrono::NaiveDate),
}

impl Refuses for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::AgencyCodeTaken(_)
            | Self::DeskCodeTaken(_)
            | Self::FieldCodeTaken(_)
            | Self::NumberTaken(_)
            | Self::DraftExists => Kind::AlreadyExists,
            Self::EtagMismatch => Kind::Aborted,
            Self::AgencyEndsBeforeItBegins => Kind::InvalidArgument,
            Self::AgencyMisplaced
            | Self::AgencyEnded(_)
            | Self::SuccessorUnfit
            | Self::ProcedureAbolished
            | Self::VersionPublished
            | Self::EffectiveDateTooEarly(_)
            | Self::NeverPublished
            | Self::ClockRulesMissing
            | Self::NotNewest(_) => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::AgencyCodeTaken(_) => "AGENCY_CODE_TAKEN",
            Self::AgencyMisplaced => "AGENCY_KIND_MISPLACED",
            Self::AgencyEnded(_) => "AGENCY_ENDED",
            Self::AgencyEndsBeforeItBegins => "AGENCY_ENDS_BEFORE_IT_BEGINS",
            Self::SuccessorUnfit => "SUCCESSOR_UNFIT",
            Self::DeskCodeTaken(_) => "DESK_CODE_TAKEN",
            Self::FieldCodeTaken(_) => "FIELD_CODE_TAKEN",
            Self::NumberTaken(_) => "PROCEDURE_NUMBER_TAKEN",
            Self::ProcedureAbolished => "PROCEDURE_ABOLISHED",
            Self::DraftExists => "DRAFT_EXISTS",
            Self::VersionPublished => "VERSION_PUBLISHED",
            Self::EtagMismatch => "ETAG_MISMATCH",
            Self::EffectiveDateTooEarly(_) => "EFFECTIVE_DATE_TOO_EARLY",
            Self::NeverPublished => "NEVER_PUBLISHED",
            Self::ClockRulesMissing => "CLOCK_RULES_MISSING",
            Self::NotNewest(_) => "NOT_NEWEST",
        }
    }
}
