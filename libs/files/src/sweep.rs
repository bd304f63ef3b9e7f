//! Removing what nobody will ask for: cut-off uploads, and files whose owner's
//! transaction never committed.

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use motcua_fault::Fault;
use motcua_ids::{FileId, Uuid};

use crate::{Files, away};

/// What a sweep removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Files that no owner knew.
    pub orphans: u64,
    /// Remains of uploads that never finished.
    pub remains: u64,
}

impl Files {
    /// Removes what is older than `before` and not known to any owner.
    ///
    /// Choose `before` well behind the longest upload and transaction: a file
    /// is written before the row that names it.
    pub async fn sweep(
        &self,
        before: DateTime<Utc>,
        mut is_known: impl AsyncFnMut(FileId) -> Result<bool, Fault>,
    ) -> Result<Swept, Fault> {
        let mut swept = Swept { remains: self.remove_remains(before).await?, ..Swept::default() };
        let mut all = self.store.list(None);
        while let Some(found) = all.try_next().await.map_err(away)? {
            let name = found.location.filename().unwrap_or_default();
            // What is not named like a file of ours is somebody else's: leave it.
            let Ok(uuid) = Uuid::try_parse(name) else { continue };
            let id = FileId::new(uuid);
            if found.last_modified < before && !is_known(id).await? {
                self.delete(id).await?;
                swept.orphans += 1;
            }
        }
        Ok(swept)
    }

    /// Uploads are staged as `<uuid>#<n>` beside their place, where listing does not see them.
    async fn remove_remains(&self, before: DateTime<Utc>) -> Result<u64, Fault> {
        let folder = self.folder.clone();
        let removed = tokio::task::spawn_blocking(move || -> std::io::Result<u64> {
            let mut removed = 0;
            for entry in std::fs::read_dir(folder)? {
                let place = entry?;
                if !place.file_type()?.is_dir() {
                    continue;
                }
                for file in std::fs::read_dir(place.path())? {
                    let file = file?;
                    let name = file.file_name();
                    let staged = name.to_str().and_then(|name| name.split_once('#'));
                    if staged.is_some_and(|(uuid, _)| Uuid::try_parse(uuid).is_ok())
                        && DateTime::<Utc>::from(file.metadata()?.modified()?) < before
                    {
                        std::fs::remove_file(file.path())?;
                        removed += 1;
                    }
                }
            }
            Ok(removed)
        });
        removed.await.map_err(Fault::internal)?.map_err(|e| Fault::unavailable("files").because(e))
    }
}
