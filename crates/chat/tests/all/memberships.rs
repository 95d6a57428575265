//! Coming, going, being asked to go: what the others hear, and that whoever is no longer in hears nothing.

use crate::{
    browser::{Browser, assert_in_step},
    helpers::{TestApp, User, frame, hears, hears_nothing, soon},
};
use chat::{Subscription, UpdateRoom};
use domain::{
    admin::{ADMIN_PER_PAGE, AdminAction},
    error::{AppError, Field, What},
    events::EventKind,
    history::PageAnchor,
    ids::RoomId,
    memberships::Role,
    room_view::RoomView,
    rooms::Visibility,
    text::ValidationError,
    wire::ServerFrame,
};
use futures::future::join_all;

/// A room with its owner, a moderator and a member in it.
async fn lively(test_app: &TestApp) -> ([User; 3], RoomId) {
    let [minji, junho, seoyeon] = test_app.users(["민지", "준호", "서연"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    seoyeon.enters(study).await;
    let appointed = minji.chat.change_role(&minji.actor, study, id(&junho), Role::Moderator);
    appointed.await.unwrap();
    ([minji, junho, seoyeon], study)
}

fn id(user: &User) -> domain::ids::UserId {
    user.actor.user()
}

/// The next that the tab is told is that the room is not there for it.
async fn is_sent_out(tab: &Subscription, of: RoomId) {
    let told = frame(soon(tab.receiver.recv()).await);
    let told: ServerFrame = serde_json::from_slice(&told).unwrap();
    assert_eq!(told, ServerFrame::Reset { room: of });
}

async fn tries_to_enter(user: &User, room: RoomId) -> Result<RoomId, AppError> {
    user.chat.join_room(&user.actor, &room.to_string()).await
}

/// For this person there is no such room, whichever way they try.
async fn is_outside(user: &User, room: RoomId) {
    let (chat, actor) = (&user.chat, &user.actor);
    let none = Some(AppError::NotFound(What::Room));
    assert_eq!(chat.page(actor, room, PageAnchor::Newest).await.err(), none);
    assert_eq!(chat.changes(actor, room, domain::messages::Rev(0)).await.err(), none);
    assert_eq!(user.says("들려요?").tried_in(room).await.err(), none);
    assert_eq!(chat.room_settings(actor, room, "", 1).await.err(), none);
    assert!(chat.rooms(actor).await.unwrap().iter().all(|listed| listed.id != room));
}

#[tokio::test]
async fn who_is_removed_is_sent_out_first_and_hears_nothing_more() {
    let test_app = TestApp::new().await;
    let ([minji, junho, seoyeon], study) = lively(&test_app).await;
    let (inside, outside) = (junho.connects().await, seoyeon.connects().await);
    minji.chat.remove_member(&minji.actor, study, id(&seoyeon)).await.unwrap();
    is_sent_out(&outside, study).await;
    let told = hears(&inside).await;
    assert!(told.members[0].gone && told.members[0].user == id(&seoyeon));
    assert_eq!((told.events[0].kind, told.events[0].actor), (EventKind::Removed, id(&minji)));
    minji.says("우리끼리 하는 말").in_room(study).await;
    hears_nothing(&outside);
    is_outside(&seoyeon, study).await;
    let later = seoyeon.connects().await;
    minji.says("아직 우리끼리").in_room(study).await;
    hears_nothing(&later);

    seoyeon.enters(study).await;
    assert_eq!(
        hears(&later).await.events[0].kind,
        EventKind::Joined,
        "an open room lets them in again"
    );
    assert_eq!(seoyeon.sees_in(study).await, ["우리끼리 하는 말", "아직 우리끼리"]);
}

#[tokio::test]
async fn a_ban_holds_until_it_is_lifted() {
    let test_app = TestApp::new().await;
    let ([minji, junho, seoyeon], study) = lively(&test_app).await;
    junho.chat.ban_member(&junho.actor, study, id(&seoyeon)).await.unwrap();
    is_outside(&seoyeon, study).await;
    assert_eq!(tries_to_enter(&seoyeon, study).await, Err(AppError::NotFound(What::Room)));
    let looks = seoyeon.chat.view_room(&seoyeon.actor, study, PageAnchor::Newest);
    assert_eq!(looks.await.err(), Some(AppError::NotFound(What::Room)), "not even the preview");
    let settings = minji.chat.room_settings(&minji.actor, study, "", 1).await.unwrap();
    assert_eq!(settings.banned[0].user, id(&seoyeon));
    minji.chat.unban_member(&minji.actor, study, id(&seoyeon)).await.unwrap();
    seoyeon.enters(study).await;
    let settings = seoyeon.chat.room_settings(&seoyeon.actor, study, "", 1).await.unwrap();
    assert_eq!((settings.role, settings.banned.len()), (Role::Member, 0));
}

#[tokio::test]
async fn a_room_that_becomes_private_is_found_by_nobody_who_is_not_in() {
    let test_app = TestApp::new().await;
    let ([minji, _, seoyeon], study) = lively(&test_app).await;
    let stranger = test_app.user("도윤").await;
    let preview = || stranger.chat.view_room(&stranger.actor, study, PageAnchor::Newest);
    assert!(matches!(preview().await, Ok(RoomView::Preview(_))));
    let form = |title: &str, description: &str| UpdateRoom {
        title: title.to_owned(),
        description: description.to_owned(),
        visibility: Visibility::Private,
    };
    let arrange = |form| minji.chat.update_room(&minji.actor, study, form);
    let tab = seoyeon.connects().await;
    arrange(form("공부방", "  조용히\r\n읽어요  ")).await.unwrap();
    let told = hears(&tab).await;
    assert_eq!(
        (told.details.is_some(), told.events.len()),
        (true, 0),
        "no line: it is called the same"
    );
    arrange(form("독서실", "조용히\n읽어요")).await.unwrap();
    assert_eq!(hears(&tab).await.events[0].kind, EventKind::Renamed);
    arrange(form("독서실", "조용히\n읽어요")).await.unwrap();
    hears_nothing(&tab);
    let long = "가".repeat(501);
    let refused = arrange(form(" ", &long)).await.unwrap_err();
    assert_eq!(refused.field_error(Field::Title), Some(ValidationError::Empty));
    assert_eq!(
        refused.field_error(Field::Description),
        Some(ValidationError::TooLong { most: 500 })
    );

    assert_eq!(preview().await.err(), Some(AppError::NotFound(What::Room)));
    assert_eq!(tries_to_enter(&stranger, study).await, Err(AppError::NotFound(What::Room)));
    seoyeon.leaves(study).await;
    assert_eq!(
        tries_to_enter(&seoyeon, study).await,
        Err(AppError::NotFound(What::Room)),
        "nor by who has been in"
    );
}

#[tokio::test]
async fn an_owner_gives_the_room_away_before_they_go() {
    let test_app = TestApp::new().await;
    let ([minji, junho, seoyeon], study) = lively(&test_app).await;
    let leaves = || minji.chat.leave_room(&minji.actor, study);
    assert_eq!(leaves().await, Err(AppError::LastOwner));
    let hands_over = |to| minji.chat.transfer_ownership(&minji.actor, study, to);
    hands_over(id(&junho)).await.unwrap();
    assert_eq!(hands_over(id(&seoyeon)).await, Err(AppError::NotAllowed));
    leaves().await.unwrap();
    is_outside(&minji, study).await;
    let settings = junho.chat.room_settings(&junho.actor, study, "", 1).await.unwrap();
    assert_eq!((settings.role, settings.headcount), (Role::Owner, 2));
}

#[tokio::test]
async fn a_room_is_not_left_to_an_owner_who_is_suspended() {
    let test_app = TestApp::new().await;
    let ([minji, junho, _], study) = lively(&test_app).await;
    let does = |action| minji.chat.run_admin_action(&minji.actor, id(&junho), action);
    let leaves = || minji.chat.leave_room(&minji.actor, study);
    does(AdminAction::Suspend).await.unwrap();
    let handed = minji.chat.transfer_ownership(&minji.actor, study, id(&junho)).await;
    assert_eq!(handed, Err(AppError::Suspended));
    let appointed = minji.chat.change_role(&minji.actor, study, id(&junho), Role::Owner);
    appointed.await.unwrap();
    assert_eq!(leaves().await, Err(AppError::LastOwner));
    does(AdminAction::Unsuspend).await.unwrap();
    assert_eq!(leaves().await, Ok(()));
}

#[tokio::test]
async fn a_closed_room_is_there_for_nobody() {
    let test_app = TestApp::new().await;
    let ([minji, junho, seoyeon], study) = lively(&test_app).await;
    let tabs = [minji.connects().await, junho.connects().await];
    let posted = seoyeon.chat.close_room(&seoyeon.actor, study).await;
    assert_eq!(posted, Err(AppError::NotAllowed));
    minji.chat.close_room(&minji.actor, study).await.unwrap();
    for tab in &tabs {
        is_sent_out(tab, study).await;
    }
    for user in [&minji, &junho, &seoyeon] {
        is_outside(user, study).await;
        assert_eq!(tries_to_enter(user, study).await, Err(AppError::NotFound(What::Room)));
    }
    let alone = minji.makes_a_room("혼자").await;
    minji.leaves(alone).await;
    is_outside(&minji, alone).await;
}

#[tokio::test]
async fn who_was_away_while_somebody_went_is_in_step() {
    let test_app = TestApp::new().await;
    let ([minji, junho, seoyeon], study) = lively(&test_app).await;
    let mut browser = Browser::opens(&junho, study).await;
    browser.hangs_up();
    seoyeon.says("나갈게요").in_room(study).await;
    minji.chat.ban_member(&minji.actor, study, id(&seoyeon)).await.unwrap();
    browser.comes_back().await;
    assert_in_step(&mut browser).await;
    let names: Vec<_> =
        browser.timeline().members().map(|it| it.display_name("").to_owned()).collect();
    assert_eq!(names.len(), 2);
    let known = browser.timeline().member(id(&seoyeon)).unwrap();
    assert!(known.gone && known.display_name("") == "서연", "the line keeps its name");
}

/// Whoever ends up outside is told nothing, however entering, connecting and banning fall together.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_banned_while_they_come_in_hears_nothing() {
    let test_app = TestApp::new().await;
    for _ in 0..30 {
        let [minji, junho] = test_app.users(["민지", "준호"]).await;
        let study = minji.makes_a_room("공부방").await;
        junho.enters(study).await;
        let (connecting, again) = (junho.clone(), junho.clone());
        let tasks = [
            tokio::spawn(async move { Some(connecting.connects().await) }),
            tokio::spawn(async move {
                let _ = again.chat.join_room(&again.actor, &study.to_string()).await;
                None
            }),
        ];
        minji.chat.ban_member(&minji.actor, study, id(&junho)).await.unwrap();
        let done = join_all(tasks).await;
        let tab = done.into_iter().find_map(Result::unwrap).unwrap();
        while tab.receiver.try_recv().is_some() {}
        minji.says("우리끼리").in_room(study).await;
        hears_nothing(&tab);
        is_outside(&junho, study).await;
    }
}

#[tokio::test]
async fn members_are_leafed_through_and_found_by_name() {
    let test_app = TestApp::new().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    for nth in 0..ADMIN_PER_PAGE {
        let longest = format!("{nth:02}{}", "긴".repeat(38));
        test_app.user(&longest).await.enters(study).await;
    }
    let leaf = async |typed: &str, page| {
        let settings = minji.chat.room_settings(&minji.actor, study, typed, page).await.unwrap();
        assert_eq!(settings.headcount, ADMIN_PER_PAGE + 1);
        settings.members
    };
    let (first, second) = (leaf("", 1).await, leaf("", 2).await);
    assert_eq!((first.entries.len(), second.entries.len(), first.pages), (ADMIN_PER_PAGE, 1, 2));
    assert_eq!(first.entries[0].role, Role::Owner);
    assert!(second.entries[0].name.as_str().starts_with("59"), "the last to come");
    assert_eq!(leaf("ㅁㅈ", 1).await.entries, first.entries[..1]);
    assert_eq!((leaf("31긴", 1).await.found, leaf("아무개", 9).await.found), (1, 0));
}
