//! What can be done with dossiers: one use case a file. Each asks its
//! neighbours first, then writes once: load, may this actor, decide, save, say.

mod accept;
mod answer_offers;
mod answers;
mod attach_paper;
mod authority;
mod catalog;
mod close;
mod contact;
mod create;
mod decline_supplement;
mod desk_act;
mod discard;
mod download_paper;
mod events_of;
mod expire_draft;
mod expire_supplement;
mod form;
mod get;
mod handed_in;
mod hear;
mod issue_stop_notice;
mod keep;
mod list;
mod look_up;
mod look_up_by_telephone;
mod offer_paper;
mod provide_supplement;
mod receipt;
mod receive;
mod reject;
mod remembered;
mod remove_paper;
mod request_supplement;
mod return_result;
mod reusable_papers;
mod scan_paper;
mod settle_file;
mod submit;
mod timeline;
mod unused_file;
mod update;
mod upload_paper;
mod withdraw;

use std::sync::Arc;

use motcua_cache::Cache;
use motcua_files::Files;
use motcua_quarantine::Quarantine;
use motcua_rpc::Pages;
use motcua_sealing::Keyring;
use motcua_store::Store;

pub(crate) use answer_offers::{AnswerOffers, Answered};
pub(crate) use attach_paper::AttachPaper;
pub(crate) use authority::Viewer;
pub(crate) use catalog::{Catalog, Published};
pub(crate) use create::NewDossier;
pub(crate) use download_paper::Download;
pub(crate) use form::Form;
pub(crate) use get::{Round, View};
pub(crate) use handed_in::HandedIn;
pub(crate) use list::ListDossiers;
pub(crate) use look_up::{LookUp, PublicView};
pub(crate) use look_up_by_telephone::LookUpByTelephone;
pub(crate) use offer_paper::Offered;
pub(crate) use receipt::Receipt;
pub(crate) use request_supplement::RequestSupplement;
pub(crate) use return_result::ReturnResult;
pub(crate) use update::{Edit, Representation};
pub(crate) use upload_paper::PaperHeader;

use crate::{config::IntakeConfig, grpc::Neighbours};

/// Timers of this service.
pub(crate) mod timer {
    /// A citizen did not answer in time; its subject is the dossier.
    pub(crate) const SUPPLEMENT: &str = "supplement-expiry";
    /// A returned dossier closes; its subject is the dossier.
    pub(crate) const CLOSE: &str = "dossier-close";
    /// A draft was forgotten; its subject is the dossier.
    pub(crate) const DRAFT: &str = "draft-expiry";
    /// Nobody may need a file; its subject is the file.
    pub(crate) const FILE: &str = "file-unused";
    /// Nobody answered to a picture; its subject is the offer.
    pub(crate) const OFFER: &str = "paper-offer-expiry";
    /// An earlier release could not examine a file; its subject is the paper.
    pub(crate) const SCAN: &str = "paper-scan";
}

/// The use cases, and what they work with.
pub(crate) struct App {
    store: Store,
    cache: Cache,
    files: Files,
    quarantine: Quarantine,
    keyring: Arc<Keyring>,
    pub(crate) pages: Pages,
    catalog: Catalog,
    neighbours: Arc<Neighbours>,
    config: IntakeConfig,
}

impl App {
    pub(crate) fn new(config: IntakeConfig, env: motcua_service::Env) -> Self {
        let neighbours = Arc::new(Neighbours::new(&env.peers));
        Self {
            catalog: Catalog::new(neighbours.clone(), &config),
            quarantine: Quarantine::new(&env),
            store: env.store,
            cache: env.cache,
            files: env.files,
            keyring: env.keyring,
            pages: env.pages,
            neighbours,
            config,
        }
    }

    /// The catalog has changed.
    pub(crate) fn forget_catalog(&self) {
        self.catalog.forget();
    }

    /// The longest answers taken, in octets.
    pub(crate) fn most_answers(&self) -> usize {
        self.config.max_answers_kib as usize * 1024
    }

    /// This deployment examines no files, and shows so.
    fn serves_unscanned(&self) -> bool {
        !self.quarantine.scans()
    }

    /// The files that are not served.
    pub(crate) const fn quarantine(&self) -> &Quarantine {
        &self.quarantine
    }
}
