use motcua_fault::{Kind, Refusal};

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Longer than the limit.
    #[error("Tệp vượt quá dung lượng cho phép ({} MB).", max_bytes / (1024 * 1024))]
    TooLarge {
        /// The limit.
        max_bytes: u64,
    },
    /// Nothing in it.
    #[error("Tệp không có nội dung.")]
    Empty,
    /// Its content is of a type that is not accepted here.
    #[error("Loại tệp không được chấp nhận ({found}). Các loại được chấp nhận: {accepted}.")]
    Type {
        /// What its first bytes say, or `application/octet-stream`.
        found: String,
        /// What is accepted here, for people: `pdf, jpg`.
        accepted: String,
    },
    /// A file is written once.
    #[error("Tệp này đã được lưu.")]
    Exists,
}

impl Refusal for Refused {
    fn kind(&self) -> Kind {
        match self {
            Self::Exists => Kind::AlreadyExists,
            _ => Kind::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
            Self::Empty => "FILE_EMPTY",
            Self::Type { .. } => "FILE_TYPE_REFUSED",
            Self::Exists => "FILE_EXISTS",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { max_bytes } => vec![("max_bytes", max_bytes.to_string())],
            Self::Type { found, accepted } => {
                vec![("media_type", found.clone()), ("accepted", accepted.clone())]
            }
            Self::Empty | Self::Exists => Vec::new(),
        }
    }
}
