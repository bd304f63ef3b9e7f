use motcua_fault::{Kind, Refusal};

/// Why a sign-in at a provider opens no session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No provider of that name in the configuration.
    #[error("Không có hệ thống đăng nhập này. Vui lòng chọn cách đăng nhập khác.")]
    ProviderUnknown,
    /// Away, slow, or answering what no provider answers.
    #[error(
        "Hệ thống đăng nhập bên ngoài tạm thời không phản hồi. Vui lòng thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu."
    )]
    ProviderUnavailable,
    /// Not one of the configured addresses.
    #[error("Địa chỉ quay về sau khi đăng nhập chưa được đăng ký.")]
    RedirectUriRefused,
    /// No ticket of ours, or an old one.
    #[error("Lần đăng nhập này đã quá hạn. Vui lòng đăng nhập lại từ đầu.")]
    Expired,
    /// What came back belongs to another sign-in.
    #[error("Kết quả đăng nhập không thuộc lần đăng nhập này. Vui lòng đăng nhập lại từ đầu.")]
    StateWrong,
    /// The provider does not know the code, or no longer.
    #[error("Mã đăng nhập không còn hiệu lực. Vui lòng đăng nhập lại từ đầu.")]
    CodeRefused,
    /// The ticket or the token has opened a session before.
    #[error("Kết quả đăng nhập này đã được dùng. Vui lòng đăng nhập lại từ đầu.")]
    Replayed,
    /// No apps are configured whose tokens would be taken.
    #[error("Hệ thống đăng nhập này không cho đổi mã định danh của ứng dụng lấy phiên đăng nhập.")]
    ExchangeRefused,
    /// Not a signed token with claims of the right shape.
    #[error("Mã định danh của hệ thống đăng nhập không đọc được. Vui lòng đăng nhập lại từ đầu.")]
    Malformed,
    /// Unsigned, signed with a shared secret, or with what is not allowed.
    #[error("Mã định danh được ký theo cách không được chấp nhận.")]
    AlgorithmRefused,
    /// None of the provider's keys.
    #[error("Mã định danh được ký bằng khóa không rõ nguồn gốc. Vui lòng đăng nhập lại từ đầu.")]
    KeyUnknown,
    /// Changed, or signed by somebody else.
    #[error("Chữ ký của mã định danh không đúng. Vui lòng đăng nhập lại từ đầu.")]
    SignatureWrong,
    /// Issued by somebody else.
    #[error("Mã định danh do hệ thống khác cấp.")]
    IssuerWrong,
    /// Made for somebody else.
    #[error("Mã định danh được cấp cho ứng dụng khác.")]
    AudienceWrong,
    /// Its life is over.
    #[error("Mã định danh đã hết hạn. Vui lòng đăng nhập lại từ đầu.")]
    TokenExpired,
    /// Its life has not begun: a clock is wrong.
    #[error("Mã định danh chưa đến lúc có hiệu lực. Vui lòng thử lại sau ít phút.")]
    NotYetValid,
    /// Issued too long ago to open a session.
    #[error("Mã định danh được cấp đã lâu. Vui lòng đăng nhập lại từ đầu.")]
    TooOld,
    /// Made for another sign-in.
    #[error("Mã định danh không thuộc lần đăng nhập này. Vui lòng đăng nhập lại từ đầu.")]
    NonceWrong,
    /// The access token beside it is another one's.
    #[error("Mã định danh và mã truy cập không đi cùng nhau. Vui lòng đăng nhập lại từ đầu.")]
    HashWrong,
    /// The provider does not say, or does not vouch for, what is needed.
    #[error(
        "Hệ thống đăng nhập không cung cấp thông tin cần thiết ({0}). Vui lòng xác thực đầy đủ tài khoản tại đó rồi thử lại."
    )]
    ClaimMissing(String),
    /// The person signed in with less than is asked.
    #[error("Mức xác thực chưa đủ. Vui lòng đăng nhập bằng tài khoản có mức xác thực cao hơn.")]
    LevelTooLow,
    /// Nobody here, and accounts are not opened this way.
    #[error("Chưa có tài khoản cho người này. Vui lòng đăng ký, hoặc liên hệ bộ phận một cửa.")]
    PersonUnknown,
    /// No officer of that username.
    #[error("Chưa có tài khoản cán bộ với tên đăng nhập này. Vui lòng liên hệ quản trị.")]
    OfficerUnknown,
    /// The account belongs to another person of the same provider.
    #[error(
        "Tài khoản này đã gắn với một danh tính khác của hệ thống đăng nhập. Vui lòng liên hệ bộ phận một cửa."
    )]
    LinkedToAnother,
    /// What the provider vouches for is not what the account says.
    #[error(
        "Thông tin của hệ thống đăng nhập khác với thông tin của tài khoản. Vui lòng mang giấy tờ đến bộ phận một cửa."
    )]
    IdentityDiffers,
}

impl Refusal for NotTaken {
    fn kind(&self) -> Kind {
        match self {
            Self::ProviderUnknown => Kind::NotFound,
            Self::ProviderUnavailable => Kind::Unavailable,
            Self::RedirectUriRefused => Kind::InvalidArgument,
            Self::LevelTooLow => Kind::PermissionDenied,
            Self::ExchangeRefused
            | Self::ClaimMissing(_)
            | Self::PersonUnknown
            | Self::OfficerUnknown
            | Self::LinkedToAnother
            | Self::IdentityDiffers => Kind::FailedPrecondition,
            _ => Kind::Unauthenticated,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::ProviderUnknown => "PROVIDER_UNKNOWN",
            Self::ProviderUnavailable => "PROVIDER_UNAVAILABLE",
            Self::RedirectUriRefused => "REDIRECT_URI_REFUSED",
            Self::Expired => "SIGN_IN_EXPIRED",
            Self::StateWrong => "STATE_WRONG",
            Self::CodeRefused => "CODE_REFUSED",
            Self::Replayed => "SIGN_IN_REPLAYED",
            Self::ExchangeRefused => "EXCHANGE_REFUSED",
            Self::Malformed => "ID_TOKEN_MALFORMED",
            Self::AlgorithmRefused => "ID_TOKEN_ALGORITHM_REFUSED",
            Self::KeyUnknown => "ID_TOKEN_KEY_UNKNOWN",
            Self::SignatureWrong => "ID_TOKEN_SIGNATURE_WRONG",
            Self::IssuerWrong => "ID_TOKEN_ISSUER_WRONG",
            Self::AudienceWrong => "ID_TOKEN_AUDIENCE_WRONG",
            Self::TokenExpired => "ID_TOKEN_EXPIRED",
            Self::NotYetValid => "ID_TOKEN_NOT_YET_VALID",
            Self::TooOld => "ID_TOKEN_TOO_OLD",
            Self::NonceWrong => "ID_TOKEN_NONCE_WRONG",
            Self::HashWrong => "ID_TOKEN_HASH_WRONG",
            Self::ClaimMissing(_) => "CLAIM_MISSING",
            Self::LevelTooLow => "LEVEL_TOO_LOW",
            Self::PersonUnknown => "PERSON_UNKNOWN",
            Self::OfficerUnknown => "OFFICER_UNKNOWN",
            Self::LinkedToAnother => "LINKED_TO_ANOTHER",
            Self::IdentityDiffers => "IDENTITY_DIFFERS",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ClaimMissing(claim) => vec![("claim", claim.clone())],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use motcua_fault::Fault;

    use super::*;

    #[test]
    fn each_has_its_kind_its_reason_and_a_sentence() {
        use Kind::{FailedPrecondition, Unauthenticated};
        let all = [
            (NotTaken::ProviderUnknown, Kind::NotFound, "PROVIDER_UNKNOWN"),
            (NotTaken::ProviderUnavailable, Kind::Unavailable, "PROVIDER_UNAVAILABLE"),
            (NotTaken::RedirectUriRefused, Kind::InvalidArgument, "REDIRECT_URI_REFUSED"),
            (NotTaken::Expired, Unauthenticated, "SIGN_IN_EXPIRED"),
            (NotTaken::StateWrong, Unauthenticated, "STATE_WRONG"),
            (NotTaken::CodeRefused, Unauthenticated, "CODE_REFUSED"),
            (NotTaken::Replayed, Unauthenticated, "SIGN_IN_REPLAYED"),
            (NotTaken::ExchangeRefused, FailedPrecondition, "EXCHANGE_REFUSED"),
            (NotTaken::Malformed, Unauthenticated, "ID_TOKEN_MALFORMED"),
            (NotTaken::AlgorithmRefused, Unauthenticated, "ID_TOKEN_ALGORITHM_REFUSED"),
            (NotTaken::KeyUnknown, Unauthenticated, "ID_TOKEN_KEY_UNKNOWN"),
            (NotTaken::SignatureWrong, Unauthenticated, "ID_TOKEN_SIGNATURE_WRONG"),
            (NotTaken::IssuerWrong, Unauthenticated, "ID_TOKEN_ISSUER_WRONG"),
            (NotTaken::AudienceWrong, Unauthenticated, "ID_TOKEN_AUDIENCE_WRONG"),
            (NotTaken::TokenExpired, Unauthenticated, "ID_TOKEN_EXPIRED"),
            (NotTaken::NotYetValid, Unauthenticated, "ID_TOKEN_NOT_YET_VALID"),
            (NotTaken::TooOld, Unauthenticated, "ID_TOKEN_TOO_OLD"),
            (NotTaken::NonceWrong, Unauthenticated, "ID_TOKEN_NONCE_WRONG"),
            (NotTaken::HashWrong, Unauthenticated, "ID_TOKEN_HASH_WRONG"),
            (NotTaken::ClaimMissing("name".into()), FailedPrecondition, "CLAIM_MISSING"),
            (NotTaken::LevelTooLow, Kind::PermissionDenied, "LEVEL_TOO_LOW"),
            (NotTaken::PersonUnknown, FailedPrecondition, "PERSON_UNKNOWN"),
            (NotTaken::OfficerUnknown, FailedPrecondition, "OFFICER_UNKNOWN"),
            (NotTaken::LinkedToAnother, FailedPrecondition, "LINKED_TO_ANOTHER"),
            (NotTaken::IdentityDiffers, FailedPrecondition, "IDENTITY_DIFFERS"),
        ];
        for (refusal, kind, reason) in all {
            let text = refusal.to_string();
            let fault = Fault::from(refusal);
            assert_eq!((fault.kind(), fault.reason()), (kind, reason));
            assert!(text.ends_with('.') && fault.text() == text, "{text}");
        }
        let fault = Fault::from(NotTaken::ClaimMissing("name".into()));
        assert_eq!(fault.metadata(), [("claim".to_owned(), "name".to_owned())]);
    }
}
