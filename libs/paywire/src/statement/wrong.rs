use std::fmt;

use motcua_fault::{Kind, Refusal};
use motcua_vn::Vnd;

/// Why a statement is not taken, and where. It says nothing of what stands there, as that
/// may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct BadStatement {
    /// The line, from 1; 0 where it is the whole statement.
    pub line: usize,
    /// What is wrong there: a column, a tag (`:61:`), or the path of an element; may be empty.
    pub item: String,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What can be wrong with a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The octets are no text in UTF-8.
    #[error("không phải văn bản UTF-8; hãy lưu lại theo bảng mã UTF-8")]
    NotUtf8,
    /// It is not built as its form wants it; which form.
    #[error("không đúng cấu trúc {0}")]
    Malformed(&'static str),
    /// Something is not there.
    #[error("thiếu {0}")]
    Missing(&'static str),
    /// Something is there twice, and it is not known which one counts.
    #[error("có hai {0}, không rõ dùng cái nào")]
    Twice(&'static str),
    /// It is no amount of whole đồng, or none that can be held.
    #[error("không đọc được số tiền: phải là số đồng khác 0, không có phần lẻ")]
    Amount,
    /// It is no day, or no time of a day.
    #[error("không đọc được ngày giờ")]
    Date,
    /// It does not say whether the account is credited or debited.
    #[error("không rõ là ghi nợ hay ghi có")]
    Mark,
    /// It does not say whether the entry is booked.
    #[error("không rõ đã hạch toán hay chưa")]
    Status,
    /// It is of another currency.
    #[error("chỉ nhận sao kê bằng đồng Việt Nam (VND)")]
    Currency,
    /// It is of several accounts.
    #[error("sao kê có hơn một tài khoản")]
    Accounts,
    /// It is longer than a number or a reference is; how many characters are taken.
    #[error("dài quá {0} ký tự")]
    Long(usize),
    /// There are more entries than are read at once; how many are.
    #[error("có hơn {0} giao dịch, vui lòng chia nhỏ sao kê")]
    Many(usize),
    /// It declares types or entities of its own.
    #[error("có khai báo DTD hoặc thực thể XML, không được nhận")]
    Declared,
    /// Its elements stand deeper in each other than those of a statement.
    #[error("các mục lồng nhau quá sâu")]
    Deep,
    /// The balances and the entries between them do not agree.
    #[error(
        "số dư không khớp: tính từ số dư đầu và các giao dịch là {reckoned}, sao kê ghi {said}"
    )]
    Balance {
        /// By what was before.
        reckoned: Vnd,
        /// By the statement.
        said: Vnd,
    },
    /// The transactions of a batch do not make up its amount.
    #[error("bút toán gộp không khớp: các giao dịch cộng lại là {reckoned}, bút toán ghi {said}")]
    Batch {
        /// By its transactions.
        reckoned: Vnd,
        /// By itself.
        said: Vnd,
    },
}

impl Wrong {
    /// What is wrong with the whole statement.
    pub(super) fn whole(self) -> BadStatement {
        self.at(0, "")
    }

    pub(super) fn at(self, line: usize, item: impl Into<String>) -> BadStatement {
        BadStatement { line, item: item.into(), wrong: self }
    }
}

/// `Dòng 7, :61:: không đọc được ngày giờ.`
impl fmt::Display for BadStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str("Sao kê")?,
            line => write!(f, "Dòng {line}")?,
        }
        if !self.item.is_empty() {
            write!(f, ", mục «{}»", self.item)?;
        }
        write!(f, ": {}.", self.wrong)
    }
}

impl Refusal for BadStatement {
    fn kind(&self) -> Kind {
        Kind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        match self.wrong {
            Wrong::NotUtf8 => "STATEMENT_NOT_UTF8",
            Wrong::Malformed(_) | Wrong::Declared | Wrong::Deep => "STATEMENT_MALFORMED",
            Wrong::Missing(_) => "STATEMENT_INCOMPLETE",
            Wrong::Twice(_) | Wrong::Mark | Wrong::Status => "STATEMENT_AMBIGUOUS",
            Wrong::Amount => "STATEMENT_AMOUNT_INVALID",
            Wrong::Date => "STATEMENT_DATE_INVALID",
            Wrong::Currency => "STATEMENT_CURRENCY",
            Wrong::Accounts => "STATEMENT_ACCOUNTS",
            Wrong::Long(_) | Wrong::Many(_) => "STATEMENT_TOO_LONG",
            Wrong::Balance { .. } | Wrong::Batch { .. } => "STATEMENT_UNBALANCED",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        vec![("line", self.line.to_string()), ("item", self.item.clone())]
    }
}
