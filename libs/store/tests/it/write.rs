use motcua_store::Once;
use motcua_testkit::Database;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, InsertStatement, Query},
};

use crate::{
    on_both,
    support::{env, event, refusal, request, uuid},
};

on_both!(
    a_repeated_request_changes_nothing_and_names_the_first_subject,
    the_same_id_with_another_payload_is_refused,
    another_caller_may_use_the_same_id,
    what_the_first_time_has_changed_does_not_refuse_the_second,
    a_refusal_leaves_nothing_and_the_way_open,
    what_is_left_for_the_end_is_stored_with_the_rest,
    fifty_at_once_are_twenty_five_writes,
    a_read_may_not_write,
);

async fn a_repeated_request_changes_nothing_and_names_the_first_subject(database: Database) {
    let env = env(database).await;
    let write = async |subject| {
        env.store
            .write(&request(1, 1, 0), uuid(subject), async |tx| {
                tx.publish(uuid(subject), &event("said"));
                Ok(subject)
            })
            .await
            .unwrap()
    };
    assert_eq!(write(10).await, Once::Done(10));
    assert_eq!(write(11).await, Once::Already(uuid(10)));
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 1);
}

async fn the_same_id_with_another_payload_is_refused(database: Database) {
    let env = env(database).await;
    let write =
        async |payload| env.store.write(&request(1, 1, payload), uuid(10), async |_| Ok(())).await;
    write(0).await.unwrap();
    assert_eq!(write(1).await.unwrap_err().reason(), "REQUEST_ID_REUSED");
}

async fn what_the_first_time_has_changed_does_not_refuse_the_second(database: Database) {
    let env = env(database).await;
    env.store.write(&request(1, 1, 0), uuid(10), async |_| Ok(())).await.unwrap();
    let again = async |payload| {
        let refused = async |_: &motcua_store::Tx| Err::<(), _>(refusal());
        env.store.write(&request(1, 1, payload), uuid(11), refused).await
    };
    assert_eq!(again(0).await.unwrap(), Once::Already(uuid(10)));
    assert_eq!(again(1).await.unwrap_err().reason(), "REQUEST_ID_REUSED");
}

async fn another_caller_may_use_the_same_id(database: Database) {
    let env = env(database).await;
    for person in [1, 2] {
        let done = env.store.write(&request(person, 1, 0), uuid(10), async |_| Ok(())).await;
        assert_eq!(done.unwrap(), Once::Done(()));
    }
}

async fn a_refusal_leaves_nothing_and_the_way_open(database: Database) {
    let env = env(database).await;
    let ctx = request(1, 1, 0);
    let refused = env
        .store
        .write(&ctx, uuid(10), async |tx| {
            tx.publish(uuid(10), &event("never said"));
            tx.schedule("never", uuid(10), ctx.now()).await?;
            Err::<(), _>(refusal())
        })
        .await;
    assert_eq!(refused.unwrap_err().reason(), "NOT_NOW");
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 0);
    assert!(env.store.due(["never"]).ready(ctx.now(), 10).await.unwrap().is_empty());
    let again = env.store.write(&ctx, uuid(10), async |_| Ok(())).await;
    assert_eq!(again.unwrap(), Once::Done(()));
}

async fn fifty_at_once_are_twenty_five_writes(database: Database) {
    let env = env(database).await;
    let writes = (0..50_u128).map(|n| {
        let store = env.store.clone();
        async move {
            let ctx = request(1, n % 25, 0);
            store
                .write(&ctx, uuid(n), async |tx| {
                    tx.publish(uuid(n % 25), &event("said"));
                    Ok(())
                })
                .await
                .unwrap()
        }
    });
    let done = futures::future::join_all(writes).await;
    assert_eq!(done.iter().filter(|once| **once == Once::Done(())).count(), 25);
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 25);
}

async fn a_read_may_not_write(database: Database) {
    let env = env(database).await;
    let ctx = request(1, 1, 0).with_cause(motcua_context::Cause::None);
    let refused = env.store.write(&ctx, uuid(1), async |_| Ok(())).await;
    assert_eq!(refused.unwrap_err().reason(), "INTERNAL");
}

async fn what_is_left_for_the_end_is_stored_with_the_rest(database: Database) {
    let env = env(database).await;
    let write = async |request_id, refused: bool| {
        env.store
            .write(&request(1, request_id, 0), uuid(10), async |tx| {
                tx.at_last(lease("a"));
                tx.at_last(lease("b"));
                tx.publish(uuid(10), &event("said"));
                if refused { Err(refusal()) } else { Ok(()) }
            })
            .await
    };
    write(1, true).await.unwrap_err();
    assert_eq!(leases(&env).await, 0);
    write(2, false).await.unwrap();
    assert_eq!(leases(&env).await, 2);
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 1);
    // What fails at the end fails the whole: its names are taken.
    assert_eq!(write(3, false).await.unwrap_err().reason(), "CONFLICT");
    assert_eq!(env.store.outbox().lag().await.unwrap().0, 1);
}

/// A row of a table that every service has.
fn lease(name: &str) -> InsertStatement {
    Query::insert()
        .into_table("lease")
        .columns(["name", "holder", "until", "token"])
        .values_panic([name.into(), "me".into(), 0.into(), 1.into()])
        .to_owned()
}

async fn leases(env: &crate::support::Env) -> i64 {
    let db = env.store.reader();
    let count = Query::select().expr(Expr::cust("count(*)")).from("lease").to_owned();
    db.query_one(&count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}
