//! Another provincial system: it signs in with its own credentials, reads what
//! happened to its agency's dossiers, and looks at those that were accepted.
//!
//! ```sh
//! export MOTCUA_CLIENT_ID=kho-du-lieu MOTCUA_CLIENT_SECRET=...
//! provincial_system http://127.0.0.1:50051 place.txt [authority.pem]
//! ```
//!
//! The place that was reached is kept in a file: called again, it goes on from
//! there. `motcua_proto` is what `tonic-prost-build` makes of `proto/`.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "an example, not the product")]

use std::{env, fs, path::Path, time::Duration};

use anyhow::{Context, Result};
use motcua_proto::{
    identity::v1::{IssueSystemTokenRequest, auth_service_client::AuthServiceClient},
    intake::v1::{
        DossierAccepted, DossierEvent, GetDossierRequest, ListDossierEventsRequest,
        intake_service_client::IntakeServiceClient,
    },
};
use prost::{Message, Name};
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};

const PATIENCE: Duration = Duration::from_secs(10);

/// One system's account with its token, which is good for ten minutes.
struct ProvincialSystem {
    intake: IntakeServiceClient<Channel>,
    token: MetadataValue<Ascii>,
}

impl ProvincialSystem {
    async fn sign_in(channel: Channel) -> Result<Self> {
        let request = IssueSystemTokenRequest {
            client_id: env::var("MOTCUA_CLIENT_ID")?,
            client_secret: env::var("MOTCUA_CLIENT_SECRET")?,
            // All that the account has.
            scopes: Vec::new(),
        };
        let issued = AuthServiceClient::new(channel.clone()).issue_system_token(request).await?;
        let token = format!("Bearer {}", issued.into_inner().access_token).parse()?;
        Ok(Self { intake: IntakeServiceClient::new(channel), token })
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request
    }

    /// Reads on from a place to the end, and keeps the place after each page.
    async fn go_on(&mut self, place: &Path) -> Result<()> {
        loop {
            let request = ListDossierEventsRequest {
                page_size: 100,
                page_token: fs::read_to_string(place).unwrap_or_default(),
                ..ListDossierEventsRequest::default()
            };
            let page = self.request(request);
            let page = self.intake.list_dossier_events(page).await?.into_inner();
            for event in page.events {
                self.act(event).await?;
            }
            // Kept when all before it is done: what fails is read again.
            fs::write(place, page.next_page_token)?;
            if page.up_to_date {
                return Ok(());
            }
        }
    }

    /// What this system does about an event. It may come again: do it once.
    async fn act(&mut self, event: DossierEvent) -> Result<()> {
        if event.r#type != DossierAccepted::full_name() {
            println!("{} {}", event.r#type, event.subject);
            return Ok(());
        }
        let data = event.data.context("an event without data")?;
        let accepted = DossierAccepted::decode(data.value.as_slice())?;
        // Events hold no personal data. Whoever needs some asks for it; the citizen sees who did.
        let asked = self.request(GetDossierRequest { name: accepted.dossier });
        let dossier = self.intake.get_dossier(asked).await?.into_inner();
        println!("{} {} {} {}", event.r#type, event.subject, dossier.code, dossier.procedure_name);
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().context("the system's address, http://127.0.0.1:50051")?;
    let place = arguments.next().context("a file to keep the place in")?;
    let mut endpoint = Endpoint::from_shared(address)?.timeout(PATIENCE);
    // Where the system is reached over TLS: the authority that vouches for it.
    if let Some(authority) = arguments.next() {
        let trusted = Certificate::from_pem(fs::read(authority)?);
        endpoint = endpoint.tls_config(ClientTlsConfig::new().ca_certificate(trusted))?;
    }
    let mut system = ProvincialSystem::sign_in(endpoint.connect().await?).await?;
    system.go_on(Path::new(&place)).await
}
