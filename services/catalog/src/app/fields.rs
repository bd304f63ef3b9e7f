//! Fields: listed, made, renamed.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::FieldId;
use motcua_store::Tx;

use super::{App, access};
use crate::{
    domain::{Field, Refusal},
    store::fields,
};

impl App {
    /// A page of fields.
    pub(crate) async fn list_fields(
        &self,
        after: Option<String>,
        size: u64,
    ) -> Result<Vec<Field>, Fault> {
        fields::page(self.store.reader(), after, size).await
    }

    /// Makes a field.
    pub(crate) async fn create_field(
        &self,
        ctx: &Ctx,
        code: String,
        name: String,
        national_code: Option<String>,
    ) -> Result<Field, Fault> {
        let id: FieldId = ctx.new_id();
        let made = self.store.write(ctx, id.uuid(), async |tx| {
            access::edit(ctx, tx.db()).await?;
            make(tx, Field { id, code, name, national_code, version: 1 }).await
        });
        made.await?.or_reload(async |id| fields::get(self.store.reader(), id.into()).await).await
    }

    /// Renames a field, or gives it its national code.
    pub(crate) async fn update_field(
        &self,
        ctx: &Ctx,
        id: FieldId,
        etag: &str,
        change: impl FnOnce(Field) -> Field,
    ) -> Result<Field, Fault> {
        let changed = self.store.write(ctx, id.uuid(), async |tx| {
            access::edit(ctx, tx.db()).await?;
            let field = fields::get(tx.db(), id).await?;
            field.held_by(etag)?;
            let version = field.version + 1;
            let field = Field { version, ..change(field) };
            fields::update(tx, &field).await?;
            Ok(field)
        });
        changed.await?.or_reload(async |id| fields::get(self.store.reader(), id.into()).await).await
    }
}

/// Makes a field in an open write.
pub(super) async fn make(tx: &Tx, field: Field) -> Result<Field, Fault> {
    if fields::by_code(tx.db(), &field.code).await?.is_some() {
        return Err(Refusal::FieldCodeTaken(field.code).into());
    }
    fields::insert(tx, &field).await?;
    Ok(field)
}
