//! Another user signs in in the same browser while pages of the previous one are still open: nothing that those
//! send is done or stored in the other's name.

use crate::helpers::{Answer, TestServer, User, attribute, fresh_id, path, send};
use domain::{
    ids::{RoomId, UserId},
    wire::{ClientFrame, PROTOCOL, ServerFrame},
};
use reqwest::Method;

const SENTENCE: &str = "다른 계정으로 열었던 화면이에요";

/// Two users in one room, the second of whom uses the browser now.
async fn one_browser(test_server: &TestServer) -> (User, User, RoomId) {
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    (minji, junho, study)
}

/// The user for whom a page was rendered.
fn drawn_for(page: &Answer) -> String {
    page.field("drawn_for").unwrap()
}

fn hello(user: Option<UserId>) -> ClientFrame {
    ClientFrame::Hello { protocol: PROTOCOL, user, epoch: None, cursors: Vec::new() }
}

#[tokio::test]
async fn a_tab_of_another_user_is_sent_away_and_what_it_says_is_not_stored() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = one_browser(&test_server).await;
    let minjis = drawn_for(&minji.looks_at(study).await).parse().unwrap();
    let mut socket = junho.connects().await;
    socket.tells(&hello(Some(minjis))).await;
    socket
        .tries_to_send(serde_json::to_string(&send(study, fresh_id(), "민지의 말")).unwrap())
        .await;
    socket.is_dismissed(4001).await;
    assert!(minji.sees_in(study).await.is_empty());

    let junhos = drawn_for(&junho.looks_at(study).await).parse().unwrap();
    for user in [Some(junhos), None] {
        let mut socket = junho.connects().await;
        socket.tells(&hello(user)).await;
        let heard = socket.hears().await;
        assert!(matches!(heard, ServerFrame::Welcome { user, .. } if user == junhos), "{heard:?}");
    }
}

#[tokio::test]
async fn what_one_wrote_is_not_said_by_the_other_and_not_lost() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = one_browser(&test_server).await;
    let page = minji.looks_at(study).await.page(200);
    let (user, id, room) = (drawn_for(&page), page.field("client_id").unwrap(), study.to_string());
    let address = format!("{}?/post_message", path(study));
    for text in ["민지의 말", "</textarea><script>alert(1)</script>", "\n\n  두 줄\n &amp;"] {
        let fields = [("drawn_for", &*user), ("room", &room), ("client_id", &id), ("text", text)];
        let refused = junho.posts(&address, &fields).await.page(409);
        refused.shows(SENTENCE);
        refused.shows("준호님으로 보내기");
        refused.hides("<script>alert(1)");
        assert_eq!(refused.composer(), text, "it is still there");
        assert!(junho.sees_in(study).await.is_empty());
    }
    let fields =
        [("drawn_for", &*user), ("room", &room), ("client_id", &id), ("text", "민지의 말")];
    let refused = junho.posts(&address, &fields).await;
    // The signed-in user decides whether to send it after all.
    let (again, again_in) = (drawn_for(&refused), refused.field("room").unwrap());
    assert_ne!(again, user);
    let mut forms = refused.tags("form").into_iter().filter_map(|tag| attribute(tag, "action"));
    assert!(forms.any(|action| action == address), "{refused:?}");
    let kept = refused.composer();
    let again = [("drawn_for", &*again), ("room", &again_in), ("client_id", &id), ("text", &kept)];
    assert_eq!(junho.posts(&address, &again).await.leads_to(), path(study));
    assert_eq!(junho.sees_in(study).await, ["민지의 말"]);
    // What was typed is kept, too, where the form's page is not found for the other user.
    junho.posts(&format!("{}?/leave_room", path(study)), &[("room", &room)]).await.leads_to();
    assert_eq!(junho.posts(&address, &fields).await.page(409).composer(), "민지의 말");
}

/// The path that it is posted to, its name, its fields, and what the response must contain.
type PostedForm<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

/// Each form of one user's open pages, sent by the other.
#[tokio::test]
async fn no_form_of_one_user_does_anything_for_another() {
    let test_server = TestServer::new().await;
    let (minji, junho, study) = one_browser(&test_server).await;
    let user = drawn_for(&minji.gets("/").await);
    let room = study.to_string();
    let settings = format!("{}/settings", path(study));
    let forms: [PostedForm; 8] = [
        ("/", "create_room", &[("title", "민지의 방")], "민지의 방"),
        ("/", "join_room", &[("room", &room)], SENTENCE),
        ("/profiles", "create_profile", &[("name", "민지의 다른 이름")], "민지의 다른 이름"),
        (
            &settings,
            "update_room",
            &[
                ("room", &room),
                ("title", "새 이름"),
                ("description", "소개 글"),
                ("visibility", "open"),
            ],
            "소개 글",
        ),
        (&settings, "leave_room", &[("room", &room)], SENTENCE),
        (
            "/account/email",
            "change_email",
            &[("email", "m@example.com"), ("password", "비밀 비밀 비밀")],
            SENTENCE,
        ),
        ("/account", "end_other_devices", &[], SENTENCE),
        ("/people", "open_direct_room", &[("user", &user)], SENTENCE),
    ];
    for (page, form, fields, kept) in forms {
        let fields = [fields, &[("drawn_for", &*user)]].concat();
        let refused = junho.posts(&format!("{page}?/{form}"), &fields).await.page(409);
        refused.shows(SENTENCE);
        refused.shows(kept);
        refused.hides("비밀 비밀 비밀");
    }
    let rooms = junho.rooms().await;
    assert_eq!(rooms.len(), 1, "{rooms:?}");
    junho.gets("/profiles").await.hides("민지의 다른 이름");
}

/// An avatar is sent as a form of another kind.
#[tokio::test]
async fn nor_does_an_avatar() {
    let test_server = TestServer::new().await;
    let (minji, junho, _) = one_browser(&test_server).await;
    let profiles = junho.gets("/profiles").await;
    let links = profiles.tags("a").into_iter().filter_map(|tag| attribute(tag, "href"));
    let profile = links.into_iter().find(|link| link.starts_with("/profiles/")).unwrap();
    let page = junho.gets(&format!("{profile}/picture")).await.page(200);
    let junhos = drawn_for(&page);
    for (user, status) in [(drawn_for(&minji.gets("/").await), 409), (junhos, 422)] {
        let part = |name: &str, value: &str| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body =
            format!("{}{}--edge--\r\n", part("drawn_for", &user), part("picture", "no picture"));
        let form = junho.asks(Method::POST, &format!("{profile}/picture?/set_avatar"));
        let form = form.header("content-type", "multipart/form-data; boundary=edge").body(body);
        let page = junho.sends(form).await.page(status);
        assert_eq!(page.body.contains(SENTENCE), status == 409);
    }
}

#[tokio::test]
async fn what_is_the_browsers_own_is_done_whoever_asks() {
    let test_server = TestServer::new().await;
    let (minji, junho, _) = one_browser(&test_server).await;
    let user = drawn_for(&minji.gets("/").await);
    let fields = [("drawn_for", &*user), ("language", "en")];
    assert_eq!(junho.posts("/?/set_language", &fields).await.leads_to(), "/");
    let fields = [("drawn_for", &*user), ("theme", "dark")];
    assert_eq!(junho.posts("/?/set_theme", &fields).await.leads_to(), "/");
    let page =
        junho.posts("/?/create_room", &[("drawn_for", &*user), ("title", "x")]).await.page(409);
    page.shows("This page was opened with another account");
    // Signing out works for either user.
    assert_eq!(junho.posts("/?/sign_out", &[("drawn_for", &*user)]).await.leads_to(), "/sign-in");
    assert_eq!(junho.gets("/account").await.status, 303);
}

/// Forms rendered for signed-out readers are accepted from any user.
#[tokio::test]
async fn a_form_for_strangers_names_nobody() {
    let test_server = TestServer::new().await;
    let (minji, _, _) = one_browser(&test_server).await;
    let stranger = minji.elsewhere();
    assert_eq!(
        stranger.gets("/sign-in").await.page(200).field("drawn_for").unwrap_or_default(),
        ""
    );
    let fields =
        [("drawn_for", ""), ("email", &*minji.email), ("password", crate::helpers::PASSWORD)];
    assert_eq!(stranger.posts("/sign-in?/sign_in", &fields).await.leads_to(), "/");
}
