use motcua_fault::{Kind, Refusal as Rule};

/// Every "no" of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such message, or it is somebody else's.
    #[error("Không tìm thấy tin nhắn.")]
    MessageUnknown,
    /// Only what is in an inbox can be read.
    #[error("Chỉ đánh dấu đã đọc với tin trong hộp thư của tài khoản.")]
    NotInInbox,
    /// It was handed over or given up before.
    #[error("Tin nhắn đã được xử lý trước đó.")]
    NotQueued,
    /// The preferences were changed by somebody else meanwhile.
    #[error("Tùy chọn nhận tin đã thay đổi, vui lòng tải lại rồi sửa.")]
    EtagMismatch,
    /// There is no such template.
    #[error("Không tìm thấy mẫu tin.")]
    TemplateUnknown,
    /// A system's account works for no agency.
    #[error("Tài khoản hệ thống này chưa được gắn với cơ quan nào.")]
    NoAgency,
    /// A template and its facts do not fit.
    #[error("Mẫu tin không dùng được với nội dung này.")]
    TemplateBroken,
}

impl Rule for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::MessageUnknown | Self::TemplateUnknown => Kind::NotFound,
            Self::NotInInbox | Self::NotQueued => Kind::FailedPrecondition,
            Self::EtagMismatch => Kind::Aborted,
            Self::NoAgency => Kind::PermissionDenied,
            Self::TemplateBroken => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::MessageUnknown | Self::TemplateUnknown => "NOT_FOUND",
            Self::NotInInbox => "NOT_IN_INBOX",
            Self::NotQueued => "MESSAGE_NOT_QUEUED",
            Self::EtagMismatch => "ETAG_MISMATCH",
            Self::NoAgency => "NO_AGENCY",
            Self::TemplateBroken => "TEMPLATE_BROKEN",
        }
    }
}
