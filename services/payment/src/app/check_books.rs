//! The books are looked through again and again, by one process at a time, and what is found is kept
//! for whoever watches the system. `motcua doctor --consistency` names each finding.

use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::Fault;
use motcua_ids::Uuid;
use motcua_store::Store;

use crate::store::{Findings, consistency};

/// Looks through the books once.
pub(crate) async fn check_books(store: &Store, now: Timestamp) -> Result<(), Fault> {
    let db = store.reader();
    let found = [
        ("unbalanced", consistency::unbalanced(db).await?.len()),
        ("not_as_booked", consistency::disowned(db).await?.len()),
        ("not_as_approved", consistency::unreturned(db).await?.len()),
        ("not_as_surplus", consistency::misheld(db).await?.len()),
        ("not_booked", consistency::unbooked(db).await?.len()),
        ("not_as_stated", usize::from(consistency::misbanked(db).await?.is_some())),
        ("receipt_gone", consistency::gaps(db).await?.len()),
    ];
    for (what, number) in found.into_iter().filter(|(_, number)| *number > 0) {
        tracing::error!(what, number, "the books are not sound: see motcua doctor --consistency");
    }
    let ctx = Ctx::new(Actor::System(System::service(store.service())), now);
    let id = Uuid::from_bytes(ctx.random());
    let ctx = ctx.with_cause(Cause::Due { name: "books-checked", id, generation: 0 });
    store.write(&ctx, id, async |tx| Findings::keep(tx, &found, now).await).await?;
    Ok(())
}
