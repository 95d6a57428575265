//! Leaving for good: what was said stays, under nobody's name, and everybody sees it at once.

use crate::{
    browser::{Browser, assert_in_step},
    helpers::{PASSWORD, TestApp, User, client_info, fresh_id, soon},
};
use bytes::Bytes;
use domain::{
    admin::AdminAction,
    collation::ScriptFirst,
    error::{AppError, What},
    events::EventKind,
    history::PageAnchor,
    ids::RoomId,
    memberships::Role,
    wire::CloseReason,
};

const EMAIL: &str = "minji@example.com";

/// An instance after which somebody else looks: whoever comes first could not leave the others alone.
async fn kept_instance() -> TestApp {
    let test_app = TestApp::new().await;
    test_app.user("집사").await;
    test_app
}

async fn deletes(user: &User) {
    user.chat.delete_account(&user.actor, PASSWORD, true, &client_info()).await.unwrap();
}

/// What a browser shows: the lines of events, and what somebody is called.
fn happened(browser: &Browser) -> Vec<EventKind> {
    browser.timeline().events().iter().map(|event| event.kind).collect()
}

fn is_nameless(browser: &Browser, user: &User) -> bool {
    let member = browser.timeline().member(user.actor.user()).unwrap();
    member.gone && member.name.is_none() && member.avatar.is_none()
}

async fn role_of(by: &User, room: RoomId, user: &User) -> Option<Role> {
    let members = by.chat.room_settings(&by.actor, room, "", 1).await.unwrap().members.entries;
    members.into_iter().find(|it| it.user == user.actor.user()).map(|it| it.role)
}

#[tokio::test]
async fn everybody_sees_it_at_once_and_after_a_return() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let junho = test_app.user("준호").await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    minji.says("옛날 말").in_room(study).await;
    let mut there = Browser::opens(&junho, study).await;
    let mut away = Browser::opens(&junho, study).await;
    away.hangs_up();
    let own_tab = minji.connects().await;

    deletes(&minji).await;
    assert_eq!(soon(own_tab.receiver.closed()).await, CloseReason::SignedOut);
    there.catches_up().await;
    assert!(is_nameless(&there, &minji));
    assert_eq!(
        happened(&there),
        [EventKind::Joined, EventKind::OwnershipTransferred, EventKind::Left]
    );
    assert_in_step(&mut there).await;
    away.comes_back().await;
    assert_in_step(&mut away).await;
    assert!(is_nameless(&away, &minji));
    assert_eq!(junho.sees_in(study).await, ["옛날 말"]);
    assert_eq!(role_of(&junho, study, &junho).await, Some(Role::Owner));
}

#[tokio::test]
async fn rooms_go_to_whoever_has_kept_order_for_longest_or_was_there_first() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let [junho, seoyeon, doyun] = test_app.users(["준호", "서연", "도윤"]).await;
    let (ordered, plain) = (minji.makes_a_room("질서").await, minji.makes_a_room("자유").await);
    let (shared, alone) = (minji.makes_a_room("함께").await, minji.makes_a_room("혼자").await);
    for user in [&junho, &seoyeon, &doyun] {
        test_app.passes(1_000);
        user.enters(ordered).await;
        user.enters(plain).await;
        user.enters(shared).await;
    }
    let chat = &test_app.chat;
    for (room, user, role) in [
        (ordered, &doyun, Role::Moderator),
        (ordered, &seoyeon, Role::Moderator),
        (shared, &doyun, Role::Owner),
    ] {
        let appointed = chat.change_role(&minji.actor, room, user.actor.user(), role).await;
        appointed.unwrap();
    }
    deletes(&minji).await;
    assert_eq!(role_of(&junho, ordered, &seoyeon).await, Some(Role::Owner));
    assert_eq!(role_of(&junho, ordered, &doyun).await, Some(Role::Moderator));
    assert_eq!(role_of(&doyun, plain, &junho).await, Some(Role::Owner));
    assert_eq!(role_of(&junho, shared, &junho).await, Some(Role::Member), "it has an owner");
    let entered = chat.join_room(&junho.actor, &alone.to_string()).await;
    assert_eq!(entered, Err(AppError::NotFound(What::Room)), "nobody was left: it is closed");
    for room in [ordered, plain, shared] {
        assert_in_step(&mut Browser::opens(&junho, room).await).await;
    }
}

/// A suspended owner, moderator or first member is passed over, as long as there is another.
#[tokio::test]
async fn a_room_does_not_go_to_the_suspended_while_others_are_in() {
    let test_app = TestApp::new().await;
    let keeper = test_app.user("집사").await;
    let minji = test_app.member(EMAIL, "민지").await;
    let [junho, seoyeon] = test_app.users(["준호", "서연"]).await;
    let mut rooms = Vec::new();
    for role in [Role::Owner, Role::Moderator, Role::Member] {
        let room = minji.makes_a_room("모임").await;
        for user in [&junho, &seoyeon] {
            test_app.passes(1_000);
            user.enters(room).await;
        }
        let user = junho.actor.user();
        minji.chat.change_role(&minji.actor, room, user, role).await.unwrap();
        rooms.push(room);
    }
    let left = minji.makes_a_room("정지된 이만 남는 방").await;
    junho.enters(left).await;
    let does = |action| keeper.chat.run_admin_action(&keeper.actor, junho.actor.user(), action);
    does(AdminAction::Suspend).await.unwrap();
    deletes(&minji).await;
    for room in rooms {
        assert_eq!(role_of(&seoyeon, room, &seoyeon).await, Some(Role::Owner));
        assert_in_step(&mut Browser::opens(&seoyeon, room).await).await;
    }
    does(AdminAction::Unsuspend).await.unwrap();
    assert_eq!(role_of(&junho, left, &junho).await, Some(Role::Owner), "the room has one again");
}

#[tokio::test]
async fn a_one_to_one_room_stays_for_the_other_and_nobody_begins_another() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let [junho, seoyeon] = test_app.users(["준호", "서연"]).await;
    let (them, her) = (junho.actor.user(), minji.actor.user());
    let room = test_app.chat.open_direct_room(&minji.actor, them).await.unwrap();
    minji.says("안녕").in_room(room).await;
    let note = test_app.chat.open_direct_room(&minji.actor, her).await.unwrap();
    let mut there = Browser::opens(&junho, room).await;
    deletes(&minji).await;

    assert_in_step(&mut there).await;
    assert!(is_nameless(&there, &minji));
    assert_eq!(there.timeline().display_name("떠난 멤버"), Some("떠난 멤버"));
    let listed = test_app.chat.rooms(&junho.actor).await.unwrap();
    assert_eq!((listed.len(), listed[0].title.as_ref()), (1, None));
    junho.says("잘 가").in_room(room).await;
    assert_eq!(junho.sees_in(room).await, ["안녕", "잘 가"]);
    assert_eq!(
        test_app.chat.open_direct_room(&seoyeon.actor, her).await,
        Err(AppError::NotFound(What::User))
    );
    assert_eq!(test_app.chat.card(&junho.actor, her).await, Err(AppError::NotFound(What::User)));
    let everybody =
        test_app.chat.directory(&junho.actor, "", 1, ScriptFirst::Hangul).await.unwrap();
    assert_eq!(everybody.found, 3, "whoever looks, 집사 and 서연");
    assert!(test_app.chat.profile_assignments(&junho.actor).await.unwrap().rooms.is_empty());
    assert!(
        test_app.store.page(note, PageAnchor::Newest).await.unwrap().is_none(),
        "her own notes are closed"
    );
}

#[tokio::test]
async fn rooms_that_they_left_long_ago_forget_the_name_too() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let junho = test_app.user("준호").await;
    let (left, banned) = (junho.makes_a_room("떠난 방").await, junho.makes_a_room("막힌 방").await);
    for room in [left, banned] {
        minji.enters(room).await;
        minji.says("옛날 말").in_room(room).await;
    }
    minji.leaves(left).await;
    test_app.chat.ban_member(&junho.actor, banned, minji.actor.user()).await.unwrap();
    let mut browsers = [Browser::opens(&junho, left).await, Browser::opens(&junho, banned).await];
    deletes(&minji).await;
    for browser in &mut browsers {
        assert_in_step(browser).await;
        assert!(is_nameless(browser, &minji));
    }
    let settings = test_app.chat.room_settings(&junho.actor, banned, "", 1).await.unwrap();
    assert!(settings.banned.is_empty(), "there is nobody to be let in");
}

#[tokio::test]
async fn whoever_comes_back_under_the_address_is_somebody_else() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let token = test_app.signs_in(EMAIL, PASSWORD).await.unwrap();
    let study = minji.makes_a_room("공부방").await;
    test_app.user("준호").await.enters(study).await;
    deletes(&minji).await;
    assert_eq!(test_app.actor(&token).await, None);
    assert_eq!(test_app.chat.still_signed_in(&minji.actor).await, Ok(false));
    assert_eq!(test_app.signs_in(EMAIL, PASSWORD).await, Err(AppError::WrongCredentials));
    let again = test_app.member(EMAIL, "민지").await;
    assert_ne!(again.actor.user(), minji.actor.user());
    assert!(test_app.chat.rooms(&again.actor).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_on_its_way_changes_nothing_any_more() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let junho = test_app.user("준호").await;
    let study = junho.makes_a_room("공부방").await;
    let profile = test_app.chat.profile_assignments(&minji.actor).await.unwrap().profiles[0].id;
    deletes(&minji).await;
    // The actor is one that a request had before.
    let renamed = test_app.chat.rename_profile(&minji.actor, profile, "유령").await;
    assert_eq!(renamed, Err(AppError::NotFound(What::Profile)));
    let _ = test_app.chat.join_room(&minji.actor, &study.to_string()).await;
    assert_eq!(junho.reads(study).await.members.len(), 1);
    assert!(minji.says("유령").under(fresh_id()).tried_in(study).await.is_err());
    assert_eq!(
        test_app.chat.delete_account(&minji.actor, PASSWORD, true, &client_info()).await,
        Err(AppError::SignedOut)
    );
    let change = test_app.chat.choose_theme(&minji.actor, "dark").await;
    assert_eq!(change, Ok(()), "there is no row that it could change");
    assert_eq!(test_app.chat.preferences(&minji.actor).await, Err(AppError::SignedOut));
}

#[tokio::test]
async fn pictures_go_with_their_person() {
    let test_app = kept_instance().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let profile = test_app.chat.profile_assignments(&minji.actor).await.unwrap().profiles[0].id;
    let avatar = Bytes::from_static(include_bytes!("../../../../public/icon-180.png"));
    test_app.chat.set_avatar(&minji.actor, profile, avatar.into(), None).await.unwrap();
    let files = || std::fs::read_dir(test_app.path("instance.db.pictures")).unwrap().count();
    assert_eq!(files(), 2);
    deletes(&minji).await;
    assert_eq!(files(), 0);
}

#[tokio::test]
async fn the_last_administrator_leaves_nobody_alone() {
    let test_app = TestApp::new().await;
    let minji = test_app.member(EMAIL, "민지").await;
    let junho = test_app.user("준호").await;
    let by = client_info();
    let leaves = || minji.chat.delete_account(&minji.actor, PASSWORD, true, &by);
    let last = AppError::LastAdministrator;
    assert_eq!(leaves().await, Err(last));
    assert!(minji.chat.account(&minji.actor).await.is_ok(), "nothing has been taken away");
    let appoint =
        minji.chat.run_admin_action(&minji.actor, junho.actor.user(), AdminAction::Promote);
    appoint.await.unwrap();
    leaves().await.unwrap();
    assert_eq!(test_app.chat.is_administrator(&junho.actor).await, Ok(true));
    let log = junho.chat.audit_log(&junho.actor, 1).await.unwrap();
    assert_eq!(
        log.entries[0].actor.as_ref().unwrap().name,
        None,
        "the log goes on without the name"
    );
}
