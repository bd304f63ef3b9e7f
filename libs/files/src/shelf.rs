use std::{collections::HashMap, path::PathBuf};

use futures::{Stream, StreamExt, TryStreamExt};
use motcua_fault::Fault;
use motcua_ids::{FileId, Uuid};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path};

use crate::{OpenError, aside::aside, away, folder_of, place};

/// The stored files as they lie, sealed, for whoever compares them with the
/// rows that name them. It needs no key, and changes nothing.
#[derive(Debug)]
pub struct Shelf {
    store: LocalFileSystem,
}

impl Shelf {
    /// The files at an address; `None` while there is no such folder.
    ///
    /// # Errors
    /// Not an address, or a folder that cannot be read.
    pub fn at(url: &str) -> Result<Option<Self>, OpenError> {
        let folder: PathBuf = folder_of(url)?;
        if !folder.is_dir() {
            return Ok(None);
        }
        match LocalFileSystem::new_with_prefix(&folder) {
            Ok(store) => Ok(Some(Self { store })),
            Err(error) => Err(OpenError::Folder {
                folder: folder.display().to_string(),
                source: error.into(),
            }),
        }
    }

    /// Every whole file, served or put aside. What an upload has not finished is none.
    pub fn all(&self) -> impl Stream<Item = Result<FileId, Fault>> + '_ {
        self.store.list(None).map_err(away).try_filter_map(async |object| {
            let name = object.location.filename().unwrap_or_default();
            Ok(Uuid::try_parse(name).ok().map(FileId::new))
        })
    }

    /// Which of these are where files are served from, with their sealed length in octets.
    pub async fn sizes(&self, files: &[FileId]) -> Result<HashMap<FileId, u64>, Fault> {
        self.sizes_at(files, place).await
    }

    /// Which of these were put aside, with their sealed length in octets.
    pub async fn sizes_aside(&self, files: &[FileId]) -> Result<HashMap<FileId, u64>, Fault> {
        self.sizes_at(files, aside).await
    }

    async fn sizes_at(
        &self,
        files: &[FileId],
        at: fn(FileId) -> Path,
    ) -> Result<HashMap<FileId, u64>, Fault> {
        let asked = files.iter().map(async |file| match self.store.head(&at(*file)).await {
            Ok(object) => Ok(Some((*file, object.size))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(away(error)),
        });
        let found: Vec<_> = futures::stream::iter(asked).buffered(16).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }
}
