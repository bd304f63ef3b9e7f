use motcua_context::{Cause, Ctx, Role};
use motcua_fault::Fault;
use motcua_ids::{AgencyId, Uuid};

use super::App;
use crate::domain::{Account, Contacts, Credential, Handle, Name, Officer, Password, Refusal};

/// The first administrator, made by a command on the server and never by a default password.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    /// Signs in.
    pub username: String,
    /// Họ và tên.
    pub full_name: String,
    /// The province's own agency.
    pub agency: AgencyId,
    /// Chosen by the operator, who is the administrator.
    pub password: String,
}

impl App {
    /// Makes the province's first administrator; `ADMINISTRATOR_EXISTS` if an active one is there.
    pub(crate) async fn create_first_administrator(
        &self,
        ctx: &Ctx,
        first: FirstAdministrator,
    ) -> Result<Account, Fault> {
        if !self.catalog.place(ctx, first.agency).await?.is_province {
            return Err(Refusal::NotTheProvince.into());
        }
        let username = Handle::username(&first.username)?;
        let own = [username.as_str().to_owned()];
        let password = Password::new(&first.password, &own)?;
        let full_name = Name::new(&first.full_name, 100)?;
        let officer = Officer::new(username, full_name, None, Contacts::default(), first.agency);
        let hash = self.hasher.hash(password.secret()).await?;
        let ctx = ctx.clone().with_cause(Cause::Command { id: Uuid::from_bytes(ctx.random()) });
        let grants = [(Role::Administrator, first.agency)];
        self.open_officer(&ctx, officer, &grants, Credential::own(hash), None).await
    }
}
