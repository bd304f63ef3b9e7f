//! Whether the stores of all services tell one story: `motcua doctor --consistency`.
//!
//! Every store is opened with its own service's login, for reading alone, and read in
//! batches. The stores are not read at one instant: what is on its way between
//! two services looks like a disagreement for a moment, so whoever proves
//! something while the system works looks twice and believes what was there
//! both times ([`Report::seen_again`]).

mod books;
mod codes;
mod dossiers;
mod events;
mod files;
mod messages;
mod report;
mod stores;

use motcua_context::Timestamp;
use motcua_fault::Fault;
use motcua_spine::Spine;

pub(crate) use report::Report;
use stores::Stores;

/// Rows looked at together: a database binds some ten thousand values at the most.
const BATCH: u64 = 500;

/// Looks at everything once.
pub(crate) async fn prove(spine: &Spine, now: Timestamp) -> Result<Report, Fault> {
    let stores = Stores::open(spine).await?;
    let mut report = Report::default();
    events::prove(&stores, now, &mut report).await?;
    dossiers::prove(&stores, now, spine.store.log_kept(), &mut report).await?;
    codes::prove(&stores, &mut report).await?;
    messages::prove(&stores, &mut report).await?;
    books::prove(&stores, &mut report).await?;
    files::prove(&stores, spine, &mut report).await?;
    stores.close().await;
    Ok(report)
}
