use motcua_context::{Actor, Cause, Ctx};
use motcua_fault::Fault;
use motcua_ids::{AccountId, ReadingId};
use motcua_proto::access::v1::PersonalDataRead;

use crate::Store;

impl Store {
    /// Records, before they are answered, that somebody reads what is personal
    /// to `subjects`. The persons' own reading is not recorded.
    ///
    /// # Errors
    /// `Unavailable` if the record cannot be kept: then nothing may be answered.
    pub async fn record_reading(
        &self,
        ctx: &Ctx,
        method: &str,
        subjects: &[AccountId],
        purpose: &str,
    ) -> Result<(), Fault> {
        let reader = ctx.actor().account();
        let subjects: Vec<_> =
            subjects.iter().filter(|s| Some(**s) != reader).map(ToString::to_string).collect();
        if subjects.is_empty() {
            return Ok(());
        }
        let event = PersonalDataRead {
            method: method.to_owned(),
            reader: reader.map(AccountId::name).unwrap_or_default(),
            system: match ctx.actor() {
                Actor::System(system) => system.name.clone(),
                _ => String::new(),
            },
            subjects,
            purpose: purpose.to_owned(),
            read_time: Some(std::time::SystemTime::from(ctx.now()).into()),
        };
        let id = ctx.new_id::<ReadingId>().uuid();
        let ctx = ctx.clone().with_cause(Cause::Command { id });
        self.write(&ctx, id, async |tx| {
            tx.publish(id, &event);
            Ok(())
        })
        .await?;
        Ok(())
    }
}
