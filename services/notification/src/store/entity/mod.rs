#![expect(unreachable_pub, reason = "the derives want public models")]

pub(super) mod inquiry;
pub(super) mod message;
pub(super) mod preference;
pub(super) mod provider_switch;
pub(super) mod receipt;
pub(super) mod reminder;
pub(super) mod status;
pub(super) mod talk_day;
pub(super) mod webhook;
pub(super) mod zalo_pass;
pub(super) mod zalo_picture;
pub(super) mod zalo_reply;
pub(super) mod zalo_sender;
