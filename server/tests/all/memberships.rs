//! Removing and banning, seen from open tabs: it takes effect within a second.

use crate::helpers::{Tab, TestServer, User, assert_in_step, fresh_id, path, send, within};
use domain::{
    events::EventKind,
    ids::RoomId,
    messages::Rev,
    wire::{ClientFrame, NackCode, ServerFrame},
};
use std::time::Duration;

const AT_ONCE: Duration = Duration::from_secs(1);

async fn does(owner: &User, function: &str, room: RoomId, user: &str) {
    let fields = [("room", &*room.to_string()), ("user", user)];
    let form = format!("{}/settings?/{function}", path(room));
    owner.posts(&form, &fields).await.leads_to();
}

/// Waits for the frame after which the tab no longer has the room.
async fn is_sent_out(tab: &mut Tab) {
    let room = tab.room;
    within(AT_ONCE, async { while tab.socket.hears().await != (ServerFrame::Reset { room }) {} })
        .await;
}

/// Waits until the tab shows an event of this kind.
async fn sees_that(tab: &mut Tab, kind: EventKind) {
    while !tab.timeline().events().iter().any(|event| event.kind == kind) {
        tab.takes_in_one().await;
    }
}

#[tokio::test]
async fn a_member_who_is_removed_or_banned_is_out_within_a_second_in_every_tab() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    for (function, what) in
        [("remove_member", EventKind::Removed), ("ban_member", EventKind::Banned)]
    {
        let study = minji.makes_room("공부방").await;
        for guest in [&junho, &seoyeon] {
            guest.enters(study).await;
        }
        let mut minjis = minji.opens(study).await;
        let [mut phone, mut desk] = [junho.opens(study).await, junho.opens(study).await];
        let user = phone.timeline().me();
        does(&minji, function, study, &user.to_string()).await;
        is_sent_out(&mut phone).await;
        is_sent_out(&mut desk).await;
        within(AT_ONCE, sees_that(&mut minjis, what)).await;

        minjis.says("이제 우리끼리").await;
        let id = fresh_id();
        for frame in
            [send(study, id, "들려요?"), ClientFrame::Changes { room: study, after: Rev(0) }]
        {
            phone.socket.tells(&frame).await;
            phone.socket.is_refused(NackCode::NotFound).await;
        }
        junho.calls("read_page", &[("room", &study.to_string())]).await.with(404);
        junho.writes(study, fresh_id(), "들려요?").await.with(404);
        assert!(junho.rooms().await.iter().all(|listed| listed.id != study));
        assert_eq!(minji.sees_in(study).await, ["이제 우리끼리"]);
        assert_in_step(&mut minjis).await;
        assert_eq!(minjis.timeline().members().count(), 2);
    }
}

#[tokio::test]
async fn who_comes_back_to_a_room_that_is_no_longer_theirs_is_told() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    let study = minji.makes_room("공부방").await;
    for guest in [&junho, &seoyeon] {
        guest.enters(study).await;
    }
    let (mut junhos, mut seoyeons) = (junho.opens(study).await, seoyeon.opens(study).await);
    let user = junhos.timeline().me();
    junhos.socket = junho.connects().await;
    seoyeons.socket = seoyeon.connects().await;
    minji.says(study, "준호님은 나가 주세요").await;
    does(&minji, "ban_member", study, &user.to_string()).await;

    junhos.comes_back().await;
    is_sent_out(&mut junhos).await;
    junho.looks_at(study).await.page(404).hides("나가 주세요");
    seoyeons.comes_back().await;
    assert_in_step(&mut seoyeons).await;
    assert!(seoyeons.timeline().member(user).is_some_and(|member| member.gone));
}

#[tokio::test]
async fn closing_sends_everybody_out_and_leaving_is_seen_by_the_others() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut minjis = minji.opens(study).await;
    let form = |name: &str| format!("{}/settings?/{name}", path(study));
    let room = [("room", &*study.to_string())];
    assert_eq!(junho.posts(&form("leave_room"), &room).await.leads_to(), "/");
    within(AT_ONCE, sees_that(&mut minjis, EventKind::Left)).await;
    let page = minji.looks_at(study).await.page(200);
    page.shows("준호님이 들어왔습니다");
    page.shows("준호님이 나갔습니다");
    junho.enters(study).await;
    let mut junhos = junho.opens(study).await;
    let refused = minji.posts(&form("leave_room"), &room).await.page(422);
    refused.shows("방장을 다른 멤버에게 넘기거나 방을 닫아야 나갈 수 있어요.");
    assert_eq!(minji.posts(&form("close_room"), &room).await.leads_to(), "/");
    is_sent_out(&mut minjis).await;
    is_sent_out(&mut junhos).await;
    for user in [&minji, &junho] {
        user.looks_at(study).await.page(404);
        user.pastes(&study.to_string()).await.page(404);
        user.gets("/rooms").await.page(200).hides(&path(study));
    }
}

#[tokio::test]
async fn a_refused_arrangement_keeps_what_was_typed() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let form = format!("{}/settings?/update_room", path(study));
    let long = format!("</textarea>{}", "가".repeat(500));
    let fields = [
        ("room", &*study.to_string()),
        ("title", " "),
        ("description", &long),
        ("visibility", "private"),
    ];
    let page = minji.posts(&form, &fields).await.page(422);
    page.shows("방 이름을 입력해 주세요.");
    page.shows("500자까지 쓸 수 있어요.");
    assert_eq!(page.composer(), long);
    let fields = [
        ("room", &*study.to_string()),
        ("title", "독서실"),
        ("description", "조용히"),
        ("visibility", "x"),
    ];
    minji.posts(&form, &fields).await.page(422);
    let fields = [
        ("room", &*study.to_string()),
        ("title", "독서실"),
        ("description", "조용히\r\n읽어요"),
        ("visibility", "private"),
    ];
    assert_eq!(minji.posts(&form, &fields).await.leads_to(), format!("{}/settings", path(study)));
    let page = minji.gets(&format!("{}/settings", path(study))).await.page(200);
    assert_eq!(page.composer(), "조용히\n읽어요");
    minji.looks_at(study).await.page(200).shows("민지님이 방 이름을 바꿨습니다");
}
