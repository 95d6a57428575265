//! The change feed and the pages of history: cut anywhere, they add up to the whole.

use crate::helpers::{TestDatabase, feed, history, places, say, soon, stored};
use domain::{
    history::PageAnchor,
    ids::RoomId,
    messages::{Rev, Seq},
    wire::{MAX_CHANGE_SET_BYTES, MAX_PAGE_ITEMS},
};
use futures::future::join_all;

use uuid::Uuid;

#[tokio::test]
async fn the_pages_of_the_feed_add_up_to_everything() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    for guest in test_db.users(65).await {
        guest.enters(study).await;
        say(&writer, &guest, study, 2).await;
    }
    let whole = feed(&test_db.store, study, Rev(0)).await;
    assert_eq!(whole.details, Some(Rev(1)));
    assert_eq!((whole.members.len(), whole.messages.len()), (66, 130));
    assert_eq!(whole.pages, [50, 50, 30]);
    let mut revs: Vec<_> = whole.members.keys().chain(whole.messages.keys()).collect();
    revs.sort_unstable();
    assert!(revs.into_iter().copied().eq((2..=197).map(Rev)), "every number once, none left out");

    for after in 0..=197 {
        let rest = feed(&test_db.store, study, Rev(after)).await;
        assert!(rest.messages.iter().eq(whole.messages.range(Rev(after + 1)..)), "after {after}");
        assert!(rest.members.iter().eq(whole.members.range(Rev(after + 1)..)), "after {after}");
        assert_eq!((rest.details.is_some(), rest.through), (after == 0, Rev(197)));
    }
}

#[tokio::test]
async fn a_page_of_members_is_cut_too() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    for guest in test_db.users(70).await {
        guest.enters(study).await;
    }
    let first = test_db.store.changes(study, Rev(0)).await.unwrap().unwrap();
    assert_eq!(first.changes.members.len(), MAX_PAGE_ITEMS as usize);
    assert_eq!((first.changes.through, first.head), (Rev(51), Rev(72)));
    let whole = feed(&test_db.store, study, Rev(0)).await;
    assert!(whole.members.keys().copied().eq((2..=72).map(Rev)));
}

#[tokio::test]
async fn a_page_of_long_messages_is_cut_by_its_bytes() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let long = "🙂".repeat(4_000);
    let posts = (0..40).map(|_| writer.post(minji.writes(&long, study)));
    for posted in join_all(posts).await {
        stored(posted.unwrap());
    }
    let first = test_db.store.changes(study, Rev(0)).await.unwrap().unwrap().changes;
    let bytes: usize = first.messages.iter().map(|message| message.text.as_str().len()).sum();
    assert!(bytes <= MAX_CHANGE_SET_BYTES && bytes + 16_000 > MAX_CHANGE_SET_BYTES, "{bytes}");
    assert_eq!(first.members.len(), 1, "who spoke is there with what they said");

    let whole = feed(&test_db.store, study, Rev(0)).await;
    assert_eq!(whole.pages, [16, 16, 8]);
    assert!(whole.messages.keys().copied().eq((3..=42).map(Rev)));
}

#[tokio::test]
async fn a_cut_by_bytes_leaves_later_members_for_the_next_page() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let long = "한".repeat(4_000);
    for guest in test_db.users(30).await {
        stored(writer.post(minji.writes(&long, study)).await.unwrap());
        guest.enters(study).await;
    }
    let first = test_db.store.changes(study, Rev(2)).await.unwrap().unwrap();
    let through = first.changes.through;
    assert!(
        through < first.head && first.changes.members.iter().all(|member| member.rev < through)
    );
    let whole = feed(&test_db.store, study, Rev(2)).await;
    assert_eq!((whole.members.len(), whole.messages.len()), (30, 30));
}

#[tokio::test]
async fn at_the_head_and_past_it_there_is_nothing() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    for after in [Rev(2), Rev(900)] {
        let changed = test_db.store.changes(study, after).await.unwrap().unwrap();
        assert_eq!(changed.head, Rev(2));
        assert_eq!((changed.changes.after, changed.changes.through), (after, after));
        assert!(changed.changes.messages.is_empty() && changed.changes.members.is_empty());
        assert_eq!(changed.changes.details, None);
    }
    let nowhere = RoomId::from_uuid(Uuid::new_v4());
    assert_eq!(test_db.store.changes(nowhere, Rev(0)).await.unwrap(), None);
    assert_eq!(test_db.store.page(nowhere, PageAnchor::Newest).await.unwrap(), None);
    assert_eq!(test_db.store.head(nowhere).await.unwrap(), None);
}

#[tokio::test]
async fn pages_walk_back_through_the_whole_history() {
    let test_db = TestDatabase::new().await;
    let (minji, junho) = (test_db.user("민지").await, test_db.user("준호").await);
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    let mut said = say(&writer, &minji, study, 60).await;
    junho.enters(study).await;
    said.extend(say(&writer, &junho, study, 60).await);

    let newest = test_db.store.page(study, PageAnchor::Newest).await.unwrap().unwrap();
    assert_eq!(newest.messages, said[70..]);
    assert_eq!((newest.has_older, newest.has_newer, newest.through), (true, false, Rev(123)));
    let names: Vec<_> = newest.members.iter().map(|member| member.display_name("")).collect();
    assert_eq!(names, ["민지", "준호"]);
    let middle = test_db
        .store
        .page(study, PageAnchor::Before(newest.messages[0].seq))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(middle.messages, said[21..70], "that somebody came in is on the page too");
    assert_eq!(middle.events.len(), 1);
    assert_eq!((middle.has_older, middle.has_newer), (true, true));
    let oldest = test_db
        .store
        .page(study, PageAnchor::Before(middle.messages[0].seq))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(oldest.messages, said[..21]);
    assert_eq!((oldest.has_older, oldest.has_newer), (false, true));
    let before_all = test_db.store.page(study, PageAnchor::Before(Seq(0))).await.unwrap().unwrap();
    assert!(before_all.messages.is_empty() && !before_all.has_older);
    assert_eq!(history(&test_db.store, study).await, said);
}

#[tokio::test]
async fn exactly_one_page_has_nothing_older() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, MAX_PAGE_ITEMS as usize).await;
    let page = test_db.store.page(study, PageAnchor::Newest).await.unwrap().unwrap();
    assert_eq!((page.messages.len(), page.has_older), (50, false));
    let changed = test_db.store.changes(study, Rev(2)).await.unwrap().unwrap();
    assert_eq!((changed.changes.messages.len(), changed.changes.through), (50, changed.head));
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_while_others_write_skips_nothing() {
    let test_db = TestDatabase::new().await;
    let minji = test_db.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    let (writer, _told) = test_db.writer();
    say(&writer, &minji, study, 60).await;
    let writing = async {
        for guest in test_db.users(40).await {
            guest.enters(study).await.unwrap();
            say(&writer, &guest, study, 4).await;
        }
    };
    let reading = async {
        loop {
            let read = feed(&test_db.store, study, Rev(0)).await;
            let count =
                read.messages.len() + read.members.len() + usize::from(read.details.is_some());
            assert_eq!(Ok(count), usize::try_from(read.through.0), "a number was skipped");
            if read.members.len() == 41 && read.messages.len() == 220 {
                break places(read.messages.values());
            }
            tokio::task::yield_now().await;
        }
    };
    let both = Box::pin(async { tokio::join!(writing, reading) });
    let ((), read) = soon(both).await;
    assert_eq!(read, places(&history(&test_db.store, study).await));
}
