use motcua_fees::{Answer, AnswerKind, Row, Table};
use serde::Deserialize;
use serde_json::{from_value, to_value};

use super::{Fee, FeeKind, FeeRule};

/// A fee as programs read it that know nothing of rows' legal bases.
#[derive(Deserialize)]
struct Before {
    rule: RuleBefore,
}

#[derive(Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
enum RuleBefore {
    Table { table: TableBefore },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableBefore {
    answers: Vec<Answer>,
    rows: Vec<RowBefore>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowBefore {
    #[serde(default)]
    when: Option<String>,
    amount: String,
}

fn fee(bases: [Option<&str>; 2]) -> Fee {
    let answers = vec![Answer {
        name: "ngheo".into(),
        field: "to_khai.ngheo".into(),
        kind: AnswerKind::Truth,
    }];
    let [exempt, others] = bases.map(|basis| basis.map(str::to_owned));
    let rows = vec![
        Row { when: Some("ngheo".into()), amount: "0".into(), legal_basis: exempt },
        Row { when: None, amount: "8000".into(), legal_basis: others },
    ];
    Fee {
        code: "le-phi".into(),
        name: "Lệ phí".into(),
        kind: FeeKind::Fee,
        rule: FeeRule::Table { table: Table { answers, rows } },
        note: None,
        shares: Vec::new(),
    }
}

#[test]
fn a_table_with_legal_bases_is_read_by_programs_that_know_of_none() {
    let text = Some("Nghị quyết 12/2025/NQ-HĐND");
    for bases in [[text, None], [None, text], [text, text], [None, None]] {
        let written = fee(bases);
        let stored = to_value(&written).unwrap();
        assert_eq!(from_value::<Fee>(stored.clone()).unwrap(), written);
        let RuleBefore::Table { table } = from_value::<Before>(stored.clone()).unwrap().rule;
        assert_eq!(table.answers.len(), 1);
        let row = |when: Option<&str>, amount: &str| RowBefore {
            when: when.map(str::to_owned),
            amount: amount.to_owned(),
        };
        assert_eq!(table.rows, [row(Some("ngheo"), "0"), row(None, "8000")]);
        // What such programs wrote reads as before, too.
        assert_eq!(bases == [None, None], stored["rule"].get("legal_bases").is_none());
    }
}
