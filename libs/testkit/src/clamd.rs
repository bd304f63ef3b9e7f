//! A scanner on a socket that does what a test wants, and files to show it.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What a played scanner does with whoever connects.
#[derive(Debug, Clone)]
pub enum Play {
    /// Hangs up.
    Away,
    /// Answers pings, and says this of every file.
    Says(&'static str),
    /// Answers pings, and hangs up in the middle of every file.
    CutsOff,
    /// Takes whatever comes, and says nothing, ever.
    Hangs,
    /// Lets it speak to a real one, at `tcp://host:port`.
    Real(String),
}

/// ClamAV's daemon as a test plays it: what a real one does not do on demand.
#[derive(Debug)]
pub struct PlayedClamd {
    address: String,
    play: Arc<Mutex<Play>>,
}

impl PlayedClamd {
    /// One that begins so.
    pub fn start(play: Play) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("tcp://{}", listener.local_addr().unwrap());
        let play = Arc::new(Mutex::new(play));
        let played = play.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let play = played.lock().unwrap().clone();
                thread::spawn(move || act(stream, &play));
            }
        });
        Self { address, play }
    }

    /// As `files.clamd` is set.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Goes on like this.
    pub fn now(&self, play: Play) {
        *self.play.lock().unwrap() = play;
    }
}

/// The address of the real one beside the tests, if there is one.
#[expect(clippy::disallowed_methods, reason = "a test's own server")]
pub fn real_clamd() -> Option<String> {
    std::env::var("MOTCUA_TEST_CLAMD").ok()
}

fn act(mut stream: TcpStream, play: &Play) -> io::Result<()> {
    if matches!(play, Play::Away) {
        return Ok(());
    }
    if let Play::Real(address) = play {
        return pass_on(stream, address);
    }
    if matches!(play, Play::Hangs) {
        // Until the other end gives up.
        return stream.read_to_end(&mut Vec::new()).map(drop);
    }
    let mut command = Vec::new();
    while !command.ends_with(b"\0") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        command.extend(byte);
    }
    if command == b"zPING\0" {
        return stream.write_all(b"PONG\0");
    }
    let Play::Says(answer) = play else { return Ok(()) };
    // Chunks with their length ahead, ended by an empty one.
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        match u32::from_be_bytes(length) {
            0 => break,
            length => stream.read_exact(&mut vec![0; length as usize])?,
        }
    }
    stream.write_all(format!("{answer}\0").as_bytes())
}

fn pass_on(near: TcpStream, address: &str) -> io::Result<()> {
    let far = TcpStream::connect(address.trim_start_matches("tcp://"))?;
    let (mut to_far, mut from_near) = (far.try_clone()?, near.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from_near, &mut to_far);
        let _ = to_far.shutdown(Shutdown::Write);
    });
    let (mut far, mut near) = (far, near);
    io::copy(&mut far, &mut near)?;
    near.shutdown(Shutdown::Both)
}

/// The test text every scanner knows; in pieces here, so that this source is not taken for it.
pub fn eicar() -> Vec<u8> {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS", "-TEST-FILE!$H+H*"]
        .concat()
        .into_bytes()
}

/// A document of Word with these parts, unpacked; `locked`: they are said to be
/// protected by a password.
pub fn docx(parts: &[(&str, &[u8])], locked: bool) -> Vec<u8> {
    let own: [(&str, &[u8]); 2] =
        [("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")];
    zip(&[&own[..], parts].concat(), locked)
}

/// An archive in an archive, so often.
pub fn nested(times: usize) -> Vec<u8> {
    (0..times).fold(b"the kernel".to_vec(), |inner, _| zip(&[("inner.zip", &inner[..])], false))
}

/// The fewest bytes that are an archive.
fn zip(parts: &[(&str, &[u8])], locked: bool) -> Vec<u8> {
    let (mut files, mut directory) = (Vec::<u8>::new(), Vec::<u8>::new());
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    for (name, bytes) in parts {
        let at = size(&files);
        // Version, flags, method, time, date, and no checksum.
        let mut head = vec![20, 0, u8::from(locked), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        head.extend(size(bytes));
        head.extend(size(bytes));
        head.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
        files.extend(b"PK\x03\x04");
        files.extend(&head);
        files.extend(name.as_bytes());
        files.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(at);
        directory.extend(name.as_bytes());
    }
    let count = u8::try_from(parts.len()).unwrap();
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count, 0, count, 0]);
    end.extend(size(&directory));
    end.extend(size(&files));
    end.extend([0, 0]);
    [files, directory, end].concat()
}
