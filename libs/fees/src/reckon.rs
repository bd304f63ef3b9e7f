use std::collections::BTreeMap;

use cel::{Context, Program, Value};
use motcua_vn::Vnd;

use super::{Answer, AnswerKind, Row, Table};

/// More than any fee is: beyond it stands a slip.
const MOST: i64 = 10_000_000_000;

/// Why a table does not say how much.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// It was not answered.
    #[error("{field} was not answered")]
    Missing {
        /// Where it would stand.
        field: String,
    },
    /// It is no such answer.
    #[error("{field} is answered otherwise")]
    Mistyped {
        /// Where it stands.
        field: String,
    },
    /// No row's condition holds.
    #[error("no row holds")]
    NoRow,
    /// A formula comes to nothing: a type, a division by zero, an overflow.
    #[error("row {row} cannot be reckoned")]
    Failed {
        /// Counted from 0.
        row: usize,
    },
    /// Less than nothing, or more than any fee.
    #[error("row {row} is out of range")]
    OutOfRange {
        /// Counted from 0.
        row: usize,
    },
}

/// What a table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoned<'a> {
    /// How much it is.
    pub amount: Vnd,
    /// The row that says so.
    pub row: &'a Row,
}

impl Table {
    /// How much it is by the answers, each under its field.
    pub fn reckon(
        &self,
        given: &BTreeMap<String, serde_json::Value>,
    ) -> Result<Reckoned<'_>, Unknown> {
        let mut values = Vec::with_capacity(self.answers.len());
        for answer in &self.answers {
            let missing = || Unknown::Missing { field: answer.field.clone() };
            values.push((answer, answer.read(given.get(&answer.field).ok_or_else(missing)?)?));
        }
        self.by(&values)
    }

    fn by(&self, values: &[(&Answer, Value)]) -> Result<Reckoned<'_>, Unknown> {
        let values = values.iter().map(|(answer, value)| (answer.name.as_str(), value.clone()));
        let context = context(values);
        for (n, row) in self.rows.iter().enumerate() {
            let holds = match &row.when {
                None => Value::Bool(true),
                Some(when) => said(when, &context).ok_or(Unknown::Failed { row: n })?,
            };
            match holds {
                Value::Bool(true) => {}
                Value::Bool(false) => continue,
                _ => return Err(Unknown::Failed { row: n }),
            }
            return match said(&row.amount, &context) {
                Some(Value::Int(dong)) if (0..=MOST).contains(&dong) => {
                    Ok(Reckoned { amount: Vnd::new(dong), row })
                }
                Some(Value::Int(_)) => Err(Unknown::OutOfRange { row: n }),
                _ => Err(Unknown::Failed { row: n }),
            };
        }
        Err(Unknown::NoRow)
    }
}

impl Answer {
    fn read(&self, given: &serde_json::Value) -> Result<Value, Unknown> {
        let value = match self.kind {
            AnswerKind::Integer => given.as_i64().map(Value::Int),
            AnswerKind::Number => given.as_f64().map(Value::Float),
            AnswerKind::Text => given.as_str().map(|text| Value::String(text.to_owned().into())),
            AnswerKind::Truth => given.as_bool().map(Value::Bool),
            // Told by its length alone, or whole.
            AnswerKind::Count => match given.as_array() {
                Some(list) => i64::try_from(list.len()).ok().map(Value::Int),
                None => given.as_i64().map(Value::Int),
            },
        };
        value.ok_or_else(|| Unknown::Mistyped { field: self.field.clone() })
    }
}

/// What a formula is reckoned in: the answers, and `min` and `max` of two whole numbers beside what
/// CEL has.
pub(crate) fn context<'a>(
    values: impl IntoIterator<Item = (&'a str, Value)>,
) -> Context<'static, 'static> {
    let mut context = Context::default();
    // Refused only where the same is there already.
    let _ = context.add_function("min", |a: i64, b: i64| a.min(b));
    let _ = context.add_function("max", |a: i64, b: i64| a.max(b));
    for (name, value) in values {
        context.add_variable_from_value(name, value);
    }
    context
}

fn said(expression: &str, context: &Context<'_, '_>) -> Option<Value> {
    Program::compile(expression).ok()?.execute(context).ok()
}
