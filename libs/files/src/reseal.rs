//! Sealing files anew with the current key.

use futures::TryStreamExt;
use motcua_fault::Fault;
use motcua_ids::{FileId, Uuid};
use motcua_sealing::MARK;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, path::Path};

use crate::{Files, aside::aside, away, label, place};

/// Sealed bytes written at once.
const PART: usize = 5 * 1024 * 1024;
/// How the name of what is made beside a file ends.
const COPY: &str = ".anew";

impl Files {
    /// The files that another key than the current one has sealed.
    pub async fn sealed_before(&self) -> Result<Vec<FileId>, Fault> {
        let mut found = Vec::new();
        let mut all = self.store.list(None);
        while let Some(object) = all.try_next().await.map_err(away)? {
            if let Some(id) = id_of(&object.location)
                && !self.is_current(&object.location).await?
            {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Seals the file `id` anew if that is needed; whether it was. Whoever reads it
    /// meanwhile reads on. Killed in between, the file is as it was.
    pub async fn reseal(&self, id: FileId) -> Result<bool, Fault> {
        let lies = self.whereabouts(id).await?;
        if self.is_current(&lies).await? {
            return Ok(false);
        }
        let fresh = beside(&lies);
        self.remove_copy(&lies).await?;
        self.copy(id, &lies, &fresh).await?;
        // Both must be there: a file that was deleted meanwhile does not come back.
        let (new, old) = (self.folder.join(fresh.as_ref()), self.folder.join(lies.as_ref()));
        let exchanged = tokio::task::spawn_blocking(move || exchange(&new, &old)).await;
        let exchanged = exchanged.map_err(Fault::internal)?;
        self.store.delete(&fresh).await.map_err(away)?;
        match exchanged {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Fault::unavailable("files").because(error)),
        }
    }

    /// Removes what was made beside files by a process that was killed. Only by
    /// the one that seals anew, while it does not.
    pub async fn forget_copies(&self) -> Result<(), Fault> {
        let mut all = self.store.list(None);
        while let Some(object) = all.try_next().await.map_err(away)? {
            if object.location.as_ref().ends_with(COPY) {
                self.store.delete(&object.location).await.map_err(away)?;
            }
        }
        Ok(())
    }

    /// Removes what sealing a file anew has left beside it.
    pub(crate) async fn remove_copy(&self, lies: &Path) -> Result<(), Fault> {
        let copy = beside(lies);
        match self.store.delete(&copy).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => self.remove_remains(&copy).await,
            Err(error) => Err(away(error)),
        }
    }

    /// Whether the current key has sealed the file; one that is gone needs nothing.
    async fn is_current(&self, lies: &Path) -> Result<bool, Fault> {
        match self.store.get_range(lies, 0..MARK as u64).await {
            Ok(begin) => Ok(self.keyring.is_current_stream(&begin)),
            Err(object_store::Error::NotFound { .. }) => Ok(true),
            Err(error) => Err(away(error)),
        }
    }

    async fn copy(&self, id: FileId, from: &Path, to: &Path) -> Result<(), Fault> {
        let mut plain = self.open_at(from, id).await?;
        let mut parts = self.store.put_multipart(to).await.map_err(away)?;
        let mut sealer = self.keyring.stream_sealer(&label(id));
        let mut out = Vec::new();
        while let Some(piece) = plain.try_next().await? {
            out.extend(sealer.push(&piece)?);
            if out.len() >= PART {
                let part = PutPayload::from(std::mem::take(&mut out));
                parts.put_part(part).await.map_err(away)?;
            }
        }
        out.extend(sealer.finish()?);
        parts.put_part(PutPayload::from(out)).await.map_err(away)?;
        parts.complete().await.map_err(away)?;
        Ok(())
    }
}

/// The file at a place, if it is one and not what is made beside it.
fn id_of(location: &Path) -> Option<FileId> {
    let id = FileId::new(Uuid::try_parse(location.filename()?).ok()?);
    (place(id) == *location || aside(id) == *location).then_some(id)
}

fn beside(lies: &Path) -> Path {
    Path::from(format!("{lies}{COPY}"))
}

/// Puts each file in the other's place, at once.
#[cfg(target_os = "linux")]
fn exchange(new: &std::path::Path, old: &std::path::Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?;
    std::fs::File::open(old.parent().unwrap_or(old))?.sync_all()
}

/// Where two cannot be exchanged, the new one takes the old one's place; the one
/// that is deleted next is made first.
#[cfg(not(target_os = "linux"))]
fn exchange(new: &std::path::Path, old: &std::path::Path) -> std::io::Result<()> {
    let kept = new.with_extension("old");
    std::fs::rename(old, &kept)?;
    std::fs::rename(new, old)?;
    std::fs::rename(&kept, new)
}
