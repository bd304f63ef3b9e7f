use std::collections::BTreeMap;

use motcua_context::Ctx;
use motcua_fault::Fault;
use serde_json::Value;

use super::{App, charges::Filed};
use crate::domain::Line;

impl App {
    /// What a dossier with these answers would cost. Nothing is kept of them.
    pub(crate) async fn estimate_fees(
        &self,
        ctx: &Ctx,
        filed: Filed,
        answers: &Value,
    ) -> Result<Vec<Line>, Fault> {
        let given = async |fields: Vec<String>| {
            let found = fields.into_iter().filter_map(|field| {
                let value = field.split('.').try_fold(answers, |at, name| at.get(name))?;
                Some((field, value.clone()))
            });
            Ok(found.collect::<BTreeMap<_, _>>())
        };
        let charges = self.charges(ctx, &filed, given).await?;
        Ok(charges.lines.into_iter().map(|(line, _)| line).collect())
    }
}
