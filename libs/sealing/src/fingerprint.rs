use sha2::{Digest, Sha256};

/// A SHA-256 over several parts that keeps them apart: `["ab", "c"]` and
/// `["a", "bc"]` differ.
///
/// For things that are random or public in themselves (tokens, ids, contracts).
/// What a person could guess, such as a telephone number, is still found by
/// trying: use [`Keyring::fingerprint`](crate::Keyring::fingerprint) or
/// [`Keyring::blind`](crate::Keyring::blind) for that.
pub fn fingerprint(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"a", b"bc"]));
        assert_eq!(fingerprint(&[b"ab", b"c"]), fingerprint(&[b"ab", b"c"]));
    }
}
