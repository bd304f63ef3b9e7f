//! Sandboxes of the systems outside: they speak the same protocols as the real ones, and move no
//! money. For trying out, demonstrations and tests; nothing starts one by itself.

mod magic;
pub mod national;
mod page;
pub mod vnpay;

pub use magic::Magic;
