//! A session lives for 24 hours after its last use, and ends when it is told to.

use crate::helpers::{HOUR, House, MINUTE, hears, hears_nothing, soon};
use domain::{clock::Millis, problem::Problem, rooms::Access, wire::Farewell};

const PASSWORD: &str = "따뜻한 온돌방의 밤";

#[tokio::test]
async fn a_session_ends_24_hours_after_its_last_use() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    house.passes(24 * HOUR - 1);
    assert!(house.actor(&token).await.is_some(), "a use, from which the hours count again");
    house.passes(24 * HOUR);
    assert_eq!(house.actor(&token).await, None);
    house.passes(-HOUR);
    assert_eq!(house.actor(&token).await, None, "what has ended does not begin again");
}

#[tokio::test]
async fn a_session_in_use_lives_on() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    for day in 1..=10 {
        house.passes(23 * HOUR);
        assert!(house.actor(&token).await.is_some(), "day {day}");
    }
}

#[tokio::test]
async fn an_open_socket_is_a_use() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    for day in 1..=10 {
        house.passes(23 * HOUR);
        assert_eq!(minji.chat.still_signed_in(&minji.actor).await, Ok(true), "day {day}");
    }
}

#[tokio::test]
async fn uses_within_a_minute_are_written_down_once() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let session = house.actor(&token).await.unwrap().session();
    let began = house.now();
    house.passes(MINUTE - 1);
    house.actor(&token).await.unwrap();
    assert_eq!(house.store.session_last_used(session).await.unwrap(), Some(began));
    house.passes(1);
    house.actor(&token).await.unwrap();
    let minute_later = Millis(began.0 + MINUTE);
    assert_eq!(house.store.session_last_used(session).await.unwrap(), Some(minute_later));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_sockets_and_no_other() {
    let house = House::new().await;
    let at_home = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let on_the_phone = house.signs_in("minji@example.com", PASSWORD).await.unwrap();
    let (home, phone) =
        (house.actor(&at_home).await.unwrap(), house.actor(&on_the_phone).await.unwrap());
    assert_eq!(home.person(), phone.person());
    let first_tab = house.chat.connect(&home).await.unwrap();
    let second_tab = house.chat.connect(&home).await.unwrap();
    let pocket = house.chat.connect(&phone).await.unwrap();

    house.chat.sign_out(&home).await.unwrap();
    for tab in [&first_tab, &second_tab] {
        assert_eq!(soon(tab.line.farewell()).await, Farewell::SignedOut);
    }
    assert_eq!(pocket.line.already_ended(), None);
    assert_eq!(house.actor(&at_home).await, None);
    assert_eq!(house.chat.still_signed_in(&home).await, Ok(false));
    assert_eq!(house.chat.connect(&home).await.unwrap_err(), Problem::SignedOut);
    assert!(house.actor(&on_the_phone).await.is_some());

    let study = house.chat.create_room(&phone, "공부방", Access::Open).await.unwrap();
    let junho = house.person("준호").await;
    junho.enters(study).await;
    assert_eq!(hears(&pocket).await.members.len(), 1);
    hears_nothing(&first_tab);
    assert_eq!(house.chat.hub().connections(), 1);
}

#[tokio::test]
async fn a_session_that_runs_out_takes_its_sockets_with_it() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    let tab = minji.connects().await;
    house.passes(24 * HOUR);
    assert_eq!(minji.chat.still_signed_in(&minji.actor).await, Ok(false));
    assert_eq!(soon(tab.line.farewell()).await, Farewell::SignedOut);
    assert_eq!(minji.chat.connect(&minji.actor).await.unwrap_err(), Problem::SignedOut);
}

#[tokio::test]
async fn housekeeping_removes_what_has_run_out() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    house.passes(24 * HOUR + 1);
    let junho = house.person("준호").await;
    let keeping = tokio::spawn(house.chat.clone().keep_house());
    let last_used =
        |person: &crate::helpers::Person| house.store.session_last_used(person.actor.session());
    soon(async {
        while last_used(&minji).await.unwrap().is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(last_used(&junho).await.unwrap(), Some(house.now()));
    keeping.abort();
}

#[tokio::test]
async fn after_a_restart_people_are_still_in() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let before = house.actor(&token).await.unwrap();
    let (house, ()) = house.restarts(async |_| ()).await;
    assert_eq!(house.actor(&token).await, Some(before));
}

#[tokio::test]
async fn what_is_no_token_is_nobody() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let token = token.as_str();
    let longer = format!("{token}0");
    let upper = token.to_uppercase();
    for forged in ["", "0", &token[1..], &longer, &upper, "' OR 1=1 --", "민지", "\0"] {
        assert_eq!(house.chat.actor(forged).await, Ok(None), "{forged}");
    }
}
