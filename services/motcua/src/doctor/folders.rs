use std::{
    fs, io,
    path::{Path, PathBuf},
};

use motcua_spine::Spine;
use url::Url;

use super::Finding;

/// The folders that services write to.
pub(super) fn examine(spine: &Spine, chosen: &[&str]) -> Vec<Finding> {
    let mut findings = vec![folder("server.data", &spine.server.data)];
    let wrong =
        chosen.iter().map(|service| files(&spine.files_url(service))).find(Finding::is_wrong);
    findings.push(wrong.unwrap_or_else(|| Finding::well("files.url")));
    findings
}

/// The folder of an address like `file:./data/files` or `file:///srv/motcua/files`.
fn files(url: &str) -> Finding {
    let path = match url.strip_prefix("file:") {
        Some(path) if path.starts_with("//") => {
            Url::parse(url).ok().and_then(|url| url.to_file_path().ok())
        }
        path => path.map(PathBuf::from),
    };
    match path {
        Some(path) => folder("files.url", &path),
        None => {
            Finding::wrong("files.url", format!("{url}: write file:./folder or file:///folder"))
        }
    }
}

/// A folder that is there, or can be made.
fn folder(key: &str, folder: &Path) -> Finding {
    let place = standing(folder);
    match write_and_remove(&place) {
        Ok(()) if place == folder => Finding::well(key),
        Ok(()) => Finding::note(key, format!("{} is made at the first start", folder.display())),
        Err(error) => Finding::wrong(
            key,
            format!("{}: {error}: choose another folder, or let this user write", place.display()),
        ),
    }
}

/// The folder itself, or the nearest one above it that is there.
fn standing(folder: &Path) -> PathBuf {
    let nearest = folder.ancestors().find(|place| place.exists());
    match nearest {
        Some(place) => place.to_owned(),
        None => PathBuf::from("."),
    }
}

fn write_and_remove(folder: &Path) -> io::Result<()> {
    let probe = folder.join(format!(".motcua-doctor-{:016x}", rand::random::<u64>()));
    fs::File::create_new(&probe)?;
    fs::remove_file(probe)
}
