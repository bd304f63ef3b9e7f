//! A service's keys: kept in a folder, exchanged while it runs.
//!
//! [`ServiceKeys`] are the files. When what seals personal data is exchanged, a
//! running process learns of it ([`follow_keys`]) and seals everything anew that
//! an old key has sealed ([`keep_sealed`]): rows by their [`SealedColumn`] and files.
//! How a key seals is `libs/sealing`; no service's table may enter this crate.

mod folder;
mod reseal;
mod rotation;

pub use folder::{KeyError, ServiceKeys};
pub use reseal::{Blind, Blinded, IdKind, Place, Resealed, SealedColumn};
pub use rotation::{Sealed, follow_keys, keep_sealed};
