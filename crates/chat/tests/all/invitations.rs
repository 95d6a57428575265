//! Being asked in by name: who sees it when, and what becomes of it.

use crate::helpers::{TestApp, User, frame, hears_nothing, soon};
use chat::{Subscription, UpdateRoom};
use domain::{
    collation::ScriptFirst,
    error::{AppError, What},
    history::PageAnchor,
    ids::{RoomId, UserId},
    invitations::{InviteOptions, MAX_INVITED_AT_ONCE},
    room_view::RoomView,
    rooms::{RoomSummary, Visibility},
    wire::ServerFrame,
};
use uuid::Uuid;

fn id(user: &User) -> UserId {
    user.actor.user()
}

async fn private_room(owner: &User) -> RoomId {
    owner.chat.create_room(&owner.actor, None, "비밀 독서회", Visibility::Private).await.unwrap()
}

async fn invites(by: &User, room: RoomId, users: &[&User]) -> Result<(), AppError> {
    let users: Vec<_> = users.iter().map(|user| id(user)).collect();
    by.chat.invite(&by.actor, room, &users).await
}

async fn listed(user: &User, room: RoomId) -> Option<RoomSummary> {
    let rooms = user.chat.rooms(&user.actor).await.unwrap();
    rooms.into_iter().find(|listed| listed.id == room)
}

async fn tries_to_enter(user: &User, room: RoomId) -> Result<RoomId, AppError> {
    user.chat.join_room(&user.actor, &room.to_string()).await
}

/// The list of rooms is another.
async fn is_told(tab: &Subscription, of: RoomId) {
    let told: ServerFrame =
        serde_json::from_slice(&frame(soon(tab.receiver.recv()).await)).unwrap();
    assert_eq!(told, ServerFrame::Reset { room: of });
}

async fn inviting(user: &User, room: RoomId, typed: &str) -> Result<InviteOptions, AppError> {
    user.chat.inviting(&user.actor, room, typed, 1, ScriptFirst::Hangul).await
}

fn names(inviting: &InviteOptions) -> Vec<&str> {
    inviting.users.entries.iter().map(|summary| summary.name.as_str()).collect()
}

#[tokio::test]
async fn who_is_invited_sees_it_at_once_and_comes_in() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let club = private_room(&minji).await;
    let [tab, other] = [junho.connects().await, seoyeon.connects().await];
    assert_eq!(tries_to_enter(&junho, club).await, Err(AppError::NotFound(What::Room)));

    invites(&minji, club, &[&junho]).await.unwrap();
    is_told(&tab, club).await;
    hears_nothing(&other);
    let invited = listed(&junho, club).await.unwrap();
    assert_eq!(invited.invited_by.unwrap().as_str(), "민지");
    match junho.chat.view_room(&junho.actor, club, PageAnchor::Newest).await.unwrap() {
        RoomView::Preview(preview) => assert_eq!(preview.invited_by.unwrap().as_str(), "민지"),
        RoomView::Joined(_) => panic!("they have not come in"),
    }
    assert_eq!(
        junho.says("들려요?").tried_in(club).await.err(),
        Some(AppError::NotFound(What::Room))
    );
    invites(&minji, club, &[&junho]).await.unwrap();
    hears_nothing(&tab);

    assert_eq!(tries_to_enter(&junho, club).await, Ok(club));
    assert_eq!(listed(&junho, club).await.unwrap().invited_by, None);
    junho.says("왔어요").in_room(club).await;
    invites(&minji, club, &[&junho]).await.unwrap();
    junho.leaves(club).await;
    assert_eq!(listed(&junho, club).await, None, "who was in when they were asked was not asked");
    assert_eq!(
        tries_to_enter(&junho, club).await,
        Err(AppError::NotFound(What::Room)),
        "it let them in once"
    );
}

#[tokio::test]
async fn an_invitation_is_declined_or_taken_back() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let club = private_room(&minji).await;
    let tab = junho.connects().await;
    let declines = || junho.chat.decline_invitation(&junho.actor, club);
    assert_eq!(declines().await, Err(AppError::NotFound(What::Room)));
    for taken_back in [false, true] {
        invites(&minji, club, &[&junho]).await.unwrap();
        is_told(&tab, club).await;
        if taken_back {
            minji.chat.revoke_invitation(&minji.actor, club, id(&junho)).await.unwrap();
        } else {
            declines().await.unwrap();
        }
        is_told(&tab, club).await;
        assert_eq!(listed(&junho, club).await, None);
        assert_eq!(tries_to_enter(&junho, club).await, Err(AppError::NotFound(What::Room)));
    }
    let again = minji.chat.revoke_invitation(&minji.actor, club, id(&junho)).await;
    assert_eq!(again, Err(AppError::NotAllowed), "there is nothing to take back");
}

#[tokio::test]
async fn members_invite_and_whoever_was_sent_out_is_invited_by_those_who_keep_order() {
    let test_app = TestApp::new().await;
    let [minji, junho, seoyeon, doyun] = test_app.users(["민지", "준호", "서연", "도윤"]).await;
    let club = private_room(&minji).await;
    invites(&minji, club, &[&junho]).await.unwrap();
    junho.enters(club).await;
    invites(&junho, club, &[&seoyeon]).await.unwrap();
    seoyeon.enters(club).await;
    minji.chat.remove_member(&minji.actor, club, id(&seoyeon)).await.unwrap();

    assert_eq!(names(&inviting(&junho, club, "").await.unwrap()), ["도윤"]);
    assert_eq!(invites(&junho, club, &[&doyun, &seoyeon]).await, Err(AppError::NotAllowed));
    assert_eq!(listed(&doyun, club).await, None, "all of them or none");
    assert_eq!(names(&inviting(&minji, club, "").await.unwrap()), ["도윤", "서연"]);
    invites(&minji, club, &[&seoyeon]).await.unwrap();
    seoyeon.enters(club).await;

    minji.chat.ban_member(&minji.actor, club, id(&seoyeon)).await.unwrap();
    assert_eq!(invites(&minji, club, &[&seoyeon]).await, Err(AppError::NotAllowed));
    assert_eq!(names(&inviting(&minji, club, "").await.unwrap()), ["도윤"]);
    let outside = doyun.chat.invite(&doyun.actor, club, &[id(&seoyeon)]).await;
    assert_eq!(outside, Err(AppError::NotFound(What::Room)));
    assert_eq!(inviting(&doyun, club, "").await.err(), Some(AppError::NotFound(What::Room)));
}

#[tokio::test]
async fn those_who_are_asked_are_looked_for_by_name_and_listed_until_they_answer() {
    let test_app = TestApp::new().await;
    let [minji, gildong, doyun] = test_app.users(["민지", "홍길동", "도윤"]).await;
    let club = private_room(&minji).await;
    assert_eq!(names(&inviting(&minji, club, "ㅎㄱㄷ").await.unwrap()), ["홍길동"]);
    invites(&minji, club, &[&gildong, &doyun]).await.unwrap();
    let shown = inviting(&minji, club, "").await.unwrap();
    assert_eq!(names(&shown), [""; 0]);
    let open = shown.open.unwrap();
    assert_eq!(open.users.len(), 2);
    assert!(open.users.iter().all(|invited| invited.by.as_str() == "민지"));
    gildong.enters(club).await;
    let shown = inviting(&gildong, club, "").await.unwrap();
    assert_eq!(shown.open, None, "a member takes nothing back");
    let left = inviting(&minji, club, "").await.unwrap().open.unwrap();
    assert_eq!(left.users[0].user, id(&doyun));
}

#[tokio::test]
async fn nobody_and_too_many_are_not_invited() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let asks = async |users: Vec<UserId>| minji.chat.invite(&minji.actor, study, &users).await;
    assert_eq!(asks(vec![]).await, Err(AppError::NoUserChosen));
    let crowd = (0..=MAX_INVITED_AT_ONCE).map(|_| UserId::from_uuid(Uuid::new_v4())).collect();
    let too_many = AppError::TooManyInvited { most: MAX_INVITED_AT_ONCE };
    assert_eq!(asks(crowd).await, Err(too_many));
    asks(vec![UserId::from_uuid(Uuid::new_v4()), id(&junho)]).await.unwrap();
    let open = inviting(&minji, study, "").await.unwrap().open.unwrap();
    assert_eq!(open.users.len(), 1, "who is nobody is left out");

    let own = minji.chat.open_direct_room(&minji.actor, id(&junho)).await.unwrap();
    let third = minji.chat.invite(&minji.actor, own, &[id(&junho)]).await;
    assert_eq!(third, Err(AppError::NotAllowed), "a one-to-one room is for those two");
}

#[tokio::test]
async fn a_closed_room_invites_nobody() {
    let test_app = TestApp::new().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    invites(&minji, study, &[&junho]).await.unwrap();
    let form = UpdateRoom {
        title: "공부방".into(),
        description: String::new(),
        visibility: Visibility::Private,
    };
    minji.chat.update_room(&minji.actor, study, form).await.unwrap();
    assert!(listed(&junho, study).await.is_some());
    minji.chat.close_room(&minji.actor, study).await.unwrap();
    assert_eq!(listed(&junho, study).await, None);
    assert_eq!(tries_to_enter(&junho, study).await, Err(AppError::NotFound(What::Room)));
}
