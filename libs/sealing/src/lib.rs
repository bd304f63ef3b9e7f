//! Personal data at rest: sealed so that whoever holds the disk reads nothing.
//!
//! A [`Keyring`] holds two sets of keys that never mix:
//!
//! * **data** keys seal values ([`Keyring::seal`]) and files ([`Keyring::stream_sealer`]);
//! * **index** keys turn a telephone or a citizen number into a blind index
//!   ([`Keyring::blind`]), which can be looked up by equality and not read back.
//!
//! Every use names a *label*, the place the value belongs to:
//! `intake/dossier/person/<uuid>`. A value sealed under one label does not open
//! under another, so a row cannot be swapped for its neighbour's by someone who
//! can write to the database.
//!
//! ```
//! # fn main() -> Result<(), motcua_fault::Fault> {
//! use motcua_sealing::Keyring;
//!
//! let keyring = Keyring::generate();
//! let sealed = keyring.seal("intake/dossier/person/018f", "Nguyễn Thị Hoa".as_bytes());
//! assert_eq!(keyring.open("intake/dossier/person/018f", &sealed)?, "Nguyễn Thị Hoa".as_bytes());
//! assert!(keyring.open("intake/dossier/person/0190", &sealed).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! Keys rotate without downtime: a key that is no longer current still opens
//! and is still looked up ([`Keyring::blind_all`]), and
//! [`Keyring::is_current`] tells which values wait to be sealed anew.
//! Nothing about databases, files or what the values mean may enter this crate.

mod blind;
mod broken;
mod envelope;
mod fingerprint;
mod keyfile;
mod keyring;
mod keys;
mod private;
mod stream;

pub use envelope::MARK;
pub use fingerprint::fingerprint;
pub use keyfile::KeyFileError;
pub use keyring::{Keyring, Rotation};
pub use keys::{Key, KeyId, KeySet, KeySetError};
pub use private::require_private;
pub use stream::{CHUNK, StreamOpener, StreamSealer, sealed_len};

#[cfg(test)]
mod tests;
