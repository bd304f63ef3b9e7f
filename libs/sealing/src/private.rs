use std::path::Path;

use crate::{
    KeyFileError,
    keyfile::{io_error, shown},
};

/// Refuses a file with a secret that others of this machine could read.
///
/// A file of ours is ours alone: mode 0600 or less. One that root has put there
/// for us, as Kubernetes does with a Secret, is read by way of our group: 0640.
///
/// # Errors
/// [`KeyFileError::Open`], whose text says how to mend it; [`KeyFileError::Io`]
/// where there is no such file.
#[cfg(unix)]
pub fn require_private(path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::MetadataExt;
    let about = std::fs::metadata(path).map_err(|e| io_error(path, e))?;
    let mode = about.mode() & 0o777;
    if is_open(mode, about.uid(), rustix::process::geteuid().as_raw()) {
        return Err(KeyFileError::Open { path: shown(path), mode });
    }
    Ok(())
}

/// Where files have no modes there is nothing to refuse.
#[cfg(not(unix))]
pub fn require_private(path: &Path) -> Result<(), KeyFileError> {
    std::fs::metadata(path).map(|_| ()).map_err(|e| io_error(path, e))
}

#[cfg(unix)]
const fn is_open(mode: u32, owner: u32, me: u32) -> bool {
    let given_by_root = owner == 0 && me != 0;
    let forbidden = if given_by_root { 0o037 } else { 0o077 };
    mode & forbidden != 0
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn our_own_file_is_ours_alone_and_roots_is_our_groups_at_the_most() {
        const ME: u32 = 10_001;
        for (mode, owner, me, open) in [
            (0o600, ME, ME, false),
            (0o400, ME, ME, false),
            (0o640, ME, ME, true),
            (0o604, ME, ME, true),
            (0o440, 0, ME, false),
            (0o640, 0, ME, false),
            (0o660, 0, ME, true),
            (0o444, 0, ME, true),
            (0o440, 0, 0, true),
            (0o440, 10_002, ME, true),
        ] {
            assert_eq!(is_open(mode, owner, me), open, "{mode:o} of {owner} read by {me}");
        }
    }
}
