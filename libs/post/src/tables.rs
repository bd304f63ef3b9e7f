#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(crate) mod outbox {
    use sea_orm::entity::prelude::*;

    /// An event that was said.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        #[sea_orm(unique)]
        pub event_id: Uuid,
        pub r#type: String,
        pub key: Uuid,
        pub payload: Vec<u8>,
        pub traceparent: Option<String>,
        pub occurred_at: ChronoDateTimeUtc,
        pub published_at: Option<ChronoDateTimeUtc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod inbox {
    use sea_orm::entity::prelude::*;

    /// An event that was told and is not yet acted upon.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub position: i64,
        #[sea_orm(unique)]
        pub event_id: Uuid,
        pub r#type: String,
        pub source: String,
        pub key: Uuid,
        pub payload: Vec<u8>,
        pub traceparent: Option<String>,
        pub occurred_at: ChronoDateTimeUtc,
        pub attempts: i32,
        pub next_at: ChronoDateTimeUtc,
        pub parked: bool,
        pub reason: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod mended {
    use sea_orm::entity::prelude::*;

    /// A person put an event back on its way.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mended")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub at: ChronoDateTimeUtc,
        pub by: String,
        pub event: String,
        pub r#type: String,
        pub key: Option<Uuid>,
        pub reason: String,
        pub attempts: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
