//! Papers a person filed before.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::PaperId;

use super::App;
use crate::{domain::Paper, store::papers};

impl App {
    /// The caller's own papers, newest first, one more than `size` where there are more.
    pub(crate) async fn reusable_papers(
        &self,
        ctx: &Ctx,
        code: &str,
        after: Option<PaperId>,
        size: u64,
    ) -> Result<Vec<Paper>, Fault> {
        let account = ctx.person()?.account;
        papers::of_account(self.store.reader(), &self.keyring, account, code, after, size).await
    }
}
