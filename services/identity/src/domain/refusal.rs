use motcua_fault::Kind;

/// Every "no" of this service that is not a malformed value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The telephone, e-mail, number, username or client id has an account. Which one is not said.
    #[error("Đã có tài khoản dùng thông tin này. Nếu là của bạn, vui lòng đăng nhập.")]
    AccountExists,
    /// There is no such account, or none the caller may know of.
    #[error("Không tìm thấy tài khoản.")]
    AccountNotFound,
    /// Unknown login, wrong password or disabled account: one answer for all three.
    #[error("Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản không được phép đăng nhập.")]
    SignInRefused,
    /// Too many wrong tries, whether or not the account exists.
    #[error("Đăng nhập sai quá nhiều lần. Vui lòng thử lại sau {retry_after_s} giây.")]
    SignInLocked {
        /// When to try again, in seconds.
        retry_after_s: u64,
    },
    /// The password is right, and an administrator knows it.
    #[error("Mật khẩu này do quản trị đặt. Vui lòng đổi mật khẩu trước khi đăng nhập.")]
    PasswordChangeRequired,
    /// The new password is the old one.
    #[error("Mật khẩu mới phải khác mật khẩu hiện tại.")]
    PasswordUnchanged,
    /// All hashing places are taken, and so is the queue.
    #[error("Hệ thống đang bận, vui lòng thử lại sau ít giây.")]
    Busy,
    /// An unknown, expired or spent refresh token, or an ended session: one answer for all.
    #[error("Phiên đăng nhập đã hết hoặc không còn hiệu lực. Vui lòng đăng nhập lại.")]
    RefreshRefused,
    /// A system asked for more than its account holds.
    #[error("Hệ thống không được cấp phạm vi quyền «{0}».")]
    ScopeRefused(String),
    /// The administrator's or auditor's agency does not reach the account or the agency.
    #[error("Tài khoản hoặc cơ quan này ngoài phạm vi quản lý của bạn.")]
    OutOfReach,
    /// Commands on the server are for administrators of the province.
    #[error("Quản trị viên phải thuộc cơ quan cấp tỉnh, không phải cơ quan trực thuộc.")]
    NotTheProvince,
    /// No such agency in the catalog.
    #[error("Không tìm thấy cơ quan trong danh mục.")]
    AgencyNotFound,
    /// Roles belong to officers alone.
    #[error("Chỉ tài khoản cán bộ mới có vai trò.")]
    NotAnOfficer,
    /// Secrets belong to systems alone.
    #[error("Chỉ tài khoản hệ thống mới có khóa bí mật.")]
    NotASystem,
    /// A system has no password.
    #[error("Tài khoản hệ thống không có mật khẩu; vui lòng thay khóa bí mật của hệ thống.")]
    NoPassword,
    /// The officer has that role in that agency.
    #[error("Cán bộ đã có vai trò này tại cơ quan này.")]
    GrantRepeated,
    /// The officer has no such role in that agency.
    #[error("Cán bộ không có vai trò này tại cơ quan này.")]
    GrantNotFound,
    /// Nobody could manage the province's accounts any more.
    #[error("Đây là quản trị viên cuối cùng của tỉnh, không thể thu hồi hoặc vô hiệu hóa.")]
    LastAdministrator,
    /// The command that makes the first one was given again.
    #[error("Tỉnh đã có quản trị viên; quản trị viên mới do quản trị viên hiện có tạo.")]
    AdministratorExists,
    /// Disabling oneself.
    #[error("Không thể tự vô hiệu hóa tài khoản của chính mình.")]
    OwnAccount,
    /// Disabled before.
    #[error("Tài khoản đã bị vô hiệu hóa.")]
    AccountDisabled,
    /// Not disabled.
    #[error("Tài khoản đang hoạt động.")]
    AccountActive,
    /// Once set, the number of a person is that person's.
    #[error("Số định danh cá nhân đã khai không tự đổi được; vui lòng liên hệ bộ phận một cửa.")]
    CitizenNumberSet,
    /// Somebody else wrote in between.
    #[error("Thông tin đã được thay đổi ở nơi khác. Vui lòng tải lại rồi sửa tiếp.")]
    EtagStale,
}

impl motcua_fault::Refusal for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::AccountExists | Self::GrantRepeated => Kind::AlreadyExists,
            Self::AccountNotFound | Self::AgencyNotFound | Self::GrantNotFound => Kind::NotFound,
            Self::SignInRefused | Self::RefreshRefused => Kind::Unauthenticated,
            Self::SignInLocked { .. } => Kind::ResourceExhausted,
            Self::Busy => Kind::Unavailable,
            Self::ScopeRefused(_) | Self::OutOfReach => Kind::PermissionDenied,
            Self::EtagStale => Kind::Aborted,
            Self::PasswordChangeRequired
            | Self::PasswordUnchanged
            | Self::NotTheProvince
            | Self::NotAnOfficer
            | Self::NotASystem
            | Self::NoPassword
            | Self::LastAdministrator
            | Self::AdministratorExists
            | Self::OwnAccount
            | Self::AccountDisabled
            | Self::AccountActive
            | Self::CitizenNumberSet => Kind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::AccountExists => "ACCOUNT_EXISTS",
            Self::AccountNotFound => "ACCOUNT_NOT_FOUND",
            Self::SignInRefused => "SIGN_IN_REFUSED",
            Self::SignInLocked { .. } => "SIGN_IN_LOCKED",
            Self::PasswordChangeRequired => "PASSWORD_CHANGE_REQUIRED",
            Self::PasswordUnchanged => "PASSWORD_UNCHANGED",
            Self::Busy => "BUSY",
            Self::RefreshRefused => "REFRESH_REFUSED",
            Self::ScopeRefused(_) => "SCOPE_REFUSED",
            Self::OutOfReach => "OUT_OF_REACH",
            Self::AgencyNotFound => "AGENCY_NOT_FOUND",
            Self::NotTheProvince => "NOT_THE_PROVINCE",
            Self::NotAnOfficer => "NOT_AN_OFFICER",
            Self::NotASystem => "NOT_A_SYSTEM",
            Self::NoPassword => "NO_PASSWORD",
            Self::GrantRepeated => "GRANT_REPEATED",
            Self::GrantNotFound => "GRANT_NOT_FOUND",
            Self::LastAdministrator => "LAST_ADMINISTRATOR",
            Self::AdministratorExists => "ADMINISTRATOR_EXISTS",
            Self::OwnAccount => "OWN_ACCOUNT",
            Self::AccountDisabled => "ACCOUNT_DISABLED",
            Self::AccountActive => "ACCOUNT_ACTIVE",
            Self::CitizenNumberSet => "CITIZEN_NUMBER_SET",
            Self::EtagStale => "ETAG_STALE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::SignInLocked { retry_after_s } => {
                vec![("retry_after_s", retry_after_s.to_string())]
            }
            Self::ScopeRefused(scope) => vec![("scope", scope.clone())],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
