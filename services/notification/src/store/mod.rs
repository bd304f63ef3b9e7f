//! Rows and back. Reading takes any connection, writing an open [`Tx`] alone.
//!
//! [`Tx`]: motcua_store::Tx

pub(crate) mod consistency;
mod costs;
mod entity;
mod gone;
mod inquiries;
mod messages;
mod migrations;
mod old;
mod passes;
mod pictures;
mod preferred;
mod receipts;
mod reminders;
mod replies;
mod rows;
mod senders;
mod statuses;
mod switches;
mod talk_days;
mod webhooks;

pub(crate) use costs::{CostFilter, CostSlot, Costs, Sum};
pub(crate) use inquiries::Inquiries;
pub(crate) use messages::{Known, Messages, SpoolFilter};
pub(crate) use migrations::all as migrations;
pub(crate) use passes::Passes;
pub(crate) use pictures::Pictures;
pub(crate) use preferred::Preferred;
pub(crate) use receipts::{Receipts, Waiting};
pub(crate) use reminders::Reminders;
pub(crate) use replies::{Replies, Saying};
pub(crate) use rows::INQUIRY;
pub(crate) use senders::Senders;
pub(crate) use statuses::{StatusPage, Statuses};
pub use switches::Switch;
pub(crate) use switches::Switches;
pub(crate) use talk_days::TalkDays;
pub(crate) use webhooks::Webhooks;

/// What is sealed.
pub(crate) fn sealed() -> Vec<motcua_keys::SealedColumn> {
    vec![
        rows::sealed_column(),
        passes::sealed_pass(),
        webhooks::sealed_hook(),
        inquiries::sealed_said(),
        senders::sealed_sender(),
        pictures::sealed_picture(),
        replies::sealed_reply(),
    ]
}
