//! Talk with people through Zalo's official account, as far as it is about a supplement: pictures of
//! papers that they send, and what they say to the question whether those are to be filed.

mod picture;
mod reply;
mod word;

use chrono::{DateTime, Utc};

pub use picture::{Choice, Found, Offer, Outcome, Picture, Shot, Stand, Unclear, is_picture};
pub use reply::Reply;
pub use word::Word;

/// Our word, in prices, costs and numbers, for whoever carries what is said in conversations: Zalo asks
/// something else for it than for messages.
pub const TALK: &str = "zalo-talk";

/// Something that a person did, as Zalo tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Their number at the official account: personal data.
    pub user: String,
    /// Zalo's number of the message.
    pub message: String,
    /// What.
    pub what: Did,
}

/// What a person did.
#[derive(Clone, PartialEq, Eq)]
pub enum Did {
    /// They got a message of ours on their telephone.
    Got,
    /// They sent pictures, which lie at these addresses.
    Showed(Vec<String>),
    /// They wrote something.
    Said(String),
}

/// A message that was told to a person by Zalo and asks for a supplement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// For this dossier.
    pub dossier: motcua_ids::DossierId,
    /// When it came to the telephone.
    pub at: DateTime<Utc>,
}
