//! Making and entering rooms: each membership once, each number once.

use crate::helpers::{TestDatabase, feed, history, places, say, soon, stored};
use domain::{
    events::EventKind, history::PageAnchor, ids::RoomId, memberships::Role, messages::Rev,
    policy::MembershipStatus, wire::ChangeSet,
};
use futures::future::join_all;
use std::collections::BTreeSet;
use uuid::Uuid;

#[tokio::test]
async fn a_new_room_has_its_maker_in_it() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let page = test_db.store.page(study, PageAnchor::Newest).await.unwrap().unwrap();
    assert_eq!(
        (page.details.title.map(|it| it.to_string()), page.details.rev),
        (Some("공부방".into()), Rev(1))
    );
    assert_eq!(page.members.len(), 1);
    assert_eq!((page.members[0].user, page.members[0].rev), (minji.id, Rev(2)));
    assert_eq!((page.through, page.epoch), (Rev(2), test_db.store.epoch()));
    assert_eq!(test_db.room_ids_of(minji.id).await, [study]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entering_thirty_two_times_at_once_is_entering_once() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let entering = (0..32).map(|_| {
        let junho = junho.clone();
        tokio::spawn(async move { junho.enters(study).await })
    });
    let entered: Vec<_> = join_all(entering).await.into_iter().map(Result::unwrap).collect();

    assert_eq!(entered.iter().flatten().count(), 1);
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(Rev(3)), "one number was taken");
    assert_eq!(test_db.store.room_preview(study, junho.id).await.unwrap().unwrap().members, 2);

    let (writer, _told) = test_db.writer();
    let next = stored(writer.post(junho.writes("왔어요", study)).await.unwrap());
    assert_eq!(next.rev, Rev(4), "those who were in already left no hole");
}

#[tokio::test]
async fn entering_tells_who_came_and_at_which_number() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let changes = junho.enters(study).await.unwrap();
    let ChangeSet { room, after, through, messages, members, events, details } = changes;
    assert_eq!((room, after, through), (study, Rev(2), Rev(3)));
    assert_eq!((messages, details), (Vec::new(), None));
    assert_eq!(members.len(), 1);
    assert_eq!((members[0].user, members[0].name.as_ref()), (junho.id, Some(&junho.name)));
    assert_eq!(events.len(), 1);
    let happened = (events[0].kind, events[0].seq.into(), events[0].target);
    assert_eq!(happened, (EventKind::Joined, Rev(3), junho.id));
    let read = test_db.store.changes(study, Rev(2)).await.unwrap().unwrap().changes;
    assert_eq!((read.members, read.events), (members, events), "what is told is what is read");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_people_entering_at_once_all_get_in() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let guests = test_db.users(40).await;
    let entering = guests.iter().cloned().map(|guest| {
        tokio::spawn(async move {
            let changes = guest.enters(study).await.unwrap();
            (changes.after.0 + 1, changes.through.0)
        })
    });
    let numbers: BTreeSet<_> = join_all(entering).await.into_iter().map(Result::unwrap).collect();
    assert!(numbers.into_iter().eq((3..=42).map(|n| (n, n))), "a number each, without a hole");
    let page = test_db.store.page(study, PageAnchor::Newest).await.unwrap().unwrap();
    let inside: BTreeSet<_> = page.members.iter().map(|member| member.user).collect();
    let came: BTreeSet<_> = guests.iter().chain([&minji]).map(|user| user.id).collect();
    assert_eq!(inside, came);
}

#[tokio::test(flavor = "multi_thread")]
async fn joins_and_posts_at_once_share_the_numbers_without_a_hole() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let coming = test_db.users(20).await.into_iter().map(|guest| {
        let writer = writer.clone();
        tokio::spawn(async move {
            guest.enters(study).await;
            guest.enters(study).await;
            say(&writer, &guest, study, 5).await;
        })
    });
    for done in soon(join_all(coming)).await {
        done.unwrap();
    }
    let all = feed(&test_db.store, study, Rev(0)).await;
    let mut numbers: Vec<_> = all.members.into_keys().chain(all.messages.into_keys()).collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq((2..=122).map(Rev)));
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(Rev(122)));
    assert_eq!(history(&test_db.store, study).await.len(), 100);
}

#[tokio::test]
async fn a_stranger_sees_the_preview_and_nobody_enters_nowhere() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let preview = test_db.store.room_preview(study, junho.id).await.unwrap().unwrap();
    assert_eq!((preview.id, preview.title.as_str(), preview.members), (study, "공부방", 1));
    let status =
        async |user| test_db.store.room_access(study, user).await.unwrap().map(|it| it.status);
    assert_eq!(status(minji.id).await, Some(MembershipStatus::Member(Role::Owner)));
    assert_eq!(status(junho.id).await, Some(MembershipStatus::NonMember));
    junho.enters(study).await;
    assert_eq!(status(junho.id).await, Some(MembershipStatus::Member(Role::Member)));

    let nowhere = RoomId::from_uuid(Uuid::new_v4());
    assert_eq!(junho.enters(nowhere).await, None);
    assert_eq!(test_db.store.room_access(nowhere, junho.id).await.unwrap(), None);
    assert_eq!(test_db.store.room_preview(nowhere, junho.id).await.unwrap(), None);
    let (writer, _told) = test_db.writer();
    let next = stored(writer.post(junho.writes("여기", study)).await.unwrap());
    assert_eq!(places([&next]), [4], "the room goes on after a refusal");
}
