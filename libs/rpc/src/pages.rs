use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use motcua_context::Ctx;
use motcua_fault::{Fault, Violations};
use motcua_sealing::Keyring;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

const LABEL: &str = "page-token";
const DEFAULT_SIZE: u32 = 20;
const LARGEST_SIZE: u32 = 100;

/// Which page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<C> {
    /// Rows at the most, 1 to 100.
    pub size: u64,
    /// The last row of the page before; `None` for the first page.
    pub after: Option<C>,
}

/// Opaque page tokens (AIP-158): sealed, and good only for the caller and the
/// filter they were made for.
#[derive(Clone)]
pub struct Pages {
    keyring: Arc<Keyring>,
}

#[derive(Serialize, Deserialize)]
struct Token<C> {
    cursor: C,
    filter: String,
    caller: String,
}

impl Pages {
    /// Page tokens sealed with a service's keys.
    pub const fn new(keyring: Arc<Keyring>) -> Self {
        Self { keyring }
    }

    /// The page a request asks for. `filter` is what must stay the same from page to page.
    ///
    /// # Errors
    /// A token of another caller or filter, or one that was tampered with.
    pub fn open<C: DeserializeOwned>(
        &self,
        ctx: &Ctx,
        filter: &impl prost::Name,
        page_size: i32,
        page_token: &str,
    ) -> Result<Page<C>, Fault> {
        let mut violations = Violations::default();
        if page_size < 0 {
            violations.add("page_size", "PAGE_SIZE_INVALID", "Số dòng mỗi trang không được âm.");
        }
        let after = match page_token {
            "" => None,
            text => {
                let cursor = self.read(ctx, filter, text);
                if cursor.is_none() {
                    violations.add(
                        "page_token",
                        "PAGE_TOKEN_INVALID",
                        "Mã trang không còn dùng được, vui lòng xem lại từ trang đầu.",
                    );
                }
                cursor
            }
        };
        violations.finish()?;
        let size = match u32::try_from(page_size).unwrap_or_default() {
            0 => DEFAULT_SIZE,
            size => size.min(LARGEST_SIZE),
        };
        Ok(Page { size: u64::from(size), after })
    }

    /// The token of the page behind `cursor`.
    pub fn token(
        &self,
        ctx: &Ctx,
        filter: &impl prost::Name,
        cursor: &impl Serialize,
    ) -> Result<String, Fault> {
        let token = Token { cursor, filter: hash(filter), caller: caller(ctx) };
        Ok(URL_SAFE_NO_PAD.encode(self.keyring.seal_json(LABEL, &token)?))
    }

    fn read<C: DeserializeOwned>(
        &self,
        ctx: &Ctx,
        filter: &impl prost::Name,
        text: &str,
    ) -> Option<C> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let token: Token<C> = self.keyring.open_json(LABEL, &sealed).ok()?;
        (token.filter == hash(filter) && token.caller == caller(ctx)).then_some(token.cursor)
    }
}

fn hash<F: prost::Message + prost::Name>(filter: &F) -> String {
    let hash = Sha256::new().chain_update(F::full_name()).chain_update(filter.encode_to_vec());
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..16])
}

fn caller(ctx: &Ctx) -> String {
    ctx.actor().identity().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use motcua_context::{Actor, Person, System, Timestamp};
    use motcua_ids::Uuid;
    use motcua_proto::identity::v1::GetAccountRequest;

    use super::*;

    fn pages() -> Pages {
        Pages::new(Arc::new(Keyring::generate()))
    }

    fn ctx(account: u128) -> Ctx {
        let person = Person::citizen(Uuid::from_u128(account).into());
        Ctx::new(Actor::Person(person), Timestamp::UNIX_EPOCH)
    }

    fn filter(name: &str) -> GetAccountRequest {
        GetAccountRequest { name: name.to_owned() }
    }

    fn reasons(refused: &Fault) -> Vec<&str> {
        refused.violations().iter().map(|v| v.reason.as_str()).collect()
    }

    #[test]
    fn a_token_leads_its_caller_to_the_next_page() {
        let pages = pages();
        let token = pages.token(&ctx(1), &filter("a"), &42_u32).unwrap();
        let page = pages.open(&ctx(1), &filter("a"), 0, &token).unwrap();
        assert_eq!(page, Page { size: 20, after: Some(42_u32) });
        let first = pages.open::<u32>(&ctx(1), &filter("a"), 1_000, "").unwrap();
        assert_eq!(first, Page { size: 100, after: None });
    }

    #[test]
    fn a_token_is_good_for_its_caller_and_filter_alone() {
        let pages = pages();
        let token = pages.token(&ctx(1), &filter("a"), &42_u32).unwrap();
        let mut altered = token.clone();
        altered.replace_range(9..10, if &token[9..10] == "A" { "B" } else { "A" });
        let nobody = Ctx::new(Actor::Anonymous, Timestamp::UNIX_EPOCH);
        let service = System {
            on_behalf_of: Some(Box::new(ctx(1).actor().clone())),
            ..System::service("intake")
        };
        let service = Ctx::new(Actor::System(service), Timestamp::UNIX_EPOCH);
        for (ctx, name, token) in [
            (ctx(2), "a", token.as_str()),
            (nobody, "a", &token),
            (service, "a", &token),
            (ctx(1), "b", &token),
            (ctx(1), "a", &altered),
            (ctx(1), "a", &token[..20]),
            (ctx(1), "a", "không phải mã trang"),
        ] {
            let refused = pages.open::<u32>(&ctx, &filter(name), 0, token).unwrap_err();
            assert_eq!(reasons(&refused), ["PAGE_TOKEN_INVALID"], "{:?} {name}", ctx.actor());
        }
        let elsewhere = self::pages().open::<u32>(&ctx(1), &filter("a"), -1, &token).unwrap_err();
        assert_eq!(reasons(&elsewhere), ["PAGE_SIZE_INVALID", "PAGE_TOKEN_INVALID"]);
    }
}
