use motcua_context::Timestamp;
use motcua_database::OrFault;
use motcua_fault::Fault;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Audit, AuditEntry,
    tables::{chained, told},
};

/// Which rows are asked for.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// What they are about: an id, with or without its collection before it.
    pub subject: Option<String>,
    /// Who acted, or on whose behalf: the same.
    pub actor: Option<String>,
    /// Done at this instant or later.
    pub since: Option<Timestamp>,
    /// Done before this instant.
    pub until: Option<Timestamp>,
}

impl Audit {
    /// The newest rows of the chain that were asked for, with their positions.
    pub async fn list(
        &self,
        asked: &AuditFilter,
        limit: u64,
    ) -> Result<Vec<(i64, AuditEntry)>, Fault> {
        use chained::Column;
        let mut query = chained::Entity::find();
        if let Some(subject) = &asked.subject {
            query = query.filter(Column::Subjects.contains(id(subject)));
        }
        if let Some(actor) = &asked.actor {
            let either = Condition::any()
                .add(Column::Actor.contains(id(actor)))
                .add(Column::OnBehalfOf.contains(id(actor)));
            query = query.filter(either);
        }
        if let Some(since) = asked.since {
            query = query.filter(Column::At.gte(since));
        }
        if let Some(until) = asked.until {
            query = query.filter(Column::At.lt(until));
        }
        let rows = query
            .order_by_desc(Column::Position)
            .limit(limit)
            .all(self.reader())
            .await
            .or_fault()?;
        let rows = rows.into_iter().map(told);
        Ok(rows.map(|(position, entry, _)| (position, entry)).collect())
    }
}

/// `accounts/{uuid}` without its collection: a write is about a plain id.
fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
