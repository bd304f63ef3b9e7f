use motcua_bus::{Subscription, on};
use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_ids::{AccountId, DossierId};
use motcua_proto::workflow::v1 as workflow;
use motcua_vn::local;

use super::{dossier, instant};
use crate::{
    app::{App, Counted, Heard},
    domain::{Digest, Load, Moved, News, Urgent},
};

const FAMILY: &str = "workflow";

pub(super) fn subscriptions(app: &App) -> Vec<Subscription> {
    let (moved, refused, late, counted) = (app.clone(), app.clone(), app.clone(), app.clone());
    vec![
        on(move |ctx: Ctx, event: workflow::DueDateChanged| {
            let app = moved.clone();
            async move {
                let news = News::DueDateChanged {
                    due: instant(event.promised_due_time.as_ref()),
                    why: match event.change() {
                        workflow::DueDateChange::Extension => Moved::Apology,
                        workflow::DueDateChange::Payment => Moved::Payment,
                        workflow::DueDateChange::Supplement
                        | workflow::DueDateChange::Unspecified => Moved::Supplement,
                    },
                };
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
        on(move |ctx: Ctx, event: workflow::StopRefused| {
            let app = refused.clone();
            async move {
                let news = News::WithdrawalRefused;
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
        on(move |ctx: Ctx, event: workflow::DossierOverdue| {
            let app = late.clone();
            async move {
                let news = News::Overdue { due: instant(event.due_time.as_ref()) };
                let dossier = dossier(&event.dossier)?;
                let (version, code) = (event.version, event.code);
                app.notify(&ctx, heard(dossier, version, code, news)).await
            }
        }),
        on(move |ctx: Ctx, event: workflow::OfficerDigestReady| {
            let app = counted.clone();
            async move { app.tell_officer(&ctx, digest(event)?).await }
        }),
    ]
}

fn digest(event: workflow::OfficerDigestReady) -> Result<Counted, Fault> {
    let mut bad = Violations::default();
    let account = AccountId::from_name(&event.account);
    if let Err(error) = &account {
        bad.add("account", "NAME_INVALID", error.to_string());
    }
    let until = instant(event.expire_time.as_ref());
    if until.is_none() {
        bad.add("expire_time", "REQUIRED", "Thiếu thời điểm hết hạn của tin.");
    }
    let (Ok(account), Some(until)) = (account, until) else {
        return Err(bad.finish().err().unwrap_or_else(|| Fault::internal("a digest of nobody")));
    };
    let urgent = event
        .urgent
        .into_iter()
        .filter_map(|task| Some(Urgent { due: instant(task.due_time.as_ref())?, code: task.code }));
    let digest = Digest {
        // It is news on its own day alone.
        day: local::day(until),
        held: load(event.held),
        waiting: load(event.waiting),
        to_approve: number(event.to_approve),
        to_return: number(event.to_return),
        late: number(event.late),
        urgent: urgent.collect(),
    };
    Ok(Counted { family: FAMILY, account, agency_path: event.agency_path, digest, until })
}

fn load(load: Option<workflow::DigestLoad>) -> Load {
    let load = load.unwrap_or_default();
    Load {
        tasks: number(load.tasks),
        due_today: number(load.due_today),
        overdue: number(load.overdue),
    }
}

fn number(n: i32) -> u32 {
    u32::try_from(n).unwrap_or_default()
}

fn heard(dossier: DossierId, version: i64, code: String, news: News) -> Heard {
    Heard { family: FAMILY, version, dossier, code, agency_path: None, news }
}
