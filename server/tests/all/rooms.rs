//! Making, finding and joining rooms, as their pages show it.

use crate::helpers::{TestServer, nowhere, path};

#[tokio::test]
async fn a_preview_shows_the_title_and_the_count_and_nothing_that_was_said() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "비밀 이야기").await;
    let preview = seoyeon.looks_at(study).await.page(200);
    preview.shows("공부방");
    preview.shows("2명이 이야기하고 있어요.");
    assert_eq!(preview.field("room"), Some(study.to_string()));
    for hidden in ["비밀 이야기", "민지", "준호"] {
        preview.hides(hidden);
    }
    let older = seoyeon.gets(&format!("{}?before=99", path(study))).await.page(200);
    older.hides("비밀 이야기");

    seoyeon.enters(study).await;
    let page = seoyeon.looks_at(study).await.page(200);
    assert_eq!(page.lines(), ["비밀 이야기"]);
    for name in ["민지", "준호", "서연", "3명"] {
        page.shows(name);
    }
}

#[tokio::test]
async fn a_room_that_is_not_there_is_a_page_that_says_so() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let ids = [
        &*nowhere().to_string(),
        "1",
        "공부방",
        "..%2F..",
        "%00",
        "00000000-0000-0000-0000-00000000000g",
    ];
    for id in ids {
        let page = minji.gets(&format!("/room/{id}")).await.page(404);
        page.shows("이 주소의 방을 찾지 못했어요.");
        page.shows("여기엔 아무것도 없어요");
    }
    for elsewhere in ["/nothing", "/room", "/room/1/2/3", "/api", "/%F0%9F%8E%89", "/pkg2/x.js"] {
        minji.gets(elsewhere).await.page(404).shows("여기엔 아무것도 없어요");
    }
    let long = "a".repeat(300);
    let deep = "a/".repeat(2_500);
    for name in [
        "nothing.js",
        &long,
        &format!("{}.js", "a".repeat(252)),
        &format!("{long}/a.js"),
        &format!("a/{long}"),
        &format!("{deep}a"),
        "%ED%95%9C".repeat(90).as_str(),
        "%00",
        "a%00.js",
        "%00/a",
        "..%2f",
        "..%2f..%2fCargo.toml",
        "%2e%2e%2fCargo.toml",
        "..%5cCargo.toml",
        "..%2f%00",
        "%ff%fe",
        "nothing.js/a",
        "a%2fb",
        "a%0Ab",
        "%2Fetc%2Fpasswd",
        "*?a=b",
    ] {
        let answer = minji.gets(&format!("/pkg/{name}")).await.with(404);
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    }
    let page = minji.pastes(&nowhere().to_string()).await.page(404);
    page.shows("그런 방을 찾지 못했어요.");
}

#[tokio::test]
async fn a_room_is_entered_by_its_id_or_by_its_link() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let link = test_server.address().url(&path(study));
    let pasted = [
        study.to_string(),
        study.to_string().to_uppercase(),
        format!("  {} ", study.uuid().simple()),
        link.clone(),
        format!("{link}?before=3#end"),
        format!("chat.example/room/{study}"),
        format!("여기로 오세요: {link} 기다릴게요"),
        format!("{link}에서 만나요"),
        format!("<{link}>."),
        format!("방 아이디는 {study}예요."),
        format!("_{study}_"),
        format!("{study}_"),
        format!("*{study}* 로 오세요"),
        format!("room/{study}"),
        format!("https://other.example/sign-in?next=%2Froom%2F{study}"),
        format!("sign-in?next=%252Froom%252F{study}%253Fbefore%253D3"),
        format!("{link} ({study})"),
    ];
    for (n, pasted) in pasted.iter().enumerate() {
        let guest = test_server.welcomes(&format!("손님 {n}")).await;
        assert_eq!(guest.pastes(pasted).await.leads_to(), path(study), "{pasted}");
        guest.looks_at(study).await.page(200).shows(&format!("손님 {n}"));
    }
    assert_eq!(minji.reads(study).await.members.len(), 1 + pasted.len());
    let yard = minji.makes_room("마당").await;
    let guest = test_server.welcomes("서연").await;
    for two in [format!("{link} {}", path(yard)), format!("{study}, {yard}")] {
        guest.pastes(&two).await.page(422).shows("아닌 것 같아요");
    }
}

#[tokio::test]
async fn a_pasted_invitation_link_leads_to_joining_by_it() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let fields = [("title", "가족"), ("visibility", "private")];
    let made = minji.posts("/?/create_room", &fields).await;
    let room = made.leads_to().strip_prefix("/room/").unwrap().to_owned();
    let fields = [("room", &*room), ("lifetime", "7"), ("uses", "10")];
    let made = minji.posts(&format!("/room/{room}/invite?/create_invite_link"), &fields).await;
    let token = made.leads_to().rsplit('/').next().unwrap().to_owned();
    let (link, join) =
        (test_server.address().url(&format!("/join/{token}")), format!("/join/{token}"));
    for pasted in [
        link.clone(),
        format!("우리 방 링크야 {link} 들어와"),
        format!("{link}로 들어와요."),
        format!("「{link}」"),
        link.to_uppercase(),
        format!("_{link}_"),
        format!("join/{token}"),
        format!("/sign-up?next=%252Fjoin%252F{token}"),
    ] {
        assert_eq!(junho.pastes(&pasted).await.leads_to(), join, "{pasted}");
    }
    junho.gets(&join).await.page(200).shows("민지님이 ‘가족’에 초대했어요");
    let entered = junho.posts(&format!("{join}?/join_by_link"), &[("invitation", &token)]).await;
    assert_eq!(entered.leads_to(), format!("/room/{room}"));
    junho.pastes(&test_server.address().url("/people")).await.page(422).shows("아닌 것 같아요");
}

#[tokio::test]
async fn the_list_tells_rooms_apart() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon] = test_server.welcome_all(["민지", "준호", "서연"]).await;
    minji.gets("/").await.page(200).shows("아직 들어간 방이 없어요.");
    let study = minji.makes_room("공부방").await;
    let yard = minji.makes_room("마당").await;
    for guest in [&junho, &seoyeon] {
        guest.enters(study).await;
        guest.enters(yard).await;
    }
    junho.says(study, "오늘 저녁에 모여요").await;
    for user in [&minji, &junho, &seoyeon] {
        let home = user.gets("/").await.page(200);
        for (room, title) in [(study, "공부방"), (yard, "마당")] {
            let short = room.to_string().chars().take(8).collect::<String>();
            home.shows(&format!("{title} ({short})에 접속하기"));
        }
        home.shows("오늘 저녁에 모여요");
        let (newest, older) =
            (home.body.find("공부방 (").unwrap(), home.body.find("마당 (").unwrap());
        assert!(newest < older, "where something happened last comes first");
    }
    let unread = |rooms: Vec<domain::rooms::RoomSummary>| rooms[0].unread;
    assert_eq!(unread(minji.rooms().await), 1);
    assert_eq!(unread(junho.rooms().await), 0);
}
