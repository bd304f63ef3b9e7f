use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, anyhow, ensure};
use futures::{FutureExt, SinkExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use rusmpp::{
    Command, CommandStatus, Pdu,
    pdus::{DeliverSm, DeliverSmResp, SubmitSmResp},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Interval, MissedTickBehavior, interval_at},
};

use super::{
    Order, Submitted, Way,
    bind::{FIRST, Line, bind, pause},
    inquiry, receipt,
};

/// Receipts that are being stored; while there are so many, nothing more is read.
const RECEIPTS: usize = 50;
/// How long the centre is waited for when we take our leave.
const LEAVE: Duration = Duration::from_secs(2);
const LARGEST_SEQUENCE: u32 = 0x7fff_ffff;

/// Keeps a session up until nobody can give orders any more. While there is none, orders
/// come to nothing at once.
pub(super) async fn keep(way: Arc<Way>, mut orders: mpsc::Receiver<Order>) {
    let mut failures = 0;
    loop {
        let lost = match bind(&way).await {
            Ok(line) => {
                tracing::info!("the centre of short messages is there");
                failures = 0;
                match Session::new(way.clone(), line).run(&mut orders).await {
                    Ok(()) => return,
                    Err(lost) => lost,
                }
            }
            Err(lost) => lost,
        };
        tracing::warn!(error = format!("{lost:#}"), failures, "no centre of short messages");
        let pause = tokio::time::sleep(pause(failures));
        failures += 1;
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                order = orders.recv() => if order.is_none() { return },
            }
        }
    }
}

/// One connection from its bind to its end.
struct Session {
    way: Arc<Way>,
    line: Line,
    last: u32,
    /// Since when each waits, and for whom.
    unanswered: HashMap<u32, (Instant, oneshot::Sender<Submitted>)>,
    receipts: FuturesUnordered<BoxFuture<'static, Command>>,
    enquire: Interval,
    /// Our question whether anybody is there, until it is answered.
    enquired: Option<u32>,
}

impl Session {
    fn new(way: Arc<Way>, line: Line) -> Self {
        let every = Duration::from_secs(way.config.enquire_s.into());
        let mut enquire = interval_at(tokio::time::Instant::now() + every, every);
        enquire.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            way,
            line,
            last: FIRST,
            unanswered: HashMap::new(),
            receipts: FuturesUnordered::new(),
            enquire,
            enquired: None,
        }
    }

    /// Until there are no more orders, or the connection is lost.
    async fn run(mut self, orders: &mut mpsc::Receiver<Order>) -> anyhow::Result<()> {
        loop {
            let taken_up = self.taken_up();
            tokio::select! {
                order = orders.recv(), if taken_up.is_none() => match order {
                    Some(order) => self.submit(order).await?,
                    None => return self.leave().await,
                },
                // A centre that says nothing gives no other occasion to look again.
                () = passed(taken_up) => {}
                said = self.line.next(), if self.receipts.len() < RECEIPTS => {
                    let said = said.context("the connection ended")?;
                    // The codec's error may quote what it read.
                    self.hear(said.map_err(|_| anyhow!("what came is not the protocol"))?).await?;
                }
                Some(answer) = self.receipts.next() => self.say(answer).await?,
                _ = self.enquire.tick() => self.enquire().await?,
            }
        }
    }

    /// Until when the window is full of messages that the centre may still answer in time, if it is: a
    /// late answer is heard, and holds up no other message.
    fn taken_up(&self) -> Option<Instant> {
        let mut since: Vec<_> = self.unanswered.values().map(|(since, _)| *since).collect();
        since.sort_unstable();
        let newest = since.len().checked_sub(self.way.config.window.into())?;
        let until = *since.get(newest)? + self.way.patience();
        (until > Instant::now()).then_some(until)
    }

    async fn submit(&mut self, order: Order) -> anyhow::Result<()> {
        // Whoever gave up tries again another time: it must not go out twice.
        if order.answer.is_closed() || order.since.elapsed() >= self.way.patience() {
            return Ok(());
        }
        let sequence = self.request(order.part).await?;
        self.unanswered.insert(sequence, (Instant::now(), order.answer));
        Ok(())
    }

    async fn enquire(&mut self) -> anyhow::Result<()> {
        ensure!(self.enquired.is_none(), "nobody answers any more");
        self.unanswered.retain(|_, (_, answer)| !answer.is_closed());
        self.enquired = Some(self.request(Pdu::EnquireLink).await?);
        Ok(())
    }

    async fn hear(&mut self, said: Command) -> anyhow::Result<()> {
        let (sequence, status) = (said.sequence_number(), said.status());
        match said.pdu() {
            Some(Pdu::SubmitSmResp(answer)) => self.answered(sequence, status, Some(answer)),
            Some(Pdu::DeliverSm(deliver)) => self.deliver(sequence, deliver),
            Some(Pdu::EnquireLink) => self.answer(sequence, Pdu::EnquireLinkResp).await?,
            Some(Pdu::EnquireLinkResp) => self.enquired = None,
            Some(Pdu::Unbind) => {
                self.answer(sequence, Pdu::UnbindResp).await?;
                return Err(anyhow!("it took its leave"));
            }
            // A refusal may come without a body.
            Some(Pdu::GenericNack) | None => self.answered(sequence, status, None),
            Some(_) => {}
        }
        Ok(())
    }

    fn answered(&mut self, sequence: u32, status: CommandStatus, answer: Option<&SubmitSmResp>) {
        if self.enquired == Some(sequence) {
            self.enquired = None;
        }
        let Some((_, waiting)) = self.unanswered.remove(&sequence) else { return };
        let submitted = if status == CommandStatus::EsmeRok {
            let id = answer.map(|answer| answer.message_id().as_str());
            let id = id.filter(|id| !id.is_empty()).map(|id| self.way.config.ids.taken(id));
            Submitted::Taken(id)
        } else {
            Submitted::Refused(status)
        };
        // Where nobody waits any more, it is of no use to anyone.
        let _ = waiting.send(submitted);
    }

    /// A receipt, and what somebody writes from a telephone, is answered once it is stored;
    /// anything else is taken and dropped.
    fn deliver(&mut self, sequence: u32, deliver: &DeliverSm) {
        let stored = match (receipt::of(deliver, self.way.config.ids), inquiry::of(deliver)) {
            (Some(receipt), _) => (self.way.listener)(receipt),
            (None, Some(said)) => (self.way.asker)(said),
            (None, None) => async { Ok(()) }.boxed(),
        };
        let answer = stored.map(move |stored| {
            let status = match stored {
                Ok(()) => CommandStatus::EsmeRok,
                Err(fault) => {
                    tracing::warn!(%fault, "what came is not stored; it comes again");
                    CommandStatus::EsmeRxTAppn
                }
            };
            Command::new(status, sequence, DeliverSmResp::default())
        });
        self.receipts.push(answer.boxed());
    }

    async fn request(&mut self, pdu: impl Into<Pdu>) -> anyhow::Result<u32> {
        self.last = if self.last == LARGEST_SEQUENCE { FIRST } else { self.last + 1 };
        self.say(Command::new(CommandStatus::EsmeRok, self.last, pdu)).await?;
        Ok(self.last)
    }

    async fn answer(&mut self, sequence: u32, pdu: Pdu) -> anyhow::Result<()> {
        self.say(Command::new(CommandStatus::EsmeRok, sequence, pdu)).await
    }

    /// Whoever reads nothing any more would hold everything up.
    async fn say(&mut self, command: Command) -> anyhow::Result<()> {
        let said = tokio::time::timeout(self.way.patience(), self.line.send(command));
        Ok(said.await.context("nothing is read any more")??)
    }

    /// Takes our leave; whether it is answered is not important any more.
    async fn leave(mut self) -> anyhow::Result<()> {
        let left = async {
            self.request(Pdu::Unbind).await?;
            while let Some(Ok(said)) = self.line.next().await {
                if matches!(said.pdu(), Some(Pdu::UnbindResp)) {
                    break;
                }
            }
            anyhow::Ok(())
        };
        let _ = tokio::time::timeout(LEAVE, left).await;
        Ok(())
    }
}

/// That an instant has passed; never, where there is none.
async fn passed(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant.into()).await,
        None => std::future::pending().await,
    }
}
