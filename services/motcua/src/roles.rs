//! Which services there are. A new one is a line in each list here.

use std::path::Path;

use anyhow::{Context, ensure};
use motcua_catalog::Catalog;
use motcua_config::Layers;
use motcua_identity::Identity;
use motcua_intake::Intake;
use motcua_keys::SealedColumn;
use motcua_notification::Notification;
use motcua_payment::Payment;
use motcua_service::{Env, Host, Module};
use motcua_spine::Spine;
use motcua_store::{Store, schema};
use motcua_workflow::Workflow;

use crate::doctor::{self, Finding};

/// All services, in the order in which they are started.
pub const ALL: [&str; 6] = [
    Identity::NAME,
    Catalog::NAME,
    Intake::NAME,
    Workflow::NAME,
    Payment::NAME,
    Notification::NAME,
];

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
        .declare::<<Payment as Module>::Config>(Payment::NAME)
        .declare::<<Notification as Module>::Config>(Notification::NAME)
}

/// Mounts those that the host is to run.
pub async fn mount(host: &mut Host) -> anyhow::Result<()> {
    host.mount::<Identity>().await?;
    host.mount::<Catalog>().await?;
    host.mount::<Intake>().await?;
    host.mount::<Workflow>().await?;
    host.mount::<Payment>().await?;
    host.mount::<Notification>().await
}

/// Brings their schemas up to date; answers what was applied, by service.
pub async fn migrate(host: &Host) -> anyhow::Result<Vec<(&'static str, Vec<String>)>> {
    Ok(vec![
        (Identity::NAME, host.migrate::<Identity>().await?),
        (Catalog::NAME, host.migrate::<Catalog>().await?),
        (Intake::NAME, host.migrate::<Intake>().await?),
        (Workflow::NAME, host.migrate::<Workflow>().await?),
        (Payment::NAME, host.migrate::<Payment>().await?),
        (Notification::NAME, host.migrate::<Notification>().await?),
    ])
}

/// Opens the databases of those that are chosen, as they are.
///
/// # Errors
/// A database is not there, or its schema is not as this binary knows it.
pub(crate) async fn open(spine: &Spine, chosen: &[&str]) -> anyhow::Result<Vec<Store>> {
    let opened = tokio::try_join!(
        Box::pin(open_one::<Identity>(spine, chosen)),
        Box::pin(open_one::<Catalog>(spine, chosen)),
        Box::pin(open_one::<Intake>(spine, chosen)),
        Box::pin(open_one::<Workflow>(spine, chosen)),
        Box::pin(open_one::<Payment>(spine, chosen)),
        Box::pin(open_one::<Notification>(spine, chosen)),
    )?;
    let (identity, catalog, intake, workflow, payment, notification) = opened;
    let opened = [identity, catalog, intake, workflow, payment, notification];
    Ok(opened.into_iter().flatten().collect())
}

async fn open_one<M: Module>(spine: &Spine, chosen: &[&str]) -> anyhow::Result<Option<Store>> {
    if !chosen.contains(&M::NAME) {
        return Ok(None);
    }
    let options = spine.store_options(M::NAME);
    // Opening makes the file.
    if let Some(file) = options.url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//").split('?').next().unwrap_or_default();
        ensure!(Path::new(file).exists(), "store.{}: {file} is missing", M::NAME);
    }
    let store = Store::open(M::NAME, &options)
        .await
        .with_context(|| format!("store.url: the database of {} does not open", M::NAME))?;
    store.require_schema(&schema(M::migrations(), M::contracts())).await?;
    Ok(Some(store))
}

/// What a service works with, and what it has sealed where.
pub(crate) async fn sealed(host: &Host, service: &str) -> anyhow::Result<(Env, Vec<SealedColumn>)> {
    match service {
        Identity::NAME => Ok((host.env_of::<Identity>().await?, Identity::sealed())),
        Catalog::NAME => Ok((host.env_of::<Catalog>().await?, Catalog::sealed())),
        Intake::NAME => Ok((host.env_of::<Intake>().await?, Intake::sealed())),
        Workflow::NAME => Ok((host.env_of::<Workflow>().await?, Workflow::sealed())),
        Payment::NAME => Ok((host.env_of::<Payment>().await?, Payment::sealed())),
        Notification::NAME => Ok((host.env_of::<Notification>().await?, Notification::sealed())),
        other => anyhow::bail!("there is no service {other}"),
    }
}

/// Examines the databases of those that are chosen.
pub(crate) async fn stores(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    let (identity, catalog, intake, workflow, payment, notification) = tokio::join!(
        doctor::store::<Identity>(spine, chosen),
        doctor::store::<Catalog>(spine, chosen),
        doctor::store::<Intake>(spine, chosen),
        doctor::store::<Workflow>(spine, chosen),
        doctor::store::<Payment>(spine, chosen),
        doctor::store::<Notification>(spine, chosen),
    );
    [identity, catalog, intake, workflow, payment, notification].into_iter().flatten().collect()
}
