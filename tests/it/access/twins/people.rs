//! Those whose objects they are not: the same kinds of caller, elsewhere.

use motcua::demo::{cast::Signed, world::World};
use motcua_context::Role;
use motcua_tests::sandbox::Sandbox;

use crate::access::callers::{
    administrator, agency, citizen, every_scope, officer, organisation, organisation_of, system,
};

/// The story's people own what the tests are about; these do not.
pub(super) struct People {
    pub(super) citizen: Signed,
    pub(super) organisation: Signed,
    pub(super) organisation_2: Signed,
    /// Of another commune.
    pub(super) desk: Signed,
    pub(super) head: Signed,
    pub(super) specialist: Signed,
    pub(super) leader: Signed,
    pub(super) administrator: Signed,
    pub(super) auditor: Signed,
    pub(super) editor: Signed,
    /// Of another unit of the same commune.
    pub(super) colleague: Signed,
    /// Of the province: they own its accounts and its catalog.
    pub(super) province: Signed,
    pub(super) province_editor: Signed,
    /// Works for the story's own commune.
    pub(super) near_system: Signed,
    /// Works for the other one.
    pub(super) far_system: Signed,
}

impl People {
    pub(super) async fn gather(sandbox: &Sandbox, world: &World) -> Self {
        let (province, ward) = (agency(world, "H53").await, agency(world, "H53.41").await);
        let commune = agency(world, "H53.42").await;
        let unit = |of: &motcua_proto::catalog::v1::Agency, code: &str| {
            of.units.iter().find(|unit| unit.unit_code == code).unwrap().name.clone()
        };
        let by = administrator(sandbox, world).await;
        let justice = unit(&commune, "tu-phap");
        let of =
            async |role, agency: &str, name: &str| officer(world, &by, role, agency, name).await;
        Self {
            citizen: citizen(world, "0912000004", "072085000044").await,
            organisation: organisation(world).await,
            organisation_2: organisation_of(world, "0912000005", "0301452948").await,
            desk: of(Role::DeskOfficer, &commune.name, "desk-42").await,
            head: of(Role::HeadOfUnit, &justice, "head-42").await,
            specialist: of(Role::Specialist, &justice, "specialist-42").await,
            leader: of(Role::Leader, &commune.name, "leader-42").await,
            administrator: of(Role::Administrator, &commune.name, "administrator-42").await,
            auditor: of(Role::Auditor, &commune.name, "auditor-42").await,
            editor: of(Role::CatalogEditor, &commune.name, "editor-42").await,
            colleague: of(Role::Specialist, &unit(&ward, "kinh-te"), "specialist-41").await,
            near_system: system(world, &by, "system-41", &every_scope(), &ward.name).await,
            far_system: system(world, &by, "system-42", &every_scope(), &commune.name).await,
            province_editor: of(Role::CatalogEditor, &province.name, "editor-53").await,
            province: by,
        }
    }
}
