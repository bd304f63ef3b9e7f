use std::collections::BTreeMap;

use reqwest::{Client, Response, header, redirect::Policy};
use url::Url;

/// Further than any sign-in goes.
const HOPS: usize = 20;

/// A person's browser: it keeps cookies, follows where it is sent, and fills in what it is shown.
pub(super) struct Browser {
    http: Client,
    cookies: BTreeMap<String, String>,
}

pub(super) fn client() -> Client {
    // The first one in the process; a second is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

impl Browser {
    pub(super) fn new() -> Self {
        Self { http: client(), cookies: BTreeMap::new() }
    }

    /// Goes to `door`, signs in and agrees, until it is sent to `back`; answers with what it is sent.
    pub(super) async fn sign_in(
        mut self,
        door: &str,
        login: &str,
        back: &str,
    ) -> BTreeMap<String, String> {
        let mut place = Url::parse(door).unwrap();
        for _ in 0..HOPS {
            let mut answer = self.get(&place).await;
            if answer.status().is_success() {
                let page = answer.text().await.unwrap();
                let prompt = if page.contains("name=\"login\"") { "login" } else { "consent" };
                answer = self.post(&place, &[("prompt", prompt), ("login", login)]).await;
            }
            let Some(next) = answer.headers().get(header::LOCATION) else {
                panic!("{place}: {} {}", answer.status(), answer.text().await.unwrap());
            };
            place = place.join(next.to_str().unwrap()).unwrap();
            if place.as_str().starts_with(back) {
                return place.query_pairs().into_owned().collect();
            }
        }
        panic!("sent about without end");
    }

    async fn get(&mut self, place: &Url) -> Response {
        let request = self.http.get(place.clone()).header(header::COOKIE, self.shown());
        self.keep(request.send().await.unwrap())
    }

    async fn post(&mut self, place: &Url, form: &[(&str, &str)]) -> Response {
        let request = self.http.post(place.clone()).header(header::COOKIE, self.shown());
        self.keep(request.form(form).send().await.unwrap())
    }

    fn shown(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: Response) -> Response {
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}
