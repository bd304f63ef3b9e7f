use motcua_fault::{Kind, Refusal};

/// A value that cannot be what it claims to be. Its text tells how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Too short, too long, or with letters no name has.
    #[error(
        "Họ tên hoặc tên gọi phải có từ 2 đến {0} ký tự, chỉ gồm chữ, số và dấu câu thông thường."
    )]
    Name(usize),
    /// Not a tax code, or its check digit differs.
    #[error(
        "Mã số thuế chưa đúng: cần 10 chữ số, hoặc 10 chữ số kèm «-» và 3 chữ số của chi nhánh."
    )]
    TaxCode,
    /// Not a username.
    #[error(
        "Tên đăng nhập phải có từ 3 đến 40 ký tự gồm a-z, 0-9, «.», «-», «_» và bắt đầu bằng chữ."
    )]
    Username,
    /// Not a client id.
    #[error(
        "Mã hệ thống phải có từ 3 đến 40 ký tự gồm a-z, 0-9, «.», «-», «_» và bắt đầu bằng chữ."
    )]
    ClientId,
    /// Not a scope.
    #[error("Phạm vi quyền «{0}» chưa đúng: cần dạng «dich_vu.hanh_dong» bằng chữ thường.")]
    Scope(String),
    /// Neither telephone nor e-mail.
    #[error("Cần ít nhất một trong hai: số điện thoại hoặc thư điện tử.")]
    ContactMissing,
    /// Neither citizen nor organisation.
    #[error("Cần thông tin của công dân hoặc của tổ chức.")]
    PersonMissing,
    /// Not a resource name of an agency.
    #[error("Cơ quan phải được ghi dạng «agencies/<mã UUID>».")]
    Agency,
    /// Not a resource name of an account.
    #[error("Tài khoản phải được ghi dạng «accounts/<mã UUID>».")]
    Account,
    /// Not a resource name of a dossier.
    #[error("Hồ sơ phải được ghi dạng «dossiers/<mã UUID>».")]
    Dossier,
    /// Not a role.
    #[error("Chưa chọn vai trò, hoặc vai trò không có trong danh mục.")]
    Role,
    /// A kind or a state that the contract does not have.
    #[error("Giá trị lọc không có trong danh mục.")]
    Filter,
    /// Not an instant.
    #[error("Thời điểm không hợp lệ.")]
    Time,
    /// A replaced secret that would end in the past, or not for a long time.
    #[error("Khóa cũ chỉ được giữ hiệu lực đến một thời điểm trong 7 ngày tới.")]
    OldSecretTime,
    /// A citizen number of somebody who is not born yet.
    #[error("Số định danh cá nhân ghi năm sinh chưa đến; vui lòng kiểm tra lại.")]
    NotBornYet,
    /// No reason, or an essay.
    #[error("Cần ghi lý do, tối đa 500 ký tự.")]
    Reason,
    /// Shorter than ten characters.
    #[error("Mật khẩu phải có ít nhất 10 ký tự.")]
    PasswordTooShort,
    /// Longer than 128 characters: hashing it would be an attack on us.
    #[error("Mật khẩu dài tối đa 128 ký tự.")]
    PasswordTooLong,
    /// Among the first that anybody tries.
    #[error("Mật khẩu này quá dễ đoán, vui lòng chọn mật khẩu khác.")]
    PasswordTooCommon,
    /// The telephone, e-mail, number or name itself.
    #[error(
        "Mật khẩu không được trùng hoặc chứa số điện thoại, thư điện tử, số định danh hay tên đăng nhập."
    )]
    PasswordRepeatsContact,
    /// A client secret that somebody may have thought up.
    #[error("Khóa bí mật của hệ thống phải ngẫu nhiên, từ 32 đến 128 ký tự.")]
    SecretTooWeak,
    /// A mask that is empty, unknown, or not for this kind of account.
    #[error("Mục «{0}» không sửa được với tài khoản này.")]
    Mask(String),
    /// A list asked for nothing in particular by someone who may not see all.
    #[error("Cần chọn cơ quan, tài khoản hoặc cán bộ để xem danh sách.")]
    FilterMissing,
    /// A cursor that we did not give.
    #[error("Mốc đọc không hợp lệ, vui lòng đọc lại từ đầu.")]
    Cursor,
}

impl Refusal for Malformed {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Name(_) => "NAME_INVALID",
            Self::TaxCode => "TAX_CODE_INVALID",
            Self::Username => "USERNAME_INVALID",
            Self::ClientId => "CLIENT_ID_INVALID",
            Self::Scope(_) => "SCOPE_INVALID",
            Self::ContactMissing => "CONTACT_MISSING",
            Self::PersonMissing => "PERSON_MISSING",
            Self::Agency => "AGENCY_INVALID",
            Self::Account => "ACCOUNT_INVALID",
            Self::Dossier => "DOSSIER_INVALID",
            Self::Role => "ROLE_INVALID",
            Self::Filter => "FILTER_INVALID",
            Self::Time => "TIME_INVALID",
            Self::OldSecretTime => "OLD_SECRET_TIME_INVALID",
            Self::NotBornYet => "CITIZEN_NUMBER_NOT_BORN_YET",
            Self::Reason => "REASON_MISSING",
            Self::PasswordTooShort => "PASSWORD_TOO_SHORT",
            Self::PasswordTooLong => "PASSWORD_TOO_LONG",
            Self::PasswordTooCommon => "PASSWORD_TOO_COMMON",
            Self::PasswordRepeatsContact => "PASSWORD_REPEATS_CONTACT",
            Self::SecretTooWeak => "SECRET_TOO_WEAK",
            Self::Mask(_) => "MASK_INVALID",
            Self::FilterMissing => "FILTER_MISSING",
            Self::Cursor => "CURSOR_INVALID",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_says_how_to_mend_it_and_what_programs_call_it() {
        let all = [
            (Malformed::Name(100), "NAME_INVALID"),
            (Malformed::TaxCode, "TAX_CODE_INVALID"),
            (Malformed::Username, "USERNAME_INVALID"),
            (Malformed::ClientId, "CLIENT_ID_INVALID"),
            (Malformed::Scope("x".into()), "SCOPE_INVALID"),
            (Malformed::ContactMissing, "CONTACT_MISSING"),
            (Malformed::PersonMissing, "PERSON_MISSING"),
            (Malformed::Agency, "AGENCY_INVALID"),
            (Malformed::Account, "ACCOUNT_INVALID"),
            (Malformed::Dossier, "DOSSIER_INVALID"),
            (Malformed::Role, "ROLE_INVALID"),
            (Malformed::Filter, "FILTER_INVALID"),
            (Malformed::Time, "TIME_INVALID"),
            (Malformed::OldSecretTime, "OLD_SECRET_TIME_INVALID"),
            (Malformed::NotBornYet, "CITIZEN_NUMBER_NOT_BORN_YET"),
            (Malformed::Reason, "REASON_MISSING"),
            (Malformed::PasswordTooShort, "PASSWORD_TOO_SHORT"),
            (Malformed::PasswordTooLong, "PASSWORD_TOO_LONG"),
            (Malformed::PasswordTooCommon, "PASSWORD_TOO_COMMON"),
            (Malformed::PasswordRepeatsContact, "PASSWORD_REPEATS_CONTACT"),
            (Malformed::SecretTooWeak, "SECRET_TOO_WEAK"),
            (Malformed::Mask("x".into()), "MASK_INVALID"),
            (Malformed::FilterMissing, "FILTER_MISSING"),
            (Malformed::Cursor, "CURSOR_INVALID"),
        ];
        for (malformed, reason) in all {
            assert_eq!(malformed.reason(), reason);
            assert_eq!(malformed.kind(), Kind::InvalidArgument);
            assert!(malformed.to_string().ends_with('.'), "{malformed}");
        }
    }
}
