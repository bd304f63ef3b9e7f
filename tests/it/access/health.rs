//! gRPC's own health: asked by the names of the contracts, it tells what HTTP tells.

use motcua_tests::sandbox::{Sandbox, Topology};
use prost::Message;
use tonic::Code;

use super::{
    doors, none,
    raw::{Answer, call},
};

/// `grpc.health.v1.HealthCheckRequest`.
#[derive(Clone, PartialEq, Message)]
struct Check {
    #[prost(string, tag = "1")]
    service: String,
}

/// `grpc.health.v1.HealthCheckResponse`.
#[derive(Clone, PartialEq, Message)]
struct Checked {
    #[prost(int32, tag = "1")]
    status: i32,
}

const SERVING: i32 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn every_service_of_the_contracts_is_told_to_serve() {
    let sandbox = Sandbox::start(Topology::OneProcess).await.unwrap();
    assert!(sandbox.is_ready("motcua").await);
    let wire = doors(&sandbox);
    let check = async |service: &str| -> Answer {
        let message = Check { service: service.to_owned() }.encode_to_vec();
        call(&wire, "/grpc.health.v1.Health/Check", None, vec![message.into()]).await
    };
    let mut broken = Vec::new();
    let contracts = motcua_proto::methods().iter().map(|method| method.service);
    for service in contracts.chain(motcua::roles::ALL).chain([""]) {
        let answer = check(service).await;
        if answer.code != Code::Ok || answer.read::<Checked>().status != SERVING {
            broken.push(format!("{service}: {:?}", answer.code));
        }
    }
    none("a service is not told to serve", &broken);
    assert_eq!(check("motcua.moon.v1.MoonService").await.code, Code::NotFound);
}
