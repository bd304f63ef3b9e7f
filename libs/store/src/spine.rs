//! The tables every service has: what was handled and is due.
#![expect(unreachable_pub, reason = "the entity derive wants public models")]

pub(crate) mod handled {
    use sea_orm::entity::prelude::*;

    /// A cause that was acted upon.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "handled")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Vec<u8>,
        pub payload: Vec<u8>,
        pub subject: Uuid,
        pub at: ChronoDateTimeUtc,
        pub forget_at: ChronoDateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod due {
    use sea_orm::entity::prelude::*;

    /// A timer.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "due")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub subject: Uuid,
        pub at: ChronoDateTimeUtc,
        pub generation: i64,
        pub attempts: i32,
        pub reason: Option<String>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
