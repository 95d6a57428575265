//! The pages' titles, as the server writes them.

use crate::helpers::{Answer, TestServer, User, path};

/// Titles, and other elements that hold only text, contain no hydration markers.
#[track_caller]
fn is_called(page: &Answer, title: &str) {
    assert_eq!(page.title(), title);
    for element in ["title", "textarea", "script", "style"] {
        for inside in page.body.split(&format!("<{element}")).skip(1) {
            let (inside, _) = inside.split_once(&format!("</{element}>")).unwrap();
            assert!(!inside.contains("<!"), "<{element}{inside}");
        }
    }
}

async fn pages_are_called(user: &User, pages: &[(&str, &str)]) {
    for (address, title) in pages {
        is_called(&user.gets(address).await, title);
    }
}

#[tokio::test]
async fn every_page_is_called_by_its_title_and_nothing_else() {
    let test_server = TestServer::new().await;
    let stranger = test_server.visited_by("나그네");
    let gone = "0".repeat(32);
    let (reset, join, setup) =
        (format!("/reset/{gone}"), format!("/join/{gone}"), format!("/setup/{gone}"));
    let gates = [
        ("/sign-in", "로그인 · 사랑방"),
        ("/sign-up", "가입하기 · 사랑방"),
        ("/sign-in/code", "코드 입력 · 사랑방"),
        (&*reset, "새 비밀번호 정하기 · 사랑방"),
        (&*setup, "첫 계정 만들기 · 사랑방"),
        (test_server.setup_path(), "첫 계정 만들기 · 사랑방"),
    ];
    pages_are_called(&stranger, &gates).await;
    let minji = test_server.welcomes("민지").await;
    let study = path(minji.makes_room("<공부> & \"방\"").await);
    let below = |step: &str| format!("{study}{step}");
    let (settings, invite, avatar) =
        (below("/settings"), below("/invite"), below("/settings/picture"));
    let inside = [
        ("/", "사랑방"),
        (&*study, "<공부> & \"방\""),
        (&*settings, "<공부> & \"방\" 설정 · 사랑방"),
        (&*invite, "<공부> & \"방\"에 초대하기 · 사랑방"),
        (&*avatar, "방 사진 · 사랑방"),
        ("/account", "계정과 기기 · 사랑방"),
        ("/account/email", "이메일 바꾸기 · 사랑방"),
        ("/account/password", "비밀번호 바꾸기 · 사랑방"),
        ("/account/two-step", "2단계 로그인 · 사랑방"),
        ("/account/delete", "계정 삭제 · 사랑방"),
        ("/people", "사람들 · 사랑방"),
        ("/profiles", "내 프로필 · 사랑방"),
        ("/rooms", "열린 방 · 사랑방"),
        ("/admin", "집 관리 · 사랑방"),
        ("/admin/rooms", "집 관리 · 사랑방"),
        ("/admin/sign-up", "집 관리 · 사랑방"),
        ("/admin/log", "집 관리 · 사랑방"),
        ("/nothing", "여기엔 아무것도 없어요"),
    ];
    pages_are_called(&minji, &inside).await;
    is_called(&minji.elsewhere().gets(&join).await, "쓸 수 없는 초대예요 · 사랑방");
}
