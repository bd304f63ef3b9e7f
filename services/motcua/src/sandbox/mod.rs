//! Sandboxes of the systems outside: they speak the same protocols as the real ones, and move no
//! money and no messages. For trying out, demonstrations and tests; nothing starts one by itself.

pub mod bank;
mod magic;
pub mod national;
mod page;
mod recipient;
pub mod sms;
mod telling;
pub mod vnpay;
pub mod webhook;
pub mod zalo;

pub use magic::Magic;
