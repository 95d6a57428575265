//! A session lives for 24 hours after its last use, and ends when it is told to.

use crate::helpers::{HOUR, MINUTE, TestApp, client_info, hears, hears_nothing, soon};
use chat::{ChangePassword, ClientInfo, SignIn, SignUp};
use domain::{
    clock::Millis, error::AppError, ids::SessionId, rooms::Visibility, wire::CloseReason,
};
use futures::future::join_all;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

const DAY: i64 = 24 * HOUR;

async fn last_used(test_app: &TestApp, session: SessionId) -> Option<Millis> {
    let times = test_app.store.session_times(session).await.unwrap();
    times.map(|times| times.last_used_at)
}

#[tokio::test]
async fn a_session_ends_24_hours_after_its_last_use() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    test_app.passes(24 * HOUR - 1);
    assert!(test_app.actor(&token).await.is_some(), "a use, from which the hours count again");
    test_app.passes(24 * HOUR);
    assert_eq!(test_app.actor(&token).await, None);
    test_app.passes(-HOUR);
    assert_eq!(test_app.actor(&token).await, None, "what has ended does not begin again");
}

#[tokio::test]
async fn a_session_in_use_lives_on() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    for day in 1..=10 {
        test_app.passes(23 * HOUR);
        assert!(test_app.actor(&token).await.is_some(), "day {day}");
    }
}

#[tokio::test]
async fn an_open_socket_is_a_use() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    for day in 1..=10 {
        test_app.passes(23 * HOUR);
        assert_eq!(minji.chat.still_signed_in(&minji.actor).await, Ok(true), "day {day}");
    }
}

/// Used every few hours, by pages or by a socket that stays open.
#[tokio::test]
async fn a_year_after_the_sign_in_a_session_ends_however_often_it_is_used() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = test_app.actor(&token).await.unwrap();
    let tab = test_app.chat.connect(&minji).await.unwrap();
    for day in 0..364 {
        test_app.passes(12 * HOUR);
        assert!(test_app.actor(&token).await.is_some(), "day {day}");
        test_app.passes(12 * HOUR);
        assert_eq!(test_app.chat.still_signed_in(&minji).await, Ok(true), "day {day}");
    }
    let phone = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
    test_app.passes(DAY - 1);
    assert!(test_app.actor(&token).await.is_some());
    test_app.actor(&phone).await.unwrap();
    test_app.passes(1);
    let listed = test_app.chat.devices(&test_app.actor(&phone).await.unwrap()).await.unwrap();
    assert_eq!(listed.len(), 1, "what has ended is not listed");
    assert_eq!(test_app.chat.still_signed_in(&minji).await, Ok(false));
    assert_eq!(soon(tab.receiver.closed()).await, CloseReason::SignedOut);
    assert_eq!(test_app.actor(&token).await, None);
    assert!(test_app.actor(&phone).await.is_some(), "it was opened a day ago");
}

#[tokio::test]
async fn a_restart_does_not_begin_the_year_anew() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let mut test_app = test_app;
    for _ in 0..365 {
        test_app.passes(DAY - 1);
        test_app.actor(&token).await.unwrap();
    }
    (test_app, ()) = test_app.restarts(async |_| ()).await;
    // The clock of the restarted instance is at the beginning again.
    test_app.passes(365 * DAY - 365);
    assert!(test_app.actor(&token).await.is_some());
    test_app.passes(365);
    assert_eq!(test_app.actor(&token).await, None);
}

#[tokio::test]
async fn a_session_takes_the_place_of_the_one_that_the_browser_had() {
    let test_app = TestApp::new().await;
    let minji = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let before = test_app.actor(&minji).await.unwrap();
    let phone = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
    let tab = test_app.chat.connect(&before).await.unwrap();
    let browser = ClientInfo { session: Some(before.session()), ..client_info() };
    let form = SignUp {
        email: "junho@example.com".into(),
        name: "준호".into(),
        password: PASSWORD.into(),
        invitation: None,
        setup_link: None,
        at_the_machine: false,
    };
    let junho = test_app.chat.sign_up(form.clone(), &browser).await.unwrap().token;
    assert_eq!(soon(tab.receiver.closed()).await, CloseReason::SignedOut);
    assert_eq!(test_app.actor(&minji).await, None);
    assert!(test_app.actor(&phone).await.is_some(), "another device is left alone");

    let junho = test_app.actor(&junho).await.unwrap();
    let browser = ClientInfo { session: Some(junho.session()), ..client_info() };
    let taken = SignUp { password: "차가운 온돌방의 밤".into(), ..form };
    assert!(test_app.chat.sign_up(taken, &browser).await.is_err(), "the address is taken");
    let wrong = SignIn { email: "minji@example.com".into(), password: "아닌데요".into() };
    assert!(test_app.chat.sign_in(wrong, &browser).await.is_err());
    assert_eq!(
        test_app.chat.still_signed_in(&junho).await,
        Ok(true),
        "what is refused ends nothing"
    );
}

#[tokio::test]
async fn uses_within_a_minute_are_written_down_once() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let session = test_app.actor(&token).await.unwrap().session();
    let began = test_app.now();
    test_app.passes(MINUTE - 1);
    test_app.actor(&token).await.unwrap();
    assert_eq!(last_used(&test_app, session).await, Some(began));
    test_app.passes(1);
    test_app.actor(&token).await.unwrap();
    let minute_later = Millis(began.0 + MINUTE);
    assert_eq!(last_used(&test_app, session).await, Some(minute_later));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_sockets_and_no_other() {
    let test_app = TestApp::new().await;
    let at_home = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let on_the_phone = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
    let (home, phone) =
        (test_app.actor(&at_home).await.unwrap(), test_app.actor(&on_the_phone).await.unwrap());
    assert_eq!(home.user(), phone.user());
    let first_tab = test_app.chat.connect(&home).await.unwrap();
    let second_tab = test_app.chat.connect(&home).await.unwrap();
    let pocket = test_app.chat.connect(&phone).await.unwrap();

    test_app.chat.sign_out(&home).await.unwrap();
    for tab in [&first_tab, &second_tab] {
        assert_eq!(soon(tab.receiver.closed()).await, CloseReason::SignedOut);
    }
    assert_eq!(pocket.receiver.close_reason(), None);
    assert_eq!(test_app.actor(&at_home).await, None);
    assert_eq!(test_app.chat.still_signed_in(&home).await, Ok(false));
    assert_eq!(test_app.chat.connect(&home).await.unwrap_err(), AppError::SignedOut);
    assert!(test_app.actor(&on_the_phone).await.is_some());

    let study = test_app.chat.create_room(&phone, None, "공부방", Visibility::Open).await.unwrap();
    let junho = test_app.user("준호").await;
    junho.enters(study).await;
    assert_eq!(hears(&pocket).await.members.len(), 1);
    hears_nothing(&first_tab);
    assert_eq!(test_app.chat.hub().connections(), 1);
}

#[tokio::test]
async fn a_session_that_runs_out_takes_its_sockets_with_it() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let tab = minji.connects().await;
    test_app.passes(24 * HOUR);
    assert_eq!(minji.chat.still_signed_in(&minji.actor).await, Ok(false));
    assert_eq!(soon(tab.receiver.closed()).await, CloseReason::SignedOut);
    assert_eq!(minji.chat.connect(&minji.actor).await.unwrap_err(), AppError::SignedOut);
}

#[tokio::test]
async fn maintenance_removes_what_has_run_out() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    test_app.passes(24 * HOUR + 1);
    let junho = test_app.user("준호").await;
    let keeping = tokio::spawn(test_app.chat.clone().run_maintenance());
    let when = |user: &crate::helpers::User| last_used(&test_app, user.actor.session());
    soon(async {
        while when(&minji).await.is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(when(&junho).await, Some(test_app.now()));
    keeping.abort();
}

#[tokio::test]
async fn after_a_restart_people_are_still_in() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let before = test_app.actor(&token).await.unwrap();
    let (test_app, ()) = test_app.restarts(async |_| ()).await;
    assert_eq!(test_app.actor(&token).await, Some(before));
}

#[tokio::test]
async fn what_is_no_token_is_nobody() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let token = token.as_str();
    let longer = format!("{token}0");
    let upper = token.to_uppercase();
    for forged in ["", "0", &token[1..], &longer, &upper, "' OR 1=1 --", "민지", "\0"] {
        assert_eq!(test_app.chat.actor(forged).await, Ok(None), "{forged}");
    }
}

/// Eight sign-ins with the old password are under way while it is changed: none of them opens a session that lasts.
#[tokio::test]
async fn a_sign_in_that_is_being_checked_while_the_password_changes_opens_nothing() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = test_app.actor(&token).await.unwrap();
    let passwords = [PASSWORD, "시원한 대청마루의 낮"];
    for round in 0..4 {
        let (old, new) = (passwords[round % 2], passwords[(round + 1) % 2]);
        let form = ChangePassword { password: old.into(), new_password: new.into() };
        let here = client_info();
        let (answers, changed) = tokio::join!(
            join_all((0..8).map(|_| test_app.signs_in("minji@example.com", old))),
            test_app.chat.change_password(&minji, form, &here),
        );
        changed.unwrap();
        for answer in answers {
            match answer {
                Ok(token) => assert_eq!(test_app.actor(&token).await, None, "round {round}"),
                Err(refused) => assert_eq!(refused, AppError::WrongCredentials, "round {round}"),
            }
        }
    }
}

/// Two changes at once, both checked against the old password: the second changes nothing.
#[tokio::test]
async fn of_two_changes_of_a_password_the_later_is_refused() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let minji = test_app.actor(&token).await.unwrap();
    let changes = ["시원한 대청마루의 낮", "솔숲에 부는 바람"].map(|new| {
        let form = ChangePassword { password: PASSWORD.into(), new_password: new.into() };
        let (chat, minji) = (test_app.chat.clone(), minji.clone());
        async move { (new, chat.change_password(&minji, form, &client_info()).await) }
    });
    let answers = join_all(changes).await;
    let wrong = Err(AppError::WrongPassword);
    assert_eq!(answers.iter().filter(|(_, answer)| *answer == wrong).count(), 1, "{answers:?}");
    for (new, answer) in answers {
        let signed_in = test_app.signs_in("minji@example.com", new).await;
        assert_eq!(signed_in.is_ok(), answer.is_ok());
    }
}
