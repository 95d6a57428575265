//! Becoming somebody, and being known again.

use crate::helpers::{TestApp, client_info};
use chat::{ChangePassword, CreateInviteLink, SignUp, Token};
use domain::{
    error::{AppError, Field, FieldError},
    invitation_links::{ExpiresAfter, MaxUses},
    text::ValidationError,
};
use futures::future::join_all;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

const PASSWORD: &str = "따뜻한 온돌방의 밤";
/// 민지@example.com as macOS hands it over: in loose jamo.
const LOOSE: &str = "\u{1106}\u{1175}\u{11ab}\u{110c}\u{1175}@example.com";

fn field_error(field: Field, error: ValidationError) -> Result<Token, AppError> {
    Err(AppError::invalid(field, error))
}

const OTHER_PASSWORD: &str = "시원한 대청마루의 낮";
const LOOSE_CASE: &str = " Minji@EXAMPLE.com";

#[tokio::test]
async fn whoever_signs_up_is_signed_in_by_their_name() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "  민지 ", PASSWORD).await.unwrap();
    let minji = test_app.actor(&token).await.unwrap();
    assert_eq!(minji.viewer().name.as_str(), "민지");
    let again = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
    assert_eq!(test_app.actor(&again).await.unwrap().user(), minji.user());
}

#[tokio::test]
async fn a_form_is_refused_field_by_field() {
    let test_app = TestApp::new().await;
    let email = "minji@example.com";
    let over = |most| ValidationError::TooLong { most };
    for (email, name, password, field, error) in [
        ("", "민지", PASSWORD, Field::Email, ValidationError::Empty),
        ("minji", "민지", PASSWORD, Field::Email, ValidationError::InvalidFormat),
        (email, "\u{3164}", PASSWORD, Field::Name, ValidationError::Empty),
        (email, &"지".repeat(41), PASSWORD, Field::Name, over(40)),
        (email, "민\n지", PASSWORD, Field::Name, ValidationError::Control),
        (email, "민지", "", Field::Password, ValidationError::Empty),
        (email, "민지", "온돌방의밤", Field::Password, ValidationError::TooShort { least: 8 }),
        (email, "민지", &"밤".repeat(257), Field::Password, over(256)),
        (email, "민지", "password123", Field::Password, ValidationError::Common),
    ] {
        let refused = test_app.signs_up(email, name, password).await;
        assert_eq!(refused, field_error(field, error), "{email:?} {name:?} {password:?}");
    }
    assert_eq!(
        test_app.signs_in("", PASSWORD).await,
        field_error(Field::Email, ValidationError::Empty)
    );
    assert_eq!(
        test_app.signs_in(email, "").await,
        field_error(Field::Password, ValidationError::Empty)
    );
    assert!(
        test_app.signs_up(email, "민지", PASSWORD).await.is_ok(),
        "none of it took the address"
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let test_app = TestApp::new().await;
    let errors = [
        FieldError { field: Field::Name, error: ValidationError::Empty },
        FieldError { field: Field::Email, error: ValidationError::InvalidFormat },
        FieldError { field: Field::Password, error: ValidationError::TooShort { least: 8 } },
    ];
    let refused = test_app.signs_up("minji", " ", "짧다").await;
    assert_eq!(refused, Err(AppError::Invalid { errors: errors.into() }));
}

#[tokio::test]
async fn an_address_is_taken_however_it_is_typed() {
    let test_app = TestApp::new().await;
    test_app.signs_up("민지@Example.com", "민지", PASSWORD).await.unwrap();
    for same in ["민지@example.com", " 민지@EXAMPLE.COM ", LOOSE, &LOOSE.to_uppercase()] {
        let refused = test_app.signs_up(same, "다른 민지", OTHER_PASSWORD).await;
        assert_eq!(refused, Err(AppError::EmailTaken), "{same}");
        assert!(test_app.signs_in(same, PASSWORD).await.is_ok(), "{same}");
    }
}

#[tokio::test]
async fn of_eight_who_take_an_address_at_once_one_gets_it() {
    let test_app = TestApp::new().await;
    let signing = ["1", "2", "3", "4", "5", "6", "7", "8"].map(async |name| {
        let password = format!("{PASSWORD} {name}");
        test_app.signs_up("minji@example.com", name, &password).await
    });
    let (signed, refused): (Vec<_>, Vec<_>) =
        join_all(signing).await.into_iter().partition(Result::is_ok);
    assert_eq!((signed.len(), refused.len()), (1, 7));
    assert!(refused.into_iter().all(|refused| refused == Err(AppError::EmailTaken)));
}

/// A form that is sent twice, one after the other or at once, signs up once and signs in.
#[tokio::test]
async fn who_signs_up_again_with_the_same_password_is_signed_in() {
    let test_app = TestApp::new().await;
    let twice = [(); 2].map(|()| test_app.signs_up("minji@example.com", "민지", PASSWORD));
    let mut users = BTreeSet::new();
    for token in join_all(twice).await {
        users.insert(test_app.actor(&token.unwrap()).await.unwrap().user());
    }
    let token = test_app.signs_up(LOOSE_CASE, "김민지", PASSWORD).await.unwrap();
    let actor = test_app.actor(&token).await.unwrap();
    users.insert(actor.user());
    assert_eq!(users.len(), 1);
    assert_eq!(actor.viewer().name.as_str(), "민지", "and nothing else is changed");
    for wrong in [OTHER_PASSWORD, "차가운 온돌방의 밤"] {
        let refused = test_app.signs_up("minji@example.com", "민지", wrong).await;
        assert_eq!(refused, Err(AppError::EmailTaken));
    }
}

#[tokio::test]
async fn a_name_and_a_password_may_come_in_loose_jamo() {
    let test_app = TestApp::new().await;
    let name = "\u{1106}\u{1175}\u{11ab}\u{110c}\u{1175}";
    let token = test_app.signs_up("minji@example.com", name, "한한한한한글글글").await.unwrap();
    assert_eq!(test_app.actor(&token).await.unwrap().viewer().name.as_str(), "민지");
    let loose = "\u{1112}\u{1161}\u{11ab}".repeat(5) + &"\u{1100}\u{1173}\u{11af}".repeat(3);
    assert!(test_app.signs_in("minji@example.com", &loose).await.is_ok());
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_one_answer() {
    let test_app = TestApp::new().await;
    test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let wrong = test_app.signs_in("minji@example.com", "차가운 온돌방의 밤").await;
    let unknown = test_app.signs_in("nobody@example.com", PASSWORD).await;
    assert_eq!(wrong, Err(AppError::WrongCredentials));
    assert_eq!(wrong, unknown);
    let nearly = test_app.signs_in("minji@example.com", &PASSWORD.replace(' ', "  ")).await;
    assert_eq!(nearly, wrong);
}

#[tokio::test]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    let test_app = TestApp::new().await;
    test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    test_app.signs_in("nobody@example.com", PASSWORD).await.unwrap_err();
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let start = Instant::now();
        test_app.signs_in("minji@example.com", "차가운 온돌방의 밤").await.unwrap_err();
        wrong.push(start.elapsed());
        let start = Instant::now();
        test_app.signs_in("nobody@example.com", "차가운 온돌방의 밤").await.unwrap_err();
        unknown.push(start.elapsed());
    }
    // Without a hash to check it would be a hundred times less; the rest is for a busy machine.
    let (wrong, unknown) = (median(wrong), median(unknown));
    assert!(unknown * 4 > wrong && wrong * 4 > unknown, "{wrong:?} {unknown:?}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test]
async fn a_password_of_the_own_name_or_address_is_refused_wherever_one_is_chosen() {
    let test_app = TestApp::new().await;
    let (email, name) = ("gildong.hong+family@example.com", "홍길동");
    let own = ValidationError::Personal;
    for password in ["홍길동홍길동홍길동", "길동1234길동", "gildong.hong", "Gildong2026", email]
    {
        let refused = test_app.signs_up(email, name, password).await;
        assert_eq!(refused, field_error(Field::Password, own), "{password}");
    }
    let token = test_app.signs_up(email, name, PASSWORD).await.unwrap();
    let gildong = test_app.actor(&token).await.unwrap();
    let change = async |new: &str| {
        let form = ChangePassword { password: PASSWORD.into(), new_password: new.into() };
        test_app.chat.change_password(&gildong, form, &client_info()).await
    };
    for password in ["홍 길동 홍 길동", "gildong.hong!!"] {
        let refused = change(password).await;
        assert_eq!(refused, Err(AppError::invalid(Field::NewPassword, own)), "{password}");
        let link = test_app.chat.reset_password_from_cli(email).await.unwrap();
        let refused = test_app.chat.reset_password(link.as_str(), password, &client_info()).await;
        assert_eq!(refused, Err(AppError::invalid(Field::Password, own)), "{password}");
        let phrase = "홍길동은 율도국으로 갔다";
        test_app.chat.reset_password(link.as_str(), phrase, &client_info()).await.unwrap();
        let token = test_app.signs_in(email, phrase).await.unwrap();
        let back = test_app.actor(&token).await.unwrap();
        let form = ChangePassword { password: phrase.into(), new_password: PASSWORD.into() };
        test_app.chat.change_password(&back, form, &client_info()).await.unwrap();
    }
}

#[tokio::test]
async fn a_name_made_from_an_address_has_no_tag() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let form = CreateInviteLink { lifetime: ExpiresAfter::Week, uses: MaxUses::Any, once: None };
    let link = test_app.chat.create_invite_link(&minji.actor, study, form).await.unwrap();
    let form = SignUp {
        email: "junho+family@example.com".into(),
        name: String::new(),
        password: PASSWORD.into(),
        invitation: Some(link.as_str().to_owned()),
        setup_link: None,
        at_the_machine: false,
    };
    let signed_up = test_app.chat.sign_up(form, &client_info()).await.unwrap();
    let junho = test_app.actor(&signed_up.token).await.unwrap();
    assert_eq!(junho.viewer().name.as_str(), "junho");
}
