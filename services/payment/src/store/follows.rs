//! Whether statements follow each other.

use motcua_fault::Fault;
use motcua_ids::StatementId;
use motcua_store::{OrFault, Tx};
use motcua_vn::Vnd;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Statements,
    entity::statement::{Column, Entity, Model},
    statements::raw,
};

impl Statements {
    /// What the statements before one end with, and what was booked since, where it begins with
    /// something else; none: it follows, or nothing can be said.
    ///
    /// It may follow one that ends on the same day: some banks give a day in parts.
    pub(crate) async fn other_balance(
        &self,
        tx: &Tx,
        id: StatementId,
    ) -> Result<Option<Vnd>, Fault> {
        let db = tx.db();
        let own = Entity::find_by_id(id.uuid()).one(db).await.or_fault()?;
        let Some(Model { account: Some(account), opening: Some(opening), first_day, .. }) = own
        else {
            return Ok(None);
        };
        let Some(first) = first_day else { return Ok(None) };
        let others =
            || Entity::find().filter(Column::Account.eq(&account)).filter(Column::Id.ne(id.uuid()));
        let ends = others().filter(Column::LastDay.eq(first)).filter(Column::Closing.eq(opening));
        let alike = ends.one(db).await.or_fault()?;
        if alike.is_some() {
            return Ok(None);
        }
        let before =
            others().filter(Column::LastDay.lt(first)).filter(Column::Closing.is_not_null());
        let newest = [Column::LastDay, Column::ImportedAt];
        let before = newest.into_iter().fold(before, QueryOrder::order_by_desc);
        let Some(last) = before.one(db).await.or_fault()?.and_then(|last| last.last_day) else {
            return Ok(None);
        };
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS moved FROM statement_entry \
                   WHERE account = $1 AND day > $2 AND day < $3 AND state <> 'known'";
        let rows = raw(db, sql, [account.clone().into(), last.into(), first.into()]).await?;
        let row = rows.first().ok_or_else(|| Fault::internal("a sum answers no row"))?;
        let between: i64 = row.try_get("", "moved").or_fault()?;
        // Of several that end on that day, the last of the day is the one.
        let ends = others().filter(Column::LastDay.eq(last)).filter(Column::Closing.is_not_null());
        let ends = ends.order_by_desc(Column::ImportedAt).all(db).await.or_fault()?;
        let expected: Vec<i64> =
            ends.iter().filter_map(|one| one.closing).map(|closing| closing + between).collect();
        let fits = expected.contains(&opening);
        Ok(expected.first().copied().filter(|_| !fits).map(Vnd::new))
    }

    /// The statement that begins next behind one, of the same account.
    pub(crate) async fn next(
        &self,
        tx: &Tx,
        id: StatementId,
    ) -> Result<Option<StatementId>, Fault> {
        let own = Entity::find_by_id(id.uuid()).one(tx.db()).await.or_fault()?;
        let Some((account, last)) = own.and_then(|own| own.account.zip(own.last_day)) else {
            return Ok(None);
        };
        let next = Entity::find()
            .filter(Column::Account.eq(account))
            .filter(Column::FirstDay.gt(last))
            .filter(Column::Opening.is_not_null())
            .order_by_asc(Column::FirstDay)
            .one(tx.db())
            .await
            .or_fault()?;
        Ok(next.map(|next| next.id.into()))
    }
}
