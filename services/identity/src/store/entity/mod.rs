//! The tables as sea-orm sees them; no logic.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(crate) mod account;
pub(crate) mod external_link;
pub(crate) mod external_sign_in;
pub(crate) mod personal_data_reading;
pub(crate) mod refresh_token;
pub(crate) mod revocation;
pub(crate) mod role_grant;
pub(crate) mod session;
pub(crate) mod sign_in_try;
pub(crate) mod signing_key;
