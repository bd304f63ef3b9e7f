//! One dossier's way, told to one process and to many: the same stories, unchanged.

#![expect(clippy::large_futures, reason = "a test awaits a whole story, once")]

mod acts;
mod calendar;
mod centre;
mod charged;
mod eve_of_tet;
mod main_job;
mod new_version;
mod paying;
mod personal_data;
mod race;
mod readings;
mod rejection;
mod repetition;
mod side_paths;
mod supplement;
mod told;
mod withdrawal;

pub(crate) use acts::{brought, received, send_back, submitted};
pub(crate) use charged::charge;
pub(crate) use told::tell_everywhere;
