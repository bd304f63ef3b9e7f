use std::{
    io::{IsTerminal, stdin},
    process::ExitCode,
};

use anyhow::Context;
use motcua_identity::{FirstAdministrator, Identity, config::IdentityConfig};
use motcua_ids::AgencyId;
use motcua_proto::catalog::v1::{GetAgencyRequest, catalog_service_client::CatalogServiceClient};
use motcua_service::{Env, Module};

use super::{host_with, say};
use crate::{
    cli::SettingsArgs,
    demo::{cast::Administrator, world::refused},
    roles, settings,
};

/// Makes the first administrator. The password comes from standard input, so
/// that it stands in no list of processes and in no history.
pub(crate) async fn create(
    args: &SettingsArgs,
    username: String,
    name: String,
    agency: &str,
) -> anyhow::Result<ExitCode> {
    if stdin().is_terminal() {
        eprintln!("password (at least 10 characters), then Enter:");
    }
    let mut password = String::new();
    stdin().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();

    // Beside a running system: no port of its own is needed.
    let mut args = args.clone();
    args.set.extend(["server.grpc=127.0.0.1:0", "server.http=127.0.0.1:0"].map(Into::into));
    let settings = settings::load(&args)?;
    let embedded = motcua_service::Spine::of(&settings)?.bus.is_memory();
    let chosen = if embedded { roles::ALL.to_vec() } else { vec![Identity::NAME] };
    let mut host = host_with(settings, &args, &chosen)?;
    roles::mount(&mut host).await?;
    let config = host.config_of::<Identity>()?;
    let env = host.env_of::<Identity>().await?;
    let running = host.start().await?;
    let administrator = Administrator { username, name, password };
    let made = make(&env, config, &administrator, agency).await;
    running.stop().await;
    say(format_args!("the first administrator is {}", made?))?;
    Ok(ExitCode::SUCCESS)
}

/// Makes an administrator of the agency with this identifier code; answers the account.
pub(crate) async fn make(
    env: &Env,
    config: IdentityConfig,
    administrator: &Administrator,
    agency: &str,
) -> anyhow::Result<String> {
    let request =
        GetAgencyRequest { identifier_code: agency.to_owned(), ..GetAgencyRequest::default() };
    let found = CatalogServiceClient::new(env.peers.wire("catalog"))
        .get_agency(request)
        .await
        .map_err(refused)
        .with_context(|| {
            format!("--agency {agency} (`motcua import procedures` brings the agencies)")
        })?
        .into_inner();
    let first = FirstAdministrator {
        username: administrator.username.clone(),
        full_name: administrator.name.clone(),
        agency: AgencyId::from_name(&found.name)?,
        password: administrator.password.clone(),
    };
    let account = motcua_identity::create_first_administrator(config, env, first).await?;
    Ok(account.name())
}
