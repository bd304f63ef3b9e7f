//! How money is spoken of with gateways, banks and the national payment platform.
//!
//! Pure: no input or output, no clock, no state of a payment. It makes and reads what
//! goes over the wire, signs it, and says whether a signature holds; what a
//! message changes is decided elsewhere. Each protocol is made and read from both
//! ends, so that a sandbox of the other side speaks it too.
//!
//! A message whose signature does not hold says nothing, not even that a payment failed.

mod national;
mod reference;
mod secrets;
pub mod statement;
mod time;
mod vietqr;
mod vnpay;

pub use national::{Ask, Confirmation, Fee, Initiation, Partner, Payer, ReceiptFacts, Receiver};
pub use reference::{Found, Reference, find};
pub use secrets::Secrets;
pub use vietqr::{Unreadable, VietQr};
pub use vnpay::{
    Asked, Fields, IpnAnswer, Notice, Payment, Query, Refund, Sent, Terminal, Unclear, declined,
};
