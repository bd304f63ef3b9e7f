use motcua_context::{Actor, Ctx, Role};
use motcua_fault::{Fault, Violations};
use motcua_ids::{AccountId, AgencyPath, StatementEntryId, StatementId};
use motcua_paywire::statement as bank;
use motcua_rpc::Page;
use motcua_store::Tx;
use motcua_vn::local;

use super::{App, timer};
use crate::{
    domain::{Discrepancy, Kind, Outlook, Refusal, Statement, StatementEntry},
    store::{Counts, Given},
};

/// A file, and of which account whoever imports it says that it is; empty: the file says it.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    pub(crate) content: Vec<u8>,
    pub(crate) account: String,
}

impl App {
    /// Takes over a statement of the collecting account. It cannot be taken back, and a table says
    /// nothing of whose it is, so that whoever imports one has to. What a statement before had is left
    /// out; the rest is looked at one by one, behind the answer.
    pub(crate) async fn import_statement(
        &self,
        ctx: &Ctx,
        Import { content, account }: Import,
    ) -> Result<Statement, Fault> {
        let (by, agency) = self.keeper_of_the_account(ctx).await?;
        let own = self.config.transfer.clone().ok_or(Refusal::MethodNotOffered)?;
        let columns = own.columns.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let headings: Vec<_> =
                columns.iter().map(|(column, name)| (*column, &**name)).collect();
            bank::Statement::read(&content, &headings)
        });
        let read = reading.await.map_err(Fault::internal)??;
        let named = [&read.account, &account];
        let mut wrong = Violations::default();
        if named.iter().all(|named| named.is_empty()) {
            let text = "Sao kê không ghi số tài khoản, vui lòng cho biết là của tài khoản nào.";
            wrong.add("account", "REQUIRED", text);
        }
        wrong.finish()?;
        if named.iter().any(|named| !named.is_empty() && **named != own.account) {
            return Err(Refusal::AccountUnknown.into());
        }
        let form = read.form;
        let entries = unseen(ctx, read.entries);
        let days = entries.iter().map(|entry| entry.day).chain(read.closed);
        let statement = Statement {
            id: ctx.new_id(),
            by,
            agency,
            at: ctx.now(),
            days: days.clone().min().zip(days.max()),
            opening: read.opening,
            closing: read.closing,
            entries: entries.len(),
            new: 0,
        };
        let id = statement.id;
        self.store
            .write(ctx, id.uuid(), async |tx| {
                let mut statement = statement.clone();
                let given = Given { account: &own.account, form };
                self.statements.insert(tx, given, &mut statement, &entries).await?;
                self.follow_up(tx, ctx, &statement).await?;
                tx.schedule(timer::STATEMENT, id.uuid(), ctx.now()).await?;
                Ok(statement)
            })
            .await?
            .or_reload(async |id| {
                self.statements.get(self.store.reader(), StatementId::new(id)).await
            })
            .await
    }

    /// A statement that does not begin with what was on the account before is looked at: another is
    /// missing, or an entry of one. What comes later may fill a gap that was found, or open one before
    /// the next.
    async fn follow_up(&self, tx: &Tx, ctx: &Ctx, new: &Statement) -> Result<(), Fault> {
        let mut looked_at = self.discrepancies.unbalanced(tx).await?;
        looked_at.push(new.id);
        looked_at.extend(self.statements.next(tx, new.id).await?);
        for id in looked_at {
            let kind = Kind::Balance;
            let Some(expected) = self.statements.other_balance(tx, id).await? else {
                self.discrepancies.found(tx, kind, id.uuid(), ctx.now()).await?;
                continue;
            };
            let statement = self.statements.get(tx.db(), id).await?;
            let found = Discrepancy {
                id: ctx.new_id(),
                kind,
                agency: statement.agency,
                entry: None,
                order: None,
                payment: None,
                refund: None,
                statement: Some(id),
                expected,
                actual: statement.opening.unwrap_or_default(),
                day: statement.days.map_or_else(|| local::day(ctx.now()), |(first, _)| first),
                bank_reference: String::new(),
                found_at: ctx.now(),
                resolution: None,
            };
            self.discrepancies.raise(tx, &found).await?;
        }
        Ok(())
    }

    /// A statement, and how many of its new entries stand where.
    pub(crate) async fn statement(
        &self,
        ctx: &Ctx,
        id: StatementId,
    ) -> Result<(Statement, Counts), Fault> {
        let db = self.store.reader();
        let statement = self.statements.get(db, id).await?;
        let allowed = match ctx.actor().principal() {
            Actor::Officer(officer) => {
                officer.may_any(&[Role::Accountant, Role::Auditor], &statement.agency)
            }
            Actor::System(system) => system.reaches(&statement.agency),
            Actor::Person(_) | Actor::Anonymous => false,
        };
        if !allowed {
            return Err(Refusal::StatementUnknown.into());
        }
        let counts = self.statements.counts(db, [id]).await?.remove(&id).unwrap_or_default();
        Ok((statement, counts))
    }

    /// A page of the statements of the accounts that the officer's roles reach, newest first, each
    /// with how many of its new entries stand where; and whether there is more.
    pub(crate) async fn statement_page(
        &self,
        ctx: &Ctx,
        page: Page<StatementId>,
    ) -> Result<(Vec<(Statement, Counts)>, bool), Fault> {
        let officer = ctx.officer()?;
        let roles = [Role::Accountant, Role::Auditor];
        let below: Vec<_> = roles.into_iter().flat_map(|role| officer.agencies(role)).collect();
        let db = self.store.reader();
        let (found, more) = self.statements.page(db, &below, page).await?;
        let mut counts = self.statements.counts(db, found.iter().map(|one| one.id)).await?;
        let counted = found.into_iter().map(|one| {
            let counts = counts.remove(&one.id).unwrap_or_default();
            (one, counts)
        });
        Ok((counted.collect(), more))
    }

    /// The collecting account is the province's: so is who keeps it.
    async fn keeper_of_the_account(
        &self,
        ctx: &Ctx,
    ) -> Result<(Option<AccountId>, AgencyPath), Fault> {
        let agencies: Vec<_> = match ctx.actor().principal() {
            Actor::Officer(officer) => officer.agencies(Role::Accountant).collect(),
            Actor::System(system) => system.agency.into_iter().collect(),
            Actor::Person(_) | Actor::Anonymous => Vec::new(),
        };
        for agency in agencies {
            let path = self.catalog.agency(ctx, agency).await?.path;
            if path.agencies().len() == 1 {
                return Ok((ctx.actor().account(), path));
            }
        }
        Err(Fault::denied(
            "NOT_YOUR_AGENCY",
            "Tài khoản thu phí, lệ phí do kế toán cấp tỉnh quản lý.",
        ))
    }
}

/// The entries, not yet looked at.
fn unseen(ctx: &Ctx, entries: Vec<bank::Entry>) -> Vec<StatementEntry> {
    let entries = entries.into_iter().map(|entry| StatementEntry {
        id: ctx.new_id::<StatementEntryId>(),
        line: entry.line,
        day: entry.booked,
        amount: entry.amount,
        bank_reference: entry.bank_reference,
        memo: entry.memo,
        reversal: entry.reversal,
        outlook: Outlook::New,
    });
    entries.collect()
}
