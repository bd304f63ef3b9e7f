//! Blind indexes: equality without reading.
//!
//! `HMAC-SHA256(index key, "motcua/index/v1" 0 label 0 text)`. Telephone and
//! citizen numbers are few enough to be tried one by one, so a plain hash would
//! hide nothing; the key does. The label keeps a telephone's column from being
//! joined with a citizen number's.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::Key;

const PURPOSE: &[u8] = b"motcua/index/v1";

pub(crate) fn blind(key: &Key, label: &str, text: &[u8]) -> Vec<u8> {
    mac(key.secret(), &[PURPOSE, &[0], label.as_bytes(), &[0], text]).to_vec()
}

pub(crate) fn mac(secret: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a short key with zeros to one block: done here, it cannot fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..secret.len()].copy_from_slice(secret);
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
