//! Ports of 127.0.0.1: choosing a free one, and asking what answers there.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result};

/// On a port that no connection is given by the kernel (32768 and above): it is still free when
/// the process comes to listen there.
pub(crate) fn listener() -> Result<TcpListener> {
    let ports = std::iter::repeat_with(|| rand::random_range(10_000..32_000_u16)).take(100);
    let mut free = ports.filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    free.next().context("a hundred ports are taken")
}

/// `N` different ports that are free now.
pub fn free<const N: usize>() -> Result<[u16; N]> {
    let mut ports = [0; N];
    // All are held together, so that none is chosen twice.
    let mut held = Vec::with_capacity(N);
    for port in &mut ports {
        let listener = listener()?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

/// A server's own ports, moved by `shift`, if nobody has them.
pub(crate) fn own<const N: usize>(server: &str, own: [u16; N], shift: u16) -> Result<[u16; N]> {
    let mut ports = own;
    for port in &mut ports {
        *port = port.checked_add(shift).context("--shift is too large")?;
        TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).with_context(|| {
            format!(
                "port {port} of {server} is taken: stop what listens there, or move all ports, \
                 as with --shift 100"
            )
        })?;
    }
    Ok(ports)
}

/// Whether the server at `port` answers `say` with something that begins with `hear`.
pub(crate) fn answers(port: u16, say: &[u8], hear: &[u8]) -> bool {
    exchange(port, say, hear.len()).is_ok_and(|heard| heard == hear)
}

fn exchange(port: u16, say: &[u8], length: usize) -> Result<Vec<u8>> {
    let limit = Duration::from_secs(2);
    let mut stream =
        TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.write_all(say)?;
    let mut heard = vec![0; length];
    stream.read_exact(&mut heard)?;
    Ok(heard)
}
