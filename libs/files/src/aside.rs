//! The place beside the others from which nothing is served.

use motcua_fault::Fault;
use motcua_ids::FileId;
use object_store::{ObjectStoreExt, path::Path};

use crate::{Files, away, place};

const ASIDE: &str = "quarantine";

impl Files {
    /// Takes the file `id` out of the place it is served from. That it was taken
    /// already is well.
    pub async fn quarantine(&self, id: FileId) -> Result<(), Fault> {
        self.shift(&place(id), &aside(id)).await
    }

    /// Puts the file `id` back. That it was never taken out is well.
    pub async fn restore(&self, id: FileId) -> Result<(), Fault> {
        self.shift(&aside(id), &place(id)).await
    }

    /// Where the file `id` lies; one that is nowhere has its usual place.
    pub(crate) async fn whereabouts(&self, id: FileId) -> Result<Path, Fault> {
        let usual = place(id);
        let taken = aside(id);
        Ok(if !self.is_at(&usual).await? && self.is_at(&taken).await? { taken } else { usual })
    }

    async fn shift(&self, from: &Path, to: &Path) -> Result<(), Fault> {
        match self.store.rename(from, to).await {
            Err(object_store::Error::NotFound { .. }) if self.is_at(to).await? => Ok(()),
            shifted => shifted.map_err(away),
        }
    }

    async fn is_at(&self, place: &Path) -> Result<bool, Fault> {
        match self.store.head(place).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(away(error)),
        }
    }
}

/// As in the usual place, one folder deeper.
pub(crate) fn aside(id: FileId) -> Path {
    Path::from(format!("{ASIDE}/{}", place(id)))
}
