#![expect(unreachable_pub, reason = "the entity derive wants public models")]

use sea_orm::{ActiveValue::Set, EntityTrait, QueryTrait, sea_query::InsertStatement};

use crate::AuditEntry;

pub(crate) mod new {
    use sea_orm::entity::prelude::*;

    /// A row that waits to be chained.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_new")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: ChronoDateTimeUtc,
        pub kind: String,
        pub actor: String,
        pub on_behalf_of: Option<String>,
        pub cause: String,
        pub key: Vec<u8>,
        pub subjects: String,
        pub purpose: Option<String>,
        pub outcome: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod chained {
    use sea_orm::entity::prelude::*;

    /// A row of the chain.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub id: Uuid,
        pub at: ChronoDateTimeUtc,
        pub kind: String,
        pub actor: String,
        pub on_behalf_of: Option<String>,
        pub cause: String,
        pub key: Vec<u8>,
        pub subjects: String,
        pub purpose: Option<String>,
        pub outcome: String,
        pub hash: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod seal {
    use sea_orm::entity::prelude::*;

    /// A signature over the chain up to a position.
    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_seal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub position: i64,
        pub hash: Vec<u8>,
        pub at: ChronoDateTimeUtc,
        pub signer: Vec<u8>,
        pub signature: Vec<u8>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

impl AuditEntry {
    /// Puts the row where it waits to be chained.
    pub fn insert(self) -> InsertStatement {
        new::Entity::insert(new::ActiveModel {
            id: Set(self.id),
            at: Set(self.at),
            kind: Set(self.kind),
            actor: Set(self.actor),
            on_behalf_of: Set(self.on_behalf_of),
            cause: Set(self.cause),
            key: Set(self.key),
            subjects: Set(self.subjects),
            purpose: Set(self.purpose),
            outcome: Set(self.outcome),
        })
        .into_query()
    }
}

pub(crate) fn waiting(row: new::Model) -> AuditEntry {
    AuditEntry {
        id: row.id,
        at: row.at,
        kind: row.kind,
        actor: row.actor,
        on_behalf_of: row.on_behalf_of,
        cause: row.cause,
        key: row.key,
        subjects: row.subjects,
        purpose: row.purpose,
        outcome: row.outcome,
    }
}

/// The row as it was told, with its position and its hash.
pub(crate) fn told(row: chained::Model) -> (i64, AuditEntry, Vec<u8>) {
    let entry = AuditEntry {
        id: row.id,
        at: row.at,
        kind: row.kind,
        actor: row.actor,
        on_behalf_of: row.on_behalf_of,
        cause: row.cause,
        key: row.key,
        subjects: row.subjects,
        purpose: row.purpose,
        outcome: row.outcome,
    };
    (row.position, entry, row.hash)
}

pub(crate) fn link(position: i64, entry: AuditEntry, hash: Vec<u8>) -> chained::ActiveModel {
    chained::ActiveModel {
        position: Set(position),
        id: Set(entry.id),
        at: Set(entry.at),
        kind: Set(entry.kind),
        actor: Set(entry.actor),
        on_behalf_of: Set(entry.on_behalf_of),
        cause: Set(entry.cause),
        key: Set(entry.key),
        subjects: Set(entry.subjects),
        purpose: Set(entry.purpose),
        outcome: Set(entry.outcome),
        hash: Set(hash),
    }
}
