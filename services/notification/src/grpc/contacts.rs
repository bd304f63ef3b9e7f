use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::{AccountId, DossierId};
use motcua_proto::intake::v1::{
    BatchGetContactsRequest, DossierContact, GetContactRequest,
    intake_service_client::IntakeServiceClient,
};
use motcua_rpc::Wire;
use tokio::sync::oneshot;
use tonic::{Code, Response, Status};

use crate::domain::Contact;

/// Dossiers asked for at once: as many as one call takes.
const MOST: usize = 200;

/// Whom to tell about dossiers, as intake says. Those who ask while an answer is awaited are asked
/// for together, in the next call: each call is a reading that intake records, and many pieces of
/// news would be waiting for nothing but these records.
#[derive(Clone)]
pub(super) struct Contacts {
    intake: IntakeServiceClient<Wire>,
    waiting: Arc<Mutex<Vec<Asked>>>,
    /// Held by whoever asks for all that wait.
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Asked {
    dossier: DossierId,
    answer: oneshot::Sender<Answer>,
}

type Answer = Result<DossierContact, Status>;

impl Contacts {
    pub(super) fn new(intake: IntakeServiceClient<Wire>) -> Self {
        Self { intake, waiting: Arc::default(), turn: Arc::default() }
    }

    /// Whom to tell about a dossier.
    pub(super) async fn of(&self, ctx: &Ctx, dossier: DossierId) -> Result<Contact, Fault> {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push(Asked { dossier, answer });
        // Kept until intake has answered, also to one alone: meanwhile others come to wait. Should it
        // hang, they wait for it once more, all together.
        let _turn = self.turn.lock().await;
        // Whoever had the turn before may have asked for us.
        if let Ok(answer) = answered.try_recv() {
            return contact(answer);
        }
        let others = self.others(dossier);
        let answer = if others.is_empty() {
            self.alone(ctx, dossier).await
        } else {
            self.together(ctx, dossier, others).await
        };
        contact(answer)
    }

    /// Those that wait beside ours; nobody waits any more for what is closed.
    fn others(&self, own: DossierId) -> Vec<Asked> {
        let mut waiting = self.waiting();
        // A second one about the same asks by itself.
        let mut known = BTreeSet::from([own]);
        waiting.retain(|asked| !asked.answer.is_closed() && known.insert(asked.dossier));
        let together = waiting.len().min(MOST - 1);
        waiting.drain(..together).collect()
    }

    async fn together(&self, ctx: &Ctx, own: DossierId, others: Vec<Asked>) -> Answer {
        let mut ids = vec![own];
        ids.extend(others.iter().map(|asked| asked.dossier));
        let dossiers = ids.into_iter().map(DossierId::name).collect();
        let ask = motcua_rpc::request(ctx, BatchGetContactsRequest { dossiers });
        let mut contacts = match self.intake.clone().batch_get_contacts(ask).await {
            Ok(found) => found.into_inner().contacts.into_iter(),
            // One that is not there fails all of them, and an intake of an earlier release knows no
            // several: each asks for its own.
            Err(status) if matches!(status.code(), Code::NotFound | Code::Unimplemented) => {
                return self.alone(ctx, own).await;
            }
            Err(status) => {
                for asked in others {
                    // Who gave up meanwhile needs no answer.
                    let _ = asked.answer.send(Err(status.clone()));
                }
                return Err(status);
            }
        };
        let answer = contacts.next();
        for (asked, contact) in others.into_iter().zip(contacts) {
            let _ = asked.answer.send(Ok(contact));
        }
        answer.ok_or_else(|| Status::internal("nobody is told of"))
    }

    async fn alone(&self, ctx: &Ctx, dossier: DossierId) -> Answer {
        let ask = motcua_rpc::request(ctx, GetContactRequest { dossier: dossier.name() });
        self.intake.clone().get_contact(ask).await.map(Response::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn contact(answer: Answer) -> Result<Contact, Fault> {
    let contact = answer.map_err(motcua_rpc::fault)?;
    let account = match contact.account.as_str() {
        "" => None,
        name => Some(AccountId::from_name(name).map_err(Fault::internal)?),
    };
    Ok(Contact::new(account, contact.full_name, &contact.phone, &contact.email))
}

#[cfg(test)]
mod tests;
