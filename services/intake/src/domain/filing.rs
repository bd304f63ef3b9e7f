//! How and where a dossier was filed, and the states beside its business state.

use motcua_ids::{AccountId, AgencyPath, ProcedureId, ProcedureVersionId};

/// Kênh nộp hồ sơ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Trực tuyến.
    Online,
    /// Trực tiếp.
    Desk,
    /// Bưu chính công ích.
    Post,
    /// Sent through Zalo, typed in at the desk.
    Zalo,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 4] = [Self::Online, Self::Desk, Self::Post, Self::Zalo];

    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Desk => "desk",
            Self::Post => "post",
            Self::Zalo => "zalo",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// Nghĩa vụ tài chính.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finance {
    /// Free.
    Free,
    /// To be paid elsewhere.
    NotCollectedHere,
    /// The catalog does not say.
    Unknown,
    /// Chờ nộp.
    Due,
    /// Đã nộp, or not owed after all.
    Paid,
}

impl Finance {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::NotCollectedHere => "not_collected_here",
            Self::Unknown => "unknown",
            Self::Due => "due",
            Self::Paid => "paid",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Self {
        match word {
            "due" => Self::Due,
            "paid" => Self::Paid,
            "free" => Self::Free,
            "not_collected_here" => Self::NotCollectedHere,
            _ => Self::Unknown,
        }
    }
}

/// How far the result has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// There is none.
    None,
    /// At the desk.
    Waiting,
    /// With the postal service.
    Sent,
    /// With the citizen.
    Delivered,
}

impl DeliveryState {
    /// The word in rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::None, Self::Waiting, Self::Sent, Self::Delivered]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// What is filed, how, and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// The procedure.
    pub procedure: ProcedureId,
    /// The version, kept for the dossier's whole life.
    pub version: ProcedureVersionId,
    /// National number.
    pub number: String,
    /// Its title.
    pub name: String,
    /// Trường hợp.
    pub case: String,
    /// Kênh nộp.
    pub channel: Channel,
    /// The account it was filed from: the applicant's or the representative's.
    pub account: Option<AccountId>,
    /// Whose desk receives it.
    pub receiving: AgencyPath,
    /// Its identifier code, `H53.01.04`: codes are minted for it.
    pub receiving_code: String,
    /// Who decides.
    pub competent: AgencyPath,
    /// Where the money stands.
    pub finance: Finance,
}

impl Filing {
    /// Filed from an account through the portal.
    pub fn is_online(&self) -> bool {
        self.channel == Channel::Online
    }
}
