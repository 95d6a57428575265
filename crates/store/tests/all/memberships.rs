//! Coming, going and being asked to go: what is written, and what the room is told.

use crate::helpers::{NOON, TestDatabase, feed, soon};
use domain::{
    events::EventKind,
    history::PageAnchor,
    memberships::Role,
    messages::Rev,
    policy::MembershipStatus::{self, Banned, Left, Member, Removed},
};
use futures::future::join_all;
use store::{LeaveOutcome, TransferOutcome};

#[tokio::test]
async fn who_has_gone_stays_known_and_every_step_leaves_its_line() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let status = async || test_db.store.room_access(study, junho.id).await.unwrap().unwrap().status;
    let steps: [(MembershipStatus, bool, Option<EventKind>); 9] = [
        (Member(Role::Member), false, Some(EventKind::Joined)),
        (Member(Role::Moderator), false, None),
        (Left, true, Some(EventKind::Left)),
        (Member(Role::Member), false, Some(EventKind::Joined)),
        (Removed, true, Some(EventKind::Removed)),
        (Banned, true, Some(EventKind::Banned)),
        (Removed, true, None),
        (Member(Role::Member), false, Some(EventKind::Joined)),
        (Banned, true, Some(EventKind::Banned)),
    ];
    for (nth, (becomes, gone, what)) in (3..).zip(steps) {
        let told = junho.becomes(becomes, study).await.unwrap();
        assert_eq!(status().await, becomes);
        assert_eq!((told.after, told.through), (Rev(nth - 1), Rev(nth)), "{becomes:?}");
        assert_eq!((told.members[0].gone, told.members[0].rev), (gone, Rev(nth)), "{becomes:?}");
        let said: Vec<_> = told.events.iter().map(|event| event.kind).collect();
        assert_eq!(said, Vec::from_iter(what), "{becomes:?}");
        assert_eq!(junho.becomes(becomes, study).await, None, "again is nothing");
        let is_in = test_db.room_ids_of(junho.id).await == [study];
        let is_listed = test_db.store.rooms_of(junho.id).await.unwrap().len() == 1;
        assert_eq!((is_in, is_listed), (!gone, !gone), "{becomes:?}");
    }
    let all = feed(&test_db.store, study, Rev(0)).await;
    assert_eq!((all.members.len(), all.events.len()), (2, 7));
    let page = test_db.store.page(study, PageAnchor::Newest).await.unwrap().unwrap();
    assert_eq!(page.events, all.events);
    assert_eq!(test_db.store.banned_from(study).await.unwrap()[0].user, junho.id);
    assert_eq!(test_db.store.members_of(study).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_comes_again_has_read_what_was_there() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    junho.becomes(Left, study).await;
    let (writer, _told) = test_db.writer();
    crate::helpers::say(&writer, &minji, study, 3).await;
    junho.enters(study).await;
    assert_eq!(test_db.store.rooms_of(junho.id).await.unwrap()[0].unread, 0);
}

#[tokio::test]
async fn the_last_owner_cannot_go_and_the_last_of_all_closes_the_room() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let leaves = |user| test_db.store.leave_room(study, user, NOON);
    assert_eq!(leaves(minji.id).await.unwrap(), Some(LeaveOutcome::LastOwner));

    let hands_over = || test_db.store.transfer_ownership(study, minji.id, junho.id, NOON);
    let TransferOutcome::Done(done) = hands_over().await.unwrap() else { panic!("both are in") };
    let [told] = done.change_sets.as_slice() else { panic!("{done:?}") };
    assert_eq!((told.after, told.through, told.members.len()), (Rev(3), Rev(5), 2));
    assert_eq!(
        (told.events[0].kind, told.events[0].actor),
        (EventKind::OwnershipTransferred, minji.id)
    );
    assert_eq!(
        hands_over().await.unwrap(),
        TransferOutcome::NotMember,
        "what one no longer has cannot be given"
    );
    assert!(matches!(leaves(minji.id).await.unwrap(), Some(LeaveOutcome::Left(_))));
    assert!(matches!(leaves(junho.id).await.unwrap(), Some(LeaveOutcome::Closed(_))));
    assert_eq!(leaves(junho.id).await.unwrap(), None);

    assert_eq!(test_db.store.room_access(study, junho.id).await.unwrap(), None);
    assert_eq!(test_db.store.page(study, PageAnchor::Newest).await.unwrap(), None);
    assert_eq!(test_db.store.changes(study, Rev(0)).await.unwrap(), None);
    assert_eq!(test_db.store.room_preview(study, junho.id).await.unwrap(), None);
    assert_eq!(test_db.store.rooms_of(junho.id).await.unwrap(), []);
    assert_eq!(minji.enters(study).await, None, "nobody comes in");
    let (writer, _told) = test_db.writer();
    let said = writer.post(junho.writes("누구 있어요?", study)).await.unwrap();
    assert_eq!(said, store::Posted::NotMember);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_owners_who_leave_at_once_leave_one_behind() {
    let test_db = TestDatabase::new().await;
    for _ in 0..10 {
        let users = test_db.users(3).await;
        let study = users[0].makes_a_room("공부방").await;
        users[1].enters(study).await;
        users[1].becomes(Member(Role::Owner), study).await;
        users[2].enters(study).await;
        let leaving = users[..2].iter().map(|user| {
            let (store, user) = (test_db.store.clone(), user.id);
            tokio::spawn(async move { store.leave_room(study, user, NOON).await.unwrap() })
        });
        let left = soon(join_all(leaving)).await;
        let kept = left
            .into_iter()
            .filter(|left| matches!(left.as_ref().unwrap(), Some(LeaveOutcome::LastOwner)));
        assert_eq!(kept.count(), 1);
    }
}

#[tokio::test]
async fn a_page_holds_what_was_said_and_what_happened_in_one_row() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    for guest in test_db.users(40).await {
        guest.enters(study).await;
        crate::helpers::say(&writer, &guest, study, 1).await;
    }
    let (mut anchor, mut places) = (PageAnchor::Newest, Vec::new());
    loop {
        let page = test_db.store.page(study, anchor).await.unwrap().unwrap();
        let said = page.messages.iter().map(|message| message.seq);
        let mut row: Vec<_> = said.chain(page.events.iter().map(|event| event.seq)).collect();
        row.sort_unstable();
        assert!(row.len() <= 50);
        anchor = row.first().map_or(anchor, |first| PageAnchor::Before(*first));
        places.splice(0..0, row);
        if !page.has_older {
            break;
        }
        assert!(page.members.len() == 41);
    }
    assert!(places.iter().map(|place| place.0).eq(3..=82), "nothing twice, nothing left out");
}
