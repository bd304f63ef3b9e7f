//! Tra cứu bằng tin nhắn: where a dossier stands, for whoever asks from a telephone that stands in it.

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_vn::PhoneNumber;

use super::{App, look_up::mismatch};
use crate::{domain::Dossier, store::dossiers};

/// What is asked.
pub(crate) struct LookUpByTelephone {
    /// In one of the live formats.
    pub(crate) code: String,
    /// Whoever carries short messages says that it asks.
    pub(crate) phone: PhoneNumber,
}

impl App {
    /// The dossier, if the telephone is its applicant's or representative's. A wrong code and another
    /// telephone are answered alike. How often a telephone may ask is for the one who hears it.
    pub(crate) async fn look_up_by_telephone(
        &self,
        ctx: &Ctx,
        asked: LookUpByTelephone,
        method: &str,
    ) -> Result<Dossier, Fault> {
        let db = self.store.reader();
        let Some(found) = dossiers::find_by_code(db, &asked.code).await? else {
            return Err(mismatch());
        };
        let loaded = dossiers::find(db, found.id).await?;
        let persons = loaded.persons(&self.keyring)?;
        let phone = asked.phone.national();
        if persons.applicant.phone != phone && persons.filer().phone != phone {
            return Err(mismatch());
        }
        let subjects: Vec<_> = loaded.dossier.filing.account.into_iter().collect();
        let purpose = "answer_short_message";
        self.store.record_reading(ctx, method, &subjects, &[found.id], purpose).await?;
        Ok(loaded.dossier)
    }
}
