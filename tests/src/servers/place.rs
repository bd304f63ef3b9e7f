//! Where the servers keep their data and listen, and as whom they run.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::{Builder, TempDir};

use super::port;

/// The user that root becomes: `initdb` refuses to be run by root, and no server here needs it.
const UNPRIVILEGED: (&str, u32) = ("nobody", 65534);

/// A folder, the user who owns what is in it, and the ports.
pub(crate) struct Place {
    folder: Folder,
    as_root: bool,
    /// Whether what was committed survives a kill, as in production.
    pub(crate) durable: bool,
}

enum Folder {
    /// For one run, on any free ports.
    Temporary(TempDir),
    /// For many, on the servers' own ports moved by so many.
    Lasting(PathBuf, u16),
}

impl Place {
    pub(crate) fn new(durable: bool) -> Result<Self> {
        let as_root = fs::metadata("/proc/self").context("/proc is needed")?.uid() == 0;
        // Root's own TMPDIR may lie where the unprivileged user cannot enter.
        let base = if as_root { PathBuf::from("/tmp") } else { std::env::temp_dir() };
        let folder = Builder::new().prefix("motcua-servers-").tempdir_in(base)?;
        let place = Self { folder: Folder::Temporary(folder), as_root, durable };
        place.give(place.path())?;
        Ok(place)
    }

    /// A folder that stays, made where it is missing.
    pub(crate) fn lasting(folder: PathBuf, shift: u16) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let as_root = fs::metadata("/proc/self").context("/proc is needed")?.uid() == 0;
        let place = Self { folder: Folder::Lasting(folder, shift), as_root, durable: true };
        place.give(place.path())?;
        let entered = place.command("true", "KILL").status();
        ensure!(
            entered.is_ok_and(|status| status.success()),
            "{} cannot be entered by the user {} that the servers run as: choose another folder",
            place.path().display(),
            UNPRIVILEGED.0
        );
        Ok(place)
    }

    /// Whether data and ports are to be found again.
    pub(crate) const fn lasts(&self) -> bool {
        matches!(self.folder, Folder::Lasting(..))
    }

    /// The ports that `server` listens on: its own where the place lasts, free ones otherwise.
    pub(crate) fn ports<const N: usize>(&self, server: &str, own: [u16; N]) -> Result<[u16; N]> {
        match self.folder {
            Folder::Temporary(_) => port::free(),
            Folder::Lasting(_, shift) => port::own(server, own, shift),
        }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        match &self.folder {
            Folder::Temporary(folder) => folder.path(),
            Folder::Lasting(folder, _) => folder,
        }
    }

    /// A server's folder in the place: what it left there, or a new and empty one.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = match &self.folder {
            Folder::Temporary(place) => {
                Builder::new().prefix(&format!("{name}-")).tempdir_in(place.path())?.keep()
            }
            Folder::Lasting(place, _) => {
                fs::create_dir_all(place.join(name))?;
                place.join(name)
            }
        };
        self.give(&folder)?;
        Ok(folder)
    }

    /// A file that the servers' user can read and replace.
    pub(crate) fn file(&self, path: &Path, text: &str) -> Result<()> {
        fs::write(path, text)?;
        self.give(path)
    }

    /// A command that runs as the servers' user with nothing of our environment
    /// but `PATH`, and is sent `signal` when the thread that started it ends,
    /// however it ends.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>, signal: &str) -> Command {
        let mut command = Command::new("setpriv");
        if self.as_root {
            let (user, id) = UNPRIVILEGED;
            command.arg(format!("--reuid={user}")).arg(format!("--regid={id}"));
            command.arg("--clear-groups");
        }
        command.arg(format!("--pdeathsig={signal}")).arg("--").arg(program);
        command.env_clear().env("PATH", search_path()).env("LANG", "C.UTF-8");
        command.env("HOME", self.path()).current_dir(self.path());
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
pub(crate) fn find(program: &str) -> Result<PathBuf> {
    let path = search_path();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
    let Some(found) = places.find(|path| path.is_file()) else {
        bail!("{program} is not installed; scripts/packages installs it");
    };
    Ok(found)
}
