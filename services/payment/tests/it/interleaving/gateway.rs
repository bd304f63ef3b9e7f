//! What the gateway has, whatever it has told of.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use motcua_paywire::Asked;
use motcua_proto::payment::v1::Payment;
use serde_json::Value;

use super::drawn::Mood;
use crate::support::{Api, said, terminal};

/// A gateway that keeps what it was paid and what it gave back.
#[derive(Debug, Clone, Default)]
pub(super) struct Gateway(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    mood: Option<Mood>,
    /// By references.
    paid: BTreeMap<String, i64>,
    /// Of these: what it has said so of, when it was asked.
    said: BTreeSet<String>,
    declined: BTreeSet<String>,
    /// In the order in which they were asked for.
    backs: Vec<Back>,
}

/// What it is to give back, under the name by which it is asked.
#[derive(Debug, Clone)]
pub(super) struct Back {
    pub(super) reference: String,
    pub(super) request_id: String,
    pub(super) amount: i64,
    pub(super) gone: bool,
}

impl Gateway {
    pub(super) fn answers_for(&self, api: &Api) {
        let gateway = self.clone();
        api.answers(move |body| gateway.0.lock().unwrap().answer(body));
    }

    pub(super) fn is(&self, mood: Mood) {
        self.0.lock().unwrap().mood = Some(mood);
    }

    /// It has the money.
    pub(super) fn takes(&self, payment: &Payment) {
        let reference = payment.reference.clone();
        self.0.lock().unwrap().paid.insert(reference, payment.amount_vnd);
    }

    /// The payer gave up there.
    pub(super) fn declines(&self, payment: &Payment) {
        self.0.lock().unwrap().declined.insert(payment.reference.clone());
    }

    pub(super) fn paid(&self) -> BTreeMap<String, i64> {
        self.0.lock().unwrap().paid.clone()
    }

    /// Of which it has said, when it was asked, that they were paid.
    pub(super) fn said(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().said.clone()
    }

    pub(super) fn backs(&self) -> Vec<Back> {
        self.0.lock().unwrap().backs.clone()
    }
}

impl Kept {
    fn answer(&mut self, body: &Value) -> Value {
        let mood = self.mood.unwrap_or(Mood::Up);
        if mood == Mood::Away {
            return Value::Null;
        }
        match terminal().asked(body).unwrap() {
            Asked::Standing { reference } => self.standing(&reference, mood),
            Asked::Back { reference, amount, request_id } => {
                let amount = amount.dong();
                let mut notice = said(&reference, amount, "00");
                let known = self.backs.iter().any(|back| back.request_id == request_id);
                let busy = self.backs.iter().any(|b| b.reference == reference && !b.gone);
                if known || busy {
                    notice.response = "94".into();
                } else {
                    let gone = mood == Mood::Up;
                    notice.status = if gone { "00" } else { "05" }.into();
                    self.backs.push(Back { reference, request_id, amount, gone });
                }
                terminal().answered("r", true, &notice)
            }
        }
    }

    fn standing(&mut self, reference: &str, mood: Mood) -> Value {
        let paid = self.paid.get(reference).copied();
        let mut notice = said(reference, paid.unwrap_or_default(), "00");
        let back = self.backs.iter_mut().rfind(|back| back.reference == reference);
        if paid.is_some() {
            self.said.insert(reference.to_owned());
        }
        if let Some(back) = back {
            back.gone |= mood == Mood::Up;
            notice.kind = if Some(back.amount) == paid { "02" } else { "03" }.into();
            notice.amount = motcua_vn::Vnd::new(back.amount);
            notice.status = if back.gone { "00" } else { "05" }.into();
        } else if paid.is_none() {
            let declined = self.declined.contains(reference);
            notice.status = if declined { "02" } else { "01" }.into();
        }
        terminal().answered("r", false, &notice)
    }
}
