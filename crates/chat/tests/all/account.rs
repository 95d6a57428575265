//! One's own account: whatever could lock somebody out of it asks for the password first.

use crate::helpers::{House, PASSWORD, soon, visitor};
use chat::{ChangeEmail, ChangePassword, SignedIn};
use domain::{
    problem::{Field, Flaw, Problem},
    text::Fault,
    wire::Farewell,
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
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let phone = house.signs_in(EMAIL, PASSWORD).await.unwrap();
    let at_the_phone = house.actor(&phone).await.unwrap();
    let pocket = house.chat.connect(&at_the_phone).await.unwrap();
    let here = minji.connects().await;

    let form = to_password(PASSWORD, NEW);
    house.chat.change_password(&minji.actor, form, &visitor()).await.unwrap();
    assert_eq!(soon(pocket.receiver.closed()).await, Farewell::SignedOut);
    assert_eq!(house.actor(&phone).await, None);
    assert_eq!(here.receiver.close_reason(), None);
    assert_eq!(house.chat.still_signed_in(&minji.actor).await, Ok(true));
    assert_eq!(house.signs_in(EMAIL, PASSWORD).await, Err(Problem::WrongCredentials));
    assert!(house.signs_in(EMAIL, NEW).await.is_ok());
}

/// One after the other or at once.
#[tokio::test]
async fn a_form_that_is_sent_twice_changes_the_password_once_and_says_so_twice() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let here = visitor();
    let change = || house.chat.change_password(&minji.actor, to_password(PASSWORD, NEW), &here);
    assert_eq!(join_all([change(), change()]).await, [Ok(()), Ok(())]);
    assert_eq!(change().await, Ok(()));
    assert!(house.signs_in(EMAIL, NEW).await.is_ok());
    let other = to_password(PASSWORD, "차가운 온돌방의 아침");
    let refused = house.chat.change_password(&minji.actor, other, &visitor()).await;
    assert_eq!(refused, Err(Problem::invalid(Field::Password, Fault::Form)));
    assert!(house.signs_in(EMAIL, NEW).await.is_ok());
}

#[tokio::test]
async fn a_new_address_is_the_one_to_sign_in_with() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    house.member("junho@example.com", "준호").await;
    let change = async |email: &str| {
        house.chat.change_email(&minji.actor, to_email(email, PASSWORD), &visitor()).await
    };
    let taken = Err(Problem::invalid(Field::Email, Fault::Taken));
    assert_eq!(change(" JUNHO@example.com ").await, taken);
    assert_eq!(change(EMAIL).await, Ok(()), "their own is nobody else's");
    assert_eq!(change("minji@example.org").await, Ok(()));
    assert_eq!(house.signs_in(EMAIL, PASSWORD).await, Err(Problem::WrongCredentials));
    assert!(house.signs_in("minji@example.org", PASSWORD).await.is_ok());
    assert!(house.signs_up(EMAIL, "다른 민지", PASSWORD).await.is_ok(), "it is free again");
    let account = house.chat.account(&minji.actor).await.unwrap();
    assert_eq!(account.email.as_str(), "minji@example.org");
}

#[tokio::test]
async fn without_the_present_password_nothing_changes() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let (chat, actor) = (&house.chat, &minji.actor);
    let wrong = Err(Problem::invalid(Field::Password, Fault::Form));
    let form = to_password(WRONG, NEW);
    assert_eq!(chat.change_password(actor, form, &visitor()).await, wrong);
    let form = to_email("minji@example.org", WRONG);
    assert_eq!(chat.change_email(actor, form, &visitor()).await, wrong);
    assert_eq!(chat.delete_account(actor, WRONG, true, &visitor()).await, wrong);
    let unsure = Err(Problem::invalid(Field::Sure, Fault::Empty));
    assert_eq!(chat.delete_account(actor, PASSWORD, false, &visitor()).await, unsure);
    assert!(house.signs_in(EMAIL, PASSWORD).await.is_ok());
    assert_eq!(chat.account(actor).await.unwrap().email.as_str(), EMAIL);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let flaws = |flaws: [(Field, Fault); 2]| {
        let flaws = flaws.map(|(field, fault)| Flaw { field, fault });
        Err(Problem::Invalid { flaws: flaws.into() })
    };
    let empty = (Field::Password, Fault::Empty);
    assert_eq!(
        house.chat.change_password(&minji.actor, to_password("", "12345678"), &visitor()).await,
        flaws([empty, (Field::NewPassword, Fault::Common)])
    );
    assert_eq!(
        house.chat.change_email(&minji.actor, to_email("minji", ""), &visitor()).await,
        flaws([(Field::Email, Fault::Form), empty])
    );
    assert_eq!(
        house.chat.delete_account(&minji.actor, "", false, &visitor()).await,
        flaws([empty, (Field::Sure, Fault::Empty)])
    );
}

#[tokio::test]
async fn guessing_from_inside_is_counted_by_session_alone() {
    let house = House::strict().await;
    let minji = house.member(EMAIL, "민지").await;
    let visitor = visitor();
    let guesses = (0..14)
        .map(|_| house.chat.change_email(&minji.actor, to_email("m@example.org", WRONG), &visitor));
    let answers = join_all(guesses).await;
    let slowed = |answer: &&Result<(), Problem>| matches!(answer, Err(Problem::SlowDown { .. }));
    assert_eq!(answers.iter().filter(slowed).count(), 4);
    let right = house.chat.change_email(&minji.actor, to_email(EMAIL, PASSWORD), &visitor).await;
    assert!(matches!(right, Err(Problem::SlowDown { .. })), "the right one has to wait as well");
    let phone = house.signs_in(EMAIL, PASSWORD).await.unwrap();
    let phone = house.actor(&phone).await.unwrap();
    assert_eq!(house.chat.change_email(&phone, to_email(EMAIL, PASSWORD), &visitor).await, Ok(()));
}

#[tokio::test]
async fn what_was_chosen_is_there_at_the_next_sign_in() {
    let house = House::new().await;
    let minji = house.member(EMAIL, "민지").await;
    let before = house.chat.preferences(&minji.actor).await.unwrap();
    assert_eq!((before.language, before.theme), (None, None));
    house.chat.choose_language(&minji.actor, "en").await.unwrap();
    house.chat.choose_theme(&minji.actor, "dark").await.unwrap();
    let SignedIn::Inside(token) = house.gives_password(EMAIL, PASSWORD).await.unwrap() else {
        panic!("no code is asked for");
    };
    let actor = house.actor(&token).await.unwrap();
    let after = house.chat.preferences(&actor).await.unwrap();
    assert_eq!((after.language.as_deref(), after.theme.as_deref()), (Some("en"), Some("dark")));
}
