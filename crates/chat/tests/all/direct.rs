//! One-to-one rooms: found by whoever asks first, and closed to everybody else.

use crate::helpers::{TestApp, hears, soon};
use domain::{
    error::{AppError, What},
    history::PageAnchor,
    ids::{RoomId, UserId},
};
use futures::future::join_all;
use std::collections::BTreeSet;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn both_press_at_once_and_are_in_one_room() {
    let test_app = TestApp::new().await;
    let pair = test_app.users(["민지", "준호"]).await;
    let talking = (0..16).map(|nth| {
        let (by, with) = (pair[nth % 2].clone(), pair[(nth + 1) % 2].actor.user());
        tokio::spawn(async move { by.chat.open_direct_room(&by.actor, with).await.unwrap() })
    });
    let rooms: BTreeSet<RoomId> =
        soon(join_all(talking)).await.into_iter().map(Result::unwrap).collect();
    let [room] = Vec::from_iter(rooms).try_into().unwrap();
    let [minji, junho] = &pair;
    let tab = junho.connects().await;
    minji.says("둘이서").in_room(room).await;
    assert_eq!(hears(&tab).await.room, room);
    let listed = junho.chat.rooms(&junho.actor).await.unwrap();
    assert_eq!((listed[0].title.as_ref().unwrap().as_str(), listed[0].unread), ("민지", 1));
}

#[tokio::test]
async fn a_tab_that_is_open_hears_of_a_talk_that_begins() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let tab = junho.connects().await;
    let listed = junho.chat.rooms(&junho.actor).await.unwrap();
    assert!(listed.is_empty());
    let room = minji.chat.open_direct_room(&minji.actor, junho.actor.user()).await.unwrap();
    minji.says("잠깐만요").in_room(room).await;
    assert_eq!(hears(&tab).await.room, room);
    assert_eq!(junho.chat.rooms(&junho.actor).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_else_ever_comes_in_and_neither_of_the_two_goes() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let room = minji.chat.open_direct_room(&minji.actor, junho.actor.user()).await.unwrap();
    let own = minji.chat.open_direct_room(&minji.actor, minji.actor.user()).await.unwrap();
    for secret in [room, own] {
        let enters = seoyeon.chat.join_room(&seoyeon.actor, &secret.to_string()).await;
        assert_eq!(enters, Err(AppError::NotFound(What::Room)));
        let looks = seoyeon.chat.view_room(&seoyeon.actor, secret, PageAnchor::Newest).await;
        assert_eq!(looks.err(), Some(AppError::NotFound(What::Room)));
        let said = seoyeon.says("저도요").tried_in(secret).await;
        assert_eq!(said.err(), Some(AppError::NotFound(What::Room)));
        let leaves = minji.chat.leave_room(&minji.actor, secret).await;
        assert_eq!(leaves, Err(AppError::NotAllowed));
        let closes = minji.chat.close_room(&minji.actor, secret).await;
        assert_eq!(closes, Err(AppError::NotAllowed));
        let settings = minji.chat.room_settings(&minji.actor, secret, "", 1).await;
        assert_eq!(settings.err(), Some(AppError::NotFound(What::Room)), "there is nothing to set");
    }
    let nobody = UserId::from_uuid(Uuid::new_v4());
    assert_eq!(
        minji.chat.open_direct_room(&minji.actor, nobody).await,
        Err(AppError::NotFound(What::User))
    );
}
