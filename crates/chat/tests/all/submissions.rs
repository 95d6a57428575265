//! A form that makes something and is sent twice makes it once.

use crate::helpers::{TestApp, User};
use chat::CreateInviteLink;
use domain::{
    collation::ScriptFirst,
    error::{AppError, What},
    ids::{ClientId, RoomId},
    invitation_links::{ExpiresAfter, MaxUses, SecretToken},
    rooms::Visibility,
};
use futures::future::join_all;
use uuid::Uuid;

fn fresh_id() -> ClientId {
    ClientId::from_uuid(Uuid::new_v4())
}

fn fresh_token() -> SecretToken {
    SecretToken::from_random(Uuid::new_v4().into_bytes())
}

fn link(client_id: ClientId, token: &SecretToken) -> CreateInviteLink {
    let once = Some((client_id, token.clone()));
    CreateInviteLink { lifetime: ExpiresAfter::Week, uses: MaxUses::Ten, once }
}

async fn links(user: &User, room: RoomId) -> usize {
    let page = user.chat.inviting(&user.actor, room, "", 1, ScriptFirst::Hangul).await.unwrap();
    page.open.unwrap().links.len()
}

#[tokio::test]
async fn a_room_is_made_once_however_often_and_fast_its_form_is_sent() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let id = fresh_id();
    let send = || minji.chat.create_room(&minji.actor, Some(id), "공부방", Visibility::Private);
    let first = send().await.unwrap();
    for again in join_all((0..8).map(|_| send())).await {
        assert_eq!(again, Ok(first));
    }
    assert_eq!(minji.chat.rooms(&minji.actor).await.unwrap().len(), 1);

    let at_once = fresh_id();
    let send =
        || minji.chat.create_room(&minji.actor, Some(at_once), "공부방", Visibility::Private);
    let made = join_all((0..8).map(|_| send())).await;
    assert!(made.iter().all(|room| *room == made[0] && *room != Ok(first)), "{made:?}");
    assert_eq!(minji.chat.rooms(&minji.actor).await.unwrap().len(), 2);
}

#[tokio::test]
async fn another_content_under_the_same_id_is_a_conflict_and_another_id_another_room() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let id = Some(fresh_id());
    let study = minji.chat.create_room(&minji.actor, id, "공부방", Visibility::Open).await.unwrap();
    for (title, visibility) in [
        ("부엌", Visibility::Open),
        ("공부방", Visibility::Private),
        ("공부방 ", Visibility::Private),
    ] {
        let other = minji.chat.create_room(&minji.actor, id, title, visibility).await;
        assert_eq!(other, Err(AppError::Conflict), "{title} {visibility:?}");
    }
    let profile = minji.chat.create_profile(&minji.actor, id, "공부방").await;
    assert_eq!(profile, Err(AppError::Conflict), "nor is it another kind of thing");
    let again =
        minji.chat.create_room(&minji.actor, Some(fresh_id()), "공부방", Visibility::Open).await;
    assert_ne!(again.unwrap(), study);
    let of_another = junho.chat.create_room(&junho.actor, id, "공부방", Visibility::Open).await;
    assert_ne!(of_another.unwrap(), study, "an id is its user's");
    let none =
        minji.chat.create_room(&minji.actor, None, "공부방", Visibility::Open).await.unwrap();
    assert_ne!(
        minji.chat.create_room(&minji.actor, None, "공부방", Visibility::Open).await,
        Ok(none)
    );
}

/// The client hangs up at any moment, and its user presses once more.
#[tokio::test]
async fn after_a_hang_up_a_retry_is_answered_with_what_was_made() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    for polls in 0..12 {
        let id = Some(fresh_id());
        let send = || minji.chat.create_room(&minji.actor, id, "공부방", Visibility::Open);
        {
            let mut hung_up = Box::pin(send());
            for _ in 0..polls {
                let once = futures::poll!(hung_up.as_mut());
                if once.is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        send().await.unwrap();
        let rooms = minji.chat.rooms(&minji.actor).await.unwrap();
        assert_eq!(rooms.len(), polls + 1, "one for each form");
    }
}

#[tokio::test]
async fn what_is_gone_is_not_made_again() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let (room, profile) = (Some(fresh_id()), Some(fresh_id()));
    let study =
        minji.chat.create_room(&minji.actor, room, "공부방", Visibility::Open).await.unwrap();
    minji.chat.close_room(&minji.actor, study).await.unwrap();
    assert_eq!(
        minji.chat.create_room(&minji.actor, room, "공부방", Visibility::Open).await,
        Ok(study)
    );
    assert!(minji.chat.rooms(&minji.actor).await.unwrap().is_empty());

    let knight = minji.chat.create_profile(&minji.actor, profile, "은빛 기사").await.unwrap();
    assert_eq!(minji.chat.create_profile(&minji.actor, profile, "은빛 기사").await, Ok(knight));
    assert_eq!(minji.chat.profile_assignments(&minji.actor).await.unwrap().profiles.len(), 2);
    minji.chat.delete_profile(&minji.actor, knight).await.unwrap();
    assert_eq!(minji.chat.create_profile(&minji.actor, profile, "은빛 기사").await, Ok(knight));
    assert_eq!(minji.chat.profile_assignments(&minji.actor).await.unwrap().profiles.len(), 1);
}

#[tokio::test]
async fn a_link_is_made_once_and_shown_again_and_a_revoked_one_does_not_come_back() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (id, token) = (fresh_id(), fresh_token());
    let send = || minji.chat.create_invite_link(&minji.actor, study, link(id, &token));
    for sent in join_all((0..4).map(|_| send())).await {
        assert_eq!(sent.unwrap(), token);
    }
    assert_eq!(links(&minji, study).await, 1);
    let shown = minji.chat.hand_out_link(&minji.actor, study, token.as_str()).await.unwrap();
    minji.chat.revoke_link(&minji.actor, study, shown.link.id).await.unwrap();
    assert_eq!(send().await.unwrap(), token);
    assert_eq!(links(&minji, study).await, 0);
    let shown = minji.chat.hand_out_link(&minji.actor, study, token.as_str()).await;
    assert_eq!(shown.err(), Some(AppError::NotFound(What::InvitationLink)));
}

#[tokio::test]
async fn a_secret_that_a_link_has_already_makes_no_second_one() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let (study, kitchen) = (minji.makes_a_room("공부방").await, junho.makes_a_room("부엌").await);
    let token = fresh_token();
    minji.chat.create_invite_link(&minji.actor, study, link(fresh_id(), &token)).await.unwrap();
    for (user, room) in [(&minji, study), (&junho, kitchen)] {
        let made = user.chat.create_invite_link(&user.actor, room, link(fresh_id(), &token)).await;
        assert_eq!(made.err(), Some(AppError::Conflict));
    }
    assert_eq!((links(&minji, study).await, links(&junho, kitchen).await), (1, 0));
}

/// A retry costs nothing: the limit that its form has used up does not refuse it.
#[tokio::test]
async fn a_retry_is_answered_when_no_further_form_is() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let send = |id| minji.chat.create_room(&minji.actor, Some(id), "공부방", Visibility::Open);
    let (mut last, mut made) = (fresh_id(), 0);
    let refused = loop {
        let id = fresh_id();
        match send(id).await {
            Ok(_) => (last, made) = (id, made + 1),
            Err(refused) => break refused,
        }
        assert!(made < 1_000, "no bound");
    };
    assert!(matches!(refused, AppError::SlowDown { .. }), "{refused:?}");
    assert!(send(last).await.is_ok());
    assert_eq!(minji.chat.rooms(&minji.actor).await.unwrap().len(), made);
}
