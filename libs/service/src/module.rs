use motcua_bus::{DueJob, Subscription};
use motcua_config::Section;
use motcua_keys::SealedColumn;
use sea_orm_migration::MigrationTrait;
use tonic::service::Routes;

use crate::{Chore, Env, Lookout, Need};

/// One service. Its name is at once its schema, its queue, its section of the
/// configuration, its role (`motcua serve --only NAME`) and its key in Helm's values.
pub trait Module: Sized {
    /// The one word.
    const NAME: &'static str;

    /// Its section of the configuration.
    type Config: Section + Send;

    /// Its schema, step by step; append only.
    fn migrations() -> Vec<Box<dyn MigrationTrait>>;

    /// The names of those steps after which an older binary can no longer run.
    fn contracts() -> &'static [&'static str] {
        &[]
    }

    /// The columns that hold sealed values: what is sealed anew when keys are exchanged.
    fn sealed() -> Vec<SealedColumn> {
        Vec::new()
    }

    /// Makes the service from what the host gives it. It talks to nobody yet.
    fn build(
        config: Self::Config,
        env: Env,
    ) -> impl Future<Output = anyhow::Result<Mounted>> + Send;
}

/// What a service has to be run.
#[derive(Default)]
pub struct Mounted {
    /// The RPCs it answers.
    pub routes: Routes,
    /// What it answers over plain HTTP below its own name, `/payment/…`: for those outside who
    /// speak nothing else. No token is asked for there: what comes must vouch for itself.
    pub http: axum::Router,
    /// The events it listens to.
    pub subscriptions: Vec<Subscription>,
    /// The timers it acts upon.
    pub due: Vec<DueJob>,
    /// What is counted of it now and then, for whoever watches.
    pub lookouts: Vec<Lookout>,
    /// What it does again and again.
    pub chores: Vec<Chore>,
    /// What it needs beside the spine, and works on without.
    pub needs: Vec<Need>,
}
