//! Avatars, in a browser without scripts; and the child processes that decode them.

use crate::{
    helpers::{Answer, TestServer, User, attribute, soon},
    users::{id_of, profiles},
};
use reqwest::{Method, header::CONTENT_TYPE};
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// A red dot: the smallest PNG there is.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

fn avatars(page: &Answer) -> Vec<String> {
    page.tags("img").into_iter().filter_map(|tag| attribute(tag, "src")).collect()
}

/// Posts a file, as the form of a profile's avatar does.
pub async fn uploads(user: &User, profile: &str, name: &str, file: &[u8], crop: &str) -> Answer {
    let begin = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"crop\"\r\n\r\n{crop}\r\n--edge\r\n\
         Content-Disposition: form-data; name=\"picture\"; filename=\"{name}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let body = [begin.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
    let form = user.asks(Method::POST, &format!("{profile}/picture?/set_avatar"));
    user.sends(form.header(CONTENT_TYPE, "multipart/form-data; boundary=edge").body(body)).await
}

#[tokio::test]
async fn a_picture_is_shown_everywhere_and_only_to_those_who_are_signed_in() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let study = minji.makes_room("공부방").await;
    junho.enters(study).await;
    minji.says(study, "사진 바꿨어요").await;
    let profile = &profiles(&minji).await[0];
    assert_eq!(uploads(&minji, profile, "../../../etc/나.png", PNG, "").await.leads_to(), profile);

    let room = junho.looks_at(study).await.page(200);
    let [shown, ..] = &*avatars(&room) else { panic!("{}", room.body) };
    assert!(shown.starts_with("/pictures/") && shown.ends_with("/64"), "{shown}");
    assert!(avatars(&junho.gets("/people").await.page(200)).contains(shown));
    let served = junho.gets(shown).await.with(200);
    assert_eq!(served.header("content-type"), "image/jpeg");
    assert_eq!(served.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    junho.gets(&shown.replace("/64", "/256")).await.with(200);

    test_server.visited_by("나그네").gets(shown).await.with(404);
    for odd in ["/128", "/64/", "/..%2f..%2finstance.db", "/"] {
        junho.gets(&shown.replace("/64", odd)).await.with(404);
    }
    junho.gets("/pictures/..%2f..%2finstance.db/64").await.with(404);

    let fields = [("profile", id_of(profile))];
    let cleared = minji.posts(&format!("{profile}/picture?/clear_avatar"), &fields).await;
    assert_eq!(cleared.leads_to(), profile);
    junho.gets(shown).await.with(404);
    assert!(avatars(&junho.looks_at(study).await.page(200)).is_empty());
}

#[tokio::test]
async fn what_is_no_picture_is_refused_beside_the_field() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let profile = &profiles(&minji).await[0];
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let page = uploads(&minji, profile, "me.png", svg, "").await.page(422);
    page.shows("읽을 수 없는 파일이에요.");
    page.hides("alert(1)");
    uploads(&minji, profile, "me.png", b"", "").await.page(422).shows("사진을 골라 주세요.");
    let large = vec![0; 8 * 1024 * 1024 + 1];
    uploads(&minji, profile, "me.png", &large, "").await.page(422).shows("8MB까지");
    let larger = vec![0; 17 * 1024 * 1024];
    uploads(&minji, profile, "me.png", &larger, "").await.with(413);
    uploads(&minji, profile, "me.png", PNG, "1,2,x").await.page(422);
    let form = minji.asks(Method::POST, &format!("{profile}/picture?/set_avatar"));
    minji.sends(form.header(CONTENT_TYPE, "text/plain").body("나")).await.page(422);
    assert!(avatars(&minji.gets(profile).await.page(200)).is_empty());
}

/// A program in place of the one that decodes: a shell script.
fn script(folder: &Path, lines: &str) -> PathBuf {
    let file = folder.join("decoder");
    fs::write(&file, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    file
}

#[tokio::test]
async fn a_decoder_that_crashes_or_answers_nonsense_has_not_read_the_file() {
    for lines in [
        "exit 1",
        "kill -SEGV $$",
        "echo nonsense",
        "echo '{\"Ok\":[1,2]}'; printf ab",
        "echo '{\"Ok\":[18446744073709551615,1]}'",
        "echo '{\"Ok\":[]}'",
        "echo '{\"Ok\":[1,1,1]}'; printf abc",
        "printf '{\"Ok\":[1,1]}'",
        "echo '{\"Ok\":[1,1]}'; printf abc",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), lines);
        let test_server = TestServer::that(|config| config.program = program).await;
        let minji = test_server.welcomes("민지").await;
        let profile = &profiles(&minji).await[0];
        let page = uploads(&minji, profile, "me.png", PNG, "").await.page(422);
        page.shows("읽을 수 없는 파일이에요.");
    }
}

#[tokio::test]
async fn a_decoder_that_cannot_be_started_is_a_fault_of_ours() {
    let program = PathBuf::from("/nowhere/decoder");
    let test_server = TestServer::that(|config| config.program = program).await;
    let minji = test_server.welcomes("민지").await;
    let profile = &profiles(&minji).await[0];
    uploads(&minji, profile, "me.png", PNG, "").await.page(500);
}

async fn until(holds: impl Fn() -> bool) {
    soon(async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_client_that_hangs_up_ends_the_decoding() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    let program = script(
        folder.path(),
        &format!("echo $$ > '{0}.new'; mv '{0}.new' '{0}'; exec sleep 1000", started.display()),
    );
    let test_server = TestServer::that(|config| config.program = program).await;
    let minji = test_server.welcomes("민지").await;
    let profile = profiles(&minji).await.remove(0);
    let upload = tokio::spawn(async move { uploads(&minji, &profile, "me.png", PNG, "").await });
    until(|| started.exists()).await;
    let process = Path::new("/proc").join(fs::read_to_string(&started).unwrap().trim());
    assert!(process.exists());
    upload.abort();
    until(|| !process.exists()).await;
}
