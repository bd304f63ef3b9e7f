use chrono::{DateTime, TimeDelta, Utc};
use motcua_ids::{DossierId, PaperOfferId, Uuid};
use serde::{Deserialize, Serialize};

use super::Word;

/// Tries to fetch a picture at the most.
const TRIES: u16 = 6;
/// The wait after the first try; it doubles.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(20);

/// A picture on its way from a person's telephone into their dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Made of the message's number at Zalo: the same told twice is one.
    pub id: Uuid,
    /// Who sent it, and where it lies: personal data.
    pub shot: Shot,
    /// How far it came.
    pub stand: Stand,
    /// Tries to fetch it so far.
    pub attempts: u16,
    /// When it was heard of.
    pub heard_at: DateTime<Utc>,
}

/// What is personal about a picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shot {
    /// The sender's number at the official account.
    pub user: String,
    /// Where it lies, until it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The dossier's code; empty where it has none yet.
    #[serde(default)]
    pub code: String,
    /// What it may be for.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

impl std::fmt::Debug for Shot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shot({} choices)", self.choices.len())
    }
}

/// One thing that a picture may be for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The component of the dossier.
    pub code: String,
    /// What people call it.
    pub title: String,
}

/// How far a picture came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It was heard of, and is to be fetched.
    Heard,
    /// Intake has it, and the scanner has not looked at it.
    Waiting(DossierId, PaperOfferId),
    /// It is clean; its sender is to be asked.
    Ready(DossierId, PaperOfferId),
    /// Its sender was asked.
    Asked(DossierId, PaperOfferId),
    /// Its sender has answered, by the message from which this number was made.
    Answered(DossierId, PaperOfferId, Uuid),
}

impl Stand {
    /// For which dossier, once that is known.
    pub const fn dossier(self) -> Option<DossierId> {
        match self {
            Self::Heard => None,
            Self::Waiting(dossier, _)
            | Self::Ready(dossier, _)
            | Self::Asked(dossier, _)
            | Self::Answered(dossier, ..) => Some(dossier),
        }
    }

    /// What intake calls it, once it has it.
    pub const fn offer(self) -> Option<PaperOfferId> {
        match self {
            Self::Heard => None,
            Self::Waiting(_, offer)
            | Self::Ready(_, offer)
            | Self::Asked(_, offer)
            | Self::Answered(_, offer, _) => Some(offer),
        }
    }
}

impl Picture {
    /// One just heard of.
    pub const fn heard(id: Uuid, user: String, url: String, at: DateTime<Utc>) -> Self {
        let shot = Shot { user, url: Some(url), code: String::new(), choices: Vec::new() };
        Self { id, shot, stand: Stand::Heard, attempts: 0, heard_at: at }
    }

    /// Whether it came longer ago than this.
    pub fn is_older_than(&self, age: TimeDelta, now: DateTime<Utc>) -> bool {
        now - self.heard_at > age
    }

    /// Notes that it could not be fetched, and when to try again; none: not any more.
    pub fn miss(&mut self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.attempts += 1;
        let doubled = FIRST_WAIT * 2_i32.pow(u32::from(self.attempts.min(TRIES)) - 1);
        (self.attempts < TRIES).then(|| at + doubled)
    }

    /// Notes that intake has it. Where it lay is forgotten.
    pub fn offered(&mut self, stand: Stand, code: String, choices: Vec<Choice>) {
        self.shot.url = None;
        self.shot.code = code;
        self.shot.choices = choices;
        self.stand = stand;
    }

    /// For what it is, by what its sender said: a component, or nothing; or the answer names none of
    /// those there are.
    pub fn meant(&self, word: Word) -> Result<Option<&Choice>, Unclear> {
        let choices = &self.shot.choices;
        let chosen = match word {
            Word::No => return Ok(None),
            Word::Yes(None) if choices.len() == 1 => choices.first(),
            Word::Yes(None) => None,
            Word::Yes(Some(number)) => number.checked_sub(1).and_then(|at| choices.get(at)),
        };
        chosen.map(Some).ok_or(Unclear)
    }
}

/// A picture as intake has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What intake calls it.
    pub id: PaperOfferId,
    /// For which dossier.
    pub dossier: DossierId,
    /// That one's code; empty where it has none yet.
    pub code: String,
    /// What the scanner found.
    pub found: Found,
    /// What it may be for.
    pub choices: Vec<Choice>,
    /// When it goes by itself.
    pub expires_at: DateTime<Utc>,
}

/// What the scanner found in a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It has not looked yet.
    NotYet,
    /// Nothing.
    Nothing,
    /// It is never taken, for this reason.
    Unfit(String),
}

/// What came of pictures that were answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How many are papers now.
    pub bound: usize,
    /// The supplement is provided.
    pub provided: bool,
    /// What is missing still, for people.
    pub lacking: Vec<String>,
}

/// Whether octets begin as a JPEG or a PNG does, the pictures that are taken.
pub fn is_picture(octets: &[u8]) -> bool {
    octets.starts_with(&[0xff, 0xd8, 0xff]) || octets.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// It was not said for which paper a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear;

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(choices: usize) -> Picture {
        let at = "2026-03-02T02:00:00Z".parse().unwrap();
        let mut picture = Picture::heard(Uuid::from_u128(1), "u".into(), "https://x/".into(), at);
        let choice = |n: usize| Choice { code: format!("c{n}"), title: format!("Giấy {n}") };
        let (dossier, offer) = (Uuid::from_u128(2).into(), Uuid::from_u128(3).into());
        let choices = (1..=choices).map(choice).collect();
        picture.offered(Stand::Ready(dossier, offer), "H1".into(), choices);
        picture
    }

    #[test]
    fn a_picture_is_for_what_was_said() {
        let (one, two) = (picture(1), picture(2));
        let code = |picture: &Picture, word| {
            picture.meant(word).map(|choice| choice.map(|choice| choice.code.clone()))
        };
        assert_eq!(code(&one, Word::Yes(None)), Ok(Some("c1".into())));
        assert_eq!(code(&two, Word::Yes(None)), Err(Unclear), "of two it must be said which");
        assert_eq!(code(&two, Word::Yes(Some(2))), Ok(Some("c2".into())));
        for number in [0, 3, usize::MAX] {
            assert_eq!(code(&two, Word::Yes(Some(number))), Err(Unclear));
        }
        assert_eq!(code(&two, Word::No), Ok(None));
        assert_eq!(one.shot.url, None, "where it lay is forgotten");
    }

    #[test]
    fn fetching_ends() {
        let mut picture = picture(1);
        let at = picture.heard_at;
        let waits: Vec<_> =
            std::iter::from_fn(|| picture.miss(at)).map(|next| (next - at).num_seconds()).collect();
        assert_eq!(waits, [20, 40, 80, 160, 320]);
    }
}
