use motcua_fault::Fault;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    Key, KeySet, StreamOpener, StreamSealer,
    blind::{blind, mac},
    broken::Broken,
    envelope,
};

/// All the keys of one deployment: `data` seals, `index` looks up.
///
/// Cheap to share behind an `Arc`. Printing it shows the keys' numbers alone.
#[derive(Debug, Clone)]
pub struct Keyring {
    data: KeySet,
    index: KeySet,
}

impl Keyring {
    /// A ring of these two sets, which must not share a key.
    pub fn new(data: KeySet, index: KeySet) -> Self {
        Self { data, index }
    }

    /// A ring of fresh keys: for a new deployment, and for tests.
    pub fn generate() -> Self {
        Self::new(KeySet::generate(), KeySet::generate())
    }

    /// The keys that seal.
    pub fn data(&self) -> &KeySet {
        &self.data
    }

    /// The keys that look up.
    pub fn index(&self) -> &KeySet {
        &self.index
    }

    /// Seals a value that belongs to `label`. The key's number is inside.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Vec<u8> {
        envelope::seal(&self.data, label, plain)
    }

    /// Opens what [`Self::seal`] gave for the same label, with whichever key it was sealed.
    ///
    /// Anything else is `SEAL_BROKEN` (internal): it was changed, moved to
    /// another label, or its key is not in the ring.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(envelope::open(&self.data, label, sealed)?)
    }

    /// Seals a value as JSON. Fails on values JSON cannot hold alone.
    pub fn seal_json<T: Serialize>(&self, label: &str, value: &T) -> Result<Vec<u8>, Fault> {
        let plain = Zeroizing::new(serde_json::to_vec(value).map_err(Fault::internal)?);
        Ok(self.seal(label, &plain))
    }

    /// Opens what [`Self::seal_json`] gave for the same label.
    pub fn open_json<T: DeserializeOwned>(&self, label: &str, sealed: &[u8]) -> Result<T, Fault> {
        let plain = Zeroizing::new(self.open(label, sealed)?);
        // The parser's message may quote the value, which is personal data: it is dropped.
        serde_json::from_slice(&plain).map_err(|_| Broken::Json.into())
    }

    /// Whether a value was sealed with the current key, or waits to be sealed anew.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        envelope::key_id(sealed).is_ok_and(|id| id == self.data.current().id())
    }

    /// Seals a stream that belongs to `label`, chunk by chunk.
    pub fn stream_sealer(&self, label: &str) -> StreamSealer {
        StreamSealer::new(&self.data, label)
    }

    /// Opens what a [`StreamSealer`] gave for the same label.
    pub fn stream_opener(&self, label: &str) -> StreamOpener {
        StreamOpener::new(&self.data, label)
    }

    /// The blind index of `text`, 32 bytes, for writing: always the current key.
    ///
    /// The caller brings `text` into one form first (`0912…` and `+84 912…` blind differently).
    pub fn blind(&self, label: &str, text: &str) -> Vec<u8> {
        blind(self.index.current(), label, text.as_bytes())
    }

    /// The blind indexes of `text` under every key, the current one first, for
    /// looking up: `WHERE phone_index IN (…)` finds rows from before a rotation too.
    pub fn blind_all(&self, label: &str, text: &str) -> Vec<Vec<u8>> {
        self.index.all().map(|key| blind(key, label, text.as_bytes())).collect()
    }

    /// A keyed fingerprint of something guessable, such as a request's payload:
    /// equal things have equal fingerprints, and nobody without the key can try values.
    pub fn fingerprint(&self, label: &str, bytes: &[u8]) -> [u8; 32] {
        let derived = self.index.current().derive("motcua/fingerprint/v1", label.as_bytes());
        mac(&derived, &[bytes])
    }

    /// Eight hexadecimal letters that tell two rings apart and nothing about
    /// their keys: `motcua doctor` compares them between services.
    pub fn name(&self) -> String {
        let sets = [(b'd', &self.data), (b'i', &self.index)];
        let mut whole = Vec::new();
        for (set, keys) in sets {
            let mut all: Vec<&Key> = keys.all().collect();
            all.sort_by_key(|key| key.id());
            for key in all {
                whole.push(set);
                whole.extend(key.id().to_be_bytes());
                whole.extend(*key.derive("motcua/name/v1", &[]));
            }
        }
        hex::encode(&crate::fingerprint(&[&whole])[..4])
    }

    /// The same ring with a fresh current data key.
    #[must_use]
    pub fn with_new_data_key(&self) -> Self {
        Self::new(self.data.rotated(), self.index.clone())
    }

    /// The same ring with a fresh current index key.
    #[must_use]
    pub fn with_new_index_key(&self) -> Self {
        Self::new(self.data.clone(), self.index.rotated())
    }
}
