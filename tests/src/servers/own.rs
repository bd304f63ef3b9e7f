//! Servers that a test may kill: its own, as durable as in production.

use std::{
    collections::BTreeMap,
    sync::mpsc::{Sender, channel},
    thread::JoinHandle,
};

use anyhow::{Context, Result, anyhow};
use tokio::sync::oneshot;

use super::Servers;

type Order = Box<dyn FnOnce(&mut Servers) + Send>;

/// Private servers on a thread of their own: the kernel ends a server with the
/// thread that started it, and a runtime's threads come and go.
pub struct OwnServers {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
    variables: BTreeMap<&'static str, String>,
}

impl OwnServers {
    /// Starts them and waits until each answers.
    ///
    /// # Errors
    /// A server is not installed or does not come up.
    pub async fn start() -> Result<Self> {
        let (orders, inbox) = channel::<Order>();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::spawn(move || match Servers::start_durable() {
            Ok(mut servers) => {
                let _ = tell.send(Ok(servers.variables().collect()));
                for order in inbox {
                    order(&mut servers);
                }
            }
            Err(error) => drop(tell.send(Err(error))),
        });
        let variables = told.await.context("the servers' thread has ended")??;
        Ok(Self { orders: Some(orders), thread: Some(thread), variables })
    }

    /// Where each is, by the names of the variables that tests look for.
    ///
    /// # Errors
    /// No server has such a variable.
    pub fn variable(&self, name: &str) -> Result<String> {
        self.variables.get(name).cloned().with_context(|| format!("no server has {name}"))
    }

    /// Kills a server as the kernel would: `PostgreSQL`, `RabbitMQ` or `Redis`.
    ///
    /// # Errors
    /// There is none of this name, or it does not run.
    pub async fn kill(&self, name: &'static str) -> Result<()> {
        self.order(move |servers| servers.kill(name)).await
    }

    /// Starts a killed server again on what it left, and waits until it answers.
    ///
    /// # Errors
    /// It does not come up.
    pub async fn revive(&self, name: &'static str) -> Result<()> {
        self.order(move |servers| servers.revive(name)).await
    }

    async fn order(
        &self,
        work: impl FnOnce(&mut Servers) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (tell, told) = oneshot::channel();
        let order: Order = Box::new(move |servers| drop(tell.send(work(servers))));
        let orders = self.orders.as_ref().context("the servers are stopped")?;
        orders.send(order).map_err(|_| anyhow!("the servers' thread has ended"))?;
        told.await.context("the servers' thread has ended")?
    }
}

impl Drop for OwnServers {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
