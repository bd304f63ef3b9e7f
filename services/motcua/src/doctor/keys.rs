use std::path::Path;

use motcua_keys::ServiceKeys;
use motcua_spine::Spine;

use super::Finding;
use crate::roles;

/// The keys of the services that are examined, and those by which the others are known.
pub(super) fn examine(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    let dir = spine.keys_dir();
    let mut findings: Vec<_> = chosen.iter().map(|service| of(spine, &dir, service)).collect();
    let stranger =
        |service: &&str| !chosen.contains(service) && !dir.join(format!("{service}.pub")).exists();
    if let Some(unknown) = roles::ALL.into_iter().find(stranger)
        && !spine.keys.generate
    {
        let file = dir.join(format!("{unknown}.pub"));
        findings.push(Finding::wrong("keys", missing(&file)));
    }
    findings
}

fn of(spine: &Spine, dir: &Path, service: &str) -> Finding {
    let what = format!("keys.{service}");
    let file = |kind| dir.join(format!("{service}.{kind}"));
    let ring = file("keyring");
    if !ring.exists() && has_data(spine, service) {
        return Finding::wrong(
            what,
            format!(
                "{} is missing while the service has data, which only this key opens: put back \
                 the copy",
                ring.display()
            ),
        );
    }
    if let Some(absent) = ["key", "pub", "keyring"].map(file).iter().find(|file| !file.exists()) {
        return if spine.keys.generate {
            Finding::note(what, "made at the first start")
        } else {
            Finding::wrong(what, missing(absent))
        };
    }
    let keys = ServiceKeys::new(dir, false);
    let read = keys.identity(service).map(drop).and_then(|()| keys.keyring(service).map(drop));
    match read {
        Ok(()) => Finding::well(what),
        Err(error) => Finding::wrong(what, error.to_string()),
    }
}

fn missing(file: &Path) -> String {
    format!("{} is missing: make the keys once with `motcua keys init`", file.display())
}

/// Whether the service wrote a database into a file before.
fn has_data(spine: &Spine, service: &str) -> bool {
    let url = spine.store_options(service).url;
    url.strip_prefix("sqlite:").is_some_and(|path| Path::new(path).exists())
}
