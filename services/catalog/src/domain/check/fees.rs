//! Fees by a table: its formulas, that the e-form asks for what they use; and shares.

use motcua_fees::{AnswerKind, Share, Table};
use serde_json::Value;

use super::{Findings, Surroundings};

/// What is wrong with a table. Its answers must be fields of the version's own e-form, of the same
/// type.
pub(super) fn check_table(path: &str, table: &Table, form: Option<&Value>, found: &mut Findings) {
    for wrong in table.check() {
        found.problem(format!("{path}.{}", wrong.path), wrong.reason, wrong.text);
    }
    let Some(form) = form else {
        if !table.answers.is_empty() {
            found.problem(
                path,
                "FORM_MISSING",
                "Mức thu tính theo câu trả lời thì phải có biểu mẫu điện tử.",
            );
        }
        return;
    };
    for answer in &table.answers {
        let path = format!("{path}.answers.{}.field", answer.name);
        match field(form, &answer.field) {
            None => {
                let text = format!("Biểu mẫu điện tử không có mục «{}».", answer.field);
                found.problem(path, "ANSWER_UNKNOWN", text);
            }
            Some(schema) if !is_of(schema, answer.kind) => {
                let text = format!(
                    "Mục «{}» của biểu mẫu không có kiểu «{}».",
                    answer.field,
                    answer.kind.schema_type()
                );
                found.problem(path, "ANSWER_MISTYPED", text);
            }
            Some(_) => {}
        }
    }
}

/// What is wrong with who has what of a fee.
pub(super) fn check_shares(
    path: &str,
    shares: &[Share],
    around: &Surroundings,
    found: &mut Findings,
) {
    let mut all = 0_u32;
    for (n, share) in shares.iter().enumerate() {
        all += u32::from(share.percent);
        if !(1..=100).contains(&share.percent) {
            let text = "Tỷ lệ phân chia phải từ 1 đến 100 phần trăm.";
            found.problem(format!("{path}.{n}.percent"), "OUT_OF_RANGE", text);
        }
        if let Some(code) = &share.agency
            && !around.identifiers.contains_key(code)
        {
            let text = format!("Không có cơ quan nào mã «{code}».");
            found.problem(format!("{path}.{n}.agency_code"), "AGENCY_UNKNOWN", text);
        }
        if shares[..n].iter().any(|before| before.agency == share.agency) {
            let text = "Một cơ quan chỉ có một tỷ lệ.";
            found.problem(format!("{path}.{n}.agency_code"), "CODE_TWICE", text);
        }
    }
    if all > 100 {
        found.problem(
            path,
            "SHARES_TOO_MANY",
            "Cộng các tỷ lệ phân chia không được quá 100 phần trăm.",
        );
    }
}

fn field<'a>(form: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(form, |schema, name| schema.get("properties")?.get(name))
}

/// Whole numbers are numbers.
fn is_of(schema: &Value, kind: AnswerKind) -> bool {
    let said = schema.get("type").and_then(Value::as_str);
    said == Some(kind.schema_type()) || (kind == AnswerKind::Number && said == Some("integer"))
}
