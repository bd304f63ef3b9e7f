//! Giấy tiếp nhận hồ sơ và hẹn trả kết quả: the data of Mẫu 01.

use std::sync::Arc;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;
use motcua_vn::money::Vnd;

use super::App;
use crate::{
    domain::{
        Acceptance, Agency, Case, Channel, Dossier, Illegal, Limit, Paper, Persons, ReturnWay, Sum,
        Why,
    },
    store::{dossiers, papers},
};

/// All that the receipt shows.
pub(crate) struct Receipt {
    pub(crate) dossier: Dossier,
    pub(crate) acceptance: Acceptance,
    pub(crate) persons: Persons,
    pub(crate) receiving: Arc<Agency>,
    pub(crate) competent: Arc<Agency>,
    pub(crate) papers: Vec<ReceiptPaper>,
    /// In words.
    pub(crate) limit: String,
    pub(crate) fees: String,
    pub(crate) return_place: String,
}

/// A row of its table.
pub(crate) struct ReceiptPaper {
    pub(crate) name: String,
    pub(crate) originals: u32,
    pub(crate) copies: u32,
    pub(crate) files: u32,
}

impl App {
    /// The receipt of an accepted dossier; an officer's reading is recorded.
    pub(crate) async fn receipt(
        &self,
        ctx: &Ctx,
        id: DossierId,
        method: &str,
    ) -> Result<Receipt, Fault> {
        let db = self.store.reader();
        let loaded = dossiers::find(db, id).await?;
        let viewer = self.viewer(ctx, &loaded.dossier).await?;
        let Some(acceptance) = loaded.dossier.acceptance.clone() else {
            let state = loaded.dossier.state;
            return Err(Illegal { why: Why::NotAccepted, state, accepted: None }.into());
        };
        let filing = &loaded.dossier.filing;
        let published = self.catalog.version(ctx, filing.version).await?;
        let case = published.procedure.case(&filing.case)?;
        let receiving = self.catalog.agency(ctx, filing.receiving.agency()).await?;
        let competent = self.catalog.agency(ctx, filing.competent.agency()).await?;
        let given = papers::of_dossier(db, &self.keyring, id).await?;
        self.record(ctx, &loaded.dossier, viewer, method).await?;
        let persons = loaded.persons(&self.keyring)?;
        Ok(Receipt {
            papers: table(case, &given),
            limit: limit(case, filing.channel),
            fees: fees(case, filing.channel),
            return_place: return_place(&persons, &receiving),
            acceptance,
            persons,
            receiving,
            competent,
            dossier: loaded.dossier,
        })
    }
}

fn table(case: &Case, given: &[Paper]) -> Vec<ReceiptPaper> {
    case.papers
        .iter()
        .filter_map(|required| {
            let of_it: Vec<_> = given.iter().filter(|p| p.code == required.code).collect();
            let files = of_it.iter().filter(|p| p.content.is_some()).count();
            (!of_it.is_empty()).then(|| ReceiptPaper {
                name: required.name.clone(),
                originals: of_it.iter().map(|p| p.originals).sum(),
                copies: of_it.iter().map(|p| p.copies).sum(),
                files: u32::try_from(files).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

fn limit(case: &Case, channel: Channel) -> String {
    match case.way(channel).map(|way| &way.limit) {
        Ok(Limit::Counted { limit, .. }) => limit.text(),
        Ok(Limit::NoDueDate) => "Pháp luật không quy định thời hạn".to_owned(),
        Ok(Limit::Unknown) | Err(_) => "Chưa có thông tin".to_owned(),
    }
}

fn fees(case: &Case, channel: Channel) -> String {
    let Ok(way) = case.way(channel) else { return String::new() };
    let said: Vec<_> = way
        .fees
        .iter()
        .map(|fee| {
            let sum = match fee.sum {
                Sum::Fixed(amount) => Vnd::new(amount).to_string(),
                Sum::Free => "miễn phí".to_owned(),
                Sum::Variable => fee.note.clone(),
                Sum::Unknown => "chưa có thông tin".to_owned(),
            };
            format!("{}: {sum}", fee.name)
        })
        .collect();
    if said.is_empty() { "Không".to_owned() } else { said.join("; ") }
}

fn return_place(persons: &Persons, receiving: &Agency) -> String {
    match persons.delivery.way {
        ReturnWay::Online => "Tài khoản của người nộp".to_owned(),
        ReturnWay::Desk => format!("Bộ phận một cửa {}", receiving.name),
        ReturnWay::Post => format!("Qua bưu chính: {}", persons.delivery.address),
    }
}
