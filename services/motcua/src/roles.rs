//! Which services there are. A new one is a line in each list here.

use motcua_catalog::Catalog;
use motcua_config::Layers;
use motcua_identity::Identity;
use motcua_intake::Intake;
use motcua_notification::Notification;
use motcua_service::{Host, Module, Spine};
use motcua_workflow::Workflow;

use crate::doctor::{self, Finding};

/// All services, in the order in which they are started.
pub const ALL: [&str; 5] =
    [Identity::NAME, Catalog::NAME, Intake::NAME, Workflow::NAME, Notification::NAME];

/// The services named, or all if none is.
///
/// # Errors
/// A name that is no service.
pub fn named(only: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if only.is_empty() {
        return Ok(ALL.to_vec());
    }
    only.iter()
        .map(|name| {
            ALL.into_iter().find(|role| role == name).ok_or_else(|| {
                anyhow::anyhow!("--only {name}: there is no such service; write {}", ALL.join(", "))
            })
        })
        .collect()
}

/// Tells the configuration each service's section.
pub fn declare(layers: Layers) -> Layers {
    layers
        .declare::<<Identity as Module>::Config>(Identity::NAME)
        .declare::<<Catalog as Module>::Config>(Catalog::NAME)
        .declare::<<Intake as Module>::Config>(Intake::NAME)
        .declare::<<Workflow as Module>::Config>(Workflow::NAME)
        .declare::<<Notification as Module>::Config>(Notification::NAME)
}

/// Mounts those that the host is to run.
pub async fn mount(host: &mut Host) -> anyhow::Result<()> {
    host.mount::<Identity>().await?;
    host.mount::<Catalog>().await?;
    host.mount::<Intake>().await?;
    host.mount::<Workflow>().await?;
    host.mount::<Notification>().await
}

/// Brings their schemas up to date; answers what was applied, by service.
pub async fn migrate(host: &Host) -> anyhow::Result<Vec<(&'static str, Vec<String>)>> {
    Ok(vec![
        (Identity::NAME, host.migrate::<Identity>().await?),
        (Catalog::NAME, host.migrate::<Catalog>().await?),
        (Intake::NAME, host.migrate::<Intake>().await?),
        (Workflow::NAME, host.migrate::<Workflow>().await?),
        (Notification::NAME, host.migrate::<Notification>().await?),
    ])
}

/// Examines the databases of those that are chosen.
pub(crate) async fn stores(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    let (identity, catalog, intake, workflow, notification) = tokio::join!(
        doctor::store::<Identity>(spine, chosen),
        doctor::store::<Catalog>(spine, chosen),
        doctor::store::<Intake>(spine, chosen),
        doctor::store::<Workflow>(spine, chosen),
        doctor::store::<Notification>(spine, chosen),
    );
    [identity, catalog, intake, workflow, notification].into_iter().flatten().collect()
}
