use std::{
    io::{Read, Write},
    path::Path,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use motcua_fault::{Fault, Kind};
use motcua_ids::{FileId, Uuid};
use motcua_sealing::Keyring;
use sha2::{Digest, Sha256};

use crate::{Files, Limits, MediaType, OpenError, Scanner, Shelf, Stored, Unfit, Verdict, Waiting};

const MB: usize = 1024 * 1024;
const SOON: Duration = Duration::from_secs(20);

fn id(number: u128) -> FileId {
    FileId::new(Uuid::from_u128(number))
}

fn files(folder: &Path, scanner: Scanner) -> Files {
    let url = format!("file://{}", folder.display());
    Files::at(&url, Arc::new(Keyring::generate()), scanner).unwrap()
}

fn pdf(length: usize) -> Vec<u8> {
    let start = b"%PDF-1.7 Nguyen Thi Hoa ".iter().copied();
    start.chain((0..=255).cycle()).take(length).collect()
}

async fn put(files: &Files, id: FileId, bytes: &[u8], piece: usize) -> Result<Stored, Fault> {
    let mut upload = files.create(id, Limits::papers(4 * MB as u64)).await?;
    for piece in bytes.chunks(piece) {
        upload.write(Bytes::copy_from_slice(piece)).await?;
    }
    upload.finish().await
}

async fn get(files: &Files, id: FileId) -> Result<Vec<u8>, Fault> {
    let pieces: Vec<Bytes> = files.open(id).await?.try_collect().await?;
    Ok(pieces.concat())
}

/// Every file below the folder, whatever its name.
fn on_disk(folder: &Path) -> Vec<std::path::PathBuf> {
    let shelves = std::fs::read_dir(folder).unwrap().map(|shelf| shelf.unwrap().path());
    shelves
        .flat_map(|shelf| std::fs::read_dir(shelf).unwrap().map(|file| file.unwrap().path()))
        .collect()
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_cannot_be_read_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    for (number, length, piece) in
        [(1, 30, 7), (2, 64 * 1024, 1000), (3, 64 * 1024 + 1, 64 * 1024), (4, 3 * MB + 5, 100_000)]
    {
        let bytes = pdf(length);
        let stored = put(&files, id(number), &bytes, piece).await.unwrap();
        assert_eq!(stored.size, length as u64);
        assert_eq!(stored.sha256[..], Sha256::digest(&bytes)[..]);
        assert_eq!(stored.media_type, MediaType::Pdf);
        assert!(get(&files, id(number)).await.unwrap() == bytes, "{length} bytes");
    }
    for path in on_disk(folder.path()) {
        let sealed = std::fs::read(&path).unwrap();
        assert!(!sealed.windows(6).any(|six| six == b"Nguyen" || six == b"%PDF-1"));
    }
}

#[tokio::test]
async fn refusals_are_named_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    let mut program = b"MZ\x90\0\x03".to_vec();
    program.resize(200_000, 0);
    for (bytes, kind, reason) in [
        (pdf(5 * MB), Kind::InvalidArgument, "FILE_TOO_LARGE"),
        (Vec::new(), Kind::InvalidArgument, "FILE_EMPTY"),
        (b"just text".to_vec(), Kind::InvalidArgument, "FILE_TYPE_REFUSED"),
        (program, Kind::InvalidArgument, "FILE_TYPE_REFUSED"),
    ] {
        let fault = put(&files, id(1), &bytes, 50_000).await.unwrap_err();
        assert_eq!((fault.kind(), fault.reason()), (kind, reason));
        let missing = get(&files, id(1)).await.unwrap_err();
        assert_eq!(missing.kind(), Kind::NotFound);
    }
    let fault = put(&files, id(1), b"just text", 9).await.unwrap_err();
    assert_eq!(fault.metadata()[0], ("media_type".to_owned(), "text/plain".to_owned()));
    assert!(fault.text().contains("pdf, jpg, png"), "{}", fault.text());
}

#[tokio::test]
async fn a_wrong_type_is_refused_before_the_whole_file_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    let mut upload = files.create(id(1), Limits::papers(u64::MAX)).await.unwrap();
    let fault = upload.write(vec![1; 70_000].into()).await.unwrap_err();
    assert_eq!(fault.reason(), "FILE_TYPE_REFUSED");
}

#[tokio::test]
async fn a_file_is_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    put(&files, id(1), &pdf(100), 100).await.unwrap();
    let fault = put(&files, id(1), &pdf(200), 100).await.unwrap_err();
    assert_eq!((fault.kind(), fault.reason()), (Kind::AlreadyExists, "FILE_EXISTS"));
    assert_eq!(get(&files, id(1)).await.unwrap(), pdf(100));
}

#[tokio::test]
async fn what_was_cut_changed_or_swapped_on_disk_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    put(&files, id(1), &pdf(200_000), 5000).await.unwrap();
    put(&files, id(2), &pdf(200_000), 5000).await.unwrap();
    let [one, two] = [1, 2].map(|n| folder.path().join(crate::place(id(n)).to_string()));
    let (first, second) = (std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    let mut changed = first.clone();
    changed[100_000] ^= 1;
    for bad in [&first[..first.len() - 1], &first[..140_000], &[], &changed, &second] {
        std::fs::write(&one, bad).unwrap();
        assert_eq!(get(&files, id(1)).await.unwrap_err().reason(), "SEAL_BROKEN");
    }
    std::fs::write(&one, &first).unwrap();
    assert!(get(&files, id(1)).await.is_ok());
}

#[tokio::test]
async fn an_unfinished_upload_is_invisible_and_leaves_no_remains() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    let mut upload = files.create(id(1), Limits::papers(10 * MB as u64)).await.unwrap();
    upload.write(pdf(3 * MB).into()).await.unwrap();
    assert_eq!(get(&files, id(1)).await.unwrap_err().kind(), Kind::NotFound);
    upload.abort().await.unwrap();
    assert!(on_disk(folder.path()).is_empty());
}

#[tokio::test]
async fn deleting_removes_the_file_and_what_a_killed_upload_left() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    put(&files, id(1), &pdf(100), 100).await.unwrap();
    put(&files, id(2), &pdf(100), 100).await.unwrap();
    // A process that is killed drops nothing: the staged bytes stay.
    let mut upload = files.create(id(3), Limits::papers(10 * MB as u64)).await.unwrap();
    upload.write(pdf(3 * MB).into()).await.unwrap();
    std::mem::forget(upload);
    assert_eq!(on_disk(folder.path()).len(), 3);

    files.delete(id(3)).await.unwrap();
    files.delete(id(2)).await.unwrap();
    files.delete(id(2)).await.unwrap();
    assert!(get(&files, id(2)).await.is_err());
    assert!(get(&files, id(1)).await.is_ok());
    assert_eq!(on_disk(folder.path()).len(), 1);
}

#[tokio::test]
async fn what_is_put_aside_is_opened_by_nobody_and_can_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), Scanner::off());
    put(&files, id(1), &pdf(100_000), 5000).await.unwrap();
    let shelf = Shelf::at(&format!("file://{}", folder.path().display())).unwrap().unwrap();
    for _ in 0..2 {
        files.quarantine(id(1)).await.unwrap();
        assert_eq!(get(&files, id(1)).await.unwrap_err().kind(), Kind::NotFound);
    }
    assert!(shelf.sizes(&[id(1)]).await.unwrap().is_empty());
    assert!(shelf.sizes_aside(&[id(1)]).await.unwrap()[&id(1)] > 100_000);
    let all: Vec<_> = shelf.all().try_collect().await.unwrap();
    assert_eq!(all, [id(1)]);
    for _ in 0..2 {
        files.restore(id(1)).await.unwrap();
        assert!(get(&files, id(1)).await.unwrap() == pdf(100_000));
    }
    files.quarantine(id(1)).await.unwrap();
    files.delete(id(1)).await.unwrap();
    assert_eq!(shelf.all().count().await, 0);
    assert_eq!(files.quarantine(id(1)).await.unwrap_err().kind(), Kind::NotFound);
}

#[tokio::test]
async fn what_is_put_aside_is_sealed_anew_too() {
    let folder = tempfile::tempdir().unwrap();
    let keyring = Arc::new(Keyring::generate());
    let url = format!("file://{}", folder.path().display());
    let files = Files::at(&url, keyring.clone(), Scanner::off()).unwrap();
    put(&files, id(1), &pdf(100_000), 5000).await.unwrap();
    files.quarantine(id(1)).await.unwrap();
    assert!(files.sealed_before().await.unwrap().is_empty());
    assert!(!files.reseal(id(1)).await.unwrap());
    // As another key would have sealed it.
    let lies = folder.path().join(crate::aside::aside(id(1)).to_string());
    let mut sealed = std::fs::read(&lies).unwrap();
    sealed[1] ^= 1;
    std::fs::write(&lies, sealed).unwrap();
    assert_eq!(files.sealed_before().await.unwrap(), [id(1)]);
}

#[tokio::test]
async fn without_a_scanner_nothing_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    let off = files(folder.path(), Scanner::off());
    put(&off, id(1), &pdf(100), 100).await.unwrap();
    assert_eq!(off.scan(id(1), SOON).await.unwrap(), Verdict::Unscanned);
    assert!(off.scanner().is_answering().await);

    let gone = tempfile::tempdir().unwrap();
    let socket = format!("unix:{}", gone.path().join("clamd.ctl").display());
    let away = files(gone.path(), Scanner::clamd(&socket).unwrap());
    put(&away, id(1), &pdf(100), 100).await.unwrap();
    assert_eq!(away.scan(id(1), SOON).await.unwrap(), Verdict::Waiting(Waiting::Away));
    assert!(!away.scanner().is_answering().await);
    assert_eq!(away.scan(id(9), SOON).await.unwrap_err().kind(), Kind::NotFound);
}

/// Answers each connection so, after it has read as much.
fn played(read: usize, answer: &'static [u8], hang: bool) -> Scanner {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read_exact(&mut vec![0; read]);
            let _ = stream.write_all(answer);
            if hang {
                kept.push(stream);
            }
        }
    });
    Scanner::clamd(&address).unwrap()
}

#[tokio::test]
async fn a_scanner_that_fails_at_a_file_is_not_one_that_is_away() {
    let too_large = Unfit::TooLarge;
    let limit = &b"INSTREAM size limit exceeded. ERROR\0"[..];
    let failed = Verdict::Waiting(Waiting::Failed);
    // The whole conversation: the command, one length, the bytes, the end.
    let whole = 10 + 4 + 3 * MB + 4;
    for (read, answer, hang, expected) in [
        (0, &b""[..], false, failed.clone()),
        (1000, b"", false, failed.clone()),
        (whole, b"", false, failed.clone()),
        (10, b"stream: half an ans", false, failed.clone()),
        (10, b"HTTP/1.1 400 Bad Request\r\n\r\n", false, failed.clone()),
        // It never says anything.
        (10, b"", true, failed.clone()),
        // Said, and hung up upon, while most of the file is still to be sent.
        (1000, limit, false, Verdict::Unfit(too_large, "INSTREAM size limit exceeded".into())),
        (whole, b"stream: OK\0", true, Verdict::Clean),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path(), played(read, answer, hang));
        put(&files, id(1), &pdf(3 * MB), MB).await.unwrap();
        let patience = Duration::from_millis(if hang && answer.is_empty() { 200 } else { 20_000 });
        let verdict = files.scan(id(1), patience).await.unwrap();
        assert_eq!(verdict, expected, "{read} {:?}", String::from_utf8_lossy(answer));
    }
}

/// ClamAV's daemon at `MOTCUA_TEST_CLAMD` (`tcp://127.0.0.1:3310`), if there is one.
#[tokio::test]
async fn clamav_tells_the_clean_from_the_infected() {
    let Some(address) = std::env::var_os("MOTCUA_TEST_CLAMD") else { return };
    let folder = tempfile::tempdir().unwrap();
    let scanner = Scanner::clamd(&address.to_string_lossy()).unwrap();
    assert!(scanner.is_answering().await);
    let files = files(folder.path(), scanner);

    put(&files, id(1), &pdf(2 * MB), MB).await.unwrap();
    assert_eq!(files.scan(id(1), SOON).await.unwrap(), Verdict::Clean);

    // The test signature every scanner knows, in pieces so that this source is not taken for it.
    let eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS", "-TEST-FILE!$H+H*"];
    let text = Limits { max_bytes: 1000, accept: vec![MediaType::Text].into() };
    let mut upload = files.create(id(2), text).await.unwrap();
    upload.write(eicar.concat().into()).await.unwrap();
    upload.finish().await.unwrap();
    files.quarantine(id(2)).await.unwrap();
    let verdict = files.scan(id(2), SOON).await.unwrap();
    let Verdict::Unfit(Unfit::Infected, name) = verdict else { panic!("{verdict:?}") };
    assert!(name.to_lowercase().contains("eicar"), "{name}");

    // A broken file is our trouble, and never "clean".
    let path = folder.path().join(crate::place(id(1)).to_string());
    let sealed = std::fs::read(&path).unwrap();
    std::fs::write(&path, &sealed[..sealed.len() - 1]).unwrap();
    assert_eq!(files.scan(id(1), SOON).await.unwrap_err().reason(), "SEAL_BROKEN");
}

#[test]
fn addresses_of_folders_are_understood() {
    let folder = tempfile::tempdir().unwrap();
    let ring = Arc::new(Keyring::generate());
    for bad in ["", "memory:", "file:", "s3://bucket", "/srv/files"] {
        let opened = Files::at(bad, Arc::clone(&ring), Scanner::off());
        assert!(matches!(opened, Err(OpenError::Address(_))), "{bad}");
    }
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let opened = Files::at(&format!("file:{}", file.display()), ring, Scanner::off());
    assert!(matches!(opened, Err(OpenError::Folder { .. })));
}
