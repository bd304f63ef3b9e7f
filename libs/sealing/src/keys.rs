use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The number of a key within its set; it is written into everything the key seals.
pub type KeyId = u32;

/// 32 secret bytes, wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct Key {
    id: KeyId,
    secret: Zeroizing<[u8; 32]>,
}

impl Key {
    /// A key with this number and these bytes, which must come from a random source.
    pub fn new(id: KeyId, secret: [u8; 32]) -> Self {
        Self { id, secret: Zeroizing::new(secret) }
    }

    /// A fresh key from the operating system's randomness.
    pub fn generate(id: KeyId) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        rand::fill(secret.as_mut_slice());
        Self { id, secret }
    }

    /// The key's number.
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// A key of its own for one purpose and label, so that no two places ever
    /// share a key and nonces never run short.
    pub(crate) fn derive(&self, purpose: &str, label: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut derived = Zeroizing::new([0; 32]);
        let info = [purpose.as_bytes(), &[0], label];
        match Hkdf::<Sha256>::new(None, &*self.secret)
            .expand_multi_info(&info, derived.as_mut_slice())
        {
            Ok(()) => derived,
            Err(_) => unreachable!("HKDF-SHA256 gives up to 8160 bytes; 32 were asked for"),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, ***)", self.id)
    }
}

/// Keys of one purpose, of which one is current; the others still open what they sealed.
#[derive(Debug, Clone)]
pub struct KeySet {
    current: Key,
    previous: Vec<Key>,
}

/// A list of keys that makes no set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// The current key is not among the keys.
    #[error("the current key is {0}, but there is no key with this number")]
    NoCurrent(KeyId),
    /// Two keys have one number.
    #[error("there are two keys with number {0}: give every key its own number")]
    Twice(KeyId),
}

impl KeySet {
    /// A set of `keys` in which `current` seals from now on.
    pub fn new(current: KeyId, keys: Vec<Key>) -> Result<Self, KeySetError> {
        let (mut chosen, mut previous): (Vec<_>, Vec<_>) =
            keys.into_iter().partition(|key| key.id == current);
        let Some(key) = chosen.pop() else { return Err(KeySetError::NoCurrent(current)) };
        if !chosen.is_empty() {
            return Err(KeySetError::Twice(current));
        }
        // Newest first: what is looked up was most likely written lately.
        previous.sort_by_key(|key| std::cmp::Reverse(key.id));
        if let Some(pair) = previous.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(KeySetError::Twice(pair[0].id));
        }
        Ok(Self { current: key, previous })
    }

    /// A set of one fresh key.
    pub fn generate() -> Self {
        Self { current: Key::generate(1), previous: Vec::new() }
    }

    /// The same set with a fresh current key; the old ones still open.
    #[must_use]
    pub fn rotated(&self) -> Self {
        let next = self.all().map(Key::id).max().unwrap_or(0).saturating_add(1);
        Self { current: Key::generate(next), previous: self.all().cloned().collect() }
    }

    /// The same set with a fresh key that is not current yet.
    pub(crate) fn announced(&self) -> Self {
        let mut set = self.clone();
        set.previous.insert(0, Key::generate(self.newest().saturating_add(1)));
        set
    }

    /// The same set with its newest key as the current one.
    pub(crate) fn promoted(&self) -> Self {
        let newest = self.newest();
        let (mut chosen, previous): (Vec<_>, Vec<_>) =
            self.all().cloned().partition(|key| key.id == newest);
        chosen.pop().map_or_else(|| self.clone(), |current| Self { current, previous })
    }

    /// The current key alone.
    pub(crate) fn alone(&self) -> Self {
        Self { current: self.current.clone(), previous: Vec::new() }
    }

    /// The number of the newest key.
    pub(crate) fn newest(&self) -> KeyId {
        self.all().map(Key::id).max().unwrap_or_default()
    }

    /// The key that seals.
    pub fn current(&self) -> &Key {
        &self.current
    }

    /// All keys, the current one first.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&Key> {
        self.all().find(|key| key.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_needs_its_current_key_and_distinct_numbers() {
        let key = |id| Key::new(id, [7; 32]);
        assert_eq!(KeySet::new(2, vec![key(1)]).unwrap_err(), KeySetError::NoCurrent(2));
        assert_eq!(KeySet::new(1, vec![key(1), key(1)]).unwrap_err(), KeySetError::Twice(1));
        assert_eq!(
            KeySet::new(3, vec![key(1), key(3), key(1)]).unwrap_err(),
            KeySetError::Twice(1)
        );
        let ids: Vec<_> =
            KeySet::new(2, vec![key(1), key(2), key(3)]).unwrap().all().map(Key::id).collect();
        assert_eq!(ids, [2, 3, 1]);
    }

    #[test]
    fn a_key_never_prints() {
        assert_eq!(format!("{:?}", Key::new(4, [0xAB; 32])), "Key(4, ***)");
    }

    #[test]
    fn labels_and_purposes_have_keys_of_their_own() {
        let key = Key::new(1, [9; 32]);
        assert_ne!(*key.derive("a", b"b"), *key.derive("a", b"c"));
        assert_ne!(*key.derive("a", b"b"), *key.derive("ab", b""));
        assert_eq!(*key.derive("a", b"b"), *key.derive("a", b"b"));
    }
}
