//! The bytes of papers and results, sealed, streamed, known by their content.
//!
//! A file is written once under a [`FileId`] its owner chose, and never changed:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> anyhow::Result<()> {
//! use std::sync::Arc;
//! use futures::TryStreamExt;
//! use motcua_files::{Files, Limits, MediaType, Scanner, Verdict};
//! use std::time::Duration;
//! use motcua_ids::{FileId, Uuid};
//! use motcua_sealing::Keyring;
//!
//! # let folder = tempfile::tempdir()?;
//! let url = format!("file://{}", folder.path().display());
//! let files = Files::at(&url, Arc::new(Keyring::generate()), Scanner::off())?;
//!
//! let id = FileId::new(Uuid::from_u128(7));
//! let mut upload = files.create(id, Limits::papers(10 * 1024 * 1024)).await?;
//! upload.write(b"%PDF-1.7 ".as_slice().into()).await?;
//! upload.write(b"the rest".as_slice().into()).await?;
//! let stored = upload.finish().await?;
//! assert_eq!((stored.size, stored.media_type), (17, MediaType::Pdf));
//!
//! assert_eq!(files.scan(id, Duration::from_secs(20)).await?, Verdict::Unscanned);
//! let pieces: Vec<_> = files.open(id).await?.try_collect().await?;
//! assert_eq!(pieces.concat(), b"%PDF-1.7 the rest");
//! # Ok(()) }
//! ```
//!
//! * On disk a file is sealed in chunks; only its length can be seen.
//! * It appears whole and synced, or not at all: an upload that is dropped leaves
//!   nothing; one whose process was killed leaves nothing that can be opened, and
//!   [`Files::delete`] removes the rest. So an owner sets a timer before it
//!   creates a file, and deletes by it what its own rows do not name.
//! * Its type is what its first bytes say, never what the sender says.
//! * The owner keeps the [`Verdict`] and serves nothing that is not
//!   [`Verdict::may_be_served`]; what never will be is put aside by [`Files::quarantine`],
//!   sealed as it is, and cannot be opened there.
//!
//! Who may read a file is its owner's question; nothing about dossiers may enter this crate.

mod aside;
mod clamd;
mod media_type;
mod refusal;
mod reseal;
mod shelf;
mod sniff;
mod upload;
mod verdict;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use motcua_fault::Fault;
use motcua_ids::FileId;
use motcua_sealing::{Keyring, StreamOpener};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path};
use url::Url;

pub use clamd::{ScanPolicy, Scanner};
pub use media_type::MediaType;
pub use refusal::Refused;
pub use shelf::Shelf;
pub use upload::{Limits, Stored, Upload};
pub use verdict::{Unfit, Verdict, Waiting};

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
    keyring: Arc<Keyring>,
    scanner: Scanner,
}

/// Why an address opens no file store.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not an address, or none of files.
    #[error("«{0}» is no file store: write file:./data/files or file:///srv/motcua/files")]
    Address(String),
    /// The folder cannot be made or used.
    #[error("the folder of files {folder}: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the file system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Files {
    /// Opens `file:./relative` or `file:///absolute`, making the folder where it is missing.
    pub fn at(url: &str, keyring: Arc<Keyring>, scanner: Scanner) -> Result<Self, OpenError> {
        let folder = folder_of(url)?;
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| OpenError::Folder {
            folder: folder.display().to_string(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(|e| failed(e.into()))?;
        let folder = folder.canonicalize().map_err(|e| failed(e.into()))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|e| failed(e.into()))?
            .with_fsync(true);
        Ok(Self { store: Arc::new(store), folder, keyring, scanner })
    }

    /// Begins to write the file `id`, which must not exist yet.
    pub async fn create(&self, id: FileId, limits: Limits) -> Result<Upload, Fault> {
        let place = place(id);
        match self.store.head(&place).await {
            Ok(_) => return Err(Refused::Exists.into()),
            Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(away(error)),
        }
        let parts = self.store.put_multipart(&place).await.map_err(away)?;
        Ok(Upload::new(parts, self.keyring.stream_sealer(&label(id)), limits))
    }

    /// Reads the file `id` from its beginning, opening it piece by piece.
    ///
    /// A file that was cut off or changed ends with `SEAL_BROKEN`: what came
    /// before was genuine, but it was not all.
    pub async fn open(
        &self,
        id: FileId,
    ) -> Result<BoxStream<'static, Result<Bytes, Fault>>, Fault> {
        self.open_at(&place(id), id).await
    }

    async fn open_at(
        &self,
        place: &Path,
        id: FileId,
    ) -> Result<BoxStream<'static, Result<Bytes, Fault>>, Fault> {
        let found = self.store.get(place).await.map_err(away)?;
        let opener = self.keyring.stream_opener(&label(id));
        Ok(opened(found.into_stream().map_err(away).boxed(), opener).boxed())
    }

    /// Lets the scanner read the file `id`, wherever it lies, for `patience` at the
    /// most, and tells what it found.
    ///
    /// # Errors
    /// The file cannot be read; a scanner that is away or fails is [`Verdict::Waiting`].
    pub async fn scan(&self, id: FileId, patience: Duration) -> Result<Verdict, Fault> {
        let Scanner::Clamd(clamd) = &self.scanner else { return Ok(Verdict::Unscanned) };
        let lies = self.whereabouts(id).await?;
        clamd.scan(self.open_at(&lies, id).await?, patience).await
    }

    /// What examines the files; for health pages, banners and `motcua doctor`.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// Removes the file `id` from wherever it lies, and what an upload of it left that
    /// never finished. That it is gone already is well.
    pub async fn delete(&self, id: FileId) -> Result<(), Fault> {
        for place in [place(id), aside::aside(id)] {
            match self.store.delete(&place).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {
                    self.remove_copy(&place).await?;
                    self.remove_remains(&place).await?;
                }
                Err(error) => return Err(away(error)),
            }
        }
        Ok(())
    }

    /// Uploads are staged as `<uuid>#<n>` beside their place, counted from 1.
    async fn remove_remains(&self, place: &Path) -> Result<(), Fault> {
        for n in 1_u32.. {
            let staged = self.folder.join(format!("{place}#{n}"));
            match tokio::fs::remove_file(staged).await {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
                Err(error) => return Err(Fault::unavailable("files").because(error)),
            }
        }
        Ok(())
    }
}

/// Opens sealed pieces one by one; the end is proved when they run out.
fn opened(
    sealed: BoxStream<'static, Result<Bytes, Fault>>,
    opener: StreamOpener,
) -> impl Stream<Item = Result<Bytes, Fault>> {
    let begin = Some((sealed, opener));
    futures::stream::try_unfold(begin, async |state| {
        let Some((mut sealed, mut opener)) = state else { return Ok(None) };
        while let Some(piece) = sealed.try_next().await? {
            let plain = opener.push(&piece)?;
            if !plain.is_empty() {
                return Ok(Some((Bytes::from(plain), Some((sealed, opener)))));
            }
        }
        Ok(Some((Bytes::from(opener.finish()?), None)))
    })
}

fn folder_of(url: &str) -> Result<PathBuf, OpenError> {
    let bad = || OpenError::Address(url.to_owned());
    let rest = url.strip_prefix("file:").ok_or_else(bad)?;
    if rest.starts_with("//") {
        return Url::parse(url).ok().and_then(|url| url.to_file_path().ok()).ok_or_else(bad);
    }
    if rest.is_empty() { Err(bad()) } else { Ok(PathBuf::from(rest)) }
}

/// Spread over folders by the random end of the id; its beginning is the time.
fn place(id: FileId) -> Path {
    let uuid = id.uuid().hyphenated().to_string();
    Path::from_iter([&uuid[34..], &uuid])
}

fn label(id: FileId) -> String {
    format!("files/{}", id.uuid())
}

fn away(error: object_store::Error) -> Fault {
    match error {
        object_store::Error::NotFound { .. } => Fault::not_found("file"),
        other => Fault::unavailable("files").because(other),
    }
}

#[cfg(test)]
mod tests;
