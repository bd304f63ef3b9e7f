use std::fmt;

use motcua_fault::{Kind, Refusal};

/// What a scanner says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// It is never served; and the scanner's own word for what it found.
    Unfit(Unfit, String),
    /// Nothing is known yet: ask again later, and serve nothing meanwhile.
    Waiting(Waiting),
    /// There is no scanner, by configuration.
    Unscanned,
}

/// Why a file is never served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A signature was found in it.
    Infected,
    /// It, or what is packed in it, is longer than the scanner reads.
    TooLarge,
    /// Nobody can look into it without its password.
    Encrypted,
    /// It is nested too deep, has too many parts, or takes too long.
    TooComplex,
    /// The scanner failed at it again and again.
    ScannerFailed,
}

/// Why nothing is known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The scanner does not take files: this says nothing of the file.
    Away,
    /// The scanner took the file and gave no verdict; that may be the file's fault.
    Failed,
}

impl Verdict {
    /// Whether the file may be served at all; one that is unscanned must be shown as such.
    pub fn may_be_served(&self) -> bool {
        matches!(self, Self::Clean | Self::Unscanned)
    }

    /// Reads clamd's answer to INSTREAM: `stream: OK`, `stream: NAME FOUND`, or trouble.
    /// Limits and encryption are found only with `AlertExceedsMax` and `AlertEncrypted`.
    /// In doubt, the file is not clean.
    pub(crate) fn read(answer: &[u8]) -> Self {
        let text = String::from_utf8_lossy(answer);
        let said = text.trim_matches(['\0', '\n', ' ']);
        let said = said.strip_prefix("stream: ").unwrap_or(said);
        if said == "OK" {
            return Self::Clean;
        }
        if let Some(name) = said.strip_suffix(" FOUND") {
            return Self::Unfit(Unfit::named(name), name.to_owned());
        }
        if said.starts_with("INSTREAM size limit exceeded") {
            return Self::Unfit(Unfit::TooLarge, "INSTREAM size limit exceeded".to_owned());
        }
        tracing::warn!(said, "the scanner gave no verdict");
        Self::Waiting(Waiting::Failed)
    }
}

impl Unfit {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Infected, Self::TooLarge, Self::Encrypted, Self::TooComplex, Self::ScannerFailed];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Infected => "infected",
            Self::TooLarge => "too_large",
            Self::Encrypted => "encrypted",
            Self::TooComplex => "too_complex",
            Self::ScannerFailed => "scanner_failed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }

    /// ClamAV's heuristics tell that something could not be looked at; all else was found.
    fn named(name: &str) -> Self {
        match name.strip_prefix("Heuristics.Limits.Exceeded.") {
            Some(limit) if limit.starts_with("MaxFileSize") || limit.starts_with("MaxScanSize") => {
                Self::TooLarge
            }
            Some(_) => Self::TooComplex,
            None if name.starts_with("Heuristics.Limits.Exceeded") => Self::TooComplex,
            None if name.starts_with("Heuristics.Encrypted.") => Self::Encrypted,
            None => Self::Infected,
        }
    }
}

/// What it means and how to mend it, for the one who sent the file.
impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Infected => {
                "Tệp có mã độc nên không dùng được; vui lòng diệt mã độc trên thiết bị rồi gửi tệp \
                 khác."
            }
            Self::TooLarge => {
                "Tệp, hoặc nội dung nén trong tệp, quá lớn nên không kiểm tra an toàn được; vui \
                 lòng giảm dung lượng hoặc chia nhỏ rồi gửi lại."
            }
            Self::Encrypted => {
                "Tệp đặt mật khẩu nên không kiểm tra an toàn được; vui lòng bỏ mật khẩu rồi gửi \
                 lại."
            }
            Self::TooComplex => {
                "Tệp có cấu trúc quá phức tạp nên không kiểm tra an toàn được; vui lòng lưu thành \
                 tệp PDF rồi gửi lại."
            }
            Self::ScannerFailed => {
                "Đã nhiều lần không kiểm tra an toàn được tệp này; vui lòng lưu thành tệp PDF rồi \
                 gửi lại."
            }
        })
    }
}

impl Refusal for Unfit {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Infected => "FILE_INFECTED",
            _ => "FILE_UNSCANNABLE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Infected => Vec::new(),
            other => vec![("problem", other.as_str().to_owned())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_one_verdict_and_only_a_plain_ok_is_clean() {
        use Unfit::{Encrypted, Infected, TooComplex, TooLarge};
        assert_eq!(Verdict::read(b"stream: OK\0"), Verdict::Clean);
        for (answer, expected) in [
            ("stream: Win.Test.EICAR_HDB-1 FOUND\0", Infected),
            ("stream: Test.Eicar.UNOFFICIAL FOUND\0", Infected),
            ("stream: Heuristics.Broken.Executable FOUND\0", Infected),
            ("stream: Heuristics.Encrypted.Zip FOUND\0", Encrypted),
            ("stream: Heuristics.Encrypted.PDF FOUND\0", Encrypted),
            ("stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", TooLarge),
            ("stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0", TooLarge),
            ("stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND\0", TooComplex),
            ("stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0", TooComplex),
            ("stream: Heuristics.Limits.Exceeded.MaxScanTime FOUND\0", TooComplex),
            ("stream: Heuristics.Limits.Exceeded FOUND\0", TooComplex),
            ("INSTREAM size limit exceeded. ERROR\0", TooLarge),
        ] {
            let Verdict::Unfit(unfit, said) = Verdict::read(answer.as_bytes()) else {
                panic!("{answer}")
            };
            assert_eq!(unfit, expected, "{answer}");
            assert!(answer.contains(&said), "{said}");
        }
        for doubtful in [
            "",
            "stream: OKAY",
            "OK stream",
            "stream: Can't allocate memory ERROR\0",
            "HTTP/1.1 400",
        ] {
            let verdict = Verdict::read(doubtful.as_bytes());
            assert_eq!(verdict, Verdict::Waiting(Waiting::Failed), "{doubtful}");
        }
    }

    #[test]
    fn words_are_read_back_and_sentences_say_what_to_do() {
        for unfit in Unfit::ALL {
            assert_eq!(Unfit::parse(unfit.as_str()), Some(unfit));
            assert!(unfit.to_string().contains("vui lòng"), "{unfit}");
        }
        assert_eq!(Unfit::parse("clean"), None);
    }
}
