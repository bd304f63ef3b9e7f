//! Officers hear on a working day's morning what awaits them.

use std::time::Duration;

use chrono::NaiveDate;
use motcua_context::Role;
use motcua_proto::workflow::v1 as proto;
use motcua_testkit::Database;
use proto::{DigestLoad, OfficerDigestReady};

use crate::support::*;

on_both_databases!(
    an_officer_hears_once_a_morning_what_awaits_them,
    an_afternoon_is_no_morning,
    nobody_hears_on_a_day_off,
    the_desk_hears_of_results_and_a_leader_of_what_is_late,
);

async fn said(office: &Office) -> Vec<OfficerDigestReady> {
    office.env.said().await
}

/// Waits until so many were said, and says them.
async fn until_said(office: &Office, count: usize) -> Vec<OfficerDigestReady> {
    let all = async || Some(said(office).await).filter(|all| all.len() >= count);
    let all = office.env.until(all).await;
    assert_eq!(all.len(), count);
    all
}

/// Waits until so many officers were looked at on a day, whether anything awaited them or not.
async fn until_looked_at(office: &Office, day: &str, officers: u64) {
    let day: NaiveDate = day.parse().unwrap();
    let sql = "SELECT count(*) AS n FROM officer WHERE digest_day = $1";
    office
        .env
        .until(async || {
            let looked_at = office.env.store.count(sql, [day.to_epoch_days().into()]).await;
            (looked_at.unwrap() == officers).then_some(())
        })
        .await;
}

/// Longer than a turn takes.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(2_500)).await;
}

async fn an_officer_hears_once_a_morning_what_awaits_them(database: Database) {
    // It is nine: a process that was down at a quarter past seven makes up for it.
    let office = Office::open(database).await;
    for n in [1, 2] {
        office.accept(Filed::online(n)).await;
    }
    office.take(1, "phan-cong", &head()).await.unwrap();
    for (n, officer) in (1..).zip([head(), specialist(), leader()]) {
        office.told_of(&officer, n).await;
    }
    until_looked_at(&office, "2026-03-02", 3).await;
    let [first] = &until_said(&office, 1).await[..] else { panic!("only the head has work") };
    assert_eq!(first.account, account(11).name());
    assert_eq!((&first.agency, &first.agency_path), (&agency(UNIT).name(), &path(UNIT).text()));
    assert_eq!((first.day.as_str(), first.digest_time), ("2026-03-02", stamp(office.env.now())));
    assert_eq!(first.expire_time, stamp(utc("2026-03-02T04:00:00Z")));
    // Four hours of office time from nine on end at three in the afternoon.
    let one = DigestLoad { tasks: 1, due_today: 1, overdue: 0 };
    assert_eq!((first.held, first.waiting), (Some(one), Some(one)));
    assert_eq!((first.to_approve, first.to_return, first.late), (0, 0, 0));
    let mut urgent: Vec<_> = first.urgent.iter().map(|t| (t.code.as_str(), t.due_time)).collect();
    urgent.sort_by_key(|(code, _)| *code);
    let due = stamp(utc("2026-03-02T08:00:00Z"));
    assert_eq!(urgent, [("H53.05-260302-0001", due), ("H53.05-260302-0002", due)]);

    // The next turns say nothing more, nor do the next morning's first hours.
    a_while().await;
    office.advance(22);
    a_while().await;
    assert_eq!(said(&office).await.len(), 1);
    office.advance(1);
    let second = until_said(&office, 2).await.remove(1);
    let late = DigestLoad { tasks: 1, due_today: 0, overdue: 1 };
    assert_eq!((second.day.as_str(), second.held), ("2026-03-03", Some(late)));
}

async fn an_afternoon_is_no_morning(database: Database) {
    let afternoon = utc("2026-03-02T09:00:00Z");
    let office = Office::open_with(database, |builder| builder.at(afternoon)).await;
    office.accept(Filed::online(1)).await;
    office.told_of(&head(), 1).await;
    a_while().await;
    assert_eq!(said(&office).await, []);
    office.advance(17);
    assert_eq!(until_said(&office, 1).await[0].day, "2026-03-03");
}

async fn nobody_hears_on_a_day_off(database: Database) {
    let saturday = utc("2026-03-07T02:00:00Z");
    let office = Office::open_with(database, |builder| builder.at(saturday)).await;
    office.accept(Filed::online(1)).await;
    office.told_of(&head(), 1).await;
    until_looked_at(&office, "2026-03-07", 1).await;
    // The calendar has a holiday on Tuesday, as Tết is one.
    office.advance(72);
    until_looked_at(&office, "2026-03-10", 1).await;
    assert_eq!(said(&office).await, []);
    office.advance(24);
    assert_eq!(until_said(&office, 1).await[0].day, "2026-03-11");
}

async fn the_desk_hears_of_results_and_a_leader_of_what_is_late(database: Database) {
    let office = Office::open(database).await;
    for n in [1, 2, 3] {
        office.accept(Filed::online(n)).await;
    }
    office.to_desk(1).await;
    office.to_leader(2).await;
    // Friday: three working days are over.
    office.advance(96);
    let desk = officer(61, Role::DeskOfficer, OTHER_COMMUNE);
    let province = officer(31, Role::Leader, PROVINCE);
    let elsewhere = officer(32, Role::Leader, DEPARTMENT);
    let auditor = officer(33, Role::Auditor, COMMUNE);
    for officer in [&desk, &province, &elsewhere, &auditor, &leader()] {
        office.told_of(officer, 1).await;
    }
    until_looked_at(&office, "2026-03-06", 5).await;
    let all = until_said(&office, 3).await;
    let of = |n: u128| all.iter().find(|digest| digest.account == account(n).name()).unwrap();
    assert_eq!((of(61).to_return, of(61).late, of(61).held), (1, 0, Some(DigestLoad::default())));
    assert_eq!((of(31).late, of(31).to_approve), (2, 0));
    assert_eq!((of(13).late, of(13).to_approve, of(13).to_return), (2, 1, 0));
    assert_eq!(of(13).urgent.len(), 1);
}

#[tokio::test]
async fn nobody_hears_where_it_is_off() {
    let off = |builder: motcua_testkit::Builder<motcua_workflow::Workflow>| {
        builder.set("workflow.digest.at=")
    };
    let office = Office::open_with(Database::Sqlite, off).await;
    office.accept(Filed::online(1)).await;
    office.told_of(&head(), 1).await;
    a_while().await;
    assert_eq!(said(&office).await, []);
}
