//! What can be typed.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use motcua_context::Timestamp;

use crate::{commands, complaint, demo};

/// motcua (một cửa): a province's online public services.
#[derive(Debug, Parser)]
#[command(name = "motcua", version)]
pub struct Cli {
    #[command(flatten)]
    settings: SettingsArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Where settings come from; the later wins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct SettingsArgs {
    /// A TOML file; may be repeated.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Vec<PathBuf>,
    /// One setting, `intake.max_papers=30`; may be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// For tests, only where server.mode is `test`: runs on a clock that can be shifted,
    /// from this instant on where one is given, `2027-02-01T08:00:00+07:00`. A served process
    /// also answers `PUT /test/clock` and `PUT /test/hold/relay`.
    #[arg(long, global = true, value_name = "INSTANT")]
    pub test_clock: Option<Option<Timestamp>>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the services: all of them, or some.
    Serve(OnlyArgs),
    /// Brings the schemas up to date and declares the queues.
    Migrate(OnlyArgs),
    /// Shows the whole way of a dossier, on a data folder of its own.
    Demo(demo::DemoArgs),
    /// Reads data into the system.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Shows and checks the settings.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Examines everything the services need, and says in one line each what is wrong.
    Doctor(DoctorArgs),
    /// Asks the process that serves here how it is, and fails unless all is well: for containers,
    /// in which no other program could ask.
    Probe {
        /// What to ask.
        #[arg(default_value = "ready")]
        question: commands::probe::Question,
    },
    /// Shows and mends what could not be told: dead letters, and what the broker keeps aside.
    #[command(subcommand)]
    Events(commands::events::EventsCommand),
    /// Shows files in quarantine and what waits for the scanner, and has them examined again.
    #[command(subcommand)]
    Files(commands::files::FilesCommand),
    /// Shows who carries messages to people, takes one out and puts it back.
    #[command(subcommand)]
    Providers(commands::providers::ProvidersCommand),
    /// Makes the keys that services sign and seal with, and exchanges them.
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// The record of who did what.
    #[command(subcommand)]
    Audit(commands::audit::AuditCommand),
    /// Makes and renews the certificates by which services know each other.
    #[command(subcommand)]
    Tls(commands::tls::TlsCommand),
    /// Accounts that no RPC can make.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Plays a system outside by its own protocol, for trying out: nothing real happens there.
    #[command(subcommand)]
    Sandbox(commands::sandbox::SandboxCommand),
}

/// Which services.
#[derive(Debug, Clone, Default, Args)]
pub struct OnlyArgs {
    /// Only these services, by comma.
    #[arg(long, value_delimiter = ',', value_name = "SERVICE")]
    pub only: Vec<String>,
}

/// What to examine.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub(crate) only: OnlyArgs,
    /// Whether the stores of all services agree: each dossier, event, message and file is there
    /// once. Reads everything, changes nothing, and may run beside the services.
    #[arg(long, conflicts_with = "only")]
    pub(crate) consistency: bool,
    /// With --consistency: prints one JSON object.
    #[arg(long, requires = "consistency")]
    pub(crate) json: bool,
    /// With --consistency: what looks wrong is looked at again after so many seconds, since it
    /// may only have been on its way between two services.
    #[arg(long, requires = "consistency", default_value_t = 10, value_name = "SECONDS")]
    pub(crate) settle: u64,
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Agencies, calendars and procedures; nothing is imported if a row is bad.
    Procedures(ImportArgs),
}

/// What to import.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// A file: `.yaml`, `.json`, `.csv` or `.xlsx`; the format is told by its name.
    #[arg(required_unless_present = "builtin", value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// The catalog that comes with the product: a sample province and its real procedures.
    #[arg(long, conflicts_with = "file")]
    pub(crate) builtin: bool,
    /// The file has the shape in which the national database gives procedures (`LayThuTuc`).
    #[arg(long)]
    pub(crate) national: bool,
    /// Publishes what passes the checks, instead of leaving drafts.
    #[arg(long)]
    pub(crate) publish: bool,
    /// Checks and tells, and changes nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// The settings in force, secrets hidden.
    Print,
    /// The JSON Schema of the settings.
    Schema,
    /// Tells everything that is wrong with the settings.
    Check(OnlyArgs),
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Makes the first administrator; asks for the password, or reads it from standard input.
    Create {
        /// What the administrator signs in with.
        #[arg(long)]
        username: String,
        /// Full name.
        #[arg(long)]
        name: String,
        /// Identifier code of the agency he administers with all below it; the province's.
        #[arg(long)]
        agency: String,
    },
    /// Sets the password of an administrator of the province who lost it, to be changed before the
    /// next sign-in, and ends the sessions; recorded. Others are helped by their administrators.
    ResetPassword {
        /// What the administrator signs in with.
        #[arg(long)]
        username: String,
    },
}

impl Cli {
    /// What was typed to call this program; ends it where that cannot be understood.
    pub fn typed() -> Self {
        Self::parse_from(settings_first(std::env::args_os()))
    }

    /// Does what was typed, and says in one line what went wrong.
    pub async fn run(self) -> ExitCode {
        match self.done().await {
            Ok(code) => code,
            Err(error) if commands::is_unread(&error) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("motcua: {}", complaint::line(&error));
                ExitCode::FAILURE
            }
        }
    }

    async fn done(self) -> anyhow::Result<ExitCode> {
        let settings = &self.settings;
        match self.command.unwrap_or(Command::Serve(OnlyArgs::default())) {
            Command::Serve(args) => commands::serve::run(settings, &args).await,
            Command::Migrate(args) => commands::migrate::run(settings, &args).await,
            Command::Demo(args) => Box::pin(demo::run(settings, &args)).await,
            Command::Import(ImportCommand::Procedures(args)) => {
                commands::import::run(settings, &args).await
            }
            Command::Config(ConfigCommand::Print) => commands::config::print(settings),
            Command::Config(ConfigCommand::Schema) => commands::config::schema(settings),
            Command::Config(ConfigCommand::Check(args)) => commands::config::check(settings, &args),
            Command::Doctor(args) => commands::doctor::run(settings, &args).await,
            Command::Probe { question } => commands::probe::run(settings, question).await,
            Command::Events(command) => commands::events::run(settings, command).await,
            Command::Files(command) => commands::files::run(settings, command).await,
            Command::Providers(command) => commands::providers::run(settings, command).await,
            Command::Keys(asked) => commands::keys::run(settings, asked).await,
            Command::Audit(asked) => commands::audit::run(settings, asked).await,
            Command::Tls(command) => commands::tls::run(&command),
            Command::Sandbox(command) => commands::sandbox::run(command).await,
            Command::Admin(AdminCommand::Create { username, name, agency }) => {
                commands::admin::create(settings, username, name, &agency).await
            }
            Command::Admin(AdminCommand::ResetPassword { username }) => {
                commands::admin::reset_password(settings, &username).await
            }
        }
    }
}

/// The words with all settings in front: behind a command they would otherwise
/// replace those before it, instead of being added to them.
fn settings_first(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words = words.into_iter();
    let mut first: Vec<_> = words.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--set" | "--config") => {
                first.push(word);
                first.extend(words.next());
            }
            Some(text) if text.starts_with("--set=") || text.starts_with("--config=") => {
                first.push(word);
            }
            _ => rest.push(word),
        }
    }
    first.extend(rest);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_on_both_sides_of_a_command_are_added() {
        let words =
            ["motcua", "--set", "a=1", "serve", "--set=b=2", "--only", "x", "--config", "f"];
        let cli = Cli::parse_from(settings_first(words.map(OsString::from)));
        assert_eq!(cli.settings.set, ["a=1", "b=2"]);
        assert_eq!(cli.settings.config, [PathBuf::from("f")]);
        assert!(matches!(cli.command, Some(Command::Serve(only)) if only.only == ["x"]));
    }
}
