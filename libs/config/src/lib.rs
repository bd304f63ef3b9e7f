//! Layered settings: commented defaults, a file, the environment, the command line.
//!
//! ```text
//! motcua.default.toml  <  --config FILE  <  MOTCUA__INTAKE__KEY=…  <  --set intake.key=…
//! ```
//!
//! The later layer wins, key by key; arrays are replaced whole. Each service
//! declares one [`Section`] under its own name, and everything that is wrong
//! in any section is told at once, with the layer it came from:
//!
//! ```
//! use motcua_config::{Layers, Section, Settings};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(deny_unknown_fields, default)]
//! struct Intake { max_papers: u32 }
//!
//! impl Default for Intake {
//!     fn default() -> Self { Self { max_papers: 50 } }
//! }
//!
//! impl Section for Intake {
//!     fn validate(&self) -> Result<(), Vec<String>> {
//!         if self.max_papers > 0 { return Ok(()) }
//!         Err(vec!["max_papers: must be at least 1".to_owned()])
//!     }
//! }
//!
//! let layers = Layers::new("[intake]\nmax_papers = 50\n")
//!     .declare::<Intake>("intake")
//!     .set(["intake.max_papers=20"]);
//! let settings = Settings::load(layers)?;
//! assert_eq!(settings.section::<Intake>("intake")?.max_papers, 20);
//! # Ok::<(), motcua_config::ConfigError>(())
//! ```
//!
//! Passwords and keys are [`Secret`]s, addresses that may hold a password are
//! [`SecretUrl`]s: neither ever prints. This is the only crate that looks at
//! the process environment.

mod defaults;
mod error;
mod layers;
mod print;
mod schema;
mod secret;
mod section;
mod settings;

pub use error::{ConfigError, Problem};
pub use layers::{Layers, Origin};
pub use secret::{Secret, SecretUrl};
pub use section::Section;
pub use settings::Settings;

#[cfg(test)]
mod tests;
