use motcua_catalog::Catalog;
use motcua_fault::Fault;
use motcua_identity::Identity;
use motcua_intake::Intake;
use motcua_notification::Notification;
use motcua_payment::Payment;
use motcua_service::Module;
use motcua_spine::Spine;
use motcua_store::Store;
use motcua_workflow::Workflow;

/// The store of every service, each opened as that service, for reading alone.
pub(super) struct Stores {
    pub(super) identity: Store,
    pub(super) catalog: Store,
    pub(super) intake: Store,
    pub(super) workflow: Store,
    pub(super) payment: Store,
    pub(super) notification: Store,
}

impl Stores {
    pub(super) async fn open(spine: &Spine) -> Result<Self, Fault> {
        Ok(Self {
            identity: open::<Identity>(spine).await?,
            catalog: open::<Catalog>(spine).await?,
            intake: open::<Intake>(spine).await?,
            workflow: open::<Workflow>(spine).await?,
            payment: open::<Payment>(spine).await?,
            notification: open::<Notification>(spine).await?,
        })
    }

    /// Those that say anything.
    pub(super) const fn speakers(&self) -> [&Store; 6] {
        [
            &self.identity,
            &self.catalog,
            &self.intake,
            &self.workflow,
            &self.payment,
            &self.notification,
        ]
    }

    pub(super) async fn close(&self) {
        for store in self.speakers() {
            // The process ends in a moment, and its connections with it.
            let _ = store.close().await;
        }
    }
}

async fn open<M: Module>(spine: &Spine) -> Result<Store, Fault> {
    Store::open_to_read(M::NAME, &spine.store_options(M::NAME)).await
}
