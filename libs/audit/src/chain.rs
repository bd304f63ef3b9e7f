use motcua_database::{OrFault, immediate, padded};
use motcua_fault::Fault;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    TransactionTrait,
};

use crate::{
    Audit, Head,
    entry::beginning,
    tables::{chained, link, new, waiting},
};

/// Rows chained at once.
const BATCH: u64 = 500;

impl Audit {
    /// Chains rows that wait, in the order in which they were done; how many.
    ///
    /// Two that chain at once would both take the next position: one of them
    /// fails with `CONFLICT` and changes nothing.
    pub async fn chain(&self) -> Result<u64, Fault> {
        let waits = new::Entity::find().limit(1).one(self.reader()).await.or_fault()?;
        if waits.is_none() {
            return Ok(0);
        }
        let tx = self.database.writer().begin_with_options(immediate()).await.or_fault()?;
        let (mut position, mut hash) = self.head(&tx).await?;
        let rows = new::Entity::find()
            .order_by_asc(new::Column::At)
            .order_by_asc(new::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await
            .or_fault()?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let links: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let entry = waiting(row);
                position += 1;
                hash = entry.hash(&hash, position);
                link(position, entry, hash.clone())
            })
            .collect();
        if links.is_empty() {
            tx.rollback().await.or_fault()?;
            return Ok(0);
        }
        chained::Entity::insert_many(links).exec_without_returning(&tx).await.or_fault()?;
        let left = ids.len() as u64;
        new::Entity::delete_many()
            .filter(new::Column::Id.is_in(padded(ids)))
            .exec(&tx)
            .await
            .or_fault()?;
        tx.commit().await.or_fault()?;
        Ok(left)
    }

    /// Where the chain stands now.
    pub async fn standing(&self) -> Result<Head, Fault> {
        let (position, hash) = self.head(self.reader()).await?;
        Ok(Head { position, hash })
    }

    /// The last position and its hash; before the first row, zero.
    pub(crate) async fn head(&self, db: &impl ConnectionTrait) -> Result<(i64, Vec<u8>), Fault> {
        let last = chained::Entity::find()
            .order_by_desc(chained::Column::Position)
            .limit(1)
            .one(db)
            .await
            .or_fault()?;
        Ok(last.map_or_else(|| (0, beginning(self.service())), |row| (row.position, row.hash)))
    }
}
