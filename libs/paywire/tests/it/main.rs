//! Messages of gateways against published vectors, an independent implementation, and anything.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot begin must fail")]

mod national;
mod others;
mod statement;
mod vnpay;

use motcua_paywire::Secrets;
use motcua_vn::{Timestamp, local};

/// An instant by Viet Nam's clocks.
fn at(text: &str) -> Timestamp {
    local::instant(text.parse().unwrap())
}

fn secrets(in_force: &str, former: &[&str]) -> Secrets {
    Secrets::new(in_force.to_owned(), former.iter().map(|secret| (*secret).to_owned().into()))
}
