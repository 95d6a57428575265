//! One's own account: whatever could lock somebody out of it asks for the password first.

use crate::helpers::{PASSWORD, TestApp, client_info, soon};
use chat::{ChangeEmail, ChangePassword, LoginResult};
use domain::{
    error::{AppError, Field, FieldError},
    text::ValidationError,
    wire::CloseReason,
};
use futures::future::join_all;

const EMAIL: &str = "minji@example.com";
const NEW: &str = "시원한 대청마루의 낮";
const WRONG: &str = "차가운 온돌방의 밤";

fn to_password(password: &str, new_password: &str) -> ChangePassword {
    ChangePassword { password: password.into(), new_password: new_password.into() }
}

fn to_email(email: &str, password: &str) -> ChangeEmail {
    ChangeEmail { email: email.into(), password: password.into() }
}

#[tokio::test]
async fn a_changed_password_ends_every_session_but_this_one() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let phone = test_app.signs_in(EMAIL, PASSWORD).await.unwrap();
    let at_the_phone = test_app.actor(&phone).await.unwrap();
    let pocket = test_app.chat.connect(&at_the_phone).await.unwrap();
    let here = minji.connects().await;

    let form = to_password(PASSWORD, NEW);
    test_app.chat.change_password(&minji.actor, form, &client_info()).await.unwrap();
    assert_eq!(soon(pocket.receiver.closed()).await, CloseReason::SignedOut);
    assert_eq!(test_app.actor(&phone).await, None);
    assert_eq!(here.receiver.close_reason(), None);
    assert_eq!(test_app.chat.still_signed_in(&minji.actor).await, Ok(true));
    assert_eq!(test_app.signs_in(EMAIL, PASSWORD).await, Err(AppError::WrongCredentials));
    assert!(test_app.signs_in(EMAIL, NEW).await.is_ok());
}

/// One after the other or at once.
#[tokio::test]
async fn a_form_that_is_sent_twice_changes_the_password_once_and_says_so_twice() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let here = client_info();
    let change = || test_app.chat.change_password(&minji.actor, to_password(PASSWORD, NEW), &here);
    assert_eq!(join_all([change(), change()]).await, [Ok(()), Ok(())]);
    assert_eq!(change().await, Ok(()));
    assert!(test_app.signs_in(EMAIL, NEW).await.is_ok());
    let other = to_password(PASSWORD, "차가운 온돌방의 아침");
    let refused = test_app.chat.change_password(&minji.actor, other, &client_info()).await;
    assert_eq!(refused, Err(AppError::WrongPassword));
    assert!(test_app.signs_in(EMAIL, NEW).await.is_ok());
}

#[tokio::test]
async fn a_new_address_is_the_one_to_sign_in_with() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    test_app.member("junho@example.com", "준호").await;
    let change = async |email: &str| {
        test_app.chat.change_email(&minji.actor, to_email(email, PASSWORD), &client_info()).await
    };
    let taken = Err(AppError::EmailTaken);
    assert_eq!(change(" JUNHO@example.com ").await, taken);
    assert_eq!(change(EMAIL).await, Ok(()), "their own is nobody else's");
    assert_eq!(change("minji@example.org").await, Ok(()));
    assert_eq!(test_app.signs_in(EMAIL, PASSWORD).await, Err(AppError::WrongCredentials));
    assert!(test_app.signs_in("minji@example.org", PASSWORD).await.is_ok());
    assert!(test_app.signs_up(EMAIL, "다른 민지", PASSWORD).await.is_ok(), "it is free again");
    let account = test_app.chat.account(&minji.actor).await.unwrap();
    assert_eq!(account.email.as_str(), "minji@example.org");
}

#[tokio::test]
async fn without_the_present_password_nothing_changes() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let (chat, actor) = (&test_app.chat, &minji.actor);
    let wrong = Err(AppError::WrongPassword);
    let form = to_password(WRONG, NEW);
    assert_eq!(chat.change_password(actor, form, &client_info()).await, wrong);
    let form = to_email("minji@example.org", WRONG);
    assert_eq!(chat.change_email(actor, form, &client_info()).await, wrong);
    assert_eq!(chat.delete_account(actor, WRONG, true, &client_info()).await, wrong);
    let unsure = Err(AppError::invalid(Field::Confirmation, ValidationError::NotConfirmed));
    assert_eq!(chat.delete_account(actor, PASSWORD, false, &client_info()).await, unsure);
    assert!(test_app.signs_in(EMAIL, PASSWORD).await.is_ok());
    assert_eq!(chat.account(actor).await.unwrap().email.as_str(), EMAIL);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let errors = |errors: [(Field, ValidationError); 2]| {
        let errors = errors.map(|(field, error)| FieldError { field, error });
        Err(AppError::Invalid { errors: errors.into() })
    };
    let empty = (Field::PresentPassword, ValidationError::Empty);
    assert_eq!(
        test_app
            .chat
            .change_password(&minji.actor, to_password("", "12345678"), &client_info())
            .await,
        errors([empty, (Field::NewPassword, ValidationError::Common)])
    );
    assert_eq!(
        test_app.chat.change_email(&minji.actor, to_email("minji", ""), &client_info()).await,
        errors([(Field::Email, ValidationError::InvalidFormat), empty])
    );
    assert_eq!(
        test_app.chat.delete_account(&minji.actor, "", false, &client_info()).await,
        errors([empty, (Field::Confirmation, ValidationError::NotConfirmed)])
    );
}

#[tokio::test]
async fn guessing_from_inside_is_counted_by_session_alone() {
    let test_app = TestApp::strict().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let client_info = client_info();
    let guesses = (0..14).map(|_| {
        test_app.chat.change_email(&minji.actor, to_email("m@example.org", WRONG), &client_info)
    });
    let answers = join_all(guesses).await;
    let slowed = |answer: &&Result<(), AppError>| matches!(answer, Err(AppError::SlowDown { .. }));
    assert_eq!(answers.iter().filter(slowed).count(), 4);
    let right =
        test_app.chat.change_email(&minji.actor, to_email(EMAIL, PASSWORD), &client_info).await;
    assert!(matches!(right, Err(AppError::SlowDown { .. })), "the right one has to wait as well");
    let phone = test_app.signs_in(EMAIL, PASSWORD).await.unwrap();
    let phone = test_app.actor(&phone).await.unwrap();
    assert_eq!(
        test_app.chat.change_email(&phone, to_email(EMAIL, PASSWORD), &client_info).await,
        Ok(())
    );
}

#[tokio::test]
async fn what_was_chosen_is_there_at_the_next_sign_in() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let before = test_app.chat.preferences(&minji.actor).await.unwrap();
    assert_eq!((before.language, before.theme), (None, None));
    test_app.chat.choose_language(&minji.actor, "en").await.unwrap();
    test_app.chat.choose_theme(&minji.actor, "dark").await.unwrap();
    let LoginResult::Session(token) = test_app.gives_password(EMAIL, PASSWORD).await.unwrap()
    else {
        panic!("no code is asked for");
    };
    let actor = test_app.actor(&token).await.unwrap();
    let after = test_app.chat.preferences(&actor).await.unwrap();
    assert_eq!((after.language.as_deref(), after.theme.as_deref()), (Some("en"), Some("dark")));
}
