//! Imports: what is asked, and what became of each row.

use std::time::Duration;

use motcua_fault::{Fault, Violations};
use motcua_proto::catalog::v1 as proto;

use super::procedure::findings;
use crate::app::import::{Done, Format, Instructions, Outcome, Report};

/// What an upload may take if the caller does not say.
const UPLOAD: Duration = Duration::from_mins(10);
/// What a caller may ask for.
const LONGEST_UPLOAD: Duration = Duration::from_hours(1);

pub(in crate::grpc) fn instructions(
    message: &proto::ImportProceduresRequest,
) -> Result<(Instructions, Duration), Fault> {
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
    let time_limit = time_limit(&mut bad, message.time_limit.as_ref());
    bad.finish()?;
    let format = format.ok_or_else(|| Fault::not_found("format"))?;
    let (publish, dry_run) = (message.publish, message.dry_run);
    Ok((Instructions { format, publish, dry_run }, time_limit))
}

/// How long an upload may take.
fn time_limit(bad: &mut Violations, asked: Option<&prost_types::Duration>) -> Duration {
    let Some(asked) = asked else { return UPLOAD };
    let limit = Duration::try_from(*asked).ok().filter(|l| !l.is_zero() && *l <= LONGEST_UPLOAD);
    limit.unwrap_or_else(|| {
        let text = "Thời gian truyền phải trên 0 và không quá một giờ.";
        bad.add("time_limit", "DURATION_INVALID", text);
        UPLOAD
    })
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
