//! Imports: what is asked, and what became of each row.

use motcua_fault::{Fault, Violations};
use motcua_proto::catalog::v1 as proto;

use super::procedure::findings;
use crate::app::import::{Done, Format, Instructions, Outcome, Report};

pub(in crate::grpc) fn instructions(
    message: &proto::ImportProceduresRequest,
) -> Result<Instructions, Fault> {
    let mut bad = Violations::default();
    let format = match proto::ImportFormat::try_from(message.format) {
        Ok(proto::ImportFormat::Yaml) => Some(Format::Yaml),
        Ok(proto::ImportFormat::Json) => Some(Format::Json),
        Ok(proto::ImportFormat::NationalJson) => Some(Format::NationalJson),
        Ok(proto::ImportFormat::Csv) => Some(Format::Csv),
        Ok(proto::ImportFormat::Xlsx) => Some(Format::Xlsx),
        Ok(proto::ImportFormat::Unspecified) | Err(_) => None,
    };
    let format = super::words::need(&mut bad, "format", format);
    bad.finish()?;
    let format = format.ok_or_else(|| Fault::not_found("format"))?;
    Ok(Instructions { format, publish: message.publish, dry_run: message.dry_run })
}

pub(in crate::grpc) fn report(report: &Report) -> proto::ImportProceduresResponse {
    let count = |outcome| i32::try_from(report.count(outcome)).unwrap_or(i32::MAX);
    proto::ImportProceduresResponse {
        imported: report.imported,
        created: count(Outcome::Created),
        updated: count(Outcome::Updated),
        unchanged: count(Outcome::Unchanged),
        rows: report.rows.iter().map(row).collect(),
    }
}

fn row(done: &Done) -> proto::ImportRow {
    let (outcome, error) = match &done.outcome {
        Ok(Outcome::Created) => (proto::RowOutcome::Created, String::new()),
        Ok(Outcome::Updated) => (proto::RowOutcome::Updated, String::new()),
        Ok(Outcome::Unchanged) => (proto::RowOutcome::Unchanged, String::new()),
        Err(why) => (proto::RowOutcome::Bad, why.clone()),
    };
    proto::ImportRow {
        position: i32::try_from(done.position).unwrap_or(i32::MAX),
        key: done.key.clone(),
        outcome: outcome as i32,
        error,
        flags: findings(&done.flags),
    }
}
