//! Whatever a caller writes into headers, tokens and messages: it is read or refused, never
//! broken by.

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use motcua_context::{Actor, Ctx, Person, Timestamp};
use motcua_ids::Uuid;
use motcua_proto::identity::v1::GetAccountRequest;
use motcua_sealing::Keyring;
use proptest::prelude::*;
use tonic::{Code, Status};

use crate::{Pages, Proxies, deadline, status::status, token};

/// Octets that may stand in a header: of any kind, and near to what is read.
fn values() -> impl Strategy<Value = HeaderValue> {
    let near = "[0-9a-zA-Z:;,.=\"\\\\\\[\\] _-]{0,60}";
    let hop = "(for=)?\"?\\[?[0-9a-f:.]{1,40}\\]?\"?(:[0-9]{1,6})?";
    prop_oneof![
        any::<Vec<u8>>(),
        near.prop_map(String::into_bytes),
        hop.prop_map(String::into_bytes),
        "[0-9]{0,20}[HMSmunx]?".prop_map(String::into_bytes),
    ]
    .prop_filter_map("no header", |octets| HeaderValue::from_bytes(&octets).ok())
}

fn ctx(account: u128) -> Ctx {
    let person = Person::citizen(Uuid::from_u128(account).into());
    Ctx::new(Actor::Person(person), Timestamp::UNIX_EPOCH)
}

proptest! {
    #[test]
    fn headers(values in prop::collection::vec(values(), 0..4), last: u8) {
        let mut headers = HeaderMap::new();
        for value in &values {
            for name in ["grpc-timeout", "authorization", "x-forwarded-for", "forwarded"] {
                headers.append(name, value.clone());
            }
        }
        if let Some(deadline) = deadline::read(&headers) {
            prop_assert!(deadline.as_secs() <= 99_999_999 * 3600);
        }
        let (ours, peer): (_, IpAddr) = (["10.0.0.0/8".to_owned()], [10, 0, 0, last].into());
        let proxies = Proxies::parse(&ours).unwrap();
        let stranger: IpAddr = [203, 0, 113, last].into();
        // Nobody but a proxy of ours says where he comes from.
        prop_assert_eq!(proxies.origin(stranger, &headers), stranger);
        proxies.origin(peer, &headers);
    }

    #[test]
    fn tokens(
        text in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{0,80}(\\.[A-Za-z0-9_-]{0,80}){0,3}"],
        key: [u8; 32],
    ) {
        let key = token::public_key(&key).unwrap();
        let claims: Option<serde::de::IgnoredAny> = token::decode(&text, &key, "motcua", None);
        prop_assert!(claims.is_none());
    }

    #[test]
    fn page_tokens(text in any::<String>(), at in any::<prop::sample::Index>(), other: u8, size: i32) {
        let pages = Pages::new(Arc::new(Keyring::generate()));
        let filter = GetAccountRequest { name: "a".to_owned() };
        let sound = pages.token(&ctx(1), &filter, &7_u32).unwrap();
        let mut altered = sound.clone().into_bytes();
        let at = at.index(altered.len() - 2);
        altered[at] = b'A' + other % 26;
        let altered = String::from_utf8(altered).unwrap();
        for token in [&text, &altered, &sound] {
            let opened = pages.open::<u32>(&ctx(1), &filter, size, token);
            let is_sound = token.is_empty() || *token == sound;
            prop_assert_eq!(opened.is_ok(), is_sound && size >= 0, "{}", token);
            if let Ok(page) = opened {
                prop_assert!((1..=100).contains(&page.size));
            }
        }
    }

    #[test]
    fn what_a_neighbour_refuses_with(code in 1..17_i32, message: String, details: Vec<u8>) {
        let told = Status::with_details(Code::from(code), message, Bytes::from(details));
        let fault = crate::fault(told);
        prop_assert!(!fault.reason().is_empty());
        let again = status(fault);
        prop_assert!(again.details().len() < 8 * 1024);
    }
}
