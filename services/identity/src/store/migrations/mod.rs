//! The service's tables, step by step; a step that was applied somewhere never changes.

mod m20261121_000001_account;
mod m20261121_000002_session;
mod m20261121_000003_signing_key;
mod m20261121_000004_personal_data_reading;
mod m20261122_000005_sign_in_try;
mod m20261122_000006_previous_secret;
mod m20261122_000007_reading_reader;
mod m20261122_000008_reading_dossier;
mod m20261128_000009_external_sign_in;

use sea_orm_migration::MigrationTrait;

/// All steps, in order.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_account::Step),
        Box::new(m20261121_000002_session::Step),
        Box::new(m20261121_000003_signing_key::Step),
        Box::new(m20261121_000004_personal_data_reading::Step),
        Box::new(m20261122_000005_sign_in_try::Step),
        Box::new(m20261122_000006_previous_secret::Step),
        Box::new(m20261122_000007_reading_reader::Step),
        Box::new(m20261122_000008_reading_dossier::Step),
        Box::new(m20261128_000009_external_sign_in::Step),
    ]
}
