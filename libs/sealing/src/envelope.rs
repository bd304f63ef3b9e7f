//! One sealed value: `version (1) | key id (4, big endian) | salt (12) | nonce (12) | AES-256-GCM`.
//!
//! The key is derived from the ring's key, the salt and the label (HKDF-SHA256).
//! Salt and nonce are random, so that even a label that is used for ever (page
//! tokens) never seals twice with one key and one nonce. The header and the
//! label are authenticated too.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};

use crate::{
    broken::Broken,
    keys::{Key, KeyId, KeySet},
};

const VERSION: u8 = 1;
const SALT: usize = 12;
/// Version and key id, by which a value tells who sealed it.
pub const MARK: usize = 1 + 4;
const HEADER: usize = MARK + SALT;
const NONCE: usize = 12;
/// What AES-GCM adds to prove that nothing was changed.
pub(crate) const TAG: usize = 16;
const PURPOSE: &str = "motcua/value/v1";

pub(crate) fn seal(keys: &KeySet, label: &str, plain: &[u8]) -> Vec<u8> {
    let key = keys.current();
    let mut sealed = Vec::with_capacity(HEADER + NONCE + plain.len() + TAG);
    sealed.push(VERSION);
    sealed.extend(key.id().to_be_bytes());
    sealed.extend(random::<SALT>());
    let aad = [sealed.as_slice(), label.as_bytes()].concat();
    let nonce = random::<NONCE>();
    sealed.extend(nonce);
    match cipher(key, &aad).encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad }) {
        Ok(body) => sealed.extend(body),
        Err(_) => unreachable!("AES-GCM refuses plain texts above 64 GiB alone"),
    }
    sealed
}

pub(crate) fn open(keys: &KeySet, label: &str, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
    let id = key_id(sealed)?;
    let key = keys.find(id).ok_or(Broken::UnknownKey(id))?;
    let (header, rest) = sealed.split_at_checked(HEADER).ok_or(Broken::Format)?;
    let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(Broken::Format)?;
    let aad = [header, label.as_bytes()].concat();
    cipher(key, &aad)
        .decrypt(&Nonce::from(*nonce), Payload { msg: body, aad: &aad })
        .map_err(|_| Broken::Forged)
}

/// How the values of a key begin.
pub(crate) fn mark(id: KeyId) -> Vec<u8> {
    [&[VERSION][..], &id.to_be_bytes()].concat()
}

/// Which key a value was sealed with.
pub(crate) fn key_id(sealed: &[u8]) -> Result<KeyId, Broken> {
    match sealed {
        [VERSION, a, b, c, d, ..] => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(Broken::Format),
    }
}

/// The header holds the salt: header and label make the key, as they make the rest known.
fn cipher(key: &Key, header_and_label: &[u8]) -> Aes256Gcm {
    Aes256Gcm::new(&(*key.derive(PURPOSE, header_and_label)).into())
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}
