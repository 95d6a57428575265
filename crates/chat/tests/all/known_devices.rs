//! Whoever guesses at an account's password keeps its owner out of nothing: devices that are known, sessions and reset
//! links count by themselves, and only failures count.

use crate::helpers::{PASSWORD, TestApp, client_info, visitor_from};
use chat::{Actor, ChangePassword, ClientInfo, LoginResult, SignIn, Token};
use domain::{admin::AdminAction, error::AppError};
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr};

const EMAIL: &str = "minji@example.com";
const NEW: &str = "시원한 대청마루의 낮";
const WRONG: &str = "차가운 온돌방의 밤";
const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;

fn at(a: u8, b: u8, c: u8, d: u8) -> ClientInfo {
    visitor_from(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
}

fn on(device: &Token) -> ClientInfo {
    ClientInfo { device_token: Some(device.as_str().to_owned()), ..client_info() }
}

async fn tries(
    test_app: &TestApp,
    password: &str,
    client_info: &ClientInfo,
) -> Result<LoginResult, AppError> {
    let form = SignIn { email: EMAIL.to_owned(), password: password.to_owned() };
    test_app.chat.sign_in(form, client_info).await
}

async fn signs_in(test_app: &TestApp, client_info: &ClientInfo) -> Actor {
    match tries(test_app, PASSWORD, client_info).await.unwrap() {
        LoginResult::Session(token) => test_app.actor(&token).await.unwrap(),
        LoginResult::NeedsCode(_) => panic!("no code is asked for"),
    }
}

/// Somebody with an account, and the token of the device on which it was made.
async fn minji(test_app: &TestApp) -> (Actor, Token) {
    let token = test_app.signs_up(EMAIL, "민지", PASSWORD).await.unwrap();
    let actor = test_app.actor(&token).await.unwrap();
    let device = test_app.chat.remember_device(&actor, &client_info()).await.unwrap().unwrap();
    (actor, device)
}

async fn is_known(test_app: &TestApp, device: &Token, actor: &Actor) -> bool {
    let hash = Sha256::digest(device.as_str()).into();
    test_app.store.is_known_device(&hash, actor.user(), test_app.now()).await.unwrap()
}

fn is_slow_down<T>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::SlowDown { .. }))
}

/// 310 wrong passwords from 31 networks.
#[tokio::test]
async fn an_attack_from_everywhere_keeps_the_owner_out_of_no_known_device() {
    let test_app = TestApp::strict().await;
    let (actor, device) = minji(&test_app).await;
    let attackers: Vec<_> =
        (0..310_u16).map(|n| at(10, 0, u8::try_from(n % 31).unwrap(), 1)).collect();
    let mut answers = Vec::new();
    for at_once in attackers.chunks(31) {
        answers.extend(join_all(at_once.iter().map(|from| tries(&test_app, WRONG, from))).await);
    }
    let count = |wanted: AppError| answers.iter().filter(|it| **it == Err(wanted.clone())).count();
    assert_eq!((count(AppError::WrongCredentials), count(AppError::OnlyKnownDevices)), (300, 10));

    let elsewhere = tries(&test_app, PASSWORD, &at(198, 51, 100, 1)).await;
    assert_eq!(elsewhere, Err(AppError::OnlyKnownDevices));
    for from in
        [on(&device), ClientInfo { device_token: on(&device).device_token, ..at(10, 0, 3, 1) }]
    {
        signs_in(&test_app, &from).await;
    }
    let form = || ChangePassword { password: PASSWORD.into(), new_password: PASSWORD.into() };
    let changed = test_app.chat.change_password(&actor, form(), &at(10, 0, 3, 1)).await;
    assert_eq!(changed, Ok(()), "an open session counts by itself");
    let other = SignIn { email: "junho@example.com".into(), password: WRONG.into() };
    let other = test_app.chat.sign_in(other, &at(198, 51, 100, 1)).await;
    assert_eq!(other, Err(AppError::WrongCredentials), "it is one account");

    test_app.signs_up("keeper@example.com", "집사", PASSWORD).await.unwrap();
    let link = test_app.chat.reset_password_from_cli(EMAIL).await.unwrap();
    let from = at(198, 51, 100, 2);
    let fresh = test_app.chat.reset_password(link.as_str(), NEW, &from).await.unwrap();
    let after = ClientInfo { device_token: Some(fresh.as_str().to_owned()), ..from };
    assert!(tries(&test_app, NEW, &after).await.is_ok(), "a reset link leads in");
}

#[tokio::test]
async fn an_unknown_address_is_refused_as_a_known_one_is() {
    let test_app = TestApp::strict().await;
    for n in 0..300_u16 {
        let from = at(10, 0, u8::try_from(n % 30).unwrap(), 1);
        assert_eq!(tries(&test_app, WRONG, &from).await, Err(AppError::WrongCredentials));
    }
    let from = at(198, 51, 100, 1);
    assert_eq!(tries(&test_app, WRONG, &from).await, Err(AppError::OnlyKnownDevices));
    test_app.passes(12_000);
    assert_eq!(tries(&test_app, WRONG, &from).await, Err(AppError::WrongCredentials));
}

#[tokio::test]
async fn a_neighbour_who_guesses_slows_strangers_of_the_network_and_nobody_else() {
    let test_app = TestApp::strict().await;
    let (_, device) = minji(&test_app).await;
    for n in 0..10 {
        let wrong = tries(&test_app, WRONG, &at(192, 0, 2, n)).await;
        assert_eq!(wrong, Err(AppError::WrongCredentials));
    }
    assert!(is_slow_down(&tries(&test_app, PASSWORD, &at(192, 0, 2, 99)).await));
    signs_in(&test_app, &at(192, 0, 3, 99)).await;
    signs_in(&test_app, &on(&device)).await;
    test_app.passes(30_000);
    signs_in(&test_app, &at(192, 0, 2, 99)).await;
}

/// Wrong ones every fifteen seconds, for an hour, from one network.
#[tokio::test]
async fn a_patient_attacker_keeps_nobody_out() {
    let test_app = TestApp::strict().await;
    let (actor, _) = minji(&test_app).await;
    for _ in 0..240 {
        let _ = tries(&test_app, WRONG, &at(10, 0, 0, 1)).await;
        test_app.passes(15_000);
    }
    signs_in(&test_app, &at(198, 51, 100, 1)).await;
    let form = ChangePassword { password: PASSWORD.into(), new_password: NEW.into() };
    assert_eq!(test_app.chat.change_password(&actor, form, &client_info()).await, Ok(()));
}

#[tokio::test]
async fn only_failures_count() {
    let test_app = TestApp::strict().await;
    minji(&test_app).await;
    for _ in 0..40 {
        signs_in(&test_app, &at(198, 51, 100, 1)).await;
    }
    let elsewhere = at(198, 51, 100, 1);
    let wrong = join_all((0..12).map(|_| tries(&test_app, WRONG, &elsewhere))).await;
    assert_eq!(wrong.iter().filter(|it| is_slow_down(it)).count(), 2);
}

#[tokio::test]
async fn a_known_device_that_guesses_is_slowed_down_alone() {
    let test_app = TestApp::strict().await;
    let (_, device) = minji(&test_app).await;
    for _ in 0..10 {
        assert_eq!(tries(&test_app, WRONG, &on(&device)).await, Err(AppError::WrongCredentials));
    }
    assert!(is_slow_down(&tries(&test_app, PASSWORD, &on(&device)).await));
    signs_in(&test_app, &client_info()).await;
}

#[tokio::test]
async fn a_device_is_known_for_a_year_after_the_last_sign_in() {
    let test_app = TestApp::new().await;
    let (actor, device) = minji(&test_app).await;
    test_app.passes(YEAR - 1);
    assert!(is_known(&test_app, &device, &actor).await);
    let again = signs_in(&test_app, &on(&device)).await;
    let kept = test_app.chat.remember_device(&again, &on(&device)).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&device), "a token that is known stays");
    test_app.passes(YEAR - 1);
    assert!(is_known(&test_app, &device, &actor).await);
    test_app.passes(1);
    assert!(!is_known(&test_app, &device, &actor).await);
    assert_eq!(test_app.store.sweep_known_devices(test_app.now()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_changed_password_a_reset_and_signing_out_everywhere_end_every_known_device() {
    let test_app = TestApp::new().await;
    let keeper = test_app.member("keeper@example.com", "집사").await;
    let (actor, first) = minji(&test_app).await;
    let remembers = || async {
        let here = signs_in(&test_app, &client_info()).await;
        let device = test_app.chat.remember_device(&here, &client_info()).await.unwrap().unwrap();
        assert!(is_known(&test_app, &device, &actor).await);
        (here, device)
    };
    let others =
        test_app.chat.remember_device(&keeper.actor, &client_info()).await.unwrap().unwrap();
    test_app.chat.end_other_devices(&actor).await.unwrap();
    assert!(!is_known(&test_app, &first, &actor).await);

    let (here, device) = remembers().await;
    let form = ChangePassword { password: PASSWORD.into(), new_password: PASSWORD.into() };
    test_app.chat.change_password(&here, form, &on(&device)).await.unwrap();
    assert!(!is_known(&test_app, &device, &actor).await);
    let fresh = test_app.chat.remember_device(&here, &on(&device)).await.unwrap().unwrap();
    assert!(fresh != device && is_known(&test_app, &fresh, &actor).await);

    let (_, device) = remembers().await;
    test_app
        .chat
        .run_admin_action(&keeper.actor, actor.user(), AdminAction::SignOut)
        .await
        .unwrap();
    assert!(!is_known(&test_app, &device, &actor).await);

    let (here, device) = remembers().await;
    let link = test_app.chat.reset_password_from_cli(EMAIL).await.unwrap();
    test_app.chat.reset_password(link.as_str(), NEW, &client_info()).await.unwrap();
    assert!(!is_known(&test_app, &device, &actor).await);
    let late = test_app.chat.remember_device(&here, &client_info()).await.unwrap();
    assert_eq!(late, None, "a session that has ended leaves no device behind");
    assert!(is_known(&test_app, &others, &keeper.actor).await, "others keep theirs");
}

#[tokio::test]
async fn a_device_that_users_share_knows_each_of_them() {
    let test_app = TestApp::new().await;
    let (minji, device) = minji(&test_app).await;
    let junho = test_app.member("junho@example.com", "준호").await;
    let shared = test_app.chat.remember_device(&junho.actor, &on(&device)).await.unwrap().unwrap();
    assert_ne!(shared, device, "a token that was planted is worth nothing");
    assert!(
        !is_known(&test_app, &device, &minji).await
            && !is_known(&test_app, &device, &junho.actor).await
    );
    assert!(
        is_known(&test_app, &shared, &minji).await
            && is_known(&test_app, &shared, &junho.actor).await
    );
}

#[tokio::test]
async fn a_user_has_fifty_known_devices_at_most() {
    let test_app = TestApp::new().await;
    let (actor, first) = minji(&test_app).await;
    let mut devices = vec![first];
    for _ in 0..50 {
        test_app.passes(1_000);
        devices.push(test_app.chat.remember_device(&actor, &client_info()).await.unwrap().unwrap());
    }
    let known = join_all(devices.iter().map(|device| is_known(&test_app, device, &actor))).await;
    assert_eq!(known.iter().filter(|known| **known).count(), 50);
    assert!(!known[0], "the one that was used longest ago is forgotten");
}
