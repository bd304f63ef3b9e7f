//! See the crate `motcua`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    // One provider of cryptography for every connection of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    motcua::cli::Cli::typed().run().await
}
