//! Administering the instance, over pages, forms and sockets: for all other users it is not found.

use crate::helpers::{PASSWORD, TestServer, User, within};
use std::time::Duration;

/// The user's id, from the directory.
async fn id_of(user: &User) -> String {
    let room = user.makes_room("나를 알아보는 방").await;
    user.reads(room).await.members[0].user.to_string()
}

async fn does(by: &User, action: &str, to: &str) -> crate::helpers::Answer {
    let fields = [("user", to), ("action", action)];
    by.posts(&format!("/admin/people/{to}?/run_admin_action"), &fields).await
}

#[tokio::test]
async fn every_page_and_function_is_there_for_administrators_alone() {
    let test_server = TestServer::new().await;
    let [minji, junho, seoyeon, doyun] =
        test_server.welcome_all(["민지", "준호", "서연", "도윤"]).await;
    let nobody = test_server.visited_by("아무개");
    // The target of all actions is 도윤; each action is made possible by the one before.
    let (his, hers) = (id_of(&doyun).await, id_of(&seoyeon).await);
    does(&minji, "suspend", &hers).await.leads_to();
    let users =
        [(&nobody, "nobody"), (&seoyeon, "suspend"), (&junho, "member"), (&minji, "administrator")];
    let user = format!("/admin/people/{his}");
    for path in ["/admin", "/admin/people", &user, "/admin/rooms", "/admin/sign-up", "/admin/log"] {
        for ((who, name), status) in users.iter().zip([303, 303, 404, 200]) {
            let answer = who.gets(path).await;
            assert_eq!(answer.status, status, "{path} for {name}");
        }
    }
    minji.gets("/admin/nothing").await.page(404);
    junho.gets("/account").await.page(200).hides("/admin");
    minji.gets("/account").await.page(200).shows("href=\"/admin/people\"");

    let audit_log = [
        "promote",
        "demote",
        "sign_out",
        "issue_password_reset",
        "remove_two_factor",
        "suspend",
        "unsuspend",
    ];
    for action in audit_log {
        for ((who, name), status) in users.iter().zip([401, 401, 404, 200]) {
            let answer = who.calls("run_admin_action", &[("user", &his), ("action", action)]).await;
            assert_eq!(answer.status, status, "{action} by {name}: {}", answer.body);
        }
    }
    for ((who, name), status) in users.iter().zip([401, 401, 404, 200]) {
        let answer = who.calls("set_registration", &[("mode", "open")]).await;
        assert_eq!(answer.status, status, "by {name}");
    }
    for (action, status) in [("set_registration_open", 422), ("elsewhere", 422)] {
        minji.calls("run_admin_action", &[("user", &his), ("action", action)]).await.with(status);
    }
    minji.calls("run_admin_action", &[("user", "누구"), ("action", "suspend")]).await.with(404);
}

#[tokio::test]
async fn a_suspended_person_is_out_within_a_second() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    let mut tab = junho.opens(study).await;
    let his = tab.timeline().me().to_string();
    does(&minji, "suspend", &his).await.leads_to();
    within(Duration::from_secs(1), tab.socket.is_dismissed(4001)).await;
    junho.connects().await.is_dismissed(4001).await;
    assert!(junho.gets("/").await.leads_to().contains("sign-in"));
    junho.signs_in_with(PASSWORD).await.page(403).shows("정지된 계정이에요");
    minji.gets("/admin/log").await.page(200).shows("민지님이 준호님을 정지했습니다");
    let myself = id_of(&minji).await;
    does(&minji, "suspend", &myself).await.page(403);
    does(&minji, "demote", &myself).await.page(422).shows("마지막 관리자예요");
}

#[tokio::test]
async fn a_password_is_chosen_anew_by_a_link() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let his = id_of(&junho).await;
    let made = does(&minji, "issue_password_reset", &his).await;
    let shown = minji.gets(made.leads_to()).await.page(200);
    let token = made.leads_to().rsplit('/').next().unwrap().to_owned();
    shown.shows(&test_server.address().url(&format!("/reset/{token}")));
    let way = format!("/reset/{token}");
    let stranger = test_server.visited_by("준호");
    stranger.gets(&way).await.page(200).shows("새 비밀번호");
    let chooses = async |password: &str| {
        let fields = [("token", &*token), ("password", password)];
        stranger.posts(&format!("{way}?/reset_password"), &fields).await
    };
    chooses("짧다").await.page(422).shows("8자 이상이어야 해요.");
    assert_eq!(chooses("솔숲에 부는 바람").await.leads_to(), "/sign-in");
    assert!(junho.gets("/").await.leads_to().contains("sign-in"), "signed out everywhere");
    junho.signs_in_with(PASSWORD).await.page(401);
    assert_eq!(junho.signs_in_with("솔숲에 부는 바람").await.leads_to(), "/");
    stranger.gets(&way).await.page(410).shows("쓸 수 없는 링크예요");
    chooses("다른 비밀번호요").await.page(410);
    stranger.gets("/reset/none").await.page(410);
}

/// On the signed-in device, at the next page; and only once, on any page.
#[tokio::test]
async fn what_an_administrator_did_to_an_account_is_told_before_anything_else() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let his = id_of(&junho).await;
    let study = junho.makes_room("공부방").await;
    let room = crate::helpers::path(study);
    does(&minji, "issue_password_reset", &his).await.leads_to();
    for path in ["/", &room, "/people?q=ㅁ", "/sign-in"] {
        let held_up = junho.gets(path).await;
        assert!(held_up.leads_to().starts_with("/account/notices?next=%2F"), "{path}");
    }
    junho.says(study, "말은 그대로 할 수 있어요").await;
    junho.gets("/account/export").await.with(200);
    minji.gets("/").await.page(200);

    let way = junho.gets(&room).await.leads_to().to_owned();
    let page = junho.gets(&way).await.page(200);
    page.shows("민지님이 내 비밀번호 재설정 링크를 만들었어요.");
    assert_eq!(page.field("next").as_deref(), Some(&*room));
    let form = "/account/notices?/mark_notices_read";
    let through = page.field("through").unwrap();
    for none in ["", "어제까지"] {
        junho.posts(form, &[("through", none)]).await.page(422).shows("알아듣지 못했어요");
    }
    let read = junho.posts(form, &[("through", &through), ("next", &room)]).await;
    assert_eq!(read.leads_to(), room);
    junho.gets("/").await.page(200);
    let page = junho.gets("/account/notices").await.page(200);
    page.shows("민지님이 내 비밀번호 재설정 링크를 만들었어요.");
    page.hides("mark_notices_read");
    for away in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        assert_eq!(
            junho.posts(form, &[("through", &through), ("next", away)]).await.leads_to(),
            "/",
            "{away}"
        );
    }
    does(&minji, "issue_password_reset", &his).await.leads_to();
    junho.posts("/account/notices?/set_language", &[("language", "en")]).await.leads_to();
    let page = junho.gets("/account/notices").await.page(200);
    page.shows("민지 made a link to choose your password anew.");
}

#[tokio::test]
async fn an_instance_that_takes_nobody_in_says_so() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let stranger = test_server.visited_by("새봄");
    for (mode, said) in [("closed", "지금은 새로 가입할 수 없어요."), ("invitation", "초대 링크를")]
    {
        let form = "/admin/sign-up?/set_registration";
        assert_eq!(minji.posts(form, &[("mode", mode)]).await.leads_to(), "/admin/sign-up");
        stranger.gets("/sign-up").await.page(200).shows(said);
        stranger.gets("/sign-in").await.page(200).hides("/sign-up");
        stranger.signs_up().await.page(403).shows(said);
    }
    minji.posts("/admin/sign-up?/set_registration", &[("mode", "open")]).await.leads_to();
    stranger.gets("/sign-in").await.page(200).shows("/sign-up");
    assert_eq!(stranger.signs_up().await.leads_to(), "/");
}
