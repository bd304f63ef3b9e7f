use ed25519_dalek::{SigningKey, pkcs8::EncodePrivateKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use motcua_context::{Actor, PersonKind, Timestamp};
use motcua_proto::identity::v1::{
    GetJwksRequest, Jwk, Jwks, ListRevocationsRequest, ListRevocationsResponse,
};
use motcua_rpc::UserClaims;

use crate::Neighbour;

const KID: &str = "test";

/// Issues tokens for any actor, and plays the `identity` that vouches for them.
pub struct Tokens {
    key: SigningKey,
    issuer: String,
}

impl Tokens {
    /// Tokens of a deployment named `issuer`.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self { key: SigningKey::from_bytes(&rand::random()), issuer: issuer.into() }
    }

    /// A token for `actor`, good for ten minutes from `now`; none for nobody.
    pub fn issue(&self, actor: &Actor, now: Timestamp) -> Option<String> {
        let (sub, kind, grants, scopes) = match actor {
            Actor::Anonymous => return None,
            Actor::Person(person) => {
                let kind = match person.kind {
                    PersonKind::Citizen => "citizen",
                    PersonKind::Organisation => "organisation",
                };
                (person.account.name(), kind, Vec::new(), Vec::new())
            }
            Actor::Officer(officer) => {
                let grants = officer.grants.iter().map(|grant| {
                    let (role, agency) = (grant.role.to_string(), grant.agency.name());
                    motcua_rpc::GrantClaim { role, agency }
                });
                (officer.account.name(), "officer", grants.collect(), Vec::new())
            }
            Actor::System(system) => {
                (system.name.clone(), "system", Vec::new(), system.scopes.clone())
            }
        };
        let agency = match actor {
            Actor::System(system) => system.agency.map(motcua_ids::AgencyId::name),
            _ => None,
        };
        let iat = now.timestamp();
        let claims = UserClaims {
            iss: self.issuer.clone(),
            aud: "motcua".to_owned(),
            sub,
            kind: kind.to_owned(),
            grants,
            scopes,
            agency,
            sid: None,
            iat,
            exp: iat + 600,
            jti: uuid::Uuid::from_bytes(rand::random()).to_string(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(KID.to_owned());
        let der = self.key.to_pkcs8_der().unwrap();
        let key = EncodingKey::from_ed_der(der.as_bytes());
        Some(jsonwebtoken::encode(&header, &claims, &key).unwrap())
    }

    /// The `identity` that vouches for these tokens and has revoked none.
    pub fn identity(&self) -> Neighbour {
        let x = self.key.verifying_key().to_bytes().to_vec();
        let jwk = Jwk { kid: KID.to_owned(), x, ..Jwk::default() };
        Neighbour::new()
            .on("/motcua.identity.v1.AuthService/GetJwks", move |_: GetJwksRequest| {
                Ok(Jwks { keys: vec![jwk.clone()] })
            })
            .on("/motcua.identity.v1.AuthService/ListRevocations", |_: ListRevocationsRequest| {
                Ok(ListRevocationsResponse::default())
            })
    }
}
