use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, AgencyPath};
use motcua_vn::Vnd;

use super::Method;

/// An account of the books (tài khoản kế toán).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Phải thu: owed by people.
    Receivable,
    /// Thu phí, lệ phí.
    Income,
    /// Money at the payment gateway, not yet paid out to us.
    Gateway,
    /// Tiền gửi: the collecting account.
    Bank,
    /// Tiền mặt in a till.
    Cash,
    /// Money the postman collected.
    Postal,
    /// Tiền nộp thừa: to be given back.
    Surplus,
    /// Phải hoàn trả: approved, not yet gone.
    Refunds,
    /// Thừa, thiếu: what a till was found to hold more or less, and what a bank booked that is
    /// nobody's payment.
    Difference,
    /// Chờ xác định: on the collecting account, and nobody knows yet what for.
    Unidentified,
}

/// Where in the books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The account.
    pub account: Account,
    /// The fee's code, where the account is kept by fees.
    pub fee: Option<String>,
    /// Whose till, where it is cash.
    pub till: Option<AccountId>,
    /// In whose books, where not in those of the agency that collects.
    pub agency: Option<AgencyPath>,
}

/// Money from one place to another: debit there, credit here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Nợ.
    pub debit: Place,
    /// Có.
    pub credit: Place,
    /// More than nothing.
    pub amount: Vnd,
}

/// One movement of the books. Never edited: what was wrong is moved back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub what: What,
    /// When.
    pub at: DateTime<Utc>,
    /// At least one.
    pub transfers: Vec<Transfer>,
}

/// What a movement of the books is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// Something is owed, or more or less than before.
    Assessed,
    /// It is owed no more.
    Released,
    /// What was owed was paid.
    Settled,
    /// Other agencies have their shares of what was paid, or less of them.
    Shared,
    /// Money came that is not owed.
    Surplus,
    /// Money is to be given back.
    RefundApproved,
    /// It was given back.
    Refunded,
    /// A till was counted.
    TillCounted,
    /// A bank booked something, and nobody knows yet what for.
    Unidentified,
    /// Now it is known.
    Identified,
}

impl Account {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Receivable,
        Self::Income,
        Self::Gateway,
        Self::Bank,
        Self::Cash,
        Self::Postal,
        Self::Surplus,
        Self::Refunds,
        Self::Difference,
        Self::Unidentified,
    ];

    /// The word in rows and contracts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Income => "income",
            Self::Gateway => "gateway",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::Postal => "postal",
            Self::Surplus => "surplus",
            Self::Refunds => "refunds",
            Self::Difference => "difference",
            Self::Unidentified => "unidentified",
        }
    }
}

impl What {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assessed => "assessed",
            Self::Released => "released",
            Self::Settled => "settled",
            Self::Shared => "shared",
            Self::Surplus => "surplus",
            Self::RefundApproved => "refund_approved",
            Self::Refunded => "refunded",
            Self::TillCounted => "till_counted",
            Self::Unidentified => "unidentified",
            Self::Identified => "identified",
        }
    }
}

impl Place {
    /// An account that is not kept by fees.
    pub const fn of(account: Account) -> Self {
        Self { account, fee: None, till: None, agency: None }
    }

    /// What of an account is one fee's.
    pub fn fee(account: Account, code: &str) -> Self {
        Self { fee: Some(code.to_owned()), ..Self::of(account) }
    }

    /// What another agency has of a fee.
    pub fn share(agency: &AgencyPath, code: &str) -> Self {
        Self { agency: Some(agency.clone()), ..Self::fee(Account::Income, code) }
    }

    /// A cashier's till.
    pub fn till(cashier: AccountId) -> Self {
        Self { till: Some(cashier), ..Self::of(Account::Cash) }
    }

    /// Where money lies that came this way.
    pub fn money(method: Method, till: Option<AccountId>) -> Self {
        match method {
            Method::Gateway => Self::of(Account::Gateway),
            Method::BankTransfer => Self::of(Account::Bank),
            Method::Cash => Self { till, ..Self::of(Account::Cash) },
            Method::Postal => Self::of(Account::Postal),
        }
    }
}

impl Transfer {
    /// So much from `credit` to `debit`; less than nothing goes the other way, and
    /// nothing is no transfer.
    pub fn new(debit: Place, credit: Place, amount: Vnd) -> Option<Self> {
        match amount.dong() {
            0 => None,
            1.. => Some(Self { debit, credit, amount }),
            less => Some(Self { debit: credit, credit: debit, amount: Vnd::new(-less) }),
        }
    }
}
