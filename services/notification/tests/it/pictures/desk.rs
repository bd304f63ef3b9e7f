use std::sync::{Arc, Mutex, MutexGuard};

use motcua_fault::{Fault, Kind};
use motcua_proto::intake::v1::{
    self as intake, GetContactRequest, ScanState, offer_paper_request::Part,
};
use motcua_testkit::Neighbour;

use crate::support::{CODE, contact};

/// An intake that keeps what it is offered.
#[derive(Default)]
pub(super) struct Desk {
    /// By request: the dossier and how many octets.
    pub(super) offered: Vec<(String, String, usize)>,
    pub(super) answered: Vec<intake::AnswerPaperOffersRequest>,
    pub(super) choices: Vec<String>,
    pub(super) refuses: Option<(Kind, &'static str)>,
    pub(super) scan: ScanState,
    pub(super) lacking: Vec<String>,
}

#[derive(Clone, Default)]
pub(super) struct Intake(Arc<Mutex<Desk>>);

impl Intake {
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap()
    }

    pub(super) fn counts(&self) -> (usize, usize) {
        let desk = self.desk();
        (desk.offered.len(), desk.answered.len())
    }

    fn refused(&self) -> Result<(), Fault> {
        match self.desk().refuses {
            Some((kind, reason)) => Err(Fault::new(kind, reason, "Lý do bằng tiếng Việt.")),
            None => Ok(()),
        }
    }

    fn offer(&self, n: usize) -> intake::PaperOffer {
        let desk = self.desk();
        let choice = |code: &String| intake::PaperChoice {
            code: code.clone(),
            title: format!("Giấy {code}"),
        };
        let at = "2026-03-09T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        intake::PaperOffer {
            name: offer_name(n),
            dossier: desk.offered[n].1.clone(),
            code: CODE.into(),
            scan_state: desk.scan.into(),
            problem_text: String::new(),
            choices: desk.choices.iter().map(choice).collect(),
            expire_time: Some(std::time::SystemTime::from(at).into()),
        }
    }

    fn take(&self, pieces: Vec<intake::OfferPaperRequest>) -> Result<intake::PaperOffer, Fault> {
        let mut pieces = pieces.into_iter();
        let first = pieces.next().unwrap();
        let Some(Part::Header(header)) = first.part else { panic!("the header comes first") };
        let octets = pieces.map(|piece| match piece.part {
            Some(Part::Chunk(chunk)) => chunk.len(),
            _ => panic!("then the content"),
        });
        let octets = octets.sum();
        self.refused()?;
        let known = self.desk().offered.iter().position(|(id, ..)| *id == first.request_id);
        let n = known.unwrap_or_else(|| {
            let mut desk = self.desk();
            desk.offered.push((first.request_id, header.dossier, octets));
            desk.offered.len() - 1
        });
        Ok(self.offer(n))
    }

    fn answer(
        &self,
        asked: intake::AnswerPaperOffersRequest,
    ) -> Result<intake::AnswerPaperOffersResponse, Fault> {
        self.refused()?;
        let wanted = !asked.paper_code.is_empty();
        let bound = if wanted { i32::try_from(asked.offers.len()).unwrap() } else { 0 };
        let mut desk = self.desk();
        desk.answered.push(asked);
        Ok(intake::AnswerPaperOffersResponse {
            bound_count: bound,
            provided: wanted && desk.lacking.is_empty(),
            lacking: desk.lacking.clone(),
        })
    }

    pub(super) fn neighbour(&self) -> Neighbour {
        let (taking, looking, answering) = (self.clone(), self.clone(), self.clone());
        Neighbour::new()
            .on("/motcua.intake.v1.IntakeService/GetContact", |_: GetContactRequest| Ok(contact()))
            .on_upload("/motcua.intake.v1.IntakeService/OfferPaper", move |pieces| {
                taking.take(pieces)
            })
            .on(
                "/motcua.intake.v1.IntakeService/GetPaperOffer",
                move |asked: intake::GetPaperOfferRequest| {
                    let known = looking.desk().offered.len();
                    let n = (0..known).find(|n| offer_name(*n) == asked.name);
                    n.map(|n| looking.offer(n)).ok_or_else(|| Fault::not_found("paper offer"))
                },
            )
            .on("/motcua.intake.v1.IntakeService/AnswerPaperOffers", move |asked| {
                answering.answer(asked)
            })
    }
}

fn offer_name(n: usize) -> String {
    format!("paperOffers/00000000-0000-4000-8000-{n:012}")
}
