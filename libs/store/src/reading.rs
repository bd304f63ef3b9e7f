use motcua_context::{Actor, Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId, ReadingId};
use motcua_proto::access::v1::PersonalDataRead;

use crate::{Noted, Store};

impl Store {
    /// Records, before they are answered, that somebody reads what is personal
    /// to the holders of `accounts`, in `dossiers`. The persons' own reading is
    /// not recorded; a dossier filed at the desk may have no account at all.
    ///
    /// # Errors
    /// `Unavailable` if the record cannot be kept: then nothing may be answered.
    pub async fn record_reading(
        &self,
        ctx: &Ctx,
        method: &str,
        accounts: &[AccountId],
        dossiers: &[DossierId],
        purpose: &str,
    ) -> Result<(), Fault> {
        let reader = ctx.actor().account();
        let others: Vec<_> =
            accounts.iter().filter(|s| Some(**s) != reader).map(ToString::to_string).collect();
        let own = others.is_empty() && !accounts.is_empty();
        if own || (others.is_empty() && dossiers.is_empty()) {
            return Ok(());
        }
        let dossiers: Vec<_> = dossiers.iter().map(ToString::to_string).collect();
        let noted = Noted {
            kind: "read",
            cause: method.to_owned(),
            subjects: others.iter().chain(&dossiers).cloned().collect(),
            purpose: purpose.to_owned(),
        };
        let event = PersonalDataRead {
            method: method.to_owned(),
            reader: reader.map(AccountId::name).unwrap_or_default(),
            system: match ctx.actor() {
                Actor::System(system) => system.name.clone(),
                _ => String::new(),
            },
            subjects: others,
            dossiers,
            purpose: purpose.to_owned(),
            read_time: Some(std::time::SystemTime::from(ctx.now()).into()),
        };
        let id = ctx.new_id::<ReadingId>().uuid();
        let ctx = ctx.clone().with_cause(Cause::Command { id });
        self.write(&ctx, id, async |tx| {
            tx.note(noted);
            tx.publish(id, &event);
            Ok(())
        })
        .await?;
        Ok(())
    }
}
