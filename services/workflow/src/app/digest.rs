use std::collections::{BTreeMap, BTreeSet};

use motcua_context::{Actor, Cause, Ctx, System, Timestamp};
use motcua_fault::{Fault, Kind};
use motcua_ids::{AccountId, AgencyId, AgencyPath, Uuid};

use super::App;
use crate::domain::{Digest, KnownOfficer, Load, Morning, OfficerDigest, Pressing, Role};
use crate::events;

/// Officers of one turn.
const BATCH: u64 = 50;

/// What several officers of a turn share is asked for once.
#[derive(Default)]
struct Found {
    /// Where agencies stand that work today; none of those that do not.
    working: BTreeMap<AgencyId, Option<AgencyPath>>,
    queues: BTreeMap<(Role, AgencyId), (Load, Vec<Pressing>)>,
    late: Option<Vec<(AgencyPath, u32)>>,
}

impl App {
    /// Says what awaits the next officers, where it is a working day's morning. Whether more
    /// officers may be to be looked at. Two turns at once count for the same officers, and one
    /// of them says it.
    pub(crate) async fn digest(&self, now: Timestamp) -> Result<bool, Fault> {
        let Some(morning) = self.config.digest.hours().and_then(|hours| hours.morning(now)) else {
            return Ok(false);
        };
        let day = morning.day();
        let officers = self.officers.uncounted(self.store.reader(), day, BATCH).await?;
        if officers.is_empty() {
            return Ok(false);
        }
        let ctx = Ctx::new(Actor::System(System::service(self.store.service())), now);
        let (mut found, mut counted) = (Found::default(), Vec::with_capacity(officers.len()));
        for (account, known) in &officers {
            let digest = self.digest_of(&ctx, &mut found, morning, *account, known).await?;
            counted.push((*account, digest));
        }
        let id = Uuid::from_bytes(ctx.random());
        let ctx = ctx.with_cause(Cause::Due { name: "officers-digest", id, generation: 0 });
        let said = self.store.write(&ctx, id, async |tx| {
            for (account, digest) in &counted {
                let first = self.officers.count(tx, *account, day).await?;
                if let Some(digest) = digest.as_ref().filter(|_| first) {
                    events::digest(tx, morning, digest);
                }
            }
            Ok(())
        });
        said.await?;
        Ok(officers.len() as u64 == BATCH)
    }

    /// What awaits an officer; none where nothing does, or where nobody works today.
    async fn digest_of(
        &self,
        ctx: &Ctx,
        found: &mut Found,
        morning: Morning,
        account: AccountId,
        known: &KnownOfficer,
    ) -> Result<Option<OfficerDigest>, Fault> {
        if !known.works() {
            return Ok(None);
        }
        let (mut posts, mut first) = (BTreeSet::new(), None);
        for grant in &known.grants {
            if let Some(post) = self.working(ctx, found, grant.agency, morning).await? {
                first.get_or_insert_with(|| post.clone());
                posts.insert((grant.role, post));
            }
        }
        let Some(post) = first else { return Ok(None) };
        let db = self.store.reader();
        let mut digest = Digest::default();
        let (held, urgent) = self.loads.held(db, account, morning).await?;
        digest.press(urgent);
        for (role, load) in held {
            digest.add(role, load, Load::default());
        }
        for (role, post) in &posts {
            let (load, urgent) = self.queued(found, *role, post.agency(), morning).await?;
            digest.add(*role, Load::default(), load);
            digest.press(urgent);
            if *role == Role::DeskOfficer {
                digest.to_return += self.loads.at_desk(db, post).await?;
            }
        }
        let led: Vec<_> = posts.iter().filter(|(role, _)| *role == Role::Leader).collect();
        if !led.is_empty() {
            let late = self.late(found, morning).await?.iter();
            let led = late.filter(|(at, _)| led.iter().any(|(_, post)| at.contains(post.agency())));
            digest.late = led.map(|(_, dossiers)| dossiers).sum();
        }
        Ok((!digest.is_empty()).then_some(OfficerDigest { account, post, digest }))
    }

    /// Where an agency stands, if it works today. One that the catalog says nothing sound of is
    /// taken not to: nobody else's morning waits for it.
    async fn working(
        &self,
        ctx: &Ctx,
        found: &mut Found,
        agency: AgencyId,
        morning: Morning,
    ) -> Result<Option<AgencyPath>, Fault> {
        if let Some(known) = found.working.get(&agency) {
            return Ok(known.clone());
        }
        let asked = async {
            let works = self.catalog.works(ctx, agency, morning.day()).await?;
            let place = if works { Some(self.catalog.place(ctx, agency).await?) } else { None };
            Ok(place.map(|place| place.agency))
        };
        let post = match asked.await {
            Ok(post) => post,
            Err(fault) if passes(&fault) => return Err(fault),
            Err(fault) => {
                tracing::warn!(%fault, agency = %agency.uuid(), "no digest: no calendar for an agency");
                None
            }
        };
        found.working.insert(agency, post.clone());
        Ok(post)
    }

    async fn queued(
        &self,
        found: &mut Found,
        role: Role,
        agency: AgencyId,
        morning: Morning,
    ) -> Result<(Load, Vec<Pressing>), Fault> {
        if let Some(known) = found.queues.get(&(role, agency)) {
            return Ok(known.clone());
        }
        let queue = self.loads.queue(self.store.reader(), role, agency, morning).await?;
        found.queues.insert((role, agency), queue.clone());
        Ok(queue)
    }

    async fn late<'a>(
        &self,
        found: &'a mut Found,
        morning: Morning,
    ) -> Result<&'a [(AgencyPath, u32)], Fault> {
        if found.late.is_none() {
            found.late = Some(self.loads.late(self.store.reader(), morning).await?);
        }
        Ok(found.late.as_deref().unwrap_or_default())
    }
}

/// Whether the catalog is only away: then the morning waits for it.
fn passes(fault: &Fault) -> bool {
    matches!(fault.kind(), Kind::Unavailable | Kind::DeadlineExceeded)
}
