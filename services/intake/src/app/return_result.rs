//! Trả kết quả.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;

use super::{App, View, authority};
use crate::{
    domain::{By, Hand, ReturnWay},
    store::dossiers::{self, Changed},
};

/// How the result reaches the citizen.
pub(crate) struct ReturnResult {
    pub(crate) id: DossierId,
    /// `None`: as the citizen wished.
    pub(crate) way: Option<ReturnWay>,
    /// Who took it.
    pub(crate) received_by: String,
    /// The postal item.
    pub(crate) postal_code: String,
}

impl App {
    /// Hands the result over.
    pub(crate) async fn return_result(
        &self,
        ctx: &Ctx,
        request: ReturnResult,
        method: &str,
    ) -> Result<View, Fault> {
        let id = request.id;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let loaded = dossiers::lock(tx, id).await?;
                let mut persons = loaded.persons(&self.keyring)?;
                let mut dossier = loaded.dossier;
                let officer = authority::desk(ctx, &dossier)?;
                let hand = Hand { by: By::Desk(officer), at: ctx.now(), why: String::new() };
                let way = request.way.unwrap_or(persons.delivery.way);
                dossier.return_result(officer, &hand, way)?;
                persons.received_by = request.received_by;
                persons.postal_code = request.postal_code;
                let changed = Changed { persons: Some(&persons), ..Changed::default() };
                self.keep(tx, &mut dossier, changed).await
            })
            .await?;
        self.answer(ctx, id.uuid(), method).await
    }
}
