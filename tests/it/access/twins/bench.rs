//! One call and its twin: the same bytes, from somebody whom the method admits
//! and the object does not.

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use motcua::demo::cast::Signed;
use motcua_proto::Method;
use motcua_rpc::Wire;
use prost::Message;
use tonic::Code;

use crate::access::raw::{Answer, call};

/// Longer than an event takes from one service to the other and back.
const REST: Duration = Duration::from_millis(150);

/// A reading by which one sees that nothing has changed.
struct Witness {
    path: &'static str,
    token: String,
    message: Bytes,
}

/// Makes the calls and keeps the account of them.
pub(super) struct Bench {
    wire: Wire,
    witness: Option<Witness>,
    pub(super) covered: BTreeSet<&'static str>,
    pub(super) allowed: usize,
    pub(super) by_state: usize,
    pub(super) refused: usize,
    pub(super) broken: Vec<String>,
}

impl Bench {
    pub(super) fn new(wire: Wire) -> Self {
        Self {
            wire,
            witness: None,
            covered: BTreeSet::new(),
            allowed: 0,
            by_state: 0,
            refused: 0,
            broken: Vec::new(),
        }
    }

    /// From now on, this reading must not be changed by a twin.
    pub(super) fn watch(&mut self, method: &str, who: &Signed, message: &impl Message) {
        self.witness = Some(Witness {
            path: find(method).path,
            token: who.token.clone(),
            message: message.encode_to_vec().into(),
        });
    }

    /// The twins are refused and change nothing; then the call succeeds; then a
    /// twin that repeats the very same request learns nothing from it.
    pub(super) async fn twin(
        &mut self,
        method: &str,
        owner: &Signed,
        others: &[&Signed],
        message: &impl Message,
    ) -> Answer {
        self.twins(method, owner, others, vec![message.encode_to_vec().into()]).await
    }

    /// As [`Self::twin`], with the messages of a stream.
    pub(super) async fn twins(
        &mut self,
        method: &str,
        owner: &Signed,
        others: &[&Signed],
        messages: Vec<Bytes>,
    ) -> Answer {
        self.refuse_all(method, others, &messages).await;
        let answer = self.call(method, owner, messages.clone()).await;
        assert_eq!(
            answer.code,
            Code::Ok,
            "{method} by {}: {} {}",
            owner.login,
            answer.reason,
            answer.text
        );
        self.allowed += 1;
        self.covered.insert(find(method).path);
        if changes(method) {
            // What follows from the owner's act may still change the object.
            let witness = self.witness.take();
            self.refuse_all(method, others, &messages).await;
            self.witness = witness;
        }
        answer
    }

    /// As [`Self::twin`], where the owner's call may fail by the object's state:
    /// it gets past the question whose the object is.
    pub(super) async fn twin_by_state(
        &mut self,
        method: &str,
        owner: &Signed,
        others: &[&Signed],
        message: &impl Message,
    ) {
        let messages = vec![Bytes::from(message.encode_to_vec())];
        self.refuse_all(method, others, &messages).await;
        let answer = self.call(method, owner, messages).await;
        match answer.code {
            Code::Ok => self.allowed += 1,
            Code::FailedPrecondition => self.by_state += 1,
            _ => self.complain(method, owner, "should fail by state at most", &answer),
        }
        self.covered.insert(find(method).path);
    }

    /// A list shows `text` to its owner; others are refused, or not shown it.
    pub(super) async fn listed(
        &mut self,
        method: &str,
        owner: &Signed,
        others: &[&Signed],
        message: &impl Message,
        text: &str,
    ) {
        let messages = vec![Bytes::from(message.encode_to_vec())];
        for other in others {
            let answer = self.call(method, other, messages.clone()).await;
            let clean = answer.hides() || (answer.code == Code::Ok && !answer.shows(text));
            if clean {
                self.refused += 1;
            } else {
                self.complain(method, other, "should not be shown it", &answer);
            }
        }
        let answer = self.call(method, owner, messages).await;
        if answer.code == Code::Ok && answer.shows(text) {
            self.allowed += 1;
        } else {
            self.complain(method, owner, &format!("should be shown {text}"), &answer);
        }
        self.covered.insert(find(method).path);
    }

    /// A call that must be refused for the object's sake, with no allowed one beside it.
    pub(super) async fn refuse(&mut self, method: &str, who: &Signed, message: &impl Message) {
        self.refuse_all(method, &[who], &[message.encode_to_vec().into()]).await;
    }

    /// A plain call.
    pub(super) async fn call(&self, method: &str, who: &Signed, messages: Vec<Bytes>) -> Answer {
        call(&self.wire, find(method).path, Some(&who.token), messages).await
    }

    async fn refuse_all(&mut self, method: &str, others: &[&Signed], messages: &[Bytes]) {
        let before = if changes(method) { self.settled().await } else { None };
        for other in others {
            let answer = self.call(method, other, messages.to_vec()).await;
            if answer.hides() {
                self.refused += 1;
            } else {
                self.complain(method, other, "should be refused for the object's sake", &answer);
            }
        }
        if before.is_some() && self.seen().await != before {
            self.broken.push(format!("{method}: a refused call changed the object"));
        }
    }

    /// The object, once the events that earlier calls caused have come to rest.
    async fn settled(&self) -> Option<Answer> {
        let mut last = self.seen().await?;
        loop {
            tokio::time::sleep(REST).await;
            let now = self.seen().await?;
            if now == last {
                return Some(now);
            }
            last = now;
        }
    }

    async fn seen(&self) -> Option<Answer> {
        let Witness { path, token, message } = self.witness.as_ref()?;
        Some(call(&self.wire, path, Some(token), vec![message.clone()]).await)
    }

    fn complain(&mut self, method: &str, who: &Signed, what: &str, answer: &Answer) {
        let Answer { code, reason, text, .. } = answer;
        self.broken.push(format!("{method} by {}: {what}: {code:?} {reason} {text}", who.login));
    }
}

/// The method whose path ends so: `IntakeService/AcceptDossier`.
fn find(method: &str) -> &'static Method {
    let ending = format!(".{method}");
    let mut methods = motcua_proto::methods().iter();
    methods.find(|m| m.path.ends_with(&ending)).unwrap_or_else(|| panic!("no method {method}"))
}

fn changes(method: &str) -> bool {
    let name = method.rsplit('/').next().unwrap();
    !["Get", "List", "Download", "Print", "Explain", "Check"]
        .iter()
        .any(|read| name.starts_with(read))
}
