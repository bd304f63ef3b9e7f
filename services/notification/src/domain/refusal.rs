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
    /// Citizens have no systems of their own.
    #[error("Chỉ tài khoản tổ chức đăng ký được địa chỉ nhận tin của hệ thống.")]
    NotAnOrganisation,
    /// There is no such address, or it is somebody else's.
    #[error("Không tìm thấy địa chỉ nhận tin.")]
    WebhookUnknown,
    /// As many are registered as may be.
    #[error("Đã đăng ký đủ số địa chỉ nhận tin cho phép, vui lòng xóa bớt một địa chỉ.")]
    WebhooksTooMany,
    /// It is not public, or not https.
    #[error("Địa chỉ nhận tin phải là https và ở mạng công cộng.")]
    WebhookNotPublic,
    /// Its name leads nowhere.
    #[error("Không tìm được máy chủ của địa chỉ nhận tin, vui lòng kiểm tra tên miền.")]
    WebhookNameUnknown,
    /// It was tried out a moment ago.
    #[error("Vừa gửi thử đến địa chỉ này, vui lòng đợi vài giây.")]
    TriedJustNow,
    /// A template and its facts do not fit.
    #[error("Mẫu tin không dùng được với nội dung này.")]
    TemplateBroken,
}

impl Rule for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::MessageUnknown | Self::TemplateUnknown | Self::WebhookUnknown => Kind::NotFound,
            Self::NotInInbox
            | Self::NotQueued
            | Self::WebhooksTooMany
            | Self::WebhookNotPublic
            | Self::WebhookNameUnknown => Kind::FailedPrecondition,
            Self::TriedJustNow => Kind::ResourceExhausted,
            Self::EtagMismatch => Kind::Aborted,
            Self::NoAgency | Self::NotAnOrganisation => Kind::PermissionDenied,
            Self::TemplateBroken => Kind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::MessageUnknown | Self::TemplateUnknown | Self::WebhookUnknown => "NOT_FOUND",
            Self::NotAnOrganisation => "NOT_AN_ORGANISATION",
            Self::WebhooksTooMany => "WEBHOOKS_TOO_MANY",
            Self::WebhookNotPublic => "WEBHOOK_NOT_PUBLIC",
            Self::WebhookNameUnknown => "WEBHOOK_NAME_UNKNOWN",
            Self::TriedJustNow => "RATE_LIMITED",
            Self::NotInInbox => "NOT_IN_INBOX",
            Self::NotQueued => "MESSAGE_NOT_QUEUED",
            Self::EtagMismatch => "ETAG_MISMATCH",
            Self::NoAgency => "NO_AGENCY",
            Self::TemplateBroken => "TEMPLATE_BROKEN",
        }
    }
}
