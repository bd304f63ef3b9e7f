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

/// Makes the first administrator.
pub(crate) async fn create(
    args: &SettingsArgs,
    username: String,
    name: String,
    agency: &str,
) -> anyhow::Result<ExitCode> {
    let administrator = Administrator { username, name, password: password()? };
    let made = beside(args, async |config, env| make(env, config, &administrator, agency).await);
    say(format_args!("the first administrator is {}", made.await?))?;
    Ok(ExitCode::SUCCESS)
}

/// Sets the password of an administrator of the province who lost it.
pub(crate) async fn reset_password(
    args: &SettingsArgs,
    username: &str,
) -> anyhow::Result<ExitCode> {
    let password = password()?;
    let reset = beside(args, async |config, env| {
        let reset = motcua_identity::reset_administrator_password(config, env, username, &password);
        Ok(reset.await.with_context(|| format!("--username {username}"))?.name())
    });
    let account = reset.await?;
    say(format_args!("{account} has this password until it is changed, before the next sign-in"))?;
    Ok(ExitCode::SUCCESS)
}

/// A password from standard input, so that it stands in no list of processes and in no history;
/// from a terminal unseen and twice.
fn password() -> anyhow::Result<String> {
    if stdin().is_terminal() {
        let typed = rpassword::prompt_password("password (at least 10 characters): ")?;
        let again = rpassword::prompt_password("the same again: ")?;
        anyhow::ensure!(typed == again, "the two passwords differ; nothing was changed");
        return Ok(typed);
    }
    let mut line = String::new();
    stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Works on identity beside a system that may be running: no port of its own is needed.
async fn beside(
    args: &SettingsArgs,
    work: impl AsyncFnOnce(IdentityConfig, &Env) -> anyhow::Result<String>,
) -> anyhow::Result<String> {
    let mut args = args.clone();
    args.set.extend(["server.grpc=127.0.0.1:0", "server.http=127.0.0.1:0"].map(Into::into));
    let settings = settings::load(&args)?;
    let embedded = motcua_spine::Spine::of(&settings)?.bus.is_memory();
    let chosen = if embedded { roles::ALL.to_vec() } else { vec![Identity::NAME] };
    let mut host = host_with(settings, &args, &chosen)?;
    roles::mount(&mut host).await?;
    let config = host.config_of::<Identity>()?;
    let env = host.env_of::<Identity>().await?;
    let running = host.start().await?;
    let done = work(config, &env).await;
    running.stop().await;
    done
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
