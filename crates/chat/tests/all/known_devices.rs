//! Whoever guesses at an account's password keeps its owner out of nothing: devices that are known, sessions and reset
//! links count by themselves, and only failures count.

use crate::helpers::{House, PASSWORD, visitor, visitor_from};
use chat::{Actor, ChangePassword, SignIn, SignedIn, Token, Visitor};
use domain::{house::Deed, problem::Problem};
use futures::future::join_all;
use sha2::{Digest, Sha256};
use std::net::{IpAddr, Ipv4Addr};

const EMAIL: &str = "minji@example.com";
const NEW: &str = "시원한 대청마루의 낮";
const WRONG: &str = "차가운 온돌방의 밤";
const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;

fn at(a: u8, b: u8, c: u8, d: u8) -> Visitor {
    visitor_from(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
}

fn on(device: &Token) -> Visitor {
    Visitor { device_token: Some(device.as_str().to_owned()), ..visitor() }
}

async fn tries(house: &House, password: &str, visitor: &Visitor) -> Result<SignedIn, Problem> {
    let form = SignIn { email: EMAIL.to_owned(), password: password.to_owned() };
    house.chat.sign_in(form, visitor).await
}

async fn signs_in(house: &House, visitor: &Visitor) -> Actor {
    match tries(house, PASSWORD, visitor).await.unwrap() {
        SignedIn::Inside(token) => house.actor(&token).await.unwrap(),
        SignedIn::HalfWay(_) => panic!("no code is asked for"),
    }
}

/// Somebody with an account, and the token of the device on which it was made.
async fn minji(house: &House) -> (Actor, Token) {
    let token = house.signs_up(EMAIL, "민지", PASSWORD).await.unwrap();
    let actor = house.actor(&token).await.unwrap();
    let device = house.chat.remember_device(&actor, &visitor()).await.unwrap().unwrap();
    (actor, device)
}

async fn is_known(house: &House, device: &Token, actor: &Actor) -> bool {
    let hash = Sha256::digest(device.as_str()).into();
    house.store.is_known_device(&hash, actor.person(), house.now()).await.unwrap()
}

fn is_slow_down<T>(answer: &Result<T, Problem>) -> bool {
    matches!(answer, Err(Problem::SlowDown { .. }))
}

/// 310 wrong passwords from 31 networks.
#[tokio::test]
async fn an_attack_from_everywhere_keeps_the_owner_out_of_no_known_device() {
    let house = House::strict().await;
    let (actor, device) = minji(&house).await;
    let attackers: Vec<_> =
        (0..310_u16).map(|n| at(10, 0, u8::try_from(n % 31).unwrap(), 1)).collect();
    let mut answers = Vec::new();
    for at_once in attackers.chunks(31) {
        answers.extend(join_all(at_once.iter().map(|from| tries(&house, WRONG, from))).await);
    }
    let count = |wanted: Problem| answers.iter().filter(|it| **it == Err(wanted.clone())).count();
    assert_eq!((count(Problem::WrongCredentials), count(Problem::OnlyKnownDevices)), (300, 10));

    let elsewhere = tries(&house, PASSWORD, &at(198, 51, 100, 1)).await;
    assert_eq!(elsewhere, Err(Problem::OnlyKnownDevices));
    for from in [on(&device), Visitor { device_token: on(&device).device_token, ..at(10, 0, 3, 1) }]
    {
        signs_in(&house, &from).await;
    }
    let form = || ChangePassword { password: PASSWORD.into(), new_password: PASSWORD.into() };
    let changed = house.chat.change_password(&actor, form(), &at(10, 0, 3, 1)).await;
    assert_eq!(changed, Ok(()), "an open session counts by itself");
    let other = SignIn { email: "junho@example.com".into(), password: WRONG.into() };
    let other = house.chat.sign_in(other, &at(198, 51, 100, 1)).await;
    assert_eq!(other, Err(Problem::WrongCredentials), "it is one account");

    house.signs_up("keeper@example.com", "집사", PASSWORD).await.unwrap();
    let link = house.chat.reset_from_machine(EMAIL).await.unwrap();
    let from = at(198, 51, 100, 2);
    let fresh = house.chat.reset_password(link.as_str(), NEW, &from).await.unwrap();
    let after = Visitor { device_token: Some(fresh.as_str().to_owned()), ..from };
    assert!(tries(&house, NEW, &after).await.is_ok(), "a reset link leads in");
}

#[tokio::test]
async fn an_unknown_address_is_refused_as_a_known_one_is() {
    let house = House::strict().await;
    for n in 0..300_u16 {
        let from = at(10, 0, u8::try_from(n % 30).unwrap(), 1);
        assert_eq!(tries(&house, WRONG, &from).await, Err(Problem::WrongCredentials));
    }
    let from = at(198, 51, 100, 1);
    assert_eq!(tries(&house, WRONG, &from).await, Err(Problem::OnlyKnownDevices));
    house.passes(12_000);
    assert_eq!(tries(&house, WRONG, &from).await, Err(Problem::WrongCredentials));
}

#[tokio::test]
async fn a_neighbour_who_guesses_slows_strangers_of_the_network_and_nobody_else() {
    let house = House::strict().await;
    let (_, device) = minji(&house).await;
    for n in 0..10 {
        let wrong = tries(&house, WRONG, &at(192, 0, 2, n)).await;
        assert_eq!(wrong, Err(Problem::WrongCredentials));
    }
    assert!(is_slow_down(&tries(&house, PASSWORD, &at(192, 0, 2, 99)).await));
    signs_in(&house, &at(192, 0, 3, 99)).await;
    signs_in(&house, &on(&device)).await;
    house.passes(30_000);
    signs_in(&house, &at(192, 0, 2, 99)).await;
}

/// Wrong ones every fifteen seconds, for an hour, from one network.
#[tokio::test]
async fn a_patient_attacker_keeps_nobody_out() {
    let house = House::strict().await;
    let (actor, _) = minji(&house).await;
    for _ in 0..240 {
        let _ = tries(&house, WRONG, &at(10, 0, 0, 1)).await;
        house.passes(15_000);
    }
    signs_in(&house, &at(198, 51, 100, 1)).await;
    let form = ChangePassword { password: PASSWORD.into(), new_password: NEW.into() };
    assert_eq!(house.chat.change_password(&actor, form, &visitor()).await, Ok(()));
}

#[tokio::test]
async fn only_failures_count() {
    let house = House::strict().await;
    minji(&house).await;
    for _ in 0..40 {
        signs_in(&house, &at(198, 51, 100, 1)).await;
    }
    let elsewhere = at(198, 51, 100, 1);
    let wrong = join_all((0..12).map(|_| tries(&house, WRONG, &elsewhere))).await;
    assert_eq!(wrong.iter().filter(|it| is_slow_down(it)).count(), 2);
}

#[tokio::test]
async fn a_known_device_that_guesses_is_slowed_down_alone() {
    let house = House::strict().await;
    let (_, device) = minji(&house).await;
    for _ in 0..10 {
        assert_eq!(tries(&house, WRONG, &on(&device)).await, Err(Problem::WrongCredentials));
    }
    assert!(is_slow_down(&tries(&house, PASSWORD, &on(&device)).await));
    signs_in(&house, &visitor()).await;
}

#[tokio::test]
async fn a_device_is_known_for_a_year_after_the_last_sign_in() {
    let house = House::new().await;
    let (actor, device) = minji(&house).await;
    house.passes(YEAR - 1);
    assert!(is_known(&house, &device, &actor).await);
    let again = signs_in(&house, &on(&device)).await;
    let kept = house.chat.remember_device(&again, &on(&device)).await.unwrap();
    assert_eq!(kept.as_ref(), Some(&device), "a token that is known stays");
    house.passes(YEAR - 1);
    assert!(is_known(&house, &device, &actor).await);
    house.passes(1);
    assert!(!is_known(&house, &device, &actor).await);
    assert_eq!(house.store.sweep_known_devices(house.now()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_changed_password_a_reset_and_signing_out_everywhere_end_every_known_device() {
    let house = House::new().await;
    let keeper = house.member("keeper@example.com", "집사").await;
    let (actor, first) = minji(&house).await;
    let remembers = || async {
        let here = signs_in(&house, &visitor()).await;
        let device = house.chat.remember_device(&here, &visitor()).await.unwrap().unwrap();
        assert!(is_known(&house, &device, &actor).await);
        (here, device)
    };
    let others = house.chat.remember_device(&keeper.actor, &visitor()).await.unwrap().unwrap();
    house.chat.end_other_devices(&actor).await.unwrap();
    assert!(!is_known(&house, &first, &actor).await);

    let (here, device) = remembers().await;
    let form = ChangePassword { password: PASSWORD.into(), new_password: PASSWORD.into() };
    house.chat.change_password(&here, form, &on(&device)).await.unwrap();
    assert!(!is_known(&house, &device, &actor).await);
    let fresh = house.chat.remember_device(&here, &on(&device)).await.unwrap().unwrap();
    assert!(fresh != device && is_known(&house, &fresh, &actor).await);

    let (_, device) = remembers().await;
    house.chat.do_to(&keeper.actor, actor.person(), Deed::SignedOut).await.unwrap();
    assert!(!is_known(&house, &device, &actor).await);

    let (here, device) = remembers().await;
    let link = house.chat.reset_from_machine(EMAIL).await.unwrap();
    house.chat.reset_password(link.as_str(), NEW, &visitor()).await.unwrap();
    assert!(!is_known(&house, &device, &actor).await);
    let late = house.chat.remember_device(&here, &visitor()).await.unwrap();
    assert_eq!(late, None, "a session that has ended leaves no device behind");
    assert!(is_known(&house, &others, &keeper.actor).await, "others keep theirs");
}

#[tokio::test]
async fn a_device_that_users_share_knows_each_of_them() {
    let house = House::new().await;
    let (minji, device) = minji(&house).await;
    let junho = house.member("junho@example.com", "준호").await;
    let shared = house.chat.remember_device(&junho.actor, &on(&device)).await.unwrap().unwrap();
    assert_ne!(shared, device, "a token that was planted is worth nothing");
    assert!(
        !is_known(&house, &device, &minji).await && !is_known(&house, &device, &junho.actor).await
    );
    assert!(
        is_known(&house, &shared, &minji).await && is_known(&house, &shared, &junho.actor).await
    );
}

#[tokio::test]
async fn a_user_has_fifty_known_devices_at_most() {
    let house = House::new().await;
    let (actor, first) = minji(&house).await;
    let mut devices = vec![first];
    for _ in 0..50 {
        house.passes(1_000);
        devices.push(house.chat.remember_device(&actor, &visitor()).await.unwrap().unwrap());
    }
    let known = join_all(devices.iter().map(|device| is_known(&house, device, &actor))).await;
    assert_eq!(known.iter().filter(|known| **known).count(), 50);
    assert!(!known[0], "the one that was used longest ago is forgotten");
}
