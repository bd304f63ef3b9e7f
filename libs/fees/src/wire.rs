//! Tables and shares as messages, and back.

use motcua_fault::Violations;
use motcua_proto::catalog::v1 as proto;

use super::{Answer, AnswerKind, Row, Share, Table};

/// The table as sent.
pub fn table_message(table: &Table) -> proto::FeeTable {
    proto::FeeTable {
        answers: table.answers.iter().map(answer_message).collect(),
        rows: table.rows.iter().map(row_message).collect(),
    }
}

/// The table as received; what is wrong is noted below `path`.
pub fn read_table(bad: &mut Violations, path: &str, message: proto::FeeTable) -> Option<Table> {
    let answers = message.answers.into_iter().map(|answer| {
        let kind = kind_of(answer.kind());
        if kind.is_none() {
            let field = format!("{path}.answers.{}", answer.name);
            bad.add(field, "REQUIRED", "Phải cho biết câu trả lời thuộc kiểu nào.");
        }
        Some(Answer { name: answer.name, field: answer.field, kind: kind? })
    });
    let answers: Vec<_> = answers.collect();
    let rows = message.rows.into_iter().map(|row| Row {
        when: Some(row.when).filter(|when| !when.is_empty()),
        amount: row.amount,
        legal_basis: Some(row.legal_basis).filter(|basis| !basis.is_empty()),
    });
    Some(Table { answers: answers.into_iter().collect::<Option<_>>()?, rows: rows.collect() })
}

/// A share as sent.
pub fn share_message(share: &Share) -> proto::FeeShare {
    proto::FeeShare {
        agency_code: share.agency.clone().unwrap_or_default(),
        percent: i32::from(share.percent),
    }
}

/// A share as received; what is no percentage is none of it, which a check refuses.
pub fn read_share(message: proto::FeeShare) -> Share {
    Share {
        agency: Some(message.agency_code).filter(|code| !code.is_empty()),
        percent: u8::try_from(message.percent).unwrap_or_default(),
    }
}

fn answer_message(answer: &Answer) -> proto::FeeAnswer {
    let kind = match answer.kind {
        AnswerKind::Integer => proto::FeeAnswerKind::Integer,
        AnswerKind::Number => proto::FeeAnswerKind::Number,
        AnswerKind::Text => proto::FeeAnswerKind::Text,
        AnswerKind::Truth => proto::FeeAnswerKind::Truth,
        AnswerKind::Count => proto::FeeAnswerKind::Count,
    };
    proto::FeeAnswer { name: answer.name.clone(), field: answer.field.clone(), kind: kind.into() }
}

fn row_message(row: &Row) -> proto::FeeRow {
    proto::FeeRow {
        when: row.when.clone().unwrap_or_default(),
        amount: row.amount.clone(),
        legal_basis: row.legal_basis.clone().unwrap_or_default(),
    }
}

fn kind_of(kind: proto::FeeAnswerKind) -> Option<AnswerKind> {
    match kind {
        proto::FeeAnswerKind::Integer => Some(AnswerKind::Integer),
        proto::FeeAnswerKind::Number => Some(AnswerKind::Number),
        proto::FeeAnswerKind::Text => Some(AnswerKind::Text),
        proto::FeeAnswerKind::Truth => Some(AnswerKind::Truth),
        proto::FeeAnswerKind::Count => Some(AnswerKind::Count),
        proto::FeeAnswerKind::Unspecified => None,
    }
}
