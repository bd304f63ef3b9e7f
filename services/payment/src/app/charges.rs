//! What is charged: by a procedure's version, the answers of its e-form, and the policies of a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_fees::Reckoned;
use motcua_ids::ProcedureVersionId;
use serde_json::Value;

use super::{App, Channel};
use crate::{
    domain::{Charge, Line, Policy, TableRow},
    grpc::Listed,
};

/// Under which version, how, and when something is filed.
#[derive(Debug, Clone)]
pub(crate) struct Filed {
    pub(crate) version: ProcedureVersionId,
    /// Empty: the first.
    pub(crate) case: String,
    pub(crate) channel: Channel,
    /// The day of acceptance.
    pub(crate) day: NaiveDate,
}

/// What it costs.
#[derive(Debug, Clone)]
pub(crate) struct Charges {
    /// The procedure's national number.
    pub(crate) procedure: String,
    /// Each with what its version says of shares.
    pub(crate) lines: Vec<(Line, Vec<motcua_fees::Share>)>,
}

impl App {
    /// What it costs; what no table says by these answers is left open. They are asked for only
    /// where a table speaks of them.
    pub(super) async fn charges(
        &self,
        ctx: &Ctx,
        filed: &Filed,
        answers: impl AsyncFnOnce(Vec<String>) -> Result<BTreeMap<String, Value>, Fault>,
    ) -> Result<Charges, Fault> {
        let found = self.catalog.fees(ctx, filed.version, &filed.case, filed.channel).await?;
        let fields: Vec<String> = found.fees.iter().flat_map(asked).collect();
        let answers = if fields.is_empty() { BTreeMap::new() } else { answers(fields).await? };
        let policies = if found.fees.is_empty() {
            Vec::new()
        } else {
            self.policies.on(self.store.reader(), filed.day).await?
        };
        let online = filed.channel == Channel::Online;
        let lines = found.fees.into_iter().map(|Listed { mut line, table, shares }| {
            if let Some(table) = table {
                match table.reckon(&answers) {
                    Ok(said) => line.charge = Some(by_table(said)),
                    Err(why) => {
                        tracing::info!(fee = line.code, %why, "an officer has to say how much");
                    }
                }
            }
            Policy::apply(&policies, filed.day, online, &found.procedure, &mut line);
            (line, shares)
        });
        Ok(Charges { lines: lines.collect(), procedure: found.procedure })
    }
}

/// What a table said, with the row that said it.
fn by_table(Reckoned { amount, row }: Reckoned<'_>) -> Charge {
    let when = row.when.as_ref().map(|when| format!("{when}: ")).unwrap_or_default();
    let basis = row.legal_basis.clone().unwrap_or_default();
    let row = TableRow { text: format!("{when}{}", row.amount), basis };
    Charge { row: Some(row), ..Charge::full(amount) }
}

fn asked(fee: &Listed) -> impl Iterator<Item = String> + '_ {
    fee.table.iter().flat_map(|table| table.answers.iter().map(|answer| answer.field.clone()))
}
