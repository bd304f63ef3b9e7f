//! Short messages by an operator's centre (SMPP 3.4): one session, which is kept up, with a
//! bounded number of unanswered messages in it.

mod bind;
mod inquiry;
mod pdu;
mod receipt;
mod session;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use motcua_context::Timestamp;
use motcua_ids::MessageId;
use rusmpp::{CommandStatus, pdus::SubmitSm};
use tokio::sync::{mpsc, oneshot};

use super::{Asker, Listener, Provider};
use crate::{
    config::SmppConfig,
    domain::{Address, Answer, Message, Taken, parts},
};

/// How long a centre that takes no more for now is left alone.
const THROTTLED: TimeDelta = TimeDelta::seconds(30);

/// How long an answer is of use that did not come in time; by then its message was tried again.
const FORGOTTEN: Duration = Duration::from_hours(2);

/// A part of a message for the session, and who waits for its answer.
struct Order {
    part: SubmitSm,
    since: Instant,
    answer: oneshot::Sender<Submitted>,
}

/// What became of it. Where the session ends first, nobody answers.
enum Submitted {
    /// The centre took it, by this id if it said one.
    Taken(Option<String>),
    /// The centre did not take it.
    Refused(CommandStatus),
}

/// What a session needs.
struct Way {
    address: String,
    config: SmppConfig,
    listener: Listener,
    asker: Asker,
}

impl Way {
    fn patience(&self) -> Duration {
        Duration::from_secs(self.config.answer_s.into())
    }
}

/// The way to the centre.
pub(super) struct Smpp {
    way: Arc<Way>,
    /// Into the session; it ends when nobody can give it anything any more.
    orders: OnceLock<mpsc::Sender<Order>>,
    late: Mutex<HashMap<MessageId, Late>>,
}

/// A part that was sent, and whose answer had not come in time: at the message's next try it is asked
/// for before the part goes out again.
struct Late {
    /// Which part.
    part: usize,
    answered: oneshot::Receiver<Submitted>,
    since: Instant,
}

impl Smpp {
    pub(super) fn new(
        address: String,
        config: &SmppConfig,
        listener: Listener,
        asker: Asker,
    ) -> Self {
        let way = Arc::new(Way { address, config: config.clone(), listener, asker });
        Self { way, orders: OnceLock::new(), late: Mutex::default() }
    }

    /// Sees that there is a session, for whatever the centre has to say.
    pub(super) fn listen(&self) {
        self.orders();
    }

    #[expect(clippy::disallowed_methods, reason = "it ends when its last order was given")]
    fn orders(&self) -> &mpsc::Sender<Order> {
        self.orders.get_or_init(|| {
            let (orders, given) = mpsc::channel(1);
            tokio::spawn(session::keep(self.way.clone(), given));
            orders
        })
    }

    /// Gives a message's part to the session and waits for the centre's answer.
    async fn submit(
        &self,
        message: MessageId,
        part: usize,
        submit: SubmitSm,
    ) -> Result<Submitted, &'static str> {
        let (answer, mut answered) = oneshot::channel();
        let given = async {
            self.orders()
                .send(Order { part: submit, since: Instant::now(), answer })
                .await
                .map_err(|_| "AWAY")?;
            (&mut answered).await.map_err(|_| "AWAY")
        };
        let submitted = tokio::time::timeout(self.way.patience(), given).await;
        submitted.unwrap_or_else(|_| {
            self.late().insert(message, Late { part, answered, since: Instant::now() });
            Err("TIMEOUT")
        })
    }

    /// What came of the part of which a former try heard nothing in time, if that is known by now.
    async fn heard_late(&self, message: MessageId) -> Option<(usize, Submitted)> {
        let late = {
            let mut all = self.late();
            all.retain(|_, late| late.since.elapsed() < FORGOTTEN);
            all.remove(&message)?
        };
        let answered = tokio::time::timeout(self.way.patience(), late.answered).await;
        Some((late.part, answered.ok()?.ok()?))
    }

    fn late(&self) -> MutexGuard<'_, HashMap<MessageId, Late>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Provider for Smpp {
    /// In parts, each once the one before was taken. The receipt is asked for the last alone, as gateways
    /// of short messages do: to a centre each part is a message of its own (SMPP 3.4 knows no receipt of
    /// several), and a telephone that was reached for the last was reached for those before it. That one
    /// part alone is lost on its way is so not heard of; that is rare, and nearly all messages fit one.
    async fn send(&self, now: Timestamp, message: &Message) -> Answer {
        let Address::Sms(phone) = &message.written.address else {
            return Answer::refused("NO_TELEPHONE");
        };
        let Some(parts) = parts(&message.written.text) else {
            return Answer::refused("TEXT_TOO_LONG");
        };
        let config = &self.way.config;
        let until = config.validity(now).map(|longest| {
            message.terms.expires_at.map_or(longest, |expires| expires.min(longest))
        });
        let Some(submits) = pdu::submits(config, phone, message.id, until, &parts) else {
            return Answer::refused("TEXT_TOO_LONG");
        };
        let segments = u16::try_from(submits.len()).unwrap_or(u16::MAX);
        let (mut last, mut taken) = (None, 0);
        if let Some((part, Submitted::Taken(id))) = self.heard_late(message.id).await {
            (last, taken) = (id, part + 1);
        }
        for (part, submit) in submits.into_iter().enumerate().skip(taken) {
            match self.submit(message.id, part, submit).await {
                Ok(Submitted::Taken(id)) => last = id,
                Ok(Submitted::Refused(status)) => return refused(status),
                Err(reason) => return Answer::later(reason),
            }
        }
        let receipt = config.receipts && last.is_some();
        Answer::Taken(Taken { id: last, segments, receipt })
    }
}

/// What a centre says no with: for now where it is about itself or about us, for ever where it
/// is about the message.
fn refused(status: CommandStatus) -> Answer {
    match status {
        CommandStatus::EsmeRthrottled => {
            Answer::Later { reason: "SMPP_THROTTLED".into(), wait: Some(THROTTLED) }
        }
        CommandStatus::EsmeRmsgqful => {
            Answer::Later { reason: "SMPP_QUEUE_FULL".into(), wait: Some(THROTTLED) }
        }
        // How numbers are written (ton, npi) is what we say of all: with those in doubt it is not the number.
        CommandStatus::EsmeRinvdstadr => Answer::refused("SMPP_NUMBER_REFUSED"),
        CommandStatus::EsmeRinvmsglen => Answer::refused("SMPP_LENGTH_REFUSED"),
        CommandStatus::EsmeRxPAppn | CommandStatus::EsmeRxRAppn => Answer::refused("SMPP_REFUSED"),
        other => {
            tracing::warn!(status = u32::from(other), "the centre of short messages fails");
            Answer::later("SMPP_FAILS")
        }
    }
}

#[cfg(test)]
mod tests;
