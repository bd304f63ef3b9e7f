use std::sync::Arc;

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::MessageId;
use motcua_service::Chore;
use motcua_store::Tx;

use super::{App, Arrivals};
use crate::{
    config::BouncesConfig,
    domain::{Bounce, Handover, Message, MessageState},
    providers::{Mailbox, Opened, ReturnAddress, Returned, arrived, heard},
};

/// Letters of one turn.
const BATCH: usize = 100;

/// What comes back of the letters that went out.
struct Bounces {
    arrivals: Arrivals,
    mailbox: Mailbox,
}

/// What is done with a letter in the mailbox.
enum End {
    /// What it says is kept: it is not needed any more.
    Discard,
    /// It says nothing to us: people may read it.
    Aside,
    /// It comes too early to be understood, and is looked at again.
    Stay,
}

/// Looks into the mailbox of the settings again and again, if there is one.
pub(crate) fn chore(
    config: &BouncesConfig,
    returns: Option<&ReturnAddress>,
    arrivals: &Arrivals,
) -> anyhow::Result<Option<Chore>> {
    let Some(mailbox) = Mailbox::new(config, returns)? else { return Ok(None) };
    let bounces = Arc::new(Bounces { arrivals: arrivals.clone(), mailbox });
    Ok(Some(Chore::new("bounces", config.every(), move |_| {
        let bounces = bounces.clone();
        async move {
            let collected = bounces.collect().await;
            Mailbox::looked(&collected);
            collected
        }
    })))
}

impl Bounces {
    /// Deals with some of what lies in the mailbox. Whether there may be more.
    ///
    /// What a letter says is kept before it is taken away: whoever is cut off in between reads it
    /// again, and it says nothing new. So two at once do no harm either.
    async fn collect(&self) -> Result<bool, Fault> {
        let (mut open, letters) = self.mailbox.look().await?;
        let (mut done, mut refused) = (0, None);
        for number in letters {
            if done == BATCH {
                break;
            }
            match self.deal_with(&mut open, number).await {
                Ok(gone) => done += usize::from(gone),
                // One that the server does nothing with stays, and those behind it have their turn.
                Err(fault) if fault.kind() == Kind::Internal => refused = Some(fault),
                Err(fault) => return Err(fault),
            }
        }
        open.close().await?;
        match refused {
            Some(fault) if done == 0 => Err(fault),
            _ => Ok(done == BATCH),
        }
    }

    /// Whether the letter is no longer there.
    async fn deal_with(&self, open: &mut Opened<'_>, number: u32) -> Result<bool, Fault> {
        let Some(letter) = open.letter(number).await? else { return Ok(true) };
        let read = self.mailbox.read(&letter);
        let end = match read {
            Returned::Report(message, bounce) => match self.hear(message, bounce).await {
                Ok(end) => end,
                // Nothing can be kept at present.
                Err(fault) if fault.kind() == Kind::Unavailable => return Err(fault),
                // Those behind it need not wait.
                Err(fault) => {
                    tracing::warn!(%fault, message = message.name(), "a report is held up");
                    End::Stay
                }
            },
            Returned::Stranger | Returned::Other => End::Aside,
        };
        match end {
            End::Stay => return Ok(false),
            End::Discard => open.discard(number).await?,
            End::Aside => open.set_aside(number).await?,
        }
        read.count();
        Ok(true)
    }

    /// Keeps what a report says of a letter.
    async fn hear(&self, id: MessageId, bounce: Bounce) -> Result<End, Fault> {
        let ctx = self.arrivals.ctx("letter-returned");
        let written = self.arrivals.store.write(&ctx, id.uuid(), async |tx| {
            let message = self.arrivals.messages.lock(tx, id).await?;
            if bounce.is_gone() {
                self.arrivals.messages.note_gone(tx, id, ctx.now()).await?;
            }
            self.settle(tx, &ctx, message, bounce).await
        });
        let kept = match written.await {
            // It was ours, and is no more.
            Err(fault) if fault.kind() == Kind::NotFound => return Ok(End::Aside),
            kept => kept?.or_reload(async |_| Ok(None)).await?,
        };
        let Some(news) = kept else { return Ok(End::Stay) };
        if let (Some(handover), Some(arrival)) = (news, bounce.arrival()) {
            heard(&handover.provider, arrival);
            arrived(&handover, arrival, ctx.now());
        }
        Ok(End::Discard)
    }

    /// None where the message is not known to be handed over, and may be yet: its report is
    /// faster than we are, or the answer to its hand-over was lost. Else how it went, if what
    /// became of it is news.
    async fn settle(
        &self,
        tx: &Tx,
        ctx: &Ctx,
        message: Message,
        bounce: Bounce,
    ) -> Result<Option<Option<Handover>>, Fault> {
        let Some(arrival) = bounce.arrival() else { return Ok(Some(None)) };
        if matches!(message.state, MessageState::Queued { .. }) {
            return Ok(None);
        }
        let ours = message.handover.as_ref().is_some_and(Handover::tells_failures_alone);
        if !ours {
            return Ok(Some(None));
        }
        self.arrivals.arrive(tx, ctx, message, arrival).await.map(Some)
    }
}

impl App {
    /// Whether it was found lately that there is nobody at the mailbox of a message: what is
    /// sent there all the same makes us look like those who send to anybody.
    pub(super) async fn is_gone(&self, ctx: &Ctx, message: &Message) -> Result<bool, Fault> {
        let Some(rule) = self.letters.filter(|_| message.written.address.is_mailbox()) else {
            return Ok(false);
        };
        let since = ctx.now() - rule.remembered;
        self.messages.is_gone(self.store.reader(), &message.written.address, since).await
    }
}
