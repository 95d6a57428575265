//! What every page sends along, and what is rendered into it.

use crate::helpers::{Answer, TestServer, User, attribute, path};
use domain::{history::HistoryPage, ids::RoomId};

fn policy_is_strict(page: &Answer) {
    let policy = page.header("content-security-policy");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    for rule in
        ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(rule), "{rule} in {policy}");
    }
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split_once('\'').unwrap().0;
    assert!(nonce.len() >= 16);
    let scripts = page.tags("script");
    assert!(!scripts.is_empty());
    for script in scripts {
        assert_eq!(attribute(script, "nonce").as_deref(), Some(nonce), "{script}");
    }
    assert!(page.tags("style").is_empty() && !page.body.contains(" style=\""), "inline styles");
}

#[tokio::test]
async fn every_page_is_private_and_keeps_strangers_scripts_out() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let client_info = test_server.visited_by("나그네");
    let pages = [
        minji.gets("/").await.page(200),
        minji.looks_at(study).await.page(200),
        minji.gets("/nothing").await.page(404),
        minji.gets("/account").await.page(200),
        minji.posts("/?/create_room", &[("title", "")]).await.page(422),
        client_info.gets("/sign-in").await.page(200),
        client_info.gets("/sign-up").await.page(200),
        client_info.signs_in_with("아니에요").await.page(401),
    ];
    let mut policies = Vec::new();
    for page in &pages {
        policy_is_strict(page);
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("cache-control"), "private, no-store");
        page.shows("<html lang=\"ko\"");
        policies.push(page.header("content-security-policy"));
    }
    policies.sort_unstable();
    policies.dedup();
    assert_eq!(policies.len(), pages.len(), "a nonce is used once");
}

#[tokio::test]
async fn what_is_no_page_loads_nothing() {
    let test_server = TestServer::new().await;
    let client_info = test_server.visited_by("나그네");
    for answer in [
        client_info.gets("/healthz").await,
        client_info.gets("/").await,
        client_info.calls("x", &[]).await,
    ] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
}

#[tokio::test]
async fn what_people_write_is_shown_and_never_obeyed() {
    let test_server = TestServer::new().await;
    let minji = test_server.visited_by("<b>민지</b>");
    minji.signs_up().await.leads_to();
    let title = "</title><img src=x onerror=alert(1)>";
    let study = minji.makes_room(title).await;
    let said = [
        "<script>alert(1)</script>",
        "a & b &amp; c",
        "</script><script>alert(2)</script>",
        "<!-- --> ]]> {{x}}",
        "\u{202E}거꾸로\u{202C} \"따옴표\" 'n'",
        "https://example.com/?a=1&b=<2>",
    ];
    for text in said {
        minji.says(study, text).await;
    }
    for page in [minji.looks_at(study).await.page(200), minji.gets("/").await.page(200)] {
        for raw in ["<script>alert", "<img src=x", "<b>민지", "</script><script>alert"] {
            page.hides(raw);
        }
    }
    assert_eq!(minji.looks_at(study).await.lines(), said);
}

#[tokio::test]
async fn links_lead_out_safely() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "https://example.com/a 와 javascript:alert(1)").await;
    let page = minji.looks_at(study).await.page(200);
    let links = page.tags("a").into_iter();
    let out: Vec<_> = links.filter(|tag| tag.contains("example.com")).collect();
    assert_eq!(out.len(), 1);
    assert!(attribute(out[0], "rel").unwrap().contains("noopener"));
    page.hides("href=\"javascript:");
}

/// All messages of a room, by following the link to older ones as a reader without scripts does.
async fn walks_back(user: &User, room: RoomId) -> Vec<String> {
    let mut page = user.looks_at(room).await.page(200);
    let mut lines = page.lines();
    while let Some(older) = page.older() {
        page = user.gets(&older).await.page(200);
        lines.splice(0..0, page.lines());
    }
    lines
}

#[tokio::test]
async fn history_is_walked_through_without_scripts() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    let mut said = Vec::new();
    for n in 0..120 {
        if n == 70 {
            junho.enters(study).await;
        }
        let by = if n % 3 == 0 && n > 70 { &junho } else { &minji };
        let text = format!("{n}번째 말");
        by.says(study, &text).await;
        said.push(text);
    }
    assert_eq!(walks_back(&minji, study).await, said);
    assert_eq!(walks_back(&junho, study).await, said);
}

#[tokio::test]
async fn an_odd_place_in_history_breaks_nothing() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "여기예요").await;
    let room = path(study);
    for newest in ["abc", "", "9999", "9223372036854775807", "9223372036854775808", "1e3", "%F0"] {
        let page = minji.gets(&format!("{room}?before={newest}")).await.page(200);
        assert_eq!(page.lines(), ["여기예요"], "{newest}");
    }
    for before_everything in ["0", "-1", "1", "-9223372036854775808"] {
        let page = minji.gets(&format!("{room}?before={before_everything}")).await.page(200);
        assert!(page.lines().is_empty());
    }
    for newest in ["after=9999", "at=9999", "at=0", "after=-1", "at=-9223372036854775808", "at=x"] {
        let page = minji.gets(&format!("{room}?{newest}")).await.page(200);
        assert_eq!(page.lines(), ["여기예요"], "{newest}");
    }
    for odd in [
        "?before",
        "?before[]=1",
        "?before=1&before=2",
        "?at=1&at=2",
        "?after",
        "?%00",
        "?a=%zz",
        "??&&==",
    ] {
        minji.gets(&format!("{room}{odd}")).await.page(200);
    }
}

/// As scripts read it, and as links lead to it.
#[tokio::test]
async fn a_history_is_read_before_after_and_around_a_place() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    for n in 1..=130 {
        minji.says(study, &format!("{n}번째")).await;
    }
    let middle = minji.reads(study).await.messages[0].seq.0 - 30;
    for (parameter, first, last) in [("before", 1, 50), ("after", 52, 101), ("at", 26, 75)] {
        let page = minji.gets(&format!("{}?{parameter}={middle}", path(study))).await.page(200);
        let lines = page.lines();
        let expected = (first..=last).map(|n| format!("{n}번째")).collect::<Vec<_>>();
        assert_eq!(lines, expected, "{parameter}");
        let (room, place) = (study.to_string(), middle.to_string());
        let fields = [("room", &*room), (parameter, &*place)];
        let read: HistoryPage = minji.calls("read_page", &fields).await.with(200).json();
        let texts: Vec<_> = read.messages.iter().map(|it| it.text.as_str().to_owned()).collect();
        assert_eq!(texts, expected, "{parameter}");
    }
}

/// Reading again finds what the server has kept of the first time, of both readers.
#[tokio::test]
async fn two_readers_of_a_room_share_nothing_that_is_private() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "안녕, 준호야").await;
    junho.says(study, "안녕, 민지야").await;
    let diary = minji.makes_room("일기장").await;
    minji.says(diary, "혼자만 아는 말").await;
    junho.posts("/?/set_language", &[("language", "en")]).await.leads_to();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (hers, his) =
            (minji.looks_at(study).await.page(200), junho.looks_at(study).await.page(200));
        for (page, mine) in [(&hers, "안녕, 준호야"), (&his, "안녕, 민지야")] {
            let own = page.body.split("<li").find(|row| row.contains("message-own")).unwrap();
            assert!(own.contains(mine), "{own}");
            assert_eq!(page.body.matches("message-own").count(), 1);
        }
        hers.shows("일기장");
        hers.shows("혼자만 아는 말");
        his.hides("일기장");
        his.hides("혼자만 아는 말");
        assert!(hers.body.contains("<html lang=\"ko\"") && his.body.contains("<html lang=\"en\""));
        for page in [hers, his] {
            seen.push(page.header("content-security-policy").to_owned());
            seen.push(page.field("client_id").unwrap());
        }
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all, "each page has a nonce and a client id of its own");
}

#[tokio::test]
async fn a_page_follows_what_has_changed_since_it_was_read() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "하나").await;
    assert_eq!(junho.looks_at(study).await.lines(), ["하나"]);
    minji.says(study, "둘").await;
    assert_eq!(junho.looks_at(study).await.lines(), ["하나", "둘"]);
    junho.looks_at(study).await.shows("message-first");
    test_server.welcomes("서연").await.enters(study).await;
    junho.looks_at(study).await.shows("서연");
}
