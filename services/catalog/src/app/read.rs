//! Procedures and versions, as those who ask may see them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{ProcedureId, ProcedureVersionId};

use super::{App, access, today};
use crate::{
    domain::{Finding, Procedure, ProcedureNumber, Version},
    store::{procedures, versions},
};

/// A procedure with the version that speaks for it: the one in force, or the
/// newest for those who may see drafts.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) procedure: Procedure,
    pub(crate) speaks: Arc<Version>,
    /// Whether `speaks` is in force today.
    pub(crate) in_force: bool,
    pub(crate) draft: Option<ProcedureVersionId>,
}

impl App {
    /// A version by its id.
    pub(crate) async fn version(
        &self,
        ctx: &Ctx,
        id: ProcedureVersionId,
    ) -> Result<Arc<Version>, Fault> {
        let version = self.load(id).await?;
        if access::sees(ctx, &version) { Ok(version) } else { Err(versions::not_found()) }
    }

    /// The version of a procedure in force today.
    pub(crate) async fn version_in_force(
        &self,
        ctx: &Ctx,
        procedure: ProcedureId,
    ) -> Result<Arc<Version>, Fault> {
        let procedure = procedures::get(self.store.reader(), procedure).await?;
        let version = self.in_force(&procedure, today(ctx)).await?;
        version.filter(|v| access::sees(ctx, v)).ok_or_else(versions::not_found)
    }

    /// A procedure by its id.
    pub(crate) async fn procedure(&self, ctx: &Ctx, id: ProcedureId) -> Result<Seen, Fault> {
        let procedure = procedures::get(self.store.reader(), id).await?;
        self.seen(ctx, procedure).await?.ok_or_else(procedures::not_found)
    }

    /// A procedure by its national number.
    pub(crate) async fn procedure_by_number(
        &self,
        ctx: &Ctx,
        number: &ProcedureNumber,
    ) -> Result<Seen, Fault> {
        let procedure = procedures::by_number(self.store.reader(), number).await?;
        let procedure = procedure.ok_or_else(procedures::not_found)?;
        self.seen(ctx, procedure).await?.ok_or_else(procedures::not_found)
    }

    /// A page of all procedures, for those who keep the catalog.
    pub(crate) async fn list_procedures(
        &self,
        ctx: &Ctx,
        after: Option<String>,
        size: u64,
    ) -> Result<Vec<Seen>, Fault> {
        let page = procedures::page(self.store.reader(), after, size).await?;
        self.all_seen(ctx, page).await
    }

    /// A procedure's versions, newest first.
    pub(crate) async fn list_versions(
        &self,
        ctx: &Ctx,
        procedure: ProcedureId,
        below: Option<i32>,
        size: u64,
    ) -> Result<Vec<Version>, Fault> {
        let drafts = access::sees_drafts(ctx);
        let db = self.store.reader();
        let mut page = versions::page(db, procedure, drafts, below, size).await?;
        page.retain(|version| access::sees(ctx, version));
        Ok(page)
    }

    /// What a person should look at in a version; for those who keep the catalog.
    pub(crate) fn flags(&self, ctx: &Ctx, version: &Version) -> Vec<Finding> {
        if !access::sees_drafts(ctx) {
            return Vec::new();
        }
        let nothing_around = crate::domain::Surroundings::default();
        self.check(&version.number, &version.content, &nothing_around).flags
    }

    pub(super) async fn seen(
        &self,
        ctx: &Ctx,
        procedure: Procedure,
    ) -> Result<Option<Seen>, Fault> {
        Ok(self.all_seen(ctx, vec![procedure]).await?.pop())
    }

    /// Those of a page that the caller may see, in its order; the questions asked
    /// of the database do not grow with the page.
    async fn all_seen(&self, ctx: &Ctx, page: Vec<Procedure>) -> Result<Vec<Seen>, Fault> {
        let (db, day) = (self.store.reader(), today(ctx));
        let drafts = access::sees_drafts(ctx);
        let standing: Vec<_> = page.iter().filter(|p| p.stands_on(day)).map(|p| p.id).collect();
        let in_force = versions::in_force_on(db, day, Some(&standing)).await?;
        let others = page.iter().map(|p| p.id).filter(|id| drafts && !in_force.contains_key(id));
        let newest = match others.collect::<Vec<_>>() {
            others if others.is_empty() => BTreeMap::new(),
            others => versions::newest_of(db, &others).await?,
        };
        let speaking = page.iter().map(|p| in_force.get(&p.id).or_else(|| newest.get(&p.id)));
        let speaking: Vec<_> = speaking.collect();
        let ids: Vec<_> = speaking.iter().copied().flatten().copied().collect();
        let versions = self.load_all(&ids).await?;
        let mut seen = Vec::with_capacity(page.len());
        for (procedure, id) in page.iter().zip(speaking) {
            let Some(speaks) = id.and_then(|id| versions.get(id)) else { continue };
            let in_force = in_force.contains_key(&procedure.id);
            if in_force && !access::sees(ctx, speaks) {
                continue;
            }
            let draft = procedure.draft.filter(|_| drafts);
            let (procedure, speaks) = (procedure.clone(), speaks.clone());
            seen.push(Seen { procedure, speaks, in_force, draft });
        }
        Ok(seen)
    }

    async fn in_force(
        &self,
        procedure: &Procedure,
        day: NaiveDate,
    ) -> Result<Option<Arc<Version>>, Fault> {
        if !procedure.stands_on(day) {
            return Ok(None);
        }
        match versions::in_force(self.store.reader(), procedure.id, day).await? {
            Some(id) => self.load(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Like [`Self::load`], what is not in memory with one question.
    pub(super) async fn load_all(
        &self,
        ids: &[ProcedureVersionId],
    ) -> Result<HashMap<ProcedureVersionId, Arc<Version>>, Fault> {
        let mut loaded = HashMap::with_capacity(ids.len());
        let mut missing = Vec::new();
        for id in ids {
            match self.versions.get(id).await {
                Some(version) => drop(loaded.insert(*id, version)),
                None => missing.push(*id),
            }
        }
        for version in versions::many(self.store.reader(), &missing).await? {
            let version = Arc::new(version);
            if !version.is_draft() {
                self.versions.insert(version.id, version.clone()).await;
            }
            loaded.insert(version.id, version);
        }
        Ok(loaded)
    }

    /// From memory, if it is published; what is published never changes.
    pub(super) async fn load(&self, id: ProcedureVersionId) -> Result<Arc<Version>, Fault> {
        if let Some(version) = self.versions.get(&id).await {
            return Ok(version);
        }
        let version = Arc::new(versions::get(self.store.reader(), id).await?);
        if !version.is_draft() {
            self.versions.insert(id, version.clone()).await;
        }
        Ok(version)
    }
}
