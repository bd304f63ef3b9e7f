use motcua_context::Ctx;
use motcua_fault::Fault;

use super::{App, passwords::Proved};
use crate::domain::{Account, End, Malformed, Password, Refusal, Secret};

impl App {
    /// Replaces the password of whoever knows the present one, and ends all sessions.
    pub(crate) async fn change_password(
        &self,
        ctx: &Ctx,
        login: &str,
        secret: &Secret,
        new: &str,
    ) -> Result<(), Fault> {
        // What is no password for anybody costs no try.
        Password::new(new, &[]).map_err(|malformed| at("new_password", malformed))?;
        let Proved { account, tried, .. } =
            self.prove(ctx, login, secret, Account::may_change_password).await?;
        let new = Password::new(new, &account.holder().own_values())
            .map_err(|malformed| at("new_password", malformed))?;
        if new.secret().expose() == secret.expose() {
            return Err(Refusal::PasswordUnchanged.into());
        }
        let hash = self.hasher.hash(new.secret()).await?;
        self.store
            .write(ctx, account.id().uuid(), async |tx| {
                let mut now = self.accounts.lock(tx, account.id()).await?;
                now.may_change_password()?;
                if now.credential() != account.credential() {
                    return Err(Refusal::Busy.into());
                }
                now.replace_password(hash, self.after_issued(tx, ctx, now.id()).await?);
                self.accounts.save(tx, &now).await?;
                self.forget_tries(tx, ctx, &tried).await?;
                self.end_all_sessions(tx, ctx, &now, End::PasswordChanged).await
            })
            .await?;
        Ok(())
    }
}

/// A malformed value as the one field that is wrong.
pub(super) fn at(field: &str, malformed: Malformed) -> Fault {
    let mut violations = motcua_fault::Violations::default();
    violations.take::<(), _>(field, Err(malformed));
    violations.finish().err().unwrap_or_else(|| Fault::internal("a violation was lost"))
}
