use std::fmt;

use motcua_fault::{Kind, Refusal};

/// Why a sealed value does not open. What the value holds is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// Too short, or not in a version of the format this binary knows.
    Format,
    /// Sealed with a key that is not in the ring: the key file is the wrong or an old one.
    UnknownKey(u32),
    /// Changed after sealing, or it belongs to another label.
    Forged,
    /// The end of a stream is missing.
    Truncated,
    /// Opened, but it is not the JSON it should be.
    Json,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dữ liệu lưu trữ không mở được. Vui lòng báo cho người quản trị hệ thống.")
    }
}

impl Refusal for Broken {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn reason(&self) -> &'static str {
        "SEAL_BROKEN"
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        let how = match self {
            Self::Format => "format",
            Self::UnknownKey(id) => {
                return vec![("how", "unknown_key".to_owned()), ("key", id.to_string())];
            }
            Self::Forged => "forged",
            Self::Truncated => "truncated",
            Self::Json => "json",
        };
        vec![("how", how.to_owned())]
    }
}
