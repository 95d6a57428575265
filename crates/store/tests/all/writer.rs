//! The writer: many at once, numbered without holes, told in order once they are on disk.

use crate::helpers::{NOON, TestDatabase, feed, history, places, stored};
use domain::{
    admin::AdminAction,
    ids::{RoomId, UserId},
    memberships::Role,
    messages::Rev,
    policy::MembershipStatus,
    wire::ChangeSet,
};
use futures::future::join_all;
use std::sync::{Arc, Mutex};
use store::{AdminCommand, Error, Posted, Writer};
use tokio::{runtime::Handle, task::block_in_place};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_posts_at_once_take_three_hundred_numbers_in_a_row() {
    let test_db = TestDatabase::new().await;
    let users = test_db.users(6).await;
    let study = users[0].makes_a_room("공부방").await;
    for guest in &users[1..] {
        guest.enters(study).await;
    }
    let (writer, _told) = test_db.writer();
    let posts = users.iter().flat_map(|user| {
        (0..50).map(|n| {
            let (writer, new) = (writer.clone(), user.writes(&format!("말 {n}"), study));
            tokio::spawn(async move { writer.post(new).await.unwrap() })
        })
    });
    let said: Vec<_> =
        join_all(posts).await.into_iter().map(|post| stored(post.unwrap())).collect();

    assert_eq!(places(&said), (8..=307).collect::<Vec<_>>());
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(Rev(307)));
    let mut by_place = said;
    by_place.sort_by_key(|message| message.seq);
    assert_eq!(history(&test_db.store, study).await, by_place);
}

#[tokio::test]
async fn what_cannot_be_written_spoils_nothing_else_of_its_batch() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, told) = test_db.writer();
    let nowhere = RoomId::from_uuid(Uuid::new_v4());
    let (first, lost, second) = tokio::join!(
        writer.post(minji.writes("하나", study)),
        writer.post(minji.writes("없는 방에", nowhere)),
        writer.post(minji.writes("둘", study)),
    );
    assert_eq!(lost.unwrap(), Posted::NotMember);
    assert_eq!(places([&stored(first.unwrap()), &stored(second.unwrap())]), [3, 4]);

    // A stranger to the room, a user who does not exist, and the room's owner once suspended.
    let junho = test_db.user("준호").await;
    let mut of_no_user = minji.writes("유령의 말", study);
    of_no_user.author = UserId::from_uuid(Uuid::new_v4());
    let (third, refused, unknown, fourth) = tokio::join!(
        writer.post(minji.writes("셋", study)),
        writer.post(junho.writes("밖에서", study)),
        writer.post(of_no_user),
        writer.post(minji.writes("넷", study)),
    );
    assert_eq!((refused.unwrap(), unknown.unwrap()), (Posted::NotMember, Posted::NotMember));
    assert_eq!(places([&stored(third.unwrap()), &stored(fourth.unwrap())]), [5, 6]);
    assert_eq!(places(&history(&test_db.store, study).await), [3, 4, 5, 6]);
    assert_eq!(
        places(told.try_iter().flat_map(|changes| changes.messages).collect::<Vec<_>>().iter()),
        [3, 4, 5, 6]
    );
}

#[tokio::test]
async fn what_was_permitted_before_a_membership_ended_is_not_stored_after_it() {
    for ends in [MembershipStatus::Banned, MembershipStatus::Removed, MembershipStatus::Left] {
        let test_db = TestDatabase::new().await;
        let users = test_db.users(2).await;
        let study = users[0].makes_a_room("공부방").await;
        users[1].enters(study).await;
        let (writer, told) = test_db.writer();
        users[1].becomes(ends, study).await.unwrap();
        let known = writer.post(users[1].writes("아직 여기", study)).await.unwrap();
        assert_eq!(known, Posted::NotMember, "{ends:?}");
        assert_eq!(history(&test_db.store, study).await, []);
        assert_eq!(told.try_iter().count(), 0);
        users[1].becomes(MembershipStatus::Member(Role::Member), study).await.unwrap();
        stored(writer.post(users[1].writes("다시 왔어요", study)).await.unwrap());
    }
}

#[tokio::test]
async fn the_suspended_post_nothing() {
    let test_db = TestDatabase::new().await;
    let users = test_db.users(2).await;
    let study = users[0].makes_a_room("공부방").await;
    users[1].enters(study).await;
    let (writer, _told) = test_db.writer();
    let suspend = |action| AdminCommand { action, by: Some(users[0].id), at: NOON };
    let _ =
        test_db.store.run_admin_action(users[1].id, suspend(AdminAction::Suspend)).await.unwrap();
    let refused = writer.post(users[1].writes("들려요?", study)).await.unwrap();
    assert_eq!(refused, Posted::NotMember);
    let _ =
        test_db.store.run_admin_action(users[1].id, suspend(AdminAction::Unsuspend)).await.unwrap();
    stored(writer.post(users[1].writes("들려요?", study)).await.unwrap());
}

#[tokio::test]
async fn rooms_that_share_a_batch_share_no_numbers() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let rooms = [minji.makes_a_room("공부방").await, minji.makes_a_room("부엌").await];
    let (writer, told) = test_db.writer();
    let posts = (0..40).map(|n| writer.post(minji.writes(&format!("말 {n}"), rooms[n % 2])));
    for posted in join_all(posts).await {
        stored(posted.unwrap());
    }
    for room in rooms {
        let said = history(&test_db.store, room).await;
        assert_eq!(places(&said), (3..=22).collect::<Vec<_>>());
    }
    assert_eq!(told.try_iter().count(), 2, "one changes of changes for each room");
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_told_so_and_loses_nothing() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let news: Vec<_> = (0..1_100).map(|n| minji.writes(&format!("말 {n}"), study)).collect();
    let answers = join_all(news.iter().map(|new| writer.post(new.clone()))).await;
    let busy = answers.iter().filter(|answer| matches!(answer, Err(Error::Busy))).count();
    assert_eq!(busy, 1_100 - 1_024);

    for new in news {
        let again = async {
            loop {
                match writer.post(new.clone()).await {
                    Err(Error::Busy) => tokio::task::yield_now().await,
                    answer => break stored(answer.unwrap()),
                }
            }
        };
        again.await;
    }
    let feed = feed(&test_db.store, study, Rev(0)).await;
    assert_eq!(places(feed.messages.values()), (3..=1_102).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_is_committed_in_order_whole_and_told_before_the_answer() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let told: Arc<Mutex<Vec<ChangeSet>>> = Arc::default();
    let (store, heard) = (test_db.store.clone(), told.clone());
    let writer = Writer::start(test_db.store.clone(), move |committed| {
        let latest = block_in_place(|| Handle::current().block_on(store.head(study)));
        let latest = latest.unwrap().unwrap();
        for changes in committed.change_sets {
            assert!(latest >= changes.through, "told before it was committed");
            heard.lock().unwrap().push(changes);
        }
    });
    let posts = (0..200).map(|n| {
        let by = if n % 2 == 0 { &minji } else { &junho };
        let (writer, told, new) = (writer.clone(), told.clone(), by.writes("말", study));
        tokio::spawn(async move {
            let message = stored(writer.post(new).await.unwrap());
            let told = told.lock().unwrap();
            let mut heard = told.iter().flat_map(|changes| &changes.messages);
            assert!(heard.any(|heard| *heard == message), "answered before it was told");
        })
    });
    for done in join_all(posts).await {
        done.unwrap();
    }
    let mut cursor = Rev(3);
    for changes in told.lock().unwrap().iter() {
        assert_eq!((changes.room, changes.after), (study, cursor));
        let inside = places(&changes.messages);
        assert_eq!(inside, (cursor.0 + 1..=changes.through.0).collect::<Vec<_>>());
        cursor = changes.through;
    }
    assert_eq!(test_db.store.head(study).await.unwrap(), Some(cursor));
}
