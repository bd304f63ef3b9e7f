use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use anyhow::Context;
use ed25519_dalek::SigningKey;
use motcua_bus::{Bus, Subscriptions};
use motcua_cache::Cache;
use motcua_config::Settings;
use motcua_context::Clock;
use motcua_files::{Files, ScanPolicy, Scanner};
use motcua_keys::{Sealed, ServiceKeys};
use motcua_rpc::{LateWire, Pages, Peers, Tls, Trust, Wire, outgoing, remote};
use motcua_spine::Spine;
use motcua_store::{Store, schema};
use tower::util::BoxCloneSyncService;

use crate::{Env, Module, Mounted, Running, TestControls};

/// One process before it runs: opens what modules need, and mounts them.
pub struct Host {
    pub(crate) spine: Spine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) bus: Bus,
    pub(crate) trust: Trust,
    pub(crate) tls: Option<Tls>,
    pub(crate) door: LateWire,
    pub(crate) services: Vec<Service>,
    settings: Settings,
    keys: ServiceKeys,
    roles: BTreeSet<&'static str>,
    all: Vec<&'static str>,
    given: BTreeMap<&'static str, Wire>,
    pub(crate) controls: Option<TestControls>,
}

/// A mounted module with what the host keeps of it.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) store: Store,
    pub(crate) mounted: Mounted,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) identity: Wire,
    pub(crate) cache: Cache,
    pub(crate) sealed: Sealed,
    pub(crate) signing: SigningKey,
}

impl Host {
    /// A process that is to run `roles`, out of `all` services there are.
    pub fn new(
        settings: Settings,
        roles: &[&'static str],
        all: &[&'static str],
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let spine = Spine::of(&settings)?;
        spine.refuse_unsafe(roles, all).map_err(|wrong| anyhow::anyhow!(wrong.join("\n")))?;
        std::fs::create_dir_all(&spine.server.data)
            .with_context(|| format!("server.data: {}", spine.server.data.display()))?;
        let keys = ServiceKeys::new(spine.keys_dir(), spine.keys.generate);
        for role in roles {
            keys.identity(role)?;
        }
        keys.require_public(all)?;
        let trust = Trust::new(&spine.server.issuer, &keys.public(all)?);
        let tls = spine.tls(roles, all).context("tls")?;
        Ok(Self {
            bus: Bus::new(&spine.bus.config()),
            door: LateWire::default(),
            services: Vec::new(),
            roles: roles.iter().copied().collect(),
            all: all.to_vec(),
            given: BTreeMap::new(),
            controls: None,
            spine,
            clock,
            trust,
            tls,
            settings,
            keys,
        })
    }

    /// Gives the way to a neighbour that neither runs here nor has a URL: one
    /// that a test plays. Before anything is mounted.
    #[must_use]
    pub fn with_neighbour(mut self, name: &'static str, wire: Wire) -> Self {
        self.given.insert(name, wire);
        self
    }

    /// Lets a test do things to this process over HTTP.
    #[must_use]
    pub fn with_test_controls(mut self, controls: TestControls) -> Self {
        self.controls = Some(controls);
        self
    }

    /// Trusts these services' keys instead of those in the folder of keys.
    #[must_use]
    pub fn trusting(mut self, services: &[(String, [u8; 32])]) -> Self {
        self.trust = Trust::new(&self.spine.server.issuer, services);
        self
    }

    /// Mounts a module, if this process is to run it.
    pub async fn mount<M: Module>(&mut self) -> anyhow::Result<()> {
        if !self.roles.contains(M::NAME) {
            return Ok(());
        }
        let store = open::<M>(&self.spine).await?;
        let migrations = schema(M::migrations(), M::contracts());
        if self.spine.store.migrate_on_start {
            store.migrate(&migrations, self.clock.now()).await?;
        } else {
            store.require_schema(&migrations).await?;
        }
        let env = self.env(M::NAME, store.clone()).await?;
        let identity = env.peers.wire("identity");
        let sealed = self.sealed::<M>(&env);
        let cache = env.cache.clone();
        let signing = self.keys.signing(M::NAME)?;
        let config = self.config_of::<M>()?;
        let mounted = M::build(config, env).await.with_context(|| M::NAME)?;
        let subscriptions = Subscriptions::new(mounted.subscriptions.iter().cloned());
        if self.spine.store.migrate_on_start {
            self.bus.declare(M::NAME, &subscriptions).await?;
        }
        self.services.push(Service {
            name: M::NAME,
            store,
            mounted,
            subscriptions,
            identity,
            cache,
            sealed,
            signing,
        });
        Ok(())
    }

    fn sealed<M: Module>(&self, env: &Env) -> Sealed {
        Sealed {
            store: env.store.clone(),
            files: env.files.clone(),
            keyring: env.keyring.clone(),
            path: self.keys.keyring_path(M::NAME),
            columns: M::sealed(),
        }
    }

    /// Brings a module's schema up to date and declares its queue. Answers what was applied.
    pub async fn migrate<M: Module>(&self) -> anyhow::Result<Vec<String>> {
        if !self.roles.contains(M::NAME) {
            return Ok(Vec::new());
        }
        let store = open::<M>(&self.spine).await?;
        let migrations = schema(M::migrations(), M::contracts());
        let applied = store.migrate(&migrations, self.clock.now()).await?;
        // What it listens to is known only to the module itself.
        let env = self.env(M::NAME, store).await?;
        let mounted = M::build(self.config_of::<M>()?, env).await?;
        self.bus.declare(M::NAME, &Subscriptions::new(mounted.subscriptions)).await?;
        Ok(applied)
    }

    /// The section of a module.
    pub fn config_of<M: Module>(&self) -> anyhow::Result<M::Config> {
        Ok(self.settings.section(M::NAME)?)
    }

    /// What a module is given, for a command that uses it without serving it.
    pub async fn env_of<M: Module>(&self) -> anyhow::Result<Env> {
        let store = open::<M>(&self.spine).await?;
        self.env(M::NAME, store).await
    }

    /// What each mounted module listens to, by the full names of events.
    pub fn listens(&self) -> BTreeMap<&'static str, Vec<String>> {
        let types = |service: &Service| {
            service.subscriptions.event_types().map(ToOwned::to_owned).collect()
        };
        self.services.iter().map(|service| (service.name, types(service))).collect()
    }

    /// The database of a mounted module.
    pub fn store(&self, name: &str) -> Option<&Store> {
        self.services.iter().find(|service| service.name == name).map(|service| &service.store)
    }

    /// Runs what is mounted.
    pub async fn start(self) -> anyhow::Result<Running> {
        Running::start(self).await
    }

    async fn env(&self, name: &'static str, store: Store) -> anyhow::Result<Env> {
        let keyring = self.keys.keyring(name)?;
        let cache = Cache::open(self.spine.cache.url.expose(), &format!("motcua:{name}")).await?;
        let scanner = match self.spine.files.scan {
            ScanPolicy::Required => Scanner::clamd(&self.spine.files.clamd)?,
            ScanPolicy::Off => Scanner::off(),
        };
        let files = Files::at(&self.spine.files_url(name), keyring.clone(), scanner)?;
        Ok(Env {
            store,
            clock: self.clock.clone(),
            cache,
            files,
            files_settings: self.spine.files.clone(),
            pages: Pages::new(keyring.clone()),
            keyring,
            peers: self.peers(name)?,
            issuer: self.spine.server.issuer.clone(),
        })
    }

    /// The neighbours of a service: through this process's own door where they
    /// run here, over the network where not.
    fn peers(&self, name: &str) -> anyhow::Result<Peers> {
        let identity = self.keys.identity(name)?;
        let mut wires = Vec::with_capacity(self.all.len());
        for peer in self.all.iter().chain(self.given.keys()) {
            let wire = match (self.given.get(peer), self.spine.peers.0.get(*peer)) {
                (Some(wire), _) => wire.clone(),
                (None, Some(url)) if !self.roles.contains(peer) => self.way(name, peer, url)?,
                _ => BoxCloneSyncService::new(self.door.clone()),
            };
            wires.push(((*peer).to_owned(), outgoing(wire, identity.clone(), self.clock.clone())));
        }
        Ok(Peers::new(wires))
    }

    fn way(&self, name: &str, peer: &str, url: &str) -> anyhow::Result<Wire> {
        Ok(match &self.tls {
            Some(tls) if url.starts_with("https://") => tls.remote(name, peer, url)?,
            _ => remote(url)?,
        })
    }
}

async fn open<M: Module>(spine: &Spine) -> anyhow::Result<Store> {
    Store::open(M::NAME, &spine.store_options(M::NAME))
        .await
        .with_context(|| format!("store.url: the database of {} does not open", M::NAME))
}
