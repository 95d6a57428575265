//! As many as there may be, and not one more: neither one after the other nor all at once.

use crate::helpers::{NOON, TestDatabase, User};
use domain::{
    clock::Millis,
    ids::RoomId,
    memberships::Role,
    policy::MembershipStatus,
    quotas::Quota,
    rooms::{RoomTitle, Visibility},
};
use futures::future::join_all;
use store::{
    Error, JoinOutcome, MembershipChange, NewLink, NewRoom, Quotas, Result, Store, TransferOutcome,
};
use uuid::Uuid;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

fn reached<T: std::fmt::Debug>(answer: &Result<T>, quota: Quota) -> bool {
    matches!(answer, Err(Error::QuotaReached { quota: it, .. }) if *it == quota)
}

async fn makes(store: &Store, by: &User, at: Millis) -> Result<RoomId> {
    let title = RoomTitle::parse("공부방").unwrap();
    store
        .create_room(NewRoom {
            title,
            visibility: Visibility::Open,
            by: by.id,
            at,
            submission: None,
        })
        .await
        .map(|(room, _)| room)
}

async fn enters(store: &Store, user: &User, room: RoomId) -> Result<bool> {
    becomes(store, user, room, MembershipStatus::Member(Role::Member)).await
}

async fn becomes(store: &Store, user: &User, room: RoomId, to: MembershipStatus) -> Result<bool> {
    let (user, actor, new_status) = (user.id, user.id, to);
    let change = MembershipChange { room, user, actor, new_status, at: NOON };
    store.change_membership(change).await.map(|committed| !committed.change_sets.is_empty())
}

async fn makes_link(store: &Store, by: &User, room: RoomId, hours: i64) -> Result<[u8; 32]> {
    let mut token_hash = [0; 32];
    token_hash[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    let expires_at = Millis(NOON.0 + hours * 60 * 60 * 1_000);
    let new = NewLink {
        room,
        by: by.id,
        at: NOON,
        token_hash,
        expires_at,
        max_uses: None,
        submission: None,
    };
    store.create_invite_link(new).await.map(|_| token_hash)
}

/// So many of these passed, and the quota refused the others.
fn passed<T: std::fmt::Debug>(answers: &[Result<T>], quota: Quota) -> usize {
    let refused = answers.iter().filter(|answer| answer.is_err());
    assert!(refused.clone().all(|answer| reached(answer, quota)), "{answers:?}");
    answers.len() - refused.count()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_at_once_no_more_pass_than_may() {
    let test_db = TestDatabase::new().await;
    let quotas = Quotas { rooms_made_a_day: 3, ..Quotas::NONE };
    let store = test_db.store.clone().with_quotas(quotas);
    let minji = test_db.user("민지").await;
    let made = join_all((0..12).map(|_| makes(&store, &minji, NOON))).await;
    assert_eq!(passed(&made, Quota::RoomsMadeADay), 3);
    assert_eq!(test_db.room_ids_of(minji.id).await.len(), 3);

    let room = *made[0].as_ref().or(made[1].as_ref()).unwrap();
    let guests = test_db.users(12).await;
    let store = test_db.store.clone().with_quotas(Quotas { members: 5, ..Quotas::NONE });
    let entered = join_all(guests.iter().map(|guest| enters(&store, guest, room))).await;
    assert_eq!(passed(&entered, Quota::Members), 4, "the maker is the fifth");
    assert_eq!(test_db.store.members_of(room).await.unwrap().len(), 5);

    let store = test_db.store.clone().with_quotas(Quotas { links: 4, ..Quotas::NONE });
    let links = join_all((0..12).map(|_| makes_link(&store, &minji, room, 1))).await;
    assert_eq!(passed(&links, Quota::Links), 4);
    assert_eq!(test_db.store.links_of(room, NOON).await.unwrap().len(), 4);

    let store = test_db.store.clone().with_quotas(Quotas { invitations: 6, ..Quotas::NONE });
    let two = guests.chunks(2).map(|two| two.iter().map(|one| one.id).collect::<Vec<_>>());
    let two: Vec<_> = two.collect();
    let invited = two.iter().map(|two| store.invite(room, two, minji.id, NOON));
    let invited = join_all(invited).await;
    assert_eq!(passed(&invited, Quota::Invitations), 3, "two at a time, all or none of them");
    assert_eq!(test_db.store.invited_to(room).await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_day_later_there_is_place_for_new_rooms() {
    let test_db = TestDatabase::new().await;
    let quotas = Quotas { rooms_made_a_day: 2, ..Quotas::NONE };
    let store = test_db.store.clone().with_quotas(quotas);
    let [minji, junho] = <[User; 2]>::try_from(test_db.users(2).await).ok().unwrap();
    let first = makes(&store, &minji, NOON).await.unwrap();
    store.open_direct_room(minji.id, junho.id, NOON).await.unwrap().unwrap();
    store.close_room(first, NOON).await.unwrap();
    let again = makes(&store, &minji, Millis(NOON.0 + DAY_MILLIS - 1)).await;
    assert!(reached(&again, Quota::RoomsMadeADay), "one that is closed was made all the same");
    let alone = store.open_direct_room(minji.id, minji.id, Millis(NOON.0 + 1)).await;
    assert!(reached(&alone, Quota::RoomsMadeADay));
    let there =
        store.open_direct_room(minji.id, junho.id, Millis(NOON.0 + 1)).await.unwrap().unwrap();
    assert!(there.committed.joined.is_empty(), "to open what is there is to make nothing");
    makes(&store, &junho, NOON).await.unwrap();
    makes(&store, &minji, Millis(NOON.0 + DAY_MILLIS)).await.unwrap();
}

#[tokio::test]
async fn who_owns_as_many_as_may_gets_no_other_one_however() {
    let test_db = TestDatabase::new().await;
    let store = test_db.store.clone().with_quotas(Quotas { rooms_owned: 2, ..Quotas::NONE });
    let [minji, junho] = <[User; 2]>::try_from(test_db.users(2).await).ok().unwrap();
    let minjis = [makes(&store, &minji, NOON).await, makes(&store, &minji, NOON).await];
    let [kept, closed] = minjis.map(Result::unwrap);
    assert!(reached(&makes(&store, &minji, NOON).await, Quota::RoomsOwned));
    let junhos = makes(&store, &junho, NOON).await.unwrap();
    assert!(enters(&store, &minji, junhos).await.unwrap());
    let owner = MembershipStatus::Member(Role::Owner);
    assert!(reached(&becomes(&store, &minji, junhos, owner).await, Quota::RoomsOwned));
    let handed_over = store.transfer_ownership(junhos, junho.id, minji.id, NOON).await;
    assert!(reached(&handed_over, Quota::RoomsOwned));
    assert!(!becomes(&store, &minji, kept, owner).await.unwrap(), "she is that already");
    assert!(
        becomes(&store, &minji, junhos, MembershipStatus::Member(Role::Moderator)).await.unwrap()
    );
    store.close_room(closed, NOON).await.unwrap();
    let handed_over = store.transfer_ownership(junhos, junho.id, minji.id, NOON).await.unwrap();
    assert!(matches!(handed_over, TransferOutcome::Done(_)), "{handed_over:?}");
}

#[tokio::test]
async fn who_is_in_as_many_as_may_leaves_one_before_the_next() {
    let test_db = TestDatabase::new().await;
    let quotas = Quotas { rooms_joined: 2, direct_rooms: 1, ..Quotas::NONE };
    let store = test_db.store.clone().with_quotas(quotas);
    let users = test_db.users(3).await;
    let [minji, junho, seoyeon] = <[User; 3]>::try_from(users).ok().unwrap();
    let (study, walk) = (junho.makes_a_room("공부방").await, junho.makes_a_room("산책방").await);
    makes(&store, &minji, NOON).await.unwrap();
    assert!(enters(&store, &minji, study).await.unwrap());
    assert!(reached(&enters(&store, &minji, walk).await, Quota::RoomsJoined));
    assert!(reached(&makes(&store, &minji, NOON).await, Quota::RoomsJoined));
    let link = makes_link(&store, &junho, walk, 1).await.unwrap();
    assert!(reached(&store.join_by_link(&link, minji.id, NOON).await, Quota::RoomsJoined));
    let link = &test_db.store.links_of(walk, NOON).await.unwrap()[0];
    assert_eq!(link.uses, 0, "what was refused is not counted");
    store.open_direct_room(minji.id, junho.id, NOON).await.unwrap().unwrap();
    let second = store.open_direct_room(minji.id, seoyeon.id, NOON).await;
    assert!(reached(&second, Quota::DirectRooms));
    store
        .open_direct_room(seoyeon.id, minji.id, NOON)
        .await
        .unwrap()
        .expect("she may be talked to");
    assert!(becomes(&store, &minji, study, MembershipStatus::Left).await.unwrap());
    assert!(enters(&store, &minji, walk).await.unwrap());
}

#[tokio::test]
async fn a_full_room_lets_nobody_in_by_any_way_and_lets_go_and_promote() {
    let test_db = TestDatabase::new().await;
    let store = test_db.store.clone().with_quotas(Quotas { members: 2, ..Quotas::NONE });
    let users = test_db.users(3).await;
    let [minji, junho, seoyeon] = <[User; 3]>::try_from(users).ok().unwrap();
    let study = minji.makes_a_room("공부방").await;
    assert!(enters(&store, &junho, study).await.unwrap());
    let link = makes_link(&store, &minji, study, 1).await.unwrap();
    assert!(reached(&enters(&store, &seoyeon, study).await, Quota::Members));
    assert!(reached(&store.join_by_link(&link, seoyeon.id, NOON).await, Quota::Members));
    assert_eq!(
        store.join_by_link(&link, junho.id, NOON).await.unwrap(),
        JoinOutcome::Already(study)
    );
    assert!(
        becomes(&store, &junho, study, MembershipStatus::Member(Role::Moderator)).await.unwrap()
    );
    assert!(becomes(&store, &junho, study, MembershipStatus::Banned).await.unwrap());
    assert!(matches!(
        store.join_by_link(&link, seoyeon.id, NOON).await.unwrap(),
        JoinOutcome::Joined(..)
    ));
}

#[tokio::test]
async fn links_that_let_nobody_in_any_more_take_no_place() {
    let test_db = TestDatabase::new().await;
    let store = test_db.store.clone().with_quotas(Quotas { links: 1, ..Quotas::NONE });
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    makes_link(&store, &minji, study, -1).await.unwrap();
    makes_link(&store, &minji, study, 1).await.unwrap();
    assert!(reached(&makes_link(&store, &minji, study, 1).await, Quota::Links));
    let link = store.links_of(study, NOON).await.unwrap()[0].id;
    assert!(store.revoke_link(study, link).await.unwrap());
    makes_link(&store, &minji, study, 1).await.unwrap();
}

#[tokio::test]
async fn the_standard_is_far_above_honest_use() {
    let test_db = TestDatabase::new().await;
    let store = test_db.store.clone().with_quotas(Quotas::STANDARD);
    let minji = test_db.user("민지").await;
    let mut rooms = Vec::new();
    for _ in 0..40 {
        rooms.push(makes(&store, &minji, NOON).await.unwrap());
    }
    let class = test_db.users(60).await;
    for pupil in &class {
        assert!(enters(&store, pupil, rooms[0]).await.unwrap());
        store.open_direct_room(minji.id, pupil.id, NOON).await.unwrap().unwrap();
    }
    let everybody: Vec<_> = class.iter().map(|pupil| pupil.id).collect();
    assert_eq!(
        store.invite(rooms[1], &everybody, minji.id, NOON).await.unwrap().invitations.len(),
        60
    );
    for _ in 0..20 {
        makes_link(&store, &minji, rooms[1], 1).await.unwrap();
    }
}
