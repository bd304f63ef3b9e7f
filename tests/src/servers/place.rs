//! Where the servers keep their data, and as whom they run.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use tempfile::{Builder, TempDir};

/// The user that root becomes: `initdb` refuses to be run by root, and no server here needs it.
const UNPRIVILEGED: (&str, u32) = ("nobody", 65534);

/// A temporary folder and the user who owns what is in it.
pub(super) struct Place {
    folder: TempDir,
    as_root: bool,
    /// Whether what was committed survives a kill, as in production.
    pub(super) durable: bool,
}

impl Place {
    pub(super) fn new(durable: bool) -> Result<Self> {
        let as_root = fs::metadata("/proc/self").context("/proc is needed")?.uid() == 0;
        // Root's own TMPDIR may lie where the unprivileged user cannot enter.
        let base = if as_root { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let folder = Builder::new().prefix("motcua-servers-").tempdir_in(base)?;
        let place = Self { folder, as_root, durable };
        place.give(place.folder.path())?;
        Ok(place)
    }

    /// The folder.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A new empty folder in the place, its name beginning with `name`.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder =
            Builder::new().prefix(&format!("{name}-")).tempdir_in(self.folder.path())?.keep();
        self.give(&folder)?;
        Ok(folder)
    }

    /// A file that the servers' user can read and replace.
    pub(super) fn file(&self, path: &Path, text: &str) -> Result<()> {
        fs::write(path, text)?;
        self.give(path)
    }

    /// A command that runs as the servers' user with nothing of our environment
    /// but `PATH`, and is sent `signal` when the thread that started it ends,
    /// however it ends.
    pub(super) fn command(&self, program: impl AsRef<OsStr>, signal: &str) -> Command {
        let mut command = Command::new("setpriv");
        if self.as_root {
            let (user, id) = UNPRIVILEGED;
            command.arg(format!("--reuid={user}")).arg(format!("--regid={id}"));
            command.arg("--clear-groups");
        }
        command.arg(format!("--pdeathsig={signal}")).arg("--").arg(program);
        command.env_clear().env("PATH", search_path()).env("LANG", "C.UTF-8");
        command.env("HOME", self.folder.path()).current_dir(self.folder.path());
        command.stdin(Stdio::null());
        command
    }

    fn give(&self, path: &Path) -> Result<()> {
        if self.as_root {
            let (_, id) = UNPRIVILEGED;
            chown(path, Some(id), Some(id))?;
        }
        Ok(())
    }
}

/// Debian keeps server programs in `sbin`, which ordinary users' `PATH` may lack.
fn search_path() -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    format!("{}:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", path.to_string_lossy())
}

/// The full path of a program on the search path.
pub(super) fn find(program: &str) -> Result<PathBuf> {
    let path = search_path();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
    let Some(found) = places.find(|path| path.is_file()) else {
        bail!("{program} is not installed; scripts/packages installs it");
    };
    Ok(found)
}
