use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

use crate::origin::caller;

/// The proxies before this process whose word on where a call came from is taken.
///
/// Each of them must set `x-forwarded-for` or `forwarded` on every request. Where both are there
/// they must agree: the one that a proxy does not set is the caller's own invention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads networks (`10.0.0.0/8`) and single addresses.
    ///
    /// # Errors
    /// Each text that is neither.
    pub fn parse(networks: &[String]) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let known = networks.iter().filter_map(|text| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            let network = address.or_else(|_| text.parse::<IpNet>());
            network.inspect_err(|_| wrong.push(text.clone())).ok()
        });
        let known = known.collect();
        if wrong.is_empty() { Ok(Self(known)) } else { Err(wrong) }
    }

    /// By what a connection is counted: the caller's address, or nothing where one of the proxies
    /// connects for many.
    pub fn network(&self, peer: IpAddr) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        (!self.trusts(peer)).then(|| caller(peer))
    }

    /// The hop nearest to us that is none of our proxies: what it says of others is not believed.
    pub(crate) fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let back = |hops: Option<Vec<Option<IpAddr>>>| Some(self.back(peer, &hops?));
        match (back(hops(headers, "x-forwarded-for")), back(hops(headers, "forwarded"))) {
            (Some(one), Some(other)) if one != other => peer,
            (one, other) => one.or(other).unwrap_or(peer),
        }
    }

    /// Walks back from hop to hop, each told by the one after it, as long as that is trusted.
    fn back(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut at = peer;
        for hop in hops.iter().rev() {
            match hop {
                Some(before) if self.trusts(at) => at = *before,
                _ => break,
            }
        }
        at
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// The hops a header names, the first one first; none where it is absent. A hop that hides
/// itself, or is none, stands as such.
fn hops(headers: &HeaderMap, header: &'static str) -> Option<Vec<Option<IpAddr>>> {
    let values = headers.get_all(header).iter();
    let texts: Vec<_> = values.map(|value| value.to_str().unwrap_or_default()).collect();
    if texts.is_empty() {
        return None;
    }
    let elements = texts.iter().flat_map(|text| split(text, ','));
    Some(match header {
        "forwarded" => elements.map(forwarded_for).collect(),
        _ => elements.map(node).collect(),
    })
}

/// `for=` of one element of `forwarded` (RFC 7239).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let node_of = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| node(value))
    };
    split(element, ';').into_iter().find_map(node_of)?
}

/// An address with or without a port, with or without quotes: `"[2001:db8::1]:4711"`.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|at| at.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// Cuts at a sign, but not within quotes: a caller may have written what stands there.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let cut = |sign: char| {
        match sign {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => return sign == at && !quoted,
        }
        false
    };
    text.split(cut).collect()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn proxies(networks: &[&str]) -> Proxies {
        Proxies::parse(&networks.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
    }

    /// Where a call comes from that `peer` hands on with these headers; 10.0.0.0/8 and one IPv6
    /// network are ours.
    fn origin(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let ours = proxies(&["10.0.0.0/8", "fd00::/8", "192.0.2.9"]);
        ours.origin(ip(peer), &map).to_string()
    }

    #[test]
    fn what_a_stranger_says_of_others_is_not_believed() {
        let said = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.1")];
        assert_eq!(origin("203.0.113.7", &said), "203.0.113.7");
        assert_eq!(Proxies::default().origin(ip("10.0.0.1"), &HeaderMap::new()), ip("10.0.0.1"));
    }

    #[test]
    fn the_nearest_hop_that_is_none_of_ours_is_the_caller() {
        for (said, caller) in [
            ("203.0.113.7", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
            ("198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
            ("198.51.100.1,203.0.113.7,192.0.2.9,10.1.2.3", "203.0.113.7"),
            ("203.0.113.7:5678", "203.0.113.7"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("10.5.5.5, 10.1.2.3", "10.5.5.5"),
            // Who hides or writes nonsense is counted with the proxy that let it pass.
            ("203.0.113.7, unknown", "10.0.0.1"),
            ("203.0.113.7, , 10.1.2.3", "10.1.2.3"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(origin("10.0.0.1", &[("x-forwarded-for", said)]), caller, "{said}");
        }
        let lines = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.7")];
        assert_eq!(origin("10.0.0.1", &lines), "203.0.113.7");
        assert_eq!(origin("fd00::1", &lines), "203.0.113.7");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_as_the_standard_says() {
        for (said, caller) in [
            ("for=203.0.113.7;proto=https;by=10.0.0.1", "203.0.113.7"),
            ("for=198.51.100.1, For=\"203.0.113.7:80\";host=dvc.example.vn", "203.0.113.7"),
            ("for=\"[2001:db8:cafe::17]:4711\", for=10.1.2.3", "2001:db8:cafe::17"),
            ("for=203.0.113.7, proto=https", "10.0.0.1"),
            ("for=_hidden", "10.0.0.1"),
            // A caller's own words within quotes are no hops.
            ("for=203.0.113.7;host=\"x, for=198.51.100.1\"", "203.0.113.7"),
            ("for=203.0.113.7;host=\"x\\\", for=198.51.100.1\"", "203.0.113.7"),
        ] {
            assert_eq!(origin("10.0.0.1", &[("forwarded", said)]), caller, "{said}");
        }
    }

    #[test]
    fn two_headers_that_disagree_tell_nothing() {
        let both = |one: &str, other: &str| {
            origin("10.0.0.1", &[("x-forwarded-for", one), ("forwarded", other)])
        };
        assert_eq!(both("203.0.113.7", "for=203.0.113.7"), "203.0.113.7");
        assert_eq!(both("203.0.113.7", "for=198.51.100.1"), "10.0.0.1");
        assert_eq!(both("198.51.100.1", "for=203.0.113.7"), "10.0.0.1");
    }

    #[test]
    fn what_is_no_network_is_told() {
        let given = ["10.0.0.0/8", "10.0.0/8", "fd00::1", "ingress"].map(str::to_owned);
        assert_eq!(Proxies::parse(&given).unwrap_err(), ["10.0.0/8", "ingress"]);
    }
}
