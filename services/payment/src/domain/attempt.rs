use chrono::{DateTime, Utc};
use motcua_ids::{AccountId, PaymentId};
use motcua_vn::Vnd;
use serde::{Deserialize, Serialize};

/// How money comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Cổng thanh toán.
    Gateway,
    /// Chuyển khoản by VietQR.
    BankTransfer,
    /// Tiền mặt at the desk.
    Cash,
    /// Thu hộ by the postman.
    Postal,
}

/// Which payment gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// VNPAY's.
    Vnpay,
    /// The national payment platform.
    National,
}

/// One attempt to pay all that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: PaymentId,
    /// How.
    pub method: Method,
    /// Through which gateway, where it is one's.
    pub via: Option<Via>,
    /// By which the gateway or the bank knows it again; none where an officer took the money.
    pub reference: Option<String>,
    /// All that was owed when it was begun.
    pub amount: Vnd,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it is taken.
    pub expires_at: DateTime<Utc>,
    /// Whose till, where it is cash.
    pub till: Option<AccountId>,
    /// Where it stands.
    pub state: AttemptState,
}

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptState {
    /// Chờ thanh toán.
    Pending,
    /// Thành công.
    Settled {
        /// When the money was moved.
        at: DateTime<Utc>,
        /// The gateway's or the bank's own number.
        transaction: String,
        /// Whether it paid what was owed; if not, it is surplus.
        owed: bool,
    },
    /// Thất bại.
    Declined {
        /// Why, for the payer.
        why: String,
    },
    /// Hết hạn.
    Expired,
}

/// Money that came by a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came<'a> {
    /// How much.
    pub amount: Vnd,
    /// The bank's own number.
    pub transaction: &'a str,
    /// When it was heard of.
    pub at: DateTime<Utc>,
}

/// What became of money that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It pays what is owed.
    Paid,
    /// It is not owed: to be given back.
    Surplus,
    /// It was known before.
    Known,
}

impl Via {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Vnpay, Self::National];

    /// The word in rows and addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vnpay => "vnpay",
            Self::National => "national",
        }
    }
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Gateway, Self::BankTransfer, Self::Cash, Self::Postal];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::BankTransfer => "bank_transfer",
            Self::Cash => "cash",
            Self::Postal => "postal",
        }
    }
}

impl Attempt {
    /// Whether it still waits, and is taken at this time.
    pub fn waits(&self, at: DateTime<Utc>) -> bool {
        self.state == AttemptState::Pending && at < self.expires_at
    }

    /// Whether its money is here, and was owed or not.
    pub const fn settled(&self) -> Option<bool> {
        match self.state {
            AttemptState::Settled { owed, .. } => Some(owed),
            _ => None,
        }
    }

    /// The gateway's or the bank's own number, once the money is here.
    pub fn transaction(&self) -> Option<&str> {
        match &self.state {
            AttemptState::Settled { transaction, .. } => Some(transaction),
            _ => None,
        }
    }
}
