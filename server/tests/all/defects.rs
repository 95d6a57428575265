//! The defects of the chat that this one replaces. Each test is named after a defect and fails if it occurs
//! here.

use crate::helpers::{PASSWORD, TestServer, assert_in_step, fresh_id, path, soon};
use futures::future::join_all;
use reqwest::Method;

/// The author was taken from the frame or the form.
#[tokio::test]
async fn identity_from_the_client() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut junhos = junho.opens(study).await;
    let minji_id = minji.opens(study).await.timeline().me();
    let me = minji_id.to_string();
    for cookie in ["user", "user_id", "userId", "user"] {
        junho.has_cookie(&format!("{cookie}={me}"));
    }
    let (room, id) = (study.to_string(), fresh_id().to_string());
    let fields = [
        ("room", &*room),
        ("client_id", &id),
        ("text", "나는 민지"),
        ("author", &me),
        ("author_id", &me),
        ("user", &me),
        ("user", &me),
        ("name", "민지"),
    ];
    let form = format!("{}?/post_message", path(study));
    assert_eq!(junho.posts(&form, &fields).await.leads_to(), path(study));
    junho.calls("post_message", &fields).await;
    let frame = format!(
        r#"{{"type":"send","room":"{study}","client_id":"{}","text":"나도 민지","author":"{me}",
            "person":"{me}","user":{{"id":"{me}"}}}}"#,
        fresh_id()
    );
    let hello = format!(r#"{{"type":"hello","protocol":2,"person":"{me}","user_id":"{me}"}}"#);
    junhos.socket = junho.connects().await;
    junhos.socket.sends(hello).await;
    junhos.socket.sends(frame).await;
    junhos.sees("나도 민지").await;
    assert_in_step(&mut junhos).await;
    assert_eq!(junhos.texts(), ["나는 민지", "나도 민지"]);
    for message in junhos.timeline().messages() {
        assert_eq!(message.author, junhos.timeline().me());
        assert_ne!(message.author, minji_id);
    }
}

#[tokio::test]
async fn failed_login_answered_200() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let client_info = minji.elsewhere();
    let wrong = client_info.signs_in_with("틀린 비밀번호예요").await.page(401);
    assert_eq!(wrong.field("email").as_deref(), Some(&*minji.email));
    wrong.hides("틀린 비밀번호예요");
    assert_eq!(wrong.cookie("session"), None);
    assert_eq!(client_info.cookies(), None);
    let fields = [("email", "nobody@example.com"), ("password", PASSWORD)];
    let unknown = client_info.posts("/sign-in?/sign_in", &fields).await.page(401);
    for page in [&wrong, &unknown] {
        page.shows("이메일이나 비밀번호가 맞지 않아요.");
        page.hides(PASSWORD);
    }
    assert_eq!(client_info.gets("/").await.leads_to(), "/sign-in");
}

/// A room was shown only to the user who had joined it last.
#[tokio::test]
async fn vanishing_room() {
    let test_server = TestServer::new().await;
    let mut users = vec![test_server.welcomes("민지").await];
    let study = users[0].makes_room("공부방").await;
    for n in 0..6 {
        let guest = test_server.welcomes(&format!("손님 {n}")).await;
        guest.enters(study).await;
        users.push(guest);
    }
    for user in &users {
        let rooms = user.rooms().await;
        assert_eq!(rooms.iter().map(|room| room.id).collect::<Vec<_>>(), [study]);
        let home = user.gets("/").await.page(200);
        home.shows(&format!("공부방 ({})에 접속하기", study.short()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn duplicate_membership() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let entering = (0..12).map(|_| {
        let junho = junho.clone();
        tokio::spawn(async move { junho.enters(study).await })
    });
    for entered in join_all(entering).await {
        entered.unwrap();
    }
    minji.enters(study).await;
    let members = minji.reads(study).await.members;
    assert_eq!(
        members.iter().map(|member| member.display_name("")).collect::<Vec<_>>(),
        ["민지", "준호"]
    );
    assert_eq!(junho.rooms().await.len(), 1);
}

#[tokio::test]
async fn unordered_history() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut tab = minji.opens(study).await;
    let mut said = Vec::new();
    for n in 0..40 {
        let text = format!("{n}번째");
        if n % 2 == 0 {
            junho.says(study, &text).await;
        } else {
            tab.says(&text).await;
        }
        said.push(text);
    }
    assert_eq!(junho.sees_in(study).await, said);
    assert_eq!(junho.looks_at(study).await.lines(), said);
    assert_in_step(&mut tab).await;
    assert_eq!(tab.texts(), said);
}

/// After a reconnection nothing was delivered until the room was opened again.
#[tokio::test]
async fn no_rejoin_after_a_reconnect() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut tab = junho.opens(study).await;
    for n in 0..3 {
        tab.comes_back().await;
        let text = format!("{n}번째 연결");
        minji.says(study, &text).await;
        tab.sees(&text).await;
    }
    let test_server = test_server.restarts().await;
    tab.comes_back().await;
    minji.says(study, "다시 켠 뒤").await;
    tab.sees("다시 켠 뒤").await;
    assert_in_step(&mut tab).await;
    drop(test_server);
}

/// The next user to connect was put into the rooms of the user who had asked last.
#[tokio::test]
async fn whoever_connects_next_put_into_a_room() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let diary = minji.makes_room("민지의 일기장").await;
    let notes = junho.makes_room("준호의 수첩").await;
    let (mut minjis, mut junhos) = tokio::join!(minji.opens(diary), junho.opens(notes));
    minji.looks_at(diary).await.page(200);
    let mut next = junho.opens(notes).await;
    minjis.says("일기").await;
    junhos.says("메모").await;
    for tab in [&mut junhos, &mut next] {
        soon(tab.sees("메모")).await;
        tab.hears_its_change("메모").await;
        assert_eq!(tab.rooms_heard_of(), [notes].into());
        assert_in_step(tab).await;
    }
    assert_eq!(minji.reads(diary).await.members.len(), 1);
    assert_in_step(&mut minjis).await;
}

/// Opening a link joined the room, or posted, or signed out.
#[tokio::test]
async fn get_that_changes_things() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "안녕").await;
    let before = minji.reads(study).await;
    let id = fresh_id();
    let fields = format!("room={study}&client_id={id}&text=x&title=x&language=en");
    for user in [&minji, &junho] {
        for page in ["/", &*path(study), "/sign-in", "/nothing"] {
            for form in ["post_message", "join_room", "create_room", "sign_out", "set_language"] {
                for method in [Method::GET, Method::HEAD] {
                    let link = format!("{page}?/{form}&{fields}");
                    let answer = user.sends(user.asks(method, &link)).await;
                    assert_eq!(answer.headers.get("set-cookie"), None, "{link}");
                    let api = format!("/api/{form}?{fields}");
                    user.gets(&api).await.with(405);
                }
            }
        }
    }
    assert_eq!(minji.reads(study).await, before);
    assert_eq!((minji.rooms().await.len(), junho.rooms().await.len()), (1, 0));
}
