//! Rows into the open write, one after another: what is already there is left
//! alone, what differs is changed, what is bad is said.

use motcua_context::Ctx;
use motcua_fault::{Fault, Kind};
use motcua_ids::AgencyId;
use motcua_store::Tx;

use super::{
    Done, Outcome, Report,
    places::AgencyDoc,
    placing::worst,
    read::{Item, Row},
};
use crate::{
    app::{App, drafts::surroundings},
    domain::{Finding, Surroundings},
    store::{agencies, mark},
};

/// One import under way.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    pub(super) ctx: &'a Ctx,
    pub(super) tx: &'a Tx,
    pub(super) publish: bool,
    pub(super) around: Surroundings,
}

/// Why a row is bad: a line for a person, or a fault of the whole import.
pub(super) enum Trouble {
    Row(String),
    All(Fault),
}

/// What was done with a row, and what is suspicious in it.
pub(super) type Applied = Result<(Outcome, Vec<Finding>), Trouble>;

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Row(why)
    }
}

impl From<Fault> for Trouble {
    /// A refusal concerns the row; what is transient or our own failure ends the import.
    fn from(fault: Fault) -> Self {
        if fault.is_transient() || fault.kind() == Kind::PermissionDenied {
            return Self::All(fault);
        }
        match fault.violations() {
            [] => Self::Row(fault.text().to_owned()),
            violations => {
                let lines: Vec<_> =
                    violations.iter().map(|v| format!("{}: {}", v.field, v.text)).collect();
                Self::Row(lines.join(" "))
            }
        }
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(app: &'a App, ctx: &'a Ctx, tx: &'a Tx, publish: bool) -> Self {
        Self { app, ctx, tx, publish, around: Surroundings::default() }
    }

    /// Every row: agencies, fields and times before the procedures that name them.
    pub(super) async fn all(mut self, rows: Vec<Row>) -> Result<Report, Fault> {
        let (procedures, places): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| matches!(row.item, Ok(Item::Procedure(..))));
        if places.iter().any(|row| matches!(row.item, Ok(Item::Agency(_)))) {
            mark::hold_tree(self.tx).await?;
        }
        let mut report = Report::default();
        let mut ended = Vec::new();
        for row in places {
            if let Ok(Item::Agency(doc)) = &row.item {
                ended.push((report.rows.len(), doc.clone()));
            }
            report.rows.push(self.one(row).await?);
        }
        for (at, doc) in ended {
            self.ended(&mut report.rows[at], &doc).await?;
        }
        self.around = surroundings(self.tx.db()).await?;
        for row in procedures {
            report.rows.push(self.one(row).await?);
        }
        report.rows.sort_by_key(|row| row.position);
        Ok(report)
    }

    async fn one(&self, row: Row) -> Result<Done, Fault> {
        let Row { position, key, item, mut flags } = row;
        let applied = match item {
            Err(why) => Err(Trouble::Row(why)),
            Ok(Item::Agency(doc)) => self.agency(&doc).await,
            Ok(Item::Field(doc)) => self.field(doc).await,
            Ok(Item::Calendar(doc)) => self.calendar(&doc).await,
            Ok(Item::Policy(doc)) => self.policy(&doc).await,
            Ok(Item::Procedure(doc, says)) => self.procedure(*doc, says, &flags).await,
        };
        let outcome = match applied {
            Ok((outcome, more)) => {
                flags.extend(more);
                Ok(outcome)
            }
            Err(Trouble::Row(why)) => Err(why),
            Err(Trouble::All(fault)) => return Err(fault),
        };
        Ok(Done { position, key, outcome, flags })
    }

    async fn ended(&self, row: &mut Done, doc: &AgencyDoc) -> Result<(), Fault> {
        let Ok(before) = row.outcome else { return Ok(()) };
        row.outcome = match self.end_agency(doc).await {
            Ok(outcome) => Ok(worst(before, outcome)),
            Err(Trouble::Row(why)) => Err(why),
            Err(Trouble::All(fault)) => return Err(fault),
        };
        Ok(())
    }

    /// The agency that bears a code: the one still standing, or the last that did.
    pub(super) async fn agency_called(&self, code: &str) -> Result<AgencyId, Trouble> {
        let mut all = agencies::by_identifier(self.tx.db(), code).await?;
        all.sort_by_key(|agency| agency.valid.to.unwrap_or(chrono::NaiveDate::MAX));
        all.pop().map(|agency| agency.id()).ok_or_else(|| {
            Trouble::Row(format!("Không có cơ quan nào mang mã định danh «{code}»."))
        })
    }

    /// The agencies that bear these codes.
    pub(super) async fn agencies_called(&self, codes: &[String]) -> Result<Vec<AgencyId>, Trouble> {
        let mut found = Vec::with_capacity(codes.len());
        for code in codes {
            found.push(self.agency_called(code).await?);
        }
        Ok(found)
    }
}
