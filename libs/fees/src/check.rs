use std::collections::BTreeSet;

use cel::{ExecutionError, Program, Value};

use super::{AnswerKind, Table, reckon::context};

/// More rows, answers or letters than any table of fees needs.
const ROWS: usize = 50;
const ANSWERS: usize = 20;
const LETTERS: usize = 500;

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Below the table: `rows.0.amount`.
    pub path: String,
    /// Stable.
    pub reason: &'static str,
    /// In Vietnamese, for the editor.
    pub text: String,
}

impl Table {
    /// Everything that is wrong with it by itself: whether the answers are those of a form, the
    /// form knows.
    pub fn check(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut tell = |path: String, reason, text: String| {
            wrong.push(Wrong { path, reason, text });
        };
        if self.rows.is_empty() || self.rows.len() > ROWS {
            let text = format!("Biểu mức thu phải có từ 1 đến {ROWS} dòng.");
            tell("rows".to_owned(), "ROWS_INVALID", text);
        }
        if self.answers.len() > ANSWERS {
            let text = format!("Biểu mức thu dùng nhiều nhất {ANSWERS} câu trả lời.");
            tell("answers".to_owned(), "ROWS_INVALID", text);
        }
        let mut names = BTreeSet::new();
        for answer in &self.answers {
            let path = format!("answers.{}", answer.name);
            if !is_name(&answer.name) {
                let text = format!(
                    "Tên «{}» chỉ được gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ.",
                    answer.name
                );
                tell(path, "CODE_INVALID", text);
            } else if !names.insert(answer.name.as_str()) {
                tell(path, "CODE_TWICE", format!("Tên «{}» xuất hiện hai lần.", answer.name));
            }
        }
        for (n, row) in self.rows.iter().enumerate() {
            let when = row.when.as_ref().map(|when| ("when", when, "bool"));
            for (part, said, kind) in when.into_iter().chain([("amount", &row.amount, "int")]) {
                if let Some(text) = self.formula(said, kind, &names) {
                    tell(format!("rows.{n}.{part}"), "FORMULA_INVALID", text);
                }
            }
            let path = format!("rows.{n}.legal_basis");
            match &row.legal_basis {
                Some(basis) if basis.chars().count() > LETTERS => {
                    tell(path, "TOO_LONG", format!("Căn cứ pháp lý dài quá {LETTERS} ký tự."));
                }
                // Nobody is exempted without one; what comes to nothing by the answers rests on the
                // fee's own.
                None if is_nothing(&row.amount) => {
                    let text = "Dòng không thu phải ghi căn cứ pháp lý của việc miễn.";
                    tell(path, "REQUIRED", text.to_owned());
                }
                _ => {}
            }
        }
        wrong
    }

    /// What is wrong with a formula: it is tried with small answers of each kind.
    fn formula(&self, said: &str, kind: &str, names: &BTreeSet<&str>) -> Option<String> {
        if said.len() > LETTERS {
            return Some(format!("Công thức dài quá {LETTERS} ký tự."));
        }
        let Ok(program) = Program::compile(said) else {
            return Some(format!("Không đọc được công thức «{said}» (ngôn ngữ CEL)."));
        };
        let asked = program.references();
        if let Some(unknown) = asked.variables().into_iter().find(|name| !names.contains(name)) {
            return Some(format!(
                "Công thức dùng «{unknown}» mà không có câu trả lời nào tên vậy."
            ));
        }
        let samples = self.answers.iter().map(|answer| {
            let sample = match answer.kind {
                AnswerKind::Integer | AnswerKind::Count => Value::Int(1),
                AnswerKind::Number => Value::Float(1.0),
                AnswerKind::Text => Value::String("a".to_owned().into()),
                AnswerKind::Truth => Value::Bool(true),
            };
            (answer.name.as_str(), sample)
        });
        let context = context(samples);
        match (program.execute(&context), kind) {
            (Ok(Value::Int(_)), "int") | (Ok(Value::Bool(_)), "bool") => None,
            // What depends on the answers may go well with others.
            (Err(ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_)), _) => {
                None
            }
            (Ok(_), "bool") => Some(format!("Điều kiện «{said}» phải cho kết quả đúng hoặc sai.")),
            (Ok(_), _) => Some(format!("Công thức «{said}» phải cho một số nguyên (đồng).")),
            (Err(_), _) => Some(format!("Không tính được «{said}» với kiểu của các câu trả lời.")),
        }
    }
}

/// Whether a formula says 0 whatever was answered.
fn is_nothing(amount: &str) -> bool {
    amount.len() <= LETTERS
        && Program::compile(amount).is_ok_and(|program| {
            program.references().variables().is_empty()
                && matches!(program.execute(&context([])), Ok(Value::Int(0)))
        })
}

fn is_name(name: &str) -> bool {
    name.len() <= 40
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
