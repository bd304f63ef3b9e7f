use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, reach::MANAGERS};
use crate::domain::{Account, Credential, Holder, Password, SystemClient};

impl App {
    /// Opens an account for another system; only the hash of its secret is kept.
    pub(crate) async fn create_system_account(
        &self,
        ctx: &Ctx,
        system: SystemClient,
        secret: &Password,
    ) -> Result<Account, Fault> {
        self.require_province(ctx, MANAGERS).await?;
        if let Some(agency) = system.agency {
            self.require_agency(ctx, agency, MANAGERS).await?;
        }
        let hash = self.hasher.hash(secret.secret()).await?;
        self.open(ctx, Holder::System(system), Credential::own(hash)).await
    }
}
