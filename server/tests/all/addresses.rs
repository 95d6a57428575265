//! An e-mail address is the same in all its spellings.

use crate::helpers::{PASSWORD, TestServer};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, Statement};
use std::process::Command;

const WAYS: [&str; 7] = [
    "minji@xn--3e0b707e.kr",
    "MINJI@XN--3E0B707E.KR",
    "minji@한국。kr",
    "ｍｉｎｊｉ＠한국．ｋｒ",
    "min\u{200B}ji@한국.kr",
    "minji@한\u{AD}국.kr",
    " minji@한국.kr\u{FEFF}",
];

#[tokio::test]
async fn one_account_whichever_way_its_address_is_written() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지").with_email("minji@한국.kr");
    minji.signs_up().await.leads_to();
    for way in WAYS {
        let other = test_server.visited_by("다른 민지").with_email(way);
        let fields = [("name", "다른 민지"), ("email", way), ("password", "차가운 온돌방의 밤")];
        let taken = other.posts("/sign-up?/sign_up", &fields).await;
        taken.page(422).shows("이미 가입한 이메일이에요.");
        assert_eq!(other.signs_in_with(PASSWORD).await.leads_to(), "/", "{way:?}");
        other.gets("/account").await.page(200).shows("minji@한국.kr");
    }
    // Afterwards, because a notice of a link for a new password is shown before any other page.
    for way in WAYS {
        let mut reset = Command::new(env!("CARGO_BIN_EXE_sarangbang"));
        let reset =
            reset.env("DATABASE_URL", test_server.database_url()).args(["reset", way]).output();
        let reset = reset.unwrap();
        assert!(String::from_utf8_lossy(&reset.stdout).contains("/reset/"), "{way:?}: {reset:?}");
    }
}

/// Two users whose addresses were different ones for an earlier version.
#[tokio::test]
async fn whoever_shares_an_address_signs_in_as_typed_and_is_asked_to_change_it() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("민지").with_email("minji@example.com");
    minji.signs_up().await.leads_to();
    let other = test_server.visited_by("다른 민지").with_email("later@example.com");
    other.signs_up().await.leads_to();
    let (stopped, _) = test_server.stops().await;
    let db = Database::connect(stopped.database_url()).await.unwrap();
    let steps = u32::try_from(Migrator::migrations().len()).unwrap();
    Migrator::down(&db, Some(steps - 7)).await.unwrap();
    let spelled = "UPDATE people SET email = $1 WHERE email = 'later@example.com'";
    let other = other.with_email("min\u{200B}ji@example.com");
    let values = [other.email.clone().into()];
    let write = Statement::from_sql_and_values(db.get_database_backend(), spelled, values);
    db.execute_raw(write).await.unwrap();
    db.close().await.unwrap();
    let _instance = stopped.opens_again().await;

    assert_eq!(minji.elsewhere().signs_in_with(PASSWORD).await.leads_to(), "/");
    let other = other.elsewhere();
    let sentence = "먼저 만든 다른 계정이 같은 이메일을 쓰고 있어요.";
    assert_eq!(other.signs_in_with(PASSWORD).await.leads_to(), "/account/email");
    other.gets("/account/email").await.page(200).shows(sentence);
    other.gets("/account").await.page(200).shows(sentence);
    other.gets("/people").await.page(200).shows("다른 민지");
    let fields = [("email", "min.ji@example.com"), ("password", PASSWORD)];
    other.posts("/account/email?/change_email", &fields).await.leads_to();
    other.gets("/account").await.page(200).hides(sentence);
    let other = other.elsewhere().with_email("min.ji@example.com");
    assert_eq!(other.signs_in_with(PASSWORD).await.leads_to(), "/");
}
