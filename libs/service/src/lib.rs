//! What a service is, and the process that hosts one or all of them.
//!
//! A service is a [`Module`]: a name, a configuration, a schema, and what it
//! mounts. A [`Host`] opens what modules need, gives each an [`Env`], and runs
//! their RPCs, events and timers until it is told to stop. The same modules run
//! in one process or in ten; nothing in them knows which.

mod certificates;
mod chore;
mod controls;
mod env;
mod health;
mod host;
mod incoming;
mod module;
mod need;
mod running;
mod tasks;
mod upkeep;
mod watch;

pub use certificates::RENEW_BEFORE;
pub use chore::Chore;
pub use controls::{ShiftedClock, TestControls};
pub use env::Env;
pub use host::Host;
pub use module::{Module, Mounted};
pub use motcua_telemetry::Gauge;
pub use need::Need;
pub use running::Running;
pub use watch::Lookout;
