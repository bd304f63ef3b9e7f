//! Tra cứu hồ sơ: where a dossier stands, for whoever knows its code and four digits.

use std::{sync::Arc, time::Duration};

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};

use super::App;
use crate::{
    domain::{Act, Agency, Dossier},
    store::{acts, dossiers, sealed},
};

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// What is asked.
pub(crate) struct LookUp {
    /// In one of the live formats.
    pub(crate) code: String,
    /// Four digits.
    pub(crate) last_digits: String,
}

/// What anybody may know who knows both.
pub(crate) struct PublicView {
    pub(crate) dossier: Dossier,
    pub(crate) receiving: Arc<Agency>,
    pub(crate) acts: Vec<Act>,
}

impl App {
    /// Looks a dossier up. A wrong code and wrong digits are answered alike,
    /// after the same work, and both cost a try.
    pub(crate) async fn look_up(&self, ctx: &Ctx, asked: LookUp) -> Result<PublicView, Fault> {
        let limits = &self.config;
        if let Some(address) = ctx.address() {
            // An address tells of a person: the cache sees its fingerprint alone.
            let address = address.to_string();
            let print = self.keyring.fingerprint("intake/look-up", address.as_bytes());
            let key = format!("look-up/address/{}", hex::encode(print));
            self.cache.take(&key, limits.look_ups_per_address, MINUTE).await?;
        }
        // Four digits are ten thousand guesses: a minute slows one sitting, a day all of them.
        let key = format!("look-up/code/{}", asked.code);
        self.cache.take(&key, limits.look_ups_per_code, MINUTE).await?;
        let key = format!("look-up/code-day/{}", asked.code);
        self.cache.take(&key, limits.look_ups_per_code_daily, DAY).await?;

        let db = self.store.reader();
        let found = dossiers::find_by_code(db, &asked.code).await?;
        let known = sealed::knows_factor(&self.keyring, found.as_ref(), &asked.last_digits);
        let Some(found) = found.filter(|_| known) else { return Err(mismatch()) };
        let dossier = dossiers::find(db, found.id).await?.dossier;
        let receiving = self.catalog.agency(ctx, dossier.filing.receiving.agency()).await?;
        let acts = acts::page(db, &self.keyring, dossier.id, None, 200).await?;
        Ok(PublicView { dossier, receiving, acts })
    }
}

pub(super) fn mismatch() -> Fault {
    Fault::new(
        Kind::NotFound,
        "NOT_FOUND_OR_MISMATCH",
        "Không tìm thấy hồ sơ, hoặc thông tin xác nhận chưa khớp.",
    )
}
