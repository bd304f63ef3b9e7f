//! What is personal, sealed and blinded. Each value is sealed under the name of
//! the place it belongs to, so that no row can be swapped for another's.

use motcua_fault::Fault;
use motcua_ids::{DossierId, Uuid};
use motcua_keys::{Blinded, IdKind, SealedColumn};
use motcua_sealing::Keyring;
use sea_orm::ActiveValue::Set;

use super::{dossiers::Coded, entity::dossier};
use crate::domain::Persons;

const FACTOR: usize = 32;

/// Seals the persons, with the indexes they are found by.
pub(super) fn put_persons(
    keyring: &Keyring,
    id: DossierId,
    persons: &Persons,
    row: &mut dossier::ActiveModel,
) -> Result<(), Fault> {
    let indexes = Indexes::of(keyring, id.uuid(), persons);
    row.person = Set(keyring.seal_json(&person_label(id.uuid()), persons)?);
    row.phone_index = Set(indexes.phone);
    row.citizen_index = Set(indexes.citizen);
    row.factors = Set(indexes.factors);
    row.return_way = Set(persons.delivery.way.as_str().to_owned());
    Ok(())
}

/// What a dossier is found by.
struct Indexes {
    phone: Option<Vec<u8>>,
    citizen: Option<Vec<u8>>,
    factors: Vec<u8>,
}

impl Indexes {
    fn of(keyring: &Keyring, id: Uuid, persons: &Persons) -> Self {
        let index =
            |label, number: &str| (!number.is_empty()).then(|| keyring.blind(label, number));
        let label = factor_label(id);
        Self {
            phone: index(PHONE, &persons.applicant.phone),
            citizen: index(CITIZEN, &persons.applicant.citizen_number),
            factors: persons
                .look_up_factors()
                .into_iter()
                .flat_map(|digits| keyring.blind(&label, digits))
                .collect(),
        }
    }
}

/// What is sealed where.
pub(crate) fn columns() -> Vec<SealedColumn> {
    vec![
        SealedColumn::of("dossiers", "person", "intake/dossier/person").with(blind),
        SealedColumn::of("dossiers", "answers", "intake/dossier/answers"),
        SealedColumn::of("papers", "file_name", "intake/paper"),
        SealedColumn::of("supplements", "reason", "intake/supplement"),
        SealedColumn::of("supplements", "filed_answers", "intake/supplement/answers"),
        SealedColumn {
            id: &[("dossier", IdKind::Uuid), ("version", IdKind::Number)],
            ..SealedColumn::of("acts", "reason", "intake/act")
        },
    ]
}

fn blind(keyring: &Keyring, id: &str, plain: &[u8]) -> Result<Blinded, Fault> {
    // The parser's message may quote the value, which is personal data: it is dropped.
    let persons: Persons =
        serde_json::from_slice(plain).map_err(|_| Fault::internal("sealed persons are no JSON"))?;
    let indexes = Indexes::of(keyring, Uuid::try_parse(id).map_err(Fault::internal)?, &persons);
    Ok(vec![
        ("phone_index", indexes.phone),
        ("citizen_index", indexes.citizen),
        ("factors", Some(indexes.factors)),
    ])
}

/// Seals the answers.
pub(super) fn put_answers(
    keyring: &Keyring,
    id: DossierId,
    answers: &serde_json::Value,
    row: &mut dossier::ActiveModel,
) -> Result<(), Fault> {
    row.answers = Set(match answers {
        serde_json::Value::Null => None,
        answers => Some(keyring.seal_json(&answers_label(id.uuid()), answers)?),
    });
    Ok(())
}

/// Opens the persons of a row.
pub(crate) fn persons(keyring: &Keyring, row: &dossier::Model) -> Result<Persons, Fault> {
    keyring.open_json(&person_label(row.id), &row.person)
}

/// Opens the answers of a row; null where there are none.
pub(super) fn answers(keyring: &Keyring, row: &dossier::Model) -> Result<serde_json::Value, Fault> {
    row.answers.as_ref().map_or(Ok(serde_json::Value::Null), |sealed| {
        keyring.open_json(&answers_label(row.id), sealed)
    })
}

/// Seals what the answers were when a supplement was asked for; that there were none, too.
pub(super) fn filed_answers(
    keyring: &Keyring,
    round: Uuid,
    answers: &serde_json::Value,
) -> Result<Vec<u8>, Fault> {
    keyring.seal_json(&filed_label(round), answers)
}

/// Opens them again.
pub(super) fn open_filed_answers(
    keyring: &Keyring,
    round: Uuid,
    sealed: &[u8],
) -> Result<serde_json::Value, Fault> {
    keyring.open_json(&filed_label(round), sealed)
}

/// Whether `digits` are the last four of one of the dossier's numbers. Without a
/// dossier the same work is done for nothing, so that time tells nothing.
pub(crate) fn knows_factor(keyring: &Keyring, found: Option<&Coded>, digits: &str) -> bool {
    let id = found.map_or(Uuid::nil(), |found| found.id.uuid());
    let nobody = [0; 4 * FACTOR];
    let factors = found.map_or(&nobody[..], |found| &found.factors);
    let mut known = false;
    for asked in keyring.blind_all(&factor_label(id), digits) {
        for factor in factors.chunks_exact(FACTOR) {
            known |= same(&asked, factor);
        }
    }
    known && found.is_some()
}

/// The index under every live key, for finding dossiers by telephone.
pub(crate) fn phone_indexes(keyring: &Keyring, phone: &str) -> Vec<Vec<u8>> {
    keyring.blind_all(PHONE, phone)
}

/// The same by citizen number.
pub(crate) fn citizen_indexes(keyring: &Keyring, number: &str) -> Vec<Vec<u8>> {
    keyring.blind_all(CITIZEN, number)
}

/// Seals a text that stands beside a dossier: a reason, a file name.
pub(super) fn text(
    keyring: &Keyring,
    kind: &str,
    id: impl std::fmt::Display,
    text: &str,
) -> Vec<u8> {
    keyring.seal(&format!("intake/{kind}/{id}"), text.as_bytes())
}

/// Opens it again.
pub(super) fn open_text(
    keyring: &Keyring,
    kind: &str,
    id: impl std::fmt::Display,
    sealed: &[u8],
) -> Result<String, Fault> {
    let plain = keyring.open(&format!("intake/{kind}/{id}"), sealed)?;
    String::from_utf8(plain).map_err(|_| Fault::internal("a sealed text is not UTF-8"))
}

const PHONE: &str = "intake/phone";
const CITIZEN: &str = "intake/citizen-number";

fn person_label(id: Uuid) -> String {
    format!("intake/dossier/person/{id}")
}

fn answers_label(id: Uuid) -> String {
    format!("intake/dossier/answers/{id}")
}

fn filed_label(round: Uuid) -> String {
    format!("intake/supplement/answers/{round}")
}

/// Bound to the dossier: four digits alone would tell which dossiers share them.
fn factor_label(id: Uuid) -> String {
    format!("intake/dossier/factor/{id}")
}

/// Compares without stopping at the first difference.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |diff, (x, y)| diff | (x ^ y)) == 0
}
