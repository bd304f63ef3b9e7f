use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use motcua_fault::Fault;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    Key, KeyFileError, KeySet, StreamOpener, StreamSealer,
    blind::{blind, mac},
    broken::Broken,
    envelope::{self, MARK},
    stream,
};

/// All the keys of one service: `data` seals, `index` looks up.
///
/// Shared behind an `Arc`: whoever holds it sees at once that the keys were
/// exchanged ([`Self::replace`]). Printing it shows the keys' numbers alone.
#[derive(Debug)]
pub struct Keyring(RwLock<Arc<Sets>>);

#[derive(Debug)]
struct Sets {
    data: KeySet,
    index: KeySet,
}

/// How far the exchange of a ring's keys has come; each step is one [`Keyring::advanced`].
///
/// Processes learn of a changed file one after another, so no step may need that
/// all know it at once: a key opens everywhere before it seals anywhere. The
/// index key goes first: what the new data key sealed, the new index key has blinded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// One key each: nothing is being exchanged.
    None,
    /// There are new keys, which open and find, and do not seal yet.
    Announced,
    /// The new index key blinds.
    IndexChanged,
    /// The new data key seals, and the old ones still open.
    Changed,
}

impl Keyring {
    /// A ring of these two sets, which must not share a key.
    pub fn new(data: KeySet, index: KeySet) -> Self {
        Self(RwLock::new(Arc::new(Sets { data, index })))
    }

    /// A ring of fresh keys: for a new deployment, and for tests.
    pub fn generate() -> Self {
        Self::new(KeySet::generate(), KeySet::generate())
    }

    fn sets(&self) -> Arc<Sets> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the keys of another ring for everybody who holds this one.
    pub fn replace(&self, other: &Self) {
        let sets = other.sets();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = sets;
    }

    /// Reads the key file anew; answers whether the keys were changed.
    ///
    /// # Errors
    /// Where the file cannot be read or is none, the keys stay as they are.
    pub fn reload(&self, path: &Path) -> Result<bool, KeyFileError> {
        let read = Self::load(path)?;
        let (mine, others) = (self.sets(), read.sets());
        let current = |sets: &Sets| (sets.data.current().id(), sets.index.current().id());
        let changed = self.name() != read.name() || current(&mine) != current(&others);
        if changed {
            self.replace(&read);
        }
        Ok(changed)
    }

    /// How far the exchange of the keys has come.
    pub fn rotation(&self) -> Rotation {
        let sets = self.sets();
        let waits = |set: &KeySet| set.newest() > set.current().id();
        if waits(&sets.index) {
            Rotation::Announced
        } else if waits(&sets.data) {
            Rotation::IndexChanged
        } else if sets.data.all().count() > 1 || sets.index.all().count() > 1 {
            Rotation::Changed
        } else {
            Rotation::None
        }
    }

    /// The ring after the next step of the exchange; from its end, the ring
    /// without the old keys: only when nothing needs them any more.
    #[must_use]
    pub fn advanced(&self) -> Self {
        let sets = self.sets();
        let Sets { data, index } = &*sets;
        match self.rotation() {
            Rotation::None => Self::new(data.announced(), index.announced()),
            Rotation::Announced => Self::new(data.clone(), index.promoted()),
            Rotation::IndexChanged => Self::new(data.promoted(), index.clone()),
            Rotation::Changed => Self::new(data.alone(), index.alone()),
        }
    }

    /// The keys that seal.
    pub fn data(&self) -> KeySet {
        self.sets().data.clone()
    }

    /// The keys that look up.
    pub fn index(&self) -> KeySet {
        self.sets().index.clone()
    }

    /// Seals a value that belongs to `label`. The key's number is inside.
    pub fn seal(&self, label: &str, plain: &[u8]) -> Vec<u8> {
        envelope::seal(&self.sets().data, label, plain)
    }

    /// Opens what [`Self::seal`] gave for the same label, with whichever key it was sealed.
    ///
    /// Anything else is `SEAL_BROKEN` (internal): it was changed, moved to
    /// another label, or its key is not in the ring.
    pub fn open(&self, label: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(envelope::open(&self.sets().data, label, sealed)?)
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
        envelope::key_id(sealed).is_ok_and(|id| id == self.sets().data.current().id())
    }

    /// How everything begins that the current data key has sealed, in a column:
    /// what begins otherwise waits to be sealed anew.
    pub fn current_mark(&self) -> Vec<u8> {
        envelope::mark(self.sets().data.current().id())
    }

    /// The same for a stream, by its first [`MARK`](crate::MARK) bytes.
    pub fn is_current_stream(&self, begin: &[u8]) -> bool {
        begin.get(..MARK) == Some(&stream::mark(self.sets().data.current().id())[..])
    }

    /// Seals a stream that belongs to `label`, chunk by chunk.
    pub fn stream_sealer(&self, label: &str) -> StreamSealer {
        StreamSealer::new(&self.sets().data, label)
    }

    /// Opens what a [`StreamSealer`] gave for the same label.
    pub fn stream_opener(&self, label: &str) -> StreamOpener {
        StreamOpener::new(&self.sets().data, label)
    }

    /// The blind index of `text`, 32 bytes, for writing: always the current key.
    ///
    /// The caller brings `text` into one form first (`0912…` and `+84 912…` blind differently).
    pub fn blind(&self, label: &str, text: &str) -> Vec<u8> {
        blind(self.sets().index.current(), label, text.as_bytes())
    }

    /// The blind indexes of `text` under every key, the current one first, for
    /// looking up: `WHERE phone_index IN (…)` finds rows from before a rotation too.
    pub fn blind_all(&self, label: &str, text: &str) -> Vec<Vec<u8>> {
        self.sets().index.all().map(|key| blind(key, label, text.as_bytes())).collect()
    }

    /// A keyed fingerprint of something guessable, such as a request's payload:
    /// equal things have equal fingerprints, and nobody without the key can try values.
    pub fn fingerprint(&self, label: &str, bytes: &[u8]) -> [u8; 32] {
        let derived = self.sets().index.current().derive("motcua/fingerprint/v1", label.as_bytes());
        mac(&derived, &[bytes])
    }

    /// Eight hexadecimal letters that tell two rings apart and nothing about
    /// their keys: `motcua doctor` compares them between services.
    pub fn name(&self) -> String {
        let all = self.sets();
        let sets = [(b'd', &all.data), (b'i', &all.index)];
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
        Self::new(self.data().rotated(), self.index())
    }

    /// The same ring with a fresh current index key.
    #[must_use]
    pub fn with_new_index_key(&self) -> Self {
        Self::new(self.data(), self.index().rotated())
    }
}
