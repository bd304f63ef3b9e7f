use std::collections::BTreeSet;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::AccountId;
use motcua_store::Tx;

use super::App;
use crate::domain::{KnownGrant, KnownOfficer, Process, Task};

impl App {
    /// Takes in what identity tells of an account. Tasks of an officer who may
    /// no longer do them go back into their queues.
    pub(crate) async fn learn(
        &self,
        ctx: &Ctx,
        account: AccountId,
        version: i64,
        grants: Option<&[KnownGrant]>,
        disabled: Option<bool>,
    ) -> Result<(), Fault> {
        self.store
            .write(ctx, account.uuid(), async |tx| {
                self.officers.learn(tx, account, version, grants, disabled).await?;
                let Some(known) = self.officers.find(tx.db(), account).await? else {
                    return Ok(());
                };
                for id in self.queue.processes_of(tx.db(), account).await? {
                    let mut held = self.processes.lock(tx, id).await?;
                    let events = held.process.give_up(account, |task| suits(&known, task));
                    self.settle(tx, ctx, &held, &events, None).await?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Officers who worked on a process and are known to be no longer able to.
    pub(super) async fn gone(&self, tx: &Tx, process: &Process) -> Result<Vec<AccountId>, Fault> {
        let done = || process.tasks.iter().filter(|task| !task.is_open());
        let who: BTreeSet<_> = done().filter_map(|task| task.state.holder()).collect();
        let mut gone = Vec::new();
        for account in who {
            let Some(known) = self.officers.find(tx.db(), account).await? else { continue };
            let theirs = |task: &&Task| task.state.holder() == Some(account);
            if done().filter(theirs).any(|task| !suits(&known, task)) {
                gone.push(account);
            }
        }
        Ok(gone)
    }
}

fn suits(known: &KnownOfficer, task: &Task) -> bool {
    known.suits(task.role, &task.post).is_ok()
}
