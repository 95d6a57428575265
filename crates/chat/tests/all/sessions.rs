//! A session lives for 24 hours after its last use, and ends when it is told to.

use crate::helpers::{HOUR, House, MINUTE, hears, hears_nothing, soon, visitor};
use chat::{ChangePassword, SignIn, SignUp, Visitor};
use domain::{
    clock::Millis,
    ids::SessionId,
    problem::{Field, Problem},
    rooms::Access,
    text::Fault,
    wire::Farewell,
};
use futures::future::join_all;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

const DAY: i64 = 24 * HOUR;

async fn last_used(house: &House, session: SessionId) -> Option<Millis> {
    let times = house.store.session_times(session).await.unwrap();
    times.map(|times| times.last_used_at)
}

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

/// Used every few hours, by pages or by a socket that stays open.
#[tokio::test]
async fn a_year_after_the_sign_in_a_session_ends_however_often_it_is_used() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = house.actor(&token).await.unwrap();
    let tab = house.chat.connect(&minji).await.unwrap();
    for day in 0..364 {
        house.passes(12 * HOUR);
        assert!(house.actor(&token).await.is_some(), "day {day}");
        house.passes(12 * HOUR);
        assert_eq!(house.chat.still_signed_in(&minji).await, Ok(true), "day {day}");
    }
    let phone = house.signs_in("minji@example.com", PASSWORD).await.unwrap();
    house.passes(DAY - 1);
    assert!(house.actor(&token).await.is_some());
    house.actor(&phone).await.unwrap();
    house.passes(1);
    let listed = house.chat.devices(&house.actor(&phone).await.unwrap()).await.unwrap();
    assert_eq!(listed.len(), 1, "what has ended is not listed");
    assert_eq!(house.chat.still_signed_in(&minji).await, Ok(false));
    assert_eq!(soon(tab.receiver.closed()).await, Farewell::SignedOut);
    assert_eq!(house.actor(&token).await, None);
    assert!(house.actor(&phone).await.is_some(), "it was opened a day ago");
}

#[tokio::test]
async fn a_restart_does_not_begin_the_year_anew() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let mut house = house;
    for _ in 0..365 {
        house.passes(DAY - 1);
        house.actor(&token).await.unwrap();
    }
    (house, ()) = house.restarts(async |_| ()).await;
    // The clock of the restarted house is at the beginning again.
    house.passes(365 * DAY - 365);
    assert!(house.actor(&token).await.is_some());
    house.passes(365);
    assert_eq!(house.actor(&token).await, None);
}

#[tokio::test]
async fn a_session_takes_the_place_of_the_one_that_the_browser_had() {
    let house = House::new().await;
    let minji = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let before = house.actor(&minji).await.unwrap();
    let phone = house.signs_in("minji@example.com", PASSWORD).await.unwrap();
    let tab = house.chat.connect(&before).await.unwrap();
    let browser = Visitor { session: Some(before.session()), ..visitor() };
    let form = SignUp {
        email: "junho@example.com".into(),
        name: "준호".into(),
        password: PASSWORD.into(),
        invitation: None,
        setup_link: None,
        at_the_machine: false,
    };
    let junho = house.chat.sign_up(form.clone(), &browser).await.unwrap().token;
    assert_eq!(soon(tab.receiver.closed()).await, Farewell::SignedOut);
    assert_eq!(house.actor(&minji).await, None);
    assert!(house.actor(&phone).await.is_some(), "another device is left alone");

    let junho = house.actor(&junho).await.unwrap();
    let browser = Visitor { session: Some(junho.session()), ..visitor() };
    let taken = SignUp { password: "차가운 온돌방의 밤".into(), ..form };
    assert!(house.chat.sign_up(taken, &browser).await.is_err(), "the address is taken");
    let wrong = SignIn { email: "minji@example.com".into(), password: "아닌데요".into() };
    assert!(house.chat.sign_in(wrong, &browser).await.is_err());
    assert_eq!(house.chat.still_signed_in(&junho).await, Ok(true), "what is refused ends nothing");
}

#[tokio::test]
async fn uses_within_a_minute_are_written_down_once() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let session = house.actor(&token).await.unwrap().session();
    let began = house.now();
    house.passes(MINUTE - 1);
    house.actor(&token).await.unwrap();
    assert_eq!(last_used(&house, session).await, Some(began));
    house.passes(1);
    house.actor(&token).await.unwrap();
    let minute_later = Millis(began.0 + MINUTE);
    assert_eq!(last_used(&house, session).await, Some(minute_later));
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
        assert_eq!(soon(tab.receiver.closed()).await, Farewell::SignedOut);
    }
    assert_eq!(pocket.receiver.close_reason(), None);
    assert_eq!(house.actor(&at_home).await, None);
    assert_eq!(house.chat.still_signed_in(&home).await, Ok(false));
    assert_eq!(house.chat.connect(&home).await.unwrap_err(), Problem::SignedOut);
    assert!(house.actor(&on_the_phone).await.is_some());

    let study = house.chat.create_room(&phone, None, "공부방", Access::Open).await.unwrap();
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
    assert_eq!(soon(tab.receiver.closed()).await, Farewell::SignedOut);
    assert_eq!(minji.chat.connect(&minji.actor).await.unwrap_err(), Problem::SignedOut);
}

#[tokio::test]
async fn housekeeping_removes_what_has_run_out() {
    let house = House::new().await;
    let minji = house.person("민지").await;
    house.passes(24 * HOUR + 1);
    let junho = house.person("준호").await;
    let keeping = tokio::spawn(house.chat.clone().keep_house());
    let when = |person: &crate::helpers::Person| last_used(&house, person.actor.session());
    soon(async {
        while when(&minji).await.is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(when(&junho).await, Some(house.now()));
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

/// Eight sign-ins with the old password are under way while it is changed: none of them opens a session that lasts.
#[tokio::test]
async fn a_sign_in_that_is_being_checked_while_the_password_changes_opens_nothing() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = house.actor(&token).await.unwrap();
    let passwords = [PASSWORD, "시원한 대청마루의 낮"];
    for round in 0..4 {
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        let form = ChangePassword { password: old.into(), new_password: new.into() };
        let here = visitor();
        let (answers, changed) = tokio::join!(
            join_all((0..8).map(|_| house.signs_in("minji@example.com", old))),
            house.chat.change_password(&minji, form, &here),
        );
        changed.unwrap();
        for answer in answers {
            match answer {
                Ok(token) => assert_eq!(house.actor(&token).await, None, "round {round}"),
                Err(refused) => assert_eq!(refused, Problem::WrongCredentials, "round {round}"),
            }
        }
    }
}

/// Two changes at once, both checked against the old password: the second changes nothing.
#[tokio::test]
async fn of_two_changes_of_a_password_the_later_is_refused() {
    let house = House::new().await;
    let token = house.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = house.actor(&token).await.unwrap();
    let changes = ["시원한 대청마루의 낮", "솔숲에 부는 바람"].map(|new| {
        let form = ChangePassword { password: PASSWORD.into(), new_password: new.into() };
        let (chat, minji) = (house.chat.clone(), minji.clone());
        async move { (new, chat.change_password(&minji, form, &visitor()).await) }
    });
    let answers = join_all(changes).await;
    let wrong = Err(Problem::invalid(Field::Password, Fault::Form));
    assert_eq!(answers.iter().filter(|(_, answer)| *answer == wrong).count(), 1, "{answers:?}");
    for (new, answer) in answers {
        let signed_in = house.signs_in("minji@example.com", new).await;
        assert_eq!(signed_in.is_ok(), answer.is_ok());
    }
}
