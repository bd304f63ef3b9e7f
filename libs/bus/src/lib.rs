//! Telling: what one service says reaches every service that listens, in order, at least once.
//!
//! A service says something by storing it with its own change ([`motcua_store::Tx::publish`]);
//! it never holds the broker. A [`relay`] alone takes what was said to the [`Bus`],
//! which answers only when it is safe: in the inbox of every listener (memory),
//! or confirmed by the broker (RabbitMQ). A [`courier`] acts upon each inbox, one
//! event of a dossier at a time. Nothing of a service and no rule may enter this crate.

mod bus;
mod courier;
mod lanes;
mod memory;
mod rabbitmq;
mod relay;
mod retries;
mod seen;
mod stray;
mod subscription;
mod tenure;
mod timer;

pub use bus::{Bus, BusConfig};
pub use courier::courier;
pub use relay::{Hold, relay};
pub use retries::Retries;
pub use stray::{Pile, SoughtStray, Stray};
pub use subscription::{Subscription, Subscriptions, on};
pub use timer::{DueJob, DueJobs, timer};
