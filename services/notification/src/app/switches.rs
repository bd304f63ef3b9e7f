//! Which providers an operator has taken out.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::Store;

pub use crate::store::Switch;
use crate::store::Switches;

/// All providers that an operator ever turned.
///
/// # Errors
/// The database is away.
pub async fn turned(store: &Store) -> Result<Vec<Switch>, Fault> {
    Switches.all(store.reader()).await
}

/// Takes a provider out, or puts it back: every process sees it with its next message.
///
/// # Errors
/// The database is away.
pub async fn turn(store: &Store, ctx: &Ctx, switch: Switch) -> Result<(), Fault> {
    let subject = Uuid::from_bytes(ctx.random());
    store.write(ctx, subject, async |tx| Switches.turn(tx, switch).await).await?;
    Ok(())
}
