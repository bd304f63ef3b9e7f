//! Sealing files: STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM.
//!
//! `version (1) | key id (4) | salt (16) | nonce prefix (7)`, then chunks of
//! 64 KiB of plain text, each followed by its tag. A chunk's nonce is
//! `prefix | counter (4) | last (1)`, so a chunk that is moved, repeated, left
//! out, or followed by nothing although it is not the last does not open. The
//! salt gives every file its own key.

use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit, Payload},
};
use motcua_fault::Fault;

use crate::{
    broken::Broken,
    envelope::TAG,
    keys::{Key, KeyId, KeySet},
};

/// How many bytes of plain text one chunk holds.
pub const CHUNK: usize = 64 * 1024;

const VERSION: u8 = 0x81;
const SALT: usize = 16;
const PREFIX: usize = 7;
const HEADER: usize = 1 + 4 + SALT + PREFIX;
const PURPOSE: &str = "motcua/stream/v1";

/// How many bytes a stream of `plain` bytes takes when sealed.
pub const fn sealed_len(plain: u64) -> u64 {
    let chunks = plain.div_ceil(CHUNK as u64);
    HEADER as u64 + plain + TAG as u64 * if chunks == 0 { 1 } else { chunks }
}

/// How the streams of a key begin.
pub(crate) fn mark(id: KeyId) -> Vec<u8> {
    [&[VERSION][..], &id.to_be_bytes()].concat()
}

/// The cipher of one stream and the number of its next chunk.
struct Chunks {
    cipher: Aes256Gcm,
    prefix: [u8; PREFIX],
    aad: Vec<u8>,
    next: Option<u32>,
}

impl Chunks {
    fn new(key: &Key, label: &str, header: &[u8; HEADER]) -> Self {
        let (head, prefix) = header.split_at(HEADER - PREFIX);
        let place = [&head[5..], label.as_bytes()].concat();
        let cipher = Aes256Gcm::new(&(*key.derive(PURPOSE, &place)).into());
        let mut own = [0; PREFIX];
        own.copy_from_slice(prefix);
        Self { cipher, prefix: own, aad: [head, label.as_bytes()].concat(), next: Some(0) }
    }

    /// `None` after 2^32 chunks (256 TiB): a nonce must never come again.
    fn nonce(&mut self, last: bool) -> Option<Nonce<aes_gcm::aead::consts::U12>> {
        let counter = self.next?;
        self.next = counter.checked_add(1);
        let mut nonce = [0; 12];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..11].copy_from_slice(&counter.to_be_bytes());
        nonce[11] = u8::from(last);
        Some(nonce.into())
    }

    fn seal(&mut self, plain: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), Broken> {
        let nonce = self.nonce(last).ok_or(Broken::Format)?;
        let payload = Payload { msg: plain, aad: &self.aad };
        out.extend(self.cipher.encrypt(&nonce, payload).map_err(|_| Broken::Format)?);
        Ok(())
    }

    fn open(&mut self, sealed: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), Broken> {
        let nonce = self.nonce(last).ok_or(Broken::Format)?;
        let payload = Payload { msg: sealed, aad: &self.aad };
        out.extend(self.cipher.decrypt(&nonce, payload).map_err(|_| Broken::Forged)?);
        Ok(())
    }
}

/// Seals a stream piece by piece; pieces may have any size.
pub struct StreamSealer {
    chunks: Chunks,
    /// Plain text that does not fill a chunk yet; at first, nothing.
    held: Vec<u8>,
    /// What is to be written before anything else.
    header: Vec<u8>,
}

impl StreamSealer {
    pub(crate) fn new(keys: &KeySet, label: &str) -> Self {
        let key = keys.current();
        let mut header = [0; HEADER];
        rand::fill(&mut header);
        header[0] = VERSION;
        header[1..5].copy_from_slice(&key.id().to_be_bytes());
        Self { chunks: Chunks::new(key, label, &header), held: Vec::new(), header: header.to_vec() }
    }

    /// Takes the next piece and gives what can be written by now, perhaps nothing.
    pub fn push(&mut self, plain: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut out = std::mem::take(&mut self.header);
        self.held.extend_from_slice(plain);
        // A full chunk is held back: only the end tells whether it is the last.
        let ready = self.held.len().saturating_sub(1) / CHUNK * CHUNK;
        for chunk in self.held[..ready].chunks(CHUNK) {
            self.chunks.seal(chunk, false, &mut out)?;
        }
        self.held.drain(..ready);
        Ok(out)
    }

    /// Seals the end. A stream without it does not open.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let mut out = std::mem::take(&mut self.header);
        self.chunks.seal(&self.held, true, &mut out)?;
        Ok(out)
    }
}

/// Opens a stream piece by piece; pieces may have any size.
///
/// What [`Self::push`] gives is genuine and in order, but that nothing is
/// missing is known only when [`Self::finish`] has succeeded.
pub struct StreamOpener {
    keys: KeySet,
    label: String,
    chunks: Option<Chunks>,
    held: Vec<u8>,
}

impl StreamOpener {
    pub(crate) fn new(keys: &KeySet, label: &str) -> Self {
        Self { keys: keys.clone(), label: label.to_owned(), chunks: None, held: Vec::new() }
    }

    /// Takes the next sealed piece and gives what could be opened by now, perhaps nothing.
    pub fn push(&mut self, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
        self.held.extend_from_slice(sealed);
        let mut out = Vec::new();
        if self.chunks.is_none() {
            let Some(header) = self.held.first_chunk::<HEADER>() else { return Ok(out) };
            self.chunks = Some(begin(&self.keys, &self.label, header)?);
            self.held.drain(..HEADER);
        }
        let Some(chunks) = &mut self.chunks else { return Ok(out) };
        let whole = CHUNK + TAG;
        let ready = self.held.len().saturating_sub(1) / whole * whole;
        for chunk in self.held[..ready].chunks(whole) {
            chunks.open(chunk, false, &mut out)?;
        }
        self.held.drain(..ready);
        Ok(out)
    }

    /// Opens the end, and so proves that the stream is whole.
    pub fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let Some(chunks) = &mut self.chunks else { return Err(Broken::Truncated.into()) };
        chunks.open(&self.held, true, &mut out).map_err(|_| Broken::Truncated)?;
        Ok(out)
    }
}

fn begin(keys: &KeySet, label: &str, header: &[u8; HEADER]) -> Result<Chunks, Broken> {
    let [VERSION, a, b, c, d, ..] = *header else { return Err(Broken::Format) };
    let id = u32::from_be_bytes([a, b, c, d]);
    let key = keys.find(id).ok_or(Broken::UnknownKey(id))?;
    Ok(Chunks::new(key, label, header))
}
