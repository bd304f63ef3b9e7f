use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::FileId;
use motcua_store::{Noted, Store};

use crate::held::{self, HeldFile, State};

/// Files of a service that stand so, in the order of their ids, behind a file.
pub async fn list(
    store: &Store,
    of: &[State],
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<HeldFile>, Fault> {
    held::page(store.reader(), of, after, limit).await
}

/// Asks for another look at a file; whether there is one to look at. `why` is kept in
/// the record of who did what. The service's sweep looks, and lets go what is clean.
pub async fn ask_again(store: &Store, ctx: &Ctx, file: FileId, why: &str) -> Result<bool, Fault> {
    let asked = store.write(ctx, file.uuid(), async |tx| {
        tx.note(Noted {
            kind: "write",
            cause: "command".to_owned(),
            subjects: vec![file.uuid().to_string()],
            purpose: why.to_owned(),
        });
        let known = held::look_again(tx, file, ctx.now()).await?;
        if known { Ok(()) } else { Err(Fault::not_found("file")) }
    });
    match asked.await {
        Ok(_) => Ok(true),
        Err(fault) if fault.kind() == Kind::NotFound => Ok(false),
        Err(fault) => Err(fault),
    }
}
