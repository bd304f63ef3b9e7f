//! Signing in at a provider outside (OpenID Connect): what its ID token must say, what of its
//! claims counts, and whose account that opens.

mod asserted;
mod id_token;
mod matching;
mod not_taken;
mod pending;

pub use asserted::{Asserted, Fact, Mapping};
pub use id_token::{Expected, check, text};
pub use matching::{Entry, Known, Opening, decide};
pub use not_taken::NotTaken;
pub use pending::Pending;

/// The claims of a token, or of an answer about a person.
pub type Claims = serde_json::Map<String, serde_json::Value>;
