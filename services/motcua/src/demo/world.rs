//! Where the services are, and how to speak to them.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, anyhow};
use motcua_proto::{
    catalog::v1::catalog_service_client::CatalogServiceClient,
    identity::v1::{
        account_service_client::AccountServiceClient, auth_service_client::AuthServiceClient,
    },
    intake::v1::intake_service_client::IntakeServiceClient,
    notification::v1::notification_service_client::NotificationServiceClient,
    payment::v1::payment_service_client::PaymentServiceClient,
    workflow::v1::workflow_service_client::WorkflowServiceClient,
};
use motcua_rpc::{Wire, bearer, patient, remote, remote_trusting};
use tonic::Status;

use super::cast::Signed;
use crate::roles;

/// Far beyond what a step takes: a service that hangs, not a slow machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The services, each at its address.
#[derive(Clone)]
pub struct World {
    wires: BTreeMap<&'static str, Wire>,
}

impl World {
    /// All services at one address.
    pub fn of_one(address: &str) -> anyhow::Result<Self> {
        Self::of_many(|_| address.to_owned())
    }

    /// Each service at its own address.
    pub fn of_many(address: impl Fn(&str) -> String) -> anyhow::Result<Self> {
        Self::over(|service| Ok(remote(&address(service))?))
    }

    /// Each service at its own `https` address, for who trusts these authorities (PEM).
    pub fn trusting(address: impl Fn(&str) -> String, authorities: &[u8]) -> anyhow::Result<Self> {
        Self::over(|service| Ok(remote_trusting(&address(service), authorities)?))
    }

    /// Each service at the end of its own way.
    pub fn over(wire: impl Fn(&str) -> anyhow::Result<Wire>) -> anyhow::Result<Self> {
        let wire = |service| Ok((service, patient(wire(service)?)));
        Ok(Self { wires: roles::ALL.into_iter().map(wire).collect::<anyhow::Result<_>>()? })
    }

    fn wire(&self, service: &str, caller: Option<&Signed>) -> Wire {
        let wire = self.wires[service].clone();
        match caller {
            Some(caller) => bearer(wire, &caller.token),
            None => wire,
        }
    }

    /// `identity`, to sign in at.
    pub fn auth(&self) -> AuthServiceClient<Wire> {
        AuthServiceClient::new(self.wire("identity", None))
    }

    /// `identity`, about accounts.
    pub fn accounts(&self, caller: &Signed) -> AccountServiceClient<Wire> {
        AccountServiceClient::new(self.wire("identity", Some(caller)))
    }

    /// `catalog`, as anybody reads it.
    pub fn catalog(&self) -> CatalogServiceClient<Wire> {
        CatalogServiceClient::new(self.wire("catalog", None))
    }

    /// `catalog`, for somebody who changes it.
    pub fn catalog_of(&self, caller: &Signed) -> CatalogServiceClient<Wire> {
        CatalogServiceClient::new(self.wire("catalog", Some(caller)))
    }

    /// `intake`.
    pub fn intake(&self, caller: &Signed) -> IntakeServiceClient<Wire> {
        IntakeServiceClient::new(self.wire("intake", Some(caller)))
    }

    /// `intake`, for somebody who is not signed in.
    pub fn public_intake(&self) -> IntakeServiceClient<Wire> {
        IntakeServiceClient::new(self.wire("intake", None))
    }

    /// `workflow`.
    pub fn workflow(&self, caller: &Signed) -> WorkflowServiceClient<Wire> {
        WorkflowServiceClient::new(self.wire("workflow", Some(caller)))
    }

    /// `payment`.
    pub fn payment(&self, caller: &Signed) -> PaymentServiceClient<Wire> {
        PaymentServiceClient::new(self.wire("payment", Some(caller)))
    }

    /// `notification`.
    pub fn notification(&self, caller: &Signed) -> NotificationServiceClient<Wire> {
        NotificationServiceClient::new(self.wire("notification", Some(caller)))
    }
}

/// A request id that was never used.
pub fn request_id() -> String {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
}

/// A refusal as an error: reason, text, and each field.
pub fn refused(status: Status) -> anyhow::Error {
    let fault = motcua_rpc::fault(status);
    let fields: Vec<_> = fault
        .violations()
        .iter()
        .map(|v| format!("{} ({}): {}", v.field, v.reason, v.text))
        .collect();
    let facts: Vec<_> = fault.metadata().iter().map(|(k, v)| format!("{k}={v}")).collect();
    let parts = [fault.to_string(), fields.join("; "), facts.join(" ")];
    anyhow!(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Asks until there is an answer: for what follows from an event.
pub async fn until<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let wait = async {
        loop {
            if let Some(answer) = ask().await? {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .with_context(|| format!("{what} did not happen within {} s", PATIENCE.as_secs()))?
}
