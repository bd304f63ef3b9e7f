use std::collections::BTreeMap;

use motcua_context::Ctx;
use motcua_fault::Fault;
use motcua_ids::DossierId;
use serde_json::Value;

use super::App;
use crate::store::dossiers;

impl App {
    /// Single answers of a dossier, by which fees are reckoned; a service's reading is recorded too.
    pub(crate) async fn single_answers(
        &self,
        ctx: &Ctx,
        id: DossierId,
        fields: Vec<String>,
        method: &str,
    ) -> Result<BTreeMap<String, Value>, Fault> {
        let loaded = dossiers::find(self.store.reader(), id).await?;
        let subjects: Vec<_> = loaded.dossier.filing.account.into_iter().collect();
        self.store.record_reading(ctx, method, &subjects, &[id], "assess_fees").await?;
        let answers = loaded.answers(&self.keyring)?;
        let found = fields.into_iter().filter_map(|field| {
            let value = single(field.split('.').try_fold(&answers, |at, name| at.get(name))?)?;
            Some((field, value))
        });
        Ok(found.collect())
    }
}

/// What a fee may depend on: of a list, how long it is.
fn single(value: &Value) -> Option<Value> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::Array(list) => Some(Value::from(list.len())),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => Some(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_list_its_length_is_told_and_of_an_object_nothing() {
        let names = json!([{ "name": "Nguyễn An" }, { "name": "Lê Bình" }]);
        assert_eq!(single(&names), Some(json!(2)));
        assert_eq!(single(&names[0]), None);
        assert_eq!(single(&json!(null)), None);
        for value in [json!(2.5), json!("nhà ở"), json!(false)] {
            assert_eq!(single(&value), Some(value.clone()));
        }
    }
}
