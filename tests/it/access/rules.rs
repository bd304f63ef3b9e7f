//! Every method, called by every kind of caller with an empty message: whom its
//! rule admits gets past the door, and nobody else does.

use motcua_tests::sandbox::{Sandbox, Topology};
use tonic::Code;

use super::{
    callers::{Kind, everybody},
    doors, none,
    raw::{Answer, call},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_method_admits_whom_its_rule_names_and_nobody_else() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    let callers = everybody(&sandbox, &sandbox.world().unwrap()).await;
    let wire = doors(&sandbox);
    let (mut broken, mut admitted, mut barred) = (Vec::new(), 0, 0);
    for method in motcua_proto::methods() {
        let rule = method.rule.as_ref().unwrap();
        for caller in &callers {
            let answer =
                call(&wire, method.path, caller.token(method).as_deref(), vec![Vec::new().into()])
                    .await;
            let expected = caller.is_admitted(rule);
            if expected {
                admitted += 1;
            } else {
                barred += 1;
            }
            if let Some(wrong) = judge(&caller.kind, expected, &answer) {
                broken.push(format!(
                    "{} by {}: {wrong} ({:?} {} {})",
                    method.path, caller.label, answer.code, answer.reason, answer.text
                ));
            }
        }
    }
    println!(
        "{} methods × {} callers: {admitted} calls admitted, {barred} barred",
        motcua_proto::methods().len(),
        callers.len()
    );
    none("a method's rule does not hold", &broken);
}

fn judge(kind: &Kind, expected: bool, answer: &Answer) -> Option<&'static str> {
    match (expected, answer.is_barred()) {
        (true, true) => Some("should be admitted"),
        (false, false) => Some("should be barred"),
        (true, false) => match answer.code {
            Code::Internal | Code::Unknown | Code::Unimplemented | Code::DataLoss => {
                Some("a defect")
            }
            Code::Unavailable | Code::DeadlineExceeded => Some("no answer"),
            _ => None,
        },
        (false, true) => {
            let known = !matches!(kind, Kind::Nobody | Kind::Broken);
            let denied = answer.code == Code::PermissionDenied;
            (known != denied).then_some("barred with the wrong code")
        }
    }
}
