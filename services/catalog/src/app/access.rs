//! Who may see and change what, asked where the object is known.

use motcua_context::{Actor, Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::AgencyPath;

use crate::{
    domain::{Content, FrontDoor, Version},
    store::{Reads, agencies},
};

/// An operator's command, or a neighbour acting for nobody.
fn is_system(ctx: &Ctx) -> bool {
    matches!(ctx.actor().principal(), Actor::System(system) if system.service)
}

/// Administrators of an agency or of one above it.
pub(super) fn administer(ctx: &Ctx, agency: &AgencyPath) -> Result<(), Fault> {
    if is_system(ctx) || ctx.officer()?.may(Role::Administrator, agency) {
        return Ok(());
    }
    Err(Fault::denied("NOT_ADMINISTRATOR", "Bạn không quản trị cơ quan này."))
}

/// Administrators of the province; of anything, while there is no province yet.
pub(super) async fn administer_province<C: Reads>(ctx: &Ctx, db: &C) -> Result<(), Fault> {
    if is_system(ctx) {
        return Ok(());
    }
    match agencies::province(db).await? {
        Some(province) => administer(ctx, &province.path),
        None if ctx.officer()?.holds(Role::Administrator) => Ok(()),
        None => Err(Fault::denied("NOT_ADMINISTRATOR", "Bạn không phải là quản trị viên.")),
    }
}

/// Editors of the province's catalog, and its administrators.
pub(super) async fn edit<C: Reads>(ctx: &Ctx, db: &C) -> Result<(), Fault> {
    if edits_all(ctx, db).await? {
        return Ok(());
    }
    Err(Fault::denied("NOT_EDITOR", "Bạn không có quyền biên tập danh mục của tỉnh."))
}

/// Who may edit a procedure: the province's editors, and the editors of an
/// agency for what that agency decides.
pub(super) async fn edit_procedure<C: Reads>(
    ctx: &Ctx,
    db: &C,
    content: &Content,
) -> Result<(), Fault> {
    if edits_all(ctx, db).await? {
        return Ok(());
    }
    let officer = ctx.officer()?;
    if officer.agencies(Role::CatalogEditor).any(|a| content.agencies.contains(&a)) {
        return Ok(());
    }
    Err(Fault::denied("NOT_EDITOR", "Bạn không có quyền biên tập thủ tục này."))
}

/// Where citizens file online is the province's to decide: its editors change
/// that, the editors of one agency do not.
pub(super) async fn front_door<C: Reads>(
    ctx: &Ctx,
    db: &C,
    before: FrontDoor,
    after: FrontDoor,
) -> Result<(), Fault> {
    if before == after || edits_all(ctx, db).await? {
        return Ok(());
    }
    Err(Fault::denied("FRONT_DOOR_NOT_YOURS", "Nơi nộp hồ sơ trực tuyến do tỉnh quyết định."))
}

async fn edits_all<C: Reads>(ctx: &Ctx, db: &C) -> Result<bool, Fault> {
    if is_system(ctx) {
        return Ok(true);
    }
    let officer = ctx.officer()?;
    let roles = [Role::CatalogEditor, Role::Administrator];
    Ok(match agencies::province(db).await? {
        Some(province) => officer.may_any(&roles, &province.path),
        None => roles.iter().any(|role| officer.holds(*role)),
    })
}

/// Whether drafts may be seen.
pub(super) fn sees_drafts(ctx: &Ctx) -> bool {
    let roles = [Role::CatalogEditor, Role::Administrator, Role::Auditor];
    match ctx.actor().principal() {
        Actor::Officer(officer) => roles.iter().any(|role| officer.holds(*role)),
        _ => is_system(ctx),
    }
}

/// Whether procedures for officials alone may be seen.
pub(super) fn sees_internal(ctx: &Ctx) -> bool {
    matches!(ctx.actor().principal(), Actor::Officer(_)) || is_system(ctx)
}

/// Whether this version may be seen.
pub(super) fn sees(ctx: &Ctx, version: &Version) -> bool {
    if version.is_draft() {
        return sees_drafts(ctx);
    }
    version.is_public() || sees_internal(ctx)
}
