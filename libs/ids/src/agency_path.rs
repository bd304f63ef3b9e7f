use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AgencyId, BadName};

/// An agency with all that stand above it, the root first.
///
/// Kept with every object an agency owns, so that "may a leader of the province
/// see this commune's dossier" needs no look-up in the tree.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyPath(Vec<AgencyId>);

impl AgencyPath {
    /// A root agency.
    pub fn root(agency: AgencyId) -> Self {
        Self(vec![agency])
    }

    /// From the root to the agency itself; empty is refused.
    pub fn new(path: Vec<AgencyId>) -> Result<Self, BadName> {
        if path.is_empty() { Err(Self::bad()) } else { Ok(Self(path)) }
    }

    /// The path of a child of this agency.
    #[must_use]
    pub fn child(&self, agency: AgencyId) -> Self {
        Self(self.0.iter().copied().chain([agency]).collect())
    }

    /// The agency itself.
    pub fn agency(&self) -> AgencyId {
        self.0.last().copied().unwrap_or(AgencyId::new(Uuid::nil()))
    }

    /// Whether `agency` is this one or stands above it.
    pub fn contains(&self, agency: AgencyId) -> bool {
        self.0.contains(&agency)
    }

    /// From the root to the agency itself.
    pub fn agencies(&self) -> &[AgencyId] {
        &self.0
    }

    /// `/<uuid>/<uuid>/`: a descendant's text begins with its ancestor's, so a
    /// prefix search finds a whole branch.
    pub fn text(&self) -> String {
        self.to_string()
    }

    /// Reads what [`Self::text`] wrote.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        text.strip_prefix('/')
            .and_then(|t| t.strip_suffix('/'))
            .ok_or(Self::bad())?
            .split('/')
            .map(|part| Uuid::try_parse(part).map(AgencyId::new).map_err(|_| Self::bad()))
            .collect::<Result<Vec<_>, _>>()
            .and_then(Self::new)
    }

    const fn bad() -> BadName {
        BadName { collection: "agencies" }
    }
}

impl fmt::Display for AgencyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/")?;
        self.0.iter().try_for_each(|agency| write!(f, "{}/", agency.uuid()))
    }
}

impl fmt::Debug for AgencyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for AgencyPath {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}

impl From<AgencyPath> for String {
    fn from(path: AgencyPath) -> Self {
        path.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_back_and_knows_its_ancestors() {
        let [province, commune] = [1, 2].map(|n| AgencyId::new(Uuid::from_u128(n)));
        let path = AgencyPath::root(province).child(commune);
        assert_eq!(AgencyPath::parse(&path.text()), Ok(path.clone()));
        assert!(path.contains(province) && path.contains(commune));
        assert!(path.text().starts_with(&AgencyPath::root(province).text()));
        assert_eq!(path.agency(), commune);
        assert!(AgencyPath::parse("//").is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_read_again_the_same(
            text in proptest::prop_oneof![
                proptest::prelude::any::<String>(),
                "(/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?){0,4}/?",
                "(dossiers|agencies)/[{]?[0-9a-fA-F-]{30,40}[}]?",
            ],
        ) {
            if let Ok(path) = AgencyPath::parse(&text) {
                proptest::prop_assert_eq!(AgencyPath::parse(&path.text()), Ok(path));
            }
            if let Ok(id) = AgencyId::from_name(&text) {
                proptest::prop_assert_eq!(AgencyId::from_name(&id.name()), Ok(id));
            }
        }
    }
}
