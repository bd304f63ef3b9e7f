use std::net::{IpAddr, Ipv6Addr};

use http::Request;
use tonic::transport::server::TcpConnectInfo;

/// Where a call came from, as far as it tells callers apart; none for a call
/// from the same process.
pub(crate) fn address<B>(request: &Request<B>) -> Option<IpAddr> {
    let info = request.extensions().get::<TcpConnectInfo>()?;
    info.remote_addr().map(|address| caller(address.ip()))
}

/// An IPv4 address as such, even where it came in as IPv6; of an IPv6 address the
/// network of 64 bits, in which one caller has every address there is.
fn caller(address: IpAddr) -> IpAddr {
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
}
