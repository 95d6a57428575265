//! Limits in use: too frequent requests are delayed, and a reached quota is explained.

use crate::helpers::{Answer, TestServer, User, fresh_id, within};
use domain::{
    clock::Millis,
    messages::Rev,
    rooms::{RoomTitle, Visibility},
    wire::{ClientFrame, ServerFrame},
};
use std::time::{Duration, SystemTime};
use store::NewRoom;

/// More requests than a user may send at once (640).
const QUESTIONS: usize = 660;
const WAITS_FOR: Duration = Duration::from_secs(30);

#[tokio::test]
async fn who_asks_what_changed_too_often_is_answered_later_and_holds_up_nobody() {
    let test_server = TestServer::strict().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut junhos = junho.opens(study).await;
    let mut asking = minji.connects().await;
    asking.greets(None, Vec::new()).await;
    let asks = async {
        for _ in 0..QUESTIONS {
            asking.tells(&ClientFrame::Changes { room: study, after: Rev(0) }).await;
        }
        let mut answered = 0;
        while answered < QUESTIONS {
            match asking.hears().await {
                ServerFrame::Answer { .. } => answered += 1,
                ServerFrame::Changes(_) => {}
                other => panic!("{other:?}"),
            }
        }
        answered
    };
    let talks = async {
        for n in 0..20 {
            junhos.says(&format!("{n}번째 말")).await;
        }
    };
    let (answered, ()) = within(WAITS_FOR, async { tokio::join!(asks, talks) }).await;
    assert_eq!(answered, QUESTIONS);
}

#[tokio::test]
async fn a_list_that_is_read_too_often_says_when_again_in_the_readers_language() {
    let test_server = TestServer::strict().await;
    let minji = test_server.welcomes("민지").await;
    let (read, refused) = reads_until_refused(&minji).await;
    assert!(read >= 60, "{read} pages are an honest use");
    refused.shows("조금 천천히 해 주세요.");
    minji.has_cookie("lang=en");
    reads_until_refused(&minji).await.1.shows("Slow down a little.");
    minji.gets("/").await.page(200);
}

async fn reads_until_refused(user: &User) -> (usize, Answer) {
    for read in 0..500 {
        let page = user.gets("/people").await;
        if page.status == 429 {
            return (read, page);
        }
    }
    panic!("no bound")
}

#[tokio::test]
async fn who_has_made_a_hundred_rooms_today_reads_so_beside_the_form() {
    let test_server = TestServer::strict().await;
    let minji = test_server.welcomes("민지").await;
    let first = minji.makes_room("첫 방").await;
    let me = minji.reads(first).await.members[0].user;
    let store = store::Store::open(test_server.database_url()).await.unwrap();
    for n in 1..100 {
        let title = RoomTitle::parse(&format!("{n}번째 방")).unwrap();
        let new =
            NewRoom { title, visibility: Visibility::Open, by: me, at: now(), submission: None };
        let _ = store.create_room(new).await.unwrap();
    }
    let refused = minji.posts("/?/create_room", &[("title", "하나 더")]).await.page(409);
    refused.shows("방은 하루에 100개까지 만들 수 있어요. 내일 다시 만들어 주세요.");
    refused.shows("하나 더");
    minji.has_cookie("lang=en");
    let refused = minji.posts("/?/create_room", &[("title", "One more")]).await.page(409);
    refused.shows("You can make at most 100 rooms a day. Try again tomorrow.");
}

fn now() -> Millis {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Millis(i64::try_from(since.as_millis()).unwrap())
}

/// Forms in the menu and single buttons have no room for an error beside them: the page shows it.
#[tokio::test]
async fn who_changes_their_account_too_often_reads_so_on_the_page() {
    let test_server = TestServer::strict().await;
    let minji = test_server.welcomes("민지").await;
    for _ in 0..30 {
        minji.posts("/?/set_theme", &[("theme", "dark")]).await.leads_to();
    }
    let through = fresh_id().to_string();
    for (form, fields) in [
        ("/?/set_theme", &[("theme", "light")][..]),
        ("/people?/set_language", &[("language", "ko")]),
        ("/account?/end_other_devices", &[]),
        ("/account/notices?/mark_notices_read", &[("through", &through)]),
    ] {
        // Meanwhile one more in two seconds is allowed.
        let mut answer = minji.posts(form, fields).await;
        for _ in 0..100 {
            if answer.status == 429 {
                break;
            }
            answer = minji.posts(form, fields).await;
        }
        answer.page(429).shows("조금 천천히 해 주세요.");
    }
    let stranger = test_server.visited_by("나그네");
    for _ in 0..40 {
        stranger.posts("/sign-in?/set_theme", &[("theme", "dark")]).await.leads_to();
    }
}
