//! Which services there are. A new one is a line in each list here.

use motcua_catalog::Catalog;
use motcua_config::Layers;
use motcua_identity::Identity;
use motcua_intake::Intake;
use motcua_notification::Notification;
use motcua_service::{Finding, Host, Module};
use motcua_workflow::Workflow;

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

/// Examines their databases.
pub async fn probe(host: &Host, roles: &[&str]) -> Vec<Finding> {
    let all = vec![
        (Identity::NAME, host.probe::<Identity>().await),
        (Catalog::NAME, host.probe::<Catalog>().await),
        (Intake::NAME, host.probe::<Intake>().await),
        (Workflow::NAME, host.probe::<Workflow>().await),
        (Notification::NAME, host.probe::<Notification>().await),
    ];
    all.into_iter().filter(|(name, _)| roles.contains(name)).map(|(_, finding)| finding).collect()
}
