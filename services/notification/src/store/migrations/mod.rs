mod m20261121_000001_message;
mod m20261128_000002_handover;
mod m20261128_000003_switch;
mod m20261128_000003_zalo;
mod m20261128_000004_language;
mod m20261128_000004_reminder;
mod m20261128_000004_status;
mod m20261128_000004_terms;
mod m20261128_000004_turn;
mod m20261129_000001_cost;
mod m20261129_000101_webhook;
mod m20261129_000200_inquiry;
mod m20261129_000210_bounce;
mod m20261129_000221_digest;
mod m20261129_000230_picture;
mod m20261129_000300_first;
mod m20261129_000330_unsubscribed;
mod m20261129_000340_telephone;
mod m20261129_000410_talk_day;

use sea_orm_migration::MigrationTrait;

/// The schema, step by step; append only.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(m20261121_000001_message::Step),
        Box::new(m20261128_000002_handover::Step),
        Box::new(m20261128_000003_zalo::Step),
        Box::new(m20261128_000003_switch::Step),
        Box::new(m20261128_000004_turn::Step),
        Box::new(m20261128_000004_reminder::Step),
        Box::new(m20261128_000004_terms::Step),
        Box::new(m20261128_000004_language::Step),
        Box::new(m20261128_000004_status::Step),
        Box::new(m20261129_000001_cost::Step),
        Box::new(m20261129_000101_webhook::Step),
        Box::new(m20261129_000200_inquiry::Step),
        Box::new(m20261129_000221_digest::Step),
        Box::new(m20261129_000230_picture::Step),
        Box::new(m20261129_000210_bounce::Step),
        Box::new(m20261129_000300_first::Step),
        Box::new(m20261129_000330_unsubscribed::Step),
        Box::new(m20261129_000340_telephone::Step),
        Box::new(m20261129_000410_talk_day::Step),
    ]
}
