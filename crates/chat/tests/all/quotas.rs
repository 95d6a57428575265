//! What one user may do within a day, and how much they may read: far more than honest use, and not more than
//! the instance can bear.

use crate::helpers::{MINUTE, TestApp, User};
use domain::{
    collation::ScriptFirst, error::AppError, history::PageAnchor, ids::RoomId, messages::Rev,
    quotas::Quota, rooms::Visibility,
};
use futures::future::join_all;
use std::fmt::Debug;

const SECOND: i64 = 1_000;
/// A message of 12,000 bytes, the longest in Hangul.
const LONG: usize = 4_000;

fn is_slow_down<T: Debug>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::SlowDown { .. }))
}

/// How often somebody does it who waits so long each time, until they are refused.
async fn until_refused<T: Debug>(
    test_app: &TestApp,
    wait_millis: i64,
    at_most: usize,
    mut does: impl AsyncFnMut() -> Result<T, AppError>,
) -> (usize, Option<AppError>) {
    for done in 0..at_most {
        if let Err(error) = does().await {
            return (done, Some(error));
        }
        test_app.passes(wait_millis);
    }
    (at_most, None)
}

#[tokio::test]
async fn a_hundred_rooms_a_day_and_then_none_until_the_next() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let makes =
        async || minji.chat.create_room(&minji.actor, None, "공부방", Visibility::Open).await;
    let (made, refused) = until_refused(&test_app, MINUTE, 200, makes).await;
    let quota = Quota::RoomsMadeADay;
    assert_eq!((made, refused), (100, Some(AppError::QuotaReached { quota, most: 100 })));
    test_app.passes(24 * 60 * MINUTE);
    minji.makes_a_room("다음 날의 방").await;
}

#[tokio::test]
async fn coming_and_going_all_day_comes_to_an_end_before_it_fills_the_room() {
    let test_app = TestApp::strict().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    let comes = async || {
        let entered = junho.chat.join_room(&junho.actor, &study.to_string()).await;
        junho.leaves(study).await;
        entered
    };
    // As fast as the rate allows: 1,800 times an hour.
    let (came, refused) = until_refused(&test_app, 2 * SECOND, 1_800, comes).await;
    assert!((300..330).contains(&came), "{came} {refused:?}");
    assert!(matches!(refused, Some(AppError::SlowDown { .. })), "{refused:?}");
    test_app.passes(MINUTE);
    junho.enters(study).await;
}

#[tokio::test]
async fn texts_of_a_day_have_a_bound_and_an_honest_day_is_far_from_it() {
    let test_app = TestApp::strict().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let long = "가".repeat(LONG);
    let mut kept = 0;
    let refused = loop {
        // As fast as the rate allows: 30 at once, and 6 seconds later once more.
        let said = join_all((0..30).map(|_| minji.says(&long).tried_in(study))).await;
        kept += said.iter().filter(|said| said.is_ok()).count();
        if let Some(refused) = said.into_iter().find(Result::is_err) {
            break refused;
        }
        assert!(kept < 5_000, "no bound");
        test_app.passes(6 * SECOND);
    };
    let bytes = kept * LONG * 3;
    assert!((15 << 20..18 << 20).contains(&bytes) && is_slow_down(&refused), "{bytes} {refused:?}");
    // Somebody else writes two lines a minute, for eight hours.
    for _ in 0..960 {
        junho.says("그건 그렇고, 저녁은 뭘 먹을까?").in_room(study).await;
        test_app.passes(MINUTE / 2);
    }
    minji.says("이제 다시 돼요").in_room(study).await;
}

#[tokio::test]
async fn a_profile_is_changed_a_hundred_times_and_not_all_day() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let profile = test_app.chat.profile_assignments(&minji.actor).await.unwrap().profiles[0].id;
    let mut names = ["민지", "김민지"].into_iter().cycle();
    let changes_name = async || {
        let name = names.next().unwrap_or_default();
        test_app.chat.rename_profile(&minji.actor, profile, name).await
    };
    let (renamed, refused) = until_refused(&test_app, 5 * SECOND, 1_000, changes_name).await;
    assert!((100..105).contains(&renamed), "{renamed} {refused:?}");
    assert!(matches!(refused, Some(AppError::SlowDown { .. })), "{refused:?}");
}

#[tokio::test]
async fn ten_tabs_come_back_to_every_room_at_once_and_who_asks_on_and_on_waits() {
    let test_app = TestApp::strict().await;
    let [minji, junho] = test_app.users(["민지", "준호"]).await;
    let study = minji.makes_a_room("공부방").await;
    junho.enters(study).await;
    let asks = async || minji.chat.changes(&minji.actor, study, Rev(0)).await;
    let (asked, refused) = until_refused(&test_app, 0, 5_000, asks).await;
    assert_eq!((asked, refused), (640, Some(AppError::SlowDown { seconds: 1 })));
    for reading in [
        minji.chat.page(&minji.actor, study, PageAnchor::Newest).await.map(drop),
        minji.chat.view_room(&minji.actor, study, PageAnchor::Newest).await.map(drop),
    ] {
        assert!(is_slow_down(&reading), "history is read from the same allowance: {reading:?}");
    }
    let missed = minji.chat.changes_after_lag(&minji.actor, study, Rev(0)).await;
    assert!(missed.is_ok(), "what the server itself owes a slow client is not asked for");
    junho.reads(study).await;
    test_app.passes(SECOND);
    let (asked, _) = until_refused(&test_app, 0, 100, asks).await;
    assert_eq!(asked, 20, "and 20 a second from then on");
}

#[tokio::test]
async fn lists_are_leafed_through_as_fast_as_somebody_reads_and_no_faster() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let study = minji.makes_a_room("공부방").await;
    for list in [List::Users, List::Rooms, List::Settings, List::Invite] {
        let reads = async || list.is_read_by(&minji, study).await;
        let (read, refused) = until_refused(&test_app, 500, 120, reads).await;
        assert_eq!((read, refused), (120, None), "{list:?}: two pages a second for a minute");
        test_app.passes(MINUTE);
        let (read, refused) = until_refused(&test_app, 0, 120, reads).await;
        assert_eq!((read, refused), (60, Some(AppError::SlowDown { seconds: 1 })), "{list:?}");
        test_app.passes(MINUTE);
    }
}

#[derive(Debug, Clone, Copy)]
enum List {
    Users,
    Rooms,
    Settings,
    Invite,
}

impl List {
    async fn is_read_by(self, user: &User, room: RoomId) -> Result<(), AppError> {
        let (chat, actor, first) = (&user.chat, &user.actor, ScriptFirst::Hangul);
        match self {
            Self::Users => chat.directory(actor, "ㅁ", 1, first).await.map(drop),
            Self::Rooms => chat.open_rooms(actor, "", 1, first).await.map(drop),
            Self::Settings => chat.room_settings(actor, room, "", 1).await.map(drop),
            Self::Invite => chat.inviting(actor, room, "", 1, first).await.map(drop),
        }
    }
}

#[tokio::test]
async fn all_that_is_ones_own_is_taken_along_three_times_and_not_for_ever() {
    let test_app = TestApp::strict().await;
    let minji = test_app.user("민지").await;
    let exports = async || minji.chat.export(&minji.actor).await.map(drop);
    let (taken, refused) = until_refused(&test_app, SECOND, 10, exports).await;
    assert_eq!(taken, 3);
    assert!(matches!(refused, Some(AppError::SlowDown { seconds: 500..=600 })), "{refused:?}");
    test_app.passes(10 * MINUTE);
    assert!(exports().await.is_ok());
}
