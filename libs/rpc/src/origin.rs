use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::{HeaderMap, Request};
use motcua_fault::{Fault, Kind};
use tonic::transport::server::TcpConnectInfo;

use crate::Proxies;

/// Where a call from the network came from, and for which services the
/// connection proves to speak. A call from the same process has none and is
/// believed, so every listener tells it of each connection.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The other end of the connection.
    pub address: Option<SocketAddr>,
    /// Whom the certificate of the other end names.
    pub proven: Proven,
}

/// What the other end of a connection has proven about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proven {
    /// Nothing was asked: a token says enough.
    NotAsked,
    /// It speaks for these services, by its certificate; for none without one.
    Services(Vec<String>),
}

impl Origin {
    /// Of a call that came in from the network; `None` for one of this process.
    pub(crate) fn of<B>(request: &Request<B>) -> Option<Self> {
        let extensions = request.extensions();
        extensions.get::<Self>().cloned().or_else(|| {
            let info = extensions.get::<TcpConnectInfo>()?;
            Some(Self { address: info.remote_addr(), proven: Proven::NotAsked })
        })
    }

    /// The caller's address as far as it tells callers apart: what `proxies` tell of it, where
    /// one of them called.
    pub(crate) fn caller(&self, proxies: &Proxies, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = self.address?.ip().to_canonical();
        Some(caller(proxies.origin(peer, headers)))
    }

    /// Refuses what another than `service` says in its name: whoever has its
    /// token must have its certificate too.
    pub(crate) fn require(&self, service: &str) -> Result<(), Fault> {
        match &self.proven {
            Proven::NotAsked => Ok(()),
            Proven::Services(names) if names.iter().any(|name| name == service) => Ok(()),
            Proven::Services(_) => Err(Fault::new(
                Kind::Unauthenticated,
                "SERVICE_UNPROVEN",
                "Kết nối không có chứng thư của dịch vụ đã ký yêu cầu này.",
            )),
        }
    }
}

/// An IPv4 address as such, even where it came in as IPv6; of an IPv6 address the
/// network of 64 bits, in which one caller has every address there is.
pub(crate) fn caller(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_caller_has_one_address() {
        for (came, counts) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            assert_eq!(caller(came.parse().unwrap()), counts.parse::<IpAddr>().unwrap(), "{came}");
        }
    }

    #[test]
    fn a_service_is_who_its_certificate_says() {
        let from = |proven| Origin { address: None, proven };
        let services = |names: &[&str]| {
            Proven::Services(names.iter().map(|name| (*name).to_owned()).collect())
        };
        assert!(from(Proven::NotAsked).require("intake").is_ok());
        assert!(from(services(&["catalog", "intake"])).require("intake").is_ok());
        for others in [services(&[]), services(&["catalog"]), services(&["intake2"])] {
            let refused = from(others).require("intake").unwrap_err();
            assert_eq!(refused.reason(), "SERVICE_UNPROVEN");
        }
    }
}
