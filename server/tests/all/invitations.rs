//! Invitations in a browser: the list, the preview, and links for readers without an account.

use crate::helpers::{Answer, PASSWORD, TestServer, User, path, within};
use domain::{ids::RoomId, wire::ServerFrame};
use std::time::Duration;

/// Makes a link with a form, and returns the path that it redirects to.
async fn makes_a_link(test_server: &TestServer, owner: &User, room: RoomId) -> String {
    let fields = [("room", &*room.to_string()), ("lifetime", "7"), ("uses", "10")];
    let form = format!("{}/invite?/create_invite_link", path(room));
    let answer = owner.posts(&form, &fields).await;
    let shown = answer.leads_to();
    let page = owner.gets(shown).await.page(200);
    page.shows("class=\"qr\"");
    let token = shown.rsplit('/').next().unwrap();
    let way = format!("/join/{token}");
    page.shows(&format!("{}\"", test_server.address().url(&way)));
    way
}

async fn private_room(owner: &User) -> RoomId {
    let fields = [("title", "비밀 독서회"), ("visibility", "private")];
    let answer = owner.posts("/?/create_room", &fields).await;
    answer.leads_to().strip_prefix("/room/").unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_stranger_signs_up_by_a_link_and_lands_in_the_room() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let club = private_room(&minji).await;
    let way = makes_a_link(&test_server, &minji, club).await;
    let newcomer = test_server.visited_by("새봄");
    let page = newcomer.gets(&way).await.page(200);
    page.shows("민지님이 ‘비밀 독서회’에 초대했어요");
    assert_eq!(page.header("cache-control"), "private, no-store");

    let token = page.field("invitation").unwrap();
    let form = format!("{way}?/sign_up");
    let signs_up = async |email: &str| {
        let fields = [("email", email), ("password", PASSWORD), ("invitation", &*token)];
        newcomer.posts(&form, &fields).await
    };
    let again = signs_up("새봄").await.page(422);
    again.shows("민지님이 ‘비밀 독서회’에 초대했어요");
    assert_eq!(again.field("email").as_deref(), Some("새봄"), "what was typed is still there");
    assert_eq!(signs_up(&newcomer.email).await.leads_to(), path(club));
    newcomer.looks_at(club).await.page(200).shows("<title>비밀 독서회<");
    assert_eq!(newcomer.gets(&way).await.leads_to(), path(club), "whoever is in is led there");
}

#[tokio::test]
async fn who_has_an_account_signs_in_and_comes_back_to_the_link() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let club = private_room(&minji).await;
    let way = makes_a_link(&test_server, &minji, club).await;
    let desk = junho.elsewhere();
    desk.gets(&way).await.page(200).shows(&format!("/sign-in?next={way}"));
    let fields = [("email", &*desk.email), ("password", PASSWORD), ("next", &*way)];
    assert_eq!(desk.posts("/sign-in?/sign_in", &fields).await.leads_to(), way);
    let page = desk.gets(&way).await.page(200);
    let token = page.field("invitation").unwrap();
    let answer = desk.posts(&format!("{way}?/join_by_link"), &[("invitation", &token)]).await;
    assert_eq!(answer.leads_to(), path(club));
    desk.looks_at(club).await.page(200).shows("<title>비밀 독서회<");
}

#[tokio::test]
async fn a_link_that_has_ended_says_so_to_everybody() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let club = private_room(&minji).await;
    let way = makes_a_link(&test_server, &minji, club).await;
    let invite = minji.gets(&format!("{}/invite", path(club))).await.page(200);
    let fields = [("room", club.to_string()), ("link", invite.field("link").unwrap())];
    let fields = [("room", &*fields[0].1), ("link", &*fields[1].1)];
    let form = format!("{}/invite?/revoke_link", path(club));
    minji.posts(&form, &fields).await.leads_to();

    let stranger = test_server.visited_by("새봄");
    for way in [way.as_str(), "/join/누구", "/join/"] {
        for user in [&stranger, &junho] {
            let page = user.gets(way).await;
            assert!(matches!(page.status, 410 | 404 | 303), "{page:?}");
            page.hides("비밀 독서회");
        }
    }
    stranger.gets(&way).await.page(410).shows("쓸 수 없는 초대예요");
    let token = way.rsplit('/').next().unwrap();
    let fields = [("email", &*stranger.email), ("password", PASSWORD), ("invitation", token)];
    stranger.posts(&format!("{way}?/sign_up"), &fields).await.page(410);
    junho.posts(&format!("{way}?/join_by_link"), &[("invitation", token)]).await.page(410);
    junho.looks_at(club).await.page(404);
}

#[tokio::test]
async fn a_user_whom_the_room_removed_reads_that_only_a_moderator_can_invite_them() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon, left] =
        test_server.welcome_all(["민지", "준호", "서연", "나간 이"]).await;
    let club = private_room(&minji).await;
    let way = makes_a_link(&test_server, &minji, club).await;
    let token = way.rsplit('/').next().unwrap();
    let form = format!("{way}?/join_by_link");
    for user in [&junho, &seoyeon, &left] {
        assert_eq!(user.posts(&form, &[("invitation", token)]).await.leads_to(), path(club));
    }
    for (user, function) in [(&junho, "remove_member"), (&seoyeon, "ban_member")] {
        let id = user.opens(club).await.timeline().me().to_string();
        let fields = [("room", &*club.to_string()), ("user", &*id)];
        minji.posts(&format!("{}/settings?/{function}", path(club)), &fields).await.leads_to();
    }
    left.posts(&format!("{}?/leave_room", path(club)), &[("room", &*club.to_string())]).await;
    left.gets(&way).await.page(200).shows("민지님이 ‘비밀 독서회’에 초대했어요");

    let says_so = |page: &Answer| {
        page.shows("쓸 수 없는 초대예요");
        page.shows("방장이나 부방장이 이름으로 직접 초대해야");
        page.hides("새 링크");
        page.hides("비밀 독서회");
        page.hides("name=\"invitation\"");
    };
    for user in [&junho, &seoyeon] {
        says_so(&user.gets(&way).await.page(410));
        says_so(&user.posts(&form, &[("invitation", token)]).await.page(410));
        let pasted = user.pastes(&test_server.address().url(&way)).await;
        says_so(&user.gets(pasted.leads_to()).await.page(410));
        user.gets("/join/00000000000000000000000000000000").await.page(410).shows("새 링크");

        user.posts("/?/set_language", &[("language", "en")]).await.leads_to();
        let page = user.gets(&way).await.page(410);
        page.shows("Its owner or a moderator has to invite you by name");
        page.hides("for a new one");
    }

    let room = club.to_string();
    let id = junho.connects().await.greets(None, Vec::new()).await.to_string();
    let fields = [("room", &*room), ("users[]", &*id)];
    minji.posts(&format!("{}/invite?/invite_users", path(club)), &fields).await.leads_to();
    junho.gets(&way).await.page(200).shows("invites you to");
    assert_eq!(junho.posts(&form, &[("invitation", token)]).await.leads_to(), path(club));
}

#[tokio::test]
async fn who_is_asked_sees_it_on_their_home_page_at_once() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let own = junho.makes_room("나의 방").await;
    let mut tab = junho.opens(own).await;
    let club = private_room(&minji).await;
    let invites = async |users: &[(&str, &str)]| {
        let room = club.to_string();
        let fields = [&[("room", &*room)], users].concat();
        minji.posts(&format!("{}/invite?/invite_users", path(club)), &fields).await
    };
    invites(&[]).await.page(422).shows("초대할 사람을 골라 주세요.");
    let junhos = tab.timeline().me().to_string();
    invites(&[("users[]", &junhos)]).await.leads_to();
    within(Duration::from_secs(1), async {
        while tab.socket.hears().await != (ServerFrame::Reset { room: club }) {}
    })
    .await;
    let listed = junho.rooms().await.into_iter().find(|room| room.id == club).unwrap();
    assert_eq!(listed.invited_by.unwrap().as_str(), "민지");
    junho.gets("/").await.page(200).shows("민지님이 초대했어요");
    let preview = junho.looks_at(club).await.page(200);
    preview.shows("민지님이 초대했어요");
    let room = [("room", &*club.to_string())];
    let declined = junho.posts(&format!("{}?/decline_invitation", path(club)), &room).await;
    assert_eq!(declined.leads_to(), "/");
    junho.gets("/").await.page(200).hides("비밀 독서회");
}
