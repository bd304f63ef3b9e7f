//! Viet Nam's facts: people's numbers, money, text, dossier codes, working time.
//!
//! Pure: no clock, no input or output, no data of law. Calendars and policies
//! are dated data that the caller hands in; this crate holds the arithmetic.
//! The crate `motcua-clockwire` translates the clock's types to and from the
//! contracts (`motcua.type.v1`).
//!
//! The one algorithm of due times is [`clock::Clock`]; everything that counts
//! office time goes through [`WorkingCalendar`].

pub mod calendar;
pub mod citizen_number;
pub mod clock;
pub mod dossier_code;
pub mod email;
pub mod local;
pub mod money;
mod number_words;
pub mod phone;
pub mod policy;
pub mod text;

pub use calendar::WorkingCalendar;
pub use citizen_number::CitizenNumber;
pub use clock::{Act, Clock, ClockRow, DueTimes, Pause, RowKind, Terms};
pub use dossier_code::{AgencyIdentifier, DossierCode, MintPattern};
pub use email::EmailAddress;
pub use money::Vnd;
pub use phone::PhoneNumber;
pub use policy::{ClockPolicy, LimitUnit, SupplementRegime, TimeLimit};

/// An instant, in UTC, in whole microseconds.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
