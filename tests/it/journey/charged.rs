//! The procedure of the story with fees, which it does not have by itself.

use anyhow::{Context, Result};
use motcua::demo::{
    cast::Signed,
    story::Story,
    world::{refused, request_id},
};
use motcua_proto::catalog::v1::{
    CreateDraftRequest, Fee, FeeKind, FeeRule, ProcedureVersion, PublishVersionRequest,
    UpdateDraftRequest, VersionContent,
};
use prost_types::FieldMask;

use super::acts;

/// Lệ phí and phí of the charged version.
pub(crate) const FEE: i64 = 50_000;
pub(crate) const CHARGE: i64 = 20_000;

/// The next version of the procedure, changed in one part.
pub(super) async fn publish(
    story: &Story<'_>,
    editor: &Signed,
    part: &str,
    change: impl FnOnce(&mut VersionContent) -> Result<()>,
) -> Result<ProcedureVersion> {
    let procedure = acts::procedure(story).await?;
    let mut catalog = story.world.catalog_of(editor);
    let request = CreateDraftRequest { request_id: request_id(), procedure: procedure.name };
    let draft = catalog.create_draft(request).await.map_err(refused)?.into_inner();
    let mut content = draft.content.context("a draft without content")?;
    change(&mut content)?;
    let request = UpdateDraftRequest {
        request_id: request_id(),
        name: draft.name.clone(),
        etag: draft.etag,
        content: Some(content),
        update_mask: Some(FieldMask { paths: vec![part.to_owned()] }),
    };
    let draft = catalog.update_draft(request).await.map_err(refused)?.into_inner();
    let request = PublishVersionRequest {
        request_id: request_id(),
        name: draft.name,
        etag: draft.etag,
        ..PublishVersionRequest::default()
    };
    Ok(catalog.publish_version(request).await.map_err(refused)?.into_inner())
}

/// From now on whoever files online pays lệ phí and phí.
pub(crate) async fn charge(story: &Story<'_>, editor: &Signed) -> Result<()> {
    let fee = |code: &str, display_name: &str, kind: FeeKind, amount_vnd: i64| Fee {
        code: code.to_owned(),
        display_name: display_name.to_owned(),
        kind: kind.into(),
        rule: FeeRule::Fixed.into(),
        amount_vnd,
        ..Fee::default()
    };
    let fees = vec![
        fee("le-phi", "Lệ phí giải quyết", FeeKind::Fee, FEE),
        fee("phi", "Phí thẩm định", FeeKind::Charge, CHARGE),
    ];
    publish(story, editor, "cases", |content| {
        let ways = content.cases.iter_mut().flat_map(|case| &mut case.ways);
        for way in ways {
            way.fees.clone_from(&fees);
            way.online_payment = true;
        }
        Ok(())
    })
    .await?;
    Ok(())
}
