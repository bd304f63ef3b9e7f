use std::{path::Path, process::ExitCode};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use motcua_audit::{AuditFilter, Head};
use motcua_context::{Clock, SystemClock, Timestamp};
use motcua_keys::ServiceKeys;
use motcua_spine::Spine;
use motcua_store::Store;

use super::say;
use crate::{cli::SettingsArgs, roles, settings};

/// What is asked of the record of who did what.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Finds whatever was changed, taken away, put in or moved; fails if something was.
    Verify(VerifyArgs),
    /// Shows who did what, newest first.
    List(ListArgs),
    /// Shows where each chain stands now: to be kept where the database is not.
    Heads(ServiceArgs),
}

/// Whose record.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServiceArgs {
    /// Only of these services, by comma.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    service: Vec<String>,
}

/// What is verified.
#[derive(Debug, Clone, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    of: ServiceArgs,
    /// Only what was done after the last seal before this instant, `2027-02-01T08:00:00+07:00`.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Lines of `motcua audit heads`, or of the log with «audit log sealed», kept elsewhere.
    #[arg(long, value_name = "FILE")]
    heads: Option<std::path::PathBuf>,
}

/// What is listed.
#[derive(Debug, Clone, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    of: ServiceArgs,
    /// About this: `dossiers/{uuid}`, `accounts/{uuid}`, or the uuid alone.
    #[arg(long)]
    subject: Option<String>,
    /// Done by this one, or on their behalf: `accounts/{uuid}`, or a system's name.
    #[arg(long)]
    actor: Option<String>,
    /// Done at this instant or later.
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Done before this instant.
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// At most so many of each service.
    #[arg(long, default_value_t = 100)]
    limit: u64,
}

pub(crate) async fn run(args: &SettingsArgs, asked: AuditCommand) -> anyhow::Result<ExitCode> {
    let spine = Spine::of(&settings::load(args)?)?;
    match asked {
        AuditCommand::Verify(asked) => verify(&spine, &asked).await,
        AuditCommand::List(asked) => list(&spine, asked).await,
        AuditCommand::Heads(of) => heads(&spine, &of).await,
    }
}

async fn verify(spine: &Spine, asked: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let keys = ServiceKeys::new(spine.keys_dir(), false);
    let kept = asked.heads.as_deref().map(kept).transpose()?.unwrap_or_default();
    let mut code = ExitCode::SUCCESS;
    for service in roles::named(&asked.of.service)? {
        let known: Vec<_> = keys.public(&[service])?.into_iter().map(|(_, key)| key).collect();
        if known.is_empty() {
            bail!("keys.dir: {service}.pub is missing: without it no seal can be verified");
        }
        let of_service = kept.iter().filter(|(name, _)| name == service);
        let kept: Vec<_> = of_service.map(|(_, head)| head.clone()).collect();
        let audit = open(spine, service).await?.audit();
        let limit = (SystemClock.now(), spine.audit.overdue());
        let found = audit.verify(&known, asked.since, &kept, limit).await?;
        let (rows, seals) = (found.rows, found.seals);
        match found.broken {
            None => {
                let (waiting, _) = audit.lag().await?;
                let head = found.head;
                say(format_args!(
                    "{service}: whole; {rows} rows, {seals} seals, {waiting} wait; head {head}"
                ))?;
            }
            Some(broken) => {
                let (position, damage) = (broken.position, broken.damage);
                say(format_args!("{service}: BROKEN at position {position}: {damage}"))?;
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

async fn list(spine: &Spine, asked: ListArgs) -> anyhow::Result<ExitCode> {
    let filter = AuditFilter {
        subject: asked.subject,
        actor: asked.actor,
        since: asked.since,
        until: asked.until,
    };
    for service in roles::named(&asked.of.service)? {
        for (position, row) in
            open(spine, service).await?.audit().list(&filter, asked.limit).await?
        {
            let line = serde_json::json!({
                "service": service,
                "position": position,
                "at": row.at,
                "kind": row.kind,
                "actor": row.actor,
                "on_behalf_of": row.on_behalf_of,
                "cause": row.cause,
                "subjects": row.subjects,
                "purpose": row.purpose,
                "outcome": row.outcome,
            });
            say(line)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn heads(spine: &Spine, of: &ServiceArgs) -> anyhow::Result<ExitCode> {
    for service in roles::named(&of.service)? {
        let head = open(spine, service).await?.audit().standing().await?;
        if head.position > 0 {
            say(format_args!("service={service} head={head}"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn open(spine: &Spine, service: &'static str) -> anyhow::Result<Store> {
    let options = spine.store_options(service);
    Store::open(service, &options)
        .await
        .with_context(|| format!("store.url: the database of {service} does not open"))
}

/// The heads in a file of lines that name a service and a head, as the log, as
/// text or JSON, and `motcua audit heads` do. Lines of anything else are passed over.
fn kept(file: &Path) -> anyhow::Result<Vec<(String, Head)>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let heads: Vec<_> = text.lines().filter_map(head).collect();
    if heads.is_empty() {
        bail!("{}: no line says where a chain stood", file.display());
    }
    Ok(heads)
}

fn head(line: &str) -> Option<(String, Head)> {
    let words: Vec<_> = line
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .filter(|word| !word.is_empty())
        .collect();
    let after = |name: &str| words.iter().position(|word| *word == name).map(|at| &words[at + 1..]);
    let service = after("service")?.first()?;
    let [position, hash, ..] = after("head")? else { return None };
    let hash = hex::decode(hash).ok().filter(|hash| hash.len() == 32)?;
    Some(((*service).to_owned(), Head { position: position.parse().ok()?, hash }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_from_every_line_that_tells_one() {
        let hash = "ab".repeat(32);
        for line in [
            format!("service=intake head=12 {hash}"),
            format!(
                "2027-01-01T00:00:00Z  INFO audit log sealed service=\"intake\" seal=3 head=12 {hash}"
            ),
            format!(
                r#"{{"fields":{{"message":"audit log sealed","service":"intake","head":"12 {hash}"}}}}"#
            ),
        ] {
            let expected = Head { position: 12, hash: vec![0xab; 32] };
            assert_eq!(head(&line), Some(("intake".to_owned(), expected)), "{line}");
        }
        assert_eq!(head("service=intake head=12 abcd"), None);
        assert_eq!(head("head of nothing"), None);
    }
}
