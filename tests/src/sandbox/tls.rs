//! The certificates of the processes.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Sandbox;

/// What a process says when it has taken up new certificates.
const RENEWED: &str = "certificates were renewed";

impl Sandbox {
    /// The folder with the authority and every service's certificate and key.
    pub fn certificates(&self) -> PathBuf {
        self.dir().join("tls")
    }

    /// Whom people trust who call the services.
    pub fn authorities(&self) -> Result<Vec<u8>> {
        let path = self.certificates().join("ca.crt");
        std::fs::read(&path).with_context(|| path.display().to_string())
    }

    /// How often a process has taken up new certificates since it was first started.
    pub fn renewals(&self, process: &str) -> Result<usize> {
        let log = std::fs::read_to_string(self.dir().join(format!("{process}.log")))?;
        Ok(log.matches(RENEWED).count())
    }
}
