use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Carrier;
use crate::domain::{Per, Price, TALK, Tariff, Thousandths};

/// A price of a contract with somebody who carries messages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceConfig {
    /// Whose: our word for the provider.
    pub provider: String,
    /// The first local day, `YYYY-MM-DD`; until the provider's next price.
    pub valid_from: NaiveDate,
    /// Of what: `message` or `segment`.
    pub per: Per,
    /// In đồng, with at most three decimals.
    pub vnd: Thousandths,
}

/// Everything that is wrong, each beginning with its key.
pub(super) fn wrong(prices: &[PriceConfig]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (n, price) in prices.iter().enumerate() {
        let names: Vec<_> = Carrier::ALL.map(Carrier::name).into_iter().chain([TALK]).collect();
        if !names.contains(&price.provider.as_str()) {
            let known = names.join(", ");
            wrong.push(format!("prices[{n}].provider: must be one of {known}"));
        }
        let same = |other: &PriceConfig| {
            (&other.provider, other.valid_from) == (&price.provider, price.valid_from)
        };
        if prices[..n].iter().any(same) {
            wrong.push(format!(
                "prices[{n}].valid_from: {} has another price from that day",
                price.provider
            ));
        }
    }
    wrong
}

/// The prices by provider.
pub(super) fn tariffs(prices: &[PriceConfig]) -> BTreeMap<String, Tariff> {
    let mut all = BTreeMap::<String, Vec<Price>>::new();
    for PriceConfig { provider, valid_from, per, vnd } in prices {
        let price = Price { from: *valid_from, per: *per, each: *vnd };
        all.entry(provider.clone()).or_default().push(price);
    }
    all.into_iter().map(|(provider, prices)| (provider, Tariff::new(prices))).collect()
}
