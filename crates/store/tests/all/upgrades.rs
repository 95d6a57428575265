//! An instance of an earlier version, with people in it, goes on under this one.

use crate::helpers::{TestDatabase, feed, history, open, url};
use domain::{
    admin::{AdminAction, InstanceRole, RegistrationMode},
    clock::Millis,
    collation::ScriptFirst,
    events::EventKind,
    history::PageAnchor,
    ids::{RoomId, UserId},
    memberships::Role,
    messages::Rev,
    name_search::Query,
    notices::NoticeKind,
    policy::MembershipStatus,
    rooms::RoomKind,
    users::{Email, TypedEmail},
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{
    fs::File,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};
use store::{DeletionOutcome, EmailOutcome, PageQuery, RoomAccess};
use uuid::Uuid;

const MINJI: Uuid = Uuid::from_u128(101);
const JUNHO: Uuid = Uuid::from_u128(102);
const STUDY: Uuid = Uuid::from_u128(7);

/// The first instance, with two people who have talked and are signed in.
async fn first_instance(file: &Path) {
    let db = Database::connect(format!("{}?mode=rwc", url(file))).await.unwrap();
    Migrator::up(&db, Some(1)).await.unwrap();
    write(&db, "INSERT INTO house VALUES (1, $1)", [Uuid::from_u128(9).into()]).await;
    for (nth, user, name) in [(0, MINJI, "민지"), (1, JUNHO, "준호")] {
        let email = format!("{nth}@example.com");
        let values = [user.into(), email.into(), name.into(), (1_000 + nth).into()];
        write(&db, "INSERT INTO people VALUES ($1, $2, $3, 'a hash', $4)", values).await;
        let values = [Uuid::from_u128(200).into(), vec![u8::try_from(nth).unwrap(); 32].into()];
        let [_, token] = values;
        let session = [Uuid::now_v7().into(), token, user.into()];
        write(&db, "INSERT INTO sessions VALUES ($1, $2, $3, 'Firefox', 1, 2)", session).await;
    }
    let room = [STUDY.into(), MINJI.into()];
    write(&db, "INSERT INTO rooms VALUES ($1, '공부방', 4, 1, $2, 1)", room).await;
    for (rev, user) in [(2, MINJI), (3, JUNHO)] {
        let values = [STUDY.into(), user.into(), rev.into()];
        write(&db, "INSERT INTO memberships VALUES ($1, $2, $3, 1, $3)", values).await;
    }
    let said = [Uuid::now_v7().into(), STUDY.into(), JUNHO.into(), vec![0u8; 32].into()];
    write(&db, "INSERT INTO messages VALUES ($1, $2, $3, $1, $4, '안녕', 5, 4, 4)", said).await;
    db.close().await.unwrap();
}

async fn write<const N: usize>(db: &DatabaseConnection, sql: &str, values: [sea_orm::Value; N]) {
    let write = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(write).await.unwrap();
}

fn now() -> i64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis().try_into().unwrap()
}

#[tokio::test]
async fn people_rooms_and_lines_of_the_first_instance_are_still_there() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("first.db");
    first_instance(&file).await;
    let began = now();
    let store = open(&file).await;

    let junho = UserId::from_uuid(JUNHO);
    let known = store.credentials(&Email::parse("1@example.com").unwrap()).await.unwrap().unwrap();
    assert_eq!((known.user, known.password_hash.as_str()), (junho, "a hash"));
    let session = store.session(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((session.viewer.id, session.viewer.name.as_str()), (junho, "준호"));
    let profiles = store.profiles_of(junho).await.unwrap();
    assert_eq!(profiles.len(), 1);
    assert!(profiles[0].is_default && profiles[0].name.as_str() == "준호");

    for (typed, first) in [("", ScriptFirst::Hangul), ("ㅈㅎ", ScriptFirst::Latin)] {
        let query = Query::new(typed);
        let page = PageQuery { query: &query, page: 1, per_page: 60 };
        let found = store.directory(page, first).await.unwrap().entries;
        let names: Vec<_> = found.iter().map(|summary| summary.name.as_str()).collect();
        assert_eq!(names, if typed.is_empty() { &["민지", "준호"][..] } else { &["준호"] });
        let rooms = PageQuery { query: &Query::new("ㄱㅂㅂ"), page: 1, per_page: 60 };
        assert_eq!(store.open_rooms(junho, rooms, first).await.unwrap().found, 1);
    }

    let study = RoomId::from_uuid(STUDY);
    let members = feed(&store, study, Rev(0)).await.members;
    let named: Vec<_> =
        members.values().map(|member| (member.user, member.display_name(""))).collect();
    assert_eq!(named, [(UserId::from_uuid(MINJI), "민지"), (junho, "준호")]);
    let said = history(&store, study).await;
    assert_eq!((said.len(), said[0].author), (1, junho));

    let place = |user| store.room_access(study, user);
    let owner =
        Some(RoomAccess { status: MembershipStatus::Member(Role::Owner), kind: RoomKind::Open });
    assert_eq!(place(UserId::from_uuid(MINJI)).await.unwrap(), owner, "who made it owns it");
    let member =
        Some(RoomAccess { status: MembershipStatus::Member(Role::Member), kind: RoomKind::Open });
    assert_eq!(place(junho).await.unwrap(), member);
    assert_eq!(store.rooms_of(junho).await.unwrap()[0].title.as_ref().unwrap().as_str(), "공부방");
    let role = async |user| store.admin_user(user).await.unwrap().unwrap().role;
    assert_eq!(role(UserId::from_uuid(MINJI)).await, InstanceRole::Administrator, "came first");
    assert_eq!(role(junho).await, InstanceRole::Member);
    assert_eq!(store.page(study, PageAnchor::Newest).await.unwrap().unwrap().events, []);
    let day = i64::try_from(Duration::from_hours(24).as_millis()).unwrap();
    let since = began.saturating_add(day)..=now().saturating_add(day);
    let until = store.old_cookies_until().await.unwrap().0;
    assert!(since.contains(&until), "old cookies are read for a day: {until}, {since:?}");
    assert_eq!(test_db.store.old_cookies_until().await.unwrap(), Millis(0), "new ones have no old");
    store.close().await.unwrap();
    open(&file).await;
}

/// Accounts came with the sixth step.
#[tokio::test]
async fn whoever_was_here_before_has_an_account_and_may_leave_for_good() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("first.db");
    first_instance(&file).await;
    let store = open(&file).await;
    let (minji, junho) = (UserId::from_uuid(MINJI), UserId::from_uuid(JUNHO));
    let account = store.account(junho).await.unwrap().unwrap();
    assert_eq!((account.email.as_str(), account.preferences.language), ("1@example.com", None));
    assert_eq!(store.two_factor(junho).await.unwrap(), None);
    let DeletionOutcome::Done(deleted) =
        store.delete_user(junho, Millis(9), "a hash").await.unwrap()
    else {
        panic!("he is somebody, and no administrator");
    };
    let study = RoomId::from_uuid(STUDY);
    assert_eq!(deleted.left, [(study, junho)]);
    assert_eq!(deleted.closed_rooms, []);
    assert_eq!(
        store.delete_user(junho, Millis(9), "a hash").await.unwrap(),
        DeletionOutcome::NoSuchUser
    );
    assert!(store.account(junho).await.unwrap().is_none());
    let members = feed(&store, study, Rev(0)).await.members;
    let named: Vec<_> =
        members.values().map(|it| (it.user, it.display_name("?"), it.gone)).collect();
    assert_eq!(named, [(minji, "민지", false), (junho, "?", true)]);
    assert_eq!(history(&store, study).await.len(), 1, "the line is still there");
}

#[tokio::test]
async fn the_way_back_loses_no_name() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("first.db");
    first_instance(&file).await;
    open(&file).await.close().await.unwrap();
    let db = Database::connect(url(&file)).await.unwrap();
    let first = u32::try_from(Migrator::migrations().len() - 1).unwrap();
    Migrator::down(&db, Some(first)).await.unwrap();
    db.close().await.unwrap();
    let session = open(&file).await.session(&[0; 32]).await.unwrap().unwrap();
    assert_eq!(session.viewer.name.as_str(), "민지");
}

const ADDRESSES: [(u128, &str, &str); 6] = [
    (301, "minji@xn--3e0b707e.kr", "먼저 온 민지"),
    (302, "minji@한국.kr", "나중에 온 민지"),
    (303, "min\u{200B}ji@한국.kr", "숨은 민지"),
    (304, "ｊｕｎｈｏ@example.org", "준호"),
    (305, "a@[192.0.2.1]", "숫자"),
    (306, "seoyeon@example.org", "\u{FFF9}\u{1D159}"),
];

/// Until the eighth step an address could be written in several ways and belong to several accounts.
#[tokio::test]
async fn of_accounts_with_one_address_the_oldest_keeps_it_and_the_others_sign_in_as_typed() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("first.db");
    first_instance(&file).await;
    let db = Database::connect(url(&file)).await.unwrap();
    for (id, email, name) in ADDRESSES {
        let created_at = i64::try_from(id).unwrap() * 1_000;
        let values = [Uuid::from_u128(id).into(), email.into(), name.into(), created_at.into()];
        write(&db, "INSERT INTO people VALUES ($1, $2, $3, 'a hash', $4)", values).await;
    }
    db.close().await.unwrap();

    let log = test_db.path("log");
    let to_log = Arc::new(File::create(&log).unwrap());
    let to_log = tracing_subscriber::fmt().with_writer(to_log).with_ansi(false).finish();
    let store = {
        let _logging = tracing::subscriber::set_default(to_log);
        open(&file).await
    };
    let user = |id| UserId::from_uuid(Uuid::from_u128(id));
    let whose =
        async |typed: &str| store.find_by_email(&TypedEmail::parse(typed).unwrap()).await.unwrap();
    for (typed, id) in [
        ("minji@xn--3e0b707e.kr", 301),
        ("MINJI@한국。kr", 301),
        ("ｍｉｎｊｉ@한국.kr", 301),
        ("minji@한국.kr", 302),
        (" Min\u{200B}ji@한국.kr ", 303),
        ("junho@example.org", 304),
        ("ｊｕｎｈｏ@example.org", 304),
        ("a@[192.0.2.1]", 305),
        ("SEOYEON@example.org", 306),
    ] {
        assert_eq!(whose(typed).await, Some(user(id)), "{typed:?}");
    }
    for (id, email, _) in ADDRESSES {
        let account = store.account(user(id)).await.unwrap().unwrap();
        assert_eq!(account.email_is_shared, matches!(id, 302 | 303 | 305), "{email}");
        assert_eq!(account.email.as_str(), email, "as its user knows it");
    }
    assert_eq!(store.summary(user(306)).await.unwrap().unwrap().name.as_str(), "?");
    let log = std::fs::read_to_string(log).unwrap();
    for id in [302, 303, 305, 306] {
        assert!(log.contains(&format!("{}", Uuid::from_u128(id))), "{id}: {log}");
    }
    assert!(!log.contains('@'), "no address in the log: {log}");

    let change = async |to: &str| {
        store.change_email(user(302), &Email::parse(to).unwrap(), "a hash").await.unwrap()
    };
    assert_eq!(change("minji@한국.kr").await, EmailOutcome::Taken, "it is the older account's");
    assert_eq!(change("min@example.org").await, EmailOutcome::Done);
    assert!(!store.account(user(302)).await.unwrap().unwrap().email_is_shared);
    assert_eq!(whose("minji@한국.kr").await, Some(user(301)), "the spelling is free now");
    assert_eq!(whose("MIN@example.org").await, Some(user(302)));
    store.delete_user(user(301), Millis(9), "a hash").await.unwrap();
    assert_eq!(whose("minji@xn--3e0b707e.kr").await, None);
}

/// The step before the one that renamed tables, columns and codes.
const BEFORE_PLAIN_NAMES: u32 = 16;

/// One row for every code that is stored otherwise now.
async fn with_every_code(file: &Path) {
    first_instance(file).await;
    let db = Database::connect(url(file)).await.unwrap();
    Migrator::up(&db, Some(BEFORE_PLAIN_NAMES - 1)).await.unwrap();
    let (room, minji, junho) = (STUDY.into(), MINJI.into(), JUNHO.into());
    let event = "INSERT INTO events VALUES ($1, $2, $3, $4, $5, 6)";
    let events = ["entered", "left", "removed", "banned", "handed_over", "retitled"];
    for (seq, what) in (5_i64..).zip(events) {
        let values: [sea_orm::Value; 5] =
            [STUDY.into(), seq.into(), what.into(), MINJI.into(), JUNHO.into()];
        write(&db, event, values).await;
    }
    write(&db, "UPDATE rooms SET head = 10 WHERE id = $1", [room]).await;
    let deeds = [
        "suspended",
        "restored",
        "appointed",
        "dismissed",
        "signed_out",
        "made_reset",
        "ended_second_step",
        "sign_up_open",
        "sign_up_invitation",
        "sign_up_closed",
    ];
    for (nth, what) in (1_u128..).zip(deeds) {
        let values: [sea_orm::Value; 4] =
            [Uuid::from_u128(nth).into(), what.into(), MINJI.into(), JUNHO.into()];
        write(&db, "INSERT INTO deeds VALUES ($1, $2, $3, $4, 7)", values).await;
    }
    for (nth, what) in (1_u128..).zip(["reset_link_made", "second_step_ended"]) {
        let values: [sea_orm::Value; 4] =
            [Uuid::from_u128(nth).into(), JUNHO.into(), what.into(), MINJI.into()];
        write(&db, "INSERT INTO notices VALUES ($1, $2, $3, $4, 8, NULL)", values).await;
    }
    write(&db, "INSERT INTO pairs VALUES ($1, $2, $3)", [minji, junho, STUDY.into()]).await;
    write(&db, "UPDATE house SET sign_up = 'closed' WHERE id = $1", [1.into()]).await;
    db.close().await.unwrap();
}

#[tokio::test]
async fn what_was_stored_under_the_earlier_names_is_read_under_those_of_today() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("earlier.db");
    with_every_code(&file).await;
    let store = open(&file).await;
    let (minji, junho) = (UserId::from_uuid(MINJI), UserId::from_uuid(JUNHO));

    let page = store.page(RoomId::from_uuid(STUDY), PageAnchor::Newest).await.unwrap().unwrap();
    let kinds: Vec<_> = page.events.iter().map(|event| event.kind).collect();
    let [joined, left] = [EventKind::Joined, EventKind::Left];
    let [removed, banned] = [EventKind::Removed, EventKind::Banned];
    let [transferred, renamed] = [EventKind::OwnershipTransferred, EventKind::Renamed];
    assert_eq!(kinds, [joined, left, removed, banned, transferred, renamed]);
    assert!(page.events.iter().all(|event| (event.actor, event.target) == (minji, junho)));

    let log = store.audit_log(1, 60).await.unwrap().entries;
    let actions: Vec<_> = log.iter().rev().map(|entry| entry.action).collect();
    assert_eq!(actions, AdminAction::ALL);
    assert!(log.iter().all(|entry| entry.actor.as_ref().unwrap().id == minji));
    assert!(log.iter().all(|entry| entry.target.as_ref().unwrap().id == junho));

    let notices = store.notices(junho).await.unwrap();
    let kinds: Vec<_> = notices.iter().rev().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [NoticeKind::ResetLinkMade, NoticeKind::TwoFactorRemoved]);
    assert_eq!(store.registration_mode().await.unwrap(), RegistrationMode::Closed);
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_earlier_names_come_back_when_the_step_is_undone() {
    let test_db = TestDatabase::new().await;
    let file = test_db.path("earlier.db");
    with_every_code(&file).await;
    let before = everything(&file).await;
    let db = Database::connect(url(&file)).await.unwrap();
    Migrator::up(&db, Some(1)).await.unwrap();
    Migrator::down(&db, Some(1)).await.unwrap();
    db.close().await.unwrap();
    assert_eq!(everything(&file).await, before);
}

/// The schema, in the order of its names, and the codes that the step changes.
async fn everything(file: &Path) -> Vec<String> {
    let db = Database::connect(url(file)).await.unwrap();
    let asked = [
        "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') AS it FROM sqlite_master
         WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
        "SELECT what AS it FROM events ORDER BY seq",
        "SELECT what AS it FROM deeds ORDER BY id",
        "SELECT what AS it FROM notices ORDER BY id",
    ];
    let mut found = Vec::new();
    for sql in asked {
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await;
        found.extend(rows.unwrap().iter().map(|row| row.try_get::<String>("", "it").unwrap()));
    }
    db.close().await.unwrap();
    found
}
