//! A private ClamAV daemon whose only signature is the harmless EICAR test
//! text: it proves that scanning works, and protects nobody.

use anyhow::Result;

use super::{
    Greeting, Server,
    place::{Place, find},
    process::Process,
};

/// The readable middle of the EICAR text: the whole of it here would alarm
/// scanners that look at this repository.
const MARKER: &str = "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!";

pub(super) fn start(place: &Place) -> Result<Server> {
    let folder = place.folder("clamav")?;
    let [port] = place.ports("ClamAV", [3310])?;
    let signatures = place.folder("signatures")?;
    place
        .file(&signatures.join("test.ndb"), &format!("Test.Eicar:0:*:{}\n", hex::encode(MARKER)))?;
    let settings = format!(
        "Foreground yes\nDatabaseDirectory {}\nTCPAddr 127.0.0.1\nTCPSocket {port}\n\
         TemporaryDirectory {}\nStreamMaxLength 8M\nSelfCheck 0\n\
         AlertEncrypted yes\nAlertExceedsMax yes\n",
        signatures.display(),
        folder.display(),
    );
    let file = folder.join("clamd.conf");
    place.file(&file, &settings)?;
    let mut server = place.command(find("clamd")?, "KILL");
    server.arg("--config-file").arg(&file);
    Ok(Server {
        name: "ClamAV",
        variable: ("MOTCUA_TEST_CLAMD", format!("tcp://127.0.0.1:{port}")),
        port,
        greeting: Greeting { say: b"nPING\n", hear: b"PONG" },
        processes: vec![Process::spawn("clamd", server, &folder)?],
    })
}
