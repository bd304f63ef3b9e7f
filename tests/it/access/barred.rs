//! Disabling an account, in real time: within a minute no service of the running
//! product takes a token that was given before.

use std::time::{Duration, Instant};

use motcua::demo::{
    cast::Signed,
    world::{World, request_id},
};
use motcua_proto::{
    identity::v1::{DisableAccountRequest, GetAccountRequest},
    intake::v1::ListDossiersRequest,
    notification::v1::ListMessagesRequest,
    payment::v1::GetFeeOrderRequest,
    workflow::v1::ListTasksRequest,
};
use motcua_tests::sandbox::{Sandbox, Topology};

use super::callers::{administrator, citizen};

const A_MINUTE: Duration = Duration::from_mins(1);
/// Those that answer nobody without a token: `catalog` is public.
const SERVICES: [&str; 5] = ["identity", "intake", "workflow", "payment", "notification"];

async fn is_out_of_every_service(topology: Topology) {
    let sandbox = Sandbox::start(topology).await.unwrap();
    let world = sandbox.world().unwrap();
    let by = administrator(&sandbox, &world).await;
    let barred = citizen(&world, "0912000005", "072085000055").await;
    for service in SERVICES {
        assert_ne!(refusal(&world, &barred, service).await, "TOKEN_REVOKED", "{service}");
    }
    let disable = DisableAccountRequest {
        request_id: request_id(),
        name: barred.account.clone(),
        reason: "Theo đề nghị của công an".to_owned(),
    };
    world.accounts(&by).disable_account(disable).await.unwrap();
    let begun = Instant::now();
    for service in SERVICES {
        while refusal(&world, &barred, service).await != "TOKEN_REVOKED" {
            assert!(begun.elapsed() < A_MINUTE, "{service} takes the token still");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    println!("out of {SERVICES:?} after {:?}", begun.elapsed());
}

/// Why the service refuses a reading call; empty where it answers.
async fn refusal(world: &World, who: &Signed, service: &str) -> String {
    let me = || GetAccountRequest { name: "accounts/me".to_owned() };
    let answer = match service {
        "identity" => world.accounts(who).get_account(me()).await.map(drop),
        "intake" => world.intake(who).list_dossiers(ListDossiersRequest::default()).await.map(drop),
        "workflow" => world.workflow(who).list_tasks(ListTasksRequest::default()).await.map(drop),
        "payment" => {
            world.payment(who).get_fee_order(GetFeeOrderRequest::default()).await.map(drop)
        }
        _ => world.notification(who).list_messages(ListMessagesRequest::default()).await.map(drop),
    };
    answer.err().map(|status| motcua_rpc::fault(status).reason().to_owned()).unwrap_or_default()
}

mod one_process {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn is_out_of_every_service_within_a_minute() {
        is_out_of_every_service(Topology::OneProcess).await;
    }
}

mod processes {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn is_out_of_every_service_within_a_minute() {
        is_out_of_every_service(Topology::Processes).await;
    }
}
