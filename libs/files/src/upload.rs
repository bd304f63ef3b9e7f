use std::{borrow::Cow, mem};

use bytes::Bytes;
use motcua_fault::Fault;
use motcua_sealing::StreamSealer;
use object_store::{MultipartUpload, PutPayload};
use sha2::{Digest, Sha256};

use crate::{
    MediaType, Refused, away,
    sniff::{HEAD, sniff},
};

/// How much is gathered before it is written out.
const PART: usize = 1024 * 1024;

/// What one upload may be.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest file taken, in bytes.
    pub max_bytes: u64,
    /// The types taken.
    pub accept: Cow<'static, [MediaType]>,
}

impl Limits {
    /// What a citizen may file: everything but plain text.
    pub fn papers(max_bytes: u64) -> Self {
        const PAPERS: &[MediaType] = &[
            MediaType::Pdf,
            MediaType::Jpeg,
            MediaType::Png,
            MediaType::Tiff,
            MediaType::Heic,
            MediaType::Docx,
            MediaType::Xlsx,
            MediaType::Odt,
            MediaType::Xml,
        ];
        Self { max_bytes, accept: Cow::Borrowed(PAPERS) }
    }

    fn names(&self) -> String {
        self.accept.iter().map(|kind| kind.extension()).collect::<Vec<_>>().join(", ")
    }
}

/// A file that was written whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// How long it is, in bytes, before sealing.
    pub size: u64,
    /// Of its content, before sealing.
    pub sha256: [u8; 32],
    /// What its content is.
    pub media_type: MediaType,
}

/// A file being written. Dropping it forgets everything written.
#[must_use = "a file that is not finished is forgotten"]
pub struct Upload {
    parts: Box<dyn MultipartUpload>,
    sealer: StreamSealer,
    limits: Limits,
    hash: Sha256,
    size: u64,
    /// The first bytes, while they do not suffice to tell the type.
    head: Vec<u8>,
    media_type: Option<MediaType>,
    /// Sealed bytes that do not fill a part yet.
    sealed: Vec<u8>,
}

impl Upload {
    pub(crate) fn new(
        parts: Box<dyn MultipartUpload>,
        sealer: StreamSealer,
        limits: Limits,
    ) -> Self {
        Self {
            parts,
            sealer,
            limits,
            hash: Sha256::new(),
            size: 0,
            head: Vec::new(),
            media_type: None,
            sealed: Vec::new(),
        }
    }

    /// Takes the next piece, of any size. Refuses as soon as it is too much or of a wrong type.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), Fault> {
        self.size += piece.len() as u64;
        if self.size > self.limits.max_bytes {
            return Err(Refused::TooLarge { max_bytes: self.limits.max_bytes }.into());
        }
        self.hash.update(&piece);
        if self.media_type.is_some() {
            return self.seal(&piece).await;
        }
        self.head.extend_from_slice(&piece);
        if self.head.len() < HEAD {
            return Ok(());
        }
        self.know_type()?;
        let head = mem::take(&mut self.head);
        self.seal(&head).await
    }

    /// Makes the file appear, synced to disk.
    pub async fn finish(mut self) -> Result<Stored, Fault> {
        if self.size == 0 {
            return Err(Refused::Empty.into());
        }
        let media_type = self.know_type()?;
        let head = mem::take(&mut self.head);
        self.seal(&head).await?;
        let Self { mut parts, sealer, hash, size, mut sealed, .. } = self;
        sealed.extend(sealer.finish()?);
        parts.put_part(PutPayload::from(sealed)).await.map_err(away)?;
        parts.complete().await.map_err(away)?;
        Ok(Stored { size, sha256: hash.finalize().into(), media_type })
    }

    /// Forgets everything written, at once.
    pub async fn abort(mut self) -> Result<(), Fault> {
        self.parts.abort().await.map_err(away)
    }

    fn know_type(&mut self) -> Result<MediaType, Fault> {
        if let Some(known) = self.media_type {
            return Ok(known);
        }
        let accepted = |found: &MediaType| self.limits.accept.contains(found);
        let found = match sniff(&self.head) {
            Ok(found) if accepted(&found) => found,
            other => {
                let found = other.map_or_else(|name| name, |found| found.to_string());
                return Err(Refused::Type { found, accepted: self.limits.names() }.into());
            }
        };
        self.media_type = Some(found);
        Ok(found)
    }

    async fn seal(&mut self, plain: &[u8]) -> Result<(), Fault> {
        self.sealed.extend(self.sealer.push(plain)?);
        if self.sealed.len() >= PART {
            let part = PutPayload::from(mem::take(&mut self.sealed));
            self.parts.put_part(part).await.map_err(away)?;
        }
        Ok(())
    }
}
