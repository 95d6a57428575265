//! Profiles: one default each, always; and every room that sees a change takes a number for it.

use crate::helpers::{NOON, TestDatabase, User, done, feed};
use domain::{
    history::PageAnchor,
    ids::{AvatarId, ProfileId, RoomId},
    messages::Rev,
    users::DisplayName,
};
use futures::future::join_all;
use store::{Committed, ProfileOutcome, Store};
use uuid::Uuid;

fn name(name: &str) -> DisplayName {
    DisplayName::parse(name).unwrap()
}

async fn default_of(store: &Store, user: &User) -> ProfileId {
    let profiles = store.profiles_of(user.id).await.unwrap();
    let defaults: Vec<_> = profiles.iter().filter(|profile| profile.is_default).collect();
    assert_eq!(defaults.len(), 1, "{profiles:?}");
    defaults[0].id
}

async fn adds(store: &Store, user: &User, called: &str) -> ProfileId {
    done(store.add_profile(user.id, &name(called), NOON, None).await)
}

/// What the room calls the person, as somebody reads it who opens it now.
async fn display_name(test_db: &TestDatabase, room: RoomId, user: &User) -> String {
    let members = test_db.store.page(room, PageAnchor::Newest).await.unwrap().unwrap().members;
    let member = members.into_iter().find(|member| member.user == user.id).unwrap();
    member.display_name("").to_owned()
}

/// The rooms that were told, each of exactly one number and one member.
fn told(committed: &Committed) -> Vec<(RoomId, i64, &str)> {
    let change_sets = committed.change_sets.iter().map(|changes| {
        assert_eq!(changes.after, Rev(changes.through.0 - 1));
        let [member] = changes.members.as_slice() else { panic!("{changes:?}") };
        assert_eq!(member.rev, changes.through);
        (changes.room, changes.through.0, member.display_name(""))
    });
    change_sets.collect()
}

#[tokio::test]
async fn a_room_sees_the_default_unless_another_was_chosen_for_it() {
    let test_db = TestDatabase::new().await;
    let store = &test_db.store;
    let minji = test_db.user("민지").await;
    let (study, games) = (minji.makes_a_room("공부방").await, minji.makes_a_room("게임방").await);
    let default = default_of(store, &minji).await;
    let knight = adds(store, &minji, "은빛 기사").await;

    let room_profile = done(store.set_room_profile(minji.id, games, Some(knight)).await);
    assert_eq!(told(&room_profile), [(games, 3, "은빛 기사")]);
    let again = done(store.set_room_profile(minji.id, games, Some(knight)).await);
    assert_eq!(again.change_sets, [], "what changes nothing takes no number");

    let renamed = done(store.rename_profile(minji.id, default, &name("김민지")).await);
    assert_eq!(told(&renamed), [(study, 3, "김민지")], "the other room does not see it");
    let renamed = done(store.rename_profile(minji.id, knight, &name("금빛 기사")).await);
    assert_eq!(told(&renamed), [(games, 4, "금빛 기사")]);

    let moved = done(store.set_default_profile(minji.id, knight).await);
    assert_eq!(told(&moved), [(study, 4, "금빛 기사")]);
    assert_eq!(default_of(store, &minji).await, knight);
    assert_eq!(store.summary(minji.id).await.unwrap().unwrap().name.as_str(), "금빛 기사");
    assert_eq!(feed(store, study, Rev(0)).await.through, Rev(4));
}

#[tokio::test]
async fn a_deleted_profile_leaves_the_default_and_its_picture_is_nobodys() {
    let test_db = TestDatabase::new().await;
    let store = &test_db.store;
    let minji = test_db.user("민지").await;
    let games = minji.makes_a_room("게임방").await;
    let knight = adds(store, &minji, "은빛 기사").await;
    let avatar = AvatarId::from_uuid(Uuid::new_v4());
    let _ = done(store.set_profile_avatar(minji.id, knight, Some(avatar)).await);
    let _ = done(store.set_room_profile(minji.id, games, Some(knight)).await);
    assert_eq!(display_name(&test_db, games, &minji).await, "은빛 기사");

    let deleted = done(store.delete_profile(minji.id, knight).await);
    assert_eq!(told(&deleted), [(games, 4, "민지")]);
    assert_eq!(deleted.orphaned_avatars, [avatar]);
    assert_eq!(display_name(&test_db, games, &minji).await, "민지");
    let default = default_of(store, &minji).await;
    let refused = store.delete_profile(minji.id, default).await.unwrap();
    assert_eq!(refused, ProfileOutcome::IsDefault);
}

#[tokio::test]
async fn nobody_changes_what_is_not_theirs() {
    let test_db = TestDatabase::new().await;
    let store = &test_db.store;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let minjis = default_of(store, &minji).await;
    let junhos = default_of(store, &junho).await;
    let theirs = ProfileOutcome::NotTheirs;
    assert_eq!(store.rename_profile(junho.id, minjis, &name("바보")).await.unwrap(), theirs);
    assert_eq!(store.set_profile_avatar(junho.id, minjis, None).await.unwrap(), theirs);
    assert_eq!(store.set_default_profile(junho.id, minjis).await.unwrap(), theirs);
    assert_eq!(store.delete_profile(junho.id, minjis).await.unwrap(), theirs);
    assert_eq!(store.set_room_profile(minji.id, study, Some(junhos)).await.unwrap(), theirs);
    assert_eq!(store.set_room_profile(junho.id, study, Some(junhos)).await.unwrap(), theirs);
    assert_eq!(display_name(&test_db, study, &minji).await, "민지");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_deletes_and_makes_default_at_once_still_has_a_default() {
    for _ in 0..8 {
        let test_db = TestDatabase::new().await;
        let minji = test_db.user("민지").await;
        let first = default_of(&test_db.store, &minji).await;
        let others =
            [adds(&test_db.store, &minji, "둘").await, adds(&test_db.store, &minji, "셋").await];
        let doing = others.into_iter().chain([first]).flat_map(|profile| {
            let (store, id) = (test_db.store.clone(), minji.id);
            let deleting =
                tokio::spawn(async move { store.delete_profile(id, profile).await.is_ok() });
            let store = test_db.store.clone();
            [
                deleting,
                tokio::spawn(async move { store.set_default_profile(id, profile).await.is_ok() }),
            ]
        });
        assert!(join_all(doing).await.into_iter().all(Result::unwrap), "nothing broke");
        default_of(&test_db.store, &minji).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_profiles_at_once_only_so_many_are_made() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let adding = (0..20).map(|n| {
        let (store, id) = (test_db.store.clone(), minji.id);
        tokio::spawn(async move {
            store.add_profile(id, &name(&format!("{n}")), NOON, None).await.unwrap()
        })
    });
    let added = join_all(adding).await.into_iter();
    let added = added.filter(|added| matches!(added, Ok(ProfileOutcome::Done(_))));
    assert_eq!(added.count(), 11);
    assert_eq!(test_db.store.profiles_of(minji.id).await.unwrap().len(), 12);
}

#[tokio::test]
async fn hundreds_of_rooms_see_a_new_name_a_few_at_a_time_also_after_a_crash() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let mut rooms = Vec::new();
    for n in 0..75 {
        rooms.push(minji.makes_a_room(&format!("방 {n}")).await);
    }
    let default = default_of(&test_db.store, &minji).await;
    let renamed = test_db.store.rename_profile(minji.id, default, &name("김민지")).await;
    let mut seen_in: Vec<_> = told(&done(renamed)).iter().map(|told| told.0).collect();
    assert_eq!(seen_in.len(), 32);

    // The program ends here, and begins again.
    test_db.store.clone().close().await.unwrap();
    let store = crate::helpers::open(&test_db.file()).await;
    for count in [32, 11] {
        let more = store.record_profile_updates().await.unwrap().unwrap();
        let more = told(&more);
        assert!(more.iter().all(|(_, rev, display_name)| (*rev, *display_name) == (3, "김민지")));
        assert_eq!(more.len(), count);
        seen_in.extend(more.iter().map(|told| told.0));
    }
    assert_eq!(store.record_profile_updates().await.unwrap(), None);
    seen_in.sort_unstable();
    rooms.sort_unstable();
    assert_eq!(seen_in, rooms, "each of them once");
}
