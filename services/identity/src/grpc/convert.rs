//! Domain → contract.

use motcua_context::{Timestamp, whole_micros};
use motcua_ids::AccountId;
use motcua_proto::identity::v1::{self as proto, account::Holder as ProtoHolder};
use motcua_vn::{CitizenNumber, EmailAddress, PhoneNumber};

use crate::{
    app::{Access, Begun, Feed, Pair},
    domain::{
        Account, Contacts, Granted, Holder, Kind, Reading, Revoked, SigningKey, State, Subject,
    },
};

/// How much of a person is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// To the holder, or to whoever's reading is recorded.
    Whole,
    /// In lists, and to whoever gave a command upon another's account.
    Masked,
}

pub(crate) fn time_to_proto(at: Timestamp) -> prost_types::Timestamp {
    std::time::SystemTime::from(at).into()
}

/// The instant, if it is one that the contract's `Timestamp` may be: of the years 1 to 9999.
pub(crate) fn time_from_proto(at: prost_types::Timestamp) -> Option<Timestamp> {
    const YEARS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
    let nanos = u32::try_from(at.nanos).ok().filter(|_| YEARS.contains(&at.seconds))?;
    Timestamp::from_timestamp(at.seconds, nanos).map(whole_micros)
}

pub(crate) fn kind_to_proto(kind: Kind) -> proto::AccountKind {
    match kind {
        Kind::Citizen => proto::AccountKind::Citizen,
        Kind::Organisation => proto::AccountKind::Organisation,
        Kind::Officer => proto::AccountKind::Officer,
        Kind::System => proto::AccountKind::System,
    }
}

pub(crate) fn grant_to_proto(grant: &Granted) -> proto::Grant {
    proto::Grant {
        role: grant.role.to_proto().into(),
        agency: grant.agency.name(),
        grant_time: Some(time_to_proto(grant.at)),
        granted_by: grant.by.map(AccountId::name).unwrap_or_default(),
    }
}

pub(super) fn account(account: &Account, shown: Shown) -> proto::Account {
    let answered = active(account, shown);
    match account.state() {
        State::Active => answered,
        State::Disabled { at, by, reason } => proto::Account {
            state: proto::AccountState::Disabled.into(),
            disable_time: Some(time_to_proto(*at)),
            disabled_by: by.name(),
            disable_reason: if shown == Shown::Whole { reason.clone() } else { String::new() },
            ..answered
        },
    }
}

fn active(account: &Account, shown: Shown) -> proto::Account {
    proto::Account {
        name: account.id().name(),
        holder: Some(holder(account, shown)),
        state: proto::AccountState::Active.into(),
        create_time: Some(time_to_proto(account.created_at())),
        update_time: Some(time_to_proto(account.updated_at())),
        etag: account.etag(),
        masked: shown == Shown::Masked,
        ..proto::Account::default()
    }
}

fn holder(account: &Account, shown: Shown) -> ProtoHolder {
    match account.holder() {
        Holder::Citizen(citizen) => {
            let (phone, email) = contacts(&citizen.contacts, shown);
            ProtoHolder::Citizen(proto::Citizen {
                full_name: name(citizen.full_name.as_str(), shown),
                citizen_number: number(citizen.citizen_number.as_ref(), shown),
                phone,
                email,
            })
        }
        Holder::Organisation(organisation) => {
            let (phone, email) = contacts(&organisation.contacts, shown);
            // An organisation's name and tax code are public by law.
            ProtoHolder::Organisation(proto::Organisation {
                organisation_name: organisation.organisation_name.as_str().to_owned(),
                tax_code: organisation.tax_code.as_str().to_owned(),
                representative: name(organisation.representative.as_str(), shown),
                phone,
                email,
            })
        }
        Holder::Officer(officer) => {
            let (phone, email) = contacts(&officer.contacts, shown);
            // An officer's name and post are on the door.
            ProtoHolder::Officer(proto::Officer {
                username: officer.username.as_str().to_owned(),
                full_name: officer.full_name.as_str().to_owned(),
                position: officer.position.as_ref().map_or("", |p| p.as_str()).to_owned(),
                citizen_number: number(officer.citizen_number.as_ref(), shown),
                phone,
                email,
                agency: officer.agency.name(),
                grants: officer.grants().iter().map(grant_to_proto).collect(),
                password_change_required: account.credential().change_required(),
            })
        }
        Holder::System(system) => ProtoHolder::System(proto::System {
            client_id: system.client_id.as_str().to_owned(),
            display_name: system.display_name.as_str().to_owned(),
            scopes: system.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            agency: system.agency.map(motcua_ids::AgencyId::name).unwrap_or_default(),
            old_secret_expire_time: account.credential().previous().map(|p| time_to_proto(p.until)),
        }),
    }
}

fn number(number: Option<&CitizenNumber>, shown: Shown) -> String {
    text(number, shown, |number| number.reveal().to_owned(), CitizenNumber::masked)
}

fn contacts(contacts: &Contacts, shown: Shown) -> (String, String) {
    let phone = text(contacts.phone.as_ref(), shown, PhoneNumber::national, PhoneNumber::masked);
    let whole = |email: &EmailAddress| email.reveal().to_owned();
    (phone, text(contacts.email.as_ref(), shown, whole, EmailAddress::masked))
}

fn text<T>(
    value: Option<&T>,
    shown: Shown,
    whole: impl Fn(&T) -> String,
    masked: impl Fn(&T) -> String,
) -> String {
    match (value, shown) {
        (None, _) => String::new(),
        (Some(value), Shown::Whole) => whole(value),
        (Some(value), Shown::Masked) => masked(value),
    }
}

/// «Nguyễn Thị Hoa» in a list is «N. T. Hoa».
fn name(full: &str, shown: Shown) -> String {
    if shown == Shown::Whole {
        return full.to_owned();
    }
    let words: Vec<&str> = full.split(' ').collect();
    let last = words.len() - 1;
    let initial = |word: &str| word.chars().next().map(|c| format!("{c}.")).unwrap_or_default();
    let shorten =
        |(at, word): (usize, &&str)| if at == last { (*word).into() } else { initial(word) };
    words.iter().enumerate().map(shorten).collect::<Vec<String>>().join(" ")
}

pub(super) fn contact(account: &Account) -> proto::Contact {
    let (phone, email) =
        account.holder().contacts().map(|c| contacts(c, Shown::Whole)).unwrap_or_default();
    proto::Contact { display_name: account.holder().display_name().to_owned(), phone, email }
}

pub(super) fn pair(pair: Pair) -> proto::TokenPair {
    proto::TokenPair {
        access_token: pair.access.token,
        access_expire_time: Some(time_to_proto(pair.access.expires_at)),
        refresh_token: pair.refresh,
        refresh_expire_time: Some(time_to_proto(pair.refresh_expires_at)),
        account: pair.account.name(),
        session: pair.session.name(),
    }
}

pub(super) fn begun(begun: Begun) -> proto::BeginSignInResponse {
    proto::BeginSignInResponse {
        authorization_url: begun.authorization_url,
        state: begun.pending.state,
        ticket: begun.ticket,
        expire_time: Some(time_to_proto(begun.pending.expires_at)),
    }
}

pub(super) fn system_token(access: Access) -> proto::SystemToken {
    proto::SystemToken {
        access_token: access.token,
        access_expire_time: Some(time_to_proto(access.expires_at)),
        scopes: access.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
    }
}

pub(super) fn jwks(keys: Vec<(SigningKey, Option<Timestamp>)>) -> proto::Jwks {
    let jwk = |(key, until): (SigningKey, Option<Timestamp>)| proto::Jwk {
        kid: key.kid,
        x: key.public.to_vec(),
        sign_from_time: Some(time_to_proto(key.sign_from)),
        verify_until_time: until.map(time_to_proto),
    };
    proto::Jwks { keys: keys.into_iter().map(jwk).collect() }
}

pub(super) fn feed(feed: Feed) -> proto::ListRevocationsResponse {
    let revocation = |revocation: crate::domain::Revocation| proto::Revocation {
        revoked: Some(match revocation.revoked {
            Revoked::Session(session) => proto::revocation::Revoked::Session(session.name()),
            Revoked::Account(account) => proto::revocation::Revoked::Account(account.name()),
        }),
        revoke_time: Some(time_to_proto(revocation.at)),
        forget_time: Some(time_to_proto(revocation.forget_at)),
    };
    proto::ListRevocationsResponse {
        revocations: feed.revocations.into_iter().map(revocation).collect(),
        next_cursor: feed.next_cursor,
        more: feed.more,
    }
}

pub(super) fn reading(reading: &Reading) -> proto::PersonalDataReading {
    proto::PersonalDataReading {
        reader: reading.reader.map(AccountId::name).unwrap_or_default(),
        system: reading.system.clone().unwrap_or_default(),
        method: reading.method.clone(),
        purpose: reading.purpose.clone(),
        read_time: Some(time_to_proto(reading.at)),
        account: match reading.subject {
            Subject::Account(account) => account.name(),
            Subject::Dossier(_) => String::new(),
        },
        dossier: match reading.subject {
            Subject::Dossier(dossier) => dossier.name(),
            Subject::Account(_) => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_beyond_the_contracts_years_is_none() {
        let at = |seconds, nanos| time_from_proto(prost_types::Timestamp { seconds, nanos });
        assert_eq!(at(0, 1_500), Some(Timestamp::UNIX_EPOCH + chrono::TimeDelta::microseconds(1)));
        for (seconds, nanos) in [(i64::MAX, 0), (i64::MIN, 0), (253_402_300_800, 0), (0, -1)] {
            assert_eq!(at(seconds, nanos), None, "{seconds}.{nanos}");
        }
    }

    #[test]
    fn names_in_lists_keep_the_given_name_alone() {
        assert_eq!(name("Nguyễn Thị Hoa", Shown::Masked), "N. T. Hoa");
        assert_eq!(name("Nguyễn Thị Hoa", Shown::Whole), "Nguyễn Thị Hoa");
        assert_eq!(name("Hoa", Shown::Masked), "Hoa");
    }
}
