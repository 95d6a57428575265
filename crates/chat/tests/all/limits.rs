//! Slow down: whoever is in too much of a hurry is told so, and nobody else.

use crate::helpers::{PASSWORD, TestApp, visitor_from};
use chat::{CreateInviteLink, SignIn};
use domain::{
    error::AppError,
    ids::NoticeId,
    invitation_links::{ExpiresAfter, MaxUses},
    rooms::Visibility,
    users::Email,
};
use futures::{
    StreamExt,
    future::{join_all, ready},
    stream::FuturesUnordered,
};
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

fn is_slow_down<T>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::SlowDown { seconds }) if *seconds >= 1)
}

async fn guesses(test_app: &TestApp, email: &str, from: u8) -> Result<chat::LoginResult, AppError> {
    let client_info = visitor_from(IpAddr::V4(Ipv4Addr::new(192, 0, 2, from)));
    let form = SignIn { email: email.to_owned(), password: "열려라 참깨".to_owned() };
    test_app.chat.sign_in(form, &client_info).await
}

#[tokio::test]
async fn guessing_from_one_address_is_slowed_down() {
    let test_app = TestApp::strict().await;
    let emails = (0..65).map(|n| format!("{n}@example.com")).collect::<Vec<_>>();
    // All at once: however long the hashing takes, nobody is forgiven meanwhile.
    let answers = join_all(emails.iter().map(|email| guesses(&test_app, email, 1))).await;
    assert_eq!(answers.iter().filter(|it| is_slow_down(it)).count(), 5);
    let wrong = Err(AppError::WrongCredentials);
    assert_eq!(answers.iter().filter(|it| **it == wrong).count(), 60);
    let signing_up = test_app.signs_up("new@example.com", "새 사람", PASSWORD).await;
    assert!(signing_up.is_ok(), "a neighbour who guesses keeps nobody from signing up");
    let elsewhere = guesses(&test_app, "99@example.com", 2).await;
    assert_eq!(elsewhere, Err(AppError::WrongCredentials));
}

#[tokio::test]
async fn guessing_at_one_account_from_one_network_is_slowed_down() {
    let test_app = TestApp::strict().await;
    let spellings = ["minji@example.com", "MINJI@example.com", " minji@Example.com"];
    let guessing = (0..14).map(|n| guesses(&test_app, spellings[usize::from(n) % 3], n));
    let answers = join_all(guessing).await;
    assert_eq!(answers.iter().filter(|answer| is_slow_down(answer)).count(), 4);
    let other = guesses(&test_app, "junho@example.com", 1).await;
    assert_eq!(other, Err(AppError::WrongCredentials));
}

#[tokio::test]
async fn a_flood_of_messages_is_slowed_down_and_what_was_refused_is_not_kept() {
    let test_app = TestApp::strict().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let mut said = 0;
    let refused = loop {
        match minji.says("도배").tried_in(study).await {
            Ok(_) => said += 1,
            refused => break refused,
        }
        assert!(said < 1_000, "no bound");
    };
    assert!(said >= 30 && is_slow_down(&refused), "{said} {refused:?}");
    junho.says("조용히").in_room(study).await;
    let through = junho.reads(study).await.through;
    assert_eq!(through.0, 3 + said + 1, "a refusal takes no number");
}

#[tokio::test]
async fn making_rooms_and_entering_them_is_slowed_down() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let mut made = 1;
    let refused = loop {
        match minji.chat.create_room(&minji.actor, None, "또 하나", Visibility::Open).await {
            Ok(_) => made += 1,
            Err(refused) => break refused,
        }
        assert!(made < 1_000, "no bound");
    };
    assert!(made >= 30 && is_slow_down::<()>(&Err(refused)));
    let entered = minji.chat.join_room(&minji.actor, &study.to_string()).await;
    assert!(is_slow_down(&entered), "{entered:?}");
    test_app.user("준호").await.enters(study).await;
}

/// 4,200 sign-ins from 210 addresses, each within its own limits.
#[tokio::test]
async fn a_flood_of_sign_ins_does_not_keep_an_honest_user_waiting() {
    let test_app = TestApp::strict().await;
    test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let flood = (0..4_200_u16).map(|n| {
        let [high, low] = (n % 210).to_be_bytes();
        let client_info = visitor_from(IpAddr::V4(Ipv4Addr::new(10, 0, high, low)));
        let (chat, email) = (test_app.chat.clone(), format!("{n}@example.com"));
        let form = SignIn { email, password: "열려라 참깨".to_owned() };
        tokio::spawn(async move { chat.sign_in(form, &client_info).await })
    });
    let mut flood: FuturesUnordered<_> = flood.collect();
    let is_full = |answer: &Result<_, AppError>| matches!(answer, Err(AppError::Busy));
    while !is_full(&flood.next().await.expect("the queue has a bound").unwrap()) {}
    assert!(test_app.signs_in("minji@example.com", PASSWORD).await.is_ok());
    for each in &flood {
        each.abort();
    }
    let wrong = Err(AppError::WrongCredentials);
    let checked = flood.filter(|each| ready(each.as_ref().is_ok_and(|answer| *answer == wrong)));
    let checked = checked.count().await;
    assert!(checked <= 300, "{checked} were checked before");
}

/// A class at school.
#[tokio::test]
async fn forty_users_behind_one_address_sign_up_at_once() {
    let test_app = TestApp::strict().await;
    let emails = (0..40).map(|n| format!("{n}@example.com")).collect::<Vec<_>>();
    let class =
        join_all(emails.iter().map(|email| test_app.signs_up(email, "학생", PASSWORD))).await;
    assert!(class.iter().all(Result::is_ok), "{class:?}");
    let mut more = 0;
    let refused = loop {
        match test_app.signs_up(&format!("bot{more}@example.com"), "로봇", PASSWORD).await {
            Ok(_) => more += 1,
            Err(refused) => break refused,
        }
        assert!(more < 1_000, "no bound");
    };
    assert_eq!((more, refused), (20, AppError::SlowDown { seconds: 90 }));
    test_app.passes(90_000);
    assert!(test_app.signs_up("next@example.com", "다음", PASSWORD).await.is_ok());
}

/// The same class the next morning, on devices that are not known yet.
#[tokio::test]
async fn forty_users_behind_one_address_sign_in_at_once() {
    let test_app = TestApp::strict().await;
    test_app.signs_up("0@example.com", "학생", PASSWORD).await.unwrap();
    let first = test_app.store.credentials(&Email::parse("0@example.com").unwrap()).await;
    let hash = first.unwrap().unwrap().password_hash;
    for n in 1..40 {
        test_app.adds(&format!("{n}@example.com"), "학생", &hash).await;
    }
    let emails = (0..40).map(|n| format!("{n}@example.com")).collect::<Vec<_>>();
    let class = join_all(emails.iter().map(|email| test_app.signs_in(email, PASSWORD))).await;
    assert!(class.iter().all(Result::is_ok), "{class:?}");
}

/// Each change by itself, so that none of them is without a rate.
#[tokio::test]
async fn changing_an_account_is_slowed_down_each_way() {
    let test_app = TestApp::strict().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let form = CreateInviteLink { lifetime: ExpiresAfter::Week, uses: MaxUses::Ten, once: None };
    let link = minji.chat.create_invite_link(&minji.actor, study, form).await.unwrap();
    let link = minji.chat.hand_out_link(&minji.actor, study, link.as_str()).await.unwrap().link.id;
    let (chat, actor) = (&test_app.chat, &minji.actor);
    let (user, session) = (junho.actor.user(), junho.actor.session());

    for nth in 0..30 {
        let theme = ["dark", "light"][nth % 2];
        assert_eq!(chat.choose_theme(actor, theme).await, Ok(()), "{nth}: an honest use");
    }
    let refused = Err(AppError::SlowDown { seconds: 2 });
    let answers = [
        chat.choose_language(actor, "en").await,
        chat.choose_theme(actor, "system").await,
        chat.mark_notices_read(actor, NoticeId::from_uuid(Uuid::max())).await,
        chat.end_other_devices(actor).await,
        chat.end_device(actor, session).await,
        chat.revoke_invitation(actor, study, user).await,
        chat.decline_invitation(actor, study).await,
        chat.revoke_link(actor, study, link).await,
    ];
    for (nth, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer, refused, "{nth}");
    }
    assert_eq!(chat.preferences(actor).await.unwrap().theme.as_deref(), Some("light"));
    assert_eq!(chat.choose_theme(&junho.actor, "dark").await, Ok(()), "another user may");
    test_app.passes(2_000);
    assert_eq!(chat.revoke_link(actor, study, link).await, Ok(()), "one in 2 s");
    assert!(is_slow_down(&chat.choose_language(actor, "en").await));
}
