//! Files of procedures, agencies, fields, calendars and policies. A file is
//! imported whole or not at all, and twice is once.

mod apply;
mod build;
mod cells;
mod clocks;
mod document;
mod keeping;
mod national;
#[cfg(test)]
mod parsers_tests;
mod places;
mod placing;
mod procedures;
mod read;
mod schema;
mod sheet;
mod slug;
mod table;
mod times;
mod wording;
mod workbook;

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::ProcedureId;
use read::{Item, Row, Unreadable};

use super::{App, access};
use crate::{domain::Finding, store::mark};

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Our own: one or many documents.
    Yaml,
    /// Our own, in JSON: one document or a list.
    Json,
    /// The national database's reply to LayThuTuc, one or a list.
    NationalJson,
    /// Lines of procedures, papers, ways and fees.
    Csv,
    /// The same lines in the first sheet of a workbook.
    Xlsx,
}

/// What to do with a file.
#[derive(Debug, Clone, Copy)]
pub struct Instructions {
    /// What it is written in.
    pub format: Format,
    /// Publish what is complete; an incomplete procedure is then a bad row.
    pub publish: bool,
    /// Check and report, change nothing.
    pub dry_run: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether anything was written. Never, while there is a bad row.
    pub imported: bool,
    /// Every row, in the order of the file.
    pub rows: Vec<Done>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// 1-based: the document, or the line of the sheet.
    pub position: usize,
    /// The procedure's number, the agency's code…
    pub key: String,
    /// What was done, or why it is bad.
    pub outcome: Result<Outcome, String>,
    /// Suspicious values, for a person to look at.
    pub flags: Vec<Finding>,
}

/// What was done with a good row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was none.
    Created,
    /// It said something else.
    Updated,
    /// It says what was there.
    Unchanged,
}

impl Report {
    /// How many rows ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.rows.iter().filter(|row| row.outcome == Ok(outcome)).count()
    }

    /// The rows that are bad.
    pub fn bad(&self) -> impl Iterator<Item = &Done> {
        self.rows.iter().filter(|row| row.outcome.is_err())
    }
}

impl App {
    /// Imports a file, in one write.
    pub(crate) async fn import(
        &self,
        ctx: &Ctx,
        instructions: Instructions,
        bytes: &[u8],
    ) -> Result<Report, Fault> {
        if bytes.len() > self.import_limit {
            return Err(Fault::new(
                Kind::ResourceExhausted,
                "FILE_TOO_LARGE",
                "Tệp lớn hơn mức cho phép, vui lòng chia thành nhiều tệp.",
            ));
        }
        let rows = rows(instructions.format, bytes.to_vec()).await?;
        self.permit(ctx, &rows).await?;
        let mut report = Report::default();
        let subject: ProcedureId = ctx.new_id();
        let written = self.store.write(ctx, subject.uuid(), async |tx| {
            report = apply::Run::new(self, ctx, tx, instructions.publish).all(rows).await?;
            if instructions.dry_run || report.bad().next().is_some() {
                return Err(nothing_written());
            }
            if report.rows.iter().any(|row| row.outcome != Ok(Outcome::Unchanged)) {
                mark::advance(tx).await?;
            }
            Ok(())
        });
        match written.await {
            Ok(motcua_store::Once::Done(())) => Ok(Report { imported: true, ..report }),
            Ok(motcua_store::Once::Already(_)) => self.again(ctx, instructions, bytes).await,
            Err(fault) if fault.reason() == NOTHING_WRITTEN => Ok(report),
            Err(fault) => Err(fault),
        }
    }

    /// A request that was done before is answered with how the file stands now.
    async fn again(
        &self,
        ctx: &Ctx,
        instructions: Instructions,
        bytes: &[u8],
    ) -> Result<Report, Fault> {
        let ctx = ctx.step("again");
        let looked =
            Box::pin(self.import(&ctx, Instructions { dry_run: true, ..instructions }, bytes));
        Ok(Report { imported: true, ..looked.await? })
    }

    /// Editors import procedures and fields; the rest is for administrators.
    async fn permit(&self, ctx: &Ctx, rows: &[Row]) -> Result<(), Fault> {
        let db = self.store.reader();
        let editors_own =
            |row: &Row| matches!(&row.item, Ok(Item::Procedure(..) | Item::Field(_)) | Err(_));
        if rows.iter().all(editors_own) {
            access::edit(ctx, db).await
        } else {
            access::administer_province(ctx, db).await
        }
    }
}

/// What is in a file, read where nobody waits for it. A reader that breaks has met a file that
/// cannot be read.
async fn rows(format: Format, bytes: Vec<u8>) -> Result<Vec<Row>, Fault> {
    let read = tokio::task::spawn_blocking(move || read::read(format, &bytes)).await;
    let rows = read.unwrap_or_else(|broken| {
        tracing::error!(%broken, "a reader of files broke");
        Err(Unreadable("Tệp không đọc được.".to_owned()))
    });
    rows.map_err(|Unreadable(why)| Fault::new(Kind::InvalidArgument, "FILE_UNREADABLE", why))
}

const NOTHING_WRITTEN: &str = "NOTHING_WRITTEN";

/// Rolls the write back; never leaves this module.
fn nothing_written() -> Fault {
    Fault::new(Kind::FailedPrecondition, NOTHING_WRITTEN, "Không có gì được ghi.")
}
