use futures::{future::join_all, poll};
use motcua_context::{Actor, System, Timestamp};
use motcua_fault::Kind;
use motcua_ids::Uuid;
use motcua_proto::intake::v1::BatchGetContactsResponse;
use motcua_testkit::Neighbour;
use tokio::task::yield_now;
use tower::{Service, service_fn};

use super::*;

/// The names asked for, call by call.
type Calls = Arc<Mutex<Vec<Vec<String>>>>;

fn dossier(n: u128) -> DossierId {
    DossierId::new(Uuid::from_u128(n))
}

/// Somebody called like their dossier.
fn somebody(dossier: &str) -> DossierContact {
    DossierContact { full_name: dossier.to_owned(), ..DossierContact::default() }
}

/// An intake that answers several at once like this, and knows all dossiers alone but the third.
fn neighbour(calls: &Calls, several: Option<Kind>) -> Neighbour {
    let (one, many) = (calls.clone(), calls.clone());
    Neighbour::new()
        .on("/motcua.intake.v1.IntakeService/GetContact", move |asked: GetContactRequest| {
            one.lock().unwrap().push(vec![asked.dossier.clone()]);
            let known = asked.dossier != dossier(3).name();
            known.then(|| somebody(&asked.dossier)).ok_or_else(|| Fault::not_found("dossier"))
        })
        .on(
            "/motcua.intake.v1.IntakeService/BatchGetContacts",
            move |asked: BatchGetContactsRequest| {
                many.lock().unwrap().push(asked.dossiers.clone());
                match several {
                    Some(kind) => Err(Fault::new(kind, "REFUSED", "Không được.")),
                    None => Ok(BatchGetContactsResponse {
                        contacts: asked.dossiers.iter().map(|name| somebody(name)).collect(),
                    }),
                }
            },
        )
}

/// What five are answered that wait at once, each with its dossier's name or the fault's kind; and
/// what intake was asked.
async fn five(several: Option<Kind>) -> (Vec<Result<String, Kind>>, Vec<Vec<String>>) {
    waiting(several, &[1, 2, 3, 4, 5]).await
}

/// The same of any.
async fn waiting(
    several: Option<Kind>,
    dossiers: &[u128],
) -> (Vec<Result<String, Kind>>, Vec<Vec<String>>) {
    let calls = Calls::default();
    let contacts = Contacts::new(IntakeServiceClient::new(neighbour(&calls, several).wire()));
    let system = Actor::System(System::service("notification"));
    let ctx = Ctx::new(system, Timestamp::UNIX_EPOCH);
    let turn = contacts.turn.clone().lock_owned().await;
    let mut all = join_all(dossiers.iter().map(|n| contacts.of(&ctx, dossier(*n))));
    assert!(poll!(&mut all).is_pending());
    drop(turn);
    let told = all.await.into_iter().map(|told| match told {
        Ok(contact) => Ok(contact.full_name),
        Err(fault) => Err(fault.kind()),
    });
    (told.collect(), calls.lock().unwrap().clone())
}

fn names() -> Vec<String> {
    (1..=5).map(|n| dossier(n).name()).collect()
}

#[tokio::test]
async fn those_that_wait_are_asked_for_together() {
    let (told, calls) = five(None).await;
    assert_eq!(told, names().into_iter().map(Ok).collect::<Vec<_>>());
    assert_eq!(calls, [names()]);
}

#[tokio::test]
async fn those_that_come_while_one_is_asked_for_are_asked_for_together() {
    let calls = Calls::default();
    let wire = neighbour(&calls, None).wire();
    let slow = Wire::new(service_fn(move |asked| {
        let mut wire = wire.clone();
        async move {
            yield_now().await;
            wire.call(asked).await
        }
    }));
    let contacts = Contacts::new(IntakeServiceClient::new(slow));
    let ctx = Ctx::new(Actor::System(System::service("notification")), Timestamp::UNIX_EPOCH);
    let told = join_all([1, 2, 4, 5].map(|n| contacts.of(&ctx, dossier(n)))).await;
    let told: Vec<_> = told.into_iter().map(|told| told.unwrap().full_name).collect();
    let names = [1, 2, 4, 5].map(|n| dossier(n).name());
    assert_eq!(told, names);
    assert_eq!(*calls.lock().unwrap(), [&names[..1], &names[1..]]);
}

#[tokio::test]
async fn two_about_the_same_are_both_told() {
    let (told, calls) = waiting(None, &[1, 2, 2, 1]).await;
    let name = |n: u128| Ok(dossier(n).name());
    assert_eq!(told, [name(1), name(2), name(2), name(1)]);
    assert_eq!(calls[0], [dossier(1).name(), dossier(2).name()]);
}

#[tokio::test]
async fn one_that_is_not_there_is_nobody_elses_trouble() {
    let (told, calls) = five(Some(Kind::NotFound)).await;
    let mut expected: Vec<_> = names().into_iter().map(Ok).collect();
    expected[2] = Err(Kind::NotFound);
    assert_eq!(told, expected);
    let lengths: Vec<_> = calls.iter().map(Vec::len).collect();
    assert_eq!(lengths, [5, 1, 1, 1, 1, 1]);
}

#[tokio::test]
async fn an_intake_that_is_away_is_asked_once_for_all() {
    let (told, calls) = five(Some(Kind::Unavailable)).await;
    assert_eq!(told, vec![Err(Kind::Unavailable); 5]);
    assert_eq!(calls, [names()]);
}
