//! What an examiner of the whole system reads of a service. Nothing here writes.

use std::collections::{HashMap, HashSet};

use motcua_context::{Actor, Cause, Timestamp};
use motcua_fault::Fault;
use motcua_ids::{EventId, Uuid};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    OrFault, Store,
    spine::{due, handled},
};

impl Store {
    /// Which of these events `consumer`, whose database this is, has acted upon.
    pub async fn acted_upon(
        &self,
        consumer: &'static str,
        events: &[EventId],
    ) -> Result<HashSet<EventId>, Fault> {
        let claim = |event: &EventId| {
            let key = Cause::Event { consumer, event: *event }.key(&Actor::Anonymous)?;
            Some((key.to_vec(), *event))
        };
        let claims: HashMap<Vec<u8>, EventId> = events.iter().filter_map(claim).collect();
        let found: Vec<Vec<u8>> = handled::Entity::find()
            .select_only()
            .column(handled::Column::Key)
            .filter(handled::Column::Key.is_in(claims.keys().cloned()))
            .into_tuple()
            .all(self.reader())
            .await
            .or_fault()?;
        Ok(found.iter().filter_map(|key| claims.get(key).copied()).collect())
    }

    /// When the timer of one of these names is due, for each subject; those that have none are left out.
    pub async fn timers(
        &self,
        names: impl IntoIterator<Item = &str> + Send,
        subjects: &[Uuid],
    ) -> Result<HashMap<Uuid, Timestamp>, Fault> {
        let rows = due::Entity::find()
            .filter(due::Column::Name.is_in(names))
            .filter(due::Column::Subject.is_in(subjects.iter().copied()))
            .all(self.reader())
            .await
            .or_fault()?;
        Ok(rows.into_iter().map(|row| (row.subject, row.at)).collect())
    }
}
